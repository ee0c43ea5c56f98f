#include "base/digest.h"

#include "test.h"

static void
test_digest(void)
{
	struct digest d, back;
	struct digest_text text;

	/* FIPS 180-4 examples. */
	text = digest_text(digest_of(STR("")));
	CHECK_STR(str_of(text.text), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	d = digest_of(STR("abc"));
	text = digest_text(d);
	CHECK_STR(str_of(text.text), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CHECK_INT(digest_parse(str_of(text.text), &back), OK);
	CHECK(digest_eq(d, back));
	back.bytes[31] ^= 1;
	CHECK(!digest_eq(d, back));
	CHECK(digest_eq(digest_of((struct str){ NULL, 0 }), digest_of(STR(""))));
}

static void
test_parse(void)
{
	struct digest d;
	char text[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

	CHECK_INT(digest_parse(str_of(text + 1), &d), INVALID);
	CHECK_INT(digest_parse(STR(""), &d), INVALID);
	text[63] = 'g';
	CHECK_INT(digest_parse(str_of(text), &d), INVALID);
	text[63] = '\0';
	CHECK_INT(digest_parse((struct str){ text, 64 }, &d), INVALID);
	text[63] = 'D';
	CHECK_INT(digest_parse(str_of(text), &d), OK);
}

static void
test_token(void)
{
	unsigned char bytes[64];

	memset(bytes, 0xff, sizeof bytes);
	CHECK_STR(str_of(token_text("", 0).text), "");
	CHECK_STR(str_of(token_text("foob", 4).text), "Zm9vYg"); /* RFC 4648, without padding */
	CHECK_STR(str_of(token_text(bytes, 3).text), "____");
	CHECK_INT(strlen(token_text(bytes, 64).text), 86);
}

static const struct test_case cases[] = {
	{ "digest: SHA-256", test_digest },
	{ "digest: from text", test_parse },
	{ "digest: tokens", test_token },
};
TEST_MAIN(cases)
