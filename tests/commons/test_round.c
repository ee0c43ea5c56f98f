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
		.rule = { STR("equal-shares"), STR("cost"), STR("add1u"), { 100 }, STR("cost-votes-lot") },
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
	CHECK_DRAFT(draft.rule.rule = STR("phragmen"), "rule");
	CHECK_DRAFT(draft.rule.utility = STR(""), "utility");
	CHECK_DRAFT(draft.rule.completion = STR("all"), "completion");
	CHECK_DRAFT(draft.rule.ties = STR("coin"), "ties");
	CHECK_DRAFT(draft.rule.increment.minor = 0, "increment");
	CHECK_DRAFT((draft.rule.rule = STR("greedy"), round_draft_tidy(&draft)), NULL);
#undef CHECK_DRAFT
	CHECK_STR(draft.rule.completion, "none");
	CHECK_INT(draft.rule.increment.minor, 0);
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
	{ "option: cost", test_option_cost },
	{ "option: summary of an idea", test_summary },
};
TEST_MAIN(cases)
