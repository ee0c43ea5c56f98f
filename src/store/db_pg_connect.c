/* Making a connection: one host after the other, each with its own deadline. */
#include "store/db_pg.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "store/log.h"

enum {
	CONNECT_MS = 2000,  /* for each host */
	RECONNECT_MS = 200, /* between two tries */
	HOSTS_MAX = 16,
	SAY_AGAIN_MS = 10000
};

/* What the URI says, taken apart, for one host after the other: a host that does not answer must
 * not use up the time of all. */
struct place_to_try {
	const char *keys[64], *values[64];
	int count, host_at, port_at;
};

static void
set_key(struct place_to_try *t, const char *key, const char *value)
{
	for (int i = 0; i < t->count; i++) {
		if (strcmp(t->keys[i], key) == 0) {
			t->values[i] = value;
			return;
		}
	}
	assert(t->count < 63);
	t->keys[t->count] = key;
	t->values[t->count++] = value;
}

/* Item `n` of "a,b,c" into `room`; with one item only, that. False: there is none. */
static bool
item_of(const char *list, int n, char *room, size_t size)
{
	const char *end;

	if (list == NULL)
		return false;
	for (; n > 0 && (end = strchr(list, ',')) != NULL; n--)
		list = end + 1;
	if (n > 0)
		return false;
	end = strchrnul(list, ',');
	(void)snprintf(room, size, "%.*s", (int)(end - list), list);
	return true;
}

static int
items_of(const char *list)
{
	int n = list == NULL || *list == '\0' ? 0 : 1;

	for (; list != NULL && *list != '\0'; list++)
		n += *list == ',';
	return n;
}

/* What every session is told, in one round. */
static enum status
greet(struct db_pg *db, PGconn *conn, const char **ret_why)
{
	char text[800];
	PGresult *result;
	enum status st;

	(void)snprintf(text, sizeof text,
		"SET statement_timeout = %d; SET lock_timeout = %d;"
		"SET idle_in_transaction_session_timeout = '%s'; SET client_encoding = 'UTF8';"
		"SET search_path = \"$user\", public; SET client_min_messages = warning;"
		"SELECT set_config('synchronous_commit', 'on', false)"
		" WHERE current_setting('synchronous_commit') = 'off';"
		"%s", db->patience_ms, db->patience_ms,
		db->patience_ms == 0 ? "0" : "60s",
		db->mode == DB_READ || db->mode == DB_REPLICA
		? "SET default_transaction_isolation = 'repeatable read';"
		  "SET default_transaction_read_only = on" : "");
	st = pg_script(conn, CONNECT_MS, text, &result);
	if (st != OK)
		*ret_why = pg_words("the database can't be used: %s", PQresultErrorMessage(result));
	PQclear(result);
	return st == OK ? OK : UNAVAILABLE;
}

static bool
poll_connection(PGconn *conn, int64_t deadline)
{
	PostgresPollingStatusType want = PGRES_POLLING_WRITING;

	while (want != PGRES_POLLING_OK) {
		if (want == PGRES_POLLING_FAILED ||
		    !pg_wait_socket(conn, want == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline))
			return false;
		want = PQconnectPoll(conn);
	}
	return true;
}

/* A commit that was acknowledged with a warning may not be where it should. */
static void
on_notice(void *context, const PGresult *result)
{
	struct db_pg *db = context;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	LOG(LEVEL_WARNING, "db.notice", log_word("sqlstate", state == NULL ? "none" : state));
	db->failed |= db->in_transaction;
}

static enum status
try_host(struct db_pg *db, const struct place_to_try *t, const char **ret_why)
{
	PGconn *conn = PQconnectStartParams(t->keys, t->values, 0);
	enum status st = UNAVAILABLE;

	*ret_why = "there is no memory";
	if (conn == NULL)
		return NO_MEMORY;
	if (PQstatus(conn) == CONNECTION_BAD || !poll_connection(conn, time_passing_ms() + CONNECT_MS)) {
		*ret_why = PQstatus(conn) == CONNECTION_BAD
		           ? pg_words("%s", PQerrorMessage(conn))
		           : pg_words("the database server did not answer within %d s", CONNECT_MS / 1000);
		PQfinish(conn);
		return UNAVAILABLE;
	}
	(void)PQsetnonblocking(conn, 1);
	(void)PQsetNoticeReceiver(conn, on_notice, db);
	st = pg_schema_look(conn, db->mode, ret_why);
	if (st == OK)
		st = greet(db, conn, ret_why);
	if (st == OK && PQenterPipelineMode(conn) != 1)
		st = FAILED;
	if (st != OK) {
		PQfinish(conn);
		return st;
	}
	db->conn = conn;
	return OK;
}

/* The first host that will do. A clear no (not our database, too new) is as good as any. */
static enum status
connect_any(struct db_pg *db, PQconninfoOption *options, const char **ret_why)
{
	struct place_to_try t = { .count = 0 };
	const char *hosts = NULL, *ports = NULL, *addresses = NULL;
	char host[300], port[20], address[100];
	enum status st = UNAVAILABLE;
	int total;

	set_key(&t, "target_session_attrs", db->mode == DB_REPLICA ? "any" : "read-write");
	set_key(&t, "application_name", "folkmoot");
	for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
		if (o->val == NULL || *o->val == '\0')
			continue;
		if (strcmp(o->keyword, "host") == 0)
			hosts = o->val;
		else if (strcmp(o->keyword, "port") == 0)
			ports = o->val;
		else if (strcmp(o->keyword, "hostaddr") == 0)
			addresses = o->val;
		else
			set_key(&t, o->keyword, o->val);
	}
	total = items_of(hosts) > items_of(addresses) ? items_of(hosts) : items_of(addresses);
	if (total < 1)
		total = 1;
	if (total > HOSTS_MAX)
		total = HOSTS_MAX;
	for (int tries = 0; tries < total; tries++) {
		/* Where it was lost last of all: a frozen host would use up its time. */
		int i = (db->next_host + tries) % total;

		if (item_of(hosts, i, host, sizeof host))
			set_key(&t, "host", host);
		if (item_of(addresses, i, address, sizeof address))
			set_key(&t, "hostaddr", address);
		if (item_of(ports, items_of(ports) > 1 ? i : 0, port, sizeof port))
			set_key(&t, "port", port);
		t.keys[t.count] = t.values[t.count] = NULL;
		st = try_host(db, &t, ret_why);
		if (st == OK)
			db->next_host = (i + 1) % total;
		if (st != UNAVAILABLE)
			return st;
	}
	return st;
}

enum status
pg_connect(struct db_pg *db, const char **ret_why)
{
	char *wrong = NULL;
	PQconninfoOption *options = PQconninfoParse(db->url, &wrong);
	enum status st;

	if (options == NULL) {
		*ret_why = pg_words("%s", wrong == NULL ? "the URI can't be read" : wrong);
		PQfreemem(wrong);
		return FAILED;
	}
	st = connect_any(db, options, ret_why);
	PQconninfoFree(options);
	return st;
}

enum status
pg_connected(struct db_pg *db, const char **ret_why)
{
	enum status st;

	if (db->conn != NULL)
		return OK;
	*ret_why = "the connection to the database was lost";
	/* Never the second half of a transaction on a new connection. */
	if (db->lost || time_passing_ms() < db->retry_connect_ms)
		return UNAVAILABLE;
	st = pg_connect(db, ret_why);
	if (st == OK) {
		db->say_again_ms = 0;
		LOG(LEVEL_INFO, "db.connected", log_int("mode", db->mode));
		return OK;
	}
	db->retry_connect_ms = time_passing_ms() + RECONNECT_MS;
	/* One line is enough for a while: everybody waits for the same server. */
	if (time_passing_ms() >= db->say_again_ms) {
		LOG(LEVEL_WARNING, "db.unreachable", log_status("status", st), log_word("why", *ret_why));
		db->say_again_ms = time_passing_ms() + SAY_AGAIN_MS;
	}
	return UNAVAILABLE;
}

bool
db_has_password(const char *where)
{
	PQconninfoOption *options = db_is_server(where) ? PQconninfoParse(where, NULL) : NULL;
	bool has = false;

	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
		has |= strcmp(o->keyword, "password") == 0 && o->val != NULL && *o->val != '\0';
	PQconninfoFree(options);
	return has;
}
