/* The page of what waits for a steward. */
#include "web/queue.h"

#include "web/queue.html.h"
#include "web/route.h"

static enum status
queue_load(struct request *req, struct queue_view *view)
{
	struct arena *arena = req->act.arena;
	struct str slug = req->act.place.slug;
	struct queue queue;
	enum status st = act_queue_show(&req->act, &queue);

	if (st == OK)
		st = str_format(arena, &view->base, "/%.*s/ideas", STR_ARG(slug));
	if (st == OK)
		st = str_format(arena, &view->rounds_base, "/%.*s/decisions", STR_ARG(slug));
	if (st != OK)
		return st;
	view->idea_total = queue.count.ideas;
	view->challenges = queue.challenges;
	view->drafts = queue.drafts;
	view->ideas.ptr = ARENA_ARRAY(arena, queue.ideas.len, struct queue_idea);
	if (view->ideas.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < queue.ideas.len; i++) {
		const struct queue_ideas_row *row = &queue.ideas.ptr[i];

		view->ideas.ptr[i] = (struct queue_idea){
			.id = row->id, .title = row->title, .author = row->author,
			.has_cost = row->has_rough_cost, .cost = row->rough_cost,
			.comments = row->comments,
			.days = (req->act.now.us - row->created_at.us) / DAY_US,
		};
	}
	view->ideas.len = queue.ideas.len;
	return OK;
}

static void
page_queue(struct request *req)
{
	struct queue_view view = { 0 };
	enum status st = queue_load(req, &view);

	if (st != OK)
		page_status(req, st);
	else
		html_queue(page_open(req, "queue"), &view);
}

const struct route routes_queue[] = {
	{ .method = METHOD_GET, .path = "/{place}/queue", .right = RIGHT_QUEUE_SEE,
	  .page = page_queue },
	{ .path = NULL },
};
