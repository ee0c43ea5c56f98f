#include "core/decide/ranked/method.h"

#include "base/names.h"

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

NAMES(ranked_rule, rules)
NAMES(ranked_ties, ties_names)
NAMES(ranked_equal, equals)
NAMES(ranked_strength, strengths)
