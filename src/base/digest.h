/* SHA-256 and its spelling. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

enum { DIGEST_LEN = 32 };
struct digest { uint8_t bytes[DIGEST_LEN]; };
struct digest_text { char text[2 * DIGEST_LEN + 1]; }; /* lower-case hex */

struct digest digest_of(struct str s); /* FIPS 180-4 SHA-256 */
struct digest_text digest_text(struct digest d);
MUST_CHECK enum status digest_parse(struct str hex, struct digest *ret);
/* Its bytes as a slice of *d, for the database; and back: FAILED when it is not DIGEST_LEN long. */
struct str digest_bytes(const struct digest *d);
MUST_CHECK enum status digest_from(struct str bytes, struct digest *ret);
bool digest_eq(struct digest a, struct digest b); /* constant time */

/* URL-safe base64 without padding of up to 64 bytes, for tokens. */
struct token_text { char text[88]; };
struct token_text token_text(const void *bytes, size_t len);

#endif
