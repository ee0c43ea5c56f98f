/* Draws: each number drawn points at whom a plain row of tickets says, so that with uniform numbers
 * the chances are exactly as written; chances of whole draws, found by going through all of them,
 * against 20,000 seeds by chi-square; and the rotation's promise on random seasons. */
#include "base/chance.h"
#include "core/decide/lots.h"
#include "test.h"

enum { SEEDS = 20000 };

static struct arena arena;
static struct decide_error error;

static void
seed_of(uint8_t seed[32], uint32_t number)
{
	memset(seed, 0, 32);
	memcpy(seed, &(uint8_t[4]){ (uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16), 1 },
	       4);
}

static struct lots_outcome
draw(struct lots *l, uint32_t seed)
{
	struct lots_outcome out;

	seed_of(l->seed, seed);
	CHECK(lots_draw(l, &arena, &out, &error) == OK);
	return out;
}

/* Entries in id order here: the row of tickets written out, one by one. */
static void
check_replay(const struct lots *l, const struct lots_outcome *out)
{
	bool gone[16] = { false };
	size_t left = l->winners, next = 0;

	for (size_t k = 0; k < out->draw_count; k++) {
		const struct lots_draw *d = &out->draws[k];
		int64_t row[200], len = 0;
		uint32_t size = 0;

		for (size_t i = 0; i < l->entry_count; i++) {
			size_t first = 0;

			while (l->entries[i].group.len > 0 &&
			       !str_eq(l->entries[first].group, l->entries[i].group))
				first++;
			first = l->entries[i].group.len > 0 ? first : i;
			for (int64_t w = 0; !gone[i] && w < l->entries[i].weight; w++)
				if (l->linked == LOTS_TICKET_EACH || first == i)
					row[len++] = (int64_t)first;
		}
		/* A group lies where its first entry does. */
		for (int64_t i = 1; i < len; i++)
			for (int64_t j = i; j > 0 && row[j - 1] > row[j]; j--) {
				int64_t swap = row[j];

				row[j] = row[j - 1];
				row[j - 1] = swap;
			}
		CHECK_INT(d->of, len);
		CHECK(d->number >= 0 && d->number < len && row[d->number] == d->entry);
		CHECK_INT(d->left, left);
		for (size_t i = 0; i < l->entry_count; i++)
			if (i == d->entry || (l->entries[i].group.len > 0 &&
			    str_eq(l->entries[i].group, l->entries[d->entry].group))) {
				gone[i] = true;
				size++;
				CHECK_INT(out->draw_of[i], k + 1);
			}
		CHECK_INT(d->size, size);
		CHECK(d->won == (size <= left));
		for (size_t i = 0; d->won && i < size; i++, left--)
			CHECK(out->draw_of[out->winners[next++]] == k + 1);
	}
	CHECK_INT(out->winner_count, next);
	CHECK(left == 0 || out->draws[out->draw_count - 1].of > 0);
}

static void
replay(void)
{
	static const struct lots_entry entries[] = {
		{ STR_INIT("a"), 2, { NULL, 0 } }, { STR_INIT("b"), 1, STR_INIT("x") },
		{ STR_INIT("c"), 5, { NULL, 0 } }, { STR_INIT("d"), 3, STR_INIT("y") },
		{ STR_INIT("e"), 1, STR_INIT("x") }, { STR_INIT("f"), 3, STR_INIT("y") },
		{ STR_INIT("g"), 1, STR_INIT("x") } };
	struct lots l = { .entries = entries, .entry_count = 7 };

	for (uint32_t seed = 0; seed < 600; seed++) {
		struct lots_outcome out;

		l.winners = 1 + seed % 8;
		l.linked = seed / 8 % 2;
		out = draw(&l, seed);
		check_replay(&l, &out);
		arena_reset(&arena);
	}
}

/* The chance of each order of three winners, by going through all of them. */
static void
weighted_chances(void)
{
	static const struct lots_entry entries[] = {
		{ STR_INIT("a"), 1, { NULL, 0 } }, { STR_INIT("b"), 2, { NULL, 0 } },
		{ STR_INIT("c"), 3, { NULL, 0 } }, { STR_INIT("d"), 6, { NULL, 0 } } };
	struct lots l = { .entries = entries, .entry_count = 4, .winners = 3 };
	int seen[64] = { 0 };
	double chi = 0;

	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		struct lots_outcome out = draw(&l, seed);

		seen[out.winners[0] * 16 + out.winners[1] * 4 + out.winners[2]]++;
		arena_reset(&arena);
	}
	for (size_t i = 0; i < 64; i++) {
		size_t a = i / 16, b = i / 4 % 4, c = i % 4;
		double w[] = { 1, 2, 3, 6 }, want;

		if (a == b || a == c || b == c) {
			CHECK_INT(seen[i], 0);
			continue;
		}
		want = SEEDS * w[a] / 12 * w[b] / (12 - w[a]) * w[c] / (12 - w[a] - w[b]);
		chi += (seen[i] - want) * (seen[i] - want) / want;
	}
	CHECK(chi < 49.7); /* 23 degrees of freedom: above it once in 1,000 */
	printf("# chi-square of 24 orders: %.1f\n", chi);
}

/* Equal weights: each of the 10 pairs of 5 equally often. */
static void
uniform_chances(void)
{
	static const struct lots_entry entries[] = {
		{ STR_INIT("a"), 1, { NULL, 0 } }, { STR_INIT("b"), 1, { NULL, 0 } },
		{ STR_INIT("c"), 1, { NULL, 0 } }, { STR_INIT("d"), 1, { NULL, 0 } },
		{ STR_INIT("e"), 1, { NULL, 0 } } };
	struct lots l = { .entries = entries, .entry_count = 5, .winners = 2 };
	int seen[32] = { 0 };
	double chi = 0;

	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		struct lots_outcome out = draw(&l, seed);

		seen[1 << out.winners[0] | 1 << out.winners[1]]++;
		arena_reset(&arena);
	}
	for (int i = 0; i < 32; i++)
		if (__builtin_popcount((unsigned)i) == 2)
			chi += (seen[i] - SEEDS / 10.0) * (seen[i] - SEEDS / 10.0) / (SEEDS / 10.0);
	CHECK(chi < 27.9); /* 9 degrees of freedom */
	printf("# chi-square of 10 pairs: %.1f\n", chi);
}

/* The order of the rows does not matter. */
static void
order_of_rows(void)
{
	struct lots_entry entries[] = {
		{ STR("b"), 1, STR("x") }, { STR("a"), 7, { NULL, 0 } }, { STR("d"), 1, STR("x") },
		{ STR("c"), 2, { NULL, 0 } } };
	struct lots l = { .entries = entries, .entry_count = 4, .winners = 3 };

	for (uint32_t seed = 0; seed < 50; seed++) {
		struct lots_outcome one = draw(&l, seed), two;
		struct lots_entry swap = entries[seed % 3];
		struct str ids[4];

		for (size_t i = 0; i < one.winner_count; i++)
			ids[i] = entries[one.winners[i]].id;
		entries[seed % 3] = entries[3];
		entries[3] = swap;
		two = draw(&l, seed);
		CHECK_INT(two.winner_count, one.winner_count);
		for (size_t i = 0; i < one.winner_count; i++)
			CHECK(str_eq(ids[i], entries[two.winners[i]].id));
		arena_reset(&arena);
	}
}

static void
bad_entries(void)
{
	struct lots_entry entries[] = { { STR("a"), 1, STR("g") }, { STR("b"), 2, STR("g") },
	                                { STR("a"), 1, { NULL, 0 } } };
	struct lots l = { .entries = entries, .entry_count = 2, .winners = 1 };
	struct lots_outcome out;

	CHECK(lots_draw(&l, &arena, &out, &error) == INVALID);
	CHECK_STR(error.field, "weight");
	l.linked = LOTS_TICKET_EACH;
	CHECK(lots_draw(&l, &arena, &out, &error) == OK);
	CHECK_INT(out.winner_count, 0); /* two don't fit in one place */
	l.entry_count = 3;
	CHECK(lots_draw(&l, &arena, &out, &error) == INVALID);
	CHECK_STR(error.field, "id");
	CHECK_INT(error.line, 3);
	l.entry_count = 1;
	entries[0].weight = 0;
	CHECK(lots_draw(&l, &arena, &out, &error) == INVALID);
	entries[0].weight = LOTS_WEIGHT_MAX + 1;
	CHECK(lots_draw(&l, &arena, &out, &error) == INVALID);
	entries[0].weight = LOTS_WEIGHT_MAX;
	CHECK(lots_draw(&l, &arena, &out, &error) == OK && out.winner_count == 1);
	l.winners = 0;
	CHECK(lots_draw(&l, &arena, &out, &error) == INVALID);
	l.winners = 1;
	l.entry_count = 0;
	CHECK(lots_draw(&l, &arena, &out, &error) == OK && out.winner_count == 0);
}

/* ---- Rotation ---- */

static void
check_season(const struct rotation *r, const struct rotation_outcome *out, int64_t spread)
{
	int64_t totals[12] = { 0 };

	CHECK_INT(out->bound, spread);
	for (size_t k = 0; k < r->round_count; k++) {
		size_t seen[12] = { 0 }, turns = 0;
		int64_t low = INT64_MAX, high = INT64_MIN;

		for (size_t m = 0; m < r->member_count; m++) {
			uint32_t slot = out->slot[k * r->member_count + m];

			for (size_t o = 0; o < r->member_count; o++) /* least first gets the best */
				if (totals[o] > totals[m])
					CHECK(out->place[k * r->member_count + o] >
					      out->place[k * r->member_count + m]);
			if (slot != ROTATION_NO_TURN) {
				CHECK(slot < r->rounds[k].count && seen[slot]++ == 0);
				turns++;
			}
		}
		CHECK_INT(turns, r->rounds[k].count);
		for (size_t m = 0; m < r->member_count; m++) {
			uint32_t slot = out->slot[k * r->member_count + m];

			totals[m] += slot == ROTATION_NO_TURN ? 0 : r->rounds[k].values[slot];
			low = totals[m] < low ? totals[m] : low;
			high = totals[m] > high ? totals[m] : high;
		}
		CHECK_INT(out->difference[k], high - low);
		CHECK(high - low <= spread);
	}
	for (size_t m = 0; m < r->member_count; m++)
		CHECK_INT(totals[m], out->totals[m]);
}

static void
random_seasons(void)
{
	struct chance chance;
	uint8_t seed[32];

	seed_of(seed, 7);
	chance_from_seed(&chance, seed);
	for (int season = 0; season < 500; season++) {
		int64_t values[20][12], spread = 0;
		struct rotation_round rounds[20];
		struct rotation r = { .member_count = 1 + chance_below(&chance, 12), .rounds = rounds,
		                      .round_count = chance_below(&chance, 21) };
		struct rotation_outcome out;

		for (size_t k = 0; k < r.round_count; k++) {
			int64_t low = INT64_MAX, high = INT64_MIN;

			rounds[k] = (struct rotation_round){ values[k],
				chance_below(&chance, r.member_count + 1) };
			for (size_t i = 0; i < r.member_count; i++) {
				int64_t v = (int64_t)chance_below(&chance, 11) - 5;

				values[k][i] = v;
				v = i < rounds[k].count ? v : 0;
				low = v < low ? v : low;
				high = v > high ? v : high;
			}
			spread = high - low > spread ? high - low : spread;
		}
		seed_of(r.seed, (uint32_t)season);
		CHECK(rotation_make(&r, &arena, &out, &error) == OK);
		check_season(&r, &out, spread);
		arena_reset(&arena);
	}
}

/* One bad turn a week among four: after four weeks each had one, whoever began; and who begins is
 * equally likely anybody. */
static void
bad_turns_go_round(void)
{
	int64_t bad = -1, brought[] = { 0, 0, 0, -5 };
	struct rotation_round rounds[] = { { &bad, 1 }, { &bad, 1 }, { &bad, 1 }, { &bad, 1 } };
	struct rotation r = { .member_count = 4, .rounds = rounds, .round_count = 4 };
	struct rotation_outcome out;
	int orders[256] = { 0 }, different = 0;
	double chi = 0;

	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		int order = 0;

		seed_of(r.seed, seed);
		CHECK(rotation_make(&r, &arena, &out, &error) == OK);
		for (size_t k = 0; k < 4; k++)
			for (int m = 0; m < 4; m++)
				if (out.slot[k * 4 + (size_t)m] == 0)
					order = order * 4 + m;
		CHECK_INT(out.difference[3], 0);
		orders[order]++;
		arena_reset(&arena);
	}
	for (int i = 0; i < 256; i++)
		if (orders[i] > 0) {
			different++;
			chi += (orders[i] - SEEDS / 24.0) * (orders[i] - SEEDS / 24.0) / (SEEDS / 24.0);
		}
	CHECK_INT(different, 24);
	CHECK(chi < 49.7);
	printf("# chi-square of 24 rotations: %.1f\n", chi);
	r.brought = brought; /* who has had five is left alone for the four weeks */
	CHECK(rotation_make(&r, &arena, &out, &error) == OK);
	CHECK_INT(out.totals[3], -5);
	CHECK_INT(out.bound, 5);
	rounds[0].count = 5;
	CHECK(rotation_make(&r, &arena, &out, &error) == INVALID);
	CHECK_INT(error.line, 1);
}

static const struct test_case cases[] = {
	{ "lots: every number drawn, replayed on a row of tickets", replay },
	{ "lots: chances of weighted draws", weighted_chances },
	{ "lots: chances of equal draws", uniform_chances },
	{ "lots: the order of rows does not matter", order_of_rows },
	{ "lots: bad entries", bad_entries },
	{ "rotation: 500 random seasons keep the promise", random_seasons },
	{ "rotation: a bad turn goes round, and anybody may begin", bad_turns_go_round },
};

int
main(void)
{
	int bad;

	arena_init(&arena, 16 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
