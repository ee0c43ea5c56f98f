#include "acts/like.h"

#include "base/buf.h"

enum status
like_pattern(struct arena *arena, struct str typed, struct str *ret)
{
	struct buf out;
	enum status st;

	buf_init(&out, 2 * typed.len + 3);
	buf_add_char(&out, '%');
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.ptr[i];

		if (c == '%' || c == '_' || c == '\\')
			buf_add_char(&out, '\\');
		buf_add_char(&out, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
	}
	buf_add_char(&out, '%');
	st = buf_status(&out);
	if (st == OK)
		st = str_copy(arena, buf_str(&out), ret);
	buf_release(&out);
	return st;
}
