#include "acts/watch.h"

#include "store/watch.sql.h"

static int64_t
seconds_since(struct instant then, struct instant now)
{
	return then.us == 0 || time_before(now, then) ? 0 : (now.us - then.us) / SECOND_US;
}

enum status
act_watch_figures(const struct act *act, struct watch_figures *ret)
{
	struct watch_totals_row row;
	enum status st = watch_totals(act->db, act->arena, act->now, &row);

	if (st == OK)
		*ret = (struct watch_figures){
			.places = row.places,
			.mails = row.mails,
			.oldest_mail_s = seconds_since(row.oldest_mail, act->now),
			.jobs_due = row.due,
			.overdue_s = seconds_since(row.oldest_due, act->now),
			.leaves_waiting = row.waiting,
			.height = row.height,
		};
	return st;
}

enum status
act_watch_alive(const struct act *act)
{
	struct watch_alive_row row;

	return watch_alive(act->db, act->arena, &row);
}
