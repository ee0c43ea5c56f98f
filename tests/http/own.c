#include "http/own.h"

#include "acts/session.h"
#include "store/person.sql.h"
#include "store/place.sql.h"
#include "web/html.h"

const struct place_id own_vale = { 7 };
const struct person_id own_ann = { 21 }, own_sue = { 22 };
static const struct place_id hill = { 8 };
static const struct person_id bob = { 31 };
atomic_int own_renders;

/* ---- the test's pages ---- */

static struct area_list_rows
areas(struct request *req)
{
	struct area_list_rows rows = { .len = 0 };

	if (area_list(req->act.db, req->act.arena, req->act.place.id, &rows) != OK)
		rows.len = 999;
	return rows;
}

static void
page_areas(struct request *req)
{
	struct html *h = page_open(req, "");

	own_renders++;
	buf_add_format(h->out, "areas=%zu who=%.*s place=%.*s lang=%.*s", areas(req).len,
	               STR_ARG(req->act.who.name), STR_ARG(req->act.place.name),
	               STR_ARG(locale_tag(h->format.locale)));
}

static void
page_form(struct request *req)
{
	struct html *h;

	if (req->route->method == METHOD_POST && req->refusal.status == OK) {
		page_go(req, "/areas");
		return;
	}
	h = page_open(req, "");
	html_put_csrf(h);
	if (req->route->method != METHOD_POST)
		return;
	buf_add_format(h->out, " field=%s why=", req->refusal.field);
	html_put_message(h, &req->refusal.message);
	buf_add_c(h->out, " title=");
	html_put_str(h, form_text(req, "title"));
	buf_add_c(h->out, " body=");
	html_put_str(h, form_text(req, "body"));
}

static enum status
deed_add(struct act *act, struct request *req, struct refusal *why)
{
	struct str title = form_text(req, "title");

	if (title.len == 0)
		return refuse(why, "title", "Give it a title.");
	if (str_is(title, "full disk"))
		return UNAVAILABLE;
	if (str_is(title, "broken"))
		return FAILED;
	return area_insert(act->db, act->place.id, title, form_text(req, "body"),
	                   (int64_t)form_value(req, "pick")->many_len);
}

static enum status
deed_sign_in(struct act *act, struct request *req, struct refusal *why)
{
	struct token_text *token = ARENA_NEW(act->arena, struct token_text);
	int64_t person;

	(void)why;
	if (token == NULL || str_to_int(form_text(req, "person"), &person) != OK)
		return INVALID;
	req->result = token;
	return act_session_start(act, (struct person_id){ person }, token);
}

static void
page_signed_in(struct request *req)
{
	page_set_session(req, str_of(((struct token_text *)req->result)->text));
	page_go(req, "/areas");
}

static void
page_file_sent(struct request *req)
{
	const struct form_value *file = form_value(req, "receipt");
	struct html *h = page_open(req, "");

	buf_add_format(h->out, "bytes=%zu name=%.*s memo=%.*s field=%s first=%d", file->text.len,
	               STR_ARG(file->file_name), STR_ARG(form_text(req, "memo")),
	               req->refusal.field == NULL ? "" : req->refusal.field,
	               file->text.len > 0 ? (unsigned char)file->text.ptr[0] : -1);
}

static void
page_search(struct request *req)
{
	struct html *h = page_open(req, "");

	buf_add_format(h->out, "q=[%.*s] field=%s", STR_ARG(form_text(req, "q")),
	               req->refusal.field == NULL ? "" : req->refusal.field);
}

static void
page_thing(struct request *req)
{
	buf_add_format(page_open(req, "")->out, "thing %s part %.*s", id_text(req->id[0]).text,
	               STR_ARG(req->part));
}

static void
page_download(struct request *req)
{
	page_file(req, "application/pdf", "ré\"sult\n.pdf", STR("%PDF"));
}

static const struct route routes[] = {
	{ .method = METHOD_GET, .path = "/{place}/areas", .right = RIGHT_READ, .page = page_areas },
	{ .method = METHOD_GET, .path = "/{place}/form", .right = RIGHT_READ, .page = page_form },
	{ .method = METHOD_POST, .path = "/{place}/form", .right = RIGHT_READ, .deed = deed_add,
	  .page = page_form,
	  .fields = { { "title", FIELD_LINE, 20 }, { "body", FIELD_BLOCK, 200 },
	              { "pick", FIELD_MANY, 3 } } },
	{ .method = METHOD_POST, .path = "/{place}/in", .right = RIGHT_SIGN_IN, .deed = deed_sign_in,
	  .page = page_signed_in, .fields = { { "person", FIELD_LINE, 20 } } },
	{ .method = METHOD_POST, .path = "/{place}/file", .right = RIGHT_READ, .page = page_file_sent,
	  .fields = { { "memo", FIELD_LINE, 20 }, { "receipt", FIELD_FILE, 2 << 20 } } },
	{ .method = METHOD_GET, .path = "/{place}/search", .right = RIGHT_READ, .page = page_search,
	  .fields = { { "q", FIELD_LINE, 10 } } },
	{ .method = METHOD_GET, .path = "/{place}/things/{id}/{name}", .right = RIGHT_READ,
	  .page = page_thing },
	{ .method = METHOD_GET, .path = "/{place}/member", .right = RIGHT_VOTE, .page = page_areas },
	{ .method = METHOD_POST, .path = "/{place}/member/vote", .right = RIGHT_VOTE,
	  .page = page_areas },
	{ .method = METHOD_GET, .path = "/{place}/queue", .right = RIGHT_QUEUE_SEE,
	  .page = page_areas },
	{ .method = METHOD_GET, .path = "/{place}/few", .right = RIGHT_READ, .page = page_areas,
	  .per_minute = 3 },
	{ .method = METHOD_GET, .path = "/{place}/download", .right = RIGHT_READ,
	  .page = page_download },
	{ .path = NULL },
};
static const struct route *const tables[] = { routes, routes_static, routes_watch, NULL };

/* ---- a server with two places ---- */

static enum status
add_people(struct db *db, void *context)
{
	struct instant now = { 1 };

	(void)context;
	if (place_slug_insert(db, STR("vale"), own_vale) != OK ||
	    place_insert(db, own_vale, STR("vale"), STR("Alder Vale"), STR("p"), STR("en"), STR("GBP"),
	                 STR("Europe/London"), NULL, NULL, STR("r"), STR("{}"), false, now) != OK ||
	    place_slug_insert(db, STR("hill"), hill) != OK ||
	    place_insert(db, hill, STR("hill"), STR("Hill"), STR("p"), STR("en"), STR("GBP"),
	                 STR("Europe/London"), NULL, NULL, STR("r"), STR("{}"), false, now) != OK ||
	    person_insert(db, own_vale, own_ann, STR("Ann"), NULL, now) != OK ||
	    person_insert(db, own_vale, own_sue, STR("Sue"), NULL, now) != OK ||
	    role_insert(db, own_vale, own_sue, STR("steward"), now) != OK)
		return FAILED;
	return person_insert(db, hill, bob, STR("Bob"), NULL, now);
}

void
own_open_with(struct own *s, void (*change)(struct server_options *options))
{
	struct server_options options;
	const char *why = "people";

	scratch_init(&s->scratch);
	server_options_init(&options);
	options.tables = tables;
	options.port = 0;
	options.threads = 2;
	if (change != NULL)
		change(&options);
	if (desk_open(s->scratch.folder, scratch_db(&s->scratch), &s->desk, &why) != OK ||
	    desk_run(s->desk, add_people, NULL) != OK) {
		fprintf(stderr, "desk: %s\n", why);
		exit(1);
	}
	options.desk = s->desk;
	if (server_start(&options, &s->server, &why) != OK) {
		fprintf(stderr, "server: %s\n", why);
		exit(1);
	}
	http_init(&s->c, server_port(s->server));
}

void
own_open(struct own *s)
{
	own_open_with(s, NULL);
}

void
own_beside(const struct own *s, struct beside *other)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof path, "%.200s/folkmoot.db", s->scratch.folder);
	beside_open(other, s->scratch.server ? s->scratch.path : path);
}

void
own_close(struct own *s)
{
	http_close(&s->c);
	server_stop(s->server);
	desk_close(s->desk);
	scratch_release(&s->scratch);
}

void
own_sign_in(struct http *c, const char *place, struct person_id who)
{
	char path[64], body[64];

	(void)snprintf(path, sizeof path, "/%s/form", place);
	(void)http_get(c, path);
	(void)snprintf(path, sizeof path, "/%s/in", place);
	(void)snprintf(body, sizeof body, "person=%lld", (long long)who.value);
	if (http_post(c, path, body)->status != 303) {
		fprintf(stderr, "signing in\n");
		exit(1);
	}
}
