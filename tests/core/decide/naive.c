#include "naive.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct state {
	const struct naive *n;
	const struct method *method;
	const int *lot;
	struct naive_outcome *out;
	mpq_t money[NAIVE_VOTERS];
};

static int64_t
votes_of(const struct naive *n, int option)
{
	int64_t votes = 0;

	for (int v = 0; v < n->voters; v++)
		votes += n->ballot[v] >> option & 1;
	return votes;
}

static bool
is_open(const struct naive *n, int option)
{
	return !n->withdrawn[option] && votes_of(n, option) > 0;
}

static bool
has_won(const struct naive_outcome *out, int option)
{
	for (int i = 0; i < out->count; i++)
		if (out->winners[i] == option)
			return true;
	return false;
}

static void
win(struct state *s, int option)
{
	s->out->winners[s->out->count++] = option;
	s->out->cost += s->n->cost[option];
}

/* Whether a goes before b in a tie. */
static bool
before(const struct state *s, int a, int b)
{
	const struct naive *n = s->n;

	if (s->method->ties == DECIDE_TIES_ID)
		return strcmp(n->id[a], n->id[b]) < 0;
	if (n->cost[a] != n->cost[b])
		return n->cost[a] < n->cost[b];
	if (votes_of(n, a) != votes_of(n, b))
		return votes_of(n, a) > votes_of(n, b);
	return s->lot[a] < s->lot[b];
}

static void
take_free(struct state *s)
{
	for (;;) {
		int best = -1;

		for (int o = 0; o < s->n->options; o++)
			if (is_open(s->n, o) && s->n->cost[o] == 0 && !has_won(s->out, o) &&
			    (best < 0 || before(s, o, best)))
				best = o;
		if (best < 0)
			return;
		win(s, best);
	}
}

/* Takes by votes, or by votes per cost, what fits; no_skip: until something does not. */
static void
greedy(struct state *s, enum decide_utility utility, bool no_skip)
{
	bool seen[NAIVE_OPTIONS] = { false };

	for (;;) {
		int best = -1;

		for (int o = 0; o < s->n->options; o++) {
			int64_t mine, theirs;

			if (seen[o] || !is_open(s->n, o) || has_won(s->out, o))
				continue;
			if (best >= 0) {
				mine = votes_of(s->n, o);
				theirs = votes_of(s->n, best);
				if (utility == DECIDE_CARDINALITY) {
					mine *= s->n->cost[best];
					theirs *= s->n->cost[o];
				}
				if (mine < theirs || (mine == theirs && !before(s, o, best)))
					continue;
			}
			best = o;
		}
		if (best < 0)
			return;
		seen[best] = true;
		if (s->out->cost + s->n->cost[best] <= s->n->budget)
			win(s, best);
		else if (no_skip)
			return;
	}
}

static int
by_size(const void *a, const void *b)
{
	return mpq_cmp(*(const mpq_t *)a, *(const mpq_t *)b);
}

/* What the supporters have together. */
static void
money_of(struct state *s, int option, mpq_t sum)
{
	mpq_set_ui(sum, 0, 1);
	for (int v = 0; v < s->n->voters; v++)
		if (s->n->ballot[v] >> option & 1)
			mpq_add(sum, sum, s->money[v]);
}

/* The price per head at which the supporters pay the cost; false when they can't. */
static bool
price_of(struct state *s, int option, mpq_t price)
{
	mpq_t purse[NAIVE_VOTERS], left, rest;
	int supporters = 0;
	bool found = false;

	mpq_inits(left, rest, NULL);
	for (int v = 0; v < s->n->voters; v++)
		if (s->n->ballot[v] >> option & 1) {
			mpq_init(purse[supporters]);
			mpq_set(purse[supporters++], s->money[v]);
		}
	qsort(purse, (size_t)supporters, sizeof *purse, by_size);
	mpq_set_si(left, s->n->cost[option], 1);
	for (int i = 0; i < supporters && !found; i++) {
		mpq_set_si(rest, supporters - i, 1);
		mpq_div(price, left, rest);
		found = mpq_cmp(price, purse[i]) <= 0;
		mpq_sub(left, left, purse[i]);
	}
	for (int i = 0; i < supporters; i++)
		mpq_clear(purse[i]);
	mpq_clears(left, rest, NULL);
	return found;
}

/* floor(q * times) */
static int64_t
whole(mpq_t q, unsigned long times)
{
	mpz_t z;
	int64_t n;

	mpz_init(z);
	mpz_mul_ui(z, mpq_numref(q), times);
	mpz_fdiv_q(z, z, mpq_denref(q));
	n = mpz_get_si(z);
	mpz_clear(z);
	return n;
}

/* Notes what losers' supporters have when it is first too little. */
static void
note_lost(struct state *s)
{
	mpq_t sum;

	mpq_init(sum);
	for (int o = 0; o < s->n->options; o++) {
		if (!is_open(s->n, o) || s->n->cost[o] == 0 || has_won(s->out, o) ||
		    s->out->could_pay[o] >= 0)
			continue;
		money_of(s, o, sum);
		if (mpq_cmp_si(sum, s->n->cost[o], 1) < 0)
			s->out->could_pay[o] = whole(sum, 1);
	}
	mpq_clear(sum);
}

/* Takes the price from all supporters, and notes who paid; the winner is not yet counted. */
static void
pay(struct state *s, int option, mpq_t price)
{
	int at = s->out->count;

	s->out->price_milli[at] = whole(price, 1000);
	for (int v = 0; v < s->n->voters; v++) {
		if (!(s->n->ballot[v] >> option & 1) || mpq_sgn(s->money[v]) == 0)
			continue;
		s->out->payers[at]++;
		s->out->all_in[at] += mpq_cmp(s->money[v], price) < 0;
		if (mpq_cmp(s->money[v], price) <= 0)
			mpq_set_ui(s->money[v], 0, 1);
		else
			mpq_sub(s->money[v], s->money[v], price);
	}
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
note_spent(struct state *s, mpq_t share)
{
	mpq_t spent;

	mpq_init(spent);
	for (int v = 0; v < s->n->voters; v++) {
		mpq_sub(spent, share, s->money[v]);
		s->out->spent_milli[v] = whole(spent, 1000);
	}
	mpq_clear(spent);
	qsort(s->out->spent_milli, (size_t)s->n->voters, sizeof *s->out->spent_milli, by_number);
}

/* One run of the rule from equal shares. */
static void
shares(struct state *s, mpq_t share)
{
	mpq_t price, rho, best_price, best_rho, cost;

	mpq_inits(price, rho, best_price, best_rho, cost, NULL);
	*s->out = (struct naive_outcome){ .count = 0 };
	for (int o = 0; o < s->n->options; o++)
		s->out->could_pay[o] = -1;
	take_free(s);
	for (int v = 0; v < s->n->voters; v++)
		mpq_set(s->money[v], share);
	for (;;) {
		int best = -1;

		note_lost(s);
		for (int o = 0; o < s->n->options; o++) {
			if (!is_open(s->n, o) || s->n->cost[o] == 0 || has_won(s->out, o) ||
			    !price_of(s, o, price))
				continue;
			mpq_set(rho, price);
			mpq_set_si(cost, s->n->cost[o], 1);
			if (s->method->utility == DECIDE_COST)
				mpq_div(rho, rho, cost);
			if (best >= 0 && (mpq_cmp(rho, best_rho) > 0 ||
			                  (mpq_equal(rho, best_rho) && !before(s, o, best))))
				continue;
			best = o;
			mpq_set(best_rho, rho);
			mpq_set(best_price, price);
		}
		if (best < 0)
			break;
		money_of(s, best, cost);
		s->out->could_pay[best] = whole(cost, 1);
		assert(mpz_sizeinbase(mpq_numref(best_rho), 10) +
		       mpz_sizeinbase(mpq_denref(best_rho), 10) + 3 <= NAIVE_RHO);
		mpq_get_str(s->out->rho[s->out->count], 10, best_rho);
		pay(s, best, best_price);
		win(s, best);
	}
	note_spent(s, share);
	mpq_clears(price, rho, best_price, best_rho, cost, NULL);
}

/* Whether nothing that is left would fit. */
static bool
exhaustive(const struct state *s, bool unwanted_too)
{
	for (int o = 0; o < s->n->options; o++)
		if (!s->n->withdrawn[o] && !has_won(s->out, o) && s->n->cost[o] > 0 &&
		    (unwanted_too || votes_of(s->n, o) > 0) &&
		    s->out->cost + s->n->cost[o] <= s->n->budget)
			return false;
	return true;
}

static bool
all_won(const struct state *s)
{
	for (int o = 0; o < s->n->options; o++)
		if (is_open(s->n, o) && !has_won(s->out, o))
			return false;
	return true;
}

static bool
everything_fits(const struct naive *n)
{
	int64_t sum = 0;

	for (int o = 0; o < n->options; o++)
		sum += n->withdrawn[o] ? 0 : n->cost[o];
	return sum <= n->budget;
}

static void
add_increments(struct state *s, mpq_t share)
{
	enum decide_completion c = s->method->completion;
	struct naive_outcome stands = *s->out;
	int64_t increments = 0;
	mpq_t more;

	mpq_init(more);
	mpq_set_si(more, s->method->increment, 1);
	while (!all_won(s) && (c == DECIDE_ADD1_OFFICIAL || !exhaustive(s, c == DECIDE_ADD1U))) {
		mpq_add(share, share, more);
		shares(s, share);
		if (s->out->cost > s->n->budget)
			break;
		increments++;
		stands = *s->out;
	}
	*s->out = stands;
	s->out->increments = increments;
	mpq_clear(more);
}

void
naive_count(const struct naive *n, const struct method *method, const int *lot,
            struct naive_outcome *ret)
{
	struct state s = { .n = n, .method = method, .lot = lot, .out = ret };
	int64_t unit = 1;
	mpq_t share;

	mpq_init(share);
	for (int v = 0; v < n->voters; v++)
		mpq_init(s.money[v]);
	for (int i = 0; i < n->decimals; i++)
		unit *= 10;
	*ret = (struct naive_outcome){ .count = 0 };
	if (method->rule != DECIDE_EQUAL_SHARES) {
		for (int o = 0; o < n->options; o++)
			ret->could_pay[o] = -1;
		take_free(&s);
		greedy(&s, method->utility, method->rule == DECIDE_GREEDY_NO_SKIP);
		ret->by_rule = ret->count;
	} else {
		mpq_set_si(share, n->budget, (unsigned long)n->voters);
		if (method->completion == DECIDE_ADD1U)
			mpq_set_si(share, n->budget / (n->voters * unit) * unit, 1);
		mpq_canonicalize(share);
		shares(&s, share);
		if (method->completion == DECIDE_ADD1 || method->completion == DECIDE_ADD1_OFFICIAL ||
		    (method->completion == DECIDE_ADD1U && !everything_fits(n)))
			add_increments(&s, share);
		ret->by_rule = ret->count;
		if (method->completion == DECIDE_ADD1U || method->completion == DECIDE_UTILITARIAN)
			greedy(&s, DECIDE_COST, false);
	}
	for (int v = 0; v < n->voters; v++) {
		bool any = false;

		for (int i = 0; i < ret->count; i++)
			any |= n->ballot[v] >> ret->winners[i] & 1;
		ret->represented += any;
		mpq_clear(s.money[v]);
	}
	mpq_clear(share);
}
