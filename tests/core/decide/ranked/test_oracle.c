/* The rules for rankings against a naive second implementation, and what each rule promises:
 * random small elections (their number is the argument). */
#include <stdlib.h>

#include "base/chance.h"
#include "core/decide/ranked/outcome.h"
#include "core/decide/ranked/scores.h"
#include "naive.h"
#include "test.h"

static struct arena arena;
static struct chance chance;
static long random_count = 1000;

static int
below(int n)
{
	return (int)chance_below(&chance, (uint64_t)n);
}

/* 2-6 candidates, few voters; every second without equal ranks, most ballots cut short. */
static struct naive
random_election(bool equal)
{
	struct naive e = { .n = 2 + below(NAIVE_CANDIDATES - 1), .voters = 1 + below(NAIVE_VOTERS) };
	size_t order[NAIVE_CANDIDATES] = { 0 };

	e.seats = 1 + below(e.n < 4 ? e.n : 4);
	for (int c = 0; c < e.n; c++)
		order[c] = (size_t)c;
	chance_shuffle(&chance, order, (size_t)e.n);
	for (int c = 0; c < e.n; c++)
		e.tie[order[c]] = c;
	for (int v = 0; v < e.voters; v++) {
		int length = below(e.n + 1), rank = 1;

		/* Some voters copy another's, so that there are coalitions. */
		if (v > 0 && below(3) == 0) {
			memcpy(e.rank[v], e.rank[below(v)], sizeof e.rank[v]);
			continue;
		}
		chance_shuffle(&chance, order, (size_t)e.n);
		for (int i = 0; i < length; i++) {
			e.rank[v][order[i]] = rank;
			rank += equal ? below(2) : 1;
		}
	}
	return e;
}

static struct ranked_election
election_of(const struct naive *n)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f" };
	struct ranked_making making;
	struct ranked_election e;
	struct decide_error error;

	ranked_begin(&making, &arena);
	for (int c = 0; c < n->n; c++)
		if (ranked_candidate(&making, str_of(names[c]), false) != OK)
			abort();
	for (int v = 0; v < n->voters; v++) {
		uint32_t choices[NAIVE_CANDIDATES];
		size_t count = 0;

		for (int rank = 1; rank <= 2 * NAIVE_CANDIDATES; rank++) {
			uint32_t same = 0;

			for (int c = n->n - 1; c >= 0; c--)
				if (n->rank[v][c] == rank) {
					choices[count++] = (uint32_t)c | same;
					same = RANKED_SAME;
				}
		}
		if (ranked_ballot(&making, choices, count, 1) != OK)
			abort();
	}
	if (ranked_end(&making, (size_t)n->seats, &e, &error) != OK)
		abort();
	for (int c = 0; c < n->n; c++)
		e.candidates[c].tie = (uint32_t)n->tie[c];
	return e;
}

static struct ranked_outcome
count(const struct naive *n, enum ranked_rule rule, enum ranked_strength strength)
{
	struct ranked_election e = election_of(n);
	struct ranked_method m = { .rule = rule, .ties = RANKED_TIES_ID, .strength = strength };
	struct ranked_outcome o;
	struct decide_error error;

	if (ranked_count(&e, &m, &arena, &o, &error) != OK)
		abort();
	return o;
}

static void
show(const struct naive *e)
{
	for (int v = 0; v < e->voters; v++) {
		printf("# ");
		for (int c = 0; c < e->n; c++)
			printf("%d ", e->rank[v][c]);
		printf("\n");
	}
	printf("# seats %d, ties", e->seats);
	for (int c = 0; c < e->n; c++)
		printf(" %d", e->tie[c]);
	printf("\n");
}

static bool
is_winner(const struct ranked_outcome *o, int c)
{
	return o->fates[c].place > 0;
}

static void
check_elected(const struct naive *e, const struct ranked_outcome *o, const bool *elected)
{
	bool same = true;

	for (int c = 0; c < e->n; c++)
		same &= is_winner(o, c) == elected[c];
	CHECK(same);
	if (!same)
		show(e);
}

/* Votes are neither made nor lost, but by the rounding that is said. */
static void
check_sums(const struct naive *e, const struct ranked_outcome *o)
{
	int64_t unit = o->decimals == 5 ? 100000 : o->decimals == 4 ? 10000 : o->decimals == 9 ? 1000000000 : 1;

	for (size_t s = 0; s < o->stage_count; s++) {
		int64_t sum = o->stages[s].exhausted + o->stages[s].lost;

		for (int c = 0; c < e->n; c++)
			sum += o->stages[s].votes[c];
		CHECK(sum <= o->valid * unit && sum >= o->valid * unit - e->n - 1);
	}
}

static void
stv(void)
{
	for (long i = 0; i < random_count; i++) {
		struct naive e = random_election(i % 2 == 0);
		struct ranked_outcome o;
		bool elected[NAIVE_CANDIDATES];

		arena_reset(&arena);
		o = count(&e, RANKED_STV_SCOTTISH, 0);
		naive_scottish(&e, elected);
		check_elected(&e, &o, elected);
		check_sums(&e, &o);
		o = count(&e, RANKED_STV_WIG, 0);
		naive_wig(&e, elected);
		check_elected(&e, &o, elected);
		check_sums(&e, &o);
		o = count(&e, RANKED_IRV, 0);
		if ((int)o.winners[0] != naive_irv(&e)) {
			CHECK(!"the same winner of the run-off");
			show(&e);
		}
		if (test_failures > 3)
			return;
	}
}

static void
pairwise(void)
{
	for (long i = 0; i < random_count; i++) {
		struct naive e = random_election(i % 2 == 0);
		enum ranked_strength s = i % 4 < 2 ? RANKED_MARGINS : RANKED_WINNING_VOTES;
		bool winning[NAIVE_CANDIDATES], ours[NAIVE_CANDIDATES] = { false };
		struct ranked_outcome o;

		arena_reset(&arena);
		e.seats = 1;
		o = count(&e, RANKED_SCHULZE, s);
		naive_schulze(&e, s == RANKED_MARGINS, winning);
		for (size_t k = 0; k < o.winning_count; k++)
			ours[o.winning[k]] = true;
		CHECK(memcmp(ours, winning, (size_t)e.n * sizeof *ours) == 0);
		CHECK(o.order_count == (size_t)e.n && winning[o.winners[0]]);
		o = count(&e, RANKED_PAIRS, s);
		CHECK_INT(o.winners[0], naive_ranked_pairs(&e, s == RANKED_MARGINS));
		if (test_failures > 0) {
			show(&e);
			return;
		}
	}
}

static void
check_order(const struct naive *e, const struct ranked_outcome *o, enum naive_rule rule, int seats)
{
	int order[NAIVE_CANDIDATES];

	naive_order(e, rule, order);
	CHECK_INT(o->order_count, e->n);
	CHECK_INT(o->winner_count, seats);
	for (int i = 0; i < e->n; i++) {
		CHECK_INT(o->order[i], order[i]);
		CHECK_INT(o->fates[order[i]].place, i < seats ? i + 1 : 0);
		if (rule != NAIVE_JUDGEMENT)
			CHECK_INT(o->scores[i].total, naive_points(e, i, rule));
	}
}

static void
borda(void)
{
	for (long i = 0; i < random_count; i++) {
		struct naive e = random_election(true);
		struct ranked_outcome o;

		arena_reset(&arena);
		o = count(&e, RANKED_BORDA, 0);
		check_order(&e, &o, NAIVE_BORDA, e.seats);
		if (test_failures > 0) {
			show(&e);
			return;
		}
	}
}

/* Is everybody on each ballot that has somebody? Then nothing says whom a voter approves of. */
static bool
all_on_all(const struct naive *e)
{
	int full = 0;

	for (int v = 0; v < e->voters; v++) {
		int on = 0;

		for (int c = 0; c < e->n; c++)
			on += e->rank[v][c] > 0;
		if (on > 0 && on < e->n)
			return false;
		full += on == e->n;
	}
	return full > 0;
}

/* Approval of rankings: whoever is on the ballot. */
static void
approval(void)
{
	long refused = 0;

	for (long i = 0; i < random_count; i++) {
		struct naive e = random_election(true);
		struct ranked_method m = { .rule = RANKED_APPROVAL, .ties = RANKED_TIES_ID };
		struct ranked_election ranks;
		struct ranked_outcome o;
		struct decide_error error;
		bool none;

		if (i % 2 == 0 && e.voters > 3)
			e.voters = 1 + below(3);
		none = all_on_all(&e);
		arena_reset(&arena);
		ranks = election_of(&e);
		CHECK(ranked_count(&ranks, &m, &arena, &o, &error) == (none ? INVALID : OK));
		refused += none;
		if (!none)
			check_order(&e, &o, NAIVE_APPROVAL, e.seats);
		if (test_failures > 0) {
			show(&e);
			return;
		}
	}
	CHECK(refused > random_count / 100);
}

/* Scores up to `most`, in rows that may stand for several voters; of the naive count each is one. */
static struct naive
random_scores(int most, struct score_election *ret)
{
	struct naive e = random_election(true);
	int rows = 0;

	*ret = (struct score_election){ .most = most };
	ret->weight = ARENA_ARRAY(&arena, NAIVE_VOTERS, uint32_t);
	ret->score = ARENA_ARRAY(&arena, NAIVE_VOTERS * NAIVE_CANDIDATES, uint8_t);
	for (int v = 0, weight; v < e.voters; v += weight, rows++) {
		weight = 1 + below(e.voters - v < 3 ? e.voters - v : 3);
		ret->weight[rows] = (uint32_t)weight;
		for (int c = 0; c < e.n; c++) {
			int score = below(most + 1);

			ret->score[rows * e.n + c] = (uint8_t)score;
			for (int k = 0; k < weight; k++)
				e.rank[v + k][c] = score;
		}
	}
	ret->row_count = (size_t)rows;
	ret->e = election_of(&(struct naive){ .n = e.n, .seats = e.seats });
	ret->e.voters = e.voters;
	for (int c = 0; c < e.n; c++)
		ret->e.candidates[c].tie = (uint32_t)e.tie[c];
	return e;
}

static void
check_final(const struct naive *e, const struct ranked_outcome *o)
{
	int order[NAIVE_CANDIDATES];

	naive_order(e, NAIVE_SCORE, order);
	for (int i = 0; i < e->n; i++)
		CHECK(o->scores[order[i]].finalist == (i < 2));
	CHECK_INT(o->scores[order[0]].final, naive_prefer(e, order[0], order[1]));
	CHECK_INT(o->scores[order[1]].final, naive_prefer(e, order[1], order[0]));
}

static void
scores(void)
{
	static const struct { enum ranked_rule rule; enum naive_rule naive; } rules[] = {
		{ RANKED_SCORE, NAIVE_SCORE }, { RANKED_MAJORITY_JUDGEMENT, NAIVE_JUDGEMENT },
		{ RANKED_STAR, NAIVE_STAR }, { RANKED_APPROVAL, NAIVE_APPROVAL } };
	long overturned = 0;

	for (long i = 0; i < random_count; i++) {
		int most = (const int[]){ 1, 2, 5, SCORE_MAX }[i % 4], order[NAIVE_CANDIDATES];
		struct score_election s;
		struct naive e;

		arena_reset(&arena);
		e = random_scores(most, &s);
		for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
			struct ranked_method m = { .rule = rules[r].rule, .ties = RANKED_TIES_ID };
			struct ranked_outcome o;
			struct decide_error error;
			int seats = m.rule == RANKED_STAR ? 1 : e.seats;

			m.seats = (size_t)seats;
			if (m.rule == RANKED_APPROVAL && most > 1) {
				CHECK(score_count(&s, &m, &arena, &o, &error) == INVALID);
				continue;
			}
			CHECK(score_count(&s, &m, &arena, &o, &error) == OK);
			check_order(&e, &o, rules[r].naive, seats);
			if (m.rule == RANKED_STAR)
				check_final(&e, &o);
			if (test_failures > 0) {
				printf("# %s\n", ranked_rule_name(m.rule));
				show(&e);
				return;
			}
			naive_order(&e, NAIVE_SCORE, order);
			overturned += m.rule == RANKED_STAR && (int)o.winners[0] != order[0];
		}
	}
	CHECK(overturned > random_count / 50);
}

static struct naive
permuted(const struct naive *e, const size_t *to)
{
	struct naive p = *e;

	for (int c = 0; c < e->n; c++) {
		p.tie[to[c]] = e->tie[c];
		for (int v = 0; v < e->voters; v++)
			p.rank[v][to[c]] = e->rank[v][c];
	}
	return p;
}

/* The names of candidates and the order of ballots decide nothing. */
static void
fairness(void)
{
	for (long i = 0; i < random_count; i++) {
		struct naive e = random_election(i % 2 == 0), p, swapped;
		size_t to[NAIVE_CANDIDATES] = { 0 };
		int a, b;

		for (int c = 0; c < e.n; c++)
			to[c] = (size_t)c;
		chance_shuffle(&chance, to, (size_t)e.n);
		p = permuted(&e, to);
		swapped = e;
		a = below(e.voters);
		b = below(e.voters);
		memcpy(swapped.rank[a], e.rank[b], sizeof e.rank[a]);
		memcpy(swapped.rank[b], e.rank[a], sizeof e.rank[a]);
		for (enum ranked_rule rule = 0; rule <= RANKED_BORDA; rule++) {
			struct ranked_outcome one, two, three;

			arena_reset(&arena);
			one = count(&e, rule, 0);
			two = count(&p, rule, 0);
			three = count(&swapped, rule, 0);
			CHECK_INT(one.winner_count, two.winner_count);
			for (size_t k = 0; k < one.winner_count; k++) {
				/* Meek's groups of sure losers are by number when equal: the set stays. */
				CHECK(is_winner(&two, (int)to[one.winners[k]]));
				CHECK_INT(one.winners[k], three.winners[k]);
			}
			if (test_failures > 0) {
				printf("# %s\n", ranked_rule_name(rule));
				show(&e);
				return;
			}
		}
	}
}

/* Voters who put all of a set before everybody else. */
static int
solid_for(const struct naive *e, unsigned set)
{
	int voters = 0;

	for (int v = 0; v < e->voters; v++) {
		bool solid = true;

		for (int a = 0; a < e->n; a++)
			for (int b = 0; b < e->n; b++)
				if ((set >> a & 1u) != 0 && (set >> b & 1u) == 0)
					solid &= e->rank[v][a] > 0 &&
					         (e->rank[v][b] == 0 || e->rank[v][a] < e->rank[v][b]);
		voters += solid;
	}
	return voters;
}

/* Droop proportionality: more than k quotas of voters who stand together elect k of theirs. */
static void
proportional(void)
{
	for (long i = 0; i < random_count; i++) {
		static const enum ranked_rule rules[] = { RANKED_STV_SCOTTISH, RANKED_STV_WIG,
		                                          RANKED_STV_MEEK };
		struct naive e = random_election(false);
		int valid = 0;

		for (int v = 0; v < e.voters; v++) {
			bool some = false;

			for (int c = 0; c < e.n; c++)
				some |= e.rank[v][c] > 0;
			valid += some;
		}
		for (size_t r = 0; r < 3; r++) {
			struct ranked_outcome o;

			arena_reset(&arena);
			o = count(&e, rules[r], 0);
			for (unsigned set = 1; set < 1u << e.n; set++) {
				int size = 0, won = 0, solid = solid_for(&e, set), due = 0;

				for (int c = 0; c < e.n; c++) {
					size += (int)(set >> c & 1u);
					won += (set >> c & 1u) != 0 && is_winner(&o, c);
				}
				/* Scottish quotas are whole. */
				while (due < size && due < e.seats &&
				       (r == 0 ? solid >= (due + 1) * (valid / (e.seats + 1) + 1)
				               : solid * (e.seats + 1) > (due + 1) * valid))
					due++;
				CHECK(won >= due);
				if (won < due) {
					printf("# %s\n", ranked_rule_name(rules[r]));
					show(&e);
					return;
				}
			}
		}
	}
}

static int
condorcet_winner(const struct ranked_outcome *o)
{
	size_t n = o->candidate_count;

	for (size_t a = 0; a < n; a++) {
		bool all = true;

		for (size_t b = 0; b < n; b++)
			all &= a == b || o->preferred[a * n + b] > o->preferred[b * n + a];
		if (all)
			return (int)a;
	}
	return -1;
}

/* Who beats everybody one by one is elected; and to be ranked higher never harms. */
static void
condorcet_and_monotone(void)
{
	long found = 0;

	for (long i = 0; i < random_count; i++) {
		struct naive e = random_election(i % 2 == 0);
		struct ranked_outcome o, pairs, raised;
		int v = below(e.voters), winner;

		e.seats = 1;
		arena_reset(&arena);
		o = count(&e, RANKED_SCHULZE, 0);
		pairs = count(&e, RANKED_PAIRS, 0);
		winner = condorcet_winner(&o);
		if (winner >= 0) {
			found++;
			CHECK_INT(o.winners[0], winner);
			CHECK_INT(pairs.winners[0], winner);
		}
		winner = (int)o.winners[0];
		for (int c = 0; c < e.n; c++)
			e.rank[v][c] += c != winner && e.rank[v][c] > 0;
		e.rank[v][winner] = 1;
		raised = count(&e, RANKED_SCHULZE, 0);
		CHECK_INT(raised.winners[0], winner);
		if (test_failures > 0) {
			show(&e);
			return;
		}
	}
	CHECK(found > random_count / 4);
}

/* After a vacancy the others sit on, and one newcomer joins them. */
static void
vacancies(void)
{
	long held = 0;

	for (long i = 0; i < random_count; i++) {
		struct naive n = random_election(i % 2 == 0);
		struct ranked_election e;
		struct ranked_method m = { .rule = i % 4 < 2 ? RANKED_STV_SCOTTISH : RANKED_STV_WIG,
		                           .ties = RANKED_TIES_ID };
		struct ranked_outcome before, after;
		struct decide_error error;
		uint32_t leaving;
		size_t stayed = 0;

		arena_reset(&arena);
		e = election_of(&n);
		CHECK(ranked_count(&e, &m, &arena, &before, &error) == OK);
		leaving = before.winners[below((int)before.winner_count)];
		if (n.seats == n.n) {
			CHECK(ranked_vacancy(&e, &before, leaving, &arena, &after, &error) == INVALID);
			continue;
		}
		CHECK(ranked_vacancy(&e, &before, leaving, &arena, &after, &error) == OK);
		for (int c = 0; c < n.n; c++)
			stayed += is_winner(&before, c) && is_winner(&after, c);
		CHECK_INT(stayed, n.seats - 1);
		CHECK_INT(after.winner_count, n.seats);
		CHECK(after.fates[leaving].why == RANKED_STOOD_DOWN);
		held++;
	}
	CHECK(held > random_count / 2);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "Scottish STV, WIG and IRV as the naive ones", stv },
		{ "Schulze and ranked pairs as the naive ones", pairwise },
		{ "Borda as the naive one", borda },
		{ "approval of rankings as the naive one", approval },
		{ "score, approval, majority judgement and STAR as the naive ones", scores },
		{ "neither names nor the order of ballots count", fairness },
		{ "STV is proportional for solid coalitions", proportional },
		{ "the Condorcet winner wins; Schulze is monotone", condorcet_and_monotone },
		{ "vacancies", vacancies },
	};
	static const uint8_t seed[32] = { 4, 2 };
	int bad;

	if (argc > 1)
		random_count = atol(argv[1]);
	chance_from_seed(&chance, seed);
	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
