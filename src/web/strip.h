/* A bar within a page: a part of a whole, as wide as there is room, beside words that say the same.
 * strip.html draws it; it turns round where one reads from the right. */
#ifndef WEB_STRIP_H
#define WEB_STRIP_H

#include <stdbool.h>
#include <stdint.h>

struct strip {
	int64_t from, length; /* in thousandths of the whole */
	bool second;          /* in the second colour: something else than what is above */
	bool pale;            /* what there would have been */
};

/* The part of `whole` that begins at `from`; what sticks out is cut off. */
struct strip strip_of(int64_t from, int64_t part, int64_t whole);

#endif
