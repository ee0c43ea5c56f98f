#include "base/id.h"

#include "base/chance.h"
#include "test.h"

static void
test_text(void)
{
	CHECK_STR(str_of(id_text(1).text), "0000000000001");
	CHECK_STR(str_of(id_text(INT64_MAX).text), "7zzzzzzzzzzzz");
	CHECK_STR(str_of(id_text(31 * 32 + 18).text), "00000000000zj");
}

static void
test_parse(void)
{
	static const char *const bad[] = { "", "1", "0000000000000", "000000000000", "00000000000001",
		"8000000000000", "zzzzzzzzzzzzz", "000000000000i", "000000000000l", "000000000000o",
		"000000000000u", "000000000000A", "00000000000 1", "-000000000001", "000000000000\xc3" };
	int64_t value = -7;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK_INT(id_parse(str_of(bad[i]), &value), INVALID);
		CHECK_INT(value, -7);
	}
	CHECK_INT(id_parse(STR("000000000000\0"), &value), INVALID);
	CHECK_INT(id_parse(STR("7zzzzzzzzzzzz"), &value), OK);
	CHECK_INT(value, INT64_MAX);
}

static void
test_round_trip(void)
{
	uint8_t seed[32] = { 3 };
	struct chance chance;

	chance_from_seed(&chance, seed);
	for (int i = 0; i < 20000; i++) {
		int64_t id = chance_id(&chance) >> chance_below(&chance, 60), back = 0;
		struct id_text text;

		if (id == 0)
			continue;
		text = id_text(id);
		CHECK_INT(strlen(text.text), ID_TEXT_LEN);
		CHECK_INT(id_parse(str_of(text.text), &back), OK);
		CHECK_INT(back, id);
	}
}

static const struct test_case cases[] = {
	{ "id: as text", test_text },
	{ "id: from text", test_parse },
	{ "id: there and back", test_round_trip },
};
TEST_MAIN(cases)
