#include "core/decide/panel/sortition.h"

#include <string.h>

#include "base/chance.h"
#include "base/names.h"
#include "core/decide/panel/legacy.h"
#include "core/decide/panel/lottery.h"
#include "core/decide/panel/seats.h"
#include "core/decide/panel/spread.h"

static const char *const names[] = { "legacy", "maximin", "leximin" };

NAMES(sortition_algorithm, names)

enum status
seats_check(const struct pool *pool, int64_t size, struct arena *arena,
            struct decide_error *error)
{
	int64_t homes = 0;
	bool *seen;

	if (size < 1)
		return decide_fail(error, 0, STR("size"), MSG("A panel has at least one seat."));
	if (size > SORTITION_SEATS_MAX)
		return decide_fail_with(error, 0, STR("size"), MSG("A panel has at most {n} seats."),
		                        message_number("n", SORTITION_SEATS_MAX));
	if ((uint64_t)size > pool->people)
		return decide_fail_with(error, 0, STR("size"),
		                        MSG("There are more seats than people: only {n} are in the pool."),
		                        message_number("n", (int64_t)pool->people));
	if (pool->household == NULL)
		return OK;
	seen = ARENA_ARRAY(arena, pool->household_count, bool);
	if (seen == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < pool->people; i++) {
		homes += !seen[pool->household[i]];
		seen[pool->household[i]] = true;
	}
	if (size > homes)
		return decide_fail_with(error, 0, STR("size"),
		                        MSG("There are more seats than households: only {n} are in the pool."),
		                        message_number("n", homes));
	return OK;
}

static enum status
solve(const struct pool *pool, const struct sortition_request *request, struct arena *arena,
      struct sortition *ret)
{
	struct kinds kinds;
	struct lottery l = { 0 };
	double *weight;
	enum status st = kinds_make(&kinds, pool, arena);

	if (st != OK)
		return st;
	st = lottery_open(&l, &kinds, request, arena);
	if (st == OK)
		st = lottery_solve(&l, &weight);
	if (st == OK)
		st = spread(&l, weight, arena, ret);
	ret->parts = SORTITION_PARTS;
	ret->kinds = kinds.count;
	ret->programs = l.program.solved;
	ret->columns = (int64_t)l.panel_count;
	lottery_close(&l);
	return st;
}

static enum status
set_chances(struct sortition *s, struct arena *arena)
{
	s->chance = ARENA_ARRAY(arena, s->people, int64_t);
	if (s->chance == NULL)
		return NO_MEMORY;
	for (size_t p = 0; p < s->panel_count; p++)
		for (int64_t i = 0; i < s->size; i++)
			s->chance[sortition_panel(s, p)[i]] += s->weight[p];
	s->min_chance = s->max_chance = s->chance[0];
	for (size_t i = 0; i < s->people; i++) {
		if (s->chance[i] < s->min_chance)
			s->min_chance = s->chance[i];
		if (s->chance[i] > s->max_chance)
			s->max_chance = s->chance[i];
	}
	return OK;
}

enum status
sortition_run(const struct pool *pool, const struct sortition_request *request,
              struct arena *arena, struct sortition *ret, struct decide_error *error)
{
	enum status st = seats_check(pool, request->size, arena, error);

	if (st != OK)
		return st;
	*ret = (struct sortition){ .algorithm = request->algorithm, .size = request->size,
	                           .people = pool->people };
	memcpy(ret->seed, request->seed, sizeof ret->seed);
	if (request->algorithm == SORTITION_LEGACY) {
		struct sortition_relaxed *relaxed;
		size_t count;

		ret->draws = request->draws;
		st = sortition_relax(pool, request->size, arena, &relaxed, &count, error);
		if (st == OK && count > 0)
			st = REFUSED;
		if (st == OK)
			st = legacy_draw(pool, request, arena, ret, error);
	} else {
		st = solve(pool, request, arena, ret);
	}
	if (st == OK)
		st = set_chances(ret, arena);
	if (st == OK && !sortition_verify(pool, ret, arena))
		st = FAILED;
	if (st == OK && request->algorithm != SORTITION_LEGACY)
		ret->drawn = sortition_draw(ret, request->seed);
	return st;
}

size_t
sortition_draw(const struct sortition *s, const uint8_t seed[32])
{
	struct chance chance;
	int64_t at;
	size_t panel = 0;

	chance_from_seed(&chance, seed);
	at = (int64_t)chance_below(&chance, (uint64_t)s->parts);
	while (at >= s->weight[panel])
		at -= s->weight[panel++];
	return panel;
}

/* One panel: different people in order, quotas met, households apart. */
static bool
verify_panel(const struct pool *pool, const struct sortition *s, size_t p, int64_t *count,
             size_t *seen)
{
	const uint32_t *member = sortition_panel(s, p);

	memset(count, 0, pool->value_count * sizeof *count);
	for (int64_t i = 0; i < s->size; i++) {
		if (member[i] >= pool->people || (i > 0 && member[i] <= member[i - 1]))
			return false;
		for (size_t c = 0; c < pool->category_count; c++)
			count[pool_feature(pool, member[i], c)]++;
		if (pool->household == NULL)
			continue;
		if (seen[pool->household[member[i]]] == p + 1)
			return false;
		seen[pool->household[member[i]]] = p + 1;
	}
	for (size_t v = 0; v < pool->value_count; v++)
		if (count[v] < pool->values[v].min || count[v] > pool->values[v].max)
			return false;
	return true;
}

bool
sortition_verify(const struct pool *pool, const struct sortition *s, struct arena *arena)
{
	int64_t *count = ARENA_ARRAY(arena, pool->value_count, int64_t);
	int64_t *chance = ARENA_ARRAY(arena, pool->people, int64_t), all = 0;
	size_t *seen = ARENA_ARRAY(arena, pool->household_count, size_t);
	bool good = count != NULL && chance != NULL && seen != NULL && s->people == pool->people;

	for (size_t p = 0; good && p < s->panel_count; p++) {
		good = s->weight[p] > 0 && verify_panel(pool, s, p, count, seen);
		all += s->weight[p];
		for (int64_t i = 0; good && i < s->size; i++)
			chance[sortition_panel(s, p)[i]] += s->weight[p];
	}
	return good && all == s->parts &&
	       memcmp(chance, s->chance, pool->people * sizeof *chance) == 0;
}
