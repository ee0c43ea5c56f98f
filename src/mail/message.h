/* A mail as it goes over the wire (RFC 5322): plain text in UTF-8, lines end in CR LF. */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "acts/mail.h"

struct mail_frame {
	struct str from;     /* address of the server: "folkmoot@example.org" */
	int64_t id;          /* of the mail: the same id again is the same mail to those who get it */
	bool eight_bit;      /* the way takes bytes over 127 as they are (files do) */
};

/* Appends the whole message. Nothing in the mail can begin a header of its own: what is not
 * printable ASCII stands in an encoded word (RFC 2047). The address must be one of
 * email_may_be. */
void message_write(struct buf *out, const struct mail *mail, const struct mail_frame *frame);

#endif
