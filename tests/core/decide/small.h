/* Small random elections, voter by voter, for oracles. */
#ifndef TESTS_CORE_DECIDE_SMALL_H
#define TESTS_CORE_DECIDE_SMALL_H

#include <stdlib.h>

#include "base/chance.h"
#include "core/decide/outcome.h"

enum { SMALL_VOTERS = 12, SMALL_OPTIONS = 6 };

struct small {
	int voters, options;
	int64_t budget, cost[SMALL_OPTIONS];
	bool withdrawn[SMALL_OPTIONS];
	uint32_t ballot[SMALL_VOTERS];                /* bit o: names option o */
	uint32_t points[SMALL_VOTERS][SMALL_OPTIONS]; /* > 0 */
};

static inline int
small_below(struct chance *chance, int bound)
{
	return (int)chance_below(chance, (uint64_t)bound);
}

static inline struct small
small_random(struct chance *chance, int voters_max)
{
	struct small s = { .voters = 1 + small_below(chance, voters_max),
	                   .options = SMALL_OPTIONS - small_below(chance, 1 + small_below(chance, SMALL_OPTIONS)),
	                   .budget = 1 + small_below(chance, 24) };

	for (int o = 0; o < s.options; o++) {
		s.cost[o] = small_below(chance, 9);
		s.withdrawn[o] = small_below(chance, 12) == 0;
	}
	for (int v = 0; v < s.voters; v++) {
		s.ballot[v] = (uint32_t)small_below(chance, 1 << s.options);
		/* parties, so that there are groups */
		if (v > 0 && small_below(chance, 4) > 0)
			s.ballot[v] = s.ballot[small_below(chance, v)];
		for (int o = 0; o < s.options; o++)
			s.points[v][o] = 1 + (uint32_t)small_below(chance, 3);
	}
	return s;
}

static inline struct election
small_election(const struct small *s, bool with_points, struct arena *arena)
{
	static const char *const ids[SMALL_OPTIONS] = { "a", "b", "c", "d", "e", "f" };
	struct election_making making;
	struct decide_error error;
	struct election e;

	election_begin(&making, arena, 0, s->budget);
	for (int o = 0; o < s->options; o++)
		election_option(&making, str_of(ids[o]), s->cost[o], s->withdrawn[o]);
	for (int v = 0; v < s->voters; v++) {
		uint32_t choices[SMALL_OPTIONS], points[SMALL_OPTIONS];
		size_t count = 0;

		for (int o = 0; o < s->options; o++)
			if (s->ballot[v] >> o & 1) {
				points[count] = s->points[v][o];
				choices[count++] = (uint32_t)o;
			}
		election_ballot(&making, choices, with_points ? points : NULL, count);
	}
	if (election_end(&making, &e, &error) != OK)
		abort();
	return e;
}

/* The winners as bits. */
static inline uint32_t
small_count(const struct election *e, const struct method *method, struct arena *arena,
            struct outcome *ret)
{
	struct decide_error error;
	uint32_t winners = 0;

	if (decide_count(e, method, arena, ret, &error) != OK)
		abort();
	for (size_t o = 0; o < ret->option_count; o++)
		winners |= (uint32_t)(ret->options[o].place > 0) << o;
	return winners;
}

#endif
