#include "base/text.h"

#include "test.h"

static struct arena arena;

/* The cleaned text, or its status in words. */
static struct str
clean(const char *in, enum text_kind kind, size_t max)
{
	struct str out = { NULL, 0 };
	enum status st = text_clean(&arena, str_of(in), kind, max, &out);

	return st == OK ? out : str_of(status_name(st));
}

static void
test_utf8(void)
{
	CHECK(text_is_utf8(STR("")));
	CHECK(text_is_utf8(STR("a\u00e9\u20ac\U0001f600")));
	CHECK(!text_is_utf8(STR("\x80")));
	CHECK(!text_is_utf8(STR("\xc3")));
	CHECK(!text_is_utf8(STR("\xc0\xaf")));         /* overlong */
	CHECK(!text_is_utf8(STR("\xed\xa0\x80")));     /* a surrogate */
	CHECK(!text_is_utf8(STR("\xf4\x90\x80\x80"))); /* beyond U+10FFFF */
	CHECK_INT(text_length(STR("a\u00e9\u20ac\U0001f600")), 4);
}

static void
test_line(void)
{
	arena_init(&arena, 100000);
	CHECK_STR(clean("  We should\t \r\n plant\u00a0trees ", TEXT_LINE, 80), "We should plant trees");
	CHECK_STR(clean("", TEXT_LINE, 80), "");
	CHECK_STR(clean(" \n ", TEXT_LINE, 80), "");
	CHECK_STR(clean("e\u0301", TEXT_LINE, 1), "\u00e9");
	CHECK_STR(clean("\u0958", TEXT_LINE, 2), "\u0915\u093c"); /* NFC can be longer */
	CHECK_STR(clean("caf\u00e9", TEXT_LINE, 4), "caf\u00e9");
	arena_release(&arena);
}

static void
test_block(void)
{
	arena_init(&arena, 100000);
	CHECK_STR(clean("\r\n a\r\nb\rc\n\n d\t\u2028e \n", TEXT_BLOCK, 80), "a\nb\nc\n\n d\t\ne");
	CHECK_STR(clean("a\r", TEXT_BLOCK, 80), "a");
	arena_release(&arena);
}

static void
test_refused(void)
{
	static const char *const bad[] = { "a\x01", "\x7f", "\xc2\x85", "\u202e", "\u061c", "\u200e",
		"\u200f", "\u202a", "\u2066x\u2069", "\xff", "\xed\xa0\x80", "\xef\xbf\xbe" };

	arena_init(&arena, 100000);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK_STR(clean(bad[i], TEXT_LINE, 80), "invalid");
		CHECK_STR(clean(bad[i], TEXT_BLOCK, 80), "invalid");
	}
	arena_release(&arena);
	CHECK_INT(text_clean(&arena, STR("a\0b"), TEXT_LINE, 80, &(struct str){ NULL, 0 }), INVALID);
	arena_release(&arena);
}

static void
test_limits(void)
{
	arena_init(&arena, 100000);
	CHECK_STR(clean("abcd", TEXT_LINE, 4), "abcd");
	CHECK_STR(clean("abcde", TEXT_LINE, 4), "too large");
	CHECK_STR(clean("\u20ac\u20ac\u20ac", TEXT_LINE, 3), "\u20ac\u20ac\u20ac");
	CHECK_STR(clean("\u0958", TEXT_LINE, 1), "too large"); /* its NFC has two */
	/* Bytes are counted before anything is looked at. */
	CHECK_STR(clean("\xff\xff\xff\xff\xff", TEXT_LINE, 1), "too large");
	CHECK_STR(clean("a", TEXT_LINE, 0), "too large");
	CHECK_STR(clean("a", TEXT_LINE, SIZE_MAX), "a");
	arena_release(&arena);
}

static void
test_fold(void)
{
	struct str out = { NULL, 0 };

	arena_init(&arena, 100000);
	CHECK_INT(text_fold(&arena, STR("Ann@Example.ORG"), &out), OK);
	CHECK_STR(out, "ann@example.org");
	CHECK_INT(text_fold(&arena, STR("\u00c9\u0130\u0130\u023a"), &out), OK);
	CHECK_STR(out, "\u00e9i\u0307i\u0307\u2c65");
	CHECK_INT(text_fold(&arena, STR("I"), &out), OK);
	CHECK_STR(out, "i"); /* whatever the language */
	CHECK_INT(text_fold(&arena, STR("\xff"), &out), INVALID);
	CHECK_INT(text_fold(&arena, STR(""), &out), OK);
	CHECK_INT(out.len, 0);
	arena_release(&arena);
}

/* Each allocation fails in turn; the call says so and nothing else happens. */
static void
test_no_memory(void)
{
	struct str out = STR("untouched");
	enum status st = NO_MEMORY;
	int refused = 0;

	for (long allowed = 0; st != OK && allowed < 100; allowed++) {
		arena_init(&arena, 100000);
		arena.fail_after = allowed;
		st = text_clean(&arena, STR("e\u0301"), TEXT_LINE, 9, &out);
		CHECK(st == OK || st == NO_MEMORY);
		if (st != OK)
			CHECK_STR(out, "untouched");
		refused += st == NO_MEMORY;
		if (st == OK)
			CHECK_STR(out, "\u00e9");
		arena_release(&arena);
	}
	CHECK_INT(st, OK);
	CHECK(refused > 0);
	arena_init(&arena, 100000);
	arena.fail_after = 0;
	CHECK_INT(text_fold(&arena, STR("a"), &out), NO_MEMORY);
	arena_release(&arena);
}

static void
test_slug(void)
{
	struct str out;

	arena_init(&arena, 100000);
	CHECK_INT(text_slug(&arena, STR("Warszawa, Mokotów 2020"), 40, &out), OK);
	CHECK_STR(out, "warszawa-mokotow-2020");
	CHECK_INT(text_slug(&arena, STR("  Łódź / Straße -- Ελλάδα  "), 40, &out), OK);
	CHECK_STR(out, "lodz-strasse-ellada");
	CHECK_INT(text_slug(&arena, STR("Alder Vale"), 6, &out), OK);
	CHECK_STR(out, "alder");
	CHECK_INT(text_slug(&arena, STR("!?"), 40, &out), OK);
	CHECK_STR(out, "");
	CHECK_INT(text_slug(&arena, STR("\xff"), 40, &out), INVALID);
	arena_release(&arena);
}

static const struct test_case cases[] = {
	{ "text: a name for a path", test_slug },
	{ "text UTF-8", test_utf8 },
	{ "text of one line", test_line },
	{ "text of several lines", test_block },
	{ "text refused", test_refused },
	{ "text limits", test_limits },
	{ "text folded to lower case", test_fold },
	{ "text without memory", test_no_memory },
};
TEST_MAIN(cases)
