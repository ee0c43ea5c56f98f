/* What is wrong with a file or an election: where, in which field, and why.
 *
 * The message is for a person (base/message.h: English text with named values, translated by
 * whoever shows it); values point into the input or the arena that was passed in. */
#ifndef CORE_DECIDE_ERROR_H
#define CORE_DECIDE_ERROR_H

#include <stddef.h>

#include "base/message.h"
#include "base/status.h"
#include "base/str.h"

struct decide_error {
	size_t line;      /* of the input, from 1; 0 when it is not about a line */
	struct str field; /* META key or column ("cost", "vote"); empty when about none */
	struct message message;
};

/* Fills *error and returns INVALID. */
enum status decide_fail(struct decide_error *error, size_t line, struct str field,
                        const char *text);
/* The same with one value, {name} in the text. */
enum status decide_fail_with(struct decide_error *error, size_t line, struct str field,
                             const char *text, struct message_value value);

#endif
