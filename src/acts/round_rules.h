/* The file that is frozen when a round opens. */
#ifndef ACTS_ROUND_RULES_H
#define ACTS_ROUND_RULES_H

#include "acts/round.h"

/* Canonical JSON of all that holds for the round from now on, in the arena. */
MUST_CHECK enum status round_rules_write(struct act *act, const struct round *round,
                                         struct digest seed_hash, struct str *ret);

#endif
