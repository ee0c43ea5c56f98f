/* What the fuzz targets of ranked ballots have in common: what was read is sound, can be written
 * and read again the same, and is counted by every rule. */
#ifndef TESTS_FUZZ_FUZZ_RANKED_H
#define TESTS_FUZZ_FUZZ_RANKED_H

#include "base/buf.h"
#include "core/decide/ranked/files.h"
#include "core/decide/ranked/outcome.h"
#include "fuzz/fuzz.h"

typedef enum status ranked_reader(struct arena *, struct str, struct ranked_election *,
                                  struct decide_error *);

static inline void
check_sound(const struct ranked_election *e)
{
	int64_t voters = 0;

	CHECK_ALWAYS(e->seats >= 1 && e->seats <= e->candidate_count);
	for (size_t b = 0; b < e->ballot_count; b++) {
		voters += e->weight[b];
		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			uint32_t c = e->choice[i] & ~RANKED_SAME;

			CHECK_ALWAYS(c < e->candidate_count && (i > e->start[b] || c == e->choice[i]));
			for (size_t k = e->start[b]; k < i; k++)
				CHECK_ALWAYS((e->choice[k] & ~RANKED_SAME) != c);
		}
	}
	CHECK_ALWAYS(voters == e->voters);
}

static inline void
check_again(const struct ranked_election *e, struct buf *out, ranked_reader *reader,
            struct arena *arena)
{
	struct ranked_election again;
	struct decide_error error = { 0 };
	bool same = false;

	CHECK_ALWAYS(reader(arena, buf_str(out), &again, &error) == OK);
	CHECK_ALWAYS(ranked_same(e, &again, arena, &same) == OK && same);
	buf_clear(out);
}

static inline void
check_counts(const struct ranked_election *e, struct arena *arena)
{
	if (e->candidate_count > 12)
		return;
	for (enum ranked_rule rule = 0; rule < RANKED_RULES; rule++) {
		struct ranked_method m = { .rule = rule };
		struct ranked_outcome o;
		struct decide_error error = { 0 };
		enum status st = ranked_count(e, &m, arena, &o, &error);

		CHECK_ALWAYS(st == OK || error.message.text != NULL);
		CHECK_ALWAYS(st != OK || o.winner_count == o.seats);
	}
}

static inline void
fuzz_ranked(struct str text, ranked_reader *reader)
{
	struct decide_error error = { 0 };
	struct ranked_election e;
	struct arena arena;
	struct buf out;
	enum status st;

	arena_init(&arena, 64 << 20);
	buf_init(&out, 16 << 20);
	st = reader(&arena, text, &e, &error);
	if (st == OK) {
		check_sound(&e);
		CHECK_ALWAYS(ranked_write_blt(&e, &out) == OK);
		check_again(&e, &out, ranked_read_blt, &arena);
		if (reader == ranked_read_preflib) {
			CHECK_ALWAYS(ranked_write_preflib(&e, &out) == OK);
			check_again(&e, &out, ranked_read_preflib, &arena);
		}
		check_counts(&e, &arena);
	} else {
		CHECK_ALWAYS(st == NO_MEMORY || error.message.text != NULL);
	}
	buf_release(&out);
	arena_release(&arena);
}

#endif
