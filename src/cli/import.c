/* `folkmoot import`: a Pabulib file becomes a place with a counted round. */
#include <stdio.h>
#include <string.h>

#include "acts/desk.h"
#include "acts/import.h"
#include "cli/cli.h"
#include "cli/file.h"

#define MEMORY_MAX ((size_t)8 << 30)

struct importing {
	struct arena arena;
	struct act act;
	struct pabulib file;
	struct str slug;
	struct import_made made;
	struct decide_error error;
	enum status st;
};

/* The deed, on the writer's thread. Its chance and clock were fixed before. */
static enum status
run(struct db *db, void *context)
{
	struct importing *im = context;
	struct act act = im->act;

	act.db = db;
	im->st = act_import(&act, &im->file, im->slug, &im->made, &im->error);
	return im->st;
}

static int
import_into(struct importing *im, const struct cli_where *where, const char *name)
{
	struct desk *desk;
	const char *why = NULL;
	enum status st = desk_open(where->data, where->db, &desk, &why);

	if (st != OK)
		return cli_usage("import", "%s: %s", where->data, why);
	im->act = (struct act){ .arena = &im->arena, .now = time_now(),
		                .secrets = desk_secrets(desk) };
	chance_from_system(&im->act.chance);
	st = desk_run(desk, run, im);
	desk_close(desk);
	if (st == CONFLICT)
		return cli_usage("import", "%s: there is a place of this name already; "
		                 "choose another with --slug NAME", name);
	if (st != OK) {
		cli_say_error("import", name, st, &im->error);
		return EXIT_USAGE;
	}
	printf("%s is now the place /%.*s, counted again.\n", name, STR_ARG(im->made.slug));
	return EXIT_GOOD;
}

int
cli_import(int argc, char **argv)
{
	struct importing im = { .st = OK };
	struct str text;
	struct cli_where where = { NULL, NULL };
	const char *name = NULL, *value;
	int code = EXIT_USAGE;
	enum status st;

	for (int at = 1; at < argc;) {
		if (cli_where(argc, argv, &at, &where))
			continue;
		if ((value = cli_option(argc, argv, &at, "--slug")) != NULL)
			im.slug = str_of(value);
		else if (argv[at][0] != '-' && name == NULL)
			name = argv[at++];
		else
			return cli_usage("import", "\"%s\" is not known; see `folkmoot help import`",
			                 argv[at]);
	}
	if (name == NULL || where.data == NULL)
		return cli_usage("import", "%s is missing", name == NULL ? "FILE.pb" : "--data FOLDER");
	arena_init(&im.arena, MEMORY_MAX);
	if (cli_read_file("import", name, &im.arena, &text)) {
		st = pabulib_parse(&im.arena, text, &im.file, &im.error);
		if (st == OK)
			code = import_into(&im, &where, name);
		else
			cli_say_error("import", name, st, &im.error);
	}
	arena_release(&im.arena);
	return code;
}
