/* `folkmoot move` and `folkmoot places`: where places live, and moving them. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "acts/desk.h"
#include "acts/move.h"
#include "acts/place.h"
#include "cli/cli.h"

enum { PLACES_MAX = 200 };

static atomic_bool stop;

static void
on_signal(int number)
{
	(void)number;
	atomic_store(&stop, true);
}

static void
say_line(void *context, struct str line)
{
	(void)context;
	printf("%.*s\n", STR_ARG(line));
	(void)fflush(stdout);
}

struct wanted {
	const char *from, *to;
	const char *places[PLACES_MAX];
	int places_len;
	bool undo;
};

static enum status
run(struct mover *mover, const struct wanted *w)
{
	struct arena arena;
	enum status st = OK;

	if (w->places_len == 0) {
		arena_init(&arena, (size_t)64 << 20);
		st = act_move_all(mover, &arena);
		arena_release(&arena);
	}
	for (int i = 0; st == OK && i < w->places_len; i++)
		st = w->undo ? act_move_undo(mover, str_of(w->places[i]))
		             : act_move_place(mover, str_of(w->places[i]));
	return st;
}

static int
move_between(const char *verb, const struct wanted *w)
{
	struct mover mover = { .say = say_line, .stop = &stop };
	const char *why = "";
	enum status st;

	(void)signal(SIGINT, on_signal);
	(void)signal(SIGTERM, on_signal);
	if (db_open(w->from, DB_WRITE, &mover.from, &why) != OK)
		return cli_usage(verb, "%s: %s", w->from, why);
	if (db_open(w->to, DB_CREATE, &mover.to, &why) != OK) {
		db_close(mover.from);
		return cli_usage(verb, "%s: %s", w->to, why);
	}
	st = run(&mover, w);
	db_close(mover.from);
	db_close(mover.to);
	if (st == OK)
		return EXIT_GOOD;
	fprintf(stderr, "folkmoot %s: not done to its end (%s). Run the same again, or undo it.\n", verb,
	        status_name(st));
	return EXIT_DIFFERS;
}

int
cli_move(int argc, char **argv)
{
	struct wanted w = { 0 };
	const char *value;

	for (int at = 1; at < argc;) {
		if ((value = cli_option(argc, argv, &at, "--from")) != NULL) {
			w.from = value;
		} else if ((value = cli_option(argc, argv, &at, "--to")) != NULL) {
			w.to = value;
		} else if ((value = cli_option(argc, argv, &at, "--place")) != NULL) {
			if (w.places_len == PLACES_MAX)
				return cli_usage("move", "at most %d places at once; leave --place out for all",
				                 (int)PLACES_MAX);
			w.places[w.places_len++] = value;
		} else if (strcmp(argv[at], "--undo") == 0) {
			w.undo = true;
			at++;
		} else {
			return cli_usage("move", "\"%s\" is not known; see `folkmoot help move`", argv[at]);
		}
	}
	if (w.from == NULL || w.to == NULL)
		return cli_usage("move", "%s is missing", w.from == NULL ? "--from DB" : "--to DB");
	if (w.undo && w.places_len == 0)
		return cli_usage("move", "--undo wants --place SLUG");
	if (strcmp(w.from, w.to) == 0)
		return cli_usage("move", "--from and --to are the same database");
	if (db_has_password(w.from) || db_has_password(w.to))
		return cli_usage("move", "a password on the command line can be read by everybody: use a "
		                 "passfile (PGPASSFILE, or passfile=… in the URI)");
	return move_between("move", &w);
}

/* ---- places ------------------------------------------------------------------------------- */

static int
list_places(struct desk *desk)
{
	int code = EXIT_GOOD;

	for (int home = 0; home < desk_homes(desk); home++) {
		struct home_place_list places;
		struct arena arena;
		struct db *db = NULL;
		const char *why = "";
		enum status st = desk_reader_of(desk, home, &db, &why);

		arena_init(&arena, (size_t)64 << 20);
		if (st == OK)
			st = home_places(db, &arena, &places);
		if (st != OK) {
			fprintf(stderr, "folkmoot places: %s: %s\n", desk_home_name(desk, home), why);
			code = EXIT_DIFFERS;
		}
		for (size_t i = 0; st == OK && i < places.len; i++)
			printf("/%-40.*s %-16s %.*s\n", STR_ARG(places.ptr[i].slug), desk_home_name(desk, home),
			       STR_ARG(places.ptr[i].state));
		db_close(db);
		arena_release(&arena);
	}
	return code;
}

/* From where it is to the database of that name. */
static int
move_to(const struct cli_where *where, const char *slug, const char *name)
{
	struct wanted w = { .places = { slug }, .places_len = 1 };
	struct home_list homes;
	const char *why = "";
	int code;

	if (homes_read(where->data, where->db, &homes, &why) != OK)
		return cli_usage("places", "%s: %s", where->data, why);
	for (int i = 0; i < homes.len; i++) {
		struct db *db = NULL;
		struct arena arena;
		struct place place;

		if (strcmp(homes.ptr[i].name, name) == 0)
			w.to = homes.ptr[i].where;
		arena_init(&arena, 1 << 20);
		if (db_open(homes.ptr[i].where, DB_READ, &db, &why) == OK &&
		    act_place_by_slug(db, &arena, str_of(slug), &place) == OK)
			w.from = w.from == NULL || strcmp(homes.ptr[i].name, name) != 0 ? homes.ptr[i].where
			                                                                : w.from;
		db_close(db);
		arena_release(&arena);
	}
	if (w.to == NULL)
		code = cli_usage("places", "there is no database \"%s\" in folkmoot.conf", name);
	else if (w.from == NULL)
		code = cli_usage("places", "no database that answers has a place /%s", slug);
	else if (w.from == w.to)
		code = cli_usage("places", "/%s is there already", slug);
	else
		code = move_between("places", &w);
	homes_release(&homes);
	return code;
}

int
cli_places(int argc, char **argv)
{
	struct cli_where where = { NULL, NULL };
	const char *words[3], *why = "";
	struct desk *desk;
	int words_len = 0, code;

	for (int at = 1; at < argc;) {
		if (cli_where(argc, argv, &at, &where))
			continue;
		if (argv[at][0] == '-' || words_len == 3)
			return cli_usage("places", "\"%s\" is not known; see `folkmoot help places`", argv[at]);
		words[words_len++] = argv[at++];
	}
	if (where.data == NULL)
		return cli_usage("places", "--data FOLDER is missing");
	if (words_len == 3 && strcmp(words[0], "move") == 0)
		return move_to(&where, words[1], words[2]);
	if (words_len != 0)
		return cli_usage("places", "it is `folkmoot places` or `folkmoot places move PLACE DATABASE`");
	if (cli_desk_open(&where, &desk, &why) != OK)
		return cli_usage("places", "%s: %s", where.data, why);
	code = list_places(desk);
	desk_close(desk);
	return code;
}
