/* What pages answer with (web/route.h), and how it is sent. */
#include "web/request.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "acts/queue.h"
#include "acts/session.h"

unsigned
http_status(enum status st)
{
	switch (st) {
	case OK:
		return MHD_HTTP_OK;
	case NOT_FOUND:
		return MHD_HTTP_NOT_FOUND;
	case REFUSED:
		return MHD_HTTP_UNPROCESSABLE_CONTENT;
	case FORBIDDEN:
	case SIGN_IN:
		return MHD_HTTP_FORBIDDEN;
	case INVALID:
		return MHD_HTTP_BAD_REQUEST;
	case TOO_LARGE:
		return MHD_HTTP_CONTENT_TOO_LARGE;
	case CONFLICT:
		return MHD_HTTP_CONFLICT;
	case TOO_MANY:
		return MHD_HTTP_TOO_MANY_REQUESTS;
	case UNAVAILABLE:
	case UNKNOWN:
	case ELSEWHERE:
	case NO_MEMORY:
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	case TOO_NEW:
	case FAILED:
		break;
	}
	return MHD_HTTP_INTERNAL_SERVER_ERROR;
}

/* ---- for pages -------------------------------------------------------------------------- */

/* The token for this page's forms. Somebody signed out gets a cookie to go with it, which is
 * sent only if the page has a form (response_send). */
static struct str
form_token(struct exchange *x)
{
	const uint8_t *key = desk_key(x->worker->server->options.desk);
	struct response *response = &x->response;

	if (response->has_csrf)
		return str_of(response->csrf.text);
	if (x->req.act.who.id.value != 0) {
		response->csrf = csrf_token(key, COOKIE_SESSION, x->session);
	} else {
		if (x->form_cookie.len == 0) {
			uint8_t bytes[18];
			struct token_text text;

			chance_bytes(&x->worker->chance, bytes, sizeof bytes);
			text = token_text(bytes, sizeof bytes);
			if (str_copy(&x->arena, str_of(text.text), &x->form_cookie) != OK)
				x->form_cookie = (struct str){ NULL, 0 };
			x->new_form_cookie = true;
		}
		response->csrf = csrf_token(key, COOKIE_FORM, x->form_cookie);
	}
	response->has_csrf = true;
	return str_of(response->csrf.text);
}

struct html *
page_open(struct request *req, const char *here)
{
	struct exchange *x = exchange_of(req);
	struct response *response = &x->response;
	struct layout_view *layout = &response->layout;
	const struct act *act = &req->act;

	response->answer = ANSWER_PAGE;
	response->http = http_status(req->refusal.status);
	buf_clear(&response->out);
	layout->here = str_of(here);
	layout->path = req->path;
	layout->absolute = act->origin;
	layout->csrf = form_token(x);
	if (act->place.id.value != 0) {
		layout->place_name = act->place.name;
		if (str_format(act->arena, &layout->place_path, "/%.*s", STR_ARG(act->place.slug)) != OK)
			layout->place_path = (struct str){ NULL, 0 };
		layout->money = !act->place.imported;
		layout->imported = act->place.imported;
	}
	layout->person_name = act->who.name;
	layout->steward = (act->who.roles & ROLE_STEWARD) != 0;
	layout->treasurer = (act->who.roles & ROLE_TREASURER) != 0;
	/* A number in the margin: the page is worth showing without it. */
	if (act_queue_count(&req->act, &layout->waiting) != OK)
		layout->waiting = 0;
	response->html = (struct html){ .out = &response->out, .format = req->format,
	                                .layout = layout };
	return &response->html;
}

void
page_describe(struct request *req, struct str description)
{
	req->response->layout.description = description;
}

enum status
page_path(struct request *req, struct str *ret, const char *format, ...)
{
	char text[1024];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	assert(len >= 0 && (size_t)len < sizeof text);
	return str_format(req->act.arena, ret, "/%.*s%s", STR_ARG(req->act.place.slug), text);
}

void
page_go(struct request *req, const char *format, ...)
{
	char text[PATH_MAX_BYTES];
	struct str path = { text, 0 };
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof text ||
	    (req->act.place.id.value != 0 &&
	     str_format(req->act.arena, &path, "/%.*s%s", STR_ARG(req->act.place.slug), text) != OK))
		page_status(req, NO_MEMORY);
	else
		page_go_to(req, path.len > 0 ? path : str_of(text));
}

/* Local, and nothing in it that could begin a header of its own or another host. */
static bool
is_local_path(struct str path)
{
	if (path.len == 0 || path.ptr[0] != '/' ||
	    (path.len > 1 && (path.ptr[1] == '/' || path.ptr[1] == '\\')))
		return false;
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.ptr[i] <= 0x20 || path.ptr[i] == 0x7f)
			return false;
	return true;
}

void
page_go_to(struct request *req, struct str path)
{
	struct response *response = req->response;

	response->answer = ANSWER_GO;
	response->http = MHD_HTTP_SEE_OTHER;
	buf_clear(&response->out);
	if (!is_local_path(path))
		path = STR("/");
	if (str_copy(req->act.arena, path, &response->location) != OK)
		page_status(req, NO_MEMORY);
}

void
page_file(struct request *req, const char *type, const char *name, struct str content)
{
	struct response *response = req->response;

	response->answer = ANSWER_FILE;
	response->http = MHD_HTTP_OK;
	response->type = str_of(type);
	response->file_name = str_of(name);
	response->content = content;
}

void
page_file_of(struct request *req, const char *type, const char *name, struct buf *content)
{
	struct exchange *x = exchange_of(req);

	/* Kept where an uploaded file would be: until the answer is sent. */
	buf_release(&x->file);
	x->file = *content;
	*content = (struct buf){ .max = content->max };
	page_file(req, type, name, buf_str(&x->file));
}

void
page_status(struct request *req, enum status st)
{
	error_answer(exchange_of(req), st);
}

static void
set_cookie(struct exchange *x, enum cookie_kind kind, struct str value)
{
	struct response *response = &x->response;
	struct str text;

	assert(response->cookies_len < COOKIES_MAX);
	if (cookie_text(&x->arena, kind, x->req.act.place.slug, value, x->secure, &text) != OK) {
		page_status(&x->req, NO_MEMORY);
		return;
	}
	response->cookies[response->cookies_len++] = text;
}

void
page_set_session(struct request *req, struct str token)
{
	set_cookie(exchange_of(req), COOKIE_SESSION, token);
}

void
page_set_wrote(struct request *req)
{
	set_cookie(exchange_of(req), COOKIE_WROTE, STR("1"));
}

struct str
page_get_session(const struct request *req)
{
	return exchange_of((struct request *)(uintptr_t)req)->session;
}

void
page_set_sign_in(struct request *req, struct sign_in_id id)
{
	set_cookie(exchange_of(req), COOKIE_SIGN_IN,
	           id.value == 0 ? STR("") : str_of(id_text(id.value).text));
}

bool
page_get_sign_in(const struct request *req, struct sign_in_id *ret)
{
	/* The page then depends on more than its address. */
	struct exchange *x = exchange_of((struct request *)(uintptr_t)req);
	const char *value = MHD_lookup_connection_value(
		x->connection, MHD_COOKIE_KIND, cookie_name(COOKIE_SIGN_IN, x->slug).text);

	x->cache_key = (struct str){ NULL, 0 };
	return id_parse(str_of(value), &ret->value) == OK;
}

bool
request_within_limit(struct request *req, const char *kind, struct str who, int burst,
                     int per_hour)
{
	struct limit *limit = req->server->limit;
	/* Limits count by the minute; by the hour is the same with a clock 60 times slower. */
	return limit_take(limit, limit_key(limit, kind, who), (struct limit_rate){ burst, per_hour },
	                  clock_ms() / 60);
}

/* ---- sending ---------------------------------------------------------------------------- */

static void
add(struct MHD_Response *r, const char *name, const char *value)
{
	/* Fails only without memory, or for a value with line breaks, which none has. */
	(void)MHD_add_response_header(r, name, value);
}

/* A name for a download: plain in the old form, whole in the new (RFC 6266). */
static void
add_disposition(struct exchange *x, struct MHD_Response *r)
{
	struct str name = x->response.file_name;
	struct buf text;

	buf_init(&text, 2048);
	buf_add_c(&text, "attachment; filename=\"");
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		buf_add_char(&text, c < 0x20 || c > 0x7e || strchr("\"\\/%", c) != NULL ? '_' : c);
	}
	buf_add_c(&text, "\"; filename*=UTF-8''");
	percent_encode(&text, name);
	add(r, "Content-Disposition", buf_status(&text) == OK ? text.ptr : "attachment");
	buf_release(&text);
}

static void
add_headers(struct exchange *x, struct MHD_Response *r)
{
	struct response *response = &x->response;
	const char *cache = x->req.act.who.id.value != 0 || response->cookies_len > 0
		? "no-store" : "no-cache";

	switch (response->answer) {
	case ANSWER_FILE:
		add(r, "Content-Type", response->type.ptr);
		add(r, "Content-Security-Policy",
		    response->immutable ? "default-src 'none'" : "default-src 'none'; sandbox");
		if (response->immutable)
			cache = "public, max-age=31536000, immutable";
		if (response->file_name.len > 0)
			add_disposition(x, r);
		break;
	case ANSWER_GO:
		add(r, "Location", response->location.ptr);
		break;
	default:
		add(r, "Content-Type", "text/html; charset=utf-8");
		add(r, "Content-Security-Policy",
		    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
		    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
		    "frame-ancestors 'none'");
		add(r, "Referrer-Policy", "same-origin");
		add(r, "Cross-Origin-Opener-Policy", "same-origin");
		add(r, "Vary", "Cookie, Accept-Language");
	}
	add(r, "X-Content-Type-Options", "nosniff");
	add(r, "Cross-Origin-Resource-Policy", "same-origin");
	add(r, "Cache-Control", cache);
	if (response->http == MHD_HTTP_METHOD_NOT_ALLOWED)
		add(r, "Allow", x->other->method == METHOD_POST ? "POST" : "GET, HEAD");
	if (response->http == MHD_HTTP_TOO_MANY_REQUESTS ||
	    response->http == MHD_HTTP_SERVICE_UNAVAILABLE)
		add(r, "Retry-After", "60");
	for (size_t i = 0; i < response->cookies_len; i++)
		add(r, "Set-Cookie", response->cookies[i].ptr);
}

/* Somebody signed out gets the form's cookie with a page that has a form, and such a page is
 * theirs alone. */
static void
settle_form_cookie(struct exchange *x)
{
	struct response *response = &x->response;
	struct str out = buf_str(&response->out);

	if (response->answer != ANSWER_PAGE || !response->has_csrf || x->req.act.who.id.value != 0 ||
	    str_find(out, str_of(response->csrf.text)) == out.len)
		return;
	x->cache_key = (struct str){ NULL, 0 };
	if (x->new_form_cookie)
		set_cookie(x, COOKIE_FORM, x->form_cookie);
}

enum MHD_Result
response_send(struct exchange *x)
{
	enum { BYTES_PER_MS = 16, LEAST_MS = 60000 };
	struct response *response = &x->response;
	struct MHD_Response *r;
	enum MHD_Result result;
	struct str body;
	bool keep;

	settle_form_cookie(x);
	body = response->answer == ANSWER_FILE ? response->content : buf_str(&response->out);
	if (response->answer == ANSWER_GO)
		body = (struct str){ NULL, 0 };
	keep = x->cache_key.len > 0 && x->verdict == OK && response->answer == ANSWER_PAGE &&
	       response->http == MHD_HTTP_OK && response->cookies_len == 0;
	/* Ours until the answer is sent (exchange_recycle), but for what is kept. */
	r = MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.ptr,
	                                    keep ? MHD_RESPMEM_MUST_COPY : MHD_RESPMEM_PERSISTENT);
	if (r == NULL)
		return MHD_NO;
	add_headers(x, r);
	atomic_store_explicit(&x->line->until_ms,
	                      clock_ms() + LEAST_MS + (int64_t)(body.len / BYTES_PER_MS),
	                      memory_order_relaxed);
	result = MHD_queue_response(x->connection, response->http, r);
	if (keep)
		cache_put(x->worker->cache, x->cache_key, r, body.len, clock_ms());
	else
		MHD_destroy_response(r);
	return result;
}
