/* Pages of ideas: routes at the end, forms and views above. */
#include "web/idea.h"

#include <string.h>

#include "web/error_summary.h"
#include "web/idea_author.html.h"
#include "web/idea_edit.html.h"
#include "web/idea_history.html.h"
#include "web/idea_judge.html.h"
#include "web/idea_list.html.h"
#include "web/idea_new.html.h"
#include "web/idea_show.html.h"
#include "web/idea_similar.html.h"
#include "web/markdown.h"
#include "web/route.h"

enum { KEY_LEN = ID_TEXT_LEN, NUMBER_LEN = 19, COST_LEN = 24, WORDS_LEN = 100 };

/* "/alder-vale/ideas" */
static enum status
base_path(struct request *req, const char *what, struct str *ret)
{
	return page_path(req, ret, "/%s", what);
}

static struct idea_id
idea_of(const struct request *req)
{
	return (struct idea_id){ req->id[0] };
}

/* A number of a hidden field or a query; 0 when it is none. */
static int64_t
number_of(const struct request *req, const char *name)
{
	int64_t n = 0;

	return str_to_int(form_text(req, name), &n) == OK ? n : 0;
}

/* ---- the list ---- */

static struct idea_row
list_row(const struct idea_list_row *row)
{
	bool exact = row->has_real_cost;

	return (struct idea_row){
		.id = row->id,
		.title = row->title,
		.author = row->author,
		.state = row->state,
		.has_cost = exact || row->has_rough_cost,
		.exact = exact,
		.cost = exact ? row->real_cost : row->rough_cost,
		.comments = row->comments,
		.when = row->created_at,
	};
}

static enum status
list_load(struct request *req, struct idea_list_view *view)
{
	struct idea_filter filter = { .words = form_text(req, "q"), .state = form_text(req, "state") };
	struct idea_list_rows rows;
	enum status st = base_path(req, "ideas", &view->base);

	if (form_has(req, "after") && id_parse(form_text(req, "after"), &filter.after.value) != OK)
		filter.after.value = 0;
	if (st == OK)
		st = act_idea_list(&req->act, &filter, &rows, &view->more);
	if (st != OK)
		return st;
	view->words = filter.words;
	view->state = filter.state;
	view->searched = filter.words.len > 0 || filter.state.len > 0;
	view->later = filter.after.value != 0;
	view->ideas.ptr = ARENA_ARRAY(req->act.arena, rows.len, struct idea_row);
	if (view->ideas.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		view->ideas.ptr[i] = list_row(&rows.ptr[i]);
	view->ideas.len = rows.len;
	if (view->more)
		view->last = rows.ptr[rows.len - 1].id;
	return OK;
}

static void
page_list(struct request *req)
{
	struct idea_list_view view = { 0 };
	enum status st = list_load(req, &view);

	if (st != OK)
		page_status(req, st);
	else
		html_idea_list(page_open(req, "ideas"), &view);
}

/* ---- a new idea ---- */

static enum status
read_draft(const struct request *req, struct idea_draft *ret, struct refusal *why)
{
	*ret = (struct idea_draft){ .title = form_text(req, "title"), .body = form_text(req, "body") };
	return field_amount(req, "cost", &ret->has_cost, &ret->rough_cost, why);
}

static enum status
deed_add(struct act *act, struct request *req, struct refusal *why)
{
	struct idea_new idea = { .similar_seen = form_has(req, "seen") };
	struct idea_id *added = ARENA_NEW(act->arena, struct idea_id);
	enum status st = added == NULL ? NO_MEMORY : field_key_read(req, "key", &idea.key);

	if (st == OK)
		st = read_draft(req, &idea.draft, why);
	if (st == OK)
		st = act_idea_add(act, &idea, added, why);
	req->result = added;
	return st;
}

static bool
refused_at(const struct request *req, const char *field)
{
	return req->refusal.status != OK && req->refusal.field != NULL
	       && strcmp(req->refusal.field, field) == 0;
}

static void
page_new(struct request *req)
{
	bool sent = req->route->method == METHOD_POST;
	bool used = refused_at(req, "key");
	struct idea_new_view view = { 0 };
	enum status st = base_path(req, "ideas", &view.base);

	if (used)
		req->refusal.field = NULL; /* nothing to mend: the next try has a new key */
	if (refused_at(req, "similar"))
		view.pause = req->refusal.message; /* no mistake */
	view.key = sent && !used ? form_text(req, "key") : field_key(req);
	view.fields = (struct idea_fields_view){
		.title = field_of(req, "title", STR("")),
		.body = field_of(req, "body", STR("")),
		.cost = field_of(req, "cost", STR("")),
		.currency = req->act.place.currency,
	};
	view.similar.base = view.base;
	if (st == OK)
		st = base_path(req, "ideas/similar", &view.fields.similar);
	if (st == OK)
		st = error_summary_of(req->act.arena, &req->refusal, &view.problem);
	if (st == OK && (refused_at(req, "similar") || (sent && form_has(req, "seen"))))
		st = act_idea_similar(&req->act, view.fields.title.value, &view.similar.ideas);
	if (st != OK)
		page_status(req, st);
	else
		html_idea_new(page_open(req, "ideas"), &view);
}

static void
page_added(struct request *req)
{
	const struct idea_id *added = req->result;

	if (req->refusal.status != OK)
		page_new(req);
	else
		page_go(req, "/ideas/%s", id_text(added->value).text);
}

/* A piece of a page, for app.js: what else there is while somebody writes. */
static void
page_similar(struct request *req)
{
	enum { PIECE_MAX = 64 * 1024 };
	struct idea_similar_view view = { 0 };
	struct buf out;
	struct html html = { .out = &out, .format = req->format };
	struct str piece;
	enum status st = base_path(req, "ideas", &view.base);

	buf_init(&out, PIECE_MAX);
	if (st == OK)
		st = act_idea_similar(&req->act, form_text(req, "q"), &view.ideas);
	if (st == OK) {
		html_idea_similar(&html, &view);
		st = buf_status(&out);
	}
	if (st == OK)
		st = str_copy(req->act.arena, buf_str(&out), &piece);
	if (st == OK)
		page_file(req, "text/html; charset=utf-8", NULL, piece);
	else
		page_status(req, st);
	buf_release(&out);
}

/* ---- one idea ---- */

static enum status
standing_of(struct request *req, const struct idea_shown *shown, struct idea_standing_view *ret)
{
	const struct idea_by_id_row *idea = &shown->idea;
	enum status st;

	*ret = (struct idea_standing_view){
		.state = str_of(idea_state_name(shown->state)),
		.owner = idea->owner,
		.permission = idea->permission,
		.reason = idea->reason,
		.judge = idea->judge,
		.real_cost = idea->real_cost,
		.judged_at = idea->judged_at,
		.own = idea->has_judged_by && idea->judged_by.value == idea->author_id.value,
		.rounds = shown->rounds,
	};
	st = base_path(req, "ideas", &ret->base);
	if (st == OK)
		st = base_path(req, "decisions", &ret->rounds_base);
	return st;
}

static enum status
comments_of(struct request *req, const struct idea_shown *shown, struct idea_show_view *view)
{
	const struct comment_list_rows *rows = &shown->comments;

	view->comments.ptr = ARENA_ARRAY(req->act.arena, rows->len, struct comment_row);
	if (view->comments.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows->len; i++) {
		struct comment_row *c = &view->comments.ptr[i];
		enum status st;

		*c = (struct comment_row){ .id = rows->ptr[i].id, .author = rows->ptr[i].author,
			                   .when = rows->ptr[i].created_at };
		st = markdown_render(req->act.arena, rows->ptr[i].body, &c->body);
		if (st != OK)
			return st;
	}
	view->comments.len = rows->len;
	view->comment_total = shown->idea.comments;
	view->page = shown->page;
	view->pages = shown->pages;
	view->previous = shown->page - 1;
	view->next = shown->page < shown->pages ? shown->page + 1 : 0;
	return OK;
}

/* The first words on one line without Markdown's marks, for the preview in a chat. */
static enum status
summary_of(struct arena *arena, struct str body, struct str *ret)
{
	enum { SUMMARY_BYTES = 240 };
	size_t len = 0, letter;
	char *out = arena_bytes(arena, SUMMARY_BYTES);

	if (out == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < body.len; i += letter) {
		const char *c = body.ptr + i;

		for (letter = 1; i + letter < body.len && (c[letter] & 0xc0) == 0x80; letter++)
			;
		if (len + letter > SUMMARY_BYTES)
			break;
		if (*c == ' ' || *c == '\n') {
			if (len > 0 && out[len - 1] != ' ')
				out[len++] = ' ';
		} else if (strchr("*_#>`", *c) == NULL) {
			memcpy(out + len, c, letter);
			len += letter;
		}
	}
	*ret = (struct str){ out, len };
	return OK;
}

static enum status
show_load(struct request *req, int64_t page, struct idea_show_view *view)
{
	struct idea_shown shown;
	const struct idea_by_id_row *idea = &shown.idea;
	enum status st = act_idea_show(&req->act, idea_of(req), page, &shown);

	if (st != OK)
		return st;
	*view = (struct idea_show_view){
		.id = idea->id,
		.title = idea->title,
		.author = idea->author,
		.when = idea->created_at,
		.changed_at = idea->changed_at,
		.edited = idea->version > 1,
		.has_cost = idea->has_rough_cost,
		.cost = idea->rough_cost,
		.may_edit = shown.may_edit,
		.may_comment = shown.may_comment,
		.may_judge = shown.may_judge,
	};
	st = base_path(req, "ideas", &view->base);
	if (st == OK)
		st = markdown_render(req->act.arena, idea->body, &view->body);
	if (st == OK)
		st = summary_of(req->act.arena, idea->body, &view->summary);
	if (st == OK)
		st = str_format(req->act.arena, &view->author_path, "%.*s/by/%s",
		                STR_ARG(view->base), id_text(idea->author_id.value).text);
	if (st == OK)
		st = standing_of(req, &shown, &view->standing);
	if (st == OK)
		st = comments_of(req, &shown, view);
	if (st == OK)
		st = str_format(req->act.arena, &view->join, "/%.*s/join?next=%.*s/%s",
		                STR_ARG(req->act.place.slug), STR_ARG(view->base),
		                id_text(idea->id.value).text);
	return st;
}

/* Also what is shown again when a comment was refused. */
static void
page_show(struct request *req)
{
	bool sent = req->route->method == METHOD_POST;
	bool used = refused_at(req, "key");
	struct idea_show_view view;
	enum status st = show_load(req, sent ? INT64_MAX : number_of(req, "page"), &view);

	if (used)
		req->refusal.field = NULL;
	if (st == OK)
		st = error_summary_of(req->act.arena, &req->refusal, &view.problem);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.comment = sent ? field_of(req, "body", STR("")) : (struct field_view){ 0 };
	if (view.may_comment)
		view.key = sent && !used ? form_text(req, "key") : field_key(req);
	html_idea_show(page_open(req, "ideas"), &view);
}

static enum status
deed_comment(struct act *act, struct request *req, struct refusal *why)
{
	struct comment_added *added = ARENA_NEW(act->arena, struct comment_added);
	int64_t key;
	enum status st = added == NULL ? NO_MEMORY : field_key_read(req, "key", &key);

	if (st == OK)
		st = act_comment_add(act, idea_of(req), key, form_text(req, "body"), added, why);
	req->result = added;
	return st;
}

static void
page_commented(struct request *req)
{
	const struct comment_added *added = req->result;

	if (req->refusal.status != OK)
		page_show(req);
	else if (added->page == 1)
		page_go(req, "/ideas/%s#comment-%s", id_text(req->id[0]).text,
		        id_text(added->id.value).text);
	else
		page_go(req, "/ideas/%s?page=%lld#comment-%s", id_text(req->id[0]).text,
		        (long long)added->page, id_text(added->id.value).text);
}

/* ---- changes ---- */

static enum status
deed_edit(struct act *act, struct request *req, struct refusal *why)
{
	struct idea_draft draft;
	enum status st = read_draft(req, &draft, why);

	if (st == OK)
		st = act_idea_edit(act, idea_of(req), &draft, number_of(req, "version"), why);
	return st;
}

static void
page_edit(struct request *req)
{
	struct idea_by_id_row idea;
	struct idea_edit_view view = { .id = idea_of(req) };
	struct refusal closed = { .status = OK };
	struct str cost = { NULL, 0 };
	enum status st = act_idea_edit_show(&req->act, view.id, &idea, &closed);

	if (st == REFUSED && req->route->method == METHOD_GET) {
		page_go(req, "/ideas/%s", id_text(view.id.value).text);
		return;
	}
	if (st == OK || st == REFUSED)
		st = base_path(req, "ideas", &view.base);
	if (st == OK)
		st = field_amount_text(req, idea.has_rough_cost, idea.rough_cost, &cost);
	if (st == OK)
		st = error_summary_of(req->act.arena, &req->refusal, &view.problem);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.newer = refused_at(req, "version");
	view.version = req->route->method == METHOD_GET || view.newer ? idea.version
	                                                              : number_of(req, "version");
	view.title = idea.title;
	view.body = idea.body;
	view.has_cost = idea.has_rough_cost;
	view.cost = idea.rough_cost;
	view.fields = (struct idea_fields_view){
		.title = field_of(req, "title", idea.title),
		.body = field_of(req, "body", idea.body),
		.cost = field_of(req, "cost", cost),
		.currency = req->act.place.currency,
	};
	html_idea_edit(page_open(req, "ideas"), &view);
}

static void
page_edited(struct request *req)
{
	if (req->refusal.status != OK)
		page_edit(req);
	else
		page_go(req, "/ideas/%s", id_text(req->id[0]).text);
}

/* What a version changed; `before` NULL: it is the first. */
static enum status
version_row(struct request *req, const struct idea_versions_row *now,
            const struct idea_versions_row *before, struct idea_version_row *ret)
{
	enum status st;

	*ret = (struct idea_version_row){ .version = now->version, .author = now->author,
		                          .when = now->written_at, .first = before == NULL,
		                          .has_cost = now->has_rough_cost,
		                          .cost = now->rough_cost };
	if (before == NULL) { /* all of it, as it was */
		ret->title_changed = ret->body_changed = true;
		ret->cost_changed = now->has_rough_cost;
		before = now;
	} else {
		ret->title_changed = !str_eq(now->title, before->title);
		ret->body_changed = !str_eq(now->body, before->body);
		ret->had_cost = before->has_rough_cost;
		ret->cost_before = before->rough_cost;
		ret->cost_changed = now->has_rough_cost != before->has_rough_cost
		                    || now->rough_cost.minor != before->rough_cost.minor;
	}
	st = diff_words(req->act.arena, before->title, now->title, &ret->title);
	if (st == OK)
		st = diff_words(req->act.arena, before->body, now->body, &ret->body);
	return st;
}

static enum status
history_load(struct request *req, struct idea_history_view *view)
{
	struct idea_history history;
	const struct idea_versions_rows *rows = &history.versions;
	size_t shown;
	enum status st = act_idea_history(&req->act, idea_of(req), number_of(req, "before"),
	                                  &history);

	if (st == OK)
		st = base_path(req, "ideas", &view->base);
	if (st != OK)
		return st;
	view->id = history.idea.id;
	view->title = history.idea.title;
	view->judgements = history.judgements;
	view->more = rows->len > VERSION_PAGE;
	shown = view->more ? VERSION_PAGE : rows->len;
	view->versions.ptr = ARENA_ARRAY(req->act.arena, shown, struct idea_version_row);
	if (view->versions.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < shown && st == OK; i++)
		st = version_row(req, &rows->ptr[i], i + 1 < rows->len ? &rows->ptr[i + 1] : NULL,
		                 &view->versions.ptr[i]);
	view->versions.len = shown;
	view->before = shown > 0 ? rows->ptr[shown - 1].version : 0;
	return st;
}

static void
page_history(struct request *req)
{
	struct idea_history_view view = { 0 };
	enum status st = history_load(req, &view);

	if (st != OK)
		page_status(req, st);
	else
		html_idea_history(page_open(req, "ideas"), &view);
}

/* ---- what one person proposed ---- */

static void
page_author(struct request *req)
{
	struct idea_author_view view;
	struct person_id author = { req->id[0] };
	enum status st = act_idea_by_author(&req->act, author, &view.ideas);

	if (st == OK)
		st = base_path(req, "ideas", &view.base);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.author = view.ideas.ptr[0].author;
	html_idea_author(page_open(req, "ideas"), &view);
}

/* ---- a steward's judgement ---- */

static enum status
deed_judge(struct act *act, struct request *req, struct refusal *why)
{
	struct idea_judgement judgement = {
		.owner = form_text(req, "owner"),
		.permission = form_text(req, "permission"),
		.reason = form_text(req, "reason"),
		.seen_version = number_of(req, "version"),
		.seen_judgement = number_of(req, "judgement"),
	};
	enum status st = idea_verdict_parse(form_text(req, "verdict"), &judgement.verdict);

	if (st == OK && judgement.verdict == IDEA_CHECK)
		st = field_amount(req, "real_cost", &judgement.has_cost, &judgement.real_cost, why);
	if (st == OK)
		st = act_idea_judge(act, idea_of(req), &judgement, why);
	return st;
}

static enum status
judge_load(struct request *req, struct idea_judge_view *view)
{
	struct idea_by_id_row idea;
	struct str cost = { NULL, 0 };
	enum status st = act_idea_judge_show(&req->act, idea_of(req), &idea);

	if (st == OK)
		st = base_path(req, "ideas", &view->base);
	if (st == OK)
		st = markdown_render(req->act.arena, idea.body, &view->body);
	if (st == OK)
		st = field_amount_text(req, idea.has_real_cost, idea.real_cost, &cost);
	if (st != OK)
		return st;
	view->id = idea.id;
	view->title = idea.title;
	view->author = idea.author;
	view->state = idea.state;
	view->days = (req->act.now.us - idea.created_at.us) / DAY_US;
	view->version = idea.version;
	view->judgement = idea.judgement;
	view->has_cost = idea.has_rough_cost;
	view->cost = idea.rough_cost;
	view->own = idea.author_id.value == req->act.who.id.value;
	view->in_round = idea.in_round;
	view->currency = req->act.place.currency;
	view->owner = field_of(req, "owner", idea.owner);
	view->permission = field_of(req, "permission", idea.permission);
	view->real_cost = field_of(req, "real_cost", cost);
	view->reason = field_of(req, "reason", idea.reason);
	return OK;
}

static void
page_judge(struct request *req)
{
	struct idea_judge_view view = { 0 };
	enum status st = judge_load(req, &view);

	if (refused_at(req, "version"))
		req->refusal.field = NULL; /* the page shows the idea as it is now */
	if (st == OK)
		st = error_summary_of(req->act.arena, &req->refusal, &view.problem);
	if (st != OK)
		page_status(req, st);
	else
		html_idea_judge(page_open(req, "queue"), &view);
}

static void
page_judged(struct request *req)
{
	if (req->refusal.status != OK)
		page_judge(req);
	else
		page_go(req, "/queue");
}

/* ---- routes ---- */

#define DRAFT_FIELDS \
	{ "title", FIELD_LINE, IDEA_TITLE_MAX }, { "body", FIELD_BLOCK, IDEA_BODY_MAX }, \
	{ "cost", FIELD_LINE, COST_LEN }

const struct route routes_idea[] = {
	{ .method = METHOD_GET, .path = "/{place}/ideas", .right = RIGHT_READ, .page = page_list,
	  .fields = { { "q", FIELD_LINE, WORDS_LEN }, { "state", FIELD_LINE, 10 },
	              { "after", FIELD_LINE, KEY_LEN } } },
	{ .method = METHOD_GET, .path = "/{place}/ideas/new", .right = RIGHT_IDEA_ADD,
	  .page = page_new },
	{ .method = METHOD_POST, .path = "/{place}/ideas/new", .right = RIGHT_IDEA_ADD,
	  .deed = deed_add, .page = page_added, .per_minute = 60,
	  .fields = { DRAFT_FIELDS, { "key", FIELD_LINE, KEY_LEN }, { "seen", FIELD_LINE, 10 } } },
	{ .method = METHOD_GET, .path = "/{place}/ideas/similar", .right = RIGHT_READ,
	  .page = page_similar, .per_minute = 120, .fresh = true,
	  .fields = { { "q", FIELD_LINE, IDEA_TITLE_MAX } } },
	{ .method = METHOD_GET, .path = "/{place}/ideas/by/{id}", .right = RIGHT_READ,
	  .page = page_author },
	{ .method = METHOD_GET, .path = "/{place}/ideas/{id}", .right = RIGHT_READ,
	  .page = page_show, .fields = { { "page", FIELD_LINE, NUMBER_LEN } } },
	{ .method = METHOD_POST, .path = "/{place}/ideas/{id}/comments",
	  .right = RIGHT_COMMENT_ADD, .deed = deed_comment, .page = page_commented,
	  .per_minute = 60,
	  .fields = { { "body", FIELD_BLOCK, IDEA_COMMENT_MAX }, { "key", FIELD_LINE, KEY_LEN } } },
	{ .method = METHOD_GET, .path = "/{place}/ideas/{id}/edit", .right = RIGHT_IDEA_EDIT,
	  .page = page_edit },
	{ .method = METHOD_POST, .path = "/{place}/ideas/{id}/edit", .right = RIGHT_IDEA_EDIT,
	  .deed = deed_edit, .page = page_edited,
	  .fields = { DRAFT_FIELDS, { "version", FIELD_LINE, NUMBER_LEN } } },
	{ .method = METHOD_GET, .path = "/{place}/ideas/{id}/history", .right = RIGHT_READ,
	  .page = page_history, .fields = { { "before", FIELD_LINE, NUMBER_LEN } } },
	{ .method = METHOD_GET, .path = "/{place}/ideas/{id}/check", .right = RIGHT_IDEA_JUDGE,
	  .page = page_judge },
	{ .method = METHOD_POST, .path = "/{place}/ideas/{id}/check", .right = RIGHT_IDEA_JUDGE,
	  .deed = deed_judge, .page = page_judged,
	  .fields = { { "verdict", FIELD_LINE, 10 }, { "owner", FIELD_LINE, IDEA_OWNER_MAX },
	              { "permission", FIELD_BLOCK, IDEA_PERMISSION_MAX },
	              { "real_cost", FIELD_LINE, COST_LEN },
	              { "reason", FIELD_BLOCK, IDEA_REASON_MAX },
	              { "version", FIELD_LINE, NUMBER_LEN },
	              { "judgement", FIELD_LINE, NUMBER_LEN } } },
	{ .path = NULL },
};
