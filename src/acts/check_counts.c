#include <string.h>

#include "acts/check_inside.h"
#include "acts/count.h"
#include "base/digest.h"
#include "store/check.sql.h"
#include "store/count.sql.h"

enum { DETAIL_MAX = 16 << 20 };

/* The method an outcome was counted by: its own rule, with the round's lot. */
static enum status
method_of(const struct outcome_list_row *row, const struct method *round, struct method *ret)
{
	enum status st;

	*ret = *round;
	ret->increment = row->increment.minor;
	st = decide_rule_parse(row->rule, &ret->rule);
	if (st == OK)
		st = decide_utility_parse(row->utility, &ret->utility);
	if (st == OK)
		st = decide_completion_parse(row->completion, &ret->completion);
	if (st == OK)
		st = decide_ties_parse(row->ties, &ret->ties);
	return st;
}

/* What the result page shows of each option, beside the new count. */
static enum status
options_agree(struct check *check, const struct check_rounds_row *round,
              const struct outcome_list_row *row, const struct counting *counting,
              const struct outcome *outcome)
{
	struct act *act = check->act;
	struct outcome_options_rows rows;
	enum status st = outcome_options(act->db, act->arena, act->place.id, round->id, row->id,
	                                 &rows);

	for (size_t i = 0; st == OK && i < rows.len; i++) {
		const struct outcome_options_row *o = &rows.ptr[i];
		const struct outcome_option *again;

		if (o->number < 1 || (size_t)o->number > outcome->option_count) {
			check_differs(check, "round %s: a result for option %lld, which is not there",
			              id_text(round->id.value).text, (long long)o->number);
			continue;
		}
		again = &outcome->options[o->number - 1];
		if (o->place_won != again->place ||
		    o->votes != counting->election.options[o->number - 1].votes ||
		    !str_is(o->why, outcome_why_name(again->why)))
			check_differs(check,
			              "round %s, %.*s: option %lld has place %lld with %lld votes, the "
			              "new count gives place %u with %lld",
			              id_text(round->id.value).text, STR_ARG(row->rule),
			              (long long)o->number, (long long)o->place_won,
			              (long long)o->votes, again->place,
			              (long long)counting->election.options[o->number - 1].votes);
		if (o->has_points && o->points != counting->election.options[o->number - 1].points)
			check_differs(check, "round %s, %.*s: option %lld has %lld points, the new count "
			              "gives it %lld", id_text(round->id.value).text,
			              STR_ARG(row->rule), (long long)o->number, (long long)o->points,
			              (long long)counting->election.options[o->number - 1].points);
	}
	return st;
}

static enum status
outcome_agrees(struct check *check, const struct check_rounds_row *round,
               const struct outcome_list_row *row, const struct counting *counting)
{
	struct act *act = check->act;
	struct outcome_detail_row detail;
	struct outcome outcome;
	struct decide_error error;
	struct method method;
	struct buf text;
	enum status st = method_of(row, &counting->method, &method);

	if (st == OK)
		st = outcome_detail(act->db, act->arena, act->place.id, round->id, row->id, &detail);
	/* Large counts, and those of old, did not ask what losers would have needed. */
	if (st == OK && str_find(detail.detail, STR("\"highest_cost\"")) < detail.detail.len)
		st = counting_count(&counting->election, &method, act->arena, &outcome, &error);
	else if (st == OK)
		st = decide_count(&counting->election, &method, act->arena, &outcome, &error);
	if (st != OK)
		return st;
	buf_init(&text, DETAIL_MAX);
	outcome_write(&text, &outcome);
	st = buf_status(&text);
	if (st == OK && !str_eq(buf_str(&text), detail.detail))
		check_differs(check, "round %s, %.*s: the steps of the count are not those of the "
		              "ballots", id_text(round->id.value).text, STR_ARG(row->rule));
	buf_release(&text);
	if (st == OK && (row->total_cost.minor != outcome.total_cost ||
	                 row->voters != outcome.voters || row->represented != outcome.represented))
		check_differs(check, "round %s, %.*s: cost, voters or voters with a winner differ "
		              "from the new count", id_text(round->id.value).text,
		              STR_ARG(row->rule));
	return st == OK ? options_agree(check, round, row, counting, &outcome) : st;
}

static enum status
count_again(struct check *check, const struct check_rounds_row *round)
{
	struct act *act = check->act;
	struct outcome_list_rows outcomes;
	struct counting counting;
	enum status st = counting_load(act, round->id, &counting);

	if (st == INVALID) {
		check_differs(check, "round %s: a ballot in it is none that its voters could cast",
		              id_text(round->id.value).text);
		return OK;
	}
	if (st == OK)
		st = outcome_list(act->db, act->arena, act->place.id, round->id, &outcomes);
	/* Versions before schema 3 took in files with points and rankings without counting them. */
	if (st == OK && outcomes.len == 0 && !act->place.imported)
		check_differs(check, "round %s: counted, and there is no result",
		              id_text(round->id.value).text);
	for (size_t i = 0; st == OK && i < outcomes.len; i++)
		st = outcome_agrees(check, round, &outcomes.ptr[i], &counting);
	return st;
}

static void
box_agrees(struct check *check, const struct check_rounds_row *round)
{
	const bool counted = str_is(round->state, "counted");

	if (counted && round->ballots != round->boxed)
		check_differs(check, "round %s: %lld ballots were counted, %lld are in the box",
		              id_text(round->id.value).text, (long long)round->ballots,
		              (long long)round->boxed);
	if (!check->act->place.imported && round->voted != round->boxed)
		check_differs(check, "round %s: %lld people voted, %lld ballots are in the box",
		              id_text(round->id.value).text, (long long)round->voted,
		              (long long)round->boxed);
	if (round->has_rules) {
		struct digest hash = digest_of(round->rules);
		struct str kept = { (const char *)hash.bytes, DIGEST_LEN };

		if (!str_eq(kept, round->rules_hash))
			check_differs(check, "round %s: the rules do not fit their fingerprint",
			              id_text(round->id.value).text);
	}
}

enum status
check_counts(struct check *check)
{
	struct act *act = check->act;
	struct check_rounds_rows rounds;
	enum status st = check_rounds(act->db, act->arena, act->place.id, &rounds);

	for (size_t i = 0; st == OK && i < rounds.len; i++) {
		box_agrees(check, &rounds.ptr[i]);
		if (str_is(rounds.ptr[i].state, "counted")) {
			st = count_again(check, &rounds.ptr[i]);
			check->rounds++;
		}
	}
	return st;
}
