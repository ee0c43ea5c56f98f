#include "core/decide/panel/lottery.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A panel that would add less than this to z (a chance) is not worth having: 500 times finer
 * than the tolerance 0.0005 of the paper's program, so that errors of the many stages of
 * leximin don't add up to that. */
static const double gap = 1e-6;
/* What chances may be off by where the search for panels had to be cut short. */
static const double near = 1e-4;
/* What floating point may be off by. */
static const double noise = 1e-9;

enum { CLIMBS = 24, STARTS = 40, ROUNDS = 3, ROUNDS_MAX = 600, APPROACH_MAX = 2000 };

static uint64_t
hash_seats(const struct seat *seats, size_t count)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < count; i++) {
		h = (h ^ seats[i].kind) * UINT64_C(0x100000001b3);
		h = (h ^ seats[i].count) * UINT64_C(0x100000001b3);
	}
	return h ^ h >> 29;
}

/* The slot of a panel's seats, or the empty one where it would go. */
static uint32_t *
find_panel(const struct lottery *l, const struct seat *seats, size_t count)
{
	size_t at = (size_t)hash_seats(seats, count) & (l->table_size - 1);

	for (; l->table[at] != 0; at = (at + 1) & (l->table_size - 1)) {
		size_t j = l->table[at] - 1;

		if (l->first[j + 1] - l->first[j] == count &&
		    memcmp(l->seat + l->first[j], seats, count * sizeof *seats) == 0)
			break;
	}
	return &l->table[at];
}

/* Room for one more panel and its seats; what was outgrown stays in the arena. */
static enum status
make_room(struct lottery *l)
{
	size_t most = l->kinds->count < (size_t)l->program.seats ? l->kinds->count
	                                                        : (size_t)l->program.seats;

	if (l->first == NULL || l->panel_count + 2 > l->panels_size) {
		size_t size = l->first == NULL ? 256 : 2 * l->panels_size;
		size_t *first = ARENA_ARRAY(l->arena, size, size_t);
		uint32_t *table = ARENA_ARRAY(l->arena, 2 * size, uint32_t);

		if (first == NULL || table == NULL)
			return NO_MEMORY;
		if (l->first != NULL)
			memcpy(first, l->first, (l->panel_count + 1) * sizeof *first);
		l->first = first;
		l->table = table;
		l->panels_size = size;
		l->table_size = 2 * size;
		for (size_t j = 0; j < l->panel_count; j++)
			*find_panel(l, l->seat + first[j], first[j + 1] - first[j]) = (uint32_t)j + 1;
	}
	if (l->seat == NULL || l->first[l->panel_count] + most > l->seats_size) {
		size_t size = l->seat == NULL ? 64 * most : 2 * l->seats_size + most;
		struct seat *seat = ARENA_ARRAY(l->arena, size, struct seat);

		if (seat == NULL)
			return NO_MEMORY;
		if (l->seat != NULL)
			memcpy(seat, l->seat, l->first[l->panel_count] * sizeof *seat);
		l->seat = seat;
		l->seats_size = size;
	}
	return OK;
}

enum status
lottery_add(struct lottery *l, const uint32_t *panel, bool *ret_new)
{
	enum status st = make_room(l);
	struct seat *seats;
	size_t n = 0;
	uint32_t *slot;

	*ret_new = false;
	if (st != OK)
		return st;
	if (!program_allows(&l->program, panel))
		return FAILED;
	seats = l->seat + l->first[l->panel_count];
	for (size_t k = 0; k < l->kinds->count; k++)
		if (panel[k] > 0)
			seats[n++] = (struct seat){ (uint32_t)k, panel[k] };
	slot = find_panel(l, seats, n);
	if (*slot != 0)
		return OK;
	l->first[l->panel_count + 1] = l->first[l->panel_count] + n;
	*slot = (uint32_t)++l->panel_count;
	*ret_new = true;
	return OK;
}

static void
unpack(const struct lottery *l, size_t j, uint32_t *panel)
{
	memset(panel, 0, l->kinds->count * sizeof *panel);
	for (size_t i = l->first[j]; i < l->first[j + 1]; i++)
		panel[l->seat[i].kind] = l->seat[i].count;
}

/* Panels that differ: who was taken is worth less in the next round (× 0.8, by share of the
 * kind). As in the paper, but climbing from the last panel instead of solving anew. */
static enum status
first_panels(struct lottery *l)
{
	size_t n = l->kinds->count;
	size_t rounds = ROUNDS * n < ROUNDS_MAX ? ROUNDS * n : ROUNDS_MAX;
	double *mass = ARENA_ARRAY(l->arena, n, double);
	enum status st = mass == NULL ? NO_MEMORY : OK;

	for (size_t k = 0; k < n && st == OK; k++)
		mass[k] = 1;
	for (size_t round = 0; round < rounds && st == OK; round++) {
		bool is_new;
		double sum = 0;

		for (size_t k = 0; k < n; k++)
			l->worth[k] = mass[k] / l->kinds->size[k];
		(void)program_climb(&l->program, l->worth, l->panel);
		st = lottery_add(l, l->panel, &is_new);
		for (size_t k = 0; k < n; k++) {
			mass[k] *= 1 - 0.2 * l->panel[k] / l->kinds->size[k];
			sum += mass[k];
		}
		for (size_t k = 0; k < n; k++)
			mass[k] *= (double)n / sum;
	}
	return st;
}

/* A panel with one kind into l->panel: from known panels by swaps, then by the integer program. */
static enum status
panel_with(struct lottery *l, size_t kind)
{
	size_t step = l->panel_count / STARTS + 1;

	for (size_t j = 0; j < l->panel_count; j += step) {
		unpack(l, j, l->panel);
		if (program_force(&l->program, kind, l->panel))
			return OK;
	}
	memset(l->worth, 0, l->kinds->count * sizeof *l->worth);
	return program_with(&l->program, kind, l->worth, l->panel);
}

/* A panel for every kind that none has yet. None for it, or none found in PROGRAM_NODES nodes: its
 * people can't be drawn. */
static enum status
cover(struct lottery *l)
{
	size_t n = l->kinds->count;
	bool *covered = ARENA_ARRAY(l->arena, n, bool);
	enum status st = OK;

	if (covered == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < l->first[l->panel_count]; i++)
		covered[l->seat[i].kind] = true;
	for (size_t k = 0; k < n && st == OK; k++) {
		bool is_new;

		if (covered[k])
			continue;
		st = panel_with(l, k);
		if (st == NOT_FOUND || st == UNAVAILABLE) {
			l->uncovered[k] = true;
			st = OK;
			continue;
		}
		if (st == OK)
			st = lottery_add(l, l->panel, &is_new);
		for (size_t i = 0; i < n && st == OK; i++)
			covered[i] |= l->panel[i] > 0;
	}
	unpack(l, 0, l->panel); /* some panel, for whoever climbs next */
	return st;
}

static void
make_master(struct lottery *l)
{
	glp_prob *lp = glp_create_prob();
	int rows = (int)l->kinds->count + 1;

	l->master = lp;
	glp_set_obj_dir(lp, GLP_MAX);
	glp_add_rows(lp, rows);
	glp_set_row_bnds(lp, rows, GLP_FX, 1, 1);
	glp_add_cols(lp, 1);
	glp_set_col_bnds(lp, 1, GLP_FR, 0, 0);
	glp_set_obj_coef(lp, 1, 1);
}

enum status
lottery_open(struct lottery *l, const struct kinds *kinds,
             const struct sortition_request *request, struct arena *arena)
{
	size_t n = kinds->count;
	enum status st;
	double worth;
	bool is_new;

	*l = (struct lottery){ .kinds = kinds, .request = request, .arena = arena };
	l->uncovered = ARENA_ARRAY(arena, n, bool);
	l->worth = ARENA_ARRAY(arena, n, double);
	l->floor = ARENA_ARRAY(arena, n, double);
	l->lift = ARENA_ARRAY(arena, n, double);
	l->panel = ARENA_ARRAY(arena, n, uint32_t);
	l->other = ARENA_ARRAY(arena, n, uint32_t);
	if (l->uncovered == NULL || l->worth == NULL || l->floor == NULL || l->lift == NULL ||
	    l->panel == NULL || l->other == NULL)
		return NO_MEMORY;
	st = program_open(&l->program, kinds, request->size, arena);
	if (st != OK)
		return st;
	l->program.nodes_max = 50 * PROGRAM_NODES;
	st = program_best(&l->program, l->worth, -INFINITY, l->panel, &worth);
	l->program.nodes_max = PROGRAM_NODES;
	if (st != OK)
		return st == NOT_FOUND ? REFUSED : st == UNAVAILABLE ? FAILED : st;
	st = lottery_add(l, l->panel, &is_new);
	if (st == OK)
		st = program_narrow(&l->program);
	if (st == OK)
		st = first_panels(l);
	if (st == OK)
		st = cover(l);
	make_master(l);
	return st;
}

void
lottery_close(struct lottery *l)
{
	if (l->master != NULL)
		glp_delete_prob(l->master);
	l->master = NULL;
	program_close(&l->program);
}

/* Gives new panels their columns. */
static void
add_columns(struct lottery *l)
{
	glp_prob *lp = l->master;
	int rows[1 + 1 + SORTITION_SEATS_MAX];
	double values[1 + 1 + SORTITION_SEATS_MAX];

	for (; l->in_master < l->panel_count; l->in_master++) {
		int column = glp_add_cols(lp, 1), len = 0;

		for (size_t i = l->first[l->in_master]; i < l->first[l->in_master + 1]; i++) {
			rows[++len] = (int)l->seat[i].kind + 1;
			values[len] = (double)l->seat[i].count / l->kinds->size[l->seat[i].kind];
		}
		rows[++len] = (int)l->kinds->count + 1;
		values[len] = 1;
		glp_set_mat_col(lp, column, len, rows, values);
		glp_set_col_bnds(lp, column, GLP_LO, 0, 0);
	}
}

static enum status
set_rows(struct lottery *l)
{
	glp_prob *lp = l->master;
	size_t n = l->kinds->count;
	int *rows = ARENA_ARRAY(l->arena, n + 1, int), len = 0;
	double *values = ARENA_ARRAY(l->arena, n + 1, double);

	if (rows == NULL || values == NULL)
		return NO_MEMORY;
	for (size_t k = 0; k < n; k++) {
		glp_set_row_bnds(lp, (int)k + 1, GLP_LO, l->floor[k], 0);
		if (l->lift[k] != 0) {
			rows[++len] = (int)k + 1;
			values[len] = -l->lift[k];
		}
	}
	glp_set_mat_col(lp, 1, len, rows, values);
	return OK;
}

static enum status
solve_master(struct lottery *l)
{
	glp_prob *lp = l->master;
	glp_smcp how;
	int wrong;

	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	wrong = glp_simplex(lp, &how);
	if (wrong != 0 || glp_get_status(lp) != GLP_OPT) {
		glp_adv_basis(lp, 0);
		wrong = glp_simplex(lp, &how);
	}
	return wrong == 0 && glp_get_status(lp) == GLP_OPT ? OK : FAILED;
}

/* What a seat is worth by the duals; *ret_cost what a panel must be worth to help. */
static void
set_worth(struct lottery *l, double *ret_cost)
{
	size_t n = l->kinds->count;

	for (size_t k = 0; k < n; k++) {
		double y = -glp_get_row_dual(l->master, (int)k + 1);

		l->worth[k] = y > 0 ? y / l->kinds->size[k] : 0;
	}
	*ret_cost = glp_get_row_dual(l->master, (int)n + 1);
}

/* Climbs from panels that have weight; adds what helps. */
static enum status
climb_all(struct lottery *l, double cost, size_t *ret_added)
{
	glp_prob *lp = l->master;
	size_t tried = 0;

	*ret_added = 0;
	for (size_t j = l->in_master; j-- > 0 && tried < CLIMBS;) {
		bool is_new = false;
		enum status st;

		if (glp_get_col_stat(lp, (int)j + 2) != GLP_BS)
			continue;
		tried++;
		unpack(l, j, l->panel);
		if (program_climb(&l->program, l->worth, l->panel) <= cost + gap)
			continue;
		st = lottery_add(l, l->panel, &is_new);
		if (st != OK)
			return st;
		*ret_added += is_new;
	}
	return OK;
}

/* A panel that helps by the integer program. *ret_bound: no panel is worth more. */
static enum status
price(struct lottery *l, double cost, double *ret_bound, size_t *ret_added)
{
	double value;
	bool is_new = false;
	enum status st = program_best(&l->program, l->worth, cost + 20 * gap, l->panel, &value);

	*ret_added = 0;
	if (st == OK && value > cost + gap)
		st = lottery_add(l, l->panel, &is_new);
	*ret_added += is_new;
	*ret_bound = l->program.bound;
	return st == NOT_FOUND ? FAILED : st == UNAVAILABLE ? OK : st;
}

static void
report(const struct lottery *l, size_t done, size_t all)
{
	if (l->request->progress != NULL)
		l->request->progress(l->request->context, done, all);
}

/* How near the chances are to those looked for, by digits. */
static void
report_shortfall(const struct lottery *l, double z)
{
	enum { STEPS = 1000 };
	double share = z < 0 ? log10(fmax(-z, gap)) / log10(gap) : 1;

	report(l, (size_t)(fmax(fmin(share, 1), 0) * STEPS), STEPS);
}

enum status
lottery_maximise(struct lottery *l, double enough, double hopeless, double *ret_z,
                 double *ret_bound)
{
	enum status st = set_rows(l);

	*ret_bound = INFINITY;
	while (st == OK) {
		double cost, most = 0;
		size_t added = 0;

		add_columns(l);
		st = solve_master(l);
		if (st != OK)
			break;
		*ret_z = glp_get_col_prim(l->master, 1);
		set_worth(l, &cost);
		if (*ret_z >= enough)
			break;
		if (*ret_z < 0)
			report_shortfall(l, *ret_z);
		st = climb_all(l, cost, &added);
		if (st != OK || added > 0)
			continue;
		st = price(l, cost, &most, &added);
		if (st == OK && *ret_z + fmax(most - cost, 0) < *ret_bound)
			*ret_bound = *ret_z + fmax(most - cost, 0);
		if (added == 0 || *ret_bound < hopeless)
			break;
	}
	return st;
}

/* Leximin as in the paper: z as large as can be, then kinds whose dual says that they can't have
 * more are settled at it, and again for the rest. A kind with dual y is off by gap / y at most. */
static enum status
solve_stages(struct lottery *l, double *chance)
{
	size_t n = l->kinds->count, left = 0;
	enum status st = OK;

	for (size_t k = 0; k < n; k++) {
		chance[k] = 0;
		l->floor[k] = 0;
		l->lift[k] = l->uncovered[k] ? 0 : 1;
		left += !l->uncovered[k];
	}
	while (left > 0 && st == OK) {
		double z, bound, most = 0, least;

		report(l, n - left, n);
		st = lottery_maximise(l, INFINITY, -INFINITY, &z, &bound);
		for (size_t k = 0; k < n; k++)
			if (l->lift[k] != 0)
				most = fmax(most, l->worth[k] * l->kinds->size[k]);
		least = fmin(0.005, most / 2);
		for (size_t k = 0; k < n && st == OK; k++) {
			if (l->lift[k] == 0 || l->worth[k] * l->kinds->size[k] < least)
				continue;
			chance[k] = z;
			l->floor[k] = fmax(z - noise, 0);
			l->lift[k] = 0;
			left--;
		}
	}
	return st;
}

/* Panels whose average comes near these chances, by multiplicative weights: a kind that has had
 * less than its chance is worth more in the next round. Much cheaper than as many solutions of
 * the master program, which then has only the fine work left. */
static enum status
approach(struct lottery *l, const double *chance)
{
	size_t n = l->kinds->count, rounds = 4 * n < APPROACH_MAX ? 4 * n : APPROACH_MAX;
	double *mass = ARENA_ARRAY(l->arena, n, double);
	enum status st = mass == NULL ? NO_MEMORY : OK;

	for (size_t k = 0; k < n && st == OK; k++)
		mass[k] = 1;
	for (size_t round = 0; round < rounds && st == OK; round++) {
		bool is_new;

		for (size_t k = 0; k < n; k++)
			l->worth[k] = mass[k] / l->kinds->size[k];
		(void)program_climb(&l->program, l->worth, l->panel);
		st = lottery_add(l, l->panel, &is_new);
		for (size_t k = 0; k < n; k++) {
			double had = (double)l->panel[k] / l->kinds->size[k];

			mass[k] = fmin(fmax(mass[k] * (1 - 0.3 * (had - chance[k])), 1e-9), 1e9);
		}
	}
	return st;
}

/* Whether a lottery gives these chances (*ret_given), and the panels for it. */
static enum status
give(struct lottery *l, const double *chance, bool search, bool *ret_given)
{
	double z, bound;
	enum status st;

	for (size_t k = 0; k < l->kinds->count; k++) {
		l->floor[k] = chance[k];
		l->lift[k] = 1;
	}
	st = lottery_maximise(l, search ? -gap / 4 : -INFINITY, -gap / 4, &z, &bound);
	/* Near enough, when a search was too long to know whether there is better. */
	*ret_given = z >= -gap / 4 || (search && l->program.gave_up > 0 && z >= -near);
	return st;
}

static enum status
solve_leximin(struct lottery *l, double *chance)
{
	bool given = false;
	enum status st = target_relaxed(l, false, chance);

	if (st == OK)
		st = approach(l, chance);
	if (st == OK)
		st = give(l, chance, true, &given);
	if (st != OK || given)
		return st;
	st = solve_stages(l, chance);
	return st == OK ? give(l, chance, false, &given) : st;
}

static enum status
solve_maximin(struct lottery *l, double *chance)
{
	double z, bound;
	enum status st = target_relaxed(l, true, chance);

	for (size_t k = 0; k < l->kinds->count; k++) {
		l->floor[k] = 0;
		l->lift[k] = l->uncovered[k] ? 0 : 1;
	}
	return st == OK ? lottery_maximise(l, chance[0] - noise, -INFINITY, &z, &bound) : st;
}

enum status
lottery_solve(struct lottery *l, double **ret_weight)
{
	double *chance = ARENA_ARRAY(l->arena, l->kinds->count, double), *weight;
	enum status st;

	if (chance == NULL)
		return NO_MEMORY;
	st = l->request->algorithm == SORTITION_LEXIMIN ? solve_leximin(l, chance)
	                                                : solve_maximin(l, chance);
	if (st != OK)
		return st;
	weight = ARENA_ARRAY(l->arena, l->panel_count, double);
	if (weight == NULL)
		return NO_MEMORY;
	for (size_t j = 0; j < l->in_master; j++)
		weight[j] = fmax(glp_get_col_prim(l->master, (int)j + 2), 0);
	*ret_weight = weight;
	return OK;
}
