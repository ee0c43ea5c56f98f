/* The server with routes of the test's own: how much may be sent, how often and how slowly. */
#include <time.h>

#include "http/own.h"
#include "test.h"

static void
test_bodies(void)
{
	enum { MIB = 1 << 20 };
	static const char *const memo[] = { "memo=for wood", "other=dropped", NULL };
	struct own s;
	struct reply *r;
	char *big = malloc(3 * MIB + 1);

	own_open(&s);
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
	own_close(&s);
}

/* What browsers seldom send and proxies do. */
static void
test_ways_to_send(void)
{
	struct own s;
	struct reply *r;
	char head[400], text[800];

	own_open(&s);
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
	own_close(&s);
}

static void
test_many_parts(void)
{
	struct own s;
	char body[8000] = "title=a";
	struct reply *r;

	own_open(&s);
	(void)http_get(&s.c, "/vale/form");
	for (int i = 0; i < 1000; i++)
		(void)snprintf(body + strlen(body), 16, "&x%d=1", i);
	r = http_post(&s.c, "/vale/form", body);
	CHECK_INT(r->status, 413);
	CHECK(reply_has(r, "more parts than it should"));
	own_close(&s);
}

static void
test_rate_of_route(void)
{
	struct own s;

	own_open(&s);
	for (int i = 0; i < 15; i++)
		CHECK_INT(http_get(&s.c, "/vale/few")->status, 200);
	CHECK_INT(http_get(&s.c, "/vale/few")->status, 429);
	CHECK_INT(http_get(&s.c, "/vale/areas")->status, 200);
	http_close(&s.c);
	s.c.from = "127.0.0.9";
	CHECK_INT(http_get(&s.c, "/vale/few")->status, 200);
	own_close(&s);
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
	struct own s;
	struct http more[2];
	struct reply *r;

	own_open_with(&s, few);
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
	own_close(&s);
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
	struct own s;
	int ms;

	own_open_with(&s, hasty);
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
	own_close(&s);
}

static const struct test_case cases[] = {
	{ "bodies and files have limits", test_bodies },
	{ "chunks, 100-continue, requests at once", test_ways_to_send },
	{ "a form of a thousand parts is refused", test_many_parts },
	{ "a route's own rate", test_rate_of_route },
	{ "rate and connections by address; proxies", test_rate_and_proxies },
	{ "clients that drip are ended", test_slow_clients },
};

int
main(void)
{
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
