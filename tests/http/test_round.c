/* A round over sockets, from a steward's form to ballots in the box; what is refused to whom;
 * and that no total per option is told before the count. */
#include "http/site.h"

#include <time.h>

#include "acts/idea.h"
#include "acts/ledger.h"
#include "base/digest.h"
#include "test.h"
#include "web/method_words.h"

enum { PATH_LEN = 300 };

static const char *const titles[] = { "Benches on the hill", "Lights by the ford" };

/* Money in the pot, areas, two checked ideas. */
static enum status
fill(struct db *db, void *context)
{
	struct idea_id *ideas = context;
	struct arena arena;
	struct act act = { .db = db, .arena = &arena, .place = { .id = vale, .slug = STR("vale"),
		           .name = STR("Alder Vale"), .language = STR("en"), .currency = STR("GBP"),
		           .zone = STR("Europe/London") }, .now = time_now() };
	struct refusal why;
	enum status st;

	arena_init(&arena, 1 << 20);
	chance_from_system(&act.chance);
	st = area_insert(db, vale, STR("hill"), STR("Hill Street"), 1);
	if (st == OK)
		st = act_pot_grant(&act, STR("Endowment"), (struct amount){ 10000000 }, STR("Grant"),
		                   (struct instant){ 0 }, STR("grant"), &why);
	for (int i = 0; st == OK && i < 2; i++) {
		struct idea_new idea = { .key = i + 1, .similar_seen = true,
			                 .draft = { .title = str_of(titles[i]), .body = STR("Why not?") } };
		struct idea_judgement check = { .verdict = IDEA_CHECK, .owner = STR("Friends"),
			                        .permission = STR("yes"), .has_cost = true,
			                        .real_cost = { 650000 }, .seen_version = 1 };

		act.who = (struct person){ maya, STR("Maya Osei"), ROLE_MEMBER };
		st = act_idea_add(&act, &idea, &ideas[i], &why);
		act.who = (struct person){ ana, STR("Ana Silva"), ROLE_MEMBER | ROLE_STEWARD };
		if (st == OK)
			st = act_idea_judge(&act, ideas[i], &check, &why);
	}
	arena_release(&arena);
	return st;
}

/* "2026-12-06", so many days from now. */
static const char *
day(int days)
{
	static char text[2][32];
	static int next;
	time_t t = time(NULL) + days * 86400;
	struct tm tm;

	next = !next;
	(void)strftime(text[next], sizeof text[next], "%Y-%m-%d", gmtime_r(&t, &tm));
	return text[next];
}

static void
location(const struct reply *r, char path[PATH_LEN])
{
	(void)snprintf(path, PATH_LEN, "%.*s", STR_ARG(reply_header(r, "Location")));
}

#define ONE_TICK "&most=1&rule=equal-shares&utility=cost&completion=add1u&increment=1&ties=cost-votes-lot"

/* Ana prepares a round for residents of 16 and older and opens it; its path. ways: the fields of
 * how people vote and how it is counted. */
static void
open_round_with(struct site *s, const char *ways, char path[PATH_LEN])
{
	struct idea_id ideas[2];
	char body[1000], at[PATH_LEN + 20] = "", *end;
	struct reply *r;

	CHECK_INT(desk_run(s->desk, fill, ideas), OK);
	site_sign_in(&s->c, ana);
	CHECK_INT(http_get(&s->c, "/vale/decisions/new")->status, 200);
	(void)snprintf(body, sizeof body,
	               "title=Spring+round&intro=&budget=1200.50x&opens_on=%s&opens_time=09:00"
	               "&closes_on=%s&closes_time=20:00&who_may=residents&least_age=16%s",
	               day(-2), day(10), ways);
	r = http_post(&s->c, "/vale/decisions/new", body);
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "budget-error") && reply_has(r, "value=\"Spring round\""));
	end = strstr(body, "1200.50x");
	memcpy(end, "12000.50", 8);
	r = http_post(&s->c, "/vale/decisions/new", body);
	CHECK_INT(r->status, 303);
	location(r, at);
	CHECK_INT(http_get(&s->c, at)->status, 200);
	(void)snprintf(body, sizeof body, "idea=%s&cost=6500&idea=%s&cost=38000&take=%s&take=%s",
	               id_text(ideas[0].value).text, id_text(ideas[1].value).text,
	               id_text(ideas[0].value).text, id_text(ideas[1].value).text);
	r = http_post(&s->c, at, body);
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "cost-error") && reply_has(r, "38000"));
	end = strstr(body, "38000");
	memcpy(end, "03800", 5);
	r = http_post(&s->c, at, body);
	CHECK_INT(r->status, 303);
	location(r, at);
	r = http_get(&s->c, at);
	CHECK(reply_has(r, "Benches on the hill") && reply_has(r, "£3,800"));
	*strrchr(at, '/') = '\0';
	memcpy(path, at, PATH_LEN);
	(void)snprintf(at, sizeof at, "%.*s/open", PATH_LEN, path);
	CHECK_INT(http_post(&s->c, at, "")->status, 303);
	http_close(&s->c);
	http_init(&s->c, server_port(s->server));
}

static void
open_round(struct site *s, char path[PATH_LEN])
{
	open_round_with(s, ONE_TICK, path);
}

static struct reply *
get(struct site *s, const char *path, const char *rest)
{
	char at[PATH_LEN + 60];

	(void)snprintf(at, sizeof at, "%s%s", path, rest);
	return http_get(&s->c, at);
}

static struct reply *
post(struct site *s, const char *path, const char *rest, const char *body)
{
	char at[PATH_LEN + 60];

	(void)snprintf(at, sizeof at, "%s%s", path, rest);
	return http_post(&s->c, at, body);
}

static void
test_vote(void)
{
	struct site s;
	char path[PATH_LEN], code[80] = "code=", first[8], *mark;
	struct reply *r;

	site_open(&s);
	open_round(&s, path);
	/* Anybody can read it, and a link to it shows what it is. */
	r = get(&s, path, "");
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "og:description\" content=\"Choose what £12,000.50 should do."));
	CHECK(reply_has(r, "/ballot\">Vote</a>"));
	/* Voting asks who one is and comes straight back. */
	r = get(&s, path, "/ballot");
	CHECK_INT(r->status, 303);
	CHECK(str_find(reply_header(r, "Location"), STR("ballot")) <
	      reply_header(r, "Location").len);
	site_sign_in(&s.c, maya);
	r = get(&s, path, "/ballot");
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "type=\"radio\"") && reply_has(r, "I am 16 or older"));
	/* What was ticked stays when something is missing. */
	r = post(&s, path, "/ballot", "choice=2&area=&of_age=yes");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "area-error") && reply_has(r, "value=\"2\" data-cost=\"380000\" checked"));
	r = post(&s, path, "/ballot", "choice=2&area=moon&of_age=yes");
	CHECK_INT(r->status, 422);
	r = post(&s, path, "/ballot", "choice=1&choice=2&area=hill&of_age=yes");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "choice-error"));
	r = post(&s, path, "/ballot", "choice=3&area=hill&of_age=yes");
	CHECK_INT(r->status, 400);
	(void)get(&s, path, "/ballot");
	r = post(&s, path, "/ballot", "choice=2&area=hill&of_age=yes");
	CHECK_INT(r->status, 200);
	mark = memmem(r->body.ptr, r->body.len, "name=\"code\" value=\"", 19);
	CHECK(mark != NULL);
	if (mark != NULL)
		(void)snprintf(code, sizeof code, "code=%.39s", mark + 19);
	(void)snprintf(first, sizeof first, "%.4s", code + 5);
	for (char *c = code; *c != '\0'; c++)
		if (*c == ' ')
			*c = '+';
	r = post(&s, path, "/box", code);
	CHECK(reply_has(r, "Yes. A ballot with this receipt is in the box."));
	r = post(&s, path, "/box", "code=1234");
	CHECK_INT(r->status, 422);
	/* The saved ballot, with the picture of its money, also without a script. */
	r = get(&s, path, "/ballot");
	CHECK(reply_has(r, "value=\"2\" data-cost=\"380000\" checked"));
	CHECK(reply_has(r, "data-ballot-bar=\"320\" width=\"101\""));
	CHECK(!reply_has(r, "I am 16 or older") && !reply_has(r, first));
	r = post(&s, path, "/ballot", "area=hill");
	CHECK(reply_has(r, "Your earlier ballot and its receipt are out of the box."));
	CHECK(reply_has(r, "Nothing is chosen on it."));
	r = post(&s, path, "/box", code);
	CHECK(reply_has(r, "No ballot with this receipt is in the box."));
	site_close(&s);
}

/* What does not fit together is refused with its field, and all that was typed stands there again. */
static void
test_more_ways(void)
{
	static const struct { const char *ways, *field, *kept; } table[] = {
		{ "&rule=greedy-threshold&utility=cost&completion=add1u&increment=1&ties=id&threshold=",
		  "threshold-error", "value=\"greedy-threshold\" checked" },
		{ "&rule=greedy-threshold&utility=cost&completion=none&ties=id&threshold=many",
		  "threshold-error", "value=\"many\"" },
		{ "&rule=greedy&utility=cost&completion=none&ties=id&ballot_kind=cumulative&points=10",
		  "utility-error", "name=\"points\" value=\"10\"" },
		{ "&rule=greedy&utility=cost-points&completion=none&ties=id&ballot_kind=cumulative&points=0",
		  "points-error", "value=\"cumulative\" checked" },
		/* "Or leave it empty" is said only where that is right. */
		{ "&rule=greedy&utility=points&completion=none&ties=id&ballot_kind=cumulative&points=ten",
		  "points-error", "Write a whole number of 1 or more, in digits." },
		{ "&rule=greedy&utility=cost&completion=none&ties=id&ballot_kind=approval&points=ten",
		  "points-error", "Give a number of 1 or more, or leave it empty." },
		{ "&rule=greedy&utility=points&completion=none&ties=id&ballot_kind=cumulative&points=10"
		  "&points_each=11", "points_each-error", "value=\"11\"" },
		{ "&rule=phragmen&utility=borda&completion=none&ties=id&ballot_kind=ordinal",
		  "rule-error", "value=\"phragmen\" checked" },
		{ "&rule=greedy&utility=cost&completion=none&ties=id&ballot_kind=dance",
		  "ballot_kind-error", "value=\"12000\"" },
		{ "&rule=equal-shares&utility=cost&completion=comparison&increment=0&ties=id",
		  "increment-error", "value=\"comparison\" checked" },
	};
	struct site s;
	char body[1000];

	site_open(&s);
	site_sign_in(&s.c, ana);
	CHECK(reply_has(http_get(&s.c, "/vale/decisions/new"), "<details>"));
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct reply *r;

		(void)snprintf(body, sizeof body,
		               "title=Spring+round&intro=&budget=12000&opens_on=%s&opens_time=09:00"
		               "&closes_on=%s&closes_time=20:00&who_may=members%s",
		               day(-2), day(10), table[i].ways);
		r = http_post(&s.c, "/vale/decisions/new", body);
		CHECK_INT(r->status, 422);
		CHECK(reply_has(r, table[i].field) && reply_has(r, table[i].kept) &&
		      reply_has(r, "<details open>"));
	}
	site_close(&s);
}

/* Every way that the form offers can be chosen there, and no other. */
static void
test_every_way(void)
{
	/* Its name comes behind these. */
	static const struct { enum method_part part; const char *ways; } table[] = {
		{ METHOD_RULE, "&utility=cost&completion=none&ties=id&rule=" },
		{ METHOD_COMPLETION, "&utility=cost&rule=equal-shares&ties=id&increment=1&completion=" },
		{ METHOD_TIES, "&utility=cost&rule=greedy&completion=none&ties=" },
	};
	struct site s;
	char body[1000];
	int before;

	site_open(&s);
	site_sign_in(&s.c, ana);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		size_t len;
		const struct method_word *words = method_words(table[i].part, &len);

		for (size_t w = 0; w < len; w++) {
			const bool least = str_is(str_of(words[w].name), "greedy-threshold");

			(void)snprintf(body, sizeof body,
			               "title=Spring+round&intro=&budget=12000&opens_on=%s&opens_time=09:00"
			               "&closes_on=%s&closes_time=20:00&who_may=members&threshold=%s%s%s",
			               day(-2), day(10), least ? "2" : "", table[i].ways, words[w].name);
			(void)http_get(&s.c, "/vale/decisions/new");
			before = test_failures;
			CHECK_INT(http_post(&s.c, "/vale/decisions/new", body)->status,
			          words[w].beside ? 422 : 303);
			if (test_failures > before)
				printf("# choosing %s\n", words[w].name);
		}
	}
	site_close(&s);
}

/* Points are given, refused with what was typed, changed, and looked at again. */
static void
test_points(void)
{
	struct site s;
	char path[PATH_LEN];
	struct reply *r;

	site_open(&s);
	open_round_with(&s, "&most=&rule=greedy&utility=cost-points&completion=none&ties=id"
	                    "&ballot_kind=cumulative&points=10&points_each=6", path);
	r = get(&s, path, "");
	CHECK(reply_has(r, "The idea with most points wins first") && reply_has(r, "at most 6 of them"));
	site_sign_in(&s.c, maya);
	r = get(&s, path, "/ballot");
	CHECK(reply_has(r, "Share out 10 points") && !reply_has(r, "type=\"checkbox\" id=\"choice"));
	/* The empty one of two keeps its place beside its idea. */
	r = post(&s, path, "/ballot", "choice=2&given=&choice=1&given=seven&area=hill&of_age=yes");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "“seven” is no number of points"));
	CHECK(reply_has(r, "id=\"choice-1\" name=\"given\" value=\"seven\"") &&
	      reply_has(r, "id=\"choice-2\" name=\"given\" value=\"\""));
	r = post(&s, path, "/ballot", "choice=2&given=5&choice=1&given=6&area=hill&of_age=yes");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "You gave 11 points together. You have 10") && reply_has(r, "value=\"6\""));
	CHECK_INT(post(&s, path, "/ballot", "choice=2&given=7&choice=1&given=&area=hill&of_age=yes")->status,
	          422);
	CHECK_INT(post(&s, path, "/ballot", "choice=2&given=1&choice=2&given=2&area=hill")->status, 400);
	CHECK_INT(post(&s, path, "/ballot", "choice=2&choice=1&given=1&area=hill")->status, 400);
	CHECK_INT(post(&s, path, "/ballot", "choice=3&given=1&area=hill")->status, 400);
	CHECK_INT(post(&s, path, "/ballot", "choice=1&area=hill&of_age=yes")->status, 400);
	(void)get(&s, path, "/ballot");
	r = post(&s, path, "/ballot", "choice=2&given=4&choice=1&given=&area=hill&of_age=yes");
	CHECK_INT(r->status, 200);
	CHECK(reply_has(r, "name=\"code\"") && !reply_has(r, "Nothing is chosen on it."));
	r = get(&s, path, "/ballot");
	CHECK(reply_has(r, "id=\"choice-2\" name=\"given\" value=\"4\""));
	CHECK(reply_has(r, "data-points-sum aria-live=\"off\">4<") && reply_has(r, "width=\"128\""));
	r = post(&s, path, "/ballot", "choice=1&given=&choice=2&given=0&area=hill");
	CHECK(reply_has(r, "Nothing is chosen on it.") &&
	      reply_has(r, "Your earlier ballot and its receipt are out of the box."));
	site_close(&s);
}

static void
test_order(void)
{
	struct site s;
	char path[PATH_LEN];
	struct reply *r;

	site_open(&s);
	open_round_with(&s, "&most=&rule=equal-shares&utility=borda&completion=add1u&increment=1&ties=id"
	                    "&ballot_kind=ordinal", path);
	CHECK(reply_has(get(&s, path, ""), "one point for each idea that stands behind it"));
	site_sign_in(&s.c, maya);
	CHECK(reply_has(get(&s, path, "/ballot"), "Put the ideas in order"));
	r = post(&s, path, "/ballot", "choice=1&given=1&choice=2&given=1&area=hill&of_age=yes");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "more than one idea on place 1") && reply_has(r, "aria-invalid=\"true\""));
	r = post(&s, path, "/ballot", "choice=1&given=&choice=2&given=1&area=hill&of_age=yes");
	CHECK(r->status == 422 && reply_has(r, "at least two ideas"));
	CHECK_INT(post(&s, path, "/ballot", "choice=1&given=2&choice=2&given=1&area=hill&of_age=yes")->status,
	          200);
	r = get(&s, path, "/ballot");
	CHECK(reply_has(r, "id=\"choice-1\" name=\"given\" value=\"2\"") &&
	      reply_has(r, "id=\"choice-2\" name=\"given\" value=\"1\""));
	site_close(&s);
}

/* The fingerprint on the page is that of the file that anybody can download. */
static void
test_fingerprint(void)
{
	struct site s;
	char path[PATH_LEN], shown[100];
	struct digest_text hex;
	struct reply *r;
	size_t at = 0;

	site_open(&s);
	open_round(&s, path);
	r = get(&s, path, "/rules.json");
	CHECK_INT(r->status, 200);
	hex = digest_text(digest_of(r->body));
	for (size_t i = 0; i < 64; i++) {
		if (i > 0 && i % 4 == 0)
			shown[at++] = ' ';
		shown[at++] = hex.text[i];
	}
	shown[at] = '\0';
	CHECK(reply_has(get(&s, path, ""), shown));
	/* A try to change it is refused, and says how to go about it. */
	site_sign_in(&s.c, ana);
	r = get(&s, path, "/edit");
	CHECK_INT(r->status, 422);
	CHECK(reply_has(r, "open it again as a new round"));
	CHECK_INT(post(&s, path, "/options", "")->status, 422);
	CHECK(reply_has(get(&s, path, ""), shown));
	site_close(&s);
}

/* Three people vote, in one round or the other for the first idea or the second. */
static void
vote_three(struct site *s, const char *path, const char *body)
{
	static const struct person_id voters[] = { { 21 }, { 22 }, { 24 } };

	for (size_t i = 0; i < sizeof voters / sizeof *voters; i++) {
		site_sign_in(&s->c, voters[i]);
		(void)get(s, path, "/ballot");
		CHECK_INT(post(s, path, "/ballot", body)->status, 200);
	}
}

/* Whatever anybody may open while voting runs, the same whether all chose the first idea or
 * all chose the second: nothing tells how many chose what. (The box and the record hold fresh
 * receipts, which are random.) */
static void
test_no_totals(void)
{
	enum { PAGES = 6, SIZE = 40000 };
	static const char *const rests[PAGES] = { "", "/rules.json", "/roll", "/turnout", "/result",
		                                  "/result/scrutiny" };
	static char before[PAGES][SIZE]; /* NUL-terminated: zero at first */
	struct site s;
	char path[PATH_LEN];

	site_open(&s);
	open_round(&s, path);
	vote_three(&s, path, "choice=1&area=hill&of_age=yes");
	site_sign_in(&s.c, ana);
	for (int i = 0; i < PAGES; i++) {
		struct reply *r = get(&s, path, rests[i]);

		CHECK(r->body.len > 0 && r->body.len < SIZE);
		memcpy(before[i], r->body.ptr, r->body.len < SIZE ? r->body.len : 0);
	}
	/* The steward stays signed in beside the voters. */
	{
		struct http steward = s.c;

		http_init(&s.c, server_port(s.server));
		vote_three(&s, path, "choice=2&area=hill");
		http_close(&s.c);
		s.c = steward;
	}
	for (int i = 0; i < PAGES; i++)
		CHECK_STR(get(&s, path, rests[i])->body, before[i]);
	CHECK_INT(get(&s, path, "/result")->status, 404);
	site_close(&s);
}

/* Role by page: who gets which answer. */
static void
test_who_may_open_what(void)
{
	enum { NOBODY, MEMBER, TREASURER, STEWARD, AT_NEIGHBOURS, ROLES };
	static const struct { const char *rest; int want[ROLES]; } table[] = {
		{ "",            { 200, 200, 200, 200, 200 } },
		{ "/rules.json", { 200, 200, 200, 200, 200 } },
		{ "/box",        { 200, 200, 200, 200, 200 } },
		{ "/ballot",     { 303, 200, 200, 200, 303 } },
		{ "/edit",       { 403, 403, 403, 422, 403 } },
		{ "/options",    { 403, 403, 403, 422, 403 } },
		{ "/preview",    { 403, 403, 403, 303, 403 } },
		{ "/void",       { 403, 403, 403, 200, 403 } },
		{ "/roll",       { 403, 403, 403, 200, 403 } },
		{ "/turnout",    { 403, 403, 403, 200, 403 } },
		{ "/box?begins=z", { 404, 404, 404, 404, 404 } },
	};
	struct site s;
	char path[PATH_LEN];

	site_open(&s);
	open_round(&s, path);
	for (int role = 0; role < ROLES; role++) {
		http_close(&s.c);
		http_init(&s.c, server_port(s.server));
		if (role == MEMBER)
			site_sign_in(&s.c, maya);
		else if (role == TREASURER)
			site_sign_in(&s.c, tom);
		else if (role == STEWARD)
			site_sign_in(&s.c, ana);
		else if (role == AT_NEIGHBOURS)
			site_sign_in_at(&s.c, "mill", far);
		for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
			int got = get(&s, path, table[i].rest)->status;

			if (got != table[i].want[role]) {
				test_failures++;
				printf("# %s as %d: %d, not %d\n", table[i].rest, role, got,
				       table[i].want[role]);
			}
		}
	}
	site_close(&s);
}

/* Every change is on record for ever, so there is an end to it. */
static void
test_changes_end(void)
{
	struct site s;
	char path[PATH_LEN];
	int changes = 0;

	site_open(&s);
	open_round(&s, path);
	site_sign_in(&s.c, maya);
	(void)get(&s, path, "/ballot");
	while (changes < 100 &&
	       post(&s, path, "/ballot", "choice=2&area=hill&of_age=yes")->status == 200)
		changes++;
	CHECK_INT(changes, 20);
	CHECK_INT(post(&s, path, "/ballot", "choice=1&area=hill&of_age=yes")->status, 429);
	CHECK(reply_has(&s.c.reply, "very often"));
	site_sign_in(&s.c, idris); /* others are not concerned */
	(void)get(&s, path, "/ballot");
	CHECK_INT(post(&s, path, "/ballot", "choice=2&area=hill&of_age=yes")->status, 200);
	site_close(&s);
}

static const struct test_case cases[] = {
	{ "round: from a steward's form to a ballot in the box", test_vote },
	{ "round: more ways to vote and to count", test_more_ways },
	{ "round: every way that is offered", test_every_way },
	{ "round: points on a ballot", test_points },
	{ "round: an order on a ballot", test_order },
	{ "round: a ballot can be changed often, and not for ever", test_changes_end },
	{ "round: fixed, with a fingerprint that anybody can check", test_fingerprint },
	{ "round: no totals before the count", test_no_totals },
	{ "round: who may open which page", test_who_may_open_what },
};
TEST_MAIN(cases)
