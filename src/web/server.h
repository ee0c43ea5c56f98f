/* The HTTP server: libmicrohttpd with epoll and a pool of threads, each with its own reader.
 *
 * Deeds run off the HTTP threads: the connection sleeps (MHD_suspend_connection) until the
 * writer's commit wakes it. TLS ends at a proxy in front.
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "acts/desk.h"
#include "web/address.h"
#include "web/limit.h"
#include "web/route.h"

struct server;

enum { TRUSTED_MAX = 8 };

struct server_options {
	struct desk *desk;
	const struct route *const *tables; /* ends with NULL; server_options_init: all of them */
	const char *address;  /* to listen at, "127.0.0.1"; "::" for all, IPv4 too */
	int port;             /* 0: any free one */
	int threads;          /* 0: as many as there are processors */
	struct str origin;    /* "https://folkmoot.example", outlives the server; empty: its address */
	struct address trusted[TRUSTED_MAX]; /* proxies whose X-Forwarded-* counts */
	size_t trusted_len;
	struct address watchers[TRUSTED_MAX]; /* who may read /metrics from elsewhere */
	size_t watchers_len;
	int connections;            /* at once, all together */
	int connections_by_address; /* at once, from one address; not from this machine itself */
	struct limit_rate rate;     /* requests from one address; not from this machine itself */
	/* Milliseconds until a connection is ended that has not sent all of its headers, a whole
	 * body, a body with a file, or nothing since its last answer. */
	int header_ms, body_ms, upload_ms, idle_ms;
	size_t cache_bytes; /* of signed-out pages, each thread */
};

void server_options_init(struct server_options *options);

/* Listens from here on. UNAVAILABLE with *ret_why ("port 8080 is in use") when it can't. */
MUST_CHECK enum status server_start(const struct server_options *options, struct server **ret,
                                    const char **ret_why);
int server_port(const struct server *server);
struct str server_origin(const struct server *server);
struct str server_address(const struct server *server); /* "http://127.0.0.1:8080" */
/* Takes no new connections, answers what is being asked, then ends. */
void server_stop(struct server *server);

#endif
