/* What gen_sql writes, compiled and run: each kind, each type, NULL and not NULL. */
#include <unistd.h>

#include "store/sample.sql.h"
#include "test.h"

static struct db *db;
static struct arena arena;
static const struct place_id here = { 1 }, there = { 2 }, nowhere = { 3 };

static void
test_types(void)
{
	struct thing_get_row row;
	struct amount cost = { INT64_MAX };
	struct instant at = { INT64_MIN };
	bool no = false;
	struct str words = STR("caf\xc3\xa9 \"x\" \\ 'y'"), raw = { "\0\1\xff", 3 }, empty = STR("");
	int64_t number = 99;

	CHECK_INT(thing_insert(db, here, (struct idea_id){ 5 }, true, &cost, &at, &no, &words, &raw,
	                       &number), OK);
	CHECK_INT(thing_get(db, &arena, here, (struct idea_id){ 5 }, &row), OK);
	CHECK_INT(row.id.value, 5);
	CHECK(row.flag);
	CHECK(row.has_cost && row.has_at && row.has_maybe && row.has_words && row.has_raw &&
	      row.has_number);
	CHECK_INT(row.cost.minor, INT64_MAX);
	CHECK_INT(row.at.us, INT64_MIN);
	CHECK(!row.maybe);
	CHECK(str_eq(row.words, words));
	CHECK(str_eq(row.raw, raw));
	CHECK_INT(row.number, 99);
	CHECK_INT(thing_insert(db, here, (struct idea_id){ 6 }, false, NULL, NULL, NULL, NULL, NULL,
	                       NULL), OK);
	CHECK_INT(thing_get(db, &arena, here, (struct idea_id){ 6 }, &row), OK);
	CHECK(!row.flag);
	CHECK(!row.has_cost && !row.has_at && !row.has_maybe && !row.has_words && !row.has_raw &&
	      !row.has_number);
	/* Empty is not NULL, for text and for bytes. */
	CHECK_INT(thing_insert(db, here, (struct idea_id){ 7 }, false, NULL, NULL, NULL, &empty,
	                       &empty, NULL), OK);
	CHECK_INT(thing_get(db, &arena, here, (struct idea_id){ 7 }, &row), OK);
	CHECK(row.has_words && row.words.len == 0 && row.has_raw && row.raw.len == 0);
}

static void
test_one(void)
{
	struct thing_get_row row = { .flag = true };

	CHECK_INT(thing_get(db, &arena, there, (struct idea_id){ 5 }, &row), NOT_FOUND);
	CHECK(!row.flag); /* nothing of before is left in it */
	CHECK_INT(thing_get(db, &arena, here, (struct idea_id){ 5 }, &row), OK);
}

static void
test_constraints(void)
{
	int64_t number = 100;

	CHECK_INT(thing_insert(db, here, (struct idea_id){ 8 }, false, NULL, NULL, NULL, NULL, NULL,
	                       &number), CONFLICT);
	CHECK_INT(thing_insert(db, here, (struct idea_id){ 5 }, false, NULL, NULL, NULL, NULL, NULL,
	                       NULL), CONFLICT);
}

static void
test_many(void)
{
	struct thing_numbers_rows rows;
	struct things_of_all_rows all;

	CHECK_INT(part_insert(db, here, (struct idea_id){ 6 }, STR("wheel"), NULL), OK);
	CHECK_INT(thing_numbers(db, &arena, here, &rows), OK);
	CHECK_INT(rows.len, 3);
	CHECK(rows.ptr[0].has_twice && rows.ptr[0].twice == 198 && !rows.ptr[0].is_small);
	CHECK(!rows.ptr[1].has_twice && !rows.ptr[1].is_small);
	CHECK(!rows.ptr[0].has_label && rows.ptr[1].has_label);
	CHECK_STR(rows.ptr[1].label, "wheel");
	CHECK_INT(things_of_all(db, &arena, &all), OK);
	CHECK_INT(all.len, 3);
}

struct walk {
	int seen, stop_at;
	char words[64];
};

static enum status
each_thing(void *context, const struct thing_walk_row *row)
{
	struct walk *walk = context;

	if (walk->seen == 0)
		(void)snprintf(walk->words, sizeof walk->words, "%.*s", STR_ARG(row->words));
	CHECK_INT(row->id.value, 5 + walk->seen);
	CHECK(row->has_words == (walk->seen != 1));
	return ++walk->seen == walk->stop_at ? REFUSED : OK;
}

static void
test_each(void)
{
	struct walk walk = { 0, 0, "" };

	CHECK_INT(thing_walk(db, here, each_thing, &walk), OK);
	CHECK_INT(walk.seen, 3);
	CHECK_STR(str_of(walk.words), "caf\xc3\xa9 \"x\" \\ 'y'");
	walk = (struct walk){ 0, 2, "" };
	CHECK_INT(thing_walk(db, here, each_thing, &walk), REFUSED);
	CHECK_INT(walk.seen, 2);
	walk = (struct walk){ 0, 0, "" };
	CHECK_INT(thing_walk(db, nowhere, each_thing, &walk), OK);
	CHECK_INT(walk.seen, 0);
}

static void
test_changed(void)
{
	int64_t changed = -1;

	CHECK_INT(thing_renumber(db, here, 12, &changed), OK);
	CHECK_INT(changed, 1);
	CHECK_INT(thing_renumber(db, nowhere, 12, &changed), OK);
	CHECK_INT(changed, 0);
	CHECK_INT(thing_renumber(db, here, 0, &changed), CONFLICT);
	CHECK_INT(changed, 0);
}

static void
test_null_where_none_was_declared(void)
{
	struct thing_total_row row;

	CHECK_INT(thing_total(db, &arena, nowhere, &row), FAILED);
	CHECK_INT(thing_total(db, &arena, here, &row), OK);
	CHECK_INT(row.total.minor, INT64_MAX);
}

static void
test_returning(void)
{
	struct thing_upsert_row row;

	CHECK_INT(thing_upsert(db, &arena, there, (struct idea_id){ 1 }, &row), OK);
	CHECK_INT(row.number, 1);
	CHECK_INT(thing_upsert(db, &arena, there, (struct idea_id){ 1 }, &row), OK);
	CHECK_INT(row.number, 2);
}

static void
test_engines(void)
{
	struct engine_name_row row;

	CHECK_INT(engine_name(db, &arena, here, &row), OK);
	CHECK_STR(row.name, "sqlite");
	CHECK_STR(row.quoted, "a  \"b\" \\ 'c'");
	for (int i = 0; i < db_statement_total; i++) {
		const struct db_statement *s = db_statements[i];
		struct str pg = str_of(s->pg);

		CHECK_INT(s->number, i);
		CHECK(str_find(pg, STR("?")) == pg.len);
		if (strcmp(s->name, "engine_name") == 0)
			CHECK_STR(pg, "SELECT CAST('pg' AS text) AS name, 'a  \"b\" \\ ''c''' AS quoted "
			              "FROM (SELECT 1) one WHERE $1 > 0 AND 1 IN (SELECT 1 FROM thing "
			              "WHERE place_id = $1)");
		if (strcmp(s->name, "thing_insert") == 0)
			CHECK_STR(str_of(s->parameter_types), "iiiiiitbi");
		if (strcmp(s->name, "thing_walk") == 0)
			CHECK_STR(str_of(s->column_types), "itb");
	}
}

static bool
pg_has(int migration, const char *text)
{
	struct str pg = str_of(db_migrations[migration].pg);

	return str_find(pg, str_of(text)) < pg.len;
}

static void
test_migrations(void)
{
	CHECK_INT(db_migration_total, 2);
	CHECK(pg_has(0, "place_id  bigint NOT NULL"));
	CHECK(pg_has(0, "flag      smallint CHECK (flag IN (0, 1)) NOT NULL"));
	CHECK(pg_has(0, "raw       bytea,"));
	CHECK(!pg_has(0, "STRICT") && !pg_has(0, "ROWID"));
	CHECK(pg_has(0, "COMMENT ON TABLE thing IS 'A thing, with two lines of remarks; it''s quoted.'"));
	CHECK(pg_has(0, "COMMENT ON COLUMN thing.words IS 'maybe; ''quoted'', and a -- in the middle'"));
	CHECK(pg_has(0, "COMMENT ON COLUMN thing.number IS 'small, or not there'"));
	CHECK(!pg_has(0, "a remark on no column"));
	CHECK(pg_has(1, "ALTER TABLE part ADD COLUMN weight bigint;"));
	CHECK(pg_has(1, "COMMENT ON COLUMN part.weight IS 'in grams'"));
	CHECK(pg_has(1, "only_pg") && !pg_has(1, "only_sqlite"));
	CHECK(pg_has(1, "WHERE  true;"));
}

static const struct test_case cases[] = {
	{ "gen_sql: each type, NULL and not", test_types },
	{ "gen_sql: one row or NOT_FOUND", test_one },
	{ "gen_sql: constraints", test_constraints },
	{ "gen_sql: many rows, an outer join", test_many },
	{ "gen_sql: row by row, and stopped", test_each },
	{ "gen_sql: rows changed", test_changed },
	{ "gen_sql: a NULL where none was declared", test_null_where_none_was_declared },
	{ "gen_sql: RETURNING", test_returning },
	{ "gen_sql: a text for each engine", test_engines },
	{ "gen_sql: migrations for PostgreSQL", test_migrations },
};

int
main(void)
{
	char folder[] = "/tmp/folkmoot-XXXXXX", path[64];
	const char *why = NULL;
	int bad;

	if (mkdtemp(folder) == NULL)
		return 1;
	(void)snprintf(path, sizeof path, "%s/t.db", folder);
	if (db_open(path, DB_CREATE, &db, &why) != OK) {
		printf("not ok gen_sql # %s\n", why);
		return 1;
	}
	arena_init(&arena, 1000000);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	db_close(db);
	arena_release(&arena);
	(void)unlink(path);
	(void)rmdir(folder);
	return bad;
}
