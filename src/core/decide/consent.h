/* Decisions by threshold: one question, yes or no. Quorum, majority, majority of groups ("double
 * majority": of people and of streets), number of objections; each that the method names is a
 * test, and the question passes when all of them do.
 *
 * Definitions. roll: who may vote. cast = yes + no + abstain. An objection is counted apart: who
 * objects may have voted as they like.
 *
 *   quorum     cast (or yes + no, if abstentions don't count as taking part) >= the number, or
 *              >= the share of the roll.
 *   majority   yes >= share * base, or yes > share * base; base: yes + no, all cast, or the roll.
 *              And at least one yes. "simple": yes > half of yes + no, that is yes > no.
 *              "absolute": yes > half of the roll.
 *   groups     a group says yes when yes > no in it; a tie, and a group in which nobody voted, is
 *              a no. Passes when the groups that say yes are more than half of all groups. People
 *              of no group count among the people only.
 *   objections <= the number, or <= the share of the roll.
 *
 * All comparisons are of whole numbers (shares multiplied out); nothing is rounded.
 *
 * By how much it missed: the fewest additional yes votes with which a test would have passed, cast
 * by people of the roll who cast nothing, all else the same. Each test can only gain by another
 * yes (yes + x over base + x grows with x), so the fewest for all tests together is the largest of
 * the tests' numbers: votes that the majority needs can be chosen where the groups need them, and
 * votes that the groups need count for quorum and majority as well.
 */
#ifndef CORE_DECIDE_CONSENT_H
#define CORE_DECIDE_CONSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/error.h"

enum { CONSENT_COUNT_MAX = 1000000000, CONSENT_GROUPS_MAX = 1000000 };

/* Of people or, in consent_decide's groups, of one group. */
struct consent_votes {
	int64_t roll, yes, no, abstain; /* yes + no + abstain <= roll <= CONSENT_COUNT_MAX */
	int64_t objections;             /* <= roll; not looked at in groups */
};

/* d > 0: n/d of the roll, 0 <= n <= d. d = 0: the number n. Both at most CONSENT_COUNT_MAX. */
struct consent_bound {
	int64_t n, d;
};

enum consent_base { CONSENT_OF_YES_NO, CONSENT_OF_CAST, CONSENT_OF_ROLL };

struct consent_majority {
	int64_t n, d; /* the share n/d, 0 <= n <= d, d > 0 */
	bool more;    /* more than the share, not just as much; n < d then */
	enum consent_base base;
};

struct consent_method {
	bool by_quorum, by_majority, by_groups, by_objections; /* which tests; at least one */
	bool abstain_is_absent; /* quorum: abstentions don't count as taking part */
	struct consent_bound quorum;
	struct consent_majority majority;
	struct consent_bound objections; /* at most */
};

enum consent_test_kind {
	CONSENT_QUORUM,     /* "quorum" */
	CONSENT_MAJORITY,   /* "majority" */
	CONSENT_GROUPS,     /* "groups" */
	CONSENT_OBJECTIONS, /* "objections" */
	CONSENT_TESTS_MAX
};

struct consent_test {
	enum consent_test_kind kind;
	bool passed;
	/* Votes cast; yes votes; groups that say yes; objections. needed: at least so many, with
	 * the ballots as they are (an additional yes may raise it); objections: at most so many. */
	int64_t needed, had;
	int64_t missing; /* additional yes votes; 0: passed; -1: not with all who cast nothing */
};

struct consent_group {
	bool yes;
	int64_t missing; /* additional yes votes for a yes of this group; -1: too few cast nothing */
};

struct consent_outcome {
	bool passed;
	int64_t missing; /* for all tests together; 0 and -1 as above */
	struct consent_test tests[CONSENT_TESTS_MAX];
	size_t test_count; /* in the order of the kinds */
	struct consent_group *groups; /* as given; only with by_groups */
	size_t group_count;
};

/* INVALID with *error: numbers that can't be, a method that can't be, no groups where the method
 * asks for them. NO_MEMORY. The groups' sums may be below `votes` (people of no group). */
MUST_CHECK enum status consent_decide(const struct consent_votes *votes,
                                      const struct consent_votes *groups, size_t group_count,
                                      const struct consent_method *method, struct arena *arena,
                                      struct consent_outcome *ret, struct decide_error *error);

const char *consent_test_name(enum consent_test_kind kind);

/* "12" (a number), "1/4" or "25%" (a share). INVALID otherwise. */
MUST_CHECK enum status consent_bound_parse(struct str text, struct consent_bound *ret);
/* "simple", "absolute", "two-thirds", or "[>]N/D" ("2/3": at least; ">1/2": more than), each but
 * the first two with "-of-cast" or "-of-roll" behind for another base than yes + no. */
MUST_CHECK enum status consent_majority_parse(struct str text, struct consent_majority *ret);

#endif
