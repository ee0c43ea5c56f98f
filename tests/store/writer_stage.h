/* Deeds for tests of the writer, which meet in one batch. */
#ifndef TESTS_STORE_WRITER_STAGE_H
#define TESTS_STORE_WRITER_STAGE_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/scratch.h"
#include "store/writer.h"

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

static inline enum status
add_run(struct db *db, void *context)
{
	const struct add *add = context;
	struct id_text name = id_text(add->number);
	enum status st = area_insert(db, vale, str_of(name.text), STR("x"), add->number);

	return st == OK ? add->ends : st;
}

static inline void
add_done(void *context, enum status st)
{
	struct add *add = context;

	add->told = st;
	atomic_fetch_add(&add->done, 1);
}

static inline enum status
gate_run(struct db *db, void *context)
{
	struct stage *stage = context;

	(void)db;
	pthread_mutex_lock(&stage->gate);
	pthread_mutex_unlock(&stage->gate);
	return OK;
}

static inline void
gate_done(void *context, enum status st)
{
	(void)context;
	CHECK_INT(st, OK);
}

static inline struct stage *
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

static inline void
gate_close(struct stage *s)
{
	pthread_mutex_lock(&s->gate);
	s->gate_deed = (struct deed){ .run = gate_run, .done = gate_done, .context = s };
	writer_submit(s->writer, &s->gate_deed);
	while (writer_queue_length(s->writer) > 0)
		(void)usleep(200); /* until the writer stands before the gate */
}

static inline void
gate_open(struct stage *s)
{
	pthread_mutex_unlock(&s->gate);
}

static inline struct add *
submit(struct stage *s, int64_t number, enum status ends)
{
	struct add *add = &s->adds[s->count++];

	*add = (struct add){ .number = number, .ends = ends, .told = FAILED };
	add->deed = (struct deed){ .run = add_run, .done = add_done, .context = add };
	writer_submit(s->writer, &add->deed);
	return add;
}

static inline enum status
nothing(struct db *db, void *context)
{
	(void)db;
	(void)context;
	return OK;
}

/* All that was submitted before has been told when this returns. */
static inline enum status
settle(struct stage *s)
{
	return writer_run(s->writer, (struct place_id){ 0 }, nothing, NULL);
}

/* How many areas another connection sees. */
static inline int64_t
areas(struct stage *s)
{
	struct db *reader = scratch_open(&s->scratch, DB_READ);
	struct area_list_rows rows = { NULL, 0 };

	CHECK_INT(area_list(reader, &s->scratch.arena, vale, &rows), OK);
	db_close(reader);
	return (int64_t)rows.len;
}

static inline void
stage_free(struct stage *s)
{
	writer_stop(s->writer);
	pthread_mutex_destroy(&s->gate);
	scratch_release(&s->scratch);
	free(s);
}

#endif
