/* Migrations: one neutral description, three texts. Inside CREATE TABLE (…) and behind ADD
 * COLUMN our types become the engine's; everything else is copied. */
#include "gen_sql.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum engine { BOTH, SQLITE, PG };

struct reader {
	struct migration *migration;
	const struct token *at;
	enum engine engine;  /* of the block we are in */
	bool afterwards;     /* what PostgreSQL does outside the transaction */
	struct text remarks; /* the remarks just before a statement, joined */
	struct text comments; /* COMMENT ON …, for behind the statement */
	const char *table;
};

/* Where PostgreSQL's text goes now. */
static struct text *
pg_text(struct reader *r)
{
	struct migration *m = r->migration;

	return r->afterwards ? &m->afterwards[m->afterwards_count - 1] : &m->pg;
}

/* Behind "-- afterwards:" each statement is one of its own. */
static void
begin_afterwards(struct reader *r)
{
	struct migration *m = r->migration;

	m->afterwards = take_room(m->afterwards, m->afterwards_count, sizeof *m->afterwards);
	m->afterwards[m->afterwards_count++] = (struct text){ NULL, 0, 0 };
}

static void
put(struct reader *r, const char *ptr, size_t len)
{
	if (r->engine != PG) {
		text_add(&r->migration->sqlite, ptr, len);
		text_add(&r->migration->declared, ptr, len);
	}
	if (r->engine != SQLITE)
		text_add(pg_text(r), ptr, len);
}

static void
add_comment(struct reader *r, const char *kind, const char *name, const struct text *words)
{
	text_format(&r->comments, "COMMENT ON %s %s IS '", kind, name);
	for (size_t i = 0; i < words->len; i++)
		text_add(&r->comments, words->ptr[i] == '\'' ? "''" : words->ptr + i,
		         words->ptr[i] == '\'' ? 2 : 1);
	text_put(&r->comments, "';\n");
}

static void
join_remark(struct text *words, const struct token *token)
{
	if (words->len > 0)
		text_put(words, " ");
	text_add(words, token->ptr, token->len);
}

/* The type behind a column's name, in each engine's words. */
static void
put_type(struct reader *r, const struct token *name, const struct token *type_name)
{
	const struct type *type = type_of(type_name->ptr, type_name->len);
	const char *check = "";

	if (type == NULL)
		fail(r->migration->path, type_name->line, "column %.*s: no such type: %.*s",
		     (int)name->len, name->ptr, (int)type_name->len, type_name->ptr);
	if (strcmp(type->name, "bool") == 0)
		check = take_format(" CHECK (%.*s IN (0, 1))", (int)name->len, name->ptr);
	text_format(&r->migration->declared, "%s%s", type->name, check);
	text_format(&r->migration->sqlite, "%s%s",
	            type->letter == 'i' ? "INTEGER" : type->letter == 't' ? "TEXT" : "BLOB", check);
	text_format(&r->migration->pg, "%s%s",
	            *check != '\0' ? "smallint"
	            : type->letter == 'i' ? "bigint"
	            : type->letter == 't' ? "text COLLATE \"C\"" : "bytea", check);
}

static bool
starts_constraint(const struct token *token)
{
	return token_is(token, "PRIMARY") || token_is(token, "UNIQUE") ||
	       token_is(token, "CHECK") || token_is(token, "FOREIGN") ||
	       token_is(token, "CONSTRAINT");
}

static void
skip_space(struct reader *r)
{
	while (r->at->kind == TOKEN_SPACE) {
		put(r, r->at->ptr, r->at->len);
		r->at++;
	}
}

/* A name, its type; leaves the reader behind the type. */
static const struct token *
read_column_start(struct reader *r)
{
	const struct token *name = r->at;

	if (name->kind != TOKEN_WORD)
		fail(r->migration->path, name->line, "a column's name is expected here");
	put(r, name->ptr, name->len);
	r->at++;
	skip_space(r);
	put_type(r, name, r->at);
	r->at++;
	return name;
}

static void
end_column(struct reader *r, const struct token *name, struct text *words)
{
	const char *full;

	if (name == NULL)
		return;
	full = take_format("%s.%.*s", r->table, (int)name->len, name->ptr);
	if (words->len == 0)
		fail(r->migration->path, name->line, "column %s has no remark", full);
	add_comment(r, "COLUMN", full, words);
	*words = (struct text){ NULL, 0, 0 };
}

static void
put_for_engine(struct reader *r, const struct token *token)
{
	enum engine before = r->engine;

	r->engine = token->kind == TOKEN_PG ? PG : SQLITE;
	put(r, token->ptr, token->len);
	r->engine = before;
}

/* From behind "CREATE TABLE name (" to its closing parenthesis. */
static void
read_columns(struct reader *r)
{
	const struct token *column = NULL;
	struct text words = { NULL, 0, 0 };
	bool item_starts = true;
	int depth = 1;

	for (;; r->at++) {
		const struct token *token = r->at;

		if (token->kind == TOKEN_END)
			fail(r->migration->path, token->line, "table %s does not end", r->table);
		if (token->kind == TOKEN_REMARK) {
			if (column != NULL)
				join_remark(&words, token);
			continue;
		}
		if (item_starts && token->kind == TOKEN_WORD) {
			end_column(r, column, &words);
			column = NULL;
			item_starts = false;
			if (!starts_constraint(token)) {
				column = read_column_start(r);
				token = r->at;
			}
		}
		depth += token_is(token, "(") - token_is(token, ")");
		if (depth == 0)
			break;
		item_starts = item_starts || (depth == 1 && token_is(token, ","));
		if (token->kind == TOKEN_SQLITE || token->kind == TOKEN_PG)
			put_for_engine(r, token);
		else if (token->kind != TOKEN_REMARK)
			put(r, token->ptr, token->len);
		else
			r->at--; /* a remark straight behind a type: look at it again */
	}
	end_column(r, column, &words);
}

/* Behind the closing parenthesis: SQLite's table options are a list. */
static void
put_table_end(struct reader *r)
{
	put(r, ")", 1);
	r->at++;
	text_put(&r->migration->sqlite, " STRICT");
	while (r->at->kind == TOKEN_SPACE)
		r->at++;
	if (r->at->kind == TOKEN_SQLITE) {
		text_put(&r->migration->sqlite, ", ");
		text_put(&r->migration->declared, " ");
		put_for_engine(r, r->at);
		r->at++;
	}
}

static bool
next_words_are(const struct token *token, const char *first, const char *second)
{
	if (!token_is(token, first))
		return false;
	token++;
	while (token->kind == TOKEN_SPACE)
		token++;
	return token_is(token, second);
}

/* Copies words up to and with the one that follows two fixed ones: the table's name. */
static void
read_table_name(struct reader *r)
{
	for (int words = 0; words < 3; r->at++) {
		if (words == 2 && r->at->kind == TOKEN_WORD)
			r->table = take_copy(r->at->ptr, r->at->len);
		words += r->at->kind == TOKEN_WORD;
		if (r->at->kind != TOKEN_WORD && r->at->kind != TOKEN_SPACE)
			fail(r->migration->path, r->at->line, "a table's name is expected here");
		put(r, r->at->ptr, r->at->len);
	}
}

static void
read_create_table(struct reader *r)
{
	struct text remarks = r->remarks;
	int line = r->at->line;

	read_table_name(r);
	if (remarks.len == 0)
		fail(r->migration->path, line, "table %s has no remark", r->table);
	add_comment(r, "TABLE", r->table, &remarks);
	skip_space(r);
	if (!token_is(r->at, "("))
		fail(r->migration->path, r->at->line, "( is expected here");
	put(r, "(", 1);
	r->at++;
	read_columns(r);
	put_table_end(r);
}

/* ALTER TABLE t ADD COLUMN c type …; -- what it is */
static void
read_alter_table(struct reader *r)
{
	const struct token *column;
	const struct token *ahead;
	struct text words = { NULL, 0, 0 };

	read_table_name(r);
	skip_space(r);
	if (!next_words_are(r->at, "ADD", "COLUMN"))
		return;
	for (int i = 0; i < 2; i++) {
		put(r, r->at->ptr, r->at->len);
		r->at++;
		skip_space(r);
	}
	column = read_column_start(r);
	for (ahead = r->at; ahead->kind != TOKEN_END && !token_is(ahead, ";"); )
		ahead++;
	while (ahead->kind != TOKEN_END && ahead->kind != TOKEN_REMARK && ahead->kind != TOKEN_WORD)
		ahead++;
	if (ahead->kind == TOKEN_REMARK && ahead[-1].line == ahead->line)
		join_remark(&words, ahead);
	end_column(r, column, &words);
}

/* Copies the rest of a statement, its semicolon, and what is said about it. */
static void
read_to_end(struct reader *r)
{
	for (; r->at->kind != TOKEN_END; r->at++) {
		if (token_is(r->at, ";"))
			break;
		if (r->at->kind == TOKEN_SQLITE || r->at->kind == TOKEN_PG)
			put_for_engine(r, r->at);
		else if (r->at->kind != TOKEN_REMARK)
			put(r, r->at->ptr, r->at->len);
	}
	if (r->at->kind == TOKEN_END)
		fail(r->migration->path, r->at->line, "the last statement has no ;");
	r->at++;
	put(r, ";\n", 2);
	if (r->comments.len > 0)
		text_add(&r->migration->pg, r->comments.ptr, r->comments.len);
	r->comments.len = 0;
	r->remarks.len = 0;
}

static void
read_remark(struct reader *r)
{
	if (token_is(r->at, "sqlite:"))
		r->engine = SQLITE;
	else if (token_is(r->at, "pg:"))
		r->engine = PG;
	else if (token_is(r->at, "end"))
		r->engine = BOTH;
	else if (token_is(r->at, "afterwards:"))
		r->afterwards = true; /* to the end of the file */
	else
		join_remark(&r->remarks, r->at);
}

static void
read_statements(struct reader *r)
{
	while (r->at->kind != TOKEN_END) {
		if (r->at->kind == TOKEN_SPACE) {
			if (token_newlines(r->at) > 1)
				r->remarks.len = 0;
			r->at++;
		} else if (r->at->kind == TOKEN_REMARK) {
			read_remark(r);
			r->at++;
		} else {
			if (r->afterwards && r->engine != SQLITE)
				begin_afterwards(r);
			if (r->engine == BOTH && next_words_are(r->at, "CREATE", "TABLE"))
				read_create_table(r);
			else if (r->engine == BOTH && next_words_are(r->at, "ALTER", "TABLE"))
				read_alter_table(r);
			read_to_end(r);
		}
	}
	if (r->engine != BOTH)
		fail(r->migration->path, r->at->line, "-- end is missing");
}

struct migration *
migration_read(const char *path)
{
	struct migration *migration = take(sizeof *migration);
	struct reader r = { .migration = migration };
	const char *name = strrchr(path, '/');
	char *end;
	size_t len;
	const char *content = file_read(path, &len);

	name = name == NULL ? path : name + 1;
	migration->path = path;
	migration->version = (int)strtol(name, &end, 10);
	if (!isdigit((unsigned char)name[0]) || strcmp(end, ".sql") != 0)
		fail(path, 0, "a migration is called NNNN.sql");
	r.at = tokens_of(path, content, len, 1);
	read_statements(&r);
	return migration;
}
