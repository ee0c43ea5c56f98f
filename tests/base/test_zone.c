#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#include "base/chance.h"
#include "base/locale.h"
#include "test.h"

static struct instant
from(const char *zone, struct local_time local)
{
	struct instant t = { -7 };

	CHECK_INT(zone_from_local(str_of(zone), local, &t), OK);
	return t;
}

static struct str
utc_of(const char *zone, struct local_time local)
{
	static struct time_text text;

	text = time_text(from(zone, local));
	return str_of(text.text);
}

static void
test_clock_changes(void)
{
	/* London 2026: forward on 29 March at 1:00, back on 25 October at 2:00. */
	CHECK_STR(utc_of("Europe/London", (struct local_time){ 2026, 3, 29, 0, 59 }),
	          "2026-03-29T00:59:00Z");
	CHECK_STR(utc_of("Europe/London", (struct local_time){ 2026, 3, 29, 1, 30 }),
	          "2026-03-29T01:30:00Z"); /* 2:30 BST: moved on by the hour that is skipped */
	CHECK_STR(utc_of("Europe/London", (struct local_time){ 2026, 3, 29, 2, 0 }),
	          "2026-03-29T01:00:00Z");
	CHECK_STR(utc_of("Europe/London", (struct local_time){ 2026, 10, 25, 1, 30 }),
	          "2026-10-25T00:30:00Z"); /* the first of two */
	CHECK_STR(utc_of("Europe/London", (struct local_time){ 2026, 10, 25, 2, 0 }),
	          "2026-10-25T02:00:00Z");
	CHECK_STR(utc_of("Asia/Kathmandu", (struct local_time){ 2026, 1, 1, 0, 0 }),
	          "2025-12-31T18:15:00Z");
	CHECK_STR(utc_of("UTC", (struct local_time){ 9999, 12, 31, 23, 59 }), "9999-12-31T23:59:00Z");
	CHECK_STR(utc_of("UTC", (struct local_time){ 1, 1, 1, 0, 0 }), "0001-01-01T00:00:00Z");
}

static void
test_refused(void)
{
	static const struct local_time impossible[] = { { 2026, 2, 29, 0, 0 }, { 2026, 4, 31, 0, 0 },
		{ 2026, 13, 1, 0, 0 }, { 2026, 0, 1, 0, 0 }, { 2026, 1, 0, 0, 0 }, { 2026, 1, 32, 0, 0 },
		{ 2026, 1, 1, 24, 0 }, { 2026, 1, 1, -1, 0 }, { 2026, 1, 1, 0, 60 },
		{ 2026, 1, 1, 0, -1 }, { 0, 1, 1, 0, 0 }, { 10000, 1, 1, 0, 0 },
		{ INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX } };
	static const char *const unknown[] = { "", "Europe/Nowhere", "GMT+5", "Etc/Unknown", "europe/london",
		"Europe/London ", "Europe/Lond\xc3\xb3n", "../../etc/passwd",
		"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	struct local_time local = { 2026, 1, 1, 0, 0 };
	struct instant t = { -7 };

	for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++) {
		CHECK_INT(zone_from_local(STR("Europe/London"), impossible[i], &t), INVALID);
		CHECK_INT(t.us, -7);
	}
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		if (zone_is_known(str_of(unknown[i])))
			printf("# %s\n", unknown[i]);
		CHECK(!zone_is_known(str_of(unknown[i])));
		CHECK_INT(zone_from_local(str_of(unknown[i]), local, &t), INVALID);
		CHECK_INT(zone_to_local(str_of(unknown[i]), t, &local), INVALID);
	}
	CHECK(zone_is_known(STR("Europe/London")));
	CHECK(zone_is_known(STR("America/Argentina/Buenos_Aires")));
	CHECK(zone_is_known(STR("UTC")));
}

static void
check_to_local(const char *name, UCalendar *icu, struct instant t)
{
	UErrorCode error = U_ZERO_ERROR;
	struct local_time local = { 0 };

	CHECK_INT(zone_to_local(str_of(name), t, &local), OK);
	ucal_setMillis(icu, (UDate)(t.us / 1000), &error);
	CHECK(local.year == ucal_get(icu, UCAL_YEAR, &error) &&
	      local.month == ucal_get(icu, UCAL_MONTH, &error) + 1 &&
	      local.day == ucal_get(icu, UCAL_DATE, &error) &&
	      local.hour == ucal_get(icu, UCAL_HOUR_OF_DAY, &error) &&
	      local.minute == ucal_get(icu, UCAL_MINUTE, &error));
	CHECK(U_SUCCESS(error));
}

static void
check_from_local(const char *name, UCalendar *icu, struct local_time local)
{
	UErrorCode error = U_ZERO_ERROR;
	int64_t ms;

	ucal_clear(icu);
	ucal_setDateTime(icu, local.year, local.month - 1, local.day, local.hour, local.minute, 0, &error);
	ms = (int64_t)ucal_getMillis(icu, &error);
	CHECK(U_SUCCESS(error));
	if (from(name, local).us != ms * 1000)
		printf("# %s %d-%d-%d %d:%d is %lld ms\n", name, local.year, local.month, local.day,
		       local.hour, local.minute, (long long)ms);
	CHECK_INT(from(name, local).us, ms * 1000);
}

static void
check_zone(const char *name, struct chance *chance)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar icu_name[100];
	UCalendar *icu;

	u_uastrcpy(icu_name, name);
	icu = ucal_open(icu_name, -1, "en", UCAL_GREGORIAN, &error);
	CHECK(U_SUCCESS(error) && zone_is_known(str_of(name)));
	/* A skipped time moves on by the gap, one that comes twice is the first. */
	ucal_setAttribute(icu, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_LAST);
	ucal_setAttribute(icu, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
	for (int i = 0; i < 12; i++) {
		int64_t s = (int64_t)chance_below(chance, 3000000000) - 200000000; /* 1963 to 2058 */
		struct local_time local;
		UDate change;

		check_to_local(name, icu, (struct instant){ s * SECOND_US });
		ucal_setMillis(icu, (UDate)(s * 1000), &error);
		if (ucal_getTimeZoneTransitionDate(icu, UCAL_TZ_TRANSITION_NEXT, &change, &error))
			s = (int64_t)change / 1000;
		for (int64_t around = -7200; around <= 7200; around += 1800) {
			struct instant t = { (s + around) * SECOND_US };

			check_to_local(name, icu, t);
			CHECK_INT(zone_to_local(str_of(name), t, &local), OK);
			check_from_local(name, icu, local);
			local.hour = (local.hour + 1) % 24; /* also times that no clock shows */
			check_from_local(name, icu, local);
		}
	}
	ucal_close(icu);
}

/* Every fourth zone of the IANA database, around changes of its clocks, by ICU's own calendar. */
static void
test_all_zones(void)
{
	UErrorCode error = U_ZERO_ERROR;
	UEnumeration *names = ucal_openTimeZones(&error);
	uint8_t seed[32] = { 8 };
	struct chance chance;
	const char *name;
	int count = 0;

	chance_from_seed(&chance, seed);
	while ((name = uenum_next(names, NULL, &error)) != NULL) {
		if (strcmp(name, "Etc/Unknown") != 0 && count++ % 4 == 0)
			check_zone(name, &chance);
	}
	CHECK(U_SUCCESS(error) && count > 400);
	uenum_close(names);
}

static const struct test_case cases[] = {
	{ "zone: when clocks change", test_clock_changes },
	{ "zone: what is refused", test_refused },
	{ "zone: all zones, as ICU has them", test_all_zones },
};
TEST_MAIN(cases)
