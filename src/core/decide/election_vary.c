#include "core/decide/election_vary.h"

#include <assert.h>
#include <string.h>

static void *
copy(struct arena *arena, const void *from, size_t count, size_t more, size_t each)
{
	void *to = arena_array(arena, count + more, each);

	if (to != NULL && count > 0)
		memcpy(to, from, count * each);
	return to;
}

enum status
election_with_cost(const struct election *e, size_t option, int64_t cost, struct arena *arena,
                   struct election *ret)
{
	assert(option < e->option_count && cost >= 0 && cost <= ELECTION_MONEY_MAX);
	*ret = *e;
	ret->options = copy(arena, e->options, e->option_count, 0, sizeof *e->options);
	if (ret->options == NULL)
		return NO_MEMORY;
	ret->options[option].cost = cost;
	return OK;
}

enum status
election_without_ballot(const struct election *e, size_t ballot, struct arena *arena,
                        struct election *ret)
{
	assert(ballot < e->ballot_count && e->weight[ballot] > 0);
	*ret = *e;
	ret->options = copy(arena, e->options, e->option_count, 0, sizeof *e->options);
	ret->weight = copy(arena, e->weight, e->ballot_count, 0, sizeof *e->weight);
	if (ret->options == NULL || ret->weight == NULL)
		return NO_MEMORY;
	/* A weight of 0 is a ballot that nobody casts. */
	ret->weight[ballot]--;
	ret->voters--;
	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++) {
		ret->options[e->choice[i]].votes--;
		ret->options[e->choice[i]].points -= e->points == NULL ? 1 : e->points[i];
	}
	return OK;
}

/* A new last ballot that names the option alone. */
static enum status
append(const struct election *e, size_t option, struct arena *arena, struct election *ret)
{
	size_t total = e->start[e->ballot_count], at = e->first[option + 1];

	ret->weight = copy(arena, e->weight, e->ballot_count, 1, sizeof *e->weight);
	ret->start = copy(arena, e->start, e->ballot_count + 1, 1, sizeof *e->start);
	ret->choice = copy(arena, e->choice, total, 1, sizeof *e->choice);
	ret->first = copy(arena, e->first, e->option_count + 1, 0, sizeof *e->first);
	ret->supporter = copy(arena, e->supporter, at, total - at + 1, sizeof *e->supporter);
	if (ret->weight == NULL || ret->start == NULL || ret->choice == NULL ||
	    ret->first == NULL || ret->supporter == NULL)
		return NO_MEMORY;
	ret->choice[total] = (uint32_t)option;
	ret->start[e->ballot_count + 1] = (uint32_t)total + 1;
	ret->supporter[at] = (uint32_t)e->ballot_count;
	memcpy(ret->supporter + at + 1, e->supporter + at, (total - at) * sizeof *e->supporter);
	for (size_t o = option + 1; o <= e->option_count; o++)
		ret->first[o]++;
	if (e->points == NULL)
		return OK;
	ret->points = copy(arena, e->points, total, 1, sizeof *e->points);
	ret->supporter_points = copy(arena, e->supporter_points, at, total - at + 1,
	                             sizeof *e->supporter_points);
	if (ret->points == NULL || ret->supporter_points == NULL)
		return NO_MEMORY;
	ret->points[total] = ret->supporter_points[at] = 1;
	memcpy(ret->supporter_points + at + 1, e->supporter_points + at,
	       (total - at) * sizeof *e->supporter_points);
	return OK;
}

enum status
election_with_ballots(const struct election *e, size_t option, int64_t count,
                      struct arena *arena, struct election *ret)
{
	enum status st;

	assert(option < e->option_count && count > 0);
	if (count > ELECTION_VOTERS_MAX - e->voters)
		return TOO_LARGE;
	*ret = *e;
	ret->options = copy(arena, e->options, e->option_count, 0, sizeof *e->options);
	st = ret->options == NULL ? NO_MEMORY : append(e, option, arena, ret);
	if (st != OK)
		return st;
	ret->weight[e->ballot_count] = (uint32_t)count;
	ret->ballot_count++;
	ret->voters += count;
	ret->options[option].votes += count;
	ret->options[option].points += count;
	return OK;
}
