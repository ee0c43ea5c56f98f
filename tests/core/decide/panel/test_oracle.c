/* Hundreds of small random pools: the chances of maximin and leximin, in stages alone too, against
 * linear programs over all panels, refusals and relaxations against all sets of people,
 * replacements, legacy. */
#include <math.h>
#include <stdlib.h>

#include "base/chance.h"
#include "core/decide/panel/kinds.h"
#include "core/decide/panel/sortition.h"
#include "core/decide/panel/stages.h"
#include "panel/naive.h"
#include "test.h"

static long pools = 600;
static struct chance dice;
static int unequal, refused, homes_made, far, in_stages, aimed;

static int64_t
between(int64_t from, int64_t to)
{
	return from + (int64_t)chance_below(&dice, (uint64_t)(to - from + 1));
}

/* Quotas around what the first people of the pool are, so that there is a panel (unless two of
 * them share a household); in some pools exact, so that parts of people would have chances that
 * people can't. */
static void
quotas_of(struct pool *p, int64_t size)
{
	bool exact = between(0, 1) == 0;

	for (size_t v = 0; v < p->value_count; v++) {
		int64_t count = 0;

		for (int64_t i = 0; i < size; i++)
			count += pool_feature(p, (size_t)i, p->values[v].category) == v;
		p->values[v].min = exact || count == 0 ? count : count - between(0, 1);
		p->values[v].max = exact ? count : count + between(0, 2);
	}
}

static struct pool
make_pool(struct arena *arena, int64_t size)
{
	static const struct str names[] = { STR_INIT("a"), STR_INIT("b"), STR_INIT("c"), STR_INIT("d") };
	struct pool p = { .category_count = (size_t)between(1, 4) };
	size_t n = (size_t)between(size, 14);

	p.categories = ARENA_ARRAY(arena, p.category_count, struct pool_category);
	p.values = ARENA_ARRAY(arena, 12, struct pool_value);
	p.ids = ARENA_ARRAY(arena, n, struct str);
	p.features = ARENA_ARRAY(arena, n * p.category_count, uint16_t);
	p.people = n;
	for (size_t c = 0; c < p.category_count; c++) {
		p.categories[c] = (struct pool_category){ names[c], (uint32_t)p.value_count,
		                                          (uint32_t)between(2, 3) };
		for (uint32_t v = 0; v < p.categories[c].count; v++) {
			int64_t min = between(0, (size + 1) / 2), max = between(min, size);

			p.values[p.value_count++] = (struct pool_value){ names[v], (uint32_t)c, min, max, 0, 0 };
		}
	}
	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < p.category_count; c++) {
			uint32_t v = p.categories[c].first +
			             (uint32_t)between(0, p.categories[c].count - 1);

			p.features[i * p.category_count + c] = (uint16_t)v;
			p.values[v].people++;
		}
	if (between(0, 3) > 0)
		quotas_of(&p, size);
	for (size_t i = 0; i < n; i++)
		if (str_format(arena, &p.ids[i], "%zu", i + 1) != OK)
			abort();
	if (between(0, 2) > 0)
		return p;
	homes_made++;
	p.household = ARENA_ARRAY(arena, n, uint32_t);
	for (size_t i = 0; i < n; i++)
		p.household[i] = i == 0 || between(0, 2) > 0 ? (uint32_t)p.household_count++
		                                           : (uint32_t)between(0, (int64_t)p.household_count - 1);
	return p;
}

static void
check_relaxed(const struct pool *pool, const struct naive *naive, struct arena *arena)
{
	struct sortition_relaxed *relaxed;
	struct decide_error error;
	struct pool eased = *pool;
	struct naive again;
	size_t count = 0;
	int64_t sum = 0;

	CHECK(sortition_relax(pool, naive->size, arena, &relaxed, &count, &error) == OK);
	eased.values = ARENA_ARRAY(arena, pool->value_count, struct pool_value);
	memcpy(eased.values, pool->values, pool->value_count * sizeof *pool->values);
	for (size_t i = 0; i < count; i++) {
		CHECK(relaxed[i].new_min <= relaxed[i].min && relaxed[i].new_max >= relaxed[i].max);
		sum += relaxed[i].min - relaxed[i].new_min + relaxed[i].new_max - relaxed[i].max;
		eased.values[relaxed[i].value].min = relaxed[i].new_min;
		eased.values[relaxed[i].value].max = relaxed[i].new_max;
	}
	CHECK_INT(sum, naive->least_relaxed);
	naive_list(&again, &eased, naive->size, arena);
	CHECK(again.count > 0);
}

static void
check_chances(const struct sortition *s, const double *chance, double least)
{
	if (s->algorithm == SORTITION_MAXIMIN)
		CHECK(fabs((double)s->min_chance / (double)s->parts - least) < 0.0005);
	for (size_t i = 0; i < s->people && s->algorithm == SORTITION_LEXIMIN; i++) {
		double off = fabs((double)s->chance[i] / (double)s->parts - chance[i]);

		CHECK(off < 0.0005);
		far += off > 0.00002;
	}
	if (s->max_chance > s->min_chance)
		unequal++;
}

/* Kinds have these chances by weights of panels. */
static void
check_weights(const struct lottery *l, const double *weight, const double *chance, double least)
{
	double all = 0, smallest = 1;

	for (size_t j = 0; j < l->panel_count; j++) {
		CHECK(weight[j] >= 0);
		all += weight[j];
	}
	CHECK(fabs(all - 1) < 1e-6);
	for (size_t k = 0; k < l->kinds->count; k++) {
		double had = 0;

		for (size_t j = 0; j < l->panel_count; j++)
			for (size_t i = l->first[j]; i < l->first[j + 1]; i++)
				had += l->seat[i].kind == k ? weight[j] * l->seat[i].count : 0;
		had /= l->kinds->size[k];
		if (l->request->algorithm == SORTITION_LEXIMIN)
			CHECK(fabs(had - chance[l->kinds->member[l->kinds->first[k]]]) < 0.0002);
		if (!l->uncovered[k])
			smallest = fmin(smallest, had);
	}
	if (l->request->algorithm == SORTITION_MAXIMIN && least > 0)
		CHECK(fabs(smallest - least) < 0.0002);
}

/* The lottery by stages alone, and by whichever way it chooses. */
static void
check_ways(const struct pool *pool, const struct sortition_request *request, const double *chance,
           double least, struct arena *arena)
{
	struct kinds kinds;

	CHECK(kinds_make(&kinds, pool, arena) == OK);
	for (int staged = 0; staged < 2; staged++) {
		struct lottery l;
		double *weight;

		CHECK(lottery_open(&l, &kinds, request, arena) == OK);
		CHECK((staged ? stages_solve(&l, &weight) : lottery_solve(&l, &weight)) == OK);
		check_weights(&l, weight, chance, least);
		in_stages += !staged && l.in_stages;
		aimed += !staged && !l.in_stages;
		lottery_close(&l);
	}
}

/* Some of the panel decline: whoever comes, the quotas hold, or surely nobody could come. */
static void
check_replacement(const struct pool *pool, const struct sortition_request *r,
                  const struct sortition *s, struct arena *arena)
{
	const uint32_t *panel = sortition_panel(s, s->drawn);
	uint32_t gone[1] = { panel[between(0, s->size - 1)] }, *person;
	struct decide_error error;
	struct sortition second;
	struct pool rest;
	struct naive naive;
	uint32_t stay = 0;
	bool possible = false, good = false;
	enum status st = sortition_replace(pool, r, panel, gone, 1, arena, &rest, &second, &person, &error);

	for (int64_t i = 0; i < s->size; i++)
		stay |= panel[i] == gone[0] ? 0 : (uint32_t)1 << panel[i];
	naive_list(&naive, pool, s->size, arena);
	for (size_t j = 0; j < naive.count; j++)
		possible |= (naive.panels[j] & stay) == stay && !(naive.panels[j] >> gone[0] & 1);
	CHECK((st == OK) == possible);
	if (st != OK)
		return;
	stay |= (uint32_t)1 << person[sortition_panel(&second, second.drawn)[0]];
	for (size_t j = 0; j < naive.count; j++)
		good |= naive.panels[j] == stay;
	CHECK(good);
}

static void
check_pool(long number)
{
	struct arena arena;
	struct pool pool;
	struct naive naive;
	struct decide_error error;
	double chance[NAIVE_PEOPLE], least = 0;
	int64_t size = between(1, 5);

	arena_init(&arena, 64 << 20);
	pool = make_pool(&arena, size);
	naive_list(&naive, &pool, size, &arena);
	if (naive.count > 0)
		naive_leximin(&naive, chance, &least);
	refused += naive.count == 0;
	for (int a = SORTITION_LEGACY; a <= SORTITION_LEXIMIN; a++) {
		struct sortition_request r = { .algorithm = (enum sortition_algorithm)a, .size = size,
		                               .draws = 20, .seed = { (uint8_t)number } };
		struct sortition s;
		enum status st = sortition_run(&pool, &r, &arena, &s, &error);

		if (naive.least_relaxed < 0) { /* fewer households than seats */
			CHECK(st == INVALID);
			continue;
		}
		if (a == SORTITION_LEGACY && st == INVALID)
			continue; /* it may never find the one panel there is */
		CHECK((st == OK) == (naive.count > 0));
		CHECK(st == OK || st == REFUSED);
		if (st != OK)
			continue;
		CHECK(sortition_verify(&pool, &s, &arena));
		check_chances(&s, chance, least);
		if (a == SORTITION_LEGACY)
			continue;
		check_ways(&pool, &r, chance, least, &arena);
		check_replacement(&pool, &r, &s, &arena);
	}
	if (naive.least_relaxed >= 0)
		check_relaxed(&pool, &naive, &arena);
	arena_release(&arena);
}

static void
random_pools(void)
{
	static const uint8_t seed[32] = "sortition";

	chance_from_seed(&dice, seed);
	for (long i = 0; i < pools; i++) {
		int before = test_failures;

		check_pool(i);
		if (test_failures > before)
			printf("# pool %ld\n", i);
	}
	printf("# %ld pools, %d with households, %d without a panel, %d lotteries of unequal chances, "
	       "%d chances off by more than 0.00002\n", pools, homes_made, refused, unequal, far);
	printf("# %d lotteries had the chances aimed at, %d took stages\n", aimed, in_stages);
	CHECK(refused > 0 && homes_made > 0 && unequal > 0 && aimed > 0 && in_stages > 0);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = { { "random pools against all panels", random_pools } };

	if (argc > 1)
		pools = strtol(argv[1], NULL, 10);
	return test_run_all(cases, 1);
}
