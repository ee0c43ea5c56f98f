/* Time zones by ICU. Each thread keeps, per zone, the spans between two changes of the clocks
 * that it met: within a span local time is an addition. */
#include "base/locale_own.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum {
	NAME_MAX_LEN = 63,
	SPANS = 8
};

struct span {
	int64_t from_ms, to_ms; /* [from, to) */
	int64_t offset_ms;      /* local = UTC + offset */
};

struct zone {
	struct zone *next;
	UCalendar *calendar;
	struct span spans[SPANS]; /* empty ones have from == to */
	unsigned replace;         /* the one to be replaced next */
	size_t name_len;
	char name[];
};

static _Thread_local struct zone *zones;
static pthread_key_t at_exit_of_thread;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;

static void
free_all(void *first)
{
	for (struct zone *zone = first; zone != NULL;) {
		struct zone *next = zone->next;

		ucal_close(zone->calendar);
		free(zone);
		zone = next;
	}
}

static void
make_key(void)
{
	(void)pthread_key_create(&at_exit_of_thread, free_all);
}

/* ICU's name; 0 when ICU does not know it as a zone of the IANA database. */
static int32_t
system_name(struct str name, UChar out[NAME_MAX_LEN + 1])
{
	UErrorCode error = U_ZERO_ERROR;
	UBool is_system = false;
	UChar canonical[128];

	if (name.len == 0 || name.len > NAME_MAX_LEN || str_is(name, "Etc/Unknown"))
		return 0;
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~')
			return 0;
		out[i] = (UChar)name.ptr[i];
	}
	out[name.len] = 0;
	(void)ucal_getCanonicalTimeZoneID(out, (int32_t)name.len, canonical, 128, &is_system, &error);
	return U_SUCCESS(error) && is_system ? (int32_t)name.len : 0;
}

static struct zone *
zone_open(struct str name)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar icu_name[NAME_MAX_LEN + 1];
	int32_t len = system_name(name, icu_name);
	struct zone *zone;

	if (len == 0)
		return NULL;
	zone = calloc(1, sizeof *zone + name.len);
	if (zone == NULL)
		return NULL;
	zone->calendar = ucal_open(icu_name, len, "en", UCAL_GREGORIAN, &error);
	if (U_FAILURE(error)) {
		free(zone);
		return NULL;
	}
	memcpy(zone->name, name.ptr, name.len);
	zone->name_len = name.len;
	return zone;
}

/* This thread's zone of a name, moved to the front; NULL when nobody knows it. */
static struct zone *
zone_for(struct str name)
{
	struct zone **link = &zones, *zone;

	while (*link != NULL && !str_eq(name, (struct str){ (*link)->name, (*link)->name_len }))
		link = &(*link)->next;
	zone = *link;
	if (zone != NULL && zone == zones)
		return zone;
	if (zone != NULL) {
		*link = zone->next;
	} else {
		zone = zone_open(name);
		if (zone == NULL)
			return NULL;
	}
	(void)pthread_once(&key_made, make_key);
	zone->next = zones;
	zones = zone;
	(void)pthread_setspecific(at_exit_of_thread, zones);
	return zone;
}

bool
zone_is_known(struct str name)
{
	return zone_for(name) != NULL;
}

/* ICU's answer, with the time until which it holds. */
static struct span
ask_icu(UCalendar *calendar, int64_t ms)
{
	UErrorCode error = U_ZERO_ERROR;
	struct span span = { INT64_MIN, INT64_MAX, 0 };
	UDate change;

	ucal_setMillis(calendar, (UDate)ms, &error);
	span.offset_ms = ucal_get(calendar, UCAL_ZONE_OFFSET, &error) +
	                 ucal_get(calendar, UCAL_DST_OFFSET, &error);
	if (ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, &change,
	                                   &error) && U_SUCCESS(error))
		span.from_ms = (int64_t)change;
	if (ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &change, &error) &&
	    U_SUCCESS(error))
		span.to_ms = (int64_t)change;
	return span;
}

static int64_t
offset_at(struct zone *zone, int64_t ms)
{
	struct span *span;

	for (unsigned i = 0; i < SPANS; i++) {
		span = &zone->spans[i];
		if (span->from_ms <= ms && ms < span->to_ms)
			return span->offset_ms;
	}
	span = &zone->spans[zone->replace];
	zone->replace = (zone->replace + 1) % SPANS;
	*span = ask_icu(zone->calendar, ms);
	return span->offset_ms;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t
minutes_of(struct zone *zone, struct instant t)
{
	int64_t ms = floor_div(t.us, 1000);

	return floor_div(zone == NULL ? ms : ms + offset_at(zone, ms), 60000);
}

int64_t
zone_minutes(struct str name, struct instant t)
{
	return minutes_of(zone_for(name), t);
}

enum status
zone_to_local(struct str name, struct instant t, struct local_time *ret)
{
	struct zone *zone = zone_for(name);
	int64_t minutes, day;

	if (zone == NULL)
		return INVALID;
	minutes = minutes_of(zone, t);
	day = floor_div(minutes, 1440);
	minutes -= day * 1440;
	time_date(day, &ret->year, &ret->month, &ret->day);
	ret->hour = (int)(minutes / 60);
	ret->minute = (int)(minutes % 60);
	return OK;
}

static bool
is_possible(const struct local_time *local)
{
	int year, month, day;

	if (local->year < 1 || local->year > 9999 || local->month < 1 || local->month > 12 ||
	    local->day < 1 || local->day > 31 || local->hour < 0 || local->hour > 23 ||
	    local->minute < 0 || local->minute > 59)
		return false;
	time_date(time_days(local->year, local->month, local->day), &year, &month, &day);
	return day == local->day; /* 31 April is 1 May */
}

enum status
zone_from_local(struct str name, struct local_time local, struct instant *ret)
{
	struct zone *zone = zone_for(name);
	int64_t wall, before, after, ms;

	if (zone == NULL || !is_possible(&local))
		return INVALID;
	wall = (time_days(local.year, local.month, local.day) * 1440 + local.hour * 60 +
	        local.minute) * 60000;
	/* Clocks change at most once within a day of any time; what held before the change gives
	 * the first of two, and for a skipped time the one moved on by the gap. */
	before = offset_at(zone, wall - 86400000);
	after = offset_at(zone, wall + 86400000);
	ms = wall - before;
	if (offset_at(zone, ms) != before && offset_at(zone, wall - after) == after)
		ms = wall - after;
	ret->us = ms * 1000;
	return OK;
}
