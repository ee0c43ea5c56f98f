/* folkmoot count: counts a Pabulib file anybody has downloaded, on their own machine. */
#ifndef CLI_COUNT_H
#define CLI_COUNT_H

/* argv[0] is "count". Result to stdout; the time taken, or what is wrong, to stderr.
 * Exit code 0, or 2 for bad arguments or a bad file. */
int cli_count(int argc, char **argv);

/* What help says about it. */
extern const char cli_count_usage[];

#endif
