#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){ .max = max };
}

void
buf_release(struct buf *buf)
{
	free(buf->ptr);
	*buf = (struct buf){ .max = buf->max };
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->ptr != NULL)
		buf->ptr[0] = '\0';
}

/* Room for `more` bytes and the final NUL; false (and sticky) when there can't be. */
static bool
make_room(struct buf *buf, size_t more)
{
	size_t size = buf->size < 256 ? 256 : buf->size;
	char *ptr;

	if (buf->failed || more > buf->max || buf->len > buf->max - more) {
		buf->failed = true;
		return false;
	}
	if (buf->size > buf->len + more)
		return true;
	while (size <= buf->len + more)
		size *= 2;
	ptr = realloc(buf->ptr, size);
	if (ptr == NULL) {
		buf->failed = true;
		return false;
	}
	buf->ptr = ptr;
	buf->size = size;
	return true;
}

void
buf_add(struct buf *buf, struct str s)
{
	if (!make_room(buf, s.len))
		return;
	if (s.len > 0)
		memcpy(buf->ptr + buf->len, s.ptr, s.len);
	buf->len += s.len;
	buf->ptr[buf->len] = '\0';
}

void
buf_add_c(struct buf *buf, const char *c_string)
{
	buf_add(buf, str_of(c_string));
}

void
buf_add_char(struct buf *buf, char c)
{
	buf_add(buf, (struct str){ &c, 1 });
}

void
buf_add_quoted(struct buf *buf, struct str s)
{
	buf_add_char(buf, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			buf_add_char(buf, '"');
		buf_add_char(buf, s.ptr[i]);
	}
	buf_add_char(buf, '"');
}

void
buf_add_int(struct buf *buf, int64_t n)
{
	char digits[24];
	char *end = digits + sizeof digits, *at = end;
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (n < 0)
		*--at = '-';
	buf_add(buf, (struct str){ at, (size_t)(end - at) });
}

void
buf_add_format(struct buf *buf, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0 || !make_room(buf, (size_t)length)) {
		buf->failed = true;
		return;
	}
	va_start(args, format);
	(void)vsnprintf(buf->ptr + buf->len, (size_t)length + 1, format, args);
	va_end(args);
	buf->len += (size_t)length;
}

struct str
buf_str(const struct buf *buf)
{
	return (struct str){ buf->ptr, buf->len };
}

enum status
buf_status(const struct buf *buf)
{
	return buf->failed ? NO_MEMORY : OK;
}
