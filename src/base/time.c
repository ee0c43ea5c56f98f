#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct instant
time_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (struct instant){ (int64_t)ts.tv_sec * SECOND_US + ts.tv_nsec / 1000 };
}

int64_t
time_passing_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * SECOND_US + ts.tv_nsec / 1000;
}

int64_t
time_passing_ms(void)
{
	return time_passing_us() / 1000;
}

struct instant
time_plus(struct instant t, int64_t us)
{
	return (struct instant){ t.us + us };
}

bool
time_before(struct instant a, struct instant b)
{
	return a.us < b.us;
}

/* Both conversions after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int64_t
time_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return era * 146097 + day_of_era - 719468;
}

void
time_date(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*ret_day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*ret_month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*ret_year = (int)(yoe + era * 400 + (*ret_month <= 2));
}

/* The last `width` digits of n. By hand, as a page has many times and printf is slow. */
static void
put_digits(char *at, int width, int n)
{
	unsigned rest = (unsigned)n;

	while (width-- > 0) {
		at[width] = (char)('0' + rest % 10);
		rest /= 10;
	}
}

struct time_text
time_text(struct instant t)
{
	struct time_text out;
	int64_t seconds = t.us / SECOND_US - (t.us % SECOND_US < 0);
	int64_t days = seconds / 86400 - (seconds % 86400 < 0);
	int of_day = (int)(seconds - days * 86400);
	int y, m, d;

	time_date(days, &y, &m, &d);
	memcpy(out.text, "0000-00-00T00:00:00Z", sizeof out.text);
	put_digits(out.text, 4, y);
	put_digits(out.text + 5, 2, m);
	put_digits(out.text + 8, 2, d);
	put_digits(out.text + 11, 2, of_day / 3600);
	put_digits(out.text + 14, 2, of_day / 60 % 60);
	put_digits(out.text + 17, 2, of_day % 60);
	return out;
}

/* `width` digits at `at`; -1 when one is no digit. */
static int
digits(struct str text, size_t at, size_t width)
{
	int value = 0;

	for (size_t i = at; i < at + width; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return -1;
		value = value * 10 + (text.ptr[i] - '0');
	}
	return value;
}

enum status
time_parse(struct str text, struct instant *ret)
{
	int y, mo, d, h, mi, s, cy, cm, cd;
	int64_t days;

	if (text.len != TIME_TEXT_LEN || text.ptr[4] != '-' || text.ptr[7] != '-' ||
	    text.ptr[10] != 'T' || text.ptr[13] != ':' || text.ptr[16] != ':' || text.ptr[19] != 'Z')
		return INVALID;
	y = digits(text, 0, 4);
	mo = digits(text, 5, 2);
	d = digits(text, 8, 2);
	h = digits(text, 11, 2);
	mi = digits(text, 14, 2);
	s = digits(text, 17, 2);
	if (y < 1 || mo < 1 || mo > 12 || d < 1 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 ||
	    s > 59)
		return INVALID;
	days = time_days(y, mo, d);
	time_date(days, &cy, &cm, &cd);
	if (cy != y || cm != mo || cd != d) /* 31 April */
		return INVALID;
	ret->us = (days * 86400 + h * 3600 + mi * 60 + s) * SECOND_US;
	return OK;
}

struct day_text
day_text(struct instant day)
{
	struct time_text whole = time_text(day);
	struct day_text out = { { 0 } };

	memcpy(out.text, whole.text, sizeof out.text - 1);
	return out;
}

enum status
day_parse(struct str text, struct instant *ret)
{
	char whole[TIME_TEXT_LEN + 1];

	if (text.len != sizeof(struct day_text) - 1)
		return INVALID;
	(void)snprintf(whole, sizeof whole, "%.*sT00:00:00Z", STR_ARG(text));
	return time_parse(str_of(whole), ret);
}
