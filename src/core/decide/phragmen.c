/* Sequential Phragmén for budgets. Every winner puts its cost as load on its supporters, spread
 * so that in the end they all carry the same; the option that needs the least load comes next:
 *	load = (sum of its supporters' loads + cost) / supporters.
 * It ends as soon as one of those with the least load does not fit in what is left; what costs
 * more than the whole budget is left out from the start. Sources: Brill, Freeman, Janson,
 * Lackner, "Phragmen's Voting Methods and Justified Representation" (2017), with costs as in
 * pabutools rules/phragmen.py.
 *
 * A voter's load is that of the last winner that they chose, so an option's sum is known from how
 * many of its supporters carry the load of each step. Sums are compared as intervals of doubles
 * first, and as fractions where two intervals meet. */
#include <gmp.h>
#include <math.h>

#include "core/decide/count.h"
#include "core/decide/figures.h"

struct phragmen {
	struct count *count;
	size_t width;         /* steps at most, and one for "none yet" */
	int64_t *carriers;    /* [option * width + step]: supporters whose load is that step's;
	                         step 0: no load yet */
	uint32_t *last;       /* by ballot: its step */
	mpq_t *load;          /* by step; [0] is 0 */
	double *lo, *hi;      /* bounds of load */
	size_t steps;         /* taken so far */
	double *option_lo, *option_hi; /* bounds of what each option would need; infinity: closed */
};

/* Rounding outwards by more than all the roundings of a sum of `terms` products. */
static double
sum_error(size_t terms)
{
	return (double)(terms + 8) * 0x1p-52;
}

static void
bound(struct phragmen *p, size_t option)
{
	const struct election_option *o = &p->count->e->options[option];
	const int64_t *carriers = p->carriers + option * p->width;
	double lo = (double)o->cost, hi = lo, error = sum_error(p->steps);

	for (size_t s = 1; s <= p->steps; s++) {
		lo += (double)carriers[s] * p->lo[s];
		hi += (double)carriers[s] * p->hi[s];
	}
	p->option_lo[option] = lo / (double)o->votes * (1 - error);
	p->option_hi[option] = hi / (double)o->votes * (1 + error);
}

static void
exact_load(const struct phragmen *p, size_t option, mpq_t ret)
{
	const struct election_option *o = &p->count->e->options[option];
	const int64_t *carriers = p->carriers + option * p->width;
	mpq_t term;

	mpq_init(term);
	mpq_set_si(ret, o->cost, 1);
	for (size_t s = 1; s <= p->steps; s++) {
		if (carriers[s] == 0)
			continue;
		mpq_set_si(term, carriers[s], 1);
		mpq_mul(term, term, p->load[s]);
		mpq_add(ret, ret, term);
	}
	mpq_set_si(term, o->votes, 1);
	mpq_div(ret, ret, term);
	mpq_clear(term);
}

/* Closed for good, or limits are against it now. */
static bool
is_closed(const struct phragmen *p, size_t option)
{
	return isinf(p->option_lo[option]) ||
	       count_look(p->count, (uint32_t)option) != LIMITS_ALLOW;
}

/* The next winner: the least load, then by rank; option_count when nothing is open. *ret_stop:
 * one with that load does not fit. */
static size_t
choose(struct phragmen *p, mpq_t least, int64_t *ret_tied, bool *ret_stop)
{
	const struct election *e = p->count->e;
	double best_hi = INFINITY;
	size_t best = e->option_count;
	mpq_t load;

	*ret_tied = 0;
	*ret_stop = false;
	for (size_t o = 0; o < e->option_count; o++)
		if (p->option_hi[o] < best_hi && !is_closed(p, o))
			best_hi = p->option_hi[o];
	mpq_init(load);
	for (size_t o = 0; o < e->option_count; o++) {
		int order;

		if (p->option_lo[o] > best_hi || is_closed(p, o))
			continue;
		exact_load(p, o, load);
		order = best == e->option_count ? -1 : mpq_cmp(load, least);
		if (order > 0)
			continue;
		if (order < 0) {
			mpq_swap(load, least);
			*ret_tied = 0;
			*ret_stop = false;
		} else {
			++*ret_tied;
		}
		*ret_stop |= e->options[o].cost > p->count->left;
		if (order < 0 || p->count->rank[o] < p->count->rank[best])
			best = o;
	}
	mpq_clear(load);
	return best;
}

/* The winner's supporters now carry the load of its step. */
static void
put_load(struct phragmen *p, size_t option)
{
	const struct election *e = p->count->e;
	size_t step = p->steps;

	for (size_t i = e->first[option]; i < e->first[option + 1]; i++) {
		uint32_t b = e->supporter[i];

		for (size_t c = e->start[b]; c < e->start[b + 1]; c++) {
			int64_t *carriers = p->carriers + e->choice[c] * p->width;

			carriers[p->last[b]] -= e->weight[b];
			carriers[step] += e->weight[b];
		}
		p->last[b] = (uint32_t)step;
	}
}

static enum status
take(struct phragmen *p, size_t option, mpq_srcptr load, int64_t tied)
{
	struct outcome_step *step = count_take(p->count, (uint32_t)option, OUTCOME_BY_LOAD,
	                                       OUTCOME_WON);
	const struct election *e = p->count->e;

	step->tied = tied;
	p->steps++;
	mpq_set(p->load[p->steps], load);
	/* mpq_get_d rounds towards zero. */
	p->lo[p->steps] = mpq_get_d(load);
	p->hi[p->steps] = p->lo[p->steps] * (1 + 0x1p-51);
	put_load(p, option);
	count_free(p->count, OUTCOME_WON);
	for (size_t o = 0; o < e->option_count; o++)
		if (p->count->outcome->options[o].place > 0)
			p->option_lo[o] = p->option_hi[o] = INFINITY;
		else if (!isinf(p->option_lo[o]))
			bound(p, o);
	return figure_text(p->count->arena, load, &step->rho);
}

static enum status
run(struct phragmen *p)
{
	const struct election *e = p->count->e;
	enum status st = OK;
	mpq_t least;

	mpq_init(least);
	while (st == OK) {
		int64_t tied;
		bool stop;
		size_t option = choose(p, least, &tied, &stop);

		if (option == e->option_count)
			break;
		if (stop) {
			for (size_t o = 0; o < e->option_count; o++) {
				struct outcome_option *out = &p->count->outcome->options[o];

				if (isinf(p->option_lo[o]))
					continue;
				out->left = p->count->left;
				out->why = e->options[o].cost > p->count->left ? OUTCOME_NO_ROOM
				                                               : OUTCOME_STOPPED;
				if (out->why == OUTCOME_STOPPED)
					count_say_limit(p->count, (uint32_t)o);
			}
			break;
		}
		st = take(p, option, least, tied);
	}
	mpq_clear(least);
	return st;
}

/* Everybody without load; what can't win is closed. */
static void
open_options(struct phragmen *p)
{
	const struct election *e = p->count->e;

	for (size_t o = 0; o < e->option_count; o++) {
		struct outcome_option *out = &p->count->outcome->options[o];

		p->carriers[o * p->width] = e->options[o].votes;
		p->option_lo[o] = p->option_hi[o] = INFINITY;
		if (!count_is_open(e, o) || out->place > 0)
			continue;
		if (e->options[o].cost > e->budget)
			out->why = OUTCOME_TOO_DEAR;
		else
			bound(p, o);
	}
}

enum status
count_phragmen(struct count *count)
{
	const struct election *e = count->e;
	struct phragmen p = { .count = count, .width = e->option_count + 1 };
	enum status st;

	p.carriers = arena_array(count->arena, e->option_count * p.width, sizeof *p.carriers);
	p.last = ARENA_ARRAY(count->arena, e->ballot_count, uint32_t);
	p.load = ARENA_ARRAY(count->arena, p.width, mpq_t);
	p.lo = ARENA_ARRAY(count->arena, p.width, double);
	p.hi = ARENA_ARRAY(count->arena, p.width, double);
	p.option_lo = ARENA_ARRAY(count->arena, e->option_count, double);
	p.option_hi = ARENA_ARRAY(count->arena, e->option_count, double);
	if (p.carriers == NULL || p.last == NULL || p.load == NULL || p.lo == NULL ||
	    p.hi == NULL || p.option_lo == NULL || p.option_hi == NULL)
		return NO_MEMORY;
	for (size_t s = 0; s < p.width; s++)
		mpq_init(p.load[s]);
	open_options(&p);
	st = run(&p);
	for (size_t s = 0; s < p.width; s++)
		mpq_clear(p.load[s]);
	return st;
}
