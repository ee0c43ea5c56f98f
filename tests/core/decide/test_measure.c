/* Measures against their definitions, taken literally: every group of voters, every pair of
 * voters. The number of random elections is the argument. */
#include <gmp.h>

#include "base/buf.h"
#include "base/json.h"
#include "core/decide/limits.h"
#include "core/decide/measure.h"
#include "make.h"
#include "small.h"
#include "test.h"

static struct arena arena;
static long random_count = 4000;

static const struct method shares = { .rule = DECIDE_EQUAL_SHARES };
static const struct method greedy = { .rule = DECIDE_GREEDY };

static struct measure
measured(const struct election *e, const struct outcome *o)
{
	struct measure m = { 0 };

	CHECK(measure_of(e, o, &arena, &m) == OK);
	return m;
}

static int64_t
has(const struct small *s, int voter, uint32_t winners)
{
	int64_t sum = 0;

	for (int o = 0; o < s->options; o++)
		if (s->ballot[voter] & winners & 1u << o)
			sum += s->cost[o];
	return sum;
}

/* Whether the voters of a group all name c and all have too little even with it; then the
 * group's gap. */
static bool
is_passed_over(const struct small *s, uint32_t winners, int c, uint32_t group, int64_t *ret_gap,
               int64_t *ret_has)
{
	int64_t size = __builtin_popcount(group), most = 0;

	for (int v = 0; v < s->voters; v++) {
		if (!(group >> v & 1))
			continue;
		if (!(s->ballot[v] >> c & 1) ||
		    (has(s, v, winners) + s->cost[c]) * s->voters > size * s->budget)
			return false;
		most = has(s, v, winners) > most ? has(s, v, winners) : most;
	}
	*ret_has = most;
	*ret_gap = size * s->budget - s->voters * (most + s->cost[c]);
	return size > 0;
}

/* Every option and every group. */
static struct measure_ejr
naive_ejr(const struct small *s, uint32_t winners)
{
	struct measure_ejr ret = { .holds = true };
	int64_t most = -1;

	for (int c = 0; c < s->options; c++) {
		bool fails = false;

		for (uint32_t group = 1; group < 1u << s->voters; group++) {
			int64_t gap, u;

			if (winners >> c & 1 || s->withdrawn[c] || s->cost[c] == 0 ||
			    !is_passed_over(s, winners, c, group, &gap, &u))
				continue;
			fails = true;
			ret.holds = false;
			if (gap < most || (gap == most && ((uint32_t)c != ret.option ||
			                                   u >= ret.has)))
				continue;
			most = gap;
			ret.option = (uint32_t)c;
			ret.group = __builtin_popcount(group);
			ret.has = u;
			ret.deserves = ret.group * s->budget / s->voters;
		}
		ret.failing += fails;
	}
	return ret;
}

static bool
same_ejr(const struct measure_ejr *a, const struct measure_ejr *b)
{
	return a->holds == b->holds && a->failing == b->failing && a->option == b->option &&
	       a->group == b->group && a->has == b->has && a->deserves == b->deserves;
}

/* Any winners at all, as some rule might choose them. */
static uint32_t
any_winners(struct chance *chance, struct outcome *o)
{
	uint32_t winners = (uint32_t)small_below(chance, 1 << o->option_count);

	for (size_t k = 0; k < o->option_count; k++) {
		if (o->options[k].why == OUTCOME_NOBODY || o->options[k].why == OUTCOME_WITHDRAWN)
			winners &= ~(1u << k);
		o->options[k].place = winners >> k & 1;
	}
	return winners;
}

static void
ejr_of_random(void)
{
	static const uint8_t seed[32] = { 'e' };
	struct chance chance;
	long failed = 0;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count; i++) {
		struct small s = small_random(&chance, 8);
		struct election e = small_election(&s, false, &arena);
		struct outcome o;

		for (int rule = 0; rule < 4; rule++) {
			struct method m = { .rule = rule == 0 ? DECIDE_GREEDY :
			                            rule == 1 ? DECIDE_PHRAGMEN :
			                                        DECIDE_EQUAL_SHARES,
			                    .utility = rule == 0 ? DECIDE_COST :
			                               DECIDE_CARDINALITY };
			uint32_t winners = small_count(&e, &m, &arena, &o);
			struct measure_ejr want, got;

			if (rule == 3)
				winners = any_winners(&chance, &o);
			want = naive_ejr(&s, winners);
			got = measured(&e, &o).ejr;
			CHECK(same_ejr(&want, &got));
			failed += !got.holds;
		}
		arena_reset(&arena);
	}
	CHECK(failed > random_count / 20);
	printf("# %ld of %ld outcomes pass a group over\n", failed, 4 * random_count);
}

/* Proved in measure.h; with any completion that only adds to shares of budget / voters (add1u
 * begins with less than that: whole units). */
static void
shares_never_fail(void)
{
	static const enum decide_completion completions[] = {
		DECIDE_NONE, DECIDE_ADD1, DECIDE_ADD1_OFFICIAL, DECIDE_UTILITARIAN, DECIDE_EXACT };
	static const uint8_t seed[32] = { 's' };
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < 5 * random_count; i++) {
		struct small s = small_random(&chance, SMALL_VOTERS);
		struct election e = small_election(&s, false, &arena);
		struct method m = shares;
		struct outcome o;

		m.completion = completions[i % 5];
		(void)small_count(&e, &m, &arena, &o);
		CHECK(measured(&e, &o).ejr.holds);
		arena_reset(&arena);
	}
}

/* All voters' influence as rationals. */
static void
influences(const struct small *s, uint32_t winners, bool with_points, mpq_t *ret)
{
	mpq_t part;

	mpq_init(part);
	for (int o = 0; o < s->options; o++) {
		unsigned long all = 0;

		for (int v = 0; v < s->voters; v++)
			if (s->ballot[v] >> o & 1)
				all += with_points ? s->points[v][o] : 1;
		for (int v = 0; v < s->voters && winners >> o & 1; v++) {
			if (!(s->ballot[v] >> o & 1))
				continue;
			mpq_set_si(part, s->cost[o] * (with_points ? s->points[v][o] : 1), all);
			mpq_canonicalize(part);
			mpq_add(ret[v], ret[v], part);
		}
	}
	mpq_clear(part);
}

/* sum over all pairs of |x - y| / (2 n sum of x). */
static int64_t
naive_gini(const struct small *s, uint32_t winners, bool with_points)
{
	mpq_t x[SMALL_VOTERS], pairs, sum, part;
	int64_t gini = 0;

	mpq_inits(pairs, sum, part, NULL);
	for (int v = 0; v < s->voters; v++)
		mpq_init(x[v]);
	influences(s, winners, with_points, x);
	for (int v = 0; v < s->voters; v++) {
		mpq_add(sum, sum, x[v]);
		for (int w = 0; w < s->voters; w++) {
			mpq_sub(part, x[v], x[w]);
			mpq_abs(part, part);
			mpq_add(pairs, pairs, part);
		}
	}
	if (mpq_sgn(sum) > 0) {
		mpq_div(pairs, pairs, sum);
		mpq_set_si(part, 1000000, 2 * (unsigned long)s->voters);
		mpq_canonicalize(part);
		mpq_mul(pairs, pairs, part);
		mpz_fdiv_q(mpq_numref(pairs), mpq_numref(pairs), mpq_denref(pairs));
		gini = mpz_get_si(mpq_numref(pairs));
	}
	for (int v = 0; v < s->voters; v++)
		mpq_clear(x[v]);
	mpq_clears(pairs, sum, part, NULL);
	return gini;
}

static void
gini_of_random(void)
{
	static const uint8_t seed[32] = { 'g' };
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count; i++) {
		struct small s = small_random(&chance, SMALL_VOTERS);
		bool with_points = i % 2 == 1;
		struct election e = small_election(&s, with_points, &arena);
		struct method m = greedy;
		struct outcome o;
		uint32_t winners;

		m.utility = e.points != NULL ? DECIDE_POINTS : DECIDE_COST;
		winners = small_count(&e, &m, &arena, &o);
		CHECK_INT(measured(&e, &o).gini_millionths, naive_gini(&s, winners, with_points));
		arena_reset(&arena);
	}
}

static void
gini_of_known(void)
{
	struct election e = make_election(&arena, 0, 100, "a=100 b=50", "1:a 3:b 0:");
	struct outcome o = count_election(&arena, &e, &greedy);

	/* b wins: three of four have 50/3 each: 1 - 3/4 */
	CHECK_INT(measured(&e, &o).gini_millionths, 250000);
	e = make_election(&arena, 0, 10, "a=100", "5:a");
	o = count_election(&arena, &e, &greedy);
	CHECK_INT(measured(&e, &o).gini_millionths, 0);
	e = make_election(&arena, 0, 10, "a=10", "0:");
	o = count_election(&arena, &e, &greedy);
	CHECK_INT(measured(&e, &o).gini_millionths, 0);
	CHECK(measured(&e, &o).ejr.holds);
}

/* Committees are the case of equal costs: k = 2 seats, four voters; two of them who agree
 * deserve one seat, u < 1. */
static void
committee(void)
{
	struct election e = make_election(&arena, 0, 2, "a=1 b=1 c=1", "2:a,b 1:c 1:c,a");
	struct outcome o = count_election(&arena, &e, &greedy);
	struct measure m;

	/* a 3, b 2, c 2: a and b; both who named c: only one has nothing */
	CHECK_STR(winners_of(&arena, &e, &o), "a,b");
	CHECK(measured(&e, &o).ejr.holds);
	e = make_election(&arena, 0, 2, "a=1 b=1 c=1", "3:a,b 2:c");
	o = count_election(&arena, &e, &greedy);
	m = measured(&e, &o);
	CHECK(m.ejr.holds); /* 2 < 5 / 2 */
	e = make_election(&arena, 0, 2, "a=1 b=1 c=1", "3:a,b 3:c");
	o = count_election(&arena, &e, &greedy);
	m = measured(&e, &o);
	CHECK_STR(winners_of(&arena, &e, &o), "a,b");
	CHECK(!m.ejr.holds);
	CHECK_INT(m.ejr.option, 2);
	CHECK_INT(m.ejr.group, 3);
	CHECK_INT(m.ejr.has, 0);
	CHECK_INT(m.ejr.deserves, 1);
	CHECK_INT(m.ejr.failing, 1);
}

/* 2 decimals: 6 of 10 have 60 of 100. */
static void
what_ballots_got(void)
{
	struct election e = make_election(&arena, 0, 100, "a=45 b=40 c=30",
	                                  "6:a 3:b,c 1:");
	int64_t *spent = ARENA_ARRAY(&arena, e.ballot_count, int64_t);
	struct decide_extra extra = { .spent_milli = spent };
	struct decide_error error;
	struct measure_ballot *got;
	struct outcome o;
	json_t *json;
	struct buf text;

	CHECK(decide_count_extra(&e, &shares, &extra, &arena, &o, &error) == OK);
	got = measure_ballots(&e, &o, spent, &arena);
	/* In the election's own order: what fewer voters named comes first. */
	CHECK_INT(got[1].voters, 6);
	CHECK_INT(got[1].cost, 45);
	CHECK_INT(got[1].spent_milli, 7500);
	CHECK_INT(got[0].named, 2);
	CHECK_INT(got[0].won, 1);
	CHECK_INT(got[0].cost, 30);
	CHECK_INT(got[0].spent_milli, 10000);
	CHECK_INT(got[2].named + got[2].won + got[2].spent_milli, 0);
	CHECK_INT(measure_ballots(&e, &o, NULL, &arena)[0].spent_milli, -1);
	buf_init(&text, 10000);
	json = measure_ballots_json(&e, got);
	CHECK(json_write(&text, json) == OK);
	CHECK_STR(buf_str(&text),
	          "[{\"choices\":[1,2],\"cost\":\"30\",\"spent_milli\":\"10000\",\"voters\":3,\"won\":1},"
	          "{\"choices\":[0],\"cost\":\"45\",\"spent_milli\":\"7500\",\"voters\":6,\"won\":1},"
	          "{\"choices\":[],\"cost\":\"0\",\"spent_milli\":\"0\",\"voters\":1,\"won\":0}]");
	json_decref(json);
	buf_release(&text);
}

/* By ballots or summed up: the tenths of the outcome. */
static void
spent_agrees(void)
{
	static const uint8_t seed[32] = { 'p' };
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count; i++) {
		struct small s = small_random(&chance, SMALL_VOTERS);
		struct election e = small_election(&s, i % 2 == 1, &arena);
		struct method m = { .rule = DECIDE_EQUAL_SHARES,
		                    .completion = (enum decide_completion)(i % 6) };
		int64_t *spent = ARENA_ARRAY(&arena, e.ballot_count, int64_t), sum = 0, cost = 0;
		struct decide_extra extra = { .spent_milli = spent };
		struct decide_error error;
		struct outcome o;

		m.utility = e.points == NULL ? DECIDE_COST : DECIDE_POINTS;
		CHECK(decide_count_extra(&e, &m, &extra, &arena, &o, &error) == OK);
		for (size_t b = 0; b < e.ballot_count; b++)
			sum += spent[b] * e.weight[b];
		for (size_t k = 0; k < o.step_count; k++)
			cost += o.steps[k].by == OUTCOME_BY_SHARES ?
			        e.options[o.steps[k].option].cost : 0;
		/* each rounded down by less than a thousandth */
		CHECK(sum <= cost * 1000 && sum > cost * 1000 - e.voters);
		arena_reset(&arena);
	}
}

static void
as_json(void)
{
	struct election e = make_election(&arena, 0, 2, "a=1 b=1 c=1", "3:a,b 3:c");
	struct outcome o = count_election(&arena, &e, &greedy);
	struct measure m = measured(&e, &o);
	json_t *json = measure_json(&m);
	struct buf text;

	buf_init(&text, 10000);
	CHECK(json_write(&text, json) == OK);
	CHECK_STR(buf_str(&text),
	          "{\"ejr_plus_up_to_any\":{\"deserves\":\"1\",\"failing\":1,\"group\":3,"
	          "\"has\":\"0\",\"holds\":false,\"option\":2},\"gini_millionths\":500000,"
	          "\"represented\":3,\"voters\":6,\"winners_held\":[\"3\",\"0\",\"3\"]}");
	json_decref(json);
	buf_release(&text);
}

/* Nobody passed over those whose choice could not stand beside the winner. */
static void
limited(void)
{
	static const uint32_t both[] = { 0, 2 };
	static const struct limits_group group = { STR_INIT("g"), both, 2, 0, -1, 0, 1, 0 };
	struct election e = make_election(&arena, 0, 2, "a=1 b=1 c=1", "3:a,b 3:c");
	struct outcome o = count_election(&arena, &e, &greedy);
	struct decide_error error;

	CHECK(!measured(&e, &o).ejr.holds);
	CHECK(limits_set(&e, &group, 1, NULL, 0, &arena, &error) == OK);
	o = count_election(&arena, &e, &greedy);
	CHECK_INT(o.options[2].why, OUTCOME_EXCLUDED);
	CHECK(measured(&e, &o).ejr.holds);
	arena_reset(&arena);
}

static void
without_memory(void)
{
	struct election e = make_election(&arena, 0, 2, "a=1 b=1 c=1", "3:a,b 3:c");
	struct outcome o = count_election(&arena, &e, &greedy);
	struct measure m;

	for (long n = 0; n < 4; n++) {
		arena.fail_after = n;
		CHECK(measure_of(&e, &o, &arena, &m) == NO_MEMORY);
	}
	arena.fail_after = -1;
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "EJR+: every group of random elections", ejr_of_random },
		{ "EJR+: Equal Shares never fails", shares_never_fail },
		{ "EJR+: committees", committee },
		{ "Gini: every pair of random elections", gini_of_random },
		{ "Gini: known", gini_of_known },
		{ "what ballots got", what_ballots_got },
		{ "what ballots spent adds up", spent_agrees },
		{ "as JSON", as_json },
		{ "EJR+: a limit passes over nobody", limited },
		{ "without memory", without_memory },
	};
	int bad;

	if (argc > 1)
		random_count = strtol(argv[1], NULL, 10);
	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
