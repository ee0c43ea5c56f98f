/* Matching money: a fund is split among projects by what many people gave to them.
 *
 * c(i,p): what giver i gave to project p in all, minor units. What a project's match is in
 * proportion to (its raw match):
 *
 *   quadratic  (sum over i of sqrt c(i,p))^2 - sum over i of c(i,p)
 *              Buterin, Hitzig, Weyl, "A Flexible Design for Funding Public Goods", Management
 *              Science 65 (2019), 5171-5187 (arXiv 1809.06421): "capital-constrained liberal
 *              radicalism" (CLR).
 *   pairwise   sum over pairs i < j of k(i,j) * 2 sqrt(c(i,p) c(j,p)), where
 *              k(i,j) = M / (M + sum over all projects q of sqrt(c(i,q) c(j,q)))
 *              Buterin, "Pairwise coordination subsidies: a new quadratic funding design", 4 June
 *              2019, ethresear.ch/t/5553. M (`bound`), in money: two givers together never bring
 *              more than 2M of raw match, however much they give. M without end: quadratic.
 *
 * The split: match(p) = min(cap, z * raw(p)) with the z that gives out the whole fund. Found as one
 * would by hand: in proportion; who reaches the cap gets the cap; what is left, in proportion
 * among the others; and so on until nobody is above it. What nobody may take any more stays in
 * the fund. The fund is given out whole otherwise, also where it is more than the raw matches.
 * Whole minor units: each share is rounded down, and what that leaves goes one by one to the
 * largest remainders, equal ones in order of `rank`. The sum is never more than the fund.
 *
 * Exactness. Roots are irrational, so a raw match is held as an interval of integers [lo, hi] over
 * 2^(2B), B = 192 bits at first: roots by integer square root (lo = floor, hi = lo, or lo + 1
 * when there is a remainder), every operation after that rounded outwards. All values are
 * positive and each operation is monotone in each operand, so the true value lies within. What is
 * decided - who is capped, a share's whole part, where the order of remainders is cut - is
 * decided only when both ends say the same; then the true value, being between, says it too. If
 * they differ the whole split is done again with B = 1024, then 4096. What 4096 bits can't tell
 * apart is taken as equal: a share is then the whole number that its interval holds, remainders
 * go by rank. That is the case of shares that *are* equal or whole (two projects with the same
 * gifts); `bits` and `equal` say when it happened. (That two different sums of roots may agree in
 * 4096 bits is not excluded by proof; the answer would still be the same on every machine.) Where
 * all gifts of a project have the same root part (2.00 and 8.00 are 10 and 20 times sqrt 2) the
 * quadratic raw match is whole and found exactly.
 */
#ifndef CORE_DECIDE_MATCHING_MONEY_H
#define CORE_DECIDE_MATCHING_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/error.h"

enum {
	MATCHING_PROJECTS_MAX = 100000,
	MATCHING_GIFTS_MAX = 1000000,
	MATCHING_PAIRS_MAX = 10000000, /* pairwise: pairs of givers, over all projects */
	MATCHING_FURTHER_MAX = 1000    /* projects for which `further` is found: each is a count */
};
#define MATCHING_MONEY_MAX INT64_C(1000000000000000) /* minor units: fund, all gifts, M */

enum matching_rule { MATCHING_QUADRATIC, MATCHING_PAIRWISE }; /* "quadratic", "pairwise" */

struct matching_gift {
	uint32_t project, giver; /* numbers from 0; the same pair more than once: added up */
	int64_t amount;          /* minor units, > 0 */
};

struct matching {
	enum matching_rule rule;
	int64_t fund;   /* minor units, > 0 */
	int64_t cap;    /* of each project's match, > 0; 0: none */
	int64_t bound;  /* M, > 0, with the pairwise rule */
	int64_t unit;   /* minor units in 1.00, for `further`; 0: don't find it */
	size_t project_count;
	const struct matching_gift *gifts;
	size_t gift_count;
	const uint32_t *rank; /* [project_count], all different, who goes first in a tie; NULL: as
	                         numbered */
};

struct matching_project {
	int64_t given;   /* by all its givers */
	int64_t givers;
	struct str raw;  /* raw match in minor units, rounded down: decimal digits */
	int64_t match;   /* what it gets from the fund */
	bool capped;     /* its part reached the cap */
	int64_t further; /* how much more the match would be had one more person given 1.00, counted
	                    anew. (-1 happens: a minor unit of rounding goes elsewhere.) */
};

struct matching_outcome {
	struct matching_project *projects;
	int64_t total, left; /* given out; stays in the fund */
	int64_t rounds;      /* of redistribution; 1: nobody was capped */
	bool further;        /* whether each project's `further` was found */
	int bits;            /* with which all was decided: 192, 1024, 4096 */
	bool equal;          /* with 4096 bits something was taken as equal */
};

/* INVALID with *error: money or numbers that can't be. TOO_LARGE with *error. NO_MEMORY. */
MUST_CHECK enum status matching_split(const struct matching *m, struct arena *arena,
                                      struct matching_outcome *ret, struct decide_error *error);

const char *matching_rule_name(enum matching_rule rule);
MUST_CHECK enum status matching_rule_parse(struct str name, enum matching_rule *ret);

#endif
