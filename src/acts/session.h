/* Who comes in, and where: the place of a path and the person of a session token.
 *
 * A session belongs to one place. The browser holds a random token; the database only its
 * SHA-256. A session ends by itself after SESSION_DAYS.
 */
#ifndef ACTS_SESSION_H
#define ACTS_SESSION_H

#include "acts/act.h"
#include "base/digest.h"

enum { SESSION_DAYS = 90 };

/* Fills act->place from the first part of a path, and act->who from the token (empty, unknown
 * or expired: nobody). NOT_FOUND: no such place. Needs db, arena and now. */
MUST_CHECK enum status act_session_enter(struct act *act, struct str slug, struct str token);

/* In a deed: signs the person in; *ret is the token for the cookie. */
MUST_CHECK enum status act_session_start(struct act *act, struct person_id person,
                                         struct token_text *ret);
/* In a deed: signs out this one browser. A token nobody knows is no error. */
MUST_CHECK enum status act_session_end(struct act *act, struct str token);

#endif
