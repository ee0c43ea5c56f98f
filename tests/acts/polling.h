/* A place with money, checked ideas, stewards and a round: for tests of rounds and votes. */
#ifndef TESTS_ACTS_POLLING_H
#define TESTS_ACTS_POLLING_H

#include "acts/ballot.h"
#include "acts/count.h"
#include "acts/idea.h"
#include "acts/ledger.h"
#include "acts/option.h"
#include "acts/round.h"
#include "acts/world.h"
#include "store/secrets.h"

enum { POLLING_IDEAS = 4, POLLING_POT = 1000000, POLLING_BUDGET = 100000 };

struct polling {
	struct world w;
	struct secrets *secrets;
	struct idea_id ideas[POLLING_IDEAS];
	struct round_id round; /* value 0 until there is one */
	struct instant start;  /* when the world began */
};

static const struct person bela = { { 104 }, STR_INIT("Bela Kovacs"), ROLE_MEMBER | ROLE_STEWARD };

/* Runs as `person` at `hours` after the start. */
static inline void
polling_as(struct polling *p, struct person person, int64_t hours)
{
	p->w.act.who = person;
	p->w.act.now = time_plus(p->start, hours * HOUR_US);
}

static inline void
polling_money(struct polling *p)
{
	struct refusal why;

	world_need(WORLD_DO(&p->w, act_pot_grant(&p->w.act, STR("Endowment"),
	                                         (struct amount){ POLLING_POT }, STR("Grant"),
	                                         (struct instant){ 0 }, STR("grant"), &why)),
	           "grant");
}

static inline void
polling_ideas(struct polling *p)
{
	static const char *const titles[POLLING_IDEAS] = { "Benches on the hill", "Lights by the ford",
		                                           "A shed of tools", "Planting day" };
	struct refusal why;

	for (int i = 0; i < POLLING_IDEAS; i++) {
		struct idea_new idea = { .key = i + 1, .similar_seen = true,
			                 .draft = { .title = str_of(titles[i]),
			                            .body = STR("To **rest** on the way up.") } };
		struct idea_judgement check = { .verdict = IDEA_CHECK, .owner = STR("Friends"),
			                        .permission = STR("The council says yes"),
			                        .has_cost = true, .real_cost = { 10000 * (i + 1) },
			                        .seen_version = 1 };

		p->w.act.who = maya;
		world_need(WORLD_DO(&p->w, act_idea_add(&p->w.act, &idea, &p->ideas[i], &why)), "idea");
		p->w.act.who = ana;
		world_need(WORLD_DO(&p->w, act_idea_judge(&p->w.act, p->ideas[i], &check, &why)), "check");
	}
}

static inline void
polling_init(struct polling *p)
{
	char folder[PATH_MAX];
	const char *why = NULL;

	*p = (struct polling){ .round = { 0 } };
	world_init(&p->w);
	(void)snprintf(folder, sizeof folder, "%.200s/secrets", p->w.scratch.folder);
	world_need(secrets_open(folder, &p->secrets, &why), why);
	p->w.act.secrets = p->secrets;
	p->start = p->w.act.now;
	world_begin(&p->w);
	world_person(&p->w, p->w.act.place.id, &bela, "bela@vale.example");
	world_need(role_insert(p->w.db, p->w.act.place.id, ana.id, STR("steward"), p->start), "role");
	world_need(role_insert(p->w.db, p->w.act.place.id, bela.id, STR("steward"), p->start), "role");
	world_need(area_insert(p->w.db, p->w.act.place.id, STR("hill"), STR("Hill Street"), 1), "area");
	world_need(area_insert(p->w.db, p->w.act.place.id, STR("ford"), STR("The Ford"), 2), "area");
	world_need(db_commit(p->w.db), "people");
	polling_money(p);
	polling_ideas(p);
}

static inline void
polling_release(struct polling *p)
{
	secrets_close(p->secrets);
	world_release(&p->w);
}

/* Voting from the first to the tenth hour. */
static inline struct round_draft
polling_draft(const struct polling *p)
{
	return (struct round_draft){
		.title = STR("Spring round"), .intro = STR("Choose well."),
		.budget = { POLLING_BUDGET },
		.rule = { STR("equal-shares"), STR("cost"), STR("add1u"), { 100 },
		          STR("cost-votes-lot"), 0 },
		.opens_at = time_plus(p->start, HOUR_US), .closes_at = time_plus(p->start, 10 * HOUR_US) };
}

/* A draft with all ideas on it; Ana acts. */
static inline void
polling_prepare(struct polling *p, const struct round_draft *draft)
{
	struct round_pick picks[POLLING_IDEAS];
	struct refusal why;

	for (int i = 0; i < POLLING_IDEAS; i++)
		picks[i] = (struct round_pick){ p->ideas[i], { 10000 * (i + 1) } };
	polling_as(p, ana, 0);
	world_need(WORLD_DO(&p->w, act_round_add(&p->w.act, draft, &p->round, &why)), "add");
	world_need(WORLD_DO(&p->w, act_round_choose(&p->w.act, p->round, picks, POLLING_IDEAS, &why)),
	           "choose");
}

/* The same, open. */
static inline void
polling_open(struct polling *p, const struct round_draft *draft)
{
	struct refusal why;

	polling_prepare(p, draft);
	world_need(WORLD_DO(&p->w, act_round_open(&p->w.act, p->round, &why)), "open");
}

/* Puts a ballot into the box at the second hour: values as a form sends them, "1,3" or "1:5,3:2". */
static inline enum status
polling_try(struct polling *p, struct person who, const char *choice, struct refusal *why)
{
	static const struct ballot_declaration nothing = { { NULL, 0 }, false };
	struct str rest = str_of(choice), values[8];
	struct ballot_nonce nonce;
	size_t len = 0;
	bool changed;

	while (rest.len > 0 && len < 8)
		values[len++] = str_next(&rest, ',');
	polling_as(p, who, 2);
	return WORLD_DO(&p->w, act_ballot_cast(&p->w.act, p->round, values, len, &nothing, &nonce,
	                                       &changed, why));
}

static inline void
polling_cast(struct polling *p, struct person who, const char *choice)
{
	struct refusal why;

	world_need(polling_try(p, who, choice, &why), "cast");
}

/* One attempt at a job, `hours` after the start, as the runner makes it. */
static inline enum status
polling_attempt(struct polling *p, int hours, enum status (*work)(struct job_run *),
                enum status (*deed)(struct job_run *), struct instant *ret_again)
{
	struct job_run run = { .subject = p->round.value, .attempts = 1 };
	enum status st = OK;

	polling_as(p, nobody, hours);
	run.act = p->w.act;
	if (work != NULL)
		st = work(&run);
	if (st == OK)
		st = WORLD_DO(&p->w, deed(&run));
	if (ret_again != NULL)
		*ret_again = run.again_at;
	return st;
}

static inline void
polling_count(struct polling *p)
{
	world_need(polling_attempt(p, 11, NULL, job_close_round, NULL), "close");
	world_need(polling_attempt(p, 11, job_count_round_work, job_count_round, NULL), "count");
}

/* Takes an option off the ballot after votes for it came in. */
static inline void
polling_withdraw(struct polling *p, size_t index)
{
	struct round round;
	struct refusal why;

	polling_as(p, ana, 3);
	world_need(act_round_show(&p->w.act, p->round, &round), "round");
	world_need(WORLD_DO(&p->w, act_option_withdraw(&p->w.act, p->round,
	                                               round.options.ptr[index].id,
	                                               STR("The ford is closed"), &why)), "withdraw");
}

#endif
