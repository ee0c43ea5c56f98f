#include "web/router.h"

#include "test.h"

static const struct route first[] = {
	{ .method = METHOD_GET, .path = "/" },
	{ .method = METHOD_GET, .path = "/{place}" },
	{ .method = METHOD_GET, .path = "/{place}/ideas" },
	{ .method = METHOD_POST, .path = "/{place}/ideas" },
	{ .method = METHOD_GET, .path = "/{place}/ideas/new" },
	{ .path = NULL },
};
static const struct route second[] = {
	{ .method = METHOD_GET, .path = "/set-up" },
	{ .method = METHOD_GET, .path = "/{place}/ideas/{id}" },
	{ .method = METHOD_POST, .path = "/{place}/rounds/{id}/options/{id}" },
	{ .method = METHOD_GET, .path = "/{place}/link/{token}" },
	{ .path = NULL },
};
static const struct route *const tables[] = { first, second, NULL };

#define ID_A "0000000000005"
#define ID_B "000000000000a"

static void
test_find(void)
{
	static const struct { enum http_method method; const char *path, *pattern, *other; } finds[] = {
		{ METHOD_GET, "/", "/", NULL },
		{ METHOD_GET, "/vale", "/{place}", NULL },
		{ METHOD_GET, "/vale/", "/{place}", NULL },
		{ METHOD_GET, "/vale/ideas", "/{place}/ideas", NULL },
		{ METHOD_POST, "/vale/ideas", "/{place}/ideas", NULL },
		{ METHOD_GET, "/vale/ideas/new", "/{place}/ideas/new", NULL },
		{ METHOD_POST, "/vale/ideas/new", NULL, "/{place}/ideas/new" },
		{ METHOD_GET, "/vale/ideas/" ID_A, "/{place}/ideas/{id}", NULL },
		{ METHOD_GET, "/vale/ideas/" ID_A "/", "/{place}/ideas/{id}", NULL },
		{ METHOD_GET, "/vale/ideas/0", NULL, NULL },
		{ METHOD_GET, "/vale/link/any-thing", "/{place}/link/{token}", NULL },
		{ METHOD_GET, "/vale/link", NULL, NULL },
		{ METHOD_GET, "", NULL, NULL },
		{ METHOD_GET, "/1/2/3/4/5/6/7/8/9", NULL, NULL },
	};
	struct router *router = router_new(tables);
	struct router_hit hit;

	for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
		hit = router_find(router, finds[i].method, str_of(finds[i].path));
		CHECK_STR(str_of(hit.route == NULL ? "" : hit.route->path),
		          finds[i].pattern == NULL ? "" : finds[i].pattern);
		CHECK_STR(str_of(hit.other == NULL ? "" : hit.other->path),
		          finds[i].other == NULL ? "" : finds[i].other);
	}
	hit = router_find(router, METHOD_POST, STR("/vale/rounds/" ID_A "/options/" ID_B));
	CHECK_STR(hit.place, "vale");
	CHECK_INT(hit.id[0], 5);
	CHECK_INT(hit.id[1], 10);
	CHECK_STR(router_find(router, METHOD_GET, STR("/vale/link/abc")).part, "abc");
	router_free(router);
}

static void
test_encoding(void)
{
	struct arena arena;
	struct str s;
	struct buf out;

	arena_init(&arena, 10000);
	CHECK_INT(percent_decode(&arena, "a%20b%2Fc+%zz%4", &s), OK);
	CHECK_STR(s, "a b/c+%zz%4");
	CHECK_INT(path_decode(&arena, "/h%C3%A9", &s), OK);
	CHECK_STR(s, "/h\u00e9");
	CHECK_INT(path_decode(&arena, "x", &s), INVALID);
	CHECK_INT(path_decode(&arena, "", &s), INVALID);
	CHECK_INT(path_decode(&arena, "/a%2f%2e%2e%2fb", &s), INVALID);
	buf_init(&out, 100);
	percent_encode(&out, STR("/a b&\"\n\u00e9"));
	CHECK_STR(buf_str(&out), "/a%20b%26%22%0A%C3%A9");
	buf_release(&out);
	arena_release(&arena);
}

static const struct test_case cases[] = {
	{ "router: paths to routes", test_find },
	{ "router: escapes", test_encoding },
};
TEST_MAIN(cases)
