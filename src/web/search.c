/* Pages about all places of this server, whichever database they are in. */
#include "web/search.h"

#include "acts/gather.h"
#include "web/request.h"
#include "web/search.html.h"
#include "web/start.html.h"

static enum status
gather(struct request *req, struct str words, struct search_page *ret)
{
	struct arena *arena = req->act.arena;
	struct gathered found;
	enum status st = act_gather(&req->act, exchange_desk(exchange_of(req)), words, &found);

	if (st != OK)
		return st;
	ret->silent = found.silent > 0;
	ret->places.ptr = ARENA_ARRAY(arena, found.places.len, struct search_place);
	ret->ideas.ptr = ARENA_ARRAY(arena, found.ideas.len, struct search_idea);
	if (ret->places.ptr == NULL || ret->ideas.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < found.places.len; i++) {
		const struct place_card *card = &found.places.ptr[i];
		struct search_place *place = &ret->places.ptr[ret->places.len++];

		*place = (struct search_place){ .name = card->name, .purpose = card->purpose,
			                        .people = card->people };
		st = str_format(arena, &place->path, "/%.*s/", STR_ARG(card->slug));
	}
	for (size_t i = 0; st == OK && i < found.ideas.len; i++) {
		const struct found_idea *hit = &found.ideas.ptr[i];
		struct search_idea *idea = &ret->ideas.ptr[ret->ideas.len++];

		*idea = (struct search_idea){ .title = hit->title, .place = hit->place, .at = hit->at };
		st = str_format(arena, &idea->path, "/%.*s/ideas/%s", STR_ARG(hit->slug),
		                id_text(hit->id.value).text);
	}
	return st;
}

static void
page_start(struct request *req)
{
	struct search_page view = { .searched = false };
	enum status st = gather(req, STR(""), &view);

	if (st == OK && view.places.len == 0 && !view.silent) {
		page_go_to(req, STR("/set-up"));
		return;
	}
	if (st != OK)
		page_status(req, st);
	else
		html_start(page_open(req, ""), &view);
}

static void
page_search(struct request *req)
{
	struct search_page view = { .words = form_text(req, "q") };
	enum status st = OK;

	view.searched = view.words.len > 0;
	if (view.searched)
		st = gather(req, view.words, &view);
	view.nothing = view.searched && view.places.len == 0 && view.ideas.len == 0;
	if (st != OK)
		page_status(req, st);
	else
		html_search(page_open(req, ""), &view);
}

const struct route routes_search[] = {
	{ .method = METHOD_GET, .path = "/", .right = RIGHT_READ, .page = page_start, .per_minute = 300 },
	{ .method = METHOD_GET, .path = "/search", .right = RIGHT_READ, .page = page_search,
	  .per_minute = 60, .fields = { { "q", FIELD_LINE, 100 } } },
	{ .path = NULL },
};
