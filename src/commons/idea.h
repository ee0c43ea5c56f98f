/* Ideas: what somebody proposes, from "we should…" to an option that can be voted on.
 *
 *     open --check--> checked --(a round takes it as an option)
 *      | ^              |
 *      | +----reopen----+
 *      +--decline--> declined      checked and declined may be judged again, on record
 *
 * Pure rules: given these facts, may this happen? Times, counts and texts come in as values;
 * a refusal names the form field it concerns and says what to do. Money is in minor units of
 * the place's currency; lengths are in code points.
 */
#ifndef COMMONS_IDEA_H
#define COMMONS_IDEA_H

#include <stdbool.h>

#include "base/id.h"
#include "base/message.h"
#include "base/money.h"
#include "base/str.h"

enum {
	IDEA_TITLE_MAX = 120,
	IDEA_BODY_MAX = 10000,
	IDEA_OWNER_MAX = 120,
	IDEA_PERMISSION_MAX = 500,
	IDEA_REASON_MAX = 1000,
	IDEA_COMMENT_MAX = 4000,
	IDEA_EDITS_PER_DAY = 60 /* of one idea, in 24 hours */
};

/* What somebody did in the last 24 hours, and how much of it the place allows (its settings;
 * 0: none). */
struct idea_quota {
	int64_t done, most;
};

enum idea_state { IDEA_OPEN, IDEA_CHECKED, IDEA_DECLINED, IDEA_STATES };

const char *idea_state_name(enum idea_state state); /* "open", as stored */
/* FAILED for a name that is none: the database is not ours. */
MUST_CHECK enum status idea_state_parse(struct str name, enum idea_state *ret);

/* What its author types. */
struct idea_draft {
	struct str title; /* one line */
	struct str body;  /* what and why, Markdown */
	bool has_cost;
	struct amount rough_cost;
};

bool idea_draft_eq(const struct idea_draft *a, const struct idea_draft *b);

MUST_CHECK enum status idea_may_add(const struct idea_draft *draft, struct idea_quota quota,
                                    struct refusal *why);

/* Where an idea stands. */
struct idea_facts {
	enum idea_state state;
	struct person_id author;
	int64_t version;   /* of its text, from 1 */
	int64_t judgement; /* how often it was judged */
	bool in_round;     /* an option of a round that is being made, runs, or made it a project */
};

/* May `who` change it at all: its author, while it is open? FORBIDDEN: it is not theirs. */
MUST_CHECK enum status idea_may_change(const struct idea_facts *facts, struct person_id who,
                                       struct refusal *why);
/* May `who` save this over version `seen`, after `today` edits of it in the last 24 hours?
 * Refused with field "version" when a newer version is there: show both, lose nothing. */
MUST_CHECK enum status idea_may_edit(const struct idea_facts *facts, struct person_id who,
                                     const struct idea_draft *draft, int64_t seen, int64_t today,
                                     struct refusal *why);

enum idea_verdict { IDEA_CHECK, IDEA_DECLINE, IDEA_REOPEN, IDEA_VERDICTS };

const char *idea_verdict_name(enum idea_verdict verdict); /* "check", as in forms and stored */
MUST_CHECK enum status idea_verdict_parse(struct str name, enum idea_verdict *ret);
enum idea_state idea_state_after(enum idea_verdict verdict);

/* What a steward found. */
struct idea_judgement {
	enum idea_verdict verdict;
	struct str owner;      /* check: who sees it through */
	struct str permission; /* check: whose permission it has, or that it needs none */
	bool has_cost;
	struct amount real_cost; /* check: the final cost */
	struct str reason;     /* decline: why, for its author and everybody */
	int64_t seen_version;  /* what the steward read */
	int64_t seen_judgement;
};

MUST_CHECK enum status idea_may_judge(const struct idea_facts *facts,
                                      const struct idea_judgement *judgement,
                                      struct refusal *why);

/* Comments are welcome in every state: also a declined idea may be talked about. */
MUST_CHECK enum status idea_may_comment(struct str body, struct idea_quota quota,
                                        struct refusal *why);

#endif
