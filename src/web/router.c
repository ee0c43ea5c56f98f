#include "web/router.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum part_kind { PART_FIXED, PART_PLACE, PART_ID, PART_NAME };

struct pattern {
	const struct route *route;
	size_t count;
	struct {
		enum part_kind kind;
		struct str text;
	} parts[PATH_PARTS_MAX];
};

struct router {
	struct pattern *patterns; /* by number of parts, fixed words before names, then as in the tables */
	size_t count;
	size_t first[PATH_PARTS_MAX + 2]; /* patterns with n parts: first[n] .. first[n + 1] */
	const struct route *const *tables;
};

static bool
split(struct str path, struct path_parts *ret)
{
	struct str rest = str_cut(path, 1, path.len);

	ret->count = 0;
	if (str_ends(rest, STR("/"))) /* "/alder-vale/" is "/alder-vale" */
		rest.len--;
	if (rest.len == 0)
		return true;
	while (rest.ptr != NULL) {
		if (ret->count == PATH_PARTS_MAX)
			return false;
		ret->parts[ret->count++] = str_next(&rest, '/');
	}
	return true;
}

static void
pattern_make(struct pattern *pattern, const struct route *route)
{
	struct path_parts parts;

	assert(route->path[0] == '/' && split(str_of(route->path), &parts));
	pattern->route = route;
	pattern->count = parts.count;
	for (size_t i = 0; i < parts.count; i++) {
		struct str text = parts.parts[i];
		enum part_kind kind = PART_FIXED;

		if (str_is(text, "{place}"))
			kind = PART_PLACE;
		else if (str_is(text, "{id}"))
			kind = PART_ID;
		else if (str_starts(text, STR("{")))
			kind = PART_NAME;
		pattern->parts[i].kind = kind;
		pattern->parts[i].text = text;
	}
}

void
router_each(const struct router *router, void (*each)(const struct route *route, void *context),
            void *context)
{
	for (size_t t = 0; router->tables[t] != NULL; t++)
		for (const struct route *r = router->tables[t]; r->path != NULL; r++)
			each(r, context);
}

/* Does a stand before b? Then "/set-up" is found before "/{place}", whatever the tables' order. */
static bool
is_before(const struct pattern *a, const struct pattern *b)
{
	for (size_t i = 0; i < a->count; i++)
		if ((a->parts[i].kind == PART_FIXED) != (b->parts[i].kind == PART_FIXED))
			return a->parts[i].kind == PART_FIXED;
	return false;
}

/* Moves the last of patterns[from..last] to its place among them. */
static void
put_in_order(struct pattern *patterns, size_t from, size_t last)
{
	for (size_t i = last; i > from && is_before(&patterns[i], &patterns[i - 1]); i--) {
		struct pattern other = patterns[i - 1];

		patterns[i - 1] = patterns[i];
		patterns[i] = other;
	}
}

struct router *
router_new(const struct route *const *tables)
{
	struct router *router = calloc(1, sizeof *router);
	size_t total = 0, at = 0;

	if (router == NULL)
		return NULL;
	router->tables = tables;
	for (size_t t = 0; tables[t] != NULL; t++)
		for (const struct route *r = tables[t]; r->path != NULL; r++)
			total++;
	router->patterns = calloc(total + 1, sizeof *router->patterns);
	if (router->patterns == NULL) {
		free(router);
		return NULL;
	}
	for (size_t parts = 0; parts <= PATH_PARTS_MAX; parts++) {
		router->first[parts] = at;
		for (size_t t = 0; tables[t] != NULL; t++)
			for (const struct route *r = tables[t]; r->path != NULL; r++) {
				pattern_make(&router->patterns[at], r);
				if (router->patterns[at].count == parts)
					put_in_order(router->patterns, router->first[parts], at++);
			}
	}
	router->first[PATH_PARTS_MAX + 1] = at;
	assert(at == total);
	router->count = total;
	return router;
}

void
router_free(struct router *router)
{
	if (router == NULL)
		return;
	free(router->patterns);
	free(router);
}

static bool
matches(const struct pattern *pattern, const struct path_parts *path, struct router_hit *ret)
{
	int ids = 0;

	for (size_t i = 0; i < pattern->count; i++) {
		struct str text = path->parts[i];

		if (text.len == 0)
			return false;
		switch (pattern->parts[i].kind) {
		case PART_FIXED:
			if (!str_eq(text, pattern->parts[i].text))
				return false;
			break;
		case PART_PLACE:
			ret->place = text;
			break;
		case PART_ID:
			assert(ids < PATH_IDS_MAX);
			if (id_parse(text, &ret->id[ids++]) != OK)
				return false;
			break;
		case PART_NAME:
			ret->part = text;
			break;
		}
	}
	return true;
}

struct router_hit
router_find(const struct router *router, enum http_method method, struct str path)
{
	struct router_hit hit = { .route = NULL };
	const struct route *other = NULL;
	struct path_parts parts;

	if (path.len == 0 || !split(path, &parts))
		return hit;
	for (size_t i = router->first[parts.count]; i < router->first[parts.count + 1]; i++) {
		const struct pattern *pattern = &router->patterns[i];

		hit = (struct router_hit){ .route = pattern->route };
		if (!matches(pattern, &parts, &hit))
			continue;
		if (pattern->route->method == method)
			return hit;
		other = pattern->route;
	}
	return (struct router_hit){ .other = other };
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Value of the escape at s ("%XX"), or -1. */
static int
escape_at(const char *s)
{
	int high = s[0] == '%' ? hex_digit(s[1]) : -1;
	int low = high < 0 ? -1 : hex_digit(s[2]);

	return low < 0 ? -1 : high * 16 + low;
}

enum status
percent_decode(struct arena *arena, const char *raw, struct str *ret)
{
	char *out = arena_bytes(arena, strlen(raw) + 1);
	size_t len = 0;

	if (out == NULL)
		return NO_MEMORY;
	while (*raw != '\0') {
		int c = escape_at(raw);

		out[len++] = c < 0 ? *raw : (char)c;
		raw += c < 0 ? 1 : 3;
	}
	out[len] = '\0';
	*ret = (struct str){ out, len };
	return OK;
}

static bool
is_good_path(struct str path)
{
	struct str rest = str_cut(path, 1, path.len);

	if (path.len == 0 || path.ptr[0] != '/' || !text_is_utf8(path))
		return false;
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.ptr[i] < 0x20 || path.ptr[i] == 0x7f || path.ptr[i] == '\\')
			return false;
	while (rest.ptr != NULL) {
		struct str part = str_next(&rest, '/');

		if (str_is(part, ".") || str_is(part, "..") || (part.len == 0 && rest.ptr != NULL))
			return false;
	}
	return true;
}

enum status
path_decode(struct arena *arena, const char *raw, struct str *ret)
{
	enum status st;

	if (strlen(raw) > PATH_MAX_BYTES)
		return TOO_LARGE;
	for (const char *c = raw; *c != '\0'; c++)
		if (*c == '%' && escape_at(c) < 0)
			return INVALID;
	st = percent_decode(arena, raw, ret);
	if (st != OK)
		return st;
	return is_good_path(*ret) ? OK : INVALID;
}

void
percent_encode(struct buf *out, struct str s)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '\0' && strchr(safe, s.ptr[i]) != NULL)
			buf_add_char(out, s.ptr[i]);
		else
			buf_add_format(out, "%%%02X", (unsigned)(unsigned char)s.ptr[i]);
	}
}
