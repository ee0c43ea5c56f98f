/* The desk where deeds are handed in: the writers' queues, readers for questions, secrets.
 *
 * Ways in (web, command line, jobs) hold one desk and never touch the store themselves. A desk has
 * one database, "main" (home 0), or several (acts/homes.h), each with a writer of its own; a place
 * is whole in one of them. One desk per process.
 */
#ifndef ACTS_DESK_H
#define ACTS_DESK_H

#include "acts/act.h"
#include "acts/homes.h"
#include "store/log.h" /* ways in write to the log, and count, too */
#include "store/metric.h"
#include "store/secrets.h"
#include "store/writer.h"

struct desk;

/* Opens DATA/secrets/ and the databases (made, and brought up to date, when they are not), and
 * starts the writers. db: NULL (acts/homes.h says what then), "sqlite:PATH" or "postgresql://…".
 * Main must answer; others may come later. Statuses and *ret_why as db_open. */
MUST_CHECK enum status desk_open(const char *data, const char *db, struct desk **ret,
                                 const char **ret_why);
/* Ends what waits, then closes. NULL is let through. Readers must be closed before. */
void desk_close(struct desk *desk);

int desk_homes(const struct desk *desk);
const char *desk_home_name(const struct desk *desk, int home);
/* Where a place lives as far as is known; main when nobody knows it. */
int desk_home_of_slug(struct desk *desk, struct str slug);
int desk_home_of_place(struct desk *desk, struct place_id place);
/* Asks all databases which places they have: after something was not where it should be. Not twice
 * within a fifth of a second: then false, as when there is one database only. */
bool desk_look_again(struct desk *desk);

/* A connection for questions, for one thread; closed with db_close. desk_reader: of main. */
MUST_CHECK enum status desk_reader(struct desk *desk, struct db **ret, const char **ret_why);
MUST_CHECK enum status desk_reader_of(struct desk *desk, int home, struct db **ret,
                                      const char **ret_why);
/* NOT_FOUND: it has no replica. Its lag is the caller's to look at (db_lag_ms). */
MUST_CHECK enum status desk_replica_of(struct desk *desk, int home, struct db **ret,
                                       const char **ret_why);
bool desk_has_replica(const struct desk *desk, int home);
/* Queues a deed (store/writer.h): it and its context live until `done` is called. */
void desk_submit(struct desk *desk, int home, struct deed *deed);
/* Queues and waits: jobs and the command line. desk_run: in main, of no place. */
MUST_CHECK enum status desk_run(struct desk *desk, enum status (*run)(struct db *db, void *context),
                                void *context);
MUST_CHECK enum status desk_run_in(struct desk *desk, int home, struct place_id place,
                                   enum status (*run)(struct db *db, void *context),
                                   void *context);
/* For acts/gather.c, whose threads may outlive the request: false when the desk is about to close or
 * too many are asking; desk_asked for each that was true. desk_close waits for them. */
bool desk_asks(struct desk *desk);
void desk_asked(struct desk *desk);
/* Is there one that could not be asked which places it has? */
bool desk_any_silent(struct desk *desk);
/* Does another database than main have a place at this path, or may it have (it never answered)? */
bool desk_path_taken(struct desk *desk, struct str slug);
int desk_queue_length(struct desk *desk, int home);
/* For how long the writer has been at its present batch; INT64_MAX: there is no writer. */
int64_t desk_writer_busy_ms(struct desk *desk, int home);
struct secrets *desk_secrets(struct desk *desk);
/* The server's key, 32 bytes: for form tokens. */
const uint8_t *desk_key(const struct desk *desk);
/* Of main, as db_open takes it: for tests. */
const char *desk_database(const struct desk *desk);

#endif
