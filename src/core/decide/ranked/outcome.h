/* What came of a count of rankings or scores, and why: everything that a page, a record or a
 * test wants to know, as data. In the arena that was passed in. */
#ifndef CORE_DECIDE_RANKED_OUTCOME_H
#define CORE_DECIDE_RANKED_OUTCOME_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "core/decide/error.h"
#include "core/decide/ranked/election.h"
#include "core/decide/ranked/method.h"

enum ranked_deed {
	RANKED_DEED_FIRST,    /* first preferences counted */
	RANKED_DEED_SURPLUS,  /* who's surplus went on */
	RANKED_DEED_EXCLUDED, /* excluded[…]: their votes went on */
	RANKED_DEED_ITERATED, /* Meek: the shares that the elected keep were found anew */
	RANKED_DEED_REST      /* as many are left as seats: they are elected */
};

/* One stage of a transferring rule. Amounts are votes in units of 10^-decimals of the outcome;
 * those of stv-wig and irv, which are fractions, are rounded down to that (but compared whole). */
struct ranked_stage {
	enum ranked_deed deed;
	size_t who;              /* RANKED_DEED_SURPLUS: the candidate */
	int64_t surplus;         /* RANKED_DEED_SURPLUS */
	int64_t transfer_value;  /* of a ballot that counted whole: surplus / votes, rounded down */
	int64_t *votes;          /* [candidates] at the end of the stage */
	int64_t quota, exhausted;
	int64_t lost;            /* to rounding */
	uint32_t *elected;       /* at the end of the stage, most votes first */
	size_t elected_count;
	uint32_t *excluded;
	size_t excluded_count;
	size_t tied;             /* how many were equal when one was chosen; 0: no tie */
	bool by_stage;           /* the tie ended at an earlier stage, not by the order of ties */
};

enum ranked_why {
	RANKED_WON,
	RANKED_WON_REST,      /* as many were left as seats */
	RANKED_EXCLUDED_THEN, /* had the fewest votes */
	RANKED_LEFT_OVER,     /* all seats were filled */
	RANKED_BEATEN,        /* pairwise: by `by`, `for_it` voters to `against` */
	RANKED_FEWER,         /* scores: a lower total, median or final */
	RANKED_TIE_LOST,      /* equal with a winner, and behind in the order of ties */
	RANKED_STOOD_DOWN     /* withdrawn */
};

struct ranked_fate {
	enum ranked_why why;
	size_t place;            /* of a winner, from 1; 0 */
	size_t stage;            /* at which it was elected or excluded; from 1, 0: none */
	int64_t votes;           /* then, in units of 10^-decimals; scores: its total */
	size_t by;               /* RANKED_BEATEN */
	int64_t for_it, against; /* RANKED_BEATEN: voters; or strengths of paths under Schulze */
};

/* A majority of ranked pairs, strongest first. */
struct ranked_pair {
	uint32_t winner, loser;
	int64_t votes, against;
	bool locked; /* false: it would have closed a circle */
};

/* Scores of one candidate. */
struct ranked_score {
	int64_t total;        /* points; Borda: in halves of a point; approval: voters */
	int64_t median;       /* majority judgement: lower median grade */
	int64_t above, below; /* voters who gave more, or less, than the median */
	int64_t final;        /* STAR: voters who prefer it to the other finalist */
	bool finalist;
};

struct ranked_outcome {
	struct ranked_method method;
	size_t seats;
	int64_t voters; /* ballots cast */
	int64_t valid;  /* of which count: they rank somebody who stands */
	int decimals;   /* of the votes in stages and fates */

	size_t candidate_count;
	struct ranked_fate *fates; /* [candidate_count] */
	uint32_t *winners;         /* in order of selection */
	size_t winner_count;

	struct ranked_stage *stages; /* transferring rules */
	size_t stage_count, stages_size;

	/* Pairwise rules, [candidate_count * candidate_count] or NULL. */
	int64_t *preferred; /* [a * n + b]: voters who rank a above b */
	int64_t *path;      /* Schulze: strength of the strongest path from a to b */
	struct ranked_pair *pairs;
	size_t pair_count;
	uint32_t *order;    /* those who stand, best first; where equal, by the order of ties */
	size_t order_count;
	uint32_t *winning;  /* whom nobody beats: more than one only when there is a tie */
	size_t winning_count;

	struct ranked_score *scores; /* score rules; [candidate_count] or NULL */
};

const char *ranked_deed_name(enum ranked_deed deed);
const char *ranked_why_name(enum ranked_why why);

/* Counts. INVALID with *error: a rule that needs scores, more seats than the rule can fill or
 * than candidates. TOO_LARGE with *error: stv-wig's fractions. NO_MEMORY. Time grows with places
 * on ballots times stages, and for pairwise rules with the cube of the candidates (1,000: 1 s). */
MUST_CHECK enum status ranked_count(const struct ranked_election *e,
                                    const struct ranked_method *method, struct arena *arena,
                                    struct ranked_outcome *ret, struct decide_error *error);

/* A vacancy: `leaving`, elected in `before` by stv-scottish or stv-wig, has left. All ballots
 * are counted anew by the same method with them withdrawn; the other winners may not be
 * excluded, and newcomers are elected only to the seat that is free. So the sitting members
 * stay, and the ballots that had elected the leaver choose the newcomer. (The recount with
 * sitting members guarded; not the Hare-Clark countback of Tasmania, which looks at the
 * leaver's own parcel only. It is the project's own definition; no statute is followed word for
 * word.) INVALID with *error: another rule, not a winner, nobody left. */
MUST_CHECK enum status ranked_vacancy(const struct ranked_election *e,
                                      const struct ranked_outcome *before, size_t leaving,
                                      struct arena *arena, struct ranked_outcome *ret,
                                      struct decide_error *error);

/* The whole outcome as JSON, or NULL without memory. Candidates are their numbers from 1 as
 * strings. Keys never change their meaning. */
json_t *ranked_outcome_json(const struct ranked_outcome *o, const struct ranked_election *e);
/* Why that candidate won or lost, one sentence in English. */
void ranked_explain(const struct ranked_outcome *o, const struct ranked_election *e,
                    size_t candidate, struct buf *out);

#endif
