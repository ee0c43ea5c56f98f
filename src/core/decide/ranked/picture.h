/* What came of a count of rankings or scores, as one picture (base/svg.h), in English: a transferring
 * rule's votes stage by stage against the quota, who beats whom, or the totals as bars. Pure, and
 * always the same bytes for the same outcome. */
#ifndef CORE_DECIDE_RANKED_PICTURE_H
#define CORE_DECIDE_RANKED_PICTURE_H

#include "core/decide/ranked/outcome.h"

enum { RANKED_PICTURE_CELLS_MAX = 20000 /* candidates who stand, times stages or rivals */ };

/* Appends the picture of an outcome of e. INVALID with *error: majority judgement, whose medians no
 * bar shows. TOO_LARGE with *error: more than RANKED_PICTURE_CELLS_MAX. NO_MEMORY. What the buffer
 * can't hold is dropped: see buf_status. */
MUST_CHECK enum status ranked_picture(const struct ranked_election *e,
                                      const struct ranked_outcome *outcome, struct arena *arena,
                                      struct buf *out, struct decide_error *error);

#endif
