#include "core/decide/sensitivity.h"

#include <stdlib.h>
#include <string.h>

#include "base/chance.h"
#include "core/decide/election_vary.h"

/* Rules and utilities that can be asked for at most: see add_rules. */
enum { RULES_MAX = 64 };

struct trying {
	const struct election *e;
	const struct outcome *outcome;
	struct arena *arena;
	struct arena scratch; /* of one recount */
	bool *in, *out;       /* by option: found in the counts summed up so far */
	const struct decide_progress *progress;
	int64_t done, limit;  /* recounts; and how many more there may be of one ballot more or fewer */
	size_t rules;
};

static void
forget(struct trying *t)
{
	memset(t->in, 0, t->e->option_count * sizeof *t->in);
	memset(t->out, 0, t->e->option_count * sizeof *t->out);
}

/* Notes who came in and who went out; whether anybody did. */
static bool
note(struct trying *t, const struct outcome *other)
{
	bool changed = false;

	for (size_t o = 0; o < t->e->option_count; o++) {
		bool was = t->outcome->options[o].place > 0, is = other->options[o].place > 0;

		t->in[o] = t->in[o] || (is && !was);
		t->out[o] = t->out[o] || (was && !is);
		changed = changed || was != is;
	}
	return changed;
}

static enum status
list_of(const bool *set, size_t count, struct arena *arena, uint32_t **ret, size_t *ret_count)
{
	*ret_count = 0;
	for (size_t o = 0; o < count; o++)
		*ret_count += set[o];
	*ret = ARENA_ARRAY(arena, *ret_count, uint32_t);
	if (*ret == NULL)
		return NO_MEMORY;
	*ret_count = 0;
	for (size_t o = 0; o < count; o++)
		if (set[o])
			(*ret)[(*ret_count)++] = (uint32_t)o;
	return OK;
}

/* What was noted since forget. */
static enum status
change_of(struct trying *t, struct sensitivity_change *ret)
{
	size_t n = t->e->option_count;
	enum status st = list_of(t->in, n, t->arena, &ret->in, &ret->in_count);

	return st == OK ? list_of(t->out, n, t->arena, &ret->out, &ret->out_count) : st;
}

/* How many recounts there will be, as far as is known: fewer where a proof spares them. */
static size_t
all_recounts(const struct trying *t)
{
	int64_t ballots = (int64_t)(t->e->option_count - t->outcome->step_count + t->e->ballot_count);

	return t->rules + 1 + SENSITIVITY_ORDERS + (size_t)(ballots < t->limit ? ballots : t->limit);
}

/* One count of a variation. rank: NULL, or another order of ties. */
static enum status
recount(struct trying *t, const struct election *e, const struct method *method,
        const uint32_t *rank, bool *ret_changed)
{
	struct decide_extra extra = { .rank = rank };
	struct decide_error error;
	struct outcome other;
	enum status st = decide_count_extra(e, method, &extra, &t->scratch, &other, &error);

	if (st == OK)
		*ret_changed = note(t, &other);
	decide_progress_step(t->progress, (size_t)++t->done, all_recounts(t));
	return st;
}

static bool
same_method(const struct method *a, const struct method *b)
{
	bool by_approvals = a->rule == DECIDE_PHRAGMEN;

	return a->rule == b->rule && (by_approvals || a->utility == b->utility) &&
	       (a->rule != DECIDE_EQUAL_SHARES || a->completion == b->completion);
}

static void
add_rule(struct sensitivity *ret, const struct method *own, enum decide_rule rule,
         enum decide_utility utility, enum decide_completion completion, bool by_sets)
{
	struct sensitivity_rule *r = &ret->rules[ret->rule_count];

	*r = (struct sensitivity_rule){ .method = *own, .by_sets = by_sets };
	r->method.rule = rule;
	r->method.utility = utility;
	r->method.completion = completion;
	ret->rule_count += !same_method(&r->method, own);
}

/* Everything these ballots can be counted by. Borda's points and others are different
 * elections: only those that this one has. */
static void
add_rules(const struct election *e, const struct method *own, struct sensitivity *ret)
{
	const enum decide_utility with_points[] = {
		DECIDE_COST, DECIDE_CARDINALITY,
		own->utility == DECIDE_BORDA ? DECIDE_BORDA : DECIDE_POINTS, DECIDE_COST_POINTS };
	size_t utilities = e->points == NULL ? 2 : 4;

	for (size_t u = 0; u < utilities; u++) {
		enum decide_utility utility = with_points[u];
		bool by_sets = e->points != NULL && u < 2;
		/* exact parts and overspending */
		bool alike = !decide_utility_has_points(utility) && e->limits == NULL;

		add_rule(ret, own, DECIDE_GREEDY, utility, DECIDE_NONE, by_sets);
		add_rule(ret, own, DECIDE_GREEDY_NO_SKIP, utility, DECIDE_NONE, by_sets);
		if (e->threshold > 0 && !by_sets)
			add_rule(ret, own, DECIDE_GREEDY_THRESHOLD, utility, DECIDE_NONE, false);
		for (int c = DECIDE_NONE; c <= DECIDE_EXACT; c++)
			if (c != DECIDE_EXACT || alike)
				add_rule(ret, own, DECIDE_EQUAL_SHARES, utility,
				         (enum decide_completion)c, by_sets);
		if (alike)
			add_rule(ret, own, DECIDE_OVERSPENDING, utility, DECIDE_NONE, by_sets);
	}
	add_rule(ret, own, DECIDE_PHRAGMEN, DECIDE_COST, DECIDE_NONE, e->points != NULL);
}

static enum status
try_rules(struct trying *t, struct sensitivity *ret)
{
	struct election sets;
	enum status st = election_without_points(t->e, t->arena, &sets);

	ret->rules = ARENA_ARRAY(t->arena, RULES_MAX, struct sensitivity_rule);
	if (st != OK || ret->rules == NULL)
		return NO_MEMORY;
	add_rules(t->e, &t->outcome->method, ret);
	t->rules = ret->rule_count;
	for (size_t r = 0; st == OK && r < ret->rule_count; r++) {
		struct sensitivity_rule *rule = &ret->rules[r];
		bool changed;

		forget(t);
		st = recount(t, rule->by_sets ? &sets : t->e, &rule->method, NULL, &changed);
		rule->counted = st == OK;
		if (st == OK || st == INVALID)
			st = change_of(t, &rule->change);
		arena_reset(&t->scratch);
	}
	return st;
}

/* The order number `k`: the reverse of the method's, then shuffled. */
static void
set_order(uint32_t *rank, const uint32_t *own, size_t count, int k, struct chance *chance,
          size_t *places)
{
	for (size_t o = 0; o < count; o++)
		places[o] = count - 1 - own[o];
	if (k > 0)
		chance_shuffle(chance, places, count);
	for (size_t o = 0; o < count; o++)
		rank[o] = (uint32_t)places[o];
}

static enum status
try_orders(struct trying *t, struct sensitivity *ret)
{
	size_t n = t->e->option_count;
	uint32_t *rank = ARENA_ARRAY(t->arena, n, uint32_t);
	uint32_t *own = method_ranks(&t->outcome->method, t->e, t->arena);
	size_t *places = ARENA_ARRAY(t->arena, n, size_t);
	struct chance chance;
	enum status st = OK;

	if (rank == NULL || own == NULL || places == NULL)
		return NO_MEMORY;
	for (size_t s = 0; s < t->outcome->step_count; s++)
		ret->tied_steps += t->outcome->steps[s].tied > 0;
	chance_from_seed(&chance, t->outcome->method.seed);
	forget(t);
	ret->orders.of = 1 + SENSITIVITY_ORDERS;
	for (int k = 0; st == OK && k <= SENSITIVITY_ORDERS; k++) {
		bool changed = false;

		set_order(rank, own, n, k, &chance, places);
		st = recount(t, t->e, &t->outcome->method, rank, &changed);
		ret->orders.tried += st == OK;
		ret->orders.changed += changed;
		arena_reset(&t->scratch);
	}
	return st == OK || st == INVALID ? change_of(t, &ret->orders.change) : st;
}

static bool
is_loser(const struct trying *t, size_t option)
{
	return !t->e->options[option].withdrawn && t->outcome->options[option].place == 0;
}

/* One voter more for a loser alone. */
static enum status
try_more(struct trying *t, int64_t *limit, struct sensitivity_tries *ret)
{
	enum status st = OK;

	forget(t);
	for (size_t o = 0; st == OK && o < t->e->option_count; o++) {
		struct election other;
		bool changed = false;

		ret->of += is_loser(t, o);
		if (!is_loser(t, o) || *limit <= 0)
			continue;
		st = election_with_ballots(t->e, (uint32_t)o, 1, &t->scratch, &other);
		if (st == OK)
			st = recount(t, &other, &t->outcome->method, NULL, &changed);
		ret->tried += st == OK;
		ret->changed += changed;
		--*limit;
		arena_reset(&t->scratch);
		if (st == INVALID || st == TOO_LARGE)
			st = OK; /* not tried: it says so */
	}
	return st == OK ? change_of(t, &ret->change) : st;
}

/* One voter fewer of a distinct ballot. */
static enum status
try_fewer(struct trying *t, int64_t *limit, struct sensitivity_tries *ret)
{
	enum status st = OK;

	forget(t);
	ret->of = (int64_t)t->e->ballot_count;
	for (size_t b = 0; st == OK && b < t->e->ballot_count && *limit > 0; b++) {
		struct election other;
		bool changed = false;

		st = election_without_ballot(t->e, b, &t->scratch, &other);
		if (st == OK)
			st = recount(t, &other, &t->outcome->method, NULL, &changed);
		ret->tried += st == OK;
		ret->changed += changed;
		--*limit;
		arena_reset(&t->scratch);
		if (st == INVALID)
			st = OK;
	}
	return st == OK ? change_of(t, &ret->change) : st;
}

static int
by_votes(const void *a, const void *b)
{
	const struct election_option *x = *(const struct election_option *const *)a;
	const struct election_option *y = *(const struct election_option *const *)b;

	return (x->votes < y->votes) - (x->votes > y->votes);
}

/* Whether the winners surely stay when each option's votes, relative to another's and to none,
 * change by at most k. sorted: all that are not withdrawn, by votes. */
static bool
is_safe(const struct election *e, const struct election_option *const *sorted, size_t count,
        int64_t k)
{
	int64_t left = e->budget;

	/* a run: options of which each may change places with the next */
	for (size_t from = 0, to; from < count; from = to) {
		int64_t fit = 0;
		bool unsure = false, room = false;

		for (to = from; to < count; to++) {
			int64_t cost = sorted[to]->cost;

			if (to > from && sorted[to - 1]->votes - sorted[to]->votes > k)
				break;
			if (cost > left)
				continue;
			room = true;
			unsure = unsure || sorted[to]->votes <= k;
			fit = fit > left ? fit : fit + cost;
		}
		if (room && (unsure || fit > left))
			return false;
		left -= fit;
	}
	return true;
}

static enum status
prove_safe(struct trying *t, int64_t *ret)
{
	const struct election *e = t->e;
	const struct election_option **sorted =
		ARENA_ARRAY(t->arena, e->option_count, const struct election_option *);
	int64_t safe = 0, unsafe = e->voters + 1;
	size_t n = 0;

	*ret = 0;
	if (sorted == NULL)
		return NO_MEMORY;
	if (t->outcome->method.rule != DECIDE_GREEDY || e->points != NULL || e->limits != NULL ||
	    t->outcome->method.utility != DECIDE_COST)
		return OK;
	for (size_t o = 0; o < e->option_count; o++)
		if (!e->options[o].withdrawn)
			sorted[n++] = &e->options[o];
	qsort(sorted, n, sizeof *sorted, by_votes);
	/* what is safe for more ballots is safe for fewer */
	while (unsafe - safe > 1) {
		int64_t k = safe + (unsafe - safe) / 2;

		if (is_safe(e, sorted, n, k))
			safe = k;
		else
			unsafe = k;
	}
	*ret = safe;
	return OK;
}

enum status
sensitivity_of(const struct election *e, const struct outcome *outcome, int64_t limit,
               const struct decide_progress *progress, struct arena *arena,
               struct sensitivity *ret)
{
	struct trying t = { .e = e, .outcome = outcome, .arena = arena, .progress = progress,
		            .limit = limit };
	enum status st;

	*ret = (struct sensitivity){ 0 };
	t.in = ARENA_ARRAY(arena, e->option_count, bool);
	t.out = ARENA_ARRAY(arena, e->option_count, bool);
	if (t.in == NULL || t.out == NULL)
		return NO_MEMORY;
	arena_init(&t.scratch, arena->cap);
	st = try_rules(&t, ret);
	if (st == OK)
		st = try_orders(&t, ret);
	if (st == OK)
		st = prove_safe(&t, &ret->safe_ballots);
	if (ret->safe_ballots > 0)
		limit = 0;
	if (st == OK)
		st = try_more(&t, &limit, &ret->more);
	if (st == OK)
		st = try_fewer(&t, &limit, &ret->fewer);
	arena_release(&t.scratch);
	return st;
}
