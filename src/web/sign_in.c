/* Join or sign in: a form, a mail, and then its code or its link. */
#include "web/sign_in.h"

#include "acts/session.h"
#include "acts/sign_in.h"
#include "web/code.html.h"
#include "web/join.html.h"
#include "web/join_link.html.h"
#include "web/route.h"

/* What is wrong, for the page's fields and the summary on top. */
static enum status
show_refusal(struct request *req, struct str *wrong, struct message *problem,
             struct error_summary *summary)
{
	*wrong = str_of(req->refusal.field);
	*problem = req->refusal.message;
	return error_summary_of(req->act.arena, &req->refusal, summary);
}

/* ---- asking for the mail ---- */

static enum status
deed_join(struct act *act, struct request *req, struct refusal *why)
{
	struct sign_in_ask ask = {
		.email = form_text(req, "email"),
		.name = form_text(req, "name"),
		.next = form_text(req, "next"),
	};
	struct sign_in_id *id = ARENA_NEW(act->arena, struct sign_in_id);

	if (id == NULL)
		return NO_MEMORY;
	req->result = id;
	return act_sign_in_ask(act, &ask, id, why);
}

static void
page_join(struct request *req)
{
	bool posted = req->route->method == METHOD_POST;
	struct join_page view = {
		.place = req->act.place.name,
		.next = form_text(req, "next"),
		.email = posted ? form_text(req, "email") : STR(""),
		.name = posted ? form_text(req, "name") : STR(""),
		.ready = !posted && form_has(req, "ready"),
	};
	enum status st;

	if (posted && req->refusal.status == OK) {
		page_set_sign_in(req, *(struct sign_in_id *)req->result);
		page_go(req, "/join/code");
		return;
	}
	if (req->act.place.imported) {
		page_status(req, NOT_FOUND);
		return;
	}
	if (!posted && req->act.who.id.value != 0) {
		page_go(req, "/");
		return;
	}
	st = page_path(req, &view.path, "/join");
	if (st == OK)
		st = show_refusal(req, &view.wrong, &view.problem, &view.summary);
	if (st != OK)
		page_status(req, st);
	else
		html_join(page_open(req, ""), &view);
}

/* ---- the code ---- */

/* Ends a sign-in that went well. */
static void
go_on(struct request *req, const struct sign_in_end *end)
{
	page_set_session(req, str_of(end->token.text));
	page_set_sign_in(req, (struct sign_in_id){ 0 });
	if (end->next.len > 0)
		page_go_to(req, end->next);
	else
		page_go(req, "/");
}

static enum status
deed_code(struct act *act, struct request *req, struct refusal *why)
{
	struct sign_in_end *end = ARENA_NEW(act->arena, struct sign_in_end);
	struct sign_in_id id;

	if (end == NULL)
		return NO_MEMORY;
	req->result = end;
	if (!page_get_sign_in(req, &id))
		return refuse(why, NULL,
		              MSG("More than 15 minutes have gone by, or this is another browser than "
		                  "the one you began with. Ask for a new mail."));
	return act_sign_in_by_code(act, id, form_text(req, "code"), form_text(req, "name"), end);
}

static void
page_code(struct request *req)
{
	bool posted = req->route->method == METHOD_POST;
	struct code_page view = { .running = true };
	struct sign_in_id id;
	enum status st;

	if (posted && req->refusal.status == OK) {
		struct sign_in_end *end = req->result;

		if (end->refusal.status == OK) {
			go_on(req, end);
			return;
		}
		req->refusal = end->refusal;
	}
	if (posted) {
		view.code = form_text(req, "code");
		view.name = form_text(req, "name");
		view.running = req->refusal.field != NULL;
		view.ask_name = view.running && str_is(str_of(req->refusal.field), "name");
	} else if (!page_get_sign_in(req, &id)) {
		page_go(req, "/join");
		return;
	}
	st = page_path(req, &view.path, "/join/code");
	if (st == OK)
		st = page_path(req, &view.join_path, "/join");
	/* Who is asked for the name for the first time has done nothing wrong. */
	if (view.ask_name && !form_has(req, "asked"))
		req->refusal = (struct refusal){ .status = OK };
	if (st == OK)
		st = show_refusal(req, &view.wrong, &view.problem, &view.summary);
	if (st != OK)
		page_status(req, st);
	else
		html_code(page_open(req, ""), &view);
}

/* ---- the link ---- */

static enum status
deed_join_link(struct act *act, struct request *req, struct refusal *why)
{
	struct sign_in_end *end = ARENA_NEW(act->arena, struct sign_in_end);

	(void)why; /* what is refused is in end, as it may have been counted */
	if (end == NULL)
		return NO_MEMORY;
	req->result = end;
	return act_sign_in_by_link(act, form_text(req, "t"), form_text(req, "name"), end);
}

static void
page_join_link(struct request *req)
{
	bool posted = req->route->method == METHOD_POST;
	struct join_link_page view = {
		.place = req->act.place.name,
		.token = form_text(req, "t"),
		.name = posted ? form_text(req, "name") : STR(""),
	};
	struct sign_in_link link;
	enum status st;

	if (posted && req->refusal.status == OK) {
		struct sign_in_end *end = req->result;

		if (end->refusal.status == OK) {
			go_on(req, end);
			return;
		}
		req->refusal = end->refusal;
	}
	st = act_sign_in_link_show(&req->act, view.token, &link);
	if (st == OK && link.refusal.status != OK)
		req->refusal = link.refusal;
	view.email = link.email;
	view.ask_name = link.ask_name;
	if (st == OK)
		st = page_path(req, &view.path, "/join/link");
	if (st == OK)
		st = page_path(req, &view.join_path, "/join");
	if (st == OK)
		st = show_refusal(req, &view.wrong, &view.problem, &view.summary);
	if (st != OK)
		page_status(req, st);
	else
		html_join_link(page_open(req, ""), &view);
}

/* ---- signing out ---- */

static enum status
deed_leave(struct act *act, struct request *req, struct refusal *why)
{
	(void)why;
	return act_session_end(act, page_get_session(req));
}

static void
page_leave(struct request *req)
{
	page_set_session(req, STR(""));
	page_go(req, "/");
}

const struct route routes_sign_in[] = {
	{ .method = METHOD_GET, .path = "/{place}/join", .right = RIGHT_READ, .page = page_join,
	  .fields = { { "next", FIELD_LINE, 200 }, { "ready", FIELD_LINE, 1 } }, .fresh = true },
	{ .method = METHOD_POST, .path = "/{place}/join", .right = RIGHT_SIGN_IN, .deed = deed_join,
	  .page = page_join, .per_minute = 10,
	  .fields = { { "email", FIELD_LINE, 254 }, { "name", FIELD_LINE, 60 },
	              { "next", FIELD_LINE, 200 } } },
	{ .method = METHOD_GET, .path = "/{place}/join/code", .right = RIGHT_READ, .page = page_code,
	  .fresh = true },
	{ .method = METHOD_POST, .path = "/{place}/join/code", .right = RIGHT_SIGN_IN,
	  .deed = deed_code, .page = page_code, .per_minute = 20,
	  .fields = { { "code", FIELD_LINE, 12 }, { "name", FIELD_LINE, 60 },
	              { "asked", FIELD_LINE, 1 } } },
	{ .method = METHOD_GET, .path = "/{place}/join/link", .right = RIGHT_READ,
	  .page = page_join_link, .fields = { { "t", FIELD_LINE, 64 } }, .fresh = true,
	  .per_minute = 30 },
	{ .method = METHOD_POST, .path = "/{place}/join/link", .right = RIGHT_SIGN_IN,
	  .deed = deed_join_link, .page = page_join_link, .per_minute = 20,
	  .fields = { { "t", FIELD_LINE, 64 }, { "name", FIELD_LINE, 60 } } },
	{ .method = METHOD_POST, .path = "/{place}/leave", .right = RIGHT_SIGN_OUT,
	  .deed = deed_leave, .page = page_leave },
	{ .path = NULL },
};
