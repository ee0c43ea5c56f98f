/* Words, numbers, money and dates in a person's language (ICU), in a place's time zone.
 *
 * setlocale and TZ are process-wide, so neither is used. A struct locale is cheap to look at
 * and shared by all threads; ICU's formatters are made once per language and cached.
 */
#ifndef BASE_LOCALE_H
#define BASE_LOCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/message.h"
#include "base/money.h"
#include "base/status.h"
#include "base/str.h"
#include "base/time.h"

struct locale; /* one language; owned by this module, lives as long as the process */

/* The language for a tag ("en", "en-GB", "ar-XB"); English when it is not there.
 * "en-XA" (accented, longer) and "ar-XB" (right to left) are test languages made by rule. */
const struct locale *locale_get(struct str tag);
/* The best of an Accept-Language header, or fallback: also where it is another kind of the same
 * language, as a place's dates are written in the place's way. */
const struct locale *locale_negotiate(struct str accept_language, const struct locale *fallback);
struct str locale_tag(const struct locale *locale); /* for lang="…" */
bool locale_right_to_left(const struct locale *locale);

/* What a page, mail or report is written for. */
struct format {
	const struct locale *locale;
	struct str currency; /* ISO 4217, e.g. "GBP" */
	struct str zone;     /* IANA, e.g. "Europe/London" */
};

/* The translation of an English text (the text itself when there is none). */
struct str locale_words(const struct locale *locale, const char *text);
/* The form of a text for a number. */
struct str locale_words_plural(const struct locale *locale, const char *one, const char *many,
                               int64_t n);

/* All of these append plain text (not HTML). */
void format_message(struct buf *out, const struct format *f, const struct message *message);
void format_number(struct buf *out, const struct format *f, int64_t n);
/* Rounded, halves away from zero; but less than all is never called 100%. */
void format_percent(struct buf *out, const struct format *f, int64_t part, int64_t whole);
/* "£1,234.50", and without decimals where the amount is whole: "£1,234". */
void format_money(struct buf *out, const struct format *f, struct amount amount);
void format_date(struct buf *out, const struct format *f, struct instant t); /* Sunday 6 December 2026 */
/* "Sunday 6 December 2026, 8 pm" */
void format_date_time(struct buf *out, const struct format *f, struct instant t);

/* Digits behind the point of a currency (GBP 2, JPY 0); -1 for an unknown code. */
int currency_decimals(struct str currency);
bool zone_is_known(struct str zone);
/* Local wall-clock time of a zone: year, month 1-12, day, hour, minute. */
struct local_time { int year, month, day, hour, minute; };
MUST_CHECK enum status zone_to_local(struct str zone, struct instant t, struct local_time *ret);
/* The instant of a wall-clock time. A time the clocks skip moves forward by the gap; one
 * that comes twice is the first. INVALID for an impossible date or an unknown zone. */
MUST_CHECK enum status zone_from_local(struct str zone, struct local_time local,
                                       struct instant *ret);

#endif
