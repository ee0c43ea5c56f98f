#include "web/choice.h"

#include <unicode/ucal.h>
#include <unicode/ucurr.h>
#include <unicode/uenum.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

/* Those that a place is likely to keep its money in; the recipe's own is added. */
static const char *const currencies[] = {
	"GBP", "EUR", "USD", "AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "HUF", "INR", "JPY", "KES",
	"MXN", "NGN", "NOK", "NZD", "PLN", "RON", "SEK", "ZAR",
};

/* The languages that there are pages in. */
static const char *const languages[] = { "en-GB", "en-US" };

static enum status
add(struct arena *arena, struct choices *list, struct str value, struct str label,
    struct str chosen)
{
	struct choice *choice = &list->ptr[list->len];
	enum status st = str_copy(arena, value, &choice->value);

	if (st == OK)
		st = str_copy(arena, label, &choice->label);
	choice->chosen = str_eq(value, chosen);
	list->len++;
	return st;
}

static bool
has_chosen(const struct choices *list)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->ptr[i].chosen)
			return true;
	return false;
}

/* What was typed or set and is in no list stands in it all the same. */
static enum status
add_chosen(struct arena *arena, struct choices *list, struct str chosen)
{
	if (chosen.len == 0 || has_chosen(list))
		return OK;
	return add(arena, list, chosen, chosen, chosen);
}

static enum status
make(struct arena *arena, size_t room, struct choices *ret)
{
	*ret = (struct choices){ ARENA_ARRAY(arena, room + 2, struct choice), 0 };
	return ret->ptr == NULL ? NO_MEMORY : OK;
}

enum status
choices_zones(struct arena *arena, struct str chosen, struct choices *ret)
{
	UErrorCode err = U_ZERO_ERROR;
	UEnumeration *zones = ucal_openTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL_LOCATION, NULL,
	                                                     NULL, &err);
	int32_t room = uenum_count(zones, &err), len;
	const char *name;
	enum status st = U_SUCCESS(err) ? make(arena, (size_t)room, ret) : FAILED;

	if (st == OK)
		st = add(arena, ret, STR("UTC"), STR("UTC"), chosen);
	for (int32_t i = 0; i < room && st == OK && (name = uenum_next(zones, &len, &err)) != NULL; i++) {
		char label[80];

		for (int32_t c = 0; c <= len && c < (int32_t)sizeof label; c++)
			label[c] = name[c] == '_' ? ' ' : name[c];
		label[sizeof label - 1] = '\0';
		st = add(arena, ret, (struct str){ name, (size_t)len }, str_of(label), chosen);
	}
	uenum_close(zones);
	return st == OK ? add_chosen(arena, ret, chosen) : st;
}

static enum status
currency_label(struct arena *arena, const char *locale, const char *code, struct str *ret)
{
	UErrorCode err = U_ZERO_ERROR;
	UChar wide[4];
	char name[120];
	int32_t len = 0;
	const UChar *words;

	u_charsToUChars(code, wide, 3);
	wide[3] = 0;
	words = ucurr_getName(wide, locale, UCURR_LONG_NAME, NULL, &len, &err);
	u_strToUTF8(name, sizeof name, NULL, words, len, &err);
	if (U_FAILURE(err))
		return str_copy(arena, str_of(code), ret);
	return str_format(arena, ret, "%s (%s)", name, code);
}

enum status
choices_currencies(struct arena *arena, const struct locale *locale, struct str chosen,
                   struct choices *ret)
{
	size_t room = sizeof currencies / sizeof *currencies;
	enum status st = make(arena, room, ret);
	char *tag = str_to_c(arena, locale_tag(locale)), icu[ULOC_FULLNAME_CAPACITY] = "en";
	UErrorCode err = U_ZERO_ERROR;

	if (tag != NULL)
		uloc_forLanguageTag(tag, icu, sizeof icu, NULL, &err);
	for (size_t i = 0; i < room && st == OK; i++) {
		struct str label;

		st = currency_label(arena, icu, currencies[i], &label);
		if (st == OK)
			st = add(arena, ret, str_of(currencies[i]), label, chosen);
	}
	return st == OK ? add_chosen(arena, ret, chosen) : st;
}

static enum status
language_name(struct arena *arena, const char *tag, struct str *ret)
{
	UErrorCode err = U_ZERO_ERROR;
	UChar wide[120];
	char name[360];

	uloc_getDisplayName(tag, tag, wide, 120, &err);
	u_strToUTF8(name, sizeof name, NULL, wide, -1, &err);
	return str_copy(arena, str_of(U_SUCCESS(err) ? name : tag), ret);
}

enum status
language_in_words(struct arena *arena, struct str tag, struct str *ret)
{
	char *c_tag = str_to_c(arena, tag);

	return c_tag == NULL ? NO_MEMORY : language_name(arena, c_tag, ret);
}

enum status
choices_languages(struct arena *arena, struct str chosen, struct choices *ret)
{
	size_t room = sizeof languages / sizeof *languages;
	enum status st = make(arena, room, ret);

	for (size_t i = 0; i < room && st == OK; i++) {
		struct str label;

		st = language_name(arena, languages[i], &label);
		if (st == OK)
			st = add(arena, ret, str_of(languages[i]), label, chosen);
	}
	return st == OK ? add_chosen(arena, ret, chosen) : st;
}
