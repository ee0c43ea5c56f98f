/* Allotments: every list of three people over three things, with every holding, by brute force:
 * Pareto, nobody gains by another list, nobody loses what they hold. Rounds: envy up to one. */
#include "base/chance.h"
#include "core/decide/allotment.h"
#include "test.h"

enum { LISTS = 16, PEOPLE = 3, THINGS = 3 };

static struct arena arena;
static struct decide_error error;
static uint32_t lists[LISTS][THINGS];
static size_t list_len[LISTS];

/* All orders of all subsets of the three things. */
static void
make_lists(void)
{
	size_t n = 0;

	for (int code = 0; code < 64; code++) {
		uint32_t digits[3] = { (uint32_t)code & 3, (uint32_t)code >> 2 & 3, (uint32_t)code >> 4 };
		size_t len = 0;
		bool good = true;

		while (len < 3 && digits[len] < 3)
			len++;
		for (size_t i = len; i < 3; i++)
			good &= digits[i] == 3;
		for (size_t i = 0; i < len; i++)
			for (size_t j = 0; j < i; j++)
				good &= digits[i] != digits[j];
		if (!good)
			continue;
		memcpy(lists[n], digits, sizeof digits);
		list_len[n++] = len;
	}
	CHECK_INT(n, LISTS);
}

/* Larger is better: on the list, what they hold, nothing; other things are worse than that. */
static int
worth(int list, uint32_t holds, uint32_t thing)
{
	for (size_t i = 0; i < list_len[list]; i++)
		if (lists[list][i] == thing)
			return 10 - (int)i;
	return thing == holds && thing != ALLOTMENT_NONE ? 5 : thing == ALLOTMENT_NONE ? 4 : 3;
}

static const uint32_t orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
                                       { 2, 0, 1 }, { 2, 1, 0 } };

static void
make(enum allotment_rule rule, const int *profile, const int64_t *room, const uint32_t *holds,
     const uint32_t *order, uint32_t *thing)
{
	struct allotment a = { .rule = rule, .person_count = PEOPLE, .thing_count = THINGS,
	                       .room = room, .holds = holds, .order = order };
	struct allotment_outcome out;
	size_t start[PEOPLE + 1] = { 0 };
	uint32_t choice[PEOPLE * THINGS];

	for (size_t p = 0; p < PEOPLE; p++) {
		memcpy(choice + start[p], lists[profile[p]], list_len[profile[p]] * sizeof *choice);
		start[p + 1] = start[p] + list_len[profile[p]];
	}
	a.start = start;
	a.choice = choice;
	if (allotment_make(&a, &arena, &out, &error) != OK || out.pick_count != PEOPLE)
		abort();
	memcpy(thing, out.thing, PEOPLE * sizeof *thing);
	arena_reset(&arena);
}

/* Is there a way to make nobody worse off and somebody better? */
static bool
can_be_better(const int *profile, const int64_t *room, const uint32_t *holds,
              const uint32_t *thing)
{
	for (int code = 0; code < 64; code++) {
		int64_t used[3] = { 0 };
		bool worse = false, better = false;

		for (size_t p = 0; p < PEOPLE; p++) {
			uint32_t t = (uint32_t)code >> 2 * p & 3;
			uint32_t held = holds == NULL ? ALLOTMENT_NONE : holds[p];
			int now, was = worth(profile[p], held, thing[p]);

			if (t < 3)
				used[t]++;
			now = worth(profile[p], held, t < 3 ? t : ALLOTMENT_NONE);
			worse |= now < was;
			better |= now > was;
		}
		for (size_t t = 0; t < 3; t++)
			worse |= used[t] > room[t];
		if (better && !worse)
			return true;
	}
	return false;
}

static void
check_rule(enum allotment_rule rule, const int64_t *room, const uint32_t *holds,
           const uint32_t *order, bool lies)
{
	int profile[PEOPLE], better = 0, gained = 0, lost = 0, over = 0;

	for (int code = 0; code < LISTS * LISTS * LISTS; code++) {
		uint32_t thing[PEOPLE], other[PEOPLE];
		int64_t used[3] = { 0 };

		profile[0] = code % LISTS;
		profile[1] = code / LISTS % LISTS;
		profile[2] = code / LISTS / LISTS;
		make(rule, profile, room, holds, order, thing);
		better += can_be_better(profile, room, holds, thing);
		for (size_t p = 0; p < PEOPLE; p++) {
			uint32_t held = holds == NULL ? ALLOTMENT_NONE : holds[p];
			int truth = profile[p], was = worth(truth, held, thing[p]);

			lost += was < worth(truth, held, held);
			over += thing[p] != ALLOTMENT_NONE && ++used[thing[p]] > room[thing[p]];
			for (int lie = 0; lies && lie < LISTS; lie++) {
				profile[p] = lie;
				make(rule, profile, room, holds, order, other);
				gained += worth(truth, held, other[p]) > was;
			}
			profile[p] = truth;
		}
	}
	CHECK_INT(better, 0);
	CHECK_INT(gained, 0);
	CHECK_INT(lost, 0);
	CHECK_INT(over, 0);
}

static void
serial_brute_force(void)
{
	static const int64_t rooms[][3] = { { 1, 1, 1 }, { 2, 1, 0 } };

	for (size_t r = 0; r < 2; r++)
		for (size_t o = 0; o < 6; o++)
			check_rule(ALLOTMENT_SERIAL, rooms[r], NULL, orders[o], o == 3);
}

static void
ttc_brute_force(void)
{
	static const int64_t rooms[][3] = { { 1, 1, 1 }, { 2, 1, 1 } };

	for (size_t r = 0; r < 2; r++)
		for (int code = 0; code < 64; code++) {
			uint32_t holds[3];
			int64_t used[3] = { 0 };
			bool good = true;

			for (size_t p = 0; p < 3; p++) {
				holds[p] = (uint32_t)code >> 2 * p & 3;
				if (holds[p] == 3)
					holds[p] = ALLOTMENT_NONE;
				else
					good &= ++used[holds[p]] <= rooms[r][holds[p]];
			}
			if (good)
				check_rule(ALLOTMENT_TTC, rooms[r], holds, orders[code % 6],
				           code % 7 == 0 || code == 36);
		}
}

/* With nobody holding anything ttc is serial dictatorship. */
static void
ttc_without_holders(void)
{
	static const int64_t room[3] = { 1, 1, 1 };
	int profile[PEOPLE], differ = 0;

	for (int code = 0; code < LISTS * LISTS * LISTS; code++) {
		uint32_t one[PEOPLE], two[PEOPLE];

		profile[0] = code % LISTS;
		profile[1] = code / LISTS % LISTS;
		profile[2] = code / LISTS / LISTS;
		make(ALLOTMENT_SERIAL, profile, room, NULL, orders[code % 6], one);
		make(ALLOTMENT_TTC, profile, room, NULL, orders[code % 6], two);
		differ += memcmp(one, two, sizeof one) != 0;
	}
	CHECK_INT(differ, 0);
}

/* Four people, two circles and one who stays. */
static void
ttc_by_hand(void)
{
	static const size_t start[] = { 0, 1, 2, 4, 5 };
	static const uint32_t choice[] = { 1, 0, 0, 3, 3 }, holds[] = { 0, 1, 2, 3 };
	static const int64_t room[] = { 1, 1, 1, 1 };
	struct allotment a = { .rule = ALLOTMENT_TTC, .person_count = 4, .thing_count = 4,
		.room = room, .start = start, .choice = choice, .holds = holds };
	struct allotment_outcome out;

	CHECK(allotment_make(&a, &arena, &out, &error) == OK);
	CHECK_INT(out.thing[0], 1);
	CHECK_INT(out.thing[1], 0);
	CHECK_INT(out.thing[2], 2);
	CHECK_INT(out.thing[3], 3);
	for (size_t i = 0; i < 4; i++)
		CHECK_INT(out.picks[i].rank, out.picks[i].person != 2);
}

/* Everybody's list as points; v(own) >= v(another's) less its best thing, for all pairs. */
static void
envy_free_up_to_one(void)
{
	enum { N = 4, M = 6 };
	struct chance chance;
	uint8_t seed[32] = "envy";

	chance_from_seed(&chance, seed);
	for (int round = 0; round < 2000; round++) {
		size_t start[N + 1] = { 0 };
		uint32_t choice[N * M];
		int64_t value[N * M], room[M], had[N][M] = { { 0 } };
		struct allotment a = { .rule = ALLOTMENT_ROUNDS, .person_count = N, .thing_count = M,
			.room = room, .start = start, .choice = choice, .value = value };
		struct allotment_outcome out;

		for (size_t t = 0; t < M; t++)
			room[t] = (int64_t)chance_below(&chance, 3);
		for (size_t p = 0; p < N; p++) {
			start[p + 1] = start[p] + M;
			for (size_t t = 0; t < M; t++) {
				choice[p * M + t] = (uint32_t)t;
				value[p * M + t] = (int64_t)chance_below(&chance, 8);
			}
		}
		chance_bytes(&chance, a.seed, sizeof a.seed);
		CHECK(allotment_make(&a, &arena, &out, &error) == OK);
		for (size_t i = 0; i < out.pick_count; i++)
			if (out.picks[i].thing != ALLOTMENT_NONE)
				had[out.picks[i].person][out.picks[i].thing]++;
		for (size_t t = 0; t < M; t++) {
			int64_t given = 0;

			for (size_t p = 0; p < N; p++)
				given += had[p][t];
			CHECK_INT(given + out.left[t], room[t]);
			for (size_t p = 0; p < N; p++) /* what is left nobody values */
				CHECK(out.left[t] == 0 || value[p * M + t] == 0);
		}
		for (size_t p = 0; p < N; p++)
			for (size_t q = 0; q < N; q++) {
				int64_t own = 0, others = 0, largest = 0;

				for (size_t t = 0; t < M; t++) {
					int64_t v = value[p * M + t];

					own += had[p][t] * v;
					others += had[q][t] * v;
					if (had[q][t] > 0 && v > largest)
						largest = v;
				}
				CHECK(own >= others - largest);
			}
		arena_reset(&arena);
	}
}

/* Every order of turns equally likely, and what was free at each turn. */
static void
turns(void)
{
	static const size_t start[] = { 0, 2, 4, 6 };
	static const uint32_t choice[] = { 0, 1, 0, 1, 0, 1 };
	static const int64_t room[] = { 1, 1 };
	struct allotment a = { .rule = ALLOTMENT_SERIAL, .person_count = 3, .thing_count = 2,
		.room = room, .start = start, .choice = choice };
	struct allotment_outcome out;
	int seen[64] = { 0 };
	double chi = 0;

	for (uint32_t seed = 0; seed < 6000; seed++) {
		memcpy(a.seed, &(uint8_t[2]){ (uint8_t)seed, (uint8_t)(seed >> 8) }, 2);
		CHECK(allotment_make(&a, &arena, &out, &error) == OK);
		for (uint32_t i = 0; i < 3; i++) {
			CHECK_INT(out.turn[out.picks[i].person], i + 1);
			CHECK_INT(out.picks[i].rank, i == 2 ? 0 : i + 1);
			CHECK_INT(out.picks[i].free, 2 - i);
		}
		CHECK_INT(out.full_at[0], 1);
		CHECK_INT(out.full_at[1], 2);
		seen[out.picks[0].person * 16 + out.picks[1].person * 4 + out.picks[2].person]++;
		arena_reset(&arena);
	}
	for (size_t i = 0; i < 64; i++)
		if (seen[i] > 0)
			chi += (seen[i] - 1000.0) * (seen[i] - 1000.0) / 1000.0;
	CHECK(chi < 20.6); /* 5 degrees of freedom */
}

static void
bad_input(void)
{
	static const size_t start[] = { 0, 2, 3 };
	static const uint32_t twice[] = { 0, 0, 1 }, good[] = { 0, 1, 1 }, holds[] = { 1, 1 },
	                      order[] = { 1, 1 };
	int64_t room[] = { 1, 1 }, value[] = { 1, -1, 0 };
	struct allotment a = { .rule = ALLOTMENT_TTC, .person_count = 2, .thing_count = 2,
		.room = room, .start = start, .choice = twice, .value = value };
	struct allotment_outcome out;

	CHECK(allotment_make(&a, &arena, &out, &error) == INVALID);
	CHECK_INT(error.line, 1);
	a.choice = good;
	a.holds = holds;
	CHECK(allotment_make(&a, &arena, &out, &error) == INVALID);
	CHECK_STR(error.field, "holds");
	a.holds = NULL;
	a.order = order;
	CHECK(allotment_make(&a, &arena, &out, &error) == INVALID);
	CHECK_STR(error.field, "order");
	a.order = NULL;
	a.rule = ALLOTMENT_ROUNDS;
	CHECK(allotment_make(&a, &arena, &out, &error) == INVALID);
	value[1] = 0;
	room[0] = -1;
	CHECK(allotment_make(&a, &arena, &out, &error) == INVALID);
	CHECK_STR(error.field, "room");
}

static const struct test_case cases[] = {
	{ "allotment: serial dictatorship by brute force", serial_brute_force },
	{ "allotment: top trading cycles by brute force", ttc_brute_force },
	{ "allotment: top trading cycles without holders", ttc_without_holders },
	{ "allotment: top trading cycles by hand", ttc_by_hand },
	{ "allotment: rounds are envy-free up to one", envy_free_up_to_one },
	{ "allotment: turns", turns },
	{ "allotment: bad input", bad_input },
};

int
main(void)
{
	int bad;

	arena_init(&arena, 16 << 20);
	make_lists();
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
