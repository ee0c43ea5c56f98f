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

/* One database, as it is at one moment. */
static enum status
check_home(struct desk *desk, int home, struct check *check)
{
	struct arena arena;
	const char *why = NULL;
	enum status st = desk_reader_of(desk, home, &check->act->db, &why);

	if (st != OK) {
		fprintf(stderr, "folkmoot check: %s: %s\n", desk_home_name(desk, home), why);
		return st;
	}
	arena_init(&arena, MEMORY_MAX);
	check->act->arena = &arena;
	db_set_patience(check->act->db, 0);
	st = db_begin_read(check->act->db);
	if (st == OK)
		st = act_check_all(check);
	db_rollback(check->act->db);
	arena_release(&arena);
	db_close(check->act->db);
	if (st != OK)
		fprintf(stderr, "folkmoot check: %s: could not be done to its end: %s\n",
		        desk_home_name(desk, home), status_name(st));
	return st;
}

static int
check_all(struct desk *desk)
{
	struct act act = { .now = time_now() };
	struct check check = { .act = &act, .say = say };
	bool whole = true;

	for (int home = 0; home < desk_homes(desk); home++)
		whole &= check_home(desk, home, &check) == OK;
	if (!whole)
		return EXIT_DIFFERS;
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
	struct cli_where where = { NULL, NULL };
	struct desk *desk;
	const char *why = NULL;
	int code;

	for (int at = 1; at < argc;) {
		if (!cli_where(argc, argv, &at, &where))
			return cli_usage("check", "\"%s\" is not known; see `folkmoot help check`",
			                 argv[at]);
	}
	if (where.data == NULL)
		return cli_usage("check", "--data FOLDER is missing");
	if (cli_desk_open(&where, &desk, &why) != OK)
		return cli_usage("check", "%s: %s", where.data, why);
	code = check_all(desk);
	desk_close(desk);
	return code;
}
