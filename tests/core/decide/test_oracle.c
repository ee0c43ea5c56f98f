/* The engine against a naive second implementation: random small elections (their number is
 * the argument), and every election of few voters and options. */
#include <stdlib.h>

#include "base/chance.h"
#include "naive_make.h"

static long random_count = 4000;

/* The lot as declared in method.h: a shuffle over all options in id order. */
static void
draw_lot(const struct naive *n, const struct method *method, int *lot)
{
	int sorted[NAIVE_OPTIONS];
	size_t places[NAIVE_OPTIONS];
	struct chance chance;

	for (int o = 0; o < n->options; o++) {
		int at = o;

		for (; at > 0 && strcmp(n->id[sorted[at - 1]], n->id[o]) > 0; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = o;
		places[o] = (size_t)o;
	}
	chance_from_seed(&chance, method->seed);
	chance_shuffle(&chance, places, (size_t)n->options);
	for (int i = 0; i < n->options; i++)
		lot[sorted[i]] = (int)places[i];
}

/* Tenth d of the voters: the least that d tenths of them have at most. */
static bool
same_spent(const struct naive_outcome *want, const struct outcome *got)
{
	bool ok = true;

	for (int64_t d = 1; d <= OUTCOME_DECILES; d++)
		ok = ok && got->spent_milli[d - 1] ==
		     (got->voters < 10 ? -1 : want->spent_milli[(got->voters * d + 9) / 10 - 1]);
	return ok;
}

static bool
same_payers(const struct naive_outcome *want, const struct outcome *got, int step)
{
	const struct outcome_step *s = &got->steps[step];

	return str_is(s->rho, want->rho[step]) && s->price_milli == want->price_milli[step] &&
	       s->payers == want->payers[step] && s->all_in == want->all_in[step];
}

static bool
same(const struct naive_outcome *want, const struct outcome *got)
{
	bool ok = got->step_count == (size_t)want->count && got->total_cost == want->cost &&
	          got->increments == want->increments && got->represented == want->represented &&
	          got->prefer_shares == want->prefer_shares &&
	          got->prefer_greedy == want->prefer_greedy;

	for (int i = 0; ok && i < want->count; i++) {
		const struct outcome_step *step = &got->steps[i];

		ok = step->option == (uint32_t)want->winners[i] &&
		     got->options[step->option].place == (uint32_t)i + 1 &&
		     (got->options[step->option].why == OUTCOME_WON) == (i < want->by_rule) &&
		     (step->by != OUTCOME_BY_SHARES || same_payers(want, got, i)) &&
		     (step->by != OUTCOME_BY_LOAD || str_is(step->rho, want->rho[i]));
	}
	if (got->method.rule == DECIDE_EQUAL_SHARES || got->method.rule == DECIDE_OVERSPENDING)
		ok = ok && same_spent(want, got);
	for (size_t o = 0; ok && o < got->option_count; o++)
		ok = got->options[o].could_pay == want->could_pay[o];
	return ok;
}

/* Whether what is said of limits is true of the winners, and no limit is broken. */
static bool
true_to_limits(const struct naive *n, const struct outcome *got)
{
	uint32_t winners = 0;
	bool ok = got->group_count == (size_t)n->groups;

	for (size_t s = 0; s < got->step_count; s++) {
		ok = ok && !naive_is_kept_out(n, winners, (int)got->steps[s].option);
		winners |= UINT32_C(1) << got->steps[s].option;
	}
	for (int g = 0; ok && g < n->groups; g++) {
		const struct outcome_group *group = &got->groups[g];
		int64_t cost = 0;

		for (int o = 0; o < n->options; o++)
			cost += (winners & n->group[g].options) >> o & 1 ? n->cost[o] : 0;
		ok = group->cost == cost &&
		     group->winners == __builtin_popcount(winners & n->group[g].options) &&
		     group->reached == (group->cost >= n->group[g].min_cost &&
		                        group->winners >= n->group[g].min_winners);
	}
	for (int o = 0; ok && o < n->options; o++) {
		const struct outcome_option *x = &got->options[o];
		bool said = x->why == OUTCOME_EXCLUDED || x->why == OUTCOME_GROUP_FULL ||
		            x->why == OUTCOME_NEEDS_OTHER;

		if (x->place > 0 || x->why == OUTCOME_NOBODY || x->why == OUTCOME_WITHDRAWN ||
		    x->why == OUTCOME_THRESHOLD || x->why == OUTCOME_TOO_DEAR)
			continue;
		ok = said == naive_is_kept_out(n, winners, o) &&
		     (x->why != OUTCOME_EXCLUDED ||
		      (n->group[x->group].max_winners == 1 && winners >> x->other & 1 &&
		       n->group[x->group].options >> x->other & 1)) &&
		     (x->why != OUTCOME_NEEDS_OTHER ||
		      (n->needs[o] >> x->other & 1 && !(winners >> x->other & 1))) &&
		     (x->why != OUTCOME_HELD_BACK ||
		      n->group[x->group].min_cost > 0 || n->group[x->group].min_winners > 0) &&
		     /* a reason of money comes with the money */
		     (x->why != OUTCOME_NO_ROOM || (x->left >= 0 && x->left < n->cost[o])) &&
		     (x->why != OUTCOME_NOT_PAYABLE ||
		      (x->could_pay >= 0 && x->could_pay < n->cost[o]));
	}
	return ok;
}

static void
print_limits(const struct naive *n)
{
	for (int g = 0; g < n->groups; g++)
		printf("# group %x: cost %lld to %lld, winners %lld to %lld\n", n->group[g].options,
		       (long long)n->group[g].min_cost, (long long)n->group[g].max_cost,
		       (long long)n->group[g].min_winners, (long long)n->group[g].max_winners);
	for (int o = 0; o < n->options; o++)
		if (n->needs[o] != 0)
			printf("# %d needs %x\n", o, n->needs[o]);
}

static void
print(const struct naive *n, const struct method *m)
{
	printf("# budget %lld, decimals %d, rule %s %s %s %s, increment %lld; options",
	       (long long)n->budget, n->decimals, decide_rule_name(m->rule),
	       decide_utility_name(m->utility), decide_completion_name(m->completion),
	       decide_ties_name(m->ties), (long long)m->increment);
	for (int o = 0; o < n->options; o++)
		printf(" %s=%lld%s", n->id[o], (long long)n->cost[o], n->withdrawn[o] ? "!" : "");
	printf("; ballots");
	for (int v = 0; v < n->voters; v++)
		printf(" %x", n->ballot[v]);
	printf("\n");
	print_limits(n);
}

static void
compare(const struct naive *n, const struct election *e, struct method *method)
{
	struct naive_outcome want;
	struct outcome got;
	struct decide_error error;
	int lot[NAIVE_OPTIONS];

	draw_lot(n, method, lot);
	method->increment = method_increment(method, e);
	naive_count(n, method, lot, &want);
	if (decide_count(e, method, &arena, &got, &error) != OK || !same(&want, &got) ||
	    !true_to_limits(n, &got)) {
		CHECK(!"the engine differs from the naive one");
		print(n, method);
	}
}

/* Exact parts and overspending know neither points nor limits. */
static bool
is_refused(const struct election *e, const struct method *m)
{
	return (m->completion == DECIDE_EXACT || m->rule == DECIDE_OVERSPENDING) &&
	       (decide_utility_has_points(m->utility) || e->limits != NULL);
}

/* Methods on one election: all of them, or each with a chance of one in `one_in`. */
static void
compare_some(const struct naive *n, const uint8_t seed[32], struct chance *chance,
             uint64_t one_in)
{
	static const enum decide_rule others[] = { DECIDE_GREEDY, DECIDE_GREEDY_NO_SKIP,
	                                           DECIDE_GREEDY_THRESHOLD, DECIDE_PHRAGMEN,
	                                           DECIDE_OVERSPENDING };
	struct election sets = election_of(n, false), with_points = election_of(n, true);

	for (int utility = DECIDE_COST; utility <= DECIDE_COST_POINTS; utility++) {
		bool points = decide_utility_has_points((enum decide_utility)utility);
		const struct election *e = points ? &with_points : &sets;
		struct method m = { .utility = (enum decide_utility)utility };

		if (utility == DECIDE_BORDA) /* counted as points */
			continue;
		memcpy(m.seed, seed, sizeof m.seed);
		for (int ties = DECIDE_TIES_ID; ties <= DECIDE_TIES_COST_VOTES_LOT; ties++) {
			m.ties = (enum decide_ties)ties;
			m.rule = DECIDE_EQUAL_SHARES;
			for (int c = DECIDE_NONE; c <= DECIDE_EXACT; c++) {
				m.completion = (enum decide_completion)c;
				if (is_refused(e, &m))
					continue;
				if (one_in == 1 || chance_below(chance, one_in) == 0)
					compare(n, e, &m);
			}
			m.completion = DECIDE_NONE;
			for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
				m.rule = others[i];
				if (is_refused(e, &m))
					continue;
				if (one_in == 1 || chance_below(chance, one_in) == 0)
					compare(n, e, &m);
			}
		}
	}
}

static void
compare_all(const struct naive *n, const uint8_t seed[32])
{
	compare_some(n, seed, NULL, 1);
}

/* A hundred thousand elections by all methods would take many minutes: from the four thousandth on
 * each is counted by a few. */
static void
random_elections(void)
{
	enum { BY_ALL = 4000, ONE_IN = 24 };
	static const uint8_t seed[32] = "folkmoot oracle", which[32] = "folkmoot methods";
	struct chance chance, methods;

	chance_from_seed(&chance, seed);
	chance_from_seed(&methods, which);
	for (long i = 0; i < random_count; i++) {
		struct naive n;
		uint8_t lot_seed[32];

		make_random(&chance, &n);
		chance_bytes(&chance, lot_seed, sizeof lot_seed);
		compare_some(&n, lot_seed, &methods, i < BY_ALL ? 1 : ONE_IN);
		arena_reset(&arena);
	}
}

/* Groups and needs at random; a need is for a later option, so that there are no circles. */
static void
add_limits(struct chance *chance, struct naive *n)
{
	n->groups = below(chance, NAIVE_GROUPS + 1);
	for (int g = 0; g < n->groups; g++) {
		struct naive_group *group = &n->group[g];

		*group = (struct naive_group){ .options = 1u << below(chance, n->options),
		                               .max_cost = -1, .max_winners = -1 };
		group->options |= (uint32_t)below(chance, 1 << n->options);
		switch (below(chance, 6)) {
		case 0:
			group->min_winners = 1 + below(chance, 2);
			break;
		case 1:
			group->min_cost = 1 + below(chance, (int)n->budget);
			break;
		case 2:
			group->max_winners = 1 + below(chance, 3);
			group->min_cost = below(chance, (int)n->budget);
			break;
		case 3:
			group->max_cost = below(chance, (int)n->budget + 1);
			group->min_winners = below(chance, 2);
			break;
		default:
			group->max_winners = 1;
		}
	}
	for (int o = 0; o + 1 < n->options; o++)
		if (below(chance, 4) == 0)
			n->needs[o] = 1u << (o + 1 + below(chance, n->options - o - 1));
}

/* Whether the engine takes these limits; those that contradict themselves are left out. */
static bool
are_consistent(const struct naive *n)
{
	struct naive without = *n;
	struct election e;

	without.groups = 0;
	memset(without.needs, 0, sizeof without.needs);
	e = election_of(&without, false);
	return set_limits(n, &e);
}

static void
limited_elections(void)
{
	enum { BY_ALL = 200, ONE_IN = 24 };
	static const uint8_t seed[32] = "folkmoot limits", which[32] = "folkmoot methods";
	struct chance chance, methods;
	long counted = 0;

	chance_from_seed(&chance, seed);
	chance_from_seed(&methods, which);
	for (long i = 0; i < random_count / 2; i++) {
		struct naive n;

		make_random(&chance, &n);
		add_limits(&chance, &n);
		if (are_consistent(&n)) {
			compare_some(&n, seed, &methods, i < BY_ALL ? 1 : ONE_IN);
			counted++;
		}
		arena_reset(&arena);
	}
	CHECK(counted > random_count / 6);
}

/* Large budgets: thousands of increments, which the engine skips and the naive one does not. */
static void
many_increments(void)
{
	static const uint8_t seed[32] = "folkmoot increments";
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count / 200 && i < 150; i++) {
		struct naive n;
		struct election e;

		make_random(&chance, &n);
		n.decimals = 0;
		n.budget = n.budget * 211 + below(&chance, 50);
		for (int o = 0; o < n.options; o++)
			n.cost[o] = n.cost[o] * 199 + below(&chance, 30);
		if (i % 2 == 1)
			add_limits(&chance, &n);
		if (!are_consistent(&n))
			continue;
		e = election_of(&n, false);
		for (int c = DECIDE_ADD1; c <= DECIDE_ADD1U; c++)
			for (int utility = DECIDE_COST; utility <= DECIDE_CARDINALITY; utility++) {
				struct method m = { DECIDE_EQUAL_SHARES, (enum decide_utility)utility,
				                    (enum decide_completion)c, DECIDE_TIES_ID, 1,
				                    { 0 } };

				compare(&n, &e, &m);
			}
		arena_reset(&arena);
	}
}

/* Costs of 10^14 and a little more, so that shares and parts differ by less than doubles can tell:
 * what is decided by rationals only. */
static void
nearly_equal(void)
{
	static const uint8_t seed[32] = "folkmoot nearly";
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count && i < 20000; i++) {
		struct naive n;
		struct election e;

		make_random(&chance, &n);
		n.decimals = 0;
		n.budget = n.budget * INT64_C(3000000000000) + below(&chance, 3);
		for (int o = 0; o < n.options; o++)
			n.cost[o] = n.cost[o] * INT64_C(3000000000000) + below(&chance, 3);
		e = election_of(&n, false);
		for (int utility = DECIDE_COST; utility <= DECIDE_CARDINALITY; utility++) {
			struct method m = { DECIDE_EQUAL_SHARES, (enum decide_utility)utility,
			                    DECIDE_EXACT, DECIDE_TIES_ID, 1, { 0 } };

			compare(&n, &e, &m);
			m.rule = DECIDE_OVERSPENDING;
			m.completion = DECIDE_NONE;
			compare(&n, &e, &m);
		}
		arena_reset(&arena);
	}
}

/* More options than the small ones have: who is looked at first, and what a heap hides, shows only
 * here. */
static void
larger_elections(void)
{
	static const uint8_t seed[32] = "folkmoot larger";
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count / 50 && i < 400; i++) {
		struct naive n = { .voters = 25 + below(&chance, 16), .options = 18 + below(&chance, 12),
		                   .budget = 200 + below(&chance, 400) };
		struct election e;

		for (int o = 0; o < n.options; o++) {
			n.cost[o] = 20 + below(&chance, 100);
			snprintf(n.id[o], sizeof n.id[o], "%d", o + 1);
		}
		for (int v = 0; v < n.voters; v++)
			for (int o = 0; o < n.options; o++) {
				n.ballot[v] |= (uint32_t)(below(&chance, 5) == 0) << o;
				n.points[v][o] = (uint8_t)(1 + below(&chance, 3));
			}
		if (i % 8 == 7)
			add_limits(&chance, &n);
		if (!are_consistent(&n))
			continue;
		for (int utility = DECIDE_COST; utility <= DECIDE_POINTS; utility++) {
			struct method m = { DECIDE_EQUAL_SHARES, (enum decide_utility)utility,
			                    DECIDE_ADD1, DECIDE_TIES_ID, 1, { 0 } };

			e = election_of(&n, utility == DECIDE_POINTS);
			compare(&n, &e, &m);
			m.completion = DECIDE_EXACT;
			if (!is_refused(&e, &m) && i % 16 == 0)
				compare(&n, &e, &m);
			m.rule = DECIDE_PHRAGMEN;
			m.completion = DECIDE_NONE;
			compare(&n, &e, &m);
			m.rule = DECIDE_OVERSPENDING;
			if (!is_refused(&e, &m))
				compare(&n, &e, &m);
		}
		arena_reset(&arena);
	}
}

/* Every approval election of 1-4 voters and 1-3 options with costs from 1 to 3 and three
 * budgets; when there is little time, those with at most 6 places to mark. */
static void
all_tiny_elections(void)
{
	static const uint8_t seed[32] = { 1 };
	int marks = random_count > 10000 ? 12 : 6;
	long seen = 0;

	for (int voters = 1; voters <= 4; voters++)
		for (int options = 1; options <= 3; options++)
			for (long code = 0; voters * options <= marks && code < 1L << voters * options;
			     code++)
				for (int costs = 0; costs < 27; costs++) {
					struct naive n = { .voters = voters, .options = options,
					                   .budget = 2 + (code + costs) % 3 * 2,
					                   .cost = { 1 + costs % 3, 1 + costs / 3 % 3,
					                             1 + costs / 9 },
					                   .id = { "1", "10", "2" } };

					if ((options < 3 && costs >= 9) || (options < 2 && costs >= 3))
						continue;
					for (int v = 0; v < voters; v++)
						{
						n.ballot[v] = code >> v * options & ((1 << options) - 1);
						for (int o = 0; o < options; o++)
							n.points[v][o] = (uint8_t)(1 + (v + o + code) % 3);
					}
					compare_all(&n, seed);
					arena_reset(&arena);
					seen++;
				}
	CHECK(seen > 1000);
}

/* Limits number `which` for three options: every exclusion of two, every need of one, a least and
 * a most of each kind for one, two and all. */
static void
set_tiny_limits(struct naive *n, int which)
{
	static const uint32_t sets[] = { 3, 5, 6, 7, 1, 2, 4 };

	n->groups = which < 28;
	memset(n->needs, 0, sizeof n->needs);
	n->group[0] = (struct naive_group){ sets[which / 4 % 7], 0, -1, 0, -1 };
	switch (which < 28 ? which % 4 : 4) {
	case 0:
		n->group[0].max_winners = 1;
		break;
	case 1:
		n->group[0].min_winners = 1;
		break;
	case 2:
		n->group[0].max_cost = 2;
		break;
	case 3:
		n->group[0].min_cost = 2;
		break;
	default:
		n->needs[(which - 28) / 2] = 1u << ((which - 28) / 2 + 1 + which % 2) % 3;
	}
}

/* Every approval election of two voters and three options, costs from 0 to 2, with each of those
 * limits; and of three voters when there is time. */
static void
all_tiny_limits(void)
{
	enum { LIMITS = 34 };
	static const uint8_t seed[32] = { 1 }, which[32] = "folkmoot tiny";
	int voters = random_count > 10000 ? 3 : 2;
	struct chance methods;
	long seen = 0;

	chance_from_seed(&methods, which);
	for (long code = 0; code < 1L << voters * 3; code++)
		for (int costs = 0; costs < 27; costs++)
			for (int limits = 0; limits < LIMITS; limits++) {
				struct naive n = { .voters = voters, .options = 3,
				                   .budget = 2 + (code + costs + limits) % 2,
				                   .cost = { costs % 3, costs / 3 % 3, costs / 9 },
				                   .id = { "1", "10", "2" } };

				for (int v = 0; v < voters; v++) {
					n.ballot[v] = code >> v * 3 & 7;
					for (int o = 0; o < 3; o++)
						n.points[v][o] = (uint8_t)(1 + (v + o + code) % 3);
				}
				set_tiny_limits(&n, limits);
				if (are_consistent(&n)) {
					compare_some(&n, seed, &methods, 24);
					seen++;
				}
				arena_reset(&arena);
			}
	CHECK(seen > 30000);
}

/* p and q are exactly alike at every share, with supporters too poor to pay alike: each of a
 * quarter of a million increments must be decided exactly, by itself. That is refused. */
static void
too_many_steps(void)
{
	static const uint32_t ballots[] = { 1 | 2, 2, 1 | 4, 4, 1, 8, 0 };
	struct naive n = { .voters = 7, .options = 4, .budget = 4550000,
	                   .cost = { 1500000, 800000, 800000, 1400000 },
	                   .id = { "r", "p", "q", "z" } };
	struct method m = { .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_ADD1 };
	struct decide_error error = { 0 };
	struct election e;
	struct outcome o;

	if (random_count <= 10000) {
		test_skip("takes seconds");
		return;
	}
	memcpy(n.ballot, ballots, sizeof ballots);
	e = election_of(&n, false);
	CHECK(decide_count(&e, &m, &arena, &o, &error) == INVALID);
	CHECK(str_is(error.field, "increment") && error.message.text != NULL);
	m.increment = 1000;
	CHECK(decide_count(&e, &m, &arena, &o, &error) == OK);
	CHECK_INT(o.increments, 750);
	arena_reset(&arena);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "random elections as the naive count", random_elections },
		{ "random elections with limits as the naive count", limited_elections },
		{ "thousands of increments as the naive count", many_increments },
		{ "nearly equal costs as the naive count", nearly_equal },
		{ "larger elections as the naive count", larger_elections },
		{ "all tiny elections as the naive count", all_tiny_elections },
		{ "all tiny elections with limits as the naive count", all_tiny_limits },
		{ "more steps than can be counted", too_many_steps },
	};
	int bad;

	if (argc > 1)
		random_count = strtol(argv[1], NULL, 10);
	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
