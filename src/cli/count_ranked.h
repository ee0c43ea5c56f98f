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
	"       folkmoot count FILE.blt|.soc|.soi|.toc|.toi|.csv --rule stv-scottish|stv-meek|\n" \
	"         stv-meek-prf|stv-wig|stv-wig-prf|irv|schulze|ranked-pairs|borda|approval|score|majority-judgement|star\n" \
	"         [--seats N] [--strength margins|winning-votes] [--equal usual|droop] [--ties lot|id] [--seed HEX]\n" \
	"         [--vacancy ID] [--json] [--explain ID] [--svg FILE] [--convert blt|preflib|csv]\n"

#endif
