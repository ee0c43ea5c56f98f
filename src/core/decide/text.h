/* A file's text as every reader of one begins: not too long, in UTF-8, without a byte order mark. */
#ifndef CORE_DECIDE_TEXT_H
#define CORE_DECIDE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/str.h"
#include "core/decide/error.h"

/* Passes over a byte order mark. TOO_LARGE: more than max bytes. INVALID: a line with a NUL or
 * that is not UTF-8 (RFC 3629). *error says which. */
MUST_CHECK enum status decide_text_open(struct str *text, size_t max, struct decide_error *error);

/* Eight bytes as a number, the first one lowest: one load where the machine counts so. */
static inline uint64_t
decide_eight_bytes(const char *at)
{
	const unsigned char *s = (const unsigned char *)at;

	return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 |
	       (uint64_t)s[3] << 24 | (uint64_t)s[4] << 32 | (uint64_t)s[5] << 40 |
	       (uint64_t)s[6] << 48 | (uint64_t)s[7] << 56;
}

#endif
