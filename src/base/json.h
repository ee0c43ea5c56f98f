/* JSON by jansson, with limits; and the one canonical way to write it (RFC 8785), so that
 * equal things have equal hashes.
 *
 * Numbers are whole and within ±(2^53 - 1), as RFC 8785 (with I-JSON, RFC 7493) can carry no
 * others exactly: ids and amounts beyond that are strings. Reals are refused.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/buf.h"
#include "base/status.h"
#include "base/str.h"

#define JSON_INT_MAX ((INT64_C(1) << 53) - 1)

/* One JSON value. TOO_LARGE: over max bytes (looked at first) or nested deeper than 64.
 * INVALID: not JSON (RFC 8259), broken UTF-8, a NUL in a string, a key twice in one object.
 * The caller gives *ret back with json_decref. */
MUST_CHECK enum status json_read(struct str text, size_t max, json_t **ret);

/* Appends the canonical form. INVALID: a real, or an integer beyond ±JSON_INT_MAX;
 * NO_MEMORY: the buffer's maximum. */
MUST_CHECK enum status json_write(struct buf *out, const json_t *value);

#endif
