#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/scratch.h"

static const struct place_id vale = { 7 };

static void
test_generated(void)
{
	struct scratch s;
	struct place_by_id_row row;
	struct place_list_rows rows;
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
	CHECK_INT(place_list(db, &s.arena, &rows), OK);
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

static const struct test_case cases[] = {
	{ "store: rows come back as they went in", test_generated },
};
TEST_MAIN(cases)
