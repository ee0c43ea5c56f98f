/* Ballots that are alike stand side by side, so that the supporters of an option are few stretches
 * of memory: with a million ballots that decides how long a count takes. It also makes the order
 * of distinct ballots one that nobody chose. */
#include "core/decide/election_order.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS = 3 }; /* options that a ballot is sorted by: its rarest ones */

struct rarity {
	int64_t votes;
	uint32_t option;
};

static int
by_votes(const void *a, const void *b)
{
	const struct rarity *x = a, *y = b;

	if (x->votes != y->votes)
		return x->votes < y->votes ? -1 : 1;
	return (x->option > y->option) - (x->option < y->option);
}

/* Place of each option among all, the rarest first. */
static uint32_t *
places_of(const struct election *e, struct arena *arena)
{
	struct rarity *sorted = ARENA_ARRAY(arena, e->option_count, struct rarity);
	uint32_t *place = ARENA_ARRAY(arena, e->option_count, uint32_t);

	if (sorted == NULL || place == NULL)
		return NULL;
	for (size_t o = 0; o < e->option_count; o++)
		sorted[o].option = (uint32_t)o;
	for (size_t b = 0; b < e->ballot_count; b++)
		for (size_t i = e->start[b]; i < e->start[b + 1]; i++)
			sorted[e->choice[i]].votes += e->weight[b];
	qsort(sorted, e->option_count, sizeof *sorted, by_votes);
	for (size_t i = 0; i < e->option_count; i++)
		place[sorted[i].option] = (uint32_t)i;
	return place;
}

/* The places of a ballot's rarest options, ascending; option_count where it names fewer. */
static void
keys_of(const struct election *e, const uint32_t *place, size_t ballot, uint32_t *keys)
{
	for (size_t k = 0; k < KEYS; k++)
		keys[k] = (uint32_t)e->option_count;
	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++) {
		uint32_t key = place[e->choice[i]];

		for (size_t k = 0; k < KEYS; k++)
			if (key < keys[k]) {
				uint32_t rest = keys[k];

				keys[k] = key;
				key = rest;
			}
	}
}

/* One pass of a radix sort: stable, by one key. */
static void
sort_by(const uint32_t *keys, size_t key, uint32_t *counts, size_t values, const uint32_t *from,
        uint32_t *to, size_t count)
{
	uint32_t sum = 0;

	memset(counts, 0, values * sizeof *counts);
	for (size_t i = 0; i < count; i++)
		counts[keys[from[i] * KEYS + key]]++;
	for (size_t v = 0; v < values; v++) {
		uint32_t n = counts[v];

		counts[v] = sum;
		sum += n;
	}
	for (size_t i = 0; i < count; i++)
		to[counts[keys[from[i] * KEYS + key]]++] = from[i];
}

/* The ballots' new order; NULL when the arena is full. */
static uint32_t *
order_of(const struct election *e, struct arena *arena)
{
	uint32_t *keys = ARENA_ARRAY(arena, e->ballot_count * KEYS, uint32_t);
	uint32_t *counts = ARENA_ARRAY(arena, e->option_count + 1, uint32_t);
	uint32_t *order = ARENA_ARRAY(arena, e->ballot_count, uint32_t);
	uint32_t *other = ARENA_ARRAY(arena, e->ballot_count, uint32_t);
	uint32_t *place = places_of(e, arena);

	if (keys == NULL || counts == NULL || order == NULL || other == NULL || place == NULL)
		return NULL;
	for (size_t b = 0; b < e->ballot_count; b++) {
		keys_of(e, place, b, keys + b * KEYS);
		order[b] = (uint32_t)b;
	}
	for (size_t k = KEYS; k-- > 0; ) {
		uint32_t *sorted = other;

		sort_by(keys, k, counts, e->option_count + 1, order, sorted, e->ballot_count);
		other = order;
		order = sorted;
	}
	return order;
}

/* Ballots in their new order into *to, whose arrays have room. */
static void
put_in_order(const struct election *from, const uint32_t *order, struct election *to)
{
	uint32_t used = 0;

	for (size_t i = 0; i < from->ballot_count; i++) {
		uint32_t b = order[i], start = from->start[b];
		uint32_t length = from->start[b + 1] - start;

		to->weight[i] = from->weight[b];
		to->start[i] = used;
		for (uint32_t k = 0; k < length; k++) {
			to->choice[used + k] = from->choice[start + k];
			if (from->points != NULL)
				to->points[used + k] = from->points[start + k];
		}
		used += length;
	}
	to->start[from->ballot_count] = used;
}

enum status
election_put_in_order(struct election *e, struct arena *arena)
{
	struct election to = *e;
	size_t total = e->ballot_count == 0 ? 0 : e->start[e->ballot_count];
	uint32_t *order = order_of(e, arena);

	if (e->ballot_count == 0)
		return OK;
	to.weight = ARENA_ARRAY(arena, e->ballot_count, uint32_t);
	to.start = ARENA_ARRAY(arena, e->ballot_count + 1, uint32_t);
	to.choice = ARENA_ARRAY(arena, total, uint32_t);
	if (e->points != NULL)
		to.points = ARENA_ARRAY(arena, total, uint32_t);
	if (order == NULL || to.weight == NULL || to.start == NULL || to.choice == NULL ||
	    (e->points != NULL && to.points == NULL))
		return NO_MEMORY;
	put_in_order(e, order, &to);
	*e = to;
	return OK;
}
