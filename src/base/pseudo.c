/* Test languages made by rule from the English texts: a page in en-XA that shows a plain
 * letter shows a text that nobody can translate; one in ar-XB shows what breaks when the
 * writing runs the other way. */
#include "base/locale_own.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char *const accented[2][26] = {
	{ "á", "ƀ", "ç", "ð", "é", "ƒ", "ĝ", "ĥ", "í", "ĵ", "ķ", "ļ", "ɱ",
	  "ñ", "ö", "þ", "ǫ", "ŕ", "š", "ţ", "û", "ṽ", "ŵ", "ẋ", "ý", "ž" },
	{ "Å", "Ɓ", "Ç", "Ð", "É", "Ƒ", "Ĝ", "Ĥ", "Í", "Ĵ", "Ķ", "Ļ", "Ḿ",
	  "Ñ", "Ö", "Þ", "Ǫ", "Ŕ", "Š", "Ţ", "Û", "Ṽ", "Ŵ", "Ẋ", "Ý", "Ž" },
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void
add_accented(struct buf *out, char c)
{
	if (!is_letter(c))
		buf_add_char(out, c);
	else if (c >= 'a')
		buf_add_c(out, accented[0][c - 'a']);
	else
		buf_add_c(out, accented[1][c - 'A']);
}

void
pseudo_accent(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		add_accented(out, text.ptr[i]);
}

/* Length of the {placeholder} at the start of text, or 0. */
static size_t
placeholder(struct str text)
{
	size_t close = str_find(text, STR("}"));

	return text.len > 0 && text.ptr[0] == '{' && close < text.len ? close + 1 : 0;
}

/* Every vowel twice: about a third longer, as German or Finnish would be, and it still wraps
 * where words end. */
static void
add_accented_text(struct buf *out, struct str text)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < text.len; i++) {
		size_t skip = placeholder(str_cut(text, i, text.len));

		if (skip > 0) {
			buf_add(out, str_cut(text, i, i + skip));
			i += skip - 1;
			continue;
		}
		add_accented(out, text.ptr[i]);
		if (text.ptr[i] != '\0' && strchr("aeiou", text.ptr[i]) != NULL)
			add_accented(out, text.ptr[i]);
	}
	buf_add_char(out, ']');
}

/* Each word between RIGHT-TO-LEFT OVERRIDE and POP DIRECTIONAL FORMATTING. */
static void
add_mirrored_text(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len;) {
		size_t end = i + placeholder(str_cut(text, i, text.len));

		if (end == i) {
			while (end < text.len && is_letter(text.ptr[end]))
				end++;
			if (end > i) {
				buf_add_c(out, "\u202e");
				buf_add(out, str_cut(text, i, end));
				buf_add_c(out, "\u202c");
				i = end;
				continue;
			}
			end = i + 1;
		}
		buf_add(out, str_cut(text, i, end));
		i = end;
	}
}

/* Made texts, by their English; each literal of the program once, never given back. */
struct made_text {
	struct made_text *next;
	struct str words;
	char english[];
};
enum { BUCKETS = 1024, LONGEST_TEXT = 64 * 1024 };
static struct made_text *made_texts[2][BUCKETS];
static pthread_mutex_t made_lock = PTHREAD_MUTEX_INITIALIZER;

static size_t
bucket(const char *text)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash % BUCKETS;
}

static struct made_text *
make(enum locale_made made, const char *text)
{
	struct made_text *entry = malloc(sizeof *entry + strlen(text) + 1);
	struct buf words;

	if (entry == NULL)
		return NULL;
	buf_init(&words, LONGEST_TEXT);
	if (made == LOCALE_ACCENTED)
		add_accented_text(&words, str_of(text));
	else
		add_mirrored_text(&words, str_of(text));
	if (buf_status(&words) != OK) {
		buf_release(&words);
		free(entry);
		return NULL;
	}
	memcpy(entry->english, text, strlen(text) + 1);
	entry->words = buf_str(&words);
	return entry;
}

struct str
pseudo_words(enum locale_made made, const char *text)
{
	struct made_text **head = &made_texts[made == LOCALE_MIRRORED][bucket(text)];
	struct made_text *entry;

	(void)pthread_mutex_lock(&made_lock);
	for (entry = *head; entry != NULL && strcmp(entry->english, text) != 0;)
		entry = entry->next;
	if (entry == NULL) {
		entry = make(made, text);
		if (entry != NULL) {
			entry->next = *head;
			*head = entry;
		}
	}
	(void)pthread_mutex_unlock(&made_lock);
	return entry == NULL ? str_of(text) : entry->words;
}
