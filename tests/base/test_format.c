/* In every language of ICU, what base/format writes is ICU's very text, although it mostly
 * composes it itself. */
#include <pthread.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "base/chance.h"
#include "base/locale_own.h"
#include "test.h"

static struct buf ours;

static struct str
utf8(const UChar *text, int32_t len)
{
	static char out[600];
	UErrorCode error = U_ZERO_ERROR;
	int32_t bytes = 0;

	u_strToUTF8(out, sizeof out, &bytes, text, len, &error);
	CHECK(U_SUCCESS(error));
	return (struct str){ out, (size_t)bytes };
}

static struct str
icu_number(UNumberFormat *icu, const char *decimal)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar text[200];
	int32_t len = unum_formatDecimal(icu, decimal, -1, text, 200, NULL, &error);

	CHECK(U_SUCCESS(error));
	return utf8(text, len);
}

static UNumberFormat *
open_number(const struct locale *locale, UNumberFormatStyle style, int decimals)
{
	UErrorCode error = U_ZERO_ERROR;
	UNumberFormat *icu = unum_open(style, NULL, 0, locale->icu, NULL, &error);

	CHECK(U_SUCCESS(error));
	unum_setAttribute(icu, UNUM_MIN_FRACTION_DIGITS, decimals);
	unum_setAttribute(icu, UNUM_MAX_FRACTION_DIGITS, decimals);
	return icu;
}

static bool
same_as(struct str theirs, const struct locale *locale)
{
	bool same = buf_status(&ours) == OK && str_eq(buf_str(&ours), theirs);

	if (!same)
		printf("# %s: \"%.*s\", not \"%.*s\"\n", locale->icu, STR_ARG(buf_str(&ours)),
		       STR_ARG(theirs));
	return same;
}

static void
check_numbers(const struct format *f, struct chance *chance)
{
	UNumberFormat *icu = open_number(f->locale, UNUM_DECIMAL, 0);

	for (int i = 0; i < 30; i++) {
		int64_t n = (int64_t)chance_u64(chance) >> chance_below(chance, 64);
		char decimal[30];

		(void)snprintf(decimal, sizeof decimal, "%lld", (long long)n);
		buf_clear(&ours);
		format_number(&ours, f, n);
		CHECK(same_as(icu_number(icu, decimal), f->locale));
	}
	unum_close(icu);
}

static void
check_money(const struct format *f, const UChar *code, struct chance *chance)
{
	UErrorCode error = U_ZERO_ERROR;
	UNumberFormat *icu[2];

	for (int exact = 0; exact < 2; exact++) {
		icu[exact] = open_number(f->locale, UNUM_CURRENCY, 0);
		unum_setTextAttribute(icu[exact], UNUM_CURRENCY_CODE, code, 3, &error);
		unum_setAttribute(icu[exact], UNUM_MIN_FRACTION_DIGITS, 2 * exact);
		unum_setAttribute(icu[exact], UNUM_MAX_FRACTION_DIGITS, 2 * exact);
	}
	for (int i = 0; i < 20; i++) {
		int64_t n = (int64_t)chance_u64(chance) >> chance_below(chance, 63);
		uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
		char decimal[40];

		(void)snprintf(decimal, sizeof decimal, "%s%llu.%02llu", n < 0 ? "-" : "",
		               (unsigned long long)size / 100, (unsigned long long)size % 100);
		buf_clear(&ours);
		format_money(&ours, f, (struct amount){ n });
		CHECK(same_as(icu_number(icu[size % 100 > 0], decimal), f->locale));
	}
	unum_close(icu[0]);
	unum_close(icu[1]);
}

static void
check_dates(const struct format *f, struct chance *chance)
{
	UErrorCode error = U_ZERO_ERROR;
	UDateTimePatternGenerator *generator = udatpg_open(f->locale->icu, &error);
	UChar pattern[100], text[200];
	UDateFormat *icu;
	int32_t len;

	len = udatpg_getBestPattern(generator, u"yMMMMEEEEd", -1, pattern, 100, &error);
	for (int32_t i = 0; i < len; i++)
		pattern[i] = pattern[i] == 0x202f ? ' ' : pattern[i];
	icu = udat_open(UDAT_PATTERN, UDAT_PATTERN, f->locale->icu, u"Europe/Warsaw", -1, pattern, len,
	                &error);
	CHECK(U_SUCCESS(error));
	for (int i = 0; i < 10; i++) {
		int64_t s = (int64_t)chance_below(chance, 2000000000);

		len = udat_format(icu, (UDate)s * 1000, text, 200, NULL, &error);
		CHECK(U_SUCCESS(error));
		buf_clear(&ours);
		format_date(&ours, f, (struct instant){ s * SECOND_US });
		CHECK(same_as(utf8(text, len), f->locale));
	}
	udat_close(icu);
	udatpg_close(generator);
}

/* Every fifth of ICU's 800 locales; the others repeat languages in other countries. */
static void
test_all_languages(void)
{
	static struct locale locales[400]; /* formatters are kept by address */
	uint8_t seed[32] = { 5 };
	struct chance chance;
	int count = 0;

	chance_from_seed(&chance, seed);
	buf_init(&ours, 1000);
	for (int32_t i = 0; i < uloc_countAvailable() && count < 400; i += 5) {
		struct locale *locale = &locales[count++];
		struct format f = { locale, STR("GBP"), STR("Europe/Warsaw") };

		(void)snprintf(locale->icu, sizeof locale->icu, "%s", uloc_getAvailable(i));
		check_numbers(&f, &chance);
		check_money(&f, u"GBP", &chance);
		f.currency = STR("PLN");
		check_money(&f, u"PLN", &chance);
		check_dates(&f, &chance);
	}
	CHECK(count > 100);
	buf_release(&ours);
}

/* A buffer that is full takes nothing, and the next one gets the whole date. */
static void
test_full_buffer(void)
{
	struct format f = { locale_get(STR("en-GB")), STR("GBP"), STR("UTC") };
	struct buf small, large;

	buf_init(&small, 5);
	buf_init(&large, 100);
	for (int i = 0; i < 2; i++) {
		buf_clear(&small);
		format_date_time(&small, &f, (struct instant){ 0 });
		CHECK_INT(buf_status(&small), NO_MEMORY);
		buf_clear(&large);
		format_date_time(&large, &f, (struct instant){ 0 });
		CHECK_STR(buf_str(&large), "Thursday 1 January 1970, 12 am");
	}
	buf_release(&small);
	buf_release(&large);
}

/* One thread's share; gives how many texts were wrong. */
static void *
speak(void *wrong)
{
	static const char *const tags[] = { "en-GB", "en-XA", "ar-XB", "en-US" };
	static const char *const want[] = { "Thursday 1 January 1970, 12 am",
		"Ţĥûŕšðáý 1 Ĵáñûáŕý 1970, 12 áɱ", "الخميس، ١ يناير ١٩٧٠، ١٢ ص",
		"Thursday, January 1, 1970, 12 AM" };
	struct buf out;

	buf_init(&out, 200);
	for (int i = 0; i < 400; i++) {
		struct format f = { locale_get(str_of(tags[i % 4])), STR("GBP"), STR("UTC") };

		buf_clear(&out);
		format_date_time(&out, &f, (struct instant){ 0 });
		*(int *)wrong += !str_is(buf_str(&out), want[i % 4]);
		buf_clear(&out);
		format_money(&out, &f, (struct amount){ 123400 });
		*(int *)wrong += i % 4 != 2 && !str_is(buf_str(&out), "£1,234");
		*(int *)wrong += i % 4 == 1 && !str_is(locale_words(f.locale, "Yes"), "[Ýééš]");
	}
	buf_release(&out);
	return NULL;
}

static void
test_threads(void)
{
	pthread_t threads[4];
	int wrong[4] = { 0 };

	for (int i = 0; i < 4; i++)
		CHECK_INT(pthread_create(&threads[i], NULL, speak, &wrong[i]), 0);
	for (int i = 0; i < 4; i++) {
		CHECK_INT(pthread_join(threads[i], NULL), 0);
		CHECK_INT(wrong[i], 0);
	}
}

static const struct test_case cases[] = {
	{ "format: numbers, money and dates as ICU has them", test_all_languages },
	{ "format: threads don't share", test_threads },
	{ "format: into a full buffer", test_full_buffer },
};
TEST_MAIN(cases)
