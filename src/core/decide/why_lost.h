/* What a loser would have needed: two numbers, each found by counting the whole election again.
 *
 * highest_cost: the option wins when it costs that much, all else the same, and loses when it
 * costs one minor unit more. more_ballots: it wins when so many more voters come who name it alone
 * (the money per voter is then budget / all voters), and loses with one fewer.
 *
 * They are found by halving, so each recount is of the rule itself. Where winning at a cost
 * means winning at every lower one (the greedy rules, Phragmén, Equal Shares without increments),
 * highest_cost is the highest there is; where winning with some more voters means winning
 * with still more (the greedy rules), more_ballots is the fewest; limits leave both so, unless one is a
 * minimum. For the others a higher cost, or
 * fewer voters, beyond a stretch where it loses again can't be excluded; docs/rules/why.md. */
#ifndef CORE_DECIDE_WHY_LOST_H
#define CORE_DECIDE_WHY_LOST_H

#include "core/decide/outcome.h"

struct why_lost {
	int64_t highest_cost; /* minor units; -1: not even for nothing */
	int64_t more_ballots; /* -1: not with any number that can be counted */
	int64_t recounts;     /* it took */
};

/* For an option that did not win by the method. Withdrawn options never win: -1 and -1. memory:
 * bytes that one recount may take. progress: NULL, or a step for each recount. Errors as
 * decide_count. */
MUST_CHECK enum status why_lost(const struct election *e, const struct method *method,
                                size_t option, size_t memory,
                                const struct decide_progress *progress, struct why_lost *ret,
                                struct decide_error *error);

/* The same for every loser of an outcome, into its options; for none of them when all of that
 * would look at more than about `work` choices on ballots, once for each run of the rule. */
MUST_CHECK enum status why_lost_all(const struct election *e, struct outcome *outcome,
                                    int64_t work, size_t memory, struct decide_error *error);

#endif
