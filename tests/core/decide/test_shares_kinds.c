/* What must hold of the kinds of Equal Shares whatever the election: who comes first does not matter,
 * parts are equal, and what a kind does not know is refused. */
#include <gmp.h>

#include "naive_make.h"

/* The outcome as text. */
static struct str
count_text(const struct naive *n, const struct method *m, struct buf *text)
{
	struct election e = election_of(n, false);
	struct outcome o;
	struct decide_error error;

	CHECK(decide_count(&e, m, &arena, &o, &error) == OK);
	CHECK(o.total_cost <= o.budget);
	buf_init(text, 1 << 20);
	outcome_write(text, &o);
	return buf_str(text);
}

static const struct method kinds_of_shares[] = {
	{ .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_ADD1U },
	{ .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_EXACT },
	{ .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_EXACT, .utility = DECIDE_CARDINALITY },
	{ .rule = DECIDE_OVERSPENDING },
	{ .rule = DECIDE_OVERSPENDING, .utility = DECIDE_CARDINALITY },
};

enum { KINDS = sizeof kinds_of_shares / sizeof *kinds_of_shares };

/* Anonymity: the order of ballots changes nothing, to the byte. */
static void
order_of_ballots(void)
{
	static const uint8_t seed[32] = "folkmoot order";
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (int i = 0; i < 200 * KINDS; i++) {
		const struct method *m = &kinds_of_shares[i % KINDS];
		struct buf text[2];
		struct naive n;
		struct str first;

		make_random(&chance, &n);
		first = count_text(&n, m, &text[0]);
		for (int v = 0; v < n.voters / 2; v++) {
			uint32_t b = n.ballot[v];

			n.ballot[v] = n.ballot[n.voters - 1 - v];
			n.ballot[n.voters - 1 - v] = b;
		}
		CHECK(str_eq(first, count_text(&n, m, &text[1])));
		buf_release(&text[0]);
		buf_release(&text[1]);
		arena_reset(&arena);
	}
}

/* Neutrality: options in another order, with the ids they had, win as before. */
static void
order_of_options(void)
{
	static const uint8_t seed[32] = "folkmoot options";
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (int i = 0; i < 200 * KINDS; i++) {
		const struct method *m = &kinds_of_shares[i % KINDS];
		struct election e[2];
		struct outcome o[2];
		struct decide_error error;
		struct naive n, t;

		make_random(&chance, &n);
		t = n;
		for (int a = 0; a < n.options; a++) {
			int b = n.options - 1 - a;

			t.cost[a] = n.cost[b];
			t.withdrawn[a] = n.withdrawn[b];
			memcpy(t.id[a], n.id[b], sizeof t.id[a]);
			for (int v = 0; v < n.voters; v++)
				t.ballot[v] = (t.ballot[v] & ~(1u << a)) | (n.ballot[v] >> b & 1) << a;
		}
		e[0] = election_of(&n, false);
		e[1] = election_of(&t, false);
		for (int k = 0; k < 2; k++)
			CHECK(decide_count(&e[k], m, &arena, &o[k], &error) == OK);
		CHECK(o[0].step_count == o[1].step_count && str_eq(o[0].share, o[1].share));
		for (size_t s = 0; s < o[0].step_count && s < o[1].step_count; s++)
			CHECK(str_eq(e[0].options[o[0].steps[s].option].id,
			             e[1].options[o[1].steps[s].option].id));
		arena_reset(&arena);
	}
}

/* With the completion exact all who pay for an option pay the same, and together just its cost; the
 * figures say so. */
static void
equal_parts(void)
{
	static const uint8_t seed[32] = "folkmoot parts";
	struct chance chance;
	long steps = 0;

	chance_from_seed(&chance, seed);
	for (int i = 0; i < 1000; i++) {
		struct method m = { .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_EXACT,
		                    .utility = DECIDE_CARDINALITY };
		struct naive n;
		struct election e;
		struct outcome o;
		struct decide_error error;

		make_random(&chance, &n);
		e = election_of(&n, false);
		CHECK(decide_count(&e, &m, &arena, &o, &error) == OK);
		for (size_t s = 0; s < o.step_count; s++) {
			const struct outcome_step *step = &o.steps[s];
			mpq_t price, all;

			if (step->by != OUTCOME_BY_SHARES)
				continue;
			mpq_inits(price, all, NULL);
			CHECK(mpq_set_str(price, step->rho.ptr, 10) == 0);
			mpq_set_si(all, step->payers, 1);
			mpq_mul(all, all, price);
			CHECK(mpq_cmp_si(all, e.options[step->option].cost, 1) == 0);
			CHECK_INT(step->effective_votes_milli, step->payers * 1000);
			CHECK_INT(step->all_in, 0);
			CHECK(o.options[step->option].could_pay >= e.options[step->option].cost);
			mpq_clears(price, all, NULL);
			steps++;
		}
		arena_reset(&arena);
	}
	CHECK(steps > 1000);
}

/* Points and limits are refused where everybody pays alike. */
static void
no_points(void)
{
	static const struct limits limits = { .group_count = 0 };
	struct naive n = { .voters = 1, .options = 1, .budget = 1, .cost = { 1 }, .id = { "a" },
	                   .ballot = { 1 }, .points = { { 1 } } };
	struct election e = election_of(&n, true);

	for (int utility = DECIDE_POINTS; utility <= DECIDE_COST_POINTS; utility++) {
		struct method m = { .rule = DECIDE_OVERSPENDING,
		                    .utility = (enum decide_utility)utility };
		struct decide_error error = { 0 };
		struct outcome o;

		CHECK(decide_count(&e, &m, &arena, &o, &error) == INVALID);
		CHECK(str_is(error.field, "utility") && error.message.text != NULL);
		m.rule = DECIDE_EQUAL_SHARES;
		m.completion = DECIDE_EXACT;
		CHECK(decide_count(&e, &m, &arena, &o, &error) == INVALID);
		CHECK(str_is(error.field, "completion"));
	}
	e = election_of(&n, false);
	e.limits = &limits;
	for (int i = 1; i < KINDS; i++) {
		struct decide_error error = { 0 };
		struct outcome o;

		CHECK(decide_count(&e, &kinds_of_shares[i], &arena, &o, &error) == INVALID);
		CHECK(str_is(error.field, i < 3 ? "completion" : "rule"));
	}
	arena_reset(&arena);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "the order of ballots does not matter", order_of_ballots },
		{ "the order of options does not matter", order_of_options },
		{ "exact: equal parts that make up the cost", equal_parts },
		{ "points and limits are refused where everybody pays alike", no_points },
	};
	int bad;

	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
