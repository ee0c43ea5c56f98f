/* Pages of ideas over sockets: the journey of an idea, what is refused, and texts that try to
 * be something else than text. */
#include "http/site.h"

#include "base/buf.h"
#include "store/idea.sql.h"
#include "store/option.sql.h"
#include "store/round.sql.h"
#include "test.h"

enum { PATH_LEN = 200 };

/* The value of a hidden field of the last page; empty when it is not there. */
static struct str
hidden(const struct reply *r, const char *name)
{
	char mark[80];
	struct str rest;
	size_t at;

	(void)snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
	at = str_find(r->body, str_of(mark));
	if (at == r->body.len)
		return STR("");
	rest = str_cut(r->body, at + strlen(mark), r->body.len);
	return str_cut(rest, 0, str_find(rest, STR("\"")));
}

static void
percent(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		buf_add_format(out, "%%%02x", (unsigned char)*text);
}

/* Opens the form and sends it; `more` is added to the body. The path of the idea in `path`. */
static struct reply *
add_idea(struct http *c, const char *title, const char *body, const char *more, char *path)
{
	struct buf form;
	struct reply *r = http_get(c, "/vale/ideas/new");

	CHECK_INT(r->status, 200);
	buf_init(&form, 200 * 1000);
	buf_add_c(&form, "key=");
	buf_add(&form, hidden(r, "key"));
	buf_add_c(&form, "&title=");
	percent(&form, title);
	buf_add_c(&form, "&body=");
	percent(&form, body);
	buf_add_c(&form, more);
	r = http_post(c, "/vale/ideas/new", form.ptr);
	buf_release(&form);
	if (path != NULL)
		(void)snprintf(path, PATH_LEN, "%.*s", STR_ARG(reply_header(r, "Location")));
	return r;
}

static void
test_journey(void)
{
	struct site s;
	char path[PATH_LEN], other[PATH_LEN], body[PATH_LEN];
	struct reply *r;

	site_open(&s);
	CHECK(reply_has(http_get(&s.c, "/vale/ideas"), "No ideas yet."));
	CHECK_INT(http_get(&s.c, "/vale/ideas/new")->status, 303); /* to sign in */
	site_sign_in(&s.c, maya);
	CHECK_INT(add_idea(&s.c, "A bench on the hill", "To **rest**.", "&cost=650", path)->status, 303);
	r = http_get(&s.c, path);
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "<h1>A bench on the hill</h1>"));
	CHECK(reply_has(r, "To <strong>rest</strong>."));
	CHECK(reply_has(r, "\xc2\xa3" "650"));
	CHECK(reply_has(r, "property=\"og:description\" content=\"To rest.\""));
	CHECK(reply_has(http_get(&s.c, "/vale/ideas?q=hill"), "A bench on the hill"));
	CHECK(reply_has(http_get(&s.c, "/vale/ideas?state=checked"), "Nothing was found."));
	CHECK_INT(http_get(&s.c, "/mill/ideas")->status, 200);
	(void)snprintf(other, sizeof other, "/mill%s", path + strlen("/vale"));
	CHECK_INT(http_get(&s.c, other)->status, 404);
	/* a similar one is shown before it is added, then added as well */
	r = add_idea(&s.c, "Benches on Mill Hill", "For the view.", "&seen=", NULL);
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "Is it like one of these?") && reply_has(r, "A bench on the hill"));
	CHECK(reply_has(r, "value=\"Benches on Mill Hill\"") && reply_has(r, "For the view."));
	CHECK_STR(hidden(r, "seen"), "yes");
	CHECK_INT(add_idea(&s.c, "Benches on Mill Hill", "For the view.", "&seen=yes", NULL)->status, 303);
	(void)snprintf(other, sizeof other, "/vale/ideas/by/%s", id_text(maya.value).text);
	CHECK(reply_has(http_get(&s.c, other), "<h1>Ideas by Maya Osei</h1>"));
	r = http_get(&s.c, "/vale/ideas/similar?q=bench+hill");
	CHECK(reply_has(r, "A bench on the hill") && !reply_has(r, "<html"));
	/* a comment by somebody else */
	http_close(&s.c);
	http_init(&s.c, server_port(s.server));
	CHECK(reply_has(http_get(&s.c, path), "Join to add a comment"));
	site_sign_in(&s.c, idris);
	r = http_get(&s.c, path);
	(void)snprintf(body, sizeof body, "key=%.*s&body=Yes+please", STR_ARG(hidden(r, "key")));
	(void)snprintf(other, sizeof other, "%.100s/comments", path);
	CHECK_INT(http_post(&s.c, other, body)->status, 303);
	CHECK_INT(http_post(&s.c, other, body)->status, 303); /* a double click */
	r = http_get(&s.c, path);
	CHECK(reply_has(r, "One comment") && reply_has(r, "Yes please"));
	(void)snprintf(other, sizeof other, "%.100s/edit", path);
	CHECK_INT(http_get(&s.c, other)->status, 403);
	site_close(&s);
}

static void
test_bad_input(void)
{
	static const struct { const char *title, *body, *more, *field, *says; } cases[] = {
		{ "", "Because.", "", "title", "Give your idea a title" },
		{ "A bench", "", "", "body", "Say what should happen" },
		{ "A bench", "Because.", "&cost=lots", "cost", "Write the amount in digits" },
		{ "A bench", "Because.", "&cost=-5", "cost", NULL },
	};
	struct site s;
	struct buf title;

	site_open(&s);
	site_sign_in(&s.c, maya);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char link[PATH_LEN];
		struct reply *r = add_idea(&s.c, cases[i].title, cases[i].body, cases[i].more, NULL);

		CHECK_INT(r->status, 422);
		(void)snprintf(link, sizeof link, "href=\"#%s\"", cases[i].field);
		CHECK(reply_has(r, link)); /* the summary leads to the field */
		(void)snprintf(link, sizeof link, "id=\"%s-error\"", cases[i].field);
		CHECK(reply_has(r, link));
		CHECK(cases[i].says == NULL || reply_has(r, cases[i].says));
		CHECK(cases[i].title[0] == '\0' || reply_has(r, "value=\"A bench\""));
	}
	buf_init(&title, 1000);
	for (int i = 0; i < 121; i++)
		buf_add_char(&title, 'x');
	CHECK_INT(add_idea(&s.c, title.ptr, "Because.", "", NULL)->status, 413);
	buf_release(&title);
	CHECK_INT(add_idea(&s.c, "A \x80 bench", "Because.", "", NULL)->status, 400); /* no UTF-8 */
	CHECK_INT(add_idea(&s.c, "A \xe2\x80\xae bench", "Because.", "", NULL)->status, 400);
	CHECK_INT(http_post(&s.c, "/vale/ideas/new", "title=A&body=B&key=1")->status, 400);
	CHECK_INT(http_post_plain(&s.c, "/vale/ideas/new", "title=A&body=B")->status, 403);
	CHECK_INT(http_get(&s.c, "/vale/ideas?after=nonsense&state=x&q=%22%27%29")->status, 200);
	CHECK_INT(http_get(&s.c, "/vale/ideas/0000000000001")->status, 404);
	site_close(&s);
}

static void
test_injection(void)
{
	static const char *const texts[] = {
		"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' OR 1=1 --",
		"{{csrf}} %s %n ${x}", "[x](javascript:alert(1))", "![x](http://evil.example/p.png)",
		"\" OR title:x* NEAR(", "</textarea><script>alert(1)</script>", "a\\'; DROP TABLE idea; --",
	};
	static const char *const never[] = {
		"<script>alert", "<img", "href=\"javascript:", "src=\"http://evil",
	};
	struct site s;

	site_open(&s);
	site_sign_in(&s.c, maya);
	(void)add_idea(&s.c, "An idea to be like", "script alert", "", NULL);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char path[PATH_LEN], more[PATH_LEN];
		struct reply *r;
		struct buf body;

		if (i % 4 == 0) { /* five ideas a day each */
			http_close(&s.c);
			http_init(&s.c, server_port(s.server));
			site_sign_in(&s.c, i == 0 ? maya : i == 4 ? idris : ana);
		}
		r = add_idea(&s.c, texts[i], texts[i], "&seen=yes&cost=lots", NULL); /* shown again */
		CHECK_INT(r->status, 422);
		for (size_t n = 0; n < sizeof never / sizeof *never; n++)
			CHECK(!reply_has(r, never[n]));
		CHECK_INT(add_idea(&s.c, texts[i], texts[i], "&seen=yes", path)->status, 303);
		r = http_get(&s.c, path);
		buf_init(&body, 10000);
		buf_add_c(&body, "key=");
		buf_add(&body, hidden(r, "key"));
		buf_add_c(&body, "&body=");
		percent(&body, texts[i]);
		(void)snprintf(more, sizeof more, "%.100s/comments", path);
		CHECK_INT(http_post(&s.c, more, body.ptr)->status, 303);
		buf_release(&body);
		for (int page = 0; page < 4; page++) {
			struct buf query;

			buf_init(&query, 10000);
			if (page < 3)
				buf_add_format(&query, "%s%s", path, page == 0 ? "" : page == 1 ? "/history" : "/edit");
			else
				buf_add_c(&query, "/vale/ideas?q=");
			if (page == 3)
				percent(&query, texts[i]);
			r = http_get(&s.c, query.ptr);
			CHECK_INT(r->status, 200);
			for (size_t n = 0; n < sizeof never / sizeof *never; n++)
				CHECK(!reply_has(r, never[n]));
			buf_release(&query);
		}
	}
	site_close(&s);
}

static void
test_edit(void)
{
	struct site s;
	char path[PATH_LEN], edit[PATH_LEN], history[PATH_LEN];
	struct reply *r;

	site_open(&s);
	site_sign_in(&s.c, maya);
	(void)add_idea(&s.c, "A bench on the hill", "To rest there", "&cost=650", path);
	(void)snprintf(edit, sizeof edit, "%.100s/edit", path);
	(void)snprintf(history, sizeof history, "%.100s/history", path);
	r = http_get(&s.c, edit);
	CHECK(reply_has(r, "value=\"650\""));
	CHECK_INT(http_post(&s.c, edit, "version=1&title=A+bench+on+the+hill&body=To+sit+there")->status,
	          303);
	r = http_get(&s.c, history);
	CHECK(reply_has(r, "<del>rest </del><ins>sit </ins>"));
	CHECK(reply_has(r, "<del>\xc2\xa3" "650</del>"));
	/* from another window: both are shown, nothing is lost, and the next try is knowing */
	r = http_post(&s.c, edit, "version=1&title=A+swing&body=To+fly");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "To sit there") && reply_has(r, "To fly") && reply_has(r, "A swing"));
	CHECK_STR(hidden(r, "version"), "2");
	CHECK_INT(http_post(&s.c, edit, "version=2&title=A+swing&body=To+fly")->status, 303);
	CHECK(reply_has(http_get(&s.c, path), "<h1>A swing</h1>"));
	site_close(&s);
}

static void
test_steward(void)
{
	struct site s;
	char path[PATH_LEN], check[PATH_LEN];
	struct reply *r;

	site_open(&s);
	site_sign_in(&s.c, maya);
	(void)add_idea(&s.c, "A bench on the hill", "To rest there", "", path);
	(void)snprintf(check, sizeof check, "%.100s/check", path);
	CHECK_INT(http_get(&s.c, "/vale/queue")->status, 403);
	CHECK_INT(http_get(&s.c, check)->status, 403);
	http_close(&s.c);
	http_init(&s.c, server_port(s.server));
	site_sign_in(&s.c, ana);
	r = http_get(&s.c, "/vale/queue");
	CHECK(reply_has(r, "One idea to check") && reply_has(r, check));
	CHECK_INT(http_get(&s.c, check)->status, 200);
	r = http_post(&s.c, check, "verdict=decline&version=1&judgement=0");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "id=\"reason-error\""));
	r = http_post(&s.c, check, "verdict=check&version=1&judgement=0&owner=Friends&permission=The+council");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "id=\"real_cost-error\"") && reply_has(r, "value=\"Friends\""));
	CHECK_INT(http_post(&s.c, check, "verdict=check&version=1&judgement=0&owner=Friends&permission="
	                                 "The+council&real_cost=700")->status, 303);
	r = http_get(&s.c, path);
	CHECK(reply_has(r, "Ready for a vote") && reply_has(r, "\xc2\xa3" "700") && reply_has(r, "Friends"));
	CHECK_INT(http_post(&s.c, check, "verdict=decline&version=1&judgement=1&reason=Not+our+hill")
	                  ->status, 303);
	http_close(&s.c);
	http_init(&s.c, server_port(s.server));
	r = http_get(&s.c, path); /* everybody can read why */
	CHECK(reply_has(r, "Not going ahead") && reply_has(r, "Not our hill"));
	CHECK(!reply_has(r, "Friends"));
	CHECK_INT(http_post(&s.c, check, "verdict=ruin&version=1&judgement=2")->status, 403);
	site_close(&s);
}

static const struct round_id spring = { 77 };

/* A round in preparation with the place's one idea as its option, and a doubt about Idris. */
static enum status
add_round(struct db *db, void *context)
{
	struct arena arena;
	struct idea_list_rows ideas;
	struct instant now = time_now();
	struct amount step = { 100 };
	enum status st;

	(void)context;
	arena_init(&arena, 1 << 20);
	st = idea_list(db, &arena, vale, STR(""), STR(""), (struct idea_id){ 0 }, 1, &ideas);
	if (st == OK)
		st = round_insert(db, vale, spring, STR("Spring round"), STR(""), (struct amount){ 9 },
		                  STR("approval"), NULL, STR("greedy"), STR("cost"), STR("none"), &step,
		                  STR("id"), STR("members"), NULL, now, now, NULL, ana, now,
		                  NULL, NULL, NULL);
	if (st == OK)
		st = option_insert(db, vale, spring, (struct option_id){ 1 }, 1, STR("1"),
		                   &ideas.ptr[0].id, STR("A bench"), STR(""), (struct amount){ 5 });
	arena_release(&arena);
	return st;
}

/* Pages of ideas and rounds lead to one another. */
static void
test_round(void)
{
	struct site s;
	char path[PATH_LEN], check[PATH_LEN], round[PATH_LEN], link[PATH_LEN];
	struct reply *r;

	site_open(&s);
	site_sign_in(&s.c, ana);
	(void)add_idea(&s.c, "A bench on the hill", "To rest there", "", path);
	CHECK_INT(desk_run(s.desk, add_round, NULL), OK);
	(void)snprintf(round, sizeof round, "/vale/decisions/%s", id_text(spring.value).text);
	(void)snprintf(link, sizeof link, "href=\"%.100s\"", round);
	CHECK(reply_has(http_get(&s.c, "/vale/queue"), link));
	CHECK_INT(http_get(&s.c, round)->status, 200);
	CHECK(!reply_has(http_get(&s.c, path), link)); /* a draft is the stewards' */
	(void)snprintf(check, sizeof check, "%.100s/check", path);
	CHECK(reply_has(http_get(&s.c, check), "part of a round"));
	r = http_post(&s.c, check, "verdict=decline&version=1&judgement=0&reason=No");
	CHECK_INT(r->status, 422);
	site_close(&s);
}

static const struct test_case cases[] = {
	{ "http idea: the journey", test_journey },
	{ "http idea: bad input keeps what was typed", test_bad_input },
	{ "http idea: texts that try to be something else", test_injection },
	{ "http idea: changes and their history", test_edit },
	{ "http idea: a steward's queue and judgement", test_steward },
	{ "http idea: in a round", test_round },
};
TEST_MAIN(cases)
