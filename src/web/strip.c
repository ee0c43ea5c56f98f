#include "web/strip.h"

static int64_t
thousandths(int64_t part, int64_t whole)
{
	return part <= 0 || whole <= 0 ? 0 : part >= whole ? 1000
	       : (int64_t)((__int128)part * 1000 / whole);
}

struct strip
strip_of(int64_t from, int64_t part, int64_t whole)
{
	struct strip strip = { .from = thousandths(from, whole) };

	strip.length = thousandths(part, whole);
	if (strip.length > 1000 - strip.from)
		strip.length = 1000 - strip.from;
	if (strip.length < 4 && part > 0 && whole > 0) { /* a hair can be seen */
		strip.length = 4;
		strip.from = strip.from > 996 ? 996 : strip.from;
	}
	return strip;
}
