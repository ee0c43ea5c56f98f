#include "core/decide/ranked/method.h"

static const char *const rules[RANKED_RULES] = {
	[RANKED_STV_SCOTTISH] = "stv-scottish", [RANKED_STV_MEEK] = "stv-meek",
	[RANKED_STV_MEEK_PRF] = "stv-meek-prf",
	[RANKED_STV_WIG] = "stv-wig", [RANKED_STV_WIG_PRF] = "stv-wig-prf",
	[RANKED_IRV] = "irv", [RANKED_SCHULZE] = "schulze",
	[RANKED_PAIRS] = "ranked-pairs", [RANKED_BORDA] = "borda", [RANKED_APPROVAL] = "approval",
	[RANKED_SCORE] = "score", [RANKED_MAJORITY_JUDGEMENT] = "majority-judgement",
	[RANKED_STAR] = "star" };
static const char *const ties_names[RANKED_TIES] = {
	[RANKED_TIES_LOT] = "lot", [RANKED_TIES_ID] = "id" };
static const char *const equals[RANKED_EQUALS] = {
	[RANKED_EQUAL_USUAL] = "usual", [RANKED_EQUAL_DROOP] = "droop" };
static const char *const strengths[RANKED_STRENGTHS] = {
	[RANKED_MARGINS] = "margins", [RANKED_WINNING_VOTES] = "winning-votes" };

const char *
ranked_rule_name(enum ranked_rule rule)
{
	return rules[rule];
}

const char *
ranked_ties_name(enum ranked_ties ties)
{
	return ties_names[ties];
}

const char *
ranked_equal_name(enum ranked_equal equal)
{
	return equals[equal];
}

const char *
ranked_strength_name(enum ranked_strength strength)
{
	return strengths[strength];
}

static enum status
parse(struct str name, const char *const *names, int count, int *ret)
{
	for (*ret = 0; *ret < count; ++*ret)
		if (str_is(name, names[*ret]))
			return OK;
	return INVALID;
}

#define PARSE(function, type, names, count)                                                \
	enum status function(struct str name, type *ret)                                   \
	{                                                                                  \
		int i;                                                                     \
		enum status st = parse(name, names, count, &i);                            \
		if (st == OK)                                                              \
			*ret = (type)i;                                                    \
		return st;                                                                 \
	}

PARSE(ranked_rule_parse, enum ranked_rule, rules, RANKED_RULES)
PARSE(ranked_ties_parse, enum ranked_ties, ties_names, RANKED_TIES)
PARSE(ranked_equal_parse, enum ranked_equal, equals, RANKED_EQUALS)
PARSE(ranked_strength_parse, enum ranked_strength, strengths, RANKED_STRENGTHS)
