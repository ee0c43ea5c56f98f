/* Elections that differ from another in one thing, for questions of "what if". They share the
 * other's arrays where these don't change, so the other must outlive them. */
#ifndef CORE_DECIDE_ELECTION_VARY_H
#define CORE_DECIDE_ELECTION_VARY_H

#include "core/decide/election.h"

/* One option's cost is another: 0 … ELECTION_MONEY_MAX (assert). NO_MEMORY. */
MUST_CHECK enum status election_with_cost(const struct election *e, size_t option, int64_t cost,
                                          struct arena *arena, struct election *ret);

/* count > 0 more voters, who name only the option (and give it one point, where ballots have
 * points). TOO_LARGE when that is more than ELECTION_VOTERS_MAX, NO_MEMORY. */
MUST_CHECK enum status election_with_ballots(const struct election *e, size_t option,
                                             int64_t count, struct arena *arena,
                                             struct election *ret);

/* One voter less, of those who cast a distinct ballot. NO_MEMORY. */
MUST_CHECK enum status election_without_ballot(const struct election *e, size_t ballot,
                                               struct arena *arena, struct election *ret);

#endif
