/* What text_clean lets through is clean: valid, within its limit, and the same when cleaned again. */
#include "base/text.h"

#include "fuzz/fuzz.h"

static void
check_kind(struct str input, enum text_kind kind, size_t max)
{
	struct str once = { NULL, 0 }, twice = { NULL, 0 };
	struct arena arena;

	arena_init(&arena, 64 << 20);
	if (text_clean(&arena, input, kind, max, &once) == OK) {
		CHECK_ALWAYS(text_is_utf8(once));
		CHECK_ALWAYS(text_length(once) <= max);
		CHECK_ALWAYS(text_clean(&arena, once, kind, max, &twice) == OK);
		CHECK_ALWAYS(str_eq(once, twice));
		for (size_t i = 0; i < once.len; i++)
			CHECK_ALWAYS((unsigned char)once.ptr[i] >= 0x20 ||
			             (kind == TEXT_BLOCK && (once.ptr[i] == '\n' || once.ptr[i] == '\t')));
	}
	arena_release(&arena);
}

static void
check_fold(struct str input)
{
	struct str once = { NULL, 0 }, twice = { NULL, 0 };
	struct arena arena;
	enum status st;

	arena_init(&arena, 64 << 20);
	st = text_fold(&arena, input, &once);
	CHECK_ALWAYS((st == OK) == text_is_utf8(input));
	if (st == OK) {
		CHECK_ALWAYS(text_is_utf8(once));
		CHECK_ALWAYS(text_fold(&arena, once, &twice) == OK);
		CHECK_ALWAYS(str_eq(once, twice));
	}
	arena_release(&arena);
}

FUZZ(input)
{
	size_t max = input.len == 0 ? 0 : (unsigned char)input.ptr[0];

	check_kind(input, TEXT_LINE, max);
	check_kind(input, TEXT_BLOCK, max);
	check_fold(input);
}
