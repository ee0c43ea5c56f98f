/* Rules that compare candidates two by two. A candidate on a ballot stands above everybody
 * behind it and everybody not on it; equal ranks, and two who are both not on it, say nothing.
 *
 * Schulze: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and
 * condorcet-consistent single-winner election method" (Social Choice and Welfare 36, 2011).
 * Strongest paths by Floyd-Warshall; a stands above b when its path is the stronger one.
 *
 * Ranked pairs: T. N. Tideman, "Independence of clones as a criterion for voting rules" (Social
 * Choice and Welfare 4, 1987). Majorities from the strongest down are locked unless that closes
 * a circle; equally strong ones by the order of ties of their winner, then of their loser.
 *
 * Strength: the margin, or the votes of the majority (then the fewer against it). */
#include <stdlib.h>
#include <string.h>

#include "core/decide/ranked/inside.h"

static int64_t *
compare_all(const struct view *v, struct arena *arena)
{
	size_t n = v->n;
	int64_t *preferred = ARENA_ARRAY(arena, n * n, int64_t);
	bool *on = ARENA_ARRAY(arena, n, bool);

	if (preferred == NULL || on == NULL)
		return NULL;
	for (size_t b = 0; b < v->ballot_count; b++) {
		const uint32_t *choice = v->choice + v->start[b];
		size_t len = v->start[b + 1] - v->start[b], behind = 0;
		int64_t weight = v->weight[b];

		memset(on, 0, n * sizeof *on);
		for (size_t i = 0; i < len; i++)
			on[choice[i] & ~RANKED_SAME] = true;
		for (size_t i = 0; i < len; i++) {
			int64_t *row = preferred + (choice[i] & ~RANKED_SAME) * n;

			if (i >= behind)
				for (behind = i + 1; behind < len &&
				     (choice[behind] & RANKED_SAME) != 0;)
					behind++;
			for (size_t k = behind; k < len; k++)
				row[choice[k] & ~RANKED_SAME] += weight;
			for (size_t k = 0; k < n; k++)
				row[k] += on[k] || v->out[k] ? 0 : weight;
		}
	}
	return preferred;
}

/* Strength of a's majority over b; 0 when it has none. */
static int64_t
strength(const struct ranked_outcome *o, size_t a, size_t b)
{
	size_t n = o->candidate_count;
	int64_t for_it = o->preferred[a * n + b], against = o->preferred[b * n + a];

	if (for_it <= against)
		return 0;
	return o->method.strength == RANKED_MARGINS ? for_it - against : for_it;
}

static bool
find_paths(const struct view *v, struct arena *arena, struct ranked_outcome *o)
{
	size_t n = v->n;
	int64_t *path = o->path = ARENA_ARRAY(arena, n * n, int64_t);

	if (path == NULL)
		return false;
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			path[a * n + b] = a == b ? 0 : strength(o, a, b);
	for (size_t via = 0; via < n; via++)
		for (size_t a = 0; a < n; a++) {
			int64_t first = path[a * n + via];

			if (a == via || first == 0)
				continue;
			for (size_t b = 0; b < n; b++) {
				int64_t second = path[via * n + b];
				int64_t weaker = first < second ? first : second;

				if (b != a && weaker > path[a * n + b])
					path[a * n + b] = weaker;
			}
		}
	return true;
}

static int
by_strength(const void *a, const void *b, void *context)
{
	const struct ranked_pair *x = a, *y = b;
	const struct view *v = ((void **)context)[0];
	const struct ranked_outcome *o = ((void **)context)[1];
	int64_t s = strength(o, x->winner, x->loser), t = strength(o, y->winner, y->loser);

	if (s != t)
		return s > t ? -1 : 1;
	if (x->against != y->against)
		return x->against < y->against ? -1 : 1;
	if (x->winner != y->winner)
		return v->tie[x->winner] < v->tie[y->winner] ? -1 : 1;
	return x->loser == y->loser ? 0 : v->tie[x->loser] < v->tie[y->loser] ? -1 : 1;
}

static bool
list_pairs(const struct view *v, struct arena *arena, struct ranked_outcome *o)
{
	size_t n = v->n;
	const void *context[2] = { v, o };

	o->pairs = ARENA_ARRAY(arena, n * n / 2 + 1, struct ranked_pair);
	if (o->pairs == NULL)
		return false;
	for (uint32_t a = 0; a < n; a++)
		for (uint32_t b = 0; b < n; b++)
			if (strength(o, a, b) > 0)
				o->pairs[o->pair_count++] = (struct ranked_pair){
					a, b, o->preferred[a * n + b], o->preferred[b * n + a], false };
	qsort_r(o->pairs, o->pair_count, sizeof *o->pairs, by_strength, context);
	return true;
}

/* reach[a * n + b]: a stands above b by locked pairs. */
static bool *
lock_pairs(const struct view *v, struct arena *arena, struct ranked_outcome *o)
{
	size_t n = v->n;
	bool *reach = ARENA_ARRAY(arena, n * n, bool);

	for (size_t i = 0; reach != NULL && i < o->pair_count; i++) {
		struct ranked_pair *p = &o->pairs[i];

		if (reach[p->loser * n + p->winner])
			continue;
		p->locked = true;
		if (reach[p->winner * n + p->loser])
			continue;
		for (size_t a = 0; a < n; a++) {
			if ((a != p->winner && !reach[a * n + p->winner]) || reach[a * n + p->loser])
				continue; /* who reaches the loser reaches all that it does */
			reach[a * n + p->loser] = true;
			for (size_t b = 0; b < n; b++)
				reach[a * n + b] |= reach[p->loser * n + b];
		}
	}
	return reach;
}

/* By locked pairs, or by paths when there are none. */
static bool
is_above(const struct ranked_outcome *o, const bool *reach, size_t a, size_t b)
{
	size_t n = o->candidate_count;

	return reach != NULL ? reach[a * n + b] : o->path[a * n + b] > o->path[b * n + a];
}

/* Who is left with nobody left above, the first in the order of ties; again and again. */
static bool
set_order(const struct view *v, const bool *reach, struct arena *arena, struct ranked_outcome *o)
{
	size_t n = v->n;
	uint32_t *above = ARENA_ARRAY(arena, n, uint32_t); /* how many who are left stand above */

	o->order = ARENA_ARRAY(arena, n, uint32_t);
	o->winning = ARENA_ARRAY(arena, n, uint32_t);
	if (above == NULL || o->order == NULL || o->winning == NULL)
		return false;
	for (size_t b = 0; b < n; b++) {
		for (size_t a = 0; a < n; a++)
			above[b] += !v->out[a] && a != b && is_above(o, reach, a, b);
		if (above[b] == 0 && !v->out[b])
			o->winning[o->winning_count++] = (uint32_t)b;
		if (v->out[b])
			above[b] = UINT32_MAX;
	}
	for (;;) {
		size_t best = n;

		for (size_t a = 0; a < n; a++)
			if (above[a] == 0 && (best == n || v->tie[a] < v->tie[best]))
				best = a;
		if (best == n)
			return true;
		above[best] = UINT32_MAX;
		o->order[o->order_count++] = (uint32_t)best;
		for (size_t b = 0; b < n; b++)
			if (above[b] != UINT32_MAX)
				above[b] -= is_above(o, reach, best, b);
	}
}

/* Each loser's reason: the majority, path or chain of the first winner above it. */
static void
set_fates(const bool *reach, struct ranked_outcome *o)
{
	size_t n = o->candidate_count;

	for (size_t i = 0; i < o->order_count; i++) {
		size_t who = o->order[i], w = o->order[0];
		struct ranked_fate *fate = &o->fates[who];

		if (i < o->seats) {
			o->winners[o->winner_count++] = (uint32_t)who;
			fate->why = RANKED_WON;
			fate->place = i + 1;
			continue;
		}
		for (size_t k = 0; k < o->seats && !is_above(o, reach, w, who); k++)
			w = o->order[k];
		fate->why = is_above(o, reach, w, who) ? RANKED_BEATEN : RANKED_TIE_LOST;
		fate->by = w;
		fate->for_it = reach != NULL ? o->preferred[w * n + who] : o->path[w * n + who];
		fate->against = reach != NULL ? o->preferred[who * n + w] : o->path[who * n + w];
	}
}

enum status
pairwise_preferred(const struct view *v, struct arena *arena, struct ranked_outcome *o)
{
	o->preferred = compare_all(v, arena);
	return o->preferred == NULL ? NO_MEMORY : OK;
}

enum status
pairwise_count(const struct view *v, struct arena *arena, struct ranked_outcome *o)
{
	bool *reach = NULL;

	o->preferred = compare_all(v, arena);
	if (o->preferred == NULL)
		return NO_MEMORY;
	if (o->method.rule == RANKED_PAIRS) {
		if (!list_pairs(v, arena, o))
			return NO_MEMORY;
		reach = lock_pairs(v, arena, o);
		if (reach == NULL)
			return NO_MEMORY;
	} else if (!find_paths(v, arena, o)) {
		return NO_MEMORY;
	}
	if (!set_order(v, reach, arena, o))
		return NO_MEMORY;
	set_fates(reach, o);
	return OK;
}
