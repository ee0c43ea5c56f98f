/* One request on its way through the server. For web/server.c and its helpers; pages see
 * only struct request (web/route.h). */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/cache.h"
#include "web/form.h"
#include "web/limit.h"
#include "web/router.h"
#include "web/server.h"
#include "web/session_cookie.h"

enum {
	ARENA_MAX = 8 << 20,         /* bytes of one request, unless its route says more */
	PAGE_MAX = 8 << 20,          /* bytes of one page */
	BODY_MAX = 1 << 20,          /* bytes of a body without files */
	BODY_FILE_MAX = 11 << 20,    /* of a body with one: 10 MiB and its form */
	BODY_DRAIN_MAX = 64 << 20,   /* read and dropped, so that the answer can be read */
	COOKIES_MAX = 4
};

/* A socket, for time-outs. */
struct line {
	struct line *next, *prev;
	int fd;
	struct address address;
	atomic_int_least64_t until_ms; /* then it is shut; INT64_MAX: never */
};

/* What belongs to one HTTP thread. */
struct worker {
	struct server *server;
	struct worker *next;
	struct db *dbs[HOMES_MAX]; /* by home; NULL: could not be opened yet */
	struct db *replicas[HOMES_MAX];
	int64_t replica_again_ms[HOMES_MAX]; /* when one that could not be opened is tried again */
	int64_t versions[HOMES_MAX]; /* of the data, as last seen */
	struct cache *cache;
	struct chance chance;  /* requests get their seeds from it */
	struct exchange *free; /* those not in use */
	atomic_int busy;       /* those in use */
	atomic_int deeds;      /* those whose connection sleeps */
	uint32_t number, requests;
};

struct server {
	struct server_options options;
	struct MHD_Daemon *daemon;
	struct router *router;
	struct limit *limit;
	int port;
	struct instant started;
	char address[80];  /* http:// where it listens, from this machine */
	struct str origin; /* how the world says it */
	atomic_bool stopping, watch_ends;
	pthread_mutex_t lock;   /* of the two lists */
	struct worker *workers;
	struct line *lines;
	pthread_t watchdog;
};

enum answer { ANSWER_NONE, ANSWER_PAGE, ANSWER_GO, ANSWER_FILE };

struct response {
	enum answer answer;
	unsigned http;        /* status */
	struct buf out;       /* the page */
	struct html html;
	struct layout_view layout;
	struct str location;  /* GO */
	struct str type, file_name, content; /* FILE */
	bool immutable;       /* FILE: its address changes with its content */
	struct str cookies[COOKIES_MAX];
	size_t cookies_len;
	struct csrf_token csrf;
	bool has_csrf;        /* made; it may or may not be in the page */
};

enum stage {
	STAGE_NEW,   /* nothing looked at yet */
	STAGE_BODY,  /* taking in the body */
	STAGE_DEED,  /* with the writer */
	STAGE_DONE   /* answered */
};

struct exchange {
	struct request req;
	struct response response;
	struct worker *worker;
	struct MHD_Connection *connection;
	struct line *line;
	struct exchange *next;
	struct arena arena;
	enum stage stage;
	enum status verdict;      /* OK so far, or what the answer will be */
	const struct route *other; /* 405: what is there */
	struct address address;
	bool secure;              /* the browser came by TLS */
	int home;                 /* the database the place lives in, as far as is known */
	bool replica;             /* the page is read from its replica */
	bool followed;            /* the deed was sent after a place that had moved */
	bool reading;             /* in a transaction of the worker's reader */
	struct str slug;          /* of the path's place; empty outside */
	struct str session, form_cookie; /* cookies' values */
	bool new_form_cookie;     /* made here; sent when the page has a form */
	struct str cache_key;     /* empty: not to be kept */
	struct MHD_Response *ready; /* out of the cache, which owns it */
	/* the body */
	uint64_t body_len, body_max;
	struct MHD_PostProcessor *post;
	struct intake intake;
	struct buf file;
	/* the deed */
	struct deed deed;
	struct act before;        /* as it was before the deed */
	enum status deed_status;
	int64_t begun_us;         /* monotonic */
	int64_t read_us, statements; /* when the reading began, and the reader's count then */
	char id[20];              /* for the log and for error pages */
};

static inline struct exchange *
exchange_of(struct request *req)
{
	return (struct exchange *)(void *)req;
}

int64_t clock_ms(void); /* monotonic */

/* ---- web/exchange.c: from headers to answer ---- */

struct exchange *exchange_new(struct worker *worker, struct MHD_Connection *connection,
                              struct line *line); /* NULL: no memory */
void exchange_free(struct exchange *x); /* for good, with its memory */
void exchange_measure(struct exchange *x); /* it was answered: counts it; a slow one is logged */
struct str exchange_header(struct exchange *x, const char *name); /* empty: not sent */
struct str exchange_cookie(struct exchange *x, enum cookie_kind kind);

/* ---- web/exchange_read.c: what a request reads with ---- */

struct desk *exchange_desk(const struct exchange *x);
struct db *exchange_db(const struct exchange *x);
/* A number that is another whenever one of the databases is. */
int64_t exchange_version(struct exchange *x);
MUST_CHECK enum status exchange_open_reader(struct exchange *x);
void exchange_choose_replica(struct exchange *x);
MUST_CHECK enum status exchange_begin_read(struct exchange *x);
void exchange_end_read(struct exchange *x); /* also when nothing was begun */
/* Begins to read, finds place and person, and whether they may. */
MUST_CHECK enum status exchange_enter(struct exchange *x);
/* Its place was not where it was thought to be: true when x->home is another now. */
bool exchange_has_moved(struct exchange *x);
/* A reader of any of the databases, for pages about all of them. */
MUST_CHECK enum status exchange_reader(struct exchange *x, int home, struct db **ret);
void exchange_recycle(struct exchange *x); /* back to its worker */
void page_set_wrote(struct request *req); /* web/response.c: the next pages come from the primary */
/* Headers are in. With a body: looks at the request, so that nothing is taken in for nobody.
 * True: too much to be read at all, to be answered now (which ends the connection). */
bool exchange_begin(struct exchange *x, const char *method, const char *url);
/* Place, person, right, ready answers: what can be said before the body. */
void exchange_look(struct exchange *x, const char *method, const char *url);
/* False: more than anybody should send; the connection is to be ended. */
bool exchange_body(struct exchange *x, const char *data, size_t len);
/* Body and deed are done, or were not wanted. */
enum MHD_Result exchange_finish(struct exchange *x);

/* ---- web/response.c ---- */

/* Sends what the page made. */
enum MHD_Result response_send(struct exchange *x);
unsigned http_status(enum status st);
/* web/error.c: an error page; 405 when x->other is set. */
void error_answer(struct exchange *x, enum status st);

#endif
