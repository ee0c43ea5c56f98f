/* city VOTERS PROJECTS SEED: writes a made-up city's .pb to standard output.
 *
 * Made so that counting it is as hard as a real one: districts with projects of their own beside
 * city-wide ones, popularity that falls like 1 / rank, costs spread over two powers of ten, about
 * eight approvals each, most of them near where the voter lives. The same arguments give the same
 * bytes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/chance.h"

enum { DISTRICTS = 18, PER_VOTER = 330, APPROVALS = 8, PROJECTS_MAX = 5000 };

struct project {
	double weight;
	int district; /* 0: for the whole city */
	long cost;
};

static struct project projects[PROJECTS_MAX];
static double sums[DISTRICTS + 1][PROJECTS_MAX]; /* running sums of what a resident looks at */

static double
fraction(struct chance *chance)
{
	return (double)chance_below(chance, 1u << 30) / (1u << 30);
}

static void
make_projects(struct chance *chance, int count, double budget)
{
	for (int p = 0; p < count; p++) {
		projects[p].weight = 1 / pow(1 + p / 4.0, 0.7);
		projects[p].district = (int)chance_below(chance, 2 * DISTRICTS) % DISTRICTS;
		if (p % 4 == 0)
			projects[p].district = 0;
		/* Most are small; a few would take a twentieth of all. */
		projects[p].cost = (long)(budget / 2000 * pow(100, fraction(chance))) / 100 * 100 + 100;
	}
	for (int d = 0; d <= DISTRICTS; d++) {
		double sum = 0;

		for (int p = 0; p < count; p++) {
			int where = projects[p].district;

			sum += projects[p].weight * (where == 0 ? 1 : where == d ? 6 : 0.1);
			sums[d][p] = sum;
		}
	}
}

/* The project at a point of the running sums. */
static int
look_up(const double *sum, int count, double at)
{
	int low = 0, high = count - 1;

	while (low < high) {
		int middle = (low + high) / 2;

		if (sum[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
write_ballot(struct chance *chance, long voter, int count)
{
	int district = 1 + (int)chance_below(chance, DISTRICTS);
	int wanted = 1 + (int)chance_below(chance, 2 * APPROVALS - 1), chosen[2 * APPROVALS], n = 0;

	printf("%ld;", voter);
	for (int tries = 0; n < wanted && tries < 4 * wanted; tries++) {
		int p = look_up(sums[district], count, fraction(chance) * sums[district][count - 1]);
		int seen = 0;

		while (seen < n && chosen[seen] != p)
			seen++;
		if (seen < n)
			continue;
		printf(n == 0 ? "%d" : ",%d", p + 1);
		chosen[n++] = p;
	}
	putchar('\n');
}

int
main(int argc, char **argv)
{
	long voters = argc > 1 ? atol(argv[1]) : 1000000;
	int count = argc > 2 ? atoi(argv[2]) : 500;
	uint8_t seed[32] = { 0 };
	struct chance chance;
	double budget = (double)voters * PER_VOTER;

	if (voters < 1 || count < 1 || count > PROJECTS_MAX) {
		fprintf(stderr, "usage: city VOTERS PROJECTS SEED\n");
		return 2;
	}
	snprintf((char *)seed, sizeof seed, "city %s", argc > 3 ? argv[3] : "1");
	chance_from_seed(&chance, seed);
	make_projects(&chance, count, budget);
	printf("META\nkey;value\ndescription;A made-up city\ncountry;-\nunit;-\ninstance;1\n"
	       "num_projects;%d\nnum_votes;%ld\nbudget;%.0f\nvote_type;approval\nrule;equalshares\n"
	       "date_begin;1.1.2026\ndate_end;31.1.2026\nPROJECTS\nproject_id;cost\n",
	       count, voters, budget);
	for (int p = 0; p < count; p++)
		printf("%d;%ld\n", p + 1, projects[p].cost);
	printf("VOTES\nvoter_id;vote\n");
	for (long v = 0; v < voters; v++)
		write_ballot(&chance, v + 1, count);
	return fflush(stdout) != 0;
}
