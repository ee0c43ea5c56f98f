/* Who a request comes from: an IP address, used for limits and never kept. */
#ifndef WEB_ADDRESS_H
#define WEB_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/str.h"

struct address {
	uint8_t bytes[16]; /* IPv6; IPv4 is mapped (::ffff:a.b.c.d) */
};

struct address_text { char text[INET6_ADDRSTRLEN]; };

MUST_CHECK enum status address_parse(struct str text, struct address *ret);
struct address address_of_socket(const struct sockaddr *socket_address); /* NULL: all zero */
bool address_eq(struct address a, struct address b);
bool address_is_loopback(struct address a); /* 127.0.0.1 and ::1 */
/* What limits count by: a whole IPv4 address, the first 64 bits of an IPv6 one, as a whole
 * /64 is one household's. */
uint64_t address_group(struct address a);
struct address_text address_text(struct address a);

#endif
