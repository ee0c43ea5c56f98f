/* Who may do what: one table (rights.c), asked by routes and again by acts. */
#ifndef COMMONS_RIGHTS_H
#define COMMONS_RIGHTS_H

#include <stdbool.h>

#include "base/id.h"
#include "base/str.h"

enum role {
	ROLE_MEMBER = 1 << 0,    /* signed in */
	ROLE_STEWARD = 1 << 1,   /* runs rounds, checks ideas, settles challenges */
	ROLE_TREASURER = 1 << 2  /* records payments */
};

/* Somebody who may be signed in. id.value 0: nobody. */
struct person {
	struct person_id id;
	struct str name;
	unsigned roles; /* of enum role; members have ROLE_MEMBER */
};

enum right {
	RIGHT_READ,            /* what is public */
	RIGHT_PLACE_SET_UP,    /* make a new place: the operator, with the set-up key */
	RIGHT_SIGN_IN,
	RIGHT_SIGN_OUT,
	RIGHT_IDEA_ADD,
	RIGHT_IDEA_EDIT,       /* one's own; acts check whose */
	RIGHT_COMMENT_ADD,
	RIGHT_QUEUE_SEE,
	RIGHT_IDEA_JUDGE,      /* check or decline */
	RIGHT_ROUND_MANAGE,    /* draft, open, withdraw an option, void */
	RIGHT_VOTE,            /* join the roll, cast, change, receipt */
	RIGHT_ROLL_SEE,        /* the roll with names */
	RIGHT_ROLL_CHALLENGE,
	RIGHT_ROLL_SETTLE,
	RIGHT_TURNOUT_SEE,
	RIGHT_PAY,             /* record a payment, upload its file */
	RIGHT_RECEIPT_SEE,     /* payee, reference, files */
	RIGHT_TOTAL
};

/* May somebody with these roles (0: signed out)? */
bool right_has(unsigned roles, enum right right);
/* Would signing in alone give it? Then a signed-out person is sent to sign in. */
bool right_by_signing_in(enum right right);
const char *right_name(enum right right); /* "idea-add", for tables and tests */

#endif
