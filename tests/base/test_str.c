#include "base/str.h"

#include "base/arena.h"
#include "test.h"

static void
test_compare(void)
{
	CHECK(str_eq(STR("abc"), STR("abc")));
	CHECK(!str_eq(STR("abc"), STR("abd")));
	CHECK(str_eq(STR(""), (struct str){ NULL, 0 }));
	CHECK(str_cmp(STR("10"), STR("2")) < 0);
	CHECK(str_cmp(STR("1"), STR("10")) < 0);
	CHECK(str_cmp(STR("a"), STR("a")) == 0);
	CHECK(str_starts(STR("folkmoot"), STR("folk")));
	CHECK(!str_starts(STR("fo"), STR("folk")));
	CHECK(str_ends(STR("a.pb"), STR(".pb")));
	CHECK(str_same(STR("Rank 1"), STR("rANK 1")) && str_same(STR(""), (struct str){ NULL, 0 }));
	CHECK(!str_same(STR("rank"), STR("rank 1")) && !str_same(STR("a"), STR("b")));
	/* Of the authors of FNV. */
	CHECK(str_hash(STR("")) == UINT64_C(0xcbf29ce484222325));
	CHECK(str_hash(STR("foobar")) == UINT64_C(0x85944171f73967e8));
}

static void
test_find_and_cut(void)
{
	CHECK_INT(str_find(STR("hello"), STR("l")), 2);
	CHECK_INT(str_find(STR("hello"), STR("x")), 5);
	CHECK_STR(str_cut(STR("hello"), 1, 3), "el");
	CHECK_STR(str_cut(STR("hello"), 4, 99), "o");
	CHECK_STR(str_cut(STR("hello"), 9, 2), "");
	CHECK_STR(str_trim(STR(" \t a b \r\n")), "a b");
}

static void
test_split(void)
{
	struct str rest = STR("a,,b,");

	CHECK_STR(str_next(&rest, ','), "a");
	CHECK_STR(str_next(&rest, ','), "");
	CHECK_STR(str_next(&rest, ','), "b");
	CHECK(rest.ptr != NULL);
	CHECK_STR(str_next(&rest, ','), "");
	CHECK(rest.ptr == NULL);
}

static void
test_numbers(void)
{
	int64_t n = 0;

	CHECK_INT(str_to_int(STR("9223372036854775807"), &n), OK);
	CHECK_INT(n, INT64_MAX);
	CHECK_INT(str_to_int(STR("-9223372036854775808"), &n), OK);
	CHECK_INT(n, INT64_MIN);
	CHECK_INT(str_to_int(STR("9223372036854775808"), &n), INVALID);
	CHECK_INT(str_to_int(STR(""), &n), INVALID);
	CHECK_INT(str_to_int(STR("-"), &n), INVALID);
	CHECK_INT(str_to_int(STR("1 "), &n), INVALID);
	CHECK_INT(str_to_int(STR("+1"), &n), INVALID);
}

static void
test_copies(void)
{
	struct arena arena;
	struct str s = { NULL, 0 };

	arena_init(&arena, 1000);
	CHECK_INT(str_format(&arena, &s, "%d-%s", 12, "x"), OK);
	CHECK_STR(s, "12-x");
	CHECK_INT(str_copy(&arena, STR("abc"), &s), OK);
	CHECK(s.ptr[3] == '\0');
	arena.fail_after = 0;
	CHECK_INT(str_copy(&arena, STR("abc"), &s), NO_MEMORY);
	CHECK_INT(str_format(&arena, &s, "x"), NO_MEMORY);
	arena_release(&arena);
}

static const struct test_case cases[] = {
	{ "str compare", test_compare },
	{ "str find and cut", test_find_and_cut },
	{ "str split", test_split },
	{ "str numbers", test_numbers },
	{ "str copies into an arena, or says there is no room", test_copies },
};
TEST_MAIN(cases)
