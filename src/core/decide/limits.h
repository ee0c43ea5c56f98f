/* What winners must keep to besides the budget.
 *
 * A group is a set of options with at most so many winners or so much money (then no more of it
 * is taken), at least so many or so much (then money is held back for it), or both. One winner
 * at most: its options exclude each other. A need: an option may win only after another has.
 *
 * Every rule asks before it takes an option, and takes only what may be taken now:
 * - its groups have room for one more winner of its cost, and all that it needs have won;
 * - it costs nothing, or it leaves in the budget what is held back for other groups.
 * Held back for a group below its minimum is, of its options that could be taken now (somebody
 * wants them, no other limit is against them, each alone fits in what is left):
 *	the cost of the cheapest ones, as many as winners are missing (of all, when they are fewer);
 *	as much as money is missing, but no more than all of them cost and no less than the
 *	cheapest;
 * the larger of the two. When what is held back for all groups is more than what is left, not all
 * minima can be reached: then only options of such groups may be taken, in the order of the rule,
 * and nothing is held back from them. So where money is held back, something can always be taken.
 * A minimum may still not be reached (nobody chose enough of the group, shares do not reach, sums
 * do not come out even): the outcome says so.
 *
 * What may not be taken now waits; it may be taken later, when what it needs has won or money is
 * held back no more. What costs nothing and somebody wants is taken as soon as it may be.
 * docs/rules/limits.md says what this means for each rule, with examples. */
#ifndef CORE_DECIDE_LIMITS_H
#define CORE_DECIDE_LIMITS_H

#include "core/decide/election.h"

enum {
	LIMITS_OPTIONS_MAX = 5000, /* of an election with limits */
	LIMITS_GROUPS_MAX = 1000,
	LIMITS_NEEDS_MAX = 10000
};

struct limits_group {
	struct str name;
	const uint32_t *options;           /* numbers, each once */
	size_t option_count;
	int64_t min_cost, max_cost;        /* minor units; 0 and -1: no such limit */
	int64_t min_winners, max_winners;  /* the same */
	size_t line;                       /* of the file it stands in, for errors; or 0 */
};

/* option may win only after `other` has. */
struct limits_need {
	uint32_t option, other;
	size_t line;
};

struct limits {
	const struct limits_group *groups;
	size_t group_count;
	uint32_t *group_first, *group; /* groups of option o: group[group_first[o]] …
	                                  group[group_first[o + 1] - 1] */
	uint32_t *need_first, *need;   /* the options that it needs, alike */
};

/* Sets limits on an election; groups and what they point to must outlive it. INVALID with *error
 * for what contradicts itself: a maximum of 0; a minimum above its maximum, or above what the group
 * or the budget has; an option in two groups that have a minimum; a circle of needs; an option that
 * needs more of a group than may win. TOO_LARGE with *error over a limit above. NO_MEMORY. */
MUST_CHECK enum status limits_set(struct election *e, const struct limits_group *groups,
                                  size_t group_count, const struct limits_need *needs,
                                  size_t need_count, struct arena *arena,
                                  struct decide_error *error);

#endif
