/* Rounds with points or an order, and by every rule there is: cast, counted, downloaded, counted again
 * from the download, taken in again, and checked. */
#include "acts/check.h"
#include "acts/import.h"
#include "acts/polling.h"
#include "acts/result.h"
#include "acts/round_rules.h"

enum { POINTS = 10, EACH = 6 };

static struct round_draft
draft_with_points(const struct polling *p)
{
	struct round_draft draft = polling_draft(p);

	draft.kind = BALLOT_CUMULATIVE;
	draft.points = POINTS;
	draft.points_each = EACH;
	draft.rule.utility = STR("cost-points");
	return draft;
}

static struct round_draft
draft_in_order(const struct polling *p)
{
	struct round_draft draft = polling_draft(p);

	draft.kind = BALLOT_ORDINAL;
	draft.rule.utility = STR("borda");
	return draft;
}

/* What is refused leaves nothing; then the good one, changed once, then after the close. */
static void
try_ballots(const struct round_draft *draft, struct polling *p, const char *const (*bad)[2],
            const char *good, const char *other, const char *stored)
{
	struct refusal why;
	struct ballot_paper paper;
	struct str before;

	polling_open(p, draft);
	before = world_state(&p->w);
	for (size_t i = 0; bad[i][0] != NULL; i++) {
		enum status want = str_is(str_of(bad[i][1]), "INVALID") ? INVALID : REFUSED, st;

		why = (struct refusal){ 0 };
		st = polling_try(p, maya, bad[i][0], &why);
		if (st != want || !str_eq(before, world_state(&p->w)) ||
		    (st == REFUSED && strstr(why.message.text, bad[i][1]) == NULL)) {
			test_failures++;
			printf("# %s: %s %s\n", bad[i][0], status_name(st),
			       why.message.text == NULL ? "" : why.message.text);
		}
	}
	polling_cast(p, maya, good);
	polling_cast(p, maya, other);
	CHECK_STR(world_text(&p->w, "SELECT choice FROM ballot"), stored);
	CHECK_INT(world_number(&p->w, "SELECT count(*) FROM leaf WHERE body LIKE '%ballot-c%'"), 2);
	CHECK_INT(act_ballot_show(&p->w.act, p->round, &paper), OK);
	CHECK(paper.in_box && paper.choice.len == 2);
	p->start = time_plus(p->start, 9 * HOUR_US); /* over: the eleventh hour */
	CHECK_INT(polling_try(p, maya, good, &why), REFUSED);
	CHECK(strstr(why.message.text, "Voting ended") != NULL);
	CHECK_STR(world_text(&p->w, "SELECT choice FROM ballot"), stored);
}

static void
test_points_cast(void)
{
	static const char *const bad[][2] = {
		{ "1:7", "An idea may get" },        { "1:6,2:5", "You have {points}" },
		{ "1:-1", "no number of points" },   { "1:two", "no number of points" },
		{ "1:2.5", "no number of points" },  { "1:2,1:3", "INVALID" },
		{ "5:1", "INVALID" },                { "0:1", "INVALID" },
		{ "1", "INVALID" },                  { "1:9999999999", "no number of points" },
		{ NULL, NULL },
	};
	struct polling p;
	struct round_draft draft;

	polling_init(&p);
	draft = draft_with_points(&p);
	try_ballots(&draft, &p, bad, "1:6,2:4", "4:,3:1,2:6", "2:6,3:1");
	polling_release(&p);
}

static void
test_order_cast(void)
{
	static const char *const bad[][2] = {
		{ "1:1,2:1", "more than one idea on place" }, { "1:1", "at least two" },
		{ "1:1,2:2,3:3,4:4", "{most} at most" },      { "1:first,2:2", "no place" },
		{ "1:-1,2:1", "no place" },                   { "1:1,1:2", "INVALID" },
		{ "1:1,9:2", "INVALID" },                     { "1,2", "INVALID" },
		{ NULL, NULL },
	};
	struct polling p;
	struct round_draft draft;

	polling_init(&p);
	draft = draft_in_order(&p);
	draft.most = 3;
	try_ballots(&draft, &p, bad, "1:1,2:2", "1:2,4:1,3:", "4,1");
	polling_release(&p);
}

/* Everything that is frozen stands in the rules file; ticks leave it as it always was. */
static void
test_frozen(void)
{
	struct polling p;
	struct round_draft draft;
	struct str rules;

	polling_init(&p);
	draft = draft_with_points(&p);
	draft.most = 4;
	draft.rule.rule = STR("greedy-threshold");
	draft.rule.threshold = 12;
	polling_open(&p, &draft);
	CHECK_INT(act_round_rules(&p.w.act, p.round, &rules), OK);
	CHECK(str_find(rules, STR("\"ballot\":{\"kind\":\"cumulative\",\"most\":4,\"points\":10,"
	                          "\"points_each\":6}")) < rules.len);
	CHECK(str_find(rules, STR("\"completion\":\"none\",\"lot_seed_sha256\":")) < rules.len);
	CHECK(str_find(rules, STR("\"name\":\"greedy-threshold\",\"threshold\":12,\"ties\":"
	                          "\"cost-votes-lot\",\"utility\":\"cost-points\"}")) < rules.len);
	polling_release(&p);
	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	CHECK_INT(act_round_rules(&p.w.act, p.round, &rules), OK);
	CHECK(str_find(rules, STR("\"ballot\":{\"kind\":\"approval\"}")) < rules.len);
	CHECK(str_find(rules, STR("\"ties\":\"cost-votes-lot\",\"utility\":\"cost\"}")) < rules.len);
	CHECK(str_find(rules, STR("threshold")) == rules.len);
	polling_release(&p);
}

/* ---- counted by everything that fits ---- */

/* The download counts to the same winners in the same order. */
static void
recounts(struct polling *p, const struct result *result, const struct pabulib *file)
{
	struct election election;
	struct outcome outcome, kept;
	struct decide_error error;

	CHECK_INT(act_outcome_show(&p->w.act, p->round, result->official.id, &kept), OK);
	CHECK_INT(pabulib_election(file, kept.method.utility, 2, p->w.act.arena, &election, &error), OK);
	CHECK_INT(decide_count(&election, &kept.method, p->w.act.arena, &outcome, &error), OK);
	CHECK_INT(outcome.step_count, kept.step_count);
	CHECK_INT(outcome.total_cost, kept.total_cost);
	CHECK_INT(outcome.represented, kept.represented);
	for (size_t i = 0; i < outcome.step_count && i < kept.step_count; i++) {
		int64_t number = 0;

		CHECK_INT(str_to_int(election.options[outcome.steps[i].option].id, &number), OK);
		CHECK_INT(number, kept.steps[i].option + 1);
	}
}

/* Taken in again, the file is counted by the same method to the same end. */
static void
comes_back(struct polling *p, const struct result *result, const struct pabulib *file)
{
	static int times;
	struct place before = p->w.act.place;
	struct decide_error error = { 0 };
	struct import_made made;
	struct result again;
	char slug[20];

	(void)snprintf(slug, sizeof slug, "back-%d", ++times);
	CHECK_INT(WORLD_DO(&p->w, act_import(&p->w.act, file, str_of(slug), &made, &error)), OK);
	CHECK_INT(act_result_show(&p->w.act, made.round, &again), OK);
	CHECK(str_eq(again.official.rule, result->official.rule));
	CHECK(str_eq(again.official.utility, result->official.utility));
	CHECK(str_eq(again.official.completion, result->official.completion));
	CHECK_INT(again.official.total_cost.minor, result->official.total_cost.minor);
	CHECK_INT(again.option_winners, result->option_winners);
	for (size_t i = 0; i < again.option_winners; i++)
		CHECK(again.options[i].file_selected);
	p->w.act.place = before;
}

static void
say(void *context, struct str line)
{
	(void)context;
	printf("# check: %.*s\n", STR_ARG(line));
}

static void
hush(void *context, struct str line)
{
	(void)context;
	(void)line;
}

static void
is_sound(struct polling *p)
{
	struct check check = { .act = &p->w.act, .say = say };
	struct result result;
	struct pabulib file;
	struct decide_error error;
	struct buf out;

	polling_as(p, nobody, 12);
	CHECK_INT(act_result_show(&p->w.act, p->round, &result), OK);
	CHECK(result.counted && result.other.id.value != 0);
	CHECK(!str_eq(result.official.rule, result.other.rule));
	buf_init(&out, EXPORT_MAX);
	CHECK_INT(act_round_export(&p->w.act, p->round, &out), OK);
	CHECK_INT(pabulib_parse(p->w.act.arena, buf_str(&out), &file, &error), OK);
	recounts(p, &result, &file);
	comes_back(p, &result, &file);
	CHECK_INT(act_check(&check), OK);
	CHECK_INT(check.differences, 0);
	buf_release(&out);
}

/* One round of a kind by one method: three ballots, and one blank. */
static void
count_one(const struct round_draft *draft, const char *const *ballots)
{
	struct polling p;

	polling_init(&p);
	polling_open(&p, draft);
	polling_cast(&p, maya, ballots[0]);
	polling_cast(&p, idris, ballots[1]);
	polling_cast(&p, ana, ballots[2]);
	polling_cast(&p, bela, "");
	polling_count(&p);
	is_sound(&p);
	polling_release(&p);
}

static void
test_every_method(void)
{
	static const struct {
		enum ballot_kind kind;
		const char *utility, *ballots[3];
	} kinds[] = {
		{ BALLOT_APPROVAL, "cost", { "1,2,3", "3,4", "4" } },
		{ BALLOT_APPROVAL, "cardinality", { "1,2,3", "3,4", "4" } },
		{ BALLOT_CUMULATIVE, "points", { "1:5,2:3,3:2", "3:1,4:6", "4:6,1:4" } },
		{ BALLOT_CUMULATIVE, "cost-points", { "1:5,2:3,3:2", "3:1,4:6", "4:6,1:4" } },
		{ BALLOT_ORDINAL, "borda", { "1:1,2:2,3:3", "4:1,3:2", "4:1,2:2,1:3" } },
	};
	struct polling clock; /* only for the draft's times, which are the same in every world */

	polling_init(&clock);
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (int rule = DECIDE_GREEDY; rule <= DECIDE_PHRAGMEN; rule++)
			for (int c = DECIDE_NONE; c <= DECIDE_EXACT; c++) {
				bool ticks = rule == DECIDE_PHRAGMEN || c == DECIDE_EXACT;
				struct round_draft draft = kinds[k].kind == BALLOT_CUMULATIVE
				                                   ? draft_with_points(&clock)
				                                   : polling_draft(&clock);

				if ((rule != DECIDE_EQUAL_SHARES && c != DECIDE_NONE) ||
				    (ticks && kinds[k].kind != BALLOT_APPROVAL) ||
				    (rule == DECIDE_PHRAGMEN && !str_is(str_of(kinds[k].utility), "cost")))
					continue;
				draft.kind = kinds[k].kind;
				draft.rule.rule = str_of(decide_rule_name((enum decide_rule)rule));
				draft.rule.utility = str_of(kinds[k].utility);
				draft.rule.completion =
					str_of(decide_completion_name((enum decide_completion)c));
				draft.rule.threshold = rule == DECIDE_GREEDY_THRESHOLD ? 2 : 0;
				draft.rule.ties = k % 2 == 0 ? STR("cost-votes-lot") : STR("id");
				count_one(&draft, kinds[k].ballots);
			}
	polling_release(&clock);
}

static void
test_points_counted(void)
{
	struct polling p;
	struct round_draft draft;
	struct result result;

	polling_init(&p);
	draft = draft_with_points(&p);
	draft.budget.minor = 70000;
	draft.rule.rule = STR("greedy");
	polling_open(&p, &draft);
	polling_cast(&p, maya, "1:4,3:6");
	polling_cast(&p, idris, "4:6,2:1");
	polling_cast(&p, ana, "4:6,3:2");
	polling_count(&p);
	CHECK_INT(act_result_show(&p.w.act, p.round, &result), OK);
	CHECK(result.points && !result.borda);
	/* 4 has 12 points and takes 400, 3 has 8 and takes the last 300. */
	CHECK_INT(result.option_winners, 2);
	CHECK_INT(result.options[0].number, 4);
	CHECK_INT(result.options[0].points, 12);
	CHECK_INT(result.options[0].votes, 2);
	CHECK_INT(result.options[1].number, 3);
	CHECK_INT(result.options[1].points, 8);
	/* Losers by points: 1 has 4, 2 has 1. */
	CHECK_INT(result.options[2].number, 1);
	CHECK_INT(result.options[2].points, 4);
	CHECK_INT(result.options[2].why, OUTCOME_NO_ROOM);
	CHECK_INT(result.options[2].room.minor, 0);
	CHECK_STR(result.other.rule, "equal-shares");
	CHECK_STR(result.other.utility, "cost-points");
	polling_release(&p);
}

/* A withdrawn option leaves the order: those behind it move up, in our count as in the download. */
static void
test_order_counted(void)
{
	struct polling p;
	struct round_draft draft;
	struct result result;

	polling_init(&p);
	draft = draft_in_order(&p);
	draft.rule.rule = STR("greedy");
	polling_open(&p, &draft);
	polling_cast(&p, maya, "1:1,2:2,3:3");
	polling_cast(&p, idris, "3:1,2:2,4:3");
	polling_cast(&p, ana, "2:1,4:2");
	polling_withdraw(&p, 1);
	polling_count(&p);
	CHECK_INT(act_result_show(&p.w.act, p.round, &result), OK);
	CHECK(result.points && result.borda);
	/* Without 2: "1,3", "3,4" and "4": one point for 1 and for 3, none for 4. */
	CHECK_INT(result.option_winners, 2);
	CHECK_INT(result.options[0].number, 1); /* as many points, and cheaper */
	CHECK_INT(result.options[0].points, 1);
	CHECK_INT(result.options[1].number, 3);
	CHECK_INT(result.options[2].why, OUTCOME_WITHDRAWN);
	CHECK_INT(result.options[3].number, 4);
	CHECK_INT(result.options[3].votes, 0);
	CHECK_INT(result.options[3].why, OUTCOME_NOBODY);
	is_sound(&p);
	polling_release(&p);
}

/* A changed ballot, or a changed sum, is found by whoever counts again. */
static void
test_check_finds(void)
{
	struct polling p;
	struct round_draft draft;
	struct check check = { .act = &p.w.act, .say = hush };

	polling_init(&p);
	draft = draft_with_points(&p);
	polling_open(&p, &draft);
	polling_cast(&p, maya, "1:4,3:6");
	polling_cast(&p, idris, "4:6,2:1");
	polling_count(&p);
	polling_as(&p, nobody, 12);
	CHECK_INT(act_check(&check), OK);
	CHECK_INT(check.differences, 0);
	world_sql(&p.w, "UPDATE outcome_option SET points = points + 1 WHERE number = 3");
	CHECK_INT(act_check(&check), OK);
	CHECK_INT(check.differences, 2); /* in each of the two counts */
	world_sql(&p.w, "UPDATE outcome_option SET points = points - 1 WHERE number = 3");
	world_sql(&p.w, "UPDATE ballot SET choice = '1:5,3:5' WHERE choice = '1:4,3:6'");
	check.differences = 0;
	CHECK_INT(act_check(&check), OK);
	CHECK(check.differences > 0);
	/* What no ballot of such a round can be: no points; an option that is not there. */
	world_sql(&p.w, "UPDATE ballot SET choice = '1,3' WHERE choice = '1:5,3:5'");
	check.differences = 0;
	CHECK_INT(act_check(&check), OK);
	CHECK_INT(check.differences, 1);
	world_sql(&p.w, "UPDATE ballot SET choice = '1:5,9:5' WHERE choice = '1,3'");
	check.differences = 0;
	CHECK_INT(act_check(&check), OK);
	CHECK_INT(check.differences, 1);
	polling_release(&p);
}

/* Three of four want what costs all the money, which their shares don't reach before the winners would
 * cost too much; the fourth can pay for the small thing alone. Three have more by greedy, so it stands. */
static void
test_comparison_falls(void)
{
	struct polling p;
	struct round_draft draft;
	struct result result;

	polling_init(&p);
	draft = polling_draft(&p);
	draft.budget.minor = 40000;
	draft.rule.completion = STR("comparison");
	polling_open(&p, &draft);
	polling_cast(&p, maya, "4");
	polling_cast(&p, idris, "4");
	polling_cast(&p, ana, "4");
	polling_cast(&p, bela, "1");
	polling_count(&p);
	CHECK_INT(act_result_show(&p.w.act, p.round, &result), OK);
	CHECK_INT(result.option_winners, 1);
	CHECK_INT(result.options[0].number, 4);
	CHECK(result.fell_to_votes);
	CHECK(!result.options[0].has_could_pay);
	is_sound(&p);
	polling_release(&p);
}

/* What stands in a file of ours and can't be is named, and nothing is left. */
static void
test_import_refused(void)
{
	static const struct { const char *lines, *field; } table[] = {
		{ "folkmoot_rule;loudest\n", "folkmoot_rule" },
		{ "folkmoot_rule;greedy\nfolkmoot_utility;borda\n", "folkmoot_utility" },
		{ "folkmoot_rule;greedy\nfolkmoot_utility;cost\n", "folkmoot_completion" },
		{ "folkmoot_rule;greedy\nfolkmoot_utility;cost\nfolkmoot_completion;none\n"
		  "folkmoot_increment;x\n", "folkmoot_increment" },
		{ "folkmoot_rule;greedy\nfolkmoot_utility;cost\nfolkmoot_completion;none\n"
		  "folkmoot_ties;coin\n", "folkmoot_ties" },
		{ "folkmoot_rule;greedy\nfolkmoot_utility;cost\nfolkmoot_completion;none\n"
		  "folkmoot_ties;id\nfolkmoot_seed;12\n", "folkmoot_seed" },
	};
	struct polling p;
	struct str before;

	polling_init(&p);
	before = world_state(&p.w);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct decide_error error = { 0 };
		struct import_made made;
		struct pabulib file;
		struct place place = p.w.act.place;
		struct str text;

		world_need(str_format(&p.w.scratch.arena, &text,
		                      "META\nkey;value\ndescription;D\ncountry;X\nunit;U\ninstance;1\n"
		                      "num_projects;1\nnum_votes;1\nbudget;10\nvote_type;approval\n"
		                      "rule;greedy\ndate_begin;2026\ndate_end;2026\n%sPROJECTS\n"
		                      "project_id;cost\n7;5\nVOTES\nvoter_id;vote\n1;7\n",
		                      table[i].lines), "file");
		CHECK_INT(pabulib_parse(&p.w.scratch.arena, text, &file, &error), OK);
		CHECK_INT(WORLD_DO(&p.w, act_import(&p.w.act, &file, STR("fresh"), &made, &error)), INVALID);
		CHECK_STR(error.field, table[i].field);
		CHECK(str_eq(before, world_state(&p.w)));
		p.w.act.place = place;
	}
	polling_release(&p);
}

static const struct test_case cases[] = {
	{ "more ways: points on a ballot", test_points_cast },
	{ "more ways: an order on a ballot", test_order_cast },
	{ "more ways: what the fingerprint holds", test_frozen },
	{ "more ways: every method, counted again from the download", test_every_method },
	{ "more ways: points add up", test_points_counted },
	{ "more ways: an order without what was withdrawn", test_order_counted },
	{ "more ways: check finds changed points", test_check_finds },
	{ "more ways: the comparison goes to most votes", test_comparison_falls },
	{ "more ways: files of ours that can't be", test_import_refused },
};
TEST_MAIN(cases)
