#include "naive_inside.h"

#include <assert.h>
#include <string.h>

/* Supporters who have at least what voter v has. */
static int64_t
as_rich(const struct naive_state *s, int option, int v)
{
	int64_t count = 0;

	for (int other = 0; other < s->n->voters; other++)
		count += (s->n->ballot[other] >> option & 1) &&
		         mpq_cmp(s->money[other], s->money[v]) >= 0;
	return count;
}

/* The most supporters who could each pay the same part of the cost; 0: nobody. *most: the most that
 * some of them could pay so. Any share above the present one at which it would be another number
 * (as far as that can be seen from here) lowers *next. */
static int64_t
equal_payers(const struct naive_state *s, int option, mpq_t share, mpq_t most, mpq_t next)
{
	int64_t best = 0;
	mpq_t all, cost, at;

	mpq_inits(all, cost, at, NULL);
	mpq_set_ui(most, 0, 1);
	mpq_set_si(cost, s->n->cost[option], 1);
	for (int v = 0; v < s->n->voters; v++) {
		int64_t t;

		if (!(s->n->ballot[v] >> option & 1))
			continue;
		t = as_rich(s, option, v);
		mpq_set_si(at, t, 1);
		mpq_mul(all, s->money[v], at);
		if (mpq_cmp(all, most) > 0)
			mpq_set(most, all);
		if (mpq_cmp(all, cost) >= 0) {
			best = t > best ? t : best;
			continue;
		}
		mpq_sub(all, cost, all);
		mpq_div(all, all, at);
		mpq_add(at, share, all);
		if (mpq_sgn(next) == 0 || mpq_cmp(at, next) < 0)
			mpq_set(next, at);
	}
	mpq_clears(all, cost, at, NULL);
	return best;
}

/* t supporters of the option, all who have so much, pay cost / t. */
static void
pay_equally(struct naive_state *s, int option, int64_t t)
{
	int at = s->out->count;
	mpq_t price, rho;

	mpq_inits(price, rho, NULL);
	mpq_set_si(price, s->n->cost[option], (unsigned long)t);
	mpq_canonicalize(price);
	mpq_set_si(rho, naive_by_cost(s) ? 1 : s->n->cost[option], (unsigned long)t);
	mpq_canonicalize(rho);
	mpq_get_str(s->out->rho[at], 10, rho);
	s->out->price_milli[at] = naive_whole(price, 1000);
	s->payers[at] = 0;
	for (int v = 0; v < s->n->voters; v++) {
		if (!(s->n->ballot[v] >> option & 1) || mpq_cmp(s->money[v], price) < 0)
			continue;
		mpq_sub(s->money[v], s->money[v], price);
		s->payers[at] |= UINT64_C(1) << v;
		s->out->payers[at]++;
	}
	assert(s->out->payers[at] == t);
	naive_win(s, option);
	mpq_clears(price, rho, NULL);
}

/* One run of Exact Equal Shares. *next: no run with a share between is another. */
static void
exact_shares(struct naive_state *s, mpq_t share, mpq_t next)
{
	mpq_t most, best_most;

	mpq_inits(most, best_most, NULL);
	*s->out = (struct naive_outcome){ .count = 0 };
	for (int o = 0; o < s->n->options; o++)
		s->out->could_pay[o] = -1;
	naive_take_free(s);
	for (int v = 0; v < s->n->voters; v++)
		mpq_set(s->money[v], share);
	mpq_set_ui(next, 0, 1);
	for (;;) {
		int best = -1;
		int64_t best_payers = 0;

		for (int o = 0; o < s->n->options; o++) {
			int64_t payers, mine, theirs;

			if (!naive_is_open(s->n, o) || s->n->cost[o] == 0 || naive_has_won(s->out, o))
				continue;
			payers = equal_payers(s, o, share, most, next);
			if (payers == 0 && s->out->could_pay[o] < 0)
				s->out->could_pay[o] = naive_whole(most, 1);
			if (payers == 0)
				continue;
			mine = payers * (naive_by_cost(s) || best < 0 ? 1 : s->n->cost[best]);
			theirs = best_payers * (naive_by_cost(s) ? 1 : s->n->cost[o]);
			if (best >= 0 && (mine < theirs || (mine == theirs && !naive_before(s, o, best))))
				continue;
			best = o;
			best_payers = payers;
			mpq_set(best_most, most);
		}
		if (best < 0)
			break;
		s->out->could_pay[best] = naive_whole(best_most, 1);
		pay_equally(s, best, best_payers);
	}
	naive_note_spent(s, share);
	mpq_clears(most, best_most, NULL);
}

/* Raises the share from one at which something may change to the next; an outcome stands as it is at
 * its first share. */
void
naive_raise_exactly(struct naive_state *s, mpq_t share)
{
	struct naive_outcome stands = { .count = -1 };
	uint64_t payers[NAIVE_OPTIONS];
	int64_t increments = -1;
	mpq_t next;

	mpq_init(next);
	for (;;) {
		bool other;

		exact_shares(s, share, next);
		if (s->out->cost > s->n->budget)
			break;
		other = s->out->count != stands.count;
		for (int i = 0; !other && i < stands.count; i++)
			other = s->out->winners[i] != stands.winners[i] || s->payers[i] != payers[i];
		if (other) {
			increments++;
			stands = *s->out;
			memcpy(payers, s->payers, sizeof payers);
		}
		if (naive_all_won(s) || naive_exhaustive(s, false))
			break;
		mpq_set(share, next);
	}
	*s->out = stands;
	s->out->increments = increments;
	mpq_clear(next);
}

/* What the option's supporters come up with when each gives at most x. */
static void
gathered(const struct naive_state *s, int option, mpq_t x, mpq_t ret)
{
	mpq_set_ui(ret, 0, 1);
	for (int v = 0; v < s->n->voters; v++)
		if (s->n->ballot[v] >> option & 1)
			mpq_add(ret, ret, mpq_cmp(s->money[v], x) < 0 ? s->money[v] : x);
}

/* With x, or with what pays the whole cost when that is less (x is then set to it): the price and
 * price / part / utility. false: there is nothing. */
static bool
part_price(struct naive_state *s, int option, mpq_t x, mpq_t price, mpq_t value)
{
	mpq_t part, cost, money;
	bool good;

	mpq_inits(part, cost, money, NULL);
	mpq_set_si(cost, s->n->cost[option], 1);
	gathered(s, option, x, money);
	if (mpq_cmp(money, cost) >= 0) {
		good = naive_price_of(s, option, x);
		assert(good);
		mpq_set(money, cost);
	}
	good = mpq_sgn(money) > 0;
	if (good) {
		mpq_div(part, money, cost);
		mpq_div(price, x, part);
		mpq_div(value, price, part);
		if (naive_by_cost(s))
			mpq_div(value, value, cost);
	}
	mpq_clears(part, cost, money, NULL);
	return good;
}

/* Equal Shares with bounded overspending: every option, with what every supporter has. */
void
naive_overspending(struct naive_state *s)
{
	mpq_t x, price, value, best_x, best_price, best_value;

	mpq_inits(x, price, value, best_x, best_price, best_value, NULL);
	mpq_set_si(value, s->n->budget, (unsigned long)s->n->voters);
	mpq_canonicalize(value);
	for (int v = 0; v < s->n->voters; v++)
		mpq_set(s->money[v], value);
	for (;;) {
		int best = -1;

		for (int o = 0; o < s->n->options; o++) {
			naive_money_of(s, o, x);
			if (!naive_is_open(s->n, o) || s->n->cost[o] == 0 || naive_has_won(s->out, o) ||
			    s->out->cost + s->n->cost[o] > s->n->budget)
				continue;
			if (mpq_sgn(x) == 0)
				s->out->could_pay[o] = 0;
			for (int v = 0; v < s->n->voters; v++) {
				int order;

				mpq_set(x, s->money[v]);
				if (!(s->n->ballot[v] >> o & 1) || !part_price(s, o, x, price, value))
					continue;
				order = best < 0 ? -1 : mpq_cmp(value, best_value);
				if (order == 0)
					order = best == o ? mpq_cmp(x, best_x)
					                  : naive_before(s, o, best) ? -1 : 1;
				if (order >= 0)
					continue;
				best = o;
				mpq_set(best_x, x);
				mpq_set(best_price, price);
				mpq_set(best_value, value);
			}
		}
		if (best < 0)
			break;
		naive_money_of(s, best, x);
		s->out->could_pay[best] = naive_whole(x, 1);
		assert(mpz_sizeinbase(mpq_numref(best_value), 10) +
		       mpz_sizeinbase(mpq_denref(best_value), 10) + 3 <= NAIVE_RHO);
		mpq_get_str(s->out->rho[s->out->count], 10, best_value);
		naive_pay(s, best, best_price);
		naive_win(s, best);
	}
	mpq_set_si(value, s->n->budget, (unsigned long)s->n->voters);
	mpq_canonicalize(value);
	naive_note_spent(s, value);
	mpq_clears(x, price, value, best_x, best_price, best_value, NULL);
}
