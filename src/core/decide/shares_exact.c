/* The true rationals behind a run's intervals, computed only when asked for.
 *
 * Nothing is stored per ballot but the step at which it went broke; the rest follows from who
 * chose what. Sums over ballots are taken as counts per step first, so that a price costs a
 * pass over integers and one rational operation per step. */
#include <assert.h>
#include <string.h>

#include "core/decide/shares.h"

static uint32_t
points_at(const uint32_t *points, size_t at)
{
	return points == NULL ? 1 : points[at];
}

/* Counts what a ballot's voters paid for in full, in points, at each step before `before`. */
static void
count_paid(struct shares_run *run, size_t ballot, size_t before)
{
	const struct election *e = run->e;

	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++) {
		int32_t step = run->options[e->choice[i]].step;

		if (step >= 0 && (size_t)step < before)
			run->paid[step] += (int64_t)e->weight[ballot] * points_at(e->points, i);
	}
}

/* price * points */
static void
times(mpq_srcptr price, uint32_t points, mpq_t ret)
{
	mpq_set_ui(ret, points, 1);
	mpq_mul(ret, ret, price);
}

/* share * voters - sum of price * paid over the steps before `before`. */
static void
money_of(struct shares_run *run, int64_t voters, size_t before, mpq_t ret)
{
	mpq_t term;

	mpq_init(term);
	mpq_set_si(term, voters, 1);
	mpq_mul(ret, run->share, term);
	for (size_t s = 0; s < before; s++) {
		if (run->paid[s] == 0)
			continue;
		mpq_set_si(term, run->paid[s], 1);
		mpq_mul(term, term, run->steps[s].price);
		mpq_sub(ret, ret, term);
	}
	mpq_clear(term);
}

/* (cost - money) / rest */
static void
price_of(struct shares_run *run, size_t option, mpq_t money, int64_t rest, mpq_t ret)
{
	mpq_t term;

	mpq_init(term);
	mpq_set_si(term, run->e->options[option].cost, 1);
	mpq_sub(ret, term, money);
	mpq_set_si(term, rest, 1);
	mpq_div(ret, ret, term);
	mpq_clear(term);
}

void
shares_exact_step(struct shares_run *run, size_t step)
{
	const struct election *e = run->e;

	for (size_t s = 0; s <= step; s++) {
		uint32_t option = run->steps[s].option;
		int64_t poor = 0, rest = 0;

		if (run->steps[s].exact)
			continue;
		memset(run->paid, 0, s * sizeof *run->paid);
		for (size_t i = e->first[option]; i < e->first[option + 1]; i++) {
			uint32_t b = e->supporter[i];

			if (run->broke[b] > (int32_t)s) {
				rest += (int64_t)e->weight[b] * points_at(e->supporter_points, i);
			} else if (run->broke[b] == (int32_t)s) {
				poor += e->weight[b];
				count_paid(run, b, s);
			}
		}
		/* Where all of them went broke at once, the price was found exactly then. */
		assert(rest > 0);
		money_of(run, poor, s, run->scratch[1]);
		price_of(run, option, run->scratch[1], rest, run->steps[s].price);
		run->steps[s].exact = true;
	}
}

void
shares_exact_left(struct shares_run *run, size_t ballot, size_t step, mpq_t ret)
{
	const struct election *e = run->e;

	if (step > 0)
		shares_exact_step(run, step - 1);
	mpq_set(ret, run->share);
	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++) {
		int32_t paid = run->options[e->choice[i]].step;

		if (paid < 0 || (size_t)paid >= step)
			continue;
		if (points_at(e->points, i) == 1) {
			mpq_sub(ret, ret, run->steps[paid].price);
		} else {
			times(run->steps[paid].price, points_at(e->points, i), run->scratch[4]);
			mpq_sub(ret, ret, run->scratch[4]);
		}
	}
}

int
shares_exact_cmp(struct shares_run *run, mpq_srcptr money, mpq_srcptr price, uint32_t points)
{
	if (points == 1)
		return mpq_cmp(money, price);
	times(price, points, run->scratch[4]);
	return mpq_cmp(money, run->scratch[4]);
}

void
shares_exact_money(struct shares_run *run, size_t option, size_t step, mpq_t ret)
{
	const struct election *e = run->e;
	int64_t voters = 0;

	if (step > 0)
		shares_exact_step(run, step - 1);
	memset(run->paid, 0, step * sizeof *run->paid);
	for (size_t i = e->first[option]; i < e->first[option + 1]; i++) {
		uint32_t b = e->supporter[i];

		if (run->broke[b] >= (int32_t)step) {
			voters += e->weight[b];
			count_paid(run, b, step);
		}
	}
	money_of(run, voters, step, ret);
}

/* Whether a solvent ballot has less than x for each of its points; x lies within [lo, hi]. */
static bool
has_less(struct shares_run *run, size_t ballot, uint32_t points, double lo, double hi, mpq_t x)
{
	const struct shares_purse *has = &run->purses[ballot];

	if (has->hi < shares_times_down(lo, points))
		return true;
	if (has->lo >= shares_times_up(hi, points))
		return false;
	shares_exact_left(run, ballot, run->step_count, run->scratch[2]);
	return shares_exact_cmp(run, run->scratch[2], x, points) < 0;
}

bool
shares_exact_price(struct shares_run *run, size_t option, mpq_t ret)
{
	const struct shares_option *o = &run->options[option];
	int64_t last_rest = -1;

	assert(!run->range);
	if (run->step_count > 0)
		shares_exact_step(run, run->step_count - 1);
	/* From below: those who have less than a lower bound are poor for certain, which gives a
	 * higher lower bound; it is the price once nobody more turns out to be poor. */
	mpq_set_d(ret, o->price_lo);
	for (;;) {
		double lo = shares_floor(ret), hi = shares_ceiling(ret);
		int64_t poor = 0, rest = 0;

		memset(run->paid, 0, run->step_count * sizeof *run->paid);
		for (size_t i = 0; i < o->list.count; i++) {
			uint32_t b = o->list.ballot[i], points = shares_points(&o->list, i);

			if (run->broke[b] != SHARES_SOLVENT)
				continue;
			if (has_less(run, b, points, lo, hi, ret)) {
				poor += run->e->weight[b];
				count_paid(run, b, run->step_count);
			} else {
				rest += (int64_t)run->e->weight[b] * points;
			}
		}
		if (rest == 0)
			return false;
		if (rest == last_rest)
			return true;
		last_rest = rest;
		money_of(run, poor, run->step_count, run->scratch[1]);
		price_of(run, option, run->scratch[1], rest, ret);
	}
}
