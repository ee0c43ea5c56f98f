/* From what a browser sends (query, urlencoded or multipart body) to the values a route has
 * declared. What is not declared is dropped. Pure but for the memory it takes. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "web/route.h"

enum { CSRF_MAX = 64 };
#define CSRF_FIELD "csrf"

struct raw_text {
	char *ptr;
	size_t len, size;
};

/* Values as they come in, piece by piece. */
struct intake {
	const struct form_field *fields;
	size_t count;
	struct arena *arena;
	struct raw_text text[ROUTE_FIELDS_MAX]; /* LINE, BLOCK */
	struct raw_text *many[ROUTE_FIELDS_MAX]; /* MANY: grows */
	size_t many_len[ROUTE_FIELDS_MAX];
	struct str file_name[ROUTE_FIELDS_MAX];
	struct buf *file;                       /* content of the FILE field */
	size_t text_total, parts, parts_max;
	struct raw_text csrf;
	enum status st;                         /* the first thing that went wrong … */
	const char *field;                      /* … and where; NULL: with the whole */
};

/* file: an empty buffer for an uploaded file's content. */
void intake_init(struct intake *intake, const struct form_field fields[ROUTE_FIELDS_MAX],
                 struct arena *arena, struct buf *file);
/* A piece of the value `name`, from byte `offset` of it on; offset 0 begins a value. */
void intake_add(struct intake *intake, const char *name, const char *file_name, struct str piece,
                uint64_t offset);
/* Cleans and checks. OK, or INVALID or TOO_LARGE with *why filled; the values are there in any
 * case, as far as they can be shown again. NO_MEMORY: the arena is full. */
MUST_CHECK enum status intake_finish(struct intake *intake, struct form *ret,
                                     struct refusal *why);

bool route_takes_file(const struct route *route);

#endif
