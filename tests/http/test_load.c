/* The server with routes of the test's own: many at once, a database that is locked or full, a stop
 * in the midst of it. */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "http/own.h"
#include "test.h"

static long
size_of(const struct own *s, const char *name)
{
	char path[300];
	struct stat info;

	(void)snprintf(path, sizeof path, "%.200s/%s", s->scratch.folder, name);
	return stat(path, &info) == 0 ? (long)info.st_size : 0;
}

/* A disk that is full: a file limit stands for it, as both make writes fail. */
static void
test_full_disk(void)
{
	struct rlimit limit, before;
	struct own s;
	struct reply *r;
	char body[300], want[32];
	int saved = 0;

	own_open(&s);
	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = (rlim_t)(size_of(&s, "folkmoot.db") + size_of(&s, "folkmoot.db-wal")) + 100000;
	(void)http_get(&s.c, "/vale/form");
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 2000; i++) {
		(void)snprintf(body, sizeof body, "title=t%d&body=%0150d", i, i);
		r = http_post(&s.c, "/vale/form", body);
		if (r->status != 303)
			break;
		saved++;
	}
	CHECK_INT(r->status, 503);
	CHECK(reply_has(r, "We could not save this just now.") && reply_has(r, "body=000"));
	CHECK(saved > 0);
	(void)snprintf(want, sizeof want, "areas=%d ", saved);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), want)); /* reading goes on */
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
	CHECK_INT(http_post(&s.c, "/vale/form", "title=room+again")->status, 303);
	(void)snprintf(want, sizeof want, "areas=%d ", saved + 1);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), want));
	own_close(&s);
}

/* Another process that writes for long: said after a while, and the form is kept. */
static void
test_locked(void)
{
	struct own s;
	struct beside other;
	struct reply *r;

	own_open(&s);
	(void)http_get(&s.c, "/vale/form");
	own_beside(&s, &other);
	beside_run(&other, s.scratch.server ? "BEGIN; LOCK TABLE area IN EXCLUSIVE MODE" : "BEGIN IMMEDIATE");
	r = http_post(&s.c, "/vale/form", "title=a&body=kept");
	CHECK_INT(r->status, 503);
	CHECK(reply_has(r, "body=kept"));
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	beside_run(&other, "ROLLBACK");
	beside_close(&other);
	CHECK_INT(http_post(&s.c, "/vale/form", "title=a&body=kept")->status, 303);
	own_close(&s);
}

enum { CROWD = 8, EACH = 25 };

struct visitor {
	pthread_t thread;
	int port, number, saved;
};

static void *
visit(void *context)
{
	struct visitor *v = context;
	struct http c;
	char body[64];

	http_init(&c, v->port);
	(void)http_get(&c, "/vale/form");
	for (int i = 0; i < EACH; i++) {
		(void)snprintf(body, sizeof body, "title=v%d-%d", v->number, i);
		v->saved += http_post(&c, "/vale/form", body)->status == 303;
		if (http_get(&c, "/vale/areas")->status != 200)
			v->saved = -1000;
	}
	http_close(&c);
	return NULL;
}

static void
test_crowd(void)
{
	struct own s;
	struct visitor crowd[CROWD];
	char want[32];

	own_open(&s);
	for (int i = 0; i < CROWD; i++) {
		crowd[i] = (struct visitor){ .port = s.c.port, .number = i };
		CHECK_INT(pthread_create(&crowd[i].thread, NULL, visit, &crowd[i]), 0);
	}
	for (int i = 0; i < CROWD; i++) {
		(void)pthread_join(crowd[i].thread, NULL);
		CHECK_INT(crowd[i].saved, EACH);
	}
	(void)snprintf(want, sizeof want, "areas=%d", CROWD * EACH);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), want));
	own_close(&s);
}

static enum status
wait_a_while(struct db *db, void *context)
{
	struct timespec pause = { .tv_nsec = 300000000 };

	(void)db;
	(void)context;
	(void)nanosleep(&pause, NULL);
	return OK;
}

static void
told(void *context, enum status st)
{
	(void)context;
	(void)st;
}

/* Whoever was told "saved" finds it saved; a stop waits for deeds under way. */
static void
test_stop_while_saving(void)
{
	struct own s;
	struct deed slow = { .run = wait_a_while, .done = told };
	struct reply *r;
	char text[600];

	own_open(&s);
	(void)http_get(&s.c, "/vale/form");
	desk_submit(s.desk, 0, &slow);
	(void)snprintf(text, sizeof text, "POST /vale/form HTTP/1.1\r\nHost: a\r\nCookie: fm_vale_form=%s\r\n"
	               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n"
	               "csrf=%s&title=last", http_cookie(&s.c, "fm_vale_form"),
	               strlen(s.c.csrf) + 16, s.c.csrf);
	http_write(&s.c, str_of(text));
	(void)nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	server_stop(s.server);
	r = http_read(&s.c, false);
	CHECK_INT(r->status, 303);
	http_close(&s.c);
	desk_close(s.desk);
	scratch_release(&s.scratch);
}

static const struct test_case cases[] = {
	{ "a locked database: 503, what was typed is kept", test_locked },
	{ "many at once: all that was confirmed is there", test_crowd },
	{ "a stop waits for deeds under way", test_stop_while_saving },
	{ "a full disk: 503, what was typed is kept, nothing confirmed is lost", test_full_disk },
};

int
main(void)
{
	/* The last is about a file's disk; a server's is in tests/pg/test_faults.c. */
	return test_run_all(cases, sizeof cases / sizeof *cases - (getenv("FOLKMOOT_TEST_DB") != NULL));
}
