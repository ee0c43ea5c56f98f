#include "commons/idea_words.h"

#include "base/buf.h"
#include "base/text.h"

enum {
	WORD_BYTES_MAX = 100,   /* longer ones are cut */
	SMALL_WORD_LENGTH = 2
};

struct words {
	struct str ptr[IDEA_WORDS_MAX];
	size_t len;
};

/* Bytes beyond ASCII count as letters: the engine's own tokenizer looks closer. */
static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static struct str
next_word(struct str *rest)
{
	size_t from = 0, to;

	while (from < rest->len && !is_word_byte(rest->ptr[from]))
		from++;
	to = from;
	while (to < rest->len && is_word_byte(rest->ptr[to]))
		to++;

	struct str word = str_cut(*rest, from, to);

	*rest = str_cut(*rest, to, rest->len);
	return word;
}

static bool
has_word(struct str text, struct str word)
{
	while (text.len > 0)
		if (str_eq(next_word(&text), word))
			return true;
	return false;
}

static bool
words_have(const struct words *words, struct str word)
{
	for (size_t i = 0; i < words->len; i++)
		if (str_eq(words->ptr[i], word))
			return true;
	return false;
}

/* Different words in lower case, without those of `small` when it has any. */
static enum status
words_of(struct arena *arena, struct str text, struct str small, struct words *ret)
{
	struct str rest;
	enum status st = text_fold(arena, text, &rest);

	ret->len = 0;
	while (st == OK && rest.len > 0 && ret->len < IDEA_WORDS_MAX) {
		struct str word = next_word(&rest);

		if (word.len == 0 || word.len > WORD_BYTES_MAX || words_have(ret, word))
			continue;
		if (small.len > 0
		    && (text_length(word) <= SMALL_WORD_LENGTH || has_word(small, word)))
			continue;
		ret->ptr[ret->len++] = word;
	}
	return st;
}

static void
add_quoted(struct buf *buf, struct str word)
{
	buf_add_char(buf, '"');
	buf_add(buf, word);
	buf_add_char(buf, '"');
}

static enum status
finish(struct arena *arena, struct buf *buf, struct str *ret)
{
	enum status st = buf_status(buf);

	if (st == OK)
		st = str_copy(arena, buf_str(buf), ret);
	buf_release(buf);
	return st;
}

enum { QUERY_MAX = IDEA_WORDS_MAX * IDEA_WORDS_MAX * (WORD_BYTES_MAX + 5) };

enum status
idea_words_search(struct arena *arena, struct str typed, struct str *ret)
{
	struct words words;
	struct buf buf;
	enum status st = words_of(arena, typed, STR(""), &words);

	if (st != OK)
		return st;
	buf_init(&buf, QUERY_MAX);
	for (size_t i = 0; i < words.len; i++) {
		if (i > 0)
			buf_add_char(&buf, ' ');
		add_quoted(&buf, words.ptr[i]);
	}
	if (words.len > 0)
		buf_add_char(&buf, '*');
	return finish(arena, &buf, ret);
}

enum status
idea_words_similar(struct arena *arena, struct str title, struct str small, struct str *ret)
{
	struct words words;
	struct buf buf;
	enum status st = words_of(arena, title, small, &words);

	if (st != OK)
		return st;
	buf_init(&buf, QUERY_MAX);
	if (words.len == 1)
		add_quoted(&buf, words.ptr[0]);
	for (size_t i = 0; i < words.len; i++) {
		for (size_t j = i + 1; j < words.len; j++) {
			if (buf.len > 0)
				buf_add_c(&buf, " OR ");
			add_quoted(&buf, words.ptr[i]);
			buf_add_char(&buf, ' ');
			add_quoted(&buf, words.ptr[j]);
		}
	}
	return finish(arena, &buf, ret);
}
