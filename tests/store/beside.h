/* A connection of a test's own to a database of either engine, to look at tables with and to put
 * into them what the program has no statement for. SQL that both engines read alike. */
#ifndef TESTS_STORE_BESIDE_H
#define TESTS_STORE_BESIDE_H

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/db.h"

struct beside {
	sqlite3 *sqlite;
	PGconn *pg; /* one of the two */
};

static inline bool
beside_good(struct beside *b, bool good, const char *what)
{
	if (!good)
		printf("# %s: %s\n", what, b->pg != NULL ? PQerrorMessage(b->pg) : sqlite3_errmsg(b->sqlite));
	return good;
}

static inline void
beside_open(struct beside *b, const char *where)
{
	bool good = false;

	*b = (struct beside){ NULL, NULL };
	if (db_is_server(where)) {
		/* Of several hosts the first may be a replica that has not heard of the database yet. */
		for (int tries = 0; tries < 20 && !good; tries++) {
			if (tries > 0)
				(void)usleep(250000);
			PQfinish(b->pg);
			b->pg = PQconnectdb(where);
			good = PQstatus(b->pg) == CONNECTION_OK;
		}
	} else {
		good = sqlite3_open(where, &b->sqlite) == SQLITE_OK;
	}
	if (!beside_good(b, good, where))
		exit(1);
}

static inline void
beside_close(struct beside *b)
{
	if (b->pg != NULL)
		PQfinish(b->pg);
	sqlite3_close(b->sqlite);
	*b = (struct beside){ NULL, NULL };
}

/* Several statements are one transaction. False: an error, which nobody hears of. */
static inline bool
beside_try(struct beside *b, const char *sql)
{
	PGresult *result;
	bool good;

	if (b->pg == NULL)
		return sqlite3_exec(b->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK;
	result = PQexec(b->pg, sql);
	good = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
	PQclear(result);
	return good;
}

static inline void
beside_run(struct beside *b, const char *sql)
{
	if (!beside_good(b, beside_try(b, sql), sql))
		exit(1);
}

static inline enum status
beside_pg_value(struct beside *b, const char *sql, struct arena *arena, struct str *ret)
{
	enum { BOOL = 16, BYTEA = 17 };
	PGresult *result = PQexec(b->pg, sql);
	enum status st = NOT_FOUND;

	if (!beside_good(b, PQresultStatus(result) == PGRES_TUPLES_OK, sql))
		exit(1);
	if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0)) {
		struct str text = { PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0) };
		unsigned char *bytes = NULL;

		if (PQftype(result, 0) == BOOL)
			text = *text.ptr == 't' ? STR("1") : STR("0");
		if (PQftype(result, 0) == BYTEA) {
			bytes = PQunescapeBytea((const unsigned char *)text.ptr, &text.len);
			text.ptr = (const char *)bytes;
		}
		st = str_copy(arena, text, ret);
		PQfreemem(bytes);
	}
	PQclear(result);
	return st;
}

/* The first column of the first row, as text or bytes; NOT_FOUND: none, or NULL. */
static inline enum status
beside_value(struct beside *b, const char *sql, struct arena *arena, struct str *ret)
{
	sqlite3_stmt *stmt;
	enum status st = NOT_FOUND;

	*ret = (struct str){ NULL, 0 };
	if (b->pg != NULL)
		return beside_pg_value(b, sql, arena, ret);
	if (!beside_good(b, sqlite3_prepare_v2(b->sqlite, sql, -1, &stmt, NULL) == SQLITE_OK, sql))
		exit(1);
	if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
		struct str found = { sqlite3_column_blob(stmt, 0), (size_t)sqlite3_column_bytes(stmt, 0) };

		st = str_copy(arena, found, ret);
	}
	sqlite3_finalize(stmt);
	return st;
}

/* All rows, whatever their order, added as text or bytes with their lengths. */
static inline void
beside_rows(struct beside *b, const char *sql, struct buf *out)
{
	sqlite3_stmt *stmt;

	if (b->pg != NULL) {
		char sorted[800];
		PGresult *result;

		(void)snprintf(sorted, sizeof sorted, "SELECT CAST(t AS text) COLLATE \"C\" AS t FROM (%s) t"
		               " ORDER BY 1", sql);
		result = PQexec(b->pg, sorted);
		if (!beside_good(b, PQresultStatus(result) == PGRES_TUPLES_OK, sql))
			exit(1);
		for (int i = 0; i < PQntuples(result); i++)
			buf_add_c(out, PQgetvalue(result, i, 0));
		PQclear(result);
		return;
	}
	if (!beside_good(b, sqlite3_prepare_v2(b->sqlite, sql, -1, &stmt, NULL) == SQLITE_OK, sql))
		exit(1);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			struct str value = { sqlite3_column_blob(stmt, i),
				             (size_t)sqlite3_column_bytes(stmt, i) };

			buf_add_int(out, (int64_t)value.len);
			buf_add_char(out, ':');
			buf_add(out, value);
		}
	sqlite3_finalize(stmt);
}

/* Names of all tables but those of full-text search and the schema's own, as "a,b,c". */
static inline struct str
beside_tables(struct beside *b, struct arena *arena)
{
	static const char sqlite[] =
		"SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type = 'table'"
		" AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'idea_search%' ORDER BY name)";
	static const char pg[] =
		"SELECT string_agg(relname, ',' ORDER BY relname COLLATE \"C\") FROM pg_class"
		" WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
		" AND relname NOT IN ('idea_search', 'folkmoot_schema', 'writer')";
	struct str names;

	if (beside_value(b, b->pg != NULL ? pg : sqlite, arena, &names) != OK)
		exit(1);
	return names;
}

#endif
