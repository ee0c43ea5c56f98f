/* Why an option won or lost, in one kind sentence that is exactly what the count found. */
#ifndef WEB_RESULT_WORDS_H
#define WEB_RESULT_WORDS_H

#include "acts/result.h"
#include "base/message.h"

/* What a sentence needs to know of the count. */
struct result_terms {
	bool points, borda;  /* by points given, or by those of an order */
	bool phragmen;
	bool alike;          /* who pays for a winner pays as much as the others (exact) */
	int64_t threshold;   /* the rule's; 0: none */
};
struct result_terms result_terms(const struct result *result);

struct message result_why(const struct result_option *option, const struct result_terms *terms);
/* What would have been enough for a loser, each alone (core/decide/why_lost.h); no text where nothing
 * would, or nobody asked. */
struct message result_need(const struct outcome_option *option, const struct result_terms *terms);

#endif
