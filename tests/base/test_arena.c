#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>

#include "test.h"

static void
test_pieces(void)
{
	struct arena arena;
	unsigned char *pieces[300];

	arena_init(&arena, 10 << 20);
	CHECK(arena.block == NULL);
	for (size_t i = 0; i < 300; i++) {
		size_t size = i * 37 % 5000;

		pieces[i] = arena_alloc(&arena, size);
		CHECK(pieces[i] != NULL);
		CHECK_INT((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		for (size_t b = 0; b < size; b++)
			CHECK(pieces[i][b] == 0);
		memset(pieces[i], (int)i, size);
		memset(arena_room(&arena, i % 4, 5), 0xff, i % 4 * 5);
		CHECK(arena_bytes(&arena, i % 3) != NULL); /* puts the next one off its alignment */
	}
	for (size_t i = 0; i < 300; i++) { /* no piece lies in another */
		for (size_t b = 0; b < i * 37 % 5000; b++)
			CHECK(pieces[i][b] == (unsigned char)i);
	}
	arena_release(&arena);
	CHECK(arena.block == NULL);
	CHECK_INT(arena.used, 0);
}

static void
test_cap(void)
{
	struct arena arena;

	arena_init(&arena, 100);
	CHECK(arena_alloc(&arena, 101) == NULL);
	CHECK(arena_alloc(&arena, SIZE_MAX) == NULL);
	CHECK(arena_array(&arena, SIZE_MAX / 2, 4) == NULL);
	CHECK(arena_array(&arena, (size_t)1 << 33, (size_t)1 << 31) == NULL); /* 2^64 wraps to 0 */
	CHECK(arena_room(&arena, (size_t)1 << 33, (size_t)1 << 31) == NULL);
	CHECK(arena_room(&arena, 26, 4) == NULL);
	CHECK(arena_alloc(&arena, 60) != NULL);
	CHECK(arena_alloc(&arena, 41) == NULL);
	CHECK(arena_alloc(&arena, 40) != NULL);
	CHECK(arena_alloc(&arena, 0) != NULL);
	CHECK(arena_bytes(&arena, 1) == NULL);
	arena_reset(&arena);
	CHECK(arena_alloc(&arena, 100) != NULL);
	arena_release(&arena);
	CHECK(arena_alloc(&arena, 100) != NULL);
	arena_release(&arena);
}

static void
test_reset(void)
{
	struct arena arena;
	void *first;

	arena_init(&arena, 10 << 20);
	first = arena_alloc(&arena, 10);
	for (int i = 0; i < 100; i++)
		CHECK(arena_alloc(&arena, 30000) != NULL);
	arena_reset(&arena);
	CHECK_INT(arena.used, 0);
	CHECK(arena_alloc(&arena, 10) == first); /* the first block is used again */
	arena_reset(&arena);
	arena_reset(&arena);
	arena_release(&arena);
	arena_reset(&arena);
	arena_release(&arena);
}

static void
test_fail_after(void)
{
	struct arena arena;

	arena_init(&arena, 1000);
	arena.fail_after = 2;
	CHECK(arena_alloc(&arena, 1) != NULL);
	CHECK(arena_bytes(&arena, 1) != NULL);
	CHECK(arena_alloc(&arena, 1) == NULL);
	CHECK(arena_alloc(&arena, 1) == NULL);
	arena_release(&arena);
}

static const struct test_case cases[] = {
	{ "arena: pieces are zeroed, aligned and apart", test_pieces },
	{ "arena: the cap holds", test_cap },
	{ "arena: reset keeps the first block", test_reset },
	{ "arena: made to fail", test_fail_after },
};
TEST_MAIN(cases)
