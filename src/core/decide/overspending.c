/* Equal Shares with bounded overspending (BOS Equal Shares).
 * Source: Papasotiropoulos, Pishbin, Skibski, Skowron, Wąs, "Method of Equal Shares with Bounded
 * Overspending" (2024, revised 2025; arXiv 2409.15005), by approvals.
 *
 * Everybody has budget / voters. An option that has not won and fits in what is left of the budget
 * may be paid in part: with a price of x for each voter, its supporters come up with
 *	f(x) = the sum of min(what one of them has, x),
 * which is the part a(x) = min(1, f(x) / cost) of the cost. Had the others as much as these, all of
 * the cost would ask x / a of each: that is the price p. The option wins whose price is least for
 * its utility u (the cost, or 1) and for the part: p / (u a) is least over all options and x > 0; of
 * equal options the one that goes first in a tie, of equal x of one option the least. Its supporters
 * pay p each, or all they have; what that does not cover comes from the budget, which is the
 * overspending: no share pays for it. It ends when nothing fits that a supporter with money wants.
 * Winners never cost more than the budget.
 *
 * Only some x need be looked at. With g(x) = x cost^2 / f(x)^2 (that is u p / (u a) where a < 1): f is
 * linear from one supporter's money to the next, f(x) = A + R x with A, R >= 0, and the sign of
 * g'(x) is that of A - R x: g rises first and then falls, so on each such piece it is least at an end.
 * Hence x is what some supporter has, or the x where f(x) is the cost, above which p only rises.
 * As money is only spent, f falls from step to step and g rises: an option's last value bounds it.
 *
 * What everybody has is held in accounts; values are intervals of doubles, and rationals where two
 * of them meet and for every winner. A price may be as long as all before it together, so that
 * rationals can grow beyond all bounds; that is refused. */
#include <math.h>
#include <stdlib.h>

#include "core/decide/account.h"
#include "core/decide/count.h"
#include "core/decide/figures.h"

/* Digits of a price in binary at most. */
enum { PRICE_BITS_MAX = 1 << 18 };

/* Supporters of one option who have the same, or about the same. */
struct stake {
	double money;
	uint32_t weight, account;
};

/* A way to pay for an option: x, and g(x) within [lo, hi]. */
struct offer {
	double x, lo, hi;
	uint32_t account; /* whose money x is; ACCOUNT_NOT_PAID: the x at which f is the cost */
};

struct overspending {
	struct count *count;
	const struct election *e;
	struct accounts accounts;
	double share;         /* at most what everybody began with */
	double *least;        /* by option: g / u is not less; infinity: closed */
	struct stake *stakes; /* of the option that is looked at, by money */
	struct offer *offers;
	size_t stake_count, offer_count;
	int64_t *paid;        /* by step: scratch of poor_of */
	struct figure_portion *portions;
};

/* What wins a step: the price, g / u; both exact. */
struct win {
	uint32_t option;
	int64_t tied;
	mpq_t price, value;
};

static int
by_money(const void *a, const void *b)
{
	const struct stake *x = a, *y = b;

	return (x->money > y->money) - (x->money < y->money);
}

/* Those of the option's supporters who have something left. */
static void
find_stakes(struct overspending *o, uint32_t option)
{
	const struct accounts *a = &o->accounts;

	o->stake_count = 0;
	for (size_t i = o->e->first[option]; i < o->e->first[option + 1]; i++) {
		uint32_t ballot = o->e->supporter[i], account = a->of[ballot];
		double money = o->share - a->paid[ballot];

		if (!a->accounts[account].all_in)
			o->stakes[o->stake_count++] = (struct stake){ money > 0 ? money : 0,
			                                              a->weight[i], account };
	}
	qsort(o->stakes, o->stake_count, sizeof *o->stakes, by_money);
}

/* The x at which f comes to so much; infinity when it never does. */
static double
reach(const struct overspending *o, double target, double weight)
{
	double poor = 0;

	for (size_t i = 0; i < o->stake_count; i++) {
		const struct stake *s = &o->stakes[i];

		if (poor + s->money * weight >= target)
			return (target - poor) / weight;
		poor += s->money * (double)s->weight;
		weight -= (double)s->weight;
	}
	return INFINITY;
}

/* All offers for an option whose stakes have been found. Returns a bound from below of the least g. */
static double
find_offers(struct overspending *o, uint32_t option)
{
	double cost = (double)o->e->options[option].cost, each, error, least = INFINITY;
	double weight = 0, total = 0, poor = 0, rest;

	for (size_t i = 0; i < o->stake_count; i++) {
		weight += (double)o->stakes[i].weight;
		total += o->stakes[i].money * (double)o->stakes[i].weight;
	}
	/* of what one has, and of f: everybody's money, and as many sums and products */
	each = account_error(&o->accounts, o->share);
	error = weight * each + (double)(o->stake_count + 8) * 0x1p-50 * total;
	rest = weight;
	o->offer_count = 0;
	for (size_t i = 0; i < o->stake_count; i++) {
		const struct stake *s = &o->stakes[i];
		double f = poor + s->money * rest;
		double over = cost / (f + error), under = f > error ? cost / (f - error) : INFINITY;

		poor += s->money * (double)s->weight;
		rest -= (double)s->weight;
		if (i > 0 && s->account == o->stakes[i - 1].account)
			continue;
		if (f - error > cost)
			break;
		o->offers[o->offer_count++] = (struct offer){
			s->money, s->money > each ? (s->money - each) * over * over * (1 - 0x1p-50) : 0,
			(s->money + each) * under * under * (1 + 0x1p-50), s->account };
	}
	if (o->stake_count > 0 && total + error >= cost)
		o->offers[o->offer_count++] = (struct offer){
			reach(o, cost, weight),
			fmin(reach(o, cost - error, weight), o->stakes[o->stake_count - 1].money) - each,
			reach(o, cost + error, weight) + each, ACCOUNT_NOT_PAID };
	for (size_t i = 0; i < o->offer_count; i++)
		least = o->offers[i].lo < least ? o->offers[i].lo : least;
	return least;
}

static void
money_of(const struct overspending *o, uint32_t account, mpq_t ret)
{
	accounts_sum(&o->accounts, account, ret);
	mpq_sub(ret, o->accounts.share, ret);
}

/* Supporters who have less than x (near: about x; NULL: any) together have *ret_money; the others are
 * so many. By steps: the share of each of them, less what they paid. */
static int64_t
poor_of(struct overspending *o, mpq_srcptr x, double near, mpq_t ret_money)
{
	const struct accounts *a = &o->accounts;
	double error = 2 * account_error(a, o->share);
	int64_t poor = 0, rest = 0;
	mpq_t q;

	mpq_init(q);
	for (size_t s = 0; s < a->steps; s++)
		o->paid[s] = 0;
	for (size_t i = 0; i < o->stake_count; i++) {
		const struct stake *s = &o->stakes[i];
		bool less = x == NULL || s->money < near - error;

		if (!less && s->money <= near + error) {
			money_of(o, s->account, q);
			less = mpq_cmp(q, x) < 0;
		}
		if (!less) {
			rest += s->weight;
			continue;
		}
		poor += s->weight;
		for (uint32_t from = s->account; from != 0; from = a->accounts[from].parent)
			o->paid[a->accounts[from].step] += s->weight;
	}
	mpq_set_si(q, poor, 1);
	mpq_mul(ret_money, a->share, q);
	for (size_t s = 0; s < a->steps; s++) {
		if (o->paid[s] == 0)
			continue;
		mpq_set_si(q, o->paid[s], 1);
		mpq_mul(q, q, a->price[s]);
		mpq_sub(ret_money, ret_money, q);
	}
	mpq_clear(q);
	return rest;
}

/* The x at which f is the cost: from one piece of f to the one where its line reaches the cost, which
 * never goes beyond as f is concave. false: f never is so much. */
static bool
full_price(struct overspending *o, mpq_srcptr cost, double near, mpq_t ret)
{
	mpq_t x, money, rest;
	bool enough;

	mpq_inits(x, money, rest, NULL);
	(void)poor_of(o, NULL, 0, money);
	enough = mpq_cmp(money, cost) >= 0;
	if (isinf(near))
		near = o->stakes[o->stake_count - 1].money;
	mpq_set_d(ret, near);
	while (enough) {
		mpq_set(x, ret);
		mpq_set_si(rest, poor_of(o, x, mpq_get_d(x), money), 1);
		if (mpq_sgn(rest) == 0) { /* the double was above what anybody has */
			money_of(o, o->stakes[o->stake_count - 1].account, ret);
			continue;
		}
		mpq_sub(ret, cost, money);
		mpq_div(ret, ret, rest);
		if (mpq_equal(x, ret))
			break;
	}
	mpq_clears(x, money, rest, NULL);
	return enough;
}

/* The exact price of an offer and g; false when it is none. */
static bool
price_offer(struct overspending *o, uint32_t option, const struct offer *offer, mpq_t price,
            mpq_t value)
{
	mpq_t cost, f, rest;
	bool good = true;

	mpq_inits(cost, f, rest, NULL);
	mpq_set_si(cost, o->e->options[option].cost, 1);
	if (offer->account == ACCOUNT_NOT_PAID) {
		good = full_price(o, cost, offer->x, price);
		mpq_set(value, price);
	} else {
		money_of(o, offer->account, price);
		mpq_set(value, price);
		mpq_set_si(rest, poor_of(o, price, offer->x, f), 1);
		mpq_mul(rest, rest, price);
		mpq_add(f, f, rest);
		if (mpq_cmp(f, cost) < 0) {
			mpq_div(rest, cost, f);
			mpq_mul(price, price, rest);
			mpq_mul(value, price, rest);
		}
	}
	mpq_clears(cost, f, rest, NULL);
	return good;
}

/* g / u from g. */
static double
per_utility(const struct overspending *o, uint32_t option, double g)
{
	return o->count->method->utility == DECIDE_COST
		? g / (double)o->e->options[option].cost : g;
}

/* Whether one of an option's offers is better than the win so far; those above `most` are not. */
static void
try_option(struct overspending *o, uint32_t option, double most, struct win *win)
{
	bool first = win->option == ACCOUNT_NOT_PAID, better = false, equal = false;
	mpq_t price, value, cost;

	mpq_inits(price, value, cost, NULL);
	mpq_set_si(cost, o->e->options[option].cost, 1);
	for (size_t i = 0; i < o->offer_count; i++) {
		int order;

		if (per_utility(o, option, o->offers[i].lo) * (1 - 0x1p-50) > most ||
		    !price_offer(o, option, &o->offers[i], price, value))
			continue;
		if (o->count->method->utility == DECIDE_COST)
			mpq_div(value, value, cost);
		order = first && !better ? -1 : mpq_cmp(value, win->value);
		if (order == 0 && !better) {
			if (!equal)
				win->tied++;
			equal = true;
			better = o->count->rank[option] < o->count->rank[win->option];
			if (better)
				mpq_set(win->price, price);
		} else if (order < 0) {
			mpq_set(win->price, price);
			mpq_set(win->value, value);
			win->tied = 0;
			equal = better = true;
		}
	}
	if (better)
		win->option = option;
	mpq_clears(price, value, cost, NULL);
}

/* The next winner; false when there is none. */
static bool
choose(struct overspending *o, struct win *win)
{
	double most = INFINITY;

	win->option = ACCOUNT_NOT_PAID;
	for (uint32_t p = 0; p < o->e->option_count; p++) {
		if (o->least[p] > most || isinf(o->least[p]))
			continue;
		find_stakes(o, p);
		o->least[p] = per_utility(o, p, find_offers(o, p)) * (1 - 0x1p-50);
		for (size_t i = 0; i < o->offer_count; i++) {
			double hi = per_utility(o, p, o->offers[i].hi) * (1 + 0x1p-50);

			most = hi < most ? hi : most;
		}
	}
	for (uint32_t p = 0; p < o->e->option_count; p++) {
		if (o->least[p] > most || isinf(o->least[p]))
			continue;
		find_stakes(o, p);
		(void)find_offers(o, p);
		try_option(o, p, most, win);
	}
	return win->option != ACCOUNT_NOT_PAID;
}

/* floor of 1000 times what an account has. */
static int64_t
money_milli(const struct overspending *o, double money, uint32_t account)
{
	double error = account_error(&o->accounts, o->share);
	double lo = floor((money - error) * 1000), hi = floor((money + error) * 1000);
	int64_t milli = (int64_t)hi;
	mpq_t q;

	if (lo == hi && hi < 0x1p53)
		return milli;
	mpq_init(q);
	money_of(o, account, q);
	milli = figure_floor(q, 1000);
	mpq_clear(q);
	return milli;
}

/* The supporters pay; its figures go into the step. */
static void
pay(struct overspending *o, struct win *win, struct outcome_step *out)
{
	struct accounts *a = &o->accounts;
	double price = mpq_get_d(win->price), error = 2 * account_error(a, o->share);
	size_t n = 0;
	mpq_t money;

	mpq_init(money);
	accounts_step(a, win->option);
	mpq_set(a->price[a->steps - 1], win->price);
	for (size_t i = o->e->first[win->option]; i < o->e->first[win->option + 1]; i++) {
		uint32_t ballot = o->e->supporter[i], account = a->of[ballot];
		double has = o->share - a->paid[ballot];
		int order = has < price - error ? -1 : 1;

		if (a->accounts[account].all_in)
			continue;
		if (fabs(has - price) <= error) {
			money_of(o, account, money);
			order = mpq_cmp(money, win->price);
		}
		out->payers += a->weight[i];
		out->all_in += order < 0 ? a->weight[i] : 0;
		o->portions[n++] = (struct figure_portion){
			order < 0 ? money_milli(o, has, account) : out->price_milli, a->weight[i] };
		if (order > 0)
			accounts_pay(a, i, price);
		else
			accounts_pay_all(a, i, o->share);
	}
	figure_deciles(o->portions, n, out->paid_milli);
	mpq_clear(money);
}

static enum status
take(struct overspending *o, struct win *win)
{
	struct outcome_step *out = count_take(o->count, win->option, OUTCOME_BY_SHARES, OUTCOME_WON);
	mpq_t q, cost;
	enum status st;

	if (mpz_sizeinbase(mpq_numref(win->price), 2) > PRICE_BITS_MAX ||
	    mpz_sizeinbase(mpq_denref(win->price), 2) > PRICE_BITS_MAX)
		return decide_fail(o->count->error, 0, STR("rule"),
			MSG("The fractions that this rule needs become too long here: choose the rule equal-shares."));
	mpq_inits(q, cost, NULL);
	out->tied = win->tied;
	st = figure_text(o->count->arena, win->value, &out->rho);
	find_stakes(o, win->option);
	(void)poor_of(o, NULL, 0, q);
	o->count->outcome->options[win->option].could_pay = figure_floor(q, 1);
	mpq_set_si(cost, o->e->options[win->option].cost, 1);
	mpq_div(q, cost, win->price);
	out->effective_votes_milli = figure_floor(q, 1000);
	mpq_set(q, win->price);
	out->price_milli = figure_floor(q, 1000);
	pay(o, win, out);
	o->least[win->option] = INFINITY;
	mpq_clears(q, cost, NULL);
	return st;
}

/* Closes what fits no more, and what nobody with money wants. */
static void
close_options(struct overspending *o)
{
	for (uint32_t p = 0; p < o->e->option_count; p++) {
		struct outcome_option *out = &o->count->outcome->options[p];

		if (isinf(o->least[p]))
			continue;
		if (o->e->options[p].cost > o->count->left) {
			out->why = OUTCOME_NO_ROOM;
			out->left = o->count->left;
			o->least[p] = INFINITY;
			continue;
		}
		find_stakes(o, p);
		if (o->stake_count == 0) {
			out->why = OUTCOME_NOT_PAYABLE;
			out->could_pay = 0;
			o->least[p] = INFINITY;
		}
	}
}

static enum status
run(struct overspending *o)
{
	struct outcome *outcome = o->count->outcome;
	struct win win;
	enum status st;
	mpq_t q;

	mpq_inits(win.price, win.value, q, NULL);
	mpq_set_si(o->accounts.share, o->e->budget, (unsigned long)o->e->voters);
	mpq_canonicalize(o->accounts.share);
	o->share = mpq_get_d(o->accounts.share);
	st = figure_text(o->count->arena, o->accounts.share, &outcome->share);
	mpq_set(q, o->accounts.share);
	outcome->share_milli = figure_floor(q, 1000);
	close_options(o);
	while (st == OK && choose(o, &win)) {
		st = take(o, &win);
		if (st == OK)
			close_options(o);
	}
	for (size_t b = 0; st == OK && b < o->e->ballot_count; b++) {
		uint32_t account = o->accounts.of[b];
		double paid = o->accounts.paid[b], error = account_error(&o->accounts, o->share);
		double lo = floor((paid - error) * 1000), hi = floor((paid + error) * 1000);
		int64_t milli = (int64_t)hi;

		if (account == 0) {
			milli = 0;
		} else if (lo != hi || hi >= 0x1p53) {
			accounts_sum(&o->accounts, account, q);
			milli = figure_floor(q, 1000);
		}
		o->portions[b] = (struct figure_portion){ milli, o->e->weight[b] };
		if (o->count->spent_milli != NULL)
			o->count->spent_milli[b] = milli;
	}
	if (st == OK)
		figure_deciles(o->portions, o->e->ballot_count, outcome->spent_milli);
	mpq_clears(win.price, win.value, q, NULL);
	return st;
}

enum status
count_overspending(struct count *count)
{
	const struct election *e = count->e;
	struct overspending o = { .count = count, .e = e };
	enum status st;

	if (decide_utility_has_points(count->method->utility))
		return decide_fail(count->error, 0, STR("utility"),
			MSG("This rule counts choices, not points: choose the utility cost or cardinality."));
	if (e->voters == 0)
		return OK;
	st = accounts_begin(&o.accounts, e, count->arena);
	o.least = ARENA_ARRAY(count->arena, e->option_count, double);
	o.stakes = ARENA_ARRAY(count->arena, e->ballot_count, struct stake);
	o.offers = ARENA_ARRAY(count->arena, e->ballot_count + 1, struct offer);
	o.paid = ARENA_ARRAY(count->arena, e->option_count, int64_t);
	o.portions = ARENA_ARRAY(count->arena, e->ballot_count, struct figure_portion);
	if (o.least == NULL || o.stakes == NULL || o.offers == NULL || o.paid == NULL ||
	    o.portions == NULL)
		st = NO_MEMORY;
	for (size_t p = 0; st == OK && p < e->option_count; p++)
		o.least[p] = count_is_open(e, p) && e->options[p].cost > 0 ? 0 : INFINITY;
	if (st == OK)
		st = run(&o);
	accounts_end(&o.accounts);
	return st;
}
