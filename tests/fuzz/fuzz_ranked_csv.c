/* Any bytes at all as a CSV of ranks, and of scores. */
#include "core/decide/ranked/scores.h"
#include "fuzz/fuzz_ranked.h"

static void
check_scores(struct str text)
{
	struct arena arena;
	struct score_election s;
	struct decide_error error = { 0 };
	enum status st;

	arena_init(&arena, 64 << 20);
	st = score_read_csv(&arena, text, &s, &error);
	CHECK_ALWAYS(st == OK || st == NO_MEMORY || error.message.text != NULL);
	for (enum ranked_rule rule = RANKED_SCORE; st == OK && rule < RANKED_RULES; rule++) {
		struct ranked_method m = { .rule = rule };
		struct ranked_outcome o;

		CHECK_ALWAYS(score_count(&s, &m, &arena, &o, &error) == OK && o.winner_count == 1);
	}
	arena_release(&arena);
}

FUZZ(text)
{
	fuzz_ranked(text, ranked_read_csv);
	check_scores(text);
}
