/* What one run of the rule tells about the next ones, whose shares are a little larger.
 *
 * Let r be what a supporter of p has at some point of the reference run, and r' what the same
 * voter has in another run at a point where the same options have won, in whatever order. With D
 * the difference of the shares (if above 0) and d(t) that of the price of t (reference less other, if above 0),
 *	r' <= r + e,   e = D + sum over those winners t that the voter chose of d(t):
 * who never went broke has share less prices; who did in the other run has r' = 0; and who did
 * in the reference run only has r' = share' - sum of prices' <= e, as the prices then came to at
 * least the share. Let P be what those supporters of p have together who have less than some x in
 * the reference run, q their number and m that of the others. The others pay at most y each, so
 * for any price y
 *	sum min(r', y) <= P + S + m y,   S: the sum of e over those q,
 *	S <= q D + sum over winners t of d(t) * min(q, voters who chose both p and t),
 * and a price y' that pays p's cost in the other run has
 *	y' >= (cost - P) / m - S / m.
 * And p can't be paid at all where what its supporters had, and S over all of them, are less than
 * the cost.
 * Purses only shrink within a run, so what was so at an earlier step of the reference run is so
 * at a later one, and a floor once applied holds to the end of the run.
 *
 * Only for ballots without points, and without limits: they let an option wait. */
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

	if (e->points != NULL || e->limits != NULL || e->option_count > OPTIONS_MAX)
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
shares_reference_begin(struct shares_run *run, struct arena *arena,
                       const struct shares_run *beside)
{
	struct shares_reference *r = &run->reference;
	size_t options = run->e->option_count;

	r->usable = beside != NULL ? beside->reference.usable : is_worth_it(run->e);
	if (!r->usable)
		return OK;
	r->overlap = beside != NULL ? beside->reference.overlap
	                            : ARENA_ARRAY(arena, options * options, double);
	r->fallen = ARENA_ARRAY(arena, options, struct shares_fall);
	if (r->overlap == NULL || r->fallen == NULL)
		return NO_MEMORY;
	if (beside == NULL)
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

	if (!r->usable)
		return;
	/* A new one once the last has let through twice the looks that making one costs. */
	r->recording = !run->range && (!r->ready || r->extra_since > 2 * r->extra_own);
	r->using = r->ready && !r->recording;
	r->looks = r->used = r->fallen_count = 0;
	r->last_step = 0;
	memset(r->floor, 0, run->e->option_count * sizeof *r->floor);
	if (r->recording) {
		r->ready = false;
		r->count = 0;
		r->share_lo = shares_floor(run->share);
		for (size_t o = 0; o < run->e->option_count; o++)
			r->step_of[o] = NEVER;
	}
	/* With a smaller share nobody's is larger by more than nothing. */
	r->more = shares_up(shares_ceiling(run->share_to) - r->share_lo);
	if (r->more < 0)
		r->more = 0;
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

		if (fallen > 0)
			r->fallen[r->fallen_count++] = (struct shares_fall){ step->option, fallen };
		if (r->step_of[step->option] > r->last_step)
			r->last_step = r->step_of[step->option];
	} else {
		r->using = false; /* its winners are others from here on */
	}
}

/* S for so many of an option's supporters, rounded up. */
static double
excess_of(const struct shares_run *run, uint32_t option, double supporters)
{
	const struct shares_reference *r = &run->reference;
	const double *overlap = r->overlap + option * run->e->option_count;
	double sum = supporters * r->more;

	for (size_t i = 0; i < r->fallen_count; i++)
		sum += r->fallen[i].price * fmin(supporters, overlap[r->fallen[i].option]);
	return sum * (1 + (double)(r->fallen_count + 8) * 0x1p-52);
}

/* The price that a slack still stands for, or infinity: it can't be paid. */
static double
floor_of(const struct shares_run *run, const struct shares_slack *slack)
{
	double all = (double)run->e->options[slack->option].votes;
	double excess = excess_of(run, slack->option, all - slack->rest);

	if (slack->rest == 0)
		return shares_up(slack->price + excess) < run->options[slack->option].cost ? INFINITY : 0;
	return slack->price * (1 - 0x1p-50) - shares_up(excess / slack->rest) * (1 + 0x1p-50);
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
