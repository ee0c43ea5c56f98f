#include "acts/job.h"

#include <stdatomic.h>

#include "acts/desk.h"
#include "acts/place.h"
#include "store/log.h"
#include "test.h"
#include "world.h"

/* Two servers on one database: each with a desk and a reader of its own. */
struct servers {
	struct scratch scratch;
	struct desk *desk[2];
	struct db *reader[2];
	struct place place;
};

static struct instant start = { 1790000000 * SECOND_US };

/* What the kinds of the tests do. */
static atomic_int worked, done;
static enum status work_ends = OK, deed_ends = OK;
static struct instant again_at;
static void (*meanwhile)(struct job_run *run); /* while working */

static enum status
work(struct job_run *run)
{
	worked++;
	if (meanwhile != NULL)
		meanwhile(run);
	return work_ends;
}

static enum status
deed(struct job_run *run)
{
	enum status st = job_add(&run->act, "left-behind", run->subject, run->act.now);

	done++;
	run->again_at = again_at;
	return st == OK ? deed_ends : st;
}

static const struct job_kind kinds[] = {
	{ .name = "try", .work = work, .deed = deed },
	{ .name = NULL },
};

struct adding {
	struct servers *s;
	const char *kind;
	int64_t subject;
	struct instant due;
};

static enum status
add_deed(struct db *db, void *context)
{
	struct adding *adding = context;
	struct arena arena;
	struct act act = { .db = db, .arena = &arena, .place = adding->s->place, .now = start };
	enum status st;

	arena_init(&arena, 65536);
	chance_from_system(&act.chance);
	st = job_add(&act, adding->kind, adding->subject, adding->due);
	arena_release(&arena);
	return st;
}

static void
add(struct servers *s, const char *kind, int64_t subject, struct instant due)
{
	struct adding adding = { s, kind, subject, due };

	world_need(desk_run(s->desk[0], add_deed, &adding), "job");
}

static enum status
place_deed(struct db *db, void *context)
{
	(void)context;
	return scratch_add_place(db, WORLD_PLACE, STR("vale"));
}

static void
open_servers(struct servers *s)
{
	const char *why;

	*s = (struct servers){ .place = { .id = { WORLD_PLACE } } };
	scratch_init(&s->scratch);
	for (int i = 0; i < 2; i++) {
		world_need(desk_open(s->scratch.folder, scratch_db(&s->scratch), &s->desk[i], &why), "desk");
		world_need(desk_reader(s->desk[i], &s->reader[i], &why), "reader");
	}
	world_need(desk_run(s->desk[0], place_deed, NULL), "place");
	worked = done = 0;
	work_ends = deed_ends = OK;
	again_at.us = 0;
	meanwhile = NULL;
}

static void
close_servers(struct servers *s)
{
	for (int i = 0; i < 2; i++) {
		db_close(s->reader[i]);
		desk_close(s->desk[i]);
	}
	scratch_release(&s->scratch);
}

static int
run_due(struct servers *s, int server, int64_t after_us)
{
	struct job_settings settings = { .desk = s->desk[server], .kinds = kinds };

	return job_run_due(&settings, s->reader[server], time_plus(start, after_us));
}

static int64_t
jobs(struct servers *s, const char *sql)
{
	struct beside beside;
	struct str text;
	int64_t n = 0;

	beside_open(&beside, desk_database(s->desk[0]));
	world_need(beside_value(&beside, sql, &s->scratch.arena, &text), sql);
	world_need(str_to_int(text, &n), sql);
	beside_close(&beside);
	return n;
}

static void
runs_when_due(void)
{
	struct servers s;

	open_servers(&s);
	add(&s, "try", 7, time_plus(start, MINUTE_US));
	CHECK_INT(run_due(&s, 0, 0), 0);
	CHECK_INT(run_due(&s, 0, MINUTE_US), 1);
	CHECK_INT(worked, 1);
	CHECK_INT(done, 1);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'try'"), 0);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'left-behind' AND subject = 7"), 1);
	CHECK_INT(run_due(&s, 0, HOUR_US), 0);
	close_servers(&s);
}

static void
same_job_is_one(void)
{
	struct servers s;

	open_servers(&s);
	add(&s, "try", 7, time_plus(start, HOUR_US));
	add(&s, "try", 7, time_plus(start, MINUTE_US)); /* the earlier counts */
	add(&s, "try", 7, time_plus(start, DAY_US));
	add(&s, "try", 8, time_plus(start, HOUR_US));
	CHECK_INT(run_due(&s, 0, MINUTE_US), 1);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'try'"), 1);
	close_servers(&s);
}

static void
comes_back_after_failing(void)
{
	struct servers s;

	open_servers(&s);
	add(&s, "try", 7, start);
	deed_ends = UNAVAILABLE;
	CHECK_INT(run_due(&s, 0, 0), 1);
	/* the deed is undone, the job waits longer and longer */
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'left-behind'"), 0);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE last_error = 'unavailable'"), 1);
	CHECK_INT(run_due(&s, 0, 29 * SECOND_US), 0);
	CHECK_INT(run_due(&s, 0, 30 * SECOND_US), 1);
	CHECK_INT(run_due(&s, 0, 89 * SECOND_US), 0);
	CHECK_INT(run_due(&s, 0, 90 * SECOND_US), 1);
	CHECK_INT(jobs(&s, "SELECT attempts FROM job WHERE kind = 'try'"), 3);
	work_ends = UNAVAILABLE;
	for (int i = 0; i < 20; i++) /* at most 6 hours apart */
		CHECK_INT(run_due(&s, 0, DAY_US + i * 6 * HOUR_US), 1);
	work_ends = deed_ends = OK;
	CHECK_INT(run_due(&s, 0, 30 * DAY_US), 1);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'try'"), 0);
	close_servers(&s);
}

static void
stays_when_it_says_so(void)
{
	struct servers s;

	open_servers(&s);
	add(&s, "try", 7, start);
	again_at = time_plus(start, HOUR_US);
	CHECK_INT(run_due(&s, 0, 0), 1);
	CHECK_INT(run_due(&s, 0, HOUR_US - 1), 0);
	again_at.us = 0;
	CHECK_INT(run_due(&s, 0, HOUR_US), 1);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'try'"), 0);
	close_servers(&s);
}

static struct servers *both;

static void
other_server_looks(struct job_run *run)
{
	(void)run;
	meanwhile = NULL;
	CHECK_INT(run_due(both, 1, 0), 0);
	CHECK_INT(run_due(both, 1, MINUTE_US), 0);
}

static void
two_servers_share(void)
{
	struct servers s;

	open_servers(&s);
	both = &s;
	add(&s, "try", 7, start);
	meanwhile = other_server_looks;
	CHECK_INT(run_due(&s, 0, 0), 1);
	CHECK_INT(worked, 1);
	CHECK_INT(done, 1);
	close_servers(&s);
}

static void
other_server_takes_over(struct job_run *run)
{
	(void)run;
	meanwhile = NULL;
	CHECK_INT(run_due(both, 1, 3 * MINUTE_US), 1); /* the lease of two minutes is over */
}

static void
lost_lease_undoes(void)
{
	struct servers s;

	open_servers(&s);
	both = &s;
	add(&s, "try", 7, start);
	meanwhile = other_server_takes_over;
	CHECK_INT(run_due(&s, 0, 0), 1); /* as if it had slept through its lease */
	CHECK_INT(worked, 2);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'try'"), 0);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'left-behind'"), 1);
	close_servers(&s);
}

static void
runner_looks_by_itself(void)
{
	struct servers s;
	struct job_settings settings = { .kinds = kinds };
	struct job_runner *runner;

	open_servers(&s);
	settings.desk = s.desk[1];
	world_need(job_runner_start(&settings, &runner), "runner");
	add(&s, "try", 7, start); /* by the other server, long due */
	for (int i = 0; i < 500 && done == 0; i++)
		usleep(10000);
	job_runner_stop(runner);
	CHECK_INT(done, 1);
	CHECK_INT(jobs(&s, "SELECT count(*) FROM job WHERE kind = 'try'"), 0);
	close_servers(&s);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "a job runs when it is due, and is gone", runs_when_due },
		{ "the same job again is one job", same_job_is_one },
		{ "a job that fails comes back later and later", comes_back_after_failing },
		{ "a job can stay", stays_when_it_says_so },
		{ "two servers don't do the same at once", two_servers_share },
		{ "what was done without the lease is undone", lost_lease_undoes },
		{ "a runner sees what another process wrote", runner_looks_by_itself },
	};

	log_least(LEVEL_ERROR);
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
