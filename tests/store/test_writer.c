#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "store/scratch.h"
#include "store/writer.h"
#include "torture/vfs.h"

enum { DEEDS_MAX = 2000 };

/* A deed of the tests: adds an area to place 7, then ends as told. */
struct add {
	struct deed deed;
	int64_t number;
	enum status ends; /* after the insert */
	atomic_int done;  /* how often it was told */
	enum status told;
};

/* Everything a case needs; deeds wait at the gate until it opens, so that they meet. */
struct stage {
	struct scratch scratch;
	struct writer *writer;
	pthread_mutex_t gate;
	struct deed gate_deed;
	struct add adds[DEEDS_MAX];
	int count;
};

static const struct place_id vale = { 7 };

static enum status
add_run(struct db *db, void *context)
{
	const struct add *add = context;
	struct id_text name = id_text(add->number);
	enum status st = area_insert(db, vale, str_of(name.text), STR("x"), add->number);

	return st == OK ? add->ends : st;
}

static void
add_done(void *context, enum status st)
{
	struct add *add = context;

	add->told = st;
	atomic_fetch_add(&add->done, 1);
}

static enum status
gate_run(struct db *db, void *context)
{
	struct stage *stage = context;

	(void)db;
	pthread_mutex_lock(&stage->gate);
	pthread_mutex_unlock(&stage->gate);
	return OK;
}

static void
gate_done(void *context, enum status st)
{
	(void)context;
	CHECK_INT(st, OK);
}

static struct stage *
stage_new(int batch_max)
{
	struct stage *s = calloc(1, sizeof *s);
	struct db *db;

	scratch_init(&s->scratch);
	pthread_mutex_init(&s->gate, NULL);
	db = scratch_open(&s->scratch, DB_CREATE);
	CHECK_INT(scratch_add_place(db, vale.value, STR("vale")), OK);
	CHECK_INT(writer_start(&db, 1, batch_max, &s->writer), OK);
	return s;
}

static void
gate_close(struct stage *s)
{
	pthread_mutex_lock(&s->gate);
	s->gate_deed = (struct deed){ .run = gate_run, .done = gate_done, .context = s };
	writer_submit(s->writer, &s->gate_deed);
	while (writer_queue_length(s->writer) > 0)
		(void)usleep(200); /* until the writer stands before the gate */
}

static void
gate_open(struct stage *s)
{
	pthread_mutex_unlock(&s->gate);
}

static struct add *
submit(struct stage *s, int64_t number, enum status ends)
{
	struct add *add = &s->adds[s->count++];

	*add = (struct add){ .number = number, .ends = ends, .told = FAILED };
	add->deed = (struct deed){ .run = add_run, .done = add_done, .context = add };
	writer_submit(s->writer, &add->deed);
	return add;
}

static enum status
nothing(struct db *db, void *context)
{
	(void)db;
	(void)context;
	return OK;
}

/* All that was submitted before has been told when this returns. */
static enum status
settle(struct stage *s)
{
	return writer_run(s->writer, (struct place_id){ 0 }, nothing, NULL);
}

/* How many areas another connection sees. */
static int64_t
areas(struct stage *s)
{
	struct db *reader = scratch_open(&s->scratch, DB_READ);
	struct area_list_rows rows = { NULL, 0 };

	CHECK_INT(area_list(reader, &s->scratch.arena, vale, &rows), OK);
	db_close(reader);
	return (int64_t)rows.len;
}

static void
stage_free(struct stage *s)
{
	writer_stop(s->writer);
	pthread_mutex_destroy(&s->gate);
	scratch_release(&s->scratch);
	free(s);
}

static void
test_each_ends_by_itself(void)
{
	struct stage *s = stage_new(64);
	struct add *good, *refused, *twice, *last;

	gate_close(s);
	good = submit(s, 1, OK);
	refused = submit(s, 2, REFUSED);
	twice = submit(s, 1, OK);
	last = submit(s, 3, OK);
	CHECK_INT(writer_queue_length(s->writer), 4);
	gate_open(s);
	CHECK_INT(settle(s), OK);
	CHECK_INT(good->told, OK);
	CHECK_INT(refused->told, REFUSED);
	CHECK_INT(twice->told, CONFLICT);
	CHECK_INT(last->told, OK);
	CHECK_INT(areas(s), 2);
	stage_free(s);
}

static void
test_one_sync_for_many(void)
{
	struct stage *s = stage_new(256);
	int64_t before;

	CHECK_INT(settle(s), OK);
	gate_close(s);
	for (int i = 1; i <= 200; i++)
		(void)submit(s, i, OK);
	before = torture_operations();
	gate_open(s);
	CHECK_INT(settle(s), OK);
	for (int i = 0; i < 200; i++) {
		CHECK_INT(s->adds[i].told, OK);
		CHECK_INT(s->adds[i].done, 1);
	}
	/* Far fewer operations of the disk than deeds: they were committed together. */
	CHECK(torture_operations() - before < 60);
	CHECK_INT(areas(s), 200);
	stage_free(s);
}

static void
failed_commit(enum torture_call call, int result)
{
	struct stage *s = stage_new(64);
	struct add *first, *refused, *later;

	CHECK_INT(settle(s), OK);
	gate_close(s);
	first = submit(s, 1, OK);
	refused = submit(s, 2, REFUSED);
	/* The gate's own transaction writes nothing, so this meets the next. */
	torture_fail(call, result, 1);
	gate_open(s);
	while (first->done + refused->done < 2)
		(void)usleep(200);
	CHECK_INT(first->told, UNAVAILABLE);
	/* A refusal may rest on what another deed of the batch did: it is not told either. */
	CHECK_INT(refused->told, UNAVAILABLE);
	CHECK_INT(areas(s), 0);
	later = submit(s, 1, OK);
	CHECK_INT(settle(s), OK);
	CHECK_INT(later->told, OK);
	CHECK_INT(areas(s), 1);
	stage_free(s);
}

static void
test_failed_commit(void)
{
	failed_commit(TORTURE_SYNC, SQLITE_IOERR_FSYNC);
	failed_commit(TORTURE_WRITE, SQLITE_FULL);
	failed_commit(TORTURE_WRITE, SQLITE_IOERR_WRITE);
}

/* A deed so large that its pages are written before the commit, to a disk that is full. */
static enum status
add_a_lot(struct db *db, void *context)
{
	static char much[4096];

	(void)context;
	memset(much, 'x', sizeof much);
	for (int i = 0; i < 4000; i++) {
		struct id_text name = id_text(1000 + i);
		enum status st = area_insert(db, vale, str_of(name.text),
		                             (struct str){ much, sizeof much }, i);

		if (st != OK)
			return st;
	}
	return OK;
}

static void
test_poison_deed(void)
{
	struct stage *s = stage_new(64);
	struct add poison = { .told = OK };
	struct add *before, *after;

	CHECK_INT(settle(s), OK);
	gate_close(s);
	before = submit(s, 1, OK);
	poison.deed = (struct deed){ .run = add_a_lot, .done = add_done, .context = &poison };
	writer_submit(s->writer, &poison.deed);
	after = submit(s, 2, OK);
	torture_fail(TORTURE_WRITE, SQLITE_FULL, 1);
	gate_open(s);
	CHECK_INT(settle(s), OK);
	CHECK_INT(poison.told, UNAVAILABLE);
	/* Whoever was told OK is there, whoever was told otherwise is not. */
	CHECK_INT(areas(s), (before->told == OK) + (after->told == OK));
	CHECK_INT(after->told, OK);
	(void)submit(s, 3, OK);
	CHECK_INT(settle(s), OK);
	CHECK_INT(s->adds[2].told, OK);
	stage_free(s);
}

static void
test_locked_by_another(void)
{
	struct stage *s = stage_new(64);
	struct db *other = scratch_open(&s->scratch, DB_WRITE);
	struct add *waits;

	CHECK_INT(db_begin_write(other), OK);
	waits = submit(s, 1, OK);
	(void)usleep(50000);
	CHECK_INT(waits->done, 0);
	CHECK_INT(area_insert(other, vale, STR("other"), STR("x"), 9), OK);
	CHECK_INT(db_commit(other), OK);
	CHECK_INT(settle(s), OK);
	CHECK_INT(waits->told, OK);
	CHECK_INT(areas(s), 2);
	db_close(other);
	stage_free(s);
}

static void
test_stop_ends_what_waits(void)
{
	struct stage *s = stage_new(8);

	gate_close(s);
	for (int i = 1; i <= 100; i++)
		(void)submit(s, i, OK);
	gate_open(s);
	writer_stop(s->writer);
	s->writer = NULL;
	for (int i = 0; i < 100; i++) {
		CHECK_INT(s->adds[i].done, 1);
		CHECK_INT(s->adds[i].told, OK);
	}
	CHECK_INT(areas(s), 100);
	stage_free(s);
}

static void *
run_many(void *context)
{
	struct stage *s = context;
	static atomic_int next;

	for (int i = 0; i < 100; i++) {
		struct add add = { .number = atomic_fetch_add(&next, 1), .ends = OK };

		CHECK_INT(writer_run(s->writer, (struct place_id){ 0 }, add_run, &add), OK);
	}
	return NULL;
}

static void
test_many_threads(void)
{
	struct stage *s = stage_new(64);
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		CHECK_INT(pthread_create(&threads[i], NULL, run_many, s), 0);
	for (int i = 0; i < 8; i++)
		(void)pthread_join(threads[i], NULL);
	CHECK_INT(areas(s), 800);
	stage_free(s);
}

static const struct test_case cases[] = {
	{ "writer: a refused deed leaves the others alone", test_each_ends_by_itself },
	{ "writer: what waits is committed together", test_one_sync_for_many },
	{ "writer: a failed commit ends the batch and nothing else", test_failed_commit },
	{ "writer: a deed that fills the disk harms no later one", test_poison_deed },
	{ "writer: waits for another process's transaction", test_locked_by_another },
	{ "writer: ends what waits before it stops", test_stop_ends_what_waits },
	{ "writer: many threads", test_many_threads },
};

int
main(void)
{
	torture_register();
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
