/* A round: people share an amount from the pot among options, by vote.
 *
 * Pure rules: what may happen to a round, given its facts. No SQL, no HTTP, no clock of its own.
 *
 *   draft -> open -> (settling ->) counting -> counted
 *              \________\________-> void -> (a new draft that replaces it)
 *
 * From `open` on options, costs, eligibility and counting rule are frozen. `open` means that
 * the rules are fixed; voting itself runs from opens_at until closes_at.
 */
#ifndef COMMONS_ROUND_H
#define COMMONS_ROUND_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/message.h"
#include "base/str.h"
#include "base/time.h"
#include "commons/ballot_choice.h"
#include "commons/round_rule.h"

enum round_state {
	ROUND_DRAFT,
	ROUND_OPEN,
	ROUND_SETTLING, /* voting is over, challenges are open */
	ROUND_COUNTING, /* the roll is frozen */
	ROUND_COUNTED,
	ROUND_VOID      /* ended without a count, with a public reason */
};

const char *round_state_name(enum round_state state); /* as in the database */
/* INVALID for a name that is none. */
MUST_CHECK enum status round_state_parse(struct str name, enum round_state *ret);

/* What a reader sees of it at a time. */
enum round_phase { PHASE_DRAFT, PHASE_COMING, PHASE_VOTING, PHASE_OVER, PHASE_COUNTED, PHASE_VOID };

struct round_facts {
	enum round_state state;
	struct instant opens_at, closes_at;
	struct amount budget;
	int64_t options;        /* on the ballot */
	struct amount dearest;  /* cost of the dearest of them */
	int64_t challenges;     /* not settled */
	struct amount pot;      /* what is free in the pot; only round_may_open looks */
	struct str lost;        /* an idea on the ballot that can't be voted on in it any more; empty: none */
};

enum round_phase round_phase(enum round_state state, struct instant opens_at,
                             struct instant closes_at, struct instant now);
/* May ballots be cast now? */
bool round_voting_is_open(const struct round_facts *facts, struct instant now);
/* Has the last moment for ballots passed, in a round that is not yet frozen? */
bool round_voting_is_over(const struct round_facts *facts, struct instant now);

/* What a steward fills in. */
struct round_draft {
	struct str title;
	struct str intro;        /* Markdown */
	struct amount budget;
	enum ballot_kind kind;   /* BALLOT_APPROVAL with one choice is BALLOT_CHOOSE_1 */
	int64_t most;            /* at most so many choices; 0: no limit */
	int64_t points;          /* BALLOT_CUMULATIVE: so many to give; otherwise 0 */
	int64_t points_each;     /* at most so many of them to one option; 0: no other limit */
	struct round_rule rule;
	struct instant opens_at, closes_at;
	bool residents;          /* false: any member; true: who declares to live in one of the areas */
	int64_t least_age;       /* 0: any age */
};

/* Drops what does not apply: see round_rule_tidy; and calls one choice by its kind. */
void round_draft_tidy(struct round_draft *draft);
/* Do kind, numbers and rule of its ballots fit together? */
MUST_CHECK enum status round_ballots_may_be(const struct round_draft *draft, struct refusal *why);
/* Is it a round that could be opened one day? Refusals name the form's fields. */
MUST_CHECK enum status round_draft_may_be(const struct round_draft *draft, struct refusal *why);

/* May title, dates, rule, options … be changed? Once open the refusal says how to go about it. */
MUST_CHECK enum status round_may_change(enum round_state state, struct refusal *why);
MUST_CHECK enum status round_may_open(const struct round_facts *facts, struct instant now,
                                      struct refusal *why);
MUST_CHECK enum status round_may_void(enum round_state state, struct str reason,
                                      struct refusal *why);
/* May a new draft be made from it? */
MUST_CHECK enum status round_may_reopen(enum round_state state, bool replaced,
                                        struct refusal *why);
/* May an option be withdrawn? Ballots that name it stand; it can't win. */
MUST_CHECK enum status round_may_withdraw(const struct round_facts *facts, struct instant now,
                                          bool withdrawn, struct str reason, struct refusal *why);
/* May voting be ended, and what follows? *ret_next: ROUND_SETTLING while challenges are open,
 * ROUND_COUNTING (the roll is frozen then) when there are none. */
MUST_CHECK enum status round_may_close(const struct round_facts *facts, struct instant now,
                                       enum round_state *ret_next, struct refusal *why);

/* May an option cost this much? `field` is the form's. */
MUST_CHECK enum status option_may_cost(struct amount cost, struct amount budget, const char *field,
                                       struct refusal *why);
/* The first words of an idea's Markdown as one plain line of at most OPTION_SUMMARY_MAX code
 * points, for the ballot. Exact rendering is the idea page's; this only drops the marks. */
enum { OPTION_SUMMARY_MAX = 160 };
MUST_CHECK enum status option_summary(struct arena *arena, struct str markdown, struct str *ret);

#endif
