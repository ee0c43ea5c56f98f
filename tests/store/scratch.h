/* A folder of its own for each test, gone afterwards; and a database in it. Where the environment
 * has FOLKMOOT_TEST_DB=postgresql://… (tests/pg/both.sh) the database is a fresh one there. */
#ifndef TESTS_STORE_SCRATCH_H
#define TESTS_STORE_SCRATCH_H

#include <ftw.h>
#include <limits.h>
#include <unistd.h>

#include "store/beside.h"
#include "store/db.h"
#include "store/place.sql.h"
#include "test.h"

struct scratch {
	char folder[PATH_MAX];
	char path[PATH_MAX]; /* of the database, as db_open takes it; not made yet, or an empty schema */
	bool server;
	struct arena arena;
};

/* A database that is ready, to be copied: much sooner done than making its tables. */
static inline void
scratch_template(struct beside *b, const char *uri)
{
	/* What tests' own SQL calls by SQLite's names. */
	static const char functions[] =
		"CREATE FUNCTION zeroblob(n int) RETURNS bytea LANGUAGE sql AS"
		" 'SELECT decode(repeat(''00'', n), ''hex'')';"
		"CREATE FUNCTION randomblob(n int) RETURNS bytea LANGUAGE sql VOLATILE AS"
		" 'SELECT substr(decode(md5(random()::text) || md5(random()::text), ''hex''), 1, n)';"
		"CREATE FUNCTION instr(a text, b text) RETURNS int LANGUAGE sql AS 'SELECT strpos(a, b)';"
		"CREATE FUNCTION smaller(a bytea, b bytea) RETURNS bytea LANGUAGE sql STRICT AS"
		" 'SELECT CASE WHEN a < b THEN a ELSE b END';"
		"CREATE AGGREGATE min(bytea) (SFUNC = smaller, STYPE = bytea);"
		"CREATE FUNCTION group_step(a text, b text) RETURNS text LANGUAGE sql AS"
		" 'SELECT CASE WHEN a IS NULL THEN b ELSE a || chr(44) || b END';"
		"CREATE AGGREGATE group_concat(text) (SFUNC = group_step, STYPE = text);";
	char where[PATH_MAX];
	struct arena arena;
	struct beside made;
	struct db *db;
	struct str found;
	const char *why;

	arena_init(&arena, 4096);
	if (beside_value(b, "SELECT 1 FROM pg_database WHERE datname = 'moot_template'", &arena,
	                 &found) == NOT_FOUND) {
		beside_run(b, "CREATE DATABASE moot_template");
		(void)snprintf(where, sizeof where, "%smoot_template", uri);
		if (db_open(where, DB_CREATE, &db, &why) != OK) {
			fprintf(stderr, "%s: %s\n", where, why);
			exit(1);
		}
		db_close(db);
		beside_open(&made, where);
		beside_run(&made, functions);
		beside_close(&made);
	}
	arena_release(&arena);
}

static inline void
scratch_server(struct scratch *s, const char *uri, bool make)
{
	char sql[200], where[PATH_MAX];
	struct beside b;

	(void)snprintf(where, sizeof where, "%spostgres", uri);
	beside_open(&b, where);
	if (make) {
		static int number;

		scratch_template(&b, uri);
		(void)snprintf(s->path, sizeof s->path, "%smoot_%d_%d", uri, (int)getpid(), ++number);
	}
	(void)snprintf(sql, sizeof sql, make ? "CREATE DATABASE %s TEMPLATE moot_template"
	                                     : "DROP DATABASE %s WITH (FORCE)", s->path + strlen(uri));
	beside_run(&b, sql);
	beside_close(&b);
}

/* For desk_open: NULL, or the server's database. */
static inline const char *
scratch_db(const struct scratch *s)
{
	return s->server ? s->path : NULL;
}

static inline void
scratch_init(struct scratch *s)
{
	const char *base = getenv("TMPDIR"), *uri = getenv("FOLKMOOT_TEST_DB");

	(void)snprintf(s->folder, sizeof s->folder - 16, "%s/folkmoot-XXXXXX",
	               base == NULL ? "/tmp" : base);
	if (mkdtemp(s->folder) == NULL) {
		perror(s->folder);
		exit(1);
	}
	(void)snprintf(s->path, sizeof s->path, "%.*s/t.db", (int)sizeof s->path - 8, s->folder);
	s->server = uri != NULL;
	if (s->server)
		scratch_server(s, uri, true);
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
	if (s->server)
		scratch_server(s, getenv("FOLKMOOT_TEST_DB"), false);
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
