#include "core/decide/consent.h"

#include <stdlib.h>

static int64_t
cast_of(const struct consent_votes *v)
{
	return v->yes + v->no + v->abstain;
}

static bool
votes_can_be(const struct consent_votes *v)
{
	const int64_t counts[] = { v->roll, v->yes, v->no, v->abstain, v->objections };

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i] < 0 || counts[i] > CONSENT_COUNT_MAX)
			return false;
	return cast_of(v) <= v->roll && v->objections <= v->roll;
}

static bool
bound_can_be(struct consent_bound b)
{
	return b.n >= 0 && b.d >= 0 && b.n <= CONSENT_COUNT_MAX && b.d <= CONSENT_COUNT_MAX &&
	       (b.d == 0 || b.n <= b.d);
}

static bool
majority_can_be(struct consent_majority m)
{
	return m.d > 0 && bound_can_be((struct consent_bound){ m.n, m.d }) &&
	       !(m.more && m.n == m.d);
}

static enum status
check_groups(const struct consent_votes *votes, const struct consent_votes *groups, size_t count,
             struct decide_error *error)
{
	struct consent_votes sum = { 0 };

	if (count == 0 || count > CONSENT_GROUPS_MAX)
		return decide_fail(error, 0, STR("group"),
		                   MSG("A majority of groups needs groups, a million at most."));
	for (size_t i = 0; i < count; i++) {
		if (!votes_can_be(&groups[i]))
			return decide_fail(error, 0, STR("group"),
			                   MSG("In a group more people voted than are on its roll."));
		sum.roll += groups[i].roll;
		sum.yes += groups[i].yes;
		sum.no += groups[i].no;
		sum.abstain += groups[i].abstain;
	}
	/* Those of no group must be possible as well. */
	if (sum.yes > votes->yes || sum.no > votes->no || sum.abstain > votes->abstain ||
	    sum.roll > votes->roll ||
	    votes->roll - sum.roll < cast_of(votes) - cast_of(&sum))
		return decide_fail(error, 0, STR("group"),
		                   MSG("The groups' numbers don't fit the numbers of all."));
	return OK;
}

static enum status
check(const struct consent_votes *votes, const struct consent_method *m,
      struct decide_error *error)
{
	if (!votes_can_be(votes))
		return decide_fail(error, 0, STR("roll"),
		                   MSG("More people voted or objected than are on the roll."));
	if (!m->by_quorum && !m->by_majority && !m->by_groups && !m->by_objections)
		return decide_fail(error, 0, STR(""), MSG("Nothing is asked of the votes."));
	if (m->by_quorum && !bound_can_be(m->quorum))
		return decide_fail(error, 0, STR("quorum"), MSG("This can't be a quorum."));
	if (m->by_majority && !majority_can_be(m->majority))
		return decide_fail(error, 0, STR("majority"), MSG("This can't be a majority."));
	if (m->by_objections && !bound_can_be(m->objections))
		return decide_fail(error, 0, STR("objections"),
		                   MSG("This can't be a limit of objections."));
	return OK;
}

/* x, or -1 when not so many stayed away. */
static int64_t
within(int64_t x, int64_t away)
{
	return x <= 0 ? 0 : x <= away ? x : -1;
}

static struct consent_test
quorum_test(const struct consent_votes *v, const struct consent_method *m)
{
	struct consent_bound q = m->quorum;
	struct consent_test t = { .kind = CONSENT_QUORUM };

	t.had = cast_of(v) - (m->abstain_is_absent ? v->abstain : 0);
	t.needed = q.d == 0 ? q.n : (q.n * v->roll + q.d - 1) / q.d;
	t.passed = t.had >= t.needed;
	t.missing = within(t.needed - t.had, v->roll - cast_of(v));
	return t;
}

/* The fewest x >= 0 with a * x >= b, or a * x > b; -1 for none. */
static int64_t
least(int64_t a, int64_t b, bool more)
{
	if (more ? b < 0 : b <= 0)
		return 0;
	if (a == 0)
		return -1;
	return more ? b / a + 1 : (b + a - 1) / a;
}

static struct consent_test
majority_test(const struct consent_votes *v, const struct consent_majority *m)
{
	struct consent_test t = { .kind = CONSENT_MAJORITY, .had = v->yes };
	int64_t base = v->roll, x;

	if (m->base != CONSENT_OF_ROLL)
		base = v->yes + v->no + (m->base == CONSENT_OF_CAST ? v->abstain : 0);
	t.needed = least(m->d, m->n * base, m->more);
	if (t.needed < 1)
		t.needed = 1;
	t.passed = t.had >= t.needed;
	/* d (yes + x) >= n (base + x), where the base grows with the votes. */
	x = least(m->base == CONSENT_OF_ROLL ? m->d : m->d - m->n, m->n * base - m->d * v->yes,
	          m->more);
	if (x == 0 && v->yes == 0)
		x = 1;
	t.missing = x < 0 ? -1 : within(x, v->roll - cast_of(v));
	return t;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The groups that are cheapest to win, as many as are wanted. */
static enum status
groups_test(const struct consent_votes *groups, size_t count, struct arena *arena,
            struct consent_outcome *out, struct consent_test *ret)
{
	struct consent_test t = { .kind = CONSENT_GROUPS, .needed = (int64_t)count / 2 + 1 };
	int64_t *cost = ARENA_ARRAY(arena, count, int64_t);
	size_t can = 0, wanted;

	out->groups = ARENA_ARRAY(arena, count, struct consent_group);
	out->group_count = count;
	if (cost == NULL || out->groups == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const struct consent_votes *g = &groups[i];
		int64_t x = within(g->no - g->yes + 1, g->roll - cast_of(g));

		out->groups[i] = (struct consent_group){ g->yes > g->no, x };
		t.had += x == 0;
		if (x > 0)
			cost[can++] = x;
	}
	t.passed = t.had >= t.needed;
	wanted = t.passed ? 0 : (size_t)(t.needed - t.had);
	qsort(cost, can, sizeof *cost, by_size);
	for (size_t i = 0; i < wanted && i < can; i++)
		t.missing += cost[i];
	if (wanted > can)
		t.missing = -1;
	*ret = t;
	return OK;
}

static struct consent_test
objections_test(const struct consent_votes *v, struct consent_bound limit)
{
	struct consent_test t = { .kind = CONSENT_OBJECTIONS, .had = v->objections };

	t.needed = limit.d == 0 ? limit.n : limit.n * v->roll / limit.d;
	t.passed = t.had <= t.needed;
	t.missing = t.passed ? 0 : -1;
	return t;
}

enum status
consent_decide(const struct consent_votes *votes, const struct consent_votes *groups,
               size_t group_count, const struct consent_method *method, struct arena *arena,
               struct consent_outcome *ret, struct decide_error *error)
{
	enum status st = check(votes, method, error);

	*ret = (struct consent_outcome){ .passed = true };
	if (st == OK && method->by_groups)
		st = check_groups(votes, groups, group_count, error);
	if (st != OK)
		return st;
	if (method->by_quorum)
		ret->tests[ret->test_count++] = quorum_test(votes, method);
	if (method->by_majority)
		ret->tests[ret->test_count++] = majority_test(votes, &method->majority);
	if (method->by_groups) {
		st = groups_test(groups, group_count, arena, ret, &ret->tests[ret->test_count++]);
		if (st != OK)
			return st;
	}
	if (method->by_objections)
		ret->tests[ret->test_count++] = objections_test(votes, method->objections);
	for (size_t i = 0; i < ret->test_count; i++) {
		const struct consent_test *t = &ret->tests[i];

		ret->passed &= t->passed;
		if (t->missing < 0 || ret->missing < 0)
			ret->missing = -1;
		else if (t->missing > ret->missing)
			ret->missing = t->missing;
	}
	return OK;
}

const char *
consent_test_name(enum consent_test_kind kind)
{
	static const char *const names[] = { "quorum", "majority", "groups", "objections" };

	return names[kind];
}

static enum status
parse_count(struct str text, int64_t *ret)
{
	return text.len > 0 && text.ptr[0] != '-' && str_to_int(text, ret) == OK &&
	       *ret <= CONSENT_COUNT_MAX ? OK : INVALID;
}

enum status
consent_bound_parse(struct str text, struct consent_bound *ret)
{
	size_t slash = str_find(text, STR("/"));

	*ret = (struct consent_bound){ 0 };
	if (str_ends(text, STR("%"))) {
		ret->d = 100;
		text = str_cut(text, 0, text.len - 1);
	} else if (slash < text.len) {
		if (parse_count(str_cut(text, slash + 1, text.len), &ret->d) != OK || ret->d == 0)
			return INVALID;
		text = str_cut(text, 0, slash);
	}
	return parse_count(text, &ret->n) == OK && bound_can_be(*ret) ? OK : INVALID;
}

enum status
consent_majority_parse(struct str text, struct consent_majority *ret)
{
	struct str cast = STR("-of-cast"), roll = STR("-of-roll");
	struct consent_bound share = { 0 };

	*ret = (struct consent_majority){ .n = 1, .d = 2, .more = true };
	if (str_is(text, "simple"))
		return OK;
	ret->base = CONSENT_OF_ROLL;
	if (str_is(text, "absolute"))
		return OK;
	*ret = (struct consent_majority){ .n = 2, .d = 3 };
	if (str_ends(text, cast))
		ret->base = CONSENT_OF_CAST;
	if (str_ends(text, roll))
		ret->base = CONSENT_OF_ROLL;
	if (ret->base != CONSENT_OF_YES_NO)
		text = str_cut(text, 0, text.len - cast.len);
	if (str_is(text, "two-thirds"))
		return OK;
	ret->more = str_starts(text, STR(">"));
	text = str_cut(text, ret->more, text.len);
	if (consent_bound_parse(text, &share) != OK)
		return INVALID;
	ret->n = share.n;
	ret->d = share.d;
	return majority_can_be(*ret) ? OK : INVALID;
}
