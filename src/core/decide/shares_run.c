#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/decide/shares.h"

_Static_assert(FLT_EVAL_METHOD == 0 && DBL_MANT_DIG == 53, "the bounds assume IEEE 754 doubles");

static bool
make_list(struct arena *arena, size_t count, bool points, struct shares_list *ret)
{
	*ret = (struct shares_list){ .ballot = ARENA_ARRAY(arena, count, uint32_t),
	                             .weight = ARENA_ARRAY(arena, count, uint32_t),
	                             .count = count };
	if (points)
		ret->points = ARENA_ARRAY(arena, count, uint32_t);
	return ret->ballot != NULL && ret->weight != NULL && (!points || ret->points != NULL);
}

struct shares_list
shares_list_at(const struct shares_list *all, size_t first, size_t count)
{
	return (struct shares_list){ .ballot = all->ballot + first, .weight = all->weight + first,
	                             .points = all->points == NULL ? NULL : all->points + first,
	                             .count = count, .far = all->far };
}

/* Distinct ballots from which on purses are asked for ahead: a mebibyte of them. */
enum { FAR = (1 << 20) / (int)sizeof(struct shares_purse) };

static bool
make_lists(struct shares_run *run, struct arena *arena, const struct shares_run *beside)
{
	const struct election *e = run->e;
	size_t total = e->first[e->option_count];

	if (!make_list(arena, total, e->points != NULL, &run->lists))
		return false;
	run->lists.far = e->ballot_count > FAR;
	if (beside != NULL) {
		run->all = beside->all;
		return true;
	}
	if (!make_list(arena, total, e->points != NULL, &run->all))
		return false;
	run->all.far = run->lists.far;
	for (size_t i = 0; i < total; i++) {
		run->all.ballot[i] = e->supporter[i];
		run->all.weight[i] = e->weight[e->supporter[i]];
		if (e->points != NULL)
			run->all.points[i] = e->supporter_points[i];
	}
	return true;
}

enum status
shares_begin(struct shares_run *run, const struct count *count, const struct shares_run *beside)
{
	const struct election *e = count->e;
	enum decide_utility utility = count->method->utility;

	*run = (struct shares_run){ .e = e, .rank = count->rank,
	                            .by_cost = utility == DECIDE_COST ||
	                                       utility == DECIDE_COST_POINTS };
	mpq_inits(run->share, run->share_to, run->guide.from, run->guide.to, NULL);
	for (size_t i = 0; i < sizeof run->scratch / sizeof *run->scratch; i++)
		mpq_init(run->scratch[i]);
	run->loops = count->plain_loops ? NULL : shares_vector_loops();
	if (run->loops == NULL)
		run->loops = shares_plain_loops();
	run->purses = ARENA_ARRAY(count->arena, e->ballot_count, struct shares_purse);
	run->broke = ARENA_ARRAY(count->arena, e->ballot_count, int32_t);
	run->options = ARENA_ARRAY(count->arena, e->option_count, struct shares_option);
	run->steps = ARENA_ARRAY(count->arena, e->option_count, struct shares_step);
	run->heap = ARENA_ARRAY(count->arena, e->option_count, uint32_t);
	run->looked = ARENA_ARRAY(count->arena, e->option_count, uint32_t);
	run->paid = ARENA_ARRAY(count->arena, e->option_count, int64_t);
	if (run->purses == NULL || run->broke == NULL || run->options == NULL ||
	    run->steps == NULL || run->heap == NULL || run->looked == NULL || run->paid == NULL ||
	    !make_lists(run, count->arena, beside))
		return NO_MEMORY;
	if (e->limits != NULL && limits_begin(&run->limits, e, 0, count->arena) != OK)
		return NO_MEMORY;
	if (shares_reference_begin(run, count->arena, beside) != OK)
		return NO_MEMORY;
	return shares_guide_begin(run, count->arena);
}

void
shares_end(struct shares_run *run)
{
	mpq_clears(run->share, run->share_to, run->guide.from, run->guide.to, NULL);
	for (size_t i = 0; i < sizeof run->scratch / sizeof *run->scratch; i++)
		mpq_clear(run->scratch[i]);
	for (size_t i = 0; i < run->steps_ready; i++)
		mpq_clear(run->steps[i].price);
	run->steps_ready = 0;
}

double
shares_ceiling(mpq_srcptr q)
{
	double d = mpq_get_d(q);

	return mpz_cmp_ui(mpq_denref(q), 1) == 0 && mpz_cmp_d(mpq_numref(q), d) == 0
		? d : shares_up(d);
}

/* The heap of open options: least rho_lo first, then by rank so that runs are the same. */
static bool
goes_before(const struct shares_run *run, uint32_t a, uint32_t b)
{
	double x = run->options[a].rho_lo, y = run->options[b].rho_lo;

	return x != y ? x < y : run->rank[a] < run->rank[b];
}

void
shares_push(struct shares_run *run, uint32_t option)
{
	size_t at = run->heap_count++;

	while (at > 0 && goes_before(run, option, run->heap[(at - 1) / 2])) {
		run->heap[at] = run->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	run->heap[at] = option;
}

/* Takes out what stands at a place of the heap. */
static uint32_t
take_out(struct shares_run *run, size_t at)
{
	uint32_t taken = run->heap[at], last = run->heap[--run->heap_count];

	while (at > 0 && goes_before(run, last, run->heap[(at - 1) / 2])) {
		run->heap[at] = run->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= run->heap_count)
			break;
		if (child + 1 < run->heap_count &&
		    goes_before(run, run->heap[child + 1], run->heap[child]))
			child++;
		if (!goes_before(run, run->heap[child], last))
			break;
		run->heap[at] = run->heap[child];
		at = child;
	}
	run->heap[at] = last;
	return taken;
}

uint32_t
shares_pop(struct shares_run *run)
{
	return take_out(run, 0);
}

/* Takes out the option that the guide expects next; false when it is not there. */
static bool
take_expected(struct shares_run *run, uint32_t *ret)
{
	const struct shares_guide *guide = &run->guide;
	size_t at = 0;

	if (run->step_count >= guide->expected)
		return false;
	*ret = guide->order[run->step_count];
	while (at < run->heap_count && run->heap[at] != *ret)
		at++;
	if (at == run->heap_count)
		return false;
	take_out(run, at);
	return true;
}

/* Limits are told that nothing (more) has won but what costs nothing. */
static void
take_free(struct shares_run *run)
{
	uint32_t option;

	while ((option = limits_next_free(&run->limits, run->rank)) < run->e->option_count)
		limits_take(&run->limits, option);
}

/* The heap of what limits allow at this step. */
static void
push_allowed(struct shares_run *run)
{
	run->heap_count = 0;
	for (uint32_t o = 0; o < run->e->option_count; o++)
		if (run->options[o].state == SHARES_OPEN && limits_allow(&run->limits, o))
			shares_push(run, o);
}

/* Everybody has the share; every option's price is at least its cost per supporter. */
void
shares_reset(struct shares_run *run)
{
	const struct election *e = run->e;
	double lo = shares_floor(run->share), hi = shares_ceiling(run->share_to);

	run->range = !mpq_equal(run->share, run->share_to);
	run->step_count = run->heap_count = run->broke_count = 0;
	for (size_t b = 0; b < e->ballot_count; b++) {
		run->purses[b] = (struct shares_purse){ lo, hi };
		run->broke[b] = SHARES_SOLVENT;
	}
	for (size_t i = 0; i < e->option_count; i++) {
		struct shares_option *o = &run->options[i];
		double cost = (double)e->options[i].cost;

		*o = (struct shares_option){
			.state = SHARES_OUT, .cost = cost, .step = -1,
			.utility = run->by_cost ? cost : 1,
			.list = shares_list_at(&run->all, e->first[i],
			                       e->first[i + 1] - e->first[i]) };
		o->list.units = (double)e->options[i].points;
		if (!count_is_open(e, i) || cost == 0)
			continue;
		o->state = SHARES_OPEN;
		o->price_lo = shares_down(cost / o->list.units);
		o->price_hi = INFINITY;
		shares_set_rho(o);
		shares_push(run, (uint32_t)i);
	}
	if (e->limits != NULL) {
		limits_reset(&run->limits);
		take_free(run);
	}
}

/* Looks at an option taken from the heap; returns its rho_hi. */
static double
look_at(struct shares_run *run, uint32_t option, double best)
{
	struct shares_option *o = &run->options[option];

	shares_bound(run, o, best);
	shares_reference_look(run, option);
	if (o->state == SHARES_OUT)
		return INFINITY;
	run->looked[run->looked_count++] = option;
	return o->rho_hi;
}

/* Looks at open options, best first, until none of the others can be as good as the best
 * seen. Returns the least rho_hi. The one expected is looked at before all others, as a good best
 * spares looking closely at worse ones. */
static double
look(struct shares_run *run)
{
	double best = INFINITY;
	uint32_t option;

	run->looked_count = 0;
	if (take_expected(run, &option))
		best = look_at(run, option, best);
	while (run->heap_count > 0 && run->options[run->heap[0]].rho_lo <= best) {
		double rho_hi;

		option = shares_pop(run);
		if (shares_reference_raise(run, option)) {
			if (run->options[option].state == SHARES_OPEN)
				shares_push(run, option);
			continue;
		}
		rho_hi = look_at(run, option, best);
		best = rho_hi < best ? rho_hi : best;
	}
	return best;
}

/* The exact rho of an option; false when it can't be paid. */
static bool
exact_rho(struct shares_run *run, uint32_t option, mpq_t rho)
{
	struct shares_option *o = &run->options[option];
	int64_t cost = run->e->options[option].cost;

	if (o->plain) {
		mpq_set_si(rho, cost, (unsigned long)o->plain_units);
		mpq_canonicalize(rho);
	} else if (!shares_exact_price(run, option, rho)) {
		return false;
	}
	if (run->by_cost) {
		mpq_set_si(run->scratch[0], cost, 1);
		mpq_div(rho, rho, run->scratch[0]);
	}
	return true;
}

/* Among several that could be best: by exact rho, then by rank. *ret is option_count when
 * none of them can be paid. false: a range, and it is not clear. */
static bool
settle(struct shares_run *run, double best_hi, uint32_t *ret, int64_t *ret_tied)
{
	mpq_t best, rho;

	*ret = (uint32_t)run->e->option_count;
	*ret_tied = 0;
	for (size_t i = 0; run->range && i < run->looked_count; i++) {
		const struct shares_option *o = &run->options[run->looked[i]];

		if (o->rho_lo <= best_hi && !o->plain)
			return false;
	}
	mpq_inits(best, rho, NULL);
	for (size_t i = 0; i < run->looked_count; i++) {
		uint32_t option = run->looked[i];
		int order;

		if (run->options[option].rho_lo > best_hi)
			continue;
		if (!exact_rho(run, option, rho)) {
			run->options[option].state = SHARES_OUT;
			continue;
		}
		order = *ret == run->e->option_count ? -1 : mpq_cmp(rho, best);
		if (order == 0)
			++*ret_tied;
		if (order < 0)
			*ret_tied = 0;
		if (order < 0 || (order == 0 && run->rank[option] < run->rank[*ret]))
			*ret = option;
		if (order < 0)
			mpq_swap(best, rho);
	}
	mpq_clears(best, rho, NULL);
	return true;
}

/* The next winner, or option_count when nobody can pay for anything more. */
static bool
choose(struct shares_run *run, uint32_t *ret, int64_t *ret_tied)
{
	uint32_t none = (uint32_t)run->e->option_count;
	double best = look(run);
	size_t contenders = 0;
	bool clear = true;

	*ret = none;
	*ret_tied = 0;
	for (size_t i = 0; i < run->looked_count; i++)
		if (run->options[run->looked[i]].rho_lo <= best) {
			*ret = run->looked[i];
			contenders++;
		}
	if (contenders > 1 || (contenders == 1 && isinf(best)))
		clear = settle(run, best, ret, ret_tied);
	for (size_t i = 0; i < run->looked_count; i++) {
		uint32_t option = run->looked[i];

		if (option != *ret && run->options[option].state == SHARES_OPEN)
			shares_push(run, option);
	}
	return clear;
}

/* Whether intervals leave open if somebody can pay the full price, or what it is. */
static bool
is_unclear(const struct shares_run *run, const struct shares_option *o)
{
	const struct shares_list *list = &o->list;

	if (isinf(o->price_hi) || o->plain)
		return isinf(o->price_hi);
	if (list->points == NULL)
		return !o->clear && run->loops->any_between(run->purses, list, o->price_lo, o->price_hi);
	for (size_t i = 0; i < list->count; i++) {
		const struct shares_purse *has = &run->purses[list->ballot[i]];

		if (has->hi > shares_times_down(o->price_lo, list->points[i]) &&
		    has->lo < shares_times_up(o->price_hi, list->points[i]))
			return true;
	}
	return false;
}

/* Whether a ballot has at most the exact price of the step being taken, for its points. */
static bool
has_no_more(struct shares_run *run, size_t ballot, uint32_t points, size_t step)
{
	shares_exact_left(run, ballot, step, run->scratch[3]);
	return shares_exact_cmp(run, run->scratch[3], run->steps[step].price, points) <= 0;
}

/* Where only the exact price tells whether somebody has more than it, the purse is made to tell
 * too: who has not is left with at most the price's lower bound. */
static void
tell_exactly(struct shares_run *run, const struct shares_list *list, size_t at)
{
	const struct shares_step *step = &run->steps[at];

	for (size_t i = 0; i < list->count; i++) {
		uint32_t ballot = list->ballot[i], points = shares_points(list, i);
		struct shares_purse *has = &run->purses[ballot];
		double lo = shares_times_down(step->lo, points);

		if (has->hi > lo && has->lo < shares_times_up(step->hi, points) &&
		    has_no_more(run, ballot, points, at))
			*has = (struct shares_purse){ lo, lo };
	}
}

/* Everyone on the list pays for step `at`, each by points. */
static void
pay_by_points(struct shares_run *run, const struct shares_list *list, size_t at)
{
	const struct shares_step *step = &run->steps[at];

	for (size_t i = 0; i < list->count; i++) {
		uint32_t ballot = list->ballot[i], points = list->points[i];
		struct shares_purse *has = &run->purses[ballot];
		double lo = shares_times_down(step->lo, points);
		double hi = shares_times_up(step->hi, points);

		if (has->hi > lo) {
			has->lo = has->lo > hi ? shares_down(has->lo - hi) : 0;
			has->hi = shares_up(has->hi - lo);
		} else if (has->hi > 0) {
			*has = (struct shares_purse){ 0, 0 };
			run->broke[ballot] = (int32_t)at;
			run->broke_count++;
		}
	}
}

static void
pay(struct shares_run *run, const struct shares_list *list, size_t at)
{
	const struct shares_step *step = &run->steps[at];
	struct shares_payment payment = { run->purses, list, step->lo, step->hi, run->broke,
	                                  (int32_t)at };

	if (step->exact)
		tell_exactly(run, list, at);
	if (list->points == NULL)
		run->broke_count += run->loops->pay(&payment);
	else
		pay_by_points(run, list, at);
}

/* Takes the option as a step: everyone on its list pays the price, or all they have. In a
 * range, who may or may not have enough is left with an interval that begins at 0. */
void
shares_take(struct shares_run *run, uint32_t option, int64_t tied)
{
	struct shares_option *o = &run->options[option];
	size_t at = run->step_count;
	struct shares_step *step = &run->steps[at];

	if (at == run->steps_ready) {
		mpq_init(step->price);
		run->steps_ready++;
	}
	step->option = option;
	step->tied = tied;
	step->exact = !run->range && is_unclear(run, o);
	if (step->exact) {
		bool payable = shares_exact_price(run, option, step->price);

		assert(payable);
		o->price_lo = shares_floor(step->price);
		o->price_hi = shares_ceiling(step->price);
	}
	step->lo = o->price_lo;
	step->hi = o->price_hi;
	pay(run, &o->list, at);
	o->state = SHARES_WON;
	o->step = (int32_t)at;
	run->step_count++;
	if (run->e->limits != NULL) {
		limits_take(&run->limits, option);
		take_free(run);
	}
}

/* Whether the guide knows the next winner for certain; it then is *ret. */
static bool
guided(struct shares_run *run, uint32_t *ret)
{
	const struct shares_guide *guide = &run->guide;
	size_t step = run->step_count;
	struct shares_option *o;

	if (!run->follows)
		return false;
	shares_guide_floors(run, step);
	if (step < guide->count) {
		o = &run->options[guide->order[step]];
		shares_bound(run, o, INFINITY);
		*ret = guide->order[step];
		if (o->state == SHARES_OPEN && o->rho_hi < guide->second[step])
			return true;
	}
	run->heap_count = 0;
	for (uint32_t i = 0; i < run->e->option_count; i++)
		if (run->options[i].state == SHARES_OPEN)
			shares_push(run, i);
	return false;
}

bool
shares_run(struct shares_run *run)
{
	const struct shares_guide *guide = &run->guide;
	uint32_t option;
	int64_t tied;

	shares_reset(run);
	run->follows = guide->ready && mpq_cmp(guide->from, run->share) <= 0 &&
	               mpq_cmp(run->share_to, guide->to) <= 0;
	run->floors_used = 0;
	shares_reference_start(run);
	for (;;) {
		tied = 0;
		shares_reference_apply(run);
		if (run->e->limits != NULL)
			push_allowed(run);
		if (!guided(run, &option)) {
			bool clear = choose(run, &option, &tied);

			if (!clear || option == run->e->option_count) {
				shares_reference_end(run);
				return clear;
			}
			run->follows = run->follows && run->step_count < guide->count &&
			               option == guide->order[run->step_count];
		}
		shares_take(run, option, tied);
		shares_reference_take(run);
	}
}
