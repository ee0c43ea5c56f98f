/* Runs the server until SIGTERM or SIGINT. */
#include <errno.h>
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

struct serve {
	struct server_options options;
	const char *data, *ready_file;
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

/* Takes one option. False with *ret_wrong when its value can't be. */
static bool
take_option(struct serve *serve, int argc, char **argv, int *at, const char **ret_wrong)
{
	struct server_options *o = &serve->options;
	const char *value;

	*ret_wrong = NULL;
	if ((value = cli_option(argc, argv, at, "--data")) != NULL) {
		serve->data = value;
	} else if ((value = cli_option(argc, argv, at, "--address")) != NULL) {
		o->address = value;
	} else if ((value = cli_option(argc, argv, at, "--port")) != NULL) {
		if (!number(value, 0, 65535, &o->port))
			*ret_wrong = "--port wants a number from 0 to 65535";
	} else if ((value = cli_option(argc, argv, at, "--threads")) != NULL) {
		if (!number(value, 1, 64, &o->threads))
			*ret_wrong = "--threads wants a number from 1 to 64";
	} else if ((value = cli_option(argc, argv, at, "--origin")) != NULL) {
		o->origin = str_of(value);
		if (!str_starts(o->origin, STR("http://")) && !str_starts(o->origin, STR("https://")))
			*ret_wrong = "--origin wants http://HOST or https://HOST";
		else if (str_ends(o->origin, STR("/")))
			o->origin.len--;
	} else if ((value = cli_option(argc, argv, at, "--trusted-proxy")) != NULL) {
		if (o->trusted_len == TRUSTED_MAX ||
		    address_parse(str_of(value), &o->trusted[o->trusted_len++]) != OK)
			*ret_wrong = "--trusted-proxy wants an IP address, at most 8 times";
	} else if ((value = cli_option(argc, argv, at, "--ready-file")) != NULL) {
		serve->ready_file = value;
	} else {
		return false;
	}
	return *ret_wrong == NULL;
}

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
say_ready(const struct serve *serve, const struct server *server)
{
	struct str origin = server_origin(server);
	FILE *file;

	printf("Folkmoot is ready at %.*s\n", STR_ARG(origin));
	(void)fflush(stdout);
	if (serve->ready_file == NULL)
		return true;
	file = fopen(serve->ready_file, "w");
	if (file == NULL)
		return false;
	fprintf(file, "%.*s\n", STR_ARG(origin));
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
	struct job_runner *mail, *jobs;
	struct sequencer *sequencer; /* of the record */
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
	job_runner_stop(b->mail);
	job_runner_stop(b->jobs);
	sequencer_stop(b->sequencer);
	mail_sender_close(b->sender);
	arena_release(&b->arena);
	free(b);
}

static enum status
background_start(struct desk *desk, const char *data, struct str origin, struct background **ret)
{
	struct background *b = calloc(1, sizeof *b);
	struct job_settings settings = { .desk = desk, .origin = origin };
	enum status st;

	if (b == NULL)
		return NO_MEMORY;
	arena_init(&b->arena, 65536);
	st = open_mail(b, data);
	if (st == OK) {
		settings.kinds = b->mail_kinds;
		st = job_runner_start(&settings, &b->mail);
	}
	if (st == OK) {
		settings.kinds = kinds;
		st = job_runner_start(&settings, &b->jobs);
	}
	if (st == OK)
		st = sequencer_start(desk, &b->sequencer);
	if (st != OK) {
		background_stop(b);
		return st;
	}
	*ret = b;
	return OK;
}

/* Who sees what the server prints may set up one more place. */
static enum status
say_set_up(const struct serve *serve, struct str origin)
{
	struct act act = { .secrets = desk_secrets(serve->options.desk) };
	struct arena arena;
	struct token_text key;
	const char *why;
	enum status st;

	arena_init(&arena, 65536);
	act.arena = &arena;
	st = desk_reader(serve->options.desk, &act.db, &why);
	if (st == OK)
		st = act_set_up_key(&act, &key);
	if (st == OK)
		printf("To set up a new place: %.*s/set-up?key=%s\n", STR_ARG(origin), key.text);
	db_close(act.db);
	arena_release(&arena);
	return st;
}

static int
run(struct serve *serve, sigset_t *ends)
{
	struct server *server;
	struct background *background;
	const char *why = NULL;
	int signal_number;
	enum status st = desk_open(serve->data, &serve->options.desk, &why);

	if (st != OK)
		return cli_usage("serve", "%s: %s", serve->data, why);
	st = server_start(&serve->options, &server, &why);
	if (st != OK) {
		desk_close(serve->options.desk);
		return cli_usage("serve", "%s port %d: %s", serve->options.address, serve->options.port, why);
	}
	st = background_start(serve->options.desk, serve->data, server_origin(server), &background);
	if (st != OK) {
		server_stop(server);
		desk_close(serve->options.desk);
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
	desk_close(serve->options.desk);
	return EXIT_GOOD;
}

int
cli_serve(int argc, char **argv)
{
	struct serve serve = { .data = NULL };
	const char *wrong;
	sigset_t ends;
	int at = 1;

	server_options_init(&serve.options);
	while (at < argc) {
		int before = at;

		if (take_option(&serve, argc, argv, &at, &wrong))
			continue;
		if (wrong != NULL)
			return cli_usage("serve", "%s", wrong);
		return cli_usage("serve", "\"%s\" is no option with a value; see `folkmoot help serve`",
		                 argv[before]);
	}
	if (serve.data == NULL)
		return cli_usage("serve", "--data FOLDER is missing");
	/* Blocked before any thread is made, so that only sigwait takes them. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	return run(&serve, &ends);
}
