#include "core/decide/panel/lottery.h"

#include <glpk.h>
#include <math.h>
#include <string.h>

/* The relaxation and its cuts: seats of each kind, parts allowed, and z. Row base + k + 1 says
 * seats[k] − size[k]·z ≥ 0; once the kind is settled it says nothing, and seats[k] ≥ size[k] times
 * its chance. The dual of a person is that of the row times the kind's size. */
struct target {
	struct lottery *l;
	glp_prob *lp;
	int base, z;
	bool *settled;
	size_t left;
	double slack; /* what a settled chance may fall short by, so that rounding leaves the rest room */
};

static enum status
add_cuts(struct target *t)
{
	size_t n = t->l->kinds->count;
	int *columns = ARENA_ARRAY(t->l->arena, n + 1, int);
	double *values = ARENA_ARRAY(t->l->arena, n + 1, double);

	if (columns == NULL || values == NULL)
		return NO_MEMORY;
	for (size_t k = 0; k < n; k++)
		columns[k + 1] = (int)k + 1;
	for (const struct cut *cut = t->l->cuts; cut != NULL; cut = cut->next) {
		int row = glp_add_rows(t->lp, 1);

		memcpy(values + 1, cut->worth, n * sizeof *values);
		glp_set_mat_row(t->lp, row, (int)n, columns, values);
		glp_set_row_bnds(t->lp, row, GLP_UP, 0, cut->most);
	}
	return OK;
}

static enum status
open_target(struct target *t, struct lottery *l)
{
	size_t n = l->kinds->count;

	*t = (struct target){ .l = l, .settled = ARENA_ARRAY(l->arena, n, bool) };
	if (t->settled == NULL)
		return NO_MEMORY;
	t->lp = glp_create_prob();
	glp_copy_prob(t->lp, l->program.lp, GLP_OFF);
	t->base = glp_get_num_rows(t->lp);
	t->z = glp_add_cols(t->lp, 1);
	glp_set_col_bnds(t->lp, t->z, GLP_FR, 0, 0);
	glp_add_rows(t->lp, (int)n);
	for (size_t k = 0; k < n; k++) {
		int column = (int)k + 1, row = t->base + column;
		int columns[3] = { 0, column, t->z };
		double values[3] = { 0, 1, -(double)l->kinds->size[k] };

		glp_set_obj_coef(t->lp, column, 0);
		t->settled[k] = l->uncovered[k];
		t->left += !l->uncovered[k];
		if (l->uncovered[k])
			glp_set_col_bnds(t->lp, column, GLP_FX, 0, 0);
		glp_set_mat_row(t->lp, row, l->uncovered[k] ? 1 : 2, columns, values);
		glp_set_row_bnds(t->lp, row, GLP_LO, 0, 0);
	}
	glp_set_obj_coef(t->lp, t->z, 1);
	glp_std_basis(t->lp);
	return add_cuts(t);
}

static enum status
solve(glp_prob *lp)
{
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

static double
dual(const struct target *t, size_t k)
{
	return -glp_get_row_dual(t->lp, t->base + (int)k + 1) * t->l->kinds->size[k];
}

/* Settles the kinds that can't have more than z. */
static void
settle(struct target *t, double *chance)
{
	double z = glp_get_col_prim(t->lp, t->z), most = 0;
	size_t n = t->l->kinds->count;

	for (size_t k = 0; k < n; k++)
		if (!t->settled[k])
			most = fmax(most, dual(t, k));
	for (size_t k = 0; k < n; k++) {
		int column = (int)k + 1;
		double size = t->l->kinds->size[k], least;

		if (t->settled[k] || dual(t, k) < fmin(1e-5, most))
			continue;
		t->settled[k] = true;
		t->left--;
		chance[k] = fmin(fmax(z, 0), 1);
		least = fmax(chance[k] - t->slack, 0) * size;
		glp_set_row_bnds(t->lp, t->base + column, GLP_FR, 0, 0);
		glp_set_col_bnds(t->lp, column, GLP_DB, least, size);
	}
}

static enum status
solve_target(struct lottery *l, double slack, double *ret_chance)
{
	struct target t;
	enum status st = open_target(&t, l);

	t.slack = slack;
	for (size_t k = 0; k < l->kinds->count; k++)
		ret_chance[k] = 0;
	while (st == OK && t.left > 0) {
		st = solve(t.lp);
		if (st == OK)
			settle(&t, ret_chance);
	}
	if (t.lp != NULL)
		glp_delete_prob(t.lp);
	return st;
}

enum status
target_relaxed(struct lottery *l, double *ret_chance)
{
	enum status st = FAILED;

	for (double slack = 1e-11; st == FAILED && slack < 1e-6; slack *= 100)
		st = solve_target(l, slack, ret_chance);
	return st;
}
