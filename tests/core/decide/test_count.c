/* Counts small enough to be done by hand. */
#include "make.h"
#include "test.h"

static struct arena arena;

static struct outcome
count(const struct election *e, enum decide_rule rule, enum decide_utility utility,
      enum decide_completion completion, enum decide_ties ties)
{
	struct method method = { rule, utility, completion, ties, 0, { 0 } };

	return count_election(&arena, e, &method);
}

#define GREEDY(e, utility) count(&(e), DECIDE_GREEDY, (utility), DECIDE_NONE, DECIDE_TIES_ID)
#define SHARES(e, utility, completion) \
	count(&(e), DECIDE_EQUAL_SHARES, (utility), (completion), DECIDE_TIES_ID)
#define WINNERS(e, outcome) winners_of(&arena, &(e), &(outcome))

static void
greedy_takes_what_fits(void)
{
	struct election e = make_election(&arena, 0, 100, "a=60 b=50 c=40 d=10 f=0 g=0 n=1",
	                                  "5:a,b 3:b,c 2:c,f 1:d");
	struct outcome o = GREEDY(e, DECIDE_COST);

	/* f costs nothing and is wanted: first. b 8, a 5 (does not fit in 50), c 5, d 1. */
	CHECK_STR(WINNERS(e, o), "f,b,c,d");
	CHECK_INT(o.total_cost, 100);
	CHECK(o.options[0].why == OUTCOME_NO_ROOM);
	CHECK_INT(o.options[0].left, 50);
	CHECK(o.options[5].why == OUTCOME_NOBODY);
	CHECK(o.options[6].why == OUTCOME_NOBODY);
	CHECK_INT(o.represented, 11);
	CHECK_INT(o.winners_held_count, 3);
	CHECK_INT(o.winners_held[1], 6);
	CHECK_INT(o.winners_held[2], 5);
}

static void
greedy_no_skip(void)
{
	struct election e = make_election(&arena, 0, 100, "a=60 b=50 c=40 d=10", "5:a 3:b 2:c 1:d");
	struct outcome o = count(&e, DECIDE_GREEDY_NO_SKIP, DECIDE_COST, DECIDE_NONE, DECIDE_TIES_ID);

	/* a fits, b does not, and there it ends: c and d would have fitted. */
	CHECK_STR(WINNERS(e, o), "a");
	CHECK(o.options[1].why == OUTCOME_NO_ROOM);
	CHECK_INT(o.options[1].left, 40);
	CHECK(o.options[2].why == OUTCOME_STOPPED);
	CHECK(o.options[3].why == OUTCOME_STOPPED);
	CHECK_INT(o.options[3].left, -1);
}

static void
greedy_per_cost(void)
{
	struct election e = make_election(&arena, 0, 100, "a=60 b=30 c=20", "5:a 3:b 2:c");
	struct outcome o = GREEDY(e, DECIDE_CARDINALITY);

	/* votes per cost: b 1/10 and c 1/10 tie, a 1/12 no longer fits */
	CHECK_STR(WINNERS(e, o), "b,c");
	CHECK_INT(o.steps[0].tied, 1);
	CHECK_INT(o.steps[1].tied, 0);
	CHECK_INT(o.options[0].left, 50);
}

static void
withdrawn_options_keep_ballots_but_lose(void)
{
	struct election e = make_election(&arena, 0, 100, "!a=10 b=60", "9:a 1:b");
	struct outcome greedy = GREEDY(e, DECIDE_COST);
	struct outcome shares = SHARES(e, DECIDE_COST, DECIDE_NONE);

	CHECK_STR(WINNERS(e, greedy), "b");
	CHECK(greedy.options[0].why == OUTCOME_WITHDRAWN);
	CHECK_INT(e.options[0].votes, 9);
	/* ten shares of 10: b's one voter can't pay 60 */
	CHECK_STR(WINNERS(e, shares), "");
	CHECK(shares.options[1].why == OUTCOME_NOT_PAYABLE);
	CHECK_INT(shares.options[1].could_pay, 10);
	CHECK(shares.options[0].why == OUTCOME_WITHDRAWN);
}

/* Ten voters with 10 each. a: 6 supporters, b: 4 of them and 1 more, c: 4 others. */
static void
shares_by_hand(void)
{
	struct election e = make_election(&arena, 0, 100, "a=36 b=30 c=48 d=8",
	                                  "2:a 4:a,b 1:b,c 3:c,d");
	struct outcome o = SHARES(e, DECIDE_COST, DECIDE_NONE);

	/* a: 36/6 = 6 each, rho 1/6. Then b: 4 voters have 4, one has 10: 16 + 10 < 30, lost.
	 * c: 48 > 40, lost from the start. d: 8/3 each, rho 1/3. */
	CHECK_STR(WINNERS(e, o), "a,d");
	CHECK_STR(o.steps[0].rho, "1/6");
	CHECK_INT(o.steps[0].price_milli, 6000);
	CHECK_INT(o.steps[0].effective_votes_milli, 6000);
	CHECK_INT(o.steps[0].payers, 6);
	CHECK_INT(o.steps[0].all_in, 0);
	CHECK_INT(o.options[0].could_pay, 60);
	CHECK_INT(o.steps[1].price_milli, 2666);
	CHECK_INT(o.options[1].could_pay, 26);
	CHECK_INT(o.options[2].could_pay, 40);
	CHECK(o.options[1].why == OUTCOME_NOT_PAYABLE);
	CHECK_STR(o.share, "10");
	CHECK_INT(o.total_cost, 44);
	/* spent: 1 voter 0, 3 voters 2 2/3, 6 voters 6 */
	CHECK_INT(o.spent_milli[0], 0);
	CHECK_INT(o.spent_milli[1], 2666);
	CHECK_INT(o.spent_milli[3], 2666);
	CHECK_INT(o.spent_milli[4], 6000);
	CHECK_INT(o.steps[0].paid_milli[0], -1); /* six payers: too few to show */
}

static void
the_poor_pay_what_they_have(void)
{
	struct election e = make_election(&arena, 0, 120, "a=44 b=50", "4:a 8:a,b");
	struct outcome o = SHARES(e, DECIDE_COST, DECIDE_NONE);

	/* a: 44/12 = 3 2/3. Left: 6 1/3 each; b: 8 * 6 1/3 = 50 2/3 >= 50: 6 1/4 each */
	CHECK_STR(WINNERS(e, o), "a,b");
	CHECK_STR(o.steps[1].rho, "1/8");
	CHECK_INT(o.options[1].could_pay, 50);
	CHECK_INT(o.steps[0].paid_milli[0], 3666);

	e = make_election(&arena, 0, 120, "a=70 b=30", "8:a 2:a,b 2:b");
	o = SHARES(e, DECIDE_COST, DECIDE_NONE);
	/* a: 7 each. b: two have 3, two have 10: 26 < 30 */
	CHECK_STR(WINNERS(e, o), "a");
	CHECK_INT(o.options[1].could_pay, 26);
	o = SHARES(e, DECIDE_COST, DECIDE_ADD1);
	/* one more each: a 7, b: two have 4, two have 11: 30 */
	CHECK_STR(WINNERS(e, o), "a,b");
	CHECK_INT(o.increments, 1);
	CHECK(o.stop == OUTCOME_STOP_ALL);
	CHECK_STR(o.steps[1].rho, "11/30");
	CHECK_INT(o.steps[1].all_in, 2);
	CHECK_STR(o.share, "11");
}

static void
ties(void)
{
	struct election e = make_election(&arena, 0, 100, "2=50 10=50 x=50", "4:2 4:10 2:x");
	struct method lot = { .rule = DECIDE_GREEDY, .ties = DECIDE_TIES_COST_VOTES_LOT };
	struct outcome o = GREEDY(e, DECIDE_COST);
	int first = 0;

	CHECK_STR(WINNERS(e, o), "10,2");
	CHECK_INT(o.steps[0].tied, 1);
	for (int seed = 0; seed < 64; seed++) {
		struct outcome a, b;

		lot.seed[0] = (uint8_t)seed;
		a = count_election(&arena, &e, &lot);
		b = count_election(&arena, &e, &lot);
		CHECK_INT(a.step_count, 2);
		CHECK(a.steps[0].option == b.steps[0].option);
		first += a.steps[0].option == 0;
	}
	CHECK(first > 16 && first < 48); /* a fair lot: 32 of 64, standard deviation 4 */

	/* lower cost goes first among equally many votes */
	e = make_election(&arena, 0, 100, "a=90 b=80", "4:a,b");
	lot.seed[0] = 0;
	o = count_election(&arena, &e, &lot);
	CHECK_STR(WINNERS(e, o), "b");
}

static void
completions(void)
{
	/* 4 voters, 25 each; p is wanted by all, q by one, r by one, s by none */
	struct election e = make_election(&arena, 0, 100, "p=40 q=30 r=35 s=5",
	                                  "1:p,q 1:p,r 2:p");
	struct outcome o = SHARES(e, DECIDE_COST, DECIDE_NONE);

	CHECK_STR(WINNERS(e, o), "p");
	CHECK_INT(o.options[1].could_pay, 25); /* never enough, not even before p */
	o = SHARES(e, DECIDE_COST, DECIDE_UTILITARIAN);
	CHECK_STR(WINNERS(e, o), "p,q");
	CHECK(o.options[1].why == OUTCOME_WON_REST);
	CHECK(o.options[2].why == OUTCOME_NO_ROOM);
	CHECK_INT(o.options[2].left, 30);
	CHECK_INT(o.options[2].could_pay, 25);
	o = SHARES(e, DECIDE_COST, DECIDE_ADD1);
	/* 15 more each: q's voter has 30; then nothing wanted fits in 30 */
	CHECK_STR(WINNERS(e, o), "p,q");
	CHECK_INT(o.increments, 15);
	CHECK(o.stop == OUTCOME_STOP_EXHAUSTIVE);
	o = SHARES(e, DECIDE_COST, DECIDE_ADD1_OFFICIAL);
	/* 5 more: r's too, 105 > 100 */
	CHECK_STR(WINNERS(e, o), "p,q");
	CHECK_INT(o.increments, 19);
	CHECK(o.stop == OUTCOME_STOP_COST);
	CHECK_INT(o.next_cost, 105);
	o = SHARES(e, DECIDE_COST, DECIDE_ADD1U);
	/* s fits, though nobody wants it: increments go on as with add1-official */
	CHECK_INT(o.increments, 19);
	CHECK_STR(WINNERS(e, o), "p,q");
}

/* Ten people, a share of 10. */
/* More money in shares than int64_t holds. */
static void
exact_beyond(void)
{
	struct method m = { .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_EXACT };
	struct election e = make_election(&arena, 0, INT64_C(1000000000000000),
	                                  "a=1 b=900000000000000", "20000:a 1:b");
	struct outcome o = count_election(&arena, &e, &m);

	CHECK_STR(winners_of(&arena, &e, &o), "a,b");
	CHECK_INT(o.options[0].could_pay, -1);
	arena_reset(&arena);
}

static void
exact_by_hand(void)
{
	struct election e = make_election(&arena, 0, 100, "b=48 d=24", "2:b,d 4:b 4:d");
	struct method m = { DECIDE_EQUAL_SHARES, DECIDE_COST, DECIDE_EXACT, DECIDE_TIES_ID, 0,
	                    { 0 } };
	struct outcome o = count_election(&arena, &e, &m);

	/* Six pay 8 each for b, as d would have as many. Two of d's six then have 2, which is less
	 * than 4: the other four pay 6, and those two nothing. */
	CHECK(str_is(WINNERS(e, o), "b,d") && o.stop == OUTCOME_STOP_ALL);
	CHECK(o.steps[0].payers == 6 && o.steps[0].tied == 1 && str_is(o.steps[0].rho, "1/6"));
	CHECK(o.steps[1].payers == 4 && o.steps[1].tied == 0 && str_is(o.steps[1].rho, "1/4"));
	CHECK_INT(o.steps[1].price_milli, 6000);
	CHECK_INT(o.options[1].could_pay, 40);

	/* After b, c needs 15 each of four, a needs 8 + 15 of two: c's turn comes first. */
	m.utility = DECIDE_CARDINALITY;
	e = make_election(&arena, 0, 110, "a=30 b=48 c=60", "2:a,b 4:b 4:c");
	o = count_election(&arena, &e, &m);
	CHECK(str_is(WINNERS(e, o), "b,c") && o.stop == OUTCOME_STOP_EXHAUSTIVE);
	CHECK(str_is(o.share, "15") && o.increments == 1);
	CHECK_INT(o.options[0].could_pay, 14);

	/* c's turn comes at 17.5 and would cost too much. */
	e = make_election(&arena, 0, 100, "a=32 b=48 c=70", "2:a,b 4:b 4:c");
	o = count_election(&arena, &e, &m);
	CHECK(str_is(WINNERS(e, o), "b") && o.stop == OUTCOME_STOP_COST);
	CHECK(str_is(o.share, "10") && o.increments == 0);
	CHECK_INT(o.next_cost, 118);
	CHECK_INT(o.options[2].could_pay, 40);
}

/* Two that can pay for all, seven that can nearly; and ten people with six options, which an
 * implementation of the paper by others counts so too. */
static void
overspending_by_hand(void)
{
	struct election e = make_election(&arena, 0, 1000, "p=1000 q=100", "2:p 1:q");
	struct method m = { .rule = DECIDE_OVERSPENDING, .ties = DECIDE_TIES_ID };
	struct outcome o = count_election(&arena, &e, &m);

	/* Both have a third of 1000: together 2/3 of p. For p 333.33 / (2/3) = 500 of each, over the
	 * part and the cost 3/4; for q 100 of one, over the cost 1. */
	CHECK(str_is(WINNERS(e, o), "p") && str_is(o.steps[0].rho, "3/4"));
	CHECK(e.options[1].cost > o.budget - o.total_cost && o.options[1].why == OUTCOME_NO_ROOM);
	CHECK_INT(o.options[1].left, 0);
	e = make_election(&arena, 0, 100, "p=90 q=30", "7:p 3:q");
	o = count_election(&arena, &e, &m);
	/* p: x = 10 gives 70 of 90: 10 / (7/9) = 90/7 each; for its part 90/7 / 90 / (7/9) = 9/49;
	 * q: 10 each for all: 1/3 */
	CHECK(str_is(WINNERS(e, o), "p"));
	CHECK(str_is(o.steps[0].rho, "9/49") && o.steps[0].all_in == 7);
	CHECK_INT(o.steps[0].price_milli, 12857);
	CHECK_INT(o.steps[0].effective_votes_milli, 7000);
	e = make_election(&arena, 0, 1000000, "a=300000 b=400000 c=300000 d=240000 e=170000 f=100000",
	                  "1:a 1:a,b,c,e 3:a,b,c 1:a,b,f 2:d,e 1:d,e,f 1:c,d,f");
	o = count_election(&arena, &e, &m);
	CHECK_INT(o.total_cost, 940000);
	CHECK(o.options[0].place > 0 && o.options[2].place > 0 && o.options[3].place > 0 &&
	      o.options[5].place > 0);
}

static void
nobody_voted(void)
{
	struct election e = make_election(&arena, 0, 100, "p=40 q=30", "");
	struct outcome o = SHARES(e, DECIDE_COST, DECIDE_ADD1U);

	CHECK_INT(o.step_count, 0);
	CHECK_INT(o.represented, 0);
	CHECK(o.options[0].why == OUTCOME_NOBODY);
	e = make_election(&arena, 0, 100, "p=40 q=30", "7:");
	o = SHARES(e, DECIDE_COST, DECIDE_ADD1U);
	CHECK_INT(o.step_count, 0);
	CHECK_INT(o.voters, 7);
}

static void
great_many_increments(void)
{
	/* One voter in 10,000 wants what costs nearly all: 10^15 steps, all but the last alike. */
	struct election e = make_election(&arena, 0, INT64_C(1000000000000000),
	                                  "p=999999999999999", "1:p 9999:");
	struct outcome o = SHARES(e, DECIDE_COST, DECIDE_ADD1);

	CHECK_STR(WINNERS(e, o), "p");
	CHECK_INT(o.increments, INT64_C(999999999999999) - INT64_C(100000000000));
}

static void
fail_each(const struct method *m)
{
	struct election e = make_election(&arena, 0, 120, "a=70 b=30 c=4", "8:a 2:a,b 2:b,c");
	enum status st;
	long n = 0;

	do {
		struct decide_error error;
		struct outcome o;
		struct arena small;

		arena_init(&small, 1 << 20);
		small.fail_after = n++;
		st = decide_count(&e, m, &small, &o, &error);
		CHECK(st == OK || st == NO_MEMORY);
		arena_release(&small);
	} while (st != OK && n < 1000);
	CHECK(n > 10 && n < 1000);
}

/* Every allocation failed in turn (GMP's own are not counted: it aborts). */
static void
out_of_memory(void)
{
	static const struct method methods[] = {
		{ .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_ADD1U },
		{ .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_EXACT },
		{ .rule = DECIDE_OVERSPENDING },
	};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		fail_each(&methods[i]);
}

static void
written_and_read_again(void)
{
	struct election e = make_election(&arena, 0, 120, "a=70 b=30 !c=4", "8:a 2:a,b 2:b");
	struct outcome o = SHARES(e, DECIDE_COST, DECIDE_ADD1U), again;
	struct buf one, two;

	buf_init(&one, 100000);
	buf_init(&two, 100000);
	outcome_write(&one, &o);
	CHECK(buf_status(&one) == OK);
	CHECK(outcome_read(&arena, buf_str(&one), &again) == OK);
	outcome_write(&two, &again);
	CHECK(buf_status(&two) == OK && str_eq(buf_str(&one), buf_str(&two)));
	CHECK(outcome_read(&arena, STR("{}"), &again) == INVALID);
	CHECK(outcome_read(&arena, STR("[1]"), &again) == INVALID);
	CHECK(outcome_read(&arena, str_cut(buf_str(&one), 0, 100), &again) == INVALID);
	buf_release(&one);
	buf_release(&two);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "greedy takes what fits", greedy_takes_what_fits },
	{ "greedy-no-skip ends at the first that does not fit", greedy_no_skip },
		{ "greedy by votes per cost", greedy_per_cost },
		{ "withdrawn options keep their ballots but lose", withdrawn_options_keep_ballots_but_lose },
		{ "equal shares by hand", shares_by_hand },
		{ "the poor pay what they have", the_poor_pay_what_they_have },
		{ "ties", ties },
		{ "completions", completions },
		{ "exact equal shares by hand", exact_by_hand },
		{ "exact equal shares with more than can be said", exact_beyond },
		{ "bounded overspending by hand", overspending_by_hand },
		{ "nobody voted", nobody_voted },
		{ "a great many increments are skipped", great_many_increments },
		{ "every allocation failed in turn", out_of_memory },
		{ "an outcome written and read again", written_and_read_again },
	};
	int bad;

	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
