/* Writing to a file: its syncs, its disk, its one lock. PostgreSQL's faults are in tests/pg. */
#include <sqlite3.h>

#include "store/writer_stage.h"
#include "torture/vfs.h"

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

static const struct test_case cases[] = {
	{ "writer: what waits is committed together", test_one_sync_for_many },
	{ "writer: a failed commit ends the batch and nothing else", test_failed_commit },
	{ "writer: a deed that fills the disk harms no later one", test_poison_deed },
	{ "writer: waits for another process's transaction", test_locked_by_another },
};

int
main(void)
{
	torture_register();
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
