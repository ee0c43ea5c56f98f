/* What people say about an idea. Comments are shown with it: acts/idea.h. */
#ifndef ACTS_COMMENT_H
#define ACTS_COMMENT_H

#include "acts/act.h"
#include "commons/idea.h"

struct comment_added {
	struct comment_id id;
	int64_t page; /* of its idea's comments, from 1 */
};

/* key: made by the form; sent twice, it is one comment. Refused with field "key" when this key
 * added a comment with other words. */
MUST_CHECK enum status act_comment_add(struct act *act, struct idea_id idea, int64_t key,
                                       struct str body, struct comment_added *ret,
                                       struct refusal *why);

#endif
