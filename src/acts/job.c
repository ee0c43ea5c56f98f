#include "acts/job.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "acts/desk.h"
#include "acts/place.h"
#include "store/job.sql.h"
#include "store/log.h"

enum {
	JOB_ARENA_MAX = 256 * 1024 * 1024, /* a count of a city's ballots is one job */
	LOOK_EVERY_NS = 250 * 1000 * 1000,
	JOB_PATIENCE_MS = 60 * 1000 /* a city's ballots are read in one go */
};

#define LEASE_US (2 * MINUTE_US)
#define RETRY_FIRST_US (30 * SECOND_US)
#define RETRY_MOST_US (6 * HOUR_US)

enum status
job_add(struct act *act, const char *kind, int64_t subject, struct instant due_at)
{
	struct job_id id = { chance_id(&act->chance) };

	return job_insert(act->db, act->place.id, id, str_of(kind), subject, due_at);
}

enum status
job_drop(struct act *act, const char *kind, int64_t subject)
{
	return job_delete(act->db, act->place.id, str_of(kind), subject);
}

/* One attempt: what was found, the lease on it, and how it goes. */
struct attempt {
	const struct job_settings *settings;
	const struct job_kind *kind;
	struct job_next_row job;
	struct instant lease_until;
	struct job_run run;
	enum status failed; /* for job_again */
};

static struct instant
retry_at(struct instant now, int64_t attempts)
{
	int64_t wait = RETRY_FIRST_US;

	while (attempts-- > 1 && wait < RETRY_MOST_US)
		wait *= 2;
	return time_plus(now, wait < RETRY_MOST_US ? wait : RETRY_MOST_US);
}

/* Deed: take the lease. CONFLICT: somebody else has it. */
static enum status
take(struct db *db, void *context)
{
	struct attempt *attempt = context;
	int64_t changed = 0;
	enum status st = job_take(db, attempt->job.place_id, attempt->job.id, attempt->job.due_at,
	                          attempt->lease_until, &changed);

	return st == OK && changed == 0 ? CONFLICT : st;
}

/* Deed: what the job does to the database, and the end of the job, together or not at all. */
static enum status
finish(struct db *db, void *context)
{
	struct attempt *attempt = context;
	struct job_run run = attempt->run; /* as it was: this may be run again */
	int64_t changed = 0;
	enum status st = OK;

	run.act.db = db;
	if (attempt->kind->deed != NULL)
		st = attempt->kind->deed(&run);
	if (st != OK)
		return st;
	if (run.again_at.us != 0)
		st = job_again(db, attempt->job.place_id, attempt->job.id, attempt->lease_until,
		               run.again_at, 0, NULL, &changed);
	else
		st = job_end(db, attempt->job.place_id, attempt->job.id, attempt->lease_until,
		             &changed);
	return st == OK && changed == 0 ? CONFLICT : st; /* the lease was lost: undo the deed */
}

/* Deed: put it back for later. */
static enum status
put_back(struct db *db, void *context)
{
	struct attempt *attempt = context;
	struct str error = str_of(status_name(attempt->failed));
	int64_t changed;

	return job_again(db, attempt->job.place_id, attempt->job.id, attempt->lease_until,
	                 retry_at(attempt->run.act.now, attempt->run.attempts),
	                 attempt->run.attempts, &error, &changed);
}

static struct act
act_of(struct attempt *attempt, struct db *reader, struct arena *arena, struct instant now)
{
	struct act act = {
		.db = reader,
		.arena = arena,
		.now = now,
		.secrets = desk_secrets(attempt->settings->desk),
		.origin = attempt->settings->origin,
	};

	chance_from_system(&act.chance);
	return act;
}

/* False when the lease was not to be had. */
static bool
try_job(const struct job_settings *settings, const struct job_kind *kind,
        const struct job_next_row *job, struct db *reader, struct instant now)
{
	struct attempt attempt = {
		.settings = settings,
		.kind = kind,
		.job = *job,
		.lease_until = time_plus(now, kind->lease_us > 0 ? kind->lease_us : LEASE_US),
	};
	struct arena arena;
	enum status st;

	if (desk_run_in(settings->desk, settings->home, job->place_id, take, &attempt) != OK)
		return false;
	arena_init(&arena, JOB_ARENA_MAX);
	attempt.run = (struct job_run){
		.act = act_of(&attempt, reader, &arena, now),
		.subject = job->subject,
		.attempts = job->attempts + 1,
		.context = kind->context,
	};
	st = act_place_by_id(reader, &arena, job->place_id, &attempt.run.act.place);
	if (st == OK && kind->work != NULL)
		st = kind->work(&attempt.run);
	if (st == OK)
		st = desk_run_in(settings->desk, settings->home, job->place_id, finish, &attempt);
	if (st != OK) {
		attempt.failed = st;
		LOG(LEVEL_WARNING, "job.failed", log_word("kind", kind->name), log_id("job", job->id.value),
		    log_int("attempts", attempt.run.attempts), log_status("status", st));
		/* When even this fails, the lease ends by itself. */
		(void)!desk_run_in(settings->desk, settings->home, job->place_id, put_back,
		                   &attempt);
	}
	arena_release(&arena);
	return true;
}

struct job_runner {
	struct job_settings settings;
	struct db *reader;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool stop; /* under mutex */
};

static bool
stopping(struct job_runner *runner)
{
	bool stop;

	pthread_mutex_lock(&runner->mutex);
	stop = runner->stop;
	pthread_mutex_unlock(&runner->mutex);
	return stop;
}

/* Tries the next job of a kind when it is due. *soonest: when the next one is due, if sooner. */
static bool
try_next(const struct job_settings *settings, const struct job_kind *kind, struct db *reader,
         struct instant now, struct instant *soonest)
{
	struct job_next_row job;
	struct arena arena;
	bool tried = false;

	arena_init(&arena, 64 * 1024);
	if (job_next(reader, &arena, str_of(kind->name), &job) == OK) {
		if (!time_before(now, job.due_at))
			tried = try_job(settings, kind, &job, reader, now);
		if (!tried && time_before(job.due_at, *soonest))
			*soonest = job.due_at;
	}
	arena_release(&arena);
	return tried;
}

/* One round over all kinds: at most one job of each, so that none waits behind a long queue. */
static int
try_each(const struct job_settings *settings, struct db *reader, struct instant now,
         struct instant *soonest)
{
	int tried = 0;

	*soonest = (struct instant){ INT64_MAX };
	for (const struct job_kind *kind = settings->kinds; kind->name != NULL; kind++)
		tried += try_next(settings, kind, reader, now, soonest);
	return tried;
}

int
job_run_due(const struct job_settings *settings, struct db *reader, struct instant now)
{
	struct instant soonest;
	int total = 0, tried;

	do {
		tried = try_each(settings, reader, now, &soonest);
		total += tried;
	} while (tried > 0);
	return total;
}

/* Sleeps until the next look, or until the runner is to stop. */
static void
sleep_a_little(struct job_runner *runner)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_EVERY_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&runner->mutex);
	while (!runner->stop &&
	       pthread_cond_timedwait(&runner->wake, &runner->mutex, &until) == 0)
		;
	pthread_mutex_unlock(&runner->mutex);
}

/* Its database may come later than we. */
static bool
has_reader(struct job_runner *runner)
{
	const char *why;

	if (runner->reader == NULL &&
	    desk_reader_of(runner->settings.desk, runner->settings.home, &runner->reader, &why) == OK)
		db_set_patience(runner->reader, JOB_PATIENCE_MS);
	return runner->reader != NULL;
}

/* Looks when something was committed by anybody, or when something is due. The version of the
 * data costs next to nothing to ask for, and tells of other processes too. */
static void *
runner_main(void *arg)
{
	struct job_runner *runner = arg;
	struct instant soonest = { 0 };
	int64_t seen = -1;

	while (!stopping(runner)) {
		struct instant now = time_now();
		int64_t version;

		if (!has_reader(runner)) {
			sleep_a_little(runner);
			continue;
		}
		version = db_data_version(runner->reader);

		if (version != seen || !time_before(now, soonest)) {
			seen = version;
			if (try_each(&runner->settings, runner->reader, now, &soonest) > 0)
				continue;
		}
		sleep_a_little(runner);
	}
	return NULL;
}

enum status
job_runner_start(const struct job_settings *settings, struct job_runner **ret)
{
	struct job_runner *runner = calloc(1, sizeof *runner);
	pthread_condattr_t monotonic;

	if (runner == NULL)
		return NO_MEMORY;
	runner->settings = *settings;
	pthread_mutex_init(&runner->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&runner->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&runner->thread, NULL, runner_main, runner) != 0) {
		free(runner);
		return UNAVAILABLE;
	}
	*ret = runner;
	return OK;
}

void
job_runner_stop(struct job_runner *runner)
{
	if (runner == NULL)
		return;
	pthread_mutex_lock(&runner->mutex);
	runner->stop = true;
	pthread_cond_signal(&runner->wake);
	pthread_mutex_unlock(&runner->mutex);
	pthread_join(runner->thread, NULL);
	db_close(runner->reader);
	pthread_cond_destroy(&runner->wake);
	pthread_mutex_destroy(&runner->mutex);
	free(runner);
}
