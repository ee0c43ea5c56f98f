#include "commons/place.h"

#include "commons/recipe.h"
#include "test.h"

static void
slugs(void)
{
	static const struct { const char *slug; bool may; } cases[] = {
		{ "alder-vale", true }, { "a1", true }, { "7", false }, { "", false },
		{ "Alder", false }, { "alder--vale", false }, { "-alder", false },
		{ "alder-", false }, { "alder_vale", false }, { "set-up", false },
		{ "assets", false }, { "alder/vale", false }, { "żoliborz", false },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd", true },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct refusal why = { 0 };
		bool may = place_slug_may_be(str_of(cases[i].slug), &why) == OK;

		if (may != cases[i].may)
			printf("# %s\n", cases[i].slug);
		CHECK(may == cases[i].may);
		CHECK(may || (why.field != NULL && strcmp(why.field, "slug") == 0));
	}
}

static void
keys(void)
{
	static const struct { const char *name, *key; } cases[] = {
		{ "Alder Vale", "alder-vale" },
		{ "  St. Mary's -- Quarter 2 ", "st-marys-quarter-2" },
		{ "Żoliborz Dziennikarski", "zoliborz-dziennikarski" },
		{ "Москва", "moskva" },
		{ "!!!", "" },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddd eeee", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddd" },
	};
	struct arena arena;

	arena_init(&arena, 65536);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str key;

		CHECK_INT(place_key_of(&arena, str_of(cases[i].name), &key), OK);
		CHECK_STR(key, cases[i].key);
	}
	arena_release(&arena);
}

static void
areas(void)
{
	struct arena arena;
	struct area *list = NULL;
	struct refusal why;
	size_t len = 0;

	arena_init(&arena, 1 << 20);
	CHECK_INT(place_areas_read(&arena, STR("Mill Lane\n\n  The Green \n!!\nmill lane\n"), &list,
	                           &len, &why), OK);
	CHECK_INT(len, 4);
	CHECK_STR(list[0].key, "mill-lane");
	CHECK_STR(list[1].name, "The Green");
	CHECK_STR(list[2].key, "area-3");
	CHECK_STR(list[3].key, "area-4"); /* another spelling, but the same key */
	CHECK_INT(place_areas_read(&arena, STR(""), &list, &len, &why), OK);
	CHECK_INT(len, 0);
	CHECK_INT(place_areas_read(&arena, STR("A\nB\nA"), &list, &len, &why), REFUSED);
	CHECK(strcmp(why.field, "areas") == 0);
	arena_release(&arena);
}

static struct place_plan
good_plan(void)
{
	static struct area lane = { STR_INIT("mill-lane"), STR_INIT("Mill Lane") };

	return (struct place_plan){
		.place = {
			.slug = STR("alder-vale"), .name = STR("Alder Vale"),
			.purpose = STR("To decide together."), .language = STR("en"),
			.currency = STR("GBP"), .zone = STR("Europe/London"),
			.people = 8140, .last_year = 2036,
		},
		.settings = settings_default(),
		.areas = &lane, .areas_len = 1,
		.pot_name = STR("Endowment"), .pot = { 100000000 },
		.steward = { STR("Maya Osei"), STR("maya@example.org") },
	};
}

static void
refused(struct place_plan plan, const char *field)
{
	struct refusal why = { 0 };

	CHECK_INT(place_may_be_set_up(&plan, 2026, &why), REFUSED);
	CHECK_STR(str_of(why.field), field);
	CHECK(why.message.text != NULL);
}

static void
plans(void)
{
	struct place_plan plan = good_plan();
	struct refusal why;

	CHECK_INT(place_may_be_set_up(&plan, 2026, &why), OK);
	plan.place.last_year = 0;
	plan.place.people = 0;
	plan.pot.minor = 0;
	plan.treasurer = (struct place_helper){ STR("Tom"), STR("tom@example.org") };
	CHECK_INT(place_may_be_set_up(&plan, 2026, &why), OK);

#define BUT(change, field)                                                                 \
	do {                                                                               \
		plan = good_plan();                                                        \
		change;                                                                    \
		refused(plan, field);                                                      \
	} while (0)
	BUT(plan.place.name = STR(""), "name");
	BUT(plan.place.name = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "name");
	BUT(plan.place.purpose = STR(""), "purpose");
	BUT(plan.place.slug = STR("api"), "slug");
	BUT(plan.place.language = STR("tlh"), "language");
	BUT(plan.place.currency = STR("ZZZ"), "currency");
	BUT(plan.place.zone = STR("Europe/Atlantis"), "zone");
	BUT(plan.place.people = -1, "people");
	BUT(plan.place.last_year = 2025, "last_year");
	BUT(plan.place.last_year = 20360, "last_year");
	BUT(plan.pot.minor = -1, "pot");
	BUT((plan.areas_len = 0, plan.settings.round.who_may = STR("residents")), "areas");
	BUT(plan.steward.name = STR(""), "steward_name");
	BUT(plan.steward.email = STR("maya"), "steward_email");
	BUT(plan.treasurer.name = STR("Tom"), "treasurer_email");
	BUT(plan.treasurer.email = STR("tom@example.org"), "treasurer_name");
	BUT(plan.settings.round.days = 0, "round.days");
#undef BUT
}

static void
settings(void)
{
	struct place_settings all = settings_default(), back;
	struct arena arena;
	struct refusal why;
	struct str json;

	arena_init(&arena, 65536);
	CHECK_INT(settings_may_be(&all, &why), OK);
	all.limits.ideas_per_day = 0;
	all.round.most = 5;
	all.round.rule.rule = STR("greedy");
	all.round.rule.increment.minor = 250;
	all.words.question = STR("Was machen wir „daraus“?");
	CHECK_INT(settings_write(&arena, &all, &json), OK);
	CHECK_INT(settings_read(&arena, json, &back), OK);
	CHECK_INT(back.limits.ideas_per_day, 0);
	CHECK_INT(back.limits.comments_per_day, all.limits.comments_per_day);
	CHECK_INT(back.round.most, 5);
	CHECK_STR(back.round.rule.rule, "greedy");
	CHECK_INT(back.round.rule.increment.minor, 250);
	CHECK_STR(back.words.question, "Was machen wir „daraus“?");

	CHECK_INT(settings_read(&arena, STR("{\"round.rule\":7,\"later\":1}"), &back), OK);
	CHECK_STR(back.round.rule.rule, "equal-shares");
	CHECK_INT(settings_read(&arena, STR("[]"), &back), INVALID);

	all.round.rule.rule = STR("loudest");
	CHECK_INT(settings_may_be(&all, &why), REFUSED);
	CHECK_STR(str_of(why.field), "round.rule");
	/* Rounds can begin with any way to vote and to count, but only with what fits together. */
	all = settings_default();
	all.round.ballot_kind = STR("cumulative");
	CHECK_INT(settings_may_be(&all, &why), REFUSED);
	CHECK_STR(str_of(why.field), "round.points");
	all.round.points = 10;
	CHECK_INT(settings_may_be(&all, &why), REFUSED);
	CHECK_STR(str_of(why.field), "round.utility");
	all.round.rule.utility = STR("cost-points");
	CHECK_INT(settings_may_be(&all, &why), OK);
	all.round.rule.rule = STR("greedy-threshold");
	CHECK_INT(settings_may_be(&all, &why), REFUSED);
	CHECK_STR(str_of(why.field), "round.threshold");
	arena_release(&arena);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "slugs of places", slugs },
		{ "a key is made from a name", keys },
		{ "areas are typed one per line", areas },
		{ "which plans of a place may be", plans },
		{ "settings go to JSON and back", settings },
	};

	return test_run_all(cases, sizeof cases / sizeof *cases);
}
