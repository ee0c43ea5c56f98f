#include "base/text.h"

#include <string.h>
#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <unicode/utrans.h>

enum { BYTES_PER_POINT = 4 };

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

bool
text_is_utf8(struct str s)
{
	int32_t i = 0, len = (int32_t)s.len;

	if (s.len > INT32_MAX)
		return false;
	while (i < len) {
		UChar32 c;

		U8_NEXT(s.ptr, i, len, c);
		if (c < 0)
			return false;
	}
	return true;
}

size_t
text_length(struct str s)
{
	size_t points = 0;

	for (size_t i = 0; i < s.len; i++)
		points += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	return points;
}

static bool
is_bidi_control(UChar32 c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* LINE SEPARATOR and PARAGRAPH SEPARATOR break lines; U+0085 is a control character. */
static bool
is_break(UChar32 c)
{
	return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

static bool
is_refused(UChar32 c)
{
	if (c == '\t' || is_break(c))
		return false;
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || is_bidi_control(c) || U_IS_UNICODE_NONCHAR(c);
}

/* Copies `in` to out, which has room for in.len bytes: line breaks become "\n" (or, in a
 * line, white space), runs of white space in a line one space. Both ends are trimmed. */
static enum status
tidy(struct str in, enum text_kind kind, char *out, size_t *ret_len)
{
	int32_t at = 0, len = (int32_t)in.len, used = 0, ink = 0;
	bool space = false;

	while (at < len) {
		UChar32 c;

		U8_NEXT(in.ptr, at, len, c);
		if (c < 0 || is_refused(c))
			return INVALID;
		if (c == '\r' && at < len && in.ptr[at] == '\n')
			continue; /* the \n that follows stands for both */
		if (kind == TEXT_BLOCK && is_break(c))
			c = '\n';
		if (kind == TEXT_LINE && (is_break(c) || u_isUWhiteSpace(c))) {
			space = used > 0;
			continue;
		}
		if (used == 0 && u_isUWhiteSpace(c))
			continue;
		if (space)
			out[used++] = ' ';
		space = false;
		U8_APPEND_UNSAFE(out, used, c);
		if (!u_isUWhiteSpace(c))
			ink = used;
	}
	*ret_len = (size_t)ink;
	return OK;
}

/* NFC of valid UTF-8 that has not been normalised yet. */
static enum status
normalise(struct arena *arena, struct str *text)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);
	int32_t units = 0, made = 0, bytes = 0;
	int32_t room = (int32_t)text->len * 3 + 1; /* NFC triples UTF-16 at most (UAX 15) */
	UChar *from, *to;
	char *out;

	from = ARENA_ARRAY(arena, text->len + 1, UChar);
	to = ARENA_ARRAY(arena, (size_t)room, UChar);
	if (from == NULL || to == NULL)
		return NO_MEMORY;
	u_strFromUTF8(from, (int32_t)text->len + 1, &units, text->ptr, (int32_t)text->len, &error);
	if (U_FAILURE(error) || unorm2_isNormalized(nfc, from, units, &error))
		return U_FAILURE(error) ? FAILED : OK;
	made = unorm2_normalize(nfc, from, units, to, room, &error);
	out = arena_bytes(arena, (size_t)made * 3 + 1);
	if (out == NULL)
		return NO_MEMORY;
	u_strToUTF8(out, made * 3 + 1, &bytes, to, made, &error);
	if (U_FAILURE(error))
		return FAILED;
	*text = (struct str){ out, (size_t)bytes };
	return OK;
}

enum status
text_clean(struct arena *arena, struct str in, enum text_kind kind, size_t max, struct str *ret)
{
	struct str text;
	enum status st;
	char *out;

	if (in.len / BYTES_PER_POINT > max || in.len > max * BYTES_PER_POINT ||
	    in.len > INT32_MAX / 8)
		return TOO_LARGE;
	out = arena_bytes(arena, in.len + 1);
	if (out == NULL)
		return NO_MEMORY;
	text.ptr = out;
	st = tidy(in, kind, out, &text.len);
	if (st == OK && !is_ascii(text))
		st = normalise(arena, &text);
	if (st != OK)
		return st;
	if (text_length(text) > max)
		return TOO_LARGE;
	*ret = text;
	return OK;
}

enum status
text_fold(struct arena *arena, struct str in, struct str *ret)
{
	UErrorCode error = U_ZERO_ERROR;
	UCaseMap *map;
	int32_t len;
	/* The longest growth of one letter: U+0130 (2 bytes) to "i̇" (3 bytes). */
	size_t room = in.len * 3 / 2 + 1;
	char *out = arena_bytes(arena, room);

	if (out == NULL)
		return NO_MEMORY;
	if (is_ascii(in)) {
		for (size_t i = 0; i < in.len; i++)
			out[i] = in.ptr[i] >= 'A' && in.ptr[i] <= 'Z' ? (char)(in.ptr[i] | 0x20) : in.ptr[i];
		*ret = (struct str){ out, in.len };
		return OK;
	}
	if (in.len > INT32_MAX / 2 || !text_is_utf8(in))
		return INVALID;
	map = ucasemap_open("", 0, &error);
	len = ucasemap_utf8ToLower(map, out, (int32_t)room, in.ptr, (int32_t)in.len, &error);
	ucasemap_close(map);
	if (U_FAILURE(error))
		return FAILED;
	*ret = (struct str){ out, (size_t)len };
	return OK;
}

enum { SLUG_IN = 400 };

/* The first SLUG_IN UTF-16 units of `in` in plain lower-case Latin letters; their number, or -1. */
static int32_t
to_latin(struct str in, UChar out[4 * SLUG_IN])
{
	static const UChar id[] = u"Any-Latin; Latin-ASCII; Lower";
	UErrorCode error = U_ZERO_ERROR;
	UTransliterator *latin;
	int32_t len, limit;

	(void)u_strFromUTF8(out, SLUG_IN, &len, in.ptr, (int32_t)in.len, &error);
	if (error == U_BUFFER_OVERFLOW_ERROR) {
		error = U_ZERO_ERROR;
		len = SLUG_IN;
	}
	latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);
	limit = len;
	utrans_transUChars(latin, out, &len, 4 * SLUG_IN, 0, &limit, &error);
	utrans_close(latin);
	return U_FAILURE(error) ? -1 : len;
}

enum status
text_slug(struct arena *arena, struct str in, size_t max, struct str *ret)
{
	UChar latin[4 * SLUG_IN];
	char *slug = arena_bytes(arena, max + 1);
	int32_t len;
	size_t used = 0;

	if (slug == NULL)
		return NO_MEMORY;
	if (in.len > INT32_MAX || !text_is_utf8(in))
		return INVALID;
	len = to_latin(in, latin);
	if (len < 0)
		return FAILED;
	for (int32_t i = 0; i < len && used < max; i++) {
		if ((latin[i] >= 'a' && latin[i] <= 'z') || (latin[i] >= '0' && latin[i] <= '9'))
			slug[used++] = (char)latin[i];
		else if (used > 0 && slug[used - 1] != '-')
			slug[used++] = '-';
	}
	while (used > 0 && slug[used - 1] == '-')
		used--;
	*ret = (struct str){ slug, used };
	return OK;
}
