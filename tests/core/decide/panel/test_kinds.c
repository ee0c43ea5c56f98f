/* Pools of hundreds of kinds: they end, and in chances that can be checked without making panels:
 * nobody can have less than everybody has in the linear program over parts of people. */
#include <glpk.h>
#include <math.h>
#include <stdlib.h>

#include "base/chance.h"
#include "core/decide/panel/sortition.h"
#include "test.h"

enum { CATEGORIES = 6, VALUES = 20 };

static struct arena arena;
static struct chance dice;

/* Of a hundred in the population and of those who volunteer, by value. */
static const struct { int category, place, pool; } shares[] = {
	{ 0, 51, 55 }, { 0, 49, 45 }, { 1, 22, 12 }, { 1, 25, 22 }, { 1, 24, 28 }, { 1, 29, 38 },
	{ 2, 35, 20 }, { 2, 35, 30 }, { 2, 30, 50 }, { 3, 30, 25 }, { 3, 20, 15 }, { 3, 30, 35 },
	{ 3, 20, 25 }, { 4, 80, 85 }, { 4, 20, 15 }, { 5, 40, 60 }, { 5, 30, 20 }, { 5, 30, 20 },
};

static uint16_t
pick_value(const struct pool_category *category)
{
	int64_t at = (int64_t)chance_below(&dice, 100);
	uint32_t v = category->first;

	while ((at -= shares[v].pool) >= 0)
		v++;
	return (uint16_t)v;
}

/* Volunteers unlike the place whose shares the quotas follow; so many in a hundred live with
 * the one before. */
static struct pool
make_pool(size_t people, int64_t size, uint64_t sharing)
{
	static const struct str names[] = { STR_INIT("a"), STR_INIT("b"), STR_INIT("c"),
	                                    STR_INIT("d"), STR_INIT("e"), STR_INIT("f") };
	struct pool p = { .category_count = CATEGORIES, .people = people };

	p.categories = ARENA_ARRAY(&arena, CATEGORIES, struct pool_category);
	p.values = ARENA_ARRAY(&arena, VALUES, struct pool_value);
	p.ids = ARENA_ARRAY(&arena, people, struct str);
	p.features = ARENA_ARRAY(&arena, people * CATEGORIES, uint16_t);
	for (size_t v = 0; v < sizeof shares / sizeof *shares; v++) {
		struct pool_category *category = &p.categories[shares[v].category];
		int64_t seats = shares[v].place * size / 100;

		if (category->count == 0)
			*category = (struct pool_category){ names[shares[v].category], (uint32_t)v, 0 };
		p.values[p.value_count++] = (struct pool_value){ names[category->count++],
			(uint32_t)shares[v].category, seats, seats + 1, 0, 0 };
	}
	for (size_t i = 0; i < people; i++) {
		if (str_format(&arena, &p.ids[i], "%zu", i + 1) != OK)
			abort();
		for (size_t c = 0; c < CATEGORIES; c++) {
			p.features[i * CATEGORIES + c] = pick_value(&p.categories[c]);
			p.values[pool_feature(&p, i, c)].people++;
		}
	}
	if (sharing == 0)
		return p;
	p.household = ARENA_ARRAY(&arena, people, uint32_t);
	for (size_t i = 0; i < people; i++) {
		if (i == 0 || chance_below(&dice, 100) >= sharing)
			p.household_count++;
		p.household[i] = (uint32_t)p.household_count - 1;
	}
	return p;
}

/* The largest z such that everybody can have z, if people could have parts: a row per value, one
 * per household, one for the seats; a column per person from z to 1, where z is what the
 * first column says. */
static double
largest_least(const struct pool *p, int64_t size)
{
	glp_prob *lp = glp_create_prob();
	int values = (int)p->value_count, homes = (int)p->household_count, people = (int)p->people;
	glp_smcp how;
	double z;

	glp_term_out(GLP_OFF);
	glp_set_obj_dir(lp, GLP_MAX);
	glp_add_rows(lp, values + 1 + homes + people);
	for (int v = 0; v < values; v++)
		glp_set_row_bnds(lp, v + 1, GLP_DB, (double)p->values[v].min, (double)p->values[v].max);
	glp_set_row_bnds(lp, values + 1, GLP_FX, (double)size, 0);
	for (int h = 0; h < homes; h++)
		glp_set_row_bnds(lp, values + 2 + h, GLP_UP, 0, 1);
	glp_add_cols(lp, 1 + people);
	glp_set_col_bnds(lp, 1, GLP_FR, 0, 0);
	glp_set_obj_coef(lp, 1, 1);
	for (int i = 0; i < people; i++) {
		int rows[CATEGORIES + 4], n = 0, own = values + 2 + homes + i, both[3] = { 0, 1, 2 + i };
		double ones[CATEGORIES + 4], signs[3] = { 0, -1, 1 };

		for (size_t c = 0; c < CATEGORIES; c++)
			rows[++n] = pool_feature(p, (size_t)i, c) + 1;
		rows[++n] = values + 1;
		if (homes > 0)
			rows[++n] = values + 2 + (int)p->household[i];
		for (int k = 1; k <= n; k++)
			ones[k] = 1;
		glp_set_mat_col(lp, 2 + i, n, rows, ones);
		glp_set_col_bnds(lp, 2 + i, GLP_DB, 0, 1);
		glp_set_mat_row(lp, own, 2, both, signs);
		glp_set_row_bnds(lp, own, GLP_LO, 0, 0);
	}
	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.presolve = GLP_ON;
	if (glp_simplex(lp, &how) != 0 || glp_get_status(lp) != GLP_OPT)
		abort();
	z = glp_get_obj_val(lp);
	glp_delete_prob(lp);
	return z;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Chances in order of size, in parts. */
static int64_t *
sorted(const struct sortition *s)
{
	int64_t *chance = ARENA_ARRAY(&arena, s->people, int64_t);

	if (chance == NULL)
		abort();
	memcpy(chance, s->chance, s->people * sizeof *chance);
	qsort(chance, s->people, sizeof *chance, by_size);
	return chance;
}

/* The first chance that differs is larger in leximin's. */
static void
check_better(const struct sortition *maximin, const struct sortition *leximin)
{
	const int64_t tolerance = 2000; /* of SORTITION_PARTS */
	int64_t *less = sorted(maximin), *more = sorted(leximin);
	size_t i = 0;

	while (i < leximin->people && llabs(more[i] - less[i]) <= tolerance)
		i++;
	CHECK(i == leximin->people || more[i] > less[i]);
}

/* The smallest chance is as large as the linear program allows. */
static void
check_lottery(const struct pool *pool, const struct sortition_request *r, double least,
              struct sortition *s)
{
	struct decide_error error;
	double ours;

	CHECK(sortition_run(pool, r, &arena, s, &error) == OK);
	CHECK(sortition_verify(pool, s, &arena));
	ours = (double)s->min_chance / (double)s->parts;
	CHECK(fabs(ours - least) < 0.000001);
	CHECK(s->kinds > 200);
	printf("# %s: %zu people in %zu kinds: smallest chance %.6f, at most %.6f; %lld panels tried, "
	       "%lld integer programs\n", sortition_algorithm_name(r->algorithm), s->people, s->kinds,
	       ours, least, (long long)s->columns, (long long)s->programs);
}

/* The same panels come out again. */
static void
check_again(const struct pool *pool, const struct sortition_request *r, const struct sortition *s)
{
	struct decide_error error;
	struct sortition again;

	CHECK(sortition_run(pool, r, &arena, &again, &error) == OK);
	CHECK(again.panel_count == s->panel_count &&
	      memcmp(again.weight, s->weight, s->panel_count * sizeof *s->weight) == 0 &&
	      memcmp(again.member, s->member,
	             s->panel_count * (size_t)s->size * sizeof *s->member) == 0);
}

static void
check_pool(size_t people, int64_t size, uint64_t sharing)
{
	static const uint8_t seed[32] = "many kinds";
	struct sortition_request r = { .algorithm = SORTITION_MAXIMIN, .size = size };
	struct sortition maximin, leximin;
	struct pool pool;
	double least;

	arena_init(&arena, (size_t)1 << 30);
	chance_from_seed(&dice, seed);
	pool = make_pool(people, size, sharing);
	least = largest_least(&pool, size);
	check_lottery(&pool, &r, least, &maximin);
	r.algorithm = SORTITION_LEXIMIN;
	check_lottery(&pool, &r, least, &leximin);
	check_better(&maximin, &leximin);
	if (sharing > 0)
		check_again(&pool, &r, &leximin);
	arena_release(&arena);
}

static void
everybody_alone(void)
{
	check_pool(460, 46, 0);
}

static void
households(void)
{
	check_pool(240, 30, 30);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "hundreds of kinds of people who live alone", everybody_alone },
		{ "hundreds of kinds, many of whom share a household", households },
	};

	return test_run_all(cases, sizeof cases / sizeof *cases);
}
