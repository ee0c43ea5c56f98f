/* The innermost loops of Equal Shares: what an option's supporters have, and their paying. Written
 * out here; where the processor has AVX2, shares_vectors.c does the same several times as fast.
 * The two round sums differently, which may only change how often the true rationals are asked,
 * never an outcome. */
#include <math.h>

#include "core/decide/shares.h"

/* Rounded down; exact for one point. */
static double
per_point(double money, uint32_t points)
{
	return points == 1 ? money : shares_down(money / points);
}

static struct shares_sides
sides_of(const struct shares_purse *purses, const struct shares_list *list, double price,
         bool by_lo)
{
	struct shares_sides ret = { .next_lo = INFINITY, .next_hi = INFINITY };
	double poor = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct shares_purse has = purses[list->ballot[i]];
		uint32_t points = shares_points(list, i);
		double weight = list->weight[i];

		if ((by_lo ? has.lo : has.hi) < price * points) {
			ret.poor_lo += weight * has.lo;
			ret.poor_hi += weight * has.hi;
			poor += weight * points;
		} else {
			double lo = per_point(has.lo, points), hi = per_point(has.hi, points);

			ret.next_lo = lo < ret.next_lo ? lo : ret.next_lo;
			ret.next_hi = hi < ret.next_hi ? hi : ret.next_hi;
		}
	}
	ret.rest = list->units - poor;
	return ret;
}

static bool
any_between(const struct shares_purse *purses, const struct shares_list *list, double price_lo,
            double price_hi)
{
	bool any = false;

	for (size_t i = 0; i < list->count; i++) {
		struct shares_purse has = purses[list->ballot[i]];

		any |= has.hi > price_lo && has.lo < price_hi;
	}
	return any;
}

static size_t
pay(const struct shares_payment *p)
{
	size_t broke = 0;

	for (size_t i = 0; i < p->list->count; i++) {
		uint32_t ballot = p->list->ballot[i];
		struct shares_purse *has = &p->purses[ballot];

		if (has->hi > p->lo) {
			has->lo = has->lo > p->hi ? shares_down(has->lo - p->hi) : 0;
			has->hi = shares_up(has->hi - p->lo);
		} else if (has->hi > 0) {
			*has = (struct shares_purse){ 0, 0 };
			p->broke[ballot] = p->step;
			broke++;
		}
	}
	return broke;
}

const struct shares_loops *
shares_plain_loops(void)
{
	static const struct shares_loops loops = { sides_of, any_between, pay };

	return &loops;
}
