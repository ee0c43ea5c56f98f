/* Inside decide: what each voter has paid so far, step by step, for the rules that take equal parts
 * from supporters (exact_shares.c, overspending.c).
 *
 * Voters who paid for the same steps share an account. An account's sum is held as a double whose
 * error is bounded (account_error); where that is not enough its true rational is added up (GMP)
 * from the steps' prices. Steps can be taken back, the last first. */
#ifndef CORE_DECIDE_ACCOUNT_H
#define CORE_DECIDE_ACCOUNT_H

#include <gmp.h>

#include "core/decide/election.h"

struct account {
	double sum;
	uint32_t parent, child; /* where it came from; the one opened last from it */
	uint32_t step;          /* it paid last */
	bool all_in;            /* it gave all that was left: its sum is the share */
};

struct accounts {
	const struct election *e;
	double *paid;      /* by ballot: the sum of its account */
	uint32_t *of;      /* by ballot: its account; the first has paid nothing */
	uint32_t *weight;  /* beside the election's supporter: how often the ballot was cast */
	uint32_t *before;  /* beside it, once its option is a step: the account that the ballot had
	                      before it paid, or ACCOUNT_NOT_PAID */

	struct account *accounts;
	size_t count;

	mpq_t *price;      /* by step */
	mpq_t share;       /* what a voter who gave everything has paid */
	uint32_t *option;  /* by step */
	size_t *first;     /* by step: accounts before it */
	size_t steps, steps_size;
	double error;      /* times an amount: the bound of account_error */
};

#define ACCOUNT_NOT_PAID UINT32_MAX

/* Nobody has paid anything. accounts_end frees what GMP holds, after a failed begin too. */
MUST_CHECK enum status accounts_begin(struct accounts *a, const struct election *e,
                                      struct arena *arena);
void accounts_end(struct accounts *a);

/* Starts the next step: option's supporters pay, none has so far; its price is to be set in
 * price[steps - 1]. */
void accounts_step(struct accounts *a, uint32_t option);
/* The ballot at `at` of the election's supporters pays the step's price, or (all_in) whatever is
 * left of the share; price, share: the doubles nearest below them. */
void accounts_pay(struct accounts *a, size_t at, double price);
void accounts_pay_all(struct accounts *a, size_t at, double share);
/* Takes back the last steps until so many are left. */
void accounts_take_back(struct accounts *a, size_t steps);

/* The true sum of an account. */
void accounts_sum(const struct accounts *a, uint32_t account, mpq_t ret);

/* Sums, shares and prices up to `amount` each differ from their doubles by less than this, and so
 * does what one of them is more than two others. */
static inline double
account_error(const struct accounts *a, double amount)
{
	return a->error * amount;
}

#endif
