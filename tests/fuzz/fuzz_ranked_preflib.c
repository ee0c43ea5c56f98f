/* Any bytes at all as a PrefLib file. */
#include "fuzz/fuzz_ranked.h"

FUZZ(text)
{
	fuzz_ranked(text, ranked_read_preflib);
}
