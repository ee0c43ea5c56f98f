#include "core/decide/panel/kinds.h"

#include <stdlib.h>
#include <string.h>

/* What people are sorted by: the household if it is shared, the features, their number. */
struct sorting {
	const struct pool *pool;
	const uint32_t *living; /* people of each household */
};

static bool
is_shared(const struct sorting *s, uint32_t person)
{
	return s->pool->household != NULL && s->living[s->pool->household[person]] > 1;
}

/* As qsort: by kind only. */
static int
compare_kinds(const struct sorting *s, uint32_t a, uint32_t b)
{
	size_t n = s->pool->category_count;
	bool shared_a = is_shared(s, a), shared_b = is_shared(s, b);

	if (shared_a != shared_b)
		return shared_a ? 1 : -1;
	if (shared_a)
		return (a > b) - (a < b);
	return memcmp(s->pool->features + a * n, s->pool->features + b * n,
	              n * sizeof *s->pool->features);
}

static int
by_kind(const void *a, const void *b, void *context)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = compare_kinds(context, x, y);

	return order != 0 ? order : (x > y) - (x < y);
}

struct group { uint32_t from, count, first_person; }; /* of the sorted people */

static int
by_first_person(const void *a, const void *b)
{
	uint32_t x = ((const struct group *)a)->first_person;
	uint32_t y = ((const struct group *)b)->first_person;

	return (x > y) - (x < y);
}

/* Homes get numbers in order of their first kind. */
static enum status
make_homes(struct kinds *kinds, const struct sorting *s, struct arena *arena)
{
	const struct pool *pool = kinds->pool;
	int32_t *number = ARENA_ARRAY(arena, pool->household_count, int32_t);
	uint32_t *at;

	kinds->home = ARENA_ARRAY(arena, kinds->count, int32_t);
	kinds->home_first = ARENA_ARRAY(arena, pool->household_count + 2, uint32_t);
	kinds->home_kind = ARENA_ARRAY(arena, kinds->count, uint32_t);
	at = ARENA_ARRAY(arena, pool->household_count + 1, uint32_t);
	if (number == NULL || kinds->home == NULL || kinds->home_first == NULL ||
	    kinds->home_kind == NULL || at == NULL)
		return NO_MEMORY;
	for (size_t k = 0; k < kinds->count; k++) {
		uint32_t person = kinds->member[kinds->first[k]];

		kinds->home[k] = -1;
		if (!is_shared(s, person))
			continue;
		if (number[pool->household[person]] == 0)
			number[pool->household[person]] = (int32_t)++kinds->home_count;
		kinds->home[k] = number[pool->household[person]] - 1;
		kinds->home_first[kinds->home[k] + 1]++;
	}
	for (size_t h = 0; h < kinds->home_count; h++) {
		kinds->home_first[h + 1] += kinds->home_first[h];
		at[h] = kinds->home_first[h];
	}
	for (size_t k = 0; k < kinds->count; k++)
		if (kinds->home[k] >= 0)
			kinds->home_kind[at[kinds->home[k]]++] = (uint32_t)k;
	return OK;
}

enum status
kinds_make(struct kinds *kinds, const struct pool *pool, struct arena *arena)
{
	size_t n = pool->people, categories = pool->category_count;
	uint32_t *order = ARENA_ARRAY(arena, n, uint32_t);
	uint32_t *living = ARENA_ARRAY(arena, pool->household_count, uint32_t);
	struct group *groups = ARENA_ARRAY(arena, n, struct group);
	struct sorting s = { pool, living };

	*kinds = (struct kinds){ .pool = pool };
	kinds->size = ARENA_ARRAY(arena, n, uint32_t);
	kinds->first = ARENA_ARRAY(arena, n + 1, uint32_t);
	kinds->member = ARENA_ARRAY(arena, n, uint32_t);
	kinds->features = ARENA_ARRAY(arena, n * categories, uint16_t);
	if (order == NULL || living == NULL || groups == NULL || kinds->size == NULL ||
	    kinds->first == NULL || kinds->member == NULL || kinds->features == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < n; i++) {
		order[i] = (uint32_t)i;
		if (pool->household != NULL)
			living[pool->household[i]]++;
	}
	qsort_r(order, n, sizeof *order, by_kind, &s);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || compare_kinds(&s, order[i - 1], order[i]) != 0)
			groups[kinds->count++] = (struct group){ (uint32_t)i, 0, order[i] };
		groups[kinds->count - 1].count++;
	}
	qsort(groups, kinds->count, sizeof *groups, by_first_person);
	for (size_t k = 0; k < kinds->count; k++) {
		kinds->size[k] = groups[k].count;
		kinds->first[k + 1] = kinds->first[k] + groups[k].count;
		memcpy(kinds->member + kinds->first[k], order + groups[k].from,
		       groups[k].count * sizeof *order);
		memcpy(kinds->features + k * categories,
		       pool->features + groups[k].first_person * categories,
		       categories * sizeof *pool->features);
	}
	return make_homes(kinds, &s, arena);
}
