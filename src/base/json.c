#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

/* Is the text nested deeper than allowed? Brackets inside strings don't count. */
static bool
is_deep(struct str text)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			if (++depth > DEPTH_MAX)
				return true;
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return false;
}

enum status
json_read(struct str text, size_t max, json_t **ret)
{
	json_error_t error;

	if (text.len > max || is_deep(text))
		return TOO_LARGE;
	if (text.len == 0 || memchr(text.ptr, '\0', text.len) != NULL)
		return INVALID; /* jansson 2.14 skips a NUL between values */
	*ret = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (*ret != NULL)
		return OK;
	return json_error_code(&error) == json_error_out_of_memory ? NO_MEMORY : INVALID;
}

static void
write_string(struct buf *out, struct str s)
{
	static const char *const names[0x20] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r" };
	size_t from = 0;

	buf_add_char(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, str_cut(s, from, i));
		from = i + 1;
		if (c >= 0x20)
			buf_add(out, (struct str){ c == '"' ? "\\\"" : "\\\\", 2 });
		else if (names[c] != NULL)
			buf_add_c(out, names[c]);
		else
			buf_add_format(out, "\\u%04x", c);
	}
	buf_add(out, str_cut(s, from, s.len));
	buf_add_char(out, '"');
}

/* Keys by their UTF-16 code units (RFC 8785, 3.2.3). UTF-8 bytes give the same order but for
 * characters beyond U+FFFF (lead bytes from F0), which as surrogates (D800-DFFF) come before
 * U+E000-U+FFFF (lead bytes EE and EF). */
static int
compare_keys(const void *a, const void *b)
{
	const unsigned char *x = *(const unsigned char *const *)a;
	const unsigned char *y = *(const unsigned char *const *)b;

	while (*x == *y && *x != '\0') {
		x++;
		y++;
	}
	if (*x >= 0xee && *y >= 0xee && (*x >= 0xf0) != (*y >= 0xf0))
		return *x >= 0xf0 ? -1 : 1;
	return *x - *y;
}

static enum status write_value(struct buf *out, const json_t *value, int depth);

static enum status
write_members(struct buf *out, const json_t *object, const char **keys, size_t count, int depth)
{
	for (size_t i = 0; i < count; i++) {
		enum status st;

		if (i > 0)
			buf_add_char(out, ',');
		write_string(out, str_of(keys[i]));
		buf_add_char(out, ':');
		st = write_value(out, json_object_get(object, keys[i]), depth);
		if (st != OK)
			return st;
	}
	return OK;
}

static enum status
write_object(struct buf *out, const json_t *object, int depth)
{
	size_t count = json_object_size(object), i = 0;
	const char **keys = malloc((count + 1) * sizeof *keys);
	const char *key;
	json_t *value;
	enum status st;

	if (keys == NULL)
		return NO_MEMORY;
	/* jansson's iteration wants a non-const object; it changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
		keys[i++] = key;
	qsort(keys, count, sizeof *keys, compare_keys);
	buf_add_char(out, '{');
	st = write_members(out, object, keys, count, depth);
	buf_add_char(out, '}');
	free(keys);
	return st;
}

static enum status
write_array(struct buf *out, const json_t *array, int depth)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < json_array_size(array); i++) {
		enum status st;

		if (i > 0)
			buf_add_char(out, ',');
		st = write_value(out, json_array_get(array, i), depth);
		if (st != OK)
			return st;
	}
	buf_add_char(out, ']');
	return OK;
}

static enum status
write_value(struct buf *out, const json_t *value, int depth)
{
	json_int_t n;

	assert(value != NULL && depth < 1000); /* a value that holds itself */
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return write_object(out, value, depth + 1);
	case JSON_ARRAY:
		return write_array(out, value, depth + 1);
	case JSON_STRING:
		write_string(out, (struct str){ json_string_value(value), json_string_length(value) });
		return OK;
	case JSON_INTEGER:
		n = json_integer_value(value);
		if (n > JSON_INT_MAX || n < -JSON_INT_MAX)
			return INVALID;
		buf_add_int(out, n);
		return OK;
	case JSON_REAL:
		return INVALID;
	case JSON_TRUE:
		buf_add_c(out, "true");
		return OK;
	case JSON_FALSE:
		buf_add_c(out, "false");
		return OK;
	case JSON_NULL:
		buf_add_c(out, "null");
		return OK;
	}
	return FAILED;
}

enum status
json_write(struct buf *out, const json_t *value)
{
	enum status st = write_value(out, value, 0);

	return st == OK ? buf_status(out) : st;
}
