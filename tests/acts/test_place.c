#include "acts/home.h"
#include "acts/recipe.h"
#include "store/secrets.h"
#include "test.h"
#include "world.h"

static void
open_secrets(struct world *w)
{
	char folder[PATH_MAX + 16];
	const char *why;

	(void)snprintf(folder, sizeof folder, "%s/secrets", w->scratch.folder);
	world_need(secrets_open(folder, &w->act.secrets, &why), "secrets");
	w->act.place = (struct place){ .id = { 0 } };
	w->act.who = nobody;
}

static void
close_all(struct world *w)
{
	secrets_close(w->act.secrets);
	world_release(w);
}

static struct place_plan
alder_vale(struct world *w)
{
	struct recipe recipe;
	struct place_plan plan;
	struct refusal why;

	world_need(recipe_by_name(w->act.arena, STR("neighbourhood-endowment"), &recipe), "recipe");
	world_need(recipe_plan(w->act.arena, &recipe, &plan), "plan");
	plan.place.name = STR("Alder Vale");
	plan.place.slug = STR("alder-vale");
	plan.place.people = 8140;
	world_need(place_areas_read(w->act.arena, STR("Mill Lane\nThe Green"), &plan.areas,
	                            &plan.areas_len, &why), "areas");
	plan.steward = (struct place_helper){ STR("Maya Osei"), STR("Maya@Example.org") };
	plan.treasurer = (struct place_helper){ STR("Tom Reed"), STR("tom@example.org") };
	return plan;
}

static void
sets_up(void)
{
	struct world w;
	struct place_plan plan;
	struct place_settings settings;
	struct helper_list helpers;
	struct area_list areas;
	struct place found;
	struct refusal why = { 0 };

	world_init(&w);
	open_secrets(&w);
	plan = alder_vale(&w);
	CHECK_INT(WORLD_DO(&w, act_place_set_up(&w.act, &plan, &why)), OK);
	CHECK_INT(act_place_by_slug(w.db, w.act.arena, STR("alder-vale"), &found), OK);
	CHECK(found.id.value != 0 && found.id.value == w.act.place.id.value);
	CHECK_INT(found.people, 8140);
	CHECK_INT(act_place_settings(&w.act, &settings), OK);
	CHECK_STR(settings.round.who_may, "residents");
	CHECK_INT(settings.round.rule.increment.minor, 100);
	CHECK_INT(act_place_areas(&w.act, &areas), OK);
	CHECK_INT(areas.len, 2);
	CHECK_STR(areas.ptr[1].name, "The Green");
	CHECK_INT(act_place_helpers(&w.act, &helpers), OK);
	CHECK_INT(helpers.len, 2);
	CHECK(helpers.ptr[0].steward && helpers.ptr[1].treasurer);
	/* addresses are kept folded; both are told by mail; the pot is full; it is on record */
	CHECK_INT(world_number(&w, "SELECT count(*) FROM person WHERE email = 'maya@example.org'"), 1);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM mail WHERE recipient IN ('maya@example.org',"
	                           " 'tom@example.org') AND body LIKE"
	                           " '%https://vale.example/alder-vale/join%'"), 2);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM job WHERE kind = 'send-mail'"), 2);
	CHECK_INT(world_number(&w, "SELECT balance FROM account WHERE kind = 'pot'"), 100000000);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM leaf WHERE body LIKE '%place-set-up%'"), 1);
	close_all(&w);
}

static void
is_refused_whole(void)
{
	struct world w;
	struct place_plan plan;
	struct refusal why = { 0 };
	struct str before;

	world_init(&w);
	open_secrets(&w);
	plan = alder_vale(&w);
	world_sql(&w, "INSERT INTO place_slug (slug, place_id) VALUES ('vale', 10)");
	before = world_state(&w);
	plan.place.slug = STR("vale"); /* another place's */
	CHECK_INT(WORLD_DO(&w, act_place_set_up(&w.act, &plan, &why)), REFUSED);
	CHECK_STR(str_of(why.field), "slug");
	plan.place.slug = STR("alder-vale");
	plan.treasurer.email = STR("not an address");
	CHECK_INT(WORLD_DO(&w, act_place_set_up(&w.act, &plan, &why)), REFUSED);
	CHECK_STR(str_of(why.field), "treasurer_email");
	CHECK(str_eq(before, world_state(&w)));
	close_all(&w);
}

static void
needs_the_key_once(void)
{
	struct world w;
	struct place_plan plan;
	struct token_text key, again;
	struct refusal why = { 0 };

	world_init(&w);
	open_secrets(&w);
	plan = alder_vale(&w);
	CHECK_INT(act_set_up_key(&w.act, &key), OK);
	CHECK_INT(WORLD_DO(&w, act_place_set_up_by_key(&w.act, STR(""), &plan, &why)), REFUSED);
	CHECK_STR(str_of(why.field), "key");
	CHECK_INT(WORLD_DO(&w, act_place_set_up_by_key(&w.act, STR("aaaaaaaaaaaaaaaaaaaa"), &plan, &why)),
	          REFUSED);
	world_sql(&w, "UPDATE place SET imported = 1 WHERE place_id = 20");
	CHECK_INT(act_set_up_key_fits(&w.act, str_of(key.text), &why), REFUSED); /* one place fewer */
	world_sql(&w, "INSERT INTO place SELECT 30, 'file', name, purpose, language, currency, zone,"
	              " people, last_year, recipe, settings, 1, created_at, state FROM place WHERE place_id = 20");
	world_sql(&w, "UPDATE place SET imported = 0 WHERE place_id = 20");
	CHECK_INT(act_set_up_key_fits(&w.act, str_of(key.text), &why), OK); /* an import uses up none */
	CHECK_INT(WORLD_DO(&w, act_place_set_up_by_key(&w.act, str_of(key.text), &plan, &why)), OK);
	/* used up by the place it made */
	plan.place.slug = STR("other-vale");
	CHECK_INT(WORLD_DO(&w, act_place_set_up_by_key(&w.act, str_of(key.text), &plan, &why)), REFUSED);
	CHECK_STR(str_of(why.field), "key");
	CHECK_INT(act_set_up_key(&w.act, &again), OK);
	CHECK(strcmp(key.text, again.text) != 0);
	close_all(&w);
}

static void
home_is_few_statements(void)
{
	struct world w;
	struct place_plan plan;
	struct home home;
	struct refusal why = { 0 };
	int64_t before;

	world_init(&w);
	open_secrets(&w);
	CHECK_INT(act_home_show(&w.act, &home), NOT_FOUND); /* no place */
	world_go(&w, WORLD_PLACE);
	CHECK_INT(act_home_show(&w.act, &home), OK);
	CHECK(!home.has_pot && home.rounds.len == 0 && home.decisions.len == 0);
	plan = alder_vale(&w);
	CHECK_INT(WORLD_DO(&w, act_place_set_up(&w.act, &plan, &why)), OK);
	before = db_statement_count(w.db);
	CHECK_INT(act_home_show(&w.act, &home), OK);
	/* settings, rounds, ideas, decisions, totals, flow; with decisions their winners too */
	CHECK_INT(db_statement_count(w.db) - before, 6);
	CHECK(home.has_pot);
	CHECK_INT(home.money.totals.pot.minor, 100000000);
	close_all(&w);
}

static void
home_tells_what_is_open_and_decided(void)
{
	struct world w;
	struct home home;

	world_init(&w);
	world_sql(&w, "INSERT INTO round (place_id, id, title, intro, state, budget, ballot_kind, most,"
	              " rule, utility, completion, ties, who_may, opens_at, closes_at, counted_at,"
	              " created_at, ballots) VALUES"
	              " (10, 1, 'Open', '', 'open', 900, 'approval', 3, 'equal-shares', 'cost', 'none',"
	              "  'id', 'members', 5, 9, NULL, 1, 0),"
	              " (10, 2, 'Draft', '', 'draft', 900, 'approval', 3, 'equal-shares', 'cost', 'none',"
	              "  'id', 'members', 5, 9, NULL, 1, 0),"
	              " (10, 3, 'Counted', '', 'counted', 900, 'choose-1', NULL, 'greedy', 'cost', 'none',"
	              "  'id', 'members', 5, 9, 12, 1, 7),"
	              " (20, 4, 'Elsewhere', '', 'open', 900, 'approval', 3, 'greedy', 'cost', 'none',"
	              "  'id', 'members', 5, 9, NULL, 1, 0)");
	world_sql(&w, "INSERT INTO option (place_id, round_id, id, number, label, title, summary, cost)"
	              " VALUES (10, 1, 11, 1, '1', 'Bench', '', 300), (10, 3, 31, 1, '1', 'Pool', '', 400),"
	              " (10, 3, 32, 2, '2', 'Trees', '', 500), (10, 3, 33, 3, '3', 'Van', '', 800)");
	world_sql(&w, "INSERT INTO outcome (place_id, round_id, id, official, rule, utility, completion,"
	              " ties, voters, represented, total_cost, winners, detail) VALUES"
	              " (10, 3, 40, 1, 'greedy', 'cost', 'none', 'id', 7, 6, 900, 2, '{}'),"
	              " (10, 3, 41, 0, 'equal-shares', 'cost', 'none', 'id', 7, 7, 800, 1, '{}')");
	world_sql(&w, "INSERT INTO outcome_option (place_id, round_id, outcome_id, number, place_won,"
	              " votes, could_pay, why) VALUES (10, 3, 40, 1, 2, 3, NULL, 'won'),"
	              " (10, 3, 40, 2, 1, 4, NULL, 'won'), (10, 3, 40, 3, NULL, 1, NULL, 'left'),"
	              " (10, 3, 41, 3, 1, 1, NULL, 'won')");
	CHECK_INT(act_home_show(&w.act, &home), OK);
	CHECK_INT(home.rounds.len, 1);
	CHECK_STR(home.rounds.ptr[0].title, "Open");
	CHECK_INT(home.rounds.ptr[0].options, 1);
	CHECK_INT(home.rounds.ptr[0].most, 3);
	CHECK_INT(home.decisions.len, 1);
	CHECK_INT(home.decisions.ptr[0].represented, 6);
	CHECK_INT(home.decisions.ptr[0].first.len, 2); /* of the official count, in order */
	CHECK_STR(home.decisions.ptr[0].first.ptr[0].title, "Trees");
	CHECK_STR(home.decisions.ptr[0].first.ptr[1].title, "Pool");
	world_release(&w);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "a recipe sets up a place with all it needs", sets_up },
		{ "what is refused leaves nothing behind", is_refused_whole },
		{ "the set-up key is needed, and works once", needs_the_key_once },
		{ "a home page is six statements", home_is_few_statements },
		{ "a home page tells what is open and what was decided", home_tells_what_is_open_and_decided },
	};

	return test_run_all(cases, sizeof cases / sizeof *cases);
}
