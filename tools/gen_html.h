/* gen_html: templates src/web/NAME.html -> NAME.html.c and NAME.html.h, at build time.
 *
 * Three parts: gen_html.c (files and what frames a function), gen_html_scan.c (where in the
 * HTML we are, and what may not stand there) and gen_html_code.c (directives to C).
 * The grammar for those who write templates is in docs/ARCHITECTURE.md. The first mistake
 * ends the run with "FILE:LINE: error: what, and what to write instead".
 */
#ifndef TOOLS_GEN_HTML_H
#define TOOLS_GEN_HTML_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum template_kind { TEMPLATE_VIEW, TEMPLATE_PAGE, TEMPLATE_LAYOUT };

struct template {
	const char *path;  /* as given on the command line: for messages and #line */
	struct str name;   /* "idea_show" of src/web/idea_show.html */
	struct str text;   /* the whole file */
	enum template_kind kind;
	struct str view;   /* "struct idea_page" */
	struct str header; /* "web/idea.h"; empty for the layout */
	size_t body;       /* where the text goes on behind the first line */
};

struct templates {
	struct template *ptr;
	size_t len;
};

/* Between {{ and }}. Strings are without their quotes, escapes (\" and \\) as written, so
 * that they are C string literals too. */
enum token_kind { TOKEN_WORD, TOKEN_STRING, TOKEN_EQUALS };
struct token {
	enum token_kind kind;
	struct str text;
};

enum { TOKENS_MAX = 64, LOOPS_MAX = 8, INCLUDES_MAX = 32 };

struct directive {
	struct token tokens[TOKENS_MAX];
	size_t count;
	size_t end; /* offset behind the }} */
};

/* Where a value would come out; decides how it is escaped and what is allowed. */
enum position {
	IN_TEXT,
	IN_HEADING,    /* {{title}}, {{description}}: words without tags, used in several places */
	IN_ATTRIBUTE,  /* one that machines read: id, name, value, data-… */
	IN_READ,       /* one that people read: alt, aria-label, … */
	IN_URL_START,  /* at the beginning of href, src, action, … */
	IN_ACTION,     /* the same where a form is sent: this server only */
	IN_URL_REST,   /* further on in it */
	IN_TAG         /* between attributes */
};

/* The C text of one function body as it grows. */
struct code {
	const struct template *template;
	const struct templates *all;
	struct buf lines;   /* finished statements */
	struct buf literal; /* static HTML not yet written out, escaped for C */
	int literal_line;
	int depth;          /* of indentation */
	struct str loops[LOOPS_MAX];
	size_t loop_count;
	struct str includes[INCLUDES_MAX]; /* names of pieces it calls */
	size_t include_count;
	bool uses_assets;
};

/* Prints the message and ends the program. */
_Noreturn void template_fail(const struct template *t, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Reads the directive whose {{ is at `at`. */
void directive_read(const struct template *t, size_t at, int line, struct directive *ret);
/* Is the first token this word, with at least one more behind it? */
bool directive_is(const struct directive *d, const char *word);

void code_init(struct code *code, const struct template *t, const struct templates *all);
void code_release(struct code *code);
/* Adds HTML as it stands. */
void code_static(struct code *code, struct str html, int line);
/* Writes the static HTML out that has gathered. */
void code_flush(struct code *code);
/* Everything that puts something out: values, words, include, csrf, asset, page. */
void code_put(struct code *code, const struct directive *d, enum position where, int line);
void code_csrf(struct code *code, int line);
void code_if(struct code *code, const struct directive *d, size_t condition, int line);
void code_else(struct code *code, const struct directive *d, int line); /* else, else if */
void code_for(struct code *code, const struct directive *d, int line);
void code_end(struct code *code, bool loop, int line);

/* Scans the template's body from offset `at` and fills the code of its content. */
void scan_body(struct code *code, size_t at);

/* Line number of an offset, counted from 1. */
int template_line(const struct template *t, size_t at);

#endif
