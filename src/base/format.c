/* Numbers, money and dates, by ICU and fast.
 *
 * ICU needs 350 ns for a number and 1,300 ns for a date, and its formatters may not be shared
 * by threads. A page formats some hundred of each. So each thread keeps, per language:
 *  - styles: how ICU writes numbers, learnt from its output (base/number_style.h);
 *  - memos: the words of a day and of a minute of the day, as ICU wrote them last.
 */
#include "base/locale_own.h"
#include "base/number_style.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

enum {
	WORDS_MAX = 192, /* bytes of one date or time */
	DAYS = 512,      /* days and minutes kept in words */
	MINUTES = 1440,
	MONEY_STYLES = 8,
	PLURAL_MEMOS = 256,
	FRACTION_MAX = 4
};

struct money_style {
	char code[4];
	bool known;       /* ISO 4217; otherwise the code stands before a plain number */
	int decimals;
	struct number_style whole, exact;
};

struct memo {
	int32_t key;
	uint8_t len; /* 0: unused */
	char text[91];
};

struct formatter {
	struct formatter *next;
	const struct locale *locale;
	struct number_style plain, percent;
	struct money_style money[MONEY_STYLES];
	unsigned money_next; /* the one to be replaced */
	UDateFormat *date, *hour, *minute;
	char glue[64];       /* "{1}, {0}" */
	UPluralRules *plural_rules;
	uint8_t plurals[PLURAL_MEMOS]; /* form + 1; 0: unknown */
	struct memo days[DAYS], minutes[MINUTES]; /* takes memory as they are used */
};

static _Thread_local struct formatter *formatters;
static pthread_key_t at_exit_of_thread;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;

static void
formatter_free(struct formatter *formatter)
{
	number_style_close(&formatter->plain);
	number_style_close(&formatter->percent);
	for (int i = 0; i < MONEY_STYLES; i++) {
		number_style_close(&formatter->money[i].whole);
		number_style_close(&formatter->money[i].exact);
	}
	if (formatter->date != NULL)
		udat_close(formatter->date);
	if (formatter->hour != NULL)
		udat_close(formatter->hour);
	if (formatter->minute != NULL)
		udat_close(formatter->minute);
	if (formatter->plural_rules != NULL)
		uplrules_close(formatter->plural_rules);
	free(formatter);
}

static void
free_all(void *first)
{
	for (struct formatter *formatter = first; formatter != NULL;) {
		struct formatter *next = formatter->next;

		formatter_free(formatter);
		formatter = next;
	}
}

static void
make_key(void)
{
	(void)pthread_key_create(&at_exit_of_thread, free_all);
}

/* ---- one language in one thread ---------------------------------------------------------- */

static UDateFormat *
open_pattern(const char *icu_locale, const UChar *pattern)
{
	UErrorCode error = U_ZERO_ERROR;
	UDateFormat *date;

	date = udat_open(UDAT_PATTERN, UDAT_PATTERN, icu_locale, u"UTC", -1, pattern, -1, &error);
	return U_FAILURE(error) ? NULL : date;
}

/* ICU's pattern for the fields of a skeleton. CLDR 42 puts a narrow no-break space before
 * "PM" in English, which plain mail and text messages don't carry: a space is used. */
static bool
best_pattern(UDateTimePatternGenerator *generator, const UChar *skeleton, UChar out[64])
{
	UErrorCode error = U_ZERO_ERROR;
	int32_t len = udatpg_getBestPattern(generator, skeleton, -1, out, 63, &error);

	if (U_FAILURE(error))
		return false;
	out[len] = 0;
	for (int32_t i = 0; i < len; i++) {
		if (out[i] == 0x202f)
			out[i] = ' ';
	}
	return true;
}

static bool
open_dates(struct formatter *formatter)
{
	const struct locale *locale = formatter->locale;
	UErrorCode error = U_ZERO_ERROR;
	UDateTimePatternGenerator *generator = udatpg_open(locale->icu, &error);
	UChar date[64], hour[64], minute[64];
	const UChar *glue;
	int32_t len = 0;

	if (U_FAILURE(error))
		return false;
	glue = udatpg_getDateTimeFormat(generator, &len);
	formatter->glue[utf16_to_utf8(glue, len, formatter->glue, sizeof formatter->glue - 1).len] = '\0';
	if (best_pattern(generator, u"yMMMMEEEEd", date) && best_pattern(generator, u"j", hour) &&
	    best_pattern(generator, u"jm", minute)) {
		bool by_12 = u_strpbrk(hour, u"hK") != NULL;

		formatter->date = open_pattern(locale->icu, locale->date ? locale->date : date);
		formatter->minute = open_pattern(locale->icu, locale->minute ? locale->minute : minute);
		/* "8 pm", but "20:00": an hour alone does not read as a time of day. */
		formatter->hour = open_pattern(locale->icu,
			locale->hour ? locale->hour : by_12 ? hour : minute);
	}
	udatpg_close(generator);
	return formatter->date != NULL && formatter->hour != NULL && formatter->minute != NULL;
}

static struct formatter *
formatter_open(const struct locale *locale)
{
	struct formatter *formatter = calloc(1, sizeof *formatter);
	UErrorCode error = U_ZERO_ERROR;
	UNumberFormat *plain, *percent;

	if (formatter == NULL)
		return NULL;
	formatter->locale = locale;
	plain = unum_open(UNUM_DECIMAL, NULL, 0, locale->icu, NULL, &error);
	if (plain != NULL)
		number_style_open(&formatter->plain, plain, 0);
	percent = unum_open(UNUM_PERCENT, NULL, 0, locale->icu, NULL, &error);
	if (percent != NULL) {
		unum_setAttribute(percent, UNUM_MULTIPLIER, 1); /* 12 -> 12 % */
		number_style_open(&formatter->percent, percent, 0);
	}
	formatter->plural_rules = uplrules_open(locale->icu, &error);
	if (U_FAILURE(error) || !open_dates(formatter)) {
		formatter_free(formatter);
		return NULL;
	}
	return formatter;
}

/* This thread's formatter for a language; NULL when there is no memory for one. */
static struct formatter *
formatter_for(const struct locale *locale)
{
	struct formatter *formatter;

	for (formatter = formatters; formatter != NULL; formatter = formatter->next) {
		if (formatter->locale == locale)
			return formatter;
	}
	formatter = formatter_open(locale);
	if (formatter == NULL)
		return NULL;
	(void)pthread_once(&key_made, make_key);
	formatter->next = formatters;
	formatters = formatter;
	(void)pthread_setspecific(at_exit_of_thread, formatters);
	return formatter;
}

void
format_number(struct buf *out, const struct format *f, int64_t n)
{
	struct formatter *formatter = formatter_for(f->locale);

	if (formatter == NULL)
		out->failed = true;
	else
		number_style_write_int(out, &formatter->plain, n);
}

void
format_percent(struct buf *out, const struct format *f, int64_t part, int64_t whole)
{
	struct formatter *formatter = formatter_for(f->locale);
	const __int128 twice = whole == 0 ? 0 : (__int128)part * 200 / whole;
	int64_t percent = (int64_t)((twice + (twice < 0 ? -1 : 1)) / 2);

	if (percent == 100 && part < whole)
		percent = 99;
	if (formatter == NULL)
		out->failed = true;
	else
		number_style_write_int(out, &formatter->percent, percent);
}

/* ICU's keyword for n. */
static enum plural_form
select_form(const UPluralRules *rules, uint64_t n)
{
	static const UChar *const names[PLURAL_FORMS] = {
		u"zero", u"one", u"two", u"few", u"many", u"other" };
	UErrorCode error = U_ZERO_ERROR;
	UChar keyword[16];

	(void)uplrules_select(rules, (double)n, keyword, 16, &error);
	for (unsigned i = 0; i < PLURAL_FORMS && U_SUCCESS(error); i++) {
		if (u_strcmp(keyword, names[i]) == 0)
			return i;
	}
	return PLURAL_OTHER;
}

enum plural_form
plural_form(const struct locale *locale, int64_t n)
{
	struct formatter *formatter = formatter_for(locale);
	uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	if (formatter == NULL)
		return PLURAL_OTHER;
	if (size >= PLURAL_MEMOS)
		return select_form(formatter->plural_rules, size);
	if (formatter->plurals[size] == 0)
		formatter->plurals[size] = (uint8_t)(select_form(formatter->plural_rules, size) + 1);
	return formatter->plurals[size] - 1;
}

/* ---- money ------------------------------------------------------------------------------- */

static bool
currency_code(struct str currency, UChar code[4])
{
	if (currency.len != 3)
		return false;
	for (int i = 0; i < 3; i++) {
		if (currency.ptr[i] < 'A' || currency.ptr[i] > 'Z')
			return false;
		code[i] = (UChar)currency.ptr[i];
	}
	code[3] = 0;
	return ucurr_getNumericCode(code) > 0;
}

int
currency_decimals(struct str currency)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar code[4];
	int32_t decimals;

	if (!currency_code(currency, code))
		return -1;
	decimals = ucurr_getDefaultFractionDigits(code, &error);
	return U_FAILURE(error) || decimals > FRACTION_MAX ? -1 : decimals;
}

static bool
money_open(struct money_style *money, const struct locale *locale, struct str currency)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar code[4] = { 0 };
	UNumberFormat *whole, *exact;

	number_style_close(&money->whole);
	number_style_close(&money->exact);
	memset(money, 0, sizeof *money);
	money->decimals = currency_decimals(currency);
	money->known = money->decimals >= 0;
	if (!money->known)
		money->decimals = 2;
	whole = unum_open(money->known ? UNUM_CURRENCY : UNUM_DECIMAL, NULL, 0, locale->icu, NULL,
	                  &error);
	if (U_FAILURE(error))
		return false;
	if (money->known && currency_code(currency, code))
		unum_setTextAttribute(whole, UNUM_CURRENCY_CODE, code, 3, &error);
	exact = unum_clone(whole, &error);
	if (U_FAILURE(error)) {
		unum_close(whole);
		return false;
	}
	number_style_open(&money->whole, whole, 0);
	number_style_open(&money->exact, exact, money->decimals);
	memcpy(money->code, currency.ptr, currency.len);
	return true;
}

static struct money_style *
money_for(struct formatter *formatter, struct str currency)
{
	struct money_style *money;

	if (currency.len > 3)
		currency.len = 0;
	for (unsigned i = 0; i < MONEY_STYLES; i++) {
		money = &formatter->money[i];
		if ((money->whole.learnt || money->whole.icu != NULL) && str_is(currency, money->code))
			return money;
	}
	money = &formatter->money[formatter->money_next];
	formatter->money_next = (formatter->money_next + 1) % MONEY_STYLES;
	return money_open(money, formatter->locale, currency) ? money : NULL;
}

void
format_money(struct buf *out, const struct format *f, struct amount amount)
{
	static const unsigned powers[FRACTION_MAX + 1] = { 1, 10, 100, 1000, 10000 };
	struct formatter *formatter = formatter_for(f->locale);
	struct money_style *money = formatter == NULL ? NULL : money_for(formatter, f->currency);
	uint64_t size = amount.minor < 0 ? 0 - (uint64_t)amount.minor : (uint64_t)amount.minor;
	unsigned unit, fraction;

	if (money == NULL) {
		out->failed = true;
		return;
	}
	unit = powers[money->decimals];
	fraction = (unsigned)(size % unit);
	if (!money->known && money->code[0] != '\0') {
		buf_add_c(out, money->code);
		buf_add_c(out, "\u00a0");
	}
	number_style_write(out, fraction == 0 ? &money->whole : &money->exact, amount.minor < 0,
	                   size / unit, fraction);
}

/* ---- dates ------------------------------------------------------------------------------- */

/* Adds what ICU says for a time, accented in en-XA, and keeps it in `memo`. */
static void
add_words(struct buf *out, struct memo *memo, const UDateFormat *icu, int64_t ms,
          const struct locale *locale)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar text[WORDS_MAX];
	char utf8[WORDS_MAX];
	int32_t len = udat_format(icu, (UDate)ms, text, WORDS_MAX, NULL, &error);
	struct str words = { NULL, 0 };
	size_t from = out->len;

	if (U_SUCCESS(error))
		words = utf16_to_utf8(text, len, utf8, sizeof utf8);
	if (locale->made == LOCALE_ACCENTED)
		pseudo_accent(out, words);
	else
		buf_add(out, words);
	memo->len = 0;
	if (!out->failed && out->len - from <= sizeof memo->text) {
		memo->len = (uint8_t)(out->len - from);
		memcpy(memo->text, out->ptr + from, memo->len);
	}
}

static void
add_day(struct buf *out, struct formatter *formatter, int64_t day)
{
	struct memo *memo = &formatter->days[(uint64_t)day % DAYS];

	if (memo->len > 0 && memo->key == day) {
		buf_add(out, (struct str){ memo->text, memo->len });
		return;
	}
	memo->key = (int32_t)day; /* an instant's days go to 1.1e8 */
	add_words(out, memo, formatter->date, day * 86400000, formatter->locale);
}

static void
add_minute(struct buf *out, struct formatter *formatter, int64_t minute)
{
	struct memo *memo = &formatter->minutes[minute];

	if (memo->len > 0)
		buf_add(out, (struct str){ memo->text, memo->len });
	else
		add_words(out, memo, minute % 60 == 0 ? formatter->hour : formatter->minute,
		          minute * 60000, formatter->locale);
}

static int64_t
day_of(int64_t minutes)
{
	return minutes / 1440 - (minutes % 1440 < 0);
}

void
format_date(struct buf *out, const struct format *f, struct instant t)
{
	struct formatter *formatter = formatter_for(f->locale);

	if (formatter == NULL)
		out->failed = true;
	else
		add_day(out, formatter, day_of(zone_minutes(f->zone, t)));
}

void
format_date_time(struct buf *out, const struct format *f, struct instant t)
{
	struct formatter *formatter = formatter_for(f->locale);
	int64_t minutes, day;

	if (formatter == NULL) {
		out->failed = true;
		return;
	}
	minutes = zone_minutes(f->zone, t);
	day = day_of(minutes);
	for (const char *at = formatter->glue; *at != '\0'; at++) {
		if (strncmp(at, "{1}", 3) == 0) {
			add_day(out, formatter, day);
			at += 2;
		} else if (strncmp(at, "{0}", 3) == 0) {
			add_minute(out, formatter, minutes - day * 1440);
			at += 2;
		} else if (*at != '\'') {
			buf_add_char(out, *at);
		}
	}
}
