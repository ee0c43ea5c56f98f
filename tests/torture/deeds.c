#include "torture/deeds.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/place.sql.h"

static const struct place_id vale = { 7 };

static enum status
add(struct db *db, int64_t number, int64_t half)
{
	char key[32], name[1500];

	(void)snprintf(key, sizeof key, "%lld-%lld", (long long)number, (long long)half);
	/* Large enough that checkpoints come between. */
	memset(name, 'x', sizeof name);
	return area_insert(db, vale, str_of(key), (struct str){ name, sizeof name }, number);
}

static enum status
run(struct db *db, void *context)
{
	const int64_t *number = context;
	enum status st = add(db, *number, 1);

	if (st == OK && *number % 10 == 0)
		st = REFUSED;
	return st == OK ? add(db, *number, 2) : st;
}

enum status
deed_do(struct writer *writer, int64_t number)
{
	return writer_run(writer, (struct place_id){ 0 }, run, &number);
}

enum status
deeds_prepare(struct db *db)
{
	enum status st = place_insert(db, vale, STR("vale"), STR("Vale"), STR(""), STR("en"),
	                              STR("GBP"), STR("UTC"), NULL, NULL, STR(""), STR("{}"), false,
	                              (struct instant){ 0 });

	return st == CONFLICT ? OK : st;
}

static sqlite3_stmt *
ask(sqlite3 *sqlite, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(sqlite));
		exit(1);
	}
	return stmt;
}

void
deeds_look(const char *path, struct leftover *ret)
{
	sqlite3 *sqlite = NULL;
	sqlite3_stmt *stmt;

	memset(ret, 0, sizeof *ret);
	if (sqlite3_open(path, &sqlite) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(sqlite));
		exit(1);
	}
	stmt = ask(sqlite, "SELECT position, count(*) FROM area WHERE place_id = 7 GROUP BY position");
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		int64_t number = sqlite3_column_int64(stmt, 0);
		bool both = sqlite3_column_int(stmt, 1) == 2;

		ret->half += !both;
		ret->refused += number % 10 == 0;
		if (number >= 0 && number < DEEDS_MAX)
			ret->whole[number] = both;
	}
	(void)sqlite3_finalize(stmt);
	stmt = ask(sqlite, "PRAGMA integrity_check");
	ret->sound = sqlite3_step(stmt) == SQLITE_ROW &&
	             strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(sqlite);
}
