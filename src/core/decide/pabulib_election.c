/* From a .pb file to the election that a rule takes. */
#include "core/decide/pabulib_inside.h"

/* The file's minor units in finer ones. */
static enum status
refine(int64_t amount, int times, int64_t *ret)
{
	for (; times > 0; times--) {
		amount *= 10;
		if (amount > ELECTION_MONEY_MAX)
			return TOO_LARGE;
	}
	*ret = amount;
	return OK;
}

/* Whether the file's ballots say how much a voter wants each option, as the utility asks. */
static enum status
check_utility(const struct pabulib *file, enum decide_utility utility, struct decide_error *error)
{
	bool points = file->kind == PABULIB_CUMULATIVE || file->kind == PABULIB_SCORING;

	if ((utility == DECIDE_POINTS || utility == DECIDE_COST_POINTS) && !points)
		return decide_fail(error, 0, STR("vote_type"),
			MSG("These ballots give no points: choose another utility."));
	if (utility == DECIDE_BORDA && file->kind != PABULIB_ORDINAL)
		return decide_fail(error, 0, STR("vote_type"),
			MSG("These ballots are no rankings: choose another utility."));
	return OK;
}

static enum status
add_options(const struct pabulib *file, int finer, struct election_making *making,
            struct decide_error *error)
{
	for (size_t i = 0; i < file->projects.row_count; i++) {
		int64_t cost;

		if (refine(file->project[i].cost, finer, &cost) != OK)
			return decide_fail(error, 0, STR("cost"),
				MSG("The amounts have too many digits to count exactly."));
		election_option(making, file->project[i].id, cost, false);
	}
	return OK;
}

/* What vote v gives to what it names; scratch has room for every project. NULL: a set. */
static const uint32_t *
points_of(const struct pabulib *file, enum decide_utility utility, size_t v, uint32_t *scratch)
{
	size_t from = file->start[v], count = file->start[v + 1] - from;

	if (!decide_utility_has_points(utility))
		return NULL;
	for (size_t i = 0; i < count; i++)
		scratch[i] = utility == DECIDE_BORDA ? (uint32_t)(count - i - 1)
		                                     : (uint32_t)file->points[from + i];
	return scratch;
}

enum status
pabulib_election(const struct pabulib *file, enum decide_utility utility, int least_decimals,
                 struct arena *arena, struct election *ret, struct decide_error *error)
{
	int decimals = file->decimals > least_decimals ? file->decimals : least_decimals;
	uint32_t *scratch = ARENA_ARRAY(arena, file->projects.row_count, uint32_t);
	struct election_making making;
	int64_t budget;
	enum status st = check_utility(file, utility, error);

	if (st != OK)
		return st;
	if (scratch == NULL)
		return NO_MEMORY;
	if (refine(file->budget, decimals - file->decimals, &budget) != OK)
		return decide_fail(error, 0, STR("budget"),
			MSG("The amounts have too many digits to count exactly."));
	election_begin(&making, arena, decimals, budget);
	st = add_options(file, decimals - file->decimals, &making, error);
	election_expect(&making, file->votes.row_count, file->start[file->votes.row_count]);
	for (size_t v = 0; st == OK && v < file->votes.row_count; v++)
		election_ballot(&making, file->option + file->start[v],
		                points_of(file, utility, v, scratch),
		                file->start[v + 1] - file->start[v]);
	if (st == OK)
		st = election_end(&making, ret, error);
	if (st == OK)
		ret->threshold = file->threshold;
	return st;
}
