#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

struct str
str_of(const char *c_string)
{
	return (struct str){ c_string, c_string == NULL ? 0 : strlen(c_string) };
}

bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool
str_is(struct str a, const char *c_string)
{
	return str_eq(a, str_of(c_string));
}

bool
str_same(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

int
str_cmp(struct str a, struct str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_cut(s, 0, prefix.len), prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_cut(s, s.len - suffix.len, s.len), suffix);
}

size_t
str_find(struct str s, struct str needle)
{
	const char *hit;

	if (needle.len == 0)
		return 0;
	if (s.len < needle.len)
		return s.len;
	hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
	return hit == NULL ? s.len : (size_t)(hit - s.ptr);
}

struct str
str_cut(struct str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from >= to)
		return (struct str){ s.ptr, 0 };
	return (struct str){ s.ptr + from, to - from };
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_space(s.ptr[0]))
		s = str_cut(s, 1, s.len);
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct str
str_next(struct str *rest, char sep)
{
	const char *hit = rest->len == 0 ? NULL : memchr(rest->ptr, sep, rest->len);
	struct str piece;

	if (hit == NULL) {
		piece = *rest;
		*rest = (struct str){ NULL, 0 };
		return piece;
	}
	piece = (struct str){ rest->ptr, (size_t)(hit - rest->ptr) };
	*rest = (struct str){ hit + 1, rest->len - piece.len - 1 };
	return piece;
}

enum status
str_to_int(struct str s, int64_t *ret)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	int64_t value = 0;

	if (negative)
		s = str_cut(s, 1, s.len);
	if (s.len == 0)
		return INVALID;
	for (size_t i = 0; i < s.len; i++) {
		int digit = s.ptr[i] - '0';

		if (digit < 0 || digit > 9)
			return INVALID;
		/* Built up on the negative side, which reaches one further. */
		if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
		    __builtin_sub_overflow(value, (int64_t)digit, &value))
			return INVALID;
	}
	if (!negative && value == INT64_MIN)
		return INVALID;
	*ret = negative ? value : -value;
	return OK;
}

uint64_t
str_hash(struct str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
	return h;
}

enum status
str_copy(struct arena *arena, struct str s, struct str *ret)
{
	char *copy = str_to_c(arena, s);

	if (copy == NULL)
		return NO_MEMORY;
	*ret = (struct str){ copy, s.len };
	return OK;
}

char *
str_to_c(struct arena *arena, struct str s)
{
	char *copy = arena_bytes(arena, s.len + 1);

	if (copy == NULL)
		return NULL;
	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}

enum status
str_format(struct arena *arena, struct str *ret, const char *format, ...)
{
	va_list args, again;
	int length;
	char *text = NULL;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	if (length >= 0)
		text = arena_bytes(arena, (size_t)length + 1);
	if (text != NULL)
		(void)vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	va_end(args);
	if (text == NULL)
		return NO_MEMORY;
	*ret = (struct str){ text, (size_t)length };
	return OK;
}
