#include "commons/roll.h"

#include "test.h"

static const struct str words = STR_INIT("She lives in the next town.");

static const struct {
	const char *what;
	enum round_state state;
	bool on_roll, struck, open_already;
	enum status want;
} makes[] = {
	{ "while voting runs", ROUND_OPEN, true, false, false, OK },
	{ "while others are settled", ROUND_SETTLING, true, false, false, OK },
	{ "a draft has no roll", ROUND_DRAFT, true, false, false, REFUSED },
	{ "the roll is frozen", ROUND_COUNTING, true, false, false, REFUSED },
	{ "it was counted", ROUND_COUNTED, true, false, false, REFUSED },
	{ "it was ended", ROUND_VOID, true, false, false, REFUSED },
	{ "not on the roll", ROUND_OPEN, false, false, false, NOT_FOUND },
	{ "struck before", ROUND_OPEN, true, true, false, REFUSED },
	{ "challenged already", ROUND_OPEN, true, false, true, REFUSED },
};

static void
test_make(void)
{
	struct refusal why;

	for (size_t i = 0; i < sizeof makes / sizeof *makes; i++) {
		struct challenge_facts facts = { .state = makes[i].state, .on_roll = makes[i].on_roll,
			                         .struck = makes[i].struck,
			                         .open_already = makes[i].open_already };
		int before = test_failures;

		CHECK_INT(challenge_may_make(&facts, words, &why), makes[i].want);
		if (test_failures > before)
			printf("# in: %s\n", makes[i].what);
	}
	CHECK_INT(challenge_may_make(&(struct challenge_facts){ .state = ROUND_OPEN, .on_roll = true },
	                             STR("no"), &why), REFUSED);
	CHECK(str_is(str_of(why.field), "reason"));
}

enum { STEWARD = 1, DOUBTER, VOTER };

static const struct {
	const char *what;
	enum round_state state;
	bool settled;
	int64_t who, other_stewards;
	enum status want;
} settles[] = {
	{ "another steward", ROUND_OPEN, false, STEWARD, 1, OK },
	{ "after voting", ROUND_SETTLING, false, STEWARD, 1, OK },
	{ "once only", ROUND_OPEN, true, STEWARD, 1, REFUSED },
	{ "the roll is frozen", ROUND_COUNTING, false, STEWARD, 1, REFUSED },
	{ "it was ended", ROUND_VOID, false, STEWARD, 1, REFUSED },
	{ "one's own place", ROUND_OPEN, false, VOTER, 0, REFUSED },
	{ "one's own challenge", ROUND_OPEN, false, DOUBTER, 1, REFUSED },
	{ "one's own where nobody else could", ROUND_OPEN, false, DOUBTER, 0, OK },
};

static void
test_settle(void)
{
	struct refusal why;

	for (size_t i = 0; i < sizeof settles / sizeof *settles; i++) {
		struct challenge_facts facts = {
			.state = settles[i].state, .settled = settles[i].settled,
			.who = { settles[i].who }, .person = { VOTER }, .by = { DOUBTER },
			.other_stewards = settles[i].other_stewards };
		int before = test_failures;

		CHECK_INT(challenge_may_settle(&facts, words, &why), settles[i].want);
		if (test_failures > before)
			printf("# in: %s\n", settles[i].what);
	}
	CHECK_INT(challenge_may_settle(&(struct challenge_facts){ .state = ROUND_OPEN,
	                                                          .who = { STEWARD } },
	                               STR("no"), &why), REFUSED);
	CHECK(str_is(str_of(why.field), "answer"));
}

static void
check_turnout(const char *what, size_t len, const int64_t *ballots, const char *want)
{
	struct turnout_cell cells[8];
	char got[9] = "";

	for (size_t i = 0; i < len; i++)
		cells[i] = (struct turnout_cell){ .ballots = ballots[i] };
	turnout_hide(cells, len);
	for (size_t i = 0; i < len; i++)
		got[i] = cells[i].hidden ? '-' : '+';
	if (strcmp(got, want) != 0) {
		test_failures++;
		printf("# %s: %s, not %s\n", what, got, want);
	}
}

static void
test_turnout(void)
{
	check_turnout("all large", 3, (int64_t[]){ 10, 20, 30 }, "+++");
	check_turnout("one small takes the smallest other with it", 4,
	              (int64_t[]){ 50, 9, 20, 30 }, "+--+");
	check_turnout("two small that hold enough together", 4, (int64_t[]){ 5, 6, 20, 30 }, "--++");
	check_turnout("two small that hold too few", 4, (int64_t[]){ 5, 4, 20, 30 }, "---+");
	check_turnout("nobody at all is small too", 3, (int64_t[]){ 0, 12, 40 }, "--+");
	check_turnout("two areas", 2, (int64_t[]){ 3, 400 }, "--");
	check_turnout("one area", 1, (int64_t[]){ 3 }, "-");
	check_turnout("none", 0, NULL, "");
}

/* For every small table: nobody who knows the total, the shown cells and this rule can tell a
 * hidden cell that is under the limit, unless all are hidden. */
static void
test_turnout_does_not_follow(void)
{
	for (int64_t a = 0; a < 24; a++)
		for (int64_t b = 0; b < 24; b++) {
			struct turnout_cell seen[3] = { { .ballots = a }, { .ballots = b },
				                        { .ballots = 40 } };
			int others = 0;

			turnout_hide(seen, 3);
			if (!seen[0].hidden || a >= TURNOUT_LEAST || seen[2].hidden)
				continue;
			CHECK(seen[1].hidden);
			for (int64_t x = 0; x <= a + b; x++) {
				struct turnout_cell maybe[3] = { { .ballots = x },
					                         { .ballots = a + b - x },
					                         { .ballots = 40 } };

				turnout_hide(maybe, 3);
				others += x != a && maybe[0].hidden && maybe[1].hidden &&
				          !maybe[2].hidden;
			}
			CHECK(others > 0);
		}
}

static const struct test_case cases[] = {
	{ "challenge: making", test_make },
	{ "challenge: settling", test_settle },
	{ "turnout: small cells are hidden", test_turnout },
	{ "turnout: hidden cells don't follow from the others", test_turnout_does_not_follow },
};
TEST_MAIN(cases)
