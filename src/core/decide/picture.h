/* What came of a count of money, as one picture (base/svg.h): the budget with what was chosen in it,
 * then each option with what it costs, its votes, and what there was for it. Winners come first, in
 * order; then the others by votes. For a file, a poster, a newsletter; pure, and always the same
 * bytes for the same outcome and words.
 */
#ifndef CORE_DECIDE_PICTURE_H
#define CORE_DECIDE_PICTURE_H

#include "base/locale.h"
#include "core/decide/outcome.h"

enum { PICTURE_OPTIONS_MAX = 2000 };

struct picture_words {
	struct str title;            /* of the vote */
	const struct str *names;     /* by option */
	const struct format *format; /* whose language; its currency: empty where nobody knows it */
};

/* Appends the picture of an outcome of e. TOO_LARGE with *error: too many options for one. What the
 * buffer can't hold is dropped: see buf_status. */
MUST_CHECK enum status picture_draw(const struct election *e, const struct outcome *outcome,
                                    const struct picture_words *words, struct arena *arena,
                                    struct buf *out, struct decide_error *error);

#endif
