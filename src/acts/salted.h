/* Salted hashes of text, for leaves of the record: whoever is given text and salt can check
 * the leaf; once both are erased it tells nothing. */
#ifndef ACTS_SALTED_H
#define ACTS_SALTED_H

#include "acts/act.h"
#include "base/digest.h"

enum { SALT_LEN = 16 };
struct salt { uint8_t bytes[SALT_LEN]; };

struct salt salt_new(struct act *act); /* from the act's chance */
struct str salt_str(const struct salt *salt); /* its bytes, to store */

/* SHA-256 of the salt and then, for each part, its length in bytes in decimal, ':' and the
 * part itself: "4:test". NO_MEMORY when the parts are over 1 MiB. */
MUST_CHECK enum status salted_digest(struct str salt, const struct str *parts, size_t len,
                                     struct digest_text *ret);

#endif
