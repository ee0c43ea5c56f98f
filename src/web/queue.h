/* What the steward's queue shows: ready values for queue.html. */
#ifndef WEB_QUEUE_H
#define WEB_QUEUE_H

#include "acts/queue.h"
#include "web/html.h"

struct queue_idea {
	struct idea_id id;
	struct str title, author;
	bool has_cost;
	struct amount cost;
	int64_t comments, days; /* days: since it was added */
};

struct queue_view {
	struct str base, rounds_base; /* paths of the place's ideas and rounds */
	int64_t idea_total;
	struct { struct queue_idea *ptr; size_t len; } ideas;
	struct queue_challenges_rows challenges;
	struct queue_drafts_rows drafts;
};

#endif
