#include "base/locale_own.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/uloc.h>

enum { LOCALES_MAX = 64 };

/* Languages that need no translation. British English writes its dates without a comma and
 * says "8 pm", which CLDR's patterns for en-GB don't. */
static const struct locale built_in[] = {
	{ .tag = "en-GB", .icu = "en_GB",
	  .date = u"EEEE d MMMM y", .hour = u"h a", .minute = u"h:mm a" },
	{ .tag = "en-US", .icu = "en_US" },
	{ .tag = "en-XA", .icu = "en_GB", .made = LOCALE_ACCENTED,
	  .date = u"EEEE d MMMM y", .hour = u"h a", .minute = u"h:mm a" },
	{ .tag = "ar-XB", .icu = "ar_EG", .made = LOCALE_MIRRORED, .right_to_left = true },
};
enum { BUILT_IN = sizeof built_in / sizeof *built_in };

static struct locale locales[LOCALES_MAX];
static size_t locale_count;
static pthread_once_t listed = PTHREAD_ONCE_INIT;

static void
add_translation(const struct word_table *words)
{
	struct locale *locale = &locales[locale_count];
	UErrorCode error = U_ZERO_ERROR;

	for (size_t i = 0; i < locale_count; i++) {
		if (strcmp(locales[i].tag, words->tag) == 0) {
			locales[i].words = words;
			return;
		}
	}
	assert(locale_count < LOCALES_MAX && strlen(words->tag) < sizeof locale->tag);
	(void)snprintf(locale->tag, sizeof locale->tag, "%s", words->tag);
	(void)uloc_forLanguageTag(words->tag, locale->icu, sizeof locale->icu, NULL, &error);
	assert(U_SUCCESS(error)); /* gen_po takes only tags that ICU takes */
	locale->words = words;
	locale->right_to_left = uloc_isRightToLeft(locale->icu);
	locale_count++;
}

static void
list_locales(void)
{
	memcpy(locales, built_in, sizeof built_in);
	locale_count = BUILT_IN;
	for (size_t i = 0; i < word_table_count; i++)
		add_translation(&word_tables[i]);
}

static const struct locale *
find_exact(struct str tag)
{
	for (size_t i = 0; i < locale_count; i++) {
		if (str_same(str_of(locales[i].tag), tag))
			return &locales[i];
	}
	return NULL;
}

/* The first locale of this primary language; a test language only answers to its own name. */
static const struct locale *
find_language(struct str language)
{
	for (size_t i = 0; i < locale_count; i++) {
		const struct locale *locale = &locales[i];

		if (locale->made == LOCALE_REAL && strcspn(locale->tag, "-") == language.len &&
		    strncasecmp(locale->tag, language.ptr, language.len) == 0)
			return locale;
	}
	return NULL;
}

/* RFC 4647 lookup: the whole tag, then without its last subtag, …, then its language. */
static const struct locale *
find(struct str tag)
{
	struct str rest = tag;

	(void)pthread_once(&listed, list_locales);
	if (tag.len == 0)
		return NULL;
	for (;;) {
		const struct locale *locale = find_exact(rest);
		size_t last = rest.len;

		if (locale != NULL)
			return locale;
		while (last > 0 && rest.ptr[last - 1] != '-')
			last--;
		if (last == 0)
			return find_language(rest);
		rest.len = last - 1;
	}
}

const struct locale *
locale_get(struct str tag)
{
	const struct locale *locale = find(tag);

	return locale == NULL ? &locales[0] : locale;
}

/* The weight behind "q=" in thousandths (RFC 9110, 12.4.2); 1000 without one, 0 if broken. */
static int
weight(struct str parameter)
{
	int value = 0, unit = 1000;

	parameter = str_trim(parameter);
	if (parameter.len == 0)
		return 1000;
	if (!str_starts(parameter, STR("q=")) && !str_starts(parameter, STR("Q=")))
		return 0;
	for (size_t i = 2; i < parameter.len && unit > 0; i++) {
		char c = parameter.ptr[i];

		if (i == 3 && c == '.')
			continue;
		if (c < '0' || c > '9')
			return 0;
		value += (c - '0') * unit;
		unit /= 10;
	}
	return value > 1000 ? 1000 : value;
}

/* Two kinds of one language: English there and English here. */
static bool
is_same_language(const struct locale *a, const struct locale *b)
{
	struct str one = str_of(a->tag), other = str_of(b->tag);

	return a->made == LOCALE_REAL && b->made == LOCALE_REAL &&
	       str_eq(str_next(&one, '-'), str_next(&other, '-'));
}

const struct locale *
locale_negotiate(struct str accept_language, const struct locale *fallback)
{
	const struct locale *best = NULL;
	int best_weight = 0;

	for (struct str rest = accept_language; rest.ptr != NULL;) {
		struct str item = str_next(&rest, ',');
		struct str tag = str_trim(str_next(&item, ';'));
		int q = weight(item);
		const struct locale *locale = q > best_weight ? find(tag) : NULL;

		if (q > best_weight && str_is(tag, "*"))
			locale = fallback;
		if (locale != NULL) {
			best = locale;
			best_weight = q;
		}
	}
	if (best == NULL || (fallback != NULL && is_same_language(best, fallback)))
		return fallback;
	return best;
}

struct str
locale_tag(const struct locale *locale)
{
	return str_of(locale->tag);
}

bool
locale_right_to_left(const struct locale *locale)
{
	return locale->right_to_left;
}

static int
compare_entry(const void *text, const void *entry)
{
	return strcmp(text, ((const struct word_entry *)entry)->english);
}

/* The translation in form `form`; empty when there is none. */
static struct str
look_up(const struct word_table *table, const char *text, enum plural_form form)
{
	const struct word_entry *entry;

	entry = bsearch(text, table->ptr, table->len, sizeof *table->ptr, compare_entry);
	if (entry == NULL)
		return (struct str){ NULL, 0 };
	return entry->forms[entry->forms[form].len > 0 ? form : PLURAL_OTHER];
}

struct str
locale_words(const struct locale *locale, const char *text)
{
	struct str words = { NULL, 0 };

	if (locale->made != LOCALE_REAL)
		return pseudo_words(locale->made, text);
	if (locale->words != NULL)
		words = look_up(locale->words, text, PLURAL_OTHER);
	return words.len > 0 ? words : str_of(text);
}

struct str
locale_words_plural(const struct locale *locale, const char *one, const char *many, int64_t n)
{
	struct str words = { NULL, 0 };

	if (locale->made != LOCALE_REAL)
		return pseudo_words(locale->made, n == 1 ? one : many);
	if (locale->words != NULL)
		words = look_up(locale->words, one, plural_form(locale, n));
	return words.len > 0 ? words : str_of(n == 1 ? one : many);
}

static const struct message_value *
value_named(const struct message *message, struct str name)
{
	for (int i = 0; i < MESSAGE_VALUES_MAX; i++) {
		const struct message_value *value = &message->values[i];

		if (value->kind != MESSAGE_NOTHING && str_is(name, value->name))
			return value;
	}
	return NULL;
}

static void
format_value(struct buf *out, const struct format *f, const struct message_value *value)
{
	switch (value->kind) {
	case MESSAGE_NOTHING:
		break;
	case MESSAGE_TEXT:
		buf_add(out, value->text);
		break;
	case MESSAGE_NUMBER:
		format_number(out, f, value->number);
		break;
	case MESSAGE_MONEY:
		format_money(out, f, value->money);
		break;
	case MESSAGE_TIME:
		format_date_time(out, f, value->time);
		break;
	}
}

static struct str
message_words(const struct locale *locale, const struct message *message)
{
	const struct message_value *n;

	if (message->plural == NULL)
		return locale_words(locale, message->text);
	n = value_named(message, STR("n"));
	assert(n != NULL && n->kind == MESSAGE_NUMBER);
	return locale_words_plural(locale, message->text, message->plural, n->number);
}

void
format_message(struct buf *out, const struct format *f, const struct message *message)
{
	struct str rest;

	if (message->text == NULL)
		return;
	rest = message_words(f->locale, message);
	while (rest.len > 0) {
		size_t open = str_find(rest, STR("{"));
		size_t close = str_find(rest, STR("}"));
		const struct message_value *value = NULL;

		if (open < close && close < rest.len)
			value = value_named(message, str_cut(rest, open + 1, close));
		if (value != NULL) {
			buf_add(out, str_cut(rest, 0, open));
			format_value(out, f, value);
			rest = str_cut(rest, close + 1, rest.len);
		} else { /* a brace that names no value stands for itself */
			buf_add(out, str_cut(rest, 0, open + 1));
			rest = str_cut(rest, open + 1, rest.len);
		}
	}
}
