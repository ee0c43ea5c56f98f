/* Decisions by threshold. The definitions written out a second time, and the fewest additional yes
 * votes found by trying every way to cast them. */
#include "core/decide/consent.h"
#include "test.h"

static struct arena arena;

/* The definitions, by multiplying out with no thought of speed. */
static bool
naive_majority(const struct consent_votes *v, const struct consent_majority *m)
{
	int64_t base = m->base == CONSENT_OF_ROLL ? v->roll :
	               m->base == CONSENT_OF_CAST ? v->yes + v->no + v->abstain : v->yes + v->no;

	return v->yes > 0 && (m->more ? v->yes * m->d > m->n * base : v->yes * m->d >= m->n * base);
}

static bool
naive_passes(const struct consent_votes *v, const struct consent_votes *groups, size_t count,
             const struct consent_method *m)
{
	int64_t part = v->yes + v->no + (m->abstain_is_absent ? 0 : v->abstain);
	size_t yes = 0;

	for (size_t i = 0; i < count; i++)
		yes += groups[i].yes > groups[i].no;
	if (m->by_quorum && (m->quorum.d == 0 ? part < m->quorum.n :
	                     part * m->quorum.d < m->quorum.n * v->roll))
		return false;
	if (m->by_majority && !naive_majority(v, &m->majority))
		return false;
	if (m->by_groups && 2 * yes <= count)
		return false;
	return !m->by_objections || (m->objections.d == 0 ? v->objections <= m->objections.n :
	                             v->objections * m->objections.d <= m->objections.n * v->roll);
}

/* The fewest yes votes, tried in every way from group `at` on (the last: people of no group). */
static int64_t
naive_missing(struct consent_votes v, struct consent_votes *groups, size_t count, size_t at,
              const struct consent_method *m)
{
	int64_t best = -1, room;
	struct consent_votes others = v, *g = at < count ? &groups[at] : &others;

	if (at == count)
		for (size_t i = 0; i < count; i++) {
			others.roll -= groups[i].roll;
			others.yes -= groups[i].yes;
			others.no -= groups[i].no;
			others.abstain -= groups[i].abstain;
		}
	room = g->roll - g->yes - g->no - g->abstain;
	for (int64_t x = 0; x <= room; x++) {
		struct consent_votes more = v;
		int64_t rest = 0;

		more.yes += x;
		if (at < count) {
			groups[at].yes += x;
			rest = naive_missing(more, groups, count, at + 1, m);
			groups[at].yes -= x;
		} else if (!naive_passes(&more, groups, count, m)) {
			rest = -1;
		}
		if (rest >= 0 && (best < 0 || rest + x < best))
			best = rest + x;
	}
	return best;
}

static const struct consent_majority majorities[] = {
	{ 1, 2, true, CONSENT_OF_YES_NO }, { 1, 2, true, CONSENT_OF_ROLL },
	{ 2, 3, false, CONSENT_OF_YES_NO }, { 2, 3, false, CONSENT_OF_CAST },
	{ 3, 5, true, CONSENT_OF_CAST }, { 1, 1, false, CONSENT_OF_YES_NO },
	{ 1, 1, false, CONSENT_OF_CAST }, { 0, 1, false, CONSENT_OF_CAST },
	{ 0, 1, true, CONSENT_OF_YES_NO }, { 1, 1, false, CONSENT_OF_ROLL },
};

static void
check_one(struct consent_votes v, struct consent_votes *groups, size_t count,
          const struct consent_method *m)
{
	struct decide_error error;
	struct consent_outcome o;
	int64_t want;

	CHECK(consent_decide(&v, groups, count, m, &arena, &o, &error) == OK);
	want = naive_missing(v, groups, count, 0, m);
	CHECK(o.passed == naive_passes(&v, groups, count, m));
	CHECK(o.passed == (o.missing == 0));
	CHECK_INT(o.missing, want);
	for (size_t i = 0; i < o.test_count; i++) {
		struct consent_method alone = *m;

		alone.by_quorum = o.tests[i].kind == CONSENT_QUORUM;
		alone.by_majority = o.tests[i].kind == CONSENT_MAJORITY;
		alone.by_groups = o.tests[i].kind == CONSENT_GROUPS;
		alone.by_objections = o.tests[i].kind == CONSENT_OBJECTIONS;
		CHECK_INT(o.tests[i].missing, naive_missing(v, groups, count, 0, &alone));
	}
	arena_reset(&arena);
}

static void
every_small_vote(void)
{
	for (size_t k = 0; k < sizeof majorities / sizeof *majorities; k++)
		for (int64_t roll = 0; roll <= 7; roll++)
			for (int64_t yes = 0; yes <= roll; yes++)
				for (int64_t no = 0; yes + no <= roll; no++)
					for (int64_t abstain = 0; yes + no + abstain <= roll; abstain++)
						for (int64_t quorum = 0; quorum < 8; quorum++) {
							struct consent_method m = { true, true, false, true,
								quorum & 1, { quorum, quorum & 2 ? 9 : 0 },
								majorities[k], { 1, quorum & 4 ? 3 : 0 } };
							struct consent_votes v = { roll, yes, no, abstain, roll / 2 };

							check_one(v, NULL, 0, &m);
						}
}

/* Three groups of one to three people and one person of none, every vote. */
static void
every_small_double_majority(void)
{
	int64_t rolls[3] = { 1, 2, 3 };

	for (int code = 0; code < 3 * 6 * 10 * 3; code++) {
		struct consent_votes groups[3], v = { 0 };
		int rest = code;

		for (int g = 0; g < 3; g++) {
			int ways = (int)((rolls[g] + 1) * (rolls[g] + 2) / 2), way = rest % ways;

			rest /= ways;
			groups[g] = (struct consent_votes){ .roll = rolls[g] };
			while (way > rolls[g] - groups[g].yes)
				way -= (int)(rolls[g] - groups[g].yes++) + 1;
			groups[g].no = way;
			v.roll += rolls[g];
			v.yes += groups[g].yes;
			v.no += groups[g].no;
		}
		v.roll++;
		v.yes += rest == 1;
		v.no += rest == 2;
		for (size_t k = 0; k < sizeof majorities / sizeof *majorities; k++) {
			struct consent_method m = { true, true, true, false, false, { 1, 2 },
			                            majorities[k], { 0, 0 } };

			check_one(v, groups, 3, &m);
		}
	}
}

static void
large_numbers(void)
{
	struct consent_votes v = { CONSENT_COUNT_MAX, 333333333, 333333334, 0, 0 };
	struct consent_method m = { .by_majority = true, .by_quorum = true,
	                            .quorum = { 999999999, 1000000000 } };
	struct consent_outcome o;
	struct decide_error error;

	m.majority = (struct consent_majority){ 999999998, 999999999, true, CONSENT_OF_CAST };
	CHECK(consent_decide(&v, NULL, 0, &m, &arena, &o, &error) == OK);
	CHECK_INT(o.tests[0].needed, 999999999);
	CHECK_INT(o.tests[0].missing, 333333332);
	CHECK_INT(o.tests[1].needed, 666666667);
	CHECK_INT(o.tests[1].missing, -1);
	v.no = 1;
	m.majority.n = 500000000;
	CHECK(consent_decide(&v, NULL, 0, &m, &arena, &o, &error) == OK && o.tests[1].passed);
}

static void
impossible_input(void)
{
	struct consent_votes v = { 10, 5, 4, 2, 0 }, good = { 10, 5, 4, 1, 0 };
	struct consent_votes group = { 10, 6, 3, 1, 0 };
	struct consent_method m = { .by_majority = true, .majority = { 1, 2, true, 0 } };
	struct consent_outcome o;
	struct decide_error error;

	CHECK(consent_decide(&v, NULL, 0, &m, &arena, &o, &error) == INVALID);
	CHECK_STR(error.field, "roll");
	m.majority.d = 0;
	CHECK(consent_decide(&good, NULL, 0, &m, &arena, &o, &error) == INVALID);
	CHECK_STR(error.field, "majority");
	m.majority = (struct consent_majority){ 1, 1, true, 0 };
	CHECK(consent_decide(&good, NULL, 0, &m, &arena, &o, &error) == INVALID);
	m = (struct consent_method){ .by_groups = true };
	CHECK(consent_decide(&good, NULL, 0, &m, &arena, &o, &error) == INVALID);
	CHECK(consent_decide(&good, &group, 1, &m, &arena, &o, &error) == INVALID);
	CHECK_STR(error.field, "group");
	m = (struct consent_method){ 0 };
	CHECK(consent_decide(&good, NULL, 0, &m, &arena, &o, &error) == INVALID);
}

static void
names(void)
{
	struct consent_bound b;
	struct consent_majority m;

	CHECK(consent_bound_parse(STR("12"), &b) == OK && b.n == 12 && b.d == 0);
	CHECK(consent_bound_parse(STR("1/4"), &b) == OK && b.n == 1 && b.d == 4);
	CHECK(consent_bound_parse(STR("25%"), &b) == OK && b.n == 25 && b.d == 100);
	CHECK(consent_bound_parse(STR("5/4"), &b) == INVALID);
	CHECK(consent_bound_parse(STR("1/0"), &b) == INVALID);
	CHECK(consent_bound_parse(STR("-1"), &b) == INVALID);
	CHECK(consent_bound_parse(STR("%"), &b) == INVALID);
	CHECK(consent_bound_parse(STR("1/2/3"), &b) == INVALID);
	CHECK(consent_majority_parse(STR("simple"), &m) == OK && m.more && m.base == CONSENT_OF_YES_NO);
	CHECK(consent_majority_parse(STR("absolute"), &m) == OK && m.base == CONSENT_OF_ROLL);
	CHECK(consent_majority_parse(STR("two-thirds-of-cast"), &m) == OK && m.n == 2 && m.d == 3 &&
	      !m.more && m.base == CONSENT_OF_CAST);
	CHECK(consent_majority_parse(STR(">3/5-of-roll"), &m) == OK && m.more && m.n == 3);
	CHECK(consent_majority_parse(STR("7"), &m) == INVALID);
	CHECK(consent_majority_parse(STR(">1/1"), &m) == INVALID);
	CHECK(consent_majority_parse(STR(""), &m) == INVALID);
}

static const struct test_case cases[] = {
	{ "consent: every vote of up to 7 people against the definitions", every_small_vote },
	{ "consent: every double majority of 3 small streets", every_small_double_majority },
	{ "consent: large numbers", large_numbers },
	{ "consent: impossible input", impossible_input },
	{ "consent: names", names },
};

int
main(void)
{
	int bad;

	arena_init(&arena, 1 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
