/* Inside decide: what has won so far, and what the limits allow next. Also where an election has
 * none: then everything is allowed. */
#ifndef CORE_DECIDE_LIMITS_STATE_H
#define CORE_DECIDE_LIMITS_STATE_H

#include "core/decide/limits.h"

enum limits_answer {
	LIMITS_ALLOW,
	LIMITS_EXCLUDED, /* the one of its group that may win has won */
	LIMITS_FULL,     /* its group has no room for it */
	LIMITS_NEEDS,    /* what it needs has not won */
	LIMITS_HELD      /* the money for it is held back for other groups */
};

/* What is behind an answer; -1: nothing. */
struct limits_cause {
	int32_t group; /* not with LIMITS_NEEDS */
	int32_t other; /* the option that excludes it, or that it needs */
};

struct limits_state {
	const struct election *e;
	int64_t threshold;       /* points that an option needs to be taken */
	bool *won;               /* by option */
	int64_t left;            /* of the budget; below 0 where a rule overspends on trial */
	int64_t *winners, *cost; /* by group */
	int64_t *held;           /* by group: money held back for it … */
	int64_t held_all;        /* … and for all of them; 0 as long as none has a minimum */
	bool minima;
	int64_t *scratch;        /* [option_count] */
};

MUST_CHECK enum status limits_begin(struct limits_state *state, const struct election *e,
                                    int64_t threshold, struct arena *arena);
/* Nothing has won. */
void limits_reset(struct limits_state *state);
void limits_take(struct limits_state *state, uint32_t option);

/* Whether an option that has not won may be taken now, and what is against it; cause may be
 * NULL. */
enum limits_answer limits_look(const struct limits_state *state, uint32_t option,
                               struct limits_cause *cause);
static inline bool
limits_allow(const struct limits_state *state, uint32_t option)
{
	return state->e->limits == NULL || limits_look(state, option, NULL) == LIMITS_ALLOW;
}

/* The next option that costs nothing, by rank, or option_count. */
uint32_t limits_next_free(const struct limits_state *state, const uint32_t *rank);

/* Whether a group has what it should have at least. */
bool limits_reached(const struct limits_state *state, size_t group);

#endif
