#include "mail/message.h"

#include "test.h"

static struct buf out;

static const char *
written(struct str subject, struct str from_name, struct str body, bool eight_bit)
{
	struct mail mail = {
		.recipient = STR("maya@example.org"), .subject = subject, .body = body,
		.from_name = from_name, .created_at = { INT64_C(1796587200) * SECOND_US } };
	struct mail_frame frame = { .from = STR("folkmoot@vale.example"), .id = 77,
		                    .eight_bit = eight_bit };

	buf_clear(&out);
	message_write(&out, &mail, &frame);
	buf_add_char(&out, '\0');
	CHECK_INT(buf_status(&out), OK);
	return out.ptr;
}

/* Each line of the head is a field, its continuation, or over. */
static void
check_head(const char *text)
{
	static const char *const fields[] = { "Date: ", "From: ", "To: ", "Subject: ", "Message-ID: ",
		"Auto-Submitted: ", "MIME-Version: ", "Content-Type: ", "Content-Transfer-Encoding: " };
	int seen[sizeof fields / sizeof *fields] = { 0 };

	while (strncmp(text, "\r\n", 2) != 0) {
		size_t len = strcspn(text, "\r\n");
		bool known = text[0] == ' ';

		CHECK(len <= 998 && strncmp(text + len, "\r\n", 2) == 0);
		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
			if (strncmp(text, fields[i], strlen(fields[i])) == 0) {
				known = true;
				seen[i]++;
			}
		CHECK(known);
		for (size_t i = 0; i < len; i++)
			CHECK(text[i] >= ' ' && text[i] < 0x7f);
		text += len + 2;
		if (!known)
			return;
	}
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		CHECK_INT(seen[i], 1);
}

static void
plain(void)
{
	const char *m = written(STR("Sign in to Alder Vale"), STR("Alder Vale"),
	                        STR("Hello.\n\nhttps://vale.example/x?t=abc"), false);

	check_head(m);
	CHECK_STR(str_of(m),
	          "Date: Sun, 6 Dec 2026 20:00:00 +0000\r\n"
	          "From: Alder Vale <folkmoot@vale.example>\r\n"
	          "To: <maya@example.org>\r\n"
	          "Subject: Sign in to Alder Vale\r\n"
	          "Message-ID: <000000000002d@vale.example>\r\n"
	          "Auto-Submitted: auto-generated\r\n"
	          "MIME-Version: 1.0\r\n"
	          "Content-Type: text/plain; charset=UTF-8\r\n"
	          "Content-Transfer-Encoding: 7bit\r\n"
	          "\r\n"
	          "Hello.\r\n\r\nhttps://vale.example/x?t=abc\r\n");
}

static void
encoded_words(void)
{
	const char *m = written(STR("Anmelden: Österreichs größte Gemeinschaft für Gemeinschaften"),
	                        STR("Żoliborz"), STR("x"), false);

	check_head(m);
	CHECK(strstr(m, "From: =?UTF-8?B?xbtvbGlib3J6?= <") != NULL);
	/* each word is whole UTF-8 and under 76 characters */
	CHECK(strstr(m, "Subject: =?UTF-8?B?") != NULL);
	CHECK(strstr(m, "?=\r\n =?UTF-8?B?") != NULL);
}

static void
no_injection(void)
{
	const char *m = written(STR("x\r\nBcc: all@example.org\r\n\r\nhello"),
	                        STR("Vale\" <a@b.c>\r\nX: y"), STR("body"), false);

	check_head(m);
	CHECK(strstr(m, "\nBcc:") == NULL && strstr(m, "\nX:") == NULL);
}

static void
bodies(void)
{
	const char *m = written(STR("s"), STR("v"), STR("Grüße = x\nend "), false);

	CHECK(strstr(m, "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	                "Gr=C3=BC=C3=9Fe =3D x\r\nend=20\r\n") != NULL);
	m = written(STR("s"), STR("v"), STR("Grüße"), true);
	CHECK(strstr(m, "Content-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n") != NULL);
}

static void
long_lines(void)
{
	static char body[3000];
	const char *m;

	memset(body, 'a', sizeof body - 1);
	m = written(STR("s"), STR("v"), str_of(body), true);
	CHECK(strstr(m, "quoted-printable") != NULL);
	m = strstr(m, "\r\n\r\n") + 4;
	while (*m != '\0') {
		size_t len = strcspn(m, "\r");

		CHECK(len <= 76);
		m += len + 2;
	}
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "a plain mail, to the letter", plain },
		{ "other letters in a header are encoded words", encoded_words },
		{ "nothing begins a header of its own", no_injection },
		{ "bodies with other letters", bodies },
		{ "long lines are broken", long_lines },
	};

	buf_init(&out, 1 << 20);
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
