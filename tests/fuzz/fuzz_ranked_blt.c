/* Any bytes at all as a BLT file. */
#include "fuzz/fuzz_ranked.h"

FUZZ(text)
{
	fuzz_ranked(text, ranked_read_blt);
}
