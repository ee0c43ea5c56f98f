#include "naive.h"

#include <gmp.h>
#include <stdlib.h>
#include <string.h>

enum { PAPERS = 720 * NAIVE_VOTERS, STAGES = 64 };

/* One way of writing a voter's ballot without equal ranks. */
struct paper {
	int order[NAIVE_CANDIDATES], length;
	int parts; /* this many such papers make a vote */
	int64_t value; /* Scottish */
	mpq_t share;   /* WIG */
	int holder;    /* -1: nobody */
};

static struct paper papers[PAPERS];
static int paper_count;

/* All orders that a voter's ranks allow, by appending one of the best who are left. */
static void
write_out(const struct naive *e, int voter, int *order, int length)
{
	bool used[NAIVE_CANDIDATES] = { false };
	int best = 1000;

	for (int i = 0; i < length; i++)
		used[order[i]] = true;
	for (int c = 0; c < e->n; c++)
		if (!used[c] && e->rank[voter][c] > 0 && e->rank[voter][c] < best)
			best = e->rank[voter][c];
	if (best == 1000) {
		struct paper *p = &papers[paper_count++];

		memcpy(p->order, order, sizeof p->order);
		p->length = length;
		return;
	}
	for (int c = 0; c < e->n; c++)
		if (!used[c] && e->rank[voter][c] == best) {
			order[length] = c;
			write_out(e, voter, order, length + 1);
		}
}

/* Up to the first rank of two or more. */
static int
order_of(const struct naive *e, int voter, int *order)
{
	int length = 0;

	for (int rank = 1; rank <= 2 * NAIVE_CANDIDATES; rank++) {
		int found = 0, who = 0;

		for (int c = 0; c < e->n; c++)
			if (e->rank[voter][c] == rank) {
				found++;
				who = c;
			}
		if (found > 1)
			return length;
		if (found == 1)
			order[length++] = who;
	}
	return length;
}

static int
next_for(const struct paper *p, const bool *hopeful)
{
	for (int i = 0; i < p->length; i++)
		if (hopeful[p->order[i]])
			return p->order[i];
	return -1;
}

static void
scottish_votes(const struct naive *e, const bool *done, int64_t quota, int64_t *votes)
{
	for (int c = 0; c < e->n; c++)
		votes[c] = done[c] ? quota : 0;
	for (int p = 0; p < paper_count; p++)
		if (papers[p].holder >= 0 && !done[papers[p].holder])
			votes[papers[p].holder] += papers[p].value;
}

/* Whether a goes before b: by history backwards, then the order of ties. Only for two; with
 * more the narrowing is done by the caller. */
static int
narrow(const struct naive *e, int64_t (*history)[NAIVE_CANDIDATES], int stages, bool *tied,
       bool fewest)
{
	int best = -1;

	for (int s = stages - 1; s >= 0; s--) {
		int64_t extreme = fewest ? INT64_MAX : INT64_MIN;

		for (int c = 0; c < e->n; c++)
			if (tied[c] && (fewest ? history[s][c] < extreme : history[s][c] > extreme))
				extreme = history[s][c];
		for (int c = 0; c < e->n; c++)
			tied[c] = tied[c] && history[s][c] == extreme;
	}
	for (int c = 0; c < e->n; c++)
		if (tied[c] && (best < 0 || e->tie[c] < e->tie[best]))
			best = c;
	return best;
}

void
naive_scottish(const struct naive *e, bool *elected)
{
	int64_t history[STAGES][NAIVE_CANDIDATES], quota;
	bool hopeful[NAIVE_CANDIDATES], done[NAIVE_CANDIDATES] = { false };
	int stages = 0, valid = 0, seats = e->seats, left = e->n;

	paper_count = 0;
	for (int v = 0; v < e->voters; v++) {
		struct paper *p = &papers[paper_count];

		p->length = order_of(e, v, p->order);
		p->value = 100000;
		p->holder = p->length > 0 ? p->order[0] : -1;
		paper_count += p->length > 0;
	}
	valid = paper_count;
	quota = (valid / (seats + 1) + 1) * INT64_C(100000);
	for (int c = 0; c < e->n; c++) {
		hopeful[c] = true;
		elected[c] = false;
	}
	for (;; stages++) {
		int64_t *votes = history[stages], most = quota, least = INT64_MAX;
		bool tied[NAIVE_CANDIDATES] = { false };
		int who;

		scottish_votes(e, done, quota, votes);
		for (int c = 0; c < e->n; c++)
			if (hopeful[c] && votes[c] >= quota) {
				hopeful[c] = false;
				elected[c] = true;
				seats--;
				left--;
			}
		if (seats == 0 || left <= seats)
			break;
		for (int c = 0; c < e->n; c++) {
			if (elected[c] && !done[c] && votes[c] > most)
				most = votes[c];
			if (hopeful[c] && votes[c] < least)
				least = votes[c];
		}
		for (int c = 0; c < e->n; c++)
			tied[c] = most > quota ? elected[c] && !done[c] && votes[c] == most
			          : hopeful[c] && votes[c] == least;
		who = narrow(e, history, stages, tied, most <= quota);
		if (most <= quota) {
			hopeful[who] = false;
			left--;
		}
		for (int p = 0; p < paper_count; p++)
			if (papers[p].holder == who) {
				if (most > quota)
					papers[p].value = papers[p].value * (most - quota) / most;
				papers[p].holder = next_for(&papers[p], hopeful);
			}
		done[who] = most > quota;
	}
	for (int c = 0; c < e->n; c++)
		elected[c] |= hopeful[c] && seats > 0;
}

static int factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }

static void
write_all(const struct naive *e)
{
	paper_count = 0;
	for (int v = 0; v < e->voters; v++) {
		int order[NAIVE_CANDIDATES] = { 0 }, before = paper_count, parts = 1;

		write_out(e, v, order, 0);
		for (int rank = 1; rank <= 2 * NAIVE_CANDIDATES; rank++) {
			int found = 0;

			for (int c = 0; c < e->n; c++)
				found += e->rank[v][c] == rank;
			parts *= factorial(found);
		}
		for (int p = before; p < paper_count; p++) {
			papers[p].holder = papers[p].length > 0 ? papers[p].order[0] : -1;
			mpq_init(papers[p].share);
			mpq_set_ui(papers[p].share, papers[p].length > 0, (unsigned)parts);
		}
	}
}

static void
wig_votes(const struct naive *e, mpq_t *votes)
{
	for (int c = 0; c < e->n; c++)
		mpq_set_ui(votes[c], 0, 1);
	for (int p = 0; p < paper_count; p++)
		if (papers[p].holder >= 0)
			mpq_add(votes[papers[p].holder], votes[papers[p].holder], papers[p].share);
}

/* The first in the order of ties among those of `set` with the most (or the fewest). */
static int
extreme(const struct naive *e, mpq_t *votes, const bool *set, bool fewest)
{
	int best = -1;

	for (int c = 0; c < e->n; c++) {
		int cmp = !set[c] || best < 0 ? 0 : mpq_cmp(votes[c], votes[best]);

		if (set[c] && (best < 0 || (fewest ? cmp < 0 : cmp > 0) ||
		               (cmp == 0 && e->tie[c] < e->tie[best])))
			best = c;
	}
	return best;
}

static void
pass_papers(int who, const bool *hopeful, const mpq_t factor)
{
	for (int p = 0; p < paper_count; p++)
		if (papers[p].holder == who) {
			mpq_mul(papers[p].share, papers[p].share, factor);
			papers[p].holder = next_for(&papers[p], hopeful);
		}
}

void
naive_wig(const struct naive *e, bool *elected)
{
	bool hopeful[NAIVE_CANDIDATES], pending[NAIVE_CANDIDATES] = { false };
	int seats = e->seats, left = e->n, valid = 0;
	mpq_t votes[NAIVE_CANDIDATES], quota, factor;

	write_all(e);
	for (int v = 0; v < e->voters; v++) {
		bool some = false;

		for (int c = 0; c < e->n; c++)
			some |= e->rank[v][c] > 0;
		valid += some;
	}
	mpq_inits(quota, factor, (void *)NULL);
	mpq_set_ui(quota, (unsigned)valid, (unsigned)seats + 1);
	mpq_canonicalize(quota);
	for (int c = 0; c < e->n; c++) {
		mpq_init(votes[c]);
		hopeful[c] = true;
		elected[c] = false;
	}
	for (;;) {
		int who;

		wig_votes(e, votes);
		for (int c = 0; c < e->n; c++)
			if (hopeful[c] && mpq_cmp(votes[c], quota) > 0) {
				hopeful[c] = false;
				elected[c] = pending[c] = true;
				seats--;
				left--;
			}
		if (seats == 0 || left <= seats)
			break;
		who = extreme(e, votes, pending, false);
		if (who >= 0) {
			mpq_sub(factor, votes[who], quota);
			mpq_div(factor, factor, votes[who]);
			pending[who] = false;
		} else {
			who = extreme(e, votes, hopeful, true);
			mpq_set_ui(factor, 1, 1);
			hopeful[who] = false;
			left--;
		}
		pass_papers(who, hopeful, factor);
	}
	for (int c = 0; c < e->n; c++) {
		elected[c] |= hopeful[c] && seats > 0;
		mpq_clear(votes[c]);
	}
	for (int p = 0; p < paper_count; p++)
		mpq_clear(papers[p].share);
	mpq_clears(quota, factor, (void *)NULL);
}

int
naive_irv(const struct naive *e)
{
	bool hopeful[NAIVE_CANDIDATES];
	mpq_t votes[NAIVE_CANDIDATES], one;
	int last = -1;

	write_all(e);
	mpq_init(one);
	mpq_set_ui(one, 1, 1);
	for (int c = 0; c < e->n; c++) {
		mpq_init(votes[c]);
		hopeful[c] = true;
	}
	/* To the last one: who has more than half is never the lowest of those who are left. */
	for (int left = e->n; left > 0; left--) {
		wig_votes(e, votes);
		last = extreme(e, votes, hopeful, true);
		hopeful[last] = false;
		pass_papers(last, hopeful, one);
	}
	for (int c = 0; c < e->n; c++)
		mpq_clear(votes[c]);
	for (int p = 0; p < paper_count; p++)
		mpq_clear(papers[p].share);
	mpq_clear(one);
	return last;
}

static bool
above(const struct naive *e, int voter, int a, int b)
{
	int x = e->rank[voter][a], y = e->rank[voter][b];

	return x > 0 && (y == 0 || x < y);
}

static int
force(const struct naive *e, bool margins, int a, int b)
{
	int for_it = 0, against = 0;

	for (int v = 0; v < e->voters; v++) {
		for_it += above(e, v, a, b);
		against += above(e, v, b, a);
	}
	return for_it <= against ? 0 : margins ? for_it - against : for_it;
}

/* The strongest of all paths without repetition, tried one by one. */
static int
strongest(const struct naive *e, bool margins, int from, int to, unsigned used, int so_far)
{
	int best = 0;

	if (from == to)
		return so_far;
	for (int c = 0; c < e->n; c++) {
		int f = (used >> c & 1u) != 0 ? 0 : force(e, margins, from, c);
		int got;

		if (f == 0)
			continue;
		got = strongest(e, margins, c, to, used | 1u << c, f < so_far ? f : so_far);
		best = got > best ? got : best;
	}
	return best;
}

void
naive_schulze(const struct naive *e, bool margins, bool *winning)
{
	for (int a = 0; a < e->n; a++) {
		winning[a] = true;
		for (int b = 0; b < e->n; b++)
			if (a != b && strongest(e, margins, b, a, 1u << b, 1000) >
			              strongest(e, margins, a, b, 1u << a, 1000))
				winning[a] = false;
	}
}

static bool
reaches(const struct naive *e, bool locked[][NAIVE_CANDIDATES], int from, int to)
{
	if (from == to)
		return true;
	for (int c = 0; c < e->n; c++)
		if (locked[from][c] && reaches(e, locked, c, to))
			return true;
	return false;
}

int
naive_ranked_pairs(const struct naive *e, bool margins)
{
	bool locked[NAIVE_CANDIDATES][NAIVE_CANDIDATES] = { { false } };
	bool seen[NAIVE_CANDIDATES][NAIVE_CANDIDATES] = { { false } };
	int winner = -1;

	for (;;) {
		int best = 0, x = -1, y = -1, fewest = 0;

		for (int a = 0; a < e->n; a++)
			for (int b = 0; b < e->n; b++) {
				int f = a == b || seen[a][b] ? 0 : force(e, margins, a, b), against = 0;

				for (int v = 0; v < e->voters; v++)
					against += above(e, v, b, a);
				if (f == 0 || f < best || (f == best && against > fewest))
					continue;
				if (f == best && against == fewest &&
				    (e->tie[a] > e->tie[x] ||
				     (a == x && e->tie[b] > e->tie[y])))
					continue;
				best = f;
				fewest = against;
				x = a;
				y = b;
			}
		if (x < 0)
			break;
		seen[x][y] = true;
		if (!reaches(e, locked, y, x))
			locked[x][y] = true;
	}
	for (int b = 0; b < e->n; b++) {
		bool beaten = false;

		for (int a = 0; a < e->n; a++)
			beaten |= locked[a][b];
		if (!beaten && (winner < 0 || e->tie[b] < e->tie[winner]))
			winner = b;
	}
	return winner;
}
