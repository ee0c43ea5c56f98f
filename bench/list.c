/* A page of 20 ideas with author and counts: through the program's act, as a request does it, and
 * beside it the bare statement on the same database with the engine's own calls, all columns read.
 *
 *   bench_list [SECONDS [CONNECTIONS [PLACES]]]      FOLKMOOT_TEST_DB=postgresql://…: there; else a file
 *
 * With PLACES there are so many with 200 ideas each, and each list is of the next one. The two take turns, so that what else the machine does meets both. */
#include <endian.h>
#include <pthread.h>
#include <time.h>

#include "acts/idea.h"
#include "acts/world.h"
#include "store/idea.sql.h"

extern const struct db_statement idea_list_statement;

enum { TURN = 400, THREADS_MAX = 8 };

static struct world w;
static int places = 1;

/* One thread's connections: the program's, and the yardstick's. */
struct reader {
	struct arena arena;
	struct act act;
	struct beside bare;
	sqlite3_stmt *stmt;
	bool prepared;
	int next; /* place */
	int64_t rows, sum; /* so that nothing is optimised away */
	void (*once)(struct reader *r);
};

static void
seed(void)
{
	world_init(&w);
	world_sql(&w, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
	              "INSERT INTO idea (place_id, id, author_id, title, body, rough_cost, state, created_at,"
	              " changed_at, version, judgement, comments) SELECT 10, i, 101, 'A bench number ' || i,"
	              " 'b', 100 * i, 'open', i * 1000000, i * 1000000, 1, 0, i % 7 FROM n");
	if (places > 1) {
		char sql[1000];

		(void)snprintf(sql, sizeof sql, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		               " WHERE i < %d) INSERT INTO person (place_id, id, name, joined_at)"
		               " SELECT 1000 + i, 101, 'Maya', 1 FROM n", places);
		world_sql(&w, sql);
		(void)snprintf(sql, sizeof sql, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		               " WHERE i < %d) INSERT INTO idea (place_id, id, author_id, title, body, rough_cost,"
		               " state, created_at, changed_at, version, judgement, comments) SELECT 1001 + i / 200,"
		               " i, 101, 'A bench number ' || i, 'b', 100 * i, 'open', i, i, 1, 0, i %% 7 FROM n",
		               places * 200 - 1);
		world_sql(&w, sql);
	}
	world_sql(&w, "ANALYZE");
	w.act.who = maya;
}

static void
by_act(struct reader *r)
{
	struct idea_filter filter = { .words = STR("") };
	struct idea_list_rows rows;
	bool more;

	arena_reset(&r->arena);
	if (places > 1)
		r->act.place.id.value = 1001 + (r->next = (r->next * 7 + 1) % places);
	world_need(db_begin_read(r->act.db), "begin");
	world_need(act_idea_list(&r->act, &filter, &rows, &more), "list");
	world_need(db_commit(r->act.db), "commit");
	r->rows += (int64_t)rows.len;
}

static void
by_sqlite(struct reader *r)
{
	int columns;

	if (r->stmt == NULL && sqlite3_prepare_v2(r->bare.sqlite, idea_list_statement.sqlite, -1, &r->stmt, NULL) != SQLITE_OK)
		exit(1);
	columns = sqlite3_column_count(r->stmt);
	(void)sqlite3_bind_int64(r->stmt, 1, 10);
	(void)sqlite3_bind_text(r->stmt, 2, "", 0, SQLITE_STATIC);
	(void)sqlite3_bind_text(r->stmt, 3, "", 0, SQLITE_STATIC);
	(void)sqlite3_bind_int64(r->stmt, 4, 0);
	(void)sqlite3_bind_int64(r->stmt, 5, IDEA_PAGE + 1);
	while (sqlite3_step(r->stmt) == SQLITE_ROW)
		for (int i = 0; i < columns; i++) {
			sqlite3_value *value = sqlite3_column_value(r->stmt, i);

			if (sqlite3_value_type(value) == SQLITE_INTEGER)
				r->sum += sqlite3_value_int64(value);
			else if (sqlite3_value_type(value) != SQLITE_NULL)
				r->sum += *(const char *)sqlite3_value_text(value) + sqlite3_value_bytes(value);
		}
	(void)sqlite3_reset(r->stmt);
}

static void
by_libpq(struct reader *r)
{
	static const Oid types[] = { 20, 25, 25, 20, 20 };
	static const int lengths[] = { 8, 0, 0, 8, 8 }, formats[] = { 1, 1, 1, 1, 1 };
	int64_t place = (int64_t)htobe64(10), after = 0, most = (int64_t)htobe64(IDEA_PAGE + 1);
	const char *values[] = { (const char *)&place, "", "", (const char *)&after, (const char *)&most };
	PGresult *result;

	if (!r->prepared)
		PQclear(PQprepare(r->bare.pg, "bare", idea_list_statement.pg, 5, types));
	r->prepared = true;
	result = PQexecPrepared(r->bare.pg, "bare", 5, values, lengths, formats, 1);
	for (int row = 0; row < PQntuples(result); row++)
		for (int i = 0; i < PQnfields(result); i++)
			r->sum += *PQgetvalue(result, row, i) + PQgetlength(result, row, i);
	PQclear(result);
}

static void *
turn(void *context)
{
	struct reader *r = context;

	for (int i = 0; i < TURN; i++)
		r->once(r);
	return NULL;
}

static double
seconds_of(struct reader *readers, int threads, void (*once)(struct reader *r))
{
	pthread_t ids[THREADS_MAX];
	struct timespec a, b;

	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < threads; i++) {
		readers[i].once = once;
		if (pthread_create(&ids[i], NULL, turn, &readers[i]) != 0)
			exit(1);
	}
	for (int i = 0; i < threads; i++)
		(void)pthread_join(ids[i], NULL);
	(void)clock_gettime(CLOCK_MONOTONIC, &b);
	return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* As the program opens a file for reading: a mutex around each column's call would slow the yardstick. */
static void
open_bare(struct beside *bare)
{
	if (w.beside.pg != NULL) {
		beside_open(bare, w.scratch.path);
		return;
	}
	*bare = (struct beside){ NULL, NULL };
	if (sqlite3_open_v2(w.scratch.path, &bare->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
	                    NULL) != SQLITE_OK || sqlite3_exec(bare->sqlite, "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
	                 "PRAGMA cache_size = -2048; PRAGMA query_only = ON", NULL, NULL, NULL) != SQLITE_OK)
		exit(1);
}

static void
open_readers(struct reader *readers, int threads)
{
	for (int i = 0; i < threads; i++) {
		struct reader *r = &readers[i];

		arena_init(&r->arena, 1 << 24);
		r->act = w.act;
		r->act.arena = &r->arena;
		r->act.db = scratch_open(&w.scratch, DB_READ);
		open_bare(&r->bare);
	}
}

int
main(int argc, char **argv)
{
	static struct reader readers[THREADS_MAX];
	double wanted = argc > 1 ? strtod(argv[1], NULL) : 3, act = 0, bare = 0;
	int threads = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1, turns = 0;
	void (*yardstick)(struct reader *r);

	places = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;
	if (threads < 1 || threads > THREADS_MAX)
		return 2;
	seed();
	yardstick = w.beside.pg != NULL ? by_libpq : by_sqlite;
	open_readers(readers, threads);
	(void)seconds_of(readers, threads, by_act);
	(void)seconds_of(readers, threads, yardstick);
	for (; act + bare < wanted; turns++) {
		bare += seconds_of(readers, threads, yardstick);
		act += seconds_of(readers, threads, by_act);
	}
	if (places > 1)
		printf("%d places: ", places);
	printf("| page of 20 ideas, %s, %d connections | %.0f /s | %.0f /s | %.2f |\n",
	       w.beside.pg != NULL ? "PostgreSQL" : "SQLite", threads, turns * TURN * threads / act,
	       turns * TURN * threads / bare, bare / act);
	for (int i = 0; i < threads; i++) {
		sqlite3_finalize(readers[i].stmt);
		db_close(readers[i].act.db);
		beside_close(&readers[i].bare);
		arena_release(&readers[i].arena);
	}
	world_release(&w);
	return readers[0].rows == 0 || readers[0].sum == 0;
}
