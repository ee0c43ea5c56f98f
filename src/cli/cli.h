/* The command line: `folkmoot VERB …`. Each verb is in cli/VERB.c and stands in the table of
 * cli/cli.c. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "acts/desk.h"

/* What the program ends with. */
enum {
	EXIT_GOOD = 0,
	EXIT_DIFFERS = 1, /* it was done, and something is not as it should be; or it failed */
	EXIT_USAGE = 2    /* asked for wrongly, or the machine does not allow it */
};

struct verb {
	const char *name;
	const char *line; /* one line, for the list */
	const char *help; /* usage and options, ends with a line break */
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
};

extern const struct verb verbs[]; /* ends with .name NULL */
const struct verb *verb_find(const char *name); /* or NULL */

/* Says what is wrong on stderr, in one line, and returns EXIT_USAGE. */
int cli_usage(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One option: "--port 8080" or "--port=8080". Moves *at on and gives its value, or NULL. A flag
 * has no value: cli_flag. */
const char *cli_option(int argc, char **argv, int *at, const char *name);

/* Where a verb works: --data FOLDER, and --db URI for what is not in it. */
struct cli_where { const char *data, *db; };
bool cli_where(int argc, char **argv, int *at, struct cli_where *where); /* true: it was one of them */

/* desk_open for verbs that only look: a folder without a database is a slip of the keys, not a
 * place for a new one. */
MUST_CHECK enum status cli_desk_open(const struct cli_where *where, struct desk **ret,
                                     const char **ret_why);

int cli_backup(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_export(int argc, char **argv);
int cli_help(int argc, char **argv);
int cli_import(int argc, char **argv);
int cli_move(int argc, char **argv);
int cli_places(int argc, char **argv); /* cli/move.c */
int cli_serve(int argc, char **argv); /* src/serve.c */
int cli_version(int argc, char **argv);

#endif
