/* Whose database a server holds, and how its schema is brought up to date without stopping those
 * who use it: short lock time-outs, tried again; indexes CONCURRENTLY, outside the transaction. */
#include "store/db_pg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/log.h"

enum {
	OLDEST_SERVER = 150000, NEWEST_NAME = 15,
	LOOK_MS = 5000, MIGRATE_MS = 3600 * 1000,
	LOCK_TRIES = 30,
	START_TRIES = 150 /* twice a second */
};

static const char limit_locks[] = "SET client_min_messages = warning; SET lock_timeout = 2000";

/* Versions that were begun: finished says that what is done afterwards is done too. */
static const char table_sql[] =
	"CREATE TABLE IF NOT EXISTS folkmoot_schema ("
	"  version bigint NOT NULL, finished boolean NOT NULL, since timestamptz NOT NULL DEFAULT now(),"
	"  PRIMARY KEY (version));"
	"COMMENT ON TABLE folkmoot_schema IS 'Versions of the schema this database went through';"
	"COMMENT ON COLUMN folkmoot_schema.version IS 'from 1';"
	"COMMENT ON COLUMN folkmoot_schema.finished IS 'its indexes are made, too';"
	"COMMENT ON COLUMN folkmoot_schema.since IS 'when it was reached'";

/* The first value of the first row, as a number. */
static enum status
ask_number(PGconn *conn, const char *sql, int64_t *ret)
{
	PGresult *result;
	enum status st = pg_script(conn, LOOK_MS, sql, &result);

	if (st == OK && PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
		*ret = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	else if (st == OK)
		st = FAILED;
	PQclear(result);
	return st;
}

/* *ret_version 0: an empty database. */
static enum status
look(PGconn *conn, int64_t *ret_version, const char **ret_why)
{
	int64_t ours = 0, tables = 0;
	enum status st = ask_number(conn, "SELECT count(*) FROM pg_class WHERE relname = 'folkmoot_schema'"
	                            " AND relnamespace = 'public'::regnamespace", &ours);

	*ret_version = 0;
	*ret_why = "the database can't be read";
	if (st == OK && ours == 0)
		st = ask_number(conn, "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v')"
		                " AND relnamespace = 'public'::regnamespace", &tables);
	else if (st == OK)
		st = ask_number(conn, "SELECT coalesce(max(version), 0) FROM public.folkmoot_schema",
		                ret_version);
	if (st != OK)
		return st == FAILED ? FAILED : UNAVAILABLE;
	if (tables > 0) {
		*ret_why = "the database has other tables in it: give Folkmoot one of its own";
		return FAILED;
	}
	if (*ret_version > db_migration_total) {
		*ret_why = "the database is of a newer version of Folkmoot";
		return TOO_NEW;
	}
	return OK;
}

/* ---- migrations -------------------------------------------------------------------------- */

/* What an operator can do about it, where we know. */
static const char *
words_for(const PGresult *result)
{
	const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *primary = result == NULL ? NULL
	                                     : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (primary == NULL)
		return "the database can't be brought up to date: the connection was lost";
	if (strstr(primary, "extension") != NULL)
		return pg_words("the database server lacks what Folkmoot needs: %s. Install PostgreSQL's "
		                "contrib modules (Debian: they are in postgresql-15) and let its owner "
		                "CREATE EXTENSION unaccent, btree_gin in this database", primary);
	if (state != NULL && strcmp(state, "42501") == 0)
		return pg_words("the database role may not make tables: %s. GRANT CREATE ON SCHEMA public "
		                "to it, or make it the database's owner", primary);
	return pg_words("the database can't be brought up to date: %s", primary);
}

static bool
is_lock_timeout(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && (strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0);
}

/* One step; a lock that others hold is tried for again and again, never waited for long, as
 * everybody else would queue behind us. */
static enum status
run_step(PGconn *conn, const char *sql, const char **ret_why)
{
	for (int tries = 1;; tries++) {
		PGresult *result, *undone;
		bool again;
		enum status st = pg_script(conn, MIGRATE_MS, sql, &result);

		again = st == FAILED && is_lock_timeout(result) && tries < LOCK_TRIES;
		if (st != OK && !again)
			*ret_why = words_for(result);
		PQclear(result);
		if (st == OK)
			return OK;
		(void)!pg_script(conn, LOOK_MS, "ROLLBACK", &undone);
		PQclear(undone);
		if (!again)
			return UNAVAILABLE;
		LOG(LEVEL_INFO, "db.migration-waits", log_int("tries", tries));
		(void)usleep(500 * 1000);
	}
}

/* An index that was being made CONCURRENTLY when somebody died, or gave up, is there, and useless. */
static const char drop_half_made[] =
	"DO $$ DECLARE name text; BEGIN"
	" FOR name IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_index i"
	"  JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
	"  WHERE NOT i.indisvalid AND n.nspname = 'public' LOOP EXECUTE 'DROP INDEX ' || name; END LOOP;"
	" END $$";

/* CREATE INDEX CONCURRENTLY waits for everybody's older snapshots, of a dump for hours perhaps, and
 * nobody has to wait for it: so without a limit. What a try that failed has left goes before the next,
 * which would take it for done. */
static enum status
run_afterwards(PGconn *conn, const char *sql, const char **ret_why)
{
	for (int tries = 1;; tries++) {
		PGresult *result = NULL;
		enum status st = run_step(conn, drop_half_made, ret_why);
		bool again = false;

		if (st == OK)
			st = run_step(conn, "SET lock_timeout = 0", ret_why);
		if (st == OK) {
			st = pg_script(conn, MIGRATE_MS, sql, &result);
			again = st == FAILED && is_lock_timeout(result) && tries < LOCK_TRIES;
			if (st != OK && !again)
				*ret_why = words_for(result);
			PQclear(result);
		}
		if (st == OK)
			return run_step(conn, limit_locks, ret_why);
		if (!again || run_step(conn, limit_locks, ret_why) != OK)
			return UNAVAILABLE;
	}
}

static enum status
finish_version(PGconn *conn, int64_t version, const char **ret_why)
{
	char line[120];
	enum status st = OK;

	LOG(LEVEL_INFO, "db.migration-indexes", log_int("version", version));
	for (const char *const *sql = db_migrations[version - 1].pg_afterwards;
	     st == OK && *sql != NULL; sql++)
		st = run_afterwards(conn, *sql, ret_why);
	(void)snprintf(line, sizeof line, "UPDATE folkmoot_schema SET finished = true WHERE version = %lld",
	               (long long)version);
	return st == OK ? run_step(conn, line, ret_why) : st;
}

static enum status
reach_version(PGconn *conn, int64_t version, const char **ret_why)
{
	const char *body = db_migrations[version - 1].pg;
	size_t size = strlen(body) + 200;
	char *sql = malloc(size);
	enum status st;

	*ret_why = "there is no memory";
	if (sql == NULL)
		return NO_MEMORY;
	(void)snprintf(sql, size, "BEGIN; %s INSERT INTO folkmoot_schema (version, finished)"
	               " VALUES (%lld, false); COMMIT", body, (long long)version);
	st = run_step(conn, sql, ret_why);
	free(sql);
	return st;
}

/* Each version's own; then what is left to do of any, also of one that somebody died at. */
static enum status
migrate_locked(PGconn *conn, const char **ret_why)
{
	int64_t version, unfinished = 1;
	enum status st = look(conn, &version, ret_why);

	if (st == OK)
		st = run_step(conn, table_sql, ret_why);
	while (st == OK && version < db_migration_total)
		st = reach_version(conn, ++version, ret_why);
	while (st == OK && unfinished > 0) {
		*ret_why = "the database can't be brought up to date";
		st = ask_number(conn, "SELECT coalesce(min(version), 0) FROM folkmoot_schema"
		                " WHERE NOT finished", &unfinished);
		if (st == OK && unfinished > 0)
			st = finish_version(conn, unfinished, ret_why);
	}
	return st;
}

static enum status
migrate(PGconn *conn, const char **ret_why)
{
	char line[200];
	PGresult *result;
	int64_t mine = 0;
	enum status st = run_step(conn, limit_locks, ret_why);

	/* One at a time, of all processes that start together. Who waits inside a statement has a snapshot,
	 * for whose end the other's CREATE INDEX CONCURRENTLY would wait. */
	(void)snprintf(line, sizeof line, "SELECT CAST(pg_try_advisory_lock(%d) AS int)",
	               (int)DB_APPLICATION_ID);
	for (int tries = 1; st == OK && mine == 0; tries++) {
		*ret_why = "another process is bringing the database up to date";
		st = ask_number(conn, line, &mine);
		if (st == OK && mine == 0 && tries >= START_TRIES)
			st = UNAVAILABLE;
		if (st == OK && mine == 0)
			(void)usleep(500 * 1000);
	}
	if (st != OK)
		return st;
	st = migrate_locked(conn, ret_why);
	(void)snprintf(line, sizeof line, "SELECT pg_advisory_unlock(%d)", (int)DB_APPLICATION_ID);
	(void)!pg_script(conn, LOOK_MS, line, &result);
	PQclear(result);
	return st;
}

enum status
pg_schema_look(PGconn *conn, enum db_mode mode, const char **ret_why)
{
	int64_t version = 0, unfinished = 0;
	enum status st;

	if (PQserverVersion(conn) < OLDEST_SERVER) {
		*ret_why = pg_words("PostgreSQL %d or newer is needed; this server is %d", NEWEST_NAME,
		                    PQserverVersion(conn) / 10000);
		return FAILED;
	}
	if (strcmp(PQparameterStatus(conn, "server_encoding"), "UTF8") != 0) {
		*ret_why = pg_words("the database's encoding is %s: make one with ENCODING 'UTF8'",
		                    PQparameterStatus(conn, "server_encoding"));
		return FAILED;
	}
	st = look(conn, &version, ret_why);
	if (st == OK && version > 0)
		st = ask_number(conn, "SELECT count(*) FROM folkmoot_schema WHERE NOT finished", &unfinished);
	if (st != OK || (version == db_migration_total && unfinished == 0))
		return st;
	if (mode == DB_CREATE)
		return migrate(conn, ret_why);
	*ret_why = "the database is of an older version: start the server on it once";
	return FAILED;
}
