#include "village_deeds.h"

#include <stdio.h>
#include <string.h>

#include "acts/ballot.h"
#include "acts/comment.h"
#include "acts/ledger.h"
#include "acts/money.h"
#include "acts/option.h"
#include "acts/roll.h"
#include "acts/round.h"
#include "acts/sequence.h"
#include "acts/session.h"
#include "acts/sign_in.h"

enum status
deed_sign_in_ask(struct sim_deed *deed, struct act *act)
{
	struct sign_in_ask ask = { .email = deed->text, .name = deed->other };

	return act_sign_in_ask(act, &ask, &deed->sign_in, &deed->why);
}

/* A wrong code is OK and kept; found tells whether somebody came in. */
enum status
deed_sign_in_code(struct sim_deed *deed, struct act *act)
{
	struct sign_in_end end;
	enum status st = act_sign_in_by_code(act, deed->sign_in, deed->text, STR(""), &end);

	deed->found = st == OK && end.refusal.status == OK;
	if (deed->found)
		deed->token = end.token;
	return st;
}

enum status
deed_sign_out(struct sim_deed *deed, struct act *act)
{
	return act_session_end(act, deed->text);
}

enum status
deed_idea_add(struct sim_deed *deed, struct act *act)
{
	struct idea_new idea = { .key = deed->key, .similar_seen = deed->yes,
		                 .draft = { .title = deed->text, .body = deed->other,
		                            .has_cost = deed->amount > 0,
		                            .rough_cost = { deed->amount } } };

	return act_idea_add(act, &idea, &deed->idea, &deed->why);
}

enum status
deed_idea_edit(struct sim_deed *deed, struct act *act)
{
	struct idea_draft draft = { .title = deed->text, .body = deed->other };

	return act_idea_edit(act, deed->idea, &draft, deed->number, &deed->why);
}

enum status
deed_idea_judge(struct sim_deed *deed, struct act *act)
{
	return act_idea_judge(act, deed->idea, &deed->judgement, &deed->why);
}

enum status
deed_comment(struct sim_deed *deed, struct act *act)
{
	struct comment_added added;

	return act_comment_add(act, deed->idea, deed->key, deed->text, &added, &deed->why);
}

static struct round_draft
draft_of(const struct sim_deed *deed)
{
	bool shares = deed->choice % 2 == 0, points = deed->choice % 3 == 0;

	return (struct round_draft){
		.title = deed->text, .intro = STR("Choose **well**."), .budget = { deed->amount },
		.most = deed->number, .kind = points ? BALLOT_CUMULATIVE : BALLOT_APPROVAL,
		.points = points ? OPTIONS_MAX : 0,
		.rule = { shares ? STR("equal-shares") : STR("greedy"),
		          points ? STR("cost-points") : STR("cost"),
		          shares ? STR("add1u") : STR("none"), { shares ? 100 : 0 },
		          STR("cost-votes-lot"), 0 },
		.opens_at = deed->begin, .closes_at = deed->end, .residents = deed->yes };
}

enum status
deed_round_add(struct sim_deed *deed, struct act *act)
{
	struct round_draft draft = draft_of(deed);

	return act_round_add(act, &draft, &deed->round, &deed->why);
}

enum status
deed_round_edit(struct sim_deed *deed, struct act *act)
{
	struct round_draft draft = draft_of(deed);

	return act_round_edit(act, deed->round, &draft, &deed->why);
}

enum status
deed_round_choose(struct sim_deed *deed, struct act *act)
{
	struct round_pick picks[OPTIONS_MAX];

	for (int i = 0; i < deed->picks_len; i++)
		picks[i] = (struct round_pick){ deed->picks[i], { deed->costs[i] } };
	return act_round_choose(act, deed->round, picks, (size_t)deed->picks_len, &deed->why);
}

enum status
deed_round_open(struct sim_deed *deed, struct act *act)
{
	return act_round_open(act, deed->round, &deed->why);
}

enum status
deed_round_void(struct sim_deed *deed, struct act *act)
{
	return act_round_void(act, deed->round, deed->text, &deed->why);
}

/* The new draft is in entry's stead: deed->number is its id. */
enum status
deed_round_reopen(struct sim_deed *deed, struct act *act)
{
	struct round_id made;
	enum status st = act_round_reopen(act, deed->round, &made, &deed->why);

	if (st == OK)
		deed->number = made.value;
	return st;
}

enum status
deed_withdraw(struct sim_deed *deed, struct act *act)
{
	return act_option_withdraw(act, deed->round, deed->option, deed->text, &deed->why);
}

/* Where people share out points, each idea that they chose gets one. */
enum status
deed_ballot(struct sim_deed *deed, struct act *act)
{
	static const char *const numbers[OPTIONS_MAX] = { "1", "2", "3", "4", "5", "6", "7", "8" };
	static const char *const points[OPTIONS_MAX] = { "1:1", "2:1", "3:1", "4:1", "5:1", "6:1", "7:1",
		                                         "8:1" };
	struct ballot_declaration declaration = { .area = deed->text, .of_age = true };
	struct ballot_nonce nonce;
	struct str values[OPTIONS_MAX];
	struct round round = { .kind = BALLOT_APPROVAL };
	size_t len = 0;
	enum status st = round_load(act, deed->round, &round);

	if (st != OK && st != NOT_FOUND)
		return st;
	for (int i = 0; i < OPTIONS_MAX; i++)
		if (deed->choice >> i & 1)
			values[len++] = str_of(round.kind == BALLOT_CUMULATIVE ? points[i] : numbers[i]);
	st = act_ballot_cast(act, deed->round, values, len, &declaration, &nonce, &deed->found,
	                     &deed->why);
	if (st == OK)
		deed->receipt = ballot_receipt(&nonce);
	return st;
}

enum status
deed_challenge(struct sim_deed *deed, struct act *act)
{
	return act_challenge_make(act, deed->round, deed->person, deed->text, &deed->why);
}

enum status
deed_settle(struct sim_deed *deed, struct act *act)
{
	return act_challenge_settle(act, deed->round, deed->challenge, deed->yes, deed->text,
	                            &deed->why);
}

enum status
deed_pay(struct sim_deed *deed, struct act *act)
{
	struct payment payment = { .project = deed->project, .amount = { deed->amount },
		                   .memo = STR("Timber"), .payee = STR("Yard"),
		                   .reference = STR("BACS 1"), .client_key = deed->text };
	enum status st = act_today(act, &payment.day);

	return st == OK ? act_payment_record(act, &payment, &deed->entry, &deed->why) : st;
}

enum status
deed_take_back(struct sim_deed *deed, struct act *act)
{
	struct entry_id made;

	return act_payment_take_back(act, deed->entry, deed->text, &made, &deed->why);
}

enum status
deed_sequence(struct sim_deed *deed, struct act *act)
{
	bool left;

	return act_record_sequence(act, deed->amount, &left);
}
