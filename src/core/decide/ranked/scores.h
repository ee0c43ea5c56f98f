/* An election by scores: each voter gives each candidate a whole number of points, more for
 * better. Rankings don't say that: for score, majority judgement and STAR the ballots must.
 *
 * Score (range) voting: the most points. Approval: S. Brams & P. Fishburn, "Approval voting"
 * (1978): scores of 0 and 1 only. Majority judgement: M. Balinski & R. Laraki, "A theory of
 * measuring, electing, and ranking" (PNAS 104, 2007): the highest median (of an even number of
 * grades, the lower); those who are equal lose one median grade each until they differ.
 * STAR (starvoting.org): of the two with the most points, whom more voters score higher; then
 * the one with more points. Whatever is equal then goes by the order of ties. */
#ifndef CORE_DECIDE_RANKED_SCORES_H
#define CORE_DECIDE_RANKED_SCORES_H

#include "core/decide/ranked/outcome.h"

enum { SCORE_MAX = 100 };

/* e has no ballots; its candidates, seats and voters count. */
struct score_election {
	struct ranked_election e;
	size_t row_count;
	uint32_t *weight; /* [rows] */
	uint8_t *score;   /* [row * candidates + candidate], 0 … SCORE_MAX */
	int most;         /* the highest given */
};

/* CSV: a column per candidate with the name on top, a row per voter; an empty cell is 0. A
 * column "count" or "weight" says how many voters a row stands for. INVALID, TOO_LARGE with
 * *error; NO_MEMORY. One seat, as the file says none. */
MUST_CHECK enum status score_read_csv(struct arena *arena, struct str text,
                                      struct score_election *ret, struct decide_error *error);

/* Counts score, approval, majority judgement or STAR. INVALID with *error: another rule; an
 * approval with other scores than 0 and 1; seats. NO_MEMORY. */
MUST_CHECK enum status score_count(const struct score_election *s,
                                   const struct ranked_method *method, struct arena *arena,
                                   struct ranked_outcome *ret, struct decide_error *error);

#endif
