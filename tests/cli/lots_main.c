/* folkmoot lots, turns, match, allot and decide as a program of its own: for tests without the server. */
#include <stdio.h>
#include <string.h>

#include "cli/lots.h"

int
main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (strcmp(verb, "lots") == 0)
		return cli_lots(argc - 1, argv + 1);
	if (strcmp(verb, "match") == 0)
		return cli_match(argc - 1, argv + 1);
	if (strcmp(verb, "allot") == 0)
		return cli_allot(argc - 1, argv + 1);
	if (strcmp(verb, "decide") == 0)
		return cli_decide(argc - 1, argv + 1);
	if (strcmp(verb, "turns") == 0)
		return cli_turns(argc - 1, argv + 1);
	return 3;
}
