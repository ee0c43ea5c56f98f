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

/* Rules by points (naive_scores.c): rank[voter][candidate] is a score then, but for Borda. */
enum naive_rule { NAIVE_SCORE, NAIVE_APPROVAL, NAIVE_JUDGEMENT, NAIVE_STAR, NAIVE_BORDA };
/* Borda: in halves of a point. */
int naive_points(const struct naive *e, int c, enum naive_rule rule);
/* How many voters score a higher than b. */
int naive_prefer(const struct naive *e, int a, int b);
/* All candidates, best first. */
void naive_order(const struct naive *e, enum naive_rule rule, int *order);

#endif
