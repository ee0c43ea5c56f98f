#include "commons/sign_in.h"

#include "test.h"

static void
emails(void)
{
	static const struct { const char *email; bool may; } cases[] = {
		{ "maya@example.org", true }, { "maya.osei+moot@mail.example.co.uk", true },
		{ "o'neil@example.org", true }, { "", false }, { "maya", false },
		{ "maya@example", false }, { "@example.org", false }, { "maya@", false },
		{ "maya@@example.org", false }, { "maya@exa mple.org", false },
		{ "ma\nya@example.org", false }, { "maya@example.org\r\nBcc: all@example.org", false },
		{ "\"maya\"@example.org", false }, { "maya,tom@example.org", false },
		{ "<maya@example.org>", false }, { ".maya@example.org", false },
		{ "ma..ya@example.org", false }, { "maya@-example.org", false },
		{ "maya@example..org", false }, { "maya@example.org.", false },
		{ "mäya@example.org", false },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct refusal why = { 0 };
		bool may = email_may_be(str_of(cases[i].email), "email", &why) == OK;

		if (may != cases[i].may)
			printf("# %s\n", cases[i].email);
		CHECK(may == cases[i].may);
		CHECK(may || strcmp(why.field, "email") == 0);
	}
}

static void
codes(void)
{
	char code[SIGN_IN_CODE_LEN + 1];

	CHECK(sign_in_code_read(STR("123456"), code) && strcmp(code, "123456") == 0);
	CHECK(sign_in_code_read(STR(" 012-345 "), code) && strcmp(code, "012345") == 0);
	CHECK(!sign_in_code_read(STR("12345"), code));
	CHECK(!sign_in_code_read(STR("1234567"), code));
	CHECK(!sign_in_code_read(STR("12345a"), code));
	CHECK(!sign_in_code_read(STR(""), code));
}

static void
next_paths(void)
{
	static const struct { const char *path; bool may; } cases[] = {
		{ "/alder-vale", true }, { "/alder-vale/", true }, { "/alder-vale/ideas?q=a%20b", true },
		{ "/alder-vale?x", true }, { "", false }, { "/", false }, { "/other/", false },
		{ "/alder-valley/", false }, { "//alder-vale/", false }, { "/alder-vale//x", false },
		{ "https://alder-vale/", false }, { "/alder-vale/../other", false },
		{ "/alder-vale/\\x", false }, { "/alder-vale/a\nb", false }, { "alder-vale/", false },
		{ "/alder-vale/%2e%2E/other", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool may = sign_in_next_may_be(STR("alder-vale"), str_of(cases[i].path));

		if (may != cases[i].may)
			printf("# %s\n", cases[i].path);
		CHECK(may == cases[i].may);
	}
}

static void
uses(void)
{
	static const struct {
		const char *what;
		int64_t left_us;
		bool used;
		int tries;
		bool right;
		enum status want;
		const char *field;
	} cases[] = {
		{ "fresh and right", MINUTE_US, false, 0, true, OK, NULL },
		{ "the last moment", 1, false, 0, true, OK, NULL },
		{ "expired", 0, false, 0, true, REFUSED, NULL },
		{ "used", MINUTE_US, true, 0, true, REFUSED, NULL },
		{ "wrong", MINUTE_US, false, 0, false, REFUSED, "code" },
		{ "right at the fifth try", MINUTE_US, false, 4, true, OK, NULL },
		{ "right after five wrong ones", MINUTE_US, false, 5, true, REFUSED, NULL },
	};
	struct instant now = { 1000000 * SECOND_US };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sign_in_facts facts = {
			.expires_at = time_plus(now, cases[i].left_us),
			.used = cases[i].used, .tries = cases[i].tries, .right = cases[i].right };
		struct refusal why = { 0 };
		enum status st = sign_in_may_use(&facts, now, &why);

		if (st != cases[i].want)
			printf("# %s\n", cases[i].what);
		CHECK_INT(st, cases[i].want);
		CHECK_STR(str_of(why.field), cases[i].field == NULL ? "" : cases[i].field);
	}
}

static void
mails(void)
{
	struct refusal why;

	CHECK_INT(sign_in_may_mail(0, 0, &why), OK);
	CHECK_INT(sign_in_may_mail(4, 19, &why), OK);
	CHECK_INT(sign_in_may_mail(5, 5, &why), REFUSED);
	CHECK_INT(sign_in_may_mail(0, 20, &why), REFUSED);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "which e-mail addresses may be", emails },
		{ "a code as people type it", codes },
		{ "where one may go after signing in", next_paths },
		{ "when a link or code may be used", uses },
		{ "how many mails go to one address", mails },
	};

	return test_run_all(cases, sizeof cases / sizeof *cases);
}
