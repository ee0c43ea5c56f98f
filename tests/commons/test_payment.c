/* State x deed for payments: the table is the specification. */
#include "commons/payment.h"

#include "test.h"

static const int64_t today = 20000 * DAY_US;

static void
test_record(void)
{
	static const struct {
		const char *what;
		int64_t amount, left, day, began;
		bool payee, reference;
		enum status want;
		const char *field;
	} rows[] = {
		{ "all of it", 500, 500, 0, -9, true, true, OK, NULL },
		{ "a penny too much", 501, 500, 0, -9, true, true, REFUSED, "amount" },
		{ "nothing", 0, 500, 0, -9, true, true, REFUSED, "amount" },
		{ "less than nothing", -1, 500, 0, -9, true, true, REFUSED, "amount" },
		{ "on its first day", 1, 500, -9, -9, true, true, OK, NULL },
		{ "before the award", 1, 500, -10, -9, true, true, REFUSED, "day" },
		{ "tomorrow", 1, 500, 1, -9, true, true, REFUSED, "day" },
		{ "to nobody", 1, 500, 0, -9, false, true, REFUSED, "payee" },
		{ "without a reference", 1, 500, 0, -9, true, false, REFUSED, "reference" },
		{ "from a spent award", 1, 0, 0, -9, true, true, REFUSED, "amount" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct payment_facts facts = { { rows[i].amount }, { rows[i].left },
			                       { today + rows[i].day * DAY_US }, { today },
			                       { today + rows[i].began * DAY_US },
			                       rows[i].payee, rows[i].reference };
		struct refusal why = { 0 };

		CHECK_INT(payment_may_be_recorded(&facts, &why), rows[i].want);
		if (rows[i].field != NULL)
			CHECK_STR(str_of(why.field), rows[i].field);
	}
}

static void
test_take_back(void)
{
	struct correction_facts facts = { true, false, true };
	struct refusal why = { 0 };

	CHECK_INT(payment_may_be_taken_back(&facts, &why), OK);
	facts.has_reason = false;
	CHECK_INT(payment_may_be_taken_back(&facts, &why), REFUSED);
	CHECK_STR(str_of(why.field), "memo");
	facts = (struct correction_facts){ true, true, true };
	CHECK_INT(payment_may_be_taken_back(&facts, &why), REFUSED);
	facts = (struct correction_facts){ false, false, true };
	CHECK_INT(payment_may_be_taken_back(&facts, &why), REFUSED);
}

static void
test_receipt_type(void)
{
	CHECK_STR(str_of(receipt_type(STR("%PDF-1.7 x"))), "application/pdf");
	CHECK_STR(str_of(receipt_type(STR("\x89PNG\r\n\x1a\nxx"))), "image/png");
	CHECK_STR(str_of(receipt_type(STR("\xff\xd8\xff\xe0"))), "image/jpeg");
	CHECK_STR(str_of(receipt_type(STR("RIFF1234WEBPVP8 "))), "image/webp");
	CHECK(receipt_type(STR("RIFF1234WAVE")) == NULL);
	CHECK(receipt_type(STR("<svg xmlns=\"http://www.w3.org/2000/svg\">")) == NULL);
	CHECK(receipt_type(STR("<html>")) == NULL);
	CHECK(receipt_type(STR("")) == NULL);
}

static const struct test_case cases[] = {
	{ "payment: what may be recorded", test_record },
	{ "payment: what may be taken back", test_take_back },
	{ "payment: receipts are known by their first bytes", test_receipt_type },
};
TEST_MAIN(cases)
