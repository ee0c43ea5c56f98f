#include "store/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/chance.h"
#include "base/time.h"
#include "store/log.h"
#include "store/metric.h"
#include "store/writer.sql.h"

/* One thread and its connection. */
struct lane {
	struct db *db;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t comes; /* a deed, or the end */
	struct deed *first, **end; /* the queue; *end is where the next goes */
	int waiting;
	bool stopping;
	int batch_max;
	struct deed **batch;   /* the deeds being run, in order */
	enum status *results;  /* of each */
	struct place_id *here; /* places that the present transaction found to live here */
	int here_count;
	struct writer_id id;
	int64_t number; /* of the batch */
	struct chance chance;
	struct arena arena;
	atomic_int_least64_t busy_since_us; /* monotonic; 0: idle */
};

struct writer {
	int lanes_count;
	struct lane lanes[WRITER_LANES_MAX];
};

static const struct place_id no_place = { 0 };

/* Takes up to batch_max deeds off the queue; 0 only when there will be none any more. */
static int
take_batch(struct lane *w)
{
	int count = 0;

	pthread_mutex_lock(&w->lock);
	while (w->first == NULL && !w->stopping)
		pthread_cond_wait(&w->comes, &w->lock);
	while (w->first != NULL && count < w->batch_max) {
		w->batch[count++] = w->first;
		w->first = w->first->next;
	}
	if (w->first == NULL)
		w->end = &w->first;
	w->waiting -= count;
	pthread_mutex_unlock(&w->lock);
	return count;
}

/* ---- one transaction --------------------------------------------------------------------- */

/* Does the place live here, in this transaction? */
static enum status
check_place(struct lane *w, struct place_id place)
{
	struct writer_place_row row;
	enum status st;

	if (place.value == 0)
		return OK;
	for (int i = 0; i < w->here_count; i++)
		if (w->here[i].value == place.value)
			return OK;
	st = writer_place(w->db, &w->arena, place, &row);
	if (st == NOT_FOUND)
		return ELSEWHERE;
	if (st == OK && !str_is(row.state, "here"))
		return UNAVAILABLE;
	if (st == OK)
		w->here[w->here_count++] = place;
	return st;
}

/* Without a savepoint of its own, which costs a server two commands and us a wait: what a deed writes
 * travels with what the next one reads. *ret_clean: nothing has to be undone; else the whole batch
 * has to be done again with savepoints. A refusal that wrote nothing is clean. */
static enum status
run_quickly(struct lane *w, const struct deed *deed, bool *ret_clean)
{
	int64_t before = db_write_count(w->db);
	enum status st = check_place(w, deed->place);

	if (st == OK)
		st = deed->run(w->db, deed->context);
	*ret_clean = st == OK || (db_write_count(w->db) == before && db_is_sound(w->db));
	return st;
}

static enum status
run_one(struct lane *w, const struct deed *deed)
{
	enum status st = db_savepoint(w->db);

	if (st != OK)
		return st;
	st = check_place(w, deed->place);
	if (st == OK)
		st = deed->run(w->db, deed->context);
	if (st == OK)
		st = db_release(w->db);
	if (st != OK)
		db_rollback_to(w->db);
	return st;
}

static enum status
begin(struct lane *w)
{
	enum status st = db_begin_write(w->db);

	w->here_count = 0;
	arena_reset(&w->arena);
	if (st == OK && db_is_remote(w->db))
		st = writer_batch_put(w->db, no_place, w->id, ++w->number, time_now());
	return st;
}

/* Runs deeds [from, count) in one transaction. CONFLICT: nothing of them is there; again, carefully,
 * which *careful now says. OK: those before *ret_to have their results. Else
 * nothing of them is there (UNAVAILABLE), or nobody knows (UNKNOWN). *ret_to is less than count
 * where the engine ended the transaction by itself. */
static enum status
try_transaction(struct lane *w, int from, int count, bool *careful, int *ret_to)
{
	int64_t begun = time_passing_us(), ran;
	enum status st = begin(w);

	*ret_to = count;
	for (int i = from; st == OK && i < count; i++) {
		bool clean = true;

		w->results[i] = *careful ? run_one(w, w->batch[i]) : run_quickly(w, w->batch[i], &clean);
		if (!clean) {
			*careful = true;
			st = CONFLICT;
		} else if (w->results[i] == UNAVAILABLE && db_may_retry(w->db)) {
			st = UNAVAILABLE;
		} else if (!db_in_transaction(w->db)) {
			*ret_to = i + 1;
			return UNAVAILABLE;
		}
	}
	ran = time_passing_us();
	if (st == OK)
		st = db_commit(w->db);
	if (st != OK)
		db_rollback(w->db);
	if (!*careful && st != OK && st != UNKNOWN && !db_may_retry(w->db)) {
		/* Perhaps one deed's own fault, that came out late: one by one it hurts no other. */
		*careful = true;
		st = CONFLICT;
	}
	metric_observe(METRIC_DB_DEEDS, ran - begun);
	metric_observe(METRIC_DB_COMMIT, time_passing_us() - ran);
	return st == OK || st == UNKNOWN || st == CONFLICT ? st : UNAVAILABLE;
}

/* ---- again ------------------------------------------------------------------------------- */


/* Longer each time, and not in step with others that failed together. */
static void
wait_a_little(struct lane *w, int tries)
{
	uint64_t most_us = UINT64_C(4000) << (tries < 6 ? tries : 6);

	(void)usleep((useconds_t)(500 + chance_below(&w->chance, most_us)));
}

/* Was the last batch committed? OK: yes; NOT_FOUND: no, and it never will be; else nobody knows yet. */
static enum status
ask_fate(struct lane *w)
{
	struct writer_batch_row row = { 0 };
	bool kept;
	enum status st = db_begin_write(w->db);

	if (st != OK)
		return UNKNOWN;
	st = writer_batch(w->db, &w->arena, no_place, w->id, &row);
	kept = st == OK && row.batch == w->number;
	if (st == OK)
		st = writer_touch(w->db, no_place, w->id, time_now());
	else if (st == NOT_FOUND)
		st = OK;
	if (st == OK)
		st = db_commit(w->db);
	if (st != OK) {
		db_rollback(w->db);
		return UNKNOWN;
	}
	return kept ? OK : NOT_FOUND;
}

static enum status
find_out(struct lane *w, int64_t deadline)
{
	enum status st;
	int tries = 0;

	metric_add(METRIC_DB_UNKNOWN, 1);
	LOG(LEVEL_WARNING, "writer.commit-cut", log_int("batch", w->number));
	while ((st = ask_fate(w)) == UNKNOWN && time_passing_ms() < deadline)
		wait_a_little(w, ++tries);
	LOG(st == UNKNOWN ? LEVEL_ERROR : LEVEL_INFO, "writer.commit-found",
	    log_int("batch", w->number),
	    log_word("fate", st == OK ? "kept" : st == NOT_FOUND ? "gone" : "unknown"));
	return st;
}

/* What each deed saw, refusals included, did not happen, or nobody knows. */
static void
tell_all(struct lane *w, int from, int to, enum status st)
{
	for (int i = from; i < to; i++)
		w->results[i] = st;
}

/* Deals with deeds from `from` on; gives the index behind the last one it dealt with. */
static int
run_transaction(struct lane *w, int from, int count)
{
	int64_t deadline = time_passing_ms() + WRITER_PATIENCE_MS;
	bool careful = !db_is_remote(w->db);

	for (int tries = 1;; tries++) {
		int to;
		enum status st = try_transaction(w, from, count, &careful, &to);
		bool again = st == UNAVAILABLE && db_may_retry(w->db);

		if (st == UNKNOWN) {
			st = find_out(w, deadline);
			again = st == NOT_FOUND;
		}
		if (st == OK)
			return to;
		if (st == CONFLICT)
			continue;
		if (!again || time_passing_ms() >= deadline) {
			tell_all(w, from, to, st == UNKNOWN ? UNKNOWN : UNAVAILABLE);
			return to;
		}
		metric_add(METRIC_DB_RETRIES, 1);
		wait_a_little(w, tries);
	}
}

/* So that table `writer` does not keep those of servers that ended long ago. */
static void
forget_others(struct lane *w)
{
	if (!db_is_remote(w->db) || db_begin_write(w->db) != OK)
		return;
	if (writer_forget(w->db, no_place, time_plus(time_now(), -7 * DAY_US)) != OK ||
	    db_commit(w->db) != OK)
		db_rollback(w->db); /* another will */
}

static void *
write_all(void *context)
{
	struct lane *w = context;
	int count;

	forget_others(w);
	while ((count = take_batch(w)) > 0) {
		int64_t before = db_statement_count(w->db), now = time_passing_us();
		int at = 0;

		atomic_store(&w->busy_since_us, now);
		metric_observe(METRIC_BATCH, count);
		for (int i = 0; i < count; i++)
			metric_observe(METRIC_DEED_WAIT, now - w->batch[i]->queued_us);

		while (at < count)
			at = run_transaction(w, at, count);
		metric_add(METRIC_STATEMENTS, db_statement_count(w->db) - before);
		for (int i = 0; i < count; i++)
			w->batch[i]->done(w->batch[i]->context, w->results[i]);
		atomic_store(&w->busy_since_us, 0);
	}
	return NULL;
}

/* ---- lanes ------------------------------------------------------------------------------- */

static void
lane_release(struct lane *w)
{
	pthread_cond_destroy(&w->comes);
	pthread_mutex_destroy(&w->lock);
	db_close(w->db);
	arena_release(&w->arena);
	free(w->batch);
	free(w->results);
	free(w->here);
}

/* Takes db over, also when it fails. */
static enum status
lane_start(struct lane *w, struct db *db, int batch_max)
{
	chance_from_system(&w->chance);
	w->db = db;
	w->batch_max = batch_max;
	w->end = &w->first;
	w->id.value = chance_id(&w->chance);
	w->batch = calloc((size_t)batch_max, sizeof *w->batch);
	w->results = calloc((size_t)batch_max, sizeof *w->results);
	w->here = calloc((size_t)batch_max, sizeof *w->here);
	arena_init(&w->arena, 1 << 20);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->comes, NULL);
	if (w->batch == NULL || w->results == NULL || w->here == NULL ||
	    pthread_create(&w->thread, NULL, write_all, w) != 0) {
		lane_release(w);
		return NO_MEMORY;
	}
	return OK;
}

static void
lane_stop(struct lane *w)
{
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_mutex_unlock(&w->lock);
	pthread_cond_signal(&w->comes);
	(void)pthread_join(w->thread, NULL);
	lane_release(w);
}

enum status
writer_start(struct db *const *dbs, int lanes, int batch_max, struct writer **ret)
{
	struct writer *w = calloc(1, sizeof *w);
	enum status st = w == NULL ? NO_MEMORY : OK;

	assert(batch_max > 0 && lanes > 0 && lanes <= WRITER_LANES_MAX);
	*ret = NULL;
	for (int i = 0; i < lanes; i++) {
		if (st != OK) {
			db_close(dbs[i]);
			continue;
		}
		st = lane_start(&w->lanes[i], dbs[i], batch_max);
		w->lanes_count += st == OK;
	}
	if (st != OK) {
		writer_stop(w);
		return st;
	}
	*ret = w;
	return OK;
}

void
writer_submit(struct writer *writer, struct deed *deed)
{
	struct lane *w = &writer->lanes[(uint64_t)deed->place.value % (unsigned)writer->lanes_count];
	bool was_empty;

	deed->next = NULL;
	deed->queued_us = time_passing_us();
	pthread_mutex_lock(&w->lock);
	was_empty = w->first == NULL;
	*w->end = deed;
	w->end = &deed->next;
	w->waiting++;
	pthread_mutex_unlock(&w->lock);
	if (was_empty)
		pthread_cond_signal(&w->comes);
}

struct answer {
	enum status (*run)(struct db *db, void *context);
	void *context;
	pthread_mutex_t lock;
	pthread_cond_t comes;
	bool there;
	enum status st;
};

static enum status
answer_run(struct db *db, void *context)
{
	struct answer *answer = context;

	return answer->run(db, answer->context);
}

static void
answer_done(void *context, enum status st)
{
	struct answer *answer = context;

	pthread_mutex_lock(&answer->lock);
	answer->st = st;
	answer->there = true;
	/* Under the lock: the waiter's answer is gone as soon as it sees it. */
	pthread_cond_signal(&answer->comes);
	pthread_mutex_unlock(&answer->lock);
}

enum status
writer_run(struct writer *w, struct place_id place,
           enum status (*run)(struct db *db, void *context), void *context)
{
	struct answer answer = { .run = run, .context = context };
	struct deed deed = { .place = place, .run = answer_run, .done = answer_done,
		             .context = &answer };

	pthread_mutex_init(&answer.lock, NULL);
	pthread_cond_init(&answer.comes, NULL);
	writer_submit(w, &deed);
	pthread_mutex_lock(&answer.lock);
	while (!answer.there)
		pthread_cond_wait(&answer.comes, &answer.lock);
	pthread_mutex_unlock(&answer.lock);
	pthread_cond_destroy(&answer.comes);
	pthread_mutex_destroy(&answer.lock);
	return answer.st;
}

void
writer_stop(struct writer *w)
{
	if (w == NULL)
		return;
	for (int i = 0; i < w->lanes_count; i++)
		lane_stop(&w->lanes[i]);
	free(w);
}

int64_t
writer_busy_ms(struct writer *w)
{
	int64_t longest = 0, now = time_passing_us();

	for (int i = 0; i < w->lanes_count; i++) {
		int64_t since = atomic_load(&w->lanes[i].busy_since_us);

		if (since != 0 && now - since > longest)
			longest = now - since;
	}
	return longest / 1000;
}

int
writer_queue_length(struct writer *w)
{
	int waiting = 0;

	for (int i = 0; i < w->lanes_count; i++) {
		pthread_mutex_lock(&w->lanes[i].lock);
		waiting += w->lanes[i].waiting;
		pthread_mutex_unlock(&w->lanes[i].lock);
	}
	return waiting;
}
