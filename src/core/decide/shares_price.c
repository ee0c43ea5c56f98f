/* What an option asks of its supporters, bounded by one or two passes over what they have. */
#include <math.h>

#include "core/decide/shares.h"

void
shares_set_rho(struct shares_option *o)
{
	o->rho_lo = shares_down(o->price_lo / o->utility);
	o->rho_hi = shares_up(o->price_hi / o->utility);
}

/* Supporters on either side of a price x: the poor have less than it for each of their points. */
struct sides {
	double poor_lo, poor_hi; /* what the poor have together, rounded to nearest */
	double rest;             /* points of the others (below 2^53: exact) */
	double next_lo, next_hi; /* the least that one of the others has for a point */
};

/* Takes those who went broke out of the list. */
static void
shorten(const struct shares_run *run, struct shares_list *list)
{
	const struct shares_purse *purses = run->purses;
	size_t kept = 0;
	int64_t units = 0;

	for (size_t i = 0; i < list->count; i++) {
		uint32_t ballot = list->ballot[i], weight = list->weight[i];
		uint32_t points = shares_points(list, i);
		bool solvent = purses[ballot].hi > 0;

		list->ballot[kept] = ballot;
		list->weight[kept] = weight;
		if (list->points != NULL)
			list->points[kept] = points;
		kept += solvent;
		units += solvent ? (int64_t)weight * points : 0;
	}
	list->count = kept;
	list->units = (double)units;
}

static struct sides
sides_of_points(const struct shares_run *run, const struct shares_list *list, double x)
{
	struct sides s = { 0, 0, 0, INFINITY, INFINITY };
	int64_t poor = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct shares_purse has = run->purses[list->ballot[i]];
		double weight = list->weight[i], points = list->points[i];

		if (has.hi < x * points) {
			s.poor_lo += weight * has.lo;
			s.poor_hi += weight * has.hi;
			poor += (int64_t)list->weight[i] * list->points[i];
		} else {
			s.next_lo = fmin(s.next_lo, shares_down(has.lo / points));
			s.next_hi = fmin(s.next_hi, has.hi / points);
		}
	}
	s.rest = list->units - (double)poor;
	return s;
}

static struct sides
sides_of(const struct shares_run *run, const struct shares_list *list, double x)
{
	const struct shares_purse *purses = run->purses;
	struct sides s = { 0, 0, 0, INFINITY, INFINITY };
	int64_t poor = 0;

	if (list->points != NULL)
		return sides_of_points(run, list, x);
	for (size_t i = 0; i < list->count; i++) {
		struct shares_purse has = purses[list->ballot[i]];
		double weight = list->weight[i];

		if (has.hi < x) {
			s.poor_lo += weight * has.lo;
			s.poor_hi += weight * has.hi;
			poor += list->weight[i];
		} else {
			s.next_lo = has.lo < s.next_lo ? has.lo : s.next_lo;
			s.next_hi = has.hi < s.next_hi ? has.hi : s.next_hi;
		}
	}
	s.rest = list->units - (double)poor;
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
	const struct shares_list *list = &o->list;
	double error = sum_error(list->count);

	for (;;) {
		double poor = 0, rest = 0, next = INFINITY, y;

		for (size_t i = 0; i < list->count; i++) {
			double has = run->purses[list->ballot[i]].lo, weight = list->weight[i];
			double points = shares_points(list, i);
			double each = points == 1 ? has : shares_down(has / points);

			poor += each < x ? weight * has : 0;
			rest += each < x ? 0 : weight * points;
			next = each >= x && each < next ? each : next;
		}
		if (rest == 0)
			return;
		y = shares_up((o->cost - poor * (1 - error)) / rest);
		if (y <= next) {
			o->price_hi = y > x ? y : x;
			o->plain = rest == list->units;
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
	double x = o->price_lo, error = sum_error(o->list.count), lo, hi;
	struct sides s;

	if (o->list_shortened != run->broke_count) {
		shorten(run, &o->list);
		o->list_shortened = run->broke_count;
	}
	o->price_hi = INFINITY;
	o->plain = false;
	for (;;) {
		s = sides_of(run, &o->list, x);
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
		o->plain = s.rest == o->list.units;
	} else if (shares_down(o->price_lo / o->utility) <= worst_rho) {
		find_price_hi(run, o, o->price_lo);
	}
	shares_set_rho(o);
}
