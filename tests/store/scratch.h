/* A folder of its own for each test, gone afterwards; and a database in it. */
#ifndef TESTS_STORE_SCRATCH_H
#define TESTS_STORE_SCRATCH_H

#include <ftw.h>
#include <limits.h>
#include <unistd.h>

#include "store/db.h"
#include "store/place.sql.h"
#include "test.h"

struct scratch {
	char folder[PATH_MAX];
	char path[PATH_MAX]; /* of the database; not made yet */
	struct arena arena;
};

static inline void
scratch_init(struct scratch *s)
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(s->folder, sizeof s->folder - 16, "%s/folkmoot-XXXXXX",
	               base == NULL ? "/tmp" : base);
	if (mkdtemp(s->folder) == NULL) {
		perror(s->folder);
		exit(1);
	}
	(void)snprintf(s->path, sizeof s->path, "%.*s/t.db", (int)sizeof s->path - 8, s->folder);
	arena_init(&s->arena, 64 * 1024 * 1024);
}

static inline int
scratch_remove_one(const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
	(void)info;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline void
scratch_release(struct scratch *s)
{
	arena_release(&s->arena);
	(void)nftw(s->folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Opens it or ends the program: what a test stands on is not what it tests. */
static inline struct db *
scratch_open(const struct scratch *s, enum db_mode mode)
{
	struct db *db = NULL;
	const char *why = NULL;

	if (db_open(s->path, mode, &db, &why) != OK) {
		fprintf(stderr, "%s: %s\n", s->path, why);
		exit(1);
	}
	return db;
}

static inline enum status
scratch_add_place(struct db *db, int64_t id, struct str slug)
{
	return place_insert(db, (struct place_id){ id }, slug, STR("Alder Vale"), STR("To hold things well"),
	                    STR("en"), STR("GBP"), STR("Europe/London"), NULL, NULL, STR("none"),
	                    STR("{}"), false, (struct instant){ id });
}

#endif
