/* For whoever watches the server: figures of whole databases, and whether they answer. */
#ifndef ACTS_WATCH_H
#define ACTS_WATCH_H

#include "acts/act.h"

struct watch_figures {
	int64_t places;
	int64_t mails, oldest_mail_s;   /* in the outbox; seconds the oldest has been there */
	int64_t jobs_due, overdue_s;    /* that should be done by now; seconds since the first was due */
	int64_t leaves_waiting, height; /* of all records together */
};

/* Of act->db's database, all places. No right: the way in sees to who asks. */
MUST_CHECK enum status act_watch_figures(const struct act *act, struct watch_figures *ret);
/* OK when it answers. */
MUST_CHECK enum status act_watch_alive(const struct act *act);

#endif
