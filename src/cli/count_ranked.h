/* folkmoot count for rankings and scores: a BLT, PrefLib or CSV file anybody has. */
#ifndef CLI_COUNT_RANKED_H
#define CLI_COUNT_RANKED_H

#include <stdbool.h>

/* Whether --rule is one for rankings or scores. */
bool cli_count_is_ranked(int argc, char **argv);
/* As cli_count. */
int cli_count_ranked(int argc, char **argv);

/* What help says about it, behind the rest of count's. */
#define CLI_COUNT_RANKED_USAGE \
	"folkmoot count FILE.blt|.soc|.soi|.toc|.toi|.csv --rule stv-scottish|stv-meek|stv-meek-prf|\n" \
	"               stv-wig|stv-wig-prf|irv|schulze|ranked-pairs|borda|approval|score|\n" \
	"               majority-judgement|star [--seats N] [--strength margins|winning-votes]\n" \
	"               [--equal usual|droop] [--ties lot|id] [--seed HEX] [--vacancy ID] [--json]\n" \
	"               [--explain ID] [--svg FILE] [--convert blt|preflib|csv]\n"

#endif
