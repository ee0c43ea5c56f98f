#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

void
arena_init(struct arena *arena, size_t cap)
{
	*arena = (struct arena){ .cap = cap, .fail_after = -1 };
}

void
arena_release(struct arena *arena)
{
	while (arena->block != NULL) {
		struct arena_block *older = arena->block->older;

		free(arena->block);
		arena->block = older;
	}
	arena->used = 0;
}

void
arena_reset(struct arena *arena)
{
	while (arena->block != NULL && arena->block->older != NULL) {
		struct arena_block *older = arena->block->older;

		free(arena->block);
		arena->block = older;
	}
	if (arena->block != NULL)
		arena->block->used = 0;
	arena->used = 0;
}

static struct arena_block *
block_new(struct arena *arena, size_t at_least)
{
	size_t size = arena->block == NULL ? FIRST_BLOCK : arena->block->size * 2;
	struct arena_block *block;

	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	if (size < at_least)
		size = at_least;
	block = malloc(sizeof *block + size);
	if (block == NULL)
		return NULL;
	block->older = arena->block;
	block->size = size;
	block->used = 0;
	arena->block = block;
	return block;
}

static void *
take(struct arena *arena, size_t size, size_t align)
{
	struct arena_block *block = arena->block;
	size_t at;

	if (arena->fail_after == 0)
		return NULL;
	if (arena->fail_after > 0)
		arena->fail_after--;
	if (size > arena->cap || arena->used > arena->cap - size)
		return NULL;
	at = block == NULL ? 0 : (block->used + align - 1) / align * align;
	if (block == NULL || at > block->size || size > block->size - at) {
		block = block_new(arena, size);
		if (block == NULL)
			return NULL;
		at = 0;
	}
	block->used = at + size;
	arena->used += size;
	return block->bytes + at;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	void *piece = take(arena, size, alignof(max_align_t));

	if (piece != NULL)
		memset(piece, 0, size);
	return piece;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return arena_alloc(arena, bytes);
}

void *
arena_room(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return take(arena, bytes, alignof(max_align_t));
}

char *
arena_bytes(struct arena *arena, size_t size)
{
	return take(arena, size, 1);
}
