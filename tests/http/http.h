/* A small HTTP client for tests, with cookies, and a server of one's own to talk to.
 *
 *   struct http_server s;  http_server_start(&s, NULL, NULL);         the program, on a fresh folder
 *   struct http c;         http_init(&c, s.port);
 *   struct reply *r = http_get(&c, "/alder-vale/ideas");          one keep-alive connection
 *   r = http_post(&c, "/alder-vale/ideas/new", "title=Bench");    adds the last page's token
 *   CHECK_INT(r->status, 303); CHECK_STR(reply_header(r, "Location"), "/…");
 *   http_close(&c); CHECK_INT(http_server_stop(&s), 0);
 *
 * A reply is the client's, until its next request. What a test stands on and is not there
 * (no connection, no server) ends the program. */
#ifndef TESTS_HTTP_HTTP_H
#define TESTS_HTTP_HTTP_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/str.h"

enum { HTTP_COOKIES = 8 };

struct reply {
	int status;      /* 0: the connection was closed without an answer */
	struct str head; /* status line and headers */
	struct str body;
	bool closed;     /* the server closed the connection behind it */
};

struct http {
	int port, fd;              /* fd -1: not connected */
	const char *from;          /* own address, "127.0.0.2"; NULL: any */
	const char *headers;       /* more for each request, "Name: value\r\n…"; or NULL */
	char cookies[HTTP_COOKIES][256]; /* "name=value" */
	char paths[HTTP_COOKIES][64];    /* of each */
	time_t ends[HTTP_COOKIES];       /* of each; 0: never */
	char csrf[80];             /* of the last page that had one */
	char *bytes;               /* the last answer */
	size_t len, size;
	struct reply reply;
};

extern int http_patience_ms; /* for an answer; then the test program ends */

void http_init(struct http *c, int port);
void http_close(struct http *c); /* also forgets cookies */
void http_disconnect(struct http *c);

struct reply *http_get(struct http *c, const char *path);
struct reply *http_head(struct http *c, const char *path);
/* body: urlencoded; csrf=… of the last page is put in front of it. */
struct reply *http_post(struct http *c, const char *path, const char *body);
struct reply *http_post_plain(struct http *c, const char *path, const char *body); /* without it */
/* multipart/form-data: fields as "name=value" (plain text), then one file; csrf is added. */
struct reply *http_post_file(struct http *c, const char *path, const char *const *fields,
                             const char *file_field, const char *file_name, struct str content);
/* Any method and body. type may be NULL. */
struct reply *http_request(struct http *c, const char *method, const char *path, const char *type,
                           struct str body);
/* Bytes as they are, then reads one answer. */
struct reply *http_raw(struct http *c, struct str bytes);
void http_write(struct http *c, struct str bytes); /* only writes */
struct reply *http_read(struct http *c, bool head); /* only reads; head: no body follows */
/* Until the server closes the connection, at most so long; how long it took, or -1. */
int http_wait_closed(struct http *c, int most_ms);

struct str reply_header(const struct reply *r, const char *name); /* empty: not there */
bool reply_has(const struct reply *r, const char *text);          /* in the body */
/* The value of a cookie that the client holds, or NULL. */
const char *http_cookie(const struct http *c, const char *name);

/* ---- the program itself ---- */

struct http_server {
	pid_t pid;
	int port;
	bool keep;         /* folder was given, and stays */
	char folder[256];  /* data */
};

/* Starts `$FOLKMOOT serve` (set by meson) on a free port. folder NULL: a fresh one, removed at
 * the stop. more: further arguments, ends with NULL; may be NULL. */
void http_server_start(struct http_server *s, const char *folder, const char *const *more);
int http_server_stop(struct http_server *s); /* SIGTERM; its exit code, or -signal */
void http_server_kill(struct http_server *s); /* kill -9; the folder stays */
void http_server_remove(struct http_server *s); /* the folder, after a kill */

#endif
