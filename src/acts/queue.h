/* What waits for a steward. */
#ifndef ACTS_QUEUE_H
#define ACTS_QUEUE_H

#include "acts/act.h"
#include "store/queue.sql.h"

enum { QUEUE_PAGE = 100 }; /* ideas shown; those that wait longest */

struct queue {
	struct queue_ideas_rows ideas;
	struct queue_challenges_rows challenges;
	struct queue_drafts_rows drafts;
	struct queue_count_row count;
};

MUST_CHECK enum status act_queue_show(const struct act *act, struct queue *ret);

/* How many things wait, for the link in the top bar; 0 for who may not see the queue. */
MUST_CHECK enum status act_queue_count(const struct act *act, int64_t *ret);

#endif
