#include "web/error_summary.h"

#include "base/arena.h"

enum status
error_summary_of(struct arena *arena, const struct refusal *refusal, struct error_summary *ret)
{
	*ret = (struct error_summary){ 0 };
	if (refusal->status == OK || refusal->message.text == NULL)
		return OK;
	ret->lines.ptr = ARENA_NEW(arena, struct error_line);
	if (ret->lines.ptr == NULL)
		return NO_MEMORY;
	ret->lines.len = 1;
	ret->lines.ptr->message = refusal->message;
	if (refusal->field == NULL)
		return OK;
	return str_format(arena, &ret->lines.ptr->link, "#%s", refusal->field);
}
