/* What is in all places of all databases: each is asked at the same time, and who has not answered
 * within GATHER_MS is left out, which the answer says. Off every place's own path. */
#ifndef ACTS_GATHER_H
#define ACTS_GATHER_H

#include "acts/desk.h"
#include "acts/place.h"

enum { GATHER_MS = 1500, GATHER_IDEAS = 20, GATHER_PLACES = 200 };

struct found_idea {
	struct idea_id id;
	struct str title, slug, place;
	struct instant at;
};

struct gathered {
	struct place_list places;                           /* by name */
	struct { struct found_idea *ptr; size_t len; } ideas; /* newest first, at most GATHER_IDEAS */
	int silent; /* databases that did not answer in time */
};

/* words empty: all places and no ideas; else places with them in their name, and ideas with them.
 * `now`: of the lists in act->arena. Everybody may ask: what it gives is public. */
MUST_CHECK enum status act_gather(const struct act *act, struct desk *desk, struct str words,
                                  struct gathered *ret);

#endif
