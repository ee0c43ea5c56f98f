/* The rules by points, from their definitions: each candidate's place is the number of those who
 * are better. */
#include <stdlib.h>
#include <string.h>

#include "naive.h"

static int
points_of(const struct naive *e, int voter, int c, enum naive_rule rule)
{
	int mine = e->rank[voter][c], points = 0;
	bool ranks = false;

	if (rule == NAIVE_APPROVAL)
		return mine > 0;
	if (rule != NAIVE_BORDA)
		return mine;
	for (int d = 0; d < e->n; d++) {
		int other = e->rank[voter][d];

		ranks |= other > 0;
		if (d != c && mine == other)
			points += 1; /* level: half a point */
		else if (d != c && mine > 0 && (other == 0 || mine < other))
			points += 2;
	}
	return ranks ? points : 0; /* a blank ballot puts nobody level */
}

int
naive_points(const struct naive *e, int c, enum naive_rule rule)
{
	int points = 0;

	for (int v = 0; v < e->voters; v++)
		points += points_of(e, v, c, rule);
	return points;
}

int
naive_prefer(const struct naive *e, int a, int b)
{
	int voters = 0;

	for (int v = 0; v < e->voters; v++)
		voters += e->rank[v][a] > e->rank[v][b];
	return voters;
}

static int
by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The medians in the order they are taken away. */
static void
medians(const struct naive *e, int c, int *out)
{
	int grades[NAIVE_VOTERS];

	for (int v = 0; v < e->voters; v++)
		grades[v] = e->rank[v][c];
	qsort(grades, (size_t)e->voters, sizeof *grades, by_number);
	for (int left = e->voters; left > 0; left--) {
		int at = (left - 1) / 2;

		*out++ = grades[at];
		memmove(grades + at, grades + at + 1, (size_t)(left - at - 1) * sizeof *grades);
	}
}

/* Above zero: a is better than b. */
static int
compare(const struct naive *e, int a, int b, enum naive_rule rule)
{
	int of_a[NAIVE_VOTERS], of_b[NAIVE_VOTERS];

	if (rule != NAIVE_JUDGEMENT)
		return naive_points(e, a, rule) - naive_points(e, b, rule);
	medians(e, a, of_a);
	medians(e, b, of_b);
	for (int k = 0; k < e->voters; k++)
		if (of_a[k] != of_b[k])
			return of_a[k] - of_b[k];
	return 0;
}

void
naive_order(const struct naive *e, enum naive_rule rule, int *order)
{
	for (int c = 0; c < e->n; c++) {
		int place = 0;

		for (int d = 0; d < e->n; d++) {
			int better = d == c ? 0 : compare(e, d, c, rule);

			place += better > 0 || (better == 0 && e->tie[d] < e->tie[c]);
		}
		order[place] = c;
	}
	/* The final: only who wins it against the points changes places. */
	if (rule == NAIVE_STAR &&
	    naive_prefer(e, order[1], order[0]) > naive_prefer(e, order[0], order[1])) {
		int winner = order[1];

		order[1] = order[0];
		order[0] = winner;
	}
}
