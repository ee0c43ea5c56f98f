/* NOUN.sql: remarks with a meaning, then one statement, again and again. */
#include "gen_sql.h"

#include <ctype.h>
#include <string.h>

enum engine { BOTH, SQLITE, PG };

struct reader {
	struct noun *noun;
	const struct token *at;
	struct text remarks; /* before the next -- name: */
	bool file_begins;
};

static const struct { const char *word; enum kind kind; } kinds[] = {
	{ ":one", KIND_ONE }, { ":many", KIND_MANY }, { ":each", KIND_EACH },
	{ ":exec", KIND_EXEC }, { ":changed", KIND_CHANGED }, { ":later", KIND_LATER },
};

/* The next word of *at (up to white space or one of `stops`), which moves behind it. */
static const char *
next_word(const char **at, const char *end, const char *stops, size_t *ret_len)
{
	const char *start;

	while (*at < end && isspace((unsigned char)**at))
		(*at)++;
	start = *at;
	while (*at < end && !isspace((unsigned char)**at) && strchr(stops, **at) == NULL)
		(*at)++;
	*ret_len = (size_t)(*at - start);
	return start;
}

static bool
skip_mark(const char **at, const char *end, char mark)
{
	while (*at < end && isspace((unsigned char)**at))
		(*at)++;
	if (*at == end || **at != mark)
		return false;
	(*at)++;
	return true;
}

static bool
is_name(const char *ptr, size_t len)
{
	if (len == 0 || !islower((unsigned char)ptr[0]))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!islower((unsigned char)ptr[i]) && !isdigit((unsigned char)ptr[i]) &&
		    ptr[i] != '_')
			return false;
	}
	return true;
}

/* "idea_id?" */
static const struct type *
read_type(const struct reader *r, const struct token *token, const char *ptr, size_t len,
          bool *ret_nullable)
{
	const struct type *type;

	*ret_nullable = len > 0 && ptr[len - 1] == '?';
	if (*ret_nullable)
		len--;
	type = type_of(ptr, len);
	if (type == NULL)
		fail(r->noun->path, token->line, "no such type: \"%.*s\"", (int)len, ptr);
	return type;
}

/* C's words, and the names generated functions use themselves. */
static bool
is_taken(const char *name)
{
	static const char *const words[] = {
		"auto", "bool", "break", "case", "char", "const", "continue", "default", "do",
		"double", "else", "enum", "extern", "false", "float", "for", "goto", "if",
		"inline", "int", "long", "register", "restrict", "return", "short", "signed",
		"sizeof", "static", "struct", "switch", "true", "typedef", "union", "unsigned",
		"void", "volatile", "while", "db", "arena", "ret", "each", "context",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i], name) == 0)
			return true;
	}
	return false;
}

static const char *
parameter_name(const struct reader *r, const struct token *token, const struct type *type,
               const char *given, size_t given_len)
{
	size_t len = strlen(type->name);
	const char *name;

	if (given_len > 0) {
		if (!is_name(given, given_len))
			fail(r->noun->path, token->line, "\"%.*s\" is not a name", (int)given_len, given);
		name = take_copy(given, given_len);
	} else {
		name = take_copy(type->name, type->is_id ? len - strlen("_id") : len);
	}
	if (is_taken(name))
		fail(r->noun->path, token->line, "a parameter can't be called \"%s\": name it "
		     "behind its type", name);
	return name;
}

/* "$1 place_id, $2 idea_id? idea" */
static void
read_parameters(const struct reader *r, struct statement *s, const struct token *token)
{
	const char *at = token->ptr, *end = token->ptr + token->len;

	do {
		struct parameter p = { .type = NULL };
		const char *word, *given;
		size_t len, given_len;
		int number = 0;

		word = next_word(&at, end, ",", &len);
		for (size_t i = 1; i < len && isdigit((unsigned char)word[i]) && number < 100; i++)
			number = number * 10 + word[i] - '0';
		if (len < 2 || word[0] != '$' || number != s->parameter_count + 1)
			fail(r->noun->path, token->line, "$%d is expected here, not \"%.*s\"",
			     s->parameter_count + 1, (int)len, word);
		word = next_word(&at, end, ",", &len);
		p.type = read_type(r, token, word, len, &p.nullable);
		given = next_word(&at, end, ",", &given_len);
		p.name = parameter_name(r, token, p.type, given, given_len);
		for (int i = 0; i < s->parameter_count; i++) {
			if (strcmp(s->parameters[i].name, p.name) == 0)
				fail(r->noun->path, token->line, "two parameters are called \"%s\": "
				     "name one behind its type", p.name);
		}
		s->parameters = take_room(s->parameters, (size_t)s->parameter_count, sizeof p);
		s->parameters[s->parameter_count++] = p;
	} while (skip_mark(&at, end, ','));
	if (at != end)
		fail(r->noun->path, token->line, "not understood: \"%.*s\"", (int)(end - at), at);
}

/* "author: text, total: money?"; false when it is not of that shape. */
static bool
read_annotations(const struct reader *r, struct statement *s, const struct token *token)
{
	const char *at = token->ptr, *end = token->ptr + token->len;

	do {
		struct annotation a = { .line = token->line };
		const char *word;
		size_t len;

		word = next_word(&at, end, ":,", &len);
		if (!is_name(word, len) || at == end || *at != ':')
			return false;
		a.name = take_copy(word, len);
		at++;
		word = next_word(&at, end, ",", &len);
		a.type = read_type(r, token, word, len, &a.nullable);
		s->annotations = take_room(s->annotations, s->annotation_count, sizeof a);
		s->annotations[s->annotation_count++] = a;
	} while (skip_mark(&at, end, ','));
	if (at != end)
		fail(r->noun->path, token->line, "not understood: \"%.*s\"", (int)(end - at), at);
	return true;
}

static bool
starts_with(const struct token *token, const char *start)
{
	return token->len >= strlen(start) && memcmp(token->ptr, start, strlen(start)) == 0;
}

/* "name: idea_by_id :one"; "name: text" declares a column called name. */
static bool
is_name_line(const struct token *token)
{
	return token->kind == TOKEN_REMARK && starts_with(token, "name:") &&
	       memmem(token->ptr, token->len, " :", 2) != NULL;
}

/* The remarks between -- name: and the statement. */
static void
read_declarations(struct reader *r, struct statement *s, struct text *doc)
{
	static const char places[] = "all places:";

	for (;; r->at++) {
		const struct token *token = r->at;

		if (token->kind == TOKEN_SPACE)
			continue;
		if (token->kind != TOKEN_REMARK || token_is(token, "sqlite:") || token_is(token, "pg:"))
			return;
		if (is_name_line(token))
			fail(r->noun->path, s->line, "%s has no statement", s->name);
		if (starts_with(token, places)) {
			if (token->len < sizeof places + 3)
				fail(r->noun->path, token->line, "all places: say why");
			s->all_places = take_copy(token->ptr, token->len);
		} else if (starts_with(token, "$")) {
			read_parameters(r, s, token);
		} else if (!read_annotations(r, s, token)) {
			if (doc->len > 0)
				text_put(doc, "\n");
			text_add(doc, token->ptr, token->len);
		}
	}
}

static void
use_parameter(const struct reader *r, struct statement *s, const struct token *token,
              enum engine engine)
{
	struct parameter *p;

	if (token->number > s->parameter_count)
		fail(r->noun->path, token->line, "%s: $%d is not declared", s->name, token->number);
	p = &s->parameters[token->number - 1];
	p->used_sqlite = p->used_sqlite || engine != PG;
	p->used_pg = p->used_pg || engine != SQLITE;
	if (engine != PG)
		text_format(&s->sqlite, "?%d", token->number);
	if (engine != SQLITE)
		text_format(&s->pg, "$%d", token->number);
}

static void
put(struct statement *s, const char *ptr, size_t len, enum engine engine)
{
	if (engine != PG)
		text_add(&s->sqlite, ptr, len);
	if (engine != SQLITE)
		text_add(&s->pg, ptr, len);
}

/* One token into the texts. Line ends go to both, so that a line of an error is right. */
static void
put_token(struct reader *r, struct statement *s, const struct token *token, enum engine engine)
{
	const struct token *inner;

	switch (token->kind) {
	case TOKEN_SPACE:
		put(s, " ", 1, BOTH);
		for (int i = token_newlines(token); i > 0; i--)
			put(s, "\n", 1, BOTH);
		break;
	case TOKEN_PARAMETER:
		use_parameter(r, s, token, engine);
		break;
	case TOKEN_SQLITE:
	case TOKEN_PG:
		inner = tokens_of(r->noun->path, token->ptr, token->len, token->line);
		for (; inner->kind != TOKEN_END; inner++)
			put_token(r, s, inner, token->kind == TOKEN_PG ? PG : SQLITE);
		break;
	case TOKEN_MARK:
		/* PostgreSQL has operators with @, as @@ of its full-text search. */
		if (token_is(token, "?") || (token_is(token, "@") && engine != PG))
			fail(r->noun->path, token->line, "parameters are written $1, $2 …");
		if (token_is(token, ":") && token_is(token + 1, ":"))
			fail(r->noun->path, token->line, ":: is PostgreSQL's alone: write CAST(x AS type)");
		put(s, token->ptr, token->len, engine);
		break;
	case TOKEN_WORD:
	case TOKEN_QUOTED:
		put(s, token->ptr, token->len, engine);
		break;
	case TOKEN_REMARK:
	case TOKEN_END:
		break;
	}
}

/* Up to the semicolon; with a pair of blocks, each may have its own, and -- end then ends. */
static void
read_body(struct reader *r, struct statement *s)
{
	enum engine engine = BOTH;
	bool sqlite_done = false, pg_done = false;

	s->body_line = r->at->line;
	for (; !sqlite_done || !pg_done || engine != BOTH; r->at++) {
		const struct token *token = r->at;
		bool done = engine == SQLITE ? sqlite_done : engine == PG ? pg_done
		                                                          : sqlite_done || pg_done;

		if (token->kind == TOKEN_END)
			fail(r->noun->path, s->line, "%s has no end: ; or -- end is missing", s->name);
		if (token->kind == TOKEN_REMARK) {
			if (is_name_line(token))
				fail(r->noun->path, token->line, "%s before this has no ;", s->name);
			engine = token_is(token, "sqlite:") ? SQLITE : token_is(token, "pg:") ? PG
			         : token_is(token, "end") ? BOTH : engine;
		} else if (token_is(token, ";")) {
			sqlite_done = sqlite_done || engine != PG;
			pg_done = pg_done || engine != SQLITE;
		} else if (done && token->kind != TOKEN_SPACE) {
			fail(r->noun->path, token->line, "%s goes on behind its ;", s->name);
		} else {
			put_token(r, s, token, engine);
		}
	}
}

/* "name: idea_by_id :one" */
static void
read_name(struct reader *r, struct statement *s)
{
	const char *at = r->at->ptr + strlen("name:"), *end = r->at->ptr + r->at->len, *word;
	size_t len;
	bool found = false;

	s->path = r->noun->path;
	s->line = r->at->line;
	word = next_word(&at, end, "", &len);
	if (!is_name(word, len))
		fail(s->path, s->line, "\"%.*s\" is not a name", (int)len, word);
	s->name = take_copy(word, len);
	word = next_word(&at, end, "", &len);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strlen(kinds[i].word) == len && memcmp(kinds[i].word, word, len) == 0) {
			s->kind = kinds[i].kind;
			found = true;
		}
	}
	if (!found || at != end)
		fail(s->path, s->line, "%s: behind the name stands :one, :many, :each, :exec or "
		     ":changed", s->name);
}

static void
read_statement(struct reader *r)
{
	struct statement *s = take(sizeof *s);
	struct text doc = r->remarks;
	struct noun *noun = r->noun;

	r->remarks = (struct text){ NULL, 0, 0 };
	read_name(r, s);
	r->at++;
	read_declarations(r, s, &doc);
	s->doc = doc.len > 0 ? doc.ptr : NULL;
	read_body(r, s);
	noun->statements = take_room(noun->statements, noun->count, sizeof *noun->statements);
	noun->statements[noun->count++] = s;
}

static void
end_paragraph(struct reader *r)
{
	if (r->file_begins && r->remarks.len > 0)
		r->noun->doc = r->remarks.ptr;
	r->file_begins = r->file_begins && r->remarks.len == 0;
	r->remarks = (struct text){ NULL, 0, 0 };
}

struct noun *
noun_read(const char *path)
{
	struct noun *noun = take(sizeof *noun);
	struct reader r = { .noun = noun, .file_begins = true };
	const char *name = strrchr(path, '/');
	size_t len;
	const char *content = file_read(path, &len);

	name = name == NULL ? path : name + 1;
	len = strcspn(name, ".");
	if (!is_name(name, len) || strcmp(name + len, ".sql") != 0)
		fail(path, 0, "a file of statements is called NOUN.sql");
	noun->path = path;
	noun->name = take_copy(name, len);
	r.at = tokens_of(path, content, strlen(content), 1);
	while (r.at->kind != TOKEN_END) {
		if (is_name_line(r.at)) {
			read_statement(&r);
			r.file_begins = false;
			continue;
		}
		if (r.at->kind == TOKEN_SPACE) {
			if (token_newlines(r.at) > 1)
				end_paragraph(&r);
		} else if (r.at->kind == TOKEN_REMARK) {
			if (r.remarks.len > 0)
				text_put(&r.remarks, "\n");
			text_add(&r.remarks, r.at->ptr, r.at->len);
		} else {
			fail(path, r.at->line, "a statement begins with -- name: NAME :KIND");
		}
		r.at++;
	}
	return noun;
}
