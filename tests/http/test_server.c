/* The server with routes of the test's own: what it does for every page, whatever the page. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "acts/session.h"
#include "http/http.h"
#include "store/person.sql.h"
#include "store/place.sql.h"
#include "store/scratch.h"
#include "test.h"
#include "web/html.h"
#include "web/server.h"

static const struct place_id vale = { 7 }, hill = { 8 };
static const struct person_id ann = { 21 }, sue = { 22 }, bob = { 31 };
static atomic_int renders;

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

	renders++;
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

struct stage {
	struct scratch scratch;
	struct desk *desk;
	struct server *server;
	struct http c;
};

static enum status
add_people(struct db *db, void *context)
{
	struct instant now = { 1 };

	(void)context;
	if (place_slug_insert(db, STR("vale"), vale) != OK ||
	    place_insert(db, vale, STR("vale"), STR("Alder Vale"), STR("p"), STR("en"), STR("GBP"),
	                 STR("Europe/London"), NULL, NULL, STR("r"), STR("{}"), false, now) != OK ||
	    place_slug_insert(db, STR("hill"), hill) != OK ||
	    place_insert(db, hill, STR("hill"), STR("Hill"), STR("p"), STR("en"), STR("GBP"),
	                 STR("Europe/London"), NULL, NULL, STR("r"), STR("{}"), false, now) != OK ||
	    person_insert(db, vale, ann, STR("Ann"), NULL, now) != OK ||
	    person_insert(db, vale, sue, STR("Sue"), NULL, now) != OK ||
	    role_insert(db, vale, sue, STR("steward"), now) != OK)
		return FAILED;
	return person_insert(db, hill, bob, STR("Bob"), NULL, now);
}

static void
stage_open_with(struct stage *s, void (*change)(struct server_options *options))
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

static void
stage_open(struct stage *s)
{
	stage_open_with(s, NULL);
}

/* Another process, as far as the server can tell. */
static void
stage_beside(const struct stage *s, struct beside *other)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof path, "%.200s/folkmoot.db", s->scratch.folder);
	beside_open(other, s->scratch.server ? s->scratch.path : path);
}

static void
stage_close(struct stage *s)
{
	http_close(&s->c);
	server_stop(s->server);
	desk_close(s->desk);
	scratch_release(&s->scratch);
}

static void
sign_in(struct http *c, const char *place, struct person_id who)
{
	char path[64], body[64];

	(void)snprintf(path, sizeof path, "/%s/form", place);
	(void)http_get(c, path);
	(void)snprintf(path, sizeof path, "/%s/in", place);
	(void)snprintf(body, sizeof body, "person=%lld", (long long)who.value);
	CHECK_INT(http_post(c, path, body)->status, 303);
}

/* ---- cases ---- */

static void
test_paths(void)
{
	static const struct { const char *path; int status; } cases[] = {
		{ "/vale/areas", 200 }, { "/vale/areas/", 200 }, { "/vale/are%61s", 200 },
		{ "/vale/areas?x=y", 200 },
		{ "/vale/are%2561s", 404 }, /* decoded once */
		{ "/nowhere/areas", 404 }, { "/vale/nothing", 404 }, { "/", 404 }, { "/VALE/areas", 404 },
		{ "/vale/../vale/areas", 400 }, { "/vale/%2e%2e/vale/areas", 400 }, { "/vale//areas", 400 },
		{ "/vale/a%00reas", 400 }, { "/vale/%ff", 400 }, { "/vale/%zz", 400 }, { "/vale/%0a", 400 },
		{ "/vale/a\\b", 400 },
		{ "/vale/things/0000000000001/x", 200 }, { "/vale/things/1/x", 404 },
		{ "/a/b/c/d/e/f/g/h/i/j", 404 },
	};
	struct stage s;
	char path[2100] = "/vale/";

	stage_open(&s);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int status = http_get(&s.c, cases[i].path)->status;

		if (status != cases[i].status)
			printf("# %s\n", cases[i].path);
		CHECK_INT(status, cases[i].status);
	}
	memset(path + 6, 'a', 2000);
	CHECK_INT(http_get(&s.c, path)->status, 413);
	CHECK(reply_has(http_get(&s.c, "/vale/things/0000000000001/h%C3%A9llo"), "part héllo"));
	stage_close(&s);
}

static void
test_methods(void)
{
	struct stage s;
	struct reply *r;

	stage_open(&s);
	r = http_get(&s.c, "/vale/in");
	CHECK_INT(r->status, 405);
	CHECK_STR(reply_header(r, "Allow"), "POST");
	r = http_post_plain(&s.c, "/vale/areas", "a=b");
	CHECK_INT(r->status, 405);
	CHECK_STR(reply_header(r, "Allow"), "GET, HEAD");
	CHECK(!r->closed);
	CHECK_INT(http_request(&s.c, "DELETE", "/vale/areas", NULL, STR(""))->status, 405);
	CHECK_INT(http_request(&s.c, "OPTIONS", "/vale/none", NULL, STR(""))->status, 404);
	r = http_head(&s.c, "/vale/areas");
	CHECK_INT(r->status, 200);
	CHECK(!str_is(reply_header(r, "Content-Length"), "0"));
	CHECK_INT(r->body.len, 0);
	r = http_get(&s.c, "/vale/areas"); /* the same connection still talks in order */
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "areas=0"));
	CHECK_INT(http_request(&s.c, "GET", "/vale/areas", "text/plain", STR("body"))->status, 400);
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	stage_close(&s);
}

static void
test_headers(void)
{
	struct stage s;
	struct reply *r;

	stage_open(&s);
	r = http_get(&s.c, "/vale/areas");
	CHECK_STR(reply_header(r, "Content-Type"), "text/html; charset=utf-8");
	CHECK_STR(reply_header(r, "Content-Security-Policy"),
	          "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
	          "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
	          "frame-ancestors 'none'");
	CHECK_STR(reply_header(r, "X-Content-Type-Options"), "nosniff");
	CHECK_STR(reply_header(r, "Referrer-Policy"), "same-origin");
	CHECK_STR(reply_header(r, "Cross-Origin-Opener-Policy"), "same-origin");
	CHECK_STR(reply_header(r, "Cache-Control"), "no-cache");
	CHECK_STR(reply_header(r, "Set-Cookie"), "");
	r = http_get(&s.c, "/vale/download");
	CHECK_STR(reply_header(r, "Content-Security-Policy"), "default-src 'none'; sandbox");
	CHECK_STR(reply_header(r, "Content-Disposition"),
	          "attachment; filename=\"r___sult_.pdf\"; filename*=UTF-8''r%C3%A9%22sult%0A.pdf");
	r = http_get(&s.c, "/healthz");
	CHECK_INT(r->status, 200);
	CHECK_STR(r->body, "well\n");
	sign_in(&s.c, "vale", ann);
	r = http_get(&s.c, "/vale/areas");
	CHECK_STR(reply_header(r, "Cache-Control"), "no-store");
	CHECK(reply_has(r, "who=Ann"));
	stage_close(&s);
}

static void
test_form_kept_and_saved(void)
{
	struct stage s;
	struct reply *r;

	stage_open(&s);
	(void)http_get(&s.c, "/vale/form");
	r = http_post(&s.c, "/vale/form", "title=&body=two+words%0D%0Aand+%26+more&evil=1");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "field=title why=Give it a title."));
	CHECK(reply_has(r, "body=two words\nand &amp; more"));
	r = http_post(&s.c, "/vale/form", "title=more+than+twenty+letters&body=kept");
	CHECK_INT(r->status, 413);
	CHECK(reply_has(r, "field=title why=This is too long. It may have at most 20 characters."));
	CHECK(reply_has(r, "title=more than twenty letters body=kept"));
	r = http_post(&s.c, "/vale/form", "title=bad%ff&body=kept");
	CHECK_INT(r->status, 400);
	CHECK(reply_has(r, "field=title") && reply_has(r, "title= body=kept"));
	r = http_post(&s.c, "/vale/form", "title=nul%00byte&body=kept");
	CHECK_INT(r->status, 400);
	r = http_post(&s.c, "/vale/form", "title=a&pick=1&pick=2&pick=3&pick=4");
	CHECK_INT(r->status, 413);
	CHECK(reply_has(r, "field=pick why=Too many are chosen. Choose at most 3."));
	r = http_post(&s.c, "/vale/form", "title=saved&pick=1&pick=2");
	CHECK_INT(r->status, 303);
	CHECK_STR(reply_header(r, "Location"), "/vale/areas");
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=1"));
	r = http_post(&s.c, "/vale/form", "title=saved"); /* the same key again */
	CHECK_INT(r->status, 409);
	CHECK_INT(http_post(&s.c, "/vale/form", "title=broken")->status, 500);
	r = http_post(&s.c, "/vale/form", "title=full+disk&body=kept");
	CHECK_INT(r->status, 503);
	CHECK(reply_has(r, "We could not save this just now.") && reply_has(r, "body=kept"));
	stage_close(&s);
}

static void
test_csrf(void)
{
	struct stage s;
	struct http other;
	struct reply *r;
	char own[80];

	stage_open(&s);
	CHECK_INT(http_post_plain(&s.c, "/vale/form", "title=a")->status, 403);
	r = http_get(&s.c, "/vale/form");
	CHECK(http_cookie(&s.c, "fm_vale_form") != NULL);
	CHECK(str_find(reply_header(r, "Set-Cookie"), STR("; HttpOnly; SameSite=Lax")) <
	      reply_header(r, "Set-Cookie").len);
	CHECK(str_find(reply_header(r, "Set-Cookie"), STR("Path=/vale;")) <
	      reply_header(r, "Set-Cookie").len);
	CHECK_INT(http_post_plain(&s.c, "/vale/form", "title=a")->status, 403);
	CHECK_INT(http_post_plain(&s.c, "/vale/form", "title=a&csrf=00")->status, 403);
	/* Somebody else's token, and one's own without the cookie. */
	http_init(&other, s.c.port);
	(void)http_get(&other, "/vale/form");
	memcpy(own, s.c.csrf, sizeof own);
	memcpy(s.c.csrf, other.csrf, sizeof own);
	CHECK(strcmp(own, other.csrf) != 0);
	CHECK_INT(http_post(&s.c, "/vale/form", "title=a")->status, 403);
	http_close(&other);
	memcpy(other.csrf, own, sizeof own);
	CHECK_INT(http_post(&other, "/vale/form", "title=a")->status, 403);
	memcpy(s.c.csrf, own, sizeof own);
	/* Another site's form, though the token were known. */
	s.c.headers = "Sec-Fetch-Site: cross-site\r\n";
	CHECK_INT(http_post(&s.c, "/vale/form", "title=a")->status, 403);
	s.c.headers = "Origin: http://evil.example\r\n";
	CHECK_INT(http_post(&s.c, "/vale/form", "title=a")->status, 403);
	s.c.headers = "Origin: null\r\n";
	CHECK_INT(http_post(&s.c, "/vale/form", "title=a")->status, 403);
	s.c.headers = "Sec-Fetch-Site: same-origin\r\n";
	CHECK_INT(http_post(&s.c, "/vale/form", "title=a")->status, 303);
	/* Ours by the browser's word, but an old token: the form again, with what was typed. */
	memset(s.c.csrf, 'f', 32);
	r = http_post(&s.c, "/vale/form", "title=kept");
	CHECK_INT(r->status, 403);
	CHECK(reply_has(r, "title=kept") && reply_has(r, "send it again"));
	CHECK_INT(http_post(&s.c, "/vale/form", "title=kept")->status, 303);
	http_close(&other);
	stage_close(&s);
}

static void
test_rights(void)
{
	struct stage s;
	struct reply *r;

	stage_open(&s);
	r = http_get(&s.c, "/vale/member");
	CHECK_INT(r->status, 303);
	CHECK_STR(reply_header(r, "Location"), "/vale/join?next=/vale/member");
	r = http_post_plain(&s.c, "/vale/member/vote", "a=b");
	CHECK_STR(reply_header(r, "Location"), "/vale/join?next=/vale/member");
	r = http_get(&s.c, "/vale/queue");
	CHECK_INT(r->status, 403);
	CHECK(reply_has(r, "/vale/join?next=/vale/queue"));
	sign_in(&s.c, "vale", ann);
	CHECK_INT(http_get(&s.c, "/vale/member")->status, 200);
	CHECK_INT(http_get(&s.c, "/vale/queue")->status, 403);
	http_close(&s.c);
	sign_in(&s.c, "vale", sue);
	CHECK_INT(http_get(&s.c, "/vale/queue")->status, 200);
	stage_close(&s);
}

/* A session of one place is nothing in another, though the browser were made to send it. */
static void
test_places_apart(void)
{
	struct stage s;
	char cookie[300];
	struct reply *r;

	stage_open(&s);
	sign_in(&s.c, "vale", sue);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "who=Sue"));
	CHECK(reply_has(http_get(&s.c, "/hill/areas"), "who= place=Hill"));
	(void)snprintf(cookie, sizeof cookie, "Cookie: fm_hill=%s; fm_vale=%s\r\n",
	               http_cookie(&s.c, "fm_vale"), http_cookie(&s.c, "fm_vale"));
	http_close(&s.c);
	s.c.headers = cookie;
	r = http_get(&s.c, "/hill/areas");
	CHECK(reply_has(r, "who= place=Hill"));
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "who=Sue"));
	stage_close(&s);
}

static enum status
add_area(struct db *db, void *context)
{
	return area_insert(db, vale, str_of(context), STR("x"), 1);
}

static void
test_cache(void)
{
	struct stage s;
	struct beside other;
	char path[300];
	int before;

	stage_open(&s);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=0"));
	before = renders;
	for (int i = 0; i < 5; i++)
		CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=0"));
	CHECK(reply_has(http_get(&s.c, "/vale/areas?utm=x"), "areas=0"));
	CHECK(renders <= before + 1);
	/* Our own write, and another process's: of that PostgreSQL is asked twice a second. */
	CHECK_INT(desk_run(s.desk, add_area, (void *)(uintptr_t)"one"), OK);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=1"));
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=1"));
	stage_beside(&s, &other);
	beside_run(&other, "INSERT INTO area (place_id, area, name, position) VALUES (7, 'two', 'x', 2)");
	beside_close(&other);
	if (s.scratch.server)
		(void)usleep(600000);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=2"));
	/* By language, and never with somebody's name. */
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "lang=en-GB") ||
	      reply_has(http_get(&s.c, "/vale/areas"), "lang=en"));
	s.c.headers = "Accept-Language: ar-XB\r\n";
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "lang=ar-XB"));
	s.c.headers = NULL;
	sign_in(&s.c, "vale", ann);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "who=Ann"));
	http_close(&s.c);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "who= "));
	/* Of a query only what is declared, and that tells pages apart. */
	CHECK(reply_has(http_get(&s.c, "/vale/search?q=a"), "q=[a]"));
	CHECK(reply_has(http_get(&s.c, "/vale/search?q=b&x=1"), "q=[b]"));
	CHECK(reply_has(http_get(&s.c, "/vale/search?q=a"), "q=[a]"));
	/* A page with a form is one's own. */
	(void)http_get(&s.c, "/vale/form");
	memcpy(path, s.c.csrf, sizeof s.c.csrf);
	http_close(&s.c);
	(void)http_get(&s.c, "/vale/form");
	CHECK(strcmp(path, s.c.csrf) != 0);
	stage_close(&s);
}

static void
test_query(void)
{
	struct stage s;
	struct reply *r;

	stage_open(&s);
	CHECK(reply_has(http_get(&s.c, "/vale/search?q=a%26b+c%2b"), "q=[a&b c+]"));
	CHECK(reply_has(http_get(&s.c, "/vale/search"), "q=[]"));
	r = http_get(&s.c, "/vale/search?q=12345678901");
	CHECK_INT(r->status, 413);
	CHECK(reply_has(r, "field=q"));
	CHECK_INT(http_get(&s.c, "/vale/search?q=%ff")->status, 400);
	CHECK_INT(http_get(&s.c, "/vale/search?q=%e2%80%ae")->status, 400);
	stage_close(&s);
}

static void
test_bodies(void)
{
	enum { MIB = 1 << 20 };
	static const char *const memo[] = { "memo=for wood", "other=dropped", NULL };
	struct stage s;
	struct reply *r;
	char *big = malloc(3 * MIB + 1);

	stage_open(&s);
	CHECK(big != NULL);
	memset(big, 'a', 3 * MIB);
	big[3 * MIB] = '\0';
	(void)http_get(&s.c, "/vale/form");
	r = http_post(&s.c, "/vale/form", big);
	CHECK_INT(r->status, 413);
	CHECK(!r->closed); /* it was read to the end */
	memcpy(big, "body=", 5);
	big[MIB - 100] = '\0';
	r = http_post(&s.c, "/vale/form", big);
	CHECK_INT(r->status, 413);
	CHECK(reply_has(r, "field=body"));
	big[MIB - 100] = 'a';
	r = http_post_file(&s.c, "/vale/file", memo, "receipt", "my bill.pdf",
	                   (struct str){ big, 2 * MIB });
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "bytes=2097152 name=my bill.pdf memo=for wood field= first=98"));
	r = http_post_file(&s.c, "/vale/file", memo, "receipt", "b", (struct str){ big, 2 * MIB + 1 });
	CHECK_INT(r->status, 413);
	CHECK(reply_has(r, "bytes=0") && reply_has(r, "memo=for wood field=receipt"));
	r = http_post_file(&s.c, "/vale/file", memo, "receipt", "n", STR("\0\xff\r\n--Xy\0"));
	CHECK(reply_has(r, "bytes=9 name=n memo=for wood field= first=0"));
	r = http_post_file(&s.c, "/vale/file", memo, "receipt", "", STR(""));
	CHECK(reply_has(r, "bytes=0 name= memo=for wood field= first=-1"));
	CHECK_INT(http_request(&s.c, "POST", "/vale/form", "application/json", STR("{}"))->status, 400);
	CHECK_INT(http_request(&s.c, "POST", "/vale/form", "multipart/form-data; boundary=q",
	                       STR("--q\r\nContent-Dispo"))->status, 400);
	/* More than anybody should send is not read at all. */
	r = http_raw(&s.c, STR("POST /vale/form HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n"
	                       "Content-Type: application/x-www-form-urlencoded\r\n\r\n"));
	CHECK_INT(r->status, 413);
	CHECK(r->closed);
	free(big);
	stage_close(&s);
}

/* What browsers seldom send and proxies do. */
static void
test_ways_to_send(void)
{
	struct stage s;
	struct reply *r;
	char head[400], text[800];

	stage_open(&s);
	(void)http_get(&s.c, "/vale/form");
	(void)snprintf(head, sizeof head, "POST /vale/form HTTP/1.1\r\nHost: a\r\nCookie: fm_vale_form=%s\r\n"
	               "Content-Type: application/x-www-form-urlencoded\r\n",
	               http_cookie(&s.c, "fm_vale_form"));
	(void)snprintf(text, sizeof text, "%sTransfer-Encoding: chunked\r\n\r\n25\r\ncsrf=%s\r\n"
	               "6\r\n&title\r\n2\r\n=c\r\n0\r\n\r\n", head, s.c.csrf);
	r = http_raw(&s.c, str_of(text));
	CHECK_INT(r->status, 303);
	(void)snprintf(text, sizeof text, "%sExpect: 100-continue\r\nContent-Length: 45\r\n\r\n", head);
	http_write(&s.c, str_of(text));
	(void)nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	(void)snprintf(text, sizeof text, "csrf=%s&title=d", s.c.csrf);
	CHECK_INT(strlen(text), 45);
	r = http_raw(&s.c, str_of(text));
	CHECK_INT(r->status, 303);
	r = http_get(&s.c, "/vale/areas");
	CHECK(reply_has(r, "areas=2"));
	/* Chunks that never come to more than anybody should send. */
	http_disconnect(&s.c);
	(void)snprintf(text, sizeof text, "%sTransfer-Encoding: chunked\r\n\r\nzz\r\n", head);
	r = http_raw(&s.c, str_of(text));
	CHECK(r->status == 0 || r->status == 400);
	/* Two requests at once, answered one after the other. */
	http_disconnect(&s.c);
	http_write(&s.c, STR("GET /vale/search?q=one HTTP/1.1\r\nHost: a\r\n\r\n"
	                     "HEAD /vale/search?q=two HTTP/1.1\r\nHost: a\r\n\r\n"));
	(void)nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
	r = http_read(&s.c, false);
	CHECK(reply_has(r, "q=[one]") && reply_has(r, "HTTP/1.1 200 OK"));
	http_disconnect(&s.c);
	CHECK_INT(http_raw(&s.c, STR("GET /vale/areas HTTP/1.1\r\n\r\n"))->status, 400); /* no Host */
	stage_close(&s);
}

static void
behind_tls(struct server_options *options)
{
	options->origin = STR("https://vale.example");
}

/* Where the operator says https, no cookie goes without, whatever the proxy says. */
static void
test_secure_cookies(void)
{
	struct stage s;

	stage_open_with(&s, behind_tls);
	CHECK(str_ends(reply_header(http_get(&s.c, "/vale/form"), "Set-Cookie"), STR("; Secure")));
	stage_close(&s);
	stage_open(&s);
	CHECK(!str_ends(reply_header(http_get(&s.c, "/vale/form"), "Set-Cookie"), STR("; Secure")));
	stage_close(&s);
}

static void
test_many_parts(void)
{
	struct stage s;
	char body[8000] = "title=a";
	struct reply *r;

	stage_open(&s);
	(void)http_get(&s.c, "/vale/form");
	for (int i = 0; i < 1000; i++)
		(void)snprintf(body + strlen(body), 16, "&x%d=1", i);
	r = http_post(&s.c, "/vale/form", body);
	CHECK_INT(r->status, 413);
	CHECK(reply_has(r, "more parts than it should"));
	stage_close(&s);
}

static void
test_rate_of_route(void)
{
	struct stage s;

	stage_open(&s);
	for (int i = 0; i < 15; i++)
		CHECK_INT(http_get(&s.c, "/vale/few")->status, 200);
	CHECK_INT(http_get(&s.c, "/vale/few")->status, 429);
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	http_close(&s.c);
	s.c.from = "127.0.0.9";
	CHECK_INT(http_get(&s.c, "/vale/few")->status, 200);
	stage_close(&s);
}

static void
few(struct server_options *options)
{
	options->rate = (struct limit_rate){ .burst = 5, .per_minute = 1 };
	options->connections_by_address = 2;
	CHECK_INT(address_parse(STR("127.0.0.7"), &options->trusted[0]), OK);
	options->trusted_len = 1;
}

static void
test_rate_and_proxies(void)
{
	struct stage s;
	struct http more[2];
	struct reply *r;

	stage_open_with(&s, few);
	for (int i = 0; i < 8; i++) /* this machine itself is not counted */
		CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	http_close(&s.c);
	s.c.from = "127.0.0.2";
	for (int i = 0; i < 5; i++)
		CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	r = http_get(&s.c, "/vale/areas");
	CHECK_INT(r->status, 429);
	CHECK_STR(reply_header(r, "Retry-After"), "60");
	/* An address's word about others counts only from a trusted proxy. */
	s.c.headers = "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Proto: https\r\n";
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 429);
	for (int i = 0; i < 2; i++) {
		http_init(&more[i], s.c.port);
		more[i].from = "127.0.0.2";
	}
	CHECK_INT(http_get(&more[0], "/vale/areas")->status, 429);
	CHECK_INT(http_get(&more[1], "/vale/areas")->status, 0); /* the third connection */
	http_close(&more[0]);
	http_close(&more[1]);
	http_disconnect(&s.c);
	s.c.from = "127.0.0.7";
	r = http_get(&s.c, "/vale/form");
	CHECK_INT(r->status, 200);
	CHECK(str_ends(reply_header(r, "Set-Cookie"), STR("; Secure")));
	for (int i = 0; i < 4; i++)
		CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 429);
	s.c.headers = "X-Forwarded-For: 203.0.113.9, 198.51.100.2, 127.0.0.7\r\n";
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	stage_close(&s);
}

static void
hasty(struct server_options *options)
{
	options->header_ms = 600;
	options->body_ms = 1200;
	options->upload_ms = 2400;
	options->idle_ms = 1800;
}

static void
drip(struct http *c, const char *text)
{
	struct timespec pause = { .tv_nsec = 50000000 };

	for (int i = 0; i < 8; i++) {
		http_write(c, str_of(text));
		(void)nanosleep(&pause, NULL);
	}
}

static void
test_slow_clients(void)
{
	struct stage s;
	int ms;

	stage_open_with(&s, hasty);
	http_write(&s.c, STR("GET /vale/areas HTTP/1.1\r\nHost: a\r\n"));
	drip(&s.c, "X: y\r\n");
	ms = http_wait_closed(&s.c, 5000);
	CHECK(ms >= 0 && ms < 1500);
	http_write(&s.c, STR("POST /vale/form HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n"
	                     "Content-Type: application/x-www-form-urlencoded\r\n\r\n"));
	drip(&s.c, "a=b&");
	ms = http_wait_closed(&s.c, 5000);
	CHECK(ms >= 300 && ms < 2000);
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	ms = http_wait_closed(&s.c, 5000); /* kept alive for a while, not for ever */
	CHECK(ms >= 1000 && ms < 3000);
	/* A second request that drips gets no longer than the first. */
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	http_write(&s.c, STR("GET /vale/areas HTTP/1.1\r\n"));
	drip(&s.c, "X: y\r\n");
	ms = http_wait_closed(&s.c, 5000);
	CHECK(ms >= 0 && ms < 1500);
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	stage_close(&s);
}

static long
size_of(const struct stage *s, const char *name)
{
	char path[300];
	struct stat info;

	(void)snprintf(path, sizeof path, "%.200s/%s", s->scratch.folder, name);
	return stat(path, &info) == 0 ? (long)info.st_size : 0;
}

/* A disk that is full: a file limit stands for it, as both make writes fail. */
static void
test_full_disk(void)
{
	struct rlimit limit, before;
	struct stage s;
	struct reply *r;
	char body[300], want[32];
	int saved = 0;

	stage_open(&s);
	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = (rlim_t)(size_of(&s, "folkmoot.db") + size_of(&s, "folkmoot.db-wal")) + 100000;
	(void)http_get(&s.c, "/vale/form");
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 2000; i++) {
		(void)snprintf(body, sizeof body, "title=t%d&body=%0150d", i, i);
		r = http_post(&s.c, "/vale/form", body);
		if (r->status != 303)
			break;
		saved++;
	}
	CHECK_INT(r->status, 503);
	CHECK(reply_has(r, "We could not save this just now.") && reply_has(r, "body=000"));
	CHECK(saved > 0);
	(void)snprintf(want, sizeof want, "areas=%d ", saved);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), want)); /* reading goes on */
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
	CHECK_INT(http_post(&s.c, "/vale/form", "title=room+again")->status, 303);
	(void)snprintf(want, sizeof want, "areas=%d ", saved + 1);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), want));
	stage_close(&s);
}

/* Another process that writes for long: said after a while, and the form is kept. */
static void
test_locked(void)
{
	struct stage s;
	struct beside other;
	struct reply *r;

	stage_open(&s);
	(void)http_get(&s.c, "/vale/form");
	stage_beside(&s, &other);
	beside_run(&other, s.scratch.server ? "BEGIN; LOCK TABLE area IN EXCLUSIVE MODE" : "BEGIN IMMEDIATE");
	r = http_post(&s.c, "/vale/form", "title=a&body=kept");
	CHECK_INT(r->status, 503);
	CHECK(reply_has(r, "body=kept"));
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	beside_run(&other, "ROLLBACK");
	beside_close(&other);
	CHECK_INT(http_post(&s.c, "/vale/form", "title=a&body=kept")->status, 303);
	stage_close(&s);
}

enum { CROWD = 8, EACH = 25 };

struct visitor {
	pthread_t thread;
	int port, number, saved;
};

static void *
visit(void *context)
{
	struct visitor *v = context;
	struct http c;
	char body[64];

	http_init(&c, v->port);
	(void)http_get(&c, "/vale/form");
	for (int i = 0; i < EACH; i++) {
		(void)snprintf(body, sizeof body, "title=v%d-%d", v->number, i);
		v->saved += http_post(&c, "/vale/form", body)->status == 303;
		if (http_get(&c, "/vale/areas")->status != 200)
			v->saved = -1000;
	}
	http_close(&c);
	return NULL;
}

static void
test_crowd(void)
{
	struct stage s;
	struct visitor crowd[CROWD];
	char want[32];

	stage_open(&s);
	for (int i = 0; i < CROWD; i++) {
		crowd[i] = (struct visitor){ .port = s.c.port, .number = i };
		CHECK_INT(pthread_create(&crowd[i].thread, NULL, visit, &crowd[i]), 0);
	}
	for (int i = 0; i < CROWD; i++) {
		(void)pthread_join(crowd[i].thread, NULL);
		CHECK_INT(crowd[i].saved, EACH);
	}
	(void)snprintf(want, sizeof want, "areas=%d", CROWD * EACH);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), want));
	stage_close(&s);
}

static enum status
wait_a_while(struct db *db, void *context)
{
	struct timespec pause = { .tv_nsec = 300000000 };

	(void)db;
	(void)context;
	(void)nanosleep(&pause, NULL);
	return OK;
}

static void
told(void *context, enum status st)
{
	(void)context;
	(void)st;
}

/* Whoever was told "saved" finds it saved; a stop waits for deeds under way. */
static void
test_stop_while_saving(void)
{
	struct stage s;
	struct deed slow = { .run = wait_a_while, .done = told };
	struct reply *r;
	char text[600];

	stage_open(&s);
	(void)http_get(&s.c, "/vale/form");
	desk_submit(s.desk, 0, &slow);
	(void)snprintf(text, sizeof text, "POST /vale/form HTTP/1.1\r\nHost: a\r\nCookie: fm_vale_form=%s\r\n"
	               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n"
	               "csrf=%s&title=last", http_cookie(&s.c, "fm_vale_form"),
	               strlen(s.c.csrf) + 16, s.c.csrf);
	http_write(&s.c, str_of(text));
	(void)nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	server_stop(s.server);
	r = http_read(&s.c, false);
	CHECK_INT(r->status, 303);
	http_close(&s.c);
	desk_close(s.desk);
	scratch_release(&s.scratch);
}

static const struct test_case cases[] = {
	{ "paths are decoded once and checked", test_paths },
	{ "methods: 405, HEAD, bodies where none belong", test_methods },
	{ "headers of pages, downloads and answers to members", test_headers },
	{ "a refused form keeps what was typed; a good one is saved", test_form_kept_and_saved },
	{ "forms of others are refused", test_csrf },
	{ "rights are looked up before anything else", test_rights },
	{ "a session is one place's", test_places_apart },
	{ "the next request after a write sees it", test_cache },
	{ "queries are decoded and checked", test_query },
	{ "bodies and files have limits", test_bodies },
	{ "chunks, 100-continue, requests at once", test_ways_to_send },
	{ "a form of a thousand parts is refused", test_many_parts },
	{ "server: cookies of a place behind TLS are for TLS only", test_secure_cookies },
	{ "a route's own rate", test_rate_of_route },
	{ "rate and connections by address; proxies", test_rate_and_proxies },
	{ "clients that drip are ended", test_slow_clients },
	{ "a locked database: 503, what was typed is kept", test_locked },
	{ "many at once: all that was confirmed is there", test_crowd },
	{ "a stop waits for deeds under way", test_stop_while_saving },
	{ "a full disk: 503, what was typed is kept, nothing confirmed is lost", test_full_disk },
};

int
main(void)
{
	/* The last is about a file's disk; a server's is in tests/pg/test_faults.c. */
	return test_run_all(cases, sizeof cases / sizeof *cases - (getenv("FOLKMOOT_TEST_DB") != NULL));
}
