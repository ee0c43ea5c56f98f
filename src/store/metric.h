/* What the program counts of itself, for /metrics: one place for all of it, written as OpenMetrics
 * 1.0 text. Any thread may count at any time; counting costs one atomic addition. Names of metrics
 * and of their labels are here and nowhere else: never what people wrote, never an id.
 */
#ifndef STORE_METRIC_H
#define STORE_METRIC_H

#include <stdint.h>

#include "base/buf.h"

enum metric_counter {
	METRIC_REQUESTS_2XX, METRIC_REQUESTS_3XX, METRIC_REQUESTS_4XX, METRIC_REQUESTS_5XX,
	METRIC_CACHE_HITS,
	METRIC_STATEMENTS,
	METRIC_DB_LOST, METRIC_DB_RETRIES, METRIC_DB_UNKNOWN,
	METRIC_COUNTERS
};

/* Times in microseconds, but METRIC_BATCH: deeds committed together. */
enum metric_histogram {
	METRIC_PAGE, METRIC_DEED_ANSWER, /* requests, from their headers to the answer's end */
	METRIC_DEED_WAIT,                /* in the writer's queue */
	METRIC_DB_DEEDS, METRIC_DB_COMMIT, /* of a batch */
	METRIC_DB_READ,                  /* all that one page reads */
	METRIC_BATCH,
	METRIC_HISTOGRAMS
};

void metric_add(enum metric_counter counter, int64_t n);
void metric_observe(enum metric_histogram histogram, int64_t value);
int64_t metric_counted(enum metric_counter counter); /* for tests */

/* All of the above. The caller adds what it knows itself (metric_gauge) and then "# EOF". */
void metric_write(struct buf *out);
/* One gauge; `label` NULL or "database", then with its value. `head`: the lines about it come first. */
void metric_gauge(struct buf *out, const char *name, const char *help, bool head, const char *label,
                  const char *label_value, int64_t value);

#endif
