#include "base/chance.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

void
chance_from_seed(struct chance *chance, const uint8_t seed[32])
{
	memset(chance, 0, sizeof *chance);
	memcpy(chance->seed, seed, sizeof chance->seed);
	chance->used = sizeof chance->bytes;
}

void
chance_from_system(struct chance *chance)
{
	uint8_t seed[32];

	randombytes_buf(seed, sizeof seed);
	chance_from_seed(chance, seed);
	sodium_memzero(seed, sizeof seed);
}

static void
next_block(struct chance *chance)
{
	static const uint8_t nonce[crypto_stream_chacha20_NONCEBYTES] = "folkmoot";
	enum { PER_BLOCK = sizeof chance->bytes / 64 };

	memset(chance->bytes, 0, sizeof chance->bytes);
	(void)crypto_stream_chacha20_xor_ic(chance->bytes, chance->bytes, sizeof chance->bytes,
	                                    nonce, chance->block * PER_BLOCK, chance->seed);
	chance->block++;
	chance->used = 0;
}

void
chance_bytes(struct chance *chance, void *out, size_t len)
{
	uint8_t *at = out;

	while (len > 0) {
		size_t piece;

		if (chance->used == sizeof chance->bytes)
			next_block(chance);
		piece = sizeof chance->bytes - chance->used;
		if (piece > len)
			piece = len;
		memcpy(at, chance->bytes + chance->used, piece);
		chance->used += piece;
		at += piece;
		len -= piece;
	}
}

uint64_t
chance_u64(struct chance *chance)
{
	uint8_t b[8];
	uint64_t value = 0;

	chance_bytes(chance, b, sizeof b);
	for (size_t i = 0; i < sizeof b; i++)
		value = value << 8 | b[i];
	return value;
}

uint64_t
chance_below(struct chance *chance, uint64_t bound)
{
	uint64_t reject, value;

	assert(bound > 0);
	reject = (0 - bound) % bound; /* 2^64 mod bound */
	do
		value = chance_u64(chance);
	while (value < reject);
	return value % bound;
}

int64_t
chance_id(struct chance *chance)
{
	int64_t value;

	do
		value = (int64_t)(chance_u64(chance) >> 1);
	while (value == 0);
	return value;
}

void
chance_shuffle(struct chance *chance, size_t *indices, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)chance_below(chance, i);
		size_t swap = indices[i - 1];

		indices[i - 1] = indices[j];
		indices[j] = swap;
	}
}
