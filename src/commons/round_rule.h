/* How a round's ballots are counted: which of core/decide's rules, utilities, completions and tie
 * orders go together, and with which ballots. */
#ifndef COMMONS_ROUND_RULE_H
#define COMMONS_ROUND_RULE_H

#include "base/message.h"
#include "base/money.h"
#include "base/str.h"
#include "commons/ballot_choice.h"

/* Names as in core/decide/method.h and in the rules file. */
struct round_rule {
	struct str rule;         /* equal-shares, greedy, … */
	struct str utility;      /* cost, cardinality, … */
	struct str completion;   /* none, add1, … */
	struct amount increment; /* step of the completions that have one; 0: none */
	struct str ties;         /* cost-votes-lot, id */
	int64_t threshold;       /* greedy-threshold: votes (points) an option needs; otherwise 0 */
};

/* Drops what has no meaning: a completion is Equal Shares' alone, a step is only some completions',
 * and Phragmén weighs all choices alike. */
void round_rule_tidy(struct round_rule *rule);
/* Are these names, do they fit together, and does the count use what such ballots say? Refusals
 * name the field: rule, utility, completion, increment, ties, threshold. */
MUST_CHECK enum status round_rule_may_be(const struct round_rule *rule, enum ballot_kind kind,
                                         struct refusal *why);

#endif
