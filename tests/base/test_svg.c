#include "base/svg.h"

#include "test.h"

static struct str
picture_of(struct buf *out, struct str words, int64_t width)
{
	struct svg svg;

	buf_clear(out);
	svg_begin(&svg, out, STR("en"), STR("A & B"), words, 200, 100);
	svg_rect(&svg, "won", 1, -2, 30, 4);
	svg_line(&svg, "mark", 5, 6, 7, 8);
	svg_text(&svg, "bold end", 9, 10, width, words);
	svg_end(&svg);
	CHECK_INT(buf_status(out), OK);
	return buf_str(out);
}

static bool
has(struct str s, const char *words)
{
	return str_find(s, str_of(words)) < s.len;
}

static void
test_drawing(void)
{
	struct buf out;
	struct str s;

	buf_init(&out, 10000);
	s = picture_of(&out, STR("Swings"), 0);
	CHECK(str_starts(s, STR("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"100\" "
	                        "viewBox=\"0 0 200 100\" role=\"img\" aria-labelledby=\"title about\" "
	                        "lang=\"en\">\n<title id=\"title\">A &amp; B</title>\n"
	                        "<desc id=\"about\">Swings</desc>\n<style>")));
	CHECK(str_ends(s, STR("<rect class=\"won\" x=\"1\" y=\"-2\" width=\"30\" height=\"4\"/>\n"
	                      "<line class=\"mark\" x1=\"5\" y1=\"6\" x2=\"7\" y2=\"8\"/>\n"
	                      "<text class=\"bold end\" x=\"9\" y=\"10\">Swings</text>\n</svg>\n")));
	CHECK(has(s, "@media(prefers-color-scheme:dark)"));
	CHECK(!has(s, "url(") && !has(s, "@import") && !has(s, "<script") && !has(s, "href"));
	buf_release(&out);
}

/* What names may hold, and what XML can't. */
static void
test_escaping(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "<script>&\"x\"</script>", ">&lt;script&gt;&amp;&quot;x&quot;&lt;/script&gt;</text>" },
		{ "caf\u00e9 \u6c34 \U0001f333", ">caf\u00e9 \u6c34 \U0001f333</text>" },
		{ "a\x01" "b\tc\nd\x7f", ">a\ufffd" "b\ufffd" "c\ufffd" "d\ufffd</text>" },
		{ "\xff\xc3(\xed\xa0\x80", ">\ufffd\ufffd(\ufffd\ufffd\ufffd</text>" },
		{ "\uffff\ufffe\xc2\x85", ">\ufffd\ufffd\ufffd</text>" },
		{ "cut \xe6\xb0", ">cut \ufffd</text>" },
		{ "", "></text>" },
	};
	struct buf out;

	buf_init(&out, 10000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CHECK(has(picture_of(&out, str_of(cases[i].in), 0), cases[i].out));
		if (!has(buf_str(&out), cases[i].out))
			printf("# case %zu: %.*s\n", i, STR_ARG(buf_str(&out)));
	}
	buf_release(&out);
}

/* Too long a text is cut between letters, and whole in a title. */
static void
test_cutting(void)
{
	struct buf out;
	struct str s;

	buf_init(&out, 10000);
	s = picture_of(&out, STR("twelve & more letters"), 70);
	CHECK(has(s, "><title>twelve &amp; more letters</title>twelve \u2026</text>"));
	s = picture_of(&out, STR("short"), 70);
	CHECK(has(s, ">short</text>"));
	s = picture_of(&out, STR("\u6c34\u6c34\u6c34\u6c34\u6c34\u6c34"), 70);
	CHECK(has(s, "</title>\u6c34\u6c34\u6c34\u6c34\u2026</text>"));
	s = picture_of(&out, STR("abc"), 5);
	CHECK(has(s, "<title>abc</title>\u2026</text>"));
	buf_release(&out);
}

static void
test_maximum(void)
{
	struct svg svg;
	struct buf out;

	buf_init(&out, 50);
	svg_begin(&svg, &out, STR("en"), STR("a"), STR("b"), 1, 1);
	svg_end(&svg);
	CHECK_INT(buf_status(&out), NO_MEMORY);
	buf_release(&out);
}

static const struct test_case cases[] = {
	{ "svg: pieces, and what is around them", test_drawing },
	{ "svg: any words are escaped", test_escaping },
	{ "svg: long words are cut", test_cutting },
	{ "svg: a full buffer says so", test_maximum },
};
TEST_MAIN(cases)
