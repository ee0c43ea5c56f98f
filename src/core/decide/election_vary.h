/* Elections that differ from another in one thing: for "what if" questions.
 *
 * Each makes *ret from e, which stays as it is; what does not change is shared with e, so e must
 * outlive *ret. New arrays come from the arena. NO_MEMORY when that is full.
 */
#ifndef CORE_DECIDE_ELECTION_VARY_H
#define CORE_DECIDE_ELECTION_VARY_H

#include "core/decide/election.h"

/* With `count` (> 0) more voters who name only that option. Where ballots have points, each of
 * them gives it the most points that any ballot of e gives to one option. TOO_LARGE: more than
 * ELECTION_VOTERS_MAX voters. */
MUST_CHECK enum status election_with_ballots(const struct election *e, uint32_t option,
                                             int64_t count, struct arena *arena,
                                             struct election *ret);

/* With one voter fewer of those who cast distinct ballot number `ballot` (< ballot_count). Was
 * it the only one, the later ballots are one lower in *ret. */
MUST_CHECK enum status election_without_ballot(const struct election *e, size_t ballot,
                                               struct arena *arena, struct election *ret);

/* With ballots that only say which: all points are 1. Ballots that differ in points alone stay
 * apart. */
MUST_CHECK enum status election_without_points(const struct election *e, struct arena *arena,
                                               struct election *ret);

/* With another cost (0 … ELECTION_MONEY_MAX) of one option. */
MUST_CHECK enum status election_with_cost(const struct election *e, uint32_t option, int64_t cost,
                                          struct arena *arena, struct election *ret);

#endif
