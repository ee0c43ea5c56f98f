/* A database with two places and a few people, for tests of acts: each deed runs in a
 * transaction of its own, as the writer runs it. */
#ifndef TESTS_ACTS_WORLD_H
#define TESTS_ACTS_WORLD_H

#include "acts/act.h"
#include "acts/place.h"
#include "store/person.sql.h"
#include "store/scratch.h"

struct world {
	struct scratch scratch;
	struct db *db;
	struct beside beside; /* a connection of the test's own, to look at tables with */
	struct act act;  /* in the first place; who and now are the test's to change */
};

#define WORLD_PLACE 10
#define WORLD_ELSEWHERE 20

static const struct person maya = { { 101 }, STR_INIT("Maya Osei"), ROLE_MEMBER };
static const struct person idris = { { 102 }, STR_INIT("Idris Kaya"), ROLE_MEMBER };
static const struct person ana = { { 103 }, STR_INIT("Ana Silva"), ROLE_MEMBER | ROLE_STEWARD };
static const struct person nobody = { { 0 }, STR_INIT(""), 0 };

static inline void
world_need(enum status st, const char *what)
{
	if (st != OK) {
		fprintf(stderr, "%s: %s\n", what, status_name(st));
		exit(1);
	}
}

static inline void
world_begin(struct world *w)
{
	world_need(db_begin_write(w->db), "begin");
}

/* Ends a deed as the writer does: only OK is kept. */
static inline enum status
world_end(struct world *w, enum status st)
{
	if (st == OK)
		return db_commit(w->db);
	db_rollback(w->db);
	return st;
}

/* WORLD_DO(w, act_idea_add(&w->act, …)) */
#define WORLD_DO(w, call) (world_begin(w), world_end((w), (call)))

static inline void
world_person(struct world *w, struct place_id place, const struct person *person,
             const char *email)
{
	struct str address = str_of(email);

	world_need(person_insert(w->db, place, person->id, person->name,
	                         email == NULL ? NULL : &address, w->act.now),
	           "person");
}

static inline void
world_go(struct world *w, int64_t place)
{
	world_need(act_place_by_id(w->db, &w->scratch.arena, (struct place_id){ place },
	                           &w->act.place),
	           "place");
}

static inline void
world_init(struct world *w)
{
	static const uint8_t seed[32] = { 7 };

	*w = (struct world){ 0 };
	scratch_init(&w->scratch);
	w->db = scratch_open(&w->scratch, DB_CREATE);
	w->act = (struct act){ .db = w->db, .arena = &w->scratch.arena, .who = maya,
		               .now = { 1790000000 * SECOND_US },
		               .origin = STR("https://vale.example") };
	chance_from_seed(&w->act.chance, seed);
	world_begin(w);
	world_need(scratch_add_place(w->db, WORLD_PLACE, STR("vale")), "vale");
	world_need(scratch_add_place(w->db, WORLD_ELSEWHERE, STR("mill")), "mill");
	world_person(w, (struct place_id){ WORLD_PLACE }, &maya, "maya@vale.example");
	world_person(w, (struct place_id){ WORLD_PLACE }, &idris, NULL);
	world_person(w, (struct place_id){ WORLD_PLACE }, &ana, "ana@vale.example");
	world_person(w, (struct place_id){ WORLD_ELSEWHERE }, &maya, "maya@vale.example");
	world_need(db_commit(w->db), "commit");
	world_go(w, WORLD_PLACE);
	beside_open(&w->beside, w->scratch.path);
}

static inline void
world_release(struct world *w)
{
	beside_close(&w->beside);
	db_close(w->db);
	scratch_release(&w->scratch);
}

/* Runs SQL that the program itself has no statement for. */
static inline void
world_sql(struct world *w, const char *sql)
{
	beside_run(&w->beside, sql);
}

/* The first column of the first row; text in the world's arena. */
static inline struct str
world_text(struct world *w, const char *sql)
{
	struct str text;
	enum status st = beside_value(&w->beside, sql, &w->scratch.arena, &text);

	if (st != NOT_FOUND)
		world_need(st, sql);
	return text;
}

static inline int64_t
world_number(struct world *w, const char *sql)
{
	int64_t n = 0;

	world_need(str_to_int(world_text(w, sql), &n), sql);
	return n;
}

/* A digest of every table but those of full-text search: the same when nothing happened. */
static inline struct str
world_state(struct world *w)
{
	struct str names = beside_tables(&w->beside, &w->scratch.arena), name;
	struct buf sql;
	struct str state;

	buf_init(&sql, 64 * 1024);
	buf_add_c(&sql, "SELECT ''");
	while (names.ptr != NULL && names.len > 0) {
		name = str_next(&names, ',');
		buf_add_format(&sql, " || (SELECT count(*) || ',' FROM \"%.*s\")", STR_ARG(name));
	}
	buf_add_c(&sql, w->beside.pg != NULL
	          ? " || coalesce((SELECT string_agg(title || version || state || comments || judgement,"
	            " ',' ORDER BY id) FROM idea), '')"
	            " || coalesce((SELECT string_agg(idea_id || CAST(words AS text), ',' ORDER BY idea_id)"
	            " FROM idea_search), '')"
	          : " || coalesce((SELECT group_concat(title || version || state || comments || judgement)"
	            " FROM idea), '') || coalesce((SELECT group_concat(rowid || title) FROM idea_search), '')");
	buf_add_char(&sql, '\0');
	world_need(buf_status(&sql), "state");
	state = world_text(w, sql.ptr);
	buf_release(&sql);
	return state;
}

#endif
