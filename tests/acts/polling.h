/* A place with money, checked ideas, stewards and a round: for tests of rounds and votes. */
#ifndef TESTS_ACTS_POLLING_H
#define TESTS_ACTS_POLLING_H

#include "acts/idea.h"
#include "acts/ledger.h"
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

#endif
