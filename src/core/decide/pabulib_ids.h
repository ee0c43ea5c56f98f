/* Inside pabulib: which project an id means. Every choice on every ballot is looked up here, so
 * ids of up to 16 bytes are compared as two numbers, straight from the text. */
#ifndef CORE_DECIDE_PABULIB_IDS_H
#define CORE_DECIDE_PABULIB_IDS_H

#include "core/decide/pabulib_inside.h"
#include "core/decide/text.h"

/* An id as two numbers. Up to 16 bytes: the bytes themselves, filled up with zeros, which no id
 * has (pabulib_open refuses NUL). Longer: LONG_ID and a hash, and the bytes are compared too. */
struct pabulib_id_key {
	uint64_t low, high;
};

struct pabulib_id_slot {
	struct pabulib_id_key key;
	uint32_t project; /* index + 1; 0: empty */
};

struct pabulib_ids {
	const struct pabulib_project *project;
	struct pabulib_id_slot *slots; /* a hash table, at most a quarter full */
	size_t size;                   /* a power of two: 2^(64 - shift) */
	int shift;
};

enum { PABULIB_ID_SHORT = 16 };

/* An empty table for up to `most` projects of this array, which may be filled later. */
MUST_CHECK enum status pabulib_ids_init(struct pabulib_ids *ids, struct arena *arena,
                                        const struct pabulib_project *project, size_t most);
/* Takes in project[index] by its id; false when that id is there already. */
bool pabulib_ids_add(struct pabulib_ids *ids, uint32_t index);
/* The project with this id: its index + 1; 0 when there is none. */
uint32_t pabulib_ids_find(const struct pabulib_ids *ids, struct str id);

/* How many of eight bytes stand before the first comma. */
static inline size_t
pabulib_before_comma(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t zero_at_comma = bytes ^ (ones * ',');
	uint64_t hit = (zero_at_comma - ones) & ~zero_at_comma & (ones << 7);

	return hit == 0 ? 8 : (size_t)__builtin_ctzll(hit) / 8;
}

static inline uint64_t
pabulib_first_of(uint64_t bytes, size_t count)
{
	return count == 8 ? bytes : bytes & ((UINT64_C(1) << 8 * count) - 1);
}

/* Where the search for a key begins. All of a product's bytes are in its highest bits only. */
static inline size_t
pabulib_id_place(const struct pabulib_ids *ids, struct pabulib_id_key key)
{
	uint64_t h = (key.low ^ key.high * UINT64_C(0x9e3779b97f4a7c15)) *
	             UINT64_C(0xff51afd7ed558ccd);

	return (size_t)(h >> ids->shift);
}

/* Takes the next id off a list parted by commas, as str_next does, and gives its index + 1.
 * Bytes may be read up to `readable`, at or behind the list's end. 0, and *list as it was, for
 * anything unusual (a long id, white space, too near to `readable`, no such project): then
 * str_next and pabulib_ids_find tell. The list must not be empty. */
static inline uint32_t
pabulib_ids_next(const struct pabulib_ids *ids, struct str *list, const char *readable)
{
	const char *from = list->ptr;
	struct pabulib_id_key key;
	size_t len, at;

	if (readable - from < PABULIB_ID_SHORT)
		return 0;
	key.low = decide_eight_bytes(from);
	len = pabulib_before_comma(key.low);
	key.high = len < 8 ? 0 : decide_eight_bytes(from + 8);
	if (len == 8)
		len += pabulib_before_comma(key.high);
	if (len > list->len)
		len = list->len;
	if (len < list->len && from[len] != ',')
		return 0;
	key.low = pabulib_first_of(key.low, len < 8 ? len : 8);
	key.high = pabulib_first_of(key.high, len < 8 ? 0 : len - 8);
	for (at = pabulib_id_place(ids, key); ids->slots[at].project != 0;
	     at = (at + 1) & (ids->size - 1))
		if (ids->slots[at].key.low == key.low && ids->slots[at].key.high == key.high) {
			*list = len == list->len
				? (struct str){ NULL, 0 }
				: (struct str){ from + len + 1, list->len - len - 1 };
			return ids->slots[at].project;
		}
	return 0;
}

#endif
