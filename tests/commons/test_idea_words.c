#include "commons/idea_words.h"

#include "test.h"

static void
check_search(const char *typed, const char *want)
{
	struct arena arena;
	struct str query;

	arena_init(&arena, 100 * 1000);
	CHECK_INT(idea_words_search(&arena, str_of(typed), &query), OK);
	CHECK_STR(query, want);
	arena_release(&arena);
}

static void
check_similar(const char *title, const char *want)
{
	struct arena arena;
	struct str query;

	arena_init(&arena, 100 * 1000);
	CHECK_INT(idea_words_similar(&arena, str_of(title), STR("the and for with"), &query), OK);
	CHECK_STR(query, want);
	arena_release(&arena);
}

static void
test_search(void)
{
	check_search("", "");
	check_search(" ?! ", "");
	check_search("Bench", "\"bench\"*");
	check_search("bench park", "\"bench\" \"park\"*");
	check_search("bench, Bench; BENCH", "\"bench\"*");
	check_search("caf\xc3\xa9 no 7", "\"caf\xc3\xa9\" \"no\" \"7\"*");
	check_search("a b c d e f g h i j",
	             "\"a\" \"b\" \"c\" \"d\" \"e\" \"f\" \"g\" \"h\"*");
}

/* Nothing typed can be an operator or end a quote. */
static void
test_operators(void)
{
	check_search("\"", "");
	check_search("x\" OR title:y* NEAR(", "\"x\" \"or\" \"title\" \"y\" \"near\"*");
	check_search("'; DROP TABLE idea; --", "\"drop\" \"table\" \"idea\"*");
	check_search("-bench ^a {b} (c) + d", "\"bench\" \"a\" \"b\" \"c\" \"d\"*");
}

static void
test_similar(void)
{
	check_similar("", "");
	check_similar("for the", "");
	check_similar("A bench", "\"bench\"");
	check_similar("A bench for the park", "\"bench\" \"park\"");
	check_similar("Bench, park & shade",
	              "\"bench\" \"park\" OR \"bench\" \"shade\" OR \"park\" \"shade\"");
}

static const struct test_case cases[] = {
	{ "words: what is typed into the search box", test_search },
	{ "words: nothing typed is an operator", test_operators },
	{ "words: ideas that share two words", test_similar },
};
TEST_MAIN(cases)
