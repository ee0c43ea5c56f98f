/* Elections as the naive count has them: drawn at random, and made for the engine. */
#ifndef TESTS_CORE_DECIDE_NAIVE_MAKE_H
#define TESTS_CORE_DECIDE_NAIVE_MAKE_H

#include <stdlib.h>

#include "base/chance.h"
#include "core/decide/limits.h"
#include "naive.h"
#include "test.h"

static struct arena arena;

/* The same limits for the engine; false: they contradict themselves. */
static inline bool
set_limits(const struct naive *n, struct election *e)
{
	struct limits_group *groups = ARENA_ARRAY(&arena, NAIVE_GROUPS, struct limits_group);
	struct limits_need needs[NAIVE_OPTIONS * NAIVE_OPTIONS];
	struct decide_error error;
	size_t need_count = 0;
	enum status st;

	for (int g = 0; g < n->groups; g++) {
		uint32_t *options = ARENA_ARRAY(&arena, NAIVE_OPTIONS, uint32_t);
		size_t count = 0;

		for (int o = n->options; o-- > 0; )
			if (n->group[g].options >> o & 1)
				options[count++] = (uint32_t)o;
		groups[g] = (struct limits_group){ STR("g"), options, count, n->group[g].min_cost,
		                                   n->group[g].max_cost, n->group[g].min_winners,
		                                   n->group[g].max_winners, 0 };
	}
	for (int o = 0; o < n->options; o++)
		for (int other = 0; other < n->options; other++)
			if (n->needs[o] >> other & 1)
				needs[need_count++] = (struct limits_need){ (uint32_t)o,
				                                            (uint32_t)other, 0 };
	st = limits_set(e, groups, (size_t)n->groups, needs, need_count, &arena, &error);
	CHECK(st == OK || st == INVALID);
	return st == OK;
}

static inline struct election
election_of(const struct naive *n, bool with_points)
{
	struct election_making making;
	struct decide_error error;
	struct election e;

	election_begin(&making, &arena, n->decimals, n->budget);
	for (int o = 0; o < n->options; o++)
		election_option(&making, str_of(n->id[o]), n->cost[o], n->withdrawn[o]);
	for (int v = 0; v < n->voters; v++) {
		uint32_t choices[NAIVE_OPTIONS], points[NAIVE_OPTIONS];
		size_t count = 0;

		for (int o = n->options; o-- > 0; )
			if (n->ballot[v] >> o & 1) {
				points[count] = n->points[v][o];
				choices[count++] = (uint32_t)o;
			}
		election_ballot(&making, choices, with_points ? points : NULL, count);
	}
	if (election_end(&making, &e, &error) != OK)
		abort();
	e.threshold = n->threshold;
	CHECK(set_limits(n, &e));
	return e;
}

static inline int
below(struct chance *chance, int bound)
{
	return (int)chance_below(chance, (uint64_t)bound);
}

/* Costs and budgets from few values, so that ties, purses spent to the last and exact fits
 * come up all the time. */
static inline void
make_random(struct chance *chance, struct naive *n)
{
	static const int64_t scales[] = { 1, 1, 1, 3, 7, 10 };
	int64_t scale = scales[below(chance, 6)];
	int density = 1 + below(chance, 3);

	*n = (struct naive){ .voters = 1 + below(chance, 14), .options = 1 + below(chance, 7),
	                     .decimals = below(chance, 5) == 0 };
	n->budget = (1 + below(chance, 30)) * scale;
	for (int o = 0; o < n->options; o++) {
		n->cost[o] = (below(chance, 12) + (below(chance, 8) > 0)) * scale;
		n->withdrawn[o] = below(chance, 12) == 0;
		snprintf(n->id[o], sizeof n->id[o], "%d", o * 3 + 5);
	}
	for (int v = 0; v < n->voters; v++)
		for (int o = 0; o < n->options; o++)
			n->ballot[v] |= (uint32_t)(below(chance, 4) < density) << o;
	n->threshold = below(chance, 6);
	for (int v = 0; v < n->voters; v++)
		for (int o = 0; o < n->options; o++)
			n->points[v][o] = (uint8_t)(1 + below(chance, 5));
}

#endif
