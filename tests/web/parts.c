/* The view of the page of all parts, with values that need escaping. */
#include "web/parts.h"

#include "web/parts_view.h"

static struct parts_row rows[] = {
	{ { 11 }, STR_INIT("Benches & shade on the walk to the surgery"), STR_INIT("/a/ideas/1"),
	  STR_INIT("Won. 388 people chose it."), STR_INIT("a"), { 650000 }, 388, true },
	{ { 12 }, STR_INIT("A repair table every second Saturday"), STR_INIT("/a/ideas/2"),
	  STR_INIT("Won."), STR_INIT("b"), { 120050 }, 1, true },
	{ { 13 }, STR_INIT("High Street lights <script>alert(1)</script>"), STR_INIT("javascript:alert(1)"),
	  STR_INIT("Not this time. It would have won at £34,850, or with 74 more votes."), STR_INIT("c"),
	  { 3800000 }, 1811, false },
};

static struct error_line errors[] = {
	{ STR_INIT("#title"), { .text = "Give it a title of {n} words.",
	  .values = { { "n", MESSAGE_NUMBER, { .number = 3 } } } } },
	{ { NULL, 0 }, { .text = "Somebody else changed it meanwhile." } },
};

struct parts_view
parts_view(void)
{
	return (struct parts_view){
		.heading = STR("What shall we do with what we share?"),
		.rules_path = STR("/a/about?x=1&y=2"),
		.typed = STR("\"><b>'typed' & kept"),
		.rows = { rows, 3 },
		.pot = { 12000000 }, .chosen = { 2890000 },
		.closes = { INT64_C(1796587200000000) },
		.people = 8140, .voters = 7407, .strip = strip_of(0, 91, 100),
		.second = { .length = 720, .second = true },
		.text = { STR("<h3>Why here</h3><p>Six benches, <strong>four trees</strong>.</p>"
		              "<blockquote><p>My knees say yes.</p></blockquote><ul><li>Oak</li><li>Lime</li></ul>") },
		.why = { .text = "Give it a <title>." },
		.errors = { { errors, 2 } },
		.pager = { .older = STR("/a/ideas?page=3"), .newer = STR("/a/ideas?page=1"), .page = 2, .pages = 9 },
	};
}

struct layout_view
parts_layout(void)
{
	return (struct layout_view){
		.place_name = STR("Alder Vale"), .place_path = STR("/alder-vale"),
		.person_name = STR("Maya <Osei>"), .here = STR("decisions"), .path = STR("/alder-vale/a?b=c d"),
		.absolute = STR("https://moot.example"), .csrf = STR("tok\"en"), .steward = true,
		.money = true, .waiting = 3,
	};
}
