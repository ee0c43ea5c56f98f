/* Equal Shares with more and more money per voter, until a completion's rule says stop.
 *
 * Every number of increments is a run of its own, and which is the first to stop does not
 * depend on the order they are looked at. So several threads may take stretches of them side by side;
 * what is found beyond the first stop is dropped. Within a stretch, as many increments as can be shown
 * to be alike are one run (shares.h). */
#include <pthread.h>
#include <signal.h>

#include "core/decide/shares.h"

/* More than this are refused, of all threads together: the increment is too small. (Just there it may
 * depend on how much of what lies beyond the stop was looked at.) */
enum { RUNS_MAX = 100000 };
/* A range of shares is at most so many increments long. */
static const int64_t RANGE_MAX = INT64_C(1) << 40;
/* Threads take turns by at least so many increments; and not for less than so many supporters of all
 * options, where a run takes no longer than starting a thread. */
enum { STRETCH = 2, SUPPORTERS_MIN = 20000 };

/* What a run's winners come to. */
struct sum {
	int64_t cost;     /* may be above the budget */
	bool exhaustive;  /* nothing that is left, and allowed, would fit */
	bool all;         /* nothing is left that anybody wants and limits allow */
};

/* Shared by the threads. */
struct increments {
	struct count *count;
	mpq_srcptr start;
	int64_t increment;
	bool stops_exhaustive, alone;
	pthread_mutex_t lock; /* over what follows */
	int64_t handed;       /* increments up to this one are somebody's stretch */
	int64_t stopped;      /* the first increment known to stop it; INT64_MAX: none is */
	enum outcome_stop why;
	int64_t next_cost;
	bool too_many;
	size_t runs;          /* of all threads, those aside that led to nothing */
};

/* One thread's. */
struct adding {
	struct increments *of;
	struct shares_run *run;
	int64_t k;        /* increments of its stretch up to this one do not stop it … */
	int64_t end;      /* … and this is its last */
	int64_t length;   /* how many increments to try at once */
	int64_t patience; /* runs to go before trying more at once; longer after each failure */
	int64_t backoff;
	int64_t guide_length, guide_to; /* increments that one guide is for; and this one's last */
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
		    e->options[o].withdrawn ||
		    (e->limits != NULL && !limits_allow(&run->limits, (uint32_t)o)))
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
set_share(const struct increments *all, int64_t k, mpq_t ret)
{
	mpq_t more;

	mpq_init(more);
	mpq_set_si(more, all->increment, 1);
	mpz_mul_si(mpq_numref(more), mpq_numref(more), k);
	mpq_add(ret, all->start, more);
	mpq_clear(more);
}

static void
set_range(struct adding *a, int64_t from, int64_t to)
{
	set_share(a->of, from, a->run->share);
	set_share(a->of, to, a->run->share_to);
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

/* An increment at which it stops; only the first of all counts. */
static void
stop(struct increments *all, int64_t at, enum outcome_stop why, int64_t next_cost)
{
	pthread_mutex_lock(&all->lock);
	if (at < all->stopped) {
		all->stopped = at;
		all->why = why;
		all->next_cost = next_cost;
	}
	pthread_mutex_unlock(&all->lock);
}

/* Whether a run's winners stop it at increment `at`, the first of those that are alike. */
static bool
is_stop(struct increments *all, const struct sum *sum, int64_t at)
{
	if (sum->cost > all->count->e->budget)
		stop(all, at, OUTCOME_STOP_COST, sum->cost);
	else if (sum->all)
		stop(all, at, OUTCOME_STOP_ALL, 0);
	else if (all->stops_exhaustive && sum->exhaustive)
		stop(all, at, OUTCOME_STOP_EXHAUSTIVE, 0);
	else
		return false;
	return true;
}

/* The next stretch, unless it is known where it stops. */
static bool
take_stretch(struct adding *a)
{
	struct increments *all = a->of;
	int64_t length = all->alone ? RANGE_MAX : 2 * a->length > STRETCH ? 2 * a->length : STRETCH;
	bool more;

	pthread_mutex_lock(&all->lock);
	more = all->stopped > all->handed && !all->too_many;
	a->k = all->handed;
	if (more)
		a->end = all->handed += length;
	pthread_mutex_unlock(&all->lock);
	return more;
}

/* Whether the stretch is of use yet. */
static bool
goes_on(struct adding *a)
{
	struct increments *all = a->of;
	bool more;

	pthread_mutex_lock(&all->lock);
	more = a->k < a->end && a->k < all->stopped && !all->too_many;
	all->too_many = all->too_many || (more && all->runs > RUNS_MAX);
	if (more)
		decide_progress_step(all->count->progress, ++all->runs, 0);
	pthread_mutex_unlock(&all->lock);
	return more;
}

static void *
add(void *adding)
{
	struct adding *a = adding;

	while (take_stretch(a))
		while (goes_on(a)) {
			int64_t done = run_next(a);
			struct sum sum = sum_of(a->run, a->of->count);

			if (is_stop(a->of, &sum, a->k + 1))
				break;
			a->k += done;
			lengthen(a);
		}
	return NULL;
}

static struct adding
begin(struct increments *all, struct shares_run *run)
{
	return (struct adding){ .of = all, .run = run, .length = 1, .patience = 1, .backoff = 1,
	                        .guide_length = 16 };
}

/* Adds in this thread and, as far as there is room, in others. */
static void
add_in_threads(struct increments *all, struct shares_run *run)
{
	struct adding mine = begin(all, run), others[DECIDE_THREADS_MAX - 1];
	struct shares_run runs[DECIDE_THREADS_MAX - 1];
	pthread_t threads[DECIDE_THREADS_MAX - 1];
	size_t wanted = all->count->threads < DECIDE_THREADS_MAX ? all->count->threads
	                                                         : DECIDE_THREADS_MAX;
	size_t started = 0;
	sigset_t signals, before;

	if (run->e->first[run->e->option_count] < SUPPORTERS_MIN)
		wanted = 1;
	sigfillset(&signals);
	pthread_sigmask(SIG_SETMASK, &signals, &before); /* they are for the caller's threads */
	for (all->alone = wanted <= 1; started + 1 < wanted; started++) {
		bool begun = shares_begin(&runs[started], all->count, run) == OK;

		others[started] = begin(all, &runs[started]);
		if (!begun || pthread_create(&threads[started], NULL, add, &others[started]) != 0) {
			shares_end(&runs[started]);
			break;
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)add(&mine);
	for (size_t i = 0; i < started; i++) {
		pthread_join(threads[i], NULL);
		shares_end(&runs[i]);
	}
}

/* Leaves the run that stands: where a next one costs too much, the one before it. */
static void
run_again(struct increments *all, struct shares_run *run)
{
	int64_t k = all->why == OUTCOME_STOP_COST ? all->stopped - 1 : all->stopped;
	struct outcome *outcome = all->count->outcome;

	set_share(all, k, run->share);
	mpq_set(run->share_to, run->share);
	(void)shares_run(run);
	outcome->increments = k;
	outcome->stop = all->why;
	outcome->next_cost = all->next_cost;
}

enum status
shares_add(struct count *count, struct shares_run *run, mpq_srcptr start)
{
	enum decide_completion completion = count->method->completion;
	struct increments all = { .count = count, .start = start, .stopped = INT64_MAX,
	                          .lock = PTHREAD_MUTEX_INITIALIZER,
	                          .increment = method_increment(count->method, count->e),
	                          .stops_exhaustive = completion != DECIDE_ADD1_OFFICIAL &&
	                                              completion != DECIDE_COMPARISON };
	struct sum none = sum_of(run, count);

	if (!is_stop(&all, &none, 0))
		add_in_threads(&all, run);
	pthread_mutex_destroy(&all.lock);
	if (all.too_many)
		return decide_fail(count->error, 0, STR("increment"),
			MSG("The steps are too many to be counted: choose a larger increment."));
	run_again(&all, run);
	return OK;
}
