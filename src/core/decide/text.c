#include "core/decide/text.h"

/* How many of eight bytes are ASCII and not NUL before one is not. */
static size_t
ascii_of_eight(const char *s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t bytes = decide_eight_bytes(s);
	/* The lowest mark is right; above a NUL there may be one too many. */
	uint64_t marks = (bytes & high) | ((bytes - ones) & ~bytes & high);

	return marks == 0 ? 8 : (size_t)__builtin_ctzll(marks) / 8;
}

/* Length of the UTF-8 sequence (RFC 3629) at s that is not one byte; 0 when it is broken. */
static size_t
sequence_length(const unsigned char *s, size_t left)
{
	unsigned char c = s[0];
	size_t more = c >= 0xf0 && c <= 0xf4 ? 3 : c >= 0xe0 && c < 0xf0 ? 2 :
	              c >= 0xc2 && c < 0xe0 ? 1 : 0;
	uint32_t code = c & (0x3fu >> more);

	if (more == 0 || more >= left)
		return 0;
	for (size_t k = 1; k <= more; k++) {
		if ((s[k] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[k] & 0x3fu);
	}
	if ((more == 2 && code < 0x800) || (more == 3 && code < 0x10000) ||
	    (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
		return 0;
	return more + 1;
}

/* Offset of the first byte that is not part of valid UTF-8 or is NUL; len if none. */
static size_t
first_bad_byte(struct str text)
{
	const unsigned char *s = (const unsigned char *)text.ptr;
	size_t i = 0;

	while (i < text.len) {
		size_t length;

		i += text.len - i >= 8 ? ascii_of_eight(text.ptr + i) : s[i] != 0 && s[i] < 0x80;
		if (i == text.len || (s[i] != 0 && s[i] < 0x80))
			continue;
		length = sequence_length(s + i, text.len - i);
		if (length == 0)
			return i;
		i += length;
	}
	return i;
}

enum status
decide_text_open(struct str *text, size_t max, struct decide_error *error)
{
	static const struct str mark = STR_INIT("\xef\xbb\xbf");
	size_t bad, line = 1;

	if (text->len > max) {
		decide_fail(error, 0, STR(""), MSG("The file is too large."));
		return TOO_LARGE;
	}
	if (text->len == 0)
		*text = STR("");
	bad = first_bad_byte(*text);
	if (bad < text->len) {
		for (size_t i = 0; i < bad; i++)
			line += text->ptr[i] == '\n';
		return decide_fail(error, line, STR(""), MSG("This line is not text in UTF-8."));
	}
	if (str_starts(*text, mark))
		*text = str_cut(*text, mark.len, text->len);
	return OK;
}
