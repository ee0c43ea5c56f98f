/* folkmoot sortition alone, without the server around it: for tests and measurements. */
#include "cli/sortition.h"

int
main(int argc, char **argv)
{
	return cli_sortition(argc, argv);
}
