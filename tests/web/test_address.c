#include "web/address.h"

#include <arpa/inet.h>

#include "acts/session.h"
#include "test.h"
#include "web/session_cookie.h"

static struct address
parsed(const char *text)
{
	struct address a = { { 0 } };

	CHECK_INT(address_parse(str_of(text), &a), OK);
	return a;
}

static void
test_addresses(void)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct address a;

	v4.sin_addr.s_addr = htonl(0xc6336401);
	CHECK(address_eq(address_of_socket((struct sockaddr *)&v4), parsed("198.51.100.1")));
	CHECK(address_eq(parsed("::ffff:198.51.100.1"), parsed("198.51.100.1")));
	CHECK_STR(str_of(address_text(parsed("::ffff:198.51.100.1")).text), "198.51.100.1");
	CHECK_STR(str_of(address_text(parsed("2001:DB8::1")).text), "2001:db8::1");
	CHECK(address_is_loopback(parsed("127.0.0.1")) && address_is_loopback(parsed("::1")));
	CHECK(!address_is_loopback(parsed("127.0.0.2")));
	CHECK(address_group(parsed("2001:db8::1")) == address_group(parsed("2001:db8::ffff:1")));
	CHECK(address_group(parsed("2001:db8::1")) != address_group(parsed("2001:db8:0:1::1")));
	CHECK(address_group(parsed("198.51.100.1")) != address_group(parsed("198.51.100.2")));
	CHECK_INT(address_parse(STR(""), &a), INVALID);
	CHECK_INT(address_parse(STR("198.51.100"), &a), INVALID);
	CHECK_INT(address_parse(STR("198.51.100.1 "), &a), INVALID);
	CHECK_INT(address_parse(STR("example.org"), &a), INVALID);
}

static void
test_cookies(void)
{
	struct arena arena;
	struct str text;
	char want[200];

	(void)snprintf(want, sizeof want, "fm_vale=t; Path=/vale; Max-Age=%d; HttpOnly; SameSite=Lax; Secure",
	               SESSION_DAYS * 86400);
	arena_init(&arena, 1000);
	CHECK_STR(str_of(cookie_name(COOKIE_SESSION, STR("vale")).text), "fm_vale");
	CHECK_STR(str_of(cookie_name(COOKIE_FORM, STR("")).text), "fm_form");
	CHECK_INT(cookie_text(&arena, COOKIE_SESSION, STR("vale"), STR("t"), true, &text), OK);
	CHECK_STR(text, want);
	CHECK_INT(cookie_text(&arena, COOKIE_SESSION, STR("vale"), STR(""), false, &text), OK);
	CHECK_STR(text, "fm_vale=; Path=/vale; Max-Age=0; HttpOnly; SameSite=Lax");
	arena_release(&arena);
}

static void
test_tokens(void)
{
	static const uint8_t key[32] = { 1 }, other[32] = { 2 };
	struct csrf_token token = csrf_token(key, COOKIE_FORM, STR("s"));

	CHECK(csrf_matches(&token, str_of(token.text)));
	CHECK(!csrf_matches(&token, STR("")));
	CHECK(!csrf_matches(&token, str_cut(str_of(token.text), 0, 31)));
	CHECK(!csrf_matches(&token, str_of(csrf_token(other, COOKIE_FORM, STR("s")).text)));
	CHECK(!csrf_matches(&token, str_of(csrf_token(key, COOKIE_SESSION, STR("s")).text)));
	CHECK(!csrf_matches(&token, str_of(csrf_token(key, COOKIE_FORM, STR("t")).text)));
}

static const struct test_case cases[] = {
	{ "addresses and the groups limits count by", test_addresses },
	{ "cookies of a place", test_cookies },
	{ "form tokens", test_tokens },
};
TEST_MAIN(cases)
