/* From a method and a path to a route: the tables of web/route.h, made ready once. Pure. */
#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

#include "web/route.h"

struct router;

/* Every route of the program (web/routes.c); ends with NULL. */
extern const struct route *const route_tables[];

enum { PATH_PARTS_MAX = 8, PATH_MAX_BYTES = 1024 };

/* A path taken apart. */
struct path_parts {
	struct str parts[PATH_PARTS_MAX];
	size_t count; /* 0: "/" */
};

/* What was found for a path. */
struct router_hit {
	const struct route *route;  /* NULL: no such path, or not by this method */
	const struct route *other;  /* route NULL: it is there by the other method */
	int64_t id[PATH_IDS_MAX];
	struct str place, part;     /* what {place} and {name} matched; in the path's memory */
};

/* The tables must live as long. NULL: no memory. A pattern that can't be is an assert. */
struct router *router_new(const struct route *const *tables);
void router_free(struct router *router);
struct router_hit router_find(const struct router *router, enum http_method method, struct str path);
/* Calls `each` for every route in table order. */
void router_each(const struct router *router,
                 void (*each)(const struct route *route, void *context), void *context);

/* Undoes %XX, once. INVALID: a broken escape, NUL, other control characters, broken UTF-8,
 * an empty part, "." or ".."; TOO_LARGE: over PATH_MAX_BYTES. */
MUST_CHECK enum status path_decode(struct arena *arena, const char *raw, struct str *ret);
/* Undoes %XX anywhere in text (query values); a broken escape stays as it is. */
MUST_CHECK enum status percent_decode(struct arena *arena, const char *raw, struct str *ret);
/* Escapes what may not stand in a query value. */
void percent_encode(struct buf *out, struct str s);

#endif
