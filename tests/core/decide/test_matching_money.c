/* Matching money: examples by hand, a second way to count in plain 3000-bit floating point on
 * random rounds, and what must always hold. */
#include <gmp.h>

#include "base/chance.h"
#include "core/decide/matching_money.h"
#include "test.h"

enum { PROJECTS = 8, GIVERS = 9, BITS = 3000 };

static struct arena arena;
static struct decide_error error;

static struct matching_outcome
split(const struct matching *m)
{
	struct matching_outcome out;

	CHECK(matching_split(m, &arena, &out, &error) == OK);
	return out;
}

/* Nine givers of 1.00 beside one of 9.00: (9·10)² - 900 against 0. */
static void
by_hand(void)
{
	struct matching_gift gifts[16];
	struct matching m = { .fund = 100000, .project_count = 3, .gifts = gifts, .unit = 100 };
	struct matching_outcome out;

	for (uint32_t i = 0; i < 9; i++)
		gifts[m.gift_count++] = (struct matching_gift){ 0, i, 100 };
	gifts[m.gift_count++] = (struct matching_gift){ 1, 0, 900 };
	gifts[m.gift_count++] = (struct matching_gift){ 2, 1, 200 };
	gifts[m.gift_count++] = (struct matching_gift){ 2, 2, 800 };
	out = split(&m);
	/* 90² - 900 = 7200; 0; (√200 + √800)² - 1000 = (3√200)² - 1000 = 800. */
	CHECK_STR(out.projects[0].raw, "7200");
	CHECK_STR(out.projects[1].raw, "0");
	CHECK_STR(out.projects[2].raw, "800");
	CHECK_INT(out.projects[0].match, 90000);
	CHECK_INT(out.projects[1].match, 0);
	CHECK_INT(out.projects[2].match, 10000);
	CHECK_INT(out.projects[0].given, 900);
	CHECK_INT(out.projects[0].givers, 9);
	/* One more 1.00 to project 1: (30 + 10)² - 1000 = 600 of 8600. */
	CHECK(out.further);
	CHECK_INT(out.projects[1].further, 100000 * 600 / 8600 + 1); /* 6976.7: the largest remainder */
	CHECK_INT(out.left, 0);
	m.cap = 60000;
	out = split(&m);
	CHECK_INT(out.projects[0].match, 60000);
	CHECK(out.projects[0].capped && !out.projects[2].capped);
	CHECK_INT(out.projects[2].match, 40000);
	CHECK_INT(out.rounds, 2);
	m.cap = 30000;
	out = split(&m);
	CHECK_INT(out.total, 60000);
	CHECK_INT(out.left, 40000);
}

/* The bound: two givers never bring more than 2M together, and with M large it is quadratic. */
static void
pairwise_by_hand(void)
{
	struct matching_gift gifts[] = { { 0, 0, 100 }, { 0, 1, 100 }, { 1, 0, 300 }, { 1, 1, 300 } };
	struct matching m = { MATCHING_PAIRWISE, .fund = 1000, .bound = 100, .project_count = 2,
	                      .gifts = gifts, .gift_count = 4 };
	struct matching_outcome out = split(&m);

	/* k = 100 / (100 + 100 + 300) = 1/5; 2·100/5 = 40 and 2·300/5 = 120. */
	CHECK_STR(out.projects[0].raw, "40");
	CHECK_STR(out.projects[1].raw, "120");
	CHECK_INT(out.projects[0].match, 250);
	gifts[2].amount = gifts[3].amount = INT64_C(100000000000000);
	out = split(&m);
	CHECK_STR(out.projects[1].raw, "199");
	m.bound = MATCHING_MONEY_MAX;
	gifts[2].amount = gifts[3].amount = 300;
	out = split(&m);
	CHECK_STR(out.projects[1].raw, "599");
}

/* Equal projects with irrational raw matches: half each, the odd one by rank. */
static void
equal_projects(void)
{
	struct matching_gift gifts[] = { { 0, 0, 2 }, { 0, 1, 3 }, { 1, 2, 3 }, { 1, 3, 2 } };
	uint32_t rank[] = { 1, 0 };
	struct matching m = { .fund = 1001, .project_count = 2, .gifts = gifts, .gift_count = 4,
	                      .rank = rank };
	struct matching_outcome out = split(&m);

	CHECK_INT(out.projects[0].match, 500);
	CHECK_INT(out.projects[1].match, 501);
	CHECK(out.equal && out.bits == 4096);
	m.fund = 1000;
	out = split(&m);
	CHECK_INT(out.projects[0].match, 500);
	CHECK_INT(out.projects[1].match, 500);
	m.cap = 500;
	out = split(&m);
	CHECK_INT(out.projects[0].match, 500);
	CHECK_INT(out.projects[1].match, 500);
	CHECK(out.projects[0].capped && out.projects[1].capped);
	gifts[0].amount = 10;
	out = split(&m);
	CHECK_INT(out.total, 1000);
	CHECK(!out.equal && out.bits == 192);
}

/* ---- A second way to count. ---- */

static mpf_t amounts[PROJECTS][GIVERS], raws[PROJECTS], shares[PROJECTS];

static void
naive_raw(const struct matching *m, size_t p, mpf_t ret)
{
	mpf_t a, all;

	mpf_init(a);
	mpf_init(all);
	mpf_set_ui(ret, 0);
	for (size_t i = 0; i < GIVERS; i++)
		for (size_t j = i + 1; j < GIVERS; j++) {
			mpf_set_ui(all, 0);
			for (size_t q = 0; q < PROJECTS; q++) {
				mpf_mul(a, amounts[q][i], amounts[q][j]);
				mpf_sqrt(a, a);
				mpf_add(all, all, a);
			}
			mpf_mul(a, amounts[p][i], amounts[p][j]);
			mpf_sqrt(a, a);
			mpf_mul_ui(a, a, 2);
			if (m->rule == MATCHING_PAIRWISE) {
				mpf_mul_ui(a, a, (unsigned long)m->bound);
				mpf_add_ui(all, all, (unsigned long)m->bound);
				mpf_div(a, a, all);
			}
			mpf_add(ret, ret, a);
		}
	mpf_clear(a);
	mpf_clear(all);
}

/* min(cap, z raw) by halving z's interval: no rounds of redistribution. */
static void
naive_shares(const struct matching *m)
{
	mpf_t low, high, z, sum, a;

	mpf_init(low);
	mpf_init_set_ui(high, 1);
	mpf_mul_2exp(high, high, 70);
	mpf_init(z);
	mpf_init(sum);
	mpf_init(a);
	for (int step = 0; step < BITS - 200; step++) {
		mpf_add(z, low, high);
		mpf_div_2exp(z, z, 1);
		mpf_set_ui(sum, 0);
		for (size_t p = 0; p < PROJECTS; p++) {
			mpf_mul(shares[p], raws[p], z);
			if (m->cap > 0 && mpf_cmp_si(shares[p], m->cap) > 0)
				mpf_set_si(shares[p], m->cap);
			mpf_add(sum, sum, shares[p]);
		}
		if (mpf_cmp_si(sum, m->fund) <= 0)
			mpf_set(low, z);
		else
			mpf_set(high, z);
	}
	mpf_clear(low);
	mpf_clear(high);
	mpf_clear(z);
	mpf_clear(sum);
	mpf_clear(a);
}

static void
check_against_naive(const struct matching *m, const struct matching_outcome *out)
{
	mpf_t share, other;
	int64_t total = 0;

	mpf_init(share);
	mpf_init(other);
	for (size_t p = 0; p < PROJECTS; p++) {
		mpf_set_si(share, out->projects[p].match);
		mpf_sub(share, share, shares[p]);
		mpf_abs(other, share);
		CHECK(mpf_cmp_ui(other, 1) < 0); /* rounded down, or one more */
		total += out->projects[p].match;
		for (size_t q = 0; q < PROJECTS; q++) { /* who was rounded up had the larger rest */
			mpf_t rest;

			mpf_set_si(other, out->projects[q].match);
			mpf_sub(other, other, shares[q]);
			mpf_init_set_d(rest, 1e-100);
			/* p up by u > 0, q down by d >= 0: 1 - u >= d, but for equals. */
			if (mpf_cmp(share, rest) > 0 && mpf_sgn(other) <= 0) {
				mpf_sub(other, share, other);
				mpf_ui_sub(other, 1, other);
				mpf_add(other, other, rest);
				CHECK(mpf_sgn(other) >= 0);
			}
			mpf_clear(rest);
		}
		CHECK(m->cap == 0 || out->projects[p].match <= m->cap);
	}
	CHECK_INT(total, out->total);
	CHECK_INT(out->left, m->fund - total);
	CHECK(total <= m->fund);
	mpf_clear(share);
	mpf_clear(other);
}

static void
random_rounds(void)
{
	static const uint8_t seed[32] = "matching money";
	struct chance chance;
	int capped = 0, kept = 0;

	chance_from_seed(&chance, seed);
	for (int round = 0; round < 60; round++) {
		struct matching_gift gifts[40];
		struct matching m = { .rule = round & 1, .fund = 1 + (int64_t)chance_below(&chance, 5000),
			.bound = 1 + (int64_t)chance_below(&chance, 1000), .project_count = PROJECTS,
			.gifts = gifts, .gift_count = chance_below(&chance, 40) };
		struct matching_outcome out;

		if (round & 2)
			m.cap = m.fund / (1 + (int64_t)chance_below(&chance, 9)) + 1;
		for (size_t p = 0; p < PROJECTS; p++)
			for (size_t i = 0; i < GIVERS; i++)
				mpf_set_ui(amounts[p][i], 0);
		for (size_t i = 0; i < m.gift_count; i++) {
			struct matching_gift *g = &gifts[i];

			g->project = (uint32_t)chance_below(&chance, PROJECTS);
			g->giver = (uint32_t)chance_below(&chance, GIVERS);
			g->amount = 1 + (int64_t)chance_below(&chance, round & 4 ? 12 : 100000);
			mpf_add_ui(amounts[g->project][g->giver], amounts[g->project][g->giver],
			           (unsigned long)g->amount);
		}
		for (size_t p = 0; p < PROJECTS; p++)
			naive_raw(&m, p, raws[p]);
		naive_shares(&m);
		out = split(&m);
		check_against_naive(&m, &out);
		capped += out.rounds > 1;
		kept += out.left > 0;
		arena_reset(&arena);
	}
	CHECK(capped > 8 && kept > 2);
}

/* In another order the same; everybody of a project giving k times as much: raw k times. */
static void
order_of_gifts(void)
{
	struct matching_gift gifts[] = { { 0, 0, 7 }, { 1, 0, 11 }, { 0, 1, 5 }, { 1, 2, 13 },
	                                 { 0, 0, 4 }, { 2, 3, 9 }, { 2, 0, 2 } };
	struct matching m = { MATCHING_PAIRWISE, .fund = 997, .bound = 10, .project_count = 3,
	                      .gifts = gifts, .gift_count = 7, .unit = 1 };
	struct matching_outcome a = split(&m), b;

	for (size_t i = 0; i < 3; i++) {
		struct matching_gift swap = gifts[i];

		gifts[i] = gifts[6 - i];
		gifts[6 - i] = swap;
	}
	b = split(&m);
	for (size_t p = 0; p < 3; p++) {
		CHECK_INT(a.projects[p].match, b.projects[p].match);
		CHECK_INT(a.projects[p].further, b.projects[p].further);
		CHECK(a.projects[p].further > 0);
	}
}

static void
bad_input(void)
{
	struct matching_gift gift = { 0, 0, 0 }, large[] = { { 0, 0, MATCHING_MONEY_MAX }, { 0, 1, 1 } };
	struct matching m = { .fund = 0, .project_count = 1, .gifts = &gift };
	struct matching_outcome out;
	struct arena little;

	CHECK(matching_split(&m, &arena, &out, &error) == INVALID);
	CHECK_STR(error.field, "fund");
	m.fund = 10;
	CHECK(matching_split(&m, &arena, &out, &error) == OK && out.left == 10); /* no gifts */
	m.gift_count = 1;
	CHECK(matching_split(&m, &arena, &out, &error) == INVALID);
	CHECK_STR(error.field, "amount");
	m.gifts = large;
	m.gift_count = 2;
	CHECK(matching_split(&m, &arena, &out, &error) == INVALID);
	gift.amount = 1;
	m.gifts = &gift;
	m.gift_count = 1;
	m.cap = -1;
	CHECK(matching_split(&m, &arena, &out, &error) == INVALID);
	m.cap = 0;
	m.rule = MATCHING_PAIRWISE;
	CHECK(matching_split(&m, &arena, &out, &error) == INVALID);
	m.bound = 1;
	CHECK(matching_split(&m, &arena, &out, &error) == OK && out.total == 0);
	arena_init(&little, 100);
	CHECK(matching_split(&m, &little, &out, &error) == NO_MEMORY);
	arena_release(&little);
}

static const struct test_case cases[] = {
	{ "matching: quadratic by hand, cap and what is left", by_hand },
	{ "matching: pairwise by hand, and its bound", pairwise_by_hand },
	{ "matching: equal projects, by rank", equal_projects },
	{ "matching: 60 random rounds against a second way", random_rounds },
	{ "matching: the order of gifts does not matter", order_of_gifts },
	{ "matching: bad input", bad_input },
};

int
main(void)
{
	int bad;

	mpf_set_default_prec(BITS);
	for (size_t p = 0; p < PROJECTS; p++) {
		mpf_init(raws[p]);
		mpf_init(shares[p]);
		for (size_t i = 0; i < GIVERS; i++)
			mpf_init(amounts[p][i]);
	}
	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	for (size_t p = 0; p < PROJECTS; p++) {
		mpf_clear(raws[p]);
		mpf_clear(shares[p]);
		for (size_t i = 0; i < GIVERS; i++)
			mpf_clear(amounts[p][i]);
	}
	return bad;
}
