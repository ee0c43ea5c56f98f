#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/count.h"
#include "cli/lots.h"
#include "cli/sortition.h"

const struct verb verbs[] = {
	{ "allot", "allot things to people by their lists, from a CSV file", cli_allot_usage, cli_allot },
	{ "backup", "copy the database while the server runs",
	  "folkmoot backup FILE --data FOLDER\n"
	  "\n"
	  "Writes a new file. The secrets of running rounds are not in it. PostgreSQL has ways of its\n"
	  "own: docs/postgresql.md.\n",
	  cli_backup },
	{ "check", "replay money, counts and record, and name every difference",
	  "folkmoot check --data FOLDER [--db URI]\n"
	  "\n"
	  "Exit code 0: all is as it should be; 1: there are differences.\n",
	  cli_check },
	{ "count", "count ballots by any of the rules, from a file", cli_count_usage, cli_count },
	{ "decide", "quorum, majorities and objections of a vote, from a CSV file", cli_decide_usage,
	  cli_decide },
	{ "export", "write a counted round as a Pabulib file",
	  "folkmoot export PLACE --data FOLDER [--db URI] [--round ID] [--out FILE]\n"
	  "\n"
	  "  PLACE       the first part of its path, e.g. alder-vale\n"
	  "  --round ID  which round, when the place has several\n"
	  "  --out FILE  a new file; standard output unless said\n",
	  cli_export },
	{ "help", "what a verb does",
	  "folkmoot help [VERB]\n", cli_help },
	{ "import", "make a place with a counted round from a Pabulib file",
	  "folkmoot import FILE.pb --data FOLDER [--db URI] [--slug NAME]\n"
	  "\n"
	  "  --slug NAME  first part of the place's path; made from the file unless said\n"
	  "\n"
	  "May run beside a running server. Nothing is kept when the file is refused.\n",
	  cli_import },
	{ "lots", "draw lots that can be replayed, from a CSV file", cli_lots_usage, cli_lots },
	{ "match", "split matching money, from a CSV file", cli_match_usage, cli_match },
	{ "move", "move places to another database while they are in use",
	  "folkmoot move --from DB --to DB [--place SLUG]… [--undo]\n"
	  "\n"
	  "  DB            sqlite:PATH or postgresql://…\n"
	  "  --place SLUG  only this one; all unless said\n"
	  "  --undo        a move that was cut: the place stays where it was\n"
	  "\n"
	  "Checks and compares both sides; for a moment at the end the place takes no deeds. Cut at any\n"
	  "point, it can be run again. DATA/secrets is not in the database: see docs/moving.md.\n",
	  cli_move },
	{ "places", "which database each place lives in, and moving one",
	  "folkmoot places --data FOLDER\n"
	  "folkmoot places move PLACE DATABASE --data FOLDER\n"
	  "\n"
	  "DATABASE is a name in FOLDER/folkmoot.conf: databases = { north = \"postgresql://…\"; };\n",
	  cli_places },
	{ "serve", "run the server",
	  "folkmoot serve --data FOLDER [--db URI] [--address IP] [--port N] [--origin URL]\n"
	  "               [--trusted-proxy IP]… [--metrics-from IP]… [--threads N]\n"
	  "               [--ready-file FILE]\n"
	  "\n"
	  "  --data FOLDER       where the database and the secrets are; made when it is not there\n"
	  "  --db URI            sqlite:PATH or postgresql://…; FOLDER/folkmoot.db unless said\n"
	  "  --address IP        to listen at; 127.0.0.1 unless said\n"
	  "  --port N            8080 unless said; 0 takes any free one\n"
	  "  --origin URL        how the world reaches this server, for links in mails\n"
	  "  --trusted-proxy IP  a proxy whose X-Forwarded-For and X-Forwarded-Proto count\n"
	  "  --metrics-from IP   who may read /metrics, besides this machine itself\n"
	  "  --threads N         HTTP threads; as many as there are processors unless said\n"
	  "  --ready-file FILE   is written with the server's address once it listens\n"
	  "\n"
	  "FOLDER/folkmoot.conf may hold the same, databases, and the mail server:\n"
	  "\n"
	  "  server: { address = \"127.0.0.1\"; port = 8080; origin = \"https://moot.example\";\n"
	  "            trusted_proxy = [ \"127.0.0.1\" ]; threads = 4; };\n"
	  "  databases: { main = \"postgresql://moot@db1,db2/moot\"; north = \"postgresql://moot@db3/moot\"; };\n"
	  "  mail:   { server = \"smtps://mail.example:465\"; user = \"moot\";\n"
	  "            password_file = \"/etc/folkmoot/mail.secret\"; from = \"moot@moot.example\"; };\n",
	  cli_serve },
	{ "sortition", "draw a panel by lot that meets quotas", cli_sortition_usage, cli_sortition },
	{ "turns", "share out good and bad turns so that they even out, from a CSV file", cli_turns_usage,
	  cli_turns },
	{ "version", "which version this is",
	  "folkmoot version\n", cli_version },
	{ .name = NULL },
};

const struct verb *
verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name != NULL; verb++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	return NULL;
}

int
cli_usage(const char *verb, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "folkmoot %s: ", verb);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

const char *
cli_option(int argc, char **argv, int *at, const char *name)
{
	size_t len = strlen(name);
	const char *arg = argv[*at];

	if (strncmp(arg, name, len) != 0)
		return NULL;
	if (arg[len] == '=') {
		(*at)++;
		return arg + len + 1;
	}
	if (arg[len] != '\0' || *at + 1 >= argc)
		return NULL;
	*at += 2;
	return argv[*at - 1];
}

bool
cli_where(int argc, char **argv, int *at, struct cli_where *where)
{
	const char *value;

	if ((value = cli_option(argc, argv, at, "--data")) != NULL)
		where->data = value;
	else if ((value = cli_option(argc, argv, at, "--db")) != NULL)
		where->db = value;
	return value != NULL;
}

enum status
cli_desk_open(const struct cli_where *where, struct desk **ret, const char **ret_why)
{
	struct home_list homes;
	bool there;
	enum status st = homes_read(where->data, where->db, &homes, ret_why);

	if (st != OK)
		return st;
	there = db_is_server(homes.ptr[0].where) || access(homes.ptr[0].where, F_OK) == 0 ||
	        strncmp(homes.ptr[0].where, "sqlite:", 7) == 0;
	homes_release(&homes);
	*ret_why = "there is no database in this folder";
	return there ? desk_open(where->data, where->db, ret, ret_why) : NOT_FOUND;
}
