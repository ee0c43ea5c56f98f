/* `folkmoot backup`: a copy of the database while the server runs. The secrets are not in it:
 * with them a ballot could be led back to a person. */
#include <stdio.h>

#include "acts/desk.h"
#include "cli/cli.h"

static int
back_up(struct desk *desk, const char *data, const char *to)
{
	struct db *reader;
	const char *why = NULL;
	enum status st = desk_reader(desk, &reader, &why);

	if (st != OK)
		return cli_usage("backup", "%s: %s", data, why);
	st = db_backup(reader, to);
	db_close(reader);
	if (st == REFUSED)
		return cli_usage("backup", "this is for SQLite; PostgreSQL is backed up with pg_basebackup "
		                 "and its log: docs/postgresql.md");
	if (st == CONFLICT)
		return cli_usage("backup", "%s is there already; choose a new name", to);
	if (st != OK)
		return cli_usage("backup", "%s can't be written: %s", to, status_name(st));
	printf("%s is a whole copy of the database. DATA/secrets is not in it, on purpose: while a "
	       "round runs, keep that folder on this machine only.\n", to);
	return EXIT_GOOD;
}

int
cli_backup(int argc, char **argv)
{
	struct desk *desk;
	struct cli_where where = { NULL, NULL };
	const char *to = NULL, *why = NULL;
	int code;

	for (int at = 1; at < argc;) {
		if (cli_where(argc, argv, &at, &where))
			continue;
		if (argv[at][0] != '-' && to == NULL)
			to = argv[at++];
		else
			return cli_usage("backup", "\"%s\" is not known; see `folkmoot help backup`",
			                 argv[at]);
	}
	if (to == NULL || where.data == NULL)
		return cli_usage("backup", "%s is missing", to == NULL ? "FILE" : "--data FOLDER");
	if (cli_desk_open(&where, &desk, &why) != OK)
		return cli_usage("backup", "%s: %s", where.data, why);
	code = back_up(desk, where.data, to);
	desk_close(desk);
	return code;
}
