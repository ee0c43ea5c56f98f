#include "base/digest.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

struct digest
digest_of(struct str s)
{
	struct digest d;

	(void)crypto_hash_sha256(d.bytes, (const unsigned char *)s.ptr, s.len);
	return d;
}

struct digest_text
digest_text(struct digest d)
{
	struct digest_text out;

	(void)sodium_bin2hex(out.text, sizeof out.text, d.bytes, sizeof d.bytes);
	return out;
}

enum status
digest_parse(struct str hex, struct digest *ret)
{
	size_t len;

	if (hex.len != 2 * DIGEST_LEN ||
	    sodium_hex2bin(ret->bytes, sizeof ret->bytes, hex.ptr, hex.len, NULL, &len, NULL) != 0 ||
	    len != DIGEST_LEN)
		return INVALID;
	return OK;
}

struct str
digest_bytes(const struct digest *d)
{
	return (struct str){ (const char *)d->bytes, DIGEST_LEN };
}

enum status
digest_from(struct str bytes, struct digest *ret)
{
	if (bytes.len != DIGEST_LEN)
		return FAILED;
	memcpy(ret->bytes, bytes.ptr, DIGEST_LEN);
	return OK;
}

bool
digest_eq(struct digest a, struct digest b)
{
	return sodium_memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

struct token_text
token_text(const void *bytes, size_t len)
{
	struct token_text out;

	assert(len <= 64);
	(void)sodium_bin2base64(out.text, sizeof out.text, bytes, len,
	                        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return out;
}
