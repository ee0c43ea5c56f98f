#include "core/decide/panel/program.h"
#include "core/decide/panel/seats.h"
#include "core/decide/panel/sortition.h"

#include <glpk.h>
#include <math.h>

/* Rows of the quotas with a column each for what min is lowered by and max is raised by. */
struct relaxing {
	const struct pool *pool;
	const struct kinds *kinds;
	glp_prob *lp;
	int first_lowered, first_raised, first_min, first_max, first_home;
};

static void
add_rows(struct relaxing *r, int64_t size)
{
	int values = (int)r->pool->value_count;

	glp_add_rows(r->lp, 1);
	glp_set_row_bnds(r->lp, 1, GLP_FX, (double)size, 0);
	r->first_min = glp_add_rows(r->lp, values);
	r->first_max = glp_add_rows(r->lp, values);
	for (int v = 0; v < values; v++) {
		glp_set_row_bnds(r->lp, r->first_min + v, GLP_LO, (double)r->pool->values[v].min, 0);
		glp_set_row_bnds(r->lp, r->first_max + v, GLP_UP, 0, (double)r->pool->values[v].max);
	}
	if (r->kinds->home_count > 0)
		r->first_home = glp_add_rows(r->lp, (int)r->kinds->home_count);
	for (size_t h = 0; h < r->kinds->home_count; h++)
		glp_set_row_bnds(r->lp, r->first_home + (int)h, GLP_UP, 0, 1);
}

static void
add_columns(struct relaxing *r)
{
	size_t categories = r->pool->category_count;
	int values = (int)r->pool->value_count, rows[2 * POOL_CATEGORIES_MAX + 3];
	double ones[2 * POOL_CATEGORIES_MAX + 3];

	glp_add_cols(r->lp, (int)r->kinds->count);
	for (size_t k = 0; k < r->kinds->count; k++) {
		const uint16_t *features = kinds_features(r->kinds, k);
		int len = 0;

		rows[++len] = 1;
		for (size_t c = 0; c < categories; c++) {
			rows[++len] = r->first_min + features[c];
			rows[++len] = r->first_max + features[c];
		}
		if (r->kinds->home[k] >= 0)
			rows[++len] = r->first_home + r->kinds->home[k];
		for (int i = 1; i <= len; i++)
			ones[i] = 1;
		glp_set_mat_col(r->lp, (int)k + 1, len, rows, ones);
		glp_set_col_kind(r->lp, (int)k + 1, GLP_IV);
		glp_set_col_bnds(r->lp, (int)k + 1, GLP_DB, 0, r->kinds->size[k]);
	}
	r->first_lowered = glp_add_cols(r->lp, values);
	r->first_raised = glp_add_cols(r->lp, values);
	for (int i = 0; i < 2 * values; i++) {
		int row[2] = { 0, r->first_min + i }; /* the rows of max come behind those of min */
		double sign[2] = { 0, i < values ? 1 : -1 };

		glp_set_mat_col(r->lp, r->first_lowered + i, 1, row, sign);
		glp_set_col_kind(r->lp, r->first_lowered + i, GLP_IV);
		glp_set_col_bnds(r->lp, r->first_lowered + i, GLP_LO, 0, 0);
		glp_set_obj_coef(r->lp, r->first_lowered + i, 1);
	}
}

static enum status
solve(glp_prob *lp)
{
	glp_smcp simplex;
	glp_iocp whole;

	glp_init_smcp(&simplex);
	glp_init_iocp(&whole);
	simplex.msg_lev = whole.msg_lev = GLP_MSG_OFF;
	whole.bt_tech = GLP_BT_BLB;
	if (glp_simplex(lp, &simplex) != 0 || glp_get_status(lp) != GLP_OPT)
		return FAILED;
	return glp_intopt(lp, &whole) == 0 && glp_mip_status(lp) == GLP_OPT ? OK : FAILED;
}

static enum status
list_changes(const struct relaxing *r, struct arena *arena, struct sortition_relaxed **ret,
             size_t *ret_count)
{
	*ret = ARENA_ARRAY(arena, r->pool->value_count, struct sortition_relaxed);
	*ret_count = 0;
	if (*ret == NULL)
		return NO_MEMORY;
	for (size_t v = 0; v < r->pool->value_count; v++) {
		const struct pool_value *value = &r->pool->values[v];
		int64_t lower = lround(glp_mip_col_val(r->lp, r->first_lowered + (int)v));
		int64_t raise = lround(glp_mip_col_val(r->lp, r->first_raised + (int)v));

		if (lower != 0 || raise != 0)
			(*ret)[(*ret_count)++] = (struct sortition_relaxed){
				(uint32_t)v, value->min, value->max, value->min - lower, value->max + raise };
	}
	return OK;
}

enum status
sortition_relax(const struct pool *pool, int64_t size, struct arena *arena,
                struct sortition_relaxed **ret, size_t *ret_count, struct decide_error *error)
{
	struct kinds kinds;
	struct relaxing r = { .pool = pool, .kinds = &kinds };
	enum status st = seats_check(pool, size, arena, error);

	if (st == OK)
		st = kinds_make(&kinds, pool, arena);
	if (st != OK)
		return st;
	glp_term_out(GLP_OFF);
	r.lp = glp_create_prob();
	add_rows(&r, size);
	add_columns(&r);
	st = solve(r.lp);
	if (st == OK)
		st = list_changes(&r, arena, ret, ret_count);
	glp_delete_prob(r.lp);
	return st;
}
