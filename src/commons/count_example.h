/* A small vote, counted both ways: shown before a place adopts a rule. Ten neighbours share a
 * thousand; seven chose lights for 600, six benches for 400, four a workshop for 300. */
#ifndef COMMONS_COUNT_EXAMPLE_H
#define COMMONS_COUNT_EXAMPLE_H

#include "base/arena.h"
#include "base/money.h"

enum { EXAMPLE_LIGHTS, EXAMPLE_BENCHES, EXAMPLE_WORKSHOP, EXAMPLE_OPTIONS };

struct count_example {
	struct amount budget, share;    /* share: of each voter, by equal shares */
	int64_t voters;
	struct amount greedy_left, shares_left; /* of the budget, in the end */
	int64_t greedy_glad, shares_glad;       /* voters with at least one winner */
	struct {
		struct amount cost, price, could_pay; /* by equal shares; price: of most supporters */
		int64_t votes;
		bool wins_greedy, wins_shares;
	} options[EXAMPLE_OPTIONS];
};

/* Counted by core/decide; decimals: of the currency. */
MUST_CHECK enum status count_example(struct arena *arena, int decimals, struct count_example *ret);

#endif
