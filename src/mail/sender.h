/* Sends what is in the outbox: by SMTP (libcurl), or, where no server is set, into files that
 * the operator of a trial can open. Runs as the job "send-mail", outside any transaction; a
 * mail that can't be sent is tried again, further and further apart, for three days. */
#ifndef MAIL_SENDER_H
#define MAIL_SENDER_H

#include "acts/job.h"

struct mail_settings {
	struct str folder;        /* for files; made when it isn't there */
	struct str server;        /* "smtp://mail.example.org:587", "smtps://…"; empty: files */
	struct str user;          /* empty: without signing in */
	struct str password_file; /* its first line */
	struct str from;          /* address that mails come from */
	struct str authorities;   /* file of trusted certificates; empty: the system's */
	bool plain;               /* smtp:// without TLS: for a server on this machine */
};

/* What holds without a file: mails go into `folder`. */
struct mail_settings mail_settings_default(struct str folder);
/* Reads the group `mail` of a libconfig file over *ret: server, user, password_file, from,
 * authorities, plain. Without such a group all stays. INVALID: *ret_why says "FILE:LINE: …".
 * Text is in the arena. */
MUST_CHECK enum status mail_settings_read(struct arena *arena, const char *file,
                                          struct mail_settings *ret, struct str *ret_why);

struct mail_sender;

/* UNAVAILABLE with *ret_why when the folder can't be made or the password can't be read. The
 * settings' text must live as long. Used by one thread at a time. */
MUST_CHECK enum status mail_sender_open(const struct mail_settings *settings,
                                        struct mail_sender **ret, const char **ret_why);
void mail_sender_close(struct mail_sender *sender); /* NULL is let through */

/* The job "send-mail", for a table of kinds. */
struct job_kind mail_job_kind(struct mail_sender *sender);

#endif
