/* From a finished run to steps and reasons. The run is walked through once more with its exact
 * prices, so that every figure is the true one rounded down, never a double's. */
#include <math.h>

#include "core/decide/figures.h"
#include "core/decide/shares.h"

struct explaining {
	struct shares_run *run;
	struct count *count;
	struct figure_portion *portions; /* [ballot_count] */
	double *money;            /* by option: what its supporters together have at least */
	mpq_t q;
};

/* floor of 1000 times what a ballot has left before a step; from its interval where that is
 * clear. */
static int64_t
left_milli(struct explaining *x, size_t ballot, size_t step)
{
	const struct shares_purse *has = &x->run->purses[ballot];
	double lo = floor(shares_down(has->lo * 1000)), hi = floor(shares_up(has->hi * 1000));

	if (lo == hi && hi < 0x1p53)
		return (int64_t)lo;
	shares_exact_left(x->run, ballot, step, x->q);
	return figure_floor(x->q, 1000);
}

/* Whether what a ballot that went broke at a step had was less than the step's price. */
static bool
had_less(struct explaining *x, size_t ballot, uint32_t points, size_t step)
{
	const struct shares_purse *has = &x->run->purses[ballot];

	if (has->hi < shares_times_down(x->run->steps[step].lo, points))
		return true;
	shares_exact_left(x->run, ballot, step, x->q);
	return shares_exact_cmp(x->run, x->q, x->run->steps[step].price, points) < 0;
}

/* Takes what a ballot's voters pay at most out of the money of all they chose. */
static void
take_money(struct explaining *x, size_t ballot, double most)
{
	const struct election *e = x->run->e;

	most = shares_up(most * (double)e->weight[ballot]);
	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++) {
		double *money = &x->money[e->choice[i]];

		*money = *money > most ? shares_down(*money - most) : 0;
	}
}

/* One more amount; those alike in a row are one portion, which leaves little to sort. */
static void
add_portion(struct explaining *x, size_t *count, int64_t milli, int64_t voters)
{
	if (*count > 0 && x->portions[*count - 1].milli == milli)
		x->portions[*count - 1].voters += voters;
	else
		x->portions[(*count)++] = (struct figure_portion){ milli, voters };
}

/* Fills one step: who paid what. purses are as before it, and are moved behind it. */
static void
explain_step(struct explaining *x, size_t step, struct outcome_step *out)
{
	struct shares_run *run = x->run;
	const struct election *e = run->e;
	const struct shares_step *s = &run->steps[step];
	uint32_t priced = 1; /* points that full_milli is for */
	int64_t full_milli;
	size_t n = 0;

	mpq_set(x->q, s->price);
	out->price_milli = full_milli = figure_floor(x->q, 1000);
	for (size_t i = e->first[s->option]; i < e->first[s->option + 1]; i++) {
		uint32_t b = e->supporter[i];
		uint32_t points = e->supporter_points == NULL ? 1 : e->supporter_points[i];
		struct shares_purse *has = &run->purses[b];
		double lo = shares_times_down(s->lo, points), hi = shares_times_up(s->hi, points);

		if (run->broke[b] < (int32_t)step)
			continue;
		if (points != priced) {
			mpq_set(x->q, s->price);
			full_milli = figure_floor(x->q, 1000ul * points);
			priced = points;
		}
		out->payers += e->weight[b];
		if (run->broke[b] == (int32_t)step) {
			bool less = had_less(x, b, points, step);

			out->all_in += less ? e->weight[b] : 0;
			add_portion(x, &n, less ? left_milli(x, b, step) : full_milli, e->weight[b]);
			take_money(x, b, has->hi);
			has->lo = has->hi = 0;
		} else {
			add_portion(x, &n, full_milli, e->weight[b]);
			take_money(x, b, hi);
			has->lo = has->lo > hi ? shares_down(has->lo - hi) : 0;
			has->hi = shares_up(has->hi - lo);
		}
	}
	figure_deciles(x->portions, n, out->paid_milli);
}

/* rho and effective votes = cost / price. */
static enum status
explain_price(struct explaining *x, size_t step, struct outcome_step *out)
{
	const struct shares_step *s = &x->run->steps[step];
	mpq_t cost;
	enum status st;

	mpq_init(cost);
	mpq_set_si(cost, x->run->e->options[s->option].cost, 1);
	mpq_div(x->q, cost, s->price);
	out->effective_votes_milli = figure_floor(x->q, 1000);
	mpq_set(x->q, s->price);
	if (x->run->by_cost)
		mpq_div(x->q, x->q, cost);
	st = figure_text(x->count->arena, x->q, &out->rho);
	mpq_clear(cost);
	return st;
}

/* floor of what an option's supporters together have left before a step; from the purses where that
 * is clear; -1 when it is beyond int64_t. */
static int64_t
money_left(struct explaining *x, size_t option, size_t step)
{
	struct shares_run *run = x->run;
	size_t first = run->e->first[option], count = run->e->first[option + 1] - first;
	struct shares_list list = shares_list_at(&run->all, first, count);
	struct shares_sides all = run->loops->sides_of(run->purses, &list, INFINITY, false);
	double error = (double)(count + 8) * 0x1p-52;
	double lo = floor(all.poor_lo * (1 - error)), hi = floor(all.poor_hi * (1 + error));

	if (lo == hi && hi < 0x1p53)
		return (int64_t)lo;
	shares_exact_money(run, option, step, x->q);
	return figure_floor(x->q, 1);
}

/* Losers whose supporters have, before step `before`, less than the cost for the first time. */
static void
find_lost(struct explaining *x, size_t before)
{
	struct shares_run *run = x->run;

	for (size_t o = 0; o < run->e->option_count; o++) {
		struct outcome_option *out = &x->count->outcome->options[o];
		const struct shares_option *option = &run->options[o];
		int64_t left;

		if (option->state == SHARES_WON || !count_is_open(run->e, o) || option->cost == 0 ||
		    out->could_pay >= 0 || x->money[o] >= option->cost)
			continue;
		left = money_left(x, o, before);
		if (left >= 0 && left < run->e->options[o].cost) {
			out->could_pay = left;
			out->why = OUTCOME_NOT_PAYABLE;
		}
	}
}

/* Back to the start: all have the share; prices as exact as doubles go. */
static void
rewind_run(struct explaining *x)
{
	struct shares_run *run = x->run;
	double lo = shares_floor(run->share), hi = shares_ceiling(run->share);

	for (size_t b = 0; b < run->e->ballot_count; b++)
		run->purses[b] = (struct shares_purse){ lo, hi };
	for (size_t o = 0; o < run->e->option_count; o++)
		x->money[o] = shares_down(lo * (double)run->e->options[o].votes);
	if (run->step_count > 0)
		shares_exact_step(run, run->step_count - 1);
	for (size_t s = 0; s < run->step_count; s++) {
		run->steps[s].lo = shares_floor(run->steps[s].price);
		run->steps[s].hi = shares_ceiling(run->steps[s].price);
	}
}

/* What each voter spent in all: share - left. */
static void
explain_spent(struct explaining *x)
{
	struct shares_run *run = x->run;
	struct outcome *outcome = x->count->outcome;
	double share_lo = shares_floor(run->share), share_hi = shares_ceiling(run->share);
	size_t last = run->step_count, count = 0;

	for (size_t b = 0; b < run->e->ballot_count; b++) {
		const struct shares_purse *has = &run->purses[b];
		double least = shares_down(share_lo - has->hi), most = shares_up(share_hi - has->lo);
		double lo = floor(shares_down(least * 1000)), hi = floor(shares_up(most * 1000));
		int64_t milli = (int64_t)lo;

		if (run->broke[b] != SHARES_SOLVENT) {
			milli = outcome->share_milli;
		} else if (lo != hi || hi >= 0x1p53) {
			shares_exact_left(run, b, last, x->q);
			mpq_sub(x->q, run->share, x->q);
			milli = figure_floor(x->q, 1000);
		}
		add_portion(x, &count, milli, run->e->weight[b]);
		if (x->count->spent_milli != NULL)
			x->count->spent_milli[b] = milli;
	}
	figure_deciles(x->portions, count, outcome->spent_milli);
}

/* What could have been paid to the end, had the money not been held back. */
static void
find_held(struct explaining *x)
{
	for (uint32_t o = 0; o < x->run->e->option_count; o++) {
		const struct outcome_option *out = &x->count->outcome->options[o];

		if (out->why == OUTCOME_NO_ROOM && x->run->options[o].state == SHARES_OPEN)
			count_say_limit(x->count, o);
	}
}

static enum status
explain(struct explaining *x)
{
	struct shares_run *run = x->run;
	struct outcome *outcome = x->count->outcome;
	enum status st = figure_text(x->count->arena, run->share, &outcome->share);

	mpq_set(x->q, run->share);
	outcome->share_milli = figure_floor(x->q, 1000);
	rewind_run(x);
	find_lost(x, 0);
	for (size_t s = 0; st == OK && s < run->step_count; s++) {
		struct outcome_step *out = count_take(x->count, run->steps[s].option,
		                                      OUTCOME_BY_SHARES, OUTCOME_WON);

		out->tied = run->steps[s].tied;
		outcome->options[run->steps[s].option].could_pay =
			money_left(x, run->steps[s].option, s);
		st = explain_price(x, s, out);
		explain_step(x, s, out);
		find_lost(x, s + 1);
		count_free(x->count, OUTCOME_WON);
	}
	find_held(x);
	explain_spent(x);
	return st;
}

enum status
shares_explain(struct shares_run *run, struct count *count)
{
	struct explaining x = { .run = run, .count = count };
	const struct election *e = run->e;
	enum status st;

	x.portions = ARENA_ARRAY(count->arena, e->ballot_count, struct figure_portion);
	x.money = ARENA_ARRAY(count->arena, e->option_count, double);
	if (x.portions == NULL || x.money == NULL)
		return NO_MEMORY;
	mpq_init(x.q);
	st = explain(&x);
	mpq_clear(x.q);
	return st;
}
