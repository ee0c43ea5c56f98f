/* What can be said about every run of a range of shares, if its winners come in a given order:
 * after each step, how good any other option can be at best, and floors under prices. A single
 * run that keeps to the order then needs one look per step, at the expected winner; where that
 * is not better than all others for certain, the floors still spare most of the looks. */
#include <math.h>
#include <string.h>

#include "core/decide/shares.h"

enum status
shares_guide_begin(struct shares_run *run, struct arena *arena)
{
	struct shares_guide *g = &run->guide;
	size_t options = run->e->option_count;

	g->order = ARENA_ARRAY(arena, options, uint32_t);
	g->second = ARENA_ARRAY(arena, options + 1, double);
	g->floors_end = ARENA_ARRAY(arena, options + 1, size_t);
	g->floors_size = 64 * options + 64;
	g->floors = ARENA_ARRAY(arena, g->floors_size, struct shares_floor);
	return g->order == NULL || g->second == NULL || g->floors_end == NULL || g->floors == NULL
		? NO_MEMORY : OK;
}

void
shares_guide_expect(struct shares_run *run)
{
	struct shares_guide *g = &run->guide;
	bool same = g->expected == run->step_count;

	for (size_t s = 0; s < run->step_count; s++) {
		same = same && g->order[s] == run->steps[s].option;
		g->order[s] = run->steps[s].option;
	}
	g->expected = run->step_count;
	g->steady = same && run->e->limits == NULL;
	g->ready = g->ready && same;
}

void
shares_guide_floors(struct shares_run *run, size_t step)
{
	const struct shares_guide *g = &run->guide;

	for (; step <= g->count && run->floors_used < g->floors_end[step]; run->floors_used++) {
		const struct shares_floor *f = &g->floors[run->floors_used];
		struct shares_option *o = &run->options[f->option];

		if (o->state != SHARES_OPEN || f->price <= o->price_lo)
			continue;
		if (isinf(f->price))
			o->state = SHARES_OUT;
		else
			o->price_lo = f->price;
		shares_set_rho(o);
	}
}

/* Keeps an option's floor; false when there is no more room. */
static bool
keep_floor(struct shares_run *run, uint32_t option)
{
	struct shares_guide *g = &run->guide;
	const struct shares_option *o = &run->options[option];

	if (g->floors_count == g->floors_size)
		return false;
	g->floors[g->floors_count++] = (struct shares_floor){
		option, o->state == SHARES_OUT ? INFINITY : o->price_lo };
	return true;
}

/* Looks at all who could be better than the expected winner at its worst; *ret is how good
 * any but the winner can be. (The winner's key rose while it was in the heap, which hides what
 * lies below it; but its rho_lo is at most the limit, so that it is always taken out.) */
static bool
look_around(struct shares_run *run, uint32_t winner, double limit, double *ret)
{
	size_t looked = 0;
	bool room = true;

	*ret = INFINITY;
	while (room && run->heap_count > 0) {
		uint32_t option = run->heap[0];
		struct shares_option *o = &run->options[option];

		if (o->state == SHARES_OPEN && option != winner && o->rho_lo > limit)
			break;
		shares_pop(run);
		if (o->state != SHARES_OPEN || option == winner)
			continue;
		shares_bound(run, o, 0);
		room = keep_floor(run, option);
		if (o->state == SHARES_OPEN) {
			run->looked[looked++] = option;
			*ret = o->rho_lo < *ret ? o->rho_lo : *ret;
		}
	}
	if (run->heap_count > 0 && run->options[run->heap[0]].rho_lo < *ret)
		*ret = run->options[run->heap[0]].rho_lo;
	for (size_t i = 0; i < looked; i++)
		shares_push(run, run->looked[i]);
	return room;
}

bool
shares_guide_make(struct shares_run *run, size_t *ret_unclear)
{
	struct shares_guide *g = &run->guide;
	uint32_t none = (uint32_t)run->e->option_count;

	*ret_unclear = 0;
	g->floors_count = 0;
	g->ready = true;
	mpq_set(g->from, run->share);
	mpq_set(g->to, run->share_to);
	shares_reset(run);
	run->range = true; /* no exact look at anything, even if it is a single share */
	for (size_t s = 0;; s++) {
		uint32_t winner = s < g->expected ? g->order[s] : none;
		struct shares_option *o = s < g->expected ? &run->options[winner] : NULL;
		double limit = INFINITY;

		g->count = s;
		if (o != NULL) {
			shares_bound(run, o, INFINITY);
			limit = o->state == SHARES_OPEN ? o->rho_hi : INFINITY;
		}
		if ((o != NULL && (isinf(limit) || !keep_floor(run, winner))) ||
		    !look_around(run, winner, limit, &g->second[s])) {
			/* Nothing is known from here on. */
			g->floors_end[s] = g->floors_count;
			*ret_unclear += g->expected - s + 1;
			return false;
		}
		g->floors_end[s] = g->floors_count;
		if (o == NULL)
			break;
		*ret_unclear += limit >= g->second[s];
		shares_take(run, winner, 0);
	}
	*ret_unclear += !isinf(g->second[g->count]);
	return *ret_unclear == 0;
}
