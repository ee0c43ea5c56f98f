/* `folkmoot check`: does everything that was made from the facts still fit them? */
#include <stdio.h>

#include "acts/check.h"
#include "acts/desk.h"
#include "cli/cli.h"

#define MEMORY_MAX ((size_t)8 << 30)

static void
say(void *context, struct str line)
{
	(void)context;
	printf("%.*s\n", STR_ARG(line));
}

static int
check_all(struct desk *desk, const char *data)
{
	struct arena arena;
	struct act act = { .arena = &arena, .now = time_now() };
	struct check check = { .act = &act, .say = say };
	const char *why = NULL;
	enum status st = desk_reader(desk, &act.db, &why);

	if (st != OK)
		return cli_usage("check", "%s: %s", data, why);
	arena_init(&arena, MEMORY_MAX);
	st = db_begin_read(act.db); /* one moment of the whole file */
	if (st == OK)
		st = act_check_all(&check);
	db_rollback(act.db);
	arena_release(&arena);
	db_close(act.db);
	if (st != OK) {
		fprintf(stderr, "folkmoot check: could not be done to its end: %s\n",
		        status_name(st));
		return EXIT_DIFFERS;
	}
	printf("%lld entries, %lld counted rounds, %lld lines of the record: ",
	       (long long)check.entries, (long long)check.rounds, (long long)check.leaves);
	if (check.differences == 0)
		printf("all is as it should be.\n");
	else
		printf("%lld differences.\n", (long long)check.differences);
	return check.differences == 0 ? EXIT_GOOD : EXIT_DIFFERS;
}

int
cli_check(int argc, char **argv)
{
	struct desk *desk;
	const char *data = NULL, *value, *why = NULL;
	int code;

	for (int at = 1; at < argc;) {
		if ((value = cli_option(argc, argv, &at, "--data")) != NULL)
			data = value;
		else
			return cli_usage("check", "\"%s\" is not known; see `folkmoot help check`",
			                 argv[at]);
	}
	if (data == NULL)
		return cli_usage("check", "--data FOLDER is missing");
	if (cli_desk_open(data, &desk, &why) != OK)
		return cli_usage("check", "%s: %s", data, why);
	code = check_all(desk, data);
	desk_close(desk);
	return code;
}
