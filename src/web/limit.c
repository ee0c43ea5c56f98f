#include "web/limit.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 2048, WAYS = 8, LOCKS = 64 };

/* Levels are in 1/60000 of a request, so that filling by the millisecond is exact. */
#define ONE INT64_C(60000)

struct bucket {
	uint64_t key; /* 0: free */
	int64_t level, filled_ms;
};

struct limit {
	uint8_t hash_key[crypto_shorthash_KEYBYTES]; /* so that nobody can aim at a set */
	pthread_mutex_t locks[LOCKS];
	struct bucket sets[SETS][WAYS];
};

struct limit *
limit_new(void)
{
	struct limit *limit = calloc(1, sizeof *limit);

	if (limit == NULL)
		return NULL;
	crypto_shorthash_keygen(limit->hash_key);
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&limit->locks[i], NULL);
	return limit;
}

void
limit_free(struct limit *limit)
{
	if (limit == NULL)
		return;
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&limit->locks[i]);
	free(limit);
}

uint64_t
limit_key(const struct limit *limit, const char *kind, struct str who)
{
	uint64_t parts[2], key;

	(void)crypto_shorthash((unsigned char *)&parts[0], (const unsigned char *)kind, strlen(kind),
	                       limit->hash_key);
	(void)crypto_shorthash((unsigned char *)&parts[1], (const unsigned char *)who.ptr, who.len,
	                       limit->hash_key);
	(void)crypto_shorthash((unsigned char *)&key, (const unsigned char *)parts, sizeof parts,
	                       limit->hash_key);
	return key == 0 ? 1 : key;
}

/* The key's bucket, or the one it takes over. */
static struct bucket *
find(struct bucket *set, uint64_t key, struct limit_rate rate, int64_t now_ms)
{
	struct bucket *oldest = &set[0];

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].key == 0 || (oldest->key != 0 && set[i].filled_ms < oldest->filled_ms))
			oldest = &set[i];
	}
	*oldest = (struct bucket){ key, rate.burst * ONE, now_ms };
	return oldest;
}

bool
limit_take(struct limit *limit, uint64_t key, struct limit_rate rate, int64_t now_ms)
{
	size_t at = (size_t)(key % SETS);
	pthread_mutex_t *lock = &limit->locks[at % LOCKS];
	struct bucket *bucket;
	int64_t elapsed;
	bool given;

	assert(rate.per_minute > 0 && rate.burst > 0);
	pthread_mutex_lock(lock);
	bucket = find(limit->sets[at], key, rate, now_ms);
	elapsed = now_ms - bucket->filled_ms;
	if (elapsed > 0) {
		/* A day fills any bucket; the bound keeps the product small. */
		if (elapsed > 86400000)
			elapsed = 86400000;
		bucket->level += elapsed * rate.per_minute;
		bucket->filled_ms = now_ms;
	}
	if (bucket->level > rate.burst * ONE)
		bucket->level = rate.burst * ONE;
	given = bucket->level >= ONE;
	if (given)
		bucket->level -= ONE;
	pthread_mutex_unlock(lock);
	return given;
}
