#include "base/json.h"

#include "test.h"

/* The canonical form of a JSON text, or a status in words. */
static struct str
canonical(struct str text)
{
	static struct buf out;
	json_t *value = NULL;
	enum status st;

	buf_release(&out);
	buf_init(&out, 4096);
	st = json_read(text, 4096, &value);
	if (st != OK)
		return str_of(status_name(st));
	st = json_write(&out, value);
	json_decref(value);
	return st == OK ? buf_str(&out) : str_of(status_name(st));
}

/* RFC 8785, 3.2.2 and 3.2.4, without the reals. */
static void
test_rfc_strings(void)
{
	CHECK_STR(canonical(STR("{\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\"
	                        "\\\"\\/\", \"literals\": [null, true, false]}")),
	          "{\"literals\":[null,true,false],\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
	CHECK_STR(canonical(STR("\"\\b\\t\\n\\f\\r\\u0000x\"")), "invalid"); /* jansson has no NUL */
	CHECK_STR(canonical(STR("\"\\b\\t\\n\\f\\r\\u001f\\u007f\"")),
	          "\"\\b\\t\\n\\f\\r\\u001f\x7f\"");
}

/* RFC 8785, 3.2.3: the order of UTF-16 code units. */
static void
test_rfc_order(void)
{
	CHECK_STR(canonical(STR("{\"\\u20ac\": \"Euro Sign\", \"\\r\": \"Carriage Return\","
	                        "\"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\", \"1\": \"One\","
	                        "\"\\ud83d\\ude00\": \"Emoji: Grinning Face\","
	                        "\"\\u0080\": \"Control\","
	                        "\"\\u00f6\": \"Latin Small Letter O With Diaeresis\"}")),
	          "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
	          "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
	          "\"\U0001f600\":\"Emoji: Grinning Face\","
	          "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
	CHECK_STR(canonical(STR("{\"b\": {\"aa\": 1, \"a\": 2}, \"a\": [3, {}], \"\": []}")),
	          "{\"\":[],\"a\":[3,{}],\"b\":{\"a\":2,\"aa\":1}}");
	/* Same lead unit: then by the trailing one. */
	CHECK_STR(canonical(STR("{\"\U0001f601\": 1, \"\U0001f600\": 2, \"\ud7ff\": 3}")),
	          "{\"\ud7ff\":3,\"\U0001f600\":2,\"\U0001f601\":1}");
}

static void
test_numbers(void)
{
	CHECK_STR(canonical(STR("[0, -0, 9007199254740991, -9007199254740991]")),
	          "[0,0,9007199254740991,-9007199254740991]");
	CHECK_STR(canonical(STR("9007199254740992")), "invalid");
	CHECK_STR(canonical(STR("-9007199254740992")), "invalid");
	CHECK_STR(canonical(STR("[1.5]")), "invalid");
	CHECK_STR(canonical(STR("{\"a\": 1e2}")), "invalid");
	CHECK_STR(canonical(STR("99999999999999999999")), "invalid");
}

static void
test_refused(void)
{
	CHECK_STR(canonical(STR("")), "invalid");
	CHECK_STR(canonical((struct str){ NULL, 0 }), "invalid");
	CHECK_STR(canonical(STR("{\"a\": 1, \"a\": 2}")), "invalid");
	CHECK_STR(canonical(STR("[1,]")), "invalid");
	CHECK_STR(canonical(STR("[1] x")), "invalid");
	CHECK_STR(canonical(STR("\"\xff\"")), "invalid");
	CHECK_STR(canonical(STR("\"\\ud800\"")), "invalid");
	CHECK_STR(canonical(STR("nul")), "invalid");
	CHECK_STR(canonical(STR("[1\0]")), "invalid");
}

static void
test_limits(void)
{
	json_t *value = NULL;
	char deep[200];

	CHECK_INT(json_read(STR("[1, 2]"), 5, &value), TOO_LARGE);
	memset(deep, '[', 65);
	memset(deep + 65, ']', 65);
	CHECK_STR(canonical((struct str){ deep, 130 }), "too large");
	CHECK_STR(canonical((struct str){ deep + 1, 128 }).len == 128 ? STR("fits") : STR("does not"),
	          "fits");
	CHECK_STR(canonical(STR("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	                        "[[[[\\\"[[\"")),
	          "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	          "[[[[\\\"[[\"");
}

static void
test_small_buffer(void)
{
	json_t *value = NULL;
	struct buf out;

	CHECK_INT(json_read(STR("{\"abc\": [1, 2]}"), 100, &value), OK);
	buf_init(&out, 12);
	CHECK_INT(json_write(&out, value), NO_MEMORY);
	buf_release(&out);
	buf_init(&out, 13);
	CHECK_INT(json_write(&out, value), OK);
	CHECK_STR(buf_str(&out), "{\"abc\":[1,2]}");
	buf_release(&out);
	json_decref(value);
}

static const struct test_case cases[] = {
	{ "json strings of RFC 8785", test_rfc_strings },
	{ "json order of RFC 8785", test_rfc_order },
	{ "json numbers", test_numbers },
	{ "json refused", test_refused },
	{ "json limits", test_limits },
	{ "json into a small buffer", test_small_buffer },
};
TEST_MAIN(cases)
