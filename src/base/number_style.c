#include "base/number_style.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unicode/ustring.h>

enum { TEXT_MAX = 416 }; /* bytes of one number: see compose() */

/* UTF-16 of ICU to UTF-8; empty when it does not fit. */
struct str
utf16_to_utf8(const UChar *text, int32_t len, char *out, size_t size)
{
	UErrorCode error = U_ZERO_ERROR;
	int32_t bytes = 0;

	u_strToUTF8(out, (int32_t)size, &bytes, text, len, &error);
	if (U_FAILURE(error) || (size_t)bytes > size)
		return (struct str){ NULL, 0 };
	return (struct str){ out, (size_t)bytes };
}

void
number_style_close(struct number_style *style)
{
	if (style->icu != NULL)
		unum_close(style->icu);
	style->icu = NULL;
}

/* A number as ICU writes it. `decimal` is plain text: "-1234.50". */
static struct str
ask_icu(const UNumberFormat *icu, const char *decimal, char out[TEXT_MAX])
{
	UErrorCode error = U_ZERO_ERROR;
	UChar text[TEXT_MAX];
	int32_t len = unum_formatDecimal(icu, decimal, -1, text, TEXT_MAX, NULL, &error);

	return U_FAILURE(error) ? (struct str){ NULL, 0 } : utf16_to_utf8(text, len, out, TEXT_MAX);
}

/* Both copy all there may be, which is faster than to copy what there is: TEXT_MAX has room. */
static char *
put(char *at, const struct piece *piece)
{
	memcpy(at, piece->text, sizeof piece->text);
	return at + piece->len;
}

static char *
put_digit(char *at, const struct digit *digit)
{
	memcpy(at, digit->text, sizeof digit->text);
	return at + digit->len;
}

/* How many digits stand behind the first group separator of a number; 0: it has none. */
static unsigned
first_group(const struct number_style *style, unsigned digits)
{
	unsigned left = style->primary;

	if (digits <= style->ungrouped)
		return 0;
	while (left + style->secondary < digits)
		left += style->secondary;
	return left;
}

/* Writes by a learnt style. At most two signs, a point and nine groups (of two digits or more)
 * of 23 bytes, and 24 digits of 4. */
static size_t
compose(const struct number_style *style, bool negative, uint64_t whole, unsigned fraction,
        char out[TEXT_MAX])
{
	unsigned char digits[20];
	unsigned count = 0, group;
	char *at = put(out, &style->before[negative]);

	do {
		digits[count++] = (unsigned char)(whole % 10);
		whole /= 10;
	} while (whole > 0);
	group = first_group(style, count);
	for (unsigned left = count; left > 0; left--) {
		if (left == group) {
			at = put(at, &style->group);
			group = group > style->primary ? group - style->secondary : 0;
		}
		at = put_digit(at, &style->digits[digits[left - 1]]);
	}
	if (style->decimals > 0) {
		unsigned unit = 1;

		at = put(at, &style->point);
		for (int i = 1; i < style->decimals; i++)
			unit *= 10;
		for (; unit > 0; unit /= 10)
			at = put_digit(at, &style->digits[fraction / unit % 10]);
	}
	at = put(at, &style->after[negative]);
	return (size_t)(at - out);
}

static bool
piece_set(struct piece *piece, struct str s)
{
	if (s.len > sizeof piece->text)
		return false;
	memcpy(piece->text, s.ptr, s.len);
	piece->len = (uint8_t)s.len;
	return true;
}

/* Length of the digit that s begins with, or 0. */
static size_t
digit_at(const struct number_style *style, struct str s)
{
	for (int i = 0; i < 10; i++) {
		struct str digit = { style->digits[i].text, style->digits[i].len };

		if (str_starts(s, digit))
			return digit.len;
	}
	return 0;
}

/* What stands between the digits of one number. */
struct layout {
	struct str before, after;
	struct str gaps[16];      /* what separates runs of digits */
	unsigned runs[17];        /* digits in each run */
	unsigned gap_count;
};

static bool
read_layout(const struct number_style *style, struct str text, struct layout *ret)
{
	size_t at = 0, gap_from, digit;

	*ret = (struct layout){ .gap_count = 0 };
	while (at < text.len && digit_at(style, str_cut(text, at, text.len)) == 0)
		at++;
	ret->before = str_cut(text, 0, at);
	for (;;) {
		while ((digit = digit_at(style, str_cut(text, at, text.len))) > 0) {
			ret->runs[ret->gap_count]++;
			at += digit;
		}
		gap_from = at;
		while (at < text.len && digit_at(style, str_cut(text, at, text.len)) == 0)
			at++;
		if (at == text.len)
			break;
		if (ret->gap_count == 16)
			return false;
		ret->gaps[ret->gap_count++] = str_cut(text, gap_from, at);
	}
	ret->after = str_cut(text, gap_from, text.len);
	return ret->runs[0] > 0;
}

static bool
learn_groups(struct number_style *style, const UNumberFormat *icu)
{
	static const char *const lengths[] = { "1", "12", "123", "1234", "12345", "123456", "1234567" };
	char text[TEXT_MAX];
	struct layout layout;
	unsigned points = style->decimals > 0;

	if (!read_layout(style, ask_icu(icu, "123456789012", text), &layout) ||
	    layout.gap_count < points)
		return false;
	if (points > 0 && !piece_set(&style->point, layout.gaps[layout.gap_count - 1]))
		return false;
	style->primary = style->secondary = 1;
	style->ungrouped = 99;
	if (layout.gap_count == points)
		return true;
	style->primary = layout.runs[layout.gap_count - points];
	style->secondary = layout.gap_count > points + 1 ? layout.runs[1] : style->primary;
	if (!piece_set(&style->group, layout.gaps[0]) || style->primary < 2 || style->secondary < 2)
		return false;
	for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		if (!read_layout(style, ask_icu(icu, lengths[i], text), &layout))
			return false;
		if (layout.gap_count > points)
			return true;
		style->ungrouped = i + 1;
	}
	return true;
}

static bool
learn_signs(struct number_style *style, const UNumberFormat *icu)
{
	char text[TEXT_MAX];
	struct layout layout;

	for (int negative = 0; negative < 2; negative++) {
		if (!read_layout(style, ask_icu(icu, negative ? "-1" : "1", text), &layout) ||
		    !piece_set(&style->before[negative], layout.before) ||
		    !piece_set(&style->after[negative], layout.after))
			return false;
	}
	return true;
}

struct decimal { char text[48]; };

/* "-12.50": what ICU is given. */
static struct decimal
decimal_of(const struct number_style *style, bool negative, uint64_t whole, unsigned fraction)
{
	struct decimal d;
	char digits[12];
	int len = snprintf(d.text, sizeof d.text, "%s%llu", negative ? "-" : "",
	                   (unsigned long long)whole);

	assert(style->decimals <= 10);
	(void)snprintf(digits, sizeof digits, "%010u", fraction);
	if (style->decimals > 0)
		(void)snprintf(d.text + len, sizeof d.text - (size_t)len, ".%s",
		               digits + 10 - style->decimals);
	return d;
}

/* Does the style give ICU's very text for this probe? */
static bool
agrees(const struct number_style *style, const UNumberFormat *icu, int64_t whole,
       unsigned fraction)
{
	struct decimal decimal;
	char theirs[TEXT_MAX], ours[TEXT_MAX];
	uint64_t size = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;

	decimal = decimal_of(style, whole < 0, size, fraction);
	return str_eq(ask_icu(icu, decimal.text, theirs),
	              (struct str){ ours, compose(style, whole < 0, size, fraction, ours) });
}

static bool
learn(struct number_style *style, const UNumberFormat *icu)
{
	static const int64_t probes[] = { 0, 1, 9, 10, 99, 100, 999, 1000, 1001, 9999, 10000, 12345,
		99999, 100000, 123456, 1000000, 9876543, 12345678, 123456789, 1000000000,
		98765432109, 999999999999, 1234567890123, 98765432109876, 999999999999999,
		INT64_C(1234567890123456789), INT64_MAX };
	UErrorCode error = U_ZERO_ERROR;
	UChar zero[4];
	UChar32 first;

	if (unum_getSymbol(icu, UNUM_ZERO_DIGIT_SYMBOL, zero, 4, &error) < 1 || U_FAILURE(error))
		return false;
	U16_GET(zero, 0, 0, 2, first);
	for (int i = 0; i < 10; i++) {
		int32_t len = 0;

		U8_APPEND_UNSAFE(style->digits[i].text, len, first + i);
		style->digits[i].len = (uint8_t)len;
	}
	if (!learn_groups(style, icu) || !learn_signs(style, icu))
		return false;
	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
		if (!agrees(style, icu, probes[i], 5) ||
		    (probes[i] != 0 && !agrees(style, icu, -probes[i], 90)))
			return false;
	}
	return true;
}

/* Takes over icu. */
void
number_style_open(struct number_style *style, UNumberFormat *icu, int decimals)
{
	*style = (struct number_style){ .icu = icu, .decimals = decimals };
	unum_setAttribute(icu, UNUM_MIN_FRACTION_DIGITS, decimals);
	unum_setAttribute(icu, UNUM_MAX_FRACTION_DIGITS, decimals);
	style->learnt = learn(style, icu);
	if (style->learnt)
		number_style_close(style);
}

void
number_style_write(struct buf *out, const struct number_style *style, bool negative, uint64_t whole,
            unsigned fraction)
{
	char text[TEXT_MAX];

	if (style->learnt)
		buf_add(out, (struct str){ text, compose(style, negative, whole, fraction, text) });
	else
		buf_add(out, ask_icu(style->icu,
		                     decimal_of(style, negative, whole, fraction).text, text));
}

void
number_style_write_int(struct buf *out, const struct number_style *style, int64_t n)
{
	number_style_write(out, style, n < 0, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, 0);
}
