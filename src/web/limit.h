/* Rate limits: token buckets in memory, by kind and by who asks.
 *
 * A bucket holds up to `burst` and fills at `per_minute`; each request takes one. The table
 * has a fixed size: when a set is full, the bucket that was idle longest gives way, so a
 * flood of addresses costs no memory. Safe from any thread.
 */
#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct limit;

struct limit_rate {
	int burst;
	int per_minute; /* at least 1 */
};

struct limit *limit_new(void); /* NULL: no memory */
void limit_free(struct limit *limit);

/* A key of a kind ("sign-in", a route's path, …) and whom it is about. */
uint64_t limit_key(const struct limit *limit, const char *kind, struct str who);
/* Takes one; false: the bucket is empty. now_ms: a monotonic clock. */
bool limit_take(struct limit *limit, uint64_t key, struct limit_rate rate, int64_t now_ms);

#endif
