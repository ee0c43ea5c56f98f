#include <stdbool.h>
#include <string.h>

#include "cli/cli.h"

static bool
is_help(const char *argument)
{
	return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

int
main(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2 || is_help(argv[1]))
		return cli_help(1, argv);
	if (strcmp(argv[1], "--version") == 0)
		return cli_version(1, argv);
	verb = verb_find(argv[1]);
	if (verb == NULL)
		return cli_usage("", "there is no verb \"%s\"; `folkmoot help` lists them", argv[1]);
	if (argc == 3 && is_help(argv[2]))
		return cli_help(2, argv);
	return verb->run(argc - 1, argv + 1);
}
