/* gen_html refuses what must not be in a template, naming file and line: tiny templates,
 * each beside what the generator must say (NULL: it must accept it). */
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define VIEW "{{view struct x \"web/x.h\"}}\n"
#define PAGE "{{page struct x \"web/x.h\"}}\n{{title t \"X\"}}\n"

static const struct {
	const char *template, *want;
} cases_of_html[] = {
	{ VIEW "<p>{{name}}</p>", NULL },
	{ VIEW "<a href=here>{{name}}</a>", "x.html:2: error: the value of href must be in quotes" },
	{ VIEW "<p style=\"color:red\"></p>", "no style=" },
	{ VIEW "<p onclick=\"x\"></p>", "no onclick=" },
	{ VIEW "<svg><g onLoad=\"x\"/></svg>", "no onLoad=" },
	{ VIEW "<script>{{name}}</script>", "no values inside <script>" },
	{ VIEW "<script>alert(1)</script>", "no code inside <script>" },
	{ VIEW "<style>p{}</style>", "no <style>" },
	{ VIEW "<svg><STYLE>p{}</STYLE></svg>", "no <STYLE>" },
	{ VIEW "<svg><foreignObject></foreignObject></svg>", "no <foreignObject>" },
	{ VIEW "<iframe src=\"/\"></iframe>", "no <iframe>" },
	{ VIEW "<img srcset=\"/a 2x\">", "no srcset=" },
	{ VIEW "<p>\n\nHello</p>", "x.html:4: error: bare words in text: 'Hello'" },
	{ VIEW "<p>{{name}} r\xC3\xA9sum\xC3\xA9</p>", "bare words" },
	{ VIEW "<p>\xC3\xA9</p>", "bare words" },
	{ VIEW "<p>\xD0\x96</p>", "bare words" },
	{ VIEW "<p>&nbsp;\xC2\xB7 \xE2\x86\x92 \xE2\x80\x9C{{name}}\xE2\x80\x9D \xC2\xA3 5 \xF0\x9F\x8C\xB3</p>", NULL },
	{ VIEW "<code translate=\"no\">folkmoot <b>count</b></code>", NULL },
	{ VIEW "<code translate=\"no\">folkmoot</code> count", "bare words in text: 'count'" },
	{ VIEW "<p>1 & 2</p>", "a bare &" },
	{ VIEW "<p>1 < 2</p>", "a < that begins no tag" },
	{ VIEW "<img src=\"/a.png\" alt=\"A tree\">", "bare words in an attribute that people read" },
	{ VIEW "<nav aria-label=\"Main\"></nav>", "bare words in an attribute that people read" },
	{ VIEW "<p title=\"Tip\"></p>", "bare words in an attribute" },
	{ VIEW "<input placeholder=\"Name\">", "bare words in an attribute" },
	{ VIEW "<td data-label=\"Cost\"></td>", "bare words in an attribute" },
	{ VIEW "<input type=\"submit\" value=\"Go\">", "bare words in the value of a button" },
	{ VIEW "<input value=\"Go\" type=\"submit\">", "bare words in the value of a button" },
	{ VIEW "<input type=\"hidden\" value=\"yes\">", NULL },
	{ VIEW "<nav aria-label=\"{{t \"Main\"}}\"></nav>", NULL },
	{ VIEW "<div><p>", "x.html:2: error: <p> is not closed" },
	{ VIEW "<div><p></div></p>", "</div> where <p> of line 2 is open" },
	{ VIEW "</p>", "</p> closes nothing" },
	{ VIEW "<div/>", "only void and SVG elements close themselves" },
	{ VIEW "<br><img src=\"/x\" alt=\"\"/>", NULL },
	{ VIEW "<DIV></DIV>", "in lower case" },
	{ VIEW "<p CLASS=\"x\"></p>", "in lower case" },
	{ VIEW "<svg viewBox=\"0 0 1 1\"><path d=\"{{d}}\"/></svg>", NULL },
	{ VIEW "<p", "<p is not ended" },
	{ VIEW "<p class=\"x>", "the value of class does not end" },
	{ VIEW "<!-- words are fine here, <p> too --><p></p>", NULL },
	{ VIEW "<!-- no end", "the comment does not end" },
	{ VIEW "<!doctype html>", "a < that begins no tag" },
	{ VIEW "<p {{name}}></p>", "a value stands in text or in a quoted attribute" },
	{ VIEW "<form method=\"post\" action=\"/x\"></form>", "has no {{csrf}}" },
	{ VIEW "<form method=\"post\" action=\"/x\">{{csrf}}</form>", NULL },
	{ VIEW "<form method=\"post\" action=\"/x\">{{if a}}{{csrf}}{{end}}</form>", "must not depend" },
	{ VIEW "<form method=\"POST\" action=\"/x\"></form>", "method is \"post\" or \"get\"" },
	{ VIEW "<form method=\"{{m}}\" action=\"/x\"></form>", "method is \"post\" or \"get\"" },
	{ VIEW "<form action=\"/x\">{{csrf}}</form>", "would show the token" },
	{ VIEW "<form action=\"/x\"><button formmethod=\"post\"></button></form>", "no formmethod=" },
	{ VIEW "<form action=\"/x\"><form action=\"/x\"></form></form>", "a form inside a form" },
	{ VIEW "{{csrf}}", "{{csrf}} stands inside a form" },
	{ VIEW "<a href=\"{{x}}\"></a>", "in an address write {{url x}}" },
	{ VIEW "<a href=\"/a/{{x}}\"></a>", "{{query x}} further on" },
	{ VIEW "<a href=\"/a/{{url x}}\"></a>", "use {{query x}} here" },
	{ VIEW "<a href=\"{{query x}}\"></a>", "an address begins with {{url x}}" },
	{ VIEW "<a href=\"{{t \"x\"}}\"></a>", "in an address only" },
	{ VIEW "<a href=\"{{if a}}/a{{end}}\"></a>", "an address can't begin with {{if}}" },
	{ VIEW "<a href=\"javascript:alert(1)\"></a>", "an address begins with" },
	{ VIEW "<a href=\"//evil\"></a>", "an address begins with" },
	{ VIEW "<a href=\"data:{{url x}}\"></a>", "an address begins with" },
	{ VIEW "<a href=\"{{url x}}/y?q={{query q}}&amp;n={{plain n}}#{{id i}}\"></a>", NULL },
	{ VIEW "<a href=\"{{url x}}{{if q}}?q={{query q}}{{end}}\"></a>", NULL },
	{ VIEW "<p class=\"{{url x}}\"></p>", "{{url x}} is for href, src and action" },
	{ VIEW "<p>{{asset \"a.css\"}}</p>", "{{asset}} stands at the beginning of href or src" },
	{ VIEW "{{if a}}<p>{{else}}</p>{{end}}", "is not closed before {{else}}" },
	{ VIEW "<p>{{if a}}</p>{{end}}", "stands outside of this {{if}}" },
	{ VIEW "<p {{if a}}class=\"x\"></p>{{end}}", "is not ended" },
	{ VIEW "<p class=\"{{if a}}x\"{{end}}></p>", "is not ended" },
	{ VIEW "<p class=\"x{{if a}} y{{else if not b}} z{{end}}\"{{if c}} hidden{{end}}></p>", NULL },
	{ VIEW "{{if a}}", "{{if}} without {{end}}" },
	{ VIEW "{{end}}", "{{end}} without" },
	{ VIEW "{{else}}", "{{else}} without" },
	{ VIEW "{{if a}}{{else}}{{else}}{{end}}", "{{else}} belongs to an {{if}}, once" },
	{ VIEW "{{for i in a}}{{else}}{{end}}", "{{else}} belongs to an {{if}}" },
	{ VIEW "{{if a is \"b\"}}{{end}}", NULL },
	{ VIEW "{{if a b}}{{end}}", "write {{if x}}" },
	{ VIEW "{{for i of a}}{{end}}", "write {{for x in list}}" },
	{ VIEW "{{for i in a}}{{for i in b}}{{end}}{{end}}", "already names an outer loop" },
	{ VIEW "{{t \"{a}\"}}", "no value is given for {a}" },
	{ VIEW "{{t \"a\" a=b}}", "the words have no {a}" },
	{ VIEW "{{t \"{a\" a=b}}", "{ without }" },
	{ VIEW "{{t \"\"}}", "no words between the quotes" },
	{ VIEW "{{t words}}", "write {{t" },
	{ VIEW "{{t \"a\" b}}", "only name=value may follow" },
	{ VIEW "{{t \"{a} {b} {c}\" a=x b=date y c=percent p q}}", NULL },
	{ VIEW "{{t \"Read {a}the rules{/a}\" a=link rules}}", NULL },
	{ VIEW "{{t \"Read {a}the rules\" a=link rules}}", "words need both {a} and {/a}" },
	{ VIEW "<p title=\"{{t \"{b}x{/b}\" b=strong}}\"></p>", "link and strong are for text only" },
	{ VIEW "{{tn \"One\" \"{n} ideas\" n=count}}", NULL },
	{ VIEW "{{tn \"One\" \"Many\"}}", "{{tn …}} needs n=count" },
	{ VIEW "{{tn \"One\"}}", "write {{tn" },
	{ VIEW "{{nonsense x}}", "'nonsense' is not a word of the grammar" },
	{ VIEW "{{'a'}}", "unexpected '''" },
	{ VIEW "{{a.}}", "is not a path" },
	{ VIEW "{{name", "{{ without }}" },
	{ VIEW "{{t \"a\nb\"}}", "does not end on its line" },
	{ VIEW "{{include other}}", "there is no template other.html" },
	{ VIEW "{{include x x}}", NULL },
	{ VIEW "<p class=\"{{include x}}\"></p>", "stands in text, not in a tag" },
	{ VIEW "{{page content}}", "{{page …}} begins a page" },
	{ VIEW "{{title t \"x\"}}", "stands right behind {{page …}}" },
	{ PAGE "<p>{{name}}</p>", NULL },
	{ PAGE "{{description name}}<p></p>", NULL },
	{ PAGE "{{include x}}", "is a whole page" },
	{ "{{page struct x \"web/x.h\"}}\n<p></p>", "a page's second line is {{title" },
	{ "<p></p>", "begin with {{page" },
	{ "{{view x \"web/x.h\"}}", "begin with {{page" },
};

static char folder[] = "/tmp/folkmoot-gen-html-XXXXXX";

/* Runs gen_html on one template; its exit status, and what it said. */
static int
run_generator(const char *template, char *ret_said, size_t size)
{
	char path[200], command[800];
	FILE *file;
	size_t len;

	(void)snprintf(path, sizeof path, "%s/x.html", folder);
	file = fopen(path, "w");
	if (file == NULL || fputs(template, file) < 0 || fclose(file) != 0)
		abort();
	(void)snprintf(command, sizeof command, "%s %s %s 2>&1", GEN_HTML, folder, path);
	file = popen(command, "r");
	if (file == NULL)
		abort();
	len = fread(ret_said, 1, size - 1, file);
	ret_said[len] = '\0';
	return pclose(file);
}

static void
test_table(void)
{
	for (size_t i = 0; i < sizeof cases_of_html / sizeof *cases_of_html; i++) {
		const char *want = cases_of_html[i].want;
		char said[1000];
		int status = run_generator(cases_of_html[i].template, said, sizeof said);
		bool good = want == NULL ? status == 0 && said[0] == '\0'
		          : status != 0 && strstr(said, want) != NULL;

		if (!good)
			printf("# %s\n# wanted: %s\n# said: %s\n", cases_of_html[i].template,
			       want == NULL ? "nothing" : want, said);
		CHECK(good);
	}
}

/* Everything generated from `template`, with #line lines left out. */
static const char *
generated(const char *template)
{
	static char text[20000], said[1000];
	char path[200], line[2000];
	FILE *file;

	CHECK_INT(run_generator(template, said, sizeof said), 0);
	(void)snprintf(path, sizeof path, "%s/x.html.c", folder);
	file = fopen(path, "r");
	if (file == NULL)
		abort();
	text[0] = '\0';
	while (fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, "#line", 5) != 0)
			strcat(text, line);
	fclose(file);
	return text;
}

static void
test_white_space(void)
{
	const char *c = generated(VIEW "\n<ul>\n\t<li>\n  <b>{{a}}</b>\n  <i>{{b}}</i>\n</li>\n</ul>\n"
	                          "<pre>\n 1\n  2</pre>\n");

	CHECK(strstr(c, "STR(\"<ul><li><b>\")") != NULL);
	CHECK(strstr(c, "STR(\"</b> <i>\")") != NULL);
	CHECK(strstr(c, "STR(\"</i></li></ul><pre>\\n 1\\n  2</pre>\")") != NULL);
}

static void
test_words_can_be_extracted(void)
{
	const char *c = generated(VIEW "{{t \"Say \\\"hi\\\"\"}} {{tn \"One\" \"{n} ideas\" n=count}}");

	CHECK(strstr(c, "locale_words(h->format.locale, \"Say \\\"hi\\\"\")") != NULL);
	CHECK(strstr(c, "locale_words_plural(h->format.locale, \"One\", \"{n} ideas\", v->count)") != NULL);
}

static void
test_lines_point_at_the_template(void)
{
	char path[200], line[2000];
	bool found = false;
	FILE *file;

	(void)generated(VIEW "<p>\n\n\n{{name}}</p>");
	(void)snprintf(path, sizeof path, "%s/x.html.c", folder);
	file = fopen(path, "r");
	if (file == NULL)
		abort();
	while (fgets(line, sizeof line, file) != NULL) {
		if (strncmp(line, "#line 5 ", 8) == 0 && strstr(line, "/x.html\"") != NULL &&
		    fgets(line, sizeof line, file) != NULL)
			found |= strstr(line, "html_put(h, v->name)") != NULL;
	}
	fclose(file);
	CHECK(found);
}

/* A file that did not change keeps its time: else every page is compiled for each change. */
static void
test_unchanged_output_is_kept(void)
{
	char path[200];
	const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	struct stat stat_;

	(void)generated(VIEW "<p></p>");
	(void)snprintf(path, sizeof path, "%s/x.html.c", folder);
	CHECK_INT(utimensat(AT_FDCWD, path, old, 0), 0);
	(void)generated(VIEW "<p></p>");
	CHECK_INT(stat(path, &stat_), 0);
	CHECK_INT(stat_.st_mtime, 1000);
	(void)generated(VIEW "<p> </p>{{x}}");
	CHECK_INT(stat(path, &stat_), 0);
	CHECK(stat_.st_mtime != 1000);
}

static const struct test_case cases[] = {
	{ "templates that are refused, and their neighbours that are not", test_table },
	{ "white space between tags is collapsed, inside pre it is kept", test_white_space },
	{ "words stand where xgettext finds them", test_words_can_be_extracted },
	{ "compiler errors point at the template", test_lines_point_at_the_template },
	{ "unchanged output is not written again", test_unchanged_output_is_kept },
};

int
main(void)
{
	char command[200];
	int bad;

	if (mkdtemp(folder) == NULL)
		abort();
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	(void)snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command) != 0 || bad;
}
