/* Shared by locale.c, format.c, pseudo.c and zone.c only. */
#ifndef BASE_LOCALE_OWN_H
#define BASE_LOCALE_OWN_H

#include <unicode/utypes.h>

#include "base/locale.h"
#include "base/words.h"

enum locale_made {
	LOCALE_REAL,
	LOCALE_ACCENTED, /* en-XA */
	LOCALE_MIRRORED  /* ar-XB */
};

struct locale {
	char tag[24];                   /* BCP 47 */
	char icu[24];                   /* ICU's name, for formats */
	enum locale_made made;
	bool right_to_left;
	const struct word_table *words; /* NULL: the English texts themselves */
	const UChar *date;           /* ICU patterns; NULL: ICU's choice for the language */
	const UChar *hour;           /* a full hour */
	const UChar *minute;         /* any other time */
};

/* Which form of a word goes with n in a language (CLDR plural rules). */
enum plural_form plural_form(const struct locale *locale, int64_t n);

/* Minutes since 1970 on a zone's clocks; on those of UTC when nobody knows the zone. */
int64_t zone_minutes(struct str zone, struct instant t);

/* The test language's version of an English literal; kept for the life of the process. */
struct str pseudo_words(enum locale_made made, const char *text);
/* Appends text with accents on its letters, no longer than before: for dates in en-XA. */
void pseudo_accent(struct buf *out, struct str text);

#endif
