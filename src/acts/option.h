/* An option withdrawn while voting runs: ballots that name it stand, it can't win. Leaves
 * "option-withdrawn" {round, option}. */
#ifndef ACTS_OPTION_H
#define ACTS_OPTION_H

#include "acts/round.h"

MUST_CHECK enum status act_option_show(const struct act *act, struct round_id round,
                                       struct option_id id, struct round_option *ret);
/* RIGHT_ROUND_MANAGE. The reason is public. */
MUST_CHECK enum status act_option_withdraw(struct act *act, struct round_id round,
                                           struct option_id id, struct str reason,
                                           struct refusal *why);

#endif
