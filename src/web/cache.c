#include "web/cache.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024, ENTRY_COST = 1024 /* headers and the like, about */ };

struct entry {
	struct entry *next;
	struct MHD_Response *response;
	uint64_t hash;
	int64_t until_ms;
	size_t bytes, key_len;
	char key[];
};

struct cache {
	uint8_t hash_key[crypto_shorthash_KEYBYTES];
	int64_t version;
	size_t bytes, max_bytes;
	struct entry *buckets[BUCKETS];
};

struct cache *
cache_new(size_t max_bytes)
{
	struct cache *cache = calloc(1, sizeof *cache);

	if (cache == NULL)
		return NULL;
	crypto_shorthash_keygen(cache->hash_key);
	cache->max_bytes = max_bytes;
	return cache;
}

static void
clear(struct cache *cache)
{
	if (cache->bytes == 0)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (cache->buckets[i] != NULL) {
			struct entry *entry = cache->buckets[i];

			cache->buckets[i] = entry->next;
			MHD_destroy_response(entry->response);
			free(entry);
		}
	cache->bytes = 0;
}

void
cache_free(struct cache *cache)
{
	if (cache == NULL)
		return;
	clear(cache);
	free(cache);
}

void
cache_see(struct cache *cache, int64_t version)
{
	if (version == cache->version)
		return;
	clear(cache);
	cache->version = version;
}

static uint64_t
hash_of(const struct cache *cache, struct str key)
{
	uint64_t hash;

	(void)crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.ptr, key.len,
	                       cache->hash_key);
	return hash;
}

struct MHD_Response *
cache_find(struct cache *cache, struct str key, int64_t now_ms)
{
	uint64_t hash = hash_of(cache, key);

	for (struct entry *e = cache->buckets[hash % BUCKETS]; e != NULL; e = e->next)
		if (e->hash == hash && e->until_ms > now_ms &&
		    str_eq((struct str){ e->key, e->key_len }, key))
			return e->response;
	return NULL;
}

/* Takes out what stood there under the same key. */
static void
drop(struct cache *cache, struct entry **at, uint64_t hash, struct str key)
{
	while (*at != NULL) {
		struct entry *entry = *at;

		if (entry->hash == hash && str_eq((struct str){ entry->key, entry->key_len }, key)) {
			*at = entry->next;
			cache->bytes -= entry->bytes;
			MHD_destroy_response(entry->response);
			free(entry);
			return;
		}
		at = &entry->next;
	}
}

void
cache_put(struct cache *cache, struct str key, struct MHD_Response *response, size_t bytes,
          int64_t now_ms)
{
	uint64_t hash = hash_of(cache, key);
	struct entry *entry;

	bytes += ENTRY_COST + key.len;
	drop(cache, &cache->buckets[hash % BUCKETS], hash, key);
	if (bytes > cache->max_bytes - cache->bytes)
		clear(cache);
	entry = bytes > cache->max_bytes ? NULL : malloc(sizeof *entry + key.len);
	if (entry == NULL) {
		MHD_destroy_response(response);
		return;
	}
	*entry = (struct entry){ .next = cache->buckets[hash % BUCKETS], .response = response,
	                         .hash = hash, .until_ms = now_ms + CACHE_MS, .bytes = bytes,
	                         .key_len = key.len };
	memcpy(entry->key, key.ptr, key.len);
	cache->buckets[hash % BUCKETS] = entry;
	cache->bytes += bytes;
}
