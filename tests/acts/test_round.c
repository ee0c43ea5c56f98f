/* Rounds on a real database: who may, what is frozen, what happens to the money. */
#include "acts/round.h"

#include "acts/option.h"
#include "acts/polling.h"
#include "base/json.h"
#include "store/option.sql.h"
#include "store/round.sql.h"

static const struct str reason = STR_INIT("The hall has burnt down.");

static void
test_who_may(void)
{
	static const struct { const struct person *who; enum status want; } table[] = {
		{ &nobody, FORBIDDEN }, { &maya, FORBIDDEN }, { &ana, OK } };
	struct polling p;

	polling_init(&p);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct round_draft draft = polling_draft(&p);
		struct refusal why;
		struct round_id id;
		struct round round;
		struct str before;

		polling_as(&p, ana, 0);
		polling_prepare(&p, &draft);
		polling_as(&p, *table[i].who, 0);
		before = world_state(&p.w);
		/* Whoever may not manage rounds does not even see a draft. */
		CHECK_INT(act_round_show(&p.w.act, p.round, &round),
		          table[i].want == OK ? OK : NOT_FOUND);
		CHECK_INT(WORLD_DO(&p.w, act_round_add(&p.w.act, &draft, &id, &why)), table[i].want);
		CHECK_INT(WORLD_DO(&p.w, act_round_edit(&p.w.act, p.round, &draft, &why)),
		          table[i].want);
		CHECK_INT(WORLD_DO(&p.w, act_round_choose(&p.w.act, p.round, NULL, 0, &why)),
		          table[i].want);
		if (table[i].want != OK) {
			CHECK_INT(WORLD_DO(&p.w, act_round_open(&p.w.act, p.round, &why)),
			          table[i].want);
			CHECK_INT(WORLD_DO(&p.w, act_round_void(&p.w.act, p.round, reason, &why)),
			          table[i].want);
			CHECK(str_eq(before, world_state(&p.w)));
		}
	}
	polling_release(&p);
}

static void
test_drafts_are_checked(void)
{
	struct polling p;
	struct round_draft draft;
	struct round_pick dear;
	struct refusal why;
	struct round_id id;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_prepare(&p, &draft);
	dear = (struct round_pick){ p.ideas[0], { POLLING_BUDGET + 1 } };
	CHECK_INT(WORLD_DO(&p.w, act_round_choose(&p.w.act, p.round, &dear, 1, &why)), REFUSED);
	CHECK(str_is(str_of(why.field), "cost"));
	dear.idea.value = 4711;
	CHECK_INT(WORLD_DO(&p.w, act_round_choose(&p.w.act, p.round, &dear, 1, &why)), REFUSED);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM option"), POLLING_IDEAS);
	draft.residents = true;
	world_sql(&p.w, "DELETE FROM area");
	CHECK_INT(WORLD_DO(&p.w, act_round_add(&p.w.act, &draft, &id, &why)), REFUSED);
	CHECK(str_is(str_of(why.field), "who_may"));
	draft.title = STR("");
	CHECK_INT(WORLD_DO(&p.w, act_round_add(&p.w.act, &draft, &id, &why)), REFUSED);
	CHECK(str_is(str_of(why.field), "title"));
	polling_release(&p);
}

static void
test_opening(void)
{
	struct polling p;
	struct round_draft draft;
	struct round round;
	struct refusal why;
	struct str rules;
	json_t *json;
	struct buf again;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	polling_as(&p, nobody, 0);
	CHECK_INT(act_round_show(&p.w.act, p.round, &round), OK);
	CHECK_INT(round.facts.state, ROUND_OPEN);
	CHECK_INT(act_round_rules(&p.w.act, p.round, &rules), OK);
	CHECK(str_is(round.rules_hash, digest_text(digest_of(rules)).text));
	/* The file is canonical: reading and writing it gives the same bytes. */
	CHECK_INT(json_read(rules, 1 << 20, &json), OK);
	buf_init(&again, 1 << 20);
	CHECK_INT(json_write(&again, json), OK);
	CHECK(str_eq(rules, buf_str(&again)));
	CHECK_INT(json_array_size(json_object_get(json, "options")), POLLING_IDEAS);
	CHECK_INT(json_integer_value(json_object_get(json, "budget")), POLLING_BUDGET);
	json_decref(json);
	buf_release(&again);
	/* The seed of the lot is promised by its hash, and not told. */
	CHECK(str_find(rules, str_of(digest_text(digest_of(world_text(
		&p.w, "SELECT lot_seed FROM round"))).text)) < rules.len);
	CHECK_INT(world_number(&p.w, "SELECT balance FROM account WHERE kind = 'pot'"),
	          POLLING_POT - POLLING_BUDGET);
	CHECK_INT(world_number(&p.w, "SELECT balance FROM account WHERE kind = 'round'"),
	          POLLING_BUDGET);
	CHECK_INT(world_number(&p.w, "SELECT due_at FROM job WHERE kind = 'close-round'"),
	          draft.closes_at.us);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM leaf WHERE body LIKE '%round-opened%'"), 1);
	polling_as(&p, ana, 0);
	CHECK_INT(WORLD_DO(&p.w, act_round_open(&p.w.act, p.round, &why)), REFUSED);
	polling_release(&p);
}

static void
test_pot_is_not_overdrawn(void)
{
	struct polling p;
	struct round_draft draft;
	struct refusal why;

	polling_init(&p);
	draft = polling_draft(&p);
	draft.budget.minor = POLLING_POT + 1;
	polling_prepare(&p, &draft);
	CHECK_INT(WORLD_DO(&p.w, act_round_open(&p.w.act, p.round, &why)), REFUSED);
	CHECK_INT(why.message.values[0].money.minor, POLLING_POT);
	CHECK_STR(world_text(&p.w, "SELECT state FROM round"), "draft");
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM account WHERE kind = 'round'"), 0);
	polling_release(&p);
}

/* An idea is decided about in one round at a time, and only while it is checked. */
static void
test_lost_ideas(void)
{
	struct idea_judgement no = { .verdict = IDEA_DECLINE, .reason = STR("Not ours to build on."),
		                     .seen_version = 1, .seen_judgement = 1 };
	struct polling p;
	struct round_draft draft;
	struct round_id first;
	struct refusal why;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_prepare(&p, &draft);
	first = p.round;
	polling_open(&p, &draft); /* another, with the same ideas */
	CHECK_INT(WORLD_DO(&p.w, act_round_open(&p.w.act, first, &why)), REFUSED);
	CHECK_STR(why.message.values[0].text, "Benches on the hill");
	CHECK_INT(WORLD_DO(&p.w, act_round_void(&p.w.act, p.round, STR("A cost was wrong."), &why)), OK);
	CHECK_INT(WORLD_DO(&p.w, act_round_choose(&p.w.act, first, NULL, 0, &why)), OK);
	CHECK_INT(WORLD_DO(&p.w, act_idea_judge(&p.w.act, p.ideas[1], &no, &why)), OK);
	CHECK_INT(WORLD_DO(&p.w, act_round_reopen(&p.w.act, p.round, &p.round, &why)), OK);
	CHECK_INT(WORLD_DO(&p.w, act_round_open(&p.w.act, p.round, &why)), REFUSED);
	CHECK_STR(why.message.values[0].text, "Lights by the ford");
	polling_release(&p);
}

/* From opening on nothing changes: not by a deed, and not by a statement either. */
static void
test_frozen(void)
{
	static const char everything[] =
		"SELECT group_concat(o.number || o.title || o.summary || o.cost) || r.title || r.budget"
		" || r.rule || r.opens_at || r.closes_at || r.who_may FROM round r JOIN option o"
		" ON o.round_id = r.id"
		" GROUP BY r.title, r.budget, r.rule, r.opens_at, r.closes_at, r.who_may";
	struct polling p;
	struct round_draft draft, other;
	struct round_pick pick;
	struct refusal why;
	struct str before;
	int64_t changed;

	polling_init(&p);
	draft = other = polling_draft(&p);
	polling_open(&p, &draft);
	before = world_text(&p.w, everything);
	other.budget.minor = 5;
	pick = (struct round_pick){ p.ideas[0], { 3 } };
	CHECK_INT(WORLD_DO(&p.w, act_round_edit(&p.w.act, p.round, &other, &why)), REFUSED);
	CHECK(strstr(why.message.text, "open it again as a new round") != NULL);
	CHECK_INT(WORLD_DO(&p.w, act_round_choose(&p.w.act, p.round, &pick, 1, &why)), REFUSED);
	world_begin(&p.w);
	CHECK_INT(option_clear(p.w.db, p.w.act.place.id, p.round), OK);
	CHECK_INT(round_change(p.w.db, p.w.act.place.id, p.round, STR("Another"), STR(""),
	                       (struct amount){ 1 }, STR("approval"), NULL, STR("greedy"),
	                       STR("cost"), STR("none"), NULL, STR("id"), STR("members"), NULL,
	                       p.start, p.start, NULL, NULL, NULL, &changed), OK);
	CHECK_INT(changed, 0);
	CHECK_INT(db_commit(p.w.db), OK);
	CHECK(str_eq(before, world_text(&p.w, everything)));
	polling_release(&p);
}

static void
test_withdraw(void)
{
	struct polling p;
	struct round_draft draft;
	struct round round;
	struct refusal why;
	struct option_id option;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	world_need(act_round_show(&p.w.act, p.round, &round), "round");
	option = round.options.ptr[1].id;
	polling_as(&p, maya, 2);
	CHECK_INT(WORLD_DO(&p.w, act_option_withdraw(&p.w.act, p.round, option, reason, &why)),
	          FORBIDDEN);
	polling_as(&p, ana, 2);
	CHECK_INT(WORLD_DO(&p.w, act_option_withdraw(&p.w.act, p.round, option, STR(""), &why)),
	          REFUSED);
	CHECK_INT(WORLD_DO(&p.w, act_option_withdraw(&p.w.act, p.round, option, reason, &why)), OK);
	CHECK_INT(WORLD_DO(&p.w, act_option_withdraw(&p.w.act, p.round, option, reason, &why)),
	          REFUSED);
	world_need(act_round_show(&p.w.act, p.round, &round), "round");
	CHECK(round.options.ptr[1].withdrawn && !round.options.ptr[0].withdrawn);
	CHECK_STR(round.options.ptr[1].reason, reason.ptr);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM leaf WHERE body LIKE '%option-withdrawn%'"),
	          1);
	polling_release(&p);
}

static void
test_end_and_open_again(void)
{
	struct polling p;
	struct round_draft draft;
	struct round round;
	struct refusal why;
	struct round_id again, once_more;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	CHECK_INT(WORLD_DO(&p.w, act_round_reopen(&p.w.act, p.round, &again, &why)), REFUSED);
	CHECK_INT(WORLD_DO(&p.w, act_round_void(&p.w.act, p.round, STR("no"), &why)), REFUSED);
	CHECK_INT(WORLD_DO(&p.w, act_round_void(&p.w.act, p.round, reason, &why)), OK);
	CHECK_INT(world_number(&p.w, "SELECT balance FROM account WHERE kind = 'pot'"), POLLING_POT);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM job WHERE kind = 'close-round'"), 0);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM job WHERE kind = 'forget-round'"), 1);
	CHECK_INT(WORLD_DO(&p.w, act_round_reopen(&p.w.act, p.round, &again, &why)), OK);
	CHECK_INT(WORLD_DO(&p.w, act_round_reopen(&p.w.act, p.round, &once_more, &why)), REFUSED);
	CHECK_INT(act_round_show(&p.w.act, again, &round), OK);
	CHECK_INT(round.facts.state, ROUND_DRAFT);
	CHECK_INT(round.replaces.value, p.round.value);
	CHECK_INT(round.options.len, POLLING_IDEAS);
	CHECK_INT(WORLD_DO(&p.w, act_round_open(&p.w.act, again, &why)), OK);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM leaf WHERE body LIKE '%round-opened%'"
	                       " AND body LIKE '%replaces%'"), 1);
	polling_release(&p);
}

/* The secret goes by a job, and only when no ballot may change any more. */
static void
test_forgetting(void)
{
	struct polling p;
	struct round_draft draft;
	struct refusal why;
	struct secret secret;
	struct job_run run;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	run = (struct job_run){ .act = p.w.act, .subject = p.round.value };
	CHECK_INT(round_forget_work(&run), FAILED);
	CHECK_INT(secrets_round_get(p.secrets, p.w.act.place.id, p.round, &secret), OK);
	CHECK_INT(WORLD_DO(&p.w, act_round_void(&p.w.act, p.round, reason, &why)), OK);
	CHECK_INT(secrets_round_get(p.secrets, p.w.act.place.id, p.round, &secret), OK);
	CHECK_INT(round_forget_work(&run), OK);
	CHECK_INT(secrets_round_get(p.secrets, p.w.act.place.id, p.round, &secret), NOT_FOUND);
	CHECK_INT(round_forget_work(&run), OK);
	polling_release(&p);
}

static void
test_elsewhere(void)
{
	struct polling p;
	struct round_draft draft;
	struct round_card_list cards;
	struct round round;
	struct str rules;
	struct refusal why;

	polling_init(&p);
	draft = polling_draft(&p);
	polling_open(&p, &draft);
	CHECK_INT(act_round_list(&p.w.act, &cards), OK);
	CHECK_INT(cards.len, 1);
	world_go(&p.w, WORLD_ELSEWHERE);
	CHECK_INT(act_round_list(&p.w.act, &cards), OK);
	CHECK_INT(cards.len, 0);
	CHECK_INT(act_round_show(&p.w.act, p.round, &round), NOT_FOUND);
	CHECK_INT(act_round_rules(&p.w.act, p.round, &rules), NOT_FOUND);
	CHECK_INT(WORLD_DO(&p.w, act_round_void(&p.w.act, p.round, reason, &why)), NOT_FOUND);
	polling_release(&p);
}

static const struct test_case cases[] = {
	{ "round: who may manage rounds", test_who_may },
	{ "round: drafts are checked", test_drafts_are_checked },
	{ "round: opening fixes rules, money and close", test_opening },
	{ "round: the pot is not overdrawn", test_pot_is_not_overdrawn },
	{ "round: no idea on two ballots, none that is not checked", test_lost_ideas },
	{ "round: nothing changes once it is open", test_frozen },
	{ "option: withdrawn with a reason", test_withdraw },
	{ "round: ended and opened again", test_end_and_open_again },
	{ "round: its secret is forgotten when it may be", test_forgetting },
	{ "round: nothing of it in another place", test_elsewhere },
};
TEST_MAIN(cases)
