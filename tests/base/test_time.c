#include "base/time.h"

#include <time.h>

#include "test.h"

static void
test_dates(void)
{
	struct tm tm;

	CHECK_INT(time_days(1970, 1, 1), 0);
	CHECK_INT(time_days(2000, 2, 29), 11016);
	CHECK_INT(time_days(1, 1, 1), -719162);
	/* Every day of four centuries, there and back, against the C library's calendar. */
	for (int64_t days = -80000; days < 70000; days++) {
		time_t seconds = days * 86400;
		int y, m, d;

		(void)gmtime_r(&seconds, &tm);
		time_date(days, &y, &m, &d);
		CHECK(y == tm.tm_year + 1900 && m == tm.tm_mon + 1 && d == tm.tm_mday);
		CHECK_INT(time_days(y, m, d), days);
	}
}

static struct str
text_of(int64_t us)
{
	static struct time_text text;

	text = time_text((struct instant){ us });
	return str_of(text.text);
}

static void
test_text(void)
{
	CHECK_STR(text_of(0), "1970-01-01T00:00:00Z");
	CHECK_STR(text_of(-1), "1969-12-31T23:59:59Z");
	CHECK_STR(text_of(-DAY_US), "1969-12-31T00:00:00Z");
	CHECK_STR(text_of(1796587200 * SECOND_US + 999999), "2026-12-06T20:00:00Z");
	CHECK_STR(text_of(INT64_C(-62135596800) * SECOND_US), "0001-01-01T00:00:00Z");
	CHECK_STR(text_of(INT64_C(253402300799) * SECOND_US), "9999-12-31T23:59:59Z");
	CHECK_INT(text_of(INT64_MAX).len, TIME_TEXT_LEN); /* beyond: wrong, but no longer */
	CHECK_INT(text_of(INT64_MIN).len, TIME_TEXT_LEN);
}

static void
test_parse(void)
{
	static const char *const bad[] = { "", "2026-12-06", "2026-12-06T20:00:00", "2026-12-06T20:00:00z",
		"2026-12-06 20:00:00Z", "2026-13-06T20:00:00Z", "2026-00-06T20:00:00Z",
		"2026-04-31T20:00:00Z", "2026-02-29T20:00:00Z", "2026-12-00T20:00:00Z",
		"2026-12-06T24:00:00Z", "2026-12-06T20:60:00Z", "2026-12-06T20:00:60Z",
		"0000-12-06T20:00:00Z", "2026-12-06T20:00:0xZ", "-026-12-06T20:00:00Z",
		"2026-12-06T20:00:00Z ", "2026-12-06T+2:00:00Z" };
	struct instant t = { -7 };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK_INT(time_parse(str_of(bad[i]), &t), INVALID);
		CHECK_INT(t.us, -7);
	}
	for (int64_t s = -62135596800; s < 253402300800; s += 7654321) {
		struct time_text text = time_text((struct instant){ s * SECOND_US });

		CHECK_INT(time_parse(str_of(text.text), &t), OK);
		CHECK_INT(t.us, s * SECOND_US);
	}
	CHECK_INT(time_parse(STR("2024-02-29T00:00:00Z"), &t), OK);
}

static void
test_clock(void)
{
	struct instant now = time_now();

	CHECK(time_before((struct instant){ 1700000000 * SECOND_US }, now));
	CHECK(!time_before(now, now));
	CHECK_INT(time_plus(now, DAY_US).us, now.us + 86400000000);
}

static const struct test_case cases[] = {
	{ "time: dates", test_dates },
	{ "time: as text", test_text },
	{ "time: from text", test_parse },
	{ "time: the clock", test_clock },
};
TEST_MAIN(cases)
