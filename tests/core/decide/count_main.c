/* folkmoot count as a program of its own: for tests and measurements without the server. */
#include "cli/count.h"

int
main(int argc, char **argv)
{
	return cli_count(argc, argv);
}
