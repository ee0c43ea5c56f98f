/* The sender against a small SMTP server on this machine, and into files. */
#include "mail/sender.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

#include "acts/desk.h"
#include "acts/mail.h"
#include "store/log.h"
#include "store/job.sql.h"
#include "store/mail.sql.h"
#include "store/scratch.h"

/* ---- a mail server that does as it is told ---- */

enum mood { MOOD_GOOD, MOOD_LATER, MOOD_HANGS_UP };

struct smtp {
	int listener, port;
	pthread_t thread;
	_Atomic enum mood mood;
	bool wants_login;
	int mails;              /* taken */
	char login[200];        /* what AUTH sent */
	char to[200];
	char data[8192];        /* of the last mail */
};

static void
say(int fd, const char *line)
{
	(void)!write(fd, line, strlen(line));
}

/* One line without its end; false at the end of the connection. */
static bool
hear(int fd, char *line, size_t size)
{
	size_t len = 0;
	char c;

	while (read(fd, &c, 1) == 1) {
		if (c == '\n') {
			line[len > 0 && line[len - 1] == '\r' ? len - 1 : len] = '\0';
			return true;
		}
		if (len + 1 < size)
			line[len++] = c;
	}
	return false;
}

static void
take_data(struct smtp *smtp, int fd)
{
	char line[1200];
	size_t len = 0;

	while (hear(fd, line, sizeof line) && strcmp(line, ".") != 0)
		len += (size_t)snprintf(smtp->data + len, sizeof smtp->data - len, "%s\n", line);
	smtp->mails++;
}

static void
talk(struct smtp *smtp, int fd)
{
	char line[1200];

	say(fd, "220 test ESMTP\r\n");
	while (hear(fd, line, sizeof line)) {
		if (strncmp(line, "EHLO", 4) == 0) {
			say(fd, smtp->wants_login ? "250-test\r\n250 AUTH PLAIN\r\n" : "250 test\r\n");
		} else if (strncmp(line, "AUTH", 4) == 0) {
			(void)snprintf(smtp->login, sizeof smtp->login, "%.190s", line);
			say(fd, strcmp(line, "AUTH PLAIN") == 0 ? "334 \r\n" : "235 welcome\r\n");
		} else if (strncmp(line, "MAIL", 4) == 0) {
			if (smtp->mood == MOOD_HANGS_UP)
				return;
			say(fd, smtp->mood == MOOD_LATER ? "451 not now\r\n" : "250 ok\r\n");
		} else if (strncmp(line, "RCPT", 4) == 0) {
			(void)snprintf(smtp->to, sizeof smtp->to, "%.190s", line);
			say(fd, "250 ok\r\n");
		} else if (strcmp(line, "DATA") == 0) {
			say(fd, "354 go on\r\n");
			take_data(smtp, fd);
			say(fd, "250 taken\r\n");
		} else if (strcmp(line, "QUIT") == 0) {
			say(fd, "221 bye\r\n");
			return;
		} else if (strcmp(line, "RSET") == 0) {
			say(fd, "250 ok\r\n");
		} else { /* an AUTH line of its own */
			(void)snprintf(smtp->login, sizeof smtp->login, "%.190s", line);
			say(fd, "235 welcome\r\n");
		}
	}
}

static void *
serve(void *arg)
{
	struct smtp *smtp = arg;
	int fd;

	while ((fd = accept(smtp->listener, NULL, NULL)) >= 0) {
		talk(smtp, fd);
		close(fd);
	}
	return NULL;
}

static void
smtp_start(struct smtp *smtp)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;

	*smtp = (struct smtp){ .listener = socket(AF_INET, SOCK_STREAM, 0) };
	if (smtp->listener < 0 || bind(smtp->listener, (struct sockaddr *)&address, len) != 0 ||
	    listen(smtp->listener, 4) != 0 ||
	    getsockname(smtp->listener, (struct sockaddr *)&address, &len) != 0 ||
	    pthread_create(&smtp->thread, NULL, serve, smtp) != 0) {
		perror("smtp");
		exit(1);
	}
	smtp->port = ntohs(address.sin_port);
}

static void
smtp_stop(struct smtp *smtp)
{
	shutdown(smtp->listener, SHUT_RDWR);
	pthread_join(smtp->thread, NULL);
	close(smtp->listener);
}

/* ---- a server of ours with one mail waiting ---- */

struct post {
	struct scratch scratch;
	struct desk *desk;
	struct db *reader;
	struct mail_settings settings;
	struct mail_sender *sender;
	struct job_kind kinds[2];
	char folder[PATH_MAX], server[80];
};

static struct instant start = { INT64_C(1796587200) * SECOND_US };

static void
need(bool so, const char *what)
{
	if (!so) {
		fprintf(stderr, "%s\n", what);
		exit(1);
	}
}

static enum status
add_mail(struct db *db, void *context)
{
	struct arena arena;
	struct act act = { .db = db, .arena = &arena, .now = start,
		           .place = { .id = { 10 }, .name = STR("Alder Vale"), .language = STR("en"),
		                      .currency = STR("GBP"), .zone = STR("UTC") } };
	struct message subject = { .text = "Hello {name}",
		                   .values = { message_text("name", STR("Maya")) } };
	struct message body[] = { { .text = "First." }, { .text = "Second.\n.\nThird." } };
	enum status st = scratch_add_place(db, 10, STR("vale"));

	(void)context;
	arena_init(&arena, 65536);
	chance_from_system(&act.chance);
	if (st == OK)
		st = act_mail(&act, STR("maya@example.org"), &subject, body, 2);
	arena_release(&arena);
	return st;
}

static void
post_open(struct post *p, int port)
{
	const char *why = "";

	*p = (struct post){ .desk = NULL };
	scratch_init(&p->scratch);
	(void)snprintf(p->folder, sizeof p->folder, "%.*s/mail", PATH_MAX - 8, p->scratch.folder);
	need(desk_open(p->scratch.folder, scratch_db(&p->scratch), &p->desk, &why) == OK, why);
	need(desk_reader(p->desk, &p->reader, &why) == OK, why);
	need(desk_run(p->desk, add_mail, NULL) == OK, "mail");
	p->settings = mail_settings_default(str_of(p->folder));
	p->settings.from = STR("folkmoot@vale.example");
	if (port != 0) {
		(void)snprintf(p->server, sizeof p->server, "smtp://127.0.0.1:%d", port);
		p->settings.server = str_of(p->server);
		p->settings.plain = true;
	}
}

static void
post_ready(struct post *p)
{
	const char *why = "";

	need(mail_sender_open(&p->settings, &p->sender, &why) == OK, why);
	p->kinds[0] = mail_job_kind(p->sender);
}

static void
post_close(struct post *p)
{
	mail_sender_close(p->sender);
	db_close(p->reader);
	desk_close(p->desk);
	scratch_release(&p->scratch);
}

static int
run_due(struct post *p, int64_t after_us)
{
	struct job_settings settings = { .desk = p->desk, .kinds = p->kinds };

	return job_run_due(&settings, p->reader, time_plus(start, after_us));
}

static bool
is_waiting(struct post *p)
{
	struct arena arena;
	struct job_next_row job;
	bool waiting;

	arena_init(&arena, 65536);
	waiting = job_next(p->reader, &arena, STR("send-mail"), &job) == OK;
	if (waiting) { /* then the mail is there too */
		struct mail_by_id_row mail;

		CHECK_INT(mail_by_id(p->reader, &arena, job.place_id,
		                     (struct mail_id){ job.subject }, &mail), OK);
	}
	arena_release(&arena);
	return waiting;
}

/* ---- tests ---- */

static void
sends(void)
{
	struct smtp smtp;
	struct post p;

	smtp_start(&smtp);
	post_open(&p, smtp.port);
	post_ready(&p);
	CHECK_INT(run_due(&p, 0), 1);
	CHECK(!is_waiting(&p));
	CHECK_INT(run_due(&p, DAY_US), 0);
	post_close(&p);
	smtp_stop(&smtp);
	CHECK_INT(smtp.mails, 1);
	CHECK(strstr(smtp.to, "<maya@example.org>") != NULL);
	CHECK(strstr(smtp.data, "Subject: Hello Maya\n") != NULL);
	CHECK(strstr(smtp.data, "\nFirst.\n\nSecond.\n..\nThird.\n") != NULL); /* RFC 5321 4.5.2 */
}

static void
tries_again(void)
{
	struct smtp smtp;
	struct post p;

	smtp_start(&smtp);
	post_open(&p, smtp.port);
	post_ready(&p);
	smtp.mood = MOOD_LATER;
	CHECK_INT(run_due(&p, 0), 1);
	CHECK(is_waiting(&p));
	CHECK_INT(run_due(&p, 29 * SECOND_US), 0);
	smtp.mood = MOOD_HANGS_UP;
	CHECK_INT(run_due(&p, 30 * SECOND_US), 1);
	CHECK(is_waiting(&p));
	smtp.mood = MOOD_GOOD;
	CHECK_INT(run_due(&p, HOUR_US), 1);
	CHECK(!is_waiting(&p));
	post_close(&p);
	smtp_stop(&smtp);
	CHECK_INT(smtp.mails, 1);
}

static void
gives_up(void)
{
	struct smtp smtp;
	struct post p;

	smtp_start(&smtp);
	smtp.mood = MOOD_LATER;
	post_open(&p, smtp.port);
	post_ready(&p);
	CHECK_INT(run_due(&p, 0), 1);
	CHECK_INT(run_due(&p, 3 * DAY_US - MINUTE_US), 1);
	CHECK(is_waiting(&p));
	CHECK_INT(run_due(&p, 4 * DAY_US), 1);
	CHECK(!is_waiting(&p));
	post_close(&p);
	smtp_stop(&smtp);
	CHECK_INT(smtp.mails, 0);
}

static void
signs_in(void)
{
	char secret[PATH_MAX + 16];
	struct smtp smtp;
	struct post p;
	FILE *file;

	smtp_start(&smtp);
	smtp.wants_login = true;
	post_open(&p, smtp.port);
	(void)snprintf(secret, sizeof secret, "%s/password", p.scratch.folder);
	file = fopen(secret, "w");
	need(file != NULL && fputs("s3cret\n", file) >= 0 && fclose(file) == 0, "password");
	p.settings.user = STR("vale");
	p.settings.password_file = str_of(secret);
	post_ready(&p);
	CHECK_INT(run_due(&p, 0), 1);
	post_close(&p);
	smtp_stop(&smtp);
	CHECK_INT(smtp.mails, 1);
	CHECK(strstr(smtp.login, "AHZhbGUAczNjcmV0") != NULL); /* NUL vale NUL s3cret */
}

static void
wants_tls(void)
{
	struct smtp smtp;
	struct post p;

	smtp_start(&smtp);
	post_open(&p, smtp.port);
	p.settings.plain = false; /* and the server offers no STARTTLS */
	post_ready(&p);
	CHECK_INT(run_due(&p, 0), 1);
	CHECK(is_waiting(&p));
	post_close(&p);
	smtp_stop(&smtp);
	CHECK_INT(smtp.mails, 0);
}

static void
writes_files(void)
{
	char path[PATH_MAX + 300] = "", text[4096] = "";
	struct dirent *entry;
	struct post p;
	FILE *file;
	DIR *dir;
	int files = 0;

	post_open(&p, 0);
	post_ready(&p);
	CHECK_INT(run_due(&p, 0), 1);
	CHECK(!is_waiting(&p));
	dir = opendir(p.folder);
	need(dir != NULL, p.folder);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		files++;
		(void)snprintf(path, sizeof path, "%s/%s", p.folder, entry->d_name);
	}
	closedir(dir);
	CHECK_INT(files, 1);
	CHECK(str_ends(str_of(path), STR(".eml")));
	file = fopen(path, "r");
	need(file != NULL, path);
	(void)!fread(text, 1, sizeof text - 1, file);
	fclose(file);
	CHECK(strstr(text, "To: <maya@example.org>\r\n") != NULL);
	CHECK(strstr(text, "\r\n\r\nFirst.\r\n\r\nSecond.\r\n") != NULL);
	post_close(&p);
}

static void
reads_settings(void)
{
	static const struct { const char *text, *why; } cases[] = {
		{ "mail: { server = \"smtps://m.example:465\"; from = \"vale@m.example\"; };\n", "" },
		{ "other = 1;\n", "" },
		{ "mail: {\n  server = \"http://m.example\";\n};\n",
		  ":2: a server is smtp://HOST:PORT or smtps://HOST:PORT" },
		{ "mail: {\n  server = \"smtp://m.example\";\n  from = \"vale\";\n};\n",
		  ":3: from must be an e-mail address" },
		{ "mail: { user = \"vale\"; };\n", ":1: user and password_file go together" },
		{ "mail: {\n  sevrer = \"x\";\n};\n", ":2: there is no such setting" },
		{ "mail: { plain = 1; };\n", ":1: this is true or false" },
		{ "mail: {\n", ":2: syntax error" },
	};
	struct scratch s;
	char path[PATH_MAX + 16];

	scratch_init(&s);
	(void)snprintf(path, sizeof path, "%s/folkmoot.conf", s.folder);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mail_settings settings = mail_settings_default(STR("mail"));
		FILE *file = fopen(path, "w");
		struct str why;
		enum status st;

		need(file != NULL && fputs(cases[i].text, file) >= 0 && fclose(file) == 0, path);
		st = mail_settings_read(&s.arena, path, &settings, &why);
		CHECK_INT(st, cases[i].why[0] == '\0' ? OK : INVALID);
		CHECK(str_ends(why, str_of(cases[i].why)));
		if (i == 0)
			CHECK_STR(settings.server, "smtps://m.example:465");
	}
	scratch_release(&s);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "a mail goes out by SMTP, once", sends },
		{ "what is not taken is tried again", tries_again },
		{ "after three days it is given up", gives_up },
		{ "signs in with the password of a file", signs_in },
		{ "without TLS nothing goes out", wants_tls },
		{ "without a server mails are files", writes_files },
		{ "settings are read, and what is wrong is told", reads_settings },
	};

	log_to(open("/dev/null", O_WRONLY | O_CLOEXEC));
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
