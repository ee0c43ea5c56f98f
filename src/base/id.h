/* Names of things: random 63-bit numbers, one struct per kind, so that the compiler keeps
 * people from places. 0 is no id. In URLs and JSON an id is text: 13 characters of
 * Crockford's base32 in lower case, so it never loses digits and never tells an order. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

#define ID_KIND(name) struct name { int64_t value; }

ID_KIND(place_id);
ID_KIND(person_id);
ID_KIND(idea_id);
ID_KIND(comment_id);
ID_KIND(round_id);
ID_KIND(option_id);
ID_KIND(outcome_id);
ID_KIND(project_id);
ID_KIND(account_id);
ID_KIND(entry_id);
ID_KIND(file_id);
ID_KIND(leaf_id);
ID_KIND(job_id);
ID_KIND(mail_id);
ID_KIND(challenge_id);
ID_KIND(sign_in_id);
ID_KIND(writer_id);
ID_KIND(change_id);

enum { ID_TEXT_LEN = 13 };

struct id_text { char text[ID_TEXT_LEN + 1]; }; /* NUL-terminated */

/* id_text(x.value).text prints any id. */
struct id_text id_text(int64_t value);
/* The value of 13 characters as id_text writes them; INVALID otherwise, and for 0. */
MUST_CHECK enum status id_parse(struct str text, int64_t *ret);

#endif
