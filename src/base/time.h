/* Instants: microseconds since 1970 UTC. Zones and words for dates are in base/locale.h. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

struct instant {
	int64_t us;
};

enum { TIME_TEXT_LEN = 20 };
struct time_text { char text[TIME_TEXT_LEN + 1]; }; /* "2026-12-06T20:00:00Z" */

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

/* The system's clock. Only where a request, job or command begins; below that, time comes in. */
struct instant time_now(void);
/* How long something takes is a difference of these: they never go back. */
int64_t time_passing_us(void);
int64_t time_passing_ms(void);
struct instant time_plus(struct instant t, int64_t us);
bool time_before(struct instant a, struct instant b);

/* RFC 3339 in UTC, whole seconds; years 1 to 9999. */
struct time_text time_text(struct instant t);
MUST_CHECK enum status time_parse(struct str text, struct instant *ret);

/* A date, "2026-12-06", as midnight UTC: what date inputs send and ledgers count by. */
struct day_text { char text[11]; };
struct day_text day_text(struct instant day);
MUST_CHECK enum status day_parse(struct str text, struct instant *ret);

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar, and back. */
int64_t time_days(int year, int month, int day);
void time_date(int64_t days, int *ret_year, int *ret_month, int *ret_day);

#endif
