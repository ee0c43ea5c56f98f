/* The engine of a city: PostgreSQL through libpq, in its asynchronous pipeline mode. Parts:
 *
 *   db_pg.c            one connection: its pipeline, watched by a deadline; transactions
 *   db_pg_connect.c    how it is made, and made again
 *   db_pg_statement.c  what generated code calls
 *   db_pg_schema.c     whose database it is, and its migrations
 *
 * What is sent waits in the pipeline until something has to be known: so BEGIN, SAVEPOINT and
 * :later statements travel with the next statement that gives rows. No call waits longer than
 * the connection's patience: a server that is frozen is given up.
 */
#ifndef STORE_DB_PG_H
#define STORE_DB_PG_H

#include <libpq-fe.h>

#include "store/db_engine.h"

enum pg_own {
	PG_BEGIN_READ, PG_BEGIN_WRITE, PG_COMMIT, PG_ROLLBACK, PG_SAVEPOINT, PG_RELEASE,
	PG_ROLLBACK_TO, PG_VERSION, PG_LAG, PG_PATIENCE, PG_OWN_TOTAL
};

enum { PG_SENT_MAX = 2048 }; /* a power of two */

/* One statement being run on a connection. */
struct pg_slot {
	const struct db_statement *statement;
	bool prepared; /* the present connection knows it */
	bool running, asked;
	bool own_transaction; /* of a cursor outside any */
	bool no_more;         /* a cursor's last rows are in `result` */
	PGresult *result;
	int row; /* of result; -1: before the first */
	int64_t changes;
	int64_t *ints;
	const char **values;
	int *lengths, *formats;
};

struct db_pg {
	struct db db;
	PGconn *conn; /* NULL: lost, or not made yet */
	char *url;
	enum db_mode mode;
	int patience_ms;     /* as it was set */
	bool patience_sent;  /* the server knows it too */
	bool in_transaction; /* begun, and not ended by us */
	bool lost;           /* the connection was lost in a transaction: until that one is ended */
	bool failed;         /* a statement of the transaction failed: until it is rolled back */
	bool retry;          /* the last failure may not come again */
	bool write;          /* the transaction's kind */
	/* A read transaction without BEGIN and COMMIT: the protocol makes one of all that comes before a
	 * sync, and the session's default makes it REPEATABLE READ READ ONLY. */
	bool implicit;
	int next_host;       /* of the URI's, to begin with */
	int64_t retry_connect_ms; /* not before, on the monotonic clock */
	int64_t say_again_ms;     /* that it can't be reached */
	int queued;          /* commands sent since the last sync */
	int unread;          /* commands, with a sync behind, whose results were not read yet */
	int unread_syncs;
	bool *sent[PG_SENT_MAX]; /* a ring: of each command that waits for its answer */
	unsigned sent_begin, sent_end;
	const char *last;    /* name of the statement last sent, for the log */
	int64_t version, version_at_ms; /* data_version as last asked for */
	int64_t lag, lag_at_ms;
	int64_t used_ms; /* when something was last begun */
	bool own_prepared[PG_OWN_TOTAL];
	struct pg_slot slots[]; /* by number */
};

/* Something was committed by this process: what its pages keep is old (db_data_version). */
void pg_note_commit(void);

/* Sends one command down the pipeline; its result comes in order. `prepared`: NULL, or whether the
 * connection knows `name` (set). False: the connection is lost. */
bool pg_send(struct db_pg *db, const char *name, bool *prepared, const char *text, int parameters,
             const char *parameter_types, const char *const *values, const int *lengths,
             const int *formats);
/* Waits for all that was sent. The status of the first that failed; *ret (may be NULL) is the last
 * one's result when all is well, and the caller's to PQclear. */
MUST_CHECK enum status pg_collect(struct db_pg *db, PGresult **ret);
/* Sends, but waits for nothing: whoever collects next reads over it. */
void pg_push(struct db_pg *db);
/* A cursor wants a transaction that was begun: makes the present one such, with the same snapshot. */
MUST_CHECK enum status pg_make_explicit(struct db_pg *db);
enum status pg_status_of(struct db_pg *db, const PGresult *result);
/* The connection is of no use any more. */
void pg_lose(struct db_pg *db, const char *why);
bool pg_wait_socket(PGconn *conn, short events, int64_t deadline);
/* db_pg_connect.c: makes a connection to the first host that will do. */
MUST_CHECK enum status pg_connect(struct db_pg *db, const char **ret_why);
/* The same, when there is none and none was lost in a transaction that goes on. */
MUST_CHECK enum status pg_connected(struct db_pg *db, const char **ret_why);
/* A script of several statements, outside the pipeline; only when nothing waits in it. */
MUST_CHECK enum status pg_script(PGconn *conn, int patience_ms, const char *sql, PGresult **ret);

/* Whose database is it; DB_CREATE brings its schema up to date. Before the pipeline begins. */
MUST_CHECK enum status pg_schema_look(PGconn *conn, enum db_mode mode, const char **ret_why);
/* For *ret_why: a line of this thread's own. */
const char *pg_words(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* db_pg_statement.c, for the table of the engine */
enum status pg_start(struct db *db, const struct db_statement *statement, void **ret_handle);
void pg_bind_int(struct db_cursor *c, int index, int64_t value);
void pg_bind_text(struct db_cursor *c, int index, struct str value);
void pg_bind_bytes(struct db_cursor *c, int index, struct str value);
void pg_bind_null(struct db_cursor *c, int index);
enum status pg_step(struct db_cursor *c, bool *ret_row);
bool pg_is_null(struct db_cursor *c, int column);
int64_t pg_integer(struct db_cursor *c, int column);
struct str pg_view(struct db_cursor *c, int column);
int64_t pg_changes(struct db_cursor *c);
void pg_finish(struct db_cursor *c);
void pg_slots_release(struct db_pg *db);
int64_t pg_number(const PGresult *result, int row, int column);

#endif
