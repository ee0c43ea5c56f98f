/* What happens to servers and networks, and what Folkmoot makes of it: a clear line for the
 * operator, no acknowledged deed lost, none done twice. Beside the server of PGHOST. */
#include <errno.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pg/relay.h"
#include "store/leaf.sql.h"
#include "store/ledger.sql.h"
#include "store/place.sql.h"
#include "store/writer.h"
#include "test.h"

static const struct place_id vale = { 7 };
static const char *const names[] = { "faults" };

/* ---- the stage --------------------------------------------------------------------------- */

static void
sql_in(const char *database, const char *sql)
{
	const char *keys[] = { "dbname", NULL }, *values[] = { database, NULL };
	PGconn *conn = PQconnectdbParams(keys, values, 0);
	PGresult *result = PQexec(conn, sql);
	ExecStatusType st = PQresultStatus(result);

	if (st != PGRES_COMMAND_OK && st != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s: %s", sql, PQresultErrorMessage(result));
		exit(1);
	}
	PQclear(result);
	PQfinish(conn);
}

static void
sql(const char *text)
{
	sql_in("postgres", text);
}

struct stage {
	struct relay *relay;
	struct writer *writer;
	struct arena arena;
	char uri[300], straight[300]; /* through the relay; to the server itself */
};

static struct db *
open_db(const char *uri, enum db_mode mode)
{
	struct db *db = NULL;
	const char *why = NULL;

	if (db_open(uri, mode, &db, &why) != OK) {
		fprintf(stderr, "%s: %s\n", uri, why);
		exit(1);
	}
	return db;
}

static void
stage_init(struct stage *s)
{
	struct db *db;

	*s = (struct stage){ .relay = relay_open() };
	arena_init(&s->arena, 1 << 24);
	sql("DROP DATABASE IF EXISTS faults WITH (FORCE)");
	sql("CREATE DATABASE faults");
	(void)snprintf(s->uri, sizeof s->uri, "postgresql:///%s?host=%s", names[0],
	               relay_folder(s->relay));
	(void)snprintf(s->straight, sizeof s->straight, "postgresql:///%s", names[0]);
	db = open_db(s->straight, DB_CREATE);
	CHECK_INT(db_begin_write(db), OK);
	CHECK_INT(place_insert(db, vale, STR("vale"), STR("Vale"), STR("x"), STR("en"), STR("GBP"),
	                       STR("Europe/London"), NULL, NULL, STR("none"), STR("{}"), false,
	                       (struct instant){ 1 }), OK);
	CHECK_INT(db_commit(db), OK);
	db_close(db);
}

static void
stage_write(struct stage *s)
{
	struct db *db = open_db(s->uri, DB_WRITE);

	CHECK_INT(writer_start(&db, 1, 60, &s->writer), OK);
}

static void
stage_release(struct stage *s)
{
	writer_stop(s->writer);
	relay_close(s->relay);
	arena_release(&s->arena);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How many areas the server itself has. */
static int64_t
areas(struct stage *s)
{
	struct db *db = open_db(s->straight, DB_READ);
	struct area_list_rows rows = { NULL, 0 };

	CHECK_INT(area_list(db, &s->arena, vale, &rows), OK);
	db_close(db);
	return (int64_t)rows.len;
}

static enum status
add_area(struct db *db, void *context)
{
	const int *number = context;
	char name[20];

	(void)snprintf(name, sizeof name, "a%d", *number);
	return area_insert(db, vale, str_of(name), STR("x"), *number);
}

static enum status
add(struct stage *s, int number)
{
	return writer_run(s->writer, vale, add_area, &number);
}

/* ---- connections that break -------------------------------------------------------------- */

static void
test_cut_after_commit(void)
{
	struct stage s;

	stage_init(&s);
	stage_write(&s);
	CHECK_INT(add(&s, 1), OK);
	relay_fault(s.relay, RELAY_CUT_AFTER, "own_commit");
	/* Kept, and the writer finds out: neither a failure nor a second try (which would CONFLICT). */
	CHECK_INT(add(&s, 2), OK);
	CHECK(relay_happened(s.relay));
	CHECK_INT(areas(&s), 2);
	CHECK_INT(add(&s, 3), OK);
	stage_release(&s);
}

static void
test_cut_before_commit(void)
{
	struct stage s;

	stage_init(&s);
	stage_write(&s);
	CHECK_INT(add(&s, 1), OK);
	relay_fault(s.relay, RELAY_CUT_BEFORE, "own_commit");
	CHECK_INT(add(&s, 2), OK); /* done once more, and once only */
	CHECK(relay_happened(s.relay));
	CHECK_INT(areas(&s), 2);
	stage_release(&s);
}

static void
test_cut_in_a_deed(void)
{
	struct stage s;

	stage_init(&s);
	stage_write(&s);
	relay_fault(s.relay, RELAY_CUT_BEFORE, "area_insert");
	CHECK_INT(add(&s, 1), OK);
	CHECK(relay_happened(s.relay));
	CHECK_INT(areas(&s), 1);
	stage_release(&s);
}

/* The server stays away for longer than anybody waits: the answer is that nobody knows. */
static void
test_never_found_out(void)
{
	struct stage s;

	stage_init(&s);
	stage_write(&s);
	CHECK_INT(add(&s, 1), OK);
	relay_fault(s.relay, RELAY_FREEZE, "own_commit");
	CHECK_INT(add(&s, 2), UNKNOWN);
	relay_refuse(s.relay, true);
	CHECK_INT(add(&s, 3), UNAVAILABLE); /* it never got as far as a commit */
	relay_refuse(s.relay, false);
	/* The same again finds out: here, that it was not kept. */
	CHECK_INT(add(&s, 2), OK);
	CHECK_INT(areas(&s), 2);
	stage_release(&s);
}

/* A server that says nothing any more costs a page its patience, not a thread. */
static void
test_frozen_reader(void)
{
	struct stage s;
	struct db *db;
	struct area_list_rows rows;
	int64_t begun;

	stage_init(&s);
	db = open_db(s.uri, DB_READ);
	CHECK_INT(db_begin_read(db), OK);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	CHECK_INT(db_commit(db), OK);
	relay_fault(s.relay, RELAY_FREEZE, NULL);
	begun = now_ms();
	CHECK_INT(db_begin_read(db), OK); /* goes with the first statement */
	CHECK_INT(area_list(db, &s.arena, vale, &rows), UNAVAILABLE);
	CHECK(now_ms() - begun < 6000);
	CHECK(!db_in_transaction(db));
	/* Not the second half of a page on a new connection. */
	CHECK_INT(area_list(db, &s.arena, vale, &rows), UNAVAILABLE);
	db_rollback(db);
	relay_refuse(s.relay, false);
	(void)usleep(300 * 1000);
	CHECK_INT(db_begin_read(db), OK);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	CHECK_INT(db_commit(db), OK);
	db_close(db);
	stage_release(&s);
}

/* What comes behind a failure in the same page is a failure too, never an empty answer. */
static void
test_behind_a_failure(void)
{
	const char *keys[] = { "dbname", NULL }, *values[] = { "faults", NULL };
	struct stage s;
	struct area_list_rows rows;
	struct place_by_id_row row;
	PGconn *holder;
	struct db *db;

	stage_init(&s);
	db = open_db(s.straight, DB_READ);
	holder = PQconnectdbParams(keys, values, 0);
	PQclear(PQexec(holder, "BEGIN"));
	PQclear(PQexec(holder, "LOCK TABLE area IN ACCESS EXCLUSIVE MODE"));
	CHECK_INT(db_begin_read(db), OK);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), UNAVAILABLE);
	CHECK_INT(place_by_id(db, &s.arena, vale, &row), UNAVAILABLE);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), UNAVAILABLE);
	db_rollback(db);
	PQfinish(holder);
	CHECK_INT(db_begin_read(db), OK);
	CHECK_INT(place_by_id(db, &s.arena, vale, &row), OK);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	CHECK_INT(db_commit(db), OK);
	db_close(db);
	stage_release(&s);
}

/* Ended by the server while it was idle: the next page does not notice. */
static void
test_ended_while_idle(void)
{
	struct stage s;
	struct db *db;
	struct area_list_rows rows;

	stage_init(&s);
	db = open_db(s.straight, DB_READ);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'faults'");
	(void)usleep(100 * 1000);
	CHECK_INT(db_begin_read(db), OK);
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	CHECK_INT(db_commit(db), OK);
	db_close(db);
	stage_release(&s);
}

static void
test_ended_in_a_deed(void)
{
	struct stage s;

	stage_init(&s);
	stage_write(&s);
	CHECK_INT(add(&s, 1), OK);
	sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'faults'");
	CHECK_INT(add(&s, 2), OK);
	CHECK_INT(areas(&s), 2);
	stage_release(&s);
}

/* Of several hosts the first does not answer at all. */
static void
test_second_host(void)
{
	struct stage s;
	struct db *db;
	char uri[400];
	int64_t begun = now_ms();

	stage_init(&s);
	relay_fault(s.relay, RELAY_FREEZE, NULL);
	(void)snprintf(uri, sizeof uri, "postgresql:///%s?host=%s,%s", names[0],
	               relay_folder(s.relay), getenv("PGHOST"));
	db = open_db(uri, DB_READ);
	CHECK(now_ms() - begun < 5000);
	db_close(db);
	stage_release(&s);
}

/* ---- deeds side by side ------------------------------------------------------------------ */

struct one {
	struct deed deed;
	int number;
	enum status ends; /* after what it wrote */
	bool leaf;        /* writes what is only sent later */
	atomic_int told;  /* status + 1; 0: not yet */
};

static enum status
run_one(struct db *db, void *context)
{
	struct one *one = context;
	enum status st = add_area(db, &one->number);

	if (st == OK && one->leaf)
		st = leaf_insert(db, vale, (struct leaf_id){ 77 }, STR("hash"), STR("{}"));
	return st == OK ? one->ends : st;
}

static void
tell_one(void *context, enum status st)
{
	atomic_store(&((struct one *)context)->told, (int)st + 1);
}

static enum status
wait_a_while(struct db *db, void *context)
{
	(void)db;
	(void)context;
	(void)usleep(300000);
	return OK;
}

/* Each deed of a batch ends by itself: what it wrote before a refusal is gone, an error that comes out
 * late is its own, and the others are kept. */
static void
test_batch(void)
{
	static struct one ones[7];
	static const struct { int number; enum status ends; bool leaf; enum status want; } wanted[7] = {
		{ 1, OK, false, OK }, { 2, REFUSED, false, REFUSED }, { 3, OK, true, OK },
		{ 1, OK, false, CONFLICT }, { 4, OK, true, CONFLICT }, { 5, OK, false, OK },
		{ 6, NOT_FOUND, true, NOT_FOUND },
	};
	struct one gate = { .told = 0 };
	struct stage s;

	stage_init(&s);
	stage_write(&s);
	gate.deed = (struct deed){ .place = vale, .run = wait_a_while, .done = tell_one, .context = &gate };
	writer_submit(s.writer, &gate.deed); /* so that the others meet in one batch */
	(void)usleep(50000);
	for (int i = 0; i < 7; i++) {
		ones[i].number = wanted[i].number;
		ones[i].ends = wanted[i].ends;
		ones[i].leaf = wanted[i].leaf;
		ones[i].deed = (struct deed){ .place = vale, .run = run_one, .done = tell_one,
			                      .context = &ones[i] };
		writer_submit(s.writer, &ones[i].deed);
	}
	CHECK_INT(add(&s, 9), OK);
	for (int i = 0; i < 7; i++)
		CHECK_INT(ones[i].told - 1, wanted[i].want);
	CHECK_INT(areas(&s), 4); /* 1, 3, 5, 9 */
	stage_release(&s);
}

static enum status
move_balance(struct db *db, void *context)
{
	struct account_by_id_row row;
	struct arena arena;
	int64_t changed;
	enum status st;

	(void)context;
	/* Reads, decides, writes: without isolation two of them would lose one. */
	arena_init(&arena, 65536);
	st = account_by_id(db, &arena, vale, (struct account_id){ 1 }, &row);
	if (st == OK)
		st = account_balance_move(db, vale, (struct account_id){ 1 },
		                          (struct amount){ row.balance.minor % 2 == 0 ? 3 : 1 }, &changed);
	arena_release(&arena);
	return st;
}

enum { MOVES = 150 };

static void *
move_often(void *context)
{
	for (int i = 0; i < MOVES; i++)
		CHECK_INT(writer_run(context, vale, move_balance, NULL), OK);
	return NULL;
}

/* Two processes on one account: as if one after the other: 0, 3, 4, 7, 8 … */
static void
test_two_writers(void)
{
	struct stage s;
	struct writer *other;
	struct account_by_id_row row;
	pthread_t threads[2];
	struct db *db;

	stage_init(&s);
	stage_write(&s);
	db = open_db(s.straight, DB_WRITE);
	CHECK_INT(account_add(db, vale, (struct account_id){ 1 }, STR("source"), STR("x"), NULL), OK);
	CHECK_INT(writer_start(&db, 1, 60, &other), OK);
	CHECK_INT(pthread_create(&threads[0], NULL, move_often, s.writer), 0);
	CHECK_INT(pthread_create(&threads[1], NULL, move_often, other), 0);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(threads[i], NULL);
	writer_stop(other);
	db = open_db(s.straight, DB_READ);
	CHECK_INT(account_by_id(db, &s.arena, vale, (struct account_id){ 1 }, &row), OK);
	CHECK_INT(row.balance.minor, 4 * MOVES); /* each two of them make four */
	db_close(db);
	stage_release(&s);
}

/* A place that is leaving, or is not here, takes no deeds. */
static void
test_fence(void)
{
	struct stage s;
	int number = 1;

	stage_init(&s);
	stage_write(&s);
	CHECK_INT(writer_run(s.writer, (struct place_id){ 99 }, add_area, &number), ELSEWHERE);
	sql_in("faults", "UPDATE place SET state = 'leaving'");
	CHECK_INT(add(&s, 2), UNAVAILABLE);
	sql_in("faults", "UPDATE place SET state = 'here'");
	CHECK_INT(add(&s, 3), OK);
	CHECK_INT(areas(&s), 1);
	stage_release(&s);
}

/* ---- what an operator may give us -------------------------------------------------------- */

/* Opening says no, with these words in it. */
static void
refused(const char *uri, enum status want, const char *words)
{
	struct db *db = NULL;
	const char *why = NULL;
	enum status st = db_open(uri, DB_CREATE, &db, &why);

	CHECK_INT(st, want);
	CHECK(why != NULL && strstr(why, words) != NULL && strchr(why, '\n') == NULL);
	if (why != NULL && strstr(why, words) == NULL)
		printf("# %s\n", why);
	db_close(db);
}

static void
test_wrong_password(void)
{
	struct stage s;

	stage_init(&s);
	sql("DROP ROLE IF EXISTS needs_password");
	sql("CREATE ROLE needs_password LOGIN PASSWORD 'right'");
	refused("postgresql://needs_password:wrong@/faults", UNAVAILABLE, "password");
	refused("postgresql:///no_such_database", UNAVAILABLE, "no_such_database");
	refused("postgresql:///faults?host=/no/such/folder", UNAVAILABLE, "/no/such/folder");
	refused("postgresql:///faults?nonsense=1", FAILED, "nonsense");
	stage_release(&s);
}

static void
test_wrong_server(void)
{
	struct stage s;

	stage_init(&s);
	relay_replace(s.relay, false, "15.", "13.");
	refused(s.uri, FAILED, "this server is 13");
	relay_replace(s.relay, false, "none", "none");
	sql("DROP DATABASE IF EXISTS latin");
	sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
	refused("postgresql:///latin", FAILED, "encoding is LATIN1");
	sql("DROP DATABASE latin");
	stage_release(&s);
}

static void
test_no_extension(void)
{
	struct stage s;

	stage_init(&s);
	sql("DROP DATABASE IF EXISTS bare");
	sql("CREATE DATABASE bare");
	(void)snprintf(s.uri, sizeof s.uri, "postgresql:///bare?host=%s", relay_folder(s.relay));
	relay_replace(s.relay, true, "unaccent", "unaccenx");
	refused(s.uri, UNAVAILABLE, "contrib");
	/* Nothing half made: as soon as it is there, it goes on. */
	relay_replace(s.relay, true, "none", "none");
	db_close(open_db(s.uri, DB_CREATE));
	sql("DROP DATABASE bare WITH (FORCE)");
	stage_release(&s);
}

static void
test_read_only(void)
{
	struct stage s;

	stage_init(&s);
	sql("ALTER DATABASE faults SET default_transaction_read_only = on");
	refused(s.straight, UNAVAILABLE, "read-only");
	sql("ALTER DATABASE faults RESET default_transaction_read_only");
	stage_release(&s);
}

/* A primary that becomes a replica under a running server: deeds wait for the next primary. */
static void
test_becomes_read_only(void)
{
	struct stage s;

	stage_init(&s);
	stage_write(&s);
	CHECK_INT(add(&s, 1), OK);
	sql("ALTER DATABASE faults SET default_transaction_read_only = on");
	sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'faults'");
	CHECK_INT(add(&s, 2), UNAVAILABLE);
	sql("ALTER DATABASE faults RESET default_transaction_read_only");
	CHECK_INT(add(&s, 3), OK);
	CHECK_INT(areas(&s), 2);
	stage_release(&s);
}

static void
test_others_tables(void)
{
	struct stage s;

	stage_init(&s);
	sql("DROP DATABASE IF EXISTS theirs");
	sql("CREATE DATABASE theirs");
	sql_in("theirs", "CREATE TABLE precious (x int)");
	refused("postgresql:///theirs", FAILED, "other tables");
	sql("DROP DATABASE theirs");
	sql_in("faults", "INSERT INTO folkmoot_schema (version, finished) VALUES (999, true)");
	refused(s.straight, TOO_NEW, "newer");
	stage_release(&s);
}

/* ---- a full disk ------------------------------------------------------------------------- */

static void
write_filler(const char *path, size_t size)
{
	char *zeros = calloc(1, size);
	FILE *file = fopen(path, "wb");

	CHECK(file != NULL && zeros != NULL);
	if (file != NULL) {
		(void)!fwrite(zeros, 1, size, file);
		(void)fclose(file);
	}
	free(zeros);
}

static enum status
add_much(struct db *db, void *context)
{
	static char much[200000];

	(void)context;
	for (int i = 0; i < 400; i++) {
		static uint32_t state = 1;
		char name[20];
		enum status st;

		/* Chance, or it would be compressed away. */
		for (size_t at = 0; at < sizeof much; at++) {
			state = state * 1664525u + 1013904223u;
			much[at] = (char)('a' + (state >> 20) % 26);
		}

		(void)snprintf(name, sizeof name, "much%d", i);
		st = area_insert(db, vale, str_of(name), (struct str){ much, sizeof much }, 1000 + i);
		if (st != OK)
			return st;
	}
	return OK;
}

/* The tables' disk is full (the log's is another, as docs/postgresql.md wants it). */
static void
test_full_disk(void)
{
	char folder[PATH_MAX], filler[PATH_MAX + 8], text[PATH_MAX + 200];
	struct stage s;
	struct stat home;

	(void)snprintf(folder, sizeof folder, "%s/small", getenv("PGHOST"));
	(void)snprintf(filler, sizeof filler, "%s/filler", folder);
	if (stat(getenv("PGHOST"), &home) != 0 || mkdir(folder, 0700) != 0 ||
	    mount("tmpfs", folder, "tmpfs", 0, "size=48m") != 0) {
		test_skip_why = "a small disk can't be mounted here";
		return;
	}
	CHECK_INT(chown(folder, home.st_uid, home.st_gid), 0);
	stage_init(&s);
	(void)snprintf(text, sizeof text, "CREATE TABLESPACE small LOCATION '%s'", folder);
	sql(text);
	sql("ALTER DATABASE faults SET TABLESPACE small");
	write_filler(filler, 16 << 20);
	stage_write(&s);
	CHECK_INT(add(&s, 1), OK);
	CHECK_INT(writer_run(s.writer, vale, add_much, NULL), UNAVAILABLE);
	CHECK_INT(areas(&s), 1);
	CHECK_INT(unlink(filler), 0);
	CHECK_INT(add(&s, 2), OK);
	CHECK_INT(areas(&s), 2);
	stage_release(&s);
	sql("DROP DATABASE faults WITH (FORCE)");
	sql("DROP TABLESPACE small");
	CHECK_INT(umount(folder), 0);
	(void)rmdir(folder);
}

static const struct test_case cases[] = {
	{ "postgresql: a commit that was cut after it was kept is found", test_cut_after_commit },
	{ "postgresql: a commit that was cut before it was kept is done again", test_cut_before_commit },
	{ "postgresql: a deed that was cut is done again", test_cut_in_a_deed },
	{ "postgresql: a commit nobody can find out about is UNKNOWN", test_never_found_out },
	{ "postgresql: a frozen server does not hang a page", test_frozen_reader },
	{ "postgresql: behind a failure nothing looks empty", test_behind_a_failure },
	{ "postgresql: a connection ended while idle comes back", test_ended_while_idle },
	{ "postgresql: a connection ended before a deed comes back", test_ended_in_a_deed },
	{ "postgresql: the first host is silent, the second serves", test_second_host },
	{ "postgresql: each deed of a batch ends by itself", test_batch },
	{ "postgresql: two writers on one account", test_two_writers },
	{ "postgresql: deeds only where the place lives", test_fence },
	{ "postgresql: wrong password, database, host, URI", test_wrong_password },
	{ "postgresql: an old server, another encoding", test_wrong_server },
	{ "postgresql: a server without the extensions", test_no_extension },
	{ "postgresql: a read-only server is no primary", test_read_only },
	{ "postgresql: a primary that becomes a replica", test_becomes_read_only },
	{ "postgresql: others' tables, a newer schema", test_others_tables },
	{ "postgresql: a full disk", test_full_disk },
};

int
main(void)
{
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
