/* A byte buffer that grows up to a stated maximum.
 *
 * Failure is sticky: after the maximum is met or memory runs out every further addition is
 * dropped, and buf_status says so once, at the end. So writers need no check per addition.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

struct buf {
	char *ptr;        /* NUL-terminated once anything was added */
	size_t len, size; /* used and allocated bytes */
	size_t max;       /* never holds more than this */
	bool failed;
};

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf); /* empty again, memory kept, failure forgotten */

void buf_add(struct buf *buf, struct str s);
void buf_add_c(struct buf *buf, const char *c_string);
void buf_add_char(struct buf *buf, char c);
void buf_add_quoted(struct buf *buf, struct str s); /* "…", a quote in it twice, as CSV has it */
void buf_add_int(struct buf *buf, int64_t n); /* decimal */
void buf_add_format(struct buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What is in it; valid until the next addition or release. */
struct str buf_str(const struct buf *buf);
/* OK, or NO_MEMORY when something had to be dropped. */
MUST_CHECK enum status buf_status(const struct buf *buf);

#endif
