/* What one run of the rule tells about the next ones, whose shares are a little larger.
 *
 * Let r be what a supporter of p has at some point of the reference run, and r' what the same
 * voter has in another run at a point where the same options have won, in whatever order. With D
 * the difference of the shares (if above 0) and d(t) that of the price of t (reference less other, if above 0),
 *	r' <= r + e,   e = D + sum over those winners t that the voter chose of d(t):
 * who never went broke has share less prices; who did in the other run has r' = 0; and who did
 * in the reference run only has r' = share' - sum of prices' <= e, as the prices then came to at
 * least the share. Let S be the sum of e over the supporters of p:
 *	S = n D + sum over winners t of d(t) * (voters who chose both p and t).
 * For any price y, sum min(r', y) <= sum min(r, y) + S. Let P be what those supporters have
 * together who have less than some x in the reference run, and m the number of the others. For
 * y >= x, sum min(r, y) <= P + m y. So a price y' >= x that pays p's cost in the other run has
 *	y' >= (cost - P) / m - S / m,
 * and where that is x or more, no price below x pays the cost either, as sums grow with the price.
 * And p can't be paid at all where what its supporters had, and S, are less than the cost.
 * Purses only shrink within a run, so what was so at an earlier step of the reference run is so
 * at a later one, and a floor once applied holds to the end of the run.
 *
 * Only for ballots without points. */
#include <math.h>
#include <string.h>

#include "core/decide/shares.h"

static const uint32_t NEVER = UINT32_MAX;

/* Pairs of options on all ballots at most, and options, for which it is worth the while. */
static const size_t PAIRS_MAX = (size_t)1 << 29, OPTIONS_MAX = 4000;

static bool
is_worth_it(const struct election *e)
{
	size_t pairs = 0;

	if (e->points != NULL || e->option_count > OPTIONS_MAX)
		return false;
	for (size_t b = 0; b < e->ballot_count; b++) {
		size_t length = e->start[b + 1] - e->start[b];

		pairs += length * length;
	}
	return pairs <= PAIRS_MAX;
}

/* How many voters chose both of two options. */
static void
count_overlaps(const struct election *e, double *overlap)
{
	for (size_t b = 0; b < e->ballot_count; b++)
		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			double *row = overlap + e->choice[i] * e->option_count;

			for (size_t k = e->start[b]; k < e->start[b + 1]; k++)
				row[e->choice[k]] += e->weight[b];
		}
}

enum status
shares_reference_begin(struct shares_run *run, struct arena *arena)
{
	struct shares_reference *r = &run->reference;
	size_t options = run->e->option_count;

	r->usable = is_worth_it(run->e);
	if (!r->usable)
		return OK;
	r->overlap = ARENA_ARRAY(arena, options * options, double);
	r->excess = ARENA_ARRAY(arena, options, double);
	if (r->overlap == NULL || r->excess == NULL)
		return NO_MEMORY;
	count_overlaps(run->e, r->overlap);
	r->size = 32 * options + 64;
	r->step_of = ARENA_ARRAY(arena, options, uint32_t);
	r->price_hi = ARENA_ARRAY(arena, options, double);
	r->floors = ARENA_ARRAY(arena, r->size, struct shares_slack);
	r->floor = ARENA_ARRAY(arena, options, double);
	return r->step_of == NULL || r->price_hi == NULL || r->floors == NULL || r->floor == NULL
		? NO_MEMORY : OK;
}

void
shares_reference_start(struct shares_run *run)
{
	struct shares_reference *r = &run->reference;
	double more;

	if (!r->usable)
		return;
	/* A new one once the last has let through as many looks as making one costs. */
	r->recording = !run->range && (!r->ready || r->extra_since > r->extra_own);
	r->using = r->ready && !r->recording;
	r->looks = r->used = 0;
	r->last_step = 0;
	memset(r->floor, 0, run->e->option_count * sizeof *r->floor);
	if (r->recording) {
		r->ready = false;
		r->count = 0;
		r->share_lo = shares_floor(run->share);
	}
	more = shares_up(shares_ceiling(run->share_to) - r->share_lo);
	if (more < 0)
		more = 0; /* a smaller share: nobody's is larger by more than nothing */
	for (size_t o = 0; o < run->e->option_count; o++) {
		if (r->recording)
			r->step_of[o] = NEVER;
		r->excess[o] = shares_up(more * (double)run->e->options[o].votes);
	}
}

void
shares_reference_look(struct shares_run *run, uint32_t option)
{
	struct shares_reference *r = &run->reference;

	r->looks++;
	if (!r->recording || r->count == r->size)
		return; /* without it, there is a floor less */
	r->floors[r->count] = run->options[option].slack;
	r->floors[r->count].option = option;
	r->floors[r->count].step = (uint32_t)run->step_count;
	r->count++;
}

void
shares_reference_take(struct shares_run *run)
{
	struct shares_reference *r = &run->reference;
	size_t at = run->step_count - 1;
	const struct shares_step *step = &run->steps[at];

	if (r->recording) {
		r->step_of[step->option] = (uint32_t)at;
		r->price_hi[step->option] = step->hi;
	} else if (r->using && r->step_of[step->option] != NEVER) {
		double fallen = shares_up(r->price_hi[step->option] - step->lo);
		const double *overlap = r->overlap + step->option * run->e->option_count;

		for (size_t o = 0; fallen > 0 && o < run->e->option_count; o++)
			r->excess[o] = shares_up(r->excess[o] + shares_up(fallen * overlap[o]));
		if (r->step_of[step->option] > r->last_step)
			r->last_step = r->step_of[step->option];
	} else {
		r->using = false; /* its winners are others from here on */
	}
}

/* The price that a slack still stands for, or infinity: it can't be paid. */
static double
floor_of(const struct shares_run *run, const struct shares_slack *slack)
{
	double excess = run->reference.excess[slack->option], floor;

	if (slack->rest == 0)
		return shares_up(slack->price + excess) < run->options[slack->option].cost ? INFINITY : 0;
	floor = slack->price * (1 - 0x1p-50) - shares_up(excess / slack->rest) * (1 + 0x1p-50);
	return floor >= slack->from ? floor : 0;
}

void
shares_reference_apply(struct shares_run *run)
{
	struct shares_reference *r = &run->reference;

	/* Only where the same options have won. */
	if (!r->using || (run->step_count > 0 && r->last_step != run->step_count - 1))
		return;
	for (; r->used < r->count && r->floors[r->used].step <= run->step_count; r->used++) {
		const struct shares_slack *slack = &r->floors[r->used];
		double floor = floor_of(run, slack);

		if (floor > r->floor[slack->option])
			r->floor[slack->option] = floor;
	}
}

bool
shares_reference_raise(struct shares_run *run, uint32_t option)
{
	struct shares_option *o = &run->options[option];
	double floor = run->reference.usable ? run->reference.floor[option] : 0;

	if (floor <= o->price_lo)
		return false;
	o->price_lo = floor;
	if (isinf(floor))
		o->state = SHARES_OUT;
	else
		shares_set_rho(o);
	return true;
}

void
shares_reference_end(struct shares_run *run)
{
	struct shares_reference *r = &run->reference;
	size_t extra = r->looks > run->step_count ? r->looks - run->step_count : 0;

	if (r->recording) {
		r->ready = true;
		r->extra_own = extra;
		r->extra_since = 0;
	} else {
		r->extra_since += extra;
	}
}
