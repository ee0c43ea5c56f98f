/* A second, naive implementation of greedy, Equal Shares, its exact and overspending kinds and
 * Phragmén, written from definitions alone: every voter by themselves, plain rationals, no merging, no filters, no skipping. */
#ifndef TESTS_CORE_DECIDE_NAIVE_H
#define TESTS_CORE_DECIDE_NAIVE_H

#include <gmp.h>

#include "core/decide/outcome.h"

enum { NAIVE_VOTERS = 40, NAIVE_OPTIONS = 30, NAIVE_RHO = 2000, NAIVE_GROUPS = 3 };

struct naive_group {
	uint32_t options; /* bits */
	int64_t min_cost, max_cost, min_winners, max_winners; /* as limits.h */
};

struct naive {
	int voters, options, decimals;
	int64_t budget, cost[NAIVE_OPTIONS];
	bool withdrawn[NAIVE_OPTIONS];
	char id[NAIVE_OPTIONS][4];
	uint32_t ballot[NAIVE_VOTERS]; /* bit o: chooses option o */
	uint8_t points[NAIVE_VOTERS][NAIVE_OPTIONS]; /* > 0 for what is chosen; used only with
	                                                a utility of points */
	int64_t threshold;
	struct naive_group group[NAIVE_GROUPS];
	int groups;
	uint32_t needs[NAIVE_OPTIONS]; /* bits: options that must have won before */
};

struct naive_outcome {
	int winners[NAIVE_OPTIONS], count;
	int by_rule;                       /* of them, won by the rule itself */
	char rho[NAIVE_OPTIONS][NAIVE_RHO]; /* of winners by shares */
	int64_t price_milli[NAIVE_OPTIONS], payers[NAIVE_OPTIONS], all_in[NAIVE_OPTIONS]; /* too */
	int64_t spent_milli[NAIVE_VOTERS]; /* ascending */
	int64_t could_pay[NAIVE_OPTIONS];  /* by option; -1: not applicable */
	int64_t cost, increments, represented, prefer_shares, prefer_greedy;
};

/* Whether limits other than held-back money are against adding the option to these winners
 * (bits). */
bool naive_is_kept_out(const struct naive *n, uint32_t winners, int option);

/* ties: DECIDE_TIES_ID, or by cost, votes, then the order `lot` (place of each option). */
void naive_count(const struct naive *n, const struct method *method, const int *lot,
                 struct naive_outcome *ret);

#endif
