/* Pieces of the naive count (naive.c) that naive_kinds.c takes too. */
#ifndef TESTS_CORE_DECIDE_NAIVE_INSIDE_H
#define TESTS_CORE_DECIDE_NAIVE_INSIDE_H

#include "naive.h"

struct naive_state {
	const struct naive *n;
	const struct method *method;
	const int *lot;
	struct naive_outcome *out;
	mpq_t money[NAIVE_VOTERS];
	uint64_t payers[NAIVE_OPTIONS]; /* of the winners, bit v: voter v; exact only */
};

bool naive_by_cost(const struct naive_state *s);
bool naive_is_open(const struct naive *n, int option);
bool naive_has_won(const struct naive_outcome *out, int option);
void naive_win(struct naive_state *s, int option);
/* Whether a goes before b in a tie. */
bool naive_before(const struct naive_state *s, int a, int b);
void naive_take_free(struct naive_state *s);
/* What the supporters have together. */
void naive_money_of(struct naive_state *s, int option, mpq_t sum);
/* The price per point at which the supporters pay the cost; false when they can't. Each of them
 * in turn is taken to be the poorest of those who pay in full. */
bool naive_price_of(struct naive_state *s, int option, mpq_t price);
/* floor(q * times) */
int64_t naive_whole(mpq_t q, unsigned long times);
/* Takes the price from all supporters, and notes who paid; the winner is not yet counted. */
void naive_pay(struct naive_state *s, int option, mpq_t price);
void naive_note_spent(struct naive_state *s, mpq_t share);
/* Whether nothing that is left would fit. */
bool naive_exhaustive(const struct naive_state *s, bool unwanted_too);
bool naive_all_won(const struct naive_state *s);

/* naive_kinds.c: Exact Equal Shares with its completion, from this share; and Equal Shares with bounded
 * overspending. */
void naive_raise_exactly(struct naive_state *s, mpq_t share);
void naive_overspending(struct naive_state *s);

#endif
