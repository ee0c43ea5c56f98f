/* The canonical form reads back as the same value and is its own canonical form. */
#include "base/json.h"

#include "fuzz/fuzz.h"

FUZZ(input)
{
	json_t *value = NULL, *back = NULL;
	struct buf once, twice;

	if (json_read(input, 10000, &value) != OK)
		return;
	buf_init(&once, 100000); /* an escape takes six bytes for one */
	buf_init(&twice, 100000);
	if (json_write(&once, value) == OK) {
		CHECK_ALWAYS(json_read(buf_str(&once), 100000, &back) == OK);
		CHECK_ALWAYS(json_equal(value, back));
		CHECK_ALWAYS(json_write(&twice, back) == OK);
		CHECK_ALWAYS(str_eq(buf_str(&once), buf_str(&twice)));
		json_decref(back);
	}
	buf_release(&once);
	buf_release(&twice);
	json_decref(value);
}
