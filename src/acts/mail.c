#include "acts/mail.h"

#include <stdarg.h>
#include <stdio.h>

#include "acts/job.h"
#include "store/mail.sql.h"

enum { SUBJECT_MAX = 400, BODY_MAX = 64 * 1024, LINK_MAX = 1000 };

struct format
act_format(const struct act *act)
{
	return (struct format){
		.locale = locale_get(act->place.language),
		.currency = act->place.currency,
		.zone = act->place.zone,
	};
}

enum status
act_link(const struct act *act, struct str *ret, const char *format, ...)
{
	char path[LINK_MAX];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(path, sizeof path, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof path)
		return TOO_LARGE;
	return str_format(act->arena, ret, "%.*s/%.*s%s", STR_ARG(act->origin),
	                  STR_ARG(act->place.slug), path);
}

/* Copies what is in buf into the arena and gives buf back. */
static enum status
keep(struct arena *arena, struct buf *buf, struct str *ret)
{
	enum status st = buf_status(buf);

	if (st == OK)
		st = str_copy(arena, buf_str(buf), ret);
	buf_release(buf);
	return st;
}

static enum status
words_of(struct act *act, const struct message *messages, size_t count, size_t max,
         struct str *ret)
{
	struct format format = act_format(act);
	struct buf buf;

	buf_init(&buf, max);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_c(&buf, "\n\n");
		format_message(&buf, &format, &messages[i]);
	}
	return keep(act->arena, &buf, ret);
}

enum status
act_mail(struct act *act, struct str address, const struct message *subject,
         const struct message *body, size_t body_len)
{
	struct mail_id id = { chance_id(&act->chance) };
	struct str subject_words, body_words;
	enum status st = words_of(act, subject, 1, SUBJECT_MAX, &subject_words);

	if (st == OK)
		st = words_of(act, body, body_len, BODY_MAX, &body_words);
	if (st == OK)
		st = mail_insert(act->db, act->place.id, id, address, subject_words, body_words,
		                 act->now);
	if (st == OK)
		st = job_add(act, "send-mail", id.value, act->now);
	return st;
}

enum status
act_mail_show(const struct act *act, struct mail_id id, struct mail *ret)
{
	struct mail_by_id_row row;
	enum status st = mail_by_id(act->db, act->arena, act->place.id, id, &row);

	if (st == OK)
		*ret = (struct mail){
			.recipient = row.recipient,
			.subject = row.subject,
			.body = row.body,
			.from_name = act->place.name,
			.created_at = row.created_at,
		};
	return st;
}

enum status
act_mail_gone(struct act *act, struct mail_id id)
{
	return mail_delete(act->db, act->place.id, id);
}
