/* Chance that can be replayed: a stream of random numbers from a 32-byte seed, the key stream of
 * ChaCha20 (64-bit counter from 0) with that key and the nonce "folkmoot". The stream and what
 * is made from it never change: draws on record can be replayed by anybody.
 * A deed's ids, nonces and draws all come from its own seed, so that the same deed run
 * again (after a retry, or on another engine) makes the same things. */
#ifndef BASE_CHANCE_H
#define BASE_CHANCE_H

#include <stddef.h>
#include <stdint.h>

struct chance {
	uint8_t seed[32];
	uint64_t block;     /* next 512-byte block of the stream */
	uint8_t bytes[512]; /* the present block */
	size_t used;        /* of bytes */
};

void chance_from_seed(struct chance *chance, const uint8_t seed[32]);
/* Seeded from the operating system: only where a deed or job begins. */
void chance_from_system(struct chance *chance);

void chance_bytes(struct chance *chance, void *out, size_t len);
uint64_t chance_u64(struct chance *chance);
/* Uniform in [0, bound); bound > 0. No modulo bias (rejection). */
uint64_t chance_below(struct chance *chance, uint64_t bound);
/* A fresh id value: uniform in [1, 2^63). */
int64_t chance_id(struct chance *chance);
/* Fisher-Yates over indices 0..count-1. */
void chance_shuffle(struct chance *chance, size_t *indices, size_t count);

#endif
