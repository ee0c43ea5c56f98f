/* What every engine does alike: run on SQLite, and on PostgreSQL by tests/pg/both.sh. */
#include <pthread.h>

#include "commons/idea_words.h"
#include "store/check.sql.h"
#include "store/idea.sql.h"
#include "store/leaf.sql.h"
#include "store/ledger.sql.h"
#include "store/person.sql.h"
#include "store/scratch.h"
#include "store/writer.h"

static const struct place_id vale = { 7 };
static const struct person_id maya = { 5 };

static void
test_constraints(void)
{
	struct scratch s;
	struct db *db;
	struct area_list_rows rows;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(scratch_add_place(db, 7, STR("vale")), OK);
	CHECK_INT(area_insert(db, vale, STR("a"), STR("A"), 1), OK);
	CHECK_INT(area_insert(db, vale, STR("a"), STR("B"), 2), CONFLICT);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	CHECK_INT(rows.len, 1);
	/* The statement can be used again after it failed. */
	CHECK_INT(area_insert(db, vale, STR("b"), STR("B"), 2), OK);
	db_close(db);
	scratch_release(&s);
}

static void
test_arena_too_small(void)
{
	struct scratch s;
	struct arena small;
	struct db *db;
	struct area_list_rows rows;

	scratch_init(&s);
	arena_init(&small, 2000);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(scratch_add_place(db, 7, STR("vale")), OK);
	for (int i = 1; i <= 100; i++) {
		struct id_text name = id_text(i);

		CHECK_INT(area_insert(db, vale, str_of(name.text), STR("Somewhere"), i), OK);
	}
	CHECK_INT(area_list(db, &small, vale, &rows), NO_MEMORY);
	CHECK(rows.ptr == NULL && rows.len == 0);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	CHECK_INT(rows.len, 100);
	arena_release(&small);
	db_close(db);
	scratch_release(&s);
}

static void
test_savepoints(void)
{
	struct scratch s;
	struct db *db;
	struct area_list_rows rows;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(db_begin_write(db), OK);
	CHECK(db_in_transaction(db));
	CHECK_INT(db_savepoint(db), OK);
	CHECK_INT(area_insert(db, vale, STR("kept"), STR("A"), 1), OK);
	CHECK_INT(db_release(db), OK);
	CHECK_INT(db_savepoint(db), OK);
	CHECK_INT(area_insert(db, vale, STR("undone"), STR("A"), 2), OK);
	db_rollback_to(db);
	CHECK(db_in_transaction(db));
	CHECK_INT(db_commit(db), OK);
	CHECK(!db_in_transaction(db));
	CHECK_INT(db_begin_write(db), OK);
	CHECK_INT(area_insert(db, vale, STR("never"), STR("A"), 3), OK);
	db_rollback(db);
	db_rollback(db); /* nothing is open: nothing happens */
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	CHECK_INT(rows.len, 1);
	CHECK_STR(rows.ptr[0].area, "kept");
	db_close(db);
	scratch_release(&s);
}

static void
test_snapshot(void)
{
	struct scratch s;
	struct db *db, *reader;
	struct area_list_rows rows;
	int64_t version;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	reader = scratch_open(&s, DB_READ);
	version = db_data_version(reader);
	CHECK_INT(db_data_version(reader), version);
	CHECK_INT(db_begin_read(reader), OK);
	CHECK_INT(area_list(reader, &s.arena, vale, &rows), OK);
	CHECK_INT(area_insert(db, vale, STR("a"), STR("A"), 1), OK);
	CHECK_INT(area_list(reader, &s.arena, vale, &rows), OK);
	CHECK_INT(rows.len, 0);
	CHECK_INT(db_commit(reader), OK);
	/* At once, as it was this process that wrote. */
	CHECK(db_data_version(reader) != version);
	version = db_data_version(reader);
	CHECK_INT(db_begin_write(db), OK);
	CHECK_INT(area_insert(db, vale, STR("never"), STR("N"), 9), OK);
	db_rollback(db);
	CHECK_INT(area_list(reader, &s.arena, vale, &rows), OK);
	CHECK_INT(rows.len, 1);
	/* A reader never writes. */
	CHECK_INT(area_insert(reader, vale, STR("b"), STR("B"), 2), UNAVAILABLE);
	db_close(reader);
	db_close(db);
	scratch_release(&s);
}

static void
test_generated(void)
{
	struct scratch s;
	struct place_by_id_row row;
	struct check_places_rows rows;
	struct area_list_rows areas;
	int64_t people = 8000;
	struct db *db;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(place_by_id(db, &s.arena, vale, &row), NOT_FOUND);
	CHECK_INT(place_insert(db, vale, STR("vale"), STR("Älder \"Vale\""), STR(""), STR("en"),
	                       STR("GBP"), STR("Europe/London"), &people, NULL, STR("none"),
	                       STR("{}"), true, (struct instant){ INT64_MIN }), OK);
	CHECK_INT(place_by_id(db, &s.arena, vale, &row), OK);
	CHECK_INT(row.place_id.value, 7);
	CHECK_STR(row.name, "Älder \"Vale\"");
	CHECK_STR(row.purpose, ""); /* empty is not NULL */
	CHECK(row.has_people && !row.has_last_year);
	CHECK_INT(row.people, 8000);
	CHECK(row.imported);
	CHECK_INT(row.created_at.us, INT64_MIN);
	CHECK_INT(check_places(db, &s.arena, &rows), OK);
	CHECK_INT(rows.len, 1);
	CHECK_INT(area_list(db, &s.arena, vale, &areas), OK);
	CHECK_INT(areas.len, 0);
	for (int i = 1; i <= 100; i++) {
		char name[8];

		(void)snprintf(name, sizeof name, "a%d", i);
		CHECK_INT(area_insert(db, vale, str_of(name), STR("Somewhere"), i), OK);
	}
	CHECK_INT(area_list(db, &s.arena, vale, &areas), OK);
	CHECK_INT(areas.len, 100);
	for (size_t i = 0; i < areas.len; i++)
		CHECK_INT(areas.ptr[i].position, i + 1);
	CHECK_STR(areas.ptr[99].area, "a100");
	CHECK_INT(db_statement_count(db), 106);
	db_close(db);
	scratch_release(&s);
}

/* ---- what fails, and what is left of it -------------------------------------------------- */

static int64_t
areas(struct db *db, struct scratch *s)
{
	struct area_list_rows rows = { NULL, 0 };

	CHECK_INT(area_list(db, &s->arena, vale, &rows), OK);
	return (int64_t)rows.len;
}

/* A deed that met an error is undone to its savepoint: the ones before it and behind it are kept. */
static void
test_failed_deed(void)
{
	struct scratch s;
	struct db *db;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(db_begin_write(db), OK);
	CHECK_INT(db_savepoint(db), OK);
	CHECK_INT(area_insert(db, vale, STR("a"), STR("A"), 1), OK);
	CHECK_INT(db_release(db), OK);
	CHECK_INT(db_savepoint(db), OK);
	CHECK_INT(area_insert(db, vale, STR("b"), STR("B"), 2), OK);
	CHECK_INT(area_insert(db, vale, STR("a"), STR("A"), 1), CONFLICT);
	db_rollback_to(db);
	CHECK(db_is_sound(db));
	CHECK_INT(db_savepoint(db), OK);
	CHECK_INT(area_insert(db, vale, STR("c"), STR("C"), 3), OK);
	CHECK_INT(db_release(db), OK);
	CHECK_INT(areas(db, &s), 2); /* its own writes, not committed yet */
	CHECK_INT(db_commit(db), OK);
	CHECK_INT(areas(db, &s), 2);
	/* Without a savepoint all of it goes, and the connection is as good as before. */
	CHECK_INT(db_begin_write(db), OK);
	CHECK_INT(area_insert(db, vale, STR("d"), STR("D"), 4), OK);
	CHECK_INT(area_insert(db, vale, STR("a"), STR("A"), 1), CONFLICT);
	db_rollback(db);
	CHECK(!db_in_transaction(db));
	CHECK_INT(areas(db, &s), 2);
	CHECK_INT(db_begin_write(db), OK);
	CHECK_INT(area_insert(db, vale, STR("d"), STR("D"), 4), OK);
	CHECK_INT(db_commit(db), OK);
	CHECK_INT(areas(db, &s), 3);
	db_close(db);
	scratch_release(&s);
}

/* One that only writes :later statements: how it ended is known at its release at the latest. */
static enum status
later_deed(struct db *db, int64_t leaf, int64_t again)
{
	enum status st = db_savepoint(db);

	if (st == OK)
		st = leaf_insert(db, vale, (struct leaf_id){ leaf }, STR("h"), STR("{}"));
	if (st == OK)
		st = leaf_insert(db, vale, (struct leaf_id){ again }, STR("h"), STR("{}"));
	if (st == OK)
		st = db_release(db);
	if (st != OK)
		db_rollback_to(db);
	return st;
}

static void
test_later(void)
{
	struct check_leaf_totals_row row;
	struct scratch s;
	struct db *db;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(scratch_add_place(db, 7, STR("vale")), OK);
	CHECK_INT(db_begin_write(db), OK);
	CHECK_INT(later_deed(db, 1, 2), OK);
	CHECK_INT(later_deed(db, 3, 2), CONFLICT); /* its own, and 3 is gone with it */
	CHECK_INT(later_deed(db, 3, 4), OK);
	CHECK_INT(db_commit(db), OK);
	CHECK_INT(check_leaf_totals(db, &s.arena, vale, &row), OK);
	CHECK_INT(row.leaves, 4);
	/* Met by the next statement that waits, or by the commit: never kept in silence. */
	CHECK_INT(db_begin_write(db), OK);
	if (leaf_insert(db, vale, (struct leaf_id){ 1 }, STR("h"), STR("{}")) == OK)
		CHECK(db_commit(db) != OK);
	db_rollback(db);
	/* Outside a transaction it waits by itself. */
	CHECK_INT(leaf_insert(db, vale, (struct leaf_id){ 1 }, STR("h"), STR("{}")), CONFLICT);
	CHECK_INT(leaf_insert(db, vale, (struct leaf_id){ 5 }, STR("h"), STR("{}")), OK);
	CHECK_INT(check_leaf_totals(db, &s.arena, vale, &row), OK);
	CHECK_INT(row.leaves, 5);
	db_close(db);
	scratch_release(&s);
}

/* db_fail_at, by which the village's year meets faults, does the same everywhere. */
static void
test_fail_at(void)
{
	struct scratch s;
	struct db *db;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(db_begin_write(db), OK);
	db_fail_at(db, 2);
	CHECK_INT(area_insert(db, vale, STR("a"), STR("A"), 1), OK);
	CHECK_INT(area_insert(db, vale, STR("b"), STR("B"), 2), UNAVAILABLE);
	db_rollback(db);
	CHECK_INT(areas(db, &s), 0);
	CHECK_INT(area_insert(db, vale, STR("b"), STR("B"), 2), OK);
	db_close(db);
	scratch_release(&s);
}

/* ---- rows -------------------------------------------------------------------------------- */

/* Empty is not NULL, zeros and high bytes stay, and so do the ends of the numbers. */
static void
test_values(void)
{
	static const char odd[] = { 0, 1, '\\', '\'', (char)0xff, 0 };
	struct account_by_id_row account;
	struct idea_by_id_row idea;
	struct idea_version_by_number_row version;
	struct check_version_row checked;
	struct amount least = { INT64_MIN }, most = { INT64_MAX };
	struct scratch s;
	struct db *db;
	int64_t changed;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(scratch_add_place(db, 7, STR("vale")), OK);
	CHECK_INT(person_insert(db, vale, maya, STR("Maya"), NULL, (struct instant){ 1 }), OK);
	CHECK_INT(idea_add(db, vale, (struct idea_id){ INT64_MAX }, maya, STR("\xf0\x9f\x8c\xb3 \\ ' %"),
	                   STR(""), &most, (struct instant){ INT64_MAX }), OK);
	CHECK_INT(idea_by_id(db, &s.arena, vale, (struct idea_id){ INT64_MAX }, &idea), OK);
	CHECK_STR(idea.title, "\xf0\x9f\x8c\xb3 \\ ' %");
	CHECK(idea.body.len == 0 && idea.has_rough_cost && !idea.has_owner && !idea.has_author_email);
	CHECK_INT(idea.rough_cost.minor, INT64_MAX);
	CHECK_INT(idea.created_at.us, INT64_MAX);
	CHECK_INT(idea_version_add(db, vale, (struct idea_id){ 1 }, 1, STR("t"), STR("b"), &least, maya,
	                           (struct instant){ 0 }, (struct str){ odd, sizeof odd }), OK);
	CHECK_INT(idea_version_by_number(db, &s.arena, vale, (struct idea_id){ 1 }, 1, &version), OK);
	CHECK_INT(version.rough_cost.minor, INT64_MIN);
	CHECK_INT(check_version(db, &s.arena, vale, (struct idea_id){ 1 }, 1, &checked), OK);
	CHECK(checked.salt.len == sizeof odd && memcmp(checked.salt.ptr, odd, sizeof odd) == 0);
	CHECK_INT(idea_version_add(db, vale, (struct idea_id){ 1 }, 2, STR("t"), STR("b"), NULL, maya,
	                           (struct instant){ 0 }, STR("")), OK);
	CHECK_INT(check_version(db, &s.arena, vale, (struct idea_id){ 1 }, 2, &checked), OK);
	CHECK(checked.salt.len == 0 && !checked.has_rough_cost);
	/* How many rows were changed; a floor that is met. */
	least.minor = 0;
	CHECK_INT(account_add(db, vale, (struct account_id){ 1 }, STR("pot"), STR("Pot"), &least), OK);
	CHECK_INT(account_balance_move(db, vale, (struct account_id){ 1 }, (struct amount){ 5 }, &changed), OK);
	CHECK_INT(changed, 1);
	CHECK_INT(account_balance_move(db, vale, (struct account_id){ 2 }, (struct amount){ 5 }, &changed), OK);
	CHECK_INT(changed, 0);
	CHECK_INT(account_balance_move(db, vale, (struct account_id){ 1 }, (struct amount){ -6 }, &changed),
	          CONFLICT);
	CHECK_INT(account_by_id(db, &s.arena, vale, (struct account_id){ 1 }, &account), OK);
	CHECK_INT(account.balance.minor, 5);
	db_close(db);
	scratch_release(&s);
}

/* By bytes, whatever the server's locale. */
static void
test_order_of_texts(void)
{
	static const char *const names[] = { "\xc3\x84pfel", "apple", "Zoo", "_", "a b", "ab", "a-c" };
	static const int64_t want[] = { 3, 4, 5, 7, 6, 2, 1 }; /* Zoo _ "a b" a-c ab apple Äpfel */
	struct check_places_rows rows;
	struct scratch s;
	struct db *db;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	for (int i = 0; i < 7; i++)
		CHECK_INT(place_insert(db, (struct place_id){ i + 1 }, str_of(names[i]), str_of(names[i]),
		                       STR(""), STR("en"), STR("GBP"), STR("UTC"), NULL, NULL, STR("none"),
		                       STR("{}"), false, (struct instant){ 1 }), OK);
	CHECK_INT(check_places(db, &s.arena, &rows), OK);
	CHECK_INT(rows.len, 7);
	for (size_t i = 0; i < rows.len; i++)
		CHECK_INT(rows.ptr[i].place_id.value, want[i]);
	db_close(db);
	scratch_release(&s);
}

enum { LEAVES = 2500 }; /* more than PostgreSQL's cursor brings at once */

struct walk {
	struct db *db;
	struct scratch *s;
	int64_t seen, stop_at;
	bool writes;
};

static enum status
walk_one(void *context, const struct check_leaves_row *row)
{
	struct walk *w = context;
	struct id_text name = id_text(++w->seen);

	CHECK_STR(row->body, "{}");
	if (w->seen % 500 == 0 && w->writes)
		CHECK_INT(area_insert(w->db, vale, str_of(name.text), STR("x"), w->seen), OK);
	if (w->seen % 500 == 0)
		CHECK_INT(areas(w->db, w->s), w->writes ? w->seen / 500 : 0);
	return w->seen == w->stop_at ? REFUSED : OK;
}

static int64_t
walk(struct db *db, struct scratch *s, int64_t stop_at, bool writes, enum status want)
{
	struct walk w = { .db = db, .s = s, .stop_at = stop_at, .writes = writes };

	CHECK_INT(check_leaves(db, vale, walk_one, &w), want);
	return w.seen;
}

/* Row by row, with other statements inside: within a page, within a deed, and by itself. */
static void
test_each(void)
{
	struct scratch s;
	struct db *db, *reader;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(db_begin_write(db), OK);
	for (int i = 1; i <= LEAVES; i++)
		CHECK_INT(leaf_insert(db, vale, (struct leaf_id){ i }, STR("h"), STR("{}")), OK);
	CHECK_INT(db_commit(db), OK);
	reader = scratch_open(&s, DB_READ);
	CHECK_INT(walk(reader, &s, 0, false, OK), LEAVES);
	CHECK(!db_in_transaction(reader));
	CHECK_INT(db_begin_read(reader), OK);
	CHECK_INT(areas(reader, &s), 0);
	CHECK_INT(walk(reader, &s, 0, false, OK), LEAVES);
	/* Ended early: nothing is left over that the next would meet. */
	CHECK_INT(walk(reader, &s, 1200, false, REFUSED), 1200);
	CHECK_INT(walk(reader, &s, 3, false, REFUSED), 3);
	CHECK_INT(walk(reader, &s, 0, false, OK), LEAVES);
	CHECK_INT(db_commit(reader), OK);
	CHECK_INT(walk(reader, &s, 1200, false, REFUSED), 1200);
	CHECK_INT(areas(reader, &s), 0);
	CHECK_INT(db_begin_write(db), OK);
	CHECK_INT(walk(db, &s, 0, true, OK), LEAVES);
	CHECK_INT(db_commit(db), OK);
	CHECK_INT(areas(reader, &s), LEAVES / 500);
	db_close(reader);
	db_close(db);
	scratch_release(&s);
}

/* ---- search ------------------------------------------------------------------------------ */

/* Titles as people write them, and which of them (from 1) is found by what people type. */
static const char *const titles[] = {
	"Benches/tables on the green", "“Bench” in curly quotes", "Парк у реки", "ΠΑΡΚΟ by the sea",
	"École maternelle", "See www.example.org/path today", "Covid-19 memorial", "Mill—lane",
	"Playground…and more", "O’Neill’s field", "O'Neill's corner", "A well-being garden",
	"File /usr/lib/thing.txt", "Mail info@vale.example now", "v2.0 of the 3.5 plan",
	"snake_case_word", "<b>bold</b> tag &amp; entity", "İstanbul café", "公園 shed",
	"حديقة، جميلة", "Müller&Söhne", "№5 bus", "oak🌳tree", "ПАРКИ большие",
	"ΔΡΟΜΟΣ", "Gardens, gardening", "10-12 hours", "-5 degrees",
};
static const struct { const char *typed; int64_t ideas[4]; } searches[] = {
	{ "tables", { 1 } }, { "bench", { 2, 1 } }, { "BENCH", { 2, 1 } }, { "“bench”", { 2, 1 } },
	{ "парк", { 24, 3 } }, { "ПАРК", { 24, 3 } }, { "παρκο", { 4 } }, { "ecole", { 5 } },
	{ "ÉCOLE", { 5 } }, { "example", { 14, 6 } }, { "path", { 6 } }, { "covid 19", { 7 } },
	{ "covid-19", { 7 } }, { "lane", { 8 } }, { "more", { 9 } }, { "neill", { 11, 10 } },
	{ "o'neill", { 11, 10 } }, { "o’neill", { 11, 10 } }, { "well-being", { 12 } },
	{ "being well", { 12 } }, { "lib", { 13 } }, { "txt thing", { 13 } }, { "vale", { 14 } },
	{ "3.5", { 15 } }, { "v2", { 15 } }, { "case", { 16 } }, { "bold", { 17 } },
	{ "istanbul", { 18 } }, { "cafe", { 18 } }, { "公園", { 19 } }, { "حديقة", { 20 } },
	{ "جميلة", { 20 } }, { "sohne", { 21 } }, { "bus", { 22 } }, { "tree", { 23 } },
	{ "большие парки", { 24 } }, { "δρομος", { 25 } }, { "ΔΡΟΜΟΣ", { 25 } }, { "garden", { 26, 12 } },
	{ "gard", { 26, 12 } }, { "12", { 27 } }, { "degrees 5", { 28 } }, { "mill lane", { 8 } },
	{ "nothing of this", { 0 } }, { "bench OR parks", { 0 } },
};

static void
test_search(void)
{
	struct idea_found_rows rows;
	struct idea_list_rows walked;
	struct str words;
	struct scratch s;
	struct db *db;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(scratch_add_place(db, 7, STR("vale")), OK);
	CHECK_INT(person_insert(db, vale, maya, STR("Maya"), NULL, (struct instant){ 1 }), OK);
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		struct idea_id id = { (int64_t)i + 1 };

		CHECK_INT(idea_add(db, vale, id, maya, str_of(titles[i]), STR("x"), NULL,
		                   (struct instant){ id.value }), OK);
		CHECK_INT(idea_search_put(db, vale, id, str_of(titles[i]), STR("x")), OK);
	}
	for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
		int64_t found[4] = { 0 };

		CHECK_INT(idea_words_search(&s.arena, str_of(searches[i].typed), &words), OK);
		CHECK_INT(idea_found(db, &s.arena, vale, STR(""), words, (struct idea_id){ 0 }, 4, &rows), OK);
		for (size_t j = 0; j < rows.len; j++)
			found[j] = rows.ptr[j].id.value;
		CHECK(memcmp(found, searches[i].ideas, sizeof found) == 0);
		if (memcmp(found, searches[i].ideas, sizeof found) != 0)
			printf("# %s: %lld %lld\n", searches[i].typed, (long long)found[0], (long long)found[1]);
		/* The other way to the same. */
		CHECK_INT(idea_list(db, &s.arena, vale, STR(""), words, (struct idea_id){ 0 }, 4, &walked), OK);
		CHECK_INT(walked.len, rows.len);
	}
	db_close(db);
	scratch_release(&s);
}

/* Ideas like this: more of the words, and those of titles, come first. */
static void
test_similar(void)
{
	static const char *const texts[][2] = {
		{ "A shed", "with a bench" }, { "A bench", "by the path" }, { "A path", "along the river" },
		{ "Bench and path", "in oak" },
	};
	struct idea_similar_rows rows;
	struct scratch s;
	struct str words;
	struct db *db;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(scratch_add_place(db, 7, STR("vale")), OK);
	CHECK_INT(person_insert(db, vale, maya, STR("Maya"), NULL, (struct instant){ 1 }), OK);
	for (int i = 0; i < 4; i++) {
		CHECK_INT(idea_add(db, vale, (struct idea_id){ i + 1 }, maya, str_of(texts[i][0]),
		                   str_of(texts[i][1]), NULL, (struct instant){ i }), OK);
		CHECK_INT(idea_search_put(db, vale, (struct idea_id){ i + 1 }, str_of(texts[i][0]),
		                          str_of(texts[i][1])), OK);
	}
	CHECK_INT(idea_words_similar(&s.arena, STR("Bench"), STR(" the "), &words), OK);
	CHECK_INT(idea_similar(db, &s.arena, vale, words, 9, &rows), OK);
	CHECK_INT(rows.len, 3);
	CHECK_INT(rows.ptr[rows.len - 1].id.value, 1); /* only its body says so */
	CHECK_INT(idea_words_similar(&s.arena, STR("Path, bench"), STR(" the "), &words), OK);
	CHECK_INT(idea_similar(db, &s.arena, vale, words, 9, &rows), OK);
	CHECK_INT(rows.len, 2);
	CHECK_INT(rows.ptr[0].id.value, 4);
	db_close(db);
	scratch_release(&s);
}

/* ---- writers ----------------------------------------------------------------------------- */

static enum status
add_area(struct db *db, void *context)
{
	const int *number = context;
	struct id_text name = id_text(*number);

	return area_insert(db, vale, str_of(name.text), STR("x"), *number);
}

static void
test_fence(void)
{
	struct scratch s;
	struct beside b;
	struct writer *writer;
	struct db *db, *reader;
	int number = 1;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(scratch_add_place(db, 7, STR("vale")), OK);
	reader = scratch_open(&s, DB_READ);
	beside_open(&b, s.path);
	CHECK_INT(writer_start(&db, 1, 8, &writer), OK);
	CHECK_INT(writer_run(writer, (struct place_id){ 99 }, add_area, &number), ELSEWHERE);
	beside_run(&b, "UPDATE place SET state = 'leaving'");
	CHECK_INT(writer_run(writer, vale, add_area, &number), UNAVAILABLE);
	beside_run(&b, "UPDATE place SET state = 'arriving'");
	CHECK_INT(writer_run(writer, vale, add_area, &number), UNAVAILABLE);
	CHECK_INT(areas(reader, &s), 0);
	beside_run(&b, "UPDATE place SET state = 'here'");
	CHECK_INT(writer_run(writer, vale, add_area, &number), OK);
	CHECK_INT(areas(reader, &s), 1);
	writer_stop(writer);
	beside_close(&b);
	db_close(reader);
	scratch_release(&s);
}

/* Reads, decides, writes: were two of them let through side by side, one would be lost. */
static enum status
move_balance(struct db *db, void *context)
{
	struct account_by_id_row row;
	struct arena arena;
	int64_t changed;
	enum status st;

	(void)context;
	arena_init(&arena, 65536);
	st = account_by_id(db, &arena, vale, (struct account_id){ 1 }, &row);
	if (st == OK)
		st = account_balance_move(db, vale, (struct account_id){ 1 },
		                          (struct amount){ row.balance.minor % 2 == 0 ? 3 : 1 }, &changed);
	arena_release(&arena);
	return st;
}

enum { MOVES = 60, WRITERS = 3 };

static void *
move_often(void *context)
{
	for (int i = 0; i < MOVES; i++)
		CHECK_INT(writer_run(context, vale, move_balance, NULL), OK);
	return NULL;
}

/* Several processes' writers, each with a connection of its own, on one account. */
static void
test_writers(void)
{
	struct writer *writers[WRITERS];
	pthread_t threads[WRITERS];
	struct account_by_id_row row;
	struct scratch s;
	struct db *db;

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(scratch_add_place(db, 7, STR("vale")), OK);
	CHECK_INT(account_add(db, vale, (struct account_id){ 1 }, STR("source"), STR("x"), NULL), OK);
	for (int i = 0; i < WRITERS; i++) {
		struct db *own = scratch_open(&s, DB_WRITE);

		CHECK_INT(writer_start(&own, 1, 8, &writers[i]), OK);
		CHECK_INT(pthread_create(&threads[i], NULL, move_often, writers[i]), 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		(void)pthread_join(threads[i], NULL);
		writer_stop(writers[i]);
	}
	CHECK_INT(account_by_id(db, &s.arena, vale, (struct account_id){ 1 }, &row), OK);
	CHECK_INT(row.balance.minor, 2 * MOVES * WRITERS); /* each two make four */
	db_close(db);
	scratch_release(&s);
}

static const struct test_case cases[] = {
	{ "engine: rows come back as they went in", test_generated },
	{ "engine: a broken constraint is a CONFLICT", test_constraints },
	{ "engine: rows that don't fit the arena are refused", test_arena_too_small },
	{ "engine: transactions and savepoints", test_savepoints },
	{ "engine: a reader's page is one snapshot", test_snapshot },
	{ "engine: a failed deed is undone alone", test_failed_deed },
	{ "engine: what is sent later fails with its own deed", test_later },
	{ "engine: statements fail where tests want it", test_fail_at },
	{ "engine: empty, NULL, bytes, the ends of numbers", test_values },
	{ "engine: texts are ordered by their bytes", test_order_of_texts },
	{ "engine: very many rows, one by one, with others inside", test_each },
	{ "engine: search finds the same ideas", test_search },
	{ "engine: ideas like this", test_similar },
	{ "engine: deeds only where the place lives", test_fence },
	{ "engine: several writers on one account", test_writers },
};
TEST_MAIN(cases)
