/* Jobs: deeds that the clock does. A row in the table `job` says what is due when; a runner in
 * each server takes what is due with a lease, so that two servers on one database never do the
 * same at once. A server that dies loses its lease after a while and another takes over, so a
 * job must be harmless when it is begun twice. */
#ifndef ACTS_JOB_H
#define ACTS_JOB_H

#include "acts/act.h"

/* To be done for `subject` (the id it is about) at due_at or soon after. The same kind and
 * subject again is the same job; it is then due at the earlier of the two times. */
MUST_CHECK enum status job_add(struct act *act, const char *kind, int64_t subject,
                               struct instant due_at);
/* No longer wanted; OK also when it is not there. */
MUST_CHECK enum status job_drop(struct act *act, const char *kind, int64_t subject);

/* One attempt at a job. */
struct job_run {
	struct act act;          /* nobody is signed in; act.db: a reader in work, the writer in deed */
	int64_t subject;
	int64_t attempts;        /* 1 for the first */
	struct instant again_at; /* us 0: done and gone. A deed may set it: then it stays until then */
	void *result;            /* what work leaves for deed; in act.arena */
	void *context;           /* of the kind */
};

/* What to do for a kind. `work` (may be NULL) is run outside any transaction: long counting,
 * the network. `deed` (may be NULL) is run inside the one transaction that also ends the job:
 * what it writes happens exactly once. It may be run again from the start, as any deed.
 * A status other than OK from either: tried again later, with the attempts further and further
 * apart (30 s, doubling, at most 6 hours). */
struct job_kind {
	const char *name;
	enum status (*work)(struct job_run *run);
	enum status (*deed)(struct job_run *run);
	int64_t lease_us; /* longer than work ever takes; 0: 2 minutes */
	void *context;
};

struct desk;

struct job_settings {
	struct desk *desk;
	int home; /* which of its databases */
	struct str origin;            /* for links in mails; as in struct act */
	const struct job_kind *kinds; /* ends with .name NULL; outlives the runner */
};

struct job_runner;

/* A thread of its own. Kinds that may be slow (mail) get a runner of their own. UNAVAILABLE
 * when the database can't be opened. */
MUST_CHECK enum status job_runner_start(const struct job_settings *settings,
                                        struct job_runner **ret);
/* Waits for the job in hand to end. */
void job_runner_stop(struct job_runner *runner);

/* Does all that is due now and returns how many jobs were tried; for tests and the command line. */
int job_run_due(const struct job_settings *settings, struct db *reader, struct instant now);

#endif
