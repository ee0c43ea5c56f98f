#include "acts/count.h"

#include <jansson.h>
#include <string.h>

#include "acts/ledger.h"
#include "base/digest.h"
#include "base/locale.h"
#include "commons/ballot.h"
#include "commons/round.h"
#include "core/decide/why_lost.h"
#include "store/count.sql.h"
#include "store/secrets.h"

enum { DETAIL_MAX = 16 << 20, WHY_LOST_WORK = 20000000 };
#define WHY_LOST_MEMORY ((size_t)1 << 30)

/* ---- loading ---- */

struct ballots_into {
	struct election_making *making;
	struct arena scratch;
	enum ballot_kind kind;
	enum decide_utility utility;
	const struct count_options_rows *options;
};

/* What a ballot says, by the election's option numbers. A withdrawn option leaves a ranking, as it
 * leaves the download (acts/result_export.c): nobody can be ranked ahead of it. */
static enum status
choices_of(const struct ballots_into *into, const struct ballot_choice *choice,
           uint32_t *options, uint32_t *points, size_t *ret_len)
{
	*ret_len = 0;
	for (size_t i = 0; i < choice->len; i++) {
		int64_t number = choice->numbers[i];

		if (number < 1 || (size_t)number > into->options->len)
			return INVALID;
		if (into->utility == DECIDE_BORDA && into->options->ptr[number - 1].has_withdrawn_at)
			continue;
		if (choice->points != NULL && choice->points[i] > ELECTION_POINTS_MAX)
			return INVALID;
		points[*ret_len] = choice->points == NULL ? 0 : (uint32_t)choice->points[i];
		options[(*ret_len)++] = (uint32_t)(number - 1);
	}
	if (into->utility == DECIDE_BORDA)
		for (size_t i = 0; i < *ret_len; i++)
			points[i] = (uint32_t)(*ret_len - i - 1);
	return OK;
}

static enum status
add_ballot(void *context, const struct count_ballots_row *row)
{
	struct ballots_into *into = context;
	struct ballot_choice choice;
	uint32_t *options, *points;
	size_t len;
	enum status st;

	arena_reset(&into->scratch);
	st = ballot_choice_parse(&into->scratch, into->kind, row->choice, &choice);
	if (st != OK)
		return st;
	options = ARENA_ARRAY(&into->scratch, choice.len, uint32_t);
	points = ARENA_ARRAY(&into->scratch, choice.len, uint32_t);
	if (options == NULL || points == NULL)
		return NO_MEMORY;
	st = choices_of(into, &choice, options, points, &len);
	if (st == OK)
		election_ballot(into->making, options,
		                decide_utility_has_points(into->utility) ? points : NULL, len);
	return st;
}

static enum status
election_load(struct act *act, const struct count_round_row *round, struct counting *ret)
{
	struct election_making making;
	struct count_options_rows options;
	struct decide_error error;
	struct ballots_into into = { .making = &making, .utility = ret->method.utility,
		                     .options = &options };
	enum status st = count_options(act->db, act->arena, act->place.id, round->id, &options);

	if (st == OK && ballot_kind_parse(round->ballot_kind, &into.kind) != OK)
		st = FAILED;
	if (st != OK)
		return st;
	ret->numbers = ARENA_ARRAY(act->arena, options.len, int64_t);
	if (ret->numbers == NULL)
		return NO_MEMORY;
	election_begin(&making, act->arena, currency_decimals(act->place.currency),
	               round->budget.minor);
	for (size_t i = 0; i < options.len; i++) {
		if (options.ptr[i].number != (int64_t)i + 1)
			return FAILED;
		ret->numbers[i] = options.ptr[i].number;
		election_option(&making, options.ptr[i].label, options.ptr[i].cost.minor,
		                options.ptr[i].has_withdrawn_at);
	}
	arena_init(&into.scratch, 1 << 20);
	st = count_ballots(act->db, act->place.id, round->id, add_ballot, &into);
	arena_release(&into.scratch);
	if (st == OK)
		st = election_end(&making, &ret->election, &error);
	if (st == OK)
		ret->election.threshold = round->has_threshold ? round->threshold : 0;
	return st;
}

static enum status
method_load(const struct count_round_row *round, struct method *ret)
{
	enum status st = decide_rule_parse(round->rule, &ret->rule);

	if (st == OK)
		st = decide_utility_parse(round->utility, &ret->utility);
	if (st == OK)
		st = decide_completion_parse(round->completion, &ret->completion);
	if (st == OK)
		st = decide_ties_parse(round->ties, &ret->ties);
	ret->increment = round->increment.minor;
	if (round->lot_seed.len == sizeof ret->seed)
		memcpy(ret->seed, round->lot_seed.ptr, sizeof ret->seed);
	return st;
}

enum status
counting_load(struct act *act, struct round_id round, struct counting *ret)
{
	struct count_round_row row;
	enum status st = count_round(act->db, act->arena, act->place.id, round, &row);

	*ret = (struct counting){ 0 };
	if (st != OK)
		return st;
	st = method_load(&row, &ret->method);
	if (st == OK)
		st = election_load(act, &row, ret);
	return st;
}

enum status
counting_count(const struct election *election, const struct method *method,
               struct arena *arena, struct outcome *ret, struct decide_error *error)
{
	enum status st = decide_count(election, method, arena, ret, error);

	return st == OK ? why_lost_all(election, ret, WHY_LOST_WORK, WHY_LOST_MEMORY, error) : st;
}

struct method
counting_other(const struct method *method)
{
	struct method other = *method;

	if (method->utility != DECIDE_BORDA)
		other.utility = decide_utility_has_points(method->utility) ? DECIDE_COST_POINTS
		                                                           : DECIDE_COST;
	if (method->rule == DECIDE_EQUAL_SHARES) {
		other.rule = DECIDE_GREEDY;
		other.completion = DECIDE_NONE;
		other.increment = 0;
	} else {
		other.rule = DECIDE_EQUAL_SHARES;
		other.completion = DECIDE_ADD1U;
		other.increment = 0; /* one unit of the currency */
	}
	return other;
}

/* ---- saving ---- */

static enum status
options_save(struct act *act, struct round_id round, struct outcome_id id,
             const struct counting *counting, const struct outcome *outcome)
{
	const bool points = decide_utility_has_points(outcome->method.utility);
	enum status st = OK;

	for (size_t i = 0; st == OK && i < outcome->option_count; i++) {
		const struct outcome_option *o = &outcome->options[i];
		struct amount could_pay = { o->could_pay }, room = { o->left };
		int64_t place_won = o->place;

		st = outcome_option_add(act->db, act->place.id, round, id, counting->numbers[i],
		                        place_won == 0 ? NULL : &place_won,
		                        counting->election.options[i].votes,
		                        could_pay.minor < 0 ? NULL : &could_pay,
		                        room.minor < 0 ? NULL : &room,
		                        str_of(outcome_why_name(o->why)),
		                        points ? &counting->election.options[i].points : NULL);
	}
	return st;
}

enum status
counting_save(struct act *act, struct round_id round, const struct counting *counting,
              const struct outcome *outcome, bool official, struct outcome_id *ret)
{
	const struct method *m = &outcome->method;
	struct amount increment = { method_increment(m, &counting->election) };
	bool stepped = decide_completion_has_steps(m->completion);
	struct buf detail;
	enum status st;

	ret->value = chance_id(&act->chance);
	buf_init(&detail, DETAIL_MAX);
	outcome_write(&detail, outcome);
	st = buf_status(&detail);
	if (st == OK)
		st = outcome_add(act->db, act->place.id, round, *ret, official,
		                 str_of(decide_rule_name(m->rule)),
		                 str_of(decide_utility_name(m->utility)),
		                 str_of(decide_completion_name(m->completion)),
		                 stepped ? &increment : NULL, str_of(decide_ties_name(m->ties)),
		                 outcome->voters, outcome->represented,
		                 (struct amount){ outcome->total_cost },
		                 (int64_t)outcome->step_count, buf_str(&detail));
	buf_release(&detail);
	if (st == OK)
		st = options_save(act, round, *ret, counting, outcome);
	return st;
}

/* ---- closing ---- */

static enum status
record_round(struct act *act, const char *what, struct round_id round)
{
	json_t *fields = json_pack("{s:s}", "round", id_text(round.value).text);

	return fields == NULL ? NO_MEMORY : act_record(act, what, fields);
}

enum status
job_close_round(struct job_run *run)
{
	struct act *act = &run->act;
	const struct round_id round = { run->subject };
	struct count_round_row row;
	struct round_facts facts = { 0 };
	struct refusal why;
	enum round_state next;
	int64_t changed;
	enum status st = count_round(act->db, act->arena, act->place.id, round, &row);

	if (st == OK)
		st = round_state_parse(row.state, &facts.state);
	if (st != OK)
		return st == NOT_FOUND ? OK : st;
	if (facts.state != ROUND_OPEN && facts.state != ROUND_SETTLING)
		return OK; /* void, or done before */
	facts.opens_at = row.opens_at;
	facts.closes_at = row.closes_at;
	facts.challenges = row.challenges;
	if (!round_voting_is_over(&facts, act->now)) {
		run->again_at = row.closes_at;
		return OK;
	}
	st = round_may_close(&facts, act->now, &next, &why);
	if (st != OK)
		return st;
	if (next == ROUND_SETTLING) /* asked again when the last challenge is settled */
		return round_settle(act->db, act->place.id, round, &changed);
	st = round_freeze(act->db, act->place.id, round, act->now, &changed);
	if (st == OK && changed == 1)
		st = record_round(act, "round-closed", round);
	if (st == OK && changed == 1)
		st = job_add(act, "count-round", round.value, act->now);
	return st;
}

enum status
act_round_close_again(struct act *act, struct round_id round)
{
	return job_add(act, "close-round", round.value, act->now);
}

/* ---- counting ---- */

struct counted {
	struct counting counting;
	struct outcome official, other;
};

enum status
job_count_round_work(struct job_run *run)
{
	struct act *act = &run->act;
	const struct round_id round = { run->subject };
	struct counted *counted = ARENA_NEW(act->arena, struct counted);
	struct decide_error error;
	struct method other;
	enum status st;

	if (counted == NULL)
		return NO_MEMORY;
	/* The roll is frozen: from here on nobody may tell whose a ballot is. */
	st = secrets_round_destroy(act->secrets, act->place.id, round);
	if (st == OK)
		st = counting_load(act, round, &counted->counting);
	if (st == OK)
		st = counting_count(&counted->counting.election, &counted->counting.method, act->arena,
		                  &counted->official, &error);
	if (st != OK)
		return st;
	other = counting_other(&counted->counting.method);
	st = counting_count(&counted->counting.election, &other, act->arena, &counted->other, &error);
	run->result = counted;
	return st;
}

/* Winners become projects; what they do not need goes back to the pot. */
static enum status
awards_make(struct act *act, const struct count_round_row *row, const struct outcome *outcome)
{
	struct count_options_rows options;
	struct project_id project;
	struct refusal why;
	enum status st = count_options(act->db, act->arena, act->place.id, row->id, &options);

	for (size_t i = 0; st == OK && i < outcome->step_count; i++) {
		const struct count_options_row *won = &options.ptr[outcome->steps[i].option];

		st = act_project_award(act, row->id, row->account_id, won->number, won->idea_id,
		                       won->title, won->cost, &project, &why);
	}
	if (st == OK)
		st = act_round_return(act, row->id, row->account_id, row->title, &why);
	return st;
}

/* The leaf: who won, and a fingerprint of every step of the count. */
static enum status
record_count(struct act *act, const struct count_round_row *row, const struct counted *counted)
{
	const struct outcome *outcome = &counted->official;
	struct buf detail;
	struct digest digest;
	json_t *winners = json_array();
	json_t *fields;
	enum status st;

	buf_init(&detail, DETAIL_MAX);
	outcome_write(&detail, outcome);
	st = buf_status(&detail);
	digest = digest_of(buf_str(&detail));
	buf_release(&detail);
	for (size_t i = 0; i < outcome->step_count; i++)
		(void)json_array_append_new(
			winners, json_integer(counted->counting.numbers[outcome->steps[i].option]));
	fields = json_pack("{s:s, s:I, s:I, s:o, s:s}", "round", id_text(row->id.value).text,
	                   "ballots", (json_int_t)outcome->voters, "total-cost",
	                   (json_int_t)outcome->total_cost, "winners", winners, "outcome",
	                   digest_text(digest).text);
	if (fields == NULL)
		return NO_MEMORY;
	if (st == OK)
		return act_record(act, "round-counted", fields);
	json_decref(fields);
	return st;
}

enum status
job_count_round(struct job_run *run)
{
	struct act *act = &run->act;
	const struct counted *counted = run->result;
	const struct round_id round = { run->subject };
	struct count_round_row row;
	struct outcome_id id;
	int64_t changed;
	enum status st = count_round(act->db, act->arena, act->place.id, round, &row);

	if (st != OK)
		return st;
	st = round_finish(act->db, act->place.id, round, act->now, counted->official.voters,
	                  &changed);
	if (st != OK || changed == 0)
		return st; /* counted before */
	st = counting_save(act, round, &counted->counting, &counted->official, true, &id);
	if (st == OK)
		st = counting_save(act, round, &counted->counting, &counted->other, false, &id);
	if (st == OK && row.has_account_id)
		st = awards_make(act, &row, &counted->official);
	if (st == OK)
		st = record_count(act, &row, counted);
	return st;
}
