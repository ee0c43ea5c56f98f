/* Any bytes at all as categories.csv and, behind the first '|', respondents.csv: refused with a
 * reason, or a pool whose numbers are all in their bounds. */
#include "core/decide/panel/pool.h"
#include "fuzz/fuzz.h"

static void
check_pool(const struct pool *pool)
{
	size_t people = 0;

	for (size_t v = 0; v < pool->value_count; v++) {
		CHECK_ALWAYS(pool->values[v].min >= 0 && pool->values[v].min <= pool->values[v].max);
		CHECK_ALWAYS(pool->values[v].category < pool->category_count);
		people += pool->values[v].people;
	}
	CHECK_ALWAYS(people == pool->people * pool->category_count);
	for (size_t i = 0; i < pool->people; i++) {
		CHECK_ALWAYS(pool->household == NULL || pool->household[i] < pool->household_count);
		for (size_t c = 0; c < pool->category_count; c++)
			CHECK_ALWAYS(pool->values[pool_feature(pool, i, c)].category == c);
	}
}

FUZZ(text)
{
	size_t cut = str_find(text, STR("|"));
	struct pool_columns columns = { 0 };
	struct decide_error error = { 0 };
	struct arena arena;
	struct pool pool;
	enum status st;

	arena_init(&arena, 64 << 20);
	if (text.len > 0 && text.ptr[0] == '#')
		columns.household = STR("home");
	st = pool_categories(&pool, &arena, str_cut(text, columns.household.len > 0, cut), &error);
	if (st == OK)
		st = pool_people(&pool, &arena, str_cut(text, cut + 1, text.len), &columns, &error);
	if (st == OK)
		check_pool(&pool);
	else
		CHECK_ALWAYS(st == NO_MEMORY || error.message.text != NULL);
	arena_release(&arena);
}
