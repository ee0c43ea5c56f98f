#include "village.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "acts/act.h"
#include "acts/place.h"
#include "acts/recipe.h"
#include "acts/session.h"
#include "store/person.sql.h"
#include "village_deeds.h"

enum { ARENA_MAX = 256 << 20 };

/* ---- saying and looking ---- */

void
village_wrong(struct village *v, const char *format, ...)
{
	va_list args;

	v->wrong++;
	printf("# step %d, %s: ", v->step, v->doing);
	va_start(args, format);
	(void)vprintf(format, args);
	va_end(args);
	printf("\n");
}

int64_t
village_number(struct village *v, const char *format, ...)
{
	char sql[1000];
	struct arena arena;
	struct str text;
	va_list args;
	int64_t n = 0;

	va_start(args, format);
	(void)vsnprintf(sql, sizeof sql, format, args);
	va_end(args);
	arena_init(&arena, 4096);
	if (beside_value(&v->beside, sql, &arena, &text) == OK && str_to_int(text, &n) != OK)
		village_wrong(v, "no number: %s", sql);
	arena_release(&arena);
	return n;
}

void
village_sql(struct village *v, const char *sql)
{
	beside_run(&v->beside, sql);
}

struct digest
village_state(struct village *v, bool no_ballots)
{
	struct arena arena;
	struct str names, name;
	struct digest digest;
	struct buf out;

	buf_init(&out, 64 << 20);
	arena_init(&arena, 65536);
	names = beside_tables(&v->beside, &arena);
	while (names.ptr != NULL && names.len > 0) {
		char sql[200];

		name = str_next(&names, ',');
		(void)snprintf(sql, sizeof sql, "SELECT * FROM \"%.*s\"", STR_ARG(name));
		if (no_ballots && str_is(name, "ballot"))
			(void)snprintf(sql, sizeof sql, "SELECT round_id, count(*) FROM ballot GROUP BY round_id");
		if (no_ballots && str_is(name, "sign_in"))
			(void)snprintf(sql, sizeof sql, "SELECT id, email, tries FROM sign_in");
		if (no_ballots && str_is(name, "mail"))
			(void)snprintf(sql, sizeof sql, "SELECT id, recipient, subject, body FROM mail");
		beside_rows(&v->beside, sql, &out);
	}
	arena_release(&arena);
	beside_rows(&v->beside, v->beside.pg != NULL
	            ? "SELECT idea_id, words FROM idea_search"
	            : "SELECT rowid, title, body FROM idea_search", &out);
	if (buf_status(&out) != OK) {
		fprintf(stderr, "the village is too big\n");
		exit(1);
	}
	digest = digest_of(buf_str(&out));
	buf_release(&out);
	return digest;
}

struct act
village_ask(struct village *v, struct spot *spot, int who)
{
	static const uint8_t seed[32] = { 1 };
	struct act act = { .db = v->reader, .arena = &v->arena, .now = v->now,
		           .secrets = desk_secrets(v->desk), .origin = STR("https://sim.example") };
	struct str token = who < 0 ? STR("") : str_of(spot->people[who].token.text);

	chance_from_seed(&act.chance, seed);
	if (act_session_enter(&act, str_of(spot->slug), token) != OK)
		village_wrong(v, "%s is not there", spot->slug);
	return act;
}

/* ---- the beginning ---- */

struct setting_up {
	struct village *v;
	struct spot *spot;
	int number;
};

static enum status
set_up(struct db *db, void *context)
{
	struct setting_up *in = context;
	struct village *v = in->v;
	struct spot *spot = in->spot;
	struct act act = { .db = db, .arena = &v->arena, .now = v->now,
		           .secrets = desk_secrets(v->desk), .origin = STR("https://sim.example") };
	struct person_by_email_row row;
	struct place_plan plan;
	struct recipe recipe;
	struct refusal why;
	uint8_t seed[32] = { 9, (uint8_t)in->number };
	enum status st = recipe_by_name(act.arena, str_of(recipe_name(0)), &recipe);

	chance_from_seed(&act.chance, seed);
	if (st == OK)
		st = recipe_plan(act.arena, &recipe, &plan);
	if (st == OK)
		st = place_areas_read(act.arena, STR("Hill Street\nThe Ford\nMill Lane"), &plan.areas,
		                      &plan.areas_len, &why);
	if (st != OK)
		return st;
	plan.place.slug = str_of(spot->slug);
	plan.place.name = str_of(spot->slug);
	plan.steward = (struct place_helper){ str_of(spot->people[STEWARD].name),
		                              str_of(spot->people[STEWARD].email) };
	plan.treasurer = (struct place_helper){ str_of(spot->people[TREASURER].name),
		                                str_of(spot->people[TREASURER].email) };
	st = act_place_set_up(&act, &plan, &why);
	if (st != OK)
		return st;
	/* Nobody is made a steward in the program yet, but at the beginning. */
	spot->place = act.place;
	st = person_insert(db, act.place.id, (struct person_id){ 77 },
	                   str_of(spot->people[STEWARD_TOO].name),
	                   &(struct str){ spot->people[STEWARD_TOO].email,
	                                  strlen(spot->people[STEWARD_TOO].email) }, v->now);
	if (st == OK)
		st = role_insert(db, act.place.id, (struct person_id){ 77 }, STR("steward"), v->now);
	if (st == OK)
		st = person_by_email(db, act.arena, act.place.id,
		                     str_of(spot->people[TREASURER].email), &row);
	return st;
}

void
village_init(struct village *v, uint64_t seed, bool twisted)
{
	static const char *const slugs[SPOTS] = { "vale", "mill" };
	uint8_t bytes[32] = "a year in the village";
	const char *why;

	*v = (struct village){ .twisted = twisted, .now = { 1790000000 * SECOND_US },
		               .doing = "begin" };
	memcpy(bytes + 24, &seed, sizeof seed);
	chance_from_seed(&v->chance, bytes);
	scratch_init(&v->scratch);
	arena_init(&v->arena, ARENA_MAX);
	if (desk_open(v->scratch.folder, scratch_db(&v->scratch), &v->desk, &why) != OK ||
	    desk_reader(v->desk, &v->reader, &why) != OK) {
		fprintf(stderr, "%s: no database\n", v->scratch.folder);
		exit(1);
	}
	beside_open(&v->beside, desk_database(v->desk));
	for (int s = 0; s < SPOTS; s++) {
		struct setting_up in = { v, &v->spots[s], s };
		struct spot *spot = in.spot;

		spot->slug = slugs[s];
		spot->people_len = s == 0 ? PEOPLE_MAX : 6;
		for (int i = 0; i < spot->people_len; i++) {
			(void)snprintf(spot->people[i].email, sizeof spot->people[i].email,
			               "p%d@%s.example", i, s == 0 ? "vale" : i == 3 ? "vale" : "mill");
			(void)snprintf(spot->people[i].name, sizeof spot->people[i].name,
			               "Person %d of %s", i, slugs[s]);
		}
		if (desk_run(v->desk, set_up, &in) != OK) {
			fprintf(stderr, "%s: not set up\n", slugs[s]);
			exit(1);
		}
	}
	arena_reset(&v->arena);
}

void
village_release(struct village *v)
{
	beside_close(&v->beside);
	db_close(v->reader);
	desk_close(v->desk);
	arena_release(&v->arena);
	scratch_release(&v->scratch);
}

/* ---- a deed, as a request does it ---- */

static enum status
run_deed(struct db *db, void *context)
{
	struct sim_deed *deed = context;
	struct village *v = deed->v;
	struct act act = { .db = db, .arena = &v->arena, .now = v->now,
		           .secrets = desk_secrets(v->desk), .origin = STR("https://sim.example") };
	uint8_t seed[32] = "a deed";
	struct str token = deed->who < 0 ? STR("") : str_of(deed->from->people[deed->who].token.text);
	enum status st;

	memcpy(seed + 24, &deed->seed, sizeof deed->seed);
	chance_from_seed(&act.chance, seed);
	deed->why = (struct refusal){ .status = OK };
	db_fail_at(db, deed->fault);
	st = act_session_enter(&act, str_of(deed->at->slug), token);
	if (st == OK)
		st = deed->run(deed, &act);
	db_fail_at(db, 0);
	return st;
}

static enum status
once(struct sim_deed *deed)
{
	struct village *v = deed->v;
	struct digest before = { { 0 } };
	bool look = deed->fault > 0 || chance_below(&v->chance, 4) == 0;
	enum status st;

	if (look)
		before = village_state(v, false);
	st = desk_run(v->desk, run_deed, deed);
	if (st != OK && look) {
		struct digest after = village_state(v, false);

		if (memcmp(before.bytes, after.bytes, DIGEST_LEN) != 0)
			village_wrong(v, "%s, and something was written", status_name(st));
	}
	return st;
}

enum status
sim_do(struct sim_deed *deed, unsigned want)
{
	struct village *v = deed->v;
	enum status st;

	deed->seed = v->deeds++;
	if (chance_below(&v->chance, 5) == 0)
		deed->fault = 1 + (int64_t)chance_below(&v->chance, 16);
	st = once(deed);
	if (deed->fault > 0 && st == UNAVAILABLE) {
		v->faults++;
		deed->fault = 0;
		st = once(deed);
	}
	deed->fault = 0;
	if ((want >> st & 1) == 0)
		village_wrong(v, "%s%s%s", status_name(st), st == REFUSED ? ": " : "",
		              st == REFUSED && deed->why.message.text != NULL ? deed->why.message.text
		                                                              : "");
	if (st == OK)
		v->done++;
	else
		v->refused++;
	return st;
}

void
sim_again(struct sim_deed *deed)
{
	struct village *v = deed->v;
	struct digest before, after;
	enum status st;

	if (chance_below(&v->chance, 4) != 0)
		return;
	before = village_state(v, false);
	deed->seed = v->deeds++;
	st = once(deed);
	after = village_state(v, false);
	v->twice++;
	if (st != OK)
		village_wrong(v, "sent twice: %s", status_name(st));
	if (memcmp(before.bytes, after.bytes, DIGEST_LEN) != 0)
		village_wrong(v, "sent twice, done twice");
}
