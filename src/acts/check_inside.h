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

/* How many lines of the record are about what (check_leaves.c). */
struct leaf_totals {
	int64_t moved, versions, judgements, comments, opened, counted;
};

struct json_t;
/* Does what a line says fit what it is about? Counts it. NULL: no JSON, which fits nothing. */
MUST_CHECK enum status check_leaf(struct check *check, const struct json_t *leaf,
                                  struct leaf_totals *totals);
struct check_leaf_totals_row;
/* Everything that should have a line has one. */
void check_leaf_totals_agree(struct check *check, const struct check_leaf_totals_row *there,
                             const struct leaf_totals *recorded);

#endif
