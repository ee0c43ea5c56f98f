#include "web/limit.h"

#include "test.h"

static void
test_fills_by_the_minute(void)
{
	struct limit *limit = limit_new();
	struct limit_rate rate = { .burst = 3, .per_minute = 6 };
	uint64_t key = limit_key(limit, "sign-in", STR("a@example.org"));
	int given = 0;

	for (int i = 0; i < 5; i++)
		CHECK_INT(limit_take(limit, key, rate, 1000), i < 3);
	CHECK(!limit_take(limit, key, rate, 10999));
	CHECK(limit_take(limit, key, rate, 11000)); /* one every 10 s */
	CHECK(!limit_take(limit, key, rate, 11001));
	for (int64_t ms = 11001; ms <= 71001; ms += 6)
		given += limit_take(limit, key, rate, ms);
	CHECK_INT(given, 6);
	/* Never more than the burst, however long it was idle; a clock that goes back is no error. */
	for (int i = 0; i < 5; i++)
		CHECK_INT(limit_take(limit, key, rate, INT64_C(1) << 50), i < 3);
	CHECK(!limit_take(limit, key, rate, 5));
	limit_free(limit);
}

static void
test_apart(void)
{
	struct limit *limit = limit_new();
	struct limit_rate rate = { .burst = 1, .per_minute = 1 };

	CHECK(limit_take(limit, limit_key(limit, "a", STR("x")), rate, 0));
	CHECK(!limit_take(limit, limit_key(limit, "a", STR("x")), rate, 0));
	CHECK(limit_take(limit, limit_key(limit, "a", STR("y")), rate, 0));
	CHECK(limit_take(limit, limit_key(limit, "b", STR("x")), rate, 0));
	limit_free(limit);
}

/* A flood of others takes no memory, and does not free whoever is over the limit at once. */
static void
test_flood(void)
{
	struct limit *limit = limit_new();
	struct limit_rate rate = { .burst = 1, .per_minute = 1 };
	char name[24];

	for (int i = 0; i < 200000; i++) {
		(void)snprintf(name, sizeof name, "%d", i);
		CHECK(limit_take(limit, limit_key(limit, "a", str_of(name)), rate, i / 100));
	}
	(void)snprintf(name, sizeof name, "%d", 199999);
	CHECK(!limit_take(limit, limit_key(limit, "a", str_of(name)), rate, 2000));
	limit_free(limit);
}

static const struct test_case cases[] = {
	{ "limit: a burst, then by the minute", test_fills_by_the_minute },
	{ "limit: kinds and people apart", test_apart },
	{ "limit: a flood of addresses", test_flood },
};
TEST_MAIN(cases)
