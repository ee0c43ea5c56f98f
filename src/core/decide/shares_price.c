/* What an option asks of its supporters, bounded by one or two passes over what they have. */
#include <math.h>

#include "core/decide/shares.h"

void
shares_set_rho(struct shares_option *o)
{
	o->rho_lo = shares_down(o->price_lo / o->utility);
	o->rho_hi = shares_up(o->price_hi / o->utility);
}

/* Supporters on either side of a price x: the poor have less for certain (hi < x). */
struct sides {
	double poor_lo, poor_hi; /* what the poor have together, rounded to nearest */
	double rest;             /* number of the others (below 2^53: exact) */
	double next_lo, next_hi; /* the least that one of the others has */
};

/* Takes those who went broke out of the list. */
static void
shorten(const struct shares_run *run, struct shares_option *o)
{
	const struct shares_purse *purses = run->purses;
	struct shares_supporter *list = o->list;
	size_t kept = 0;
	int64_t weight = 0;

	for (size_t i = 0; i < o->list_count; i++) {
		struct shares_supporter v = list[i];
		bool solvent = purses[v.ballot].hi > 0;

		list[kept] = v;
		kept += solvent;
		weight += solvent ? v.weight : 0;
	}
	o->list_count = kept;
	o->list_weight = (double)weight;
}

static struct sides
sides_of(const struct shares_run *run, const struct shares_option *o, double x)
{
	const struct shares_purse *purses = run->purses;
	const struct shares_supporter *list = o->list;
	size_t count = o->list_count;
	struct sides s = { 0, 0, 0, INFINITY, INFINITY };
	int64_t poor_weight = 0;

	for (size_t i = 0; i < count; i++) {
		struct shares_purse has = purses[list[i].ballot];
		double weight = list[i].weight;

		if (has.hi < x) {
			s.poor_lo += weight * has.lo;
			s.poor_hi += weight * has.hi;
			poor_weight += list[i].weight;
		} else {
			s.next_lo = has.lo < s.next_lo ? has.lo : s.next_lo;
			s.next_hi = has.hi < s.next_hi ? has.hi : s.next_hi;
		}
	}
	s.rest = o->list_weight - (double)poor_weight;
	return s;
}

/* The relative error of a sum of `count` products, with room. */
static double
sum_error(size_t count)
{
	return (double)(count + 8) * 0x1p-52;
}

/* Finds a price_hi >= x at which the lower ends of what supporters have surely pay the cost;
 * leaves infinity when there is none. */
static void
find_price_hi(const struct shares_run *run, struct shares_option *o, double x)
{
	double error = sum_error(o->list_count);

	for (;;) {
		double poor = 0, rest = 0, next = INFINITY, y;

		for (size_t i = 0; i < o->list_count; i++) {
			double has = run->purses[o->list[i].ballot].lo, weight = o->list[i].weight;

			poor += has < x ? weight * has : 0;
			rest += has < x ? 0 : weight;
			next = has >= x && has < next ? has : next;
		}
		if (rest == 0)
			return;
		y = shares_up((o->cost - poor * (1 - error)) / rest);
		if (y <= next) {
			o->price_hi = y > x ? y : x;
			o->plain = rest == o->list_weight;
			return;
		}
		x = y;
	}
}

/* Bounds the price. From below, for any set of supporters: cost <= money of the set + price *
 * number of the others; the poor at the last bound make the next. From above, when none of the
 * others has less than what they would then pay. OUT when the supporters surely can't pay. */
void
shares_bound(struct shares_run *run, struct shares_option *o, double worst_rho)
{
	double x = o->price_lo, error = sum_error(o->list_count), lo, hi;
	struct sides s;

	if (o->list_shortened != run->broke_count) {
		shorten(run, o);
		o->list_shortened = run->broke_count;
	}
	o->price_hi = INFINITY;
	o->plain = false;
	for (;;) {
		s = sides_of(run, o, x);
		if (s.rest == 0) {
			if (s.poor_hi * (1 + error) < o->cost)
				o->state = SHARES_OUT;
			o->price_lo = x;
			shares_set_rho(o);
			return;
		}
		lo = shares_down((o->cost - s.poor_hi * (1 + error)) / s.rest);
		if (lo <= x || lo <= s.next_hi)
			break;
		x = lo;
	}
	o->price_lo = lo > x ? lo : x;
	hi = shares_up((o->cost - s.poor_lo * (1 - error)) / s.rest);
	if (hi < o->price_lo)
		hi = o->price_lo;
	if (hi <= s.next_lo) {
		o->price_hi = hi;
		o->plain = s.rest == o->list_weight;
	} else if (shares_down(o->price_lo / o->utility) <= worst_rho) {
		find_price_hi(run, o, o->price_lo);
	}
	shares_set_rho(o);
}
