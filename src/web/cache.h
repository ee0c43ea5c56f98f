/* Ready answers to signed-out requests, one cache per HTTP thread.
 *
 * An answer is used only while the database is as it was when the page was made (cache_see),
 * and for CACHE_MS at most, as some pages change with the clock. A full cache starts again.
 */
#ifndef WEB_CACHE_H
#define WEB_CACHE_H

#include <microhttpd.h>
#include <stdint.h>

#include "base/str.h"

struct cache;

enum { CACHE_MS = 2000 };

struct cache *cache_new(size_t max_bytes); /* NULL: no memory */
void cache_free(struct cache *cache);

/* The database's present version (db_data_version): forgets everything when it is another. */
void cache_see(struct cache *cache, int64_t version);
/* NULL: not there. The cache keeps its reference. */
struct MHD_Response *cache_find(struct cache *cache, struct str key, int64_t now_ms);
/* Takes the caller's reference over. bytes: of the answer, for the limit. */
void cache_put(struct cache *cache, struct str key, struct MHD_Response *response, size_t bytes,
               int64_t now_ms);

#endif
