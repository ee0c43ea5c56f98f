/* What every count has in common: taking winners, summing up, names. */
#include "core/decide/count.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *
outcome_why_name(enum outcome_why why)
{
	static const char *const names[] = { "won", "won-rest", "not-payable", "no-room", "stopped",
	                                     "nobody", "withdrawn", "below-threshold",
	                                     "too-dear", "excluded", "group-full",
	                                     "needs-other", "held-back" };

	return names[why];
}

const char *
outcome_by_name(enum outcome_by by)
{
	static const char *const names[] = { "free", "shares", "votes", "load" };

	return names[by];
}

const char *
outcome_stop_name(enum outcome_stop stop)
{
	static const char *const names[] = { "once", "exhaustive", "cost", "all" };

	return names[stop];
}

struct outcome_step *
count_take(struct count *count, uint32_t option, enum outcome_by by, enum outcome_why why)
{
	struct outcome *outcome = count->outcome;
	struct outcome_step *step = &outcome->steps[outcome->step_count++];

	assert(outcome->options[option].place == 0);
	outcome->options[option].place = (uint32_t)outcome->step_count;
	outcome->options[option].why = why;
	outcome->options[option].group = outcome->options[option].other = -1;
	limits_take(&count->limits, option);
	count->left -= count->e->options[option].cost;
	outcome->total_cost += count->e->options[option].cost;
	*step = (struct outcome_step){ .option = option, .by = by, .left = count->left };
	return step;
}

void
count_free(struct count *count, enum outcome_why why)
{
	for (;;) {
		uint32_t first = limits_next_free(&count->limits, count->rank);

		if (first == count->e->option_count)
			return;
		count_take(count, first, OUTCOME_BY_FREE, why);
	}
}

enum limits_answer
count_look(const struct count *count, uint32_t option)
{
	enum limits_answer answer = limits_look(&count->limits, option, NULL);
	bool fits = count->e->options[option].cost <= count->left;

	return answer == LIMITS_HELD && !fits ? LIMITS_ALLOW : answer;
}

void
count_say_limit(struct count *count, uint32_t option)
{
	static const enum outcome_why whys[] = { [LIMITS_EXCLUDED] = OUTCOME_EXCLUDED,
	                                         [LIMITS_FULL] = OUTCOME_GROUP_FULL,
	                                         [LIMITS_NEEDS] = OUTCOME_NEEDS_OTHER,
	                                         [LIMITS_HELD] = OUTCOME_HELD_BACK };
	struct outcome_option *o = &count->outcome->options[option];
	struct limits_cause cause;
	enum limits_answer answer = limits_look(&count->limits, option, &cause);

	if (answer == LIMITS_ALLOW)
		return;
	o->why = whys[answer];
	o->group = cause.group;
	o->other = cause.other;
}

/* What limits have to do with the outcome: each group's part, and whom they keep out as it is. */
static enum status
sum_up_limits(struct count *count)
{
	const struct limits *l = count->e->limits;
	struct outcome *outcome = count->outcome;

	if (l == NULL)
		return OK;
	outcome->groups = ARENA_ARRAY(count->arena, l->group_count, struct outcome_group);
	if (outcome->groups == NULL)
		return NO_MEMORY;
	outcome->group_count = l->group_count;
	/* The comparison step may have gone back to earlier winners. */
	limits_reset(&count->limits);
	for (size_t s = 0; s < outcome->step_count; s++)
		limits_take(&count->limits, outcome->steps[s].option);
	for (size_t g = 0; g < l->group_count; g++)
		outcome->groups[g] = (struct outcome_group){
			.name = l->groups[g].name, .winners = count->limits.winners[g],
			.cost = count->limits.cost[g],
			.reached = limits_reached(&count->limits, g) };
	for (uint32_t o = 0; o < outcome->option_count; o++) {
		enum outcome_why why = outcome->options[o].why;
		enum limits_answer answer;

		if (outcome->options[o].place > 0 || why == OUTCOME_NOBODY ||
		    why == OUTCOME_WITHDRAWN || why == OUTCOME_THRESHOLD || why == OUTCOME_TOO_DEAR)
			continue;
		answer = count_look(count, o);
		if (answer != LIMITS_HELD)
			count_say_limit(count, o);
	}
	return OK;
}

/* How many voters hold how many winners. */
static enum status
sum_up(struct count *count)
{
	const struct election *e = count->e;
	struct outcome *outcome = count->outcome;
	int64_t *held;
	size_t most = 0;

	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t b = 0; b < e->ballot_count; b++) {
			size_t n = 0;

			for (size_t i = e->start[b]; i < e->start[b + 1]; i++)
				n += outcome->options[e->choice[i]].place > 0;
			if (pass == 1)
				outcome->winners_held[n] += e->weight[b];
			if (n > most)
				most = n;
		}
		if (pass == 0) {
			held = ARENA_ARRAY(count->arena, most + 1, int64_t);
			if (held == NULL)
				return NO_MEMORY;
			outcome->winners_held = held;
			outcome->winners_held_count = most + 1;
		}
	}
	outcome->represented = outcome->voters - outcome->winners_held[0];
	return OK;
}

static enum status
begin(struct count *count)
{
	const struct election *e = count->e;
	struct outcome *outcome = count->outcome;

	*outcome = (struct outcome){
		.method = *count->method, .voters = e->voters, .budget = e->budget,
		.decimals = e->decimals, .option_count = e->option_count };
	outcome->method.increment = method_increment(count->method, e);
	outcome->options = ARENA_ARRAY(count->arena, e->option_count, struct outcome_option);
	outcome->steps = ARENA_ARRAY(count->arena, e->option_count, struct outcome_step);
	if (count->rank == NULL)
		count->rank = method_ranks(count->method, e, count->arena);
	if (count->spent_milli != NULL)
		memset(count->spent_milli, 0, e->ballot_count * sizeof *count->spent_milli);
	if (outcome->options == NULL || outcome->steps == NULL || count->rank == NULL ||
	    limits_begin(&count->limits, e, count->method->rule == DECIDE_GREEDY_THRESHOLD
	                                    ? e->threshold : 0, count->arena) != OK)
		return NO_MEMORY;
	count_restart(count);
	return OK;
}

void
count_restart(struct count *count)
{
	const struct election *e = count->e;
	struct outcome *outcome = count->outcome;

	count->left = e->budget;
	outcome->total_cost = 0;
	outcome->step_count = 0;
	limits_reset(&count->limits);
	for (size_t o = 0; o < e->option_count; o++)
		outcome->options[o] = (struct outcome_option){
			.why = e->options[o].withdrawn ? OUTCOME_WITHDRAWN :
			       e->options[o].votes == 0 ? OUTCOME_NOBODY : OUTCOME_NO_ROOM,
			.could_pay = -1, .left = -1, .highest_cost = OUTCOME_NOT_ASKED,
			.more_ballots = OUTCOME_NOT_ASKED, .group = -1, .other = -1 };
}

/* How many of the winners a ballot names, or the points it gave them. */
static int64_t
satisfaction_of(const struct count *count, size_t ballot)
{
	const struct election *e = count->e;
	int64_t sum = 0;

	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++)
		if (count->outcome->options[e->choice[i]].place > 0)
			sum += e->points == NULL ? 1 : e->points[i];
	return sum;
}

/* The comparison step: what Equal Shares has chosen stands unless strictly more voters find more
 * of what they chose (or gave points) among the winners of greedy by votes (points). Source:
 * equalshares.net, "add1-comparison" of Pabulib; in Wieliczka 2023 it was 1,615 to 873. */
static enum status
compare_with_greedy(struct count *count)
{
	const struct election *e = count->e;
	struct outcome *outcome = count->outcome, kept = *outcome;
	int64_t *before = ARENA_ARRAY(count->arena, e->ballot_count, int64_t);
	enum status st;

	if (before == NULL)
		return NO_MEMORY;
	for (size_t b = 0; b < e->ballot_count; b++)
		before[b] = satisfaction_of(count, b);
	outcome->options = ARENA_ARRAY(count->arena, e->option_count, struct outcome_option);
	outcome->steps = ARENA_ARRAY(count->arena, e->option_count, struct outcome_step);
	if (outcome->options == NULL || outcome->steps == NULL)
		return NO_MEMORY;
	count_restart(count);
	count_free(count, OUTCOME_WON);
	st = count_by_votes(count, e->points == NULL ? DECIDE_COST : DECIDE_COST_POINTS,
	                    OUTCOME_WON, false);
	for (size_t b = 0; st == OK && b < e->ballot_count; b++) {
		int64_t now = satisfaction_of(count, b);

		kept.prefer_shares += before[b] > now ? e->weight[b] : 0;
		kept.prefer_greedy += now > before[b] ? e->weight[b] : 0;
	}
	if (kept.prefer_greedy <= kept.prefer_shares) {
		*outcome = kept;
		count->left = e->budget - kept.total_cost;
	} else {
		outcome->prefer_shares = kept.prefer_shares;
		outcome->prefer_greedy = kept.prefer_greedy;
		if (count->spent_milli != NULL)
			memset(count->spent_milli, 0, e->ballot_count * sizeof *count->spent_milli);
	}
	return st;
}

static enum status
complete(struct count *count)
{
	switch (count->method->completion) {
	case DECIDE_ADD1U: /* equalshares.net: by votes, whatever the utility */
		return count_by_votes(count, DECIDE_COST, OUTCOME_WON_REST, false);
	case DECIDE_UTILITARIAN: /* pabutools: by the same utility */
		return count_by_votes(count, count->method->utility, OUTCOME_WON_REST, false);
	case DECIDE_COMPARISON:
		return compare_with_greedy(count);
	default:
		return OK;
	}
}

/* Whether what comes after Equal Shares asks before it takes an option. */
static bool
keeps_to_limits(enum decide_completion completion)
{
	switch (completion) {
	case DECIDE_NONE:
	case DECIDE_ADD1:
	case DECIDE_ADD1_OFFICIAL:
	case DECIDE_ADD1U:
	case DECIDE_UTILITARIAN:
	case DECIDE_COMPARISON:
		return true;
	default:
		return false;
	}
}

enum status
decide_count(const struct election *e, const struct method *method, struct arena *arena,
             struct outcome *ret, struct decide_error *error)
{
	const struct decide_extra none = { .rank = NULL };

	return decide_count_extra(e, method, &none, arena, ret, error);
}

enum status
decide_count_extra(const struct election *e, const struct method *method,
                   const struct decide_extra *extra, struct arena *arena, struct outcome *ret,
                   struct decide_error *error)
{
	struct count count = { .e = e, .method = method, .arena = arena, .error = error,
	                       .outcome = ret, .rank = extra->rank,
	                       .spent_milli = extra->spent_milli,
	                       .plain_loops = extra->plain_loops, .threads = extra->threads,
	                       .progress = extra->progress };
	enum status st = begin(&count);

	if (st != OK)
		return st;
	if (e->limits != NULL && method->rule == DECIDE_OVERSPENDING)
		return decide_fail_with(error, 0, STR("rule"),
			MSG("{rule} can't keep to limits: choose greedy, greedy-no-skip, greedy-threshold, "
			    "equal-shares or phragmen."),
			message_text("rule", str_of(decide_rule_name(method->rule))));
	if (e->limits != NULL && !keeps_to_limits(method->completion))
		return decide_fail_with(error, 0, STR("completion"),
			MSG("{completion} can't keep to limits: choose none, add1, add1-official, add1u, "
			    "greedy or comparison."),
			message_text("completion",
			             str_of(decide_completion_name(method->completion))));
	count_free(&count, OUTCOME_WON);
	switch (method->rule) {
	case DECIDE_GREEDY:
	case DECIDE_GREEDY_NO_SKIP:
	case DECIDE_GREEDY_THRESHOLD:
		st = count_by_votes(&count, method->utility, OUTCOME_WON,
		                    method->rule == DECIDE_GREEDY_NO_SKIP);
		break;
	case DECIDE_PHRAGMEN:
		st = count_phragmen(&count);
		break;
	case DECIDE_OVERSPENDING:
		st = count_overspending(&count);
		break;
	case DECIDE_EQUAL_SHARES:
		st = method->completion == DECIDE_EXACT ? count_exact_shares(&count)
		                                        : count_shares(&count);
		if (st == OK)
			st = complete(&count);
		break;
	}
	if (st == OK)
		st = sum_up(&count);
	if (st == OK)
		st = sum_up_limits(&count);
	return st;
}
