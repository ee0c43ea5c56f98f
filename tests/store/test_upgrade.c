/* Databases of earlier versions of the program, brought up to date; on SQLite, and on PostgreSQL
 * (tests/pg/both.sh) while others use them. */
#include <pthread.h>
#include <unistd.h>

#include "store/idea.sql.h"
#include "store/person.sql.h"
#include "store/scratch.h"

static const struct place_id vale = { 7 };

struct stage {
	struct scratch scratch; /* its folder; on a server its database is not used */
	char path[PATH_MAX];
	struct beside beside;
};

/* A database as version 1 of the schema left it, with a row or two. */
static void
stage_init(struct stage *s)
{
	const char *uri = getenv("FOLKMOOT_TEST_DB");
	char where[PATH_MAX], line[200];
	struct beside b;

	scratch_init(&s->scratch);
	if (s->scratch.server) {
		(void)snprintf(where, sizeof where, "%spostgres", uri);
		beside_open(&b, where);
		(void)beside_try(&b, "DROP DATABASE moot_old WITH (FORCE)");
		beside_run(&b, "CREATE DATABASE moot_old");
		beside_close(&b);
		(void)snprintf(s->path, sizeof s->path, "%smoot_old", uri);
	} else {
		(void)snprintf(s->path, sizeof s->path, "%.200s/old.db", s->scratch.folder);
	}
	beside_open(&s->beside, s->path);
	beside_run(&s->beside, s->scratch.server ? db_migrations[0].pg : db_migrations[0].sqlite);
	if (s->scratch.server) {
		beside_run(&s->beside, "CREATE TABLE folkmoot_schema (version bigint NOT NULL,"
		           " finished boolean NOT NULL, since timestamptz NOT NULL DEFAULT now(),"
		           " PRIMARY KEY (version)); INSERT INTO folkmoot_schema VALUES (1, true)");
	} else {
		(void)snprintf(line, sizeof line, "PRAGMA application_id = %d; PRAGMA user_version = 1",
		               0x464d6f6f);
		beside_run(&s->beside, line);
	}
	beside_run(&s->beside,
	           "INSERT INTO place (place_id, slug, name, purpose, language, currency, zone, recipe,"
	           " settings, imported, created_at) VALUES (7, 'vale', 'Vale', 'x', 'en', 'GBP',"
	           " 'Europe/London', 'none', '{}', 0, 1);"
	           "INSERT INTO person (place_id, id, name, joined_at) VALUES (7, 5, 'Maya', 1);"
	           "INSERT INTO idea (place_id, id, author_id, title, body, state, created_at, changed_at,"
	           " version, judgement, comments) VALUES (7, 9, 5, 'Caf\xc3\xa9 by the ford', 'Running water',"
	           " 'open', 1, 1, 1, 0, 0)");
}

static void
stage_release(struct stage *s)
{
	beside_close(&s->beside);
	scratch_release(&s->scratch);
}

static enum status
try_open(struct stage *s, enum db_mode mode)
{
	struct db *db = NULL;
	const char *why = NULL;
	enum status st = db_open(s->path, mode, &db, &why);

	CHECK((st == OK) == (why == NULL));
	db_close(db);
	return st;
}

static int64_t
found(struct stage *s, const char *words)
{
	struct idea_found_rows rows = { NULL, 0 };
	struct db *db = NULL;
	const char *why;

	CHECK_INT(db_open(s->path, DB_READ, &db, &why), OK);
	CHECK_INT(idea_found(db, &s->scratch.arena, vale, STR(""), str_of(words), (struct idea_id){ 0 }, 9,
	                     &rows), OK);
	db_close(db);
	return (int64_t)rows.len;
}

static void
is_up_to_date(struct stage *s)
{
	struct str state;

	CHECK_INT(beside_value(&s->beside, "SELECT state FROM place WHERE place_id = 7",
	                       &s->scratch.arena, &state), OK);
	CHECK_STR(state, "here");
	/* Words without their accents, their endings, and beginnings of words; not a neighbour's. */
	CHECK_INT(found(s, "\"cafe\""), 1);
	CHECK_INT(found(s, "\"waters\" \"run\""), 1);
	CHECK_INT(found(s, "\"ford\" \"wat\"*"), 1);
	CHECK_INT(found(s, "\"bench\""), 0);
}

static void
test_from_version_1(void)
{
	struct stage s;

	stage_init(&s);
	/* Only the server may change it; who only looks says so. */
	CHECK_INT(try_open(&s, DB_READ), FAILED);
	CHECK_INT(try_open(&s, DB_WRITE), FAILED);
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(try_open(&s, DB_READ), OK);
	is_up_to_date(&s);
	stage_release(&s);
}

static void *
open_it(void *context)
{
	CHECK_INT(try_open(context, DB_CREATE), OK);
	return NULL;
}

static void
test_several_at_once(void)
{
	struct stage s;
	pthread_t openers[4];

	stage_init(&s);
	for (int i = 0; i < 4; i++)
		CHECK_INT(pthread_create(&openers[i], NULL, open_it, &s), 0);
	for (int i = 0; i < 4; i++)
		(void)pthread_join(openers[i], NULL);
	is_up_to_date(&s);
	stage_release(&s);
}

/* Somebody's long transaction holds a table: the upgrade asks again and again, and in between others
 * read the table as if nothing waited. */
static void
test_waits_politely(void)
{
	struct stage s;
	struct beside reader;
	pthread_t opener;
	struct str name;
	int reads = 0;

	stage_init(&s);
	beside_open(&reader, s.path);
	beside_run(&s.beside, "BEGIN; SELECT count(*) FROM place");
	CHECK_INT(pthread_create(&opener, NULL, open_it, &s), 0);
	beside_run(&reader, "SET statement_timeout = 2500");
	for (int i = 0; i < 8; i++) {
		(void)usleep(500000);
		reads += beside_value(&reader, "SELECT name FROM place", &s.scratch.arena, &name) == OK;
	}
	CHECK_INT(reads, 8);
	beside_run(&s.beside, "COMMIT");
	(void)pthread_join(opener, NULL);
	beside_close(&reader);
	is_up_to_date(&s);
	stage_release(&s);
}

/* Died while an index was being made CONCURRENTLY: it is there, and useless. */
static void
test_half_made_index(void)
{
	static const char valid[] = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
	struct stage s;
	struct str text;

	stage_init(&s);
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	beside_run(&s.beside, "UPDATE pg_index SET indisvalid = false WHERE indexrelid ="
	           " 'idea_search_words'::regclass; UPDATE folkmoot_schema SET finished = false"
	           " WHERE version = 2");
	CHECK_INT(try_open(&s, DB_READ), FAILED); /* not yet */
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(beside_value(&s.beside, valid, &s.scratch.arena, &text), OK);
	CHECK_STR(text, "0");
	is_up_to_date(&s);
	stage_release(&s);
}

static const struct test_case cases[] = {
	{ "upgrade: from version 1, with search", test_from_version_1 },
	{ "upgrade: several start at once", test_several_at_once },
	{ "upgrade: waits for locks without making others wait", test_waits_politely },
	{ "upgrade: an index that was half made", test_half_made_index },
};

int
main(void)
{
	/* The last two are about a server: a file is locked whole and waited for (store_writer has that),
	 * and makes its indexes inside the transaction. */
	return test_run_all(cases, getenv("FOLKMOOT_TEST_DB") != NULL ? 4 : 2);
}
