#include <string.h>

#include "cli/cli.h"

int
main(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return cli_help(1, argv);
	if (strcmp(argv[1], "--version") == 0)
		return cli_version(1, argv);
	verb = verb_find(argv[1]);
	if (verb == NULL)
		return cli_usage("", "there is no verb \"%s\"; `folkmoot help` lists them", argv[1]);
	return verb->run(argc - 1, argv + 1);
}
