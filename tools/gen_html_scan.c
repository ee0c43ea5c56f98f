/* Where in the HTML we are: text, a tag, an attribute's value. Refuses what could become a
 * hole or a page that half works; passes static HTML on, white space collapsed. */
#include "tools/gen_html.h"

#include <string.h>
#include <strings.h>

enum { ELEMENTS_MAX = 64, BLOCKS_MAX = 32, ATTRIBUTE_MAX = 64 };

enum state { STATE_TEXT, STATE_TAG, STATE_VALUE };

struct element {
	struct str name;
	int line;
	size_t blocks;     /* how many {{if}} and {{for}} were open where it began */
	bool untranslated; /* translate="no", here or outside */
	bool spaced;       /* pre, textarea: white space counts */
	bool foreign;      /* in svg: <path/> is allowed */
	bool post, csrf;   /* a form */
};

struct block {
	bool loop, had_else;
	int line;
	enum state state;
	size_t elements;
};

struct scan {
	struct code *code;
	const struct template *t;
	size_t at;
	int line;
	enum state state;
	struct element elements[ELEMENTS_MAX];
	size_t element_count;
	struct block blocks[BLOCKS_MAX];
	size_t block_count;
	bool space;       /* white space seen in text and not yet written */
	bool after_block; /* what was written last ends a block element's tag */
	/* the tag being read */
	struct element tag;
	size_t tag_blocks;
	bool tag_space;
	bool tag_button;        /* input that shows its value: submit, button, reset */
	bool tag_value_words;   /* has value="bare words" */
	/* the attribute being read */
	struct str attribute;
	size_t attribute_blocks, value_from;
	char quote;
	bool value_dynamic; /* something stood in {{…}} */
	bool value_begun;   /* not at the start any more */
};

#define FAIL(s, ...) template_fail((s)->t, (s)->line, __VA_ARGS__)

/* Names in SVG keep their case, but browsers read <STYLE> there as <style>. */
static bool
is_one_of(struct str name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strlen(*list) == name.len && strncasecmp(name.ptr, *list, name.len) == 0)
			return true;
	return false;
}

static const char *const VOID_ELEMENTS[] = { "area", "br", "col", "hr", "img", "input", "link",
	"meta", "source", "track", "wbr", NULL };
static const char *const REFUSED_ELEMENTS[] = { "style", "base", "object", "embed", "iframe",
	"frame", "frameset", "applet", "noscript", "template", "animate", "set", "foreignobject",
	NULL };
/* White space beside these has no meaning. */
static const char *const BLOCK_ELEMENTS[] = { "html", "head", "body", "meta", "link", "title",
	"script", "header", "footer", "main", "nav", "section", "article", "aside", "div", "p", "h1",
	"h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption",
	"colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "form", "fieldset", "legend",
	"details", "summary", "figure", "figcaption", "blockquote", "pre", "hr", "option",
	"optgroup", "address", "dialog", "g", "rect", "circle", "ellipse", "path", "line",
	"polyline", "polygon", "defs", "desc", "use", "pattern", "clipPath", "symbol", NULL };
static const char *const URL_ATTRIBUTES[] = { "href", "src", "action", "formaction", "poster",
	"cite", "data", "manifest", "xlink:href", NULL };
static const char *const REFUSED_ATTRIBUTES[] = { "style", "srcdoc", "srcset", "http-equiv",
	"ping", "formmethod", "background", NULL };
static const char *const READ_ATTRIBUTES[] = { "alt", "aria-label", "aria-description",
	"aria-roledescription", "aria-valuetext", "title", "placeholder", "label", "data-label",
	"summary", NULL };

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Code point at `at`; *ret_len its bytes. Broken UTF-8 counts as a letter. */
static unsigned
code_point(struct str s, size_t at, size_t *ret_len)
{
	unsigned char c = (unsigned char)s.ptr[at];
	size_t more = c < 0xC0 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
	unsigned point = more == 0 ? c : c & (0x3Fu >> more);

	*ret_len = 1;
	if (at + more >= s.len)
		return 'x';
	for (size_t i = 1; i <= more; i++)
		point = point << 6 | ((unsigned char)s.ptr[at + i] & 0x3Fu);
	*ret_len = more + 1;
	return point;
}

/* Would somebody have to translate this? Punctuation, digits, arrows and symbols: no. */
static bool
is_worded(unsigned point)
{
	if (point < 0x80)
		return is_letter((char)point);
	if (point >= 0xA0 && point <= 0xBF)
		return point == 0xAA || point == 0xB5 || point == 0xBA;
	return point != 0xD7 && point != 0xF7 && !(point >= 0x2000 && point <= 0x2BFF) &&
	       !(point >= 0x1F000 && point <= 0x1FAFF);
}

/* Length of &name; or &#123; at `at`; 0 when it is none. */
static size_t
entity_length(struct str s, size_t at)
{
	size_t end = at + 1;

	while (end < s.len && (is_letter(s.ptr[end]) || (s.ptr[end] >= '0' && s.ptr[end] <= '9') ||
	                       s.ptr[end] == '#'))
		end++;
	return end > at + 1 && end < s.len && s.ptr[end] == ';' ? end + 1 - at : 0;
}

static void
refuse_words(const struct scan *s, struct str text, const char *where)
{
	size_t length;

	for (size_t i = 0; i < text.len; i += length) {
		length = text.ptr[i] == '&' ? entity_length(text, i) : 0;
		if (length == 0 && is_worded(code_point(text, i, &length)))
			FAIL(s, "bare words in %s: '%.*s'; write {{t \"…\"}}", where,
			     (int)(text.len - i < 30 ? text.len - i : 30), text.ptr + i);
	}
}

static void
put(struct scan *s, struct str html)
{
	code_static(s->code, html, s->line);
}

static struct element *
top(struct scan *s)
{
	return s->element_count > 0 ? &s->elements[s->element_count - 1] : NULL;
}

/* Writes the white space that waits, unless it stands beside a block element. */
static void
settle_space(struct scan *s, bool before_block)
{
	if (s->space && !before_block && !s->after_block)
		put(s, STR(" "));
	s->space = false;
}

static void
advance(struct scan *s, size_t to)
{
	for (; s->at < to; s->at++)
		s->line += s->t->text.ptr[s->at] == '\n';
}

static struct str
rest(const struct scan *s)
{
	return str_cut(s->t->text, s->at, s->t->text.len);
}

/* What may stand at the beginning of an address written out in a template. */
static void
check_static_url(const struct scan *s, struct str value)
{
	static const char *const starts[] = { "#", "?", "https://", "http://", "data:,", NULL };

	if (value.len > 0 && value.ptr[0] == '/' && (value.len == 1 || value.ptr[1] != '/'))
		return;
	for (size_t i = 0; starts[i] != NULL; i++)
		if (str_starts(value, str_of(starts[i])))
			return;
	FAIL(s, "an address begins with {{url x}}, /, #, ? or https://");
}

static enum position
position_of(struct scan *s)
{
	const struct element *element = top(s);

	if (s->state == STATE_TAG)
		return IN_TAG;
	if (s->state == STATE_TEXT) {
		if (element != NULL && str_is(element->name, "script"))
			FAIL(s, "no values inside <script>");
		return element != NULL && (str_is(element->name, "title") || str_is(element->name, "textarea"))
			? IN_READ : IN_TEXT;
	}
	if (is_one_of(s->attribute, URL_ATTRIBUTES)) {
		if (s->value_begun)
			return IN_URL_REST;
		return str_ends(s->attribute, STR("action")) ? IN_ACTION : IN_URL_START;
	}
	if (is_one_of(s->attribute, READ_ATTRIBUTES) || str_is(s->attribute, "content") ||
	    (s->tag_button && str_is(s->attribute, "value")))
		return IN_READ;
	return IN_ATTRIBUTE;
}

static void
begin_block(struct scan *s, bool loop)
{
	if (s->block_count == BLOCKS_MAX)
		FAIL(s, "blocks are nested too deep");
	if (s->state == STATE_VALUE && is_one_of(s->attribute, URL_ATTRIBUTES) && !s->value_begun)
		FAIL(s, "an address can't begin with {{%s}}: put it around the attribute",
		     loop ? "for" : "if");
	if (s->state == STATE_TAG && loop)
		FAIL(s, "{{for}} stands in text or in a value, not between attributes");
	s->blocks[s->block_count++] = (struct block){ .loop = loop, .line = s->line,
		.state = s->state, .elements = s->element_count };
}

/* At {{else}} and {{end}} everything begun within the block must be closed. */
static struct block *
inner_block(struct scan *s, const char *word)
{
	struct block *block;

	if (s->block_count == 0)
		FAIL(s, "{{%s}} without {{if}} or {{for}}", word);
	block = &s->blocks[s->block_count - 1];
	if (block->state != s->state)
		FAIL(s, "{{%s}} stands in a tag, its {{if}} on line %d does not", word, block->line);
	if (s->element_count > block->elements)
		FAIL(s, "<%.*s> of line %d is not closed before {{%s}}", STR_ARG(top(s)->name),
		     top(s)->line, word);
	return block;
}

static void
mark_csrf(struct scan *s)
{
	struct element *form = NULL;

	for (size_t i = s->element_count; i > 0 && form == NULL; i--)
		if (str_is(s->elements[i - 1].name, "form"))
			form = &s->elements[i - 1];
	if (s->state != STATE_TEXT || form == NULL)
		FAIL(s, "{{csrf}} stands inside a form");
	if (!form->post)
		FAIL(s, "{{csrf}} in a form that is not method=\"post\" would show the token in the address");
	if (s->block_count != form->blocks)
		FAIL(s, "{{csrf}} must not depend on an {{if}} or {{for}}");
	form->csrf = true;
}

static void
do_else_or_end(struct scan *s, const struct directive *d)
{
	bool is_else = str_is(d->tokens[0].text, "else");
	struct block *block = inner_block(s, is_else ? "else" : "end");

	if (!is_else) {
		code_end(s->code, block->loop, s->line);
		s->block_count--;
		return;
	}
	if (block->loop || block->had_else)
		FAIL(s, "{{else}} belongs to an {{if}}, once");
	block->had_else = d->count == 1;
	code_else(s->code, d, s->line);
}

static void
do_directive(struct scan *s)
{
	static struct directive d;

	directive_read(s->t, s->at, s->line, &d);
	if (s->state == STATE_TEXT)
		settle_space(s, false);
	if (directive_is(&d, "if")) {
		begin_block(s, false);
		code_if(s->code, &d, 1, s->line);
	} else if (directive_is(&d, "for")) {
		begin_block(s, true);
		code_for(s->code, &d, s->line);
	} else if (str_is(d.tokens[0].text, "end") || str_is(d.tokens[0].text, "else")) {
		do_else_or_end(s, &d);
	} else if (d.count == 1 && str_is(d.tokens[0].text, "csrf")) {
		mark_csrf(s);
		code_csrf(s->code, s->line);
	} else {
		code_put(s->code, &d, position_of(s), s->line);
		s->value_begun = true;
	}
	s->value_dynamic = true;
	s->after_block = false;
	advance(s, d.end);
}

static void
push_element(struct scan *s)
{
	if (s->element_count == ELEMENTS_MAX)
		FAIL(s, "elements are nested too deep");
	s->elements[s->element_count++] = s->tag;
}

/* At the > of a start tag. */
static void
finish_tag(struct scan *s, bool self_closed)
{
	struct element *tag = &s->tag;
	bool is_void = is_one_of(tag->name, VOID_ELEMENTS);

	if (s->block_count != s->tag_blocks)
		FAIL(s, "an {{if}} inside <%.*s> is not ended", STR_ARG(tag->name));
	if (s->tag_button && s->tag_value_words)
		FAIL(s, "bare words in the value of a button; write {{t \"…\"}}");
	if (self_closed && !is_void && !tag->foreign)
		FAIL(s, "<%.*s/>: only void and SVG elements close themselves", STR_ARG(tag->name));
	put(s, self_closed && !is_void ? STR("/>") : STR(">"));
	if (!is_void && !self_closed)
		push_element(s);
	/* The first line break behind <textarea> is dropped by browsers: it must not be the text's. */
	if (str_is(tag->name, "textarea"))
		put(s, STR("\n"));
	s->state = STATE_TEXT;
	s->after_block = is_one_of(tag->name, BLOCK_ELEMENTS);
}

/* What the tag must know of an attribute that is complete (and not made by values). */
static void
note_attribute(struct scan *s, struct str value)
{
	struct str name = s->attribute;
	struct element *tag = &s->tag;
	bool form = str_is(tag->name, "form"), input = str_is(tag->name, "input");

	if (form && str_is(name, "method")) {
		if (s->value_dynamic || (!str_is(value, "post") && !str_is(value, "get")))
			FAIL(s, "method is \"post\" or \"get\", written out");
		tag->post = str_is(value, "post");
	}
	if (str_is(name, "translate") && str_is(value, "no"))
		tag->untranslated = true;
	if (input && str_is(name, "type"))
		s->tag_button |= str_is(value, "submit") || str_is(value, "button") ||
		                 str_is(value, "reset");
	if (input && str_is(name, "value") && !s->value_dynamic)
		for (size_t i = 0; i < value.len; i++)
			s->tag_value_words |= is_letter(value.ptr[i]);
	if (is_one_of(name, URL_ATTRIBUTES) && !s->value_dynamic)
		check_static_url(s, value);
}

static void
scan_value(struct scan *s)
{
	struct str text = s->t->text, run;
	size_t end = s->at;

	while (end < text.len && text.ptr[end] != s->quote &&
	       !str_starts(str_cut(text, end, text.len), STR("{{")))
		end++;
	run = str_cut(text, s->at, end);
	if (is_one_of(s->attribute, READ_ATTRIBUTES))
		refuse_words(s, run, "an attribute that people read");
	if (run.len > 0 && !s->value_begun && is_one_of(s->attribute, URL_ATTRIBUTES))
		check_static_url(s, run);
	s->value_begun |= run.len > 0;
	put(s, run);
	advance(s, end);
	if (end >= text.len)
		FAIL(s, "the value of %.*s does not end", STR_ARG(s->attribute));
	if (text.ptr[end] != s->quote) {
		do_directive(s);
		return;
	}
	if (s->block_count != s->attribute_blocks)
		FAIL(s, "an {{if}} inside the value of %.*s is not ended", STR_ARG(s->attribute));
	put(s, (struct str){ &s->quote, 1 });
	note_attribute(s, str_cut(text, s->value_from, end));
	advance(s, end + 1);
	s->state = STATE_TAG;
	s->tag_space = false;
}

static void
scan_attribute(struct scan *s)
{
	struct str text = s->t->text;
	size_t end = s->at;

	while (end < text.len && (is_letter(text.ptr[end]) || strchr("-_:", text.ptr[end]) != NULL ||
	                          (text.ptr[end] >= '0' && text.ptr[end] <= '9')))
		end++;
	s->attribute = str_cut(text, s->at, end);
	if (s->attribute.len == 0)
		FAIL(s, "unexpected '%c' in <%.*s>", text.ptr[s->at], STR_ARG(s->tag.name));
	if (!s->tag_space)
		FAIL(s, "white space is missing before %.*s", STR_ARG(s->attribute));
	for (size_t i = 0; i < s->attribute.len && !s->tag.foreign; i++)
		if (s->attribute.ptr[i] >= 'A' && s->attribute.ptr[i] <= 'Z')
			FAIL(s, "write %.*s in lower case", STR_ARG(s->attribute));
	if (s->attribute.len > 2 && strncasecmp(s->attribute.ptr, "on", 2) == 0)
		FAIL(s, "no %.*s=: scripts are in assets/app.js", STR_ARG(s->attribute));
	if (is_one_of(s->attribute, REFUSED_ATTRIBUTES))
		FAIL(s, "no %.*s= in templates%s", STR_ARG(s->attribute),
		     str_is(s->attribute, "style") ? ": use a class (docs/style.md)" : "");
	put(s, STR(" "));
	put(s, s->attribute);
	advance(s, end);
	if (end >= text.len || text.ptr[end] != '=') {
		s->tag_space = false;
		return;
	}
	if (end + 1 >= text.len || (text.ptr[end + 1] != '"' && text.ptr[end + 1] != '\''))
		FAIL(s, "the value of %.*s must be in quotes", STR_ARG(s->attribute));
	s->quote = text.ptr[end + 1];
	put(s, str_cut(text, end, end + 2));
	advance(s, end + 2);
	s->value_from = s->at;
	s->attribute_blocks = s->block_count;
	s->value_dynamic = s->value_begun = false;
	s->state = STATE_VALUE;
}

static void
scan_tag(struct scan *s)
{
	char c = s->t->text.ptr[s->at];

	if (is_space(c)) {
		s->tag_space = true;
		advance(s, s->at + 1);
	} else if (c == '>') {
		advance(s, s->at + 1);
		finish_tag(s, false);
	} else if (str_starts(rest(s), STR("/>"))) {
		advance(s, s->at + 2);
		finish_tag(s, true);
	} else if (str_starts(rest(s), STR("{{"))) {
		do_directive(s);
	} else {
		scan_attribute(s);
	}
}

static struct str
read_name(const struct scan *s, size_t at)
{
	struct str text = s->t->text;
	size_t end = at;

	while (end < text.len && (is_letter(text.ptr[end]) || text.ptr[end] == '-' ||
	                          (text.ptr[end] >= '0' && text.ptr[end] <= '9')))
		end++;
	return str_cut(text, at, end);
}

static void
begin_tag(struct scan *s)
{
	struct str name = read_name(s, s->at + 1);
	const struct element *outer = top(s);

	if (name.len == 0 || !is_letter(name.ptr[0]))
		FAIL(s, "a < that begins no tag; write &lt;");
	if (is_one_of(name, REFUSED_ELEMENTS))
		FAIL(s, "no <%.*s> in templates", STR_ARG(name));
	settle_space(s, is_one_of(name, BLOCK_ELEMENTS));
	s->tag = (struct element){ .name = name, .line = s->line, .blocks = s->block_count,
		.untranslated = outer != NULL && outer->untranslated,
		.spaced = str_is(name, "pre") || str_is(name, "textarea") ||
		          (outer != NULL && outer->spaced),
		.foreign = str_is(name, "svg") || (outer != NULL && outer->foreign) };
	if (str_is(name, "form"))
		for (size_t i = 0; i < s->element_count; i++)
			if (str_is(s->elements[i].name, "form"))
				FAIL(s, "a form inside a form");
	if (!s->tag.foreign)
		for (size_t i = 0; i < name.len; i++)
			if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z')
				FAIL(s, "write <%.*s> in lower case", STR_ARG(name));
	s->tag_button = s->tag_value_words = false;
	s->tag_blocks = s->block_count;
	s->tag_space = false;
	s->state = STATE_TAG;
	put(s, STR("<"));
	put(s, name);
	advance(s, s->at + 1 + name.len);
}

static void
end_tag(struct scan *s)
{
	struct str name = read_name(s, s->at + 2);
	const struct element *open = top(s);
	size_t end = s->at + 2 + name.len;
	bool is_block = is_one_of(name, BLOCK_ELEMENTS);

	if (end >= s->t->text.len || s->t->text.ptr[end] != '>')
		FAIL(s, "</%.*s without >", STR_ARG(name));
	if (open == NULL)
		FAIL(s, "</%.*s> closes nothing", STR_ARG(name));
	if (!str_eq(open->name, name))
		FAIL(s, "</%.*s> where <%.*s> of line %d is open", STR_ARG(name), STR_ARG(open->name),
		     open->line);
	if (open->blocks != s->block_count)
		FAIL(s, "</%.*s> closes <%.*s> of line %d, which stands outside of this {{if}} or {{for}}",
		     STR_ARG(name), STR_ARG(name), open->line);
	if (open->post && !open->csrf)
		FAIL(s, "the form of line %d is method=\"post\" and has no {{csrf}}", open->line);
	settle_space(s, is_block);
	put(s, str_cut(s->t->text, s->at, end + 1));
	s->element_count--;
	s->after_block = is_block;
	advance(s, end + 1);
}

static void
scan_markup(struct scan *s)
{
	struct str left = rest(s);
	const struct element *element = top(s);

	if (element != NULL && (str_is(element->name, "script") || str_is(element->name, "textarea") ||
	                        str_is(element->name, "title")) && !element->foreign &&
	    !str_starts(left, STR("</")))
		FAIL(s, "no tags inside <%.*s>", STR_ARG(element->name));
	if (str_starts(left, STR("<!--"))) {
		size_t end = str_find(left, STR("-->"));

		if (end == left.len)
			FAIL(s, "the comment does not end");
		advance(s, s->at + end + 3);
	} else if (str_starts(left, STR("<!doctype html>")) &&
	           s->code->template->kind == TEMPLATE_LAYOUT) {
		put(s, STR("<!doctype html>"));
		s->after_block = true;
		advance(s, s->at + 15);
	} else if (str_starts(left, STR("</"))) {
		end_tag(s);
	} else {
		begin_tag(s);
	}
}

static void
scan_text(struct scan *s)
{
	struct str text = s->t->text, run;
	const struct element *element = top(s);
	bool spaced = element != NULL && element->spaced;
	size_t end = s->at;

	if (!spaced && is_space(text.ptr[s->at])) {
		s->space = true;
		advance(s, s->at + 1);
		return;
	}
	while (end < text.len && text.ptr[end] != '<' && (spaced || !is_space(text.ptr[end])) &&
	       !str_starts(str_cut(text, end, text.len), STR("{{")))
		end++;
	run = str_cut(text, s->at, end);
	if (element != NULL && str_is(element->name, "script"))
		FAIL(s, "no code inside <script>: scripts are in assets/app.js");
	if (element == NULL || !element->untranslated)
		refuse_words(s, run, "text");
	for (size_t i = 0; i < run.len; i++)
		if (run.ptr[i] == '&' && entity_length(run, i) == 0)
			FAIL(s, "a bare &; write &amp;");
	settle_space(s, false);
	put(s, run);
	s->after_block = false;
	advance(s, end);
}

void
scan_body(struct code *code, size_t at)
{
	static struct scan s;

	s = (struct scan){ .code = code, .t = code->template, .after_block = true };
	s.line = 1;
	advance(&s, at);
	while (s.at < s.t->text.len) {
		if (s.state == STATE_VALUE)
			scan_value(&s);
		else if (s.state == STATE_TAG)
			scan_tag(&s);
		else if (s.t->text.ptr[s.at] == '<')
			scan_markup(&s);
		else if (str_starts(rest(&s), STR("{{")))
			do_directive(&s);
		else
			scan_text(&s);
	}
	if (s.state != STATE_TEXT)
		template_fail(s.t, s.tag.line, "<%.*s is not ended", STR_ARG(s.tag.name));
	if (s.element_count > 0)
		template_fail(s.t, top(&s)->line, "<%.*s> is not closed", STR_ARG(top(&s)->name));
	if (s.block_count > 0)
		template_fail(s.t, s.blocks[s.block_count - 1].line, "{{%s}} without {{end}}",
		              s.blocks[s.block_count - 1].loop ? "for" : "if");
	code_flush(code);
}
