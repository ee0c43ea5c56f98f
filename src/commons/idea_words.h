/* What people type, as a full-text query that cannot go wrong.
 *
 * A query is words in double quotes side by side (all must occur) and OR between such groups:
 * SQLite's FTS5 and PostgreSQL's websearch_to_tsquery read it alike. Everything but letters
 * and digits separates words, so nothing that is typed can be an operator or close a quote.
 */
#ifndef COMMONS_IDEA_WORDS_H
#define COMMONS_IDEA_WORDS_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

enum { IDEA_WORDS_MAX = 8 }; /* words looked at; later ones are ignored */

/* For the search box: texts with all the words; the last may be the beginning of a word.
 * *ret is empty when nothing was typed that can be looked for. */
MUST_CHECK enum status idea_words_search(struct arena *arena, struct str typed, struct str *ret);

/* For "ideas like this": texts that share two words with a title, or its only word.
 * `small` has the words that say nothing ("the and for"), between spaces; words under three
 * letters are left out anyway. *ret is empty when there is too little to go by. */
MUST_CHECK enum status idea_words_similar(struct arena *arena, struct str title,
                                          struct str small, struct str *ret);

#endif
