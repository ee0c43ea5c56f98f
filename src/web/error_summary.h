/* The list on top of a form that was refused: what is wrong, each with a link to its field.
 * A field's input has id="FIELD", its error id="FIELD-error" (docs/style.md). */
#ifndef WEB_ERROR_SUMMARY_H
#define WEB_ERROR_SUMMARY_H

#include "web/html.h"

struct error_line {
	struct str link; /* "#title"; empty when it concerns no field */
	struct message message;
};

struct error_summary {
	struct { struct error_line *ptr; size_t len; } lines; /* none: nothing is shown */
};

/* One line for a refusal, in the arena; an empty list when there is none (status OK). */
MUST_CHECK enum status error_summary_of(struct arena *arena, const struct refusal *refusal,
                                        struct error_summary *ret);

#endif
