/* An outcome has the same bytes however it was counted: by one thread or several, with the loops that
 * only some processors have or without. On elections large enough that threads start. */
#include "base/buf.h"
#include "base/chance.h"
#include "core/decide/outcome.h"
#include "make.h"
#include "test.h"

enum { OPTIONS = 24, VOTERS = 2500 };

static struct arena arena;

/* Costs from few values, so that ties are many; points for every other seed. */
static struct election
make_large(uint64_t seed, bool points)
{
	static char ids[OPTIONS][4];
	uint8_t bytes[32] = "folkmoot threads";
	struct election_making making;
	struct decide_error error;
	struct election e;
	struct chance chance;

	bytes[31] = (uint8_t)seed;
	chance_from_seed(&chance, bytes);
	election_begin(&making, &arena, 0, 20000 + (int64_t)chance_below(&chance, 20000));
	for (int o = 0; o < OPTIONS; o++) {
		(void)snprintf(ids[o], sizeof ids[o], "%d", o);
		election_option(&making, str_of(ids[o]), 500 + 500 * (int64_t)chance_below(&chance, 9),
		                false);
	}
	for (int v = 0; v < VOTERS; v++) {
		uint32_t choices[OPTIONS], given[OPTIONS];
		size_t n = 0;

		for (uint32_t o = 0; o < OPTIONS; o++)
			if (chance_below(&chance, OPTIONS) < 14 - o / 3) {
				given[n] = 1 + (uint32_t)chance_below(&chance, 5);
				choices[n++] = o;
			}
		election_ballot(&making, choices, points ? given : NULL, n);
	}
	if (election_end(&making, &e, &error) != OK)
		abort();
	return e;
}

static void
write_outcome(struct buf *out, const struct election *e, const struct method *method,
              const struct decide_extra *extra)
{
	struct decide_error error;
	struct outcome outcome;

	if (decide_count_extra(e, method, extra, &arena, &outcome, &error) != OK)
		abort();
	outcome_write(out, &outcome);
}

static void
compare(const struct election *e, const struct method *method)
{
	static const struct decide_extra ways[] = { { .threads = 1, .plain_loops = true },
	                                            { .threads = 2 }, { .threads = 3 },
	                                            { .threads = 5, .plain_loops = true } };
	static const struct decide_extra one = { .threads = 1 };
	struct buf want;

	buf_init(&want, 1 << 20);
	write_outcome(&want, e, method, &one);
	CHECK(buf_str(&want).len > 1000);
	for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
		struct buf got;

		buf_init(&got, 1 << 20);
		write_outcome(&got, e, method, &ways[w]);
		CHECK(str_eq(buf_str(&want), buf_str(&got)));
		buf_release(&got);
	}
	buf_release(&want);
}

static void
same_bytes(void)
{
	for (uint64_t seed = 0; seed < 6; seed++) {
		bool points = seed % 2 == 1;
		struct election e = make_large(seed, points);

		CHECK(e.first[OPTIONS] >= 20000); /* threads start from here on */
		for (int c = DECIDE_NONE; c <= DECIDE_COMPARISON; c++) {
			struct method m = { .rule = DECIDE_EQUAL_SHARES,
			                    .utility = points ? DECIDE_POINTS : DECIDE_COST,
			                    .completion = (enum decide_completion)c };

			compare(&e, &m);
		}
		arena_reset(&arena);
	}
}

/* Where there is no room for a second thread's run, one counts alone. */
static void
little_memory(void)
{
	struct election e = make_large(0, false);
	struct method m = { .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_ADD1 };
	static const struct decide_extra two = { .threads = 2 };
	struct decide_error error;
	struct outcome outcome;
	enum status st = NO_MEMORY;
	int n = 0;

	for (; st == NO_MEMORY && n < 1000; n++) {
		arena.fail_after = n;
		st = decide_count_extra(&e, &m, &two, &arena, &outcome, &error);
	}
	arena.fail_after = -1;
	CHECK(st == OK && n > 40);
	arena_reset(&arena);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "the same bytes", same_bytes },
		{ "little memory", little_memory },
	};
	int bad;

	arena_init(&arena, 256 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
