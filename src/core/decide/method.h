/* How an election is counted: the rule and everything it leaves open, declared beforehand.
 * The names are those of the command line, the database and JSON. */
#ifndef CORE_DECIDE_METHOD_H
#define CORE_DECIDE_METHOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/election.h"

enum decide_rule {
	DECIDE_GREEDY,       /* "greedy": in order of votes, whatever still fits */
	DECIDE_GREEDY_NO_SKIP, /* "greedy-no-skip": the same, up to the first that does not fit */
	DECIDE_EQUAL_SHARES, /* "equal-shares": Peters, Pierczyński, Skowron 2021 */
	DECIDE_GREEDY_THRESHOLD, /* "greedy-threshold": greedy among those with at least
	                            election.threshold votes, or points where ballots have them */
	DECIDE_PHRAGMEN,     /* "phragmen": sequential Phragmén for budgets; by approvals, whatever
	                        the utility */
	DECIDE_OVERSPENDING  /* "equal-shares-overspending": Equal Shares with bounded overspending
	                        (overspending.c); utility cost or cardinality only, no completion */
};

/* What a winner is worth to each voter who chose it. */
enum decide_utility {
	DECIDE_COST,        /* "cost": as much as it costs */
	DECIDE_CARDINALITY, /* "cardinality": 1, whatever it costs */
	DECIDE_POINTS,      /* "points": the points that the voter gave it */
	DECIDE_BORDA,       /* "borda": how many options the voter ranked behind it */
	DECIDE_COST_POINTS  /* "cost-points": as much as it costs, times the voter's points */
};

/* What Equal Shares does with the money that nobody's share could place. */
enum decide_completion {
	DECIDE_NONE,          /* "none": it stays */
	DECIDE_ADD1,          /* "add1": shares from budget / voters, `increment` more per voter
	                         and run, until nothing more would fit or the next run's
	                         winners would cost too much */
	DECIDE_ADD1_OFFICIAL, /* "add1-official": the same, but only the cost stops it
	                         (Świecie 2023, Wieliczka 2023, Assen 2024) */
	DECIDE_ADD1U,         /* "add1u": shares of whole units of the currency, as add1, then as
	                         "greedy" (the default of equalshares.net) */
	DECIDE_UTILITARIAN,   /* "greedy": as the rule greedy with the same utility (cost: by
	                         votes), whatever still fits */
	DECIDE_COMPARISON,    /* "comparison": add1-official; but where strictly more voters find
	                         more of what they chose among what greedy by votes chooses, that wins
	                         (Wieliczka 2023) */
	DECIDE_EXACT          /* "exact": Exact Equal Shares, every winner paid by supporters who all
	                         pay the same; shares raised to the next that changes anything, as
	                         add1 without increments (exact_shares.h); utility cost or
	                         cardinality only */
};

/* Who goes first among options that are exactly as good. */
enum decide_ties {
	DECIDE_TIES_ID,            /* "id": ids in string order ("10" before "2") */
	DECIDE_TIES_COST_VOTES_LOT /* "cost-votes-lot": lower cost, then more votes, then a lot
	                              drawn once from the seed over all options in id order */
};

struct method {
	enum decide_rule rule;
	enum decide_utility utility;
	enum decide_completion completion; /* DECIDE_NONE with the greedy rules */
	enum decide_ties ties;
	int64_t increment; /* minor units per voter, > 0; 0: one unit of the currency */
	uint8_t seed[32];  /* of the lot */
};

/* Whether ballots must say how much (points, ranks), not only which. */
bool decide_utility_has_points(enum decide_utility utility);
/* Whether it raises shares step by step: by method.increment. */
bool decide_completion_has_steps(enum decide_completion completion);

const char *decide_rule_name(enum decide_rule rule);
const char *decide_utility_name(enum decide_utility utility);
const char *decide_completion_name(enum decide_completion completion);
const char *decide_ties_name(enum decide_ties ties);
/* The reverse; INVALID for an unknown name. */
MUST_CHECK enum status decide_rule_parse(struct str name, enum decide_rule *ret);
MUST_CHECK enum status decide_utility_parse(struct str name, enum decide_utility *ret);
MUST_CHECK enum status decide_completion_parse(struct str name, enum decide_completion *ret);
MUST_CHECK enum status decide_ties_parse(struct str name, enum decide_ties *ret);

/* What one step adds per voter: increment, or one unit of the currency. */
int64_t method_increment(const struct method *method, const struct election *e);

/* Every option's place in the order that breaks ties: rank[option] from 0, all different.
 * NULL when the arena is full. */
uint32_t *method_ranks(const struct method *method, const struct election *e,
                       struct arena *arena);

#endif
