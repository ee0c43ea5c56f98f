/* A place moves house: whole, verified, while deeds go on, and however often the mover dies. From a
 * file to a file; on PostgreSQL (tests/pg/both.sh) from a file to the server and back. */
#include <pthread.h>
#include <unistd.h>

#include "acts/desk.h"
#include "acts/idea.h"
#include "acts/move.h"
#include "acts/world.h"
#include "store/place.sql.h"

/* Two databases: the world's own, and another, always a file. */
struct stage {
	struct world w;
	char other[PATH_MAX + 16];
	struct mover mover;
	struct beside there;
	int dies_at;
};

static void
hear(void *context, struct str line)
{
	(void)context;
	(void)line;
}

static bool
falls_dead(void *context, int step)
{
	const struct stage *s = context;

	return step == s->dies_at;
}

static void
open_mover(struct stage *s)
{
	const char *why = "";

	s->mover = (struct mover){ .say = hear, .context = s };
	world_need(db_open(s->w.scratch.path, DB_WRITE, &s->mover.from, &why), why);
	world_need(db_open(s->other, DB_CREATE, &s->mover.to, &why), why);
}

static void
close_mover(struct stage *s)
{
	db_close(s->mover.from);
	db_close(s->mover.to);
}

static void
stage_init(struct stage *s)
{
	struct refusal why;

	memset(s, 0, sizeof *s);
	world_init(&s->w);
	(void)snprintf(s->other, sizeof s->other, "%s/other.db", s->w.scratch.folder);
	world_begin(&s->w);
	world_need(place_slug_insert(s->w.db, STR("vale"), (struct place_id){ WORLD_PLACE }), "slug");
	world_need(place_slug_insert(s->w.db, STR("mill"), (struct place_id){ WORLD_ELSEWHERE }), "slug");
	world_need(db_commit(s->w.db), "slugs");
	for (int i = 0; i < 30; i++) {
		struct idea_new idea = { .key = 100 + i, .similar_seen = true,
			                 .draft = { .title = STR("A bench"), .body = STR("Under, the \"lime\"") } };
		struct idea_id id;

		s->w.act.now = time_plus(s->w.act.now, DAY_US);
		world_need(WORLD_DO(&s->w, act_idea_add(&s->w.act, &idea, &id, &why)), "idea");
	}
	/* Keys of text and bytes, with what separates them in it. */
	world_sql(&s->w, "INSERT INTO area (place_id, area, name, position) VALUES (10, 'a,b', 'A, b', 1)");
	world_sql(&s->w, "INSERT INTO ballot (place_id, round_id, ballot_key, choice)"
	                 " VALUES (10, 7, zeroblob(32), '1,2')");
	open_mover(s);
	beside_open(&s->there, s->other);
}

static void
stage_release(struct stage *s)
{
	close_mover(s);
	beside_close(&s->there);
	world_release(&s->w);
}

static int64_t
number_in(struct stage *s, struct beside *b, const char *sql)
{
	struct str text;
	int64_t n = -1;

	if (beside_value(b, sql, &s->w.scratch.arena, &text) == OK && str_to_int(text, &n) != OK)
		n = -1;
	return n;
}

static void
is_whole_there(struct stage *s)
{
	CHECK_INT(number_in(s, &s->there, "SELECT count(*) FROM place WHERE place_id = 10 AND state = 'here'"), 1);
	CHECK_INT(number_in(s, &s->there, "SELECT count(*) FROM idea"), 30);
	CHECK_INT(number_in(s, &s->there, "SELECT count(*) FROM idea_search"), 30);
	CHECK_INT(number_in(s, &s->there, "SELECT count(*) FROM leaf"), 30);
	CHECK_INT(number_in(s, &s->there, "SELECT count(*) FROM person"), 3);
	CHECK_INT(number_in(s, &s->there, "SELECT count(*) FROM moved"), 0);
	CHECK_INT(number_in(s, &s->there, "SELECT count(*) FROM place_slug"), 1);
	CHECK_INT(number_in(s, &s->w.beside, "SELECT count(*) FROM idea"), 0);
	CHECK_INT(number_in(s, &s->w.beside, "SELECT count(*) FROM idea_search"), 0);
	CHECK_INT(number_in(s, &s->w.beside, "SELECT count(*) FROM moved"), 0);
	/* The neighbours are as they were, and the path stays taken. */
	CHECK_INT(number_in(s, &s->w.beside, "SELECT count(*) FROM place"), 1);
	CHECK_INT(number_in(s, &s->w.beside, "SELECT count(*) FROM person"), 1);
	CHECK_INT(number_in(s, &s->w.beside, "SELECT count(*) FROM place_slug"), 2);
}

static void
test_there_and_back(void)
{
	struct stage s;
	struct str before;
	struct db *db;

	stage_init(&s);
	before = world_state(&s.w);
	CHECK_INT(act_move_place(&s.mover, STR("nothing")), NOT_FOUND);
	CHECK_INT(act_move_place(&s.mover, STR("vale")), OK);
	is_whole_there(&s);
	CHECK_INT(act_move_place(&s.mover, STR("vale")), OK); /* again: nothing left to do */
	CHECK_INT(act_move_undo(&s.mover, STR("vale")), REFUSED);
	db = s.mover.from;
	s.mover.from = s.mover.to;
	s.mover.to = db;
	CHECK_INT(act_move_place(&s.mover, STR("vale")), OK);
	CHECK(str_eq(world_state(&s.w), before));
	stage_release(&s);
}

static void
test_dies_anywhere(void)
{
	for (int step = 1; step <= 5; step++) {
		struct stage s;

		stage_init(&s);
		s.dies_at = step;
		s.mover.dies = falls_dead;
		CHECK_INT(act_move_place(&s.mover, STR("vale")), FAILED);
		/* One database at most takes deeds. */
		CHECK(number_in(&s, &s.there, "SELECT count(*) FROM place WHERE state = 'here'") +
		      number_in(&s, &s.w.beside,
		                "SELECT count(*) FROM place WHERE state = 'here' AND place_id = 10") <= 1);
		close_mover(&s); /* what it had open is gone with it */
		open_mover(&s);
		s.mover.dies = NULL;
		CHECK_INT(act_move_place(&s.mover, STR("vale")), OK);
		is_whole_there(&s);
		stage_release(&s);
	}
}

static void
test_undo(void)
{
	struct stage s;
	struct str before;

	stage_init(&s);
	before = world_state(&s.w);
	s.dies_at = 4;
	s.mover.dies = falls_dead;
	CHECK_INT(act_move_place(&s.mover, STR("vale")), FAILED);
	CHECK_INT(number_in(&s, &s.w.beside, "SELECT count(*) FROM place WHERE state = 'leaving'"), 1);
	close_mover(&s);
	open_mover(&s);
	CHECK_INT(act_move_undo(&s.mover, STR("vale")), OK);
	CHECK(str_eq(world_state(&s.w), before));
	CHECK_INT(number_in(&s, &s.there, "SELECT count(*) FROM idea"), 0);
	stage_release(&s);
}

/* A difference is found before anything is moved. */
static void
test_refused(void)
{
	struct stage s;

	stage_init(&s);
	world_sql(&s.w, "UPDATE idea SET comments = 7 WHERE place_id = 10");
	CHECK_INT(act_move_place(&s.mover, STR("vale")), REFUSED);
	CHECK_INT(number_in(&s, &s.there, "SELECT count(*) FROM idea"), 0);
	world_sql(&s.w, "UPDATE idea SET comments = 0 WHERE place_id = 10");
	/* The path is another place's there. */
	beside_run(&s.there, "INSERT INTO place_slug (slug, place_id) VALUES ('vale', 99)");
	CHECK_INT(act_move_place(&s.mover, STR("vale")), REFUSED);
	stage_release(&s);
}

/* ---- while deeds go on -------------------------------------------------------------------- */

enum { DOERS = 3 };

struct doing {
	struct desk *desk;
	int rows; /* each deed makes so many */
	atomic_bool stop;
	atomic_int done, next;
	pthread_t doers[DOERS];
};

struct adding {
	int number, rows;
};

static enum status
add_areas(struct db *db, void *context)
{
	const struct adding *a = context;
	enum status st = OK;

	for (int i = 0; st == OK && i < a->rows; i++) {
		char key[40];

		(void)snprintf(key, sizeof key, "x%d,%d", a->number, i);
		st = area_insert(db, (struct place_id){ WORLD_PLACE }, str_of(key), STR("Area"), a->number);
	}
	return st;
}

/* As web/exchange.c does it: where the place is, and after it when it has moved. */
static void *
do_deeds(void *context)
{
	struct doing *d = context;
	const struct place_id place = { WORLD_PLACE };

	while (!atomic_load(&d->stop)) {
		struct adding a = { atomic_fetch_add(&d->next, 1) + 10, d->rows };
		enum status st;

		do {
			st = desk_run_in(d->desk, desk_home_of_place(d->desk, place), place, add_areas, &a);
			if (st != OK)
				(void)usleep(1000);
			if (st == ELSEWHERE)
				(void)desk_look_again(d->desk);
		} while (st == UNAVAILABLE || st == ELSEWHERE);
		CHECK_INT(st, OK); /* CONFLICT: it was done twice */
		atomic_fetch_add(&d->done, st == OK);
	}
	return NULL;
}

static void
doing_begin(struct doing *d, struct stage *s)
{
	char conf[PATH_MAX + 32];
	const char *why = "";
	FILE *file;

	(void)snprintf(conf, sizeof conf, "%s/folkmoot.conf", s->w.scratch.folder);
	file = fopen(conf, "w");
	if (file == NULL)
		world_need(FAILED, conf);
	fprintf(file, "databases: { main = \"%s\"; other = \"%s\"; };\n", s->w.scratch.path, s->other);
	(void)fclose(file);
	world_need(desk_open(s->w.scratch.folder, NULL, &d->desk, &why), why);
	for (int i = 0; i < DOERS; i++)
		CHECK_INT(pthread_create(&d->doers[i], NULL, do_deeds, d), 0);
	(void)usleep(200000);
	CHECK(atomic_load(&d->done) > 0);
}

/* When they have followed the place: what was acknowledged is there, once, and nothing else. */
static void
doing_end(struct doing *d, struct stage *s)
{
	int before = atomic_load(&d->done);

	while (atomic_load(&d->done) < before + 200 / d->rows + 2)
		(void)usleep(10000);
	atomic_store(&d->stop, true);
	for (int i = 0; i < DOERS; i++)
		(void)pthread_join(d->doers[i], NULL);
	CHECK_INT(number_in(s, &s->there, "SELECT count(*) FROM area WHERE area LIKE 'x%'"),
	          d->done * d->rows);
	CHECK_INT(number_in(s, &s->w.beside, "SELECT count(*) FROM area"), 0);
	CHECK_INT(desk_home_of_slug(d->desk, STR("vale")), 1);
	CHECK_INT(desk_home_of_slug(d->desk, STR("mill")), 0);
	desk_close(d->desk);
}

static void
test_while_deeds_go_on(void)
{
	struct stage s;
	struct doing d = { .rows = 1 };

	stage_init(&s);
	doing_begin(&d, &s);
	CHECK_INT(act_move_place(&s.mover, STR("vale")), OK);
	doing_end(&d, &s);
	stage_release(&s);
}

/* However much is written beside the move, without a pause: it ends. */
static void
test_unlimited_load(void)
{
	struct stage s;
	struct doing d = { .rows = 150 };

	stage_init(&s);
	doing_begin(&d, &s);
	CHECK_INT(act_move_place(&s.mover, STR("vale")), OK);
	CHECK(s.mover.last_step_ms < 3000); /* about a quarter of a second where nothing else runs */
	doing_end(&d, &s);
	stage_release(&s);
}

static void
test_gives_up(void)
{
	struct stage s;
	struct doing d = { .rows = 10 };
	int before;

	stage_init(&s);
	doing_begin(&d, &s);
	s.mover.never_quick = true;
	CHECK_INT(act_move_place(&s.mover, STR("vale")), UNAVAILABLE);
	CHECK_INT(number_in(&s, &s.there, "SELECT count(*) FROM idea"), 0);
	before = atomic_load(&d.done);
	while (atomic_load(&d.done) < before + 10)
		(void)usleep(10000);
	CHECK_INT(desk_home_of_slug(d.desk, STR("vale")), 0);
	s.mover.never_quick = false;
	CHECK_INT(act_move_place(&s.mover, STR("vale")), OK);
	doing_end(&d, &s);
	stage_release(&s);
}

/* Whoever adds a table sees to it that it moves, or names it here. */
static void
test_every_table(void)
{
	struct stage s;
	struct str names;

	stage_init(&s);
	names = beside_tables(&s.there, &s.w.scratch.arena);
	while (names.ptr != NULL && names.len > 0) {
		struct str name = str_next(&names, ',');
		bool moves = false, stays = str_is(name, "place_slug") || str_is(name, "moved") ||
		                            str_is(name, "writer");

		for (int i = 0; i < db_table_total; i++)
			moves |= str_is(name, db_tables[i].name);
		CHECK(moves != stays);
		if (moves == stays)
			printf("# %.*s\n", STR_ARG(name));
	}
	stage_release(&s);
}

static const struct test_case cases[] = {
	{ "move: there and back, every row the same", test_there_and_back },
	{ "move: dies after any step and ends well the next time", test_dies_anywhere },
	{ "move: undone", test_undo },
	{ "move: differences and taken paths are refused", test_refused },
	{ "move: while deeds go on, nothing is lost or doubled", test_while_deeds_go_on },
	{ "move: ends under a load without pause, nothing lost or doubled", test_unlimited_load },
	{ "move: gives up when it can't catch up, and everything is as before", test_gives_up },
	{ "move: every table moves or stays on purpose", test_every_table },
};

int
main(void)
{
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
