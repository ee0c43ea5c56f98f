/* Mail goes out through an outbox: a deed writes it in its own transaction, in the place's
 * language, and a job sends it afterwards (mail/sender.h). A deed that is refused sends none. */
#ifndef ACTS_MAIL_H
#define ACTS_MAIL_H

#include "acts/act.h"
#include "base/locale.h"

/* Queues a mail to one address. Each message of `body` is a paragraph of its own; a value that
 * is a link stands alone at the end of its paragraph, or mail programs take in the full stop. */
MUST_CHECK enum status act_mail(struct act *act, struct str address, const struct message *subject,
                                const struct message *body, size_t body_len);

/* A full address for a mail: the server's origin, the place's path, and what `format` makes,
 * beginning with "/". */
MUST_CHECK enum status act_link(const struct act *act, struct str *ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Words in the place's language, its money and its dates. */
struct format act_format(const struct act *act);

/* ---- for the sender ---- */

struct mail {
	struct str recipient, subject, body; /* body: plain text, lines end in \n */
	struct str from_name;                /* the place's */
	struct instant created_at;
};

/* NOT_FOUND when it has been sent already. */
MUST_CHECK enum status act_mail_show(const struct act *act, struct mail_id id, struct mail *ret);
/* It has been sent, or given up: it leaves the outbox. */
MUST_CHECK enum status act_mail_gone(struct act *act, struct mail_id id);

#endif
