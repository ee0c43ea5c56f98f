/* The command line as a program, for tests: run in a folder of its own, its output caught.
 * For one test program each: everything here is static. */
#ifndef TESTS_CLI_PROGRAM_H
#define TESTS_CLI_PROGRAM_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static char *program;
static char folder[] = "/tmp/folkmoot-cli-XXXXXX";

struct ran {
	int code;
	char out[40000], err[4000];
};

static inline void
slurp(const char *name, char *text, size_t size)
{
	char path[400];
	FILE *in;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	in = fopen(path, "r");
	text[in == NULL ? 0 : fread(text, 1, size - 1, in)] = '\0';
	if (in != NULL)
		fclose(in);
}

static inline void
write_file(const char *name, const char *text)
{
	char path[400];
	FILE *out;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	out = fopen(path, "w");
	CHECK(out != NULL && fputs(text, out) >= 0);
	fclose(out);
}

/* Runs `PROGRAM ARGUMENTS` within the folder. */
static inline struct ran
run(const char *arguments)
{
	char command[2000];
	struct ran r = { 0 };
	int status;

	snprintf(command, sizeof command, "cd %s && %s %s >out 2>err", folder, program, arguments);
	status = system(command);
	r.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	slurp("out", r.out, sizeof r.out);
	slurp("err", r.err, sizeof r.err);
	return r;
}

/* Exit code 2, nothing on stdout, and these words on stderr. */
static inline struct ran
check_refused_at_length(const char *arguments, const char *words)
{
	struct ran r = run(arguments);

	CHECK_INT(r.code, 2);
	CHECK(strstr(r.err, words) != NULL);
	CHECK(r.out[0] == '\0');
	if (strstr(r.err, words) == NULL)
		printf("# %s: %s", arguments, r.err);
	return r;
}

/* The same, in one line. */
static inline void
check_refused(const char *arguments, const char *words)
{
	struct ran r = check_refused_at_length(arguments, words);
	const char *end = strchr(r.err, '\n');

	CHECK(end != NULL && end[1] == '\0');
}

/* For main: argv[1] is the program; begin, if any, is called before the cases. The folder is taken
 * away afterwards. */
static inline int
run_program_tests(int argc, char **argv, void (*begin)(void), const struct test_case *cases,
                  size_t count)
{
	char command[200];
	int bad;

	program = argc == 2 ? realpath(argv[1], NULL) : NULL;
	if (program == NULL || mkdtemp(folder) == NULL)
		return 1;
	if (begin != NULL)
		begin();
	bad = test_run_all(cases, count);
	free(program);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) != 0 || bad;
}

#endif
