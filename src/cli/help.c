#include <stdio.h>

#include "cli/cli.h"

int
cli_help(int argc, char **argv)
{
	const struct verb *verb;

	if (argc > 2)
		return cli_usage("help", "one verb at a time");
	if (argc == 2) {
		verb = verb_find(argv[1]);
		if (verb == NULL)
			return cli_usage("help", "there is no verb \"%s\"; `folkmoot help` lists them", argv[1]);
		fputs(verb->help, stdout);
		return EXIT_GOOD;
	}
	puts("folkmoot VERB …: the program a place uses to hold well what it has in common\n");
	for (verb = verbs; verb->name != NULL; verb++)
		printf("  %-10s %s\n", verb->name, verb->line);
	puts("\nfolkmoot help VERB says more. Exit status: 0 well, 1 differences or failed, 2 asked for\n"
	     "wrongly or not possible on this machine.");
	return EXIT_GOOD;
}
