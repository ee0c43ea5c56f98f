#include "base/id.h"

#include <assert.h>
#include <string.h>

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct id_text
id_text(int64_t value)
{
	struct id_text id = { { 0 } };
	uint64_t rest = (uint64_t)value;

	assert(value >= 0);
	for (int i = ID_TEXT_LEN - 1; i >= 0; i--) {
		id.text[i] = alphabet[rest & 31];
		rest >>= 5;
	}
	return id;
}

enum status
id_parse(struct str text, int64_t *ret)
{
	uint64_t value = 0;

	/* 13 * 5 = 65 bits: the first character holds only the upper three of 63. */
	if (text.len != ID_TEXT_LEN || text.ptr[0] < '0' || text.ptr[0] > '7')
		return INVALID;
	for (size_t i = 0; i < text.len; i++) {
		const char *hit = memchr(alphabet, text.ptr[i], sizeof alphabet - 1);

		if (hit == NULL)
			return INVALID;
		value = value << 5 | (uint64_t)(hit - alphabet);
	}
	if (value == 0)
		return INVALID;
	*ret = (int64_t)value;
	return OK;
}
