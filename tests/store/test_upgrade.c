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

/* A row of each table of version 1, as SQLite reads it. */
static const char rows_sql[] =
	"INSERT INTO place_slug (slug, place_id) VALUES ('vale', 7);"
	"INSERT INTO place (place_id, slug, name, purpose, language, currency, zone, people, last_year,"
	" recipe, settings, imported, created_at) VALUES (7, 'vale', 'Vale', 'x', 'en', 'GBP',"
	" 'Europe/London', 300, NULL, 'none', '{}', 0, 1);"
	"INSERT INTO area (place_id, area, name, position) VALUES (7, 'mill', 'Mill Lane', 1);"
	"INSERT INTO person (place_id, id, name, email, area, joined_at) VALUES"
	" (7, 5, 'Maya', 'maya@vale.example', 'mill', 1), (7, 6, 'Ana \\ ''O''', NULL, NULL, 2);"
	"INSERT INTO role (place_id, person_id, role, since) VALUES (7, 6, 'steward', 2);"
	"INSERT INTO sign_in (place_id, id, email, name, next_path, link_hash, code_hash, tries, expires_at,"
	" used_at) VALUES (7, 1, 'a@b.example', NULL, '/vale/', x'00ff', x'', 4, 9, NULL);"
	"INSERT INTO session (place_id, token_hash, person_id, created_at, expires_at)"
	" VALUES (7, x'0001', 5, 1, 9223372036854775807);"
	"INSERT INTO idea (place_id, id, author_id, title, body, rough_cost, state, created_at, changed_at,"
	" version, judgement, comments) VALUES (7, 9, 5, 'Café by the ford', 'Running water', 5000,"
	" 'open', 1, 1, 1, 0, 1);"
	"INSERT INTO idea_version (place_id, idea_id, version, title, body, rough_cost, author_id, written_at,"
	" salt) VALUES (7, 9, 1, 'Café by the ford', 'Running water', 5000, 5, 1, x'0a5c27');"
	"INSERT INTO idea_judgement (place_id, idea_id, number, verdict, owner, permission, real_cost, reason,"
	" judged_by, judged_at, salt) VALUES (7, 9, 1, 'reopen', NULL, NULL, NULL, 'Again', 6, 2, x'01');"
	"INSERT INTO comment (place_id, idea_id, id, author_id, body, created_at, salt)"
	" VALUES (7, 9, 1, 6, 'Yes', 2, x'02');"
	"INSERT INTO round (place_id, id, title, intro, state, budget, ballot_kind, most, rule, utility,"
	" completion, increment, ties, lot_seed, who_may, least_age, opens_at, closes_at, opened_at, frozen_at,"
	" counted_at, rules, rules_hash, created_by, created_at, ballots) VALUES (7, 3, 'Spring', '', 'counted',"
	" 100000, 'approval', NULL, 'equal-shares', 'cost', 'add1u', 1, 'cost-votes-lot', x'5e', 'members', 14,"
	" 1, 2, 1, 3, 4, '{}', x'f0', 6, 1, 1);"
	"INSERT INTO option (place_id, round_id, id, number, label, idea_id, title, summary, cost, selected)"
	" VALUES (7, 3, 1, 1, '1', 9, 'Café', '', 5000, NULL);"
	"INSERT INTO roll (place_id, round_id, person_id, area, struck, voted, receipt)"
	" VALUES (7, 3, 5, 'mill', 0, 1, x'aa'), (7, 3, 6, NULL, 1, 0, NULL);"
	"INSERT INTO ballot (place_id, round_id, ballot_key, choice) VALUES (7, 3, x'bb', '1');"
	"INSERT INTO challenge (place_id, round_id, id, person_id, by_id, reason, made_at, settled_at,"
	" settled_by, upheld, answer) VALUES (7, 3, 1, 6, 5, 'Moved', 1, 2, 6, 1, 'So it is');"
	"INSERT INTO import (place_id, round_id, meta, option_columns, ballot_columns, rule, names_winners)"
	" VALUES (7, 4, '[]', '[]', '[]', 'greedy', 1);"
	"INSERT INTO import_line (place_id, round_id, section, line, cells) VALUES (7, 4, 2, 1, '[\"1\"]');"
	"INSERT INTO outcome (place_id, round_id, id, official, rule, utility, completion, increment, ties,"
	" voters, represented, total_cost, winners, detail) VALUES (7, 3, 1, 1, 'equal-shares', 'cost', 'add1u',"
	" 1, 'id', 1, 1, 5000, 1, '{}');"
	"INSERT INTO outcome_option (place_id, round_id, outcome_id, number, place_won, votes, could_pay, room,"
	" why) VALUES (7, 3, 1, 1, 1, 1, NULL, 95000, 'won');"
	"INSERT INTO account (place_id, id, kind, name, floor, balance) VALUES (7, 1, 'source', 'Out', NULL,"
	" -5000), (7, 2, 'pot', 'Pot', 0, 5000);"
	"INSERT INTO entry (place_id, id, kind, happened_on, recorded_at, recorded_by, memo, payee, reference,"
	" client_key) VALUES (7, 1, 'grant', 0, 5, 6, 'A gift', NULL, NULL, x'cc');"
	"INSERT INTO posting (place_id, entry_id, line, account_id, amount) VALUES (7, 1, 1, 1, -5000),"
	" (7, 1, 2, 2, 5000);"
	"INSERT INTO project (place_id, id, round_id, number, idea_id, title, award, account_id, created_at)"
	" VALUES (7, 1, 3, 1, 9, 'Café', 5000, 2, 4);"
	"INSERT INTO file (place_id, id, entry_id, name, type, size, sha256, content, uploaded_by, uploaded_at)"
	" VALUES (7, 1, 1, 'bill.pdf', 'application/pdf', 3, x'dd', x'250046', 6, 5);"
	"INSERT INTO leaf (place_id, id, hash, body) VALUES (7, 1, x'ee', '{}'), (7, 2, x'ef', '{}');"
	"INSERT INTO leaf_waiting (place_id, leaf_id) VALUES (7, 2);"
	"INSERT INTO leaf_position (place_id, position, leaf_id) VALUES (7, 0, 1);"
	"INSERT INTO tree_node (place_id, level, number, hash) VALUES (7, 0, 0, x'ee');"
	"INSERT INTO tree_head (place_id, size, root, made_at) VALUES (7, 1, x'ee', 6);"
	"INSERT INTO job (place_id, id, kind, subject, due_at, lease_until, attempts, last_error)"
	" VALUES (7, 1, 'send-mail', 1, 5, NULL, 2, 'silence');"
	"INSERT INTO mail (place_id, id, recipient, subject, body, created_at)"
	" VALUES (7, 1, 'maya@vale.example', 'Code', '123456', 5);";

/* Bytes are x'00ff' to SQLite and '\x00ff' to PostgreSQL. */
static void
stage_fill(struct stage *s)
{
	struct buf sql;

	buf_init(&sql, 64 * 1024);
	for (const char *at = rows_sql; *at != '\0'; at++) {
		if (s->scratch.server && strncmp(at, "x'", 2) == 0 && strchr(" (", at[-1]) != NULL) {
			buf_add_c(&sql, "'\\x");
			at++;
		} else {
			buf_add_char(&sql, *at);
		}
	}
	buf_add_char(&sql, '\0');
	CHECK_INT(buf_status(&sql), OK);
	beside_run(&s->beside, sql.ptr);
	buf_release(&sql);
}

/* Of a table that got more columns later, those of version 1. */
static const char *
first_columns(struct str table)
{
	static const char *const grown[][2] = {
		{ "place", "place_id, slug, name, purpose, language, currency, zone, people, last_year,"
		           " recipe, settings, imported, created_at" },
		{ "round", "place_id, id, title, intro, state, budget, ballot_kind, most, rule, utility,"
		           " completion, increment, ties, lot_seed, who_may, least_age, opens_at, closes_at,"
		           " opened_at, frozen_at, counted_at, rules, rules_hash, void_reason, replaces_id,"
		           " account_id, created_by, created_at, ballots" },
		{ "outcome_option", "place_id, round_id, outcome_id, number, place_won, votes, could_pay,"
		                    " room, why" },
	};

	for (size_t i = 0; i < sizeof grown / sizeof *grown; i++)
		if (str_is(table, grown[i][0]))
			return grown[i][1];
	return "*";
}

/* All rows of all tables of version 1, without columns that came later; each table has some. */
static struct str
everything(struct stage *s, struct str names)
{
	struct buf all;
	struct str text = { NULL, 0 };

	buf_init(&all, 256 * 1024);
	while (names.len > 0) {
		struct str name = str_next(&names, ',');
		size_t before = buf_str(&all).len;
		char sql[600];

		(void)snprintf(sql, sizeof sql, "SELECT %s FROM \"%.*s\"", first_columns(name),
		               STR_ARG(name));
		beside_rows(&s->beside, sql, &all);
		CHECK(buf_str(&all).len > before);
	}
	CHECK_INT(buf_status(&all), OK);
	CHECK_INT(str_copy(&s->scratch.arena, buf_str(&all), &text), OK);
	buf_release(&all);
	return text;
}

/* A database as version 1 of the schema left it. */
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
	stage_fill(s);
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
	/* A round of before has neither points nor a least number of votes. */
	CHECK_INT(beside_value(&s->beside, "SELECT count(*) FROM round WHERE points IS NULL AND points_each"
	                       " IS NULL AND threshold IS NULL AND id = 3", &s->scratch.arena, &state), OK);
	CHECK_STR(state, "1");
	CHECK_INT(beside_value(&s->beside, "SELECT count(*) FROM outcome_option WHERE points IS NULL",
	                       &s->scratch.arena, &state), OK);
	CHECK_STR(state, "1");
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
	struct str names, before;

	stage_init(&s);
	names = beside_tables(&s.beside, &s.scratch.arena);
	before = everything(&s, names);
	/* Only the server may change it; who only looks says so. */
	CHECK_INT(try_open(&s, DB_READ), FAILED);
	CHECK_INT(try_open(&s, DB_WRITE), FAILED);
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(try_open(&s, DB_READ), OK);
	is_up_to_date(&s);
	CHECK(str_eq(everything(&s, names), before));
	stage_release(&s);
}

/* What is refused is left as it is: a newer version's, a stranger's, and where a step fails. */
static void
test_left_alone(void)
{
	struct stage s;
	struct str names, before;
	bool server;

	stage_init(&s);
	server = s.scratch.server;
	names = beside_tables(&s.beside, &s.scratch.arena);
	before = everything(&s, names);
	beside_run(&s.beside, server ? "INSERT INTO folkmoot_schema (version, finished) VALUES (999, true)"
	                             : "PRAGMA user_version = 999");
	CHECK_INT(try_open(&s, DB_CREATE), TOO_NEW);
	CHECK_INT(try_open(&s, DB_WRITE), TOO_NEW);
	CHECK_INT(try_open(&s, DB_READ), TOO_NEW);
	beside_run(&s.beside, server ? "ALTER TABLE folkmoot_schema RENAME TO their_schema"
	                             : "PRAGMA user_version = 1; PRAGMA application_id = 1");
	CHECK_INT(try_open(&s, DB_CREATE), FAILED);
	CHECK_INT(try_open(&s, DB_READ), FAILED);
	beside_run(&s.beside, server ? "ALTER TABLE their_schema RENAME TO folkmoot_schema;"
	                               "DELETE FROM folkmoot_schema WHERE version = 999"
	                             : "PRAGMA application_id = 0x464d6f6f");
	/* A table in the way of one that the upgrade makes: what it did before is undone. */
	beside_run(&s.beside, "CREATE TABLE moved (mine int)");
	CHECK(try_open(&s, DB_CREATE) != OK);
	CHECK(!beside_try(&s.beside, "SELECT state FROM place"));
	CHECK_INT(try_open(&s, DB_READ), FAILED); /* still of version 1 */
	CHECK(str_eq(everything(&s, names), before));
	beside_run(&s.beside, "DROP TABLE moved");
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	is_up_to_date(&s);
	CHECK(str_eq(everything(&s, names), before));
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

/* An old snapshot (a dump, a check) makes CREATE INDEX CONCURRENTLY wait: longer than any lock is waited
 * for, and what comes of it is an index that is used. */
static void
test_beside_old_snapshot(void)
{
	struct stage s;
	pthread_t opener;
	struct str text;

	stage_init(&s);
	beside_run(&s.beside, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM mail");
	CHECK_INT(pthread_create(&opener, NULL, open_it, &s), 0);
	(void)usleep(3500000);
	beside_run(&s.beside, "COMMIT");
	(void)pthread_join(opener, NULL);
	CHECK_INT(beside_value(&s.beside, "SELECT count(*) FROM pg_index WHERE NOT indisvalid",
	                       &s.scratch.arena, &text), OK);
	CHECK_STR(text, "0");
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
	{ "upgrade: from version 1, with all rows and search", test_from_version_1 },
	{ "upgrade: what is refused is left as it is", test_left_alone },
	{ "upgrade: several start at once", test_several_at_once },
	{ "upgrade: waits for locks without making others wait", test_waits_politely },
	{ "upgrade: indexes beside an old snapshot", test_beside_old_snapshot },
	{ "upgrade: an index that was half made", test_half_made_index },
};

int
main(void)
{
	/* The last three are about a server: a file is locked whole and waited for (store_writer_file has
	 * that), and makes its indexes inside the transaction. */
	return test_run_all(cases, getenv("FOLKMOOT_TEST_DB") != NULL ? 6 : 3);
}
