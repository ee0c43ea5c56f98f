/* Compiles locale/TAG.po files into the C tables that base/locale.c looks words up in.
 *
 *     gen_po OUT.c [TAG.po …]
 *
 * A fuzzy or empty translation is left out: its English text is shown. What would show a
 * reader something wrong fails the build: a placeholder {x} that the English has not, and
 * plural forms that can't be told apart by the language's plural categories (CLDR). The
 * index of each category comes from the file's own Plural-Forms line, so that forms may be
 * in any order. */
#include <gettext-po.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uloc.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "plural.h"

enum { FORMS = 6, OTHER = 5, SAMPLES = 1000 };

struct entry {
	const char *english;
	const char *forms[FORMS]; /* NULL: none */
};

struct language {
	const char *path;
	char tag[24];
	po_file_t file;          /* owns every text */
	struct entry *entries;
	size_t count, size;
	int forms;               /* nplurals */
	int index[FORMS];        /* of each category among msgstr[]; -1: whole numbers don't take it */
};

_Noreturn static void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fputs("gen_po: ", stderr);
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static void
report(int severity, po_message_t message, const char *filename, size_t line, size_t column,
       int multiline, const char *text)
{
	(void)message;
	(void)column;
	(void)multiline;
	if (severity != PO_SEVERITY_WARNING)
		fail("%s:%zu: %s", filename, line, text);
}

static void
report_two(int severity, po_message_t message1, const char *filename1, size_t line1,
           size_t column1, int multiline1, const char *text1, po_message_t message2,
           const char *filename2, size_t line2, size_t column2, int multiline2, const char *text2)
{
	(void)message2;
	(void)filename2;
	(void)line2;
	(void)column2;
	(void)multiline2;
	(void)text2;
	report(severity, message1, filename1, line1, column1, multiline1, text1);
}

/* "locale/pl.po" -> "pl" */
static void
set_tag(struct language *language)
{
	const char *slash = strrchr(language->path, '/');
	const char *name = slash == NULL ? language->path : slash + 1;
	size_t len = strlen(name);
	UErrorCode error = U_ZERO_ERROR;
	int32_t parsed = 0;
	char icu[64];

	if (len <= 3 || len - 3 >= sizeof language->tag || strcmp(name + len - 3, ".po") != 0)
		fail("%s: its name must be a language tag and .po", language->path);
	memcpy(language->tag, name, len - 3);
	(void)uloc_forLanguageTag(language->tag, icu, sizeof icu, &parsed, &error);
	if (U_FAILURE(error) || (size_t)parsed != len - 3)
		fail("%s: %s is no language tag (BCP 47)", language->path, language->tag);
}

static int
category_of(const UPluralRules *rules, unsigned n)
{
	static const UChar *const names[FORMS] = { u"zero", u"one", u"two", u"few", u"many", u"other" };
	UErrorCode error = U_ZERO_ERROR;
	UChar keyword[16];

	(void)uplrules_select(rules, n, keyword, 16, &error);
	for (int i = 0; i < FORMS && U_SUCCESS(error); i++) {
		if (u_strcmp(keyword, names[i]) == 0)
			return i;
	}
	fail("ICU has no plural category for %u", n);
}

/* Which msgstr[] each category is, from the header's own expression. */
static void
map_forms(struct language *language, const char *plural_forms)
{
	UErrorCode error = U_ZERO_ERROR;
	UPluralRules *rules = uplrules_open(language->tag, &error);

	if (U_FAILURE(error))
		fail("%s: ICU has no plural rules for %s", language->path, language->tag);
	language->forms = plural_count(plural_forms);
	for (int i = 0; i < FORMS; i++)
		language->index[i] = -1;
	for (unsigned n = 0; n < SAMPLES; n++) {
		int category = category_of(rules, n);
		unsigned long index = 0;

		if (!plural_index(plural_forms, n, &index) || (long)index >= language->forms)
			fail("%s: can't use Plural-Forms: %s", language->path, plural_forms);
		if (language->index[category] == -1)
			language->index[category] = (int)index;
		else if (language->index[category] != (int)index)
			fail("%s: Plural-Forms gives %u form %lu, where CLDR sees no difference to form %d",
			     language->path, n, index, language->index[category]);
	}
	uplrules_close(rules);
	if (language->index[OTHER] == -1) /* only fractions take it, as in Polish */
		language->index[OTHER] = language->forms - 1;
}

static void
read_header(struct language *language)
{
	const char *header = po_file_domain_header(language->file, NULL);
	char *charset = header == NULL ? NULL : po_header_field(header, "Content-Type");
	char *forms = header == NULL ? NULL : po_header_field(header, "Plural-Forms");

	if (charset == NULL || strcasestr(charset, "charset=utf-8") == NULL)
		fail("%s: its header must say charset=UTF-8", language->path);
	if (forms == NULL)
		fail("%s: its header needs Plural-Forms", language->path);
	map_forms(language, forms);
	free(charset);
	free(forms);
}

static int
has_name(const char *text, const char *name, size_t len)
{
	for (const char *at = text; at != NULL && (at = strchr(at, '{')) != NULL; at++) {
		if (strncmp(at, name, len) == 0)
			return 1;
	}
	return 0;
}

/* Every {name} of the translation must be in the English, singular or plural. */
static void
check_names(const struct language *language, po_message_t message, const char *translation)
{
	const char *one = po_message_msgid(message), *many = po_message_msgid_plural(message);

	for (const char *at = translation; (at = strchr(at, '{')) != NULL; at++) {
		const char *end = strchr(at, '}');
		size_t len = end == NULL ? 0 : (size_t)(end - at) + 1;

		if (end == NULL)
			fail("%s: \"%s\": a { without its }", language->path, translation);
		if (!has_name(one, at, len) && !has_name(many, at, len))
			fail("%s: \"%s\": the English has no %.*s", language->path, translation, (int)len, at);
	}
}

static struct entry *
add_entry(struct language *language)
{
	if (language->count == language->size) {
		language->size = language->size == 0 ? 256 : language->size * 2;
		language->entries = realloc(language->entries,
		                            language->size * sizeof *language->entries);
		if (language->entries == NULL)
			fail("out of memory");
	}
	language->entries[language->count] = (struct entry){ .english = NULL };
	return &language->entries[language->count++];
}

static void
add_message(struct language *language, po_message_t message)
{
	const char *plural = po_message_msgid_plural(message);
	const char *translations[FORMS] = { po_message_msgstr(message) };
	int count = plural == NULL ? 1 : language->forms;
	struct entry *entry;

	if (po_message_is_obsolete(message) || po_message_is_fuzzy(message) ||
	    *po_message_msgid(message) == '\0')
		return;
	if (po_message_msgctxt(message) != NULL)
		fail("%s: \"%s\": contexts are not used here", language->path, po_message_msgid(message));
	for (int i = 0; i < count; i++) {
		if (plural != NULL)
			translations[i] = po_message_msgstr_plural(message, i);
		if (translations[i] == NULL || *translations[i] == '\0')
			return; /* not translated yet */
		check_names(language, message, translations[i]);
	}
	entry = add_entry(language);
	entry->english = po_message_msgid(message);
	entry->forms[OTHER] = translations[plural == NULL ? 0 : language->index[OTHER]];
	for (int i = 0; i < FORMS && plural != NULL; i++) {
		if (language->index[i] >= 0)
			entry->forms[i] = translations[language->index[i]];
	}
}

static int
compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->english, ((const struct entry *)b)->english);
}

static void
read_language(struct language *language)
{
	static const struct po_xerror_handler handler = { report, report_two };
	po_message_iterator_t iterator;
	po_message_t message;

	language->file = po_file_read(language->path, &handler);
	if (language->file == NULL)
		fail("%s: can't be read", language->path);
	set_tag(language);
	read_header(language);
	iterator = po_message_iterator(language->file, NULL);
	while ((message = po_next_message(iterator)) != NULL)
		add_message(language, message);
	po_message_iterator_free(iterator);
	if (language->count > 0)
		qsort(language->entries, language->count, sizeof *language->entries, compare_entries);
}

/* A C literal; bytes beyond ASCII in octal, so that no later character joins them. */
static void
put_literal(FILE *out, const char *text)
{
	(void)fputc('"', out);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\' || c == '?')
			(void)fprintf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			(void)fprintf(out, "\\%03o", c);
		else
			(void)fputc(c, out);
	}
	(void)fputc('"', out);
}

static void
put_language(FILE *out, const struct language *language, size_t number)
{
	(void)fprintf(out, "\nstatic const struct word_entry words_%zu[] = { /* %s */\n", number,
	              language->tag);
	for (size_t i = 0; i < language->count; i++) {
		const struct entry *entry = &language->entries[i];

		(void)fputs("\t{ ", out);
		put_literal(out, entry->english);
		(void)fputs(", {", out);
		for (int form = 0; form < FORMS; form++) {
			if (entry->forms[form] == NULL)
				continue;
			(void)fprintf(out, " [%d] = STR_INIT(", form);
			put_literal(out, entry->forms[form]);
			(void)fputs("),", out);
		}
		(void)fputs(" } },\n", out);
	}
	(void)fputs("\t{ .english = NULL }\n};\n", out); /* an array may not be empty */
}

static void
put_all(FILE *out, const struct language *languages, size_t count)
{
	(void)fputs("/* Made by tools/gen_po.c. */\n#include \"base/words.h\"\n", out);
	for (size_t i = 0; i < count; i++)
		put_language(out, &languages[i], i);
	(void)fputs("\nconst struct word_table word_tables[] = {\n", out);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(out, "\t{ \"%s\", words_%zu, %zu },\n", languages[i].tag, i,
		              languages[i].count);
	(void)fprintf(out, "\t{ .tag = NULL }\n};\nconst size_t word_table_count = %zu;\n", count);
}

int
main(int argc, char **argv)
{
	struct language *languages;
	size_t count = argc < 2 ? 0 : (size_t)argc - 2;
	FILE *out;

	if (argc < 2)
		fail("usage: gen_po OUT.c [TAG.po ...]");
	languages = calloc(count + 1, sizeof *languages);
	if (languages == NULL)
		fail("out of memory");
	for (size_t i = 0; i < count; i++) {
		languages[i].path = argv[i + 2];
		read_language(&languages[i]);
	}
	out = fopen(argv[1], "w");
	if (out == NULL)
		fail("%s: can't be written", argv[1]);
	put_all(out, languages, count);
	if (fclose(out) != 0)
		fail("%s: can't be written", argv[1]);
	for (size_t i = 0; i < count; i++) {
		po_file_free(languages[i].file);
		free(languages[i].entries);
	}
	free(languages);
	return 0;
}
