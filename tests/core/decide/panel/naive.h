/* Sortition the slow way: all panels listed, chances by linear programs over all of them. */
#ifndef TESTS_CORE_DECIDE_PANEL_NAIVE_H
#define TESTS_CORE_DECIDE_PANEL_NAIVE_H

#include "core/decide/panel/pool.h"

enum { NAIVE_PEOPLE = 16 };

/* Bit sets of people: every panel of that size that meets the quotas. */
struct naive {
	const struct pool *pool;
	int64_t size;
	uint32_t *panels;
	size_t count;
	int64_t least_relaxed; /* the least sum of changes of quotas with which there is a panel; -1: never */
};

void naive_list(struct naive *naive, const struct pool *pool, int64_t size, struct arena *arena);
/* The leximin chances; *ret_min the maximin. Only when count > 0. */
void naive_leximin(const struct naive *naive, double *ret_chance, double *ret_min);

#endif
