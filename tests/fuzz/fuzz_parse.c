/* The small readers: amounts, numbers, times, ids, hashes, languages, zones. What is read, when
 * written, reads back as the same. */
#include "base/digest.h"
#include "base/id.h"
#include "base/locale.h"

#include "fuzz/fuzz.h"

static void
check_amount(struct str input)
{
	for (int decimals = 0; decimals <= 4; decimals++) {
		struct amount amount = { -1 }, back = { -1 };
		struct buf out;

		if (amount_parse(input, decimals, &amount) != OK)
			continue;
		CHECK_ALWAYS(amount.minor >= 0 && amount.minor <= INT64_C(1000000000000000));
		buf_init(&out, 100);
		amount_write(&out, amount, decimals);
		CHECK_ALWAYS(amount_parse(buf_str(&out), decimals, &back) == OK);
		CHECK_ALWAYS(amount.minor == back.minor);
		buf_release(&out);
	}
}

static void
check_fixed_forms(struct str input)
{
	struct digest digest, digest_back;
	struct instant t;
	int64_t n;

	if (time_parse(input, &t) == OK)
		CHECK_ALWAYS(str_is(input, time_text(t).text));
	if (id_parse(input, &n) == OK)
		CHECK_ALWAYS(n > 0 && str_is(input, id_text(n).text));
	if (digest_parse(input, &digest) == OK) {
		CHECK_ALWAYS(digest_parse(str_of(digest_text(digest).text), &digest_back) == OK);
		CHECK_ALWAYS(digest_eq(digest, digest_back));
	}
	(void)str_to_int(input, &n);
}

FUZZ(input)
{
	const struct locale *english = locale_get(STR("en"));

	check_amount(input);
	check_fixed_forms(input);
	CHECK_ALWAYS(locale_get(input) != NULL);
	CHECK_ALWAYS(locale_negotiate(input, english) != NULL);
	CHECK_ALWAYS(currency_decimals(input) >= -1);
	(void)zone_is_known(input);
}
