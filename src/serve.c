/* Runs the server until SIGTERM or SIGINT. */
#include <errno.h>
#include <libconfig.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "acts/count.h"
#include "acts/job.h"
#include "acts/place.h"
#include "acts/round.h"
#include "acts/sequence.h"
#include "cli/cli.h"
#include "mail/sender.h"
#include "web/server.h"

/* What it is told: options, and the group `server` of DATA/folkmoot.conf for what they leave
 * open:
 *
 *   server: { address = "::"; port = 80; origin = "https://moot.example";
 *             trusted_proxy = [ "10.0.0.2" ]; threads = 4; };
 */
struct serve_settings {
	struct server_options server;
	const char *data, *db, *ready_file;
	struct arena arena; /* of words read from the file */
};

static bool
number(const char *text, int least, int most, int *ret)
{
	int64_t n;

	if (str_to_int(str_of(text), &n) != OK || n < least || n > most)
		return false;
	*ret = (int)n;
	return true;
}

static bool
origin(const char *text, struct str *ret)
{
	*ret = str_of(text);
	if (str_ends(*ret, STR("/")))
		ret->len--;
	return str_starts(*ret, STR("https://")) || str_starts(*ret, STR("http://"));
}

/* One setting by its name; NULL, or what is wrong with it. */
static const char *
set(struct serve_settings *s, const char *name, const char *value)
{
	struct server_options *o = &s->server;

	if (strcmp(name, "address") == 0) {
		o->address = value;
	} else if (strcmp(name, "port") == 0) {
		if (!number(value, 0, 65535, &o->port))
			return "port is a number from 0 to 65535";
	} else if (strcmp(name, "threads") == 0) {
		if (!number(value, 1, 64, &o->threads))
			return "threads is a number from 1 to 64";
	} else if (strcmp(name, "origin") == 0) {
		if (!origin(value, &o->origin))
			return "origin is https://HOST or http://HOST";
	} else if (strcmp(name, "trusted_proxy") == 0) {
		if (o->trusted_len == TRUSTED_MAX ||
		    address_parse(str_of(value), &o->trusted[o->trusted_len]) != OK)
			return "trusted_proxy is an IP address, at most 8 times";
		o->trusted_len++;
	} else if (strcmp(name, "metrics_from") == 0) {
		if (o->watchers_len == TRUSTED_MAX ||
		    address_parse(str_of(value), &o->watchers[o->watchers_len]) != OK)
			return "metrics_from is an IP address, at most 8 times";
		o->watchers_len++;
	} else {
		return "there is no such setting";
	}
	return NULL;
}

/* ---- the file ---------------------------------------------------------------------------- */

static const char *
set_from_file(struct serve_settings *s, const char *name, const config_setting_t *value)
{
	struct str text = { NULL, 0 };

	if (config_setting_is_aggregate(value)) {
		const char *wrong = NULL;

		for (int i = 0; i < config_setting_length(value) && wrong == NULL; i++)
			wrong = set_from_file(s, name, config_setting_get_elem(value, (unsigned)i));
		return wrong;
	}
	if (config_setting_type(value) == CONFIG_TYPE_INT) {
		if (str_format(&s->arena, &text, "%d", config_setting_get_int(value)) != OK)
			return "there is too much of it";
	} else if (config_setting_type(value) == CONFIG_TYPE_STRING) {
		if (str_copy(&s->arena, str_of(config_setting_get_string(value)), &text) != OK)
			return "there is too much of it";
	} else {
		return "this is a number or words in quotes";
	}
	return set(s, name, text.ptr);
}

static int
read_file(struct serve_settings *s, const char *path)
{
	const config_setting_t *group;
	const char *wrong = NULL;
	config_t config;
	int line = 1;

	config_init(&config);
	if (config_read_file(&config, path) != CONFIG_TRUE) {
		wrong = config_error_text(&config);
		line = config_error_line(&config);
	}
	group = wrong == NULL ? config_lookup(&config, "server") : NULL;
	for (int i = 0; group != NULL && i < config_setting_length(group) && wrong == NULL; i++) {
		const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);

		wrong = set_from_file(s, config_setting_name(setting), setting);
		line = (int)config_setting_source_line(setting);
	}
	if (wrong != NULL)
		fprintf(stderr, "folkmoot serve: %s:%d: %s\n", path, line, wrong);
	config_destroy(&config);
	return wrong == NULL ? EXIT_GOOD : EXIT_USAGE;
}

/* ---- the command line -------------------------------------------------------------------- */

static const struct { const char *option, *name; } options[] = {
	{ "--data", NULL }, { "--db", NULL }, { "--ready-file", NULL },
	{ "--address", "address" }, { "--port", "port" }, { "--threads", "threads" },
	{ "--origin", "origin" }, { "--trusted-proxy", "trusted_proxy" },
	{ "--metrics-from", "metrics_from" },
};

/* first: only --data, --db and --ready-file; the others come after the file. */
static int
read_options(struct serve_settings *s, int argc, char **argv, bool first)
{
	int at = 1;

	while (at < argc) {
		const char *word = argv[at], *value = NULL, *wrong = NULL;
		size_t i = 0;

		for (; i < sizeof options / sizeof *options; i++)
			if ((value = cli_option(argc, argv, &at, options[i].option)) != NULL)
				break;
		if (value == NULL)
			return cli_usage("serve", "\"%s\" is no option with a value; see `folkmoot help serve`",
			                 word);
		if (strcmp(options[i].option, "--data") == 0)
			s->data = value;
		else if (strcmp(options[i].option, "--db") == 0)
			s->db = value;
		else if (strcmp(options[i].option, "--ready-file") == 0)
			s->ready_file = value;
		else if (!first)
			wrong = set(s, options[i].name, value);
		if (wrong != NULL)
			return cli_usage("serve", "%s: %s", word, wrong);
	}
	return EXIT_GOOD;
}

/* EXIT_GOOD, or EXIT_USAGE when it has said on stderr what is wrong. */
static int
read_settings(struct serve_settings *s, int argc, char **argv)
{
	struct str path;
	int code;

	*s = (struct serve_settings){ .data = NULL };
	arena_init(&s->arena, 65536);
	server_options_init(&s->server);
	code = read_options(s, argc, argv, true);
	if (code != EXIT_GOOD)
		return code;
	if (s->data == NULL)
		return cli_usage("serve", "--data FOLDER is missing");
	if (str_format(&s->arena, &path, "%s/folkmoot.conf", s->data) != OK)
		return cli_usage("serve", "the data folder's name is too long");
	if (access(path.ptr, F_OK) == 0)
		code = read_file(s, path.ptr);
	return code == EXIT_GOOD ? read_options(s, argc, argv, false) : code;
}

/* ---- running ------------------------------------------------------------------------------ */

/* Connections are files: as many as the machine lets us. */
static void
raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool
say_ready(const struct serve_settings *serve, const struct server *server)
{
	struct str address = server_address(server), origin = server_origin(server);
	FILE *file;

	printf("Folkmoot is ready at %.*s\n", STR_ARG(address));
	if (!str_eq(address, origin))
		printf("The world reaches it at %.*s\n", STR_ARG(origin));
	(void)fflush(stdout);
	if (serve->ready_file == NULL)
		return true;
	file = fopen(serve->ready_file, "w");
	if (file == NULL)
		return false;
	fprintf(file, "%.*s\n", STR_ARG(address));
	return fclose(file) == 0;
}

/* ---- jobs by the clock, and mail ---- */

/* Every kind of job but mail, which has a runner of its own, as it may wait for the network. */
static const struct job_kind kinds[] = {
	{ .name = "close-round", .deed = job_close_round },
	{ .name = "count-round", .work = job_count_round_work, .deed = job_count_round,
	  .lease_us = HOUR_US },
	{ .name = "forget-round", .work = round_forget_work },
	{ .name = NULL },
};

/* Mail settings are in DATA/folkmoot.conf; without, mails go into DATA/mail. */
struct background {
	struct arena arena;
	struct mail_sender *sender;
	struct job_kind mail_kinds[2];
	int homes;
	struct home_workers {
		struct job_runner *mail, *jobs;
		struct sequencer *sequencer; /* of the record */
	} *ptr; /* by home */
};

static enum status
open_mail(struct background *b, const char *data)
{
	struct mail_settings settings;
	struct str file, folder, wrong;
	const char *why;
	enum status st = str_format(&b->arena, &file, "%s/folkmoot.conf", data);

	if (st == OK)
		st = str_format(&b->arena, &folder, "%s/mail", data);
	if (st != OK)
		return st;
	settings = mail_settings_default(folder);
	if (access(file.ptr, F_OK) == 0) {
		st = mail_settings_read(&b->arena, file.ptr, &settings, &wrong);
		if (st != OK) {
			fprintf(stderr, "folkmoot serve: %.*s\n", STR_ARG(wrong));
			return st;
		}
	}
	st = mail_sender_open(&settings, &b->sender, &why);
	if (st != OK) {
		fprintf(stderr, "folkmoot serve: %s\n", why);
		return st;
	}
	if (settings.server.len == 0)
		printf("Mails are written into %.*s\n", STR_ARG(folder));
	b->mail_kinds[0] = mail_job_kind(b->sender);
	return OK;
}

static void
background_stop(struct background *b)
{
	for (int i = 0; i < b->homes; i++) {
		job_runner_stop(b->ptr[i].mail);
		job_runner_stop(b->ptr[i].jobs);
		sequencer_stop(b->ptr[i].sequencer);
	}
	free(b->ptr);
	mail_sender_close(b->sender);
	arena_release(&b->arena);
	free(b);
}

/* Those of one database. One that does not answer yet gets them all the same: they try again. */
static enum status
home_start(struct background *b, struct desk *desk, int home, struct str origin)
{
	struct job_settings settings = { .desk = desk, .home = home, .origin = origin };
	struct home_workers *workers = &b->ptr[home];
	enum status st;

	settings.kinds = b->mail_kinds;
	st = job_runner_start(&settings, &workers->mail);
	settings.kinds = kinds;
	if (st == OK)
		st = job_runner_start(&settings, &workers->jobs);
	if (st == OK)
		st = sequencer_start(desk, home, &workers->sequencer);
	return st;
}

static enum status
background_start(struct desk *desk, const char *data, struct str origin, struct background **ret)
{
	struct background *b = calloc(1, sizeof *b);
	enum status st;

	if (b == NULL)
		return NO_MEMORY;
	arena_init(&b->arena, 65536);
	b->ptr = calloc((size_t)desk_homes(desk), sizeof *b->ptr);
	st = b->ptr == NULL ? NO_MEMORY : open_mail(b, data);
	while (st == OK && b->homes < desk_homes(desk))
		st = home_start(b, desk, b->homes++, origin);
	if (st != OK) {
		background_stop(b);
		return st;
	}
	*ret = b;
	return OK;
}

/* Who sees what the server prints may set up one more place. */
static enum status
say_set_up(const struct serve_settings *serve, struct str origin)
{
	struct act act = { .secrets = desk_secrets(serve->server.desk) };
	struct arena arena;
	struct token_text key;
	const char *why;
	enum status st;

	arena_init(&arena, 65536);
	act.arena = &arena;
	st = desk_reader(serve->server.desk, &act.db, &why);
	if (st == OK)
		st = act_set_up_key(&act, &key);
	if (st == OK)
		printf("To set up a new place: %.*s/set-up?key=%s\n", STR_ARG(origin), key.text);
	db_close(act.db);
	arena_release(&arena);
	return st;
}

static int
run(struct serve_settings *serve, sigset_t *ends)
{
	struct server *server;
	struct background *background;
	const char *why = NULL;
	int signal_number;
	enum status st = desk_open(serve->data, serve->db, &serve->server.desk, &why);

	if (st != OK)
		return cli_usage("serve", "%s: %s", serve->data, why);
	st = server_start(&serve->server, &server, &why);
	if (st != OK) {
		desk_close(serve->server.desk);
		return cli_usage("serve", "%s port %d: %s", serve->server.address, serve->server.port, why);
	}
	st = background_start(serve->server.desk, serve->data, server_origin(server), &background);
	if (st != OK) {
		server_stop(server);
		desk_close(serve->server.desk);
		return EXIT_USAGE; /* it has said why */
	}
	if (say_set_up(serve, server_origin(server)) != OK)
		fprintf(stderr, "folkmoot serve: the key to set up a place can't be made\n");
	if (say_ready(serve, server))
		(void)sigwait(ends, &signal_number);
	else
		fprintf(stderr, "folkmoot serve: %s: %s\n", serve->ready_file, strerror(errno));
	background_stop(background);
	server_stop(server);
	desk_close(serve->server.desk);
	return EXIT_GOOD;
}

int
cli_serve(int argc, char **argv)
{
	struct serve_settings settings;
	sigset_t ends;
	int code = read_settings(&settings, argc, argv);

	/* Blocked before any thread is made, so that only sigwait takes them. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* a file limit that is met is a full disk */
	raise_file_limit();
	if (code == EXIT_GOOD)
		code = run(&settings, &ends);
	arena_release(&settings.arena);
	return code;
}
