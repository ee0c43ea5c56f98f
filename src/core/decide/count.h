/* Inside decide: one count in progress, shared by the rules. Others include outcome.h. */
#ifndef CORE_DECIDE_COUNT_H
#define CORE_DECIDE_COUNT_H

#include <stdbool.h>

#include "core/decide/limits_state.h"
#include "core/decide/outcome.h"

struct count {
	const struct election *e;
	const struct method *method;
	struct arena *arena;
	struct decide_error *error;
	struct outcome *outcome;
	const uint32_t *rank; /* who goes first in a tie, by option */
	int64_t left;         /* of the budget */
	struct limits_state limits;
	int64_t *spent_milli; /* struct decide_extra; NULL: not asked for */
	bool plain_loops;     /* struct decide_extra; so is … */
	size_t threads;
	const struct decide_progress *progress; /* as threads; NULL: not asked for */
};

/* Whether an option can win at all: somebody wants it and it was not withdrawn. */
static inline bool
count_is_open(const struct election *e, size_t option)
{
	return e->options[option].votes > 0 && !e->options[option].withdrawn;
}

/* Whether the rule asks for more votes (points) than the option has. */
static inline bool
count_is_below_threshold(const struct count *count, size_t option)
{
	return count->method->rule == DECIDE_GREEDY_THRESHOLD &&
	       count->e->options[option].points < count->e->threshold;
}

/* Starts anew: nothing is won, the whole budget is left. For a rule that compares outcomes. */
void count_restart(struct count *count);

/* Takes a winner and returns its step, to be filled by the rule. */
struct outcome_step *count_take(struct count *count, uint32_t option, enum outcome_by by,
                                enum outcome_why why);

/* Takes what costs nothing and somebody wants, in tie order: at first, and where there are limits
 * again after each winner. */
void count_free(struct count *count, enum outcome_why why);

/* Whether limits allow an option that has not won; what does not fit in what is left is allowed as
 * far as held-back money goes, as it lacks room anyway. */
enum limits_answer count_look(const struct count *count, uint32_t option);

/* Writes into a loser's reasons which limit is against it, if any. */
void count_say_limit(struct count *count, uint32_t option);

/* Takes in order of satisfaction per cost (cost utility: of votes) what fits in what is left
 * (count_votes.c). no_skip: ends at the first that does not fit. */
MUST_CHECK enum status count_by_votes(struct count *count, enum decide_utility utility,
                                      enum outcome_why why, bool no_skip);

/* Sequential Phragmén (phragmen.c). */
MUST_CHECK enum status count_phragmen(struct count *count);

/* The Method of Equal Shares without its completion by votes (shares.c). */
MUST_CHECK enum status count_shares(struct count *count);

/* Equal Shares with bounded overspending (overspending.c). */
MUST_CHECK enum status count_overspending(struct count *count);

/* Exact Equal Shares with its completion (exact_shares.c). */
MUST_CHECK enum status count_exact_shares(struct count *count);

#endif
