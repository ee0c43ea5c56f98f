/* The end of a round: voting ends, the roll is frozen, the ballots are counted, winners get
 * their awards.
 *
 *   job close-round  when closes_at has come: challenges open → settling (and asked again when
 *                    the last is settled); none → counting, the roll is frozen
 *   job count-round  destroys the round's secret, so that no ballot leads to a person any more;
 *                    counts by the round's own rule and, for comparison, by the other one; then
 *                    in one deed: outcomes, projects and awards, what is left back to the pot,
 *                    the leaf in the record
 */
#ifndef ACTS_COUNT_H
#define ACTS_COUNT_H

#include "acts/act.h"
#include "acts/job.h"
#include "core/decide/outcome.h"

/* "close-round", a deed: its subject is the round. */
MUST_CHECK enum status job_close_round(struct job_run *run);
/* "count-round": counts outside any transaction … */
MUST_CHECK enum status job_count_round_work(struct job_run *run);
/* … and writes down what came of it. */
MUST_CHECK enum status job_count_round(struct job_run *run);

/* For whoever settles challenges: voting is over and the last one is settled. */
MUST_CHECK enum status act_round_close_again(struct act *act, struct round_id round);

/* ---- counting, for the jobs, imports and `folkmoot check` ---- */

/* A round's ballots as an election, and its method. */
struct counting {
	struct election election;
	struct method method;
	int64_t *numbers; /* option number of each option of the election */
};

/* Loads options and ballots as they are in the database: with points or ranks where the round's
 * utility uses them, otherwise as sets. INVALID: a ballot is none of its kind, or names what is not there
 * (somebody changed the database). */
MUST_CHECK enum status counting_load(struct act *act, struct round_id round, struct counting *ret);
/* The rule that stands beside a rule for comparison: greedy beside Equal Shares, and Equal Shares beside
 * all others; by points where the method is by points. */
struct method counting_other(const struct method *method);
/* Counts, and asks what each loser would have needed where that does not take long: always
 * the same for the same ballots. Errors as decide_count. */
MUST_CHECK enum status counting_count(const struct election *election,
                                      const struct method *method, struct arena *arena,
                                      struct outcome *ret, struct decide_error *error);
/* Writes one outcome and its options. *ret: its id. */
MUST_CHECK enum status counting_save(struct act *act, struct round_id round,
                                     const struct counting *counting,
                                     const struct outcome *outcome, bool official,
                                     struct outcome_id *ret);

#endif
