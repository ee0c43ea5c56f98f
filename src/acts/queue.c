#include "acts/queue.h"

enum status
act_queue_show(const struct act *act, struct queue *ret)
{
	struct place_id place = act->place.id;
	enum status st = act_require(act, RIGHT_QUEUE_SEE);

	if (st == OK)
		st = queue_ideas(act->db, act->arena, place, QUEUE_PAGE, &ret->ideas);
	if (st == OK)
		st = queue_challenges(act->db, act->arena, place, &ret->challenges);
	if (st == OK)
		st = queue_drafts(act->db, act->arena, place, &ret->drafts);
	if (st == OK)
		st = queue_count(act->db, act->arena, place, &ret->count);
	return st;
}

enum status
act_queue_count(const struct act *act, int64_t *ret)
{
	struct queue_count_row count;
	enum status st;

	*ret = 0;
	if (!act_allows(act, RIGHT_QUEUE_SEE))
		return OK;
	st = queue_count(act->db, act->arena, act->place.id, &count);
	if (st == OK)
		*ret = count.ideas + count.challenges + count.drafts;
	return st;
}
