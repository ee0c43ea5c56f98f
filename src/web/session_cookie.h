/* Cookies, one set per place, and the tokens that prove a form is ours.
 *
 * A form's token is a keyed hash of the session's token; for somebody signed out, of a random
 * "form" cookie made when the first page with a form is shown. So another site can neither
 * know it nor set it, and nothing has to be kept on the server.
 */
#ifndef WEB_SESSION_COOKIE_H
#define WEB_SESSION_COOKIE_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/str.h"

enum cookie_kind {
	COOKIE_SESSION, /* fm_SLUG: the signed-in token */
	COOKIE_FORM,    /* fm_SLUG_form: for forms of somebody signed out */
	COOKIE_SIGN_IN, /* fm_SLUG_sign_in: a sign-in that is on its way */
	COOKIE_WROTE    /* fm_SLUG_wrote: did something just now, and wants to see it: no replica */
};

enum { COOKIE_NAME_MAX = 64 };
struct cookie_name { char text[COOKIE_NAME_MAX]; };

/* slug: of the place, empty outside any place. */
struct cookie_name cookie_name(enum cookie_kind kind, struct str slug);
/* The value of a Set-Cookie header. Empty value: the cookie is taken away. */
MUST_CHECK enum status cookie_text(struct arena *arena, enum cookie_kind kind, struct str slug,
                                   struct str value, bool secure, struct str *ret);

struct csrf_token { char text[33]; };
/* key: 32 bytes of the server's. */
struct csrf_token csrf_token(const uint8_t *key, enum cookie_kind kind, struct str secret);
bool csrf_matches(const struct csrf_token *token, struct str sent); /* constant time */

#endif
