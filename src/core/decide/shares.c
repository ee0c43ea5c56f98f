/* The Method of Equal Shares and its completions by increments.
 * Sources: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive
 * Utilities" (2021); pabutools rules/mes (add1: start at budget / voters, stop when exhaustive
 * or too dear); equalshares.net (add1u, and add1 without the exhaustive stop). */
#include "core/decide/shares.h"

/* More runs of the rule than this are refused: the increment is too small for the election. */
enum { RUNS_MAX = 100000 };
/* A range of shares is at most so many increments long. */
static const int64_t RANGE_MAX = INT64_C(1) << 40;

/* What a run's winners come to. */
struct sum {
	int64_t cost;     /* may be above the budget */
	bool exhaustive;  /* nothing that is left would fit */
	bool all;         /* nothing is left that anybody wants */
};

/* Winners cost at most what all voters have together. That may be more than int64_t holds
 * only far above the budget, where it does not matter how much more. */
static struct sum
sum_of(const struct shares_run *run, const struct count *count)
{
	const struct election *e = run->e;
	bool unwanted_too = count->method->completion == DECIDE_ADD1U;
	struct sum sum = { 0, true, true };

	for (size_t s = 0; s < run->step_count; s++) {
		int64_t cost = e->options[run->steps[s].option].cost;

		if (__builtin_add_overflow(sum.cost, cost, &sum.cost))
			sum.cost = INT64_MAX;
	}
	for (size_t o = 0; o < e->option_count; o++) {
		if (run->options[o].state == SHARES_WON || e->options[o].cost == 0 ||
		    e->options[o].withdrawn)
			continue;
		if (sum.cost <= e->budget && e->options[o].cost <= e->budget - sum.cost &&
		    (e->options[o].votes > 0 || unwanted_too))
			sum.exhaustive = false;
		if (e->options[o].votes > 0)
			sum.all = false;
	}
	return sum;
}

/* The share after k increments: start + k * increment. */
static void
set_share(mpq_t ret, mpq_t start, int64_t increment, int64_t k)
{
	mpq_t more;

	mpq_init(more);
	mpq_set_si(more, increment, 1);
	mpz_mul_si(mpq_numref(more), mpq_numref(more), k);
	mpq_add(ret, start, more);
	mpq_clear(more);
}

/* Budget / voters; with add1u, whole units of the currency only. */
static void
first_share(const struct count *count, mpq_t ret)
{
	const struct election *e = count->e;
	struct method unit_only = { .increment = 0 };
	int64_t unit = method_increment(&unit_only, e);

	if (count->method->completion == DECIDE_ADD1U)
		mpq_set_si(ret, e->budget / e->voters / unit * unit, 1);
	else
		mpq_set_si(ret, e->budget, (unsigned long)e->voters);
	mpq_canonicalize(ret);
}

static bool
everything_fits(const struct election *e)
{
	int64_t left = e->budget;

	for (size_t o = 0; o < e->option_count; o++) {
		if (e->options[o].withdrawn)
			continue;
		if (e->options[o].cost > left)
			return false;
		left -= e->options[o].cost;
	}
	return true;
}

/* Increments in progress. */
struct adding {
	struct count *count;
	struct shares_run *run;
	mpq_t start;
	int64_t increment;
	int64_t k;        /* the largest number of increments known to be affordable */
	int64_t length;   /* how many increments to try at once */
	int64_t patience; /* runs to go before trying more at once; longer after each failure */
	int64_t backoff;
	int64_t guide_length, guide_to; /* increments that one guide is for; and this one's last */
	int64_t runs;
};

static void
set_range(struct adding *a, int64_t from, int64_t to)
{
	set_share(a->run->share, a->start, a->increment, from);
	set_share(a->run->share_to, a->start, a->increment, to);
}

/* A guide for the next increments, where there is none. Returns how many of them it has shown
 * to be alike, which may be all or none. */
static int64_t
guide_next(struct adding *a)
{
	int64_t length = a->guide_length > a->length ? a->guide_length : a->length;
	size_t unclear;
	bool alike;

	if (!a->run->guide.steady ||
	    (a->run->guide.ready && a->k + a->length <= a->guide_to))
		return 0;
	set_range(a, a->k + 1, a->k + length);
	a->guide_to = a->k + length;
	a->runs++;
	alike = shares_guide_make(a->run, &unclear);
	/* As long as it leaves one decision in ten to be looked at, more or less. */
	if (unclear * 20 < a->run->guide.expected && a->guide_length < RANGE_MAX)
		a->guide_length *= 2;
	else if (unclear * 5 > a->run->guide.expected && a->guide_length > 4)
		a->guide_length /= 2;
	return alike ? length : 0;
}

/* Runs the rule for k + 1 … k + length increments; shorter and shorter until one run speaks
 * for all of them. Returns how many. */
static int64_t
run_next(struct adding *a)
{
	for (;;) {
		int64_t done = guide_next(a);

		if (done > 0)
			return done;
		set_range(a, a->k + 1, a->k + a->length);
		a->runs++;
		if (shares_run(a->run))
			break;
		a->backoff = a->backoff < 16 ? a->backoff * 2 : a->backoff;
		a->patience = a->backoff;
		a->length = a->length > 4 ? a->length / 4 : 1;
	}
	shares_guide_expect(a->run);
	return a->length;
}

/* After a run that was clear: soon try more at once. */
static void
lengthen(struct adding *a)
{
	if (--a->patience > 0 || a->length >= RANGE_MAX || !a->run->guide.steady)
		return;
	a->length *= 2;
	a->backoff = a->backoff > 1 ? a->backoff / 2 : 1;
	a->patience = 1;
}

/* Adds increments until the method's stop; a->k is then the number that stands. */
static enum status
add(struct adding *a, struct sum *now)
{
	struct outcome *outcome = a->count->outcome;
	enum decide_completion completion = a->count->method->completion;
	bool stops_exhaustive = completion != DECIDE_ADD1_OFFICIAL &&
	                        completion != DECIDE_COMPARISON;

	for (;;) {
		struct sum next;
		int64_t done;

		if (now->all || (stops_exhaustive && now->exhaustive)) {
			outcome->stop = now->all ? OUTCOME_STOP_ALL : OUTCOME_STOP_EXHAUSTIVE;
			return OK;
		}
		if (a->runs > RUNS_MAX)
			return decide_fail(a->count->error, 0, STR("increment"),
				MSG("The steps are too many to be counted: choose a larger increment."));
		done = run_next(a);
		next = sum_of(a->run, a->count);
		if (next.cost > a->count->e->budget) {
			outcome->stop = OUTCOME_STOP_COST;
			outcome->next_cost = next.cost;
			return OK;
		}
		/* All of the range is alike: if it stops here, it stops at its first. */
		a->k += next.all || (stops_exhaustive && next.exhaustive) ? 1 : done;
		lengthen(a);
		*now = next;
	}
}

static enum status
run_all(struct count *count, struct shares_run *run)
{
	enum decide_completion completion = count->method->completion;
	struct adding a = { .count = count, .run = run, .length = 1, .patience = 1, .backoff = 1,
	                    .increment = method_increment(count->method, count->e),
	                    .guide_length = 16 };
	struct sum now;
	enum status st = OK;

	mpq_init(a.start);
	first_share(count, a.start);
	mpq_set(run->share, a.start);
	mpq_set(run->share_to, a.start);
	(void)shares_run(run); /* one share is always clear */
	shares_guide_expect(run);
	now = sum_of(run, count);
	if (completion == DECIDE_ADD1 || completion == DECIDE_ADD1_OFFICIAL ||
	    completion == DECIDE_COMPARISON ||
	    (completion == DECIDE_ADD1U && !everything_fits(count->e)))
		st = add(&a, &now);
	if (st == OK) {
		set_share(run->share, a.start, a.increment, a.k);
		mpq_set(run->share_to, run->share);
		(void)shares_run(run);
		count->outcome->increments = a.k;
		st = shares_explain(run, count);
	}
	mpq_clear(a.start);
	return st;
}

enum status
count_shares(struct count *count)
{
	struct shares_run run;
	enum status st;

	if (count->e->voters == 0)
		return OK;
	st = shares_begin(&run, count);
	if (st == OK)
		st = run_all(count, &run);
	shares_end(&run);
	return st;
}
