#include "core/decide/error.h"

enum status
decide_fail(struct decide_error *error, size_t line, struct str field, const char *text)
{
	*error = (struct decide_error){ line, field, { .text = text } };
	return INVALID;
}

enum status
decide_fail_with(struct decide_error *error, size_t line, struct str field, const char *text,
                 struct message_value value)
{
	*error = (struct decide_error){ line, field, { .text = text, .values = { value } } };
	return INVALID;
}
