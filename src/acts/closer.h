/* A counted round looked at more closely: how fair its count was, and how easily it would have been
 * another. Counted anew from the ballots each time it is asked for. */
#ifndef ACTS_CLOSER_H
#define ACTS_CLOSER_H

#include "acts/count.h"
#include "core/decide/measure.h"
#include "core/decide/sensitivity.h"

struct closer_look {
	bool too_large;          /* more than a page should count; nothing below is there */
	struct counting counting; /* whose options all indices are */
	struct outcome outcome;  /* by the round's own rule */
	struct measure measure;
	struct sensitivity sensitivity;
};

/* NOT_FOUND: there is no such round, or it is not counted yet. */
MUST_CHECK enum status act_closer_look(struct act *act, struct round_id round,
                                       struct closer_look *ret);

#endif
