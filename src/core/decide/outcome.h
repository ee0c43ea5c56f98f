/* Counting an election: who wins, and every reason as data. No single ballot can be told from
 * an outcome.
 *
 * The same election and method give the same outcome, whatever the order of the ballots, on
 * every machine: exact rationals decide. Money is in minor units of the election unless a name
 * ends in _milli: thousandths of a minor unit. What is not whole is rounded down.
 */
#ifndef CORE_DECIDE_OUTCOME_H
#define CORE_DECIDE_OUTCOME_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/election.h"
#include "core/decide/error.h"
#include "core/decide/method.h"
#include "core/decide/progress.h"

/* Why an option won or lost; the names are those of JSON and the database. */
enum outcome_why {
	OUTCOME_WON,           /* "won": by the rule itself */
	OUTCOME_WON_REST,      /* "won-rest": by the completion, from what was left */
	OUTCOME_NOT_PAYABLE,   /* "not-payable": its supporters' shares did not reach its cost */
	OUTCOME_NO_ROOM,       /* "no-room": by votes, it did not fit in what was left (Equal Shares
	                          with a completion by votes: nor could its supporters pay it) */
	OUTCOME_STOPPED,       /* "stopped": one before it did not fit, and the rule ends there */
	OUTCOME_NOBODY,        /* "nobody": no ballot names it */
	OUTCOME_WITHDRAWN,     /* "withdrawn" */
	OUTCOME_THRESHOLD,     /* "below-threshold": it has fewer votes than the rule asks for */
	OUTCOME_TOO_DEAR,      /* "too-dear": it alone costs more than the budget (Phragmén) */
	/* Limits (limits.h). The first three are given wherever a limit keeps the option out of
	 * the winners as they are in the end, whatever else is against it. */
	OUTCOME_EXCLUDED,      /* "excluded": `other` won, the one of `group` that may */
	OUTCOME_GROUP_FULL,    /* "group-full": it would be more of `group` than may win */
	OUTCOME_NEEDS_OTHER,   /* "needs-other": it needs `other`, which did not win */
	OUTCOME_HELD_BACK      /* "held-back": at its turn there was money, but held back for the
	                          minimum of `group` */
};

enum { OUTCOME_NOT_ASKED = -2 };

struct outcome_option {
	enum outcome_why why;
	uint32_t place;    /* 1, 2, … in order of selection; 0: it did not win */
	int64_t could_pay; /* Equal Shares: what its supporters had when it was chosen, or when
	                      together they first had less than its cost; exact: the most that some
	                      of them could pay together in equal parts, when it was chosen, or when
	                      that was first less than its cost; -1: not applicable */
	int64_t left;      /* by votes: what was left of the budget when it was looked at;
	                      -1: it was not */
	int64_t highest_cost, more_ballots; /* what a loser would have needed (why_lost.h);
	                                       OUTCOME_NOT_ASKED: nobody asked */
	int32_t group, other; /* what a limit is about: a group of outcome.groups, another option;
	                         -1: nothing */
};

enum outcome_by {
	OUTCOME_BY_FREE,   /* "free": costs nothing and somebody wants it */
	OUTCOME_BY_SHARES, /* "shares" */
	OUTCOME_BY_VOTES,  /* "votes": greedy, or the completion */
	OUTCOME_BY_LOAD    /* "load": Phragmén */
};

/* 10 %, 20 %, … 90 % of the voters concerned have at most this; all -1 when they are fewer
 * than 10, so that nobody's ballot shows. */
enum { OUTCOME_DECILES = 9 };

struct outcome_step {
	uint32_t option;
	enum outcome_by by;
	int64_t left;       /* of the budget, after it */
	int64_t tied;       /* other options exactly as good that the tie rule put behind it */
	/* by shares only; 0 and empty otherwise */
	struct str rho;     /* price / utility, in minor units: exact "n/d" or "n"; overspending: price
	                       / utility / the part of the cost that was there; by load: the load in
	                       minor units that its supporters then carry */
	int64_t price_milli; /* what each supporter pays who still has so much; with points:
	                        for each point */
	int64_t effective_votes_milli; /* cost / price: supporters (points), had all of them paid
	                                  alike */
	int64_t payers;     /* supporters who paid something */
	int64_t all_in;     /* of them, those who had less than the price and gave all of it (exact:
	                       nobody) */
	int64_t paid_milli[OUTCOME_DECILES]; /* over payers */
};

/* Why add1, add1u, exact stopped where they did. */
enum outcome_stop {
	OUTCOME_STOP_ONCE,       /* "once": no increments asked for, or everything fits anyway */
	OUTCOME_STOP_EXHAUSTIVE, /* "exhaustive": nothing that is left would fit */
	OUTCOME_STOP_COST,       /* "cost": the next increment's (exact: raise's) winners would cost
	                            too much */
	OUTCOME_STOP_ALL         /* "all": everything that anybody wants has won */
};

/* How much of a group won. */
struct outcome_group {
	struct str name;
	int64_t winners, cost;
	bool reached; /* it has what it should have at least */
};

struct outcome {
	struct method method;
	int64_t voters, budget, total_cost;
	int decimals;

	struct outcome_option *options; /* as in the election */
	size_t option_count;
	struct outcome_step *steps;     /* in order; one per winner */
	size_t step_count;

	int64_t represented;   /* voters with at least one winner among their choices */
	int64_t *winners_held; /* [winners_held_count]: voters with exactly 0, 1, 2, … of them */
	size_t winners_held_count;

	struct outcome_group *groups; /* as in the election's limits */
	size_t group_count;

	/* Equal Shares, with overspending too: then neither increments nor stop. */
	struct str share;      /* what each voter began with in the run that stands: exact "n/d" */
	int64_t share_milli;
	int64_t increments;    /* how often something was added; exact: how often the share was
	                          raised */
	enum outcome_stop stop;
	int64_t next_cost;     /* STOP_COST: of the winners one increment on; otherwise 0 */
	int64_t prefer_shares, prefer_greedy; /* comparison: voters who get more of what they
	                                         want; 0 with other completions */
	int64_t spent_milli[OUTCOME_DECILES]; /* of their shares, over all voters */
};

/* Counts. INVALID with *error when the method does not fit the election (more increments than
 * can be counted); NO_MEMORY. */
MUST_CHECK enum status decide_count(const struct election *e, const struct method *method,
                                    struct arena *arena, struct outcome *ret,
                                    struct decide_error *error);

/* What a count may be asked besides, for measure.h and sensitivity.h; NULL where it is not. */
enum { DECIDE_THREADS_MAX = 16 };
struct decide_extra {
	const uint32_t *rank; /* in: who goes first in a tie, by option, all different; instead of
	                         the method's order */
	int64_t *spent_milli; /* out, by distinct ballot: what each of its voters spent of their
	                         share, rounded down; 0 where nobody had one. Not for publication
	                         beside names: it tells ballots apart. */
	size_t threads;       /* in: how many may count side by side, with the same outcome; 0: one */
	bool plain_loops;     /* in: without what only some processors have: slower, and the same
	                         outcome; for tests */
	const struct decide_progress *progress; /* a step for each run of Equal Shares */
};
MUST_CHECK enum status decide_count_extra(const struct election *e, const struct method *method,
                                          const struct decide_extra *extra, struct arena *arena,
                                          struct outcome *ret, struct decide_error *error);

/* "won", …, the codes above. */
const char *outcome_why_name(enum outcome_why why);
const char *outcome_by_name(enum outcome_by by);
const char *outcome_stop_name(enum outcome_stop stop);

/* The outcome as a JSON object, the caller's; options are named by number, from 0. */
json_t *outcome_to_json(const struct outcome *outcome);
/* The outcome as canonical JSON: one spelling per outcome, so that two can be compared byte by
 * byte. Options are named by number, from 0. */
void outcome_write(struct buf *out, const struct outcome *outcome);
/* The reverse. INVALID when it is not what outcome_write makes. */
MUST_CHECK enum status outcome_read(struct arena *arena, struct str json, struct outcome *ret);

#endif
