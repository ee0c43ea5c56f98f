/* From the last ballot to the award: closing, counting, money, and counting again elsewhere. */
#include "acts/closer.h"

#include "acts/check.h"
#include "acts/money.h"
#include "acts/polling.h"
#include "acts/result.h"
#include "acts/roll.h"
#include "core/decide/pabulib.h"

static struct str
state(struct polling *p)
{
	return world_text(&p->w, "SELECT state FROM round");
}

static void
opened(struct polling *p)
{
	struct round_draft draft;

	polling_init(p);
	draft = polling_draft(p);
	polling_open(p, &draft);
	polling_cast(p, maya, "1,2");
	polling_cast(p, idris, "2");
	polling_cast(p, ana, "4");
	polling_cast(p, bela, "");
}

static void
test_close(void)
{
	struct polling p;
	struct instant again;
	struct secret secret;

	opened(&p);
	CHECK_INT(polling_attempt(&p, 9, NULL, job_close_round, &again), OK);
	CHECK_STR(state(&p), "open");
	CHECK_INT(again.us, time_plus(p.start, 10 * HOUR_US).us);
	CHECK_INT(polling_attempt(&p, 10, NULL, job_close_round, &again), OK);
	CHECK_STR(state(&p), "counting");
	CHECK_INT(again.us, 0);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM job WHERE kind = 'count-round'"), 1);
	CHECK_INT(secrets_round_get(p.secrets, p.w.act.place.id, p.round, &secret), OK);
	CHECK_INT(polling_attempt(&p, 10, job_count_round_work, job_count_round, NULL), OK);
	CHECK_STR(state(&p), "counted");
	CHECK_INT(secrets_round_get(p.secrets, p.w.act.place.id, p.round, &secret), NOT_FOUND);
	polling_release(&p);
}

static void
test_settling(void)
{
	struct polling p;
	struct refusal why;

	opened(&p);
	polling_as(&p, ana, 3);
	CHECK_INT(WORLD_DO(&p.w, act_challenge_make(&p.w.act, p.round, idris.id,
	                                            STR("Moved away in spring"), &why)), OK);
	CHECK_INT(polling_attempt(&p, 11, NULL, job_close_round, NULL), OK);
	CHECK_STR(state(&p), "settling");
	/* Nothing is counted while a doubt is open. */
	CHECK_INT(polling_attempt(&p, 12, NULL, job_close_round, NULL), OK);
	CHECK_STR(state(&p), "settling");
	polling_release(&p);
}

static void
test_awards(void)
{
	struct polling p;
	struct money_page money;
	struct result result;
	struct check check = { 0 };

	opened(&p);
	polling_as(&p, maya, 9);
	CHECK_INT(act_result_show(&p.w.act, p.round, &result), NOT_FOUND); /* not before the count */
	polling_count(&p);
	CHECK_INT(act_result_show(&p.w.act, p.round, &result), OK);
	/* Costs 100, 200, 400 of 1,000: all that somebody chose fits. */
	CHECK_INT(result.option_winners, 3);
	CHECK_INT(result.round.ballots, 4);
	CHECK_INT(result.official.represented, 3);
	CHECK_STR(result.official.rule, "equal-shares");
	CHECK_STR(result.other.rule, "greedy");
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM project"), 3);
	CHECK_INT(act_money_show(&p.w.act, (struct instant){ 0 }, &money), OK);
	CHECK_INT(money.totals.promised.minor, 70000);
	CHECK_INT(money.totals.set_aside.minor, 0);
	CHECK_INT(money.totals.pot.minor, POLLING_POT - 70000);
	/* A job that is run again does nothing again. */
	CHECK_INT(polling_attempt(&p, 12, job_count_round_work, job_count_round, NULL), OK);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM project"), 3);
	CHECK_INT(world_number(&p.w, "SELECT count(*) FROM outcome"), 2);
	check.act = &p.w.act;
	CHECK_INT(act_check(&check), OK);
	CHECK_INT(check.differences, 0);
	polling_release(&p);
}

static void
test_export(void)
{
	struct polling p;
	struct result result;
	struct buf out;
	struct pabulib file;
	struct election election;
	struct outcome outcome, kept;
	struct decide_error error;
	struct method method;

	opened(&p);
	polling_withdraw(&p, 1);
	polling_count(&p);
	polling_as(&p, nobody, 12);
	CHECK_INT(act_result_show(&p.w.act, p.round, &result), OK);
	CHECK_INT(result.option_winners, 2);
	buf_init(&out, EXPORT_MAX);
	CHECK_INT(act_round_export(&p.w.act, p.round, &out), OK);
	CHECK_INT(pabulib_parse(p.w.act.arena, buf_str(&out), &file, &error), OK);
	CHECK_INT(file.votes.row_count, 4);
	CHECK_INT(file.projects.row_count, 3); /* the withdrawn one is not there */
	CHECK_INT(pabulib_election(&file, DECIDE_COST, 2, p.w.act.arena, &election, &error), OK);
	/* Whoever counts the download gets the same winners in the same order. */
	CHECK_INT(act_outcome_show(&p.w.act, p.round, result.official.id, &kept), OK);
	method = kept.method;
	CHECK_INT(decide_count(&election, &method, p.w.act.arena, &outcome, &error), OK);
	CHECK_INT(outcome.step_count, kept.step_count);
	CHECK_INT(outcome.total_cost, kept.total_cost);
	for (size_t i = 0; i < outcome.step_count; i++) {
		struct str label = election.options[outcome.steps[i].option].id;
		int64_t number = 0;

		CHECK_INT(str_to_int(label, &number), OK);
		CHECK_INT(number, kept.steps[i].option + 1);
	}
	buf_release(&out);
	polling_release(&p);
}

/* Not before the count; then it is the stored count that it looks at, and what each loser would have
 * needed was stored with it. */
static void
test_closer(void)
{
	struct polling p;
	struct result result;
	struct closer_look look;
	struct outcome kept;

	opened(&p);
	polling_withdraw(&p, 1);
	polling_as(&p, nobody, 10);
	CHECK_INT(act_closer_look(&p.w.act, p.round, &look), NOT_FOUND);
	polling_count(&p);
	polling_as(&p, nobody, 12);
	CHECK_INT(act_result_show(&p.w.act, p.round, &result), OK);
	CHECK_INT(act_outcome_show(&p.w.act, p.round, result.official.id, &kept), OK);
	CHECK_INT(act_closer_look(&p.w.act, p.round, &look), OK);
	CHECK(!look.too_large);
	CHECK_INT(look.outcome.total_cost, kept.total_cost);
	CHECK_INT(look.measure.voters, result.official.voters);
	CHECK_INT(look.measure.represented, result.official.represented);
	CHECK(look.sensitivity.rule_count >= 10);
	for (size_t i = 0; i < kept.option_count; i++)
		CHECK((kept.options[i].place == 0) ==
		      (kept.options[i].highest_cost != OUTCOME_NOT_ASKED));
	polling_release(&p);
}

static const struct test_case cases[] = {
	{ "count: closed in time, and the secret destroyed", test_close },
	{ "count: no count while a doubt is open", test_settling },
	{ "count: winners become projects, the rest goes back, nothing twice", test_awards },
	{ "count: the download counts to the same winners", test_export },
	{ "count: a closer look at what was counted", test_closer },
};
TEST_MAIN(cases)
