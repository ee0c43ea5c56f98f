#include "panel/naive.h"

#include <glpk.h>
#include <stdlib.h>

/* How far a set is from the quotas; -1 when two of a household are in it. */
static int64_t
lacks(const struct pool *pool, uint32_t set)
{
	int64_t sum = 0;

	for (size_t i = 0; i < pool->people; i++)
		for (size_t j = i + 1; j < pool->people && pool->household != NULL; j++)
			if ((set >> i & 1) && (set >> j & 1) && pool->household[i] == pool->household[j])
				return -1;
	for (size_t v = 0; v < pool->value_count; v++) {
		int64_t n = 0;

		for (size_t i = 0; i < pool->people; i++)
			n += (set >> i & 1) && pool_feature(pool, i, pool->values[v].category) == v;
		if (n < pool->values[v].min)
			sum += pool->values[v].min - n;
		if (n > pool->values[v].max)
			sum += n - pool->values[v].max;
	}
	return sum;
}

void
naive_list(struct naive *naive, const struct pool *pool, int64_t size, struct arena *arena)
{
	*naive = (struct naive){ pool, size, ARENA_ARRAY(arena, (size_t)1 << pool->people, uint32_t), 0, -1 };
	for (uint32_t set = 0; set < (uint32_t)1 << pool->people; set++) {
		int64_t n;

		if (__builtin_popcount(set) != size)
			continue;
		n = lacks(pool, set);
		if (n == 0)
			naive->panels[naive->count++] = set;
		if (n >= 0 && (naive->least_relaxed < 0 || n < naive->least_relaxed))
			naive->least_relaxed = n;
	}
}

/* Rows: people, then Σ weight = 1. Column 1 is z, which row i has when lifted. */
static double
solve(glp_prob *lp)
{
	glp_smcp how;

	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	glp_std_basis(lp);
	if (glp_simplex(lp, &how) != 0 || glp_get_status(lp) != GLP_OPT)
		abort();
	return glp_get_obj_val(lp);
}

static glp_prob *
open_program(const struct naive *naive)
{
	int n = (int)naive->pool->people, rows[NAIVE_PEOPLE + 2];
	double ones[NAIVE_PEOPLE + 2];
	glp_prob *lp = glp_create_prob();

	glp_term_out(GLP_OFF);
	glp_set_obj_dir(lp, GLP_MAX);
	glp_add_rows(lp, n + 1);
	glp_set_row_bnds(lp, n + 1, GLP_FX, 1, 1);
	glp_add_cols(lp, 1 + (int)naive->count);
	glp_set_col_bnds(lp, 1, GLP_FR, 0, 0);
	for (size_t j = 0; j < naive->count; j++) {
		int len = 0;

		for (int i = 0; i < n; i++)
			if (naive->panels[j] >> i & 1)
				rows[++len] = i + 1;
		rows[++len] = n + 1;
		for (int i = 1; i <= len; i++)
			ones[i] = 1;
		glp_set_mat_col(lp, (int)j + 2, len, rows, ones);
		glp_set_col_bnds(lp, (int)j + 2, GLP_LO, 0, 0);
	}
	return lp;
}

/* The largest z such that everybody unsettled has z, the others their floor. */
static double
largest(glp_prob *lp, const struct naive *naive, const bool *settled, const double *chance)
{
	int n = (int)naive->pool->people, rows[NAIVE_PEOPLE + 1], len = 0;
	double values[NAIVE_PEOPLE + 1];

	for (size_t j = 0; j < naive->count; j++)
		glp_set_obj_coef(lp, (int)j + 2, 0);
	for (int i = 0; i < n; i++) {
		glp_set_row_bnds(lp, i + 1, GLP_LO, settled[i] ? chance[i] - 1e-9 : 0, 0);
		if (!settled[i]) {
			rows[++len] = i + 1;
			values[len] = -1;
		}
	}
	glp_set_mat_col(lp, 1, len, rows, values);
	glp_set_obj_coef(lp, 1, 1);
	return solve(lp);
}

/* The most one person can have when everybody unsettled has z. */
static double
most_of(glp_prob *lp, const struct naive *naive, const bool *settled, double z, int person)
{
	int none = 0;
	double nothing = 0;

	for (size_t i = 0; i < naive->pool->people; i++)
		if (!settled[i])
			glp_set_row_bnds(lp, (int)i + 1, GLP_LO, z - 1e-9, 0);
	glp_set_mat_col(lp, 1, 0, &none, &nothing);
	glp_set_obj_coef(lp, 1, 0);
	glp_set_col_bnds(lp, 1, GLP_FX, 0, 0);
	for (size_t j = 0; j < naive->count; j++)
		glp_set_obj_coef(lp, (int)j + 2, naive->panels[j] >> person & 1);
	z = solve(lp);
	glp_set_col_bnds(lp, 1, GLP_FR, 0, 0);
	return z;
}

void
naive_leximin(const struct naive *naive, double *ret_chance, double *ret_min)
{
	size_t n = naive->pool->people, left = n;
	bool settled[NAIVE_PEOPLE] = { false };
	glp_prob *lp = open_program(naive);

	*ret_min = -1;
	while (left > 0) {
		double z = largest(lp, naive, settled, ret_chance);
		bool now[NAIVE_PEOPLE] = { false };

		if (*ret_min < 0)
			*ret_min = z;
		for (size_t i = 0; i < n; i++)
			now[i] = !settled[i] && most_of(lp, naive, settled, z, (int)i) < z + 1e-6;
		for (size_t i = 0; i < n; i++) {
			if (!now[i])
				continue;
			settled[i] = true;
			ret_chance[i] = z;
			left--;
		}
	}
	glp_delete_prob(lp);
}
