/* Deeds of a village's year; for tests/whole/village*.c only. */
#ifndef TESTS_WHOLE_VILLAGE_DEEDS_H
#define TESTS_WHOLE_VILLAGE_DEEDS_H

#include "village.h"

/* One deed: who, where, what, and what came of it. */
struct sim_deed {
	struct village *v;
	struct spot *at;   /* the place of the path */
	struct spot *from; /* whose token it comes with: the same place, but for strangers */
	int who;           /* of from's people; -1: nobody */
	enum status (*run)(struct sim_deed *deed, struct act *act);
	uint64_t seed;
	int64_t fault;     /* this statement fails; 0: none */
	/* What is asked for: as much as the deed needs. */
	int64_t key, number, amount;
	struct idea_id idea;
	struct round_id round;
	struct option_id option;
	struct person_id person;
	struct challenge_id challenge;
	struct entry_id entry;
	struct project_id project;
	struct sign_in_id sign_in;
	unsigned choice;   /* bit i: option i + 1 */
	bool yes;
	struct str text, other;
	struct idea_judgement judgement;
	struct idea_id picks[OPTIONS_MAX];
	int64_t costs[OPTIONS_MAX];
	int picks_len;
	struct instant begin, end;
	/* What came of it. */
	struct refusal why;
	struct digest receipt;
	struct token_text token;
	bool found;
};

/* Does it, perhaps first with a fault; the status must be one of `want`, bits 1 << status. */
enum status sim_do(struct sim_deed *deed, unsigned want);
/* Now and then the same form is sent once more: OK, and nothing changes. */
void sim_again(struct sim_deed *deed);

enum status deed_sign_in_ask(struct sim_deed *deed, struct act *act);
enum status deed_sign_in_code(struct sim_deed *deed, struct act *act);
enum status deed_sign_out(struct sim_deed *deed, struct act *act);
enum status deed_idea_add(struct sim_deed *deed, struct act *act);
enum status deed_idea_edit(struct sim_deed *deed, struct act *act);
enum status deed_idea_judge(struct sim_deed *deed, struct act *act);
enum status deed_comment(struct sim_deed *deed, struct act *act);
enum status deed_round_add(struct sim_deed *deed, struct act *act);
enum status deed_round_edit(struct sim_deed *deed, struct act *act);
enum status deed_round_choose(struct sim_deed *deed, struct act *act);
enum status deed_round_open(struct sim_deed *deed, struct act *act);
enum status deed_round_void(struct sim_deed *deed, struct act *act);
enum status deed_round_reopen(struct sim_deed *deed, struct act *act);
enum status deed_withdraw(struct sim_deed *deed, struct act *act);
enum status deed_ballot(struct sim_deed *deed, struct act *act);
enum status deed_challenge(struct sim_deed *deed, struct act *act);
enum status deed_settle(struct sim_deed *deed, struct act *act);
enum status deed_pay(struct sim_deed *deed, struct act *act);
enum status deed_take_back(struct sim_deed *deed, struct act *act);
enum status deed_sequence(struct sim_deed *deed, struct act *act);

#endif
