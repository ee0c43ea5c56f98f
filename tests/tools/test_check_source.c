/* Each rule of tools/check_source.c bites, and lets through what looks alike. The program's
 * path is in CHECK_SOURCE. */
#include <ftw.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static char folder[64];

static void
make_folders(const char *path)
{
	char part[200];

	for (const char *slash = path; (slash = strchr(slash, '/')) != NULL; slash++) {
		(void)snprintf(part, sizeof part, "%s/%.*s", folder, (int)(slash - path), path);
		(void)mkdir(part, 0700);
	}
}

static int
remove_one(const char *path, const struct stat *about, int type, struct FTW *at)
{
	(void)about;
	(void)type;
	(void)at;
	return remove(path);
}

/* What the check prints about a source tree that has this one file; *ret_status its exit
 * status. */
static const char *
check(const char *path, const char *text, int *ret_status)
{
	static char output[4096];
	char command[400], name[300];
	FILE *file;
	size_t len;

	(void)snprintf(folder, sizeof folder, "/tmp/check_source.XXXXXX");
	CHECK(mkdtemp(folder) != NULL);
	make_folders(path);
	(void)snprintf(name, sizeof name, "%s/%s", folder, path);
	file = fopen(name, "w");
	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
	(void)snprintf(command, sizeof command, "\"%s\" %s %s/stamp 2>&1", getenv("CHECK_SOURCE"),
	               folder, folder);
	file = popen(command, "r");
	CHECK(file != NULL);
	len = fread(output, 1, sizeof output - 1, file);
	output[len] = '\0';
	*ret_status = WEXITSTATUS(pclose(file));
	(void)snprintf(name, sizeof name, "%s/stamp", folder);
	CHECK((access(name, F_OK) == 0) == (*ret_status == 0));
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return output;
}

/* `want` is part of the complaint; NULL: there is none. */
struct example {
	const char *path, *text, *want;
};

static void
check_examples(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct example *e = &examples[i];
		int status = -1;
		const char *output = check(e->path, e->text, &status);
		bool right = e->want == NULL ? status == 0 && *output == '\0'
		                             : status == 1 && strstr(output, e->want) != NULL;

		if (!right)
			printf("# %s: %s\n# gave %d: %s\n", e->path, e->text, status, output);
		CHECK(right);
	}
}
#define CHECK_EXAMPLES(examples) check_examples((examples), sizeof(examples) / sizeof *(examples))

static void
test_layers(void)
{
	static const struct example examples[] = {
		{ "base/a.c", "#include \"base/str.h\"\n", NULL },
		{ "base/a.c", "#include \"commons/idea.h\"\n", "base/a.c:1: #include \"commons/idea.h\"" },
		{ "core/decide/a.c", "#include \"core/decide/b.h\"\n#include \"base/str.h\"\n", NULL },
		{ "core/decide/a.c", "#include \"core/ledger/b.h\"\n", "no engine knows another" },
		{ "core/decide/a.c", "#include \"core/decider/b.h\"\n", "no engine knows another" },
		{ "core/decide/a.c", "#include \"commons/b.h\"\n", "core may include only: base" },
		{ "commons/a.h", "#include \"core/decide/b.h\"\n", NULL },
		{ "commons/a.h", "#include \"store/db.h\"\n", "commons may include only" },
		{ "store/a.c", "#include \"acts/act.h\"\n", "store may include only" },
		{ "acts/a.c", "#include \"store/db.h\"\n", NULL },
		{ "acts/a.c", "\n\n# include \"web/html.h\"\n", "acts/a.c:3:" },
		{ "web/a.c", "#include \"acts/act.h\"\n", NULL },
		{ "web/a.c", "#include \"store/db.h\"\n", "web may include only" },
		{ "web/a.c", "#include \"mail/mail.h\"\n", "web may include only" },
		{ "mail/a.c", "#include \"store/db.h\"\n", NULL },
		{ "mail/a.c", "#include \"web/html.h\"\n", "mail may include only" },
		{ "cli/a.c", "#include \"store/db.h\"\n", NULL },
		{ "cli/a.c", "#include \"web/server.h\"\n", "cli may include only" },
		{ "main.c", "#include \"web/server.h\"\n#include \"store/db.h\"\n", NULL },
		{ "odd/a.c", "#include \"base/str.h\"\n", "src/odd is not a layer" },
	};

	CHECK_EXAMPLES(examples);
}

static void
test_includes(void)
{
	static const struct example examples[] = {
		{ "web/a.c", "#include \"html.h\"\n", "name it from src/ on" },
		{ "web/a.c", "#include \"../base/str.h\"\n", "name it from src/ on" },
		{ "web/a.c", "#include \"base/../store/db.h\"\n", "name it from src/ on" },
		{ "web/a.c", "// #include \"html.h\"\n/*\n#include \"html.h\"\n*/\n", NULL },
		{ "store/a.c", "#include <sqlite3.h>\n", NULL },
		{ "acts/a.c", "#include <sqlite3.h>\n", "only store uses this library" },
		{ "web/a.c", "#include <curl/curl.h>\n", "only mail uses this library" },
		{ "cli/a.c", "#include <microhttpd.h>\n", "only web uses this library" },
		{ "base/a.c", "#include <stdio.h>\n", NULL },
	};

	CHECK_EXAMPLES(examples);
}

static void
test_banned(void)
{
	static const char *const names[] = { "strcpy", "strcat", "sprintf", "vsprintf", "gets", "strtok",
		"atoi", "atol", "alloca", "setlocale", "system", "popen", "localtime", "gmtime", "rand",
		"srand" };
	static const struct example examples[] = {
		{ "base/a.c", "int x = f(\"atoi(1)\"); /* atoi(1) */ // atoi(1)\n", NULL },
		{ "base/a.c", "int x = my_atoi(1) + atoi_not(1) + atoi;\n", NULL },
		{ "base/a.c", "int x = table->rand(1) + t.rand(2);\n", NULL },
		{ "base/a.c", "struct tm *t = gmtime_r(&now, &tm);\n", NULL },
		{ "base/a.c", "int c = '\"'; int x = atoi (s);\n", "a.c:1: atoi is banned" },
		{ "base/a.c", "char *s = \"\\\"\"; int x = atoi\n(s);\n", "a.c:1: atoi is banned" },
		{ "base/a.h", "int c = a / b; int x = atoi(s);\n", "atoi is banned: use str_to_int" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char text[100], want[100];

		(void)snprintf(text, sizeof text, "int a;\nint b = %s(a);\n", names[i]);
		(void)snprintf(want, sizeof want, "web/a.c:2: %s is banned", names[i]);
		check_examples(&(struct example){ "web/a.c", text, want }, 1);
	}
	CHECK_EXAMPLES(examples);
}

static void
test_sql(void)
{
	static const struct example examples[] = {
		{ "acts/a.c", "f(\"SELECT 1\");\n", "SQL belongs in src/store" },
		{ "acts/a.c", "f(\" INSERT INTO x\");\n", "SQL belongs" },
		{ "main.c", "f(\"UPDATE x\");\n", "SQL belongs" },
		{ "web/a.c", "\nf(\"DELETE FROM x\");\n", "web/a.c:2: SQL belongs" },
		{ "cli/a.c", "f(\"CREATE TABLE x\");\n", "SQL belongs" },
		{ "store/a.c", "f(\"SELECT 1\");\n", NULL },
		{ "acts/a.c", "f(\"Update your e-mail\", \"a SELECT b\"); /* \"SELECT 1\" */\n", NULL },
	};

	CHECK_EXAMPLES(examples);
}

static void
test_indent(void)
{
	static const struct example examples[] = {
		{ "web/a.c", "int\nf(void)\n{\n\treturn g(1,\n\t         2);\n}\n", NULL },
		{ "web/a.c", "int f(int a,\n      int b);\n", NULL },
		{ "web/a.c", "enum { A,\n       B };\n", NULL },
		{ "web/a.c", "/* one\n * two */\nint x;\n", NULL },
		{ "web/a.c", "int\nf(void)\n{\n    return 1;\n}\n", "web/a.c:4: indent with tabs" },
		{ "web/a.c", "struct x {\n  int y;\n};\n", "web/a.c:2: indent with tabs" },
	};

	CHECK_EXAMPLES(examples);
}

/* "int\nNAME(void)\n{\n", so many lines, "}\n" */
static const char *
function_of(int lines, const char *head)
{
	static char text[20000];
	size_t len = (size_t)snprintf(text, sizeof text, "%s{\n", head);

	for (int i = 0; i < lines - 2; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "\tx(\"}\");\n");
	(void)snprintf(text + len, sizeof text - len, "}\n");
	return text;
}

static void
test_lengths(void)
{
	int status = -1;

	CHECK_STR(str_of(check("web/a.c", function_of(80, "int\nf(int a)\n"), &status)), "");
	CHECK(strstr(check("web/a.c", function_of(81, "int\nf(int a)\n"), &status),
	             "web/a.c:3: f has 81 lines") != NULL);
	CHECK(strstr(check("web/a.c", function_of(81, "int f(int a) "), &status),
	             "web/a.c:1: f has 81 lines") != NULL);
	CHECK_STR(str_of(check("web/a.c", function_of(100, "static const int f[] = "), &status)), "");
	CHECK_STR(str_of(check("web/a.c", function_of(800, "struct f "), &status)), "");
	CHECK(strstr(check("web/a.h", function_of(801, "struct f "), &status),
	             "web/a.h:801: the file has 801 lines") != NULL);
	CHECK(strstr(check("web/a.c", "#if A\nint f(void) {\n#else\nint g(void) {\n#endif\n}\n", &status),
	             "braces don't match") != NULL);
}

static const struct test_case cases[] = {
	{ "check_source: layers", test_layers },
	{ "check_source: how includes are written", test_includes },
	{ "check_source: banned functions", test_banned },
	{ "check_source: SQL", test_sql },
	{ "check_source: indentation", test_indent },
	{ "check_source: lengths", test_lengths },
};
TEST_MAIN(cases)
