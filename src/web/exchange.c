#include "web/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acts/session.h"

struct exchange *
exchange_new(struct worker *worker, struct MHD_Connection *connection, struct line *line)
{
	struct exchange *x = worker->free;

	if (x != NULL) {
		worker->free = x->next;
	} else {
		x = calloc(1, sizeof *x);
		if (x == NULL)
			return NULL;
		arena_init(&x->arena, ARENA_MAX);
		buf_init(&x->response.out, PAGE_MAX);
		buf_init(&x->file, 0);
	}
	x->worker = worker;
	x->begun_us = time_passing_us();
	x->connection = connection;
	x->line = line;
	(void)snprintf(x->id, sizeof x->id, "%x-%x", worker->number, ++worker->requests);
	x->req.server = worker->server;
	x->req.response = &x->response;
	x->req.act.arena = &x->arena;
	x->req.act.now = time_now();
	x->req.act.secrets = desk_secrets(worker->server->options.desk);
	x->req.act.origin = server_origin(worker->server);
	atomic_fetch_add_explicit(&worker->busy, 1, memory_order_relaxed);
	return x;
}

/* Keeps a buffer's memory for the next request, unless it is uncommonly much. */
static struct buf
buf_kept(struct buf buf)
{
	enum { KEEP = 256 * 1024 };

	buf_clear(&buf);
	if (buf.size > KEEP)
		buf_release(&buf);
	return buf;
}

void
exchange_recycle(struct exchange *x)
{
	struct worker *worker = x->worker;
	struct arena arena;
	struct buf out, file;

	if (x->post != NULL)
		(void)MHD_destroy_post_processor(x->post);
	arena_reset(&x->arena);
	arena = x->arena;
	arena.cap = ARENA_MAX;
	out = buf_kept(x->response.out);
	file = buf_kept(x->file);
	memset(x, 0, sizeof *x);
	x->arena = arena;
	x->response.out = out;
	x->file = file;
	x->next = worker->free;
	worker->free = x;
	atomic_fetch_sub_explicit(&worker->busy, 1, memory_order_release);
}

void
exchange_measure(struct exchange *x)
{
	enum { SLOW_US = 1000000 };
	int64_t took = time_passing_us() - x->begun_us;
	bool deed = x->req.route != NULL && x->req.route->method == METHOD_POST;
	unsigned class = x->ready != NULL ? 2 : x->response.http / 100;

	metric_observe(deed ? METRIC_DEED_ANSWER : METRIC_PAGE, took);
	if (class >= 2 && class <= 5)
		metric_add((enum metric_counter)(METRIC_REQUESTS_2XX + class - 2), 1);
	if (x->ready != NULL)
		metric_add(METRIC_CACHE_HITS, 1);
	if (took < SLOW_US || x->req.route == NULL)
		return;
	/* The route's pattern, never the address: that may hold what opens a door. */
	log_request(str_of(x->id));
	LOG(LEVEL_WARNING, "request.slow", log_word("route", x->req.route->path),
	    log_int("http", x->response.http), log_int("ms", took / 1000));
	log_request(STR(""));
}

void
exchange_free(struct exchange *x)
{
	arena_release(&x->arena);
	buf_release(&x->response.out);
	buf_release(&x->file);
	free(x);
}

/* ---- what came with the headers --------------------------------------------------------- */

static struct str
value_of(struct exchange *x, enum MHD_ValueKind kind, const char *name)
{
	const char *value = NULL;
	size_t len = 0;

	if (MHD_lookup_connection_value_n(x->connection, kind, name, strlen(name), &value, &len) !=
	    MHD_YES || value == NULL)
		return (struct str){ NULL, 0 };
	return (struct str){ value, len };
}

struct str
exchange_header(struct exchange *x, const char *name)
{
	return value_of(x, MHD_HEADER_KIND, name);
}

struct str
exchange_cookie(struct exchange *x, enum cookie_kind kind)
{
	enum { VALUE_MAX = 100 };
	struct str value = value_of(x, MHD_COOKIE_KIND, cookie_name(kind, x->slug).text);

	return value.len <= VALUE_MAX ? value : (struct str){ NULL, 0 };
}

static bool
is_trusted(const struct server *server, struct address address)
{
	for (size_t i = 0; i < server->options.trusted_len; i++)
		if (address_eq(server->options.trusted[i], address))
			return true;
	return false;
}

/* The client's address: the socket's, or the last one named that is no trusted proxy's. */
static void
find_address(struct exchange *x)
{
	struct server *server = x->worker->server;
	struct str forwarded;

	x->address = x->line->address;
	/* The operator says that the world comes by TLS, whatever a proxy forgets to say. */
	x->secure = str_starts(server_origin(server), STR("https://"));
	if (!is_trusted(server, x->address))
		return;
	x->secure |= str_is(exchange_header(x, "X-Forwarded-Proto"), "https");
	forwarded = exchange_header(x, "X-Forwarded-For");
	while (forwarded.len > 0) {
		size_t comma = forwarded.len;
		struct address address;

		while (comma > 0 && forwarded.ptr[comma - 1] != ',')
			comma--;
		if (address_parse(str_trim(str_cut(forwarded, comma, forwarded.len)), &address) != OK)
			return;
		x->address = address;
		if (!is_trusted(server, address))
			return;
		forwarded.len = comma > 0 ? comma - 1 : 0;
	}
}

static bool
is_slug(struct str slug)
{
	for (size_t i = 0; i < slug.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", slug.ptr[i]) == NULL ||
		    slug.ptr[i] == '\0')
			return false;
	return slug.len > 0 && slug.len <= 40;
}

static enum status
find_route(struct exchange *x, const char *method, const char *url)
{
	struct request *req = &x->req;
	struct router_hit hit;
	enum status st = path_decode(&x->arena, url, &req->path);
	enum http_method kind = METHOD_GET;

	if (st != OK)
		return st;
	if (strcmp(method, MHD_HTTP_METHOD_POST) == 0)
		kind = METHOD_POST;
	hit = router_find(x->worker->server->router, kind, req->path);
	if (hit.route != NULL && kind == METHOD_GET && strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		hit = (struct router_hit){ .other = hit.route };
	x->other = hit.other;
	if (hit.route == NULL || (hit.place.len > 0 && !is_slug(hit.place)))
		return NOT_FOUND;
	req->route = hit.route;
	memcpy(req->id, hit.id, sizeof req->id);
	req->part = hit.part;
	x->slug = hit.place;
	if (hit.route->memory > 0)
		x->arena.cap = hit.route->memory;
	return OK;
}

static bool
within_rate(struct exchange *x, const char *kind, struct limit_rate rate)
{
	struct server *server = x->worker->server;
	uint64_t group = address_group(x->address);

	return limit_take(server->limit,
	                  limit_key(server->limit, kind,
	                            (struct str){ (const char *)&group, sizeof group }),
	                  rate, clock_ms());
}

static enum status
check_rates(struct exchange *x)
{
	enum { BURST_MINUTES = 5 };
	int own = x->req.route->per_minute;

	if (own > 0 &&
	    !within_rate(x, x->req.route->path, (struct limit_rate){ BURST_MINUTES * own, own }))
		return TOO_MANY;
	return OK;
}

static enum MHD_Result
add_query(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct exchange *x = context;
	struct str decoded_name, text;

	(void)kind;
	if (percent_decode(&x->arena, name, &decoded_name) != OK ||
	    percent_decode(&x->arena, value == NULL ? "" : value, &text) != OK)
		return MHD_NO;
	intake_add(&x->intake, decoded_name.ptr, NULL, text, 0);
	return MHD_YES;
}

static enum status
take_query(struct exchange *x)
{
	enum status st;

	if (x->req.route->fields[0].kind == FIELD_NONE)
		return OK;
	intake_init(&x->intake, x->req.route->fields, &x->arena, &x->file);
	(void)MHD_get_connection_values(x->connection, MHD_GET_ARGUMENT_KIND, add_query, x);
	st = intake_finish(&x->intake, &x->req.form, &x->req.refusal);
	return st == NO_MEMORY ? st : OK;
}

/* ---- signed-out pages that are ready ---------------------------------------------------- */

/* All that a signed-out page may depend on: path, declared query fields, language asked for. */
static void
make_cache_key(struct exchange *x)
{
	struct str language = exchange_header(x, "Accept-Language");
	size_t size = x->req.path.len + language.len + 2;
	char *key, *at;

	if (x->req.route->fresh || x->req.refusal.status != OK || x->session.len > 0)
		return;
	for (size_t i = 0; i < x->intake.count; i++) {
		if (x->req.route->fields[i].kind != FIELD_LINE)
			return;
		size += x->req.form.values[i].text.len + 1;
	}
	if (size > 4096)
		return;
	key = at = arena_bytes(&x->arena, size);
	if (key == NULL)
		return;
	at = mempcpy(at, x->req.path.ptr, x->req.path.len);
	for (size_t i = 0; i < x->intake.count; i++) {
		struct str text = x->req.form.values[i].text;

		*at++ = '\n'; /* none in a path or a line */
		if (text.len > 0)
			at = mempcpy(at, text.ptr, text.len);
	}
	*at++ = '\n';
	if (language.len > 0)
		at = mempcpy(at, language.ptr, language.len);
	x->cache_key = (struct str){ key, (size_t)(at - key) };
}

static void
look_in_cache(struct exchange *x)
{
	struct worker *worker = x->worker;

	if (x->req.route->method != METHOD_GET)
		return;
	make_cache_key(x);
	if (x->cache_key.len == 0)
		return;
	/* Read before the page is made: what is written meanwhile makes it out of date. */
	cache_see(worker->cache, exchange_version(x));
	x->ready = cache_find(worker->cache, x->cache_key, clock_ms());
}

/* Does the browser say that the form was another site's? Old ones say nothing: then the form's
 * token alone decides. *ret_proven: it says that it was ours. */
static bool
is_foreign(struct exchange *x, bool *ret_proven)
{
	struct str site = exchange_header(x, "Sec-Fetch-Site"), origin = exchange_header(x, "Origin");
	struct str host = exchange_header(x, "Host"), own = server_origin(x->worker->server), rest = origin;

	*ret_proven = str_is(site, "same-origin");
	if (site.len > 0 && !*ret_proven && !str_is(site, "none"))
		return true;
	if (origin.len == 0)
		return false;
	if (str_starts(origin, STR("https://")))
		rest = str_cut(origin, 8, origin.len);
	else if (str_starts(origin, STR("http://")))
		rest = str_cut(origin, 7, origin.len);
	if (!str_eq(origin, own) && !str_same(rest, host))
		return true;
	*ret_proven = true;
	return false;
}

static enum status
look(struct exchange *x, const char *method, const char *url)
{
	struct server *server = x->worker->server;
	enum status st;

	find_address(x);
	if (!address_is_loopback(x->address) && !within_rate(x, "all", server->options.rate))
		return TOO_MANY;
	st = find_route(x, method, url);
	if (st == OK)
		st = check_rates(x);
	if (st == OK && x->req.route->by_itself)
		return OK;
	x->home = desk_home_of_slug(exchange_desk(x), x->slug);
	if (st == OK)
		st = exchange_open_reader(x);
	if (st != OK)
		return st;
	x->session = exchange_cookie(x, COOKIE_SESSION);
	x->form_cookie = exchange_cookie(x, COOKIE_FORM);
	exchange_choose_replica(x);
	if (x->req.route->method == METHOD_GET)
		st = take_query(x);
	if (st == OK)
		look_in_cache(x);
	if (st != OK || x->ready != NULL)
		return st;
	st = exchange_enter(x);
	if (x->req.route->method == METHOD_POST)
		exchange_end_read(x);
	return st;
}

void
exchange_look(struct exchange *x, const char *method, const char *url)
{
	x->stage = STAGE_BODY;
	x->verdict = look(x, method, url);
}

/* ---- the body --------------------------------------------------------------------------- */

static enum MHD_Result
add_posted(void *context, enum MHD_ValueKind kind, const char *name, const char *file_name,
           const char *type, const char *encoding, const char *data, uint64_t offset, size_t size)
{
	struct exchange *x = context;

	(void)kind;
	(void)type;
	(void)encoding;
	intake_add(&x->intake, name, file_name, (struct str){ data, size }, offset);
	return MHD_YES;
}

static void
open_body(struct exchange *x, int64_t len)
{
	enum { TEXT_PIECE = 1024, FILE_PIECE = 32 * 1024 };
	const struct server_options *options = &x->worker->server->options;
	bool file = false;

	if (x->verdict == OK) {
		file = route_takes_file(x->req.route);
		/* With a file the intake itself stops at each field's limit. */
		x->body_max = file ? BODY_DRAIN_MAX : BODY_MAX;
		intake_init(&x->intake, x->req.route->fields, &x->arena, &x->file);
		x->post = MHD_create_post_processor(x->connection, file ? FILE_PIECE : TEXT_PIECE,
		                                    add_posted, x);
		if (x->post == NULL)
			x->verdict = INVALID;
		else if (len > (int64_t)x->body_max)
			x->verdict = TOO_LARGE;
	}
	atomic_store_explicit(&x->line->until_ms,
	                      clock_ms() + (file ? options->upload_ms : options->body_ms),
	                      memory_order_relaxed);
}

/* Length of the body: 0 none, -1 not said beforehand (chunked). */
static int64_t
body_length(struct exchange *x)
{
	struct str length = exchange_header(x, "Content-Length");
	int64_t len = 0;

	if (exchange_header(x, "Transfer-Encoding").len > 0)
		return -1;
	return length.len > 0 && str_to_int(length, &len) == OK ? len : 0;
}

bool
exchange_begin(struct exchange *x, const char *method, const char *url)
{
	int64_t len = body_length(x);

	if (len == 0)
		return false;
	exchange_look(x, method, url);
	/* Others use the reader while the body comes in, and the cache may let go of its pages. */
	exchange_end_read(x);
	x->ready = NULL;
	if (x->verdict == OK && x->req.route->method == METHOD_GET)
		x->verdict = INVALID;
	if (len > BODY_DRAIN_MAX)
		x->verdict = TOO_LARGE;
	else
		open_body(x, len);
	return len > BODY_DRAIN_MAX;
}

bool
exchange_body(struct exchange *x, const char *data, size_t len)
{
	x->body_len += len;
	if (x->body_len > BODY_DRAIN_MAX)
		return false;
	if (x->verdict == OK && x->body_len > x->body_max && x->post != NULL)
		x->verdict = TOO_LARGE;
	if (x->verdict == OK && x->post != NULL && MHD_post_process(x->post, data, len) != MHD_YES)
		x->verdict = INVALID;
	return true;
}

/* ---- the deed --------------------------------------------------------------------------- */

static bool
form_is_ours(struct exchange *x)
{
	const uint8_t *key = desk_key(x->worker->server->options.desk);
	struct str sent = { x->intake.csrf.ptr, x->intake.csrf.len };
	struct csrf_token token;

	if (x->req.act.who.id.value != 0) {
		token = csrf_token(key, COOKIE_SESSION, x->session);
		if (csrf_matches(&token, sent))
			return true;
	}
	if (x->form_cookie.len == 0)
		return false;
	token = csrf_token(key, COOKIE_FORM, x->form_cookie);
	return csrf_matches(&token, sent);
}

/* Fills the form. Anything but OK: the verdict; or OK with req->refusal. */
static enum status
take_form(struct exchange *x)
{
	struct request *req = &x->req;
	enum MHD_Result complete = MHD_YES;
	bool proven;
	enum status st;

	if (x->post != NULL) /* hands over the last value */
		complete = MHD_destroy_post_processor(x->post);
	else
		intake_init(&x->intake, req->route->fields, &x->arena, &x->file);
	x->post = NULL;
	if (complete != MHD_YES)
		return INVALID;
	if (is_foreign(x, &proven))
		return FORBIDDEN;
	st = intake_finish(&x->intake, &req->form, &req->refusal);
	if (st == NO_MEMORY)
		return st;
	if (!form_is_ours(x)) {
		if (!proven)
			return FORBIDDEN;
		req->refusal = (struct refusal){ .status = FORBIDDEN, .message.text = MSG(
			"This form was open for long, or you signed in or out meanwhile. Look it over "
			"and send it again.") };
	}
	return OK;
}

static enum status
run_deed(struct db *db, void *context)
{
	struct exchange *x = context;
	struct request *req = &x->req;
	enum status st;

	/* As the first time, should it be run again. */
	req->act = x->before;
	req->act.db = db;
	req->refusal = (struct refusal){ .status = OK };
	req->result = NULL;
	log_request(str_of(x->id));
	st = req->route->deed(&req->act, req, &req->refusal);
	log_request(STR(""));
	return st;
}

static void
deed_done(void *context, enum status st)
{
	struct exchange *x = context;

	x->deed_status = st;
	MHD_resume_connection(x->connection);
}

/* False: the server is about to end. */
static bool
begin_deed(struct exchange *x)
{
	/* In this order: server_stop says so first and counts then. */
	atomic_fetch_add(&x->worker->deeds, 1);
	if (atomic_load(&x->worker->server->stopping)) {
		atomic_fetch_sub(&x->worker->deeds, 1);
		return false;
	}
	x->before = x->req.act;
	x->deed = (struct deed){ .place = x->req.act.place.id, .run = run_deed, .done = deed_done,
		                 .context = x };
	x->stage = STAGE_DEED;
	MHD_suspend_connection(x->connection);
	desk_submit(exchange_desk(x), x->home, &x->deed);
	return true;
}

/* The place moved house between form and deed: once more, where it is now. */
static bool
follow_place(struct exchange *x)
{
	if (x->deed_status != ELSEWHERE || x->followed || !exchange_has_moved(x))
		return false;
	x->followed = true;
	MHD_suspend_connection(x->connection);
	desk_submit(exchange_desk(x), x->home, &x->deed);
	return true;
}

/* What a deed's status means for the page. */
static void
take_outcome(struct exchange *x)
{
	struct refusal *refusal = &x->req.refusal;

	atomic_fetch_sub(&x->worker->deeds, 1);
	x->req.act.db = exchange_db(x);
	if (x->deed_status == ELSEWHERE)
		x->deed_status = UNAVAILABLE;
	if (x->deed_status == OK) {
		*refusal = (struct refusal){ .status = OK };
		if (desk_has_replica(exchange_desk(x), x->home))
			page_set_wrote(&x->req);
	} else if (x->deed_status == UNKNOWN && x->req.route->fields[0].kind != FIELD_NONE) {
		*refusal = (struct refusal){ .status = UNKNOWN, .message.text = MSG(
			"The connection broke while this was being saved, and we could not find out whether "
			"it was. What you typed is below. Send it again as it is: nothing is done twice.") };
	} else if (x->deed_status == UNAVAILABLE && x->req.route->fields[0].kind != FIELD_NONE) {
		*refusal = (struct refusal){ .status = UNAVAILABLE, .message.text = MSG(
			"We could not save this just now. Nothing is lost: what you typed is below. Try "
			"again in a minute.") };
	} else if (refusal->message.text != NULL && x->deed_status != UNAVAILABLE &&
	           x->deed_status != UNKNOWN) {
		refusal->status = x->deed_status;
	} else {
		x->verdict = x->deed_status;
	}
}

/* ---- the page --------------------------------------------------------------------------- */

static void
show_page(struct exchange *x)
{
	enum status st = OK;

	if (x->req.route->method == METHOD_POST) {
		st = exchange_open_reader(x);
		x->req.act.db = exchange_db(x);
		if (st == OK)
			st = exchange_begin_read(x);
	}
	if (st == OK) {
		log_request(str_of(x->id));
		x->req.route->page(&x->req);
		log_request(STR(""));
		if (buf_status(&x->response.out) != OK)
			st = NO_MEMORY;
		else if (x->response.answer == ANSWER_NONE)
			st = FAILED;
		/* Never as if it had been saved. */
		else if (x->response.answer == ANSWER_GO && (x->req.refusal.status == UNAVAILABLE ||
		                                             x->req.refusal.status == UNKNOWN))
			st = x->req.refusal.status;
	}
	if (st != OK)
		error_answer(x, st);
}

enum MHD_Result
exchange_finish(struct exchange *x)
{
	if (x->ready != NULL) {
		x->stage = STAGE_DONE;
		return MHD_queue_response(x->connection, MHD_HTTP_OK, x->ready);
	}
	if (x->stage == STAGE_DEED) {
		if (follow_place(x))
			return MHD_YES;
		take_outcome(x);
	} else if (x->verdict == OK && x->req.route->method == METHOD_POST) {
		x->verdict = take_form(x);
		if (x->verdict == OK && x->req.refusal.status == OK && x->req.route->deed != NULL) {
			if (begin_deed(x))
				return MHD_YES;
			x->verdict = UNAVAILABLE;
		}
	}
	x->stage = STAGE_DONE;
	if (x->verdict == OK)
		show_page(x);
	else
		error_answer(x, x->verdict);
	exchange_end_read(x);
	return response_send(x);
}
