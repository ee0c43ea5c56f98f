/* What a count says about itself besides its winners: how its money is spread over the voters,
 * and whether a group was passed over. Pure functions of an election and its outcome; money in
 * minor units of the election. Nothing here names a voter; only measure_ballots tells ballots
 * apart.
 */
#ifndef CORE_DECIDE_MEASURE_H
#define CORE_DECIDE_MEASURE_H

#include <jansson.h>

#include "core/decide/outcome.h"

/* Whether some group of voters was left with too little: EJR+ of Brill and Peters ("Robust and
 * Verifiable Proportionality Axioms for Multiwinner Voting", EC 2023), in its form for budgets,
 * "up to any project", with cost utilities. What is meant by that is written out here, and the
 * claims about it are proved here, so that nothing hangs on the wording of the paper.
 *
 * With n voters, budget B and winners W, voter i has u(i): the cost of the winners they named.
 * The outcome fails if there are an option c outside W and a group G of voters who all named c,
 * such that for each i of G
 *
 *	u(i) + cost(c) <= |G| / n * B
 *
 * that is: with c added, every one of them would still have no more than the group's part of
 * the budget. With all costs 1 and B = k seats this is EJR+ of committees: u(i) < l for an
 * l <= |G| k / n. It implies EJR up to one project (Peters, Pierczyński and Skowron 2021): if G
 * all named T with cost(T) <= |G| / n * B, then T has won, or there is a c of T outside W, and
 * then an i with u(i) + cost(c) > cost(T).
 *
 * Equal Shares with the utility cost never fails, whatever its ties, when its shares begin with
 * budget / voters (not add1u, whose shares are whole units) and its comparison step did not go
 * to greedy: when c's supporters could last pay for it together at |G| equal parts, all that
 * was bought had rho <= 1 / |G|; somebody of G has since spent more than B / n - cost(c) / |G|,
 * so u(i) > |G| B / n - cost(c). The completion exact is no exception: until somebody of G had less
 * than cost(c) / |G|, (c, |G|) could be paid, and all that was bought had as many payers.
 *
 * Options that are withdrawn or cost nothing are not looked at, nor are those that a limit keeps out of
 * the winners as they are (OUTCOME_EXCLUDED, GROUP_FULL, NEEDS_OTHER of outcome.h). With limits Equal
 * Shares may fail too: an option that had to wait comes when its supporters have spent. The check is polynomial since the
 * worst groups for c are those of its supporters who have the least: one pass over the ballots
 * by u. Whole numbers only. */
struct measure_ejr {
	bool holds;
	int64_t failing;  /* options c for which a group exists */

	/* When it fails, the group with the largest gap |G| B - n (u + cost), u the most that one
	 * of them has; of equal ones the lowest option, then the least u. */
	uint32_t option;
	int64_t group;    /* |G| */
	int64_t has;      /* the most that one of them has: u */
	int64_t deserves; /* |G| / n * B, rounded down */
};

struct measure {
	int64_t voters, represented; /* with at least one winner among what they named */
	const int64_t *winners_held; /* the outcome's: voters with exactly 0, 1, 2, … winners */
	size_t winners_held_count;

	/* Gini coefficient of influence, in millionths, rounded down: 0: all have the same,
	 * towards 1000000: one has everything. The influence of a voter is the sum, over the winners
	 * they named, of cost / supporters (where ballots have points: cost * own points / points of
	 * all): x(1) <= … <= x(n),
	 *
	 *	G = sum of (2 i - n - 1) x(i) / (n * sum of x(i))
	 *
	 * 0 when nothing was spent. Exact rationals. Sources: Gini 1912; influence is the "share" of
	 * Maly, Rey, Endriss and Lackner, "Fairness in Participatory Budgeting via Equality of
	 * Resources", AAMAS 2023. */
	int64_t gini_millionths;

	struct measure_ejr ejr;
};

/* NO_MEMORY. *ret shares winners_held with the outcome. */
MUST_CHECK enum status measure_of(const struct election *e, const struct outcome *outcome,
                                  struct arena *arena, struct measure *ret);

/* What each distinct ballot got. Who knows how somebody voted can find them here: whether to
 * show a ballot that was cast only once or twice is for the caller to decide. */
struct measure_ballot {
	int64_t voters;      /* who cast it */
	int64_t named, won;  /* options on it, and winners among them */
	int64_t cost;        /* of those winners */
	int64_t spent_milli; /* what each of them spent of their share, in thousandths of a minor
	                        unit, rounded down; -1: nobody had a share */
};

/* [e->ballot_count], as in the election. spent_milli: as decide_count_extra filled it for this
 * outcome, or NULL. NULL when the arena is full. */
struct measure_ballot *measure_ballots(const struct election *e, const struct outcome *outcome,
                                       const int64_t *spent_milli, struct arena *arena);

/* As JSON, amounts as strings, options by number. The caller gives it back. */
json_t *measure_json(const struct measure *measure);
/* Each distinct ballot with what it names and got, in the order of the election. */
json_t *measure_ballots_json(const struct election *e, const struct measure_ballot *ballots);

#endif
