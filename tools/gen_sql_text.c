#include "gen_sql.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct piece {
	struct piece *older;
	max_align_t bytes[];
};
static struct piece *pieces;
static int complaint_count;

void *
take(size_t size)
{
	struct piece *piece = calloc(1, sizeof *piece + size);

	if (piece == NULL)
		fail("gen_sql", 0, "out of memory");
	piece->older = pieces;
	pieces = piece;
	return piece->bytes;
}

char *
take_copy(const char *ptr, size_t len)
{
	char *copy = take(len + 1);

	memcpy(copy, ptr, len);
	return copy;
}

char *
take_format(const char *format, ...)
{
	char line[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof line)
		fail("gen_sql", 0, "a name is too long: %s", line);
	return take_copy(line, (size_t)len);
}

void *
take_room(void *array, size_t count, size_t item_size)
{
	void *larger;

	if (count > 0 && (count & (count - 1)) != 0)
		return array;
	larger = take((count == 0 ? 1 : 2 * count) * item_size);
	if (count > 0)
		memcpy(larger, array, count * item_size);
	return larger;
}

void
text_add(struct text *text, const char *ptr, size_t len)
{
	if (text->len + len + 1 > text->size) {
		size_t size = text->size * 2 + len + 256;
		char *larger = take(size);

		if (text->len > 0)
			memcpy(larger, text->ptr, text->len);
		text->ptr = larger;
		text->size = size;
	}
	memcpy(text->ptr + text->len, ptr, len);
	text->len += len;
	text->ptr[text->len] = '\0';
}

void
text_put(struct text *text, const char *c_string)
{
	text_add(text, c_string, strlen(c_string));
}

void
text_format(struct text *text, const char *format, ...)
{
	char line[4096];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof line)
		fail("gen_sql", 0, "a line is too long: %.60s…", line);
	text_add(text, line, (size_t)len);
}

static void say(const char *path, int line, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

static void
say(const char *path, int line, const char *format, va_list args)
{
	fprintf(stderr, "%s:%d: ", path, line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void
complain(const char *path, int line, const char *format, ...)
{
	va_list args;

	complaint_count++;
	va_start(args, format);
	say(path, line, format, args);
	va_end(args);
}

void
fail(const char *path, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(path, line, format, args);
	va_end(args);
	exit(1);
}

int
complaints(void)
{
	return complaint_count;
}

/* ---- tokens ---------------------------------------------------------------------------- */

static bool
in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The length of the block comment at ptr; sets the token to its inside when it is for one
 * engine. */
static size_t
block_comment(const char *path, const char *ptr, size_t left, struct token *token)
{
	const char *end = memmem(ptr + 2, left - 2, "*/", 2);
	size_t len;

	if (end == NULL)
		fail(path, token->line, "a comment that does not end");
	len = (size_t)(end - ptr) + 2;
	token->kind = TOKEN_SPACE;
	token->ptr = ptr;
	token->len = len;
	if (len > 11 && strncmp(ptr, "/*sqlite ", 9) == 0) {
		token->kind = TOKEN_SQLITE;
		token->ptr = ptr + 9;
		token->len = len - 11;
	} else if (len > 7 && strncmp(ptr, "/*pg ", 5) == 0) {
		token->kind = TOKEN_PG;
		token->ptr = ptr + 5;
		token->len = len - 7;
	}
	return len;
}

static size_t
remark(const char *ptr, size_t left, struct token *token)
{
	const char *end = memchr(ptr, '\n', left);
	size_t len = end == NULL ? left : (size_t)(end - ptr);

	token->kind = TOKEN_REMARK;
	token->ptr = ptr + 2;
	token->len = len - 2;
	while (token->len > 0 && isspace((unsigned char)token->ptr[0])) {
		token->ptr++;
		token->len--;
	}
	while (token->len > 0 && isspace((unsigned char)token->ptr[token->len - 1]))
		token->len--;
	return len;
}

static size_t
quoted(const char *path, const char *ptr, size_t left, struct token *token)
{
	size_t len = 1;

	while (len < left && !(ptr[len] == ptr[0] && (len + 1 == left || ptr[len + 1] != ptr[0])))
		len += ptr[len] == ptr[0] ? 2 : 1;
	if (len >= left)
		fail(path, token->line, "a quote that does not end");
	token->kind = TOKEN_QUOTED;
	return len + 1;
}

static size_t
parameter(const char *path, const char *ptr, size_t left, struct token *token)
{
	size_t len = 1;

	token->kind = TOKEN_PARAMETER;
	while (len < left && isdigit((unsigned char)ptr[len]) && token->number < 1000)
		token->number = token->number * 10 + ptr[len++] - '0';
	if (token->number < 1 || token->number > 99 || (len < left && in_word(ptr[len])))
		fail(path, token->line, "parameters are $1 to $99");
	return len;
}

static size_t
next_token(const char *path, const char *ptr, size_t left, struct token *token)
{
	size_t len = 1;

	token->ptr = ptr;
	token->number = 0;
	if (isspace((unsigned char)*ptr)) {
		while (len < left && isspace((unsigned char)ptr[len]))
			len++;
		token->kind = TOKEN_SPACE;
	} else if (left > 1 && ptr[0] == '-' && ptr[1] == '-') {
		return remark(ptr, left, token);
	} else if (left > 3 && ptr[0] == '/' && ptr[1] == '*') {
		return block_comment(path, ptr, left, token);
	} else if (*ptr == '\'' || *ptr == '"') {
		len = quoted(path, ptr, left, token);
	} else if (*ptr == '$') {
		len = parameter(path, ptr, left, token);
	} else if (in_word(*ptr)) {
		while (len < left && in_word(ptr[len]))
			len++;
		token->kind = TOKEN_WORD;
	} else {
		token->kind = TOKEN_MARK;
	}
	token->len = len;
	return len;
}

struct token *
tokens_of(const char *path, const char *ptr, size_t len, int line)
{
	struct token *tokens = NULL;
	size_t count = 0, at = 0;

	while (at < len) {
		struct token token = { .line = line };
		size_t step = next_token(path, ptr + at, len - at, &token);

		for (size_t i = at; i < at + step; i++)
			line += ptr[i] == '\n';
		at += step;
		tokens = take_room(tokens, count, sizeof *tokens);
		tokens[count++] = token;
	}
	tokens = take_room(tokens, count, sizeof *tokens);
	tokens[count] = (struct token){ TOKEN_END, "", 0, line, 0 };
	return tokens;
}

bool
token_is(const struct token *token, const char *word)
{
	return token->kind != TOKEN_SPACE && token->len == strlen(word) &&
	       strncasecmp(token->ptr, word, token->len) == 0;
}

int
token_newlines(const struct token *token)
{
	int lines = 0;

	for (size_t i = 0; token->kind == TOKEN_SPACE && i < token->len; i++)
		lines += token->ptr[i] == '\n';
	return lines;
}

/* ---- files ----------------------------------------------------------------------------- */

static char *
read_if_there(const char *path, size_t *ret_len)
{
	struct text content = { NULL, 0, 0 };
	char part[16384];
	size_t got;
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		return NULL;
	text_put(&content, "");
	while ((got = fread(part, 1, sizeof part, file)) > 0)
		text_add(&content, part, got);
	if (ferror(file))
		fail(path, 0, "can't be read: %s", strerror(errno));
	fclose(file);
	*ret_len = content.len;
	return content.ptr;
}

char *
file_read(const char *path, size_t *ret_len)
{
	char *content = read_if_there(path, ret_len);

	if (content == NULL)
		fail(path, 0, "can't be opened: %s", strerror(errno));
	if (memchr(content, '\0', *ret_len) != NULL)
		fail(path, 0, "has a NUL byte");
	return content;
}

void
file_write(const char *path, const struct text *content)
{
	size_t len = 0;
	const char *before = read_if_there(path, &len);
	FILE *file;

	if (before != NULL && len == content->len && memcmp(before, content->ptr, len) == 0)
		return;
	file = fopen(path, "wb");
	if (file == NULL || fwrite(content->ptr, 1, content->len, file) != content->len ||
	    fclose(file) != 0)
		fail(path, 0, "can't be written: %s", strerror(errno));
}

/* ---- types ----------------------------------------------------------------------------- */

static struct type *types;
static size_t type_count;

static void
type_add(struct type type)
{
	types = take_room(types, type_count, sizeof *types);
	types[type_count++] = type;
}

void
types_init(const char *id_header_path)
{
	static const char opening[] = "\nID_KIND(";
	size_t len;
	const char *at = file_read(id_header_path, &len);

	type_add((struct type){ "int", "int64_t", "", 'i', false });
	type_add((struct type){ "bool", "bool", "", 'i', false });
	type_add((struct type){ "money", "struct amount", ".minor", 'i', false });
	type_add((struct type){ "time", "struct instant", ".us", 'i', false });
	type_add((struct type){ "text", "struct str", "", 't', false });
	type_add((struct type){ "bytes", "struct str", "", 'b', false });
	while ((at = strstr(at, opening)) != NULL) {
		size_t name_len;

		at += sizeof opening - 1;
		name_len = strcspn(at, ")\n");
		type_add((struct type){
			.name = take_copy(at, name_len),
			.c_type = take_format("struct %.*s", (int)name_len, at),
			.member = ".value",
			.letter = 'i',
			.is_id = true,
		});
	}
}

const struct type *
type_of(const char *ptr, size_t len)
{
	for (size_t i = 0; i < type_count; i++) {
		if (strlen(types[i].name) == len && memcmp(types[i].name, ptr, len) == 0)
			return &types[i];
	}
	return NULL;
}
