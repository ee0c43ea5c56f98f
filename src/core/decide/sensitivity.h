/* How easily an outcome would have been another: with any other rule, with any other order of
 * options that tie, with one ballot more or fewer. Pure: the same election, method and limit give
 * the same answer. Winners are compared as sets. What was only tried is said to be tried, with
 * how many of how many.
 */
#ifndef CORE_DECIDE_SENSITIVITY_H
#define CORE_DECIDE_SENSITIVITY_H

#include <jansson.h>

#include "core/decide/outcome.h"

/* Who comes in and who goes out, ascending; none of both: the same winners. */
struct sensitivity_change {
	uint32_t *in, *out;
	size_t in_count, out_count;
};

/* The winners under another method. */
struct sensitivity_rule {
	struct method method;
	bool by_sets;  /* the election's ballots have points, which were left out */
	bool counted;  /* false: too many increments to be counted; then change is empty */
	struct sensitivity_change change;
};

/* Of several counts: how many gave other winners, and all who came in or went out in one of
 * them. */
struct sensitivity_tries {
	int64_t tried, of; /* tried: of so many that there are (random orders: as many as asked) */
	int64_t changed;
	struct sensitivity_change change;
};

/* Tie orders tried: the reverse of the method's, then random orders of all options. */
enum { SENSITIVITY_ORDERS = 20 };

struct sensitivity {
	struct sensitivity_rule *rules; /* the method itself is not among them */
	size_t rule_count;

	int64_t tied_steps; /* steps at which another option was exactly as good */
	struct sensitivity_tries orders;

	/* Greedy by votes only, otherwise 0: however so many ballots are added or taken away,
	 * whatever they name, the winners stay. Proved: votes of two options then come no nearer
	 * than that number; options that may change places (or none of whose votes are sure) all
	 * fit together, or do not fit at all, so that their order makes no difference. The largest
	 * number for which this proof holds; at most the number of voters. */
	int64_t safe_ballots;
	/* One ballot more for one loser alone (not for those withdrawn); one voter fewer, of each
	 * distinct ballot. Not tried (0 of …) where safe_ballots is above 0. More ballots than
	 * those can be imagined: what names several options is not tried. */
	struct sensitivity_tries more, fewer;
};

/* progress: NULL, or a step for each recount. limit: at most so many recounts in `more` and `fewer`
 * together, in that order, each by number. The rest takes 20 to 40 counts for the rules and 21 for
 * the orders. *outcome is of e and its method. NO_MEMORY; other statuses as decide_count. Recounts
 * take their memory from an arena of their own with the same cap as `arena`. */
MUST_CHECK enum status sensitivity_of(const struct election *e, const struct outcome *outcome,
                                      int64_t limit, const struct decide_progress *progress,
                                      struct arena *arena, struct sensitivity *ret);

/* As JSON, options by number. The caller gives it back. */
json_t *sensitivity_json(const struct sensitivity *sensitivity);

#endif
