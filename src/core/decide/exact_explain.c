#include <math.h>

#include "core/decide/exact_shares.h"
#include "core/decide/figures.h"

/* The most that supporters who pay alike could pay together, rounded down: payable is whatever costs
 * no more. known: they can pay so much. -1 when it is beyond int64_t. */
static int64_t
most_cost(struct exact_run *run, uint32_t option, int64_t known)
{
	int64_t votes = run->e->options[option].votes, can = known, cannot = known + 1;

	while (exact_can_pay(run, option, cannot, votes, 1) > 0) {
		if (cannot == INT64_MAX)
			return -1;
		can = cannot;
		cannot = cannot > INT64_MAX / 2 ? INT64_MAX : cannot * 2;
	}
	while (cannot - can > 1) {
		int64_t middle = can + (cannot - can) / 2;

		if (exact_can_pay(run, option, middle, votes, 1) > 0)
			can = middle;
		else
			cannot = middle;
	}
	return can;
}

/* Options that can be paid no more: what their supporters could pay instead. */
static void
find_lost(struct exact_run *run, struct count *count)
{
	for (size_t i = 0; i < run->open_count; i++) {
		uint32_t o = run->open[i];
		struct outcome_option *out = &count->outcome->options[o];

		if (out->could_pay >= 0 ||
		    exact_can_pay(run, o, run->e->options[o].cost, run->most[o], 1) > 0)
			continue;
		out->could_pay = most_cost(run, o, 0);
		out->why = OUTCOME_NOT_PAYABLE;
	}
}

/* Options that could be paid with as much utility for the money as the step's winner. */
static int64_t
tied_with(struct exact_run *run, struct exact_step step)
{
	int64_t tied = 0;

	for (size_t i = 0; i < run->open_count; i++) {
		uint32_t o = run->open[i];
		int64_t cost = run->e->options[o].cost, payers;

		/* it does not go before the winner: at best it goes behind it for its rank alone */
		if (o == step.option || run->most[o] < exact_least(run, o, step.option, step.payers) - 1)
			continue;
		payers = exact_can_pay(run, o, cost, run->most[o], 1);
		tied += run->by_cost ? payers == step.payers
		        : (__int128)payers * run->e->options[step.option].cost ==
		          (__int128)step.payers * cost;
	}
	return tied;
}

static enum status
explain_step(struct exact_run *run, struct exact_step step, struct count *count)
{
	struct outcome_step *out = count_take(count, step.option, OUTCOME_BY_SHARES, OUTCOME_WON);
	int64_t cost = run->e->options[step.option].cost;
	mpq_t *q = run->scratch;

	count->outcome->options[step.option].could_pay = most_cost(run, step.option, cost);
	out->tied = tied_with(run, step);
	out->payers = step.payers;
	out->effective_votes_milli = step.payers * 1000;
	mpq_set_si(q[0], cost, (unsigned long)step.payers);
	mpq_canonicalize(q[0]);
	mpq_set(q[1], q[0]);
	out->price_milli = figure_floor(q[1], 1000);
	for (size_t d = 0; d < OUTCOME_DECILES; d++)
		out->paid_milli[d] = step.payers < 10 ? -1 : out->price_milli;
	if (run->by_cost) {
		mpq_set_si(q[1], cost, 1);
		mpq_div(q[0], q[0], q[1]);
	}
	return figure_text(count->arena, q[0], &out->rho);
}

/* What each voter has paid in all. */
static enum status
explain_spent(struct exact_run *run, struct count *count)
{
	const struct election *e = run->e;
	struct figure_portion *portions = ARENA_ARRAY(count->arena, e->ballot_count,
	                                              struct figure_portion);

	if (portions == NULL)
		return NO_MEMORY;
	for (size_t b = 0; b < e->ballot_count; b++) {
		double paid = run->accounts.paid[b], error = account_error(&run->accounts, paid);
		double lo = floor((paid - error) * 1000), hi = floor((paid + error) * 1000);
		int64_t milli = (int64_t)hi;

		if (lo != hi || hi >= 0x1p53) {
			accounts_sum(&run->accounts, run->accounts.of[b], run->scratch[0]);
			milli = figure_floor(run->scratch[0], 1000);
		}
		portions[b] = (struct figure_portion){ milli, e->weight[b] };
		if (count->spent_milli != NULL)
			count->spent_milli[b] = milli;
	}
	figure_deciles(portions, e->ballot_count, count->outcome->spent_milli);
	return OK;
}

enum status
exact_explain(struct exact_run *run, struct count *count)
{
	struct exact_step step;
	enum status st = figure_text(count->arena, run->share, &count->outcome->share);

	mpq_set(run->scratch[0], run->share);
	count->outcome->share_milli = figure_floor(run->scratch[0], 1000);
	find_lost(run, count);
	while (st == OK && exact_next(run, &step)) {
		st = explain_step(run, step, count);
		exact_take(run, step);
		find_lost(run, count);
	}
	return st == OK ? explain_spent(run, count) : st;
}
