/* The table of everything this program answers to, and what a handler is given.
 *
 * A route declares method, path, right, form fields with limits, the deed and the page. What
 * is not declared is dropped before a handler sees it. Order of things for a request:
 *
 *   parse and check (place, session, right, CSRF, fields) -> deed, on the writer's thread,
 *   in its transaction (POST only) -> page, on an HTTP thread with a reader
 *
 * A page is called when there was no deed, when the deed was OK, and when it was REFUSED (or a
 * field was INVALID or TOO_LARGE): then it shows the form again with what was typed
 * (form_text) and req->refusal. Any other status becomes the fitting error page.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "acts/act.h"
#include "web/html.h"

enum http_method { METHOD_GET, METHOD_POST };

enum field_kind {
	FIELD_NONE,
	FIELD_LINE,  /* one line of text, cleaned (base/text.h) */
	FIELD_BLOCK, /* several lines, cleaned */
	FIELD_MANY,  /* a line that may come several times: check boxes; empty ones are dropped */
	FIELD_EACH,  /* the same with empty ones: beside each line of another field */
	FIELD_FILE   /* one uploaded file; the route then takes bodies up to 10 MiB */
};

struct form_field {
	const char *name;
	enum field_kind kind;
	size_t max; /* code points (LINE, BLOCK), values of 40 code points (MANY, EACH), bytes (FILE) */
};

struct form_value {
	const struct form_field *field;
	struct str text;      /* LINE, BLOCK: cleaned; FILE: content */
	struct str file_name; /* FILE */
	struct str *many;     /* MANY, EACH */
	size_t many_len;
};

enum { ROUTE_FIELDS_MAX = 20, PATH_IDS_MAX = 2 };

struct form {
	struct form_value values[ROUTE_FIELDS_MAX]; /* in the order of route.fields */
};

struct request;

struct route {
	enum http_method method;
	/* "/{place}/ideas/{id}": {place} is a place's slug, {id} an id of base/id.h, {name} any
	 * one part (req->part). */
	const char *path;
	enum right right;
	struct form_field fields[ROUTE_FIELDS_MAX]; /* of the body (POST) or the query (GET) */
	enum status (*deed)(struct act *act, struct request *req, struct refusal *why);
	void (*page)(struct request *req);
	bool fresh;      /* never from the cache of signed-out pages */
	bool by_itself;  /* GET, of no place: asks no database on the way; the page may (exchange_reader) */
	/* Rate limit by address, besides the general one; 0: none. Five minutes' worth may come at
	 * once, as a whole hall may be behind one address. */
	int per_minute;
	size_t memory;   /* bytes a request may take; 0: 8 MiB. More where whole files are shown */
};

struct server;
struct response;

struct request {
	struct act act;       /* act.db: a reader with a snapshot, in pages */
	const struct route *route;
	struct str path;      /* decoded, without the query */
	int64_t id[PATH_IDS_MAX];
	struct str part;      /* what {name} matched */
	struct form form;
	struct format format; /* language of the person, money and zone of the place */
	struct refusal refusal; /* status OK: none */
	void *result;         /* what the deed leaves for the page; in the request's arena */
	struct server *server;
	struct response *response;
};

/* Values by name; empty when not sent. The name must be one of the route's fields. */
struct str form_text(const struct request *req, const char *name);
const struct form_value *form_value(const struct request *req, const char *name);
bool form_has(const struct request *req, const char *name); /* sent and not empty: check boxes */

/* A limit of one's own, beside route.per_minute: may `who` (a person, …) do this once more? At
 * most `burst` at once, and `per_hour` after that. Also from a deed. */
bool request_within_limit(struct request *req, const char *kind, struct str who, int burst,
                          int per_hour);

/* ---- answers: exactly one of these per page ---- */

/* A page of the place: html_NAME(page_open(req, "ideas"), &view). Status 200, or that of the
 * refusal. `here`: which main link is current, or "". */
struct html *page_open(struct request *req, const char *here);
/* For a page's preview in a chat; before html_NAME. */
void page_describe(struct request *req, struct str description);
/* A path of this place, in the request's arena: page_path(req, &ret, "/ideas/%s", id.text). */
MUST_CHECK enum status page_path(struct request *req, struct str *ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* 303 to a path made from the place's path: page_go(req, "/ideas/%s", id.text). */
void page_go(struct request *req, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* 303 to a full local path. */
void page_go_to(struct request *req, struct str path);
/* A download or another file. name NULL: shown in the browser. Content must outlive the request's arena or be in it. */
void page_file(struct request *req, const char *type, const char *name, struct str content);
/* The same for what was written into a buffer, which is taken over: for much. */
void page_file_of(struct request *req, const char *type, const char *name, struct buf *content);
/* An error page with the words for the status. */
void page_status(struct request *req, enum status st);
/* Set-Cookie for the signed-in token (NULL-len token: sign out). */
void page_set_session(struct request *req, struct str token);
/* The token that this browser is signed in with; empty when there is none. */
struct str page_get_session(const struct request *req);
/* A cookie that remembers a running sign-in (id), path of the place, 15 minutes. */
void page_set_sign_in(struct request *req, struct sign_in_id id);
bool page_get_sign_in(const struct request *req, struct sign_in_id *ret);

/* Each noun's routes, in its own page file (web/NOUN.c); ends with .path NULL. Those that are
 * there stand in web/routes.c. */
extern const struct route routes_search[]; /* / and /search: all places */
extern const struct route routes_static[]; /* assets */
extern const struct route routes_watch[];  /* /healthz, /metrics */
extern const struct route routes_home[];
extern const struct route routes_place[];
extern const struct route routes_sign_in[];
extern const struct route routes_idea[];
extern const struct route routes_queue[];
extern const struct route routes_round[];
extern const struct route routes_ballot[];
extern const struct route routes_roll[];
extern const struct route routes_closer[];
extern const struct route routes_result[];
extern const struct route routes_money[];
extern const struct route routes_record[];

#endif
