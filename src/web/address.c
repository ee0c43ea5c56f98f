#include "web/address.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static struct address
from_v4(const void *four)
{
	struct address a;

	memcpy(a.bytes, mapped, sizeof mapped);
	memcpy(a.bytes + sizeof mapped, four, 4);
	return a;
}

static bool
is_v4(struct address a)
{
	return memcmp(a.bytes, mapped, sizeof mapped) == 0;
}

enum status
address_parse(struct str text, struct address *ret)
{
	char c_text[INET6_ADDRSTRLEN];
	uint8_t four[4];

	if (text.len == 0 || text.len >= sizeof c_text)
		return INVALID;
	memcpy(c_text, text.ptr, text.len);
	c_text[text.len] = '\0';
	if (inet_pton(AF_INET, c_text, four) == 1)
		*ret = from_v4(four);
	else if (inet_pton(AF_INET6, c_text, ret->bytes) != 1)
		return INVALID;
	return OK;
}

struct address
address_of_socket(const struct sockaddr *socket_address)
{
	struct address a = { { 0 } };

	if (socket_address == NULL)
		return a;
	if (socket_address->sa_family == AF_INET)
		return from_v4(&((const struct sockaddr_in *)(const void *)socket_address)->sin_addr);
	if (socket_address->sa_family == AF_INET6)
		memcpy(a.bytes,
		       &((const struct sockaddr_in6 *)(const void *)socket_address)->sin6_addr,
		       sizeof a.bytes);
	return a;
}

bool
address_eq(struct address a, struct address b)
{
	return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

bool
address_is_loopback(struct address a)
{
	static const uint8_t v4[4] = { 127, 0, 0, 1 };
	static const struct address v6 = { { [15] = 1 } };

	return address_eq(a, from_v4(v4)) || address_eq(a, v6);
}

uint64_t
address_group(struct address a)
{
	uint64_t group;

	/* An IPv4 group can't be met by an IPv6 one: those begin with 2 or 3, fd, fe in use. */
	memcpy(&group, is_v4(a) ? a.bytes + 8 : a.bytes, sizeof group);
	return group;
}

struct address_text
address_text(struct address a)
{
	struct address_text out;
	bool v4 = is_v4(a);

	if (inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? a.bytes + 12 : a.bytes, out.text,
	              sizeof out.text) == NULL)
		out.text[0] = '\0';
	return out;
}
