/* The bar for long work: on a terminal only, late, and gone in the end. */
#include <fcntl.h>
#include <sys/wait.h>

#include "program.h"

enum { OPTIONS = 40, BALLOTS = 3000 };

/* Long work: some thousand distinct ballots, each taken away once. */
static void
write_long(void)
{
	static char text[200000];
	size_t len = 0;

	len += (size_t)snprintf(text, sizeof text,
		"META\nkey;value\nnum_projects;%d\nnum_votes;%d\nbudget;100000\nvote_type;approval\n"
		"PROJECTS\nproject_id;cost\n", OPTIONS, BALLOTS);
	for (int o = 0; o < OPTIONS; o++)
		len += (size_t)snprintf(text + len, sizeof text - len, "p%d;%d\n", o, 3001 + o * 317);
	len += (size_t)snprintf(text + len, sizeof text - len, "VOTES\nvoter_id;vote\n");
	for (int v = 0; v < BALLOTS; v++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%d;p%d,p%d,p%d,p%d\n", v,
		                        v % 10, 10 + v / 10 % 10, 20 + v / 100 % 10, 30 + v / 1000);
	CHECK(len < sizeof text - 1);
	write_file("long.pb", text);
}

/* Runs the program with stderr on a terminal of its own; *ret: what it wrote there. */
static int
run_on_terminal(const char *arguments, char *ret, size_t size)
{
	char command[1000];
	int ours = posix_openpt(O_RDWR | O_NOCTTY), theirs, status = -1;
	size_t len = 0;
	ssize_t n;
	pid_t child;

	ret[0] = '\0';
	if (ours < 0 || grantpt(ours) != 0 || unlockpt(ours) != 0 ||
	    (theirs = open(ptsname(ours), O_RDWR | O_NOCTTY)) < 0)
		return -1;
	snprintf(command, sizeof command, "cd %s && exec %s %s >/dev/null", folder, program, arguments);
	child = fork();
	if (child == 0) {
		if (dup2(theirs, 2) == 2)
			execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(theirs);
	while ((n = read(ours, ret + len, size - 1 - len)) > 0)
		len += (size_t)n;
	ret[len] = '\0';
	close(ours);
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)
	       ? WEXITSTATUS(status) : -1;
}

/* A second or two; half of it would do. */
#define LONG_WORK "long.pb --rule equal-shares --sensitivity 2000"

static void
on_a_terminal(void)
{
	static char err[100000];
	int code = run_on_terminal(LONG_WORK, err, sizeof err);
	const char *last;

	if (code < 0) {
		test_skip("no terminals here");
		return;
	}
	CHECK_INT(code, 0);
	CHECK(strncmp(err, "\r[", 2) == 0 && strstr(err, " % ") != NULL);
	/* the last thing is the line of times, upon a line made empty */
	last = strstr(err, "read in ");
	CHECK(last != NULL && last > err && last[-1] == '\r' && last[-2] == ' ');
	CHECK(last != NULL && strchr(last, '[') == NULL);
}

/* Work that is done at once shows none. */
static void
short_work(void)
{
	static char err[4000];

	if (run_on_terminal("long.pb --rule greedy", err, sizeof err) < 0)
		test_skip("no terminals here");
	else
		CHECK(strncmp(err, "read in ", 8) == 0);
}

static void
into_a_file(void)
{
	struct ran r = run("long.pb --rule equal-shares --sensitivity 1200 --json");

	CHECK_INT(r.code, 0);
	CHECK(strncmp(r.err, "read in ", 8) == 0);
	CHECK(strchr(r.err, '\r') == NULL);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "a bar on a terminal, gone in the end", on_a_terminal },
		{ "none for short work", short_work },
		{ "none in a file", into_a_file },
	};

	return run_program_tests(argc, argv, write_long, cases, sizeof cases / sizeof *cases);
}
