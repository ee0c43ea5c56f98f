#include <stdio.h>

#include "cli/cli.h"

int
cli_version(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return cli_usage("version", "takes nothing more");
	puts("folkmoot " FOLKMOOT_VERSION);
	return EXIT_GOOD;
}
