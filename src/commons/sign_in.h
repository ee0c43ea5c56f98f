/* Joining a place and signing in: a link and a 6-digit code go out by mail; either works
 * once, within 15 minutes, and a code dies after 5 wrong tries. Pure rules. */
#ifndef COMMONS_SIGN_IN_H
#define COMMONS_SIGN_IN_H

#include <stdbool.h>

#include "base/message.h"
#include "base/str.h"
#include "base/time.h"

#define SIGN_IN_LASTS_US (15 * MINUTE_US)

enum {
	SIGN_IN_TRIES = 5,
	SIGN_IN_CODE_LEN = 6,
	SIGN_IN_MAILS_PER_QUARTER = 5, /* to one address in 15 minutes */
	SIGN_IN_MAILS_PER_DAY = 20,    /* so that 100 guesses a day meet a million codes */
	PERSON_NAME_MAX = 60,
	EMAIL_MAX = 254                /* RFC 5321 4.5.3.1.3 */
};

/* What is known of a try to sign in, whether found by its link or by the browser's cookie. */
struct sign_in_facts {
	struct instant expires_at;
	bool used;
	int64_t tries; /* wrong codes so far */
	bool right;    /* the link or code is the right one */
};

/* May another mail go to this address? */
MUST_CHECK enum status sign_in_may_mail(int64_t last_quarter, int64_t last_day,
                                        struct refusal *why);
/* May this link or code be used now? The refusal says what to do instead. */
MUST_CHECK enum status sign_in_may_use(const struct sign_in_facts *facts, struct instant now,
                                       struct refusal *why);

/* An address that mail can go to: ASCII, one @, a dot in the domain, no white space, quotes,
 * brackets, commas or control characters, so that it can stand in a mail's header as it is. */
MUST_CHECK enum status email_may_be(struct str email, const char *field, struct refusal *why);
MUST_CHECK enum status person_name_may_be(struct str name, const char *field, struct refusal *why);

/* The six digits of what somebody typed ("123 456", "123-456"); false when it isn't six. */
bool sign_in_code_read(struct str typed, char ret[SIGN_IN_CODE_LEN + 1]);

/* Is `path` a page of the place with this slug? Then one may go there after signing in. No
 * "//", no "\", no dots that climb, nothing of another place or another host. */
bool sign_in_next_may_be(struct str slug, struct str path);

#endif
