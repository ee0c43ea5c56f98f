#include "acts/round.h"

#include <jansson.h>
#include <string.h>

#include "acts/ledger.h"
#include "acts/round_rules.h"
#include "store/option.sql.h"
#include "store/round.sql.h"
#include "store/secrets.h"

/* ---- loading ---- */

static struct round_option
option_of(const struct option_list_row *row)
{
	struct round_option option = { .number = row->number, .id = row->id, .title = row->title,
		                       .summary = row->summary, .cost = row->cost,
		                       .withdrawn = row->has_withdrawn_at };

	if (row->has_idea_id)
		option.idea = row->idea_id;
	if (row->has_withdrawn_reason)
		option.reason = row->withdrawn_reason;
	return option;
}

static enum status
load_options(const struct act *act, struct round_id id, struct round_option_list *ret)
{
	struct option_list_rows rows;
	enum status st = option_list(act->db, act->arena, act->place.id, id, &rows);

	if (st != OK)
		return st;
	*ret = (struct round_option_list){ ARENA_ARRAY(act->arena, rows.len, struct round_option),
		                           rows.len };
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		ret->ptr[i] = option_of(&rows.ptr[i]);
	return OK;
}

static enum status
round_of(const struct act *act, const struct round_by_id_row *row, struct round *ret)
{
	*ret = (struct round){
		.id = row->id, .title = row->title, .intro = row->intro,
		.most = row->has_most ? row->most : 0,
		.points = row->has_points ? row->points : 0,
		.points_each = row->has_points_each ? row->points_each : 0,
		.facts = { .opens_at = row->opens_at, .closes_at = row->closes_at,
		           .budget = row->budget, .options = row->options, .dearest = row->dearest,
		           .challenges = row->challenges },
		.rule = { .rule = row->rule, .utility = row->utility, .completion = row->completion,
		          .ties = row->ties,
		          .threshold = row->has_threshold ? row->threshold : 0 },
		.residents = str_is(row->who_may, "residents"),
		.least_age = row->has_least_age ? row->least_age : 0 };
	if (row->has_increment)
		ret->rule.increment = row->increment;
	if (row->has_counted_at)
		ret->counted_at = row->counted_at;
	if (row->has_void_reason)
		ret->void_reason = row->void_reason;
	if (row->has_replaces_id)
		ret->replaces = row->replaces_id;
	if (row->has_replaced_by)
		ret->replaced_by = row->replaced_by;
	if (row->has_account_id)
		ret->account = row->account_id;
	if (row->has_rules_hash) {
		struct digest hash;

		if (row->rules_hash.len != sizeof hash.bytes)
			return FAILED;
		memcpy(hash.bytes, row->rules_hash.ptr, sizeof hash.bytes);
		if (str_copy(act->arena, str_of(digest_text(hash).text), &ret->rules_hash) != OK)
			return NO_MEMORY;
	}
	return round_state_parse(row->state, &ret->facts.state) == OK &&
	                       ballot_kind_parse(row->ballot_kind, &ret->kind) == OK
	               ? OK : FAILED;
}

enum status
round_load(const struct act *act, struct round_id id, struct round *ret)
{
	struct round_by_id_row row;
	enum status st = round_by_id(act->db, act->arena, act->place.id, id, &row);

	if (st == OK)
		st = round_of(act, &row, ret);
	if (st == OK)
		st = load_options(act, id, &ret->options);
	return st;
}

/* What only opening looks at: an idea may have been on two drafts, or declined since the round
 * was ended that this one replaces. */
static enum status
load_for_opening(const struct act *act, struct round *round)
{
	struct round_pot_row pot;
	struct option_lost_row lost;
	enum status st = round_pot(act->db, act->arena, act->place.id, &pot);

	if (st != OK)
		return st;
	round->facts.pot = pot.balance;
	st = option_lost(act->db, act->arena, act->place.id, round->id, &lost);
	if (st == OK)
		round->facts.lost = lost.title;
	return st == NOT_FOUND ? OK : st;
}

/* ---- questions ---- */

enum status
act_round_list(const struct act *act, struct round_card_list *ret)
{
	struct round_list_rows rows;
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = round_list(act->db, act->arena, act->place.id,
		                act_allows(act, RIGHT_ROUND_MANAGE), &rows);
	if (st != OK)
		return st;
	*ret = (struct round_card_list){ ARENA_ARRAY(act->arena, rows.len, struct round_card),
		                         rows.len };
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++) {
		const struct round_list_row *row = &rows.ptr[i];
		struct round_card *card = &ret->ptr[i];
		enum round_state state;

		if (round_state_parse(row->state, &state) != OK)
			return FAILED;
		*card = (struct round_card){
			.id = row->id, .title = row->title, .budget = row->budget,
			.options = row->options, .opens_at = row->opens_at, .closes_at = row->closes_at,
			.phase = round_phase(state, row->opens_at, row->closes_at, act->now) };
		if (row->has_counted_at)
			card->counted_at = row->counted_at;
		if (row->has_void_reason)
			card->void_reason = row->void_reason;
	}
	return OK;
}

enum status
act_round_show(const struct act *act, struct round_id id, struct round *ret)
{
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = round_load(act, id, ret);
	if (st == OK && ret->facts.state == ROUND_DRAFT) {
		if (!act_allows(act, RIGHT_ROUND_MANAGE))
			return NOT_FOUND;
		st = load_for_opening(act, ret);
	}
	return st;
}

enum status
act_round_rules(const struct act *act, struct round_id id, struct str *ret)
{
	struct round_rules_row row;
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = round_rules(act->db, act->arena, act->place.id, id, &row);
	if (st == OK && !row.has_rules)
		return NOT_FOUND;
	if (st == OK)
		*ret = row.rules;
	return st;
}

enum status
act_round_candidates(const struct act *act, struct round_id id, struct round_candidate_list *ret)
{
	struct option_candidates_rows rows;
	enum status st = act_require(act, RIGHT_ROUND_MANAGE);

	if (st == OK)
		st = option_candidates(act->db, act->arena, act->place.id, id, &rows);
	if (st != OK)
		return st;
	*ret = (struct round_candidate_list){
		ARENA_ARRAY(act->arena, rows.len, struct round_candidate), rows.len };
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++) {
		const struct option_candidates_row *row = &rows.ptr[i];
		struct round_candidate *candidate = &ret->ptr[i];

		*candidate = (struct round_candidate){ .idea = row->id, .title = row->title,
			                               .author = row->author, .taken = row->has_number };
		if (row->has_cost)
			candidate->cost = row->cost;
		else if (row->has_real_cost)
			candidate->cost = row->real_cost;
		else if (row->has_rough_cost)
			candidate->cost = row->rough_cost;
	}
	return OK;
}

/* ---- drafting ---- */

/* Residents say in which area they live, so there must be some to say. */
static enum status
areas_must_be(const struct act *act, bool residents, struct refusal *why)
{
	struct area_list areas;
	enum status st = residents ? act_place_areas(act, &areas) : OK;

	if (st == OK && residents && areas.len == 0)
		return refuse(why, "who_may", MSG("This place has no areas to choose from, so nobody could "
		                                  "say that they live in one. Let whoever has joined vote."));
	return st;
}

/* What can be NULL in the table. */
struct draft_row {
	const int64_t *most, *points, *points_each, *threshold, *least_age;
	const struct amount *increment;
	struct str ballot_kind, who_may;
};

static const int64_t *
unless_0(const int64_t *n)
{
	return *n > 0 ? n : NULL;
}

static struct draft_row
draft_row(const struct round_draft *draft)
{
	return (struct draft_row){
		.most = unless_0(&draft->most), .points = unless_0(&draft->points),
		.points_each = unless_0(&draft->points_each),
		.threshold = unless_0(&draft->rule.threshold),
		.least_age = unless_0(&draft->least_age),
		.increment = draft->rule.increment.minor > 0 ? &draft->rule.increment : NULL,
		.ballot_kind = str_of(ballot_kind_name(draft->kind)),
		.who_may = draft->residents ? STR("residents") : STR("members") };
}

static enum status
insert_draft(struct act *act, const struct round_draft *draft, const struct round_id *replaces,
             struct round_id *ret)
{
	struct draft_row row = draft_row(draft);

	ret->value = chance_id(&act->chance);
	return round_insert(act->db, act->place.id, *ret, draft->title, draft->intro, draft->budget,
	                    row.ballot_kind, row.most, draft->rule.rule, draft->rule.utility,
	                    draft->rule.completion, row.increment, draft->rule.ties, row.who_may,
	                    row.least_age, draft->opens_at, draft->closes_at, replaces,
	                    act->who.id, act->now, row.points, row.points_each, row.threshold);
}

enum status
act_round_add(struct act *act, const struct round_draft *given, struct round_id *ret,
              struct refusal *why)
{
	struct round_draft draft = *given;
	enum status st = act_require(act, RIGHT_ROUND_MANAGE);

	round_draft_tidy(&draft);
	if (st == OK)
		st = round_draft_may_be(&draft, why);
	if (st == OK)
		st = areas_must_be(act, draft.residents, why);
	if (st == OK)
		st = insert_draft(act, &draft, NULL, ret);
	return st;
}

enum status
act_round_edit(struct act *act, struct round_id id, const struct round_draft *given,
               struct refusal *why)
{
	struct round_draft draft = *given;
	struct draft_row row;
	struct round round;
	int64_t changed = 0;
	enum status st = act_require(act, RIGHT_ROUND_MANAGE);

	round_draft_tidy(&draft);
	if (st == OK)
		st = round_load(act, id, &round);
	if (st == OK)
		st = round_may_change(round.facts.state, why);
	if (st == OK)
		st = round_draft_may_be(&draft, why);
	if (st == OK)
		st = areas_must_be(act, draft.residents, why);
	if (st != OK)
		return st;
	row = draft_row(&draft);
	st = round_change(act->db, act->place.id, id, draft.title, draft.intro, draft.budget,
	                  row.ballot_kind, row.most, draft.rule.rule, draft.rule.utility,
	                  draft.rule.completion, row.increment, draft.rule.ties, row.who_may,
	                  row.least_age, draft.opens_at, draft.closes_at, row.points,
	                  row.points_each, row.threshold, &changed);
	return st == OK && changed != 1 ? CONFLICT : st;
}

static const struct option_candidates_row *
find_candidate(const struct option_candidates_rows *rows, struct idea_id idea)
{
	for (size_t i = 0; i < rows->len; i++)
		if (rows->ptr[i].id.value == idea.value)
			return &rows->ptr[i];
	return NULL;
}

static enum status
insert_option(struct act *act, struct round_id round, int64_t number, const struct idea_id *idea,
              struct str title, struct str summary, struct amount cost)
{
	struct option_id id = { chance_id(&act->chance) };
	struct str label;
	enum status st = str_format(act->arena, &label, "%lld", (long long)number);

	if (st == OK)
		st = option_insert(act->db, act->place.id, round, id, number, label, idea, title,
		                   summary, cost);
	return st;
}

enum status
act_round_choose(struct act *act, struct round_id id, const struct round_pick *picks, size_t len,
                 struct refusal *why)
{
	struct option_candidates_rows rows;
	struct round round;
	enum status st = act_require(act, RIGHT_ROUND_MANAGE);

	if (st == OK)
		st = round_load(act, id, &round);
	if (st == OK)
		st = round_may_change(round.facts.state, why);
	if (st == OK)
		st = option_candidates(act->db, act->arena, act->place.id, id, &rows);
	if (st == OK)
		st = option_clear(act->db, act->place.id, id);
	for (size_t i = 0; st == OK && i < len; i++) {
		const struct option_candidates_row *row = find_candidate(&rows, picks[i].idea);
		struct str summary;

		if (row == NULL)
			return refuse(why, "idea",
			              MSG("One of these ideas can't be on this ballot any more. Look at "
			                  "the list again."));
		st = option_may_cost(picks[i].cost, round.facts.budget, "cost", why);
		if (st == OK)
			st = option_summary(act->arena, row->body, &summary);
		if (st == OK)
			st = insert_option(act, id, (int64_t)i + 1, &row->id, row->title, summary,
			                   picks[i].cost);
	}
	return st;
}

/* ---- opening, ending, opening again ---- */

static enum status
record_round(struct act *act, const char *kind, const struct round *round, struct str rules_hash)
{
	json_t *fields = json_pack("{s:s}", "round", id_text(round->id.value).text);

	if (fields == NULL)
		return NO_MEMORY;
	if (rules_hash.len > 0)
		json_object_set_new(fields, "rules", json_stringn(rules_hash.ptr, rules_hash.len));
	if (rules_hash.len > 0 && round->replaces.value != 0)
		json_object_set_new(fields, "replaces",
		                    json_string(id_text(round->replaces.value).text));
	return act_record(act, kind, fields);
}

enum status
act_round_open(struct act *act, struct round_id id, struct refusal *why)
{
	uint8_t seed[32];
	struct str seed_str = { (const char *)seed, sizeof seed }, rules;
	struct digest hash;
	struct round round;
	struct account_id account;
	int64_t changed = 0;
	enum status st = act_require(act, RIGHT_ROUND_MANAGE);

	if (st == OK)
		st = round_load(act, id, &round);
	if (st == OK)
		st = load_for_opening(act, &round);
	if (st == OK)
		st = round_may_open(&round.facts, act->now, why);
	if (st == OK)
		st = secrets_round_make(act->secrets, act->place.id, id);
	if (st == OK)
		st = act_round_reserve(act, id, round.title, round.facts.budget, &account, why);
	if (st != OK)
		return st;
	chance_bytes(&act->chance, seed, sizeof seed);
	st = round_rules_write(act, &round, digest_of(seed_str), &rules);
	if (st != OK)
		return st;
	hash = digest_of(rules);
	st = round_open(act->db, act->place.id, id, act->now, seed_str, rules,
	                digest_bytes(&hash), account, &changed);
	if (st == OK && changed != 1)
		return CONFLICT;
	if (st == OK)
		st = job_add(act, "close-round", id.value, round.facts.closes_at);
	if (st == OK)
		st = record_round(act, "round-opened", &round, str_of(digest_text(hash).text));
	return st;
}

enum status
act_round_void(struct act *act, struct round_id id, struct str reason, struct refusal *why)
{
	struct round round;
	int64_t changed = 0;
	enum status st = act_require(act, RIGHT_ROUND_MANAGE);

	if (st == OK)
		st = round_load(act, id, &round);
	if (st == OK)
		st = round_may_void(round.facts.state, reason, why);
	if (st == OK)
		st = round_void(act->db, act->place.id, id, reason, &changed);
	if (st == OK && changed != 1)
		return CONFLICT;
	if (st == OK && round.account.value != 0)
		st = act_round_return(act, id, round.account, round.title, why);
	if (st == OK)
		st = job_drop(act, "close-round", id.value);
	if (st == OK)
		st = round_forget(act, id);
	if (st == OK)
		st = record_round(act, "round-voided", &round, STR(""));
	return st;
}

struct round_draft
round_draft_of(const struct round *round)
{
	return (struct round_draft){
		.title = round->title, .intro = round->intro, .budget = round->facts.budget,
		.kind = round->kind, .most = round->most, .points = round->points,
		.points_each = round->points_each, .rule = round->rule,
		.opens_at = round->facts.opens_at, .closes_at = round->facts.closes_at,
		.residents = round->residents, .least_age = round->least_age };
}

enum status
act_round_reopen(struct act *act, struct round_id id, struct round_id *ret, struct refusal *why)
{
	struct round_draft draft;
	struct round round;
	int64_t number = 0;
	enum status st = act_require(act, RIGHT_ROUND_MANAGE);

	if (st == OK)
		st = round_load(act, id, &round);
	if (st == OK)
		st = round_may_reopen(round.facts.state, round.replaced_by.value != 0, why);
	if (st != OK)
		return st;
	draft = round_draft_of(&round);
	st = insert_draft(act, &draft, &id, ret);
	for (size_t i = 0; st == OK && i < round.options.len; i++) {
		const struct round_option *o = &round.options.ptr[i];

		if (!o->withdrawn)
			st = insert_option(act, *ret, ++number, o->idea.value != 0 ? &o->idea : NULL,
			                   o->title, o->summary, o->cost);
	}
	return st;
}

/* ---- forgetting ---- */

enum status
round_forget(struct act *act, struct round_id id)
{
	return job_add(act, "forget-round", id.value, act->now);
}

enum status
round_forget_work(struct job_run *run)
{
	struct act *act = &run->act;
	struct round_id id = { run->subject };
	struct round round;
	enum status st = round_load(act, id, &round);

	if (st == NOT_FOUND)
		return OK;
	if (st != OK)
		return st;
	/* A ballot must be found again as long as it may change. */
	if (round.facts.state == ROUND_DRAFT || round.facts.state == ROUND_OPEN ||
	    round.facts.state == ROUND_SETTLING)
		return FAILED;
	return secrets_round_destroy(act->secrets, act->place.id, id);
}
