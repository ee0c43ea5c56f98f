/* The server with routes of the test's own: what it does for every page, whatever the page. */
#include "http/own.h"
#include "test.h"

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
	struct own s;
	char path[2100] = "/vale/";

	own_open(&s);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int status = http_get(&s.c, cases[i].path)->status;

		if (status != cases[i].status)
			printf("# %s\n", cases[i].path);
		CHECK_INT(status, cases[i].status);
	}
	memset(path + 6, 'a', 2000);
	CHECK_INT(http_get(&s.c, path)->status, 413);
	CHECK(reply_has(http_get(&s.c, "/vale/things/0000000000001/h%C3%A9llo"), "part héllo"));
	own_close(&s);
}

static void
test_methods(void)
{
	struct own s;
	struct reply *r;

	own_open(&s);
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
	own_close(&s);
}

static void
test_headers(void)
{
	struct own s;
	struct reply *r;

	own_open(&s);
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
	own_sign_in(&s.c, "vale", own_ann);
	r = http_get(&s.c, "/vale/areas");
	CHECK_STR(reply_header(r, "Cache-Control"), "no-store");
	CHECK(reply_has(r, "who=Ann"));
	own_close(&s);
}

static void
test_form_kept_and_saved(void)
{
	struct own s;
	struct reply *r;

	own_open(&s);
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
	own_close(&s);
}

static void
test_csrf(void)
{
	struct own s;
	struct http other;
	struct reply *r;
	char own[80];

	own_open(&s);
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
	own_close(&s);
}

static void
test_rights(void)
{
	struct own s;
	struct reply *r;

	own_open(&s);
	r = http_get(&s.c, "/vale/member");
	CHECK_INT(r->status, 303);
	CHECK_STR(reply_header(r, "Location"), "/vale/join?next=/vale/member");
	r = http_post_plain(&s.c, "/vale/member/vote", "a=b");
	CHECK_STR(reply_header(r, "Location"), "/vale/join?next=/vale/member");
	r = http_get(&s.c, "/vale/queue");
	CHECK_INT(r->status, 403);
	CHECK(reply_has(r, "/vale/join?next=/vale/queue"));
	own_sign_in(&s.c, "vale", own_ann);
	CHECK_INT(http_get(&s.c, "/vale/member")->status, 200);
	CHECK_INT(http_get(&s.c, "/vale/queue")->status, 403);
	http_close(&s.c);
	own_sign_in(&s.c, "vale", own_sue);
	CHECK_INT(http_get(&s.c, "/vale/queue")->status, 200);
	own_close(&s);
}

/* A session of one place is nothing in another, though the browser were made to send it. */
static void
test_places_apart(void)
{
	struct own s;
	char cookie[300];
	struct reply *r;

	own_open(&s);
	own_sign_in(&s.c, "vale", own_sue);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "who=Sue"));
	CHECK(reply_has(http_get(&s.c, "/hill/areas"), "who= place=Hill"));
	(void)snprintf(cookie, sizeof cookie, "Cookie: fm_hill=%s; fm_vale=%s\r\n",
	               http_cookie(&s.c, "fm_vale"), http_cookie(&s.c, "fm_vale"));
	http_close(&s.c);
	s.c.headers = cookie;
	r = http_get(&s.c, "/hill/areas");
	CHECK(reply_has(r, "who= place=Hill"));
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "who=Sue"));
	own_close(&s);
}

static enum status
add_area(struct db *db, void *context)
{
	return area_insert(db, own_vale, str_of(context), STR("x"), 1);
}

static void
test_cache(void)
{
	struct own s;
	struct beside other;
	char path[300];
	int before;

	own_open(&s);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=0"));
	before = own_renders;
	for (int i = 0; i < 5; i++)
		CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=0"));
	CHECK(reply_has(http_get(&s.c, "/vale/areas?utm=x"), "areas=0"));
	CHECK(own_renders <= before + 1);
	/* Our own write, and another process's: of that PostgreSQL is asked twice a second. */
	CHECK_INT(desk_run(s.desk, add_area, (void *)(uintptr_t)"one"), OK);
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=1"));
	CHECK(reply_has(http_get(&s.c, "/vale/areas"), "areas=1"));
	own_beside(&s, &other);
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
	own_sign_in(&s.c, "vale", own_ann);
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
	own_close(&s);
}

static void
test_query(void)
{
	struct own s;
	struct reply *r;

	own_open(&s);
	CHECK(reply_has(http_get(&s.c, "/vale/search?q=a%26b+c%2b"), "q=[a&b c+]"));
	CHECK(reply_has(http_get(&s.c, "/vale/search"), "q=[]"));
	r = http_get(&s.c, "/vale/search?q=12345678901");
	CHECK_INT(r->status, 413);
	CHECK(reply_has(r, "field=q"));
	CHECK_INT(http_get(&s.c, "/vale/search?q=%ff")->status, 400);
	CHECK_INT(http_get(&s.c, "/vale/search?q=%e2%80%ae")->status, 400);
	own_close(&s);
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
	struct own s;

	own_open_with(&s, behind_tls);
	CHECK(str_ends(reply_header(http_get(&s.c, "/vale/form"), "Set-Cookie"), STR("; Secure")));
	own_close(&s);
	own_open(&s);
	CHECK(!str_ends(reply_header(http_get(&s.c, "/vale/form"), "Set-Cookie"), STR("; Secure")));
	own_close(&s);
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
	{ "server: cookies of a place behind TLS are for TLS only", test_secure_cookies },
};

int
main(void)
{
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
