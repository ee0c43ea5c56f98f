/* Inside decide: people of a pool that no rule can tell apart, put together as a kind.
 *
 * Who lives alone (or no households were asked for) is of one kind with all others of the same
 * features. Who shares a household with another of the pool is a kind of one, and at most one of
 * these of a household can sit. As the chance of people of one kind is the same in the best
 * lottery anyway (swapping two of them changes nothing), nothing is lost. */
#ifndef CORE_DECIDE_PANEL_KINDS_H
#define CORE_DECIDE_PANEL_KINDS_H

#include "core/decide/panel/pool.h"

struct kinds {
	const struct pool *pool;
	size_t count;
	uint32_t *size;     /* people of each, ≥ 1 */
	uint32_t *first;    /* [count + 1]: its people are member[first[k]] … ascending */
	uint32_t *member;   /* people; kinds in order of their first */
	uint16_t *features; /* [count × category_count] */

	/* Homes of several; home[k] is the kind's, or -1. The kinds of home h are
	 * home_kind[home_first[h]] … */
	int32_t *home;
	size_t home_count;
	uint32_t *home_first, *home_kind;
};

MUST_CHECK enum status kinds_make(struct kinds *kinds, const struct pool *pool,
                                  struct arena *arena);

static inline const uint16_t *
kinds_features(const struct kinds *kinds, size_t kind)
{
	return kinds->features + kind * kinds->pool->category_count;
}

#endif
