/* gen_sql IDS.H FOLDER FILE.sql…: writes FOLDER/NOUN.sql.h and NOUN.sql.c for each file of
 * statements, and FOLDER/statements.c with the table of all and the migrations (the files
 * whose name is a number). */
#include "gen_sql.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct input {
	struct migration **migrations;
	size_t migration_count;
	struct noun **nouns;
	size_t noun_count;
};

static void
read_file(struct input *in, const char *path)
{
	const char *name = strrchr(path, '/');

	if (isdigit((unsigned char)(name == NULL ? path : name + 1)[0])) {
		in->migrations = take_room(in->migrations, in->migration_count,
		                           sizeof *in->migrations);
		in->migrations[in->migration_count++] = migration_read(path);
	} else {
		in->nouns = take_room(in->nouns, in->noun_count, sizeof *in->nouns);
		in->nouns[in->noun_count++] = noun_read(path);
	}
}

static void
check_name(const struct input *in, const struct statement *s)
{
	for (size_t n = 0; n < in->noun_count; n++) {
		for (size_t i = 0; i < in->nouns[n]->count; i++) {
			const struct statement *other = in->nouns[n]->statements[i];

			if (other == s)
				return;
			if (strcmp(other->name, s->name) == 0)
				complain(s->path, s->line, "%s is also in %s:%d", s->name, other->path,
				         other->line);
		}
	}
}

static void
check_all(const struct input *in, struct schema *schema)
{
	int number = 0;

	for (size_t n = 0; n < in->noun_count; n++) {
		for (size_t i = 0; i < in->nouns[n]->count; i++) {
			struct statement *s = in->nouns[n]->statements[i];

			s->number = number++;
			check_name(in, s);
			statement_check(schema, s);
		}
	}
}

int
main(int argc, char **argv)
{
	struct input in = { NULL, 0, NULL, 0 };
	struct schema *schema;

	if (argc < 4) {
		fprintf(stderr, "usage: gen_sql base/id.h FOLDER FILE.sql…\n");
		return 2;
	}
	types_init(argv[1]);
	for (int i = 3; i < argc; i++)
		read_file(&in, argv[i]);
	schema = schema_open(in.migrations, in.migration_count);
	check_all(&in, schema);
	if (complaints() > 0)
		return 1;
	for (size_t i = 0; i < in.noun_count; i++)
		noun_write(argv[2], in.nouns[i]);
	table_write(argv[2], in.nouns, in.noun_count, in.migrations, in.migration_count, schema);
	schema_close(schema);
	return 0;
}
