/* What a measurement needs in a data folder beside a place that is there: bench_seed DATA SLUG
 * adds fifty people, an idea with a comment by each, and a session of the first of them.
 * Prints "COOKIE IDEA": the session's cookie, and the idea's id. */
#include <stdio.h>
#include <stdlib.h>

#include "acts/comment.h"
#include "acts/desk.h"
#include "acts/idea.h"
#include "acts/place.h"
#include "acts/session.h"
#include "store/person.sql.h"
#include "web/session_cookie.h"

enum { PEOPLE = 50, MEMORY_MAX = 64 << 20 };

static const char body[] =
	"The path behind the school is dark from four o'clock on, and **forty children** go home that "
	"way. We should:\n\n- put up six lamps that wake when somebody comes\n- cut the hedge back\n"
	"- ask the allotments for the key of the side gate\n\nThe council would connect them; the "
	"posts and lamps are ours to pay. [The map](https://vale.example/map) shows where.";

struct seeding {
	struct act act;
	struct str slug;
	struct token_text token;
	struct idea_id idea;
};

static enum status
add_idea(struct act *act, struct idea_id *ret)
{
	struct idea_new idea = { .key = chance_id(&act->chance), .similar_seen = true,
		                 .draft = { .title = STR("Lamps for the path behind the school"),
		                            .body = STR(body), .has_cost = true,
		                            .rough_cost = { 1250000 } } };
	struct refusal why;

	return act_idea_add(act, &idea, ret, &why);
}

static enum status
add_comment(struct act *act, struct idea_id idea, int number)
{
	struct comment_added added;
	struct refusal why;
	struct str text;
	enum status st = str_format(act->arena, &text,
		"Yes please, said I as number %d. We walk there *every day*, and last winter "
		"my neighbour fell over the root by the second bend. Could one lamp stand there?", number);

	return st == OK ? act_comment_add(act, idea, chance_id(&act->chance), text, &added, &why) : st;
}

static enum status
seed(struct db *db, void *context)
{
	struct seeding *s = context;
	struct act *act = &s->act;
	enum status st;

	act->db = db;
	st = act_place_by_slug(db, act->arena, s->slug, &act->place);
	for (int i = 1; i <= PEOPLE && st == OK; i++) {
		act->who = (struct person){ { chance_id(&act->chance) }, STR("Maya Osei"), ROLE_MEMBER };
		st = person_insert(db, act->place.id, act->who.id, act->who.name, NULL, act->now);
		if (st == OK && i == 1)
			st = act_session_start(act, act->who.id, &s->token);
		if (st == OK && i == 1)
			st = add_idea(act, &s->idea);
		if (st == OK)
			st = add_comment(act, s->idea, i);
	}
	return st;
}

int
main(int argc, char **argv)
{
	struct seeding s = { .slug = str_of(argc == 3 ? argv[2] : "") };
	struct arena arena;
	struct desk *desk;
	const char *why = NULL;
	enum status st;

	if (argc != 3 || desk_open(argv[1], NULL, &desk, &why) != OK) {
		fprintf(stderr, "bench_seed DATA SLUG%s%s\n", why == NULL ? "" : ": ", why == NULL ? "" : why);
		return 2;
	}
	arena_init(&arena, MEMORY_MAX);
	s.act = (struct act){ .arena = &arena, .now = time_now(), .secrets = desk_secrets(desk),
		              .origin = STR("http://127.0.0.1") };
	chance_from_system(&s.act.chance);
	st = desk_run(desk, seed, &s);
	desk_close(desk);
	arena_release(&arena);
	if (st != OK) {
		fprintf(stderr, "bench_seed: %s\n", status_name(st));
		return 1;
	}
	printf("%s=%s %s\n", cookie_name(COOKIE_SESSION, s.slug).text, s.token.text,
	       id_text(s.idea.value).text);
	return 0;
}
