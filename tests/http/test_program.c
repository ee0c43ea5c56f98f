/* The program from outside: how it starts, says no, and ends. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/http.h"
#include "store/scratch.h"

/* Runs a command; its exit code, and what it wrote. */
static int
run(const char *command, char *out, size_t size)
{
	FILE *pipe = popen(command, "r");
	size_t len;
	int status;

	if (pipe == NULL)
		return -1;
	len = fread(out, 1, size - 1, pipe);
	out[len] = '\0';
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
lines(const char *text)
{
	int count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

static void
test_start_and_stop(void)
{
	struct scratch scratch;
	struct http_server s;
	struct http c;
	const char *more[] = { "--db", scratch.path, NULL };

	scratch_init(&scratch);
	http_server_start(&s, NULL, scratch.server ? more : NULL);
	http_init(&c, s.port);
	CHECK_INT(http_get(&c, "/healthz")->status, 200);
	http_close(&c);
	CHECK_INT(http_server_stop(&s), 0);
	scratch_release(&scratch);
}

static void
test_says_no(void)
{
	struct http_server s;
	char command[800], out[4000];

	http_server_start(&s, NULL, NULL);
	(void)snprintf(command, sizeof command, "$FOLKMOOT serve --data %s/two --port %d 2>&1",
	               s.folder, s.port);
	CHECK_INT(run(command, out, sizeof out), 2);
	CHECK(strstr(out, "the port is in use") != NULL && lines(out) == 1);
	(void)snprintf(command, sizeof command, "touch %s/file; $FOLKMOOT serve --data %s/file/x --port 0 "
	               "2>&1", s.folder, s.folder);
	CHECK_INT(run(command, out, sizeof out), 2);
	CHECK_INT(lines(out), 1);
	CHECK_INT(http_server_stop(&s), 0);
	CHECK_INT(run("$FOLKMOOT serve 2>&1", out, sizeof out), 2);
	CHECK_INT(lines(out), 1);
	CHECK_INT(run("$FOLKMOOT serve --data x --port ninety 2>&1", out, sizeof out), 2);
	CHECK_INT(run("$FOLKMOOT fly 2>&1", out, sizeof out), 2);
	CHECK_INT(lines(out), 1);
}

/* As a later version of the program leaves a database. */
static void
test_newer_database(void)
{
	struct scratch scratch;
	struct beside b;
	char command[PATH_MAX + 400], out[4000];

	scratch_init(&scratch);
	db_close(scratch_open(&scratch, DB_CREATE));
	beside_open(&b, scratch.path);
	beside_run(&b, scratch.server ? "INSERT INTO folkmoot_schema (version, finished) VALUES (9999, true)"
	                              : "PRAGMA user_version = 9999");
	beside_close(&b);
	(void)snprintf(command, sizeof command, "$FOLKMOOT serve --data %.200s --port 0 --db %s 2>&1",
	               scratch.folder, scratch.path);
	CHECK_INT(run(command, out, sizeof out), 2);
	CHECK(strstr(out, "newer version") != NULL && lines(out) == 1);
	scratch_release(&scratch);
}

static void
test_help(void)
{
	char out[8000], all[8000];

	CHECK_INT(run("$FOLKMOOT --help", out, sizeof out), 0);
	CHECK(strstr(out, "\n  serve ") != NULL && strstr(out, "\n  version ") != NULL);
	CHECK_INT(run("$FOLKMOOT", all, sizeof all), 0);
	CHECK(strcmp(out, all) == 0);
	CHECK_INT(run("$FOLKMOOT help serve", out, sizeof out), 0);
	CHECK(strstr(out, "--trusted-proxy") != NULL);
	CHECK_INT(run("$FOLKMOOT serve --help", all, sizeof all), 0);
	CHECK(strcmp(all, out) == 0);
	CHECK_INT(run("$FOLKMOOT help fly 2>&1", out, sizeof out), 2);
	CHECK_INT(run("$FOLKMOOT version", out, sizeof out), 0);
	CHECK(strncmp(out, "folkmoot ", 9) == 0);
}

static int
run_with_file(const char *folder, const char *words, char *out, size_t size)
{
	char command[1200];

	(void)snprintf(command, sizeof command,
	               "printf '%%s' '%s' >%s/folkmoot.conf; $FOLKMOOT serve --data %s 2>&1", words,
	               folder, folder);
	return run(command, out, size);
}

static void
test_file(void)
{
	struct http_server s;
	struct http c;
	char path[300], folder[256], out[4000];
	FILE *file;

	http_server_start(&s, NULL, NULL);
	http_server_kill(&s);
	CHECK_INT(run_with_file(s.folder, "server: { port = 99999; };", out, sizeof out), 2);
	CHECK(strstr(out, "folkmoot.conf:1: port is a number") != NULL && lines(out) == 1);
	CHECK_INT(run_with_file(s.folder, "server: {\n\nspeed = 3; };", out, sizeof out), 2);
	CHECK(strstr(out, ":1: there is no such setting") != NULL ||
	      strstr(out, ":3: there is no such setting") != NULL);
	CHECK_INT(run_with_file(s.folder, "server: {", out, sizeof out), 2);
	CHECK_INT(lines(out), 1);
	/* The port of the file would not do: the command line's counts. */
	(void)snprintf(path, sizeof path, "%s/folkmoot.conf", s.folder);
	file = fopen(path, "w");
	CHECK(file != NULL);
	if (file != NULL) {
		fputs("server: { port = 1; threads = 1; trusted_proxy = [ \"127.0.0.1\" ];\n"
		      "  origin = \"http://127.0.0.1:1/\"; };\n", file);
		(void)fclose(file);
	}
	(void)snprintf(folder, sizeof folder, "%s", s.folder);
	http_server_start(&s, folder, NULL);
	http_init(&c, s.port);
	CHECK(reply_has(http_get(&c, "/nowhere"), "\"http://127.0.0.1:1/nowhere\""));
	http_close(&c);
	s.keep = false;
	CHECK_INT(http_server_stop(&s), 0);
}

static const struct test_case cases[] = {
	{ "starts, answers, ends by SIGTERM", test_start_and_stop },
	{ "says in one line why it can't start", test_says_no },
	{ "a database of a newer version is left alone", test_newer_database },
	{ "folkmoot.conf, and options over it", test_file },
	{ "help and version", test_help },
};
TEST_MAIN(cases)
