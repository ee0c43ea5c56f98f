#include "naive_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int64_t
votes_of(const struct naive *n, int option)
{
	int64_t votes = 0;

	for (int v = 0; v < n->voters; v++)
		votes += n->ballot[v] >> option & 1;
	return votes;
}

/* What a voter gives an option, as the utility sees it. */
static int64_t
given(const struct naive_state *s, int voter, int option)
{
	if (!(s->n->ballot[voter] >> option & 1))
		return 0;
	return decide_utility_has_points(s->method->utility) ? s->n->points[voter][option] : 1;
}

bool
naive_by_cost(const struct naive_state *s)
{
	return s->method->utility == DECIDE_COST || s->method->utility == DECIDE_COST_POINTS;
}

bool
naive_is_open(const struct naive *n, int option)
{
	return !n->withdrawn[option] && votes_of(n, option) > 0;
}

bool
naive_has_won(const struct naive_outcome *out, int option)
{
	for (int i = 0; i < out->count; i++)
		if (out->winners[i] == option)
			return true;
	return false;
}

void
naive_win(struct naive_state *s, int option)
{
	s->out->winners[s->out->count++] = option;
	s->out->cost += s->n->cost[option];
}

/* Whether a goes before b in a tie. */
bool
naive_before(const struct naive_state *s, int a, int b)
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

/* Satisfaction of all, but for the cost where that is its unit. */
static int64_t
worth(const struct naive_state *s, enum decide_utility utility, int option)
{
	int64_t sum = 0;

	for (int v = 0; v < s->n->voters; v++)
		sum += decide_utility_has_points(utility) ? given(s, v, option)
		                                          : s->n->ballot[v] >> option & 1;
	return sum;
}

static bool
below_threshold(const struct naive_state *s, int option)
{
	return s->method->rule == DECIDE_GREEDY_THRESHOLD &&
	       worth(s, s->method->utility, option) < s->n->threshold;
}

static uint32_t
winners_of(const struct naive_outcome *out)
{
	uint32_t winners = 0;

	for (int i = 0; i < out->count; i++)
		winners |= UINT32_C(1) << out->winners[i];
	return winners;
}

static int64_t
cost_of(const struct naive *n, uint32_t options)
{
	int64_t cost = 0;

	for (int o = 0; o < n->options; o++)
		cost += options >> o & 1 ? n->cost[o] : 0;
	return cost;
}

bool
naive_is_kept_out(const struct naive *n, uint32_t winners, int option)
{
	uint32_t with = winners | UINT32_C(1) << option;

	for (int g = 0; g < n->groups; g++) {
		uint32_t in = with & n->group[g].options;

		if (!(n->group[g].options >> option & 1))
			continue;
		if (n->group[g].max_winners >= 0 && __builtin_popcount(in) > n->group[g].max_winners)
			return true;
		if (n->group[g].max_cost >= 0 && cost_of(n, in) > n->group[g].max_cost)
			return true;
	}
	return (n->needs[option] & ~winners) != 0;
}

/* Money held back for a group: the cheapest sets of its options that could come next. */
static int64_t
held(const struct naive_state *s, int group)
{
	const struct naive_group *g = &s->n->group[group];
	uint32_t winners = winners_of(s->out), could = 0, taken = 0;
	int64_t winners_missing = g->min_winners - __builtin_popcount(winners & g->options);
	int64_t money_missing = g->min_cost - cost_of(s->n, winners & g->options);
	int64_t by_number = 0, by_money, cheapest = 0;

	for (int o = 0; o < s->n->options; o++)
		if ((g->options & ~winners) >> o & 1 && naive_is_open(s->n, o) && !below_threshold(s, o) &&
		    !naive_is_kept_out(s->n, winners, o) &&
		    s->out->cost + s->n->cost[o] <= s->n->budget)
			could |= UINT32_C(1) << o;
	for (int64_t i = 0; i < __builtin_popcount(could); i++) {
		int next = -1;

		for (int o = 0; o < s->n->options; o++)
			if ((could & ~taken) >> o & 1 && (next < 0 || s->n->cost[o] < s->n->cost[next]))
				next = o;
		taken |= UINT32_C(1) << next;
		if (i == 0)
			cheapest = s->n->cost[next];
		if (i < winners_missing)
			by_number = cost_of(s->n, taken);
	}
	by_money = money_missing < cost_of(s->n, could) ? money_missing : cost_of(s->n, could);
	if (money_missing > 0 && by_money < cheapest)
		by_money = cheapest;
	return money_missing > 0 && by_money > by_number ? by_money : by_number;
}

/* Whether an option's money is held back for groups that it is not in. */
static bool
is_held(const struct naive_state *s, int option)
{
	int64_t left = s->n->budget - s->out->cost, all = 0, others = 0;

	for (int g = 0; g < s->n->groups; g++) {
		all += held(s, g);
		if (!(s->n->group[g].options >> option & 1))
			others += held(s, g);
	}
	if (s->n->cost[option] == 0 || others == 0)
		return false;
	if (others < all && all > left)
		return false;
	return s->n->cost[option] + others > left;
}

static bool
may(const struct naive_state *s, int option)
{
	return !naive_is_kept_out(s->n, winners_of(s->out), option) && !is_held(s, option);
}

static bool
fits(const struct naive_state *s, int option)
{
	return s->out->cost + s->n->cost[option] <= s->n->budget;
}

/* It may, or only lacks room. */
static bool
may_or_lacks_room(const struct naive_state *s, int option)
{
	return !naive_is_kept_out(s->n, winners_of(s->out), option) &&
	       (!fits(s, option) || !is_held(s, option));
}

void
naive_take_free(struct naive_state *s)
{
	for (;;) {
		int best = -1;

		for (int o = 0; o < s->n->options; o++)
			if (naive_is_open(s->n, o) && s->n->cost[o] == 0 && !naive_has_won(s->out, o) &&
			    !below_threshold(s, o) && may(s, o) &&
			    (best < 0 || naive_before(s, o, best)))
				best = o;
		if (best < 0)
			return;
		naive_win(s, best);
	}
}

/* Takes by satisfaction per cost what fits; no_skip: until something does not. */
static void
greedy(struct naive_state *s, enum decide_utility utility, bool no_skip)
{
	for (;;) {
		int best = -1;

		for (int o = 0; o < s->n->options; o++) {
			int64_t mine, theirs;

			if (!naive_is_open(s->n, o) || naive_has_won(s->out, o) || below_threshold(s, o) ||
			    !may_or_lacks_room(s, o) || (!no_skip && !fits(s, o)))
				continue;
			if (best >= 0) {
				mine = worth(s, utility, o);
				theirs = worth(s, utility, best);
				if (utility != DECIDE_COST && utility != DECIDE_COST_POINTS) {
					mine *= s->n->cost[best];
					theirs *= s->n->cost[o];
				}
				if (mine < theirs || (mine == theirs && !naive_before(s, o, best)))
					continue;
			}
			best = o;
		}
		if (best < 0 || !fits(s, best))
			return;
		naive_win(s, best);
		naive_take_free(s);
	}
}

/* What the supporters have together. */
void
naive_money_of(struct naive_state *s, int option, mpq_t sum)
{
	mpq_set_ui(sum, 0, 1);
	for (int v = 0; v < s->n->voters; v++)
		if (s->n->ballot[v] >> option & 1)
			mpq_add(sum, sum, s->money[v]);
}

/* The price per point at which the supporters pay the cost; false when they can't. Each of them
 * in turn is taken to be the poorest of those who pay in full. */
bool
naive_price_of(struct naive_state *s, int option, mpq_t price)
{
	mpq_t each[NAIVE_VOTERS], left, term;
	bool found = false;

	mpq_inits(left, term, NULL);
	for (int v = 0; v < s->n->voters; v++) {
		mpq_init(each[v]);
		if (given(s, v, option) == 0)
			continue;
		mpq_set_si(term, given(s, v, option), 1);
		mpq_div(each[v], s->money[v], term);
	}
	for (int p = 0; p < s->n->voters && !found; p++) {
		int64_t rest = 0;

		if (given(s, p, option) == 0)
			continue;
		mpq_set_si(left, s->n->cost[option], 1);
		for (int v = 0; v < s->n->voters; v++) {
			if (given(s, v, option) > 0 && mpq_cmp(each[v], each[p]) < 0)
				mpq_sub(left, left, s->money[v]);
			else
				rest += given(s, v, option);
		}
		mpq_set_si(term, rest, 1);
		mpq_div(price, left, term);
		found = mpq_cmp(price, each[p]) <= 0;
		/* The poorer ones pay all they have: the price is more than that. */
		for (int v = 0; v < s->n->voters && found; v++)
			found = given(s, v, option) == 0 || mpq_cmp(each[v], each[p]) >= 0 ||
			        mpq_cmp(each[v], price) < 0;
	}
	for (int v = 0; v < s->n->voters; v++)
		mpq_clear(each[v]);
	mpq_clears(left, term, NULL);
	return found;
}

/* floor(q * times) */
int64_t
naive_whole(mpq_t q, unsigned long times)
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
note_lost(struct naive_state *s)
{
	mpq_t sum;

	mpq_init(sum);
	for (int o = 0; o < s->n->options; o++) {
		if (!naive_is_open(s->n, o) || s->n->cost[o] == 0 || naive_has_won(s->out, o) ||
		    s->out->could_pay[o] >= 0)
			continue;
		naive_money_of(s, o, sum);
		if (mpq_cmp_si(sum, s->n->cost[o], 1) < 0)
			s->out->could_pay[o] = naive_whole(sum, 1);
	}
	mpq_clear(sum);
}

/* Takes the price from all supporters, and notes who paid; the winner is not yet counted. */
void
naive_pay(struct naive_state *s, int option, mpq_t price)
{
	int at = s->out->count;
	mpq_t due;

	mpq_init(due);
	s->out->price_milli[at] = naive_whole(price, 1000);
	for (int v = 0; v < s->n->voters; v++) {
		if (given(s, v, option) == 0 || mpq_sgn(s->money[v]) == 0)
			continue;
		mpq_set_si(due, given(s, v, option), 1);
		mpq_mul(due, due, price);
		s->out->payers[at]++;
		s->out->all_in[at] += mpq_cmp(s->money[v], due) < 0;
		if (mpq_cmp(s->money[v], due) <= 0)
			mpq_set_ui(s->money[v], 0, 1);
		else
			mpq_sub(s->money[v], s->money[v], due);
	}
	mpq_clear(due);
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
naive_note_spent(struct naive_state *s, mpq_t share)
{
	mpq_t spent;

	mpq_init(spent);
	for (int v = 0; v < s->n->voters; v++) {
		mpq_sub(spent, share, s->money[v]);
		s->out->spent_milli[v] = naive_whole(spent, 1000);
	}
	mpq_clear(spent);
	qsort(s->out->spent_milli, (size_t)s->n->voters, sizeof *s->out->spent_milli, by_number);
}

/* One run of the rule from equal shares. */
static void
shares(struct naive_state *s, mpq_t share)
{
	mpq_t price, rho, best_price, best_rho, cost;

	mpq_inits(price, rho, best_price, best_rho, cost, NULL);
	*s->out = (struct naive_outcome){ .count = 0 };
	for (int o = 0; o < s->n->options; o++)
		s->out->could_pay[o] = -1;
	naive_take_free(s);
	for (int v = 0; v < s->n->voters; v++)
		mpq_set(s->money[v], share);
	for (;;) {
		int best = -1;

		note_lost(s);
		for (int o = 0; o < s->n->options; o++) {
			if (!naive_is_open(s->n, o) || s->n->cost[o] == 0 || naive_has_won(s->out, o) ||
			    !may(s, o) || !naive_price_of(s, o, price))
				continue;
			mpq_set(rho, price);
			mpq_set_si(cost, s->n->cost[o], 1);
			if (naive_by_cost(s))
				mpq_div(rho, rho, cost);
			if (best >= 0 && (mpq_cmp(rho, best_rho) > 0 ||
			                  (mpq_equal(rho, best_rho) && !naive_before(s, o, best))))
				continue;
			best = o;
			mpq_set(best_rho, rho);
			mpq_set(best_price, price);
		}
		if (best < 0)
			break;
		naive_money_of(s, best, cost);
		s->out->could_pay[best] = naive_whole(cost, 1);
		assert(mpz_sizeinbase(mpq_numref(best_rho), 10) +
		       mpz_sizeinbase(mpq_denref(best_rho), 10) + 3 <= NAIVE_RHO);
		mpq_get_str(s->out->rho[s->out->count], 10, best_rho);
		naive_pay(s, best, best_price);
		naive_win(s, best);
		naive_take_free(s);
	}
	naive_note_spent(s, share);
	mpq_clears(price, rho, best_price, best_rho, cost, NULL);
}

/* Whether nothing that is left would fit. */
bool
naive_exhaustive(const struct naive_state *s, bool unwanted_too)
{
	for (int o = 0; o < s->n->options; o++)
		if (!s->n->withdrawn[o] && !naive_has_won(s->out, o) && s->n->cost[o] > 0 &&
		    (unwanted_too || votes_of(s->n, o) > 0) && may(s, o) &&
		    s->out->cost + s->n->cost[o] <= s->n->budget)
			return false;
	return true;
}

bool
naive_all_won(const struct naive_state *s)
{
	for (int o = 0; o < s->n->options; o++)
		if (naive_is_open(s->n, o) && !naive_has_won(s->out, o) && s->n->cost[o] > 0 && may(s, o))
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
add_increments(struct naive_state *s, mpq_t share)
{
	enum decide_completion c = s->method->completion;
	struct naive_outcome stands = *s->out;
	int64_t increments = 0;
	mpq_t more;

	mpq_init(more);
	mpq_set_si(more, s->method->increment, 1);
	while (!naive_all_won(s) && (c == DECIDE_ADD1_OFFICIAL || c == DECIDE_COMPARISON ||
	                       !naive_exhaustive(s, c == DECIDE_ADD1U))) {
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

/* Sequential Phragmén, every voter's load by itself. */
static void
phragmen(struct naive_state *s)
{
	mpq_t load[NAIVE_VOTERS], sum, term, least;

	mpq_inits(sum, term, least, NULL);
	for (int v = 0; v < s->n->voters; v++)
		mpq_init(load[v]);
	for (;;) {
		int best = -1;
		bool stop = false;

		for (int o = 0; o < s->n->options; o++) {
			int order;

			if (!naive_is_open(s->n, o) || naive_has_won(s->out, o) || s->n->cost[o] > s->n->budget ||
			    !may_or_lacks_room(s, o))
				continue;
			mpq_set_si(sum, s->n->cost[o], 1);
			for (int v = 0; v < s->n->voters; v++)
				if (s->n->ballot[v] >> o & 1)
					mpq_add(sum, sum, load[v]);
			mpq_set_si(term, votes_of(s->n, o), 1);
			mpq_div(sum, sum, term);
			order = best < 0 ? -1 : mpq_cmp(sum, least);
			if (order > 0)
				continue;
			stop = s->out->cost + s->n->cost[o] > s->n->budget || (order == 0 && stop);
			if (order < 0 || naive_before(s, o, best))
				best = o;
			mpq_set(least, sum);
		}
		if (best < 0 || stop)
			break;
		for (int v = 0; v < s->n->voters; v++)
			if (s->n->ballot[v] >> best & 1)
				mpq_set(load[v], least);
		assert(mpz_sizeinbase(mpq_numref(least), 10) +
		       mpz_sizeinbase(mpq_denref(least), 10) + 3 <= NAIVE_RHO);
		mpq_get_str(s->out->rho[s->out->count], 10, least);
		naive_win(s, best);
		naive_take_free(s);
	}
	for (int v = 0; v < s->n->voters; v++)
		mpq_clear(load[v]);
	mpq_clears(sum, term, least, NULL);
}

/* Greedy's winners take the place of those of Equal Shares when more voters prefer them. */
static void
compare(struct naive_state *s)
{
	struct naive_outcome *shares_won = s->out, greedy_won = { .count = 0 };
	int64_t more = 0, less = 0;

	s->out = &greedy_won;
	naive_take_free(s);
	greedy(s, decide_utility_has_points(s->method->utility) ? DECIDE_COST_POINTS : DECIDE_COST,
	       false);
	for (int v = 0; v < s->n->voters; v++) {
		int64_t difference = 0;

		for (int o = 0; o < s->n->options; o++)
			difference += given(s, v, o) *
			              (naive_has_won(&greedy_won, o) - naive_has_won(shares_won, o));
		more += difference > 0;
		less += difference < 0;
	}
	s->out = shares_won;
	shares_won->prefer_greedy = more;
	shares_won->prefer_shares = less;
	if (more <= less)
		return;
	shares_won->count = shares_won->by_rule = greedy_won.count;
	shares_won->cost = greedy_won.cost;
	for (int o = 0; o < s->n->options; o++) {
		shares_won->could_pay[o] = -1;
		shares_won->winners[o] = greedy_won.winners[o];
	}
}

static void
count_by_shares(struct naive_state *s)
{
	const struct naive *n = s->n;
	enum decide_completion c = s->method->completion;
	struct naive_outcome *out = s->out;
	int64_t unit = 1;
	mpq_t share;

	mpq_init(share);
	for (int i = 0; i < n->decimals; i++)
		unit *= 10;
	mpq_set_si(share, n->budget, (unsigned long)n->voters);
	if (c == DECIDE_ADD1U)
		mpq_set_si(share, n->budget / (n->voters * unit) * unit, 1);
	mpq_canonicalize(share);
	if (c == DECIDE_EXACT)
		naive_raise_exactly(s, share);
	else
		shares(s, share);
	if (c == DECIDE_ADD1 || c == DECIDE_ADD1_OFFICIAL || c == DECIDE_COMPARISON ||
	    (c == DECIDE_ADD1U && !everything_fits(n)))
		add_increments(s, share);
	out->by_rule = out->count;
	if (c == DECIDE_ADD1U || c == DECIDE_UTILITARIAN)
		greedy(s, c == DECIDE_ADD1U ? DECIDE_COST : s->method->utility, false);
	if (c == DECIDE_COMPARISON)
		compare(s);
	mpq_clear(share);
}

void
naive_count(const struct naive *n, const struct method *method, const int *lot,
            struct naive_outcome *ret)
{
	struct naive_state s = { .n = n, .method = method, .lot = lot, .out = ret };

	for (int v = 0; v < n->voters; v++)
		mpq_init(s.money[v]);
	*ret = (struct naive_outcome){ .count = 0 };
	if (method->rule == DECIDE_EQUAL_SHARES) {
		count_by_shares(&s);
	} else {
		for (int o = 0; o < n->options; o++)
			ret->could_pay[o] = -1;
		naive_take_free(&s);
		if (method->rule == DECIDE_PHRAGMEN)
			phragmen(&s);
		else if (method->rule == DECIDE_OVERSPENDING)
			naive_overspending(&s);
		else
			greedy(&s, method->utility, method->rule == DECIDE_GREEDY_NO_SKIP);
		ret->by_rule = ret->count;
	}
	for (int v = 0; v < n->voters; v++) {
		bool any = false;

		for (int i = 0; i < ret->count; i++)
			any |= n->ballot[v] >> ret->winners[i] & 1;
		ret->represented += any;
		mpq_clear(s.money[v]);
	}
}
