#include "store/db_pg.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "store/log.h"
#include "store/metric.h"

enum {
	READ_MS = 3000, WRITE_MS = 5000, FOREVER_MS = 3600 * 1000,
	GRACE_MS = 1000,     /* more than the server's own limit, so that it can say so itself */
	VERSION_MS = 500, LAG_MS = 200,
	IDLE_MS = 50 /* it may have been closed meanwhile */
};

static const char *const own_texts[PG_OWN_TOTAL] = {
	[PG_BEGIN_READ] = "BEGIN", /* what it is like: db_pg_connect.c */
	[PG_BEGIN_WRITE] = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
	[PG_COMMIT] = "COMMIT",
	[PG_ROLLBACK] = "ROLLBACK",
	[PG_SAVEPOINT] = "SAVEPOINT deed",
	[PG_RELEASE] = "RELEASE deed",
	[PG_ROLLBACK_TO] = "ROLLBACK TO deed",
	[PG_VERSION] = "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)",
	[PG_LAG] = ("SELECT CASE WHEN pg_is_in_recovery() THEN coalesce(CAST(1000 * extract(epoch FROM"
	            " clock_timestamp() - pg_last_xact_replay_timestamp()) AS bigint), 9000000) ELSE 0 END"),
	/* A commit may wait for a standby; were it cancelled there, it would be acknowledged all the
	 * same. So only the client's deadline ends it, and then its fate is unknown. */
	[PG_PATIENCE] = "SET LOCAL statement_timeout = 0",
};
static const char *const own_names[PG_OWN_TOTAL] = {
	"own_begin_read", "own_begin_write", "own_commit", "own_rollback", "own_savepoint",
	"own_release", "own_rollback_to", "own_version", "own_lag", "own_patience",
};

static const struct db_engine engine;
/* Commits of this process: its pages see their own writes at once. */
static atomic_int_least64_t commits;

static struct db_pg *
own_of(struct db *db)
{
	return (struct db_pg *)db;
}

void
pg_note_commit(void)
{
	atomic_fetch_add_explicit(&commits, 1, memory_order_release);
}

const char *
pg_words(const char *format, ...)
{
	static _Thread_local char line[400];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line, sizeof line, format, args);
	va_end(args);
	/* libpq ends its messages with line breaks and puts several into one. */
	for (char *at = line; *at != '\0'; at++)
		if (*at == '\n' || *at == '\t')
			*at = at[1] == '\0' ? '\0' : ' ';
	return line;
}

/* ---- waiting ----------------------------------------------------------------------------- */

bool
pg_wait_socket(PGconn *conn, short events, int64_t deadline)
{
	struct pollfd fd = { .fd = PQsocket(conn), .events = events };

	for (;;) {
		int64_t left = deadline - time_passing_ms();
		int n = left <= 0 ? 0 : poll(&fd, 1, (int)left);

		if (n > 0)
			return true;
		if (n == 0 || errno != EINTR)
			return false;
	}
}

/* Until a result can be taken without blocking. False: the connection failed or the deadline came. */
static bool
wait_result(PGconn *conn, int64_t deadline)
{
	for (;;) {
		int flush = PQflush(conn);

		if (flush < 0)
			return false;
		if (PQisBusy(conn) == 0 && flush == 0)
			return true;
		if (!pg_wait_socket(conn, (short)(POLLIN | (flush > 0 ? POLLOUT : 0)), deadline) ||
		    PQconsumeInput(conn) == 0)
			return false;
		if (PQisBusy(conn) == 0)
			return true;
	}
}

static int
patience(const struct db_pg *db)
{
	return db->patience_ms > 0 ? db->patience_ms : FOREVER_MS;
}

/* ---- what went wrong --------------------------------------------------------------------- */

void
pg_lose(struct db_pg *db, const char *why)
{
	if (db->conn == NULL)
		return;
	metric_add(METRIC_DB_LOST, 1);
	LOG(LEVEL_WARNING, "db.lost", log_word("why", why),
	    log_word("statement", db->last == NULL ? "none" : db->last));
	PQfinish(db->conn);
	db->conn = NULL;
	db->lost = db->in_transaction;
	db->in_transaction = false;
	db->retry = true;
	db->queued = db->unread_syncs = 0;
	db->sent_begin = db->sent_end = 0;
	memset(db->own_prepared, 0, sizeof db->own_prepared);
	for (int i = 0; i < db_statement_total; i++)
		db->slots[i].prepared = false;
}

static enum status
status_of_class(const char *state)
{
	static const struct { const char *start; enum status st; } classes[] = {
		{ "23", CONFLICT },     /* integrity constraint */
		{ "40", UNAVAILABLE },  /* serialisation, deadlock */
		{ "55P03", UNAVAILABLE }, /* a lock that was not to be had in time */
		{ "25006", UNAVAILABLE }, /* read-only: a replica, or on its way to be one */
		{ "53", UNAVAILABLE },  /* full disk, memory, too many connections */
		{ "57", UNAVAILABLE },  /* cancelled, shutting down, starting up */
		{ "58", UNAVAILABLE },  /* the server's disk */
		{ "08", UNAVAILABLE },  /* connection */
		{ "54", TOO_LARGE },    /* a limit of the program */
		{ "22001", TOO_LARGE },
		{ "22021", INVALID },   /* text that is not UTF-8, or has a NUL */
	};

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strncmp(state, classes[i].start, strlen(classes[i].start)) == 0)
			return classes[i].st;
	return FAILED;
}

enum status
pg_status_of(struct db_pg *db, const PGresult *result)
{
	ExecStatusType kind = PQresultStatus(result);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	enum status st;

	if (kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK || kind == PGRES_PIPELINE_SYNC)
		return OK;
	if (state == NULL)
		return UNAVAILABLE; /* libpq's own: the connection went */
	st = status_of_class(state);
	db->retry = strncmp(state, "40", 2) == 0 || strcmp(state, "55P03") == 0;
	/* Neither the server's words nor its detail: they hold what people wrote. */
	if (st != CONFLICT && !db->retry)
		LOG(st == FAILED ? LEVEL_ERROR : LEVEL_WARNING, "db.error", log_word("sqlstate", state),
		    log_word("statement", db->last == NULL ? "none" : db->last));
	return st;
}

/* A primary that became a replica keeps its connections: look for the new one. */
static bool
is_end_of_connection(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && (strcmp(state, "25006") == 0 || strncmp(state, "57P", 3) == 0);
}

/* ---- the pipeline ------------------------------------------------------------------------ */

static Oid
oid_of(char letter)
{
	enum { INT8 = 20, BYTEA = 17, TEXT = 25 }; /* pg_type.dat: these never change */

	return letter == 'i' ? INT8 : letter == 't' ? TEXT : BYTEA;
}

/* Remembers what was sent, so that its answer can be told apart: whose PREPARE it was, or NULL. */
static void
note_sent(struct db_pg *db, bool *prepared)
{
	db->sent[db->sent_end++ % PG_SENT_MAX] = prepared;
	db->queued++;
}

/* The next command in order has had its answer: a PREPARE that came behind a failure was not done. */
static void
note_answered(struct db_pg *db, bool good)
{
	bool *prepared = db->sent[db->sent_begin++ % PG_SENT_MAX];

	if (prepared != NULL && !good)
		*prepared = false;
}

bool
pg_send(struct db_pg *db, const char *name, bool *prepared, const char *text, int parameters,
        const char *types, const char *const *values, const int *lengths, const int *formats)
{
	enum { PARAMETERS_MAX = 100 };
	Oid oids[PARAMETERS_MAX];
	int good = 1;

	if (db->conn == NULL)
		return false;
	if (db->sent_end - db->sent_begin > PG_SENT_MAX - 2) {
		pg_lose(db, "too much at once");
		return false;
	}
	assert(parameters <= PARAMETERS_MAX);
	for (int i = 0; i < parameters; i++)
		oids[i] = oid_of(types[i]);
	if (prepared != NULL && !*prepared) {
		good = PQsendPrepare(db->conn, name, text, parameters, oids);
		*prepared = true; /* unless its answer says otherwise */
		note_sent(db, prepared);
	}
	if (good == 1)
		good = prepared != NULL
		       ? PQsendQueryPrepared(db->conn, name, parameters, values, lengths, formats, 1)
		       : PQsendQueryParams(db->conn, text, parameters, oids, values, lengths, formats, 1);
	note_sent(db, NULL);
	if (good != 1)
		pg_lose(db, "can't send");
	return good == 1;
}

static bool
send_own(struct db_pg *db, enum pg_own own)
{
	return pg_send(db, own_names[own], &db->own_prepared[own], own_texts[own], 0, "", NULL, NULL,
	               NULL);
}

/* Reads over so many syncs, and then the answers of so many commands, or (commands 0) of those
 * before the last sync. The first's error, else the last's result. */
static enum status
read_results(struct db_pg *db, int syncs, int commands, int64_t deadline, PGresult **ret)
{
	bool ended = false, good = false, in_command = false, counts = commands > 0;
	enum status st = OK;
	int nothing = 0;

	while (syncs > 0 || (counts && commands > 0)) {
		PGresult *result;
		ExecStatusType kind;

		if (!wait_result(db->conn, deadline)) {
			pg_lose(db, PQstatus(db->conn) == CONNECTION_BAD ? "connection cut" : "no answer in time");
			return UNAVAILABLE;
		}
		result = PQgetResult(db->conn);
		if (result == NULL && in_command) { /* one behind each command */
			in_command = false;
			note_answered(db, good);
			commands -= syncs == 0;
			continue;
		}
		if (result == NULL && (++nothing > 3 || PQstatus(db->conn) == CONNECTION_BAD)) {
			pg_lose(db, "connection cut");
			return UNAVAILABLE;
		}
		if (result == NULL)
			continue;
		nothing = 0;
		kind = PQresultStatus(result);
		if (kind == PGRES_PIPELINE_SYNC) {
			syncs--;
			PQclear(result);
			continue;
		}
		in_command = true;
		good = kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK;
		if (syncs == (counts ? 0 : 1) && st == OK) {
			/* Behind a failure that was told before, nothing is done: never an empty answer. */
			st = kind == PGRES_PIPELINE_ABORTED ? UNAVAILABLE : pg_status_of(db, result);
			ended |= is_end_of_connection(result);
			PQclear(*ret);
			*ret = result;
			continue;
		}
		PQclear(result);
	}
	if (ended || PQstatus(db->conn) == CONNECTION_BAD)
		pg_lose(db, "the server ends it");
	return st;
}

enum status
pg_collect(struct db_pg *db, PGresult **ret)
{
	PGresult *last = NULL;
	/* An implicit transaction ends with its sync: until then the server is only asked to answer. */
	bool open = db->in_transaction && db->implicit;
	int syncs = db->unread_syncs + !open, commands = open ? db->queued : 0;
	enum status st;

	if (db->conn == NULL)
		return UNAVAILABLE;
	db->queued = db->unread_syncs = 0;
	if ((open ? PQsendFlushRequest(db->conn) : PQpipelineSync(db->conn)) != 1) {
		pg_lose(db, "can't send");
		return UNAVAILABLE;
	}
	st = read_results(db, syncs, commands, time_passing_ms() + patience(db) + GRACE_MS, &last);
	if (st != OK && db->in_transaction)
		db->failed = true;
	if (st == OK && ret != NULL)
		*ret = last;
	else
		PQclear(last);
	return st;
}

void
pg_push(struct db_pg *db)
{
	if (db->conn == NULL)
		return;
	db->queued = 0;
	db->unread_syncs++;
	if (PQpipelineSync(db->conn) != 1 || PQflush(db->conn) < 0)
		pg_lose(db, "can't send");
}

enum status
pg_script(PGconn *conn, int patience_ms, const char *sql, PGresult **ret)
{
	int64_t deadline = time_passing_ms() + patience_ms;
	PGresult *result, *last = NULL;
	bool good = PQsendQuery(conn, sql) == 1;

	*ret = NULL;
	while (good && (good = wait_result(conn, deadline)) && (result = PQgetResult(conn)) != NULL) {
		/* The first error, or the last result. */
		if (last != NULL && PQresultStatus(last) == PGRES_FATAL_ERROR) {
			PQclear(result);
			continue;
		}
		PQclear(last);
		last = result;
	}
	if (!good) {
		PQclear(last);
		return UNAVAILABLE;
	}
	*ret = last;
	return PQresultStatus(last) == PGRES_FATAL_ERROR ? FAILED : OK;
}

/* ---- open and close --------------------------------------------------------------------- */

static void
close_all(struct db *base)
{
	struct db_pg *db = own_of(base);

	if (db->conn != NULL)
		PQfinish(db->conn);
	pg_slots_release(db);
	if (db->url != NULL)
		explicit_bzero(db->url, strlen(db->url));
	free(db->url);
	free(db);
}

enum status
db_pg_open(const char *url, enum db_mode mode, struct db **ret, const char **ret_why)
{
	struct db_pg *db = calloc(1, sizeof *db + (size_t)db_statement_total * sizeof *db->slots);
	enum status st;

	*ret_why = "there is no memory";
	if (db == NULL)
		return NO_MEMORY;
	db->db.engine = &engine;
	db->mode = mode;
	db->patience_ms = mode == DB_READ || mode == DB_REPLICA ? READ_MS : WRITE_MS;
	db->url = strdup(url);
	st = db->url == NULL ? NO_MEMORY : pg_connect(db, ret_why);
	if (st != OK) {
		close_all(&db->db);
		return st;
	}
	if (db->mode == DB_CREATE)
		db->mode = DB_WRITE; /* made; a later connection only looks */
	*ret_why = NULL;
	*ret = &db->db;
	return OK;
}

/* ---- transactions ------------------------------------------------------------------------ */

/* Was an idle connection closed meanwhile? Then it is better to know now. */
static void
notice_end(struct db_pg *db)
{
	struct pollfd fd = { .fd = db->conn == NULL ? -1 : PQsocket(db->conn), .events = POLLIN };
	int64_t now = time_passing_ms();
	bool idle = now - db->used_ms > IDLE_MS;

	db->used_ms = now;
	if (!idle)
		return;

	/* First what was sent (the end of a read, a farewell), then the end of the line. */
	for (int i = 0; i < 4 && db->conn != NULL && poll(&fd, 1, 0) > 0; i++)
		if (PQconsumeInput(db->conn) == 0 || PQstatus(db->conn) == CONNECTION_BAD)
			pg_lose(db, "ended while idle");
}

static enum status
begin(struct db *base, bool write)
{
	struct db_pg *db = own_of(base);
	const char *why;
	enum status st;

	db->lost = db->failed = db->retry = false;
	notice_end(db);
	st = pg_connected(db, &why);
	db->retry = st != OK;
	db->implicit = !write && db->mode != DB_WRITE;
	if (st == OK && !db->implicit && !send_own(db, write ? PG_BEGIN_WRITE : PG_BEGIN_READ))
		st = UNAVAILABLE;
	db->in_transaction = st == OK;
	db->write = write;
	return st;
}

enum status
pg_make_explicit(struct db_pg *db)
{
	if (!db->in_transaction || !db->implicit)
		return OK;
	if (!send_own(db, PG_BEGIN_READ))
		return UNAVAILABLE;
	db->implicit = false;
	return OK;
}

static void
rollback(struct db *base)
{
	struct db_pg *db = own_of(base);

	if (db->in_transaction && (db->implicit || send_own(db, PG_ROLLBACK)))
		pg_push(db);
	db->in_transaction = db->lost = db->failed = false;
}

/* The server has said that nothing was kept; everything else leaves it open. */
static bool
surely_undone(const struct db_pg *db, enum status st)
{
	return db->conn != NULL && st != OK;
}

static enum status
commit_write(struct db_pg *db)
{
	PGresult *result = NULL;
	enum status st;

	db->last = "commit";
	if (db->failed) {
		rollback(&db->db);
		return UNAVAILABLE;
	}
	if (!send_own(db, PG_PATIENCE) || !send_own(db, PG_COMMIT))
		return UNAVAILABLE; /* the COMMIT itself never left */
	st = pg_collect(db, &result);
	if (st == OK && strcmp(PQcmdStatus(result), "COMMIT") != 0)
		st = UNAVAILABLE; /* of a transaction that had failed: the server says ROLLBACK */
	PQclear(result);
	if (st != OK && !surely_undone(db, st))
		st = UNKNOWN;
	if (st == OK && db->failed) { /* with a warning */
		pg_lose(db, "a commit with a warning");
		st = UNKNOWN;
	}
	if (st == OK)
		db->in_transaction = false;
	else
		rollback(&db->db);
	if (st == OK)
		pg_note_commit();
	return st;
}

static enum status
commit(struct db *base)
{
	struct db_pg *db = own_of(base);

	if (db->lost || !db->in_transaction) {
		db->lost = false;
		return UNAVAILABLE;
	}
	if (db->write)
		return commit_write(db);
	/* What was read was read: nobody waits for the end. */
	if (db->implicit || send_own(db, PG_COMMIT))
		pg_push(db);
	db->in_transaction = db->lost = false;
	return OK;
}

static bool
in_transaction(const struct db *base)
{
	return ((const struct db_pg *)base)->in_transaction;
}

static enum status
savepoint(struct db *base)
{
	return send_own(own_of(base), PG_SAVEPOINT) ? OK : UNAVAILABLE;
}

/* Waits: here the errors of :later statements come out, and belong to this deed. */
static enum status
release(struct db *base)
{
	struct db_pg *db = own_of(base);

	return send_own(db, PG_RELEASE) ? pg_collect(db, NULL) : UNAVAILABLE;
}

static void
rollback_to(struct db *base)
{
	struct db_pg *db = own_of(base);
	bool retry = db->retry;

	if (!db->in_transaction)
		return;
	/* What was sent and not yet waited for has its fate first. */
	if (db->queued > 0)
		(void)!pg_collect(db, NULL);
	if (!db->in_transaction || !send_own(db, PG_ROLLBACK_TO) || !send_own(db, PG_RELEASE))
		return;
	db->failed = false;
	if (pg_collect(db, NULL) != OK)
		rollback(base);
	db->retry = retry;
}

static bool
is_sound(const struct db *base)
{
	const struct db_pg *db = (const struct db_pg *)base;

	return db->in_transaction && !db->failed;
}

static bool
may_retry(const struct db *base)
{
	return ((const struct db_pg *)base)->retry;
}

static int64_t
data_version(struct db *base)
{
	struct db_pg *db = own_of(base);
	int64_t now = time_passing_ms();
	PGresult *result = NULL;
	const char *why;

	if (!db->in_transaction && (db->version == 0 || now - db->version_at_ms >= VERSION_MS)) {
		db->lost = false;
		db->version_at_ms = now;
		notice_end(db);
		if (pg_connected(db, &why) == OK && send_own(db, PG_VERSION) &&
		    pg_collect(db, &result) == OK)
			db->version = pg_number(result, 0, 0);
		PQclear(result);
	}
	return db->version + atomic_load_explicit(&commits, memory_order_acquire);
}

static int64_t
lag_ms(struct db *base)
{
	struct db_pg *db = own_of(base);
	int64_t now = time_passing_ms();
	PGresult *result = NULL;
	const char *why;

	if (db->in_transaction || (db->lag_at_ms != 0 && now - db->lag_at_ms < LAG_MS))
		return db->lag;
	db->lost = false;
	db->lag_at_ms = now;
	db->lag = INT64_MAX;
	notice_end(db);
	if (pg_connected(db, &why) == OK && send_own(db, PG_LAG) && pg_collect(db, &result) == OK)
		db->lag = pg_number(result, 0, 0);
	PQclear(result);
	return db->lag;
}

static void
set_patience(struct db *base, int ms)
{
	struct db_pg *db = own_of(base);
	char text[80];

	db->patience_ms = ms;
	(void)snprintf(text, sizeof text, "SET statement_timeout = %d", ms);
	if (db->conn == NULL || !pg_send(db, NULL, NULL, text, 0, "", NULL, NULL, NULL))
		return;
	/* Who takes his time may think for long between two statements, too: a count does. */
	(void)snprintf(text, sizeof text, "SET idle_in_transaction_session_timeout = '%s'",
	               ms == 0 ? "0" : "60s");
	if (pg_send(db, NULL, NULL, text, 0, "", NULL, NULL, NULL))
		(void)!pg_collect(db, NULL);
}

static enum status
script(struct db *base, const char *sql)
{
	struct db_pg *db = own_of(base);
	const char *why;
	enum status st = pg_connected(db, &why);

	if (st != OK)
		return st;
	return pg_send(db, NULL, NULL, sql, 0, "", NULL, NULL, NULL) ? pg_collect(db, NULL) : UNAVAILABLE;
}

static enum status
backup(struct db *base, const char *to_path)
{
	(void)base;
	(void)to_path;
	return REFUSED;
}

static const struct db_engine engine = {
	.remote = true,
	.close = close_all,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.in_transaction = in_transaction,
	.savepoint = savepoint,
	.release = release,
	.rollback_to = rollback_to,
	.is_sound = is_sound,
	.may_retry = may_retry,
	.data_version = data_version,
	.lag_ms = lag_ms,
	.set_patience = set_patience,
	.script = script,
	.backup = backup,
	.start = pg_start,
	.bind_int = pg_bind_int,
	.bind_text = pg_bind_text,
	.bind_bytes = pg_bind_bytes,
	.bind_null = pg_bind_null,
	.step = pg_step,
	.is_null = pg_is_null,
	.integer = pg_integer,
	.view = pg_view,
	.changes = pg_changes,
	.finish = pg_finish,
};
