/* Sensitivity against brute force on small elections, and varied elections against the same made
 * anew. The number of random elections is the argument. */
#include "base/buf.h"
#include "base/json.h"
#include "core/decide/election_vary.h"
#include "core/decide/sensitivity.h"
#include "make.h"
#include "small.h"
#include "test.h"

static struct arena arena;
static long random_count = 2000;

/* The outcome's JSON tells whether two elections are alike. */
static bool
count_alike(const struct election *a, const struct election *b, const struct method *m)
{
	struct outcome x, y;
	struct buf left, right;
	bool same = a->voters == b->voters && a->ballot_count == b->ballot_count;

	(void)small_count(a, m, &arena, &x);
	(void)small_count(b, m, &arena, &y);
	buf_init(&left, 1 << 20);
	buf_init(&right, 1 << 20);
	outcome_write(&left, &x);
	outcome_write(&right, &y);
	same = same && str_eq(buf_str(&left), buf_str(&right));
	for (size_t o = 0; o < a->option_count; o++)
		same = same && a->options[o].votes == b->options[o].votes &&
		       a->options[o].points == b->options[o].points;
	buf_release(&left);
	buf_release(&right);
	return same;
}

static void
check_alike(const struct election *a, const struct election *b)
{
	for (int rule = DECIDE_GREEDY; rule <= DECIDE_OVERSPENDING; rule++) {
		struct method m = { .rule = (enum decide_rule)rule };

		m.utility = a->points != NULL && rule != DECIDE_OVERSPENDING ? DECIDE_POINTS
		                                                             : DECIDE_COST;
		CHECK(count_alike(a, b, &m));
	}
}

/* The voter's distinct ballot. */
static size_t
ballot_of(const struct small *s, const struct election *e, int voter)
{
	for (size_t b = 0; b < e->ballot_count; b++) {
		uint32_t bits = 0;
		bool same = true;

		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			bits |= 1u << e->choice[i];
			same = same && (e->points == NULL ||
			                e->points[i] == s->points[voter][e->choice[i]]);
		}
		if (same && bits == s->ballot[voter])
			return b;
	}
	abort();
}

static void
vary_random(void)
{
	static const uint8_t seed[32] = { 'v' };
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count; i++) {
		struct small s = small_random(&chance, SMALL_VOTERS - 2), t = s;
		bool with_points = i % 2 == 1;
		struct election e = small_election(&s, with_points, &arena), got, want;
		int voter = small_below(&chance, s.voters), o = small_below(&chance, s.options);
		uint32_t most = 1;

		for (size_t k = 0; e.points != NULL && k < e.start[e.ballot_count]; k++)
			most = e.points[k] > most ? e.points[k] : most;
		t.voters += 2;
		t.ballot[s.voters] = t.ballot[s.voters + 1] = 1u << o;
		t.points[s.voters][o] = t.points[s.voters + 1][o] = most;
		want = small_election(&t, e.points != NULL, &arena);
		CHECK(election_with_ballots(&e, (uint32_t)o, 2, &arena, &got) == OK);
		check_alike(&got, &want);

		t = s;
		t.voters--;
		t.ballot[voter] = s.ballot[s.voters - 1];
		memcpy(t.points[voter], s.points[s.voters - 1], sizeof t.points[voter]);
		want = small_election(&t, with_points, &arena);
		CHECK(election_without_ballot(&e, ballot_of(&s, &e, voter), &arena, &got) == OK);
		if (e.points == NULL || want.points != NULL)
			check_alike(&got, &want);

		t = s;
		t.cost[o] = small_below(&chance, 9);
		want = small_election(&t, with_points, &arena);
		CHECK(election_with_cost(&e, (uint32_t)o, t.cost[o], &arena, &got) == OK);
		check_alike(&got, &want);
		want = small_election(&s, with_points, &arena);
		check_alike(&e, &want); /* still as it was */
		arena_reset(&arena);
	}
}

static void
vary_limits(void)
{
	struct election e = make_election(&arena, 0, 100, "a=60 b=40", "2:a 1:b"), other;

	CHECK(election_with_ballots(&e, 0, ELECTION_VOTERS_MAX, &arena, &other) == TOO_LARGE);
	CHECK(election_with_ballots(&e, 0, ELECTION_VOTERS_MAX - 3, &arena, &other) == OK);
	CHECK_INT(other.options[0].votes, ELECTION_VOTERS_MAX - 1);
	CHECK_INT(e.options[0].votes, 2);
	for (long n = 0; n < 3; n++) {
		arena.fail_after = n;
		CHECK(election_without_ballot(&e, 0, &arena, &other) == NO_MEMORY); /* b's only one */
	}
	arena.fail_after = -1;
}

static uint32_t
bits_of(const uint32_t *options, size_t count)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < count; i++)
		bits |= 1u << options[i];
	return bits;
}

/* What brute force adds up for sensitivity_tries. */
struct sum {
	int64_t tried, changed;
	uint32_t in, out;
};

static void
add(struct sum *sum, uint32_t was, uint32_t is)
{
	sum->tried++;
	sum->changed += was != is;
	sum->in |= is & ~was;
	sum->out |= was & ~is;
}

static void
check_tries(const struct sensitivity_tries *got, const struct sum *want)
{
	CHECK_INT(got->tried, want->tried);
	CHECK_INT(got->of, want->tried);
	CHECK_INT(got->changed, want->changed);
	CHECK_INT(bits_of(got->change.in, got->change.in_count), want->in);
	CHECK_INT(bits_of(got->change.out, got->change.out_count), want->out);
}

/* The winners with one voter more, who names these, or without one voter (-1: all there). */
static uint32_t
winners_with(const struct small *s, const struct method *m, uint32_t more, int without)
{
	struct small t = *s;
	struct election e;
	struct outcome o;

	if (more != 0)
		t.ballot[t.voters++] = more;
	if (without >= 0)
		t.ballot[without] = t.ballot[--t.voters];
	e = small_election(&t, false, &arena);
	return small_count(&e, m, &arena, &o);
}

static void
check_ballots(const struct small *s, const struct method *m, uint32_t was,
              const struct sensitivity *got, const struct election *e)
{
	struct sum more = { 0 }, fewer = { 0 };
	bool seen[SMALL_VOTERS] = { false };

	for (int o = 0; o < s->options; o++)
		if (!(was >> o & 1) && !s->withdrawn[o])
			add(&more, was, winners_with(s, m, 1u << o, -1));
	for (int v = 0; v < s->voters; v++) {
		size_t b = ballot_of(s, e, v);

		if (!seen[b])
			add(&fewer, was, winners_with(s, m, 0, v));
		seen[b] = true;
	}
	if (got->safe_ballots > 0) {
		CHECK_INT(more.changed + fewer.changed, 0);
		CHECK_INT(got->more.tried + got->fewer.tried, 0);
		CHECK_INT(got->more.of, more.tried);
	} else {
		check_tries(&got->more, &more);
		check_tries(&got->fewer, &fewer);
	}
}

/* Any ballots: all sets named by one more voter or two, and one or two voters fewer. */
static void
check_safe(const struct small *s, const struct method *m, uint32_t was, int64_t safe)
{
	for (uint32_t set = 1; safe > 0 && set < 1u << s->options; set++) {
		struct small t = *s;

		CHECK_INT(winners_with(s, m, set, -1), was);
		CHECK(safe < 2 || winners_with(s, m, set, 0) == was);
		t.ballot[t.voters++] = set;
		for (uint32_t other = set; safe > 1 && other < 1u << s->options; other++)
			CHECK_INT(winners_with(&t, m, other, -1), was);
	}
	for (int v = 0; safe > 1 && v < s->voters; v++) {
		struct small t = *s;

		t.ballot[v] = t.ballot[--t.voters];
		for (int w = 0; w < t.voters; w++)
			CHECK_INT(winners_with(&t, m, 0, w), was);
	}
}

static void
ballots_of_random(void)
{
	static const uint8_t seed[32] = { 'b' };
	struct chance chance;
	long safe = 0, safer = 0;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count; i++) {
		struct small s = small_random(&chance, SMALL_VOTERS - 3);
		struct election e = small_election(&s, false, &arena);
		struct method m = { .rule = i % 3 == 0 ? DECIDE_GREEDY :
		                            i % 3 == 1 ? DECIDE_PHRAGMEN : DECIDE_EQUAL_SHARES };
		struct sensitivity got;
		struct outcome o;
		uint32_t was = small_count(&e, &m, &arena, &o);

		CHECK(sensitivity_of(&e, &o, 1000, NULL, &arena, &got) == OK);
		check_ballots(&s, &m, was, &got, &e);
		check_safe(&s, &m, was, got.safe_ballots);
		safe += got.safe_ballots > 0;
		safer += got.safe_ballots > 1;
		arena_reset(&arena);
	}
	printf("# greedy: %ld of %ld safe from one ballot, %ld from two\n", safe,
	       (random_count + 2) / 3, safer);
	CHECK(safe > 0);
}

/* Every rule's change is that of a count of its own. */
static void
rules_of_random(void)
{
	static const uint8_t seed[32] = { 'r' };
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (long i = 0; i < random_count; i++) {
		struct small s = small_random(&chance, SMALL_VOTERS);
		struct election e = small_election(&s, i % 2 == 1, &arena);
		struct election sets = small_election(&s, false, &arena);
		struct method m = { .rule = (enum decide_rule)(i % 5) };
		struct sensitivity got;
		struct outcome o;
		uint32_t was;

		m.utility = e.points != NULL ? DECIDE_POINTS : DECIDE_COST;
		was = small_count(&e, &m, &arena, &o);
		CHECK(sensitivity_of(&e, &o, 0, NULL, &arena, &got) == OK);
		CHECK(got.rule_count >= (e.points == NULL ? 16 : 32));
		for (size_t r = 0; r < got.rule_count; r++) {
			const struct sensitivity_rule *rule = &got.rules[r];
			struct outcome other;
			uint32_t is = small_count(rule->by_sets ? &sets : &e, &rule->method, &arena,
			                          &other);

			CHECK(rule->counted);
			CHECK_INT(bits_of(rule->change.in, rule->change.in_count), is & ~was);
			CHECK_INT(bits_of(rule->change.out, rule->change.out_count), was & ~is);
		}
		CHECK(got.more.tried == 0 && got.fewer.tried == 0);
		arena_reset(&arena);
	}
}

static void
ties(void)
{
	struct election e = make_election(&arena, 0, 50, "a=50 b=50 c=60", "2:a 2:b 1:c");
	struct method m = { .rule = DECIDE_GREEDY };
	struct outcome o = count_election(&arena, &e, &m);
	struct sensitivity got;

	CHECK_STR(winners_of(&arena, &e, &o), "a");
	CHECK(sensitivity_of(&e, &o, 3, NULL, &arena, &got) == OK);
	CHECK_INT(got.tied_steps, 1);
	CHECK_INT(got.orders.tried, 21);
	CHECK(got.orders.changed > 5 && got.orders.changed < 18);
	CHECK_INT(bits_of(got.orders.change.in, got.orders.change.in_count), 2);
	CHECK_INT(bits_of(got.orders.change.out, got.orders.change.out_count), 1);
	/* the limit: two losers more, then one ballot of three */
	CHECK_INT(got.safe_ballots, 0);
	CHECK_INT(got.more.tried, 2);
	CHECK_INT(got.more.changed, 1);
	CHECK_INT(got.fewer.tried, 1);
	CHECK_INT(got.fewer.of, 3);
	e = make_election(&arena, 0, 50, "a=50 b=50 c=60", "9:a 3:b 1:c");
	o = count_election(&arena, &e, &m);
	CHECK(sensitivity_of(&e, &o, 3, NULL, &arena, &got) == OK);
	CHECK_INT(got.tied_steps, 0);
	CHECK_INT(got.orders.changed, 0);
	/* six more for b are a tie; five are not */
	CHECK_INT(got.safe_ballots, 5);
	CHECK_INT(got.more.tried, 0);
}

struct steps {
	size_t count, done, all;
	bool in_order;
};

static void
note_step(void *context, size_t done, size_t all)
{
	struct steps *s = context;

	s->in_order = s->in_order && done > s->done && (all == 0 || done <= all);
	s->done = done;
	s->all = all;
	s->count++;
}

/* Each recount is a step, up to the last; a count alone has one for each run, and no end. */
static void
progress(void)
{
	struct election e = make_election(&arena, 0, 1000,
		"path=480 benches=380 books=180 ramp=160 bulbs=120",
		"2:path,benches,bulbs 3:path,benches 1:path,ramp 3:books,ramp 1:books");
	struct method m = { .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_ADD1 };
	struct steps steps = { .in_order = true };
	struct decide_progress p = { note_step, &steps };
	struct decide_extra extra = { .progress = &p };
	struct outcome o;
	struct decide_error error;
	struct sensitivity got;

	CHECK(decide_count_extra(&e, &m, &extra, &arena, &o, &error) == OK);
	CHECK(o.increments > 0 && steps.count > 0 && steps.in_order && steps.all == 0);
	steps = (struct steps){ .in_order = true };
	CHECK(sensitivity_of(&e, &o, 4, &p, &arena, &got) == OK);
	CHECK(steps.in_order);
	CHECK_INT(steps.all, (long long)got.rule_count + 21 + 4);
	CHECK_INT(steps.done, steps.all);
	CHECK_INT(steps.count, steps.all);
}

static void
as_json(void)
{
	struct election e = make_election(&arena, 0, 50, "a=50 b=50", "9:a 3:b");
	struct method m = { .rule = DECIDE_GREEDY };
	struct outcome o = count_election(&arena, &e, &m);
	struct sensitivity got;
	struct buf text;
	json_t *json;

	CHECK(sensitivity_of(&e, &o, 3, NULL, &arena, &got) == OK);
	got.rule_count = 1;
	json = sensitivity_json(&got);
	buf_init(&text, 10000);
	CHECK(json_write(&text, json) == OK);
	CHECK_STR(buf_str(&text),
	          "{\"one_fewer\":{\"changed\":0,\"in\":[],\"of\":2,\"out\":[],\"tried\":0},"
	          "\"one_more\":{\"changed\":0,\"in\":[],\"of\":1,\"out\":[],\"tried\":0},"
	          "\"rules\":[{\"by_sets\":false,\"completion\":\"none\",\"counted\":true,\"in\":[],"
	          "\"out\":[],\"rule\":\"greedy-no-skip\",\"same\":true,\"utility\":\"cost\"}],"
	          "\"safe_ballots\":5,"
	          "\"tie_orders\":{\"changed\":0,\"in\":[],\"of\":21,\"out\":[],\"tried\":21},"
	          "\"tied_steps\":0}");
	json_decref(json);
	buf_release(&text);
}

/* Every allocation of the caller's arena failed in turn. */
static void
without_memory(void)
{
	struct election e = make_election(&arena, 0, 50, "a=50 b=50", "2:a 3:b");
	struct method m = { .rule = DECIDE_GREEDY };
	struct outcome o = count_election(&arena, &e, &m);
	struct sensitivity got;
	enum status st = NO_MEMORY;
	long n = 0;

	for (; st == NO_MEMORY && n < 1000; n++) {
		arena.fail_after = n;
		st = sensitivity_of(&e, &o, 3, NULL, &arena, &got);
	}
	arena.fail_after = -1;
	CHECK(st == OK && n > 40);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "varied elections are those made anew", vary_random },
		{ "varied elections: limits", vary_limits },
		{ "one ballot: brute force", ballots_of_random },
		{ "other rules", rules_of_random },
		{ "ties and limits", ties },
		{ "how far it has come", progress },
		{ "as JSON", as_json },
		{ "without memory", without_memory },
	};
	int bad;

	if (argc > 1)
		random_count = strtol(argv[1], NULL, 10);
	arena_init(&arena, 256 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
