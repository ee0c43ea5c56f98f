/* Greedy: in order of satisfaction per cost, take what fits and skip what does not (or stop
 * there). With cost utilities that is the order of votes, with cardinality of votes per cost, with
 * points of points per cost, with cost times points of points. Also the utilitarian completion of
 * Equal Shares. Source: definitions of pabutools' greedy_utilitarian_welfare. */
#include <stdlib.h>

#include "core/decide/count.h"

struct entry {
	int64_t votes, per; /* ordered by votes / per, descending */
	uint32_t rank, option;
};

static int
compare_worth(const struct entry *x, const struct entry *y)
{
	__int128 a = (__int128)x->votes * y->per, b = (__int128)y->votes * x->per;

	return a == b ? 0 : a > b ? -1 : 1;
}

static int
by_worth(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int worth = compare_worth(x, y);

	return worth != 0 ? worth : (x->rank > y->rank) - (x->rank < y->rank);
}

/* Satisfaction per cost as a fraction. */
static struct entry
entry_of(const struct count *count, enum decide_utility utility, size_t option)
{
	const struct election_option *o = &count->e->options[option];
	bool by_cost = utility == DECIDE_COST || utility == DECIDE_COST_POINTS;

	return (struct entry){ .votes = decide_utility_has_points(utility) ? o->points : o->votes,
	                       .per = by_cost ? 1 : o->cost,
	                       .rank = count->rank[option], .option = (uint32_t)option };
}

/* One option that limits allow: taken where it fits. tied: how many others that may be taken are
 * as good. Whether it was. */
static bool
take_if_fits(struct count *count, uint32_t option, enum outcome_why why, int64_t tied)
{
	struct outcome_option *out = &count->outcome->options[option];

	bool fits = count->e->options[option].cost <= count->left;

	if (out->left < 0) {
		out->left = count->left;
		out->why = OUTCOME_NO_ROOM;
	}
	if (fits) {
		count_take(count, option, OUTCOME_BY_VOTES, why)->tied = tied;
		count_free(count, why);
	}
	return fits;
}

/* How many of the entries behind one are exactly as good and may be taken. */
static int64_t
count_tied(const struct count *count, const struct entry *entries, size_t n, size_t at)
{
	int64_t tied = 0;

	for (size_t i = at + 1; i < n && compare_worth(&entries[at], &entries[i]) == 0; i++)
		tied += count->outcome->options[entries[i].option].place == 0 &&
		        count_look(count, entries[i].option) == LIMITS_ALLOW;
	return tied;
}

/* With limits: the first in the order that may be taken now and fits; then from the top again, as
 * what had to wait may have its turn. */
static void
take_limited(struct count *count, const struct entry *entries, size_t n, enum outcome_why why,
             bool no_skip)
{
	struct outcome_option *options = count->outcome->options;
	bool stopped = false;

	for (size_t i = 0; i < n && !stopped; i++) {
		uint32_t o = entries[i].option;
		enum limits_answer answer;

		if (options[o].place > 0)
			continue;
		answer = count_look(count, o);
		if (answer == LIMITS_HELD && options[o].left < 0) {
			options[o].left = count->left;
			count_say_limit(count, o);
		} else if (answer == LIMITS_ALLOW) {
			if (take_if_fits(count, o, why, count_tied(count, entries, n, i)))
				i = SIZE_MAX; /* to the top: one before the first */
			else
				stopped = no_skip;
		}
	}
	for (size_t i = 0; stopped && i < n; i++) {
		struct outcome_option *out = &options[entries[i].option];

		if (out->place == 0 && out->left < 0)
			out->why = OUTCOME_STOPPED;
	}
}

enum status
count_by_votes(struct count *count, enum decide_utility utility, enum outcome_why why,
               bool no_skip)
{
	const struct election *e = count->e;
	struct entry *entries = ARENA_ARRAY(count->arena, e->option_count, struct entry);
	size_t n = 0;
	bool stopped = false;

	if (entries == NULL)
		return NO_MEMORY;
	for (size_t o = 0; o < e->option_count; o++)
		if (count_is_open(e, o) && count_is_below_threshold(count, o))
			count->outcome->options[o].why = OUTCOME_THRESHOLD;
		else if (count_is_open(e, o) && count->outcome->options[o].place == 0)
			entries[n++] = entry_of(count, utility, o);
	qsort(entries, n, sizeof *entries, by_worth);
	if (e->limits != NULL) {
		take_limited(count, entries, n, why, no_skip);
		return OK;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t o = entries[i].option;
		struct outcome_step *step;

		if (stopped) {
			count->outcome->options[o].why = OUTCOME_STOPPED;
			continue;
		}
		count->outcome->options[o].left = count->left;
		if (e->options[o].cost > count->left) {
			count->outcome->options[o].why = OUTCOME_NO_ROOM;
			stopped = no_skip;
			continue;
		}
		step = count_take(count, o, OUTCOME_BY_VOTES, why);
		while (i + 1 + (size_t)step->tied < n &&
		       compare_worth(&entries[i], &entries[i + 1 + (size_t)step->tied]) == 0)
			step->tied++;
	}
	return OK;
}
