#include "base/diff.h"

#include "base/buf.h"
#include "test.h"

/* "kept [-taken out-]{+put in+}" */
static void
write_diff(struct buf *out, const struct diff *diff)
{
	for (size_t i = 0; i < diff->len; i++) {
		const struct diff_piece *p = &diff->ptr[i];

		buf_add_c(out, p->removed ? "[-" : p->added ? "{+" : "");
		buf_add(out, p->text);
		buf_add_c(out, p->removed ? "-]" : p->added ? "+}" : "");
	}
}

static void
check_diff(const char *before, const char *after, const char *want)
{
	struct arena arena;
	struct diff diff;
	struct buf out;

	arena_init(&arena, 1000 * 1000);
	buf_init(&out, 100 * 1000);
	CHECK_INT(diff_words(&arena, str_of(before), str_of(after), &diff), OK);
	write_diff(&out, &diff);
	CHECK_STR(buf_str(&out), want);
	buf_release(&out);
	arena_release(&arena);
}

static void
test_words(void)
{
	check_diff("", "", "");
	check_diff("a bench", "a bench", "a bench");
	check_diff("", "a bench", "{+a bench+}");
	check_diff("a bench", "", "[-a bench-]");
	check_diff("a bench in the park", "two benches in the park",
	           "[-a bench -]{+two benches +}in the park");
	check_diff("one two three", "one three", "one [-two -]three");
	check_diff("one three", "one two three", "one {+two +}three");
	check_diff("a b c d e", "a x c y e", "a [-b -]{+x +}c [-d -]{+y +}e");
	check_diff("first\n\nsecond", "first\n\nthird", "first\n\n[-second-]{+third+}");
	check_diff("  lead", "lead", "[-  -]lead");
}

/* Too many different words for the table: still both texts, in two pieces. */
static void
test_long(void)
{
	struct arena arena;
	struct buf before, after;
	struct diff diff;

	arena_init(&arena, 10 * 1000 * 1000);
	buf_init(&before, 1000 * 1000);
	buf_init(&after, 1000 * 1000);
	for (int i = 0; i < 2000; i++) {
		buf_add_format(&before, "b%d ", i);
		buf_add_format(&after, "a%d ", i);
	}
	CHECK_INT(diff_words(&arena, buf_str(&before), buf_str(&after), &diff), OK);
	CHECK_INT(diff.len, 2);
	CHECK(diff.ptr[0].removed && str_eq(diff.ptr[0].text, buf_str(&before)));
	CHECK(diff.ptr[1].added && str_eq(diff.ptr[1].text, buf_str(&after)));
	buf_release(&before);
	buf_release(&after);
	arena_release(&arena);
}

/* For random texts: without what was added it is the old one, without what was removed the new. */
static void
test_property(void)
{
	unsigned x = 1;

	for (int round = 0; round < 500; round++) {
		char text[2][64];
		struct arena arena;
		struct diff diff;
		struct buf old, new;

		for (int t = 0; t < 2; t++) {
			size_t len = (x = x * 1103515245u + 12345u) >> 16 & 31;

			for (size_t i = 0; i < len; i++)
				text[t][i] = "ab \n"[(x = x * 1103515245u + 12345u) >> 16 & 3];
			text[t][len] = '\0';
		}
		arena_init(&arena, 100 * 1000);
		buf_init(&old, 1000);
		buf_init(&new, 1000);
		CHECK_INT(diff_words(&arena, str_of(text[0]), str_of(text[1]), &diff), OK);
		for (size_t i = 0; i < diff.len; i++) {
			if (!diff.ptr[i].added)
				buf_add(&old, diff.ptr[i].text);
			if (!diff.ptr[i].removed)
				buf_add(&new, diff.ptr[i].text);
		}
		CHECK(str_eq(buf_str(&old), str_of(text[0])));
		CHECK(str_eq(buf_str(&new), str_of(text[1])));
		buf_release(&old);
		buf_release(&new);
		arena_release(&arena);
	}
}

static void
test_no_room(void)
{
	struct arena arena;
	struct diff diff;

	arena_init(&arena, 100);
	arena.fail_after = 0;
	CHECK_INT(diff_words(&arena, STR("a b"), STR("a c"), &diff), NO_MEMORY);
	arena_release(&arena);
}

static const struct test_case cases[] = {
	{ "diff word by word", test_words },
	{ "diff of texts too different to compare", test_long },
	{ "diff holds both texts, whatever they are", test_property },
	{ "diff says when there is no room", test_no_room },
};
TEST_MAIN(cases)
