/* From a .pb file to the election that a rule takes. */
#include "core/decide/pabulib_inside.h"

enum status
pabulib_refine(int64_t amount, int times, struct str field, int64_t *ret,
               struct decide_error *error)
{
	for (; times > 0; times--) {
		amount *= 10;
		if (amount > ELECTION_MONEY_MAX)
			return decide_fail(error, 0, field,
				MSG("The amounts have too many digits to count exactly."));
	}
	*ret = amount;
	return OK;
}

enum status
pabulib_check_utility(const struct pabulib *file, enum decide_utility utility,
                      struct decide_error *error)
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
		enum status st = pabulib_refine(file->project[i].cost, finer, STR("cost"), &cost,
		                                error);

		if (st != OK)
			return st;
		election_option(making, file->project[i].id, cost, false);
	}
	return OK;
}

uint32_t
pabulib_points_at(const struct pabulib *file, enum decide_utility utility, size_t v, size_t i)
{
	size_t from = file->start[v], count = file->start[v + 1] - from;

	return utility == DECIDE_BORDA ? (uint32_t)(count - i - 1) : (uint32_t)file->points[from + i];
}

/* What vote v gives to what it names; scratch has room for every project. NULL: a set. */
static const uint32_t *
points_of(const struct pabulib *file, enum decide_utility utility, size_t v, uint32_t *scratch)
{
	size_t count = file->start[v + 1] - file->start[v];

	if (!decide_utility_has_points(utility))
		return NULL;
	for (size_t i = 0; i < count; i++)
		scratch[i] = pabulib_points_at(file, utility, v, i);
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
	enum status st = pabulib_check_utility(file, utility, error);

	if (st != OK)
		return st;
	if (scratch == NULL)
		return NO_MEMORY;
	st = pabulib_refine(file->budget, decimals - file->decimals, STR("budget"), &budget, error);
	if (st != OK)
		return st;
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

int64_t
pabulib_over_sum_cost(const struct pabulib *file)
{
	int64_t limit, over = 0;
	int decimals;
	__int128 most, scale = 1;

	if (pabulib_decimal(pabulib_meta(file, "max_sum_cost"), &limit, &decimals) != OK)
		return -1;
	/* both in units of 10^-(decimals + file->decimals): below 10^5 * 10^15 * 10^9 */
	most = limit;
	for (int i = 0; i < file->decimals; i++)
		most *= 10;
	for (int i = 0; i < decimals; i++)
		scale *= 10;
	for (size_t v = 0; v < file->votes.row_count; v++) {
		__int128 sum = 0;

		for (size_t i = file->start[v]; i < file->start[v + 1]; i++)
			sum += file->project[file->option[i]].cost;
		over += sum * scale > most;
	}
	return over;
}
