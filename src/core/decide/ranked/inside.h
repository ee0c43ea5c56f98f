/* Shared by the rules for rankings; not for others. */
#ifndef CORE_DECIDE_RANKED_INSIDE_H
#define CORE_DECIDE_RANKED_INSIDE_H

#include "core/decide/ranked/outcome.h"

/* What becomes of a ballot at its first rank of two or more. */
enum view_equal { VIEW_KEEP, VIEW_END, VIEW_DROP };

/* The ballots as a rule reads them: nobody withdrawn on them. */
struct view {
	size_t n;           /* candidates */
	const bool *out;    /* [n] withdrawn */
	uint32_t *tie;      /* [n] place in the order of ties, unique */
	size_t ballot_count;
	uint32_t *weight, *start, *choice; /* as in the election */
	int64_t valid;      /* ballots that count: the quota's */
	int64_t dropped;    /* of which go to nobody (VIEW_DROP) */
};

MUST_CHECK enum status view_of(const struct ranked_election *e, const struct ranked_method *m,
                               enum view_equal equal, const bool *out, struct arena *arena,
                               struct view *ret);

/* An outcome in which nothing has happened yet. INVALID with *error: too many seats. */
MUST_CHECK enum status outcome_begin(const struct ranked_election *e,
                                     const struct ranked_method *m, const bool *out,
                                     struct arena *arena, struct ranked_outcome *o,
                                     struct decide_error *error);
/* Begins a stage with room for its lists; NULL without memory. */
struct ranked_stage *outcome_stage(struct ranked_outcome *o, struct arena *arena,
                                   enum ranked_deed deed);
void outcome_elect(struct ranked_outcome *o, struct ranked_stage *stage, size_t candidate,
                   enum ranked_why why);
void outcome_exclude(struct ranked_outcome *o, struct ranked_stage *stage, size_t candidate,
                     enum ranked_why why, int64_t votes);

/* The rules. guarded: [n] who may not be excluded, or NULL. TOO_LARGE with *error: fractions. */
MUST_CHECK enum status stv_count(const struct view *v, const bool *guarded, struct arena *arena,
                                 struct ranked_outcome *o, struct decide_error *error);
MUST_CHECK enum status meek_count(const struct view *v, struct arena *arena,
                                  struct ranked_outcome *o);
MUST_CHECK enum status pairwise_count(const struct view *v, struct arena *arena,
                                      struct ranked_outcome *o);
MUST_CHECK enum status borda_count(const struct view *v, struct arena *arena,
                                   struct ranked_outcome *o);
MUST_CHECK enum status approval_count(const struct view *v, struct arena *arena,
                                      struct ranked_outcome *o, struct decide_error *error);
/* Only o->preferred. */
MUST_CHECK enum status pairwise_preferred(const struct view *v, struct arena *arena,
                                          struct ranked_outcome *o);

#endif
