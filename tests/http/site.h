/* The program's own pages on a server inside the test: a place with a few people, and a
 * neighbouring place; site_sign_in spares a page test the way by mail.
 *
 *   struct site s; site_open(&s);
 *   site_sign_in(&s, &s.c, maya); r = http_get(&s.c, "/vale/ideas");
 *   site_close(&s);
 */
#ifndef TESTS_HTTP_SITE_H
#define TESTS_HTTP_SITE_H

#include "acts/session.h"
#include "http/http.h"
#include "store/person.sql.h"
#include "store/place.sql.h"
#include "store/scratch.h"
#include "web/router.h"
#include "web/server.h"

struct site {
	struct scratch scratch;
	struct desk *desk;
	struct server *server;
	struct http c; /* signed out at first */
};

static const struct place_id vale = { 7 }, mill = { 8 };
static const struct person_id maya = { 21 }, idris = { 22 }, ana = { 23 }, tom = { 24 },
	far = { 31 };

static inline enum status
site_person(struct db *db, struct place_id place, struct person_id id, struct str name,
            const char *role)
{
	enum status st = person_insert(db, place, id, name, NULL, time_now());

	if (st == OK && role != NULL)
		st = role_insert(db, place, id, str_of(role), time_now());
	return st;
}

static inline enum status
site_place(struct db *db, struct place_id id, struct str slug)
{
	enum status st = place_slug_insert(db, slug, id);

	if (st == OK)
		st = place_insert(db, id, slug, STR("Alder Vale"), STR("To share"), STR("en"), STR("GBP"),
		                  STR("Europe/London"), NULL, NULL, STR("none"), STR("{}"), false,
		                  time_now());
	return st;
}

static inline enum status
site_fill(struct db *db, void *context)
{
	enum status st = site_place(db, vale, STR("vale"));

	(void)context;
	if (st == OK)
		st = site_place(db, mill, STR("mill"));
	if (st == OK)
		st = site_person(db, vale, maya, STR("Maya Osei"), NULL);
	if (st == OK)
		st = site_person(db, vale, idris, STR("Idris Kaya"), NULL);
	if (st == OK)
		st = site_person(db, vale, ana, STR("Ana Silva"), "steward");
	if (st == OK)
		st = site_person(db, vale, tom, STR("Tom Reed"), "treasurer");
	if (st == OK)
		st = site_person(db, mill, far, STR("Far Away"), NULL);
	return st;
}

/* Both places: /vale/test-in, /mill/test-in. */
static inline enum status
site_deed_in(struct act *act, struct request *req, struct refusal *why)
{
	struct token_text *token = ARENA_NEW(act->arena, struct token_text);
	int64_t person;

	(void)why;
	if (token == NULL || str_to_int(form_text(req, "person"), &person) != OK)
		return INVALID;
	req->result = token;
	return act_session_start(act, (struct person_id){ person }, token);
}

static inline void
site_page_in(struct request *req)
{
	if (req->route->method == METHOD_GET) {
		html_put_csrf(page_open(req, ""));
		return;
	}
	page_set_session(req, str_of(((struct token_text *)req->result)->text));
	page_go(req, "/");
}

static const struct route site_routes[] = {
	{ .method = METHOD_GET, .path = "/{place}/test-in", .right = RIGHT_READ,
	  .page = site_page_in },
	{ .method = METHOD_POST, .path = "/{place}/test-in", .right = RIGHT_READ,
	  .deed = site_deed_in, .page = site_page_in, .fields = { { "person", FIELD_LINE, 20 } } },
	{ .path = NULL },
};

/* With routes of a test's own besides. */
static inline void
site_open_with(struct site *s, const struct route *more)
{
	enum { TABLES = 40 };
	static const struct route *tables[TABLES];
	struct server_options options;
	const char *why = "people";
	size_t count = 0;

	while (route_tables[count] != NULL) {
		tables[count] = route_tables[count];
		count++;
	}
	tables[count++] = site_routes;
	if (more != NULL)
		tables[count++] = more;
	tables[count] = NULL;
	scratch_init(&s->scratch);
	server_options_init(&options);
	options.tables = tables;
	options.port = 0;
	options.threads = 2;
	if (desk_open(s->scratch.folder, scratch_db(&s->scratch), &s->desk, &why) != OK
	    || desk_run(s->desk, site_fill, NULL) != OK) {
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

static inline void
site_open(struct site *s)
{
	site_open_with(s, NULL);
}

static inline void
site_close(struct site *s)
{
	http_close(&s->c);
	server_stop(s->server);
	desk_close(s->desk);
	scratch_release(&s->scratch);
}

static inline void
site_sign_in_at(struct http *c, const char *place, struct person_id who)
{
	char path[64], body[64];

	(void)snprintf(path, sizeof path, "/%s/test-in", place);
	(void)http_get(c, path);
	(void)snprintf(body, sizeof body, "person=%lld", (long long)who.value);
	CHECK_INT(http_post(c, path, body)->status, 303);
}

static inline void
site_sign_in(struct http *c, struct person_id who)
{
	site_sign_in_at(c, "vale", who);
}

#endif
