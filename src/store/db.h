/* One connection to the database, and what the functions that gen_sql writes stand on.
 *
 * Nobody writes SQL in C: statements are in src/store/NOUN.sql and become typed functions in
 * NOUN.sql.h. This header has what acts need besides (open, transactions) and, below the
 * line, the engine-neutral calls for generated code. A struct db belongs to one thread at a
 * time.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

struct db;

enum db_mode {
	DB_READ,  /* sees what was committed when each transaction or statement begins */
	DB_REPLICA, /* as DB_READ, of a server that may lag behind (PostgreSQL) */
	DB_WRITE, /* for deeds: SQLite with WAL, synchronous=FULL; PostgreSQL SERIALIZABLE */
	DB_CREATE /* as DB_WRITE, and makes the file and brings its schema up to date */
};

/* Opens `where`: "postgresql://…" (any libpq URI, several hosts too), "sqlite:PATH" or PATH.
 * UNAVAILABLE: can't be reached, opened or written; TOO_NEW: the schema is of a newer version;
 * FAILED: not our database, or the server lacks what we need. Fills *ret_why (an English line for
 * the operator, good until this thread's next db_open) when it is not OK.
 *
 * On PostgreSQL a connection that is lost comes back by itself at the next db_begin_*: to the
 * primary, unless the URI names other target_session_attrs. */
MUST_CHECK enum status db_open(const char *where, enum db_mode mode, struct db **ret,
                               const char **ret_why);
bool db_is_server(const char *where); /* is it a PostgreSQL URI? */
bool db_has_password(const char *where); /* one with a password in it? */
void db_close(struct db *db); /* NULL is let through */

MUST_CHECK enum status db_begin_read(struct db *db); /* one snapshot for a whole page */
MUST_CHECK enum status db_begin_write(struct db *db); /* SQLite: BEGIN IMMEDIATE; waits up to 5 s for others */
/* UNKNOWN: the connection was cut while the commit was on its way; store/writer.h finds out. */
MUST_CHECK enum status db_commit(struct db *db);
void db_rollback(struct db *db); /* also when nothing is open */
/* After some faults (full disk, I/O, a lost connection) the engine ends it by itself. */
bool db_in_transaction(const struct db *db);
/* Has nothing failed in the transaction yet? (PostgreSQL refuses everything after a failure.) */
bool db_is_sound(const struct db *db);
/* Did the last transaction fail for a reason that the same again may not meet (serialisation, a
 * lost connection)? Only where it is sure that nothing of it was kept. */
bool db_may_retry(const struct db *db);
MUST_CHECK enum status db_savepoint(struct db *db);
MUST_CHECK enum status db_release(struct db *db);
void db_rollback_to(struct db *db); /* undoes to the savepoint and releases it */

/* May a commit be UNKNOWN here? */
bool db_is_remote(const struct db *db);

/* A number that differs after any commit by another connection. PostgreSQL: at once after those of
 * this process, half a second late at most after others'. */
int64_t db_data_version(struct db *db);
/* Milliseconds by which a replica may lag behind, as asked a fifth of a second ago or less; 0 where
 * it is no replica; INT64_MAX: it does not answer. It grows while nothing is committed at all: the
 * desk sees to it that something is. The clocks of both servers must agree. */
int64_t db_lag_ms(struct db *db);
/* PostgreSQL: how long a statement may take before it is UNAVAILABLE and, should the server not
 * even say so, the connection given up. 3 s for readers and 10 s for writers unless set; 0: an hour. */
void db_set_patience(struct db *db, int ms);
/* Statements run on this connection since it was opened (pages are tested for their number). */
int64_t db_statement_count(const struct db *db);
/* Of those, statements that give no rows. */
int64_t db_write_count(const struct db *db);
/* For tests: the n-th statement from now on this connection is UNAVAILABLE; 0: none. */
void db_fail_at(struct db *db, int64_t n);

/* One statement that changes the schema, outside the nouns: for moves. PostgreSQL: waits for locks
 * no longer than its patience. */
MUST_CHECK enum status db_script(struct db *db, const char *sql);

/* An online copy into a new file (SQLite backup API). CONFLICT when the file exists; REFUSED on
 * PostgreSQL, which has its own ways (docs/postgresql.md). */
MUST_CHECK enum status db_backup(struct db *db, const char *to_path);

/* ---- for generated code ---------------------------------------------------------------- */

enum db_kind { DB_ONE, DB_MANY, DB_EACH, DB_EXEC, DB_CHANGED, DB_LATER };

struct db_statement {
	int number;         /* dense, 0.. : index of the connection's prepared statements */
	const char *name;   /* "idea_by_id" */
	enum db_kind kind;  /* as docs/ARCHITECTURE.md has them */
	const char *sqlite; /* the text for each engine */
	const char *pg;
	int parameters;
	const char *parameter_types; /* one letter each: i(nteger) t(ext) b(ytes) */
	const char *column_types;    /* of its rows, the same letters; "" when it has none */
};
extern const struct db_statement *const db_statements[]; /* by number */
extern const int db_statement_total;

struct db_migration {
	const char *sqlite, *pg; /* many statements each */
	/* What PostgreSQL does afterwards, one statement at a time outside any transaction, as nobody
	 * has to wait for it (CREATE INDEX CONCURRENTLY): ends with NULL. In `sqlite` it is included. */
	const char *const *pg_afterwards;
};
extern const struct db_migration db_migrations[]; /* [n] leads from schema version n to n + 1 */
extern const int db_migration_total;

/* A table that is kept by place, and the statements that move a place's rows (store/move.h). */
enum { DB_KEYS_MAX = 8 };
struct db_table {
	const char *name;
	int columns;
	const char *types; /* a letter each: i t b */
	int keys;
	int key_columns[DB_KEYS_MAX]; /* numbers of columns; the first is place_id */
	const char *key_names[DB_KEYS_MAX];
	/* rows: all of a place ($1), in the key's order. put: a row, new or over the old. get, drop: one,
	 * by its key. clear: all of a place. count: how many. */
	const struct db_statement *rows, *put, *get, *drop, *clear, *count;
};
extern const struct db_table db_tables[];
extern const int db_table_total;

struct db_cursor {
	struct db *db;
	void *handle; /* engine's own */
};

MUST_CHECK enum status db_start(struct db *db, const struct db_statement *statement,
                                struct db_cursor *ret);
/* index from 1, as $1; binding can't fail but for memory, which db_step then reports. */
void db_bind_int(struct db_cursor *c, int index, int64_t value);
void db_bind_text(struct db_cursor *c, int index, struct str value);
void db_bind_bytes(struct db_cursor *c, int index, struct str value);
void db_bind_null(struct db_cursor *c, int index);
/* OK with *ret_row true for a row, false at the end; CONFLICT for a broken constraint;
 * UNAVAILABLE for a full disk, a read-only or locked database. */
MUST_CHECK enum status db_step(struct db_cursor *c, bool *ret_row);
bool db_is_null(struct db_cursor *c, int column); /* from 0 */
int64_t db_int(struct db_cursor *c, int column);
/* Copied into the arena; text and bytes alike. */
MUST_CHECK enum status db_text(struct db_cursor *c, int column, struct arena *arena,
                               struct str *ret);
/* The same where it lies: until the next db_step or db_finish. */
struct str db_view(struct db_cursor *c, int column);
int64_t db_changes(struct db_cursor *c); /* rows of the last INSERT, UPDATE or DELETE */
void db_finish(struct db_cursor *c);     /* always, also after an error */
/* Room for one more item behind `count` in an array that grew by this call alone: the same
 * pointer, or a copy twice as long; NULL when the arena is full. */
void *db_room(struct arena *arena, void *array, size_t count, size_t item_size);

#endif
