#include "core/decide/panel/legacy.h"

#include <stdlib.h>
#include <string.h>

#include "base/chance.h"

/* A draw. The people left with value v are list[v.start … start + remaining[v] - 1], and
 * where[person × categories + category] is the person's place in the list of their value. */
struct draw {
	const struct pool *pool;
	struct chance chance;
	uint32_t *start;                /* by value */
	uint32_t *list, *where;
	uint32_t *full_list, *full_where; /* as they are at the beginning */
	int64_t *remaining, *selected;  /* by value */
	bool *gone;                     /* by person: selected or out */
	uint32_t *home_first, *home_member; /* people by household */
};

static enum status
prepare(struct draw *d, const struct pool *pool, struct arena *arena)
{
	size_t n = pool->people, categories = pool->category_count, all = n * categories;
	uint32_t at = 0, *home_at;

	d->pool = pool;
	d->start = ARENA_ARRAY(arena, pool->value_count, uint32_t);
	d->list = ARENA_ARRAY(arena, all, uint32_t);
	d->where = ARENA_ARRAY(arena, all, uint32_t);
	d->full_list = ARENA_ARRAY(arena, all, uint32_t);
	d->full_where = ARENA_ARRAY(arena, all, uint32_t);
	d->remaining = ARENA_ARRAY(arena, pool->value_count, int64_t);
	d->selected = ARENA_ARRAY(arena, pool->value_count, int64_t);
	d->gone = ARENA_ARRAY(arena, n, bool);
	d->home_first = ARENA_ARRAY(arena, pool->household_count + 1, uint32_t);
	d->home_member = ARENA_ARRAY(arena, n, uint32_t);
	home_at = ARENA_ARRAY(arena, pool->household_count + 1, uint32_t);
	if (d->start == NULL || d->list == NULL || d->where == NULL || d->full_list == NULL ||
	    d->full_where == NULL || d->remaining == NULL || d->selected == NULL ||
	    d->gone == NULL || d->home_first == NULL || d->home_member == NULL || home_at == NULL)
		return NO_MEMORY;
	for (size_t v = 0; v < pool->value_count; v++) {
		d->start[v] = at;
		at += pool->values[v].people;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < categories; c++) {
			uint16_t v = pool_feature(pool, i, c);

			d->full_where[i * categories + c] = d->start[v] + (uint32_t)d->remaining[v];
			d->full_list[d->start[v] + d->remaining[v]++] = (uint32_t)i;
		}
	for (size_t i = 0; i < n && pool->household != NULL; i++)
		d->home_first[pool->household[i] + 1]++;
	for (size_t h = 0; h < pool->household_count; h++) {
		d->home_first[h + 1] += d->home_first[h];
		home_at[h + 1] = d->home_first[h + 1];
	}
	for (size_t i = 0; i < n && pool->household != NULL; i++)
		d->home_member[home_at[pool->household[i]]++] = (uint32_t)i;
	return OK;
}

static void
take_out(struct draw *d, uint32_t person)
{
	size_t categories = d->pool->category_count;

	d->gone[person] = true;
	for (size_t c = 0; c < categories; c++) {
		uint16_t v = pool_feature(d->pool, person, c);
		uint32_t place = d->where[person * categories + c];
		uint32_t last = d->start[v] + (uint32_t)--d->remaining[v];
		uint32_t moved = d->list[last];

		d->list[place] = moved;
		d->where[moved * categories + c] = place;
	}
}

static void
empty_value(struct draw *d, size_t value)
{
	while (d->remaining[value] > 0)
		take_out(d, d->list[d->start[value] + d->remaining[value] - 1]);
}

static void
begin(struct draw *d)
{
	const struct pool *pool = d->pool;
	size_t all = pool->people * pool->category_count;

	memcpy(d->list, d->full_list, all * sizeof *d->list);
	memcpy(d->where, d->full_where, all * sizeof *d->where);
	memset(d->gone, 0, pool->people * sizeof *d->gone);
	for (size_t v = 0; v < pool->value_count; v++) {
		d->remaining[v] = pool->values[v].people;
		d->selected[v] = 0;
	}
	for (size_t v = 0; v < pool->value_count; v++)
		if (pool->values[v].max == 0)
			empty_value(d, v);
}

/* The value that is furthest behind, or value_count when one can't reach its min any more or
 * nobody is left. Fractions are compared by multiplying across. */
static size_t
most_behind(const struct draw *d)
{
	const struct pool *pool = d->pool;
	size_t best = pool->value_count;

	for (size_t v = 0; v < pool->value_count; v++) {
		int64_t lacks = pool->values[v].min - d->selected[v];

		if (lacks > d->remaining[v])
			return pool->value_count;
		if (d->remaining[v] == 0 || pool->values[v].max == 0)
			continue;
		if (best == pool->value_count ||
		    lacks * d->remaining[best] >
		    (pool->values[best].min - d->selected[best]) * d->remaining[v])
			best = v;
	}
	return best;
}

static void
take_in(struct draw *d, uint32_t person)
{
	const struct pool *pool = d->pool;

	take_out(d, person);
	for (size_t c = 0; c < pool->category_count; c++)
		d->selected[pool_feature(pool, person, c)]++;
	for (size_t c = 0; c < pool->category_count; c++) {
		uint16_t v = pool_feature(pool, person, c);

		if (d->selected[v] == pool->values[v].max)
			empty_value(d, v);
	}
	if (pool->household == NULL)
		return;
	for (uint32_t i = d->home_first[pool->household[person]];
	     i < d->home_first[pool->household[person] + 1]; i++)
		if (!d->gone[d->home_member[i]])
			take_out(d, d->home_member[i]);
}

static bool
try_draw(struct draw *d, int64_t size, uint32_t *panel)
{
	begin(d);
	for (int64_t i = 0; i < size; i++) {
		size_t v = most_behind(d);

		if (v == d->pool->value_count)
			return false;
		panel[i] = d->list[d->start[v] + chance_below(&d->chance, (uint64_t)d->remaining[v])];
		take_in(d, panel[i]);
	}
	for (size_t v = 0; v < d->pool->value_count; v++)
		if (d->selected[v] < d->pool->values[v].min)
			return false;
	return true;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* What draws are grouped by. */
struct grouping { const uint32_t *member; size_t size; };

static int
by_members(const void *a, const void *b, void *context)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct grouping *g = context;
	int order = memcmp(g->member + x * g->size, g->member + y * g->size,
	                   g->size * sizeof *g->member);

	return order != 0 ? order : (x > y) - (x < y);
}

/* Puts equal panels together, in order of the first draw of each. */
static enum status
merge(struct sortition *s, size_t draws, struct arena *arena)
{
	struct grouping g = { s->member, (size_t)s->size };
	uint32_t *order = ARENA_ARRAY(arena, draws, uint32_t);
	int64_t *times = ARENA_ARRAY(arena, draws, int64_t);
	size_t head = 0;

	s->weight = ARENA_ARRAY(arena, draws, int64_t);
	if (order == NULL || times == NULL || s->weight == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < draws; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, draws, sizeof *order, by_members, &g);
	for (size_t i = 0; i < draws; i++) {
		if (i == 0 || memcmp(g.member + order[head] * g.size, g.member + order[i] * g.size,
		                     g.size * sizeof *g.member) != 0)
			head = i;
		times[order[head]]++;
	}
	for (size_t i = 0; i < draws; i++) {
		if (times[i] == 0)
			continue;
		s->weight[s->panel_count] = times[i];
		memmove(s->member + s->panel_count++ * g.size, s->member + i * g.size,
		        g.size * sizeof *s->member);
	}
	return OK;
}

enum status
legacy_draw(const struct pool *pool, const struct sortition_request *request,
            struct arena *arena, struct sortition *ret, struct decide_error *error)
{
	struct draw *d = ARENA_NEW(arena, struct draw);
	size_t size = (size_t)request->size, draws = (size_t)request->draws;
	enum status st;

	if (draws > SORTITION_MEMBERS_MAX / size)
		return TOO_LARGE;
	ret->member = ARENA_ARRAY(arena, draws * size, uint32_t);
	if (d == NULL || ret->member == NULL)
		return NO_MEMORY;
	st = prepare(d, pool, arena);
	if (st != OK)
		return st;
	chance_from_seed(&d->chance, request->seed);
	for (size_t i = 0; i < draws; i++) {
		uint32_t *panel = ret->member + i * size;
		int tries = 1;

		for (; !try_draw(d, request->size, panel); tries++, ret->restarts++)
			if (tries == SORTITION_TRIES_MAX)
				return decide_fail_with(error, 0, STR("algorithm"),
				        MSG("legacy found no panel that meets the quotas in {n} tries; maximin or leximin will."),
				        message_number("n", SORTITION_TRIES_MAX));
		qsort(panel, size, sizeof *panel, by_number);
		if (request->progress != NULL && i % 64 == 0)
			request->progress(request->context, i, draws);
	}
	ret->parts = request->draws;
	return merge(ret, draws, arena);
}
