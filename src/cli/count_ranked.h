/* folkmoot count for rankings and scores: a BLT, PrefLib or CSV file anybody has. */
#ifndef CLI_COUNT_RANKED_H
#define CLI_COUNT_RANKED_H

#include <stdbool.h>

/* Whether --rule is one for rankings or scores. */
bool cli_count_is_ranked(int argc, char **argv);
/* As cli_count. */
int cli_count_ranked(int argc, char **argv);

extern const char cli_count_ranked_usage[];

#endif
