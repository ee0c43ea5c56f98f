#include "core/decide/exact_shares.h"

#include <math.h>
#include <string.h>

enum {
	RAISES_MAX = 1000000, /* more outcomes than this are refused */
	LOG_EACH = 32         /* room in the log for each option */
};

/* A step at which most was not lowered. */
#define NEVER SIZE_MAX

/* Takes the arena's memory; finish frees what GMP holds, after a failed begin too. */
static enum status
begin(struct exact_run *run, const struct count *count)
{
	const struct election *e = count->e;
	size_t n = e->option_count;
	enum status st;

	*run = (struct exact_run){ .e = e, .rank = count->rank, .limit = INFINITY,
	                           .by_cost = count->method->utility == DECIDE_COST };
	mpq_inits(run->share, run->scratch[0], run->scratch[1], NULL);
	st = accounts_begin(&run->accounts, e, count->arena);
	if (st != OK)
		return st;
	run->open = ARENA_ARRAY(count->arena, n, uint32_t);
	run->most = ARENA_ARRAY(count->arena, n, int64_t);
	run->lowered = ARENA_ARRAY(count->arena, n, size_t);
	run->log_size = n * LOG_EACH;
	run->log = arena_room(count->arena, run->log_size, sizeof *run->log);
	run->steps = ARENA_ARRAY(count->arena, n + 1, struct exact_step);
	run->records = ARENA_ARRAY(count->arena, n + 1, struct exact_record);
	if (run->open == NULL || run->most == NULL || run->lowered == NULL || run->log == NULL ||
	    run->steps == NULL || run->records == NULL)
		return NO_MEMORY;
	for (size_t o = 0; o < n; o++) {
		run->most[o] = e->options[o].votes;
		run->lowered[o] = NEVER;
		if (count_is_open(e, o) && e->options[o].cost > 0)
			run->open[run->open_count++] = (uint32_t)o;
	}
	return OK;
}

static void
finish(struct exact_run *run)
{
	mpq_clears(run->share, run->scratch[0], run->scratch[1], NULL);
	accounts_end(&run->accounts);
}

void
exact_set_share(struct exact_run *run, mpq_srcptr share)
{
	mpq_set(run->share, share);
	mpq_set(run->accounts.share, share);
	run->share_near = mpq_get_d(share);
}

/* The loop that all of this comes down to: weights of ballots that have paid at most so much. Without
 * a branch, as whether somebody has is like a coin; the other is the same four at a time. */
static int64_t
weight_of(const double *paid, const uint32_t *ballot, const uint32_t *weight, size_t count, double most)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += weight[i] & -(uint32_t)(paid[ballot[i]] <= most);
	return sum;
}

#if defined(__x86_64__)
typedef double four __attribute__((vector_size(32)));
typedef int64_t four_bits __attribute__((vector_size(32)));
typedef uint32_t four_small __attribute__((vector_size(16)));

__attribute__((target("avx2"))) static int64_t
weight_of_avx2(const double *paid, const uint32_t *ballot, const uint32_t *weight, size_t count,
               double most)
{
	const four limit = { most, most, most, most };
	four_bits sum = { 0, 0, 0, 0 };
	size_t i = 0;

	for (; i + 4 <= count; i += 4) {
		four has = { paid[ballot[i]], paid[ballot[i + 1]], paid[ballot[i + 2]],
		             paid[ballot[i + 3]] };
		four_small small;

		memcpy(&small, weight + i, sizeof small);
		sum += __builtin_convertvector(small, four_bits) & (has <= limit);
	}
	return sum[0] + sum[1] + sum[2] + sum[3] +
	       weight_of(paid, ballot + i, weight + i, count - i, most);
}
#endif

int64_t
exact_weight(const struct exact_run *run, uint32_t option, double paid)
{
	const struct election *e = run->e;
	const struct accounts *a = &run->accounts;
	size_t first = e->first[option], count = e->first[option + 1] - first;

#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return weight_of_avx2(a->paid, e->supporter + first, a->weight + first, count, paid);
#endif
	return weight_of(a->paid, e->supporter + first, a->weight + first, count, paid);
}

/* Whether an account has at least cost / payers left of the share. */
static bool
account_has(struct exact_run *run, uint32_t account, int64_t cost, int64_t payers)
{
	mpq_t *q = run->scratch;

	accounts_sum(&run->accounts, account, q[0]);
	mpq_sub(q[0], run->share, q[0]);
	mpq_set_si(q[1], cost, (unsigned long)payers);
	mpq_canonicalize(q[1]);
	return mpq_cmp(q[0], q[1]) >= 0;
}

/* Asks one ballot after the other whether it has cost / payers; most answers are clear, and those
 * that are not mostly of one account. */
struct asking {
	struct exact_run *run;
	int64_t cost, payers;
	double clear, unclear; /* paid at most clear: it has; more than unclear: it has not */
	uint32_t account;      /* the last that was not clear */
	bool asked, has;
};

static struct asking
ask(struct exact_run *run, int64_t cost, int64_t payers)
{
	double most = run->share_near - (double)cost / (double)payers;
	double error = account_error(&run->accounts, run->share_near);

	return (struct asking){ .run = run, .cost = cost, .payers = payers,
	                        .clear = most - error, .unclear = most + error };
}

static bool
has_exactly(struct asking *asking, uint32_t account)
{
	if (!asking->asked || asking->account != account) {
		asking->asked = true;
		asking->account = account;
		asking->has = account_has(asking->run, account, asking->cost, asking->payers);
	}
	return asking->has;
}

static inline bool
has(struct asking *asking, uint32_t ballot)
{
	const struct accounts *a = &asking->run->accounts;

	return a->paid[ballot] <= asking->clear ||
	       (a->paid[ballot] <= asking->unclear && has_exactly(asking, a->of[ballot]));
}

/* How many supporters have cost / payers: no fewer than there are when they are fewer than payers, and
 * payers when they are enough. */
static int64_t
payers_of(struct exact_run *run, uint32_t option, int64_t cost, int64_t payers)
{
	const struct election *e = run->e;
	struct asking asking = ask(run, cost, payers);
	int64_t sum = exact_weight(run, option, asking.unclear);

	if (sum < payers)
		return sum;
	if (exact_weight(run, option, asking.clear) >= payers)
		return payers;
	sum = 0;
	for (size_t i = e->first[option]; i < e->first[option + 1]; i++)
		sum += has(&asking, e->supporter[i]) ? run->accounts.weight[i] : 0;
	return sum;
}

/* Whoever could pay with more payers is among those who have cost / t, so their number bounds the
 * next t; once at least t have it, t is the most. */
int64_t
exact_can_pay(struct exact_run *run, uint32_t option, int64_t cost, int64_t from, int64_t least)
{
	for (int64_t t = from; t >= least && t > 0; ) {
		int64_t payers = payers_of(run, option, cost, t);

		if (payers >= t)
			return t;
		t = payers;
	}
	return 0;
}

int64_t
exact_may_pay(const struct exact_run *run, uint32_t option, double share, int64_t from,
              int64_t least)
{
	double most = share + account_error(&run->accounts, share);
	double cost = (double)run->e->options[option].cost;
	int64_t t = from;

	while (t >= least && t > 0) {
		int64_t payers = exact_weight(run, option, most - cost / (double)t);

		if (payers >= t)
			break;
		t = payers;
	}
	return t;
}

int64_t
exact_least(const struct exact_run *run, uint32_t p, uint32_t q, int64_t payers)
{
	const struct election_option *options = run->e->options;
	bool first = run->rank[p] < run->rank[q];
	__int128 least = payers;
	bool equal = true;

	if (!run->by_cost) {
		__int128 product = (__int128)payers * options[p].cost;

		least = product / options[q].cost;
		equal = product % options[q].cost == 0;
	}
	least += equal && first ? 0 : 1;
	return least > INT64_MAX ? INT64_MAX : (int64_t)least;
}

bool
exact_lower(struct exact_run *run, uint32_t option, int64_t least)
{
	int64_t most = run->most[option];
	size_t step = run->accounts.steps;

	if (most < least)
		return false;
	run->most[option] = exact_may_pay(run, option, run->limit, most, least);
	if (run->most[option] == most)
		return true;
	if (run->lowered[option] != step && run->log_count < run->log_size)
		run->log[run->log_count++] = (struct exact_lowered){
			.option = option, .step = step, .before = run->lowered[option], .most = most };
	run->lowered[option] = step;
	return run->most[option] >= least;
}

/* Takes the option as the best so far if it is. */
static void
consider(struct exact_run *run, uint32_t option, struct exact_step *best)
{
	int64_t least = best->payers == 0 ? 1
	                : exact_least(run, option, best->option, best->payers);
	int64_t payers;

	if ((best->payers > 0 && best->option == option) || !exact_lower(run, option, least))
		return;
	payers = exact_can_pay(run, option, run->e->options[option].cost, run->most[option], least);
	if (payers >= least)
		*best = (struct exact_step){ .option = option, .payers = payers };
}

/* What will probably win: as with the share before, or what could at best. */
static uint32_t
guess(const struct exact_run *run)
{
	size_t step = run->accounts.steps;
	uint32_t best = run->open[0];
	double best_worth = 0;

	for (size_t i = 0; i < run->open_count; i++) {
		uint32_t o = run->open[i];
		double worth = (double)run->most[o];

		if (step < run->guesses && run->steps[step].option == o)
			return o;
		if (!run->by_cost)
			worth /= (double)run->e->options[o].cost;
		if (worth > best_worth) {
			best_worth = worth;
			best = o;
		}
	}
	return best;
}

void
exact_take(struct exact_run *run, struct exact_step step)
{
	const struct election *e = run->e;
	struct accounts *a = &run->accounts;
	struct asking asking = ask(run, e->options[step.option].cost, step.payers);
	double price = (double)asking.cost / (double)step.payers;

	for (step.at = 0; run->open[step.at] != step.option; )
		step.at++;
	run->open[step.at] = run->open[--run->open_count];
	run->steps[a->steps] = step;
	accounts_step(a, step.option);
	mpq_set_si(a->price[a->steps - 1], asking.cost, (unsigned long)step.payers);
	mpq_canonicalize(a->price[a->steps - 1]);
	for (size_t i = e->first[step.option]; i < e->first[step.option + 1]; i++)
		if (has(&asking, e->supporter[i]))
			accounts_pay(a, i, price);
}

bool
exact_next(struct exact_run *run, struct exact_step *ret)
{
	*ret = (struct exact_step){ .payers = 0 };
	if (run->open_count == 0)
		return false;
	consider(run, guess(run), ret);
	for (size_t i = 0; i < run->open_count; i++)
		consider(run, run->open[i], ret);
	return ret->payers > 0;
}

/* All steps from the present one on. */
static void
run_steps(struct exact_run *run)
{
	struct exact_step step;
	bool more;

	do {
		more = exact_next(run, &step);
		exact_look(run, &step);
		if (more)
			exact_take(run, step);
	} while (more);
	run->guesses = run->accounts.steps;
}

void
exact_take_back(struct exact_run *run, size_t steps)
{
	for (size_t s = run->accounts.steps; s-- > steps; ) {
		struct exact_step *step = &run->steps[s];

		run->open[run->open_count++] = run->open[step->at];
		run->open[step->at] = step->option;
	}
	accounts_take_back(&run->accounts, steps);
	while (run->log_count > 0 && run->log[run->log_count - 1].step >= steps) {
		const struct exact_lowered *last = &run->log[--run->log_count];

		run->most[last->option] = last->most;
		run->lowered[last->option] = last->before;
	}
	for (size_t o = 0; o < run->e->option_count; o++)
		if (run->lowered[o] != NEVER && run->lowered[o] >= steps) {
			run->most[o] = run->e->options[o].votes;
			run->lowered[o] = NEVER;
		}
}

struct sum {
	int64_t cost;
	bool exhaustive, all;
};

static struct sum
sum_of(const struct exact_run *run)
{
	struct sum sum = { 0, true, run->open_count == 0 };

	for (size_t s = 0; s < run->accounts.steps; s++)
		if (__builtin_add_overflow(sum.cost, run->e->options[run->steps[s].option].cost,
		                           &sum.cost))
			sum.cost = INT64_MAX;
	for (size_t i = 0; i < run->open_count; i++)
		if (sum.cost <= run->e->budget &&
		    run->e->options[run->open[i]].cost <= run->e->budget - sum.cost)
			sum.exhaustive = false;
	return sum;
}

/* Raises the share until the completion's stop; *stands: the share whose outcome does. */
static enum status
raise_share(struct exact_run *run, struct count *count, mpq_t stands)
{
	struct outcome *outcome = count->outcome;

	for (;;) {
		struct sum sum;

		decide_progress_step(count->progress, (size_t)outcome->increments + 1, 0);
		run_steps(run);
		sum = sum_of(run);
		if (sum.cost > run->e->budget) {
			outcome->stop = OUTCOME_STOP_COST;
			outcome->next_cost = sum.cost;
			outcome->increments--;
			return OK;
		}
		mpq_set(stands, run->share);
		if (sum.all || sum.exhaustive) {
			outcome->stop = sum.all ? OUTCOME_STOP_ALL : OUTCOME_STOP_EXHAUSTIVE;
			return OK;
		}
		if (++outcome->increments > RAISES_MAX)
			return decide_fail(count->error, 0, STR("completion"),
				MSG("The shares would have to be raised too often: choose the completion add1."));
		exact_raise(run);
	}
}

enum status
count_exact_shares(struct count *count)
{
	const struct election *e = count->e;
	struct exact_run run;
	enum status st;
	mpq_t share;

	if (decide_utility_has_points(count->method->utility))
		return decide_fail(count->error, 0, STR("completion"),
			MSG("With the completion exact everybody who pays for an option pays alike, so points "
			    "can't count: choose the utility cost or cardinality."));
	if (e->voters == 0)
		return OK;
	mpq_init(share);
	mpq_set_si(share, e->budget, (unsigned long)e->voters);
	mpq_canonicalize(share);
	st = begin(&run, count);
	if (st == OK) {
		exact_set_share(&run, share);
		st = raise_share(&run, count, share);
	}
	if (st == OK) {
		exact_take_back(&run, 0);
		exact_set_share(&run, share);
		run.limit = run.share_near;
		st = exact_explain(&run, count);
	}
	finish(&run);
	mpq_clear(share);
	return st;
}
