/* A server inside the test with routes of the test's own, for what every page has in common
 * whatever the page: forms, a file, a query, a session, rights, a rate. Two places, /vale and
 * /hill; in /vale Ann and the steward Sue.
 *
 *   struct own s; own_open(&s);
 *   r = http_get(&s.c, "/vale/areas");
 *   own_close(&s);
 */
#ifndef TESTS_HTTP_OWN_H
#define TESTS_HTTP_OWN_H

#include <stdatomic.h>

#include "http/http.h"
#include "store/scratch.h"
#include "web/server.h"

struct own {
	struct scratch scratch;
	struct desk *desk;
	struct server *server;
	struct http c; /* signed out at first */
};

extern const struct place_id own_vale;
extern const struct person_id own_ann, own_sue;
extern atomic_int own_renders; /* how often the page /areas was made */

void own_open(struct own *s);
void own_open_with(struct own *s, void (*change)(struct server_options *options));
void own_close(struct own *s);
/* The same database opened by another process, as far as the server can tell. */
void own_beside(const struct own *s, struct beside *other);
void own_sign_in(struct http *c, const char *place, struct person_id who);

#endif
