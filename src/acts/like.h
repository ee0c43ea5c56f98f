/* What somebody typed as a pattern for lower(…) LIKE … ESCAPE '\', to be found anywhere. Both engines'
 * lower() changes the letters A to Z only, and so does this: others are found as they are written. */
#ifndef ACTS_LIKE_H
#define ACTS_LIKE_H

#include "base/arena.h"
#include "base/str.h"

MUST_CHECK enum status like_pattern(struct arena *arena, struct str typed, struct str *ret);

#endif
