/* Who may do what, asked of the server itself: every route × role × method. The table it finds
 * must be that of rights.txt; `test_rights --print` writes it (after a change that is meant). */
#include "acts/session.h"
#include "http/http.h"
#include "store/person.sql.h"
#include "store/place.sql.h"
#include "store/scratch.h"
#include "test.h"
#include "web/router.h"
#include "web/server.h"
#include "web/session_cookie.h"

enum { ROLES = 4 };
static const char *const role_names[ROLES] = { "nobody", "member", "steward", "treasurer" };
static const struct place_id vale = { 7 };

static struct {
	struct scratch scratch;
	struct desk *desk;
	struct server *server;
	struct buf table;
} s;

static enum status
add_people(struct db *db, void *context)
{
	struct instant now = { 1 };

	(void)context;
	if (place_slug_insert(db, STR("vale"), vale) != OK ||
	    place_insert(db, vale, STR("vale"), STR("Alder Vale"), STR("p"), STR("en"), STR("GBP"),
	                 STR("Europe/London"), NULL, NULL, STR("r"), STR("{}"), false, now) != OK)
		return FAILED;
	for (int role = 1; role < ROLES; role++) {
		struct person_id who = { role };

		if (person_insert(db, vale, who, STR("Somebody"), NULL, now) != OK)
			return FAILED;
		if (role > 1 && role_insert(db, vale, who, str_of(role_names[role]), now) != OK)
			return FAILED;
	}
	return OK;
}

struct start {
	int role;
	struct token_text token;
};

static enum status
start_session(struct db *db, void *context)
{
	struct start *start = context;
	struct act act = { .db = db, .arena = &s.scratch.arena, .place.id = vale, .now = time_now() };

	chance_from_system(&act.chance);
	return act_session_start(&act, (struct person_id){ start->role }, &start->token);
}

/* A client with the role's session and a good form token for the route. Made anew for each
 * request, as one of the routes signs out. */
static void
enter(struct http *c, int role, const struct route *route)
{
	bool in_place = str_starts(str_of(route->path), STR("/{place}"));
	struct start start = { .role = role };
	struct csrf_token token;

	http_init(c, server_port(s.server));
	token = csrf_token(desk_key(s.desk), COOKIE_FORM, STR("secret"));
	(void)snprintf(c->cookies[0], sizeof c->cookies[0], in_place ? "fm_vale_form=secret"
	                                                             : "fm_form=secret");
	(void)snprintf(c->paths[0], sizeof c->paths[0], "/");
	if (role > 0) {
		CHECK_INT(desk_run(s.desk, start_session, &start), OK);
		(void)snprintf(c->cookies[1], sizeof c->cookies[1], "fm_vale=%s", start.token.text);
		(void)snprintf(c->paths[1], sizeof c->paths[1], "/vale");
	}
	if (role > 0 && in_place)
		token = csrf_token(desk_key(s.desk), COOKIE_SESSION, str_of(start.token.text));
	(void)snprintf(c->csrf, sizeof c->csrf, "%s", token.text);
}

/* A path of the pattern: ids of things that are not there. */
static void
fill(const char *pattern, char *path, size_t size)
{
	struct str rest = str_of(pattern);
	int len = 0;

	if (rest.len == 1)
		len = snprintf(path, size, "/");
	rest = str_cut(rest, 1, rest.len);
	while (rest.ptr != NULL && rest.len > 0) {
		struct str part = str_next(&rest, '/');

		if (str_is(part, "{place}"))
			part = STR("vale");
		else if (str_is(part, "{id}"))
			part = STR("0000000000009");
		else if (str_starts(part, STR("{")))
			part = STR("other");
		len += snprintf(path + len, size - (size_t)len, "/%.*s", STR_ARG(part));
	}
}

/* "yes": past the question of rights, whatever came of it. */
static const char *
verdict(const struct reply *r, const char *path)
{
	struct str to = reply_header(r, "Location");

	if (r->status == 303 && str_starts(to, STR("/vale/join?next=")))
		return "sign-in";
	if (r->status == 403)
		return "no";
	if (r->status == 0 || r->status == 405 || r->status >= 500) {
		printf("# %s: %d\n", path, r->status);
		return "broken";
	}
	return "yes";
}

static void
try_route(const struct route *route, void *context)
{
	struct buf *out = context;
	bool post = route->method == METHOD_POST;
	char path[200];

	fill(route->path, path, sizeof path);
	buf_add_format(out, "%-4s %-46s %-15s", post ? "POST" : "GET", route->path,
	               right_name(route->right));
	for (int role = 0; role < ROLES; role++) {
		struct http c;
		struct reply *r;

		enter(&c, role, route);
		r = post ? http_post(&c, path, "") : http_get(&c, path);
		buf_add_format(out, role == ROLES - 1 ? " %s\n" : " %-9s", verdict(r, path));
		http_close(&c);
	}
}

/* No other method does anything, for anybody; and a form without its token is refused. */
static void
try_others(const struct route *route, void *context)
{
	static const char *const methods[] = { "PUT", "DELETE", "PATCH", "OPTIONS" };
	char path[200];

	(void)context;
	fill(route->path, path, sizeof path);
	for (int role = 0; role < ROLES; role += ROLES - 1)
		for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
			struct http c;

			enter(&c, role, route);
			CHECK_INT(http_request(&c, methods[i], path, NULL, STR(""))->status, 405);
			http_close(&c);
		}
	for (int role = 0; role < ROLES && route->method == METHOD_POST; role++) {
		struct http c;
		struct reply *r;

		enter(&c, role, route);
		r = http_post_plain(&c, path, "csrf=0123456789abcdef0123456789abcdef");
		CHECK(r->status == 403 || r->status == 303);
		CHECK(r->status == 403 || str_starts(reply_header(r, "Location"), STR("/vale/join?next=")));
		http_close(&c);
	}
}

static void
open_all(void)
{
	struct server_options options;
	const char *why = "people";

	scratch_init(&s.scratch);
	buf_init(&s.table, 1 << 20);
	server_options_init(&options);
	options.port = 0;
	if (desk_open(s.scratch.folder, scratch_db(&s.scratch), &s.desk, &why) != OK ||
	    desk_run(s.desk, add_people, NULL) != OK ||
	    (options.desk = s.desk, server_start(&options, &s.server, &why)) != OK) {
		fprintf(stderr, "%s\n", why);
		exit(1);
	}
}

static void
each_route(void (*each)(const struct route *route, void *context))
{
	for (size_t t = 0; route_tables[t] != NULL; t++)
		for (const struct route *r = route_tables[t]; r->path != NULL; r++)
			each(r, &s.table);
}

static void
close_all(void)
{
	server_stop(s.server);
	desk_close(s.desk);
	buf_release(&s.table);
	scratch_release(&s.scratch);
}

static void
make_table(void)
{
	buf_add_format(&s.table, "%-4s %-46s %-15s %-9s %-9s %-9s %s\n", "", "route", "right",
	               role_names[0], role_names[1], role_names[2], role_names[3]);
	each_route(try_route);
}

static void
test_table(void)
{
	static char kept[1 << 18];
	FILE *file = fopen(getenv("RIGHTS"), "r");
	struct str want = { kept, 0 }, got, line, other;

	open_all();
	make_table();
	CHECK(file != NULL);
	if (file != NULL) {
		want.len = fread(kept, 1, sizeof kept, file);
		(void)fclose(file);
	}
	got = buf_str(&s.table);
	CHECK(str_eq(got, want));
	while (!str_eq(got, want) && got.ptr != NULL) {
		line = str_next(&got, '\n');
		other = want.ptr == NULL ? STR("") : str_next(&want, '\n');
		if (!str_eq(line, other))
			printf("# kept: %.*s\n# is:   %.*s\n", STR_ARG(other), STR_ARG(line));
	}
	if (test_failures > 0)
		printf("# if it is meant so: build-dev/tests/http/test_rights --print "
		       ">tests/http/rights.txt\n");
	close_all();
}

static void
test_others(void)
{
	open_all();
	each_route(try_others);
	close_all();
}

static void
count_same(const struct route *route, void *context)
{
	const struct route *const *first = &route_tables[0];
	int count = 0;

	(void)context;
	for (; *first != NULL; first++)
		for (const struct route *r = *first; r->path != NULL; r++)
			count += r->method == route->method && strcmp(r->path, route->path) == 0;
	if (count != 1)
		printf("# %s\n", route->path);
	CHECK_INT(count, 1);
}

static void
test_once(void)
{
	each_route(count_same);
}

static const struct test_case cases[] = {
	{ "who may do what is as kept in rights.txt", test_table },
	{ "no route is there twice", test_once },
	{ "other methods and forms without a token do nothing", test_others },
};

int
main(int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "--print") != 0)
		return test_run_all(cases, sizeof cases / sizeof *cases);
	open_all();
	make_table();
	printf("%.*s", STR_ARG(buf_str(&s.table)));
	close_all();
	return 0;
}
