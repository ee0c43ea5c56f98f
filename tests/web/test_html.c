/* Templates as pages: what comes out is escaped, addressed, translated and well-formed. */
#include "web/html.h"

#include "base/arena.h"
#include "test.h"
#include "web/asset.h"
#include "web/parts.html.h"
#include "web/parts_view.h"

static struct buf out;
static struct layout_view layout;
static struct html h;

static void
begin(const char *language)
{
	buf_init(&out, 1 << 20);
	layout = parts_layout();
	h = (struct html){ &out, { locale_get(str_of(language)), STR("GBP"), STR("Europe/London") },
		           &layout };
}

static bool
has(const char *text)
{
	return str_find(buf_str(&out), str_of(text)) < out.len;
}

#define CHECK_OUT(put, want)                                                               \
	do {                                                                               \
		buf_clear(&out);                                                           \
		put;                                                                       \
		CHECK_STR(buf_str(&out), want);                                            \
	} while (0)

static void
test_escape(void)
{
	begin("en-GB");
	CHECK_OUT(html_put(&h, STR("a<b>&\"'c")), "a&lt;b&gt;&amp;&quot;&#39;c");
	CHECK_OUT(html_put(&h, STR("")), "");
	CHECK_OUT(html_put(&h, STR("&&")), "&amp;&amp;");
	CHECK_OUT(html_put_attribute(&h, STR("\" onload=\"x")), "&quot; onload=&quot;x");
	CHECK_OUT(html_put(&h, ((struct safe_html){ STR("<b>x</b>") })), "<b>x</b>");
	buf_release(&out);
}

static void
test_numbers(void)
{
	begin("en-GB");
	CHECK_OUT(html_put(&h, (int64_t)1234567), "1,234,567");
	CHECK_OUT(html_put(&h, (size_t)12), "12");
	CHECK_OUT(html_put(&h, (struct amount){ 123450 }), "£1,234.50");
	CHECK_OUT(html_put_plain(&h, (int64_t)1234567), "1234567");
	CHECK_OUT(html_put_plain(&h, (struct amount){ -123450 }), "-123450");
	CHECK_OUT(html_put_id(&h, ((struct idea_id){ 1 })), "0000000000001");
	CHECK_OUT(html_put_iso(&h, (struct instant){ 0 }), "1970-01-01T00:00:00Z");
	CHECK_OUT(html_put_percent(&h, 7407, 8140), "91%");
	buf_release(&out);
}

static void
test_truth(void)
{
	struct { struct str *ptr; size_t len; } none = { NULL, 0 }, some = { NULL, 2 };
	struct message no_message = { 0 };
	struct amount nothing = { 0 }, owed = { -1 };
	struct str empty = STR(""), text = STR("x");
	bool yes = true, no = false;
	int64_t large = INT64_C(1) << 40;
	short small = 0;

	CHECK(!html_true(none) && html_true(some));
	CHECK(!html_true(no_message) && !html_true(nothing) && html_true(owed));
	CHECK(!html_true(empty) && html_true(text));
	CHECK(html_true(yes) && !html_true(no) && html_true(large) && !html_true(small));
}

static void
test_addresses(void)
{
	static const char *const good[] = { "", "/", "/a/b?c=1#d", "#top", "?page=2", "http://a.example/",
		"https://a.example/x" };
	static const char *const bad[] = { "javascript:alert(1)", "JavaScript:alert(1)", " /a",
		"\tjavascript:alert(1)", "//evil.example", "/\\evil.example", "/\t/evil.example",
		"data:text/html,x", "evil.example", "https:/evil", "vbscript:x", "/a b", "\\\\evil" };

	begin("en-GB");
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		CHECK_OUT(html_put_url(&h, str_of(good[i])), good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK_OUT(html_put_url(&h, str_of(bad[i])), "#");
		CHECK_OUT(html_put_action(&h, str_of(bad[i])), "#");
	}
	CHECK_OUT(html_put_action(&h, STR("https://evil.example/")), "#");
	CHECK_OUT(html_put_action(&h, STR("/join")), "/join");
	CHECK_OUT(html_put_query(&h, STR("/a b?c=d&é")), "%2Fa%20b%3Fc%3Dd%26%C3%A9");
	buf_release(&out);
}

static void
test_words(void)
{
	const struct html_value values[] = { html_value("name", STR("<b>{link}")),
		html_value_link("link", STR("/r?a=1&b=2")), html_value_strong("b") };

	begin("en-GB");
	CHECK_OUT(html_words(&h, STR("By {name} & co"), values, 3), "By &lt;b&gt;{link} &amp; co");
	CHECK_OUT(html_words(&h, STR("Read {link}it{/link}, {b}now{/b}."), values, 3),
	          "Read <a href=\"/r?a=1&amp;b=2\">it</a>, <strong>now</strong>.");
	/* What a careless translation may do to it. */
	CHECK_OUT(html_words(&h, STR("{b}now"), values, 3), "<strong>now</strong>");
	CHECK_OUT(html_words(&h, STR("{b}a{link}b{/link}{/b}"), values, 3),
	          "<strong>a</strong><a href=\"/r?a=1&amp;b=2\">b</a>");
	CHECK_OUT(html_words(&h, STR("{/b}a{/name}"), values, 3), "a");
	CHECK_OUT(html_words(&h, STR("{unknown} {"), values, 3), "{unknown} {");
	buf_release(&out);
}

/* The output's maximum is met: nothing half escaped, and the status says so. */
static void
test_full(void)
{
	begin("en-GB");
	out.max = 10;
	html_put_message(&h, &(struct message){ .text = "<<<<<" });
	CHECK_INT(buf_status(&out), NO_MEMORY);
	CHECK(!has("<"));
	buf_release(&out);
}

static void
test_page(void)
{
	struct parts_view view = parts_view();

	begin("en-GB");
	html_parts(&h, &view);
	CHECK_INT(buf_status(&out), OK);
	CHECK(str_starts(buf_str(&out), STR("<!doctype html><html lang=\"en-GB\" dir=\"ltr\">")));
	CHECK(has("<title>What shall we do with what we share? · Alder Vale</title>"));
	CHECK(has("<meta property=\"og:title\" content=\"What shall we do with what we share?\">"));
	CHECK(has("<meta name=\"description\" content=\"Every part of a page, to look at.\">"));
	CHECK(has("<meta property=\"og:url\" content=\"https://moot.example/alder-vale/a?b=c d\">"));
	CHECK(has("High Street lights &lt;script&gt;alert(1)&lt;/script&gt;"));
	CHECK(!has("<script>") && !has("javascript:"));
	CHECK(has("<span class=\"name\">Maya &lt;Osei&gt;</span>"));
	CHECK(has("<input type=\"hidden\" name=\"csrf\" value=\"tok&quot;en\">"));
	CHECK(has("/alder-vale/join?next=%2Falder-vale%2Fa%3Fb%3Dc%20d") == false);
	CHECK(has("<textarea id=\"text\" name=\"text\" placeholder=\"Say it as you would to a neighbour\">\n"
	          "&quot;&gt;&lt;b&gt;&#39;typed&#39; &amp; kept</textarea>"));
	CHECK(has("value=\"000000000000b\" data-cost=\"650000\" checked>"));
	CHECK(has("1 supports it") && has("388 support it"));
	CHECK(has("<tr class=\"muted\">") && has("<p class=\"empty\">") && !has("never"));
	CHECK(has("91% of voters got at least <strong>one thing</strong> they voted for. "
	          "<a href=\"/a/about?x=1&amp;y=2\">The rules</a> say how."));
	CHECK(has("<a href=\"#title\">Give it a title of 3 words.</a>"));
	CHECK(has("<li>Somebody else changed it meanwhile.</li>"));
	CHECK(has("<option value=\"b\" selected>") && !has("<option value=\"a\" selected>"));
	CHECK(has(">Queue <span class=\"count\">3</span></a>"));
	CHECK(has("aria-current=\"true\">Decisions</a>"));
	buf_release(&out);
}

static void
test_signed_out(void)
{
	struct parts_view view = parts_view();

	begin("en-GB");
	layout.person_name = STR("");
	layout.steward = layout.money = false;
	html_parts(&h, &view);
	CHECK(has("<a href=\"/alder-vale/join?next=%2Falder-vale%2Fa%3Fb%3Dc%20d\">Join or sign in</a>"));
	CHECK(!has("Sign out") && !has("/queue") && !has("/alder-vale/money"));
	buf_release(&out);
}

static void
test_right_to_left(void)
{
	struct parts_view view = parts_view();

	begin("ar-XB");
	html_parts(&h, &view);
	CHECK(has("dir=\"rtl\""));
	buf_release(&out);
}

/* Any English letter left in text is a word that nobody can translate. */
static void
test_every_word_is_translated(void)
{
	struct parts_view view = parts_view();

	begin("en-XA");
	html_parts(&h, &view);
	CHECK(!has(">Join or sign in<") && !has(">Vote<") && !has("\"Main\"") && !has("Sign out"));
	buf_release(&out);
}

static void
test_assets(void)
{
	struct parts_view view = parts_view();
	size_t at, end;
	const struct asset *style;
	struct str page;

	begin("en-GB");
	html_parts(&h, &view);
	page = buf_str(&out);
	at = str_find(page, STR("/assets/style."));
	end = at + str_find(str_cut(page, at, page.len), STR("\""));
	style = asset_find(str_cut(page, at, end));
	CHECK(style != NULL);
	if (style != NULL) {
		CHECK_STR(style->type, "text/css; charset=utf-8");
		CHECK(style->bytes.len < 15 * 1024);
		CHECK(str_find(style->bytes, STR("url(\"/assets/source-serif-4-latin-wght-normal.")) <
		      style->bytes.len);
	}
	CHECK(asset_find(STR("/assets/style.css")) == NULL);
	CHECK(asset_find(STR("")) == NULL);
	buf_release(&out);
}

static void
test_error_summary(void)
{
	struct arena arena;
	struct error_summary summary;
	struct refusal why = { .status = REFUSED, .field = "title", .message = { .text = "No." } };

	arena_init(&arena, 10000);
	CHECK_INT(error_summary_of(&arena, &why, &summary), OK);
	CHECK_INT(summary.lines.len, 1);
	CHECK_STR(summary.lines.ptr[0].link, "#title");
	why.field = NULL;
	CHECK_INT(error_summary_of(&arena, &why, &summary), OK);
	CHECK_STR(summary.lines.ptr[0].link, "");
	why.status = OK;
	CHECK_INT(error_summary_of(&arena, &why, &summary), OK);
	CHECK_INT(summary.lines.len, 0);
	why.status = REFUSED;
	arena.fail_after = 0;
	CHECK_INT(error_summary_of(&arena, &why, &summary), NO_MEMORY);
	arena_release(&arena);
}

static const struct test_case cases[] = {
	{ "text is escaped by its type", test_escape },
	{ "numbers, money and ids, in words and plain", test_numbers },
	{ "what counts as true", test_truth },
	{ "addresses lead here or to http, nowhere else", test_addresses },
	{ "words with values, links and emphasis", test_words },
	{ "a full output is never half escaped", test_full },
	{ "a whole page", test_page },
	{ "signed out, nothing to sign out of", test_signed_out },
	{ "right to left", test_right_to_left },
	{ "no word of the layout stays English", test_every_word_is_translated },
	{ "assets are found by their hashed address only", test_assets },
	{ "a refusal becomes the error summary", test_error_summary },
};
TEST_MAIN(cases)
