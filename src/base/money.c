#include "base/money.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum {
	DECIMALS_MAX = 4,
	AMOUNT_BYTES = 64 /* longest text that can be an amount */
};
static const int64_t AMOUNT_MAX = INT64_C(1000000000000000);

enum status
amount_add(struct amount a, struct amount b, struct amount *ret)
{
	return __builtin_add_overflow(a.minor, b.minor, &ret->minor) ? INVALID : OK;
}

enum status
amount_subtract(struct amount a, struct amount b, struct amount *ret)
{
	return __builtin_sub_overflow(a.minor, b.minor, &ret->minor) ? INVALID : OK;
}

/* The character of plain notation that c stands for: a digit of any script, a separator, ' ' for
 * any white space, '$' for any currency sign; 0 for what has no place in an amount. */
static char
plain_character(UChar32 c)
{
	if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER)
		return (char)('0' + u_charDigitValue(c));
	if (u_charType(c) == U_CURRENCY_SYMBOL)
		return '$';
	if (u_isUWhiteSpace(c))
		return ' ';
	if (c == '.' || c == 0x066b) /* ARABIC DECIMAL SEPARATOR */
		return '.';
	if (c == ',')
		return ',';
	if (c == '\'' || c == 0x2019 || c == 0x066c) /* ARABIC THOUSANDS SEPARATOR */
		return '\'';
	return 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Plain notation without spaces and a currency sign around it; empty when it can't be an amount. */
static struct str
plain_notation(struct str text, char out[AMOUNT_BYTES])
{
	struct str plain = { out, 0 }, none = { NULL, 0 };
	int32_t at = 0, len = (int32_t)text.len;

	if (text.len > AMOUNT_BYTES)
		return none;
	while (at < len) {
		UChar32 c;
		char made;

		U8_NEXT(text.ptr, at, len, c);
		made = c < 0 ? 0 : plain_character(c);
		if (made == 0)
			return none;
		out[plain.len++] = made;
	}
	plain = str_trim(plain);
	if (plain.len > 0 && plain.ptr[0] == '$')
		plain = str_cut(plain, 1, plain.len);
	else if (plain.len > 0 && plain.ptr[plain.len - 1] == '$')
		plain.len--;
	return str_trim(plain);
}

/* Where the decimals begin: at the only '.', or at the only ',' with one or two digits behind it.
 * What comes twice separates thousands. */
static size_t
decimal_mark(struct str text)
{
	size_t last = text.len;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '.' || text.ptr[i] == ',')
			last = i;
	}
	if (last == text.len || memchr(text.ptr, text.ptr[last], last) != NULL)
		return text.len;
	if (text.ptr[last] == ',' && text.len - last != 2 && text.len - last != 3)
		return text.len;
	return last;
}

/* Digits in groups, if any, by one kind of separator: three in the last, two (as in India) or
 * three in inner ones, up to three in the first. So a slip of the finger is no thousand. */
static bool
is_whole_part(struct str text)
{
	size_t group = 0, groups = 0;
	char separator = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (is_digit(text.ptr[i])) {
			group++;
			continue;
		}
		if (text.ptr[i] == '$' || (separator != 0 && text.ptr[i] != separator))
			return false;
		if (group > 3 || group < (groups == 0 ? 1 : 2))
			return false;
		separator = text.ptr[i];
		groups++;
		group = 0;
	}
	return groups == 0 || group == 3;
}

static enum status
add_digits(struct str text, int64_t *value)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_digit(text.ptr[i]))
			continue;
		*value = *value * 10 + (text.ptr[i] - '0');
		if (*value > AMOUNT_MAX)
			return INVALID;
	}
	return OK;
}

enum status
amount_parse(struct str text, int decimals, struct amount *ret)
{
	char notation[AMOUNT_BYTES];
	struct str plain, whole, fraction;
	int64_t value = 0;
	size_t mark;

	assert(decimals >= 0 && decimals <= DECIMALS_MAX);
	plain = plain_notation(text, notation);
	mark = decimal_mark(plain);
	whole = str_cut(plain, 0, mark);
	fraction = str_cut(plain, mark + 1, plain.len);
	if (whole.len + fraction.len == 0 || !is_whole_part(whole) ||
	    fraction.len > (size_t)decimals)
		return INVALID;
	for (size_t i = 0; i < fraction.len; i++) {
		if (!is_digit(fraction.ptr[i]))
			return INVALID;
	}
	if (add_digits(whole, &value) != OK || add_digits(fraction, &value) != OK ||
	    add_digits(str_cut(STR("0000"), fraction.len, (size_t)decimals), &value) != OK)
		return INVALID;
	ret->minor = value;
	return OK;
}

void
amount_write(struct buf *buf, struct amount amount, int decimals)
{
	uint64_t rest = amount.minor < 0 ? 0 - (uint64_t)amount.minor : (uint64_t)amount.minor;
	uint64_t unit = 1;
	char digits[AMOUNT_WRITE_DECIMALS_MAX];
	int last = decimals;

	assert(decimals >= 0 && decimals <= AMOUNT_WRITE_DECIMALS_MAX);
	for (int i = 0; i < decimals; i++)
		unit *= 10;
	if (amount.minor < 0)
		buf_add_char(buf, '-');
	buf_add_format(buf, "%" PRIu64, rest / unit);
	rest %= unit;
	for (int i = decimals - 1; i >= 0; i--) {
		digits[i] = (char)('0' + rest % 10);
		rest /= 10;
	}
	while (last > 0 && digits[last - 1] == '0')
		last--;
	if (last > 0) {
		buf_add_char(buf, '.');
		buf_add(buf, (struct str){ digits, (size_t)last });
	}
}
