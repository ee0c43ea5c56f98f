#include "commons/round.h"

#include "test.h"

#define AT(hours) ((struct instant){ (hours) * HOUR_US })
enum { OPENS = 10, CLOSES = 20 };

static const struct str a_reason = STR_INIT("The hall has burnt down.");

/* State by deed: the table is the specification. Times are before, in and after voting. */
static const struct {
	enum round_state state;
	int now;
	enum round_phase phase;
	bool voting, over;
	enum status change, open, end, withdraw, close;
} table[] = {
	/*                               phase        voting over   change   open     void     withdraw close */
	{ ROUND_DRAFT,    5,  PHASE_DRAFT,   false, false, OK,      OK,      REFUSED, REFUSED, REFUSED },
	{ ROUND_DRAFT,    15, PHASE_DRAFT,   false, false, OK,      OK,      REFUSED, REFUSED, REFUSED },
	{ ROUND_DRAFT,    25, PHASE_DRAFT,   false, false, OK,      REFUSED, REFUSED, REFUSED, REFUSED },
	{ ROUND_OPEN,     5,  PHASE_COMING,  false, false, REFUSED, REFUSED, OK,      OK,      REFUSED },
	{ ROUND_OPEN,     10, PHASE_VOTING,  true,  false, REFUSED, REFUSED, OK,      OK,      REFUSED },
	{ ROUND_OPEN,     15, PHASE_VOTING,  true,  false, REFUSED, REFUSED, OK,      OK,      REFUSED },
	{ ROUND_OPEN,     20, PHASE_OVER,    false, true,  REFUSED, REFUSED, OK,      REFUSED, OK      },
	{ ROUND_SETTLING, 25, PHASE_OVER,    false, true,  REFUSED, REFUSED, OK,      REFUSED, OK      },
	{ ROUND_COUNTING, 25, PHASE_OVER,    false, false, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED },
	{ ROUND_COUNTED,  25, PHASE_COUNTED, false, false, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED },
	{ ROUND_VOID,     15, PHASE_VOID,    false, false, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED },
};

static struct round_facts
facts_of(enum round_state state)
{
	return (struct round_facts){ .state = state, .opens_at = AT(OPENS), .closes_at = AT(CLOSES),
		                     .budget = { 1000 }, .options = 2, .dearest = { 1000 },
		                     .pot = { 1000 } };
}

static void
test_states_and_deeds(void)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct round_facts facts = facts_of(table[i].state);
		struct instant now = AT(table[i].now);
		struct refusal why = { 0 };
		enum round_state next;
		int before = test_failures;

		CHECK_INT(round_phase(facts.state, facts.opens_at, facts.closes_at, now), table[i].phase);
		CHECK_INT(round_voting_is_open(&facts, now), table[i].voting);
		CHECK_INT(round_voting_is_over(&facts, now), table[i].over);
		CHECK_INT(round_may_change(facts.state, &why), table[i].change);
		CHECK_INT(round_may_open(&facts, now, &why), table[i].open);
		CHECK_INT(round_may_void(facts.state, a_reason, &why), table[i].end);
		CHECK_INT(round_may_withdraw(&facts, now, false, a_reason, &why), table[i].withdraw);
		CHECK_INT(round_may_close(&facts, now, &next, &why), table[i].close);
		CHECK_INT(round_may_reopen(facts.state, false, &why),
		          facts.state == ROUND_VOID ? OK : REFUSED);
		if (test_failures > before)
			printf("# in line %zu: %s at %d\n", i, round_state_name(facts.state), table[i].now);
	}
}

static void
test_refusal_to_change_says_how(void)
{
	struct refusal why = { 0 };

	CHECK_INT(round_may_change(ROUND_OPEN, &why), REFUSED);
	CHECK(strstr(why.message.text, "open it again as a new round") != NULL);
}

static void
test_names(void)
{
	for (int i = ROUND_DRAFT; i <= ROUND_VOID; i++) {
		enum round_state state;

		CHECK_INT(round_state_parse(str_of(round_state_name((enum round_state)i)), &state), OK);
		CHECK_INT(state, i);
	}
	enum round_state state;
	CHECK_INT(round_state_parse(STR("closed"), &state), INVALID);
}

static void
test_opening_needs(void)
{
	struct round_facts facts = facts_of(ROUND_DRAFT);
	struct refusal why = { 0 };

	facts.options = 1;
	CHECK_INT(round_may_open(&facts, AT(5), &why), REFUSED);
	facts = facts_of(ROUND_DRAFT);
	facts.lost = STR("A bench");
	CHECK_INT(round_may_open(&facts, AT(5), &why), REFUSED);
	CHECK_STR(why.message.values[0].text, "A bench");
	facts = facts_of(ROUND_DRAFT);
	facts.dearest.minor = 1001;
	CHECK_INT(round_may_open(&facts, AT(5), &why), REFUSED);
	CHECK_INT(why.message.values[0].money.minor, 1001);
	facts = facts_of(ROUND_DRAFT);
	facts.pot.minor = 999;
	CHECK_INT(round_may_open(&facts, AT(5), &why), REFUSED);
	CHECK_INT(why.message.values[0].money.minor, 999);
}

static void
test_reasons_and_repeats(void)
{
	struct round_facts facts = facts_of(ROUND_OPEN);
	struct refusal why = { 0 };

	CHECK_INT(round_may_void(ROUND_OPEN, STR(""), &why), REFUSED);
	CHECK(str_is(str_of(why.field), "reason"));
	CHECK_INT(round_may_withdraw(&facts, AT(15), false, STR("no"), &why), REFUSED);
	CHECK(str_is(str_of(why.field), "reason"));
	CHECK_INT(round_may_withdraw(&facts, AT(15), true, a_reason, &why), REFUSED);
	CHECK_INT(round_may_reopen(ROUND_VOID, true, &why), REFUSED);
}

static void
test_close_waits_for_challenges(void)
{
	struct round_facts facts = facts_of(ROUND_OPEN);
	struct refusal why = { 0 };
	enum round_state next = ROUND_DRAFT;

	facts.challenges = 1;
	CHECK_INT(round_may_close(&facts, AT(20), &next, &why), OK);
	CHECK_INT(next, ROUND_SETTLING);
	facts.state = ROUND_SETTLING;
	facts.challenges = 0;
	CHECK_INT(round_may_close(&facts, AT(20), &next, &why), OK);
	CHECK_INT(next, ROUND_COUNTING);
}

static struct round_draft
draft_of(void)
{
	return (struct round_draft){
		.title = STR("Spring round"), .budget = { 12000000 },
		.rule = { STR("equal-shares"), STR("cost"), STR("add1u"), { 100 }, STR("cost-votes-lot"), 0 },
		.opens_at = AT(OPENS), .closes_at = AT(CLOSES) };
}

static void
test_drafts(void)
{
	struct round_draft draft;
	struct refusal why = { 0 };

#define CHECK_DRAFT(change, want_field)                                                    \
	do {                                                                               \
		draft = draft_of();                                                        \
		change;                                                                    \
		why = (struct refusal){ 0 };                                               \
		CHECK_INT(round_draft_may_be(&draft, &why),                                \
		          (want_field) == NULL ? OK : REFUSED);                            \
		CHECK(str_eq(str_of(why.field), str_of(want_field)));                      \
	} while (0)

	CHECK_DRAFT((void)0, NULL);
	CHECK_DRAFT(draft.title = STR(""), "title");
	CHECK_DRAFT(draft.budget.minor = 0, "budget");
	CHECK_DRAFT(draft.most = -1, "most");
	CHECK_DRAFT(draft.closes_at = draft.opens_at, "closes_on");
	CHECK_DRAFT(draft.least_age = 100, "least_age");
	CHECK_DRAFT(draft.rule.rule = STR("loudest"), "rule");
	CHECK_DRAFT(draft.rule.utility = STR(""), "utility");
	CHECK_DRAFT(draft.rule.completion = STR("all"), "completion");
	CHECK_DRAFT(draft.rule.ties = STR("coin"), "ties");
	CHECK_DRAFT(draft.rule.increment.minor = 0, "increment");
	CHECK_DRAFT((draft.rule.rule = STR("greedy"), round_draft_tidy(&draft)), NULL);
#undef CHECK_DRAFT
	CHECK_STR(draft.rule.completion, "none");
	CHECK_INT(draft.rule.increment.minor, 0);
}

/* Every rule with every kind of ballot and every utility: what fits, and which field a refusal names. */
static void
test_what_fits_together(void)
{
	enum { TICKS, POINTS, ORDER, KINDS };
	static const enum ballot_kind kinds[KINDS] = { BALLOT_APPROVAL, BALLOT_CUMULATIVE, BALLOT_ORDINAL };
	static const char *const rules[] = { "equal-shares", "greedy", "greedy-no-skip",
		                             "greedy-threshold", "phragmen",
		                             "equal-shares-overspending" };
	static const struct { const char *utility; bool fits[KINDS]; } utilities[] = {
		{ "cost", { true, false, false } },        { "cardinality", { true, false, false } },
		{ "points", { false, true, false } },      { "cost-points", { false, true, false } },
		{ "borda", { false, false, true } },
	};
	static const char *const completions[] = { "none", "add1", "add1-official", "add1u", "greedy",
		                                   "comparison", "exact" };

	for (size_t k = 0; k < KINDS; k++)
		for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
			for (size_t u = 0; u < sizeof utilities / sizeof *utilities; u++)
				for (size_t c = 0; c < sizeof completions / sizeof *completions; c++) {
					bool phragmen = str_is(str_of(rules[r]), "phragmen");
					bool overspending = str_is(str_of(rules[r]),
					                           "equal-shares-overspending");
					bool exact = str_is(str_of(rules[r]), "equal-shares") &&
					             str_is(str_of(completions[c]), "exact");
					bool ticks = phragmen || exact;
					bool fits = (!ticks || k == TICKS) && !overspending &&
					            (phragmen || utilities[u].fits[k]);
					const char *field = fits ? NULL : overspending ? "rule" :
					                    !ticks || k == TICKS ? "utility" :
					                    exact ? "completion" : "rule";
					struct round_draft draft = draft_of();
					struct refusal why = { 0 };
					enum status st;

					draft.kind = kinds[k];
					draft.points = k == POINTS ? 10 : 0;
					draft.rule.rule = str_of(rules[r]);
					draft.rule.utility = str_of(utilities[u].utility);
					draft.rule.completion = str_of(completions[c]);
					draft.rule.threshold = str_is(draft.rule.rule, "greedy-threshold") * 5;
					round_draft_tidy(&draft);
					st = round_draft_may_be(&draft, &why);
					if (st == (fits ? OK : REFUSED) &&
					    str_eq(str_of(why.field), str_of(field)))
						continue;
					test_failures++;
					printf("# %s, %s, %s, %s: %s %s\n", ballot_kind_name(kinds[k]),
					       rules[r], utilities[u].utility, completions[c],
					       status_name(st), why.field == NULL ? "" : why.field);
				}
}

static void
test_numbers_of_ballots(void)
{
	struct round_draft draft;
	struct refusal why;

#define CHECK_FIELD(change, want)                                                          \
	do {                                                                               \
		draft = draft_of();                                                        \
		change;                                                                    \
		why = (struct refusal){ 0 };                                               \
		round_draft_tidy(&draft);                                                  \
		CHECK_INT(round_draft_may_be(&draft, &why), (want) == NULL ? OK : REFUSED); \
		CHECK(str_eq(str_of(why.field), str_of(want)));                            \
	} while (0)
#define POINTS(n, each) (draft.kind = BALLOT_CUMULATIVE, draft.points = (n), draft.points_each = (each), \
	                 draft.rule.utility = STR("points"))
#define ORDER(n) (draft.kind = BALLOT_ORDINAL, draft.most = (n), draft.rule.utility = STR("borda"))

	CHECK_FIELD(POINTS(10, 0), NULL);
	CHECK_FIELD(POINTS(1000, 1000), NULL);
	CHECK_FIELD(POINTS(0, 0), "points");
	CHECK_FIELD(POINTS(1001, 0), "points");
	CHECK_FIELD(POINTS(10, 11), "points_each");
	CHECK_FIELD(draft.points = 10, "points"); /* with ticks */
	CHECK_FIELD(draft.points_each = 10, "points_each");
	CHECK_FIELD(ORDER(0), NULL);
	CHECK_FIELD(ORDER(2), NULL);
	CHECK_FIELD(ORDER(1), "most");
	CHECK_FIELD(draft.rule.rule = STR("greedy-threshold"), "threshold");
	CHECK_FIELD((draft.rule.rule = STR("greedy-threshold"), draft.rule.threshold = -1), "threshold");
	CHECK_FIELD((draft.rule.rule = STR("greedy-threshold"), draft.rule.threshold = 1), NULL);
	CHECK_FIELD((draft.rule.rule = STR("greedy-threshold"), draft.rule.threshold = INT64_MAX), "threshold");
	CHECK_FIELD(draft.rule.threshold = 5, "threshold");
	CHECK_FIELD((draft.rule.completion = STR("comparison"), draft.rule.increment.minor = 0), "increment");
	CHECK_FIELD((draft.rule.completion = STR("greedy"), draft.rule.increment.minor = 0), NULL);
	/* One choice of a list to tick is a kind of its own, however it is said. */
	CHECK_FIELD(draft.most = 1, NULL);
	CHECK_INT(draft.kind, BALLOT_CHOOSE_1);
	CHECK_FIELD(draft.kind = BALLOT_CHOOSE_1, NULL);
	CHECK_INT(draft.most, 1);
#undef CHECK_FIELD
}

static void
test_option_cost(void)
{
	struct refusal why = { 0 };

	CHECK_INT(option_may_cost((struct amount){ 1 }, (struct amount){ 1 }, "cost", &why), OK);
	CHECK_INT(option_may_cost((struct amount){ 0 }, (struct amount){ 1 }, "cost", &why), REFUSED);
	CHECK_INT(option_may_cost((struct amount){ 2 }, (struct amount){ 1 }, "cost", &why), REFUSED);
	CHECK_INT(why.message.values[0].money.minor, 1);
}

static void
check_summary(const char *markdown, const char *want)
{
	struct arena arena;
	struct str got = { NULL, 0 };

	arena_init(&arena, 1 << 16);
	CHECK_INT(option_summary(&arena, str_of(markdown), &got), OK);
	CHECK_STR(got, want);
	arena_release(&arena);
}

static void
test_summary(void)
{
	check_summary("", "");
	check_summary("Six benches,\nfour trees.\n\nMore below.", "Six benches, four trees.");
	check_summary("## What\nSix **benches** on [the walk](https://x.example/a_b) to `it`.",
	              "What Six benches on the walk to it.");
	check_summary("---\n- swings\n- a table", "swings a table");
	check_summary("![A picture](/p.png) of it", "A picture of it");
	check_summary("[broken](never closed", "broken");
	check_summary("Über dem Fluß", "Über dem Fluß");
	/* 40 times "word " is 200 code points: cut behind the last whole word of 159. */
	check_summary("word word word word word word word word word word word word word word word word "
	              "word word word word word word word word word word word word word word word word "
	              "word word word word word word word word",
	              "word word word word word word word word word word word word word word word word "
	              "word word word word word word word word word word word word word word word…");
}

static const struct test_case cases[] = {
	{ "round: states and deeds", test_states_and_deeds },
	{ "round: the refusal to change says how to go about it", test_refusal_to_change_says_how },
	{ "round: names of states", test_names },
	{ "round: what opening needs", test_opening_needs },
	{ "round: reasons are asked for, repeats refused", test_reasons_and_repeats },
	{ "round: the close waits for challenges", test_close_waits_for_challenges },
	{ "round: drafts", test_drafts },
	{ "round: which rules, utilities and ballots fit together", test_what_fits_together },
	{ "round: numbers that go with a kind of ballot or a rule", test_numbers_of_ballots },
	{ "option: cost", test_option_cost },
	{ "option: summary of an idea", test_summary },
};
TEST_MAIN(cases)
