/* What changed between two texts, word by word: for the history of what people write.
 *
 * Longest common subsequence of words (with the white space behind each), after what is the
 * same at both ends is set aside. Texts that differ in too many words to compare in a few
 * megabytes come out as one piece taken out and one put in.
 */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

struct diff_piece {
	bool added, removed; /* neither: in both texts */
	struct str text;     /* a slice of one of the two texts */
};

struct diff {
	struct diff_piece *ptr;
	size_t len;
};

/* The pieces without `added` are `before`, those without `removed` are `after`. */
MUST_CHECK enum status diff_words(struct arena *arena, struct str before, struct str after,
                                  struct diff *ret);

#endif
