/* The engine of a village: one SQLite file. */
#include "store/db_engine.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = 5000, BUSY_STEP_MS = 2 };

/* What the connection says itself, kept prepared beside the nouns' statements. */
enum own {
	OWN_BEGIN_READ, OWN_BEGIN_WRITE, OWN_COMMIT, OWN_ROLLBACK,
	OWN_SAVEPOINT, OWN_RELEASE, OWN_ROLLBACK_TO, OWN_DATA_VERSION, OWN_TOTAL
};
static const char *const own_texts[OWN_TOTAL] = {
	[OWN_BEGIN_READ] = "BEGIN",
	[OWN_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[OWN_COMMIT] = "COMMIT",
	[OWN_ROLLBACK] = "ROLLBACK",
	[OWN_SAVEPOINT] = "SAVEPOINT deed",
	[OWN_RELEASE] = "RELEASE deed",
	[OWN_ROLLBACK_TO] = "ROLLBACK TO deed",
	[OWN_DATA_VERSION] = "PRAGMA data_version",
};

struct prepared {
	sqlite3_stmt *stmt; /* NULL until first used */
	int bind_result;    /* the first failed binding, for db_step to report */
	bool running;
};

struct db_sqlite {
	struct db db;
	sqlite3 *sqlite;
	sqlite3_stmt *own[OWN_TOTAL];
	struct prepared prepared[]; /* by number */
};

static const struct db_engine engine;

static struct db_sqlite *
own_of(struct db *db)
{
	return (struct db_sqlite *)db;
}

static enum status
status_of(int result)
{
	switch (result & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return OK;
	case SQLITE_CONSTRAINT:
		return CONFLICT;
	case SQLITE_FULL:
	case SQLITE_READONLY:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_PROTOCOL:
	case SQLITE_PERM:
		return UNAVAILABLE;
	case SQLITE_NOMEM:
		return NO_MEMORY;
	case SQLITE_TOOBIG:
		return TOO_LARGE;
	default:
		return FAILED;
	}
}

static int
own_step(struct db_sqlite *db, enum own own)
{
	if (db->own[own] == NULL) {
		int result = sqlite3_prepare_v3(db->sqlite, own_texts[own], -1,
		                                SQLITE_PREPARE_PERSISTENT, &db->own[own], NULL);

		if (result != SQLITE_OK)
			return result;
	}
	return sqlite3_step(db->own[own]);
}

static enum status
own_run(struct db_sqlite *db, enum own own)
{
	int result = own_step(db, own);

	(void)sqlite3_reset(db->own[own]);
	return status_of(result);
}

/* ---- transactions ---------------------------------------------------------------------- */

static enum status
begin(struct db *db, bool write)
{
	return own_run(own_of(db), write ? OWN_BEGIN_WRITE : OWN_BEGIN_READ);
}

static enum status
commit(struct db *db)
{
	return own_run(own_of(db), OWN_COMMIT);
}

static bool
in_transaction(const struct db *db)
{
	return sqlite3_get_autocommit(((const struct db_sqlite *)db)->sqlite) == 0;
}

static void
rollback(struct db *db)
{
	/* It fails only where SQLite has rolled back already. */
	if (in_transaction(db))
		(void)!own_run(own_of(db), OWN_ROLLBACK);
}

static enum status
savepoint(struct db *db)
{
	return own_run(own_of(db), OWN_SAVEPOINT);
}

static enum status
release(struct db *db)
{
	return own_run(own_of(db), OWN_RELEASE);
}

static void
rollback_to(struct db *db)
{
	if (!in_transaction(db))
		return;
	if (own_run(own_of(db), OWN_ROLLBACK_TO) != OK || own_run(own_of(db), OWN_RELEASE) != OK)
		rollback(db); /* better nothing than half a deed: the caller sees it is gone */
}

/* It has waited for others by itself; a full disk is no sooner empty. */
static bool
may_retry(const struct db *db)
{
	(void)db;
	return false;
}

static int64_t
data_version(struct db *db)
{
	struct db_sqlite *own = own_of(db);
	int64_t version = 0;

	if (own_step(own, OWN_DATA_VERSION) == SQLITE_ROW)
		version = sqlite3_column_int64(own->own[OWN_DATA_VERSION], 0);
	(void)sqlite3_reset(own->own[OWN_DATA_VERSION]);
	return version;
}

static int64_t
lag_ms(struct db *db)
{
	(void)db;
	return 0;
}

/* A file does not freeze: what takes long is at work. */
static void
set_patience(struct db *db, int ms)
{
	(void)db;
	(void)ms;
}

/* ---- open ------------------------------------------------------------------------------ */

static pthread_once_t configured = PTHREAD_ONCE_INIT;

/* SQLite's accounting of memory is one lock for all threads; nobody reads it. Comes too late
 * (and is refused) where somebody used SQLite before: only slower then. */
static void
configure(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int
pragma_int(sqlite3 *sqlite, const char *sql, int *ret)
{
	sqlite3_stmt *stmt = NULL;
	int result = sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(stmt);
	if (result == SQLITE_ROW)
		*ret = sqlite3_column_int(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return result;
}

/* Whose file is it, and how old is its schema? *ret_version is 0 for an empty file. */
static enum status
look(struct db_sqlite *db, int *ret_version, const char **ret_why)
{
	int application = 0, tables = 0;
	int result = pragma_int(db->sqlite, "PRAGMA application_id", &application);

	if (result == SQLITE_ROW)
		result = pragma_int(db->sqlite, "PRAGMA user_version", ret_version);
	if (result == SQLITE_ROW)
		result = pragma_int(db->sqlite, "SELECT count(*) FROM sqlite_schema", &tables);
	if (result == SQLITE_ROW && (application == DB_APPLICATION_ID ||
	                             (application == 0 && *ret_version == 0 && tables == 0))) {
		if (*ret_version <= db_migration_total)
			return OK;
		*ret_why = "the database is of a newer version of Folkmoot";
		return TOO_NEW;
	}
	if (result == SQLITE_ROW || status_of(result) == FAILED) {
		*ret_why = "the file is not a Folkmoot database";
		return FAILED;
	}
	*ret_why = "the database can't be read";
	return status_of(result);
}

static int
migrate_from(struct db_sqlite *db, int version)
{
	char line[120];
	int result = SQLITE_OK;

	for (; version < db_migration_total && result == SQLITE_OK; version++)
		result = sqlite3_exec(db->sqlite, db_migrations[version].sqlite, NULL, NULL, NULL);
	if (result != SQLITE_OK)
		return result;
	(void)snprintf(line, sizeof line, "PRAGMA application_id = %d; PRAGMA user_version = %d",
	               (int)DB_APPLICATION_ID, version);
	return sqlite3_exec(db->sqlite, line, NULL, NULL, NULL);
}

/* So that the new file's name, too, outlives a power cut. */
static bool
sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	free(folder);
	return good;
}

/* Brings the schema up to date, in one transaction; another process may do the same. */
static enum status
migrate(struct db_sqlite *db, const char *path, const char **ret_why)
{
	int version = 0;
	enum status st = own_run(db, OWN_BEGIN_WRITE);

	*ret_why = "the database can't be written";
	if (st != OK)
		return st;
	st = look(db, &version, ret_why);
	if (st == OK && version < db_migration_total) {
		*ret_why = "the database can't be brought up to date";
		st = status_of(migrate_from(db, version));
	}
	if (st == OK)
		st = own_run(db, OWN_COMMIT);
	rollback(&db->db);
	if (st == OK && version == 0 && !sync_folder_of(path)) {
		*ret_why = "the database's folder can't be written";
		st = UNAVAILABLE;
	}
	return st;
}

/* No mmap: a file cut short by somebody else would kill the server. temp_store: savepoints
 * keep their undo pages in memory. */
static enum status
set_up(struct db_sqlite *db, enum db_mode mode, const char **ret_why)
{
	static const char common[] =
		"PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;"
		"PRAGMA temp_store = MEMORY;";
	static const char reader[] = "PRAGMA cache_size = -2048; PRAGMA query_only = ON";
	static const char writer[] =
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
		"PRAGMA journal_size_limit = 67108864";
	int result = sqlite3_exec(db->sqlite, common, NULL, NULL, NULL);

	/* The change to WAL does not wait for another process that makes the same one. */
	for (int waited_ms = 0; result == SQLITE_OK; waited_ms += 10) {
		result = sqlite3_exec(db->sqlite, mode == DB_READ ? reader : writer, NULL, NULL, NULL);
		if ((result & 0xff) != SQLITE_BUSY || waited_ms >= BUSY_MS)
			break;
		result = sqlite3_sleep(10) > 0 ? SQLITE_OK : SQLITE_BUSY;
	}
	*ret_why = mode == DB_READ ? "the database can't be read" : "the database can't be written";
	return status_of(result);
}

/* SQLite's own way to wait sleeps for up to 100 ms at a time, and hardly ever finds the lock free that
 * another takes again and again. */
static int
wait_for_others(void *context, int tries)
{
	(void)context;
	return tries < BUSY_MS / BUSY_STEP_MS && sqlite3_sleep(BUSY_STEP_MS) > 0;
}

static enum status
prepare_connection(struct db_sqlite *db, const char *path, enum db_mode mode, const char **ret_why)
{
	int version = 0;
	enum status st;

	(void)sqlite3_busy_handler(db->sqlite, wait_for_others, NULL);
	(void)sqlite3_extended_result_codes(db->sqlite, 1);
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	*ret_why = "the database can't be read";
	st = own_run(db, OWN_BEGIN_READ); /* another process may be making it: all or nothing of that */
	if (st == OK)
		st = look(db, &version, ret_why);
	rollback(&db->db);
	if (st != OK)
		return st;
	if (mode != DB_READ && sqlite3_db_readonly(db->sqlite, "main") != 0) {
		*ret_why = "the database can't be written";
		return UNAVAILABLE;
	}
	if (mode != DB_CREATE && version < db_migration_total) {
		*ret_why = "the database is of an older version: start the server on it once";
		return FAILED;
	}
	st = set_up(db, mode, ret_why);
	if (st == OK && mode == DB_CREATE)
		st = migrate(db, path, ret_why);
	return st;
}

/* E-mail addresses and ballots are in it: whatever the umask, only its owner may read it. SQLite
 * gives the files beside it (-wal, -shm) the same mode. When it can't be made, SQLite says so. */
static void
make_private(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static void
close_all(struct db *db)
{
	struct db_sqlite *own = own_of(db);

	for (int i = 0; i < OWN_TOTAL; i++)
		(void)sqlite3_finalize(own->own[i]);
	for (int i = 0; i < db_statement_total; i++)
		(void)sqlite3_finalize(own->prepared[i].stmt);
	(void)sqlite3_close(own->sqlite);
	free(own);
}

enum status
db_sqlite_open(const char *path, enum db_mode mode, struct db **ret, const char **ret_why)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	            (mode == DB_CREATE ? SQLITE_OPEN_CREATE : 0);
	struct db_sqlite *db;
	enum status st;

	(void)pthread_once(&configured, configure);
	db = calloc(1, sizeof *db + (size_t)db_statement_total * sizeof *db->prepared);
	if (db == NULL) {
		*ret_why = "out of memory";
		return NO_MEMORY;
	}
	db->db.engine = &engine;
	if (mode == DB_CREATE)
		make_private(path);
	if (sqlite3_open_v2(path, &db->sqlite, flags, NULL) != SQLITE_OK) {
		*ret_why = mode == DB_CREATE ? "the database can't be created" : "the database can't be opened";
		close_all(&db->db);
		return UNAVAILABLE;
	}
	st = prepare_connection(db, path, mode, ret_why);
	if (st != OK) {
		close_all(&db->db);
		return st;
	}
	*ret_why = NULL;
	*ret = &db->db;
	return OK;
}

static enum status
script(struct db *db, const char *sql)
{
	return status_of(sqlite3_exec(own_of(db)->sqlite, sql, NULL, NULL, NULL));
}

/* ---- backup ---------------------------------------------------------------------------- */

static int
copy_all(struct db_sqlite *db, sqlite3 *to)
{
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", db->sqlite, "main");
	int result;

	if (copy == NULL)
		return sqlite3_errcode(to);
	/* In one go: a reader's snapshot, so writers go on and it is not begun again. */
	do {
		result = sqlite3_backup_step(copy, -1);
	} while ((result == SQLITE_BUSY || result == SQLITE_LOCKED) && sqlite3_sleep(50) > 0);
	result = sqlite3_backup_finish(copy);
	/* One file, without a -wal beside it. */
	if (result == SQLITE_OK)
		result = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	return result;
}

static enum status
backup(struct db *db, const char *to_path)
{
	sqlite3 *to = NULL;
	int fd = open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int result;

	if (fd < 0)
		return errno == EEXIST ? CONFLICT : UNAVAILABLE;
	close(fd);
	result = sqlite3_open_v2(to_path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (result == SQLITE_OK)
		result = copy_all(own_of(db), to);
	(void)sqlite3_close(to);
	if (result == SQLITE_OK && !sync_folder_of(to_path))
		result = SQLITE_IOERR;
	if (result != SQLITE_OK)
		(void)unlink(to_path);
	return status_of(result);
}

/* ---- for generated code ---------------------------------------------------------------- */

static enum status
start(struct db *db, const struct db_statement *statement, void **ret_handle)
{
	struct db_sqlite *own = own_of(db);
	struct prepared *p = &own->prepared[statement->number];

	if (p->stmt == NULL) {
		int result = sqlite3_prepare_v3(own->sqlite, statement->sqlite, -1,
		                                SQLITE_PREPARE_PERSISTENT, &p->stmt, NULL);

		if (result != SQLITE_OK)
			return status_of(result);
	}
	assert(!p->running); /* a statement can't be run inside itself */
	p->running = true;
	p->bind_result = SQLITE_OK;
	*ret_handle = p;
	return OK;
}

static void
note_bind(struct prepared *p, int result)
{
	if (p->bind_result == SQLITE_OK)
		p->bind_result = result;
}

static void
bind_int(struct db_cursor *c, int index, int64_t value)
{
	struct prepared *p = c->handle;

	note_bind(p, sqlite3_bind_int64(p->stmt, index, value));
}

/* What is bound lives until db_finish, which forgets it: no copy. A NULL pointer would bind
 * NULL, so the empty slice gets another. */
static void
bind_text(struct db_cursor *c, int index, struct str value)
{
	struct prepared *p = c->handle;

	note_bind(p, sqlite3_bind_text64(p->stmt, index, value.len > 0 ? value.ptr : "", value.len,
	                                 SQLITE_STATIC, SQLITE_UTF8));
}

static void
bind_bytes(struct db_cursor *c, int index, struct str value)
{
	struct prepared *p = c->handle;

	note_bind(p, sqlite3_bind_blob64(p->stmt, index, value.len > 0 ? value.ptr : "", value.len,
	                                 SQLITE_STATIC));
}

static void
bind_null(struct db_cursor *c, int index)
{
	struct prepared *p = c->handle;

	note_bind(p, sqlite3_bind_null(p->stmt, index));
}

static enum status
step(struct db_cursor *c, bool *ret_row)
{
	struct prepared *p = c->handle;
	int result = p->bind_result == SQLITE_OK ? sqlite3_step(p->stmt) : p->bind_result;

	*ret_row = result == SQLITE_ROW;
	return status_of(result);
}

static bool
is_null(struct db_cursor *c, int column)
{
	struct prepared *p = c->handle;

	return sqlite3_column_type(p->stmt, column) == SQLITE_NULL;
}

static int64_t
integer(struct db_cursor *c, int column)
{
	struct prepared *p = c->handle;

	return sqlite3_column_int64(p->stmt, column);
}

static struct str
view(struct db_cursor *c, int column)
{
	struct prepared *p = c->handle;
	/* Found once: sqlite3_column_blob and _bytes would each look and lock for themselves. */
	sqlite3_value *value = sqlite3_column_value(p->stmt, column);
	const char *ptr = sqlite3_value_blob(value);

	return (struct str){ ptr, (size_t)sqlite3_value_bytes(value) };
}

static int64_t
changes(struct db_cursor *c)
{
	return sqlite3_changes64(own_of(c->db)->sqlite);
}

static void
finish(struct db_cursor *c)
{
	struct prepared *p = c->handle;

	(void)sqlite3_reset(p->stmt);
	(void)sqlite3_clear_bindings(p->stmt);
	p->running = false;
}

static const struct db_engine engine = {
	.close = close_all,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.in_transaction = in_transaction,
	.savepoint = savepoint,
	.release = release,
	.rollback_to = rollback_to,
	.is_sound = in_transaction,
	.may_retry = may_retry,
	.data_version = data_version,
	.lag_ms = lag_ms,
	.set_patience = set_patience,
	.script = script,
	.backup = backup,
	.start = start,
	.bind_int = bind_int,
	.bind_text = bind_text,
	.bind_bytes = bind_bytes,
	.bind_null = bind_null,
	.step = step,
	.is_null = is_null,
	.integer = integer,
	.view = view,
	.changes = changes,
	.finish = finish,
};
