/* gen_html OUTPUT_FOLDER TEMPLATE… [-- KNOWN…]: reads the templates, writes NAME.html.c and
 * NAME.html.h. Those behind -- are made elsewhere, and may be included. */
#include "tools/gen_html.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 64 << 20, OUT_MAX = 16 << 20 };

_Noreturn void
template_fail(const struct template *t, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: error: ", t->path, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static _Noreturn void
file_fail(const char *path)
{
	fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
	exit(1);
}

int
template_line(const struct template *t, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i++)
		line += t->text.ptr[i] == '\n';
	return line;
}

/* The file's bytes; NULL pointer when there is no such file. */
static struct str
read_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes;
	long size;

	if (file == NULL)
		return (struct str){ NULL, 0 };
	if (fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0)
		file_fail(path);
	bytes = arena_bytes(arena, (size_t)size);
	if (bytes == NULL)
		abort();
	if (fread(bytes, 1, (size_t)size, file) != (size_t)size)
		file_fail(path);
	fclose(file);
	return (struct str){ bytes, (size_t)size };
}

/* A file that did not change keeps its time, so that nothing is compiled again. */
static void
write_file(struct arena *arena, const char *path, struct str text)
{
	struct str old = read_file(arena, path);
	FILE *file;

	if (old.ptr != NULL && str_eq(old, text))
		return;
	file = fopen(path, "wb");
	if (file == NULL || fwrite(text.ptr, 1, text.len, file) != text.len || fclose(file) != 0)
		file_fail(path);
}

static size_t
skip_space(struct str text, size_t at)
{
	while (at < text.len && strchr(" \t\r\n", text.ptr[at]) != NULL)
		at++;
	return at;
}

/* The first line: {{page struct x "web/x.h"}}, {{view struct x "web/x.h"}} or {{layout}}. */
static void
read_first_line(struct arena *arena, struct template *t)
{
	static struct directive d;
	const char *slash = strrchr(t->path, '/'), *base = slash == NULL ? t->path : slash + 1;

	t->name = str_of(base);
	if (!str_ends(t->name, STR(".html")))
		template_fail(t, 1, "a template is called NAME.html");
	t->name.len -= 5;
	for (size_t i = 0; i < t->name.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_", t->name.ptr[i]) == NULL)
			template_fail(t, 1, "a template's name has a-z, 0-9 and _ only");
	if (!str_starts(t->text, STR("{{")))
		template_fail(t, 1, "begin with {{page struct x \"web/x.h\"}} or {{view …}}");
	directive_read(t, 0, 1, &d);
	t->body = d.end;
	if (d.count == 1 && str_is(d.tokens[0].text, "layout")) {
		t->kind = TEMPLATE_LAYOUT;
		return;
	}
	t->kind = str_is(d.tokens[0].text, "page") ? TEMPLATE_PAGE : TEMPLATE_VIEW;
	if ((t->kind == TEMPLATE_VIEW && !str_is(d.tokens[0].text, "view")) || d.count != 4 ||
	    !str_is(d.tokens[1].text, "struct") || d.tokens[2].kind != TOKEN_WORD ||
	    d.tokens[3].kind != TOKEN_STRING)
		template_fail(t, 1, "begin with {{page struct x \"web/x.h\"}} or {{view …}}");
	if (str_format(arena, &t->view, "struct %.*s", STR_ARG(d.tokens[2].text)) != OK)
		abort();
	t->header = d.tokens[3].text;
}

static void
write_header(const struct template *t, struct buf *out)
{
	buf_add_format(out, "/* Made by gen_html from %.*s.html. */\n"
	               "#ifndef WEB_%.*s_HTML_H\n#define WEB_%.*s_HTML_H\n\n#include \"web/html.h\"\n",
	               STR_ARG(t->name), STR_ARG(t->name), STR_ARG(t->name));
	if (t->kind == TEMPLATE_LAYOUT)
		buf_add_format(out, "\nvoid html_%.*s(struct html *h, const struct html_page *page);\n",
		               STR_ARG(t->name));
	else
		buf_add_format(out, "#include \"%.*s\"\n\nvoid html_%.*s(struct html *h, const %.*s *v);\n",
		               STR_ARG(t->header), STR_ARG(t->name), STR_ARG(t->view));
	buf_add_c(out, "\n#endif\n");
}

/* The statements of a page's title or description. */
static size_t
write_heading(struct code *code, size_t at, const char *word)
{
	static struct directive d;
	const struct template *t = code->template;
	int line;

	at = skip_space(t->text, at);
	line = template_line(t, at);
	if (!str_starts(str_cut(t->text, at, t->text.len), STR("{{")))
		return 0;
	directive_read(t, at, line, &d);
	if (!directive_is(&d, word))
		return 0;
	code_put(code, &d, IN_HEADING, line);
	return d.end;
}

static void
write_part(struct buf *out, const struct template *t, const char *part, const struct code *code)
{
	buf_add_format(out, "\nstatic void\nput_%s(struct html *h, const void *view)\n{\n"
	               "\tconst %.*s *v = view;\n\n\t(void)h;\n\t(void)v;\n", part, STR_ARG(t->view));
	buf_add(out, buf_str(&code->lines));
	buf_add_c(out, "}\n");
}

static void
write_page(const struct template *t, const struct templates *all, struct buf *out,
           struct code *content)
{
	struct code title, description;
	size_t at, behind;

	code_init(&title, t, all);
	code_init(&description, t, all);
	at = write_heading(&title, t->body, "title");
	if (at == 0)
		template_fail(t, 2, "a page's second line is {{title t \"…\"}} or {{title x}}");
	behind = write_heading(&description, at, "description");
	scan_body(content, behind > 0 ? behind : at);
	write_part(out, t, "title", &title);
	if (behind > 0)
		write_part(out, t, "description", &description);
	write_part(out, t, "content", content);
	buf_add_format(out, "\nvoid\nhtml_%.*s(struct html *h, const %.*s *v)\n{\n"
	               "\thtml_layout(h, &(const struct html_page){ .view = v, .title = put_title,\n"
	               "\t\t.content = put_content%s });\n}\n", STR_ARG(t->name), STR_ARG(t->view),
	               behind > 0 ? ", .description = put_description" : "");
	code_release(&title);
	code_release(&description);
}

static void
write_code(const struct template *t, const struct templates *all, struct buf *out)
{
	struct code content;
	struct buf functions;

	buf_init(&functions, OUT_MAX);
	code_init(&content, t, all);
	if (t->kind == TEMPLATE_PAGE) {
		write_page(t, all, &functions, &content);
	} else {
		scan_body(&content, t->body);
		if (t->kind == TEMPLATE_LAYOUT)
			buf_add_format(&functions, "\nvoid\nhtml_%.*s(struct html *h, const struct html_page *page)\n"
			               "{\n\tconst struct layout_view *v = h->layout;\n\n", STR_ARG(t->name));
		else
			buf_add_format(&functions, "\nvoid\nhtml_%.*s(struct html *h, const %.*s *v)\n"
			               "{\n\t(void)v;\n", STR_ARG(t->name), STR_ARG(t->view));
		buf_add(&functions, buf_str(&content.lines));
		buf_add_c(&functions, "}\n");
	}
	buf_add_format(out, "/* Made by gen_html from %.*s.html. */\n#include \"web/%.*s.html.h\"\n",
	               STR_ARG(t->name), STR_ARG(t->name));
	if (content.uses_assets)
		buf_add_c(out, "\n#include \"web/assets.h\"\n");
	if (t->kind == TEMPLATE_PAGE)
		buf_add_c(out, "#include \"web/layout.html.h\"\n");
	for (size_t i = 0; i < content.include_count; i++)
		buf_add_format(out, "#include \"web/%.*s.html.h\"\n", STR_ARG(content.includes[i]));
	buf_add(out, buf_str(&functions));
	code_release(&content);
	buf_release(&functions);
}

static void
write_template(struct arena *arena, const char *folder, const struct template *t,
               const struct templates *all)
{
	struct buf header, code;
	char path[4096];

	buf_init(&header, OUT_MAX);
	buf_init(&code, OUT_MAX);
	write_header(t, &header);
	write_code(t, all, &code);
	if (buf_status(&header) != OK || buf_status(&code) != OK)
		template_fail(t, 1, "the template is too large");
	(void)snprintf(path, sizeof path, "%s/%.*s.html.h", folder, STR_ARG(t->name));
	write_file(arena, path, buf_str(&header));
	(void)snprintf(path, sizeof path, "%s/%.*s.html.c", folder, STR_ARG(t->name));
	write_file(arena, path, buf_str(&code));
	buf_release(&header);
	buf_release(&code);
}

int
main(int argc, char **argv)
{
	struct arena arena;
	struct templates all = { 0 };
	size_t written = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: gen_html OUTPUT_FOLDER TEMPLATE... [-- KNOWN...]\n");
		return 2;
	}
	arena_init(&arena, ARENA_MAX);
	all.ptr = ARENA_ARRAY(&arena, (size_t)argc, struct template);
	if (all.ptr == NULL)
		abort();
	for (int i = 2; i < argc; i++) {
		struct template *t = &all.ptr[all.len];

		if (strcmp(argv[i], "--") == 0) {
			written = all.len;
			continue;
		}
		t->path = argv[i];
		t->text = read_file(&arena, argv[i]);
		if (t->text.ptr == NULL)
			file_fail(argv[i]);
		read_first_line(&arena, t);
		all.len++;
	}
	for (size_t i = 0; i < (written > 0 ? written : all.len); i++)
		write_template(&arena, argv[1], &all.ptr[i], &all);
	arena_release(&arena);
	return 0;
}
