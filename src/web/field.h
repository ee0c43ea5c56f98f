/* Fields of a form as its template shows them: what was typed, and what is wrong with it. */
#ifndef WEB_FIELD_H
#define WEB_FIELD_H

#include "web/route.h"

struct field_view {
	struct str value;
	bool wrong;         /* the refusal is about this field */
	struct message why;
};

/* What was typed when the form was sent, `start` when it is shown for the first time. */
struct field_view field_of(const struct request *req, const char *name, struct str start);

/* An amount that may be left out. REFUSED with this field when it is no amount of the place's
 * currency. */
MUST_CHECK enum status field_amount(const struct request *req, const char *name, bool *ret_has,
                                    struct amount *ret, struct refusal *why);
/* How an amount stands in an input: "1234.5"; empty without one. */
MUST_CHECK enum status field_amount_text(struct request *req, bool has, struct amount amount,
                                         struct str *ret);

/* A key for a form that adds something, and the key that came back; INVALID when it is none. */
struct str field_key(struct request *req);
MUST_CHECK enum status field_key_read(const struct request *req, const char *name, int64_t *ret);

#endif
