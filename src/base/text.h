/* Text that people type: UTF-8 checked, made NFC, control and bidi control characters
 * refused, limits in code points and in bytes. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

bool text_is_utf8(struct str s);
/* Code points of valid UTF-8. */
size_t text_length(struct str s);

enum text_kind {
	TEXT_LINE,  /* no line breaks; white space runs folded to one space; trimmed */
	TEXT_BLOCK  /* line breaks as \n; trimmed at both ends */
};

/* Cleans `in` into the arena. INVALID: broken UTF-8, a control character, a bidi control
 * (U+061C, U+200E, U+200F, U+202A-E, U+2066-9). TOO_LARGE: over max code points, or over
 * four times that in bytes (checked before anything is parsed). */
MUST_CHECK enum status text_clean(struct arena *arena, struct str in, enum text_kind kind,
                                  size_t max, struct str *ret);
/* Lower case by Unicode's rules for no particular language: for comparing e-mail addresses. */
MUST_CHECK enum status text_fold(struct arena *arena, struct str in, struct str *ret);

/* A name for a path: letters of any script as plain a-z (ICU Latin-ASCII), digits, single
 * hyphens between; at most `max` characters, empty when nothing is left. */
MUST_CHECK enum status text_slug(struct arena *arena, struct str in, size_t max, struct str *ret);

#endif
