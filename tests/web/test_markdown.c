/* What people write comes out as harmless HTML: a table of texts and results, then everything
 * that could do harm in one net. */
#include "web/markdown.h"

#include <pthread.h>

#include "test.h"

#define LINK(url, words) "<a href=\"" url "\" rel=\"nofollow ugc noopener\">" words "</a>"

static const struct {
	const char *source, *want;
} texts[] = {
	{ "", "" },
	{ "Six benches, **four trees**.", "<p>Six benches, <strong>four trees</strong>.</p>\n" },
	{ "one\ntwo", "<p>one<br />\ntwo</p>\n" },
	{ "# Why", "<h3>Why</h3>\n" },
	{ "##### Deep", "<h6>Deep</h6>\n" },
	{ "~~no~~", "<p><del>no</del></p>\n" },
	{ "a & b < c", "<p>a &amp; b &lt; c</p>\n" },
	{ "[rules](/a/about?x=1&y=2)", "<p>" LINK("/a/about?x=1&amp;y=2", "rules") "</p>\n" },
	{ "see https://a.example/x.", "<p>see " LINK("https://a.example/x", "https://a.example/x") ".</p>\n" },
	{ "[mail](mailto:a@b.example)", "<p>" LINK("mailto:a@b.example", "mail") "</p>\n" },
	{ "[bad](javascript:alert(1))", "<p>bad</p>\n" },
	{ "[bad](JaVaScRiPt:alert(1))", "<p>bad</p>\n" },
	{ "[bad](&#106;avascript:alert(1))", "<p>bad</p>\n" },
	{ "[bad](data:text/html;base64,xx)", "<p>bad</p>\n" },
	{ "[bad](//evil.example)", "<p>bad</p>\n" },
	{ "[bad](/\\\\evil.example)", "<p>bad</p>\n" },
	{ "[bad](vbscript:x)", "<p>bad</p>\n" },
	{ "<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n" },
	{ "[](/x)", "<p>" LINK("/x", "/x") "</p>\n" },
	{ "[x]()", "<p>x</p>\n" },
	{ "![tree](https://a.example/t.png)", "<p>" LINK("https://a.example/t.png", "tree") "</p>\n" },
	{ "![tree](javascript:x)", "<p>tree</p>\n" },
	{ "[![tree](/t.png)](/x)", "<p>" LINK("/x", "tree") "</p>\n" },
	{ "![a [b](/c)](/d)", "<p>" LINK("/d", "a b") "</p>\n" },
	{ "a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n" },
	{ "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n" },
	{ "```js\" onload=\"x\n1 < 2\n```", "<pre><code>1 &lt; 2\n</code></pre>\n" },
	{ "[q](</a\"onmouseover=\"x>)", "<p>" LINK("/a%22onmouseover=%22x", "q") "</p>\n" },
	{ "| a | b |\n|:-:|--:|\n| 1 | 2 |",
	  "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n"
	  "<td>2</td>\n</tr>\n</tbody>\n</table>\n" },
	{ "| a |\n|---|\n| [x](/y \"title\") ![t](/z) <b> |",
	  "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>" LINK("/y", "x")
	  " " LINK("/z", "t") " &lt;b&gt;</td>\n</tr>\n</tbody>\n</table>\n" },
	{ "`<a href=\"/x\">`", "<p><code>&lt;a href=&quot;/x&quot;&gt;</code></p>\n" },
	{ "[a]: javascript:x\n\n[a]", "<p>a</p>\n" },
};

static struct arena arena;

static struct str
rendered(struct str source)
{
	struct safe_html html = { { NULL, 0 } };

	CHECK_INT(markdown_render(&arena, source, &html), OK);
	return html.html;
}

static void
test_table(void)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		CHECK_STR(rendered(str_of(texts[i].source)), texts[i].want);
		/* Once more, now from the cache. */
		CHECK_STR(rendered(str_of(texts[i].source)), texts[i].want);
	}
	arena_release(&arena);
}

#define REL "\" rel=\"nofollow ugc noopener\""

/* Every tag that comes out is one of these, with nothing in it but what we put there. */
static bool
is_known_tag(struct str tag)
{
	static const char *const known[] = { "p", "br /", "hr /", "h3", "h4", "h5", "h6", "strong", "em",
		"del", "ul", "ol", "li", "blockquote", "pre", "code", "table", "thead", "tbody", "tr",
		"th", "td", "a" };

	if (str_starts(tag, STR("/")))
		tag = str_cut(tag, 1, tag.len);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_is(tag, known[i]))
			return true;
	if (str_starts(tag, STR("ol start=\"")))
		return str_find(str_cut(tag, 10, tag.len), STR("\"")) == tag.len - 11;
	if (!str_starts(tag, STR("a href=\"")) || !str_ends(tag, STR(REL)))
		return false;
	tag = str_cut(tag, 8, tag.len - strlen(REL));
	return str_find(tag, STR("\"")) == tag.len && !str_starts(tag, STR("javascript:"));
}

static void
check_harmless(struct str source)
{
	struct str html = rendered(source);

	while (html.len > 0) {
		size_t open = str_find(html, STR("<")), close;

		if (open == html.len)
			break;
		html = str_cut(html, open + 1, html.len);
		close = str_find(html, STR(">"));
		if (!is_known_tag(str_cut(html, 0, close)))
			printf("# from: %.*s\n# tag: %.*s\n", STR_ARG(source), (int)close, html.ptr);
		CHECK(is_known_tag(str_cut(html, 0, close)));
		html = str_cut(html, close, html.len);
	}
	arena_reset(&arena);
}

/* Pieces of attacks, glued together in every order of three. */
static void
test_attacks(void)
{
	static const char *const pieces[] = { "<script>", "<img src=x onerror=alert(1)>", "[a](", "![", "](",
		"javascript:alert(1)", "\"", "'", ">", "<a href=\"x\">", "\n\n", "```\n", "| a |\n|--|\n|",
		"&lt;", "&#x6A;", "<!--", "http://a.example/\"onx=1", "<svg/onload=1>", "\\", "`", "~~", "- " };
	enum { COUNT = sizeof pieces / sizeof *pieces };

	for (size_t i = 0; i < COUNT * COUNT * COUNT; i++) {
		struct str source;

		CHECK_INT(str_format(&arena, &source, "%s%s%s)", pieces[i % COUNT],
		                     pieces[i / COUNT % COUNT], pieces[i / COUNT / COUNT]), OK);
		check_harmless(source);
	}
	arena_release(&arena);
}

static void
test_limits(void)
{
	static char large[MARKDOWN_MAX + 1];
	struct safe_html html;

	memset(large, '*', sizeof large);
	CHECK_INT(markdown_render(&arena, (struct str){ large, sizeof large }, &html), TOO_LARGE);
	/* Deep nesting, and a table whose rows want to be filled up: bounded work, no crash. */
	for (size_t i = 0; i < MARKDOWN_MAX; i++)
		large[i] = '>';
	CHECK_INT(markdown_render(&arena, (struct str){ large, 100 }, &html), OK);
	CHECK(str_starts(html.html, STR("<blockquote>")));
	CHECK_INT(markdown_render(&arena, (struct str){ large, 30000 }, &html), OK);
	CHECK(str_starts(html.html, STR("<pre>&gt;&gt;")));
	for (size_t i = 0; i < MARKDOWN_MAX; i++)
		large[i] = "[a"[i % 2];
	CHECK_INT(markdown_render(&arena, (struct str){ large, MARKDOWN_MAX }, &html), OK);
	memset(large, '"', sizeof large);
	CHECK_INT(markdown_render(&arena, (struct str){ large, MARKDOWN_MAX }, &html), OK);
	memset(large, '<', sizeof large);
	CHECK_INT(markdown_render(&arena, (struct str){ large, MARKDOWN_MAX }, &html), OK);
	arena.fail_after = 0;
	CHECK_INT(markdown_render(&arena, STR("a"), &html), NO_MEMORY);
	arena_release(&arena);
	arena.fail_after = -1;
}

/* Broken UTF-8 is made good, so that no page can be cut short by it. */
static void
test_broken_text(void)
{
	CHECK_STR(rendered(STR("a\xC3")), "<p>a\xEF\xBF\xBD</p>\n");
	CHECK_STR(rendered(((struct str){ "a\0b", 3 })), "<p>a\xEF\xBF\xBD" "b</p>\n");
	arena_release(&arena);
}

static void *
render_many(void *ret_bad)
{
	struct arena own;
	long bad = 0;

	arena_init(&own, 1 << 20);
	for (int i = 0; i < 300; i++) {
		struct safe_html html;
		struct str source, want;

		if (str_format(&own, &source, "n %d", i % 150) != OK ||
		    str_format(&own, &want, "<p>n %d</p>\n", i % 150) != OK ||
		    markdown_render(&own, source, &html) != OK || !str_eq(html.html, want))
			bad++;
		arena_reset(&own);
	}
	arena_release(&own);
	*(long *)ret_bad = bad;
	return NULL;
}

static void
test_threads(void)
{
	pthread_t threads[4];
	long bad[4] = { 0 };

	for (int i = 0; i < 4; i++)
		CHECK_INT(pthread_create(&threads[i], NULL, render_many, &bad[i]), 0);
	for (int i = 0; i < 4; i++) {
		CHECK_INT(pthread_join(threads[i], NULL), 0);
		CHECK_INT(bad[i], 0);
	}
}

/* A comment of some thousand letters that would be forty thousand cells, and one whose @s
 * are looked at again and again. */
static void
test_costly(void)
{
	enum { COLUMNS = 20, SIZE = 4000 };
	char text[SIZE + 4];
	size_t len = 0;

	arena_init(&arena, 16 << 20);
	for (int i = 0; i < COLUMNS; i++)
		text[len++] = '|';
	text[len++] = '\n';
	for (int i = 1; i < COLUMNS; i++) {
		text[len++] = '|';
		text[len++] = '-';
	}
	text[len++] = '|';
	text[len++] = '\n';
	while (len < SIZE) {
		text[len++] = 'x';
		text[len++] = '\n';
	}
	CHECK(str_find(rendered((struct str){ text, 90 }), STR("<table>")) < 100);
	CHECK(rendered((struct str){ text, len }).len < 4 * SIZE);
	for (len = 0; len < SIZE; len += 4)
		memcpy(text + len, "a@b.", 4);
	CHECK(rendered((struct str){ text, len }).len < 2 * SIZE);
	memset(text, '>', SIZE);
	CHECK(rendered((struct str){ text, SIZE }).len < 7 * SIZE);
	memset(text, '"', SIZE);
	CHECK(rendered((struct str){ text, SIZE }).len < 7 * SIZE);
	memcpy(text, "To a@b.example ", 15);
	CHECK(str_find(rendered((struct str){ text, 14 }), STR("mailto:a@b.example")) < 40);
	arena_release(&arena);
}

static const struct test_case cases[] = {
	{ "threads render and remember each for itself", test_threads },
	{ "what people write and what becomes of it", test_table },
	{ "attacks glued from pieces leave only known tags", test_attacks },
	{ "limits", test_limits },
	{ "broken text", test_broken_text },
	{ "markdown: what would take long is shown plainly", test_costly },
};

int
main(void)
{
	arena_init(&arena, 16 << 20);
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
