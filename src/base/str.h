/* A slice of bytes: pointer and length, by value. Not NUL-terminated, owns nothing:
 * it lives as long as what it points into (usually an arena or a literal). */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct arena;

struct str {
	const char *ptr; /* may be NULL when len is 0 */
	size_t len;      /* bytes */
};

/* A slice of a string literal; usable in static initialisers as STR_INIT. */
#define STR_INIT(lit) { (lit), sizeof(lit) - 1 }
#define STR(lit) ((struct str)STR_INIT(lit))
/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).len, (s).ptr

struct str str_of(const char *c_string);          /* NULL gives the empty slice */
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *c_string);  /* equal to a C string */
bool str_same(struct str a, struct str b);        /* in any case of a-z */
int str_cmp(struct str a, struct str b);          /* by bytes; a prefix comes first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Offset of the first needle in s, or s.len when there is none. */
size_t str_find(struct str s, struct str needle);
struct str str_cut(struct str s, size_t from, size_t to); /* clamped [from, to) */
struct str str_trim(struct str s);                        /* ASCII white space off both ends */

/* Takes what stands before the next sep off *rest and returns it. *rest.ptr is NULL after
 * the last piece: while (rest.ptr != NULL) piece = str_next(&rest, ','); */
struct str str_next(struct str *rest, char sep);

/* Decimal digits with an optional '-', nothing else. INVALID otherwise or when it overflows. */
MUST_CHECK enum status str_to_int(struct str s, int64_t *ret);

/* FNV-1a, for tables that no stranger fills on purpose. */
uint64_t str_hash(struct str s);

/* Copies into the arena; *ret is also NUL-terminated behind its length. */
MUST_CHECK enum status str_copy(struct arena *arena, struct str s, struct str *ret);
/* A NUL-terminated copy, or NULL when the arena is full. */
char *str_to_c(struct arena *arena, struct str s);
/* snprintf into the arena; NO_MEMORY when it is full. */
MUST_CHECK enum status str_format(struct arena *arena, struct str *ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
