#include "store/metric.h"

#include <stdatomic.h>
#include <string.h>

enum { BOUNDS = 14 };

struct cells {
	atomic_int_least64_t buckets[BOUNDS + 1]; /* the last: above all bounds */
	atomic_int_least64_t sum;
};

static atomic_int_least64_t counters[METRIC_COUNTERS];
static struct cells histograms[METRIC_HISTOGRAMS];

/* 0.5 ms to 10 s. */
static const int64_t bounds_us[BOUNDS] = {
	500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000, 2000000, 5000000,
	10000000,
};
static const int64_t bounds_size[BOUNDS] = {
	1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 512,
};

/* Counters and histograms of one family stand together; the first says what it is. */
static const struct { const char *family, *help, *label; } counter_words[METRIC_COUNTERS] = {
	[METRIC_REQUESTS_2XX] = { "folkmoot_requests", "Answers by class of status.", "{class=\"2xx\"}" },
	[METRIC_REQUESTS_3XX] = { "folkmoot_requests", NULL, "{class=\"3xx\"}" },
	[METRIC_REQUESTS_4XX] = { "folkmoot_requests", NULL, "{class=\"4xx\"}" },
	[METRIC_REQUESTS_5XX] = { "folkmoot_requests", NULL, "{class=\"5xx\"}" },
	[METRIC_CACHE_HITS] = { "folkmoot_cache_hits", "Signed-out pages that were ready.", "" },
	[METRIC_STATEMENTS] = { "folkmoot_db_statements", "Statements of pages and deeds.", "" },
	[METRIC_DB_LOST] = { "folkmoot_db_lost", "Connections to PostgreSQL that were lost.", "" },
	[METRIC_DB_RETRIES] = { "folkmoot_db_retries", "Batches of deeds that were tried again.", "" },
	[METRIC_DB_UNKNOWN] = { "folkmoot_db_unknown", "Commits that were cut in the middle.", "" },
};

static const struct { const char *family, *help, *label; const int64_t *bounds; }
histogram_words[METRIC_HISTOGRAMS] = {
	[METRIC_PAGE] = { "folkmoot_request_seconds", "Time to answer.", "kind=\"page\"", bounds_us },
	[METRIC_DEED_ANSWER] = { "folkmoot_request_seconds", NULL, "kind=\"deed\"", bounds_us },
	[METRIC_DEED_WAIT] = { "folkmoot_deed_wait_seconds", "Time a deed waits for its writer.", "",
	                       bounds_us },
	[METRIC_DB_DEEDS] = { "folkmoot_db_seconds", "Time in the database.", "kind=\"deeds\"", bounds_us },
	[METRIC_DB_COMMIT] = { "folkmoot_db_seconds", NULL, "kind=\"commit\"", bounds_us },
	[METRIC_DB_READ] = { "folkmoot_db_seconds", NULL, "kind=\"read\"", bounds_us },
	[METRIC_BATCH] = { "folkmoot_deed_batch", "Deeds committed together.", "", bounds_size },
};

void
metric_add(enum metric_counter counter, int64_t n)
{
	atomic_fetch_add_explicit(&counters[counter], n, memory_order_relaxed);
}

void
metric_observe(enum metric_histogram histogram, int64_t value)
{
	const int64_t *bounds = histogram_words[histogram].bounds;
	int at = 0;

	while (at < BOUNDS && value > bounds[at])
		at++;
	atomic_fetch_add_explicit(&histograms[histogram].buckets[at], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&histograms[histogram].sum, value, memory_order_relaxed);
}

int64_t
metric_counted(enum metric_counter counter)
{
	return atomic_load_explicit(&counters[counter], memory_order_relaxed);
}

/* ---- OpenMetrics text -------------------------------------------------------------------- */

static void
put_head(struct buf *out, const char *family, const char *type, bool seconds, const char *help)
{
	buf_add_format(out, "# TYPE %s %s\n", family, type);
	if (seconds)
		buf_add_format(out, "# UNIT %s seconds\n", family);
	buf_add_format(out, "# HELP %s %s\n", family, help);
}

/* Microseconds as seconds, exactly; or a plain number. */
static void
put_value(struct buf *out, int64_t value, bool seconds)
{
	if (seconds)
		buf_add_format(out, "%lld.%06lld", (long long)(value / 1000000),
		               (long long)(value % 1000000));
	else
		buf_add_int(out, value);
}

static void
put_histogram(struct buf *out, enum metric_histogram h)
{
	const char *family = histogram_words[h].family, *label = histogram_words[h].label;
	const char *comma = *label == '\0' ? "" : ",";
	bool seconds = histogram_words[h].bounds == bounds_us;
	int64_t total = 0;

	if (histogram_words[h].help != NULL)
		put_head(out, family, "histogram", seconds, histogram_words[h].help);
	for (int i = 0; i <= BOUNDS; i++) {
		total += atomic_load_explicit(&histograms[h].buckets[i], memory_order_relaxed);
		buf_add_format(out, "%s_bucket{%s%sle=\"", family, label, comma);
		if (i == BOUNDS)
			buf_add_c(out, "+Inf");
		else
			put_value(out, histogram_words[h].bounds[i], seconds);
		buf_add_format(out, "\"} %lld\n", (long long)total);
	}
	buf_add_format(out, *label == '\0' ? "%s_sum " : "%s_sum{%s} ", family, label);
	put_value(out, atomic_load_explicit(&histograms[h].sum, memory_order_relaxed), seconds);
	buf_add_format(out, *label == '\0' ? "\n%s_count%s %lld\n" : "\n%s_count{%s} %lld\n", family,
	               label, (long long)total);
}

void
metric_write(struct buf *out)
{
	for (int i = 0; i < METRIC_COUNTERS; i++) {
		if (counter_words[i].help != NULL)
			put_head(out, counter_words[i].family, "counter", false, counter_words[i].help);
		buf_add_format(out, "%s_total%s %lld\n", counter_words[i].family, counter_words[i].label,
		               (long long)metric_counted((enum metric_counter)i));
	}
	for (int i = 0; i < METRIC_HISTOGRAMS; i++)
		put_histogram(out, (enum metric_histogram)i);
}

void
metric_gauge(struct buf *out, const char *name, const char *help, bool head, const char *label,
             const char *label_value, int64_t value)
{
	size_t len = strlen(name);

	if (head)
		put_head(out, name, "gauge", len > 8 && strcmp(name + len - 8, "_seconds") == 0, help);
	if (label != NULL)
		buf_add_format(out, "%s{%s=\"%s\"} ", name, label, label_value);
	else
		buf_add_format(out, "%s ", name);
	buf_add_int(out, value);
	buf_add_char(out, '\n');
}
