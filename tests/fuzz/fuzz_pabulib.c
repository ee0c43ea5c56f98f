/* Any bytes at all: the reader of .pb files refuses them with a reason, or what it read can be
 * written, read again the same, and made an election whose ballots name only its options. */
#include "base/buf.h"
#include "core/decide/pabulib.h"
#include "fuzz/fuzz.h"

static void
check_election(const struct pabulib *file, struct arena *arena)
{
	struct decide_error error = { 0 };
	struct election e;

	if (pabulib_election(file, DECIDE_COST, 0, arena, &e, &error) != OK) {
		CHECK_ALWAYS(error.message.text != NULL);
		return;
	}
	CHECK_ALWAYS(e.voters == (int64_t)file->votes.row_count && e.budget > 0);
	for (size_t b = 0; b < e.ballot_count; b++)
		for (size_t i = e.start[b]; i < e.start[b + 1]; i++) {
			CHECK_ALWAYS(e.choice[i] < e.option_count);
			CHECK_ALWAYS(i == e.start[b] || e.choice[i - 1] < e.choice[i]);
		}
}

FUZZ(text)
{
	struct decide_error error = { 0 };
	struct pabulib one, two;
	struct arena arena;
	struct buf out;
	bool same = false;
	enum status st;

	arena_init(&arena, 64 << 20);
	buf_init(&out, 16 << 20);
	st = pabulib_parse(&arena, text, &one, &error);
	if (st == OK) {
		CHECK_ALWAYS(pabulib_write(&one, &arena, &out) == OK);
		CHECK_ALWAYS(pabulib_parse(&arena, buf_str(&out), &two, &error) == OK);
		CHECK_ALWAYS(pabulib_same(&one, &two, &arena, &same) == OK && same);
		CHECK_ALWAYS(one.budget == two.budget && one.decimals == two.decimals);
		check_election(&one, &arena);
	} else {
		CHECK_ALWAYS(st == NO_MEMORY || error.message.text != NULL);
	}
	buf_release(&out);
	arena_release(&arena);
}
