/* The disk is full, or can't be written: the program says 503, goes on showing pages, loses
 * nothing that it acknowledged, and takes ballots again as soon as there is room. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "http/voting.h"
#include "test.h"

enum { VOTERS = 600 };

static struct voting v;
static int64_t next;

/* Casts the next voters' ballots until one is answered with `status`, `most` at most: whether
 * one was. Every other answer must be 200 or 503. */
static bool
cast_until(struct http *c, int status, int most)
{
	for (int i = 0; i < most && next < VOTERS; i++) {
		int got = voting_cast(&v, c, next++);

		CHECK(got == 200 || got == 503);
		if (got == status)
			return true;
	}
	return false;
}

/* 503 with the form as it was filled in, more than once; the same page can be read; then, with
 * room again, 200. */
static void
check_no_and_yes(struct http *c, void (*make_room)(void *context), void *context)
{
	char headers[120];
	struct reply *r;

	CHECK(cast_until(c, 503, 400));
	CHECK(reply_has(&c->reply, "We could not save this just now"));
	CHECK(reply_has(&c->reply, "checked"));
	for (int i = 0; i < 3; i++)
		CHECK(cast_until(c, 503, 1));
	(void)snprintf(headers, sizeof headers, "Cookie: fm_vale=%s\r\n", v.voters[0].token);
	c->headers = headers;
	r = http_get(c, v.ballot_path);
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "checked"));
	c->headers = NULL;
	make_room(context);
	for (int i = 0; i < 3; i++)
		CHECK(cast_until(c, 200, 1));
}

/* ---- a small disk of one's own ----------------------------------------------------------- */

static char disk[] = "/tmp/folkmoot-disk-XXXXXX";

static void
fill(const char *path)
{
	static const char zeros[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	while (fd >= 0 && write(fd, zeros, sizeof zeros) > 0)
		;
	CHECK_INT(errno, ENOSPC);
	(void)close(fd);
}

static void
remove_ballast(void *path)
{
	CHECK_INT(unlink(path), 0);
}

static void
run_on_small_disk(void)
{
	struct http_server server;
	struct http c;
	char ballast[sizeof disk + 10];

	(void)snprintf(ballast, sizeof ballast, "%s/ballast", disk);
	(void)setenv("TMPDIR", disk, 1);
	next = 0;
	voting_init(&v, VOTERS);
	http_server_start(&server, v.folder, NULL);
	http_init(&c, server.port);
	CHECK(cast_until(&c, 200, 1));
	fill(ballast);
	check_no_and_yes(&c, remove_ballast, ballast);
	http_close(&c);
	http_server_kill(&server);
	CHECK_INT(voting_lost(&v), 0);
	voting_release(&v);
}

static void
test_full(void)
{
	if (mkdtemp(disk) == NULL || mount("folkmoot-test", disk, "tmpfs", 0, "size=8m") != 0) {
		(void)rmdir(disk);
		test_skip("only root may make a small disk");
		return;
	}
	run_on_small_disk();
	CHECK_INT(umount(disk), 0);
	CHECK_INT(rmdir(disk), 0);
	(void)unsetenv("TMPDIR");
}

/* ---- files that can't be written ---------------------------------------------------------- */

static void
limit_files(pid_t pid, rlim_t bytes)
{
	struct rlimit limit;

	if (prlimit(pid, RLIMIT_FSIZE, NULL, &limit) != 0)
		world_need(FAILED, "prlimit");
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	CHECK_INT(prlimit(pid, RLIMIT_FSIZE, &limit, NULL), 0);
}

static void
lift_limit(void *pid)
{
	limit_files(*(pid_t *)pid, RLIM_INFINITY);
}

static void
test_unwritable(void)
{
	struct http_server server;
	struct http c;

	next = 0;
	voting_init(&v, VOTERS);
	http_server_start(&server, v.folder, NULL);
	http_init(&c, server.port);
	CHECK(cast_until(&c, 200, 1));
	limit_files(server.pid, 0);
	check_no_and_yes(&c, lift_limit, &server.pid);
	http_close(&c);
	http_server_kill(&server);
	CHECK_INT(voting_lost(&v), 0);
	voting_release(&v);
}

static const struct test_case cases[] = {
	{ "server: a full disk is said, nothing is lost, and it goes on", test_full },
	{ "server: so are files that can't be written", test_unwritable },
};
TEST_MAIN(cases)
