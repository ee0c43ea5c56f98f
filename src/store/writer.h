/* The one thread that writes. Deeds wait in a queue; it takes what waits, runs each in a
 * SAVEPOINT of one transaction, commits once (one sync for all), and only then tells each
 * how it ended. So an answer is given only for what is on disk.
 *
 * A deed that is refused or fails is rolled back to its savepoint; the others go on. When the
 * COMMIT fails, every deed of the batch ends UNAVAILABLE and nothing of it is there.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/db.h"

struct deed {
	/* On the writer's thread, inside the savepoint. May be run again from the start, so it
	 * has no effect but on db; its ids, seed and clock were fixed before. */
	enum status (*run)(struct db *db, void *context);
	/* On the writer's thread, after the commit (status of run, or UNAVAILABLE). Must not block. */
	void (*done)(void *context, enum status st);
	void *context;
	struct deed *next; /* the queue's */
};

struct writer;

/* Takes db over (closes it in writer_stop). batch_max: deeds in one transaction. */
MUST_CHECK enum status writer_start(struct db *db, int batch_max, struct writer **ret);
/* Queues a deed; it and its context must live until done is called. */
void writer_submit(struct writer *writer, struct deed *deed);
/* Queues and waits: for jobs and the command line. */
MUST_CHECK enum status writer_run(struct writer *writer,
                                  enum status (*run)(struct db *db, void *context), void *context);
/* Ends what waits, then stops. */
void writer_stop(struct writer *writer);
int writer_queue_length(struct writer *writer);

#endif
