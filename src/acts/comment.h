/* What people say about an idea. Comments are shown with it: acts/idea.h. */
#ifndef ACTS_COMMENT_H
#define ACTS_COMMENT_H

#include "acts/act.h"
#include "commons/idea.h"

/* key: made by the form; sent twice, it is one comment. */
MUST_CHECK enum status act_comment_add(struct act *act, struct idea_id idea, int64_t key,
                                       struct str body, struct comment_id *ret,
                                       struct refusal *why);

#endif
