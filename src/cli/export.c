/* `folkmoot export`: the counted rounds of a place as Pabulib files. */
#include <stdio.h>
#include <string.h>

#include "acts/desk.h"
#include "acts/place.h"
#include "acts/result.h"
#include "cli/cli.h"
#include "cli/file.h"

#define MEMORY_MAX ((size_t)4 << 30)

struct exporting {
	struct cli_where where;
	const char *slug, *round, *out;
};

/* The round that was asked for by its id, or the only one that is counted. */
static enum status
find_round(struct act *act, const char *text, struct round_id *ret)
{
	struct count_rounds_rows rounds;
	enum status st;

	if (text != NULL)
		return id_parse(str_of(text), &ret->value);
	st = count_rounds(act->db, act->arena, act->place.id, &rounds);
	if (st != OK)
		return st;
	if (rounds.len == 1) {
		*ret = rounds.ptr[0].id;
		return OK;
	}
	for (size_t i = 0; i < rounds.len; i++)
		fprintf(stderr, "  --round %s   %.*s\n", id_text(rounds.ptr[i].id.value).text,
		        STR_ARG(rounds.ptr[i].title));
	return rounds.len == 0 ? NOT_FOUND : CONFLICT;
}

static int
write_round(const struct exporting *ex, struct act *act)
{
	struct round_id round = { 0 };
	struct buf out;
	int code = EXIT_USAGE;
	enum status st = find_round(act, ex->round, &round);

	if (st == CONFLICT)
		return cli_usage("export", "/%s has several counted rounds: choose one", ex->slug);
	buf_init(&out, EXPORT_MAX);
	if (st == OK)
		st = act_round_export(act, round, &out);
	if (st != OK)
		code = cli_usage("export", "/%s: no counted round of that name (%s)", ex->slug,
		                 status_name(st));
	else if (ex->out != NULL)
		code = cli_write_file("export", ex->out, buf_str(&out)) ? EXIT_GOOD : EXIT_USAGE;
	else if (fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0)
		code = EXIT_GOOD;
	buf_release(&out);
	return code;
}

static int
export_from(const struct exporting *ex, struct desk *desk)
{
	struct arena arena;
	struct act act = { .arena = &arena, .now = time_now() };
	const char *why = NULL;
	int code;
	enum status st = desk_reader_of(desk, desk_home_of_slug(desk, str_of(ex->slug)), &act.db, &why);

	if (st != OK)
		return cli_usage("export", "%s: %s", ex->where.data, why);
	arena_init(&arena, MEMORY_MAX);
	st = act_place_by_slug(act.db, &arena, str_of(ex->slug), &act.place);
	code = st == OK ? write_round(ex, &act)
	                : cli_usage("export", "there is no place /%s", ex->slug);
	arena_release(&arena);
	db_close(act.db);
	return code;
}

int
cli_export(int argc, char **argv)
{
	struct exporting ex = { 0 };
	struct desk *desk;
	const char *value, *why = NULL;
	int code;

	for (int at = 1; at < argc;) {
		if (cli_where(argc, argv, &at, &ex.where))
			continue;
		if ((value = cli_option(argc, argv, &at, "--round")) != NULL)
			ex.round = value;
		else if ((value = cli_option(argc, argv, &at, "--out")) != NULL)
			ex.out = value;
		else if (argv[at][0] != '-' && ex.slug == NULL)
			ex.slug = argv[at++];
		else
			return cli_usage("export", "\"%s\" is not known; see `folkmoot help export`",
			                 argv[at]);
	}
	if (ex.slug == NULL || ex.where.data == NULL)
		return cli_usage("export", "%s is missing",
		                 ex.slug == NULL ? "the place" : "--data FOLDER");
	if (cli_desk_open(&ex.where, &desk, &why) != OK)
		return cli_usage("export", "%s: %s", ex.where.data, why);
	code = export_from(&ex, desk);
	desk_close(desk);
	return code;
}
