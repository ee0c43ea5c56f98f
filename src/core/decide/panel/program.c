#include "core/decide/panel/program.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void
bound_row(glp_prob *lp, int row, int64_t min, int64_t max)
{
	glp_set_row_bnds(lp, row, min == max ? GLP_FX : GLP_DB, (double)min, (double)max);
}

/* One row per value whose quota can bind, one per home, one for the seats. */
static void
add_rows(struct program *p)
{
	const struct kinds *kinds = p->kinds;
	glp_prob *lp = p->lp;
	int row = glp_add_rows(lp, 1);

	bound_row(lp, row, p->seats, p->seats);
	for (size_t v = 0; v < p->pool->value_count; v++) {
		const struct pool_value *value = &p->pool->values[v];
		int64_t most = value->people < p->seats ? value->people : p->seats;

		p->min[v] = value->min;
		p->max[v] = value->max < most ? value->max : most;
		p->value_row[v] = 0;
		if (value->min == 0 && value->max >= most)
			continue;
		p->value_row[v] = row = glp_add_rows(lp, 1);
		/* As written, also when nobody can meet it: the program then has no panel. */
		bound_row(lp, row, value->min, value->max);
	}
	for (size_t h = 0; h < kinds->home_count; h++) {
		row = glp_add_rows(lp, 1);
		glp_set_row_bnds(lp, row, GLP_UP, 0, 1);
	}
}

static void
add_columns(struct program *p, int first_home_row)
{
	const struct kinds *kinds = p->kinds;
	glp_prob *lp = p->lp;
	int rows[POOL_CATEGORIES_MAX + 3];
	double ones[POOL_CATEGORIES_MAX + 3];

	glp_add_cols(lp, (int)kinds->count);
	for (size_t k = 0; k < kinds->count; k++) {
		const uint16_t *features = kinds_features(kinds, k);
		int len = 1, column = (int)k + 1;

		rows[len++] = 1;
		for (size_t c = 0; c < p->pool->category_count; c++)
			if (p->value_row[features[c]] != 0)
				rows[len++] = p->value_row[features[c]];
		if (kinds->home[k] >= 0)
			rows[len++] = first_home_row + kinds->home[k];
		for (int i = 1; i < len; i++)
			ones[i] = 1;
		glp_set_mat_col(lp, column, len - 1, rows, ones);
		glp_set_col_kind(lp, column, GLP_IV);
		glp_set_col_bnds(lp, column, GLP_DB, 0, kinds->size[k]);
	}
}

enum status
program_open(struct program *p, const struct kinds *kinds, int64_t seats, struct arena *arena)
{
	size_t values = kinds->pool->value_count;
	int last;

	*p = (struct program){ .kinds = kinds, .pool = kinds->pool, .seats = seats,
	                       .nodes_max = PROGRAM_NODES };
	p->value_row = ARENA_ARRAY(arena, values, int);
	p->min = ARENA_ARRAY(arena, values, int64_t);
	p->max = ARENA_ARRAY(arena, values, int64_t);
	p->count = ARENA_ARRAY(arena, values, int64_t);
	p->home_seats = ARENA_ARRAY(arena, kinds->home_count, uint32_t);
	p->order = ARENA_ARRAY(arena, kinds->count, uint32_t);
	if (p->value_row == NULL || p->min == NULL || p->max == NULL || p->count == NULL ||
	    p->home_seats == NULL || p->order == NULL)
		return NO_MEMORY;
	glp_term_out(GLP_OFF);
	p->lp = glp_create_prob();
	glp_set_obj_dir(p->lp, GLP_MAX);
	add_rows(p);
	last = glp_get_num_rows(p->lp);
	add_columns(p, last - (int)kinds->home_count + 1);
	glp_std_basis(p->lp);
	return OK;
}

void
program_close(struct program *p)
{
	if (p->lp != NULL)
		glp_delete_prob(p->lp);
	p->lp = NULL;
}

/* Seats by value and by home, into the scratch. */
static int64_t
tally(struct program *p, const uint32_t *panel)
{
	const struct kinds *kinds = p->kinds;
	int64_t seats = 0;

	memset(p->count, 0, p->pool->value_count * sizeof *p->count);
	memset(p->home_seats, 0, kinds->home_count * sizeof *p->home_seats);
	for (size_t k = 0; k < kinds->count; k++) {
		const uint16_t *features = kinds_features(kinds, k);

		if (panel[k] == 0)
			continue;
		seats += panel[k];
		for (size_t c = 0; c < p->pool->category_count; c++)
			p->count[features[c]] += panel[k];
		if (kinds->home[k] >= 0)
			p->home_seats[kinds->home[k]] += panel[k];
	}
	return seats;
}

bool
program_allows(struct program *p, const uint32_t *panel)
{
	if (tally(p, panel) != p->seats)
		return false;
	for (size_t k = 0; k < p->kinds->count; k++)
		if (panel[k] > p->kinds->size[k])
			return false;
	for (size_t v = 0; v < p->pool->value_count; v++)
		if (p->count[v] < p->pool->values[v].min || p->count[v] > p->pool->values[v].max)
			return false;
	for (size_t h = 0; h < p->kinds->home_count; h++)
		if (p->home_seats[h] > 1)
			return false;
	return true;
}

/* Simplex from where the last left off; from the start again when that went wrong. */
static int
solve_relaxed(glp_prob *lp)
{
	glp_smcp how;
	int wrong;

	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	wrong = glp_simplex(lp, &how);
	if (wrong != 0) {
		glp_std_basis(lp);
		wrong = glp_simplex(lp, &how);
	}
	return wrong != 0 ? GLP_UNDEF : glp_get_status(lp);
}

/* When to end a search: a panel of enough worth, or too many nodes (not time: the same input
 * shall give the same outcome). */
struct stop {
	double enough, bound; /* bound: nothing is worth more; known once it ended too soon */
	int nodes;
	bool gave_up;
};

static void
end_search(glp_tree *tree, struct stop *stop)
{
	int best = glp_ios_best_node(tree);

	stop->bound = best == 0 ? INFINITY : glp_ios_node_bound(tree, best);
	glp_ios_terminate(tree);
}

static void
stop_search(glp_tree *tree, void *context)
{
	struct stop *stop = context;
	int nodes;

	if (glp_ios_reason(tree) == GLP_IBINGO &&
	    glp_mip_obj_val(glp_ios_get_prob(tree)) >= stop->enough) {
		end_search(tree, stop);
		return;
	}
	if (glp_ios_reason(tree) != GLP_ISELECT)
		return;
	glp_ios_tree_size(tree, NULL, NULL, &nodes);
	if (nodes <= stop->nodes)
		return;
	stop->gave_up = true;
	end_search(tree, stop);
}

/* Branch and bound after the relaxation has been solved. */
static enum status
search(struct program *p, const double *worth, double enough, int backtracking,
       uint32_t *ret_panel, double *ret_worth)
{
	glp_prob *lp = p->lp;
	struct stop stop = { enough, -INFINITY, p->nodes_max, false };
	glp_iocp how;
	int status, wrong;

	glp_init_iocp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.br_tech = p->by_half ? GLP_BR_MFV : GLP_BR_DTH;
	how.bt_tech = backtracking;
	how.cb_func = stop_search;
	how.cb_info = &stop;
	p->solved++;
	wrong = glp_intopt(lp, &how);
	status = glp_mip_status(lp);
	p->gave_up += stop.gave_up;
	p->bound = stop.bound;
	if (stop.gave_up && status != GLP_FEAS)
		return UNAVAILABLE;
	if ((wrong != 0 && wrong != GLP_ESTOP) || status == GLP_UNDEF)
		return FAILED;
	if (status == GLP_NOFEAS)
		return NOT_FOUND;
	*ret_worth = 0;
	for (size_t k = 0; k < p->kinds->count; k++) {
		ret_panel[k] = (uint32_t)lround(glp_mip_col_val(lp, (int)k + 1));
		*ret_worth += worth[k] * ret_panel[k];
	}
	p->bound = fmax(p->bound, *ret_worth);
	return program_allows(p, ret_panel) ? OK : FAILED;
}

/* The best panel in which people may have parts. */
static enum status
relax(struct program *p, const double *worth)
{
	int status;

	for (size_t k = 0; k < p->kinds->count; k++)
		glp_set_obj_coef(p->lp, (int)k + 1, worth[k]);
	status = solve_relaxed(p->lp);
	return status == GLP_OPT ? OK : status == GLP_UNDEF ? FAILED : NOT_FOUND;
}

enum status
program_best(struct program *p, const double *worth, double enough, uint32_t *ret_panel,
             double *ret_worth)
{
	enum status st = relax(p, worth);

	/* Any panel at all: straight down. */
	return st != OK ? st
	                : search(p, worth, enough, enough == -INFINITY ? GLP_BT_DFS : GLP_BT_BLB,
	                         ret_panel, ret_worth);
}

enum status
program_toward(struct program *p, const double *worth, double from, double share,
               uint32_t *panel, bool *ret_climbed)
{
	enum status st = relax(p, worth);
	double wanted = from + share * (glp_get_obj_val(p->lp) - from), found;

	if (st != OK)
		return st;
	*ret_climbed = program_climb(p, worth, panel) >= wanted;
	return *ret_climbed ? OK : search(p, worth, wanted, GLP_BT_BLB, panel, &found);
}

enum status
program_with(struct program *p, size_t kind, const double *worth, uint32_t *ret_panel)
{
	double found;
	enum status st;

	glp_set_col_bnds(p->lp, (int)kind + 1, p->kinds->size[kind] == 1 ? GLP_FX : GLP_DB, 1,
	                 p->kinds->size[kind]);
	st = program_best(p, worth, -INFINITY, ret_panel, &found);
	glp_set_col_bnds(p->lp, (int)kind + 1, GLP_DB, 0, p->kinds->size[kind]);
	return st;
}

/* Whether one seat may go from kind a to kind b; the scratch holds the panel's tally. */
static bool
may_swap(const struct program *p, size_t a, size_t b)
{
	const uint16_t *from = kinds_features(p->kinds, a), *to = kinds_features(p->kinds, b);
	int32_t home = p->kinds->home[b];

	for (size_t c = 0; c < p->pool->category_count; c++)
		if (from[c] != to[c] && (p->count[from[c]] <= p->min[from[c]] ||
		                         p->count[to[c]] >= p->max[to[c]]))
			return false;
	return home < 0 || p->home_seats[home] == 0 || home == p->kinds->home[a];
}

static void
swap_seat(struct program *p, uint32_t *panel, size_t a, size_t b)
{
	const uint16_t *from = kinds_features(p->kinds, a), *to = kinds_features(p->kinds, b);

	panel[a]--;
	panel[b]++;
	for (size_t c = 0; c < p->pool->category_count; c++) {
		p->count[from[c]]--;
		p->count[to[c]]++;
	}
	if (p->kinds->home[a] >= 0)
		p->home_seats[p->kinds->home[a]]--;
	if (p->kinds->home[b] >= 0)
		p->home_seats[p->kinds->home[b]]++;
}

static int
by_worth(const void *a, const void *b, void *context)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const double *worth = context;

	if (worth[x] != worth[y])
		return worth[x] > worth[y] ? -1 : 1;
	return (x > y) - (x < y);
}

double
program_climb(struct program *p, const double *worth, uint32_t *panel)
{
	size_t n = p->kinds->count;
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		p->order[i] = (uint32_t)i;
	qsort_r(p->order, n, sizeof *p->order, by_worth, (void *)worth);
	(void)tally(p, panel);
	for (;;) {
		double most = 1e-12;
		size_t best_a = n, best_b = n;

		for (size_t i = n; i-- > 0;) {
			size_t a = p->order[i];

			if (panel[a] == 0)
				continue;
			for (size_t j = 0; j < i; j++) {
				size_t b = p->order[j];

				if (worth[b] - worth[a] <= most)
					break;
				if (panel[b] == p->kinds->size[b] || !may_swap(p, a, b))
					continue;
				most = worth[b] - worth[a];
				best_a = a;
				best_b = b;
			}
		}
		if (best_a == n)
			break;
		swap_seat(p, panel, best_a, best_b);
	}
	for (size_t i = 0; i < n; i++)
		sum += worth[i] * panel[i];
	return sum;
}

/* How far so many seats of a value are from its quota. */
static int64_t
off_quota(const struct program *p, size_t value, int64_t count)
{
	if (count < p->min[value])
		return p->min[value] - count;
	return count > p->max[value] ? count - p->max[value] : 0;
}

/* By how much a swap brings the panel nearer to the quotas and homes (below 0) or away. */
static int64_t
swap_cost(const struct program *p, size_t a, size_t b)
{
	const uint16_t *from = kinds_features(p->kinds, a), *to = kinds_features(p->kinds, b);
	int32_t left = p->kinds->home[a], entered = p->kinds->home[b];
	int64_t cost = 0;

	for (size_t c = 0; c < p->pool->category_count; c++) {
		int64_t f = p->count[from[c]], t = p->count[to[c]];

		if (from[c] != to[c])
			cost += off_quota(p, from[c], f - 1) - off_quota(p, from[c], f) +
			        off_quota(p, to[c], t + 1) - off_quota(p, to[c], t);
	}
	if (left != entered) {
		cost -= left >= 0 && p->home_seats[left] > 1;
		cost += entered >= 0 && p->home_seats[entered] > 0;
	}
	return cost;
}

bool
program_force(struct program *p, size_t kind, uint32_t *panel)
{
	enum { STEPS = 60 };
	size_t n = p->kinds->count, last = n;
	int64_t off = 0;

	(void)tally(p, panel);
	for (int step = 0; step < STEPS && (panel[kind] == 0 || off > 0); step++) {
		int64_t least = INT64_MAX;
		size_t best_a = n, best_b = n;

		for (size_t a = 0; a < n; a++) {
			if (panel[a] == 0 || a == kind)
				continue;
			for (size_t b = 0; b < n; b++) {
				int64_t cost;

				if (b == a || b == last || panel[b] == p->kinds->size[b] ||
				    (step == 0 && b != kind))
					continue;
				cost = swap_cost(p, a, b);
				if (cost >= least)
					continue;
				least = cost;
				best_a = a;
				best_b = b;
			}
		}
		if (best_a == n || (step > 0 && least > 0))
			return false;
		swap_seat(p, panel, best_a, best_b);
		off += least;
		last = best_a; /* it does not come back at once */
	}
	return panel[kind] > 0 && off == 0;
}

/* The most (or least) seats of people with a value, by linear programming. */
static enum status
reach(struct program *p, size_t value, int direction, double *ret)
{
	glp_prob *lp = p->lp;
	int status;

	for (size_t k = 0; k < p->kinds->count; k++) {
		size_t category = p->pool->values[value].category;

		glp_set_obj_coef(lp, (int)k + 1,
		                 kinds_features(p->kinds, k)[category] == value ? 1 : 0);
	}
	glp_set_obj_dir(lp, direction);
	status = solve_relaxed(lp);
	*ret = glp_get_obj_val(lp);
	glp_set_obj_dir(lp, GLP_MAX);
	return status == GLP_OPT ? OK : FAILED;
}

enum status
program_narrow(struct program *p)
{
	const double slack = 1e-6;

	for (size_t v = 0; v < p->pool->value_count; v++) {
		double most, least;
		enum status st;

		if (p->value_row[v] == 0)
			continue;
		st = reach(p, v, GLP_MAX, &most);
		if (st == OK)
			st = reach(p, v, GLP_MIN, &least);
		if (st != OK)
			return st;
		if (floor(most + slack) < (double)p->max[v])
			p->max[v] = (int64_t)floor(most + slack);
		if (ceil(least - slack) > (double)p->min[v])
			p->min[v] = (int64_t)ceil(least - slack);
		if (p->min[v] > p->max[v])
			return FAILED; /* asked only after a panel was found */
		bound_row(p->lp, p->value_row[v], p->min[v], p->max[v]);
	}
	return OK;
}
