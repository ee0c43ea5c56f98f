#include "core/decide/election_vary.h"

#include <assert.h>
#include <string.h>

/* A copy with room for `more`; NULL when the arena is full. */
static void *
copy_of(struct arena *arena, const void *array, size_t count, size_t more, size_t each)
{
	void *copy = arena_array(arena, count + more, each);

	if (copy != NULL && count > 0)
		memcpy(copy, array, count * each);
	return copy;
}

static bool
copy_options(const struct election *e, struct arena *arena, struct election *ret)
{
	ret->options = copy_of(arena, e->options, e->option_count, 0, sizeof *e->options);
	return ret->options != NULL;
}

static size_t
total_of(const struct election *e)
{
	return e->ballot_count == 0 ? 0 : e->start[e->ballot_count];
}

static uint32_t
most_points(const struct election *e)
{
	uint32_t most = 1;

	for (size_t i = 0; e->points != NULL && i < total_of(e); i++)
		if (e->points[i] > most)
			most = e->points[i];
	return most;
}

/* The ballot that names only this option, with so many points; ballot_count: there is none. */
static size_t
find_alone(const struct election *e, uint32_t option, uint32_t points)
{
	for (size_t i = e->first[option]; i < e->first[option + 1]; i++) {
		uint32_t b = e->supporter[i];

		if (e->start[b + 1] - e->start[b] == 1 &&
		    (e->points == NULL || e->supporter_points[i] == points))
			return b;
	}
	return e->ballot_count;
}

/* Adds a last ballot of weight 0 that names only this option. */
static enum status
append(const struct election *e, uint32_t option, uint32_t points, struct arena *arena,
       struct election *ret)
{
	size_t total = total_of(e), end = e->first[option + 1];

	ret->weight = copy_of(arena, e->weight, e->ballot_count, 1, sizeof *e->weight);
	ret->start = copy_of(arena, e->start, e->ballot_count + 1, 1, sizeof *e->start);
	ret->choice = copy_of(arena, e->choice, total, 1, sizeof *e->choice);
	ret->first = copy_of(arena, e->first, e->option_count + 1, 0, sizeof *e->first);
	ret->supporter = copy_of(arena, e->supporter, end, total + 1 - end, sizeof *e->supporter);
	if (ret->weight == NULL || ret->start == NULL || ret->choice == NULL ||
	    ret->first == NULL || ret->supporter == NULL)
		return NO_MEMORY;
	ret->ballot_count++;
	ret->start[ret->ballot_count] = (uint32_t)total + 1;
	ret->choice[total] = option;
	for (size_t o = option; o < e->option_count; o++)
		ret->first[o + 1]++;
	ret->supporter[end] = (uint32_t)e->ballot_count;
	if (total > end)
		memcpy(ret->supporter + end + 1, e->supporter + end,
		       (total - end) * sizeof *e->supporter);
	if (e->points == NULL)
		return OK;
	ret->points = copy_of(arena, e->points, total, 1, sizeof *e->points);
	ret->supporter_points = copy_of(arena, e->supporter_points, end, total + 1 - end,
	                                sizeof *e->supporter_points);
	if (ret->points == NULL || ret->supporter_points == NULL)
		return NO_MEMORY;
	ret->points[total] = ret->supporter_points[end] = points;
	if (total > end)
		memcpy(ret->supporter_points + end + 1, e->supporter_points + end,
		       (total - end) * sizeof *e->supporter_points);
	return OK;
}

enum status
election_with_ballots(const struct election *e, uint32_t option, int64_t count,
                      struct arena *arena, struct election *ret)
{
	uint32_t points = most_points(e);
	size_t ballot;

	assert(option < e->option_count && count > 0);
	if (count > ELECTION_VOTERS_MAX - e->voters)
		return TOO_LARGE;
	*ret = *e;
	ballot = find_alone(e, option, points);
	if (!copy_options(e, arena, ret))
		return NO_MEMORY;
	if (ballot == e->ballot_count) {
		enum status st = total_of(e) == UINT32_MAX ? TOO_LARGE :
		                 append(e, option, points, arena, ret);

		if (st != OK)
			return st;
	} else {
		ret->weight = copy_of(arena, e->weight, e->ballot_count, 0, sizeof *e->weight);
		if (ret->weight == NULL)
			return NO_MEMORY;
	}
	ret->weight[ballot] += (uint32_t)count;
	ret->voters += count;
	ret->options[option].votes += count;
	ret->options[option].points += count * points;
	return OK;
}

/* The lists without one ballot. */
static enum status
take_out(const struct election *e, size_t ballot, struct arena *arena, struct election *ret)
{
	size_t total = total_of(e), from = e->start[ballot], to = e->start[ballot + 1];
	size_t gone = to - from, n = 0;

	ret->weight = copy_of(arena, e->weight, e->ballot_count, 0, sizeof *e->weight);
	ret->start = copy_of(arena, e->start, e->ballot_count + 1, 0, sizeof *e->start);
	ret->choice = copy_of(arena, e->choice, total, 0, sizeof *e->choice);
	ret->first = ARENA_ARRAY(arena, e->option_count + 1, uint32_t);
	ret->supporter = ARENA_ARRAY(arena, total, uint32_t);
	if (e->points != NULL) {
		ret->points = copy_of(arena, e->points, total, 0, sizeof *e->points);
		ret->supporter_points = ARENA_ARRAY(arena, total, uint32_t);
	}
	if (ret->weight == NULL || ret->start == NULL || ret->choice == NULL ||
	    ret->first == NULL || ret->supporter == NULL ||
	    (e->points != NULL && (ret->points == NULL || ret->supporter_points == NULL)))
		return NO_MEMORY;
	ret->ballot_count--;
	memmove(ret->choice + from, ret->choice + to, (total - to) * sizeof *ret->choice);
	if (e->points != NULL)
		memmove(ret->points + from, ret->points + to, (total - to) * sizeof *ret->points);
	for (size_t b = ballot; b < ret->ballot_count; b++) {
		ret->weight[b] = e->weight[b + 1];
		ret->start[b + 1] = e->start[b + 2] - (uint32_t)gone;
	}
	for (size_t o = 0; o < e->option_count; o++) {
		for (size_t i = e->first[o]; i < e->first[o + 1]; i++) {
			uint32_t b = e->supporter[i];

			if (b == ballot)
				continue;
			if (e->points != NULL)
				ret->supporter_points[n] = e->supporter_points[i];
			ret->supporter[n++] = b > ballot ? b - 1 : b;
		}
		ret->first[o + 1] = (uint32_t)n;
	}
	return OK;
}

enum status
election_without_ballot(const struct election *e, size_t ballot, struct arena *arena,
                        struct election *ret)
{
	assert(ballot < e->ballot_count);
	*ret = *e;
	if (!copy_options(e, arena, ret))
		return NO_MEMORY;
	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++) {
		struct election_option *o = &ret->options[e->choice[i]];

		o->votes--;
		o->points -= e->points == NULL ? 1 : e->points[i];
	}
	ret->voters--;
	if (e->weight[ballot] == 1)
		return take_out(e, ballot, arena, ret);
	ret->weight = copy_of(arena, e->weight, e->ballot_count, 0, sizeof *e->weight);
	if (ret->weight == NULL)
		return NO_MEMORY;
	ret->weight[ballot]--;
	return OK;
}

enum status
election_with_cost(const struct election *e, uint32_t option, int64_t cost, struct arena *arena,
                   struct election *ret)
{
	assert(option < e->option_count && cost >= 0 && cost <= ELECTION_MONEY_MAX);
	*ret = *e;
	if (!copy_options(e, arena, ret))
		return NO_MEMORY;
	ret->options[option].cost = cost;
	return OK;
}

enum status
election_without_points(const struct election *e, struct arena *arena, struct election *ret)
{
	*ret = *e;
	if (!copy_options(e, arena, ret))
		return NO_MEMORY;
	ret->points = ret->supporter_points = NULL;
	for (size_t o = 0; o < e->option_count; o++)
		ret->options[o].points = e->options[o].votes;
	return OK;
}
