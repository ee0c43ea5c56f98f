/* What losers would have needed, against trying every cost and every number of voters. */
#include <stdlib.h>

#include "base/chance.h"
#include "core/decide/election_vary.h"
#include "core/decide/limits.h"
#include "core/decide/why_lost.h"
#include "make.h"
#include "test.h"

enum { MEMORY = 16 << 20, VOTERS_MAX = 60 };

static struct arena arena;

static bool
wins(const struct election *e, const struct method *m, size_t option)
{
	struct outcome o = count_election(&arena, e, m);

	return o.options[option].place > 0;
}

static bool
wins_at(const struct election *e, const struct method *m, size_t option, int64_t cost)
{
	struct election other;

	if (election_with_cost(e, (uint32_t)option, cost, &arena, &other) != OK)
		abort();
	return wins(&other, m, option);
}

static bool
wins_with(const struct election *e, const struct method *m, size_t option, int64_t more)
{
	struct election other;

	if (more == 0)
		return wins(e, m, option);
	if (election_with_ballots(e, (uint32_t)option, more, &arena, &other) != OK)
		abort();
	return wins(&other, m, option);
}

/* Whether winning for less always goes with winning for more, by the rule. */
static bool
is_monotone(const struct method *m)
{
	return m->rule != DECIDE_OVERSPENDING &&
	       (m->rule != DECIDE_EQUAL_SHARES || m->completion == DECIDE_NONE);
}

static void
check_cost(const struct election *e, const struct method *m, size_t option, int64_t found)
{
	CHECK(found < 0 ? !wins_at(e, m, option, 0) || e->options[option].cost == 0
	                : wins_at(e, m, option, found) && !wins_at(e, m, option, found + 1));
	for (int64_t c = found + 1; is_monotone(m) && c < e->options[option].cost; c++)
		CHECK(!wins_at(e, m, option, c));
}

static void
check_ballots(const struct election *e, const struct method *m, size_t option, int64_t found)
{
	bool greedy = m->rule == DECIDE_GREEDY;

	if (found > 0)
		CHECK(wins_with(e, m, option, found) && !wins_with(e, m, option, found - 1));
	for (int64_t k = 1; greedy && k < (found > 0 && found < VOTERS_MAX ? found : VOTERS_MAX); k++)
		CHECK(!wins_with(e, m, option, k));
}

static struct election
random_election(struct chance *chance)
{
	static const char names[] = "abcdef";
	struct election_making making;
	struct decide_error error;
	struct election e;
	size_t options = 2 + chance_below(chance, 5), voters = 1 + chance_below(chance, 9);

	election_begin(&making, &arena, 0, 5 + (int64_t)chance_below(chance, 30));
	for (size_t o = 0; o < options; o++)
		election_option(&making, (struct str){ names + o, 1 },
		                1 + (int64_t)chance_below(chance, 14), false);
	for (size_t v = 0; v < voters; v++) {
		uint32_t choices[6];
		size_t n = 0;

		for (size_t o = 0; o < options; o++)
			if (chance_below(chance, 5) < 2)
				choices[n++] = (uint32_t)o;
		election_ballot(&making, choices, NULL, n);
	}
	if (election_end(&making, &e, &error) != OK)
		abort();
	return e;
}

/* A most for some of the options, and a need: for those, too, less cost and more votes help. */
static void
add_limits(struct chance *chance, struct election *e)
{
	struct limits_group *group = ARENA_NEW(&arena, struct limits_group);
	uint32_t *options = ARENA_ARRAY(&arena, e->option_count, uint32_t);
	struct limits_need need = { 0, (uint32_t)e->option_count - 1, 0 };
	struct decide_error error;
	size_t count = 0;
	enum status st;

	for (uint32_t o = 0; o < e->option_count; o++)
		if (chance_below(chance, 2) == 0)
			options[count++] = o;
	*group = (struct limits_group){ STR("g"), options, count, 0, -1, 0,
	                                1 + (int64_t)chance_below(chance, 2), 0 };
	st = limits_set(e, group, 1, &need, 1, &arena, &error);
	CHECK(st == OK || st == INVALID); /* may be more of the group than may win */
}

static void
random_elections(void)
{
	static const struct method methods[] = {
		{ .rule = DECIDE_GREEDY },
		{ .rule = DECIDE_GREEDY, .utility = DECIDE_CARDINALITY },
		{ .rule = DECIDE_PHRAGMEN },
		{ .rule = DECIDE_EQUAL_SHARES },
		{ .rule = DECIDE_EQUAL_SHARES, .utility = DECIDE_CARDINALITY },
		{ .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_ADD1U,
		  .ties = DECIDE_TIES_COST_VOTES_LOT },
		/* these can't keep to limits */
		{ .rule = DECIDE_OVERSPENDING },
		{ .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_EXACT },
	};
	static const uint8_t seed[32] = "why lost";
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (int i = 0; i < 120; i++) {
		struct election e = random_election(&chance);
		size_t count = sizeof methods / sizeof *methods;

		if (i % 2 == 1)
			add_limits(&chance, &e);
		if (e.limits != NULL)
			count -= 2;
		for (size_t m = 0; m < count; m++)
			for (size_t o = 0; o < e.option_count; o++) {
				struct why_lost why;
				struct decide_error error;

				if (wins(&e, &methods[m], o))
					continue;
				CHECK(why_lost(&e, &methods[m], o, MEMORY, NULL, &why, &error) == OK);
				check_cost(&e, &methods[m], o, why.highest_cost);
				check_ballots(&e, &methods[m], o, why.more_ballots);
			}
		arena_reset(&arena);
	}
}

/* The neighbours of docs/rules/greedy.md. */
static void
neighbours(void)
{
	struct election e = make_election(&arena, 0, 1000, "path=480 benches=380 books=180 ramp=160 bulbs=120",
		"2:path,benches,bulbs 3:path,benches 1:path,ramp 3:books,ramp 1:books");
	struct method greedy = { .rule = DECIDE_GREEDY }, shares = { .rule = DECIDE_EQUAL_SHARES };
	struct decide_error error;
	struct why_lost why;

	CHECK(why_lost(&e, &greedy, 2, MEMORY, NULL, &why, &error) == OK);
	CHECK_INT(why.highest_cost, 140);
	CHECK_INT(why.more_ballots, 2); /* 6 votes, as the path; costs too much only behind benches */
	CHECK(why_lost(&e, &shares, 1, MEMORY, NULL, &why, &error) == OK);
	CHECK_INT(why.highest_cost, 100); /* what its supporters are left with after the path */
	arena_reset(&arena);
}

static void
never(void)
{
	struct election e = make_election(&arena, 0, 10, "a=11 b=10 !c=1", "3:a 2:b 1:c");
	struct method greedy = { .rule = DECIDE_GREEDY };
	struct decide_error error;
	struct why_lost why;

	CHECK(why_lost(&e, &greedy, 0, MEMORY, NULL, &why, &error) == OK);
	CHECK_INT(why.highest_cost, 10);
	CHECK_INT(why.more_ballots, -1);
	CHECK(why_lost(&e, &greedy, 2, MEMORY, NULL, &why, &error) == OK);
	CHECK_INT(why.highest_cost, -1);
	CHECK_INT(why.more_ballots, -1);
	arena_reset(&arena);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "what was found against trying everything", random_elections },
		{ "the neighbours", neighbours },
		{ "what never wins", never },
	};
	int bad;

	arena_init(&arena, 512 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
