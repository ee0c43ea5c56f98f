#include "web/session_cookie.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

#include "acts/session.h"

struct cookie_name
cookie_name(enum cookie_kind kind, struct str slug)
{
	static const char *const endings[] = {
		[COOKIE_SESSION] = "", [COOKIE_FORM] = "_form", [COOKIE_SIGN_IN] = "_sign_in",
		[COOKIE_WROTE] = "_wrote" };
	struct cookie_name name;
	int len = snprintf(name.text, sizeof name.text, slug.len > 0 ? "fm_%.*s%s" : "fm%.*s%s",
	                   STR_ARG(slug), endings[kind]);

	assert(len > 0 && (size_t)len < sizeof name.text);
	return name;
}

enum status
cookie_text(struct arena *arena, enum cookie_kind kind, struct str slug, struct str value,
            bool secure, struct str *ret)
{
	static const int seconds[] = {
		[COOKIE_SESSION] = SESSION_DAYS * 86400,
		[COOKIE_FORM] = 86400,
		[COOKIE_SIGN_IN] = 15 * 60,
		[COOKIE_WROTE] = 5 };
	struct cookie_name name = cookie_name(kind, slug);

	return str_format(arena, ret, "%s=%.*s; Path=/%.*s; Max-Age=%d; HttpOnly; SameSite=Lax%s",
	                  name.text, STR_ARG(value), STR_ARG(slug),
	                  value.len > 0 ? seconds[kind] : 0, secure ? "; Secure" : "");
}

struct csrf_token
csrf_token(const uint8_t *key, enum cookie_kind kind, struct str secret)
{
	struct csrf_token token;
	uint8_t hash[(sizeof token.text - 1) / 2], tag = (uint8_t)kind;
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, key, crypto_generichash_KEYBYTES, sizeof hash);
	(void)crypto_generichash_update(&state, (const unsigned char *)"form", 4);
	(void)crypto_generichash_update(&state, &tag, sizeof tag);
	(void)crypto_generichash_update(&state, (const unsigned char *)secret.ptr, secret.len);
	(void)crypto_generichash_final(&state, hash, sizeof hash);
	(void)sodium_bin2hex(token.text, sizeof token.text, hash, sizeof hash);
	return token;
}

bool
csrf_matches(const struct csrf_token *token, struct str sent)
{
	return sent.len == sizeof token->text - 1 &&
	       sodium_memcmp(token->text, sent.ptr, sent.len) == 0;
}
