/* Memory of one request or job: handed out piece by piece, given back all at once.
 *
 * An arena has a hard cap. Over it, allocation gives NULL and the caller returns NO_MEMORY:
 * one greedy request is refused, the server lives on. Not thread-safe: one owner at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *block; /* newest first */
	size_t used;               /* bytes handed out, all blocks */
	size_t cap;                /* never hands out more than this */
	long fail_after;           /* tests: allocations left before NULL; -1 = never */
};

/* An empty arena; takes no memory until the first allocation. */
void arena_init(struct arena *arena, size_t cap);
/* Gives everything back; the arena is as after arena_init. */
void arena_release(struct arena *arena);
/* As release, but keeps the first block for the next request. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any type; NULL when full. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* count * size, checked for overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* The same, not zeroed: room for large arrays whose end may never be needed, and then never takes
 * real memory. */
void *arena_room(struct arena *arena, size_t count, size_t size);
/* Not zeroed, byte-aligned: for text. */
char *arena_bytes(struct arena *arena, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

#endif
