/* Secrets in files of their own, outside the database and its backups: the server's key and
 * one per open round. A round's secret makes ballot keys from people (keyed hash); once it is
 * destroyed at the close, nobody can tell whose a ballot was.
 *
 * FOLDER/server.key and FOLDER/round-PLACE-ROUND.key, 32 bytes, mode 0600; file and folder are
 * synced before a call returns OK. Secrets are kept in memory after the first look, as each
 * vote needs one. All calls may be made by any thread. A second process on the same folder
 * sees the same secrets; what it destroys, this one forgets when it ends or destroys it too.
 */
#ifndef STORE_SECRETS_H
#define STORE_SECRETS_H

#include <stdint.h>

#include "base/id.h"
#include "base/status.h"

enum { SECRET_LEN = 32 };
struct secret { uint8_t bytes[SECRET_LEN]; };

struct secrets;

/* Makes the folder (0700) and the server's key when they are not there. UNAVAILABLE: can't be
 * read or written; FAILED: a key of the wrong length. Then *ret_why says what, in English. */
MUST_CHECK enum status secrets_open(const char *folder, struct secrets **ret,
                                    const char **ret_why);
void secrets_close(struct secrets *secrets); /* wipes them from memory; NULL is let through */

/* For form tokens and hashes of sign-in codes. Lives as long as secrets. */
const struct secret *secrets_server_key(const struct secrets *secrets);

/* Before a round opens. OK, and no change, when it has one already: a deed may run again. */
MUST_CHECK enum status secrets_round_make(struct secrets *secrets, struct place_id place,
                                          struct round_id round);
/* NOT_FOUND: never made, or destroyed. Wipe the copy after use (sodium_memzero). */
MUST_CHECK enum status secrets_round_get(struct secrets *secrets, struct place_id place,
                                         struct round_id round, struct secret *ret);
/* Overwrites and removes it. OK also when there is none (any more). */
MUST_CHECK enum status secrets_round_destroy(struct secrets *secrets, struct place_id place,
                                             struct round_id round);

#endif
