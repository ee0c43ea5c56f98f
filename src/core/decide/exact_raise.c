/* The least share that changes the outcome: see exact_shares.h. */
#include <assert.h>
#include <math.h>

#include "core/decide/exact_shares.h"

/* Shares that differ by less may be the same or the other way round: each of two is wrong by an
 * account's error, and twice as much again is left between what is clear and what is not. */
static double
close_to(const struct exact_run *run, double share)
{
	return 4 * account_error(&run->accounts, share);
}

static int64_t
least_before(const struct exact_run *run, uint32_t option, const struct exact_step *winner)
{
	return winner->payers == 0 ? 1
	       : exact_least(run, option, winner->option, winner->payers);
}

/* The most that one of those supporters has paid who have paid at most `paid`. */
static double
last_of(const struct exact_run *run, uint32_t option, double paid)
{
	const struct election *e = run->e;
	double last = 0;

	for (size_t i = e->first[option]; i < e->first[option + 1]; i++) {
		double has = run->accounts.paid[e->supporter[i]];

		if (has <= paid && has > last)
			last = has;
	}
	return last;
}

/* The least share at which `least` or more supporters can pay the option alike, within the accounts'
 * error; there is one of at most `enough`, at which `most` may. */
static double
find_share(const struct exact_run *run, uint32_t option, int64_t least, int64_t most, double enough)
{
	enum { HALVINGS = 5 };
	double cost = (double)run->e->options[option].cost, low = run->share_near, share = enough;

	for (int i = 0; i < HALVINGS; i++) {
		double middle = low + (enough - low) / 2;
		int64_t t = exact_may_pay(run, option, middle, most, least);

		if (t >= least) {
			enough = middle;
			most = t;
		} else {
			low = middle;
		}
	}
	/* From the last of those who can pay to the last, each time a little less. */
	while (most >= least) {
		double error = account_error(&run->accounts, enough);

		share = last_of(run, option, enough + error - cost / (double)most) +
		        cost / (double)most;
		enough = (share < enough ? share : enough) - 2 * error;
		most = exact_may_pay(run, option, enough, most, least);
	}
	return share;
}

void
exact_look(struct exact_run *run, const struct exact_step *winner)
{
	struct exact_record found = { .step = run->accounts.steps, .share = INFINITY };

	for (size_t i = 0; i < run->open_count; i++) {
		uint32_t o = run->open[i];
		int64_t least = least_before(run, o, winner);
		double share, enough = run->limit;

		if (!exact_lower(run, o, least))
			continue;
		/* With as much more as a part comes to, anybody can pay it. */
		if (isinf(enough))
			enough = run->share_near + (double)run->e->options[o].cost / (double)least;
		share = find_share(run, o, least, run->most[o], enough);
		if (share > found.share + close_to(run, share))
			continue;
		if (share < found.share - close_to(run, share)) {
			found.option = o;
			found.alone = true;
		} else {
			found.alone = false;
		}
		found.share = share < found.share ? share : found.share;
		share += close_to(run, share);
		run->limit = share < run->limit ? share : run->limit;
	}
	found.limit = run->limit;
	if (!isinf(found.share))
		run->records[run->record_count++] = found;
}

/* Supporters who have paid about the same: more than low, at most high. What they have paid is put
 * into order exactly, from one to the next. */
struct cluster {
	struct exact_run *run;
	uint32_t option;
	double low, high;
};

/* The least that somebody of the cluster has paid and that is more than *above (NULL: any), and the
 * weight of those. 0: there is none. */
static int64_t
next_paid(const struct cluster *c, mpq_srcptr above, mpq_t ret)
{
	const struct election *e = c->run->e;
	const struct accounts *a = &c->run->accounts;
	int64_t weight = 0;
	uint32_t last = ACCOUNT_NOT_PAID; /* the account asked last, and what came of it */
	bool same = false;
	mpq_t paid;

	mpq_init(paid);
	for (size_t i = e->first[c->option]; i < e->first[c->option + 1]; i++) {
		uint32_t ballot = e->supporter[i];

		if (a->paid[ballot] <= c->low || a->paid[ballot] > c->high)
			continue;
		if (a->of[ballot] != last) {
			int order;

			last = a->of[ballot];
			accounts_sum(a, last, paid);
			order = weight == 0 ? -1 : mpq_cmp(paid, ret);
			same = order <= 0 && (above == NULL || mpq_cmp(paid, above) > 0);
			if (same && order < 0) {
				mpq_set(ret, paid);
				weight = 0;
			}
		}
		weight += same ? a->weight[i] : 0;
	}
	mpq_clear(paid);
	return weight;
}

/* Lowers *ret (when *found; else sets it) to the least S of those in the cluster; before: supporters
 * who have paid less. */
static void
lower_to(const struct cluster *c, int64_t before, int64_t least, mpq_t ret, bool *found)
{
	int64_t cost = c->run->e->options[c->option].cost, weight;
	mpq_t paid, last, share;

	mpq_inits(paid, last, share, NULL);
	for (mpq_ptr above = NULL; (weight = next_paid(c, above, paid)) > 0; above = last) {
		before += weight;
		mpq_set(last, paid);
		if (before < least)
			continue;
		mpq_set_si(share, cost, (unsigned long)before);
		mpq_canonicalize(share);
		mpq_add(share, share, paid);
		if (!*found || mpq_cmp(share, ret) < 0)
			mpq_set(ret, share);
		*found = true;
	}
	mpq_clears(paid, last, share, NULL);
}

/* The supporters about the last who have paid at most `paid`: downwards to where nobody has paid
 * nearly as much. */
static struct cluster
cluster_at(struct exact_run *run, uint32_t option, double paid)
{
	double high = last_of(run, option, paid), low = high;
	double gap = close_to(run, run->share_near + high);

	for (;;) {
		const struct election *e = run->e;
		double next = low;

		for (size_t i = e->first[option]; i < e->first[option + 1]; i++) {
			double has = run->accounts.paid[e->supporter[i]];

			if (has < next && has >= low - gap)
				next = has;
		}
		if (next == low)
			return (struct cluster){ run, option, low - gap, high };
		low = next;
	}
}

/* The least S of one option before the winner of the next step, exactly, as far as it is at most
 * `share`. Goes through all t that may give so little, from the largest on. */
static void
lower_share(struct exact_run *run, uint32_t option, const struct exact_step *winner, double share,
            mpq_t ret, bool *found)
{
	int64_t least = least_before(run, option, winner);
	int64_t t = exact_may_pay(run, option, share, run->most[option], least);
	double cost = (double)run->e->options[option].cost, error = account_error(&run->accounts, share);
	double below = INFINITY;

	while (t >= least && t > 0) {
		double most = share + error - cost / (double)t;
		struct cluster c = cluster_at(run, option, most < below ? most : below);
		int64_t before = exact_weight(run, option, c.low);

		lower_to(&c, before, least, ret, found);
		below = c.low;
		t = before == 0 ? 0 : exact_may_pay(run, option, share, before, least);
	}
}

/* The least S of a record's step. */
static void
lower_to_record(struct exact_run *run, const struct exact_record *record, mpq_t ret, bool *found)
{
	struct exact_step none = { .payers = 0 };
	const struct exact_step *winner = record->step < run->guesses ? &run->steps[record->step]
	                                                              : &none;
	double share = record->share + 2 * close_to(run, record->share);

	for (size_t i = 0; i < run->open_count; i++)
		if (!record->alone || run->open[i] == record->option)
			lower_share(run, run->open[i], winner, share, ret, found);
}

void
exact_raise(struct exact_run *run)
{
	double near = INFINITY;
	bool found = false;
	mpq_t share;

	mpq_init(share);
	while (run->record_count > 0) {
		const struct exact_record *last = &run->records[run->record_count - 1];

		if (last->share > near)
			break;
		near = last->share + 2 * close_to(run, last->share);
		exact_take_back(run, last->step);
		lower_to_record(run, last, share, &found);
		run->record_count--;
	}
	assert(found); /* who wants something can pay for it alone when the share is its cost */
	exact_set_share(run, share);
	run->limit = run->record_count > 0 ? run->records[run->record_count - 1].limit : INFINITY;
	mpq_clear(share);
}
