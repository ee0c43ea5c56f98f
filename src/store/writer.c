#include "store/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct writer {
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
};

/* Takes up to batch_max deeds off the queue; 0 only when there will be none any more. */
static int
take_batch(struct writer *w)
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

static enum status
run_one(struct db *db, const struct deed *deed)
{
	enum status st = db_savepoint(db);

	if (st != OK)
		return st;
	st = deed->run(db, deed->context);
	if (st == OK)
		st = db_release(db);
	if (st != OK)
		db_rollback_to(db);
	return st;
}

/* Nothing of these deeds is there: what each saw, refusals included, did not happen. */
static void
nothing_happened(struct writer *w, int from, int to)
{
	for (int i = from; i < to; i++)
		w->results[i] = UNAVAILABLE;
}

/* Runs deeds [from, count) in one transaction. Gives the index behind the last one that it
 * dealt with: less than count when SQLite ended the transaction by itself. */
static int
run_transaction(struct writer *w, int from, int count)
{
	if (db_begin_write(w->db) != OK) {
		nothing_happened(w, from, count);
		return count;
	}
	for (int i = from; i < count; i++) {
		w->results[i] = run_one(w->db, w->batch[i]);
		if (!db_in_transaction(w->db)) {
			nothing_happened(w, from, i + 1);
			return i + 1;
		}
	}
	if (db_commit(w->db) != OK) {
		db_rollback(w->db);
		nothing_happened(w, from, count);
	}
	return count;
}

static void *
write_all(void *context)
{
	struct writer *w = context;
	int count;

	while ((count = take_batch(w)) > 0) {
		int at = 0;

		while (at < count)
			at = run_transaction(w, at, count);
		for (int i = 0; i < count; i++)
			w->batch[i]->done(w->batch[i]->context, w->results[i]);
	}
	return NULL;
}

static void
release(struct writer *w)
{
	db_close(w->db);
	free(w->batch);
	free(w->results);
	free(w);
}

enum status
writer_start(struct db *db, int batch_max, struct writer **ret)
{
	struct writer *w = calloc(1, sizeof *w);

	assert(batch_max > 0);
	*ret = NULL;
	if (w == NULL) {
		db_close(db);
		return NO_MEMORY;
	}
	w->db = db;
	w->batch_max = batch_max;
	w->end = &w->first;
	w->batch = calloc((size_t)batch_max, sizeof *w->batch);
	w->results = calloc((size_t)batch_max, sizeof *w->results);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->comes, NULL);
	if (w->batch == NULL || w->results == NULL ||
	    pthread_create(&w->thread, NULL, write_all, w) != 0) {
		release(w);
		return NO_MEMORY;
	}
	*ret = w;
	return OK;
}

void
writer_submit(struct writer *w, struct deed *deed)
{
	bool was_empty;

	deed->next = NULL;
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
writer_run(struct writer *w, enum status (*run)(struct db *db, void *context), void *context)
{
	struct answer answer = { .run = run, .context = context };
	struct deed deed = { answer_run, answer_done, &answer, NULL };

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
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_mutex_unlock(&w->lock);
	pthread_cond_signal(&w->comes);
	(void)pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->comes);
	pthread_mutex_destroy(&w->lock);
	release(w);
}

int
writer_queue_length(struct writer *w)
{
	int waiting;

	pthread_mutex_lock(&w->lock);
	waiting = w->waiting;
	pthread_mutex_unlock(&w->lock);
	return waiting;
}
