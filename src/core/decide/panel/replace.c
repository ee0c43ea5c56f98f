#include "core/decide/panel/sortition.h"

#include <string.h>

#include "base/chance.h"

/* Who keeps a seat, who was in the panel, and whose household is taken. */
struct leaving {
	bool *member, *stays, *home;
};

static enum status
mark(const struct pool *pool, const struct sortition_request *request, const uint32_t *panel,
     const uint32_t *gone, size_t gone_count, struct arena *arena, struct leaving *ret,
     struct decide_error *error)
{
	ret->member = ARENA_ARRAY(arena, pool->people, bool);
	ret->stays = ARENA_ARRAY(arena, pool->people, bool);
	ret->home = ARENA_ARRAY(arena, pool->household_count, bool);
	if (ret->member == NULL || ret->stays == NULL || ret->home == NULL)
		return NO_MEMORY;
	for (int64_t i = 0; i < request->size; i++)
		ret->member[panel[i]] = ret->stays[panel[i]] = true;
	for (size_t i = 0; i < gone_count; i++) {
		if (gone[i] >= pool->people || !ret->stays[gone[i]])
			return decide_fail(error, 0, STR("declined"),
			                   MSG("Only members of the panel can decline, each once."));
		ret->stays[gone[i]] = false;
	}
	if (gone_count == 0)
		return decide_fail(error, 0, STR("declined"), MSG("Nobody has declined."));
	for (size_t i = 0; i < pool->people && pool->household != NULL; i++)
		if (ret->stays[i])
			ret->home[pool->household[i]] = true;
	return OK;
}

static int64_t
less(int64_t a, int64_t b)
{
	return a > b ? a - b : 0;
}

/* The pool of those who could come instead, with what is left of the quotas. */
static enum status
rest_of(const struct pool *pool, const struct leaving *leaving, struct arena *arena,
        struct pool *ret, uint32_t **ret_person)
{
	size_t categories = pool->category_count;
	uint32_t *person = ARENA_ARRAY(arena, pool->people, uint32_t);

	*ret = *pool;
	ret->people = 0;
	ret->values = ARENA_ARRAY(arena, pool->value_count, struct pool_value);
	ret->ids = ARENA_ARRAY(arena, pool->people, struct str);
	ret->features = ARENA_ARRAY(arena, pool->people * categories, uint16_t);
	if (pool->household != NULL)
		ret->household = ARENA_ARRAY(arena, pool->people, uint32_t);
	if (person == NULL || ret->values == NULL || ret->ids == NULL || ret->features == NULL ||
	    (pool->household != NULL && ret->household == NULL))
		return NO_MEMORY;
	memcpy(ret->values, pool->values, pool->value_count * sizeof *ret->values);
	for (size_t v = 0; v < pool->value_count; v++)
		ret->values[v].people = 0;
	for (size_t i = 0; i < pool->people; i++) {
		const uint16_t *features = pool->features + i * categories;
		bool free = !leaving->member[i] &&
		            (pool->household == NULL || !leaving->home[pool->household[i]]);

		for (size_t c = 0; c < categories; c++) {
			struct pool_value *value = &ret->values[features[c]];

			value->people += free;
			value->min = less(value->min, leaving->stays[i]);
			value->max = less(value->max, leaving->stays[i]);
		}
		if (!free)
			continue;
		person[ret->people] = (uint32_t)i;
		ret->ids[ret->people] = pool->ids[i];
		memcpy(ret->features + ret->people * categories, features,
		       categories * sizeof *features);
		if (pool->household != NULL)
			ret->household[ret->people] = pool->household[i];
		ret->people++;
	}
	*ret_person = person;
	return OK;
}

enum status
sortition_replace(const struct pool *pool, const struct sortition_request *request,
                  const uint32_t *panel, const uint32_t *gone, size_t gone_count,
                  struct arena *arena, struct pool *ret_pool, struct sortition *ret,
                  uint32_t **ret_person, struct decide_error *error)
{
	struct sortition_request again = *request;
	struct leaving leaving;
	struct chance chance;
	enum status st = mark(pool, request, panel, gone, gone_count, arena, &leaving, error);

	if (st == OK)
		st = rest_of(pool, &leaving, arena, ret_pool, ret_person);
	if (st != OK)
		return st;
	again.size = (int64_t)gone_count;
	chance_from_seed(&chance, request->seed);
	chance_bytes(&chance, again.seed, sizeof again.seed);
	chance_bytes(&chance, again.seed, sizeof again.seed);
	return sortition_run(ret_pool, &again, arena, ret, error);
}
