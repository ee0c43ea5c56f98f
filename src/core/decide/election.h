/* An election about money: options with costs, ballots that each name some of them.
 *
 * This is what every counting rule takes. It is neutral: made from a .pb file, from a round in
 * the database, or by a test. Who cast a ballot and in which order does not matter and is not
 * kept: identical ballots are merged into one with a weight.
 *
 * Making one:
 *	election_begin(&making, arena, decimals, budget);
 *	election_option(&making, id, cost, withdrawn);       for each, numbered 0, 1, …
 *	election_ballot(&making, options, points, count);    for each, blank ones too
 *	election_end(&making, &election, &error);
 */
#ifndef CORE_DECIDE_ELECTION_H
#define CORE_DECIDE_ELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/error.h"

enum {
	ELECTION_OPTIONS_MAX = 100000,
	ELECTION_VOTERS_MAX = 10000000,
	ELECTION_DECIMALS_MAX = 9,
	ELECTION_POINTS_MAX = 1000000 /* on one option by one voter */
};
/* Costs and budget at most, minor units: below 2^53, so that a double holds each exactly. */
#define ELECTION_MONEY_MAX INT64_C(1000000000000000)

struct limits;

struct election_option {
	struct str id;   /* as on ballots and in results; unique */
	int64_t cost;    /* minor units, 0 … ELECTION_MONEY_MAX */
	int64_t votes;   /* voters whose ballot names it */
	int64_t points;  /* of all of them together; votes where ballots have none */
	bool withdrawn;  /* ballots stand, it can't win */
};

struct election {
	int decimals;    /* 10^decimals minor units are one unit of the currency */
	int64_t budget;  /* minor units, > 0 */
	int64_t voters;  /* ballots cast, blank ones included */

	struct election_option *options;
	size_t option_count;

	/* Distinct ballots. Ballot b was cast weight[b] times and names
	 * choice[start[b]] … choice[start[b + 1] - 1], ascending, each once. */
	size_t ballot_count;
	uint32_t *weight;
	uint32_t *start;  /* [ballot_count + 1] */
	uint32_t *choice; /* option numbers */
	uint32_t *points; /* beside choice, > 0; NULL: ballots without points, 1 each */

	/* The same by option: its supporters are the ballots
	 * supporter[first[o]] … supporter[first[o + 1] - 1], ascending. */
	uint32_t *first;  /* [option_count + 1] */
	uint32_t *supporter;
	uint32_t *supporter_points; /* beside supporter; NULL as points */

	int64_t threshold; /* "greedy-threshold": votes (points where there are some) that an
	                      option needs; 0: none */
	const struct limits *limits; /* limits.h; NULL: none */
};

/* An election being made; nobody's business but election.c's. */
struct election_making {
	struct arena *arena;
	enum status failed; /* sticky */
	struct election e;
	size_t options_size, ballots_size, choices_size, points_size, table_size;
	bool with_points;  /* the first ballot that names something decides for all */
	uint32_t *table;   /* ballots by what they choose, hashed */
	uint64_t *marks;   /* a bit for each option that the ballot names; NULL before the first */
	uint64_t *marked;  /* a bit for each word of marks that has some */
	uint32_t *given;   /* points by option; all three are 0 between ballots */
};

void election_begin(struct election_making *making, struct arena *arena, int decimals,
                    int64_t budget);
/* Adds an option; id must outlive the election. All options come before the first ballot. */
void election_option(struct election_making *making, struct str id, int64_t cost, bool withdrawn);
/* Where it is known how many ballots come at most, before the first: with how many choices
 * together. Only saves time. */
void election_expect(struct election_making *making, size_t ballots, size_t choices);
/* Adds one voter's ballot: option numbers in any order, repetitions counted once, none at all
 * for a blank one. Numbers must be below the number of options (assert). points: beside choices,
 * at most ELECTION_POINTS_MAX; who gives 0 does not support the option. NULL for ballots without
 * points; all of an election's ballots have them or none (assert). */
void election_ballot(struct election_making *making, const uint32_t *choices,
                     const uint32_t *points, size_t count);
/* INVALID with *error: a budget of 0 or below, a cost below 0, money beyond the limit, the
 * same id twice. TOO_LARGE with *error: too many options or ballots. NO_MEMORY. */
MUST_CHECK enum status election_end(struct election_making *making, struct election *ret,
                                    struct decide_error *error);

#endif
