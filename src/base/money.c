#include "base/money.h"

#include <assert.h>

enum { DECIMALS_MAX = 4 };
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

/* Drops spaces and one leading currency sign (any non-ASCII bytes, or '$'). */
static struct str
without_sign(struct str text)
{
	text = str_trim(text);
	while (text.len > 0 && ((unsigned char)text.ptr[0] >= 0x80 || text.ptr[0] == '$'))
		text = str_cut(text, 1, text.len);
	text = str_trim(text);
	while (text.len > 0 && (unsigned char)text.ptr[text.len - 1] >= 0x80)
		text.len--;
	return str_trim(text);
}

/* Where the decimals begin: at the last '.' or at a ',' with one or two digits behind it. */
static size_t
decimal_mark(struct str text)
{
	for (size_t i = text.len; i > 0; i--) {
		if (text.ptr[i - 1] == '.')
			return i - 1;
		if (text.ptr[i - 1] == ',')
			return text.len - i == 1 || text.len - i == 2 ? i - 1 : text.len;
	}
	return text.len;
}

enum status
amount_parse(struct str text, int decimals, struct amount *ret)
{
	int64_t value = 0;
	size_t mark, digits = 0, fraction;

	assert(decimals >= 0 && decimals <= DECIMALS_MAX);
	text = without_sign(text);
	mark = decimal_mark(text);
	fraction = mark < text.len ? text.len - mark - 1 : 0;
	if (fraction > (size_t)decimals)
		return INVALID;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (i == mark)
			continue;
		if (i < mark && i > 0 && (c == ',' || c == '\'' || c == ' '))
			continue;
		if (c < '0' || c > '9' || value > AMOUNT_MAX)
			return INVALID;
		value = value * 10 + (c - '0');
		digits++;
	}
	if (digits == 0)
		return INVALID;
	for (size_t i = fraction; i < (size_t)decimals; i++) {
		if (value > AMOUNT_MAX)
			return INVALID;
		value *= 10;
	}
	if (value > AMOUNT_MAX)
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
	buf_add_int(buf, (int64_t)(rest / unit));
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
