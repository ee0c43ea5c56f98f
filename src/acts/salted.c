#include "acts/salted.h"

#include "base/buf.h"

enum { PARTS_MAX = 1024 * 1024 };

struct salt
salt_new(struct act *act)
{
	struct salt salt;

	chance_bytes(&act->chance, salt.bytes, sizeof salt.bytes);
	return salt;
}

struct str
salt_str(const struct salt *salt)
{
	return (struct str){ (const char *)salt->bytes, sizeof salt->bytes };
}

enum status
salted_digest(struct str salt, const struct str *parts, size_t len, struct digest_text *ret)
{
	struct buf buf;
	enum status st;

	buf_init(&buf, PARTS_MAX);
	buf_add(&buf, salt);
	for (size_t i = 0; i < len; i++) {
		buf_add_int(&buf, (int64_t)parts[i].len);
		buf_add_char(&buf, ':');
		buf_add(&buf, parts[i]);
	}
	st = buf_status(&buf);
	if (st == OK)
		*ret = digest_text(digest_of(buf_str(&buf)));
	buf_release(&buf);
	return st;
}
