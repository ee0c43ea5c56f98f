/* The deeds that crashes interrupt, and the look at what is left: deed n adds two rows to place
 * 7; every tenth is refused between them. So a deed is there whole, or not at all, or half. */
#ifndef TESTS_TORTURE_DEEDS_H
#define TESTS_TORTURE_DEEDS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"
#include "store/writer.h"

enum { DEEDS_MAX = 100000 }; /* deeds are numbered below this */

/* OK when it is on disk; REFUSED for every tenth. */
MUST_CHECK enum status deed_do(struct writer *writer, int64_t number);

struct leftover {
	bool whole[DEEDS_MAX]; /* both rows of deed n are there */
	int half, refused;     /* how many deeds are half there, or there though refused */
	bool sound;            /* SQLite's integrity check */
};
/* Looks at the database with a connection of its own. */
void deeds_look(const char *path, struct leftover *ret);
/* The place they belong to, unless it is there. */
MUST_CHECK enum status deeds_prepare(struct db *db);

#endif
