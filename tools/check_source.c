/* Holds src/ to what docs/ARCHITECTURE.md says, on every build.
 *
 *     check_source SRC STAMP
 *
 * Reads every .c and .h below the folder SRC and prints "path:line: what is wrong" for
 *   - an include that goes against the layers, or is not relative to src/
 *   - a library's header outside the layer that wraps the library
 *   - a banned function
 *   - SQL in a string outside src/store
 *   - a function over 80 lines (70 is the aim), a file over 800
 *   - a line indented by spaces
 * Exit status 1 when there was any; otherwise writes STAMP.
 *
 * It does not parse C: comments, strings and brackets are enough for these rules. */
#include <ctype.h>
#include <fts.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FUNCTION_LINES = 80, FUNCTION_AIM = 70, FILE_LINES = 800 };

/* Who may include whom. An engine of core is a layer of its own, as no engine may know another. */
static const struct {
	const char *layer, *may;
} layers[] = {
	{ "base", "base" },
	{ "core", "base" }, /* and the same engine */
	{ "commons", "base core commons" },
	{ "store", "base core commons store" },
	{ "acts", "base core commons store acts" },
	{ "web", "base core commons acts web" },
	{ "federation", "base core commons acts federation" },
	{ "mail", "base core commons store acts mail" },
	{ "cli", "base core commons store acts cli" },
	{ "main", "base core commons store acts web federation mail cli main" },
};

/* Libraries that one layer wraps for all others. */
static const struct {
	const char *header, *layer;
} wrapped[] = {
	{ "sqlite3.h", "store" },
	{ "libpq-fe.h", "store" },
	{ "microhttpd.h", "web" },
	{ "curl/curl.h", "mail" },
};

static const struct {
	const char *name, *instead;
} banned[] = {
	{ "strcpy", "struct str, or memcpy with a length" },
	{ "strcat", "struct buf" },
	{ "sprintf", "buf_add_format or snprintf" },
	{ "vsprintf", "vsnprintf" },
	{ "gets", "fgets" },
	{ "strtok", "str_next" },
	{ "atoi", "str_to_int" },
	{ "atol", "str_to_int" },
	{ "alloca", "an arena" },
	{ "__builtin_alloca", "an arena" },
	{ "setlocale", "base/locale.h; it changes the whole process" },
	{ "system", "posix_spawn, without a shell" },
	{ "popen", "posix_spawn, without a shell" },
	{ "localtime", "zone_to_local" },
	{ "gmtime", "time_date or gmtime_r" },
	{ "rand", "base/chance.h" },
	{ "srand", "base/chance.h" },
};

static const char *const sql_verbs[] = { "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ",
	"ALTER ", "DROP ", "PRAGMA " };

struct source {
	const char *path;  /* "acts/idea.c", from src/ */
	char layer[16];    /* "acts"; "main" for a file of src/ itself */
	char *text;        /* as it is */
	char *code;        /* the same with comments and what strings hold made blank */
	size_t len;
	int errors;
};

static const char *root;

_Noreturn static void
die(const char *what, const char *path)
{
	(void)fprintf(stderr, "check_source: %s: %s\n", path, what);
	exit(2);
}

static void complain(struct source *s, size_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Line 0 for what concerns the whole file. */
static void
complain(struct source *s, size_t line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fprintf(stderr, "%s/%s:%zu: ", root, s->path, line);
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
	s->errors++;
}

static size_t
line_of(const struct source *s, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += s->text[i] == '\n';
	return line;
}

/* End of the comment, string or character constant that begins at `at`; `at` if none does. */
static size_t
skip_token(const struct source *s, size_t at)
{
	const char *t = s->text;
	char quote = t[at];

	if (t[at] == '/' && (t[at + 1] == '*' || t[at + 1] == '/')) {
		const char *end = strstr(t + at + 2, t[at + 1] == '*' ? "*/" : "\n");

		return end == NULL ? s->len : (size_t)(end - t) + (t[at + 1] == '*' ? 2 : 0);
	}
	if (quote != '"' && quote != '\'')
		return at;
	for (at++; at < s->len && t[at] != quote && t[at] != '\n'; at++) {
		if (t[at] == '\\' && t[at + 1] != '\0')
			at++;
	}
	return at < s->len ? at + 1 : at;
}

/* Makes s->code; the quotes of strings stay, so that rules can find them in s->text. */
static void
blank_out(struct source *s)
{
	memcpy(s->code, s->text, s->len + 1);
	for (size_t at = 0; at < s->len;) {
		size_t end = skip_token(s, at);

		if (end == at) {
			at++;
			continue;
		}
		for (size_t i = at; i < end; i++) {
			bool is_quote = s->text[at] == '"' && (i == at || i == end - 1);

			if (s->code[i] != '\n' && !is_quote)
				s->code[i] = ' ';
		}
		at = end;
	}
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Is `word` one of the words of `list`? */
static bool
has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; (at = strstr(at, word)) != NULL; at += len) {
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	}
	return false;
}

/* "core/decide/" for core/decide/count.c: what an engine may include besides base. */
static size_t
engine_len(const char *path)
{
	const char *slash = strchr(path + strlen("core/"), '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static void
check_own_include(struct source *s, size_t line, const char *name)
{
	size_t len = strcspn(name, "/");
	const char *may = NULL;
	char layer[16];

	if (name[len] == '\0' || len >= sizeof layer || strstr(name, "./") != NULL) {
		complain(s, line, "#include \"%s\": name it from src/ on, as \"base/str.h\"", name);
		return;
	}
	memcpy(layer, name, len);
	layer[len] = '\0';
	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
		if (strcmp(layers[i].layer, s->layer) == 0)
			may = layers[i].may;
	}
	if (may == NULL) {
		complain(s, 1, "src/%s is not a layer (tools/check_source.c lists them)", s->layer);
		return;
	}
	if (has_word(may, layer))
		return;
	if (strcmp(layer, "core") == 0 && strcmp(s->layer, "core") == 0 &&
	    engine_len(s->path) > 0 && strncmp(s->path, name, engine_len(s->path)) == 0)
		return;
	if (strcmp(layer, "core") == 0)
		complain(s, line, "#include \"%s\": no engine knows another", name);
	else
		complain(s, line, "#include \"%s\": %s may include only: %s", name, s->layer, may);
}

static void
check_library(struct source *s, size_t line, const char *name)
{
	for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++) {
		if (strcmp(name, wrapped[i].header) == 0 && strcmp(s->layer, wrapped[i].layer) != 0)
			complain(s, line, "#include <%s>: only %s uses this library", name, wrapped[i].layer);
	}
}

/* A preprocessor line, from behind its '#'. */
static void
check_directive(struct source *s, size_t line, size_t at)
{
	const char *from = s->text + at + strspn(s->text + at, " \t");
	char name[200], close;
	size_t len;

	if (strncmp(from, "include", strlen("include")) != 0)
		return;
	from += strlen("include");
	from += strspn(from, " \t");
	if (*from != '<' && *from != '"')
		return;
	close = *from++ == '<' ? '>' : '"';
	for (len = 0; len < sizeof name - 1 && from[len] != close && from[len] != '\n' &&
	              from[len] != '\0';)
		len++;
	memcpy(name, from, len);
	name[len] = '\0';
	if (close == '"')
		check_own_include(s, line, name);
	else
		check_library(s, line, name);
}

/* Does a statement or member begin at the first character of code behind `last`? What goes on
 * from the line before may be lined up with spaces. */
static bool
begins_afresh(char last)
{
	return last != '\0' && strchr(";{}:", last) != NULL;
}

/* Includes and indentation, line by line. */
static void
check_lines(struct source *s)
{
	size_t line = 1, next;
	char last = ';'; /* character of code before this line */

	for (size_t at = 0; at < s->len; at = next + 1, line++) {
		const char *end = strchr(s->code + at, '\n');
		size_t first = at + strspn(s->code + at, " \t");

		next = end == NULL ? s->len : (size_t)(end - s->code);
		if (s->code[first] == '#')
			check_directive(s, line, first + 1);
		if (s->text[at] == ' ' && first < next && begins_afresh(last))
			complain(s, line, "indent with tabs");
		for (size_t i = at; i < next; i++)
			last = isspace((unsigned char)s->code[i]) ? last : s->code[i];
	}
	if (line - 1 > FILE_LINES)
		complain(s, line - 1, "the file has %zu lines, at most %d: split it", line - 1, FILE_LINES);
}

/* The call of a banned function at the name [at, end)? */
static void
check_name(struct source *s, size_t at, size_t end)
{
	size_t after = end + strspn(s->code + end, " \t\n");
	bool is_member = at > 0 && (s->code[at - 1] == '.' ||
	                            (at > 1 && s->code[at - 2] == '-' && s->code[at - 1] == '>'));

	if (s->code[after] != '(' || is_member)
		return;
	for (size_t i = 0; i < sizeof banned / sizeof *banned; i++) {
		if (strlen(banned[i].name) == end - at &&
		    strncmp(s->code + at, banned[i].name, end - at) == 0)
			complain(s, line_of(s, at), "%s is banned: use %s", banned[i].name, banned[i].instead);
	}
}

static void
check_string(struct source *s, size_t at)
{
	const char *text = s->text + at + 1;

	text += strspn(text, " \t");
	for (size_t i = 0; i < sizeof sql_verbs / sizeof *sql_verbs; i++) {
		if (strcmp(s->layer, "store") != 0 &&
		    strncmp(text, sql_verbs[i], strlen(sql_verbs[i])) == 0)
			complain(s, line_of(s, at), "SQL belongs in src/store/*.sql");
	}
}

static void
check_names_and_strings(struct source *s)
{
	for (size_t at = 0; at < s->len;) {
		size_t end = at;

		if (s->code[at] == '"') {
			check_string(s, at);
			at = skip_token(s, at);
			continue;
		}
		while (is_name(s->code[end]))
			end++;
		if (end > at)
			check_name(s, at, end);
		at = end > at ? end : at + 1;
	}
}

/* The name of the function whose parameters end at `close`, a ')'. */
static const char *
function_name(const struct source *s, size_t close, int *ret_len)
{
	size_t at = close, end;
	int depth = 0;

	do {
		depth += (s->code[at] == ')') - (s->code[at] == '(');
	} while (depth > 0 && at-- > 0);
	while (at > 0 && !is_name(s->code[at]))
		at--;
	end = at + 1;
	while (at > 0 && is_name(s->code[at - 1]))
		at--;
	*ret_len = (int)(end - at);
	return s->code + at;
}

/* A body is a '{' outside all others that follows a ')'. */
static void
check_functions(struct source *s)
{
	size_t last = 0, from = 0, line = 1;
	int depth = 0, name_len = 0;
	const char *name = NULL;

	for (size_t at = 0; at < s->len; at++) {
		char c = s->code[at];

		if (c == '{' && depth++ == 0) {
			name = s->code[last] == ')' ? function_name(s, last, &name_len) : NULL;
			from = line;
		} else if (c == '}' && --depth == 0 && name != NULL &&
		           line - from + 1 > FUNCTION_LINES) {
			complain(s, from, "%.*s has %zu lines, at most %d (aim at %d)", name_len, name,
			         line - from + 1, FUNCTION_LINES, FUNCTION_AIM);
		}
		line += c == '\n';
		if (!isspace((unsigned char)c))
			last = at;
	}
	if (depth != 0)
		complain(s, line, "braces don't match: an #if around one?");
}

static void
load(struct source *s, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat about;

	if (file == NULL || fstat(fileno(file), &about) != 0)
		die("can't be read", path);
	s->len = (size_t)about.st_size;
	s->text = calloc(s->len + 3, 1); /* rules look up to two characters ahead */
	s->code = calloc(s->len + 3, 1);
	if (s->text == NULL || s->code == NULL)
		die("out of memory", path);
	if (fread(s->text, 1, s->len, file) != s->len)
		die("can't be read", path);
	(void)fclose(file);
	if (memchr(s->text, '\0', s->len) != NULL)
		die("holds a NUL", path);
}

static int
check_file(const char *path)
{
	struct source s = { .path = path + strlen(root) + 1 };
	size_t len = strcspn(s.path, "/");

	if (s.path[len] == '\0')
		len = (size_t)snprintf(s.layer, sizeof s.layer, "main");
	else
		(void)snprintf(s.layer, sizeof s.layer, "%.*s", (int)len, s.path);
	load(&s, path);
	blank_out(&s);
	check_lines(&s);
	check_names_and_strings(&s);
	check_functions(&s);
	free(s.text);
	free(s.code);
	return s.errors;
}

static bool
is_source(const char *name)
{
	size_t len = strlen(name);

	return len > 2 && name[len - 2] == '.' && (name[len - 1] == 'c' || name[len - 1] == 'h');
}

int
main(int argc, char **argv)
{
	char *roots[2] = { NULL, NULL };
	int errors = 0;
	FTSENT *entry;
	FILE *stamp;
	FTS *tree;

	if (argc != 3)
		die("usage: check_source SRC STAMP", "");
	root = roots[0] = argv[1];
	tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (tree == NULL)
		die("can't be read", root);
	while ((entry = fts_read(tree)) != NULL) {
		if (entry->fts_info == FTS_F && is_source(entry->fts_name))
			errors += check_file(entry->fts_path);
	}
	(void)fts_close(tree);
	if (errors > 0)
		return 1;
	stamp = fopen(argv[2], "w");
	if (stamp == NULL || fclose(stamp) != 0)
		die("can't be written", argv[2]);
	return 0;
}
