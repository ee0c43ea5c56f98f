#include "mail/sender.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/message.h"
#include "store/log.h"

enum {
	MESSAGE_MAX = 512 * 1024,
	PASSWORD_MAX = 256,
	CONNECT_SECONDS = 20,
	WHOLE_SECONDS = 90,
};

#define GIVE_UP_US (3 * DAY_US)
#define MAIL_LEASE_US (5 * MINUTE_US) /* well over WHOLE_SECONDS */

struct mail_sender {
	struct mail_settings settings;
	char folder[PATH_MAX];
	char password[PASSWORD_MAX];
	CURL *curl; /* kept, so that one connection carries many mails; NULL: files */
};

struct mail_settings
mail_settings_default(struct str folder)
{
	return (struct mail_settings){ .folder = folder, .from = STR("folkmoot@localhost") };
}

/* ---- files ---- */

static enum status
write_all(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return UNAVAILABLE;
		bytes = str_cut(bytes, (size_t)n, bytes.len);
	}
	return OK;
}

/* The name tells the time and the mail: trying again writes the same file. */
static enum status
send_to_file(struct mail_sender *sender, const struct mail *mail, int64_t id, struct str message)
{
	char path[PATH_MAX + 64], other[PATH_MAX + 72];
	enum status st;
	int fd;

	snprintf(path, sizeof path, "%s/%s-%s.eml", sender->folder, time_text(mail->created_at).text,
	         id_text(id).text);
	snprintf(other, sizeof other, "%s.part", path);
	fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return UNAVAILABLE;
	st = write_all(fd, message);
	if (close(fd) != 0 || st != OK || rename(other, path) != 0) {
		(void)unlink(other);
		return UNAVAILABLE;
	}
	return OK;
}

/* ---- SMTP ---- */

static size_t
give_bytes(char *to, size_t size, size_t count, void *context)
{
	struct str *left = context;
	size_t n = size * count < left->len ? size * count : left->len;

	memcpy(to, left->ptr, n);
	*left = str_cut(*left, n, left->len);
	return n;
}

static char *
angled(struct arena *arena, struct str address)
{
	struct str ret;

	if (str_format(arena, &ret, "<%.*s>", STR_ARG(address)) != OK)
		return NULL;
	return str_to_c(arena, ret);
}

static enum status
send_by_smtp(struct mail_sender *sender, struct arena *arena, const struct mail *mail, int64_t id,
             struct str message)
{
	CURL *curl = sender->curl;
	char *from = angled(arena, sender->settings.from), *to = angled(arena, mail->recipient);
	struct curl_slist *recipients = to == NULL ? NULL : curl_slist_append(NULL, to);
	struct str left = message;
	long reply = 0;
	CURLcode code;

	if (from == NULL || recipients == NULL)
		return NO_MEMORY;
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_READDATA, &left);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)message.len);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(recipients);
	if (code == CURLE_OK)
		return OK;
	LOG(LEVEL_WARNING, "mail.not_sent", log_id("mail", id), log_int("reply", reply),
	    log_word("why", curl_easy_strerror(code)));
	return UNAVAILABLE;
}

static enum status
open_curl(struct mail_sender *sender, const char **ret_why)
{
	const struct mail_settings *s = &sender->settings;
	char *url = strndup(s->server.ptr, s->server.len);
	char *user = strndup(s->user.len > 0 ? s->user.ptr : "", s->user.len);
	char *authorities = strndup(s->authorities.len > 0 ? s->authorities.ptr : "",
	                            s->authorities.len);
	bool ok = url != NULL && user != NULL && authorities != NULL &&
	          curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK &&
	          (sender->curl = curl_easy_init()) != NULL;

	*ret_why = "libcurl can't be started";
	/* curl copies the texts. A server that offers no TLS is refused, unless plain is set. */
	ok = ok && curl_easy_setopt(sender->curl, CURLOPT_URL, url) == CURLE_OK &&
	     curl_easy_setopt(sender->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
	     curl_easy_setopt(sender->curl, CURLOPT_USE_SSL,
	                      s->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL) == CURLE_OK &&
	     curl_easy_setopt(sender->curl, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
	     curl_easy_setopt(sender->curl, CURLOPT_READFUNCTION, give_bytes) == CURLE_OK &&
	     curl_easy_setopt(sender->curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	     curl_easy_setopt(sender->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) == CURLE_OK &&
	     curl_easy_setopt(sender->curl, CURLOPT_TIMEOUT, (long)WHOLE_SECONDS) == CURLE_OK;
	if (ok && s->user.len > 0)
		ok = curl_easy_setopt(sender->curl, CURLOPT_USERNAME, user) == CURLE_OK &&
		     curl_easy_setopt(sender->curl, CURLOPT_PASSWORD, sender->password) == CURLE_OK;
	if (ok && s->authorities.len > 0)
		ok = curl_easy_setopt(sender->curl, CURLOPT_CAINFO, authorities) == CURLE_OK;
	free(url);
	free(user);
	free(authorities);
	return ok ? OK : FAILED;
}

static enum status
read_password(struct mail_sender *sender, const char **ret_why)
{
	char path[PATH_MAX];
	FILE *file;
	bool read;

	*ret_why = "the file with the mail server's password can't be read";
	if (sender->settings.password_file.len >= sizeof path)
		return UNAVAILABLE;
	snprintf(path, sizeof path, "%.*s", STR_ARG(sender->settings.password_file));
	file = fopen(path, "re");
	if (file == NULL)
		return UNAVAILABLE;
	read = fgets(sender->password, sizeof sender->password, file) != NULL;
	(void)fclose(file);
	sender->password[strcspn(sender->password, "\r\n")] = '\0';
	return read ? OK : UNAVAILABLE;
}

/* ---- the sender ---- */

enum status
mail_sender_open(const struct mail_settings *settings, struct mail_sender **ret,
                 const char **ret_why)
{
	struct mail_sender *sender = calloc(1, sizeof *sender);
	enum status st = OK;

	*ret_why = "there is no memory";
	if (sender == NULL)
		return NO_MEMORY;
	sender->settings = *settings;
	if (settings->server.len > 0) {
		if (settings->user.len > 0)
			st = read_password(sender, ret_why);
		if (st == OK)
			st = open_curl(sender, ret_why);
	} else {
		*ret_why = "the folder for mails can't be made";
		if (settings->folder.len >= sizeof sender->folder)
			st = UNAVAILABLE;
		snprintf(sender->folder, sizeof sender->folder, "%.*s", STR_ARG(settings->folder));
		if (st == OK && mkdir(sender->folder, 0700) != 0 && errno != EEXIST)
			st = UNAVAILABLE;
	}
	if (st != OK) {
		mail_sender_close(sender);
		return st;
	}
	*ret = sender;
	return OK;
}

void
mail_sender_close(struct mail_sender *sender)
{
	if (sender == NULL)
		return;
	if (sender->curl != NULL) {
		curl_easy_cleanup(sender->curl);
		curl_global_cleanup();
	}
	sodium_memzero(sender->password, sizeof sender->password);
	free(sender);
}

static enum status
work(struct job_run *run)
{
	struct mail_sender *sender = run->context;
	struct mail_frame frame = {
		.from = sender->settings.from,
		.id = run->subject,
		.eight_bit = sender->curl == NULL,
	};
	struct mail mail;
	struct buf message;
	enum status st = act_mail_show(&run->act, (struct mail_id){ run->subject }, &mail);

	if (st == NOT_FOUND) /* sent before, and the lease was lost */
		return OK;
	if (st != OK)
		return st;
	if (time_before(time_plus(mail.created_at, GIVE_UP_US), run->act.now)) {
		LOG(LEVEL_ERROR, "mail.given_up", log_id("place", run->act.place.id.value),
		    log_id("mail", run->subject), log_int("attempts", run->attempts));
		return OK;
	}
	buf_init(&message, MESSAGE_MAX);
	message_write(&message, &mail, &frame);
	st = buf_status(&message);
	if (st == OK && sender->curl == NULL)
		st = send_to_file(sender, &mail, run->subject, buf_str(&message));
	else if (st == OK)
		st = send_by_smtp(sender, run->act.arena, &mail, run->subject, buf_str(&message));
	buf_release(&message);
	return st;
}

static enum status
deed(struct job_run *run)
{
	return act_mail_gone(&run->act, (struct mail_id){ run->subject });
}

struct job_kind
mail_job_kind(struct mail_sender *sender)
{
	return (struct job_kind){
		.name = "send-mail",
		.work = work,
		.deed = deed,
		.lease_us = MAIL_LEASE_US,
		.context = sender,
	};
}
