#include "acts/once.h"

#include "base/digest.h"

int64_t
act_once(const struct act *act, int64_t key)
{
	int64_t parts[3] = { act->place.id.value, act->who.id.value, key };
	char bytes[sizeof parts];
	struct digest digest;
	uint64_t id = 0;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)((uint64_t)parts[i / 8] >> (56 - 8 * (i % 8)));
	digest = digest_of((struct str){ bytes, sizeof bytes });
	for (int i = 0; i < 8; i++)
		id = id << 8 | digest.bytes[i];
	id &= INT64_MAX;
	return id == 0 ? 1 : (int64_t)id;
}
