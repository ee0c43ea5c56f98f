/* What an option asks of its supporters, bounded by one or two passes over what they have. */
#include <math.h>

#include "core/decide/shares.h"

void
shares_set_rho(struct shares_option *o)
{
	o->rho_lo = shares_down(o->price_lo / o->utility);
	o->rho_hi = shares_up(o->price_hi / o->utility);
}

/* Takes those who went broke out of the list, which moves to the run's own room. */
static void
shorten(const struct shares_run *run, struct shares_list *list, struct shares_list room)
{
	const struct shares_purse *purses = run->purses;
	const struct shares_list from = *list;
	size_t kept = 0;
	int64_t units = 0;

	for (size_t i = 0; i < from.count; i++) {
		uint32_t ballot = from.ballot[i], weight = from.weight[i], each = 1;
		bool solvent = purses[ballot].hi > 0;

		if (from.points != NULL)
			room.points[kept] = each = from.points[i];
		room.ballot[kept] = ballot;
		room.weight[kept] = weight;
		kept += solvent;
		units += solvent ? (int64_t)weight * each : 0;
	}
	*list = room;
	list->count = kept;
	list->units = (double)units;
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
		struct shares_sides s = run->loops->sides_of(run->purses, list, x, true);
		double y;

		if (s.rest == 0)
			return;
		y = shares_up((o->cost - s.poor_lo * (1 - error)) / s.rest);
		if (y <= s.next_lo) {
			o->price_hi = y > x ? y : x;
			o->plain = s.poor_hi == 0;
			o->plain_units = s.rest;
			return;
		}
		x = y;
	}
}

/* Bounds the price, as far as it may be worth no more than worst_rho (0: all the way, but only from
 * below). From below, for any set of supporters: cost <= money of the set + price *
 * number of the others; the poor at the last bound make the next. From above, when none of the
 * others has less than what they would then pay. OUT when the supporters surely can't pay. */
void
shares_bound(struct shares_run *run, struct shares_option *o, double worst_rho)
{
	double x = o->price_lo, error = sum_error(o->list.count), lo, hi;
	struct shares_sides s;

	/* Who is broke is merely poor without money; taking them out is work too. */
	if (run->broke_count - o->list_shortened > run->e->ballot_count / 2) {
		size_t option = (size_t)(o - run->options);

		shorten(run, &o->list, shares_list_at(&run->lists, run->e->first[option], 0));
		o->list_shortened = run->broke_count;
	}
	o->price_hi = INFINITY;
	o->plain = o->clear = false;
	for (;;) {
		s = run->loops->sides_of(run->purses, &o->list, x, false);
		o->slack.rest = s.rest;
		if (s.rest == 0) {
			o->slack.price = s.poor_hi * (1 + error);
			if (o->slack.price < o->cost)
				o->state = SHARES_OUT;
			o->price_lo = x;
			shares_set_rho(o);
			return;
		}
		lo = shares_down((o->cost - s.poor_hi * (1 + error)) / s.rest);
		o->slack.price = lo;
		if (lo > x && worst_rho > 0 && !run->reference.recording &&
		    shares_down(lo / o->utility) > worst_rho) {
			o->price_lo = lo; /* bad enough: no need to know how bad */
			shares_set_rho(o);
			return;
		}
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
		o->clear = true;
		o->plain = s.poor_hi == 0;
		o->plain_units = s.rest;
	} else if (shares_down(o->price_lo / o->utility) <= worst_rho) {
		find_price_hi(run, o, o->price_lo);
	}
	shares_set_rho(o);
}
