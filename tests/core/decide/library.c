/* A program of somebody else's, built against the installed library (test_library.sh). */
#include <folkmoot-decide.h>
#include <stdio.h>

int
main(void)
{
	static const uint32_t both[] = { 0, 1 }, second[] = { 1 };
	struct method method = { .rule = DECIDE_EQUAL_SHARES };
	struct election_making making;
	struct decide_error error;
	struct election election;
	struct outcome outcome;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	election_begin(&making, &arena, 0, 100);
	election_option(&making, STR("bench"), 60, false);
	election_option(&making, STR("tree"), 40, false);
	election_ballot(&making, both, NULL, 2);
	election_ballot(&making, second, NULL, 1);
	if (election_end(&making, &election, &error) != OK ||
	    decide_count(&election, &method, &arena, &outcome, &error) != OK)
		return 1;
	for (size_t i = 0; i < outcome.step_count; i++)
		printf("%.*s\n", STR_ARG(election.options[outcome.steps[i].option].id));
	arena_release(&arena);
	return 0;
}
