/* Rounds: drafted by a steward, opened with fixed rules, ended without a count, opened again.
 * Closing and counting are in acts/count.h.
 *
 * Drafts are a steward's notes: no act on them leaves a leaf. Opening leaves "round-opened"
 * {round, rules: SHA-256 of the rules file, replaces}, ending "round-voided" {round}.
 *
 * The rules file is canonical JSON (RFC 8785) of everything that is frozen; amounts are minor
 * units. It holds the SHA-256 of the seed that decides drawn ties: the seed itself was made
 * before the first ballot and becomes public after the close, so that nobody can choose it
 * afterwards and anybody can check it.
 */
#ifndef ACTS_ROUND_H
#define ACTS_ROUND_H

#include "acts/act.h"
#include "acts/job.h"
#include "acts/place.h"
#include "base/digest.h"
#include "commons/round.h"

struct round_option {
	int64_t number;         /* its name on ballots and in files */
	struct option_id id;
	struct idea_id idea;    /* value 0: of an import */
	struct str title, summary;
	struct amount cost;
	bool withdrawn;
	struct str reason;      /* why it was withdrawn */
};
struct round_option_list { struct round_option *ptr; size_t len; };

struct round {
	struct round_id id;
	struct round_facts facts;  /* facts.pot and .lost only for who may open it */
	struct str title, intro;   /* intro: Markdown */
	enum ballot_kind kind;
	int64_t most;              /* 0: no limit */
	int64_t points;            /* cumulative: so many on a ballot; 0: not known (imports) */
	int64_t points_each;       /* at most so many of them to one option; 0: no other limit */
	struct round_rule rule;
	bool residents;
	int64_t least_age;         /* 0: any age */
	struct instant counted_at; /* us 0: not counted */
	struct str rules_hash;     /* 64 hex digits; empty: none (drafts, imports) */
	struct str void_reason;
	struct round_id replaces, replaced_by; /* value 0: none */
	struct account_id account; /* holds the budget; value 0: none */
	struct round_option_list options; /* by number */
};

struct round_card {
	struct round_id id;
	struct str title;
	enum round_phase phase;
	struct amount budget;
	int64_t options;
	struct instant opens_at, closes_at, counted_at;
	struct str void_reason;
};
struct round_card_list { struct round_card *ptr; size_t len; };

/* ---- questions ---- */

/* Latest first; drafts only for stewards. */
MUST_CHECK enum status act_round_list(const struct act *act, struct round_card_list *ret);
/* NOT_FOUND for a draft, but for stewards. */
MUST_CHECK enum status act_round_show(const struct act *act, struct round_id id,
                                      struct round *ret);
/* What a steward would have filled in for it. */
struct round_draft round_draft_of(const struct round *round);
/* The exact bytes behind the fingerprint; NOT_FOUND before opening. */
MUST_CHECK enum status act_round_rules(const struct act *act, struct round_id id,
                                       struct str *ret);

struct round_candidate {
	struct idea_id idea;
	struct str title, author;
	struct amount cost; /* to begin with: the option's, or the real or rough cost; 0: none */
	bool taken;         /* it is on this draft's ballot */
};
struct round_candidate_list { struct round_candidate *ptr; size_t len; };
/* Checked ideas that a draft may take. */
MUST_CHECK enum status act_round_candidates(const struct act *act, struct round_id id,
                                            struct round_candidate_list *ret);

/* ---- deeds: RIGHT_ROUND_MANAGE ---- */

MUST_CHECK enum status act_round_add(struct act *act, const struct round_draft *draft,
                                     struct round_id *ret, struct refusal *why);
MUST_CHECK enum status act_round_edit(struct act *act, struct round_id id,
                                      const struct round_draft *draft, struct refusal *why);

struct round_pick {
	struct idea_id idea;
	struct amount cost; /* final */
};
/* Makes these the options of a draft, numbered in this order. */
MUST_CHECK enum status act_round_choose(struct act *act, struct round_id id,
                                        const struct round_pick *picks, size_t len,
                                        struct refusal *why);

/* Fixes the rules, makes the round's secret, sets its budget aside, and has it closed in time
 * (job "close-round"). Voting runs from opens_at. */
MUST_CHECK enum status act_round_open(struct act *act, struct round_id id, struct refusal *why);
/* Ends it without a count, with a public reason; the budget goes back to the pot. */
MUST_CHECK enum status act_round_void(struct act *act, struct round_id id, struct str reason,
                                      struct refusal *why);
/* A new draft like the ended one, which it replaces. */
MUST_CHECK enum status act_round_reopen(struct act *act, struct round_id id,
                                        struct round_id *ret, struct refusal *why);

/* ---- for other acts ---- */

/* The round itself, whoever asks. */
MUST_CHECK enum status round_load(const struct act *act, struct round_id id, struct round *ret);
/* Has the round's secret destroyed, once the roll is frozen (or the round void): afterwards
 * nothing leads from a person to a ballot. Not done by the deed itself, as files know no
 * rollback, but by a job "forget-round" after its commit. */
MUST_CHECK enum status round_forget(struct act *act, struct round_id id);
enum status round_forget_work(struct job_run *run); /* .work of the job kind "forget-round" */

#endif
