/* Directives to C statements. Values are named by paths only: the C compiler checks that the
 * field is there and that its type has a way to be shown (_Generic in web/html.h). */
#include "tools/gen_html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_MAX = 16 << 20 };

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_word_char(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '.';
}

static size_t
read_string(const struct template *t, size_t at, int line, struct token *ret)
{
	size_t from = ++at;

	while (at < t->text.len && t->text.ptr[at] != '"' && t->text.ptr[at] != '\n') {
		if (t->text.ptr[at] == '\\') {
			at++;
			if (at >= t->text.len || (t->text.ptr[at] != '"' && t->text.ptr[at] != '\\'))
				template_fail(t, line, "in a string only \\\" and \\\\ are escapes");
		}
		at++;
	}
	if (at >= t->text.len || t->text.ptr[at] != '"')
		template_fail(t, line, "the string does not end on its line");
	*ret = (struct token){ TOKEN_STRING, str_cut(t->text, from, at) };
	return at + 1;
}

static size_t
read_word(const struct template *t, size_t at, int line, struct token *ret)
{
	size_t from = at;
	struct str word;

	while (at < t->text.len && is_word_char(t->text.ptr[at]))
		at++;
	word = str_cut(t->text, from, at);
	if (word.len == 0 || !is_letter(word.ptr[0]))
		template_fail(t, line, "unexpected '%c' in {{…}}: write names, \"strings\" and name=value",
		              t->text.ptr[from]);
	if (word.ptr[word.len - 1] == '.' || str_find(word, STR("..")) < word.len)
		template_fail(t, line, "'%.*s' is not a path", STR_ARG(word));
	*ret = (struct token){ TOKEN_WORD, word };
	return at;
}

void
directive_read(const struct template *t, size_t at, int line, struct directive *ret)
{
	ret->count = 0;
	at += 2;
	for (;;) {
		struct token *token = &ret->tokens[ret->count];

		while (at < t->text.len && strchr(" \t\r\n", t->text.ptr[at]) != NULL)
			at++;
		if (str_starts(str_cut(t->text, at, t->text.len), STR("}}")))
			break;
		if (at >= t->text.len)
			template_fail(t, line, "{{ without }}");
		if (ret->count == TOKENS_MAX)
			template_fail(t, line, "too much in one {{…}}");
		if (t->text.ptr[at] == '"') {
			at = read_string(t, at, line, token);
		} else if (t->text.ptr[at] == '=') {
			*token = (struct token){ TOKEN_EQUALS, str_cut(t->text, at, at + 1) };
			at++;
		} else {
			at = read_word(t, at, line, token);
		}
		ret->count++;
	}
	if (ret->count == 0 || ret->tokens[0].kind != TOKEN_WORD)
		template_fail(t, line, "{{…}} begins with a name or a word of the grammar");
	ret->end = at + 2;
}

bool
directive_is(const struct directive *d, const char *word)
{
	return d->count > 1 && str_is(d->tokens[0].text, word);
}

void
code_init(struct code *code, const struct template *t, const struct templates *all)
{
	*code = (struct code){ .template = t, .all = all, .depth = 1 };
	buf_init(&code->lines, CODE_MAX);
	buf_init(&code->literal, CODE_MAX);
}

void
code_release(struct code *code)
{
	buf_release(&code->lines);
	buf_release(&code->literal);
}

static void
begin_line(struct code *code, int line)
{
	buf_add_format(&code->lines, "#line %d \"%s\"\n", line, code->template->path);
	for (int i = 0; i < code->depth; i++)
		buf_add_char(&code->lines, '\t');
}

static void
statement(struct code *code, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Flushes what is static and writes one line of C. */
static void
statement(struct code *code, int line, const char *format, ...)
{
	char text[4096];
	va_list args;
	int length;

	code_flush(code);
	begin_line(code, line);
	va_start(args, format);
	length = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= sizeof text)
		template_fail(code->template, line, "too much in one {{…}}");
	buf_add(&code->lines, (struct str){ text, (size_t)length });
	buf_add_char(&code->lines, '\n');
}

void
code_static(struct code *code, struct str html, int line)
{
	if (code->literal.len == 0)
		code->literal_line = line;
	for (size_t i = 0; i < html.len; i++) {
		char c = html.ptr[i];

		if (c == '\n') {
			buf_add_c(&code->literal, "\\n");
		} else if (c == '\t') {
			buf_add_c(&code->literal, "\\t");
		} else {
			if (c == '"' || c == '\\')
				buf_add_char(&code->literal, '\\');
			buf_add_char(&code->literal, c);
		}
	}
}

void
code_flush(struct code *code)
{
	if (code->literal.len == 0)
		return;
	begin_line(code, code->literal_line);
	buf_add_format(&code->lines, "buf_add(h->out, STR(\"%s\"));\n", code->literal.ptr);
	buf_clear(&code->literal);
}

/* A path as C. Names of loops come before fields of the view. Static memory, two at a time. */
static const char *
path_c(const struct code *code, struct str path)
{
	static char texts[2][256];
	static int which;
	char *text = texts[which = !which];
	size_t dot = str_find(path, STR("."));
	struct str first = str_cut(path, 0, dot), rest = str_cut(path, dot + 1, path.len);
	int length;

	for (size_t i = 0; i < code->loop_count; i++) {
		if (!str_eq(code->loops[i], first))
			continue;
		length = rest.len > 0
			? snprintf(text, sizeof texts[0], "for_%.*s->%.*s", STR_ARG(first), STR_ARG(rest))
			: snprintf(text, sizeof texts[0], "(*for_%.*s)", STR_ARG(first));
		goto done;
	}
	length = snprintf(text, sizeof texts[0], "v->%.*s", STR_ARG(path));
done:
	if (length < 0 || (size_t)length >= sizeof texts[0])
		abort();
	return text;
}

static const char *
path_at(const struct code *code, const struct directive *d, size_t i, int line)
{
	if (i >= d->count || d->tokens[i].kind != TOKEN_WORD)
		template_fail(code->template, line, "{{%.*s …}} needs the name of a value",
		              STR_ARG(d->tokens[0].text));
	return path_c(code, d->tokens[i].text);
}

static void
want_count(const struct code *code, const struct directive *d, size_t count, int line)
{
	if (d->count != count)
		template_fail(code->template, line, "{{%.*s …}} takes %zu value%s",
		              STR_ARG(d->tokens[0].text), count - 1, count == 2 ? "" : "s");
}

/* Does the text have {name}? With `close`: {/name}. */
static bool
has_slot(struct str text, struct str name, bool close)
{
	char slot[64];

	if (name.len > sizeof slot - 4)
		return false;
	(void)snprintf(slot, sizeof slot, "{%s%.*s}", close ? "/" : "", STR_ARG(name));
	return str_find(text, str_of(slot)) < text.len;
}

/* Every {name} in the text must be among the arguments that begin at token `from`. */
static void
check_slots(const struct code *code, const struct directive *d, struct str text, size_t from,
            int line)
{
	for (size_t i = 0; i < text.len; i++) {
		size_t end = i + 1;
		struct str name;
		bool known = false;

		if (text.ptr[i] == '}')
			template_fail(code->template, line, "} without { in words");
		if (text.ptr[i] != '{')
			continue;
		while (end < text.len && text.ptr[end] != '}' && text.ptr[end] != '{')
			end++;
		if (end >= text.len || text.ptr[end] != '}')
			template_fail(code->template, line, "{ without } in words");
		name = str_cut(text, i + 1, end);
		if (name.len > 0 && name.ptr[0] == '/')
			name = str_cut(name, 1, name.len);
		for (size_t k = from; k + 1 < d->count; k++)
			known |= d->tokens[k + 1].kind == TOKEN_EQUALS && str_eq(d->tokens[k].text, name);
		if (!known)
			template_fail(code->template, line, "no value is given for {%.*s}",
			              STR_ARG(name));
		i = end;
	}
}

/* {a} … {/a} around words needs both, in this order. */
static void
check_around(const struct code *code, struct str text, struct str name, int line)
{
	if (has_slot(text, name, false) != has_slot(text, name, true))
		template_fail(code->template, line, "words need both {%.*s} and {/%.*s}", STR_ARG(name),
		              STR_ARG(name));
}

struct words {
	struct str one, many; /* many: empty but for {{tn}} */
	struct buf values;    /* C initialisers */
	size_t count;
	const char *number;   /* C of the value named n */
};

/* One name=value behind the text; returns the index behind it. */
static size_t
read_argument(struct code *code, const struct directive *d, size_t i, enum position where,
              struct words *words, int line)
{
	struct str name = d->tokens[i].text, kind;
	size_t value = i + 2;
	bool two;

	if (i + 2 >= d->count || d->tokens[i].kind != TOKEN_WORD ||
	    d->tokens[i + 1].kind != TOKEN_EQUALS || d->tokens[value].kind != TOKEN_WORD)
		template_fail(code->template, line, "behind the words only name=value may follow");
	if (!has_slot(words->one, name, false) && !has_slot(words->many, name, false) &&
	    !(words->many.len > 0 && str_is(name, "n")))
		template_fail(code->template, line, "the words have no {%.*s}", STR_ARG(name));
	kind = d->tokens[value].text;
	two = value + 1 < d->count && d->tokens[value + 1].kind == TOKEN_WORD &&
	      !(value + 2 < d->count && d->tokens[value + 2].kind == TOKEN_EQUALS);
	buf_add_format(&words->values, "%s", words->count++ > 0 ? ", " : "");
	if (str_is(kind, "strong") || (two && str_is(kind, "link"))) {
		if (where != IN_TEXT)
			template_fail(code->template, line, "link and strong are for text only");
		check_around(code, words->one, name, line);
		check_around(code, words->many, name, line);
	}
	if (str_is(kind, "strong")) {
		buf_add_format(&words->values, "html_value_strong(\"%.*s\")", STR_ARG(name));
		return value + 1;
	}
	if (!two) {
		const char *path = path_at(code, d, value, line);

		if (str_is(name, "n"))
			words->number = strdup(path);
		buf_add_format(&words->values, "html_value(\"%.*s\", %s)", STR_ARG(name), path);
		return value + 1;
	}
	if (str_is(kind, "percent")) {
		const char *part = path_at(code, d, value + 1, line);

		buf_add_format(&words->values, "html_value_percent(\"%.*s\", %s, %s)",
		               STR_ARG(name), part, path_at(code, d, value + 2, line));
		return value + 3;
	}
	if (!str_is(kind, "date") && !str_is(kind, "plain") && !str_is(kind, "link"))
		template_fail(code->template, line, "'%.*s' is not date, plain, percent, link or strong",
		              STR_ARG(kind));
	buf_add_format(&words->values, "html_value_%.*s(\"%.*s\", %s)", STR_ARG(kind),
	               STR_ARG(name), path_at(code, d, value + 1, line));
	return value + 2;
}

/* {{t …}} and {{tn …}}, from token `at` on (the t or tn itself). */
static void
put_words(struct code *code, const struct directive *d, size_t at, enum position where, int line)
{
	bool plural = str_is(d->tokens[at].text, "tn");
	size_t texts = plural ? 2 : 1, i = at + 1 + texts;
	struct words words = { 0 };

	for (size_t k = 1; k <= texts; k++) {
		if (at + k >= d->count || d->tokens[at + k].kind != TOKEN_STRING)
			template_fail(code->template, line, plural
			              ? "write {{tn \"One thing\" \"{n} things\" n=count}}"
			              : "write {{t \"Words\"}}");
		check_slots(code, d, d->tokens[at + k].text, i, line);
	}
	words.one = d->tokens[at + 1].text;
	if (words.one.len == 0)
		template_fail(code->template, line, "no words between the quotes");
	if (plural)
		words.many = d->tokens[at + 2].text;
	buf_init(&words.values, 4096);
	while (i < d->count)
		i = read_argument(code, d, i, where, &words, line);
	if (plural && words.number == NULL)
		template_fail(code->template, line, "{{tn …}} needs n=count");
	if (plural)
		statement(code, line, "html_words(h, locale_words_plural(h->format.locale, \"%.*s\", "
		          "\"%.*s\", %s), (const struct html_value[]){ %s }, %zu);",
		          STR_ARG(words.one), STR_ARG(words.many), words.number, words.values.ptr,
		          words.count);
	else if (words.count == 0)
		statement(code, line, "html_put_str(h, locale_words(h->format.locale, \"%.*s\"));",
		          STR_ARG(words.one));
	else
		statement(code, line, "html_words(h, locale_words(h->format.locale, \"%.*s\"), "
		          "(const struct html_value[]){ %s }, %zu);",
		          STR_ARG(words.one), words.values.ptr, words.count);
	buf_release(&words.values);
	free((char *)words.number);
}

static void
put_include(struct code *code, const struct directive *d, enum position where, int line)
{
	struct str name = d->tokens[1].text;
	const struct template *piece = NULL;

	if (where != IN_TEXT)
		template_fail(code->template, line, "{{include}} stands in text, not in a tag");
	if (d->count > 3)
		template_fail(code->template, line, "write {{include NAME value}}");
	for (size_t i = 0; i < code->all->len; i++)
		if (str_eq(code->all->ptr[i].name, name))
			piece = &code->all->ptr[i];
	if (piece == NULL)
		template_fail(code->template, line, "there is no template %.*s.html in the list",
		              STR_ARG(name));
	if (piece->kind != TEMPLATE_VIEW)
		template_fail(code->template, line, "%.*s.html is a whole page, not a {{view …}}",
		              STR_ARG(name));
	if (code->include_count == INCLUDES_MAX)
		template_fail(code->template, line, "too many includes");
	code->includes[code->include_count++] = name;
	if (d->count == 2)
		statement(code, line, "html_%.*s(h, v);", STR_ARG(name));
	else
		statement(code, line, "html_%.*s(h, &%s);", STR_ARG(name), path_at(code, d, 2, line));
}

static void
put_asset(struct code *code, const struct directive *d, int line)
{
	char macro[128];
	struct str name = d->tokens[1].text;
	size_t length = 0;

	if (d->count != 2 || d->tokens[1].kind != TOKEN_STRING || name.len > sizeof macro - 1)
		template_fail(code->template, line, "write {{asset \"style.css\"}}");
	for (; length < name.len; length++)
		macro[length] = is_word_char(name.ptr[length]) && name.ptr[length] != '.'
			? name.ptr[length] : '_';
	if (code->literal.len == 0)
		code->literal_line = line;
	/* The address is a literal in web/assets.h; an unknown name does not compile. */
	buf_add_format(&code->literal, "\" ASSET_%.*s \"", (int)length, macro);
	code->uses_assets = true;
}

static void
put_page_part(struct code *code, const struct directive *d, enum position where, int line)
{
	struct str part = d->tokens[1].text;

	if (code->template->kind != TEMPLATE_LAYOUT)
		template_fail(code->template, line, "{{page …}} begins a page, and is used in the layout");
	if (str_is(part, "content") && where != IN_TEXT)
		template_fail(code->template, line, "{{page content}} stands in text");
	if (str_is(part, "lang") || str_is(part, "dir")) {
		statement(code, line, "html_put_%.*s(h);", STR_ARG(part));
		return;
	}
	if (!str_is(part, "content") && !str_is(part, "title") && !str_is(part, "description"))
		template_fail(code->template, line, "a page has lang, dir, title, description and content");
	statement(code, line, "page->%.*s(h, page->view);", STR_ARG(part));
}

/* {{url x}}, {{query x}}, {{id x}}, {{plain x}}: what may stand in addresses. */
static bool
put_address(struct code *code, const struct directive *d, enum position where, int line)
{
	static const char *const words[] = { "url", "query", "id", "plain", "iso" };
	bool start = where == IN_URL_START || where == IN_ACTION;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!directive_is(d, words[i]))
			continue;
		want_count(code, d, 2, line);
		if (i == 0 && !start)
			template_fail(code->template, line, where == IN_URL_REST
			              ? "{{url x}} stands at the beginning of an address; use {{query x}} here"
			              : "{{url x}} is for href, src and action");
		if (i > 0 && start)
			template_fail(code->template, line, "an address begins with {{url x}} or with /");
		statement(code, line, "html_put_%s(h, %s);", where == IN_ACTION ? "action" : words[i],
		          path_at(code, d, 1, line));
		return true;
	}
	return false;
}

static void
put_value(struct code *code, const struct directive *d, enum position where, int line)
{
	const char *put = where == IN_TEXT ? "html_put" : where == IN_ATTRIBUTE ? "html_put_attribute"
	                : "html_put_read";

	if (where == IN_URL_START || where == IN_ACTION || where == IN_URL_REST)
		template_fail(code->template, line, "in an address write {{url %.*s}} at its beginning, "
		              "{{query %.*s}} further on", STR_ARG(d->tokens[0].text),
		              STR_ARG(d->tokens[0].text));
	statement(code, line, "%s(h, %s);", put, path_at(code, d, 0, line));
}

void
code_put(struct code *code, const struct directive *d, enum position where, int line)
{
	const struct template *t = code->template;
	bool address = where == IN_URL_START || where == IN_URL_REST || where == IN_ACTION;

	if (where == IN_TAG)
		template_fail(t, line, "a value stands in text or in a quoted attribute");
	if (directive_is(d, "include")) {
		put_include(code, d, where, line);
	} else if (directive_is(d, "asset")) {
		if (where != IN_URL_START)
			template_fail(t, line, "{{asset}} stands at the beginning of href or src");
		put_asset(code, d, line);
	} else if (put_address(code, d, where, line)) {
		return;
	} else if (d->count == 1) {
		put_value(code, d, where, line);
	} else if (address) {
		template_fail(t, line, "in an address only url, query, id, plain and asset may stand");
	} else if (directive_is(d, "t") || directive_is(d, "tn")) {
		put_words(code, d, 0, where, line);
	} else if (directive_is(d, "title") || directive_is(d, "description")) {
		if (where != IN_HEADING)
			template_fail(t, line, "{{%.*s …}} stands right behind {{page …}}",
			              STR_ARG(d->tokens[0].text));
		if (str_is(d->tokens[1].text, "t") || str_is(d->tokens[1].text, "tn")) {
			put_words(code, d, 1, where, line);
		} else {
			want_count(code, d, 2, line);
			statement(code, line, "html_put_read(h, %s);", path_at(code, d, 1, line));
		}
	} else if (directive_is(d, "page")) {
		put_page_part(code, d, where, line);
	} else if (directive_is(d, "date")) {
		want_count(code, d, 2, line);
		statement(code, line, "html_put_date(h, %s);", path_at(code, d, 1, line));
	} else if (directive_is(d, "message")) {
		want_count(code, d, 2, line);
		statement(code, line, "html_put_message(h, &%s);", path_at(code, d, 1, line));
	} else if (directive_is(d, "percent")) {
		const char *part = path_at(code, d, 1, line);

		want_count(code, d, 3, line);
		statement(code, line, "html_put_percent(h, %s, %s);", part, path_at(code, d, 2, line));
	} else {
		template_fail(t, line, "'%.*s' is not a word of the grammar",
		              STR_ARG(d->tokens[0].text));
	}
}

/* [not] path [is "word"], from token `at` on. */
static void
write_condition(struct code *code, const struct directive *d, size_t at, int line)
{
	bool not = at + 1 < d->count && str_is(d->tokens[at].text, "not");
	bool is;

	at += not;
	is = at + 3 == d->count && str_is(d->tokens[at + 1].text, "is") &&
	     d->tokens[at + 2].kind == TOKEN_STRING;
	if (at + 1 != d->count && !is)
		template_fail(code->template, line, "write {{if x}}, {{if not x}} or {{if x is \"word\"}}");
	buf_add_c(&code->lines, not ? "if (!" : "if (");
	if (code->template->kind == TEMPLATE_LAYOUT && str_is(d->tokens[at].text, "page.description"))
		buf_add_c(&code->lines, "(page->description != NULL)");
	else if (is)
		buf_add_format(&code->lines, "str_eq(%s, STR(\"%.*s\"))", path_at(code, d, at, line),
		               STR_ARG(d->tokens[at + 2].text));
	else
		buf_add_format(&code->lines, "html_true(%s)", path_at(code, d, at, line));
	buf_add_c(&code->lines, ") {\n");
}

void
code_csrf(struct code *code, int line)
{
	statement(code, line, "html_put_csrf(h);");
}

void
code_if(struct code *code, const struct directive *d, size_t condition, int line)
{
	code_flush(code);
	begin_line(code, line);
	write_condition(code, d, condition, line);
	code->depth++;
}

void
code_else(struct code *code, const struct directive *d, int line)
{
	code_flush(code);
	code->depth--;
	begin_line(code, line);
	buf_add_c(&code->lines, "} else ");
	if (d->count == 1)
		buf_add_c(&code->lines, "{\n");
	else if (!str_is(d->tokens[1].text, "if"))
		template_fail(code->template, line, "write {{else}} or {{else if x}}");
	else
		write_condition(code, d, 2, line);
	code->depth++;
}

void
code_for(struct code *code, const struct directive *d, int line)
{
	struct str name = d->tokens[1].text;
	const char *list;

	if (d->count != 4 || d->tokens[1].kind != TOKEN_WORD || !str_is(d->tokens[2].text, "in") ||
	    str_find(name, STR(".")) < name.len)
		template_fail(code->template, line, "write {{for x in list}}");
	for (size_t i = 0; i < code->loop_count; i++)
		if (str_eq(code->loops[i], name))
			template_fail(code->template, line, "'%.*s' already names an outer loop",
			              STR_ARG(name));
	if (code->loop_count == LOOPS_MAX)
		template_fail(code->template, line, "loops are nested too deep");
	list = path_at(code, d, 3, line);
	statement(code, line, "for (size_t at_%.*s = 0; at_%.*s < %s.len; at_%.*s++) {",
	          STR_ARG(name), STR_ARG(name), list, STR_ARG(name));
	code->depth++;
	statement(code, line, "const __auto_type for_%.*s = &%s.ptr[at_%.*s];", STR_ARG(name), list,
	          STR_ARG(name));
	code->loops[code->loop_count++] = name;
}

void
code_end(struct code *code, bool loop, int line)
{
	code_flush(code);
	code->depth--;
	if (loop)
		code->loop_count--;
	statement(code, line, "}");
}
