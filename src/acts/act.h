/* What every deed and every question is given: where, who, when, and the transaction.
 *
 * A deed (act_NOUN_VERB) is the only place where right, rule, facts and record meet:
 *   act_require (right) -> load facts (store) -> NOUN_may_VERB (commons) -> save (store)
 *   -> act_record (leaf, same transaction) -> act_mail (outbox).
 * A question (act_NOUN_SHOW…) checks the right to see and loads; it writes nothing.
 * Every way in (pages, command line, jobs) comes through here.
 */
#ifndef ACTS_ACT_H
#define ACTS_ACT_H

#include "base/arena.h"
#include "base/chance.h"
#include "base/id.h"
#include "base/message.h"
#include "base/time.h"
#include "commons/place.h"
#include "commons/rights.h"
#include "store/db.h"

struct secrets; /* store/secrets.h: round secrets, outside database and backup */

struct act {
	struct db *db;       /* deeds: inside the writer's transaction; questions: a reader */
	struct arena *arena;
	struct place place;  /* value 0 in place.id outside any place */
	struct person who;   /* who.id.value 0: nobody is signed in */
	struct instant now;
	struct chance chance;
	struct secrets *secrets;
	struct str origin;   /* "https://folkmoot.example": how the world reaches this server; for links in mails */
};

/* OK, SIGN_IN or FORBIDDEN, from the one table in commons/rights.c. */
MUST_CHECK enum status act_require(const struct act *act, enum right right);
bool act_allows(const struct act *act, enum right right);

struct json_t;
/* Appends a public act to the place's record, in this transaction: a leaf of canonical JSON
 * {"act":kind, "at":…, "place":…, …fields}. Takes over the reference to `fields` (a jansson
 * object of opaque ids, numbers and salted hashes; never text or names; may be NULL). */
MUST_CHECK enum status act_record(struct act *act, const char *kind, struct json_t *fields);
/* The same without "at": for ballots, as their times could tell whose they are. */
MUST_CHECK enum status act_record_undated(struct act *act, const char *kind,
                                          struct json_t *fields);

#endif
