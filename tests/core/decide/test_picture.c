/* Pictures of counts: well-formed whatever things are called, always the same bytes, and what they
 * show is what was counted. */
#include "core/decide/picture.h"

#include "base/chance.h"
#include "core/decide/ranked/picture.h"
#include "make.h"
#include "test.h"
#include "xml.h"

static struct arena arena;
static struct buf out;
static struct decide_error error;

static const char *const nasty[] = { "<script>alert(\"&\")</script>", "]]>", "a\x01\x0b\xff\xfe",
	                             "\u05e9\u05dc\u05d5\u05dd \u202e", "", "x\ny\t&amp;" };
enum { NASTY = sizeof nasty / sizeof *nasty };

static bool
has(const char *words)
{
	bool found = str_find(buf_str(&out), str_of(words)) < out.len;

	if (!found)
		printf("# no %s\n", words);
	return found;
}

/* Before another, both there. */
static bool
in_order(const char *first, const char *second)
{
	return has(first) && has(second) &&
	       str_find(buf_str(&out), str_of(first)) < str_find(buf_str(&out), str_of(second));
}

static void
draw(const struct election *e, const struct method *method, const struct format *format,
     const char *title, const struct str *names)
{
	struct picture_words words = { str_of(title), names, format };
	struct outcome outcome;

	buf_clear(&out);
	CHECK(decide_count(e, method, &arena, &outcome, &error) == OK);
	CHECK(picture_draw(e, &outcome, &words, &arena, &out, &error) == OK);
	CHECK(buf_status(&out) == OK);
	CHECK(xml_is_well_formed(buf_str(&out)));
}

#define NEIGHBOURS                                                                         \
	"path=480 benches=380 books=180 ramp=160 bulbs=120",                                   \
	"2:path,benches,bulbs 3:path,benches 1:path,ramp 3:books,ramp 1:books"

static const struct str neighbours_names[] = { STR_INIT("Path"), STR_INIT("Benches"),
	                                       STR_INIT("Books"), STR_INIT("Ramp"),
	                                       STR_INIT("Bulbs") };

/* The neighbours of docs/rules/greedy.md: the path, the benches, then what fits. */
static void
greedy(void)
{
	struct election e = make_election(&arena, 0, 1000, NEIGHBOURS);
	struct method method = { .rule = DECIDE_GREEDY };
	struct format english = { .locale = locale_get(STR("en")) };

	draw(&e, &method, &english, "Neighbours", neighbours_names);
	CHECK(has("<title id=\"title\">Neighbours</title>"));
	CHECK(has("<desc id=\"about\">3 of 5 won, for 980 of 1,000. 1. Path. 2. Benches. 3. Bulbs.</desc>"));
	CHECK(has(" voters have a winner among their choices.</text>"));
	/* 904 pixels of budget: the path has 480 thousandths of it */
	CHECK(has("<rect class=\"won\" x=\"28\" y=\"132\" width=\"432\" height=\"30\"/>"));
	CHECK(in_order(">Path</text>", ">Benches</text>"));
	CHECK(in_order(">Bulbs</text>", ">Books</text>"));
	CHECK(in_order(">Books</text>", ">Ramp</text>"));
	/* the books cost 180 of the dearest 480: 180 pixels of 480; 140 was left for them */
	CHECK(has(">only 140 was left</text>"));
	CHECK(has("<rect class=\"back\" x=\"64\" y=\"475\" width=\"180\" height=\"14\"/>\n"
	          "<rect class=\"had\" x=\"64\" y=\"475\" width=\"140\" height=\"14\"/>"));
	CHECK(has(">costs 180</text>") && has(">4 votes</text>"));
	arena_reset(&arena);
}

/* What supporters could pay, what won with the rest, money of a currency, another language. */
static void
shares(void)
{
	struct election e = make_election(&arena, 2, 100000,
	                                  "path=48000 benches=38000 books=18000 ramp=16000 bulbs=12050",
	                                  "2:path,benches,bulbs 3:path,benches 1:path,ramp "
	                                  "3:books,ramp 1:books");
	struct method method = { .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_UTILITARIAN };
	struct format english = { .locale = locale_get(STR("en")) };
	struct format pounds = { .locale = locale_get(STR("en-GB")), .currency = STR("GBP") };
	struct format mirrored = { .locale = locale_get(STR("ar-XB")), .currency = STR("GBP") };

	method.completion = DECIDE_NONE;
	draw(&e, &method, &english, "", neighbours_names);
	CHECK(has("What came of the count"));
	CHECK(has("equal-shares, utility cost, completion none, ties id"));
	CHECK(has(">costs 120.5</text>"));
	CHECK(has(">its supporters could pay 100</text>"));
	method.completion = DECIDE_UTILITARIAN;
	draw(&e, &method, &pounds, "", neighbours_names);
	CHECK(has("class=\"rest\""));
	CHECK(has(">won with what was left</text>"));
	CHECK(has(">costs \u00a3120.50</text>"));
	draw(&e, &method, &mirrored, "", neighbours_names);
	CHECK(!str_is(buf_str(&out), "") && str_find(buf_str(&out), STR("won with what")) == out.len);
	arena_reset(&arena);
}

static void
nothing(void)
{
	struct election e = make_election(&arena, 0, 10, "a=11 !b=1 c=0", "3:a 2:b");
	struct method method = { .rule = DECIDE_GREEDY };
	struct format english = { .locale = locale_get(STR("en")) };

	draw(&e, &method, &english, "", neighbours_names);
	CHECK(has("0 of 3 won, for 0 of 10."));
	CHECK(has(">taken off before the count</text>") && has(">nobody chose it</text>"));
	CHECK(has(">only 10 was left</text>"));
	e = make_election(&arena, 0, 10, "a=10 b=1", "3:a 2:b");
	draw(&e, &method, &english, "", neighbours_names);
	CHECK(has(">nothing was left</text>"));
	arena_reset(&arena);
}

/* Ballots in another order make no other picture; another budget does. */
static void
same_bytes(void)
{
	struct method method = { .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_ADD1 };
	struct format english = { .locale = locale_get(STR("en")) };
	struct election one = make_election(&arena, 0, 1000, NEIGHBOURS);
	struct election other = make_election(&arena, 0, 1000,
		"path=480 benches=380 books=180 ramp=160 bulbs=120",
		"1:books 2:books,ramp 1:path,ramp 1:ramp,books 3:benches,path 2:bulbs,path,benches");
	struct str first;

	draw(&one, &method, &english, "", neighbours_names);
	CHECK(str_copy(&arena, buf_str(&out), &first) == OK);
	draw(&other, &method, &english, "", neighbours_names);
	CHECK(str_eq(buf_str(&out), first));
	other.budget++;
	draw(&other, &method, &english, "", neighbours_names);
	CHECK(!str_eq(buf_str(&out), first));
	arena_reset(&arena);
}

static void
any_names(void)
{
	struct method method = { .rule = DECIDE_PHRAGMEN };
	struct format english = { .locale = locale_get(STR("en")) };
	struct election e = make_election(&arena, 0, 1000, NEIGHBOURS);
	struct str names[5];

	for (size_t i = 0; i < NASTY; i++) {
		for (size_t o = 0; o < 5; o++)
			names[o] = str_of(nasty[(i + o) % NASTY]);
		draw(&e, &method, &english, nasty[i], names);
		CHECK(str_find(buf_str(&out), STR("<script")) == out.len);
	}
	arena_reset(&arena);
}

static void
too_many(void)
{
	static struct election_option options[PICTURE_OPTIONS_MAX + 1];
	struct election e = { .options = options, .option_count = PICTURE_OPTIONS_MAX + 1 };
	struct outcome outcome = { .option_count = PICTURE_OPTIONS_MAX + 1 };
	struct picture_words words = { .names = NULL };

	buf_clear(&out);
	CHECK_INT(picture_draw(&e, &outcome, &words, &arena, &out, &error), TOO_LARGE);
	CHECK_STR(error.field, "--svg");
	CHECK_INT(out.len, 0);
}

/* ---- rankings ---- */

static struct ranked_election
ranked(const char *const *names, size_t candidates, size_t seats)
{
	static const uint32_t ballots[][3] = { { 0, 1, 2 }, { 1, 2, 0 }, { 2, 3, 1 }, { 3, 0, 1 } };
	static const uint32_t weights[] = { 9, 2, 4, 3 };
	struct ranked_making making;
	struct ranked_election e;

	ranked_begin(&making, &arena);
	for (size_t i = 0; i < candidates; i++)
		CHECK(ranked_candidate(&making, str_of(names[i]), false) == OK);
	for (size_t b = 0; b < 4; b++)
		CHECK(ranked_ballot(&making, ballots[b], 3, weights[b]) == OK);
	CHECK(ranked_end(&making, seats, &e, &error) == OK);
	return e;
}

static enum status
draw_ranked(const struct ranked_election *e, enum ranked_rule rule)
{
	struct ranked_method method = { .rule = rule, .ties = RANKED_TIES_ID };
	struct ranked_outcome outcome;
	enum status st;

	buf_clear(&out);
	CHECK(ranked_count(e, &method, &arena, &outcome, &error) == OK);
	st = ranked_picture(e, &outcome, &arena, &out, &error);
	CHECK(st != OK || xml_is_well_formed(buf_str(&out)));
	return st;
}

static const char *const people[] = { "Ann", "Bea", "Cem", "Dot" };

/* 18 ballots, 2 seats: a quota of 7. Bea ends with 10.99998, the longest bar, of 124 pixels; Ann's 9
 * take 101 of them. */
static void
stages(void)
{
	struct ranked_election e = ranked(people, 4, 2);

	CHECK(draw_ranked(&e, RANKED_STV_SCOTTISH) == OK);
	CHECK(has("2 of 4 elected by 18 voters. 1. Ann."));
	CHECK(has(">Stage 1</text>") && has(">first preferences</text>"));
	CHECK(has(">9 elected</text>\n<rect class=\"won\" x=\"268\" y=\"178\" width=\"101\" height=\"8\"/>"));
	CHECK(has("<line class=\"mark\" x1=\"346\" y1=\"154\" x2=\"346\""));
	CHECK(has(">quota 7</text>"));
	CHECK(has(">surplus of:</text>\n<text class=\"small\" x=\"408\" y=\"149\">Ann</text>"));
	CHECK(has("<text class=\"small clear\" x=\"688\" y=\"248\">out</text>"));
	CHECK(has(">with nobody any more</text>"));
	CHECK(draw_ranked(&e, RANKED_STV_MEEK) == OK);
	CHECK(draw_ranked(&e, RANKED_IRV) == OK);
	arena_reset(&arena);
}

/* 12 of 18 put Ann above Bea. */
static void
matrix(void)
{
	struct ranked_election e = ranked(people, 4, 1);

	CHECK(draw_ranked(&e, RANKED_SCHULZE) == OK);
	CHECK(has(">12</text>") && has(">6</text>"));
	CHECK(has("<text class=\"small bold on mid\""));
	CHECK(draw_ranked(&e, RANKED_PAIRS) == OK);
	arena_reset(&arena);
}

static void
totals(void)
{
	struct ranked_election e = ranked(people, 4, 1);
	struct ranked_outcome judged = { .method = { .rule = RANKED_MAJORITY_JUDGEMENT } };

	CHECK(draw_ranked(&e, RANKED_BORDA) == OK);
	CHECK(in_order(">Ann</text>", ">Cem</text>"));
	CHECK(has(" points</text>"));
	buf_clear(&out);
	CHECK_INT(ranked_picture(&e, &judged, &arena, &out, &error), INVALID);
	CHECK_INT(out.len, 0);
	arena_reset(&arena);
}

static void
ranked_names(void)
{
	static const enum ranked_rule rules[] = { RANKED_STV_WIG, RANKED_SCHULZE, RANKED_BORDA };
	struct ranked_election e = ranked(nasty, 4, 1);

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		CHECK(draw_ranked(&e, rules[i]) == OK);
		CHECK(str_find(buf_str(&out), STR("<script")) == out.len);
	}
	arena_reset(&arena);
}

static void
many_rivals(void)
{
	enum { MANY = 150 };
	const char *names[MANY];
	struct ranked_election e;

	for (size_t i = 0; i < MANY; i++)
		names[i] = "one of many";
	e = ranked(names, MANY, 1);
	CHECK_INT(draw_ranked(&e, RANKED_SCHULZE), TOO_LARGE);
	CHECK_INT(out.len, 0);
	arena_reset(&arena);
}

/* Every allocation that fails is said to. */
static void
no_memory(void)
{
	struct election e = make_election(&arena, 0, 1000, NEIGHBOURS);
	struct method method = { .rule = DECIDE_GREEDY };
	struct format english = { .locale = locale_get(STR("en")) };
	struct picture_words words = { STR(""), neighbours_names, &english };
	struct outcome outcome;
	enum status st = NO_MEMORY;
	long n;

	CHECK(decide_count(&e, &method, &arena, &outcome, &error) == OK);
	for (n = 0; st == NO_MEMORY && n < 100; n++) {
		struct arena scarce;

		buf_clear(&out);
		arena_init(&scarce, 1 << 20);
		scarce.fail_after = n;
		st = picture_draw(&e, &outcome, &words, &scarce, &out, &error);
		arena_release(&scarce);
	}
	CHECK_INT(st, OK);
	CHECK(n > 5);
	arena_reset(&arena);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "picture: most votes first", greedy },
		{ "picture: equal shares, money and languages", shares },
		{ "picture: nothing won", nothing },
		{ "picture: the same bytes", same_bytes },
		{ "picture: any names", any_names },
		{ "picture: too many options", too_many },
		{ "picture: stages of a transferring rule", stages },
		{ "picture: who beats whom", matrix },
		{ "picture: totals", totals },
		{ "picture: any names of candidates", ranked_names },
		{ "picture: too many rivals", many_rivals },
		{ "picture: no memory", no_memory },
	};
	int bad;

	arena_init(&arena, 64 << 20);
	buf_init(&out, 10 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	buf_release(&out);
	arena_release(&arena);
	return bad;
}
