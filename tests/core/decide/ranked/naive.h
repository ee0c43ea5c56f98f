/* A second, slow and simple implementation of some rules for rankings, to compare with. It
 * shares no code with the first: a ballot per voter, equal ranks by writing out every order. */
#ifndef TESTS_CORE_DECIDE_RANKED_NAIVE_H
#define TESTS_CORE_DECIDE_RANKED_NAIVE_H

#include <stdbool.h>
#include <stdint.h>

enum { NAIVE_CANDIDATES = 6, NAIVE_VOTERS = 24 };

struct naive {
	int n, voters, seats;
	int rank[NAIVE_VOTERS][NAIVE_CANDIDATES]; /* 1 = best; 0 = not ranked */
	int tie[NAIVE_CANDIDATES];                /* place in the order of ties */
};

/* elected[c]: whether c is. */
void naive_scottish(const struct naive *e, bool *elected);
void naive_wig(const struct naive *e, bool *elected);
int naive_irv(const struct naive *e);
/* winning[c]: nobody stands above c. */
void naive_schulze(const struct naive *e, bool margins, bool *winning);
int naive_ranked_pairs(const struct naive *e, bool margins);
/* In halves of a point. */
void naive_borda(const struct naive *e, int *points);
/* grades[voter][candidate]; the first in the order of ties among the best. */
int naive_judgement(const struct naive *e);

#endif
