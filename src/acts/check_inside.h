/* Parts of act_check; for acts/check*.c only. */
#ifndef ACTS_CHECK_INSIDE_H
#define ACTS_CHECK_INSIDE_H

#include "acts/check.h"

/* Counts a difference and says it: "PLACE: what". */
void check_differs(struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

MUST_CHECK enum status check_money(struct check *check);
MUST_CHECK enum status check_counts(struct check *check);
MUST_CHECK enum status check_record(struct check *check);

#endif
