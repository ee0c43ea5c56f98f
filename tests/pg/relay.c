#include "pg/relay.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINES_MAX = 32, PIECE = 65536 };

struct line { int client, server; bool frozen; };

struct relay {
	char folder[64], path[100];
	int listener, wake[2];
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	struct line lines[LINES_MAX];
	int count;
	enum relay_fault fault;
	char watched[80];
	bool happened, refuse, stop;
	bool replace_query;
	char from[80], to[80];
};

static void
need(bool good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

static int
unix_socket(const char *path, struct sockaddr_un *ret)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(fd >= 0, "socket");
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	need(strlen(path) < sizeof ret->sun_path, path);
	memcpy(ret->sun_path, path, strlen(path) + 1);
	return fd;
}

static int
connect_server(void)
{
	struct sockaddr_un to;
	char path[PATH_MAX];
	int fd;

	(void)snprintf(path, sizeof path, "%s/.s.PGSQL.5432", getenv("PGHOST"));
	fd = unix_socket(path, &to);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static void
end_line(struct relay *r, int i)
{
	(void)close(r->lines[i].client);
	(void)close(r->lines[i].server);
	r->lines[i] = r->lines[--r->count];
}

static void
accept_line(struct relay *r)
{
	int client = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC), server;

	if (client < 0)
		return;
	server = r->refuse || r->count == LINES_MAX ? -1 : connect_server();
	if (server < 0) {
		(void)close(client);
		return;
	}
	r->lines[r->count++] = (struct line){ client, server, r->fault == RELAY_FREEZE && r->happened };
}

static bool
send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static void
replace_in(char *bytes, size_t len, const char *from, const char *to)
{
	char *at = bytes;
	size_t size = strlen(from);

	while (size > 0 && (at = memmem(at, len - (size_t)(at - bytes), from, size)) != NULL) {
		memcpy(at, to, size);
		at += size;
	}
}

/* The fault that is due, as these bytes pass to the server. */
static enum relay_fault
fault_now(struct relay *r, const char *bytes, size_t len)
{
	if (r->fault == RELAY_NONE || r->happened || r->watched[0] == '\0' ||
	    memmem(bytes, len, r->watched, strlen(r->watched)) == NULL)
		return RELAY_NONE;
	r->happened = true;
	return r->fault;
}

/* False: the line is to be ended. */
static bool
pass(struct relay *r, struct line *line, bool to_server)
{
	static char bytes[PIECE];
	ssize_t n = recv(to_server ? line->client : line->server, bytes, sizeof bytes, 0);
	enum relay_fault fault;

	if (n <= 0)
		return false;
	if (to_server == r->replace_query)
		replace_in(bytes, (size_t)n, r->from, r->to);
	fault = to_server ? fault_now(r, bytes, (size_t)n) : RELAY_NONE;
	if (fault == RELAY_CUT_BEFORE)
		return false;
	line->frozen = fault == RELAY_FREEZE;
	if (!line->frozen && !send_all(to_server ? line->server : line->client, bytes, (size_t)n))
		return false;
	if (fault == RELAY_CUT_AFTER) {
		/* Until the server has done it and answered. */
		struct pollfd fd = { .fd = line->server, .events = POLLIN };

		(void)poll(&fd, 1, 2000);
		return false;
	}
	return true;
}

static void
step(struct relay *r, const struct pollfd *fds, int count)
{
	for (int i = count - 1; i >= 0; i--) {
		struct line *line = &r->lines[i];
		bool good = true;

		if (line->frozen)
			continue;
		if (fds[2 * i].revents != 0)
			good = pass(r, line, true);
		if (good && !line->frozen && fds[2 * i + 1].revents != 0)
			good = pass(r, line, false);
		if (!good)
			end_line(r, i);
	}
}

static void *
run(void *context)
{
	struct relay *r = context;
	bool stop = false;

	while (!stop) {
		struct pollfd fds[2 * LINES_MAX + 2];
		int count;

		(void)pthread_mutex_lock(&r->lock);
		count = r->count;
		for (int i = 0; i < count; i++) {
			short events = r->lines[i].frozen ? 0 : POLLIN;

			fds[2 * i] = (struct pollfd){ r->lines[i].frozen ? -1 : r->lines[i].client, events, 0 };
			fds[2 * i + 1] = (struct pollfd){ r->lines[i].frozen ? -1 : r->lines[i].server, events, 0 };
		}
		(void)pthread_mutex_unlock(&r->lock);
		fds[2 * count] = (struct pollfd){ r->listener, POLLIN, 0 };
		fds[2 * count + 1] = (struct pollfd){ r->wake[0], POLLIN, 0 };
		if (poll(fds, (nfds_t)(2 * count + 2), -1) < 0 && errno != EINTR)
			break;
		(void)pthread_mutex_lock(&r->lock);
		if (fds[2 * count + 1].revents != 0) {
			char byte;

			(void)!read(r->wake[0], &byte, 1);
		} else {
			step(r, fds, count);
			if (fds[2 * count].revents != 0)
				accept_line(r);
		}
		stop = r->stop;
		(void)pthread_mutex_unlock(&r->lock);
	}
	return NULL;
}

struct relay *
relay_open(void)
{
	struct relay *r = calloc(1, sizeof *r);
	struct sockaddr_un at;

	need(r != NULL, "memory");
	(void)snprintf(r->folder, sizeof r->folder, "/tmp/folkmoot-relay-XXXXXX");
	need(mkdtemp(r->folder) != NULL, "relay's folder");
	(void)snprintf(r->path, sizeof r->path, "%s/.s.PGSQL.5432", r->folder);
	r->listener = unix_socket(r->path, &at);
	need(bind(r->listener, (struct sockaddr *)&at, sizeof at) == 0, "bind");
	need(listen(r->listener, 64) == 0, "listen");
	need(pipe(r->wake) == 0, "pipe");
	(void)pthread_mutex_init(&r->lock, NULL);
	need(pthread_create(&r->thread, NULL, run, r) == 0, "thread");
	return r;
}

static void
change(struct relay *r)
{
	(void)pthread_mutex_unlock(&r->lock);
	(void)!write(r->wake[1], "w", 1);
}

void
relay_close(struct relay *r)
{
	(void)pthread_mutex_lock(&r->lock);
	r->stop = true;
	change(r);
	(void)pthread_join(r->thread, NULL);
	while (r->count > 0)
		end_line(r, 0);
	(void)close(r->listener);
	(void)close(r->wake[0]);
	(void)close(r->wake[1]);
	(void)unlink(r->path);
	(void)rmdir(r->folder);
	(void)pthread_mutex_destroy(&r->lock);
	free(r);
}

const char *
relay_folder(const struct relay *r)
{
	return r->folder;
}

void
relay_fault(struct relay *r, enum relay_fault fault, const char *bytes)
{
	(void)pthread_mutex_lock(&r->lock);
	r->fault = fault;
	r->happened = bytes == NULL;
	(void)snprintf(r->watched, sizeof r->watched, "%s", bytes == NULL ? "" : bytes);
	for (int i = 0; i < r->count; i++)
		r->lines[i].frozen = fault == RELAY_FREEZE && bytes == NULL;
	change(r);
}

bool
relay_happened(struct relay *r)
{
	bool happened;

	(void)pthread_mutex_lock(&r->lock);
	happened = r->happened;
	(void)pthread_mutex_unlock(&r->lock);
	return happened;
}

void
relay_refuse(struct relay *r, bool refuse)
{
	(void)pthread_mutex_lock(&r->lock);
	r->refuse = refuse;
	for (int i = r->count - 1; i >= 0; i--)
		if (refuse || r->lines[i].frozen)
			end_line(r, i);
	if (!refuse)
		r->fault = RELAY_NONE;
	change(r);
}

void
relay_replace(struct relay *r, bool is_query, const char *from, const char *to)
{
	(void)pthread_mutex_lock(&r->lock);
	r->replace_query = is_query;
	(void)snprintf(r->from, sizeof r->from, "%s", from);
	(void)snprintf(r->to, sizeof r->to, "%s", to);
	change(r);
}
