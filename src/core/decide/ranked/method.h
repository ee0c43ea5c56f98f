/* How rankings are counted: the rule and what it leaves to choose, said before the ballots are
 * opened. */
#ifndef CORE_DECIDE_RANKED_METHOD_H
#define CORE_DECIDE_RANKED_METHOD_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

enum ranked_rule {
	RANKED_STV_SCOTTISH, /* stv.h */
	RANKED_STV_MEEK,
	RANKED_STV_MEEK_PRF,
	RANKED_STV_WIG,
	RANKED_STV_WIG_PRF,
	RANKED_IRV,
	RANKED_SCHULZE,      /* pairwise.h */
	RANKED_PAIRS,
	RANKED_BORDA,        /* scores.h */
	RANKED_APPROVAL,
	RANKED_SCORE,
	RANKED_MAJORITY_JUDGEMENT,
	RANKED_STAR,
	RANKED_RULES
};

/* Every tie is decided by an order of all candidates: the first of those who are tied is the
 * one it happens to (elected, excluded, or whose surplus goes first), as in droop. Scottish STV
 * looks first at the latest stage at which they differed. */
enum ranked_ties {
	RANKED_TIES_LOT, /* the order is drawn once from the seed */
	RANKED_TIES_ID,  /* the file's order: [tie …], or by number */
	RANKED_TIES
};

/* What an equal rank (of two or more who stand) means to the transferring rules. */
enum ranked_equal {
	RANKED_EQUAL_USUAL, /* Scottish: the ballot ends there, and is void when that is its first
	                       rank (void for uncertainty); others: divided equally */
	RANKED_EQUAL_DROOP, /* as droop does: the whole ballot goes to nobody but stays in the
	                       quota; stv-meek: divided, and a ballot with an equal rank
	                       is lost at a rank of which nobody is left. For
	                       comparing with it. */
	RANKED_EQUALS
};

/* How strong a majority of one candidate over another is. */
enum ranked_strength { RANKED_MARGINS, RANKED_WINNING_VOTES, RANKED_STRENGTHS };

struct ranked_method {
	enum ranked_rule rule;
	enum ranked_ties ties;
	enum ranked_equal equal;
	enum ranked_strength strength;
	size_t seats; /* 0: the election's; 1 for irv, schulze, ranked-pairs and star */
	uint8_t seed[32];
};

/* The names of the command line; never NULL. */
const char *ranked_rule_name(enum ranked_rule rule);
const char *ranked_ties_name(enum ranked_ties ties);
const char *ranked_equal_name(enum ranked_equal equal);
const char *ranked_strength_name(enum ranked_strength strength);
/* INVALID when there is none of that name. */
MUST_CHECK enum status ranked_rule_parse(struct str name, enum ranked_rule *ret);
MUST_CHECK enum status ranked_ties_parse(struct str name, enum ranked_ties *ret);
MUST_CHECK enum status ranked_equal_parse(struct str name, enum ranked_equal *ret);
MUST_CHECK enum status ranked_strength_parse(struct str name, enum ranked_strength *ret);

#endif
