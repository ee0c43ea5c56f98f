#include "core/decide/pabulib_ids.h"

#include <string.h>

/* Not the end of any id: UTF-8 has no byte 0xff. */
#define LONG_ID UINT64_MAX

static struct pabulib_id_key
key_of(struct str id)
{
	char bytes[PABULIB_ID_SHORT] = { 0 };

	if (id.len <= sizeof bytes) {
		if (id.len > 0)
			memcpy(bytes, id.ptr, id.len);
		return (struct pabulib_id_key){ decide_eight_bytes(bytes),
		                                decide_eight_bytes(bytes + 8) };
	}
	return (struct pabulib_id_key){ str_hash(id), LONG_ID };
}

/* The slot of an id with this key: the one that holds it, or the empty one where it belongs. */
static struct pabulib_id_slot *
slot_of(const struct pabulib_ids *ids, struct pabulib_id_key key, struct str id)
{
	for (size_t at = pabulib_id_place(ids, key);; at = (at + 1) & (ids->size - 1)) {
		struct pabulib_id_slot *slot = &ids->slots[at];

		if (slot->project == 0)
			return slot;
		if (slot->key.low == key.low && slot->key.high == key.high &&
		    (key.high != LONG_ID || str_eq(ids->project[slot->project - 1].id, id)))
			return slot;
	}
}

enum status
pabulib_ids_init(struct pabulib_ids *ids, struct arena *arena,
                 const struct pabulib_project *project, size_t most)
{
	*ids = (struct pabulib_ids){ .project = project, .size = 16, .shift = 60 };
	for (; ids->size < 4 * most; ids->size *= 2)
		ids->shift--;
	ids->slots = ARENA_ARRAY(arena, ids->size, struct pabulib_id_slot);
	return ids->slots == NULL ? NO_MEMORY : OK;
}

bool
pabulib_ids_add(struct pabulib_ids *ids, uint32_t index)
{
	struct str id = ids->project[index].id;
	struct pabulib_id_key key = key_of(id);
	struct pabulib_id_slot *slot = slot_of(ids, key, id);

	if (slot->project != 0)
		return false;
	*slot = (struct pabulib_id_slot){ key, index + 1 };
	return true;
}

uint32_t
pabulib_ids_find(const struct pabulib_ids *ids, struct str id)
{
	return slot_of(ids, key_of(id), id)->project;
}
