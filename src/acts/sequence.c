#include "acts/sequence.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/record/record.h"
#include "store/log.h"
#include "store/record.sql.h"

enum { BATCH = 1000, ARENA_MAX = 8 << 20 };

/* The tree as its last head left it. */
static enum status
tree_load(struct act *act, struct record_tree *ret)
{
	struct record_head_row head;
	struct record_node nodes[RECORD_LEVELS];
	struct digest hashes[RECORD_LEVELS];
	size_t count;
	enum status st = record_head(act->db, act->arena, act->place.id, &head);

	if (st == NOT_FOUND) {
		record_resume(ret, 0, NULL);
		return OK;
	}
	if (st != OK)
		return st;
	count = record_frontier(head.size, nodes);
	for (size_t i = 0; st == OK && i < count; i++) {
		struct record_node_row row;

		st = record_node(act->db, act->arena, act->place.id, nodes[i].level,
		                 nodes[i].number, &row);
		if (st == OK)
			st = digest_from(row.hash, &hashes[i]);
	}
	if (st == OK)
		record_resume(ret, head.size, hashes);
	return st;
}

static enum status
leaf_place(struct act *act, struct record_tree *tree, const struct record_waiting_row *leaf)
{
	struct record_made made[RECORD_LEVELS];
	struct digest hash;
	size_t count;
	enum status st = digest_from(leaf->hash, &hash);

	if (st == OK)
		st = record_position_add(act->db, act->place.id, tree->size, leaf->leaf_id);
	if (st == OK)
		st = record_wait_end(act->db, act->place.id, leaf->leaf_id);
	if (st != OK)
		return st;
	count = record_append(tree, hash, made);
	for (size_t i = 0; st == OK && i < count; i++)
		st = record_node_add(act->db, act->place.id, made[i].node.level,
		                     made[i].node.number, digest_bytes(&made[i].hash));
	return st;
}

enum status
act_record_sequence(struct act *act, int64_t most, bool *ret_left)
{
	struct record_waiting_rows waiting;
	struct record_tree tree;
	struct digest root;
	enum status st = record_waiting(act->db, act->arena, act->place.id, most, &waiting);

	*ret_left = waiting.len == (size_t)most;
	if (st != OK || waiting.len == 0)
		return st;
	st = tree_load(act, &tree);
	for (size_t i = 0; st == OK && i < waiting.len; i++)
		st = leaf_place(act, &tree, &waiting.ptr[i]);
	root = record_root(&tree);
	if (st == OK)
		st = record_head_add(act->db, act->place.id, tree.size, digest_bytes(&root), act->now);
	return st;
}

/* ---- all places ---- */

struct batch {
	struct arena arena;
	struct place_id place;
	struct instant now;
	bool left;
};

static enum status
run_batch(struct db *db, void *context)
{
	struct batch *batch = context;
	struct act act = { .db = db, .arena = &batch->arena, .place = { .id = batch->place },
		           .now = batch->now };

	return act_record_sequence(&act, BATCH, &batch->left);
}

/* One batch for each place that waits. *ret_left: something is left to do. */
static enum status
sequence_some(struct desk *desk, int home, struct db *reader, bool *ret_left)
{
	struct batch batch;
	struct arena arena;
	struct record_places_waiting_rows places;
	enum status st;

	*ret_left = false;
	arena_init(&arena, ARENA_MAX);
	st = record_places_waiting(reader, &arena, &places);
	for (size_t i = 0; st == OK && i < places.len; i++) {
		batch = (struct batch){ .place = places.ptr[i].place_id, .now = time_now() };
		arena_init(&batch.arena, ARENA_MAX);
		st = desk_run_in(desk, home, batch.place, run_batch, &batch);
		arena_release(&batch.arena);
		*ret_left |= batch.left;
	}
	arena_release(&arena);
	return st;
}

enum status
sequence_all(struct desk *desk, struct db *reader)
{
	bool left = true;
	enum status st = OK;

	while (st == OK && left)
		st = sequence_some(desk, 0, reader, &left);
	return st;
}

/* ---- the thread ---- */

struct sequencer {
	struct desk *desk;
	int home;
	struct db *reader;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

static bool
stopping(struct sequencer *s)
{
	bool stop;

	(void)pthread_mutex_lock(&s->lock);
	stop = s->stop;
	(void)pthread_mutex_unlock(&s->lock);
	return stop;
}

/* Waits a second. False: it is time to stop. */
static bool
pause_a_second(struct sequencer *s)
{
	struct timespec until;
	bool go_on;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 1;
	(void)pthread_mutex_lock(&s->lock);
	while (!s->stop && pthread_cond_timedwait(&s->wake, &s->lock, &until) != ETIMEDOUT)
		;
	go_on = !s->stop;
	(void)pthread_mutex_unlock(&s->lock);
	return go_on;
}

static void *
sequence_forever(void *context)
{
	struct sequencer *s = context;
	bool left = false;

	while ((left && !stopping(s) && desk_queue_length(s->desk, s->home) == 0) ||
	       pause_a_second(s)) {
		enum status st = OK;
		const char *why;

		if (s->reader == NULL) /* its database may come later than we */
			st = desk_reader_of(s->desk, s->home, &s->reader, &why);
		if (st == OK)
			st = sequence_some(s->desk, s->home, s->reader, &left);
		if (st == OK)
			continue;
		left = false;
		LOG(LEVEL_WARNING, "record.waits", log_status("status", st));
	}
	return NULL;
}

enum status
sequencer_start(struct desk *desk, int home, struct sequencer **ret)
{
	struct sequencer *s = calloc(1, sizeof *s);
	pthread_condattr_t monotonic;

	if (s == NULL)
		return NO_MEMORY;
	s->desk = desk;
	s->home = home;
	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&s->wake, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	if (pthread_create(&s->thread, NULL, sequence_forever, s) != 0) {
		free(s);
		return UNAVAILABLE;
	}
	*ret = s;
	return OK;
}

void
sequencer_stop(struct sequencer *s)
{
	if (s == NULL)
		return;
	(void)pthread_mutex_lock(&s->lock);
	s->stop = true;
	(void)pthread_cond_signal(&s->wake);
	(void)pthread_mutex_unlock(&s->lock);
	(void)pthread_join(s->thread, NULL);
	(void)pthread_cond_destroy(&s->wake);
	(void)pthread_mutex_destroy(&s->lock);
	db_close(s->reader);
	free(s);
}
