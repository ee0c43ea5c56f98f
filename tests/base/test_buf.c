#include "base/buf.h"

#include "test.h"

static void
test_adding(void)
{
	struct buf buf;

	buf_init(&buf, 1000);
	CHECK_STR(buf_str(&buf), "");
	buf_add(&buf, STR("a"));
	buf_add_c(&buf, "b");
	buf_add_char(&buf, 'c');
	buf_add_int(&buf, -12);
	buf_add_format(&buf, "%s|%d", "x", 5);
	buf_add(&buf, (struct str){ NULL, 0 });
	CHECK_STR(buf_str(&buf), "abc-12x|5");
	CHECK(strcmp(buf.ptr, "abc-12x|5") == 0);
	CHECK_INT(buf_status(&buf), OK);
	buf_clear(&buf);
	CHECK_STR(buf_str(&buf), "");
	CHECK(strcmp(buf.ptr, "") == 0);
	buf_add_int(&buf, INT64_MIN);
	buf_add_int(&buf, INT64_MAX);
	buf_add_int(&buf, 0);
	CHECK_STR(buf_str(&buf), "-922337203685477580892233720368547758070");
	buf_release(&buf);
	CHECK_STR(buf_str(&buf), "");
	buf_add_c(&buf, "again");
	CHECK_STR(buf_str(&buf), "again");
	buf_clear(&buf);
	buf_add_quoted(&buf, STR("a \"b\""));
	buf_add_quoted(&buf, STR(""));
	CHECK_STR(buf_str(&buf), "\"a \"\"b\"\"\"\"\"");
	buf_release(&buf);
}

static void
test_growing(void)
{
	struct buf buf;

	buf_init(&buf, 100000);
	for (int i = 0; i < 10000; i++)
		buf_add_char(&buf, (char)('a' + i % 26));
	CHECK_INT(buf.len, 10000);
	for (int i = 0; i < 10000; i++)
		CHECK(buf.ptr[i] == (char)('a' + i % 26));
	CHECK(buf.ptr[10000] == '\0');
	buf_release(&buf);
}

/* Once full, everything further is dropped, even what would fit; and it says so. */
static void
test_maximum(void)
{
	struct buf buf;

	buf_init(&buf, 5);
	buf_add_c(&buf, "abcde");
	CHECK_INT(buf_status(&buf), OK);
	buf_add_c(&buf, "");
	CHECK_INT(buf_status(&buf), OK);
	buf_clear(&buf);
	buf_add_c(&buf, "abc");
	buf_add_c(&buf, "def");
	buf_add_c(&buf, "g");
	CHECK_STR(buf_str(&buf), "abc");
	CHECK_INT(buf_status(&buf), NO_MEMORY);
	buf_clear(&buf);
	CHECK_INT(buf_status(&buf), OK);
	buf_add_format(&buf, "%d", 123456);
	CHECK_STR(buf_str(&buf), "");
	CHECK_INT(buf_status(&buf), NO_MEMORY);
	buf_release(&buf);
	buf_init(&buf, 0);
	buf_add_char(&buf, 'x');
	CHECK_INT(buf_status(&buf), NO_MEMORY);
	buf_release(&buf);
}

static const struct test_case cases[] = {
	{ "buf: adding", test_adding },
	{ "buf: growing", test_growing },
	{ "buf: its maximum", test_maximum },
};
TEST_MAIN(cases)
