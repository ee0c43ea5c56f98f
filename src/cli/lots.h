/* folkmoot lots, turns, match, allot, decide: recount from a file what was drawn, matched, allotted
 * or decided. */
#ifndef CLI_LOTS_H
#define CLI_LOTS_H

/* argv[0] is the verb. Result to stdout, what is wrong to stderr in one line. Exit code 0; 1 when
 * the result can't be written; 2 for bad arguments or a bad file. */
int cli_lots(int argc, char **argv);
int cli_match(int argc, char **argv); /* cli/match.c */
int cli_allot(int argc, char **argv); /* cli/allot.c */
int cli_decide(int argc, char **argv); /* cli/decide.c */
int cli_turns(int argc, char **argv); /* cli/turns.c */

/* What help says about them. */
extern const char cli_lots_usage[], cli_match_usage[], cli_allot_usage[], cli_decide_usage[],
                  cli_turns_usage[];

#endif
