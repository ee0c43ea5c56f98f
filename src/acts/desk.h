/* The desk where deeds are handed in: the writer's queue, readers for questions, secrets.
 *
 * Ways in (web, command line, jobs) hold one desk and never touch the store themselves. One
 * desk per process and database file.
 */
#ifndef ACTS_DESK_H
#define ACTS_DESK_H

#include "acts/act.h"
#include "store/log.h" /* ways in write to the log too */
#include "store/secrets.h"
#include "store/writer.h"

struct desk;

/* Opens (and makes, and brings up to date) DATA/folkmoot.db and DATA/secrets/, and starts the
 * writer. Statuses and *ret_why as db_open. */
MUST_CHECK enum status desk_open(const char *data, struct desk **ret, const char **ret_why);
/* Ends what waits, then closes. NULL is let through. Readers must be closed before. */
void desk_close(struct desk *desk);

/* A connection for questions, for one thread; closed with db_close. */
MUST_CHECK enum status desk_reader(struct desk *desk, struct db **ret, const char **ret_why);
/* Queues a deed (store/writer.h): it and its context live until `done` is called. */
void desk_submit(struct desk *desk, struct deed *deed);
/* Queues and waits: jobs and the command line. */
MUST_CHECK enum status desk_run(struct desk *desk, enum status (*run)(struct db *db, void *context),
                                void *context);
struct secrets *desk_secrets(struct desk *desk);
/* The server's key, 32 bytes: for form tokens. */
const uint8_t *desk_key(const struct desk *desk);
/* For runners of jobs (acts/job.h). */
const char *desk_database(const struct desk *desk);
struct writer *desk_writer(struct desk *desk);

#endif
