#include "core/decide/panel/stages.h"

#include <glpk.h>
#include <math.h>

/* A panel that would add less than this to z is not worth having. */
static const double gap = 1e-6;
/* Kinds whose dual is at least this are settled: they are off by gap / dual, 0.0001, at most. */
static const double binding = 0.01;
/* What settled chances may fall short by: as little as the solver lets. */
static const double slack_least = 1e-8, slack_most = 1e-5;

/* Column 1 is z, j + 2 panel j's weight. Row k + 1 says that the kind's chance is z at least, or what
 * it was settled at; the last that weights sum to one. */
struct stages {
	struct lottery *l;
	glp_prob *lp;
	size_t in_lp; /* panels that have a column */
	bool *settled;
	double slack;
	size_t left;
};

static enum status
open_stages(struct stages *s, struct lottery *l)
{
	size_t n = l->kinds->count;
	int last = (int)n + 1;

	*s = (struct stages){ .l = l, .slack = slack_least, .settled = ARENA_ARRAY(l->arena, n, bool) };
	if (s->settled == NULL)
		return NO_MEMORY;
	s->lp = glp_create_prob();
	glp_set_obj_dir(s->lp, GLP_MAX);
	glp_add_rows(s->lp, last);
	glp_set_row_bnds(s->lp, last, GLP_FX, 1, 1);
	glp_add_cols(s->lp, 1);
	glp_set_col_bnds(s->lp, 1, GLP_FR, 0, 0);
	glp_set_obj_coef(s->lp, 1, 1);
	for (size_t k = 0; k < n; k++) {
		l->chance[k] = 0;
		s->settled[k] = l->uncovered[k];
		s->left += !l->uncovered[k];
	}
	return OK;
}

/* Gives new panels their columns. */
static void
add_columns(struct stages *s)
{
	const struct lottery *l = s->l;
	int rows[1 + 1 + SORTITION_SEATS_MAX];
	double values[1 + 1 + SORTITION_SEATS_MAX];

	for (; s->in_lp < l->panel_count; s->in_lp++) {
		int column = glp_add_cols(s->lp, 1), len = 0;

		for (size_t i = l->first[s->in_lp]; i < l->first[s->in_lp + 1]; i++) {
			rows[++len] = (int)l->seat[i].kind + 1;
			values[len] = (double)l->seat[i].count / l->kinds->size[l->seat[i].kind];
		}
		rows[++len] = (int)l->kinds->count + 1;
		values[len] = 1;
		glp_set_mat_col(s->lp, column, len, rows, values);
		glp_set_col_bnds(s->lp, column, GLP_LO, 0, 0);
	}
}

/* What each row says in this stage. */
static enum status
set_rows(struct stages *s)
{
	size_t n = s->l->kinds->count;
	int *rows = ARENA_ARRAY(s->l->arena, n + 1, int), len = 0;
	double *values = ARENA_ARRAY(s->l->arena, n + 1, double);

	if (rows == NULL || values == NULL)
		return NO_MEMORY;
	for (size_t k = 0; k < n; k++) {
		double least = s->settled[k] ? fmax(s->l->chance[k] - s->slack, 0) : 0;

		glp_set_row_bnds(s->lp, (int)k + 1, GLP_LO, least, 0);
		if (s->settled[k])
			continue;
		rows[++len] = (int)k + 1;
		values[len] = -1;
	}
	glp_set_mat_col(s->lp, 1, len, rows, values);
	return OK;
}

static bool
solve_once(struct stages *s)
{
	enum { ROUNDS = 20 };
	glp_smcp how;

	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.it_lim = ROUNDS * (glp_get_num_rows(s->lp) + glp_get_num_cols(s->lp)); /* it may go in a circle */
	return glp_simplex(s->lp, &how) == 0 && glp_get_status(s->lp) == GLP_OPT;
}

/* Where rounding left settled chances no room, with more of it. */
static enum status
solve(struct stages *s)
{
	for (;;) {
		enum status st;

		if (solve_once(s))
			return OK;
		glp_adv_basis(s->lp, 0);
		if (solve_once(s))
			return OK;
		s->slack *= 10;
		if (s->slack > slack_most)
			return FAILED;
		st = set_rows(s);
		if (st != OK)
			return st;
	}
}

static double
dual(const struct stages *s, size_t k)
{
	return fmax(-glp_get_row_dual(s->lp, (int)k + 1), 0);
}

/* A panel that makes z larger, if the search finds one. */
static enum status
price(struct stages *s, bool *ret_new)
{
	struct lottery *l = s->l;
	double cost = glp_get_row_dual(s->lp, (int)l->kinds->count + 1), value;
	enum status st;

	*ret_new = false;
	for (size_t k = 0; k < l->kinds->count; k++)
		l->worth[k] = dual(s, k) / l->kinds->size[k];
	st = program_best(&l->program, l->worth, cost + 20 * gap, l->panel, &value);
	if (st == OK && value > cost + gap)
		st = lottery_add(l, ret_new);
	return st == UNAVAILABLE ? OK : st == NOT_FOUND ? FAILED : st;
}

/* Makes z as large as can be. */
static enum status
maximise(struct stages *s)
{
	enum status st = set_rows(s);
	bool is_new = true;

	while (is_new && st == OK) {
		add_columns(s);
		st = solve(s);
		if (st == OK)
			st = price(s, &is_new);
	}
	return st;
}

/* Settles the kinds that can't have more than z. */
static void
settle(struct stages *s)
{
	double z = glp_get_col_prim(s->lp, 1), most = 0;
	size_t n = s->l->kinds->count;

	for (size_t k = 0; k < n; k++)
		if (!s->settled[k])
			most = fmax(most, dual(s, k));
	for (size_t k = 0; k < n; k++) {
		if (s->settled[k] || dual(s, k) < fmin(binding, most))
			continue;
		s->l->chance[k] = z;
		s->settled[k] = true;
		s->left--;
	}
}

static enum status
solve_all(struct stages *s)
{
	bool only_least = s->l->request->algorithm == SORTITION_MAXIMIN;
	size_t all = s->left;
	enum status st = OK;

	for (bool more = true; more && st == OK;) {
		lottery_report(s->l, (double)(all - s->left) / (double)all);
		st = maximise(s);
		if (st == OK)
			settle(s);
		more = !only_least && s->left > 0;
	}
	return st;
}

enum status
stages_solve(struct lottery *l, double **ret_weight)
{
	struct stages s;
	enum status st = open_stages(&s, l);

	if (st == OK)
		st = solve_all(&s);
	if (st == OK) {
		*ret_weight = ARENA_ARRAY(l->arena, l->panel_count, double);
		st = *ret_weight == NULL ? NO_MEMORY : OK;
	}
	for (size_t j = 0; st == OK && j < s.in_lp; j++)
		(*ret_weight)[j] = fmax(glp_get_col_prim(s.lp, (int)j + 2), 0);
	if (s.lp != NULL)
		glp_delete_prob(s.lp);
	return st;
}
