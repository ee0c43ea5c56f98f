/* An election by rankings: candidates, and ballots that put some of them in order.
 *
 * Every counting rule for rankings takes this. Who cast a ballot and in which order is not
 * kept: identical ballots are one with a weight. A ballot may end early (truncated), be blank,
 * and put several candidates on one rank. Withdrawn candidates stay on the ballots; the rules
 * read past them.
 *
 * Making one:
 *	ranked_begin(&making, arena);
 *	ranked_candidate(&making, name, false);             for each, numbered 0, 1, …
 *	ranked_ballot(&making, choices, count, weight);     for each kind of ballot
 *	ranked_end(&making, seats, &election, &error);
 */
#ifndef CORE_DECIDE_RANKED_ELECTION_H
#define CORE_DECIDE_RANKED_ELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/error.h"

enum {
	RANKED_CANDIDATES_MAX = 1000,
	RANKED_VOTERS_MAX = 10000000,
	RANKED_PLACES_MAX = 100000000, /* candidates on all distinct ballots together */
	RANKED_NAME_MAX = 500          /* bytes */
};

/* On a choice: it stands on the same rank as the choice before it. */
#define RANKED_SAME (UINT32_C(1) << 31)

struct ranked_candidate {
	struct str name;
	bool withdrawn;
	uint32_t tie; /* place in the order that breaks ties, unique; its number when no order is given */
};

struct ranked_election {
	struct str title; /* may be empty */
	size_t seats;     /* at least 1 */
	int64_t voters;   /* ballots cast, blank ones included */

	struct ranked_candidate *candidates;
	size_t candidate_count;

	/* Distinct ballots. Ballot b was cast weight[b] times and ranks choice[start[b]] …
	 * choice[start[b + 1] - 1], best first: candidate numbers, with RANKED_SAME on all but
	 * the first of a rank. Within a rank they ascend. */
	size_t ballot_count;
	uint32_t *weight;
	uint32_t *start; /* [ballot_count + 1] */
	uint32_t *choice;
};

/* An election being made; nobody's business but election.c's. */
struct ranked_making {
	struct arena *arena;
	struct ranked_election e;
	size_t candidates_size, ballots_size, choices_size, table_size, scratch_size;
	uint32_t *table;   /* hash of a ballot → ballot + 1 */
	uint32_t *scratch; /* one ballot */
	uint32_t *seen;    /* [candidates] number of the last ballot that had it */
	uint32_t ballots_seen;
};

void ranked_begin(struct ranked_making *making, struct arena *arena);
/* The name must outlive the election. All candidates come before the first ballot.
 * TOO_LARGE, NO_MEMORY. */
MUST_CHECK enum status ranked_candidate(struct ranked_making *making, struct str name,
                                        bool withdrawn);
/* INVALID: a candidate twice on it. TOO_LARGE, NO_MEMORY. Numbers must be below the number of
 * candidates (assert); the first choice has no RANKED_SAME. */
MUST_CHECK enum status ranked_ballot(struct ranked_making *making, const uint32_t *choices,
                                     size_t count, uint32_t weight);
/* INVALID with *error: no candidate, or more seats than candidates who stand. */
MUST_CHECK enum status ranked_end(struct ranked_making *making, size_t seats,
                                  struct ranked_election *ret, struct decide_error *error);

/* Fills *error for a status of ranked_candidate or ranked_ballot, and returns it. */
enum status ranked_fail(enum status st, size_t line, struct decide_error *error);

/* Whether two elections are the same: candidates and ballots with their weights, in any order
 * of ballots. NO_MEMORY. */
MUST_CHECK enum status ranked_same(const struct ranked_election *a, const struct ranked_election *b,
                                   struct arena *arena, bool *ret);

#endif
