/* What would have been enough for a loser: said of points where ballots have points, and nothing that
 * was not asked or never would be. */
#include <string.h>

#include "test.h"
#include "web/result_words.h"

static void
needs(void)
{
	static const struct { bool points; int64_t cost, more; const char *has, *lacks; } table[] = {
		{ false, 700, 3, "would have won at {cost}, or with one more voter who chose only it.", "points" },
		{ false, 0, 3, "only for nothing, or with one more voter who chose only it.", "{cost}" },
		{ false, -1, 3, "would have won with one more voter who chose only it.", "{cost}" },
		{ true, 700, 3, "would have won at {cost}, or with one more voter who gave points only to it.",
		  "chose" },
		{ true, 0, 3, "only for nothing, or with one more voter who gave points only to it.", "chose" },
		{ true, -1, 3, "would have won with one more voter who gave points only to it.", "chose" },
		{ false, 700, -1, "would have won at {cost}.", "voter" },
		{ true, 700, -1, "would have won at {cost}.", "voter" },
		{ true, 0, -1, "would have won only for nothing.", "voter" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct outcome_option o = { .highest_cost = table[i].cost,
			                          .more_ballots = table[i].more };
		const struct result_terms terms = { .points = table[i].points };
		const struct message need = result_need(&o, &terms);

		CHECK(strstr(need.text, table[i].has) != NULL);
		CHECK(strstr(need.text, table[i].lacks) == NULL);
		CHECK_INT(need.plural != NULL, table[i].more >= 0);
		if (need.plural != NULL)
			CHECK(strstr(need.plural, "{n} more voters who ") != NULL &&
			      strstr(need.plural, table[i].lacks) == NULL);
	}
}

static void
no_needs(void)
{
	const struct outcome_option never = { .highest_cost = -1, .more_ballots = -1 };

	for (int points = 0; points <= 1; points++) {
		const struct result_terms terms = { .points = points != 0 };

		CHECK(result_need(&never, &terms).text == NULL);
	}
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "what would have been enough", needs },
		{ "nothing would have been enough", no_needs },
	};

	return test_run_all(cases, sizeof cases / sizeof *cases);
}
