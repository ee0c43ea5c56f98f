/* Inside decide: the order in which an election keeps its distinct ballots. */
#ifndef CORE_DECIDE_ELECTION_ORDER_H
#define CORE_DECIDE_ELECTION_ORDER_H

#include "core/decide/election.h"

/* Sorts the ballots of an election whose lists by option have not been made yet, by the three
 * rarest options that each names. Uses the arena for new arrays and scratch. NO_MEMORY. */
MUST_CHECK enum status election_put_in_order(struct election *e, struct arena *arena);

#endif
