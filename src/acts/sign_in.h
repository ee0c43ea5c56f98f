/* Joining and signing in: ask for a mail, then come back with its link or its code. */
#ifndef ACTS_SIGN_IN_H
#define ACTS_SIGN_IN_H

#include "acts/act.h"
#include "base/digest.h"

struct sign_in_ask {
	struct str email;
	struct str name; /* may be empty: who is new is asked later */
	struct str next; /* a path of the place to go to afterwards, or anything else: the home page */
};

/* Sends a link and a code, the same for who is known and who is not. *ret is for the browser's
 * cookie. REFUSED: the address or name can't be, or too many mails went there. NOT_FOUND: an
 * imported place. */
MUST_CHECK enum status act_sign_in_ask(struct act *act, const struct sign_in_ask *ask,
                                       struct sign_in_id *ret, struct refusal *why);

/* How a link or code was found. Wrong codes are counted, and what is counted must be kept: so
 * a deed that met one is OK, and the refusal is here. */
struct sign_in_end {
	struct refusal refusal;  /* status OK: signed in */
	struct token_text token; /* then for the session cookie */
	struct str next;         /* and where to go; empty: the home page */
};

/* Field "name" is refused when the person is new and no name was given, neither now nor
 * before: nothing is used up, come again with the name. */
MUST_CHECK enum status act_sign_in_by_link(struct act *act, struct str token, struct str name,
                                           struct sign_in_end *ret);
MUST_CHECK enum status act_sign_in_by_code(struct act *act, struct sign_in_id id, struct str code,
                                           struct str name, struct sign_in_end *ret);

/* What the page that a link opens needs. */
struct sign_in_link {
	struct refusal refusal; /* status OK: it can be used */
	bool ask_name;          /* new here, and no name yet */
	struct str email;
};
MUST_CHECK enum status act_sign_in_link_show(const struct act *act, struct str token,
                                             struct sign_in_link *ret);

#endif
