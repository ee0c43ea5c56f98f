#include "base/locale.h"

#include "test.h"

static struct buf out;

static const struct format *
british(void)
{
	static struct format f;

	f = (struct format){ locale_get(STR("en-GB")), STR("GBP"), STR("Europe/London") };
	return &f;
}

static struct instant
at(const char *utc)
{
	struct instant t = { 0 };

	CHECK_INT(time_parse(str_of(utc), &t), OK);
	return t;
}

static struct str
number(const struct format *f, int64_t n)
{
	buf_clear(&out);
	format_number(&out, f, n);
	return buf_str(&out);
}

static struct str
money(const struct format *f, int64_t minor)
{
	buf_clear(&out);
	format_money(&out, f, (struct amount){ minor });
	return buf_str(&out);
}

static struct str
date(const struct format *f, const char *utc)
{
	buf_clear(&out);
	format_date(&out, f, at(utc));
	return buf_str(&out);
}

static struct str
date_time(const struct format *f, const char *utc)
{
	buf_clear(&out);
	format_date_time(&out, f, at(utc));
	return buf_str(&out);
}

static struct str
percent(const struct format *f, int64_t part, int64_t whole)
{
	buf_clear(&out);
	format_percent(&out, f, part, whole);
	return buf_str(&out);
}

static struct str
tag_for(const char *tag)
{
	return locale_tag(locale_get(str_of(tag)));
}

static void
test_get(void)
{
	CHECK_STR(tag_for("en-GB"), "en-GB");
	CHECK_STR(tag_for("EN-gb"), "en-GB");
	CHECK_STR(tag_for("en"), "en-GB");
	CHECK_STR(tag_for("en-US"), "en-US");
	CHECK_STR(tag_for("en-NZ"), "en-GB");
	CHECK_STR(tag_for("en-US-x-shop"), "en-US");
	CHECK_STR(tag_for("en-XA"), "en-XA");
	CHECK_STR(tag_for("ar-XB"), "ar-XB");
	CHECK_STR(tag_for("ar"), "en-GB"); /* a test language only by its own name */
	CHECK_STR(tag_for("xx"), "en-GB");
	CHECK_STR(tag_for(""), "en-GB");
	CHECK_STR(tag_for("-"), "en-GB");
	CHECK(!locale_right_to_left(locale_get(STR("en"))));
	CHECK(locale_right_to_left(locale_get(STR("ar-XB"))));
}

static struct str
negotiated(const char *header)
{
	return locale_tag(locale_negotiate(str_of(header), locale_get(STR("ar-XB"))));
}

static void
test_negotiate(void)
{
	CHECK_STR(negotiated("en-US,en;q=0.9"), "en-US");
	CHECK_STR(negotiated("xx, en-XA;q=0.2, en-US ; q=0.8"), "en-US");
	CHECK_STR(negotiated("en-US;q=0.5, en-GB;q=0.501"), "en-GB");
	CHECK_STR(negotiated("en-US;q=0"), "ar-XB");
	CHECK_STR(negotiated("xx"), "ar-XB");
	CHECK_STR(negotiated("*"), "ar-XB");
	CHECK_STR(negotiated(""), "ar-XB");
	CHECK_STR(negotiated("en-US;q=1.000, en-GB"), "en-US");
	CHECK_STR(negotiated("en-US;q=x, en-GB;q=0.1"), "en-GB");
	CHECK_STR(negotiated(",,;q=1;,"), "ar-XB");
	CHECK_STR(locale_tag(locale_negotiate(STR("en-US"), locale_get(STR("en-GB")))), "en-GB");
	CHECK_STR(locale_tag(locale_negotiate(STR("en-XA"), locale_get(STR("en-GB")))), "en-XA");
}

static void
test_numbers(void)
{
	const struct format *f = british();

	CHECK_STR(number(f, 0), "0");
	CHECK_STR(number(f, 999), "999");
	CHECK_STR(number(f, 1000), "1,000");
	CHECK_STR(number(f, -1234567), "-1,234,567");
	CHECK_STR(number(f, INT64_MAX), "9,223,372,036,854,775,807");
	CHECK_STR(number(f, INT64_MIN), "-9,223,372,036,854,775,808");
	CHECK_STR(percent(f, 1, 8), "13%");
	CHECK_STR(percent(f, 1, 3), "33%");
	CHECK_STR(percent(f, 999, 1000), "99%"); /* not all */
	CHECK_STR(percent(f, 1000, 1000), "100%");
	CHECK_STR(percent(f, 1001, 1000), "100%");
	CHECK_STR(percent(f, 0, 0), "0%");
	CHECK_STR(percent(f, 2, 1), "200%");
	CHECK_STR(percent(f, -1, 8), "-13%");
}

static void
test_money(void)
{
	struct format f = *british();

	CHECK_STR(money(&f, 0), "£0");
	CHECK_STR(money(&f, 123400), "£1,234");
	CHECK_STR(money(&f, 123450), "£1,234.50");
	CHECK_STR(money(&f, -1), "-£0.01");
	CHECK_STR(money(&f, 100000000), "£1,000,000");
	CHECK_STR(money(&f, INT64_MIN), "-£92,233,720,368,547,758.08");
	f.currency = STR("PLN");
	CHECK_STR(money(&f, 123450), "PLN\u00a01,234.50");
	f.currency = STR("JPY");
	CHECK_STR(money(&f, 1234), "JP¥1,234");
	f.currency = STR("KWD");
	CHECK_STR(money(&f, 1234), "KWD\u00a01.234");
	f.currency = STR("ABC");
	CHECK_STR(money(&f, 123450), "ABC\u00a01,234.50");
	f.currency = STR("");
	CHECK_STR(money(&f, 123400), "1,234");
	CHECK_INT(currency_decimals(STR("GBP")), 2);
	CHECK_INT(currency_decimals(STR("JPY")), 0);
	CHECK_INT(currency_decimals(STR("gbp")), -1);
	CHECK_INT(currency_decimals(STR("ABC")), -1);
	CHECK_INT(currency_decimals(STR("POUND")), -1);
}

/* More currencies than are kept at once. */
static void
test_many_currencies(void)
{
	static const char *const codes[] = { "GBP", "EUR", "PLN", "USD", "JPY", "CHF", "SEK", "NOK",
		"DKK", "CZK", "HUF", "ABC" };
	struct format f = *british();
	char first[12][40];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 12; i++) {
			struct str s;

			f.currency = str_of(codes[i]);
			s = money(&f, 1234567);
			CHECK(s.len < 40);
			if (round == 0)
				(void)snprintf(first[i], sizeof first[i], "%.*s", STR_ARG(s));
			else
				CHECK_STR(s, first[i]);
		}
	}
}

static void
test_dates(void)
{
	struct format f = *british();

	CHECK_STR(date(&f, "2026-12-06T20:00:00Z"), "Sunday 6 December 2026");
	CHECK_STR(date_time(&f, "2026-12-06T20:00:00Z"), "Sunday 6 December 2026, 8 pm");
	CHECK_STR(date_time(&f, "2026-12-06T20:30:59Z"), "Sunday 6 December 2026, 8:30 pm");
	CHECK_STR(date_time(&f, "2026-07-06T23:05:00Z"), "Tuesday 7 July 2026, 12:05 am");
	CHECK_STR(date_time(&f, "1969-12-31T12:00:00Z"), "Wednesday 31 December 1969, 1 pm");
	CHECK_STR(date(&f, "1950-01-01T12:00:00Z"), "Sunday 1 January 1950");
	f.zone = STR("Asia/Kathmandu");
	CHECK_STR(date_time(&f, "2026-12-06T20:00:00Z"), "Monday 7 December 2026, 1:45 am");
	f.zone = STR("Nowhere/At-all");
	CHECK_STR(date_time(&f, "2026-12-06T20:00:00Z"), "Sunday 6 December 2026, 8 pm");
	f.zone = STR("");
	CHECK_STR(date_time(&f, "2026-12-06T20:00:00Z"), "Sunday 6 December 2026, 8 pm");
	f.locale = locale_get(STR("en-US"));
	CHECK_STR(date_time(&f, "2026-12-06T20:00:00Z"), "Sunday, December 6, 2026, 8 PM");
}

/* The same words whether they were kept or made anew. */
static void
test_dates_again(void)
{
	const struct format *f = british();

	for (int round = 0; round < 2; round++) {
		CHECK_STR(date(f, "2026-12-06T12:00:00Z"), "Sunday 6 December 2026");
		CHECK_STR(date(f, "2028-05-01T12:00:00Z"), "Monday 1 May 2028"); /* 512 days on */
		CHECK_STR(date(f, "2026-12-07T12:00:00Z"), "Monday 7 December 2026");
	}
}

static void
test_words(void)
{
	const struct locale *english = locale_get(STR("en"));
	const struct locale *accented = locale_get(STR("en-XA"));
	const struct locale *mirrored = locale_get(STR("ar-XB"));

	CHECK_STR(locale_words(english, "Idea by {name}"), "Idea by {name}");
	CHECK_STR(locale_words_plural(english, "One", "{n} ideas", 1), "One");
	CHECK_STR(locale_words_plural(english, "One", "{n} ideas", 0), "{n} ideas");
	CHECK_STR(locale_words(accented, "Idea by {name}"), "[Íðééáá ƀý {name}]");
	CHECK(locale_words(accented, "Idea by {name}").ptr ==
	      locale_words(accented, "Idea by {name}").ptr);
	CHECK_STR(locale_words_plural(accented, "One", "{n} ideas", 2), "[{n} ííðééááš]");
	CHECK_STR(locale_words(mirrored, "Idea, by {name}!"),
	          "\u202eIdea\u202c, \u202eby\u202c {name}!");
	CHECK_STR(locale_words(mirrored, ""), "");
}

static void
test_message(void)
{
	struct message m = { .text = MSG("{who} gave {sum} to {n} on {when}; {other} {"),
		.values = { message_text("who", STR("Ann {n}")), message_money("sum", (struct amount){ 150 }),
		            message_number("n", 1200), message_time("when", at("2026-12-06T20:00:00Z")) } };
	struct message plural = { .text = MSG("One"), .plural = "{n} ideas",
		.values = { message_number("n", 2000) } };
	struct message nothing = { .text = NULL };

	buf_clear(&out);
	format_message(&out, british(), &m);
	CHECK_STR(buf_str(&out),
	          "Ann {n} gave £1.50 to 1,200 on Sunday 6 December 2026, 8 pm; {other} {");
	buf_clear(&out);
	format_message(&out, british(), &plural);
	CHECK_STR(buf_str(&out), "2,000 ideas");
	plural.values[0].number = 1;
	buf_clear(&out);
	format_message(&out, british(), &plural);
	CHECK_STR(buf_str(&out), "One");
	buf_clear(&out);
	format_message(&out, british(), &nothing);
	CHECK_INT(out.len, 0);
}

static const struct test_case cases[] = {
	{ "locale by tag", test_get },
	{ "locale by Accept-Language", test_negotiate },
	{ "locale numbers and percentages", test_numbers },
	{ "locale money", test_money },
	{ "locale money in more currencies than are kept", test_many_currencies },
	{ "locale dates as people say them", test_dates },
	{ "locale dates kept and made anew are the same", test_dates_again },
	{ "locale words and test languages", test_words },
	{ "locale messages with values", test_message },
};

int
main(void)
{
	int failed;

	buf_init(&out, 4096);
	failed = test_run_all(cases, sizeof cases / sizeof *cases);
	buf_release(&out);
	return failed;
}
