/* Files of votes come in and go out without loss; what can't be read leaves nothing. */
#include "acts/import.h"

#include "acts/result.h"
#include "acts/world.h"

#define HEAD(kind)                                                                          \
	"META\nkey;value\ndescription;\"Bridges; boats\"\ncountry;X\nunit;Mill\ninstance;2026\n" \
	"num_projects;2\nnum_votes;2\nbudget;100.5\nvote_type;" kind "\nrule;greedy\n"             \
	"date_begin;01.02.2026\ndate_end;03.02.2026\ncurrency;EUR\nwhatever;kept\n"               \
	"PROJECTS\nproject_id;cost;name;selected;colour\nA/1;60.25;\"The \"\"old\"\" bridge\";1;red\n" \
	"2;50;Boat;0;\n"

static const char *const files[] = {
	HEAD("approval") "VOTES\nvoter_id;vote;age\nx;A/1,2;33\ny;;\n",
	HEAD("ordinal") "VOTES\nvoter_id;vote\nx;2,A/1\ny;A/1\n",
	HEAD("cumulative") "VOTES\nvoter_id;vote;points\nx;2,A/1;3,1\ny;A/1;5\n",
	"META\nkey;value\ndescription;D\ncountry;X\nunit;U\ninstance;1\nnum_projects;1\nnum_votes;1\n"
	"budget;10\nvote_type;choose-1\nrule;unknown\ndate_begin;2026\ndate_end;2026\n"
	"PROJECTS\nproject_id;cost\n7;5\nVOTES\nvoter_id;vote\n1;7\n",
};

/* Imports and exports `text`; both must say the same. *ret: what was made. */
static void
round_trip(struct world *w, struct str text, struct str slug, struct import_made *ret)
{
	struct place before = w->act.place;
	struct pabulib file, again;
	struct decide_error error = { 0 };
	struct buf out;
	bool same = false;
	enum status st;

	buf_init(&out, EXPORT_MAX);
	CHECK_INT(pabulib_parse(&w->scratch.arena, text, &file, &error), OK);
	st = WORLD_DO(w, act_import(&w->act, &file, slug, ret, &error));
	CHECK_INT(st, OK);
	if (st == OK) {
		CHECK_INT(act_round_export(&w->act, ret->round, &out), OK);
		CHECK_INT(pabulib_parse(&w->scratch.arena, buf_str(&out), &again, &error), OK);
		CHECK_INT(pabulib_same(&file, &again, &w->scratch.arena, &same), OK);
		CHECK(same);
	}
	buf_release(&out);
	w->act.place = before;
}

static void
test_kinds(void)
{
	struct world w;
	struct import_made made;

	world_init(&w);
	round_trip(&w, str_of(files[0]), (struct str){ NULL, 0 }, &made);
	CHECK_STR(made.slug, "mill-2026");
	CHECK_STR(world_text(&w, "SELECT choice FROM ballot WHERE choice <> ''"), "1,2");
	CHECK_INT(world_number(&w, "SELECT budget FROM round"), 10050);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM outcome"), 2);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM entry"), 0);
	/* Rankings are read as sets, points are added up. */
	round_trip(&w, str_of(files[1]), STR("rankings"), &made);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM ballot WHERE choice = '2,1'"), 1);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM round WHERE ballot_kind = 'ordinal' AND utility = 'cost'"), 1);
	round_trip(&w, str_of(files[2]), STR("points"), &made);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM ballot WHERE choice = '2:3,1:1'"), 1);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM outcome"), 6);
	CHECK_INT(world_number(&w, "SELECT sum(points) FROM outcome_option WHERE points IS NOT NULL"), 2 * 9);
	/* No currency, no names, no winners named. */
	round_trip(&w, str_of(files[3]), STR("bare"), &made);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM outcome"), 8);
	world_release(&w);
}

static void
test_result(void)
{
	struct world w;
	struct import_made made;
	struct result result;

	world_init(&w);
	round_trip(&w, str_of(files[0]), STR("import"), &made);
	world_go(&w, made.place.value);
	CHECK_INT(act_result_show(&w.act, made.round, &result), OK);
	CHECK(result.imported && result.file_names_winners);
	CHECK_STR(result.file_rule, "greedy");
	CHECK_INT(result.option_winners, 1);
	/* Both have one vote; by id "2" comes before "A/1", and then the bridge does not fit. */
	CHECK_STR(result.options[0].title, "Boat");
	CHECK(!result.options[0].file_selected);
	CHECK(result.options[1].file_selected);
	world_release(&w);
}

static void
test_refused(void)
{
	struct world w;
	struct pabulib file;
	struct decide_error error = { 0 };
	struct import_made made;
	struct str state, text;

	world_init(&w);
	round_trip(&w, str_of(files[0]), STR("taken"), &made);
	state = world_state(&w);
	CHECK_INT(pabulib_parse(&w.scratch.arena, str_of(files[0]), &file, &error), OK);
	CHECK_INT(WORLD_DO(&w, act_import(&w.act, &file, STR("taken"), &made, &error)), CONFLICT);
	CHECK(str_eq(world_state(&w), state));
	CHECK_INT(WORLD_DO(&w, act_import(&w.act, &file, STR("assets"), &made, &error)), INVALID);
	CHECK(error.message.text != NULL);
	/* Three decimals of a currency that has two. */
	CHECK_INT(str_format(&w.scratch.arena, &text, "%s", files[0]), OK);
	((char *)(uintptr_t)text.ptr)[str_find(text, STR("100.5")) + 3] = '0';
	CHECK_INT(pabulib_parse(&w.scratch.arena, text, &file, &error), OK);
	file.decimals = 3;
	CHECK_INT(WORLD_DO(&w, act_import(&w.act, &file, STR("fine"), &made, &error)), INVALID);
	CHECK_STR(error.field, "currency");
	world_release(&w);
}

static const struct test_case cases[] = {
	{ "import: approval, rankings and points, without loss", test_kinds },
	{ "import: the result beside what the file says", test_result },
	{ "import: refused, and nothing is left", test_refused },
};
TEST_MAIN(cases)
