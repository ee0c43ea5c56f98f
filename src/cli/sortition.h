/* folkmoot sortition: draws a panel by lot from a pool of people, meeting quotas. */
#ifndef CLI_SORTITION_H
#define CLI_SORTITION_H

/* argv[0] is "sortition". Result to stdout; the time taken, or what is wrong, to stderr.
 * Exit code 0, or 2 for bad arguments, bad files, or quotas that no panel meets. */
int cli_sortition(int argc, char **argv);

/* What help says about it. */
extern const char cli_sortition_usage[];

#endif
