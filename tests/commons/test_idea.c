/* Ideas: state x deed, refusals included. The tables are the specification. */
#include "commons/idea.h"

#include "base/buf.h"
#include "test.h"

static const struct person_id maya = { 1 }, idris = { 2 };
static const struct idea_quota plenty = { 0, 20 };

static struct idea_draft
a_draft(void)
{
	return (struct idea_draft){ .title = STR("A bench"), .body = STR("To rest on.") };
}

static struct idea_facts
facts_of(enum idea_state state)
{
	return (struct idea_facts){ .state = state, .author = maya, .version = 3, .judgement = 1 };
}

static void
check_refusal(const char *what, enum status got, enum status want, const struct refusal *why,
              const char *field)
{
	bool same_field = want != REFUSED || why->field == field
	                  || (why->field != NULL && field != NULL && strcmp(why->field, field) == 0);

	if (got != want || !same_field || (want == REFUSED && why->message.text == NULL)) {
		printf("# %s: %s at %s\n", what, status_name(got),
		       why->field == NULL ? "no field" : why->field);
		test_failures++;
	}
}

static void
test_add(void)
{
	static const struct {
		const char *what, *title, *body;
		bool has_cost;
		int64_t cost, done, most;
		enum status want;
		const char *field;
	} table[] = {
		{ "an idea", "A bench", "To rest.", false, 0, 0, 20, OK, NULL },
		{ "with a cost", "A bench", "To rest.", true, 50000, 0, 20, OK, NULL },
		{ "that costs nothing", "A walk", "Together.", true, 0, 0, 20, OK, NULL },
		{ "a cost below nothing", "A bench", "To rest.", true, -1, 0, 20, REFUSED, "cost" },
		{ "no title", "", "To rest.", false, 0, 0, 20, REFUSED, "title" },
		{ "no body", "A bench", "", false, 0, 0, 20, REFUSED, "body" },
		{ "the last of the day", "A bench", "To rest.", false, 0, 19, 20, OK, NULL },
		{ "one too many", "A bench", "To rest.", false, 0, 20, 20, REFUSED, NULL },
		{ "none allowed", "A bench", "To rest.", false, 0, 0, 0, REFUSED, NULL },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof *table; i++) {
		struct refusal why = { .status = OK };
		struct idea_draft draft = {
			.title = str_of(table[i].title), .body = str_of(table[i].body),
			.has_cost = table[i].has_cost, .rough_cost = { table[i].cost },
		};
		struct idea_quota quota = { table[i].done, table[i].most };

		check_refusal(table[i].what, idea_may_add(&draft, quota, &why), table[i].want, &why,
		              table[i].field);
	}
}

/* Lengths count code points, not bytes. */
static void
test_lengths(void)
{
	struct refusal why;
	struct idea_draft draft = a_draft();
	struct buf title;

	buf_init(&title, 1000);
	for (int i = 0; i < IDEA_TITLE_MAX; i++)
		buf_add_c(&title, "\xc3\xa9");
	draft.title = buf_str(&title);
	CHECK_INT(idea_may_add(&draft, plenty, &why), OK);
	buf_add_c(&title, "e");
	draft.title = buf_str(&title);
	check_refusal("a long title", idea_may_add(&draft, plenty, &why), REFUSED, &why, "title");
	buf_release(&title);
}

static void
test_edit(void)
{
	static const struct {
		const char *what;
		enum idea_state state;
		struct person_id who;
		int64_t seen, today;
		enum status want;
		const char *field;
	} table[] = {
		{ "its author", IDEA_OPEN, { 1 }, 3, 0, OK, NULL },
		{ "somebody else", IDEA_OPEN, { 2 }, 3, 0, FORBIDDEN, NULL },
		{ "nobody", IDEA_OPEN, { 0 }, 3, 0, FORBIDDEN, NULL },
		{ "an older version seen", IDEA_OPEN, { 1 }, 2, 0, REFUSED, "version" },
		{ "a version that never was", IDEA_OPEN, { 1 }, 4, 0, REFUSED, "version" },
		{ "once more today", IDEA_OPEN, { 1 }, 3, IDEA_EDITS_PER_DAY - 1, OK, NULL },
		{ "too often today", IDEA_OPEN, { 1 }, 3, IDEA_EDITS_PER_DAY, REFUSED, NULL },
		{ "checked", IDEA_CHECKED, { 1 }, 3, 0, REFUSED, NULL },
		{ "declined", IDEA_DECLINED, { 1 }, 3, 0, REFUSED, NULL },
		{ "checked, by somebody else", IDEA_CHECKED, { 2 }, 3, 0, FORBIDDEN, NULL },
	};
	struct idea_draft draft = a_draft();
	struct idea_facts open = facts_of(IDEA_OPEN);
	struct refusal why = { .status = OK };

	for (size_t i = 0; i < sizeof(table) / sizeof *table; i++) {
		struct idea_facts facts = facts_of(table[i].state);

		check_refusal(table[i].what,
		              idea_may_edit(&facts, table[i].who, &draft, table[i].seen,
		                            table[i].today, &why),
		              table[i].want, &why, table[i].field);
	}
	draft.title = STR("");
	check_refusal("without a title", idea_may_edit(&open, maya, &draft, 3, 0, &why), REFUSED,
	              &why, "title");
	CHECK_INT(idea_may_change(&open, idris, &why), FORBIDDEN);
}

static void
test_judge(void)
{
	static const struct {
		const char *what;
		enum idea_state state;
		enum idea_verdict verdict;
		bool in_round;
		enum status want;
	} table[] = {
		{ "check an open idea", IDEA_OPEN, IDEA_CHECK, false, OK },
		{ "decline an open idea", IDEA_OPEN, IDEA_DECLINE, false, OK },
		{ "open an open idea", IDEA_OPEN, IDEA_REOPEN, false, REFUSED },
		{ "check again", IDEA_CHECKED, IDEA_CHECK, false, OK },
		{ "decline after all", IDEA_CHECKED, IDEA_DECLINE, false, OK },
		{ "open a checked idea again", IDEA_CHECKED, IDEA_REOPEN, false, OK },
		{ "check after all", IDEA_DECLINED, IDEA_CHECK, false, OK },
		{ "decline in other words", IDEA_DECLINED, IDEA_DECLINE, false, OK },
		{ "open a declined idea again", IDEA_DECLINED, IDEA_REOPEN, false, OK },
		{ "check in a round", IDEA_CHECKED, IDEA_CHECK, true, REFUSED },
		{ "decline in a round", IDEA_CHECKED, IDEA_DECLINE, true, REFUSED },
		{ "open in a round", IDEA_CHECKED, IDEA_REOPEN, true, REFUSED },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof *table; i++) {
		struct refusal why = { .status = OK };
		struct idea_facts facts = facts_of(table[i].state);
		struct idea_judgement judgement = {
			.verdict = table[i].verdict, .owner = STR("Friends of the park"),
			.permission = STR("The council's"), .has_cost = true,
			.real_cost = { 100 }, .reason = STR("The hall is let."),
			.seen_version = 3, .seen_judgement = 1,
		};

		facts.in_round = table[i].in_round;
		check_refusal(table[i].what, idea_may_judge(&facts, &judgement, &why),
		              table[i].want, &why, NULL);
	}
}

static void
test_judge_fields(void)
{
	static const struct {
		const char *what;
		struct idea_judgement judgement;
		const char *field;
	} table[] = {
		{ "no owner",
		  { IDEA_CHECK, STR_INIT(""), STR_INIT("none"), true, { 1 }, STR_INIT(""), 3, 1 },
		  "owner" },
		{ "no permission",
		  { IDEA_CHECK, STR_INIT("Ana"), STR_INIT(""), true, { 1 }, STR_INIT(""), 3, 1 },
		  "permission" },
		{ "no cost",
		  { IDEA_CHECK, STR_INIT("Ana"), STR_INIT("none"), false, { 0 }, STR_INIT(""), 3, 1 },
		  "real_cost" },
		{ "a cost of nothing",
		  { IDEA_CHECK, STR_INIT("Ana"), STR_INIT("none"), true, { 0 }, STR_INIT(""), 3, 1 },
		  "real_cost" },
		{ "no reason",
		  { IDEA_DECLINE, STR_INIT("Ana"), STR_INIT("none"), true, { 1 }, STR_INIT(""), 3, 1 },
		  "reason" },
		{ "an older version read",
		  { IDEA_DECLINE, STR_INIT(""), STR_INIT(""), false, { 0 }, STR_INIT("No."), 2, 1 },
		  "version" },
		{ "another steward was quicker",
		  { IDEA_DECLINE, STR_INIT(""), STR_INIT(""), false, { 0 }, STR_INIT("No."), 3, 0 },
		  "version" },
	};
	struct idea_facts facts = facts_of(IDEA_OPEN);

	for (size_t i = 0; i < sizeof(table) / sizeof *table; i++) {
		struct refusal why = { .status = OK };

		check_refusal(table[i].what, idea_may_judge(&facts, &table[i].judgement, &why),
		              REFUSED, &why, table[i].field);
	}
}

static void
test_comment(void)
{
	struct refusal why;

	CHECK_INT(idea_may_comment(STR("Yes please."), (struct idea_quota){ 199, 200 }, &why), OK);
	check_refusal("an empty comment", idea_may_comment(STR(""), plenty, &why), REFUSED, &why,
	              "body");
	check_refusal("one too many",
	              idea_may_comment(STR("Yes."), (struct idea_quota){ 200, 200 }, &why), REFUSED,
	              &why, NULL);
}

static void
test_names(void)
{
	enum idea_state state;
	enum idea_verdict verdict;

	for (int i = 0; i < IDEA_STATES; i++) {
		CHECK_INT(idea_state_parse(str_of(idea_state_name((enum idea_state)i)), &state), OK);
		CHECK_INT(state, i);
	}
	for (int i = 0; i < IDEA_VERDICTS; i++) {
		CHECK_INT(idea_verdict_parse(str_of(idea_verdict_name((enum idea_verdict)i)),
		                             &verdict), OK);
		CHECK_INT(verdict, i);
	}
	CHECK_INT(idea_state_parse(STR("OPEN"), &state), FAILED);
	CHECK_INT(idea_verdict_parse(STR(""), &verdict), INVALID);
	CHECK_INT(idea_state_after(IDEA_CHECK), IDEA_CHECKED);
	CHECK_INT(idea_state_after(IDEA_DECLINE), IDEA_DECLINED);
	CHECK_INT(idea_state_after(IDEA_REOPEN), IDEA_OPEN);
}

static void
test_same(void)
{
	struct idea_draft a = a_draft(), b = a_draft();

	CHECK(idea_draft_eq(&a, &b));
	b.rough_cost.minor = 7; /* means nothing without has_cost */
	CHECK(idea_draft_eq(&a, &b));
	b.has_cost = true;
	CHECK(!idea_draft_eq(&a, &b));
	b = a_draft();
	b.body = STR("To rest on!");
	CHECK(!idea_draft_eq(&a, &b));
}

static const struct test_case cases[] = {
	{ "idea: who may add what", test_add },
	{ "idea: lengths are in code points", test_lengths },
	{ "idea: edit in each state", test_edit },
	{ "idea: judge in each state", test_judge },
	{ "idea: judge with each field missing", test_judge_fields },
	{ "idea: comment", test_comment },
	{ "idea: names of states and verdicts", test_names },
	{ "idea: the same draft", test_same },
};
TEST_MAIN(cases)
