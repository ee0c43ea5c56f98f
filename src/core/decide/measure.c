#include "core/decide/measure.h"

#include <gmp.h>
#include <stdlib.h>

/* Binary digits behind the point of an approximate influence. */
enum { FINE = 40 };

struct measuring {
	const struct election *e;
	const struct outcome *outcome;
};

/* A distinct ballot, to be sorted. */
struct entry {
	const struct measuring *m;
	size_t ballot;
	int64_t cost;       /* of its winners */
	__int128 influence; /* in 2^-FINE minor units, each winner's rounded down */
	int64_t won;
};

static bool
has_won(const struct measuring *m, size_t option)
{
	return m->outcome->options[option].place > 0;
}

static uint32_t
points_at(const struct election *e, size_t i)
{
	return e->points == NULL ? 1 : e->points[i];
}

static struct entry
entry_of(const struct measuring *m, size_t ballot)
{
	const struct election *e = m->e;
	struct entry entry = { .m = m, .ballot = ballot };

	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++) {
		const struct election_option *o = &e->options[e->choice[i]];

		if (!has_won(m, e->choice[i]))
			continue;
		entry.won++;
		entry.cost += o->cost;
		/* below 10^15 * 10^6 * 2^40 < 2^111 */
		entry.influence += ((__int128)o->cost * points_at(e, i) << FINE) / o->points;
	}
	return entry;
}

/* Adds sign * cost * points / all points of the winner that choice i names. */
static void
add_part(mpq_t sum, const struct election *e, size_t i, int sign)
{
	const struct election_option *o = &e->options[e->choice[i]];
	mpq_t part;

	mpq_init(part);
	mpz_set_si(mpq_numref(part), o->cost);
	mpz_mul_si(mpq_numref(part), mpq_numref(part), sign * (long)points_at(e, i));
	mpz_set_si(mpq_denref(part), o->points);
	mpq_canonicalize(part);
	mpq_add(sum, sum, part);
	mpq_clear(part);
}

/* The next choice from i on that is a winner. */
static size_t
next_won(const struct measuring *m, size_t i, size_t end)
{
	while (i < end && !has_won(m, m->e->choice[i]))
		i++;
	return i;
}

/* Exactly; what both ballots got alike is left out, which is nearly always all of it. */
static int
compare_exactly(const struct measuring *m, size_t x, size_t y)
{
	const struct election *e = m->e;
	size_t x_end = e->start[x + 1], y_end = e->start[y + 1];
	size_t i = next_won(m, e->start[x], x_end), j = next_won(m, e->start[y], y_end);
	mpq_t sum;
	int sign;

	mpq_init(sum);
	while (i < x_end || j < y_end) {
		bool both = i < x_end && j < y_end && e->choice[i] == e->choice[j];
		bool first = i < x_end && (j == y_end || e->choice[i] <= e->choice[j]);
		bool second = both || !first;

		if (!both || points_at(e, i) != points_at(e, j)) {
			if (first)
				add_part(sum, e, i, 1);
			if (second)
				add_part(sum, e, j, -1);
		}
		i = first ? next_won(m, i + 1, x_end) : i;
		j = second ? next_won(m, j + 1, y_end) : j;
	}
	sign = mpq_sgn(sum);
	mpq_clear(sum);
	return sign;
}

static int
by_influence(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	__int128 difference = x->influence - y->influence;

	/* each winner was rounded down by less than 1 */
	if (difference >= x->won + y->won + 1 || -difference >= x->won + y->won + 1)
		return difference > 0 ? 1 : -1;
	return compare_exactly(x->m, x->ballot, y->ballot);
}

static int
by_cost(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->cost > y->cost) - (x->cost < y->cost);
}

static void
set_wide(mpz_t z, __int128 value)
{
	unsigned __int128 size = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;

	mpz_set_ui(z, (unsigned long)(size >> 64));
	mpz_mul_2exp(z, z, 64);
	mpz_add_ui(z, z, (unsigned long)size);
	if (value < 0)
		mpz_neg(z, z);
}

/* sum over winners of cost / points * factor, of all that is spent, in millionths. */
static int64_t
gini_from(const struct measuring *m, const __int128 *factor)
{
	const struct election *e = m->e;
	int64_t gini = 0, cost = 0;
	mpq_t sum, part;

	mpq_inits(sum, part, NULL);
	for (size_t o = 0; o < e->option_count; o++) {
		if (!has_won(m, o) || e->options[o].cost == 0)
			continue;
		cost += e->options[o].cost;
		set_wide(mpq_numref(part), factor[o]);
		mpz_mul_si(mpq_numref(part), mpq_numref(part), e->options[o].cost);
		mpz_set_si(mpq_denref(part), e->options[o].points);
		mpq_canonicalize(part);
		mpq_add(sum, sum, part);
	}
	if (cost > 0) {
		mpz_mul_ui(mpq_numref(sum), mpq_numref(sum), 1000000);
		mpz_mul_si(mpq_denref(sum), mpq_denref(sum), cost);
		mpz_mul_si(mpq_denref(sum), mpq_denref(sum), e->voters);
		mpz_fdiv_q(mpq_numref(sum), mpq_numref(sum), mpq_denref(sum));
		gini = mpz_get_si(mpq_numref(sum));
	}
	mpq_clears(sum, part, NULL);
	return gini;
}

/* The order alone needs each voter's influence; the sum itself goes winner by winner. */
static enum status
measure_gini(const struct measuring *m, struct entry *entries, struct arena *arena,
             struct measure *ret)
{
	const struct election *e = m->e;
	__int128 *factor = ARENA_ARRAY(arena, e->option_count, __int128);
	int64_t before = 0;

	if (factor == NULL)
		return NO_MEMORY;
	qsort(entries, e->ballot_count, sizeof *entries, by_influence);
	for (size_t k = 0; k < e->ballot_count; k++) {
		size_t b = entries[k].ballot;
		int64_t weight = e->weight[b];
		/* sum of 2 i - n - 1 over its voters: i = before + 1 … before + weight */
		__int128 places = (__int128)weight * (2 * before + weight - e->voters);

		for (size_t i = e->start[b]; i < e->start[b + 1]; i++)
			if (has_won(m, e->choice[i]))
				factor[e->choice[i]] += places * points_at(e, i);
		before += weight;
	}
	ret->gini_millionths = gini_from(m, factor);
	return OK;
}

/* One group: the first `size` supporters of option by what they have, the last of them `has`. */
static void
look_at_group(const struct measuring *m, uint32_t option, int64_t size, int64_t has,
              __int128 *most, struct measure_ejr *ret)
{
	const struct election *e = m->e;
	/* each below 10^7 * 2 * 10^15 */
	__int128 gap = (__int128)size * e->budget -
	               (__int128)e->voters * ((__int128)has + e->options[option].cost);

	if (gap < 0 || (!ret->holds && (gap < *most || (gap == *most && option >= ret->option))))
		return;
	*most = gap;
	*ret = (struct measure_ejr){
		.failing = ret->failing, .option = option, .group = size, .has = has,
		.deserves = (int64_t)((__int128)size * e->budget / e->voters) };
}

/* Whether a limit stands against it: then nobody was passed over. */
static bool
is_kept_out(const struct measuring *m, size_t option)
{
	enum outcome_why why = m->outcome->options[option].why;

	return why == OUTCOME_EXCLUDED || why == OUTCOME_GROUP_FULL || why == OUTCOME_NEEDS_OTHER;
}

static enum status
measure_ejr(const struct measuring *m, struct entry *entries, struct arena *arena,
            struct measure_ejr *ret)
{
	const struct election *e = m->e;
	int64_t *group = ARENA_ARRAY(arena, e->option_count, int64_t);
	bool *failed = ARENA_ARRAY(arena, e->option_count, bool);
	__int128 most = -1;

	if (group == NULL || failed == NULL)
		return NO_MEMORY;
	*ret = (struct measure_ejr){ .holds = true };
	qsort(entries, e->ballot_count, sizeof *entries, by_cost);
	for (size_t k = 0; k < e->ballot_count; k++) {
		size_t b = entries[k].ballot;

		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			uint32_t c = e->choice[i];
			const struct election_option *o = &e->options[c];

			if (has_won(m, c) || o->withdrawn || o->cost == 0 || is_kept_out(m, c))
				continue;
			group[c] += e->weight[b];
			if ((__int128)group[c] * e->budget <
			    (__int128)e->voters * ((__int128)entries[k].cost + o->cost))
				continue;
			ret->failing += !failed[c];
			failed[c] = true;
			look_at_group(m, c, group[c], entries[k].cost, &most, ret);
		}
	}
	return OK;
}

enum status
measure_of(const struct election *e, const struct outcome *outcome, struct arena *arena,
           struct measure *ret)
{
	struct measuring m = { e, outcome };
	struct entry *entries = ARENA_ARRAY(arena, e->ballot_count, struct entry);
	enum status st;

	if (entries == NULL)
		return NO_MEMORY;
	*ret = (struct measure){ .voters = e->voters, .represented = outcome->represented,
	                         .winners_held = outcome->winners_held,
	                         .winners_held_count = outcome->winners_held_count };
	for (size_t b = 0; b < e->ballot_count; b++)
		entries[b] = entry_of(&m, b);
	st = measure_gini(&m, entries, arena, ret);
	if (st == OK)
		st = measure_ejr(&m, entries, arena, &ret->ejr);
	return st;
}

struct measure_ballot *
measure_ballots(const struct election *e, const struct outcome *outcome,
                const int64_t *spent_milli, struct arena *arena)
{
	struct measuring m = { e, outcome };
	struct measure_ballot *ballots = ARENA_ARRAY(arena, e->ballot_count,
	                                             struct measure_ballot);
	/* the comparison step may have gone to greedy */
	bool shares = spent_milli != NULL &&
	              (outcome->method.rule == DECIDE_EQUAL_SHARES ||
	               outcome->method.rule == DECIDE_OVERSPENDING) &&
	              (outcome->method.completion != DECIDE_COMPARISON ||
	               outcome->prefer_greedy <= outcome->prefer_shares);

	for (size_t b = 0; ballots != NULL && b < e->ballot_count; b++) {
		struct entry entry = entry_of(&m, b);

		ballots[b] = (struct measure_ballot){
			.voters = e->weight[b], .named = e->start[b + 1] - e->start[b],
			.won = entry.won, .cost = entry.cost,
			.spent_milli = shares ? spent_milli[b] : -1 };
	}
	return ballots;
}
