#include "acts/recipe.h"

#include "test.h"

static void
built_in(void)
{
	size_t count = 0;

	for (; recipe_name(count) != NULL; count++) {
		struct arena arena;
		struct recipe recipe;
		struct place_plan plan;

		arena_init(&arena, 1 << 20);
		CHECK_INT(recipe_by_name(&arena, str_of(recipe_name(count)), &recipe), OK);
		CHECK_INT(recipe_plan(&arena, &recipe, &plan), OK);
		CHECK_STR(plan.recipe, recipe_name(count));
		arena_release(&arena);
	}
	CHECK(count > 0);
}

static void
endowment(void)
{
	struct arena arena;
	struct recipe recipe;
	struct place_plan plan;

	arena_init(&arena, 1 << 20);
	CHECK_INT(recipe_by_name(&arena, STR("neighbourhood-endowment"), &recipe), OK);
	CHECK_INT(recipe_plan(&arena, &recipe, &plan), OK);
	CHECK_STR(recipe.title, "Neighbourhood endowment");
	CHECK_STR(plan.place.currency, "GBP");
	CHECK_INT(plan.pot.minor, 100000000);
	CHECK_INT(plan.settings.round.rule.increment.minor, 100);
	CHECK_STR(plan.settings.round.who_may, "residents");
	CHECK(recipe.treasurer);
	CHECK_INT(recipe_by_name(&arena, STR("nothing-like-it"), &recipe), NOT_FOUND);
	arena_release(&arena);
}

#define TITLE "title = \"T\"; about = \"A\";\n"
#define PLACE "place: { purpose = \"P\"; language = \"en\"; currency = \"GBP\"; zone = \"UTC\"; };\n"
#define POT "pot: { name = \"Pot\"; };\n"
#define ROLES "roles = [ \"steward\" ];\n"

static void
wrong_files(void)
{
	static const struct { const char *text, *why; } cases[] = {
		{ TITLE PLACE POT ROLES, NULL },
		{ TITLE PLACE POT ROLES "limits: {\n  ideas_per_day = 2;\n};\n", NULL },
		{ TITLE "place = {", "r.conf:2: syntax error" },
		{ PLACE POT ROLES, "r.conf:1: title: This is missing." },
		{ TITLE PLACE POT, "r.conf:1: roles: this must be a list: [ \"steward\" ]" },
		{ TITLE PLACE POT "roles = [ \"king\" ];\n",
		  "r.conf:4: roles: a role is \"steward\" or \"treasurer\"" },
		{ TITLE PLACE POT "roles = [ \"treasurer\" ];\n", "r.conf:4: roles: a place needs a steward" },
		{ TITLE PLACE POT ROLES "round: {\n  rule = \"loudest\";\n};\n",
		  "r.conf:6: round.rule: This is not one of the words it can be." },
		{ TITLE PLACE POT ROLES "round: {\n\n  days = \"many\";\n};\n",
		  "r.conf:7: round.days: this must be a whole number" },
		{ TITLE PLACE POT ROLES "round: {\n  days = 0;\n};\n",
		  "r.conf:6: round.days: This number is too small or too large." },
		{ TITLE PLACE POT ROLES "round: { increment = \"lots\"; };\n",
		  "r.conf:5: round.increment: This is not an amount of money." },
		{ TITLE PLACE POT ROLES "words: { question = 7; };\n",
		  "r.conf:5: words.question: this must be words in quotes" },
		{ TITLE PLACE POT ROLES "round: { rul = \"greedy\"; };\n",
		  "r.conf:5: round.rul: there is no such setting" },
		{ TITLE PLACE POT ROLES "colour = \"green\";\n",
		  "r.conf:5: colour: there is no such setting" },
		{ TITLE "place: { purpose = \"P\"; language = \"en\"; currency = \"XXQ\"; zone = \"UTC\"; };\n"
		  POT ROLES, "r.conf:2: place.currency: This is not the code of a currency." },
		{ TITLE "place: { purpose = \"P\"; language = \"en\"; zone = \"Mars\"; currency = \"GBP\"; };\n"
		  POT ROLES, "r.conf:2: place.zone: This is not the name of a time zone." },
	};
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct recipe recipe;
		struct str why;
		enum status st = recipe_read(&arena, STR("r.conf"), str_of(cases[i].text), &recipe, &why);

		CHECK_INT(st, cases[i].why == NULL ? OK : INVALID);
		CHECK_STR(why, cases[i].why == NULL ? "" : cases[i].why);
	}
	arena_release(&arena);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "each recipe of the program makes a plan", built_in },
		{ "the neighbourhood endowment", endowment },
		{ "what is wrong in a recipe is told with file and line", wrong_files },
	};

	return test_run_all(cases, sizeof cases / sizeof *cases);
}
