#include "base/money.h"

#include "base/chance.h"
#include "test.h"

static void
test_parse(void)
{
	static const struct {
		const char *text;
		int decimals;
		int64_t want; /* -1: INVALID */
	} table[] = {
		{ "0", 2, 0 },
		{ "1234", 2, 123400 },
		{ "1234.5", 2, 123450 },
		{ "1,234.50", 2, 123450 },
		{ "1,234", 2, 123400 },
		{ "1,23", 2, 123 },
		{ "1,2", 2, 120 },
		{ "1 234,50", 2, 123450 },
		{ "1.234,50", 2, 123450 },
		{ "1.234.567", 2, 123456700 },
		{ "1'234.50", 2, 123450 },
		{ "1\u2019234", 2, 123400 },
		{ "12,34,567", 2, 123456700 }, /* India */
		{ "1\u202f234,50\u00a0\u20ac", 2, 123450 },
		{ " \u00a3 1,234 ", 2, 123400 },
		{ "$5", 2, 500 },
		{ "5.", 2, 500 },
		{ ".5", 2, 50 },
		{ "007", 2, 700 },
		{ "\u0661\u066c\u0662\u0663\u0664\u066b\u0665", 2, 123450 },
		{ "1234", 0, 1234 },
		{ "1,234", 3, 1234000 },
		{ "1.234", 3, 1234 },
		{ "1.2345", 4, 12345 },
		{ "10000000000000", 2, 1000000000000000 },
		{ "10000000000000.01", 2, -1 },
		{ "1000000000000000", 0, 1000000000000000 },
		{ "99999999999999999999999999", 2, -1 },
		{ "", 2, -1 },
		{ " ", 2, -1 },
		{ ".", 2, -1 },
		{ ",", 2, -1 },
		{ "\u00a3", 2, -1 },
		{ "\u00a3\u00a35", 2, -1 },
		{ "\u00a35\u00a3", 2, -1 },
		{ "5\u00a35", 2, -1 },
		{ "-5", 2, -1 },
		{ "+5", 2, -1 },
		{ "5-", 2, -1 },
		{ "1e3", 2, -1 },
		{ "0x10", 2, -1 },
		{ "1.234", 2, -1 }, /* thousands or too many decimals: ask */
		{ "1.005", 2, -1 },
		{ "1.5", 0, -1 },
		{ "1,5", 0, -1 },
		{ "1.5.5", 2, -1 },
		{ "1.5,000", 2, -1 },
		{ "1,234,56", 2, -1 },
		{ "1,2,3", 2, -1 },
		{ "12 34", 2, -1 },
		{ "1234,567", 2, -1 },
		{ "1,,234", 2, -1 },
		{ ",234", 2, -1 },
		{ "1,234'567", 2, -1 },
		{ "1,234,", 2, -1 },
		{ "5,", 2, -1 },
		{ "1.2 3", 2, -1 },
		{ "five", 2, -1 },
		{ "\u0665x", 2, -1 },
		{ "\xff" "5", 2, -1 },
		{ "5\xe2\x82", 2, -1 },
		{ "0000000000000000000000000000000000000000000000000000000000000001", 0, 1 },
		{ "00000000000000000000000000000000000000000000000000000000000000001", 0, -1 },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct amount amount = { -7 };
		enum status st = amount_parse(str_of(table[i].text), table[i].decimals, &amount);

		if ((st == OK ? amount.minor : -1) != table[i].want)
			printf("# %s\n", table[i].text);
		CHECK_INT(st, table[i].want == -1 ? INVALID : OK);
		CHECK_INT(amount.minor, table[i].want == -1 ? -7 : table[i].want);
	}
}

static struct str
written(int64_t minor, int decimals)
{
	static struct buf out;

	buf_release(&out);
	buf_init(&out, 100);
	amount_write(&out, (struct amount){ minor }, decimals);
	return buf_str(&out);
}

static void
test_write(void)
{
	CHECK_STR(written(123450, 2), "1234.5");
	CHECK_STR(written(123400, 2), "1234");
	CHECK_STR(written(5, 2), "0.05");
	CHECK_STR(written(-5, 2), "-0.05");
	CHECK_STR(written(0, 2), "0");
	CHECK_STR(written(100, 0), "100");
	CHECK_STR(written(12345, 4), "1.2345");
	CHECK_STR(written(INT64_MAX, 2), "92233720368547758.07");
	CHECK_STR(written(INT64_MIN, 2), "-92233720368547758.08");
	CHECK_STR(written(INT64_MIN, 0), "-9223372036854775808");
}

/* What is written reads back as the same. */
static void
test_round_trip(void)
{
	uint8_t seed[32] = { 1 };
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (int i = 0; i < 20000; i++) {
		int decimals = (int)chance_below(&chance, 5);
		int64_t minor = (int64_t)(chance_below(&chance, 1000000000000001) >>
		                          chance_below(&chance, 50));
		struct amount back = { -1 };

		CHECK_INT(amount_parse(written(minor, decimals), decimals, &back), OK);
		CHECK_INT(back.minor, minor);
	}
}

static void
test_sums(void)
{
	struct amount sum = { 0 };

	CHECK_INT(amount_add((struct amount){ 2 }, (struct amount){ 3 }, &sum), OK);
	CHECK_INT(sum.minor, 5);
	CHECK_INT(amount_subtract((struct amount){ 2 }, (struct amount){ 3 }, &sum), OK);
	CHECK_INT(sum.minor, -1);
	CHECK_INT(amount_add((struct amount){ INT64_MAX }, (struct amount){ 1 }, &sum), INVALID);
	CHECK_INT(amount_subtract((struct amount){ INT64_MIN }, (struct amount){ 1 }, &sum), INVALID);
	CHECK_INT(amount_subtract((struct amount){ 0 }, (struct amount){ INT64_MIN }, &sum), INVALID);
}

static const struct test_case cases[] = {
	{ "money: what people type", test_parse },
	{ "money: plain text", test_write },
	{ "money: written and read back", test_round_trip },
	{ "money: sums are checked", test_sums },
};
TEST_MAIN(cases)
