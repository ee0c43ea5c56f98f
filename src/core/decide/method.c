#include "core/decide/method.h"

#include <stdlib.h>

#include "base/chance.h"
#include "base/names.h"

static const char *const rules[] = { "greedy", "greedy-no-skip", "equal-shares", "greedy-threshold",
                                     "phragmen", "equal-shares-overspending" };
static const char *const utilities[] = { "cost", "cardinality", "points", "borda", "cost-points" };
static const char *const completions[] = { "none", "add1", "add1-official", "add1u", "greedy",
                                           "comparison", "exact" };
static const char *const ties_names[] = { "id", "cost-votes-lot" };

NAMES(decide_rule, rules)
NAMES(decide_utility, utilities)
NAMES(decide_completion, completions)
NAMES(decide_ties, ties_names)

bool
decide_utility_has_points(enum decide_utility utility)
{
	return utility == DECIDE_POINTS || utility == DECIDE_BORDA || utility == DECIDE_COST_POINTS;
}

bool
decide_completion_has_steps(enum decide_completion completion)
{
	return completion == DECIDE_ADD1 || completion == DECIDE_ADD1_OFFICIAL ||
	       completion == DECIDE_ADD1U || completion == DECIDE_COMPARISON;
}

int64_t
method_increment(const struct method *method, const struct election *e)
{
	int64_t unit = 1;

	if (method->increment > 0)
		return method->increment;
	for (int i = 0; i < e->decimals; i++)
		unit *= 10;
	return unit;
}

/* What qsort compares: an option and, once drawn, its lot. */
struct entry {
	const struct election_option *option;
	uint32_t number, lot;
};

static int
by_id(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return str_cmp(x->option->id, y->option->id);
}

static int
by_cost_votes_lot(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->option->cost != y->option->cost)
		return x->option->cost < y->option->cost ? -1 : 1;
	if (x->option->votes != y->option->votes)
		return x->option->votes > y->option->votes ? -1 : 1;
	return (x->lot > y->lot) - (x->lot < y->lot);
}

uint32_t *
method_ranks(const struct method *method, const struct election *e, struct arena *arena)
{
	uint32_t *rank = ARENA_ARRAY(arena, e->option_count, uint32_t);
	struct entry *entries = ARENA_ARRAY(arena, e->option_count, struct entry);
	size_t *lots = ARENA_ARRAY(arena, e->option_count, size_t);

	if (rank == NULL || entries == NULL || lots == NULL)
		return NULL;
	for (size_t i = 0; i < e->option_count; i++) {
		entries[i] = (struct entry){ &e->options[i], (uint32_t)i, 0 };
		lots[i] = i;
	}
	qsort(entries, e->option_count, sizeof *entries, by_id);
	if (method->ties == DECIDE_TIES_COST_VOTES_LOT) {
		struct chance chance;

		chance_from_seed(&chance, method->seed);
		chance_shuffle(&chance, lots, e->option_count);
		for (size_t i = 0; i < e->option_count; i++)
			entries[i].lot = (uint32_t)lots[i];
		qsort(entries, e->option_count, sizeof *entries, by_cost_votes_lot);
	}
	for (size_t i = 0; i < e->option_count; i++)
		rank[entries[i].number] = (uint32_t)i;
	return rank;
}
