/* The threads that write. Deeds wait in a queue; a lane takes what waits, runs each in a
 * SAVEPOINT of one transaction, commits once (one sync for all), and only then tells each
 * how it ended. So an answer is given only for what is on disk.
 *
 * SQLite has one lane, PostgreSQL may have several, each with a connection of its own; all deeds of
 * a place go through the same one, in order.
 *
 * A deed that is refused or fails is rolled back to its savepoint; the others go on. When the
 * COMMIT fails, every deed of the batch ends UNAVAILABLE and nothing of it is there.
 *
 * On PostgreSQL the transaction is SERIALIZABLE; it is tried again, with all its deeds, after a
 * failed serialisation or a lost connection, for up to WRITER_PATIENCE_MS. A connection that was
 * lost in the middle of a commit leaves its fate open: the writer asks on the next one for the number
 * of the last batch (table `writer`), and only if it does not find out in that time the deeds end
 * UNKNOWN.
 *
 * A place that is not here ends ELSEWHERE; one that is about to leave, UNAVAILABLE.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/id.h"
#include "store/db.h"

enum { WRITER_PATIENCE_MS = 20000, WRITER_LANES_MAX = 16 };

struct deed {
	struct place_id place; /* 0: of no place (yet) */
	/* On the writer's thread, inside the savepoint. May be run again from the start, so it
	 * has no effect but on db; its ids, seed and clock were fixed before. */
	enum status (*run)(struct db *db, void *context);
	/* On the writer's thread, after the commit (status of run, or as above). Must not block. */
	void (*done)(void *context, enum status st);
	void *context;
	struct deed *next; /* the queue's, both */
	int64_t queued_us;
};

struct writer;

/* Takes the connections over, one a lane (closes them in writer_stop, or at once when it fails).
 * batch_max: deeds in one transaction. */
MUST_CHECK enum status writer_start(struct db *const *dbs, int lanes, int batch_max,
                                    struct writer **ret);
/* Queues a deed; it and its context must live until done is called. */
void writer_submit(struct writer *writer, struct deed *deed);
/* Queues and waits: for jobs and the command line. */
MUST_CHECK enum status writer_run(struct writer *writer, struct place_id place,
                                  enum status (*run)(struct db *db, void *context), void *context);
/* Ends what waits, then stops. */
void writer_stop(struct writer *writer);
int writer_queue_length(struct writer *writer);
/* For how long the batch in hand has been; of the slowest lane. */
int64_t writer_busy_ms(struct writer *writer);

#endif
