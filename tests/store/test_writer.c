/* What every engine does alike: run on SQLite, and on PostgreSQL by tests/pg/both.sh. */
#include "store/writer_stage.h"

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
	{ "writer: ends what waits before it stops", test_stop_ends_what_waits },
	{ "writer: many threads", test_many_threads },
};
TEST_MAIN(cases)
