#include "web/error.h"

#include "web/error.html.h"
#include "web/request.h"

struct words { const char *title; struct message text; };

static struct words
words_for(enum status st)
{
	switch (st) {
	case NOT_FOUND:
		return (struct words){
			MSG("This page is not here"),
			{ .text = MSG("The address may be mistyped, or what was here has gone.") } };
	case FORBIDDEN:
	case SIGN_IN:
		return (struct words){
			MSG("This is not open to you"),
			{ .text = MSG("Only some people of this place may do this. If you came from a form, go "
			              "back, load the page again and send it once more.") } };
	case INVALID:
		return (struct words){
			MSG("This could not be read"),
			{ .text = MSG("What your browser sent is not well-formed. Go back, load the page again "
			              "and try once more.") } };
	case TOO_LARGE:
		return (struct words){
			MSG("This is more than we can take"),
			{ .text = MSG("Go back and send less: a shorter text, or a file of at most 10 "
			              "megabytes.") } };
	case REFUSED:
	case CONFLICT:
		return (struct words){
			MSG("Something changed meanwhile"),
			{ .text = MSG("Somebody else was here at the same time. Go back, load the page again and "
			              "look at how it stands now.") } };
	case TOO_MANY:
		return (struct words){
			MSG("Too many requests at once"),
			{ .text = MSG("Wait a minute, then try again.") } };
	case UNKNOWN:
		return (struct words){
			MSG("We don't know whether this was saved"),
			{ .text = MSG("The connection to our database broke in the middle of saving. Go back and "
			              "send the same form once more: if it was saved, nothing is done twice.") } };
	case UNAVAILABLE:
	case ELSEWHERE:
	case NO_MEMORY:
		return (struct words){
			MSG("Not just now"),
			{ .text = MSG("The server can't do this at the moment. What was confirmed to you is safe. "
			              "Try again in a minute.") } };
	case OK:
	case TOO_NEW:
	case FAILED:
		break;
	}
	return (struct words){
		MSG("Something went wrong"),
		{ .text = MSG("This is our mistake, not yours. Nothing that was confirmed to you is lost.") } };
}

/* The form's page, or the nearest one above it, to come back to after signing in. */
static struct str
way_back(struct exchange *x)
{
	struct str path = x->req.path;

	while (path.len > 1 &&
	       router_find(x->worker->server->router, METHOD_GET, path).route == NULL) {
		while (path.len > 1 && path.ptr[path.len - 1] != '/')
			path.len--;
		if (path.len > 1)
			path.len--;
	}
	return path;
}

static enum status
sign_in_path(struct exchange *x, struct str *ret)
{
	struct buf path;
	enum status st;

	buf_init(&path, 4 * PATH_MAX_BYTES);
	buf_add_format(&path, "/%.*s/join?next=", STR_ARG(x->req.act.place.slug));
	percent_encode(&path, way_back(x));
	st = buf_status(&path);
	if (st == OK)
		st = str_copy(&x->arena, buf_str(&path), ret);
	buf_release(&path);
	return st;
}

/* One line for the operator. The route's pattern, not the path: paths may hold secrets. */
static void
log_failure(struct exchange *x, enum status st)
{
	log_request(str_of(x->id)); /* not always said by then */
	LOG(http_status(st) == MHD_HTTP_INTERNAL_SERVER_ERROR ? LEVEL_ERROR : LEVEL_WARNING,
	    "request.failed", log_word("route", x->req.route == NULL ? "-" : x->req.route->path),
	    log_status("status", st));
	log_request(STR(""));
}

void
error_answer(struct exchange *x, enum status st)
{
	struct request *req = &x->req;
	bool wrong_method = st == NOT_FOUND && x->req.route == NULL && x->other != NULL;
	struct words words = words_for(st);
	struct error_view view = { .text = words.text, .home = STR("/") };
	struct str sign_in = { NULL, 0 };
	bool signed_out = req->act.place.id.value != 0 && req->act.who.id.value == 0;

	if (signed_out && (st == SIGN_IN || st == FORBIDDEN) && sign_in_path(x, &sign_in) != OK)
		st = NO_MEMORY;
	if (st == SIGN_IN && signed_out) {
		page_go_to(req, sign_in);
		return;
	}
	if (st == FORBIDDEN && req->route->method == METHOD_GET)
		view.sign_in = sign_in;
	if (req->act.place.id.value != 0 &&
	    str_format(&x->arena, &view.home, "/%.*s/", STR_ARG(req->act.place.slug)) != OK)
		view.home = STR("/");
	if (http_status(st) >= 500) {
		view.reference = str_of(x->id);
		log_failure(x, st);
	}
	if (req->format.locale == NULL)
		req->format.locale = locale_get(STR("en"));
	view.title = locale_words(req->format.locale, words.title);
	x->response.cookies_len = 0;
	x->cache_key = (struct str){ NULL, 0 };
	html_error(page_open(req, ""), &view);
	x->response.http = wrong_method ? MHD_HTTP_METHOD_NOT_ALLOWED : http_status(st);
	if (buf_status(&x->response.out) != OK) {
		buf_clear(&x->response.out);
		buf_add(&x->response.out, STR("<!doctype html><title>Not just now</title><p>Not just now. Try "
		                              "again in a minute."));
		x->response.http = MHD_HTTP_SERVICE_UNAVAILABLE;
	}
}
