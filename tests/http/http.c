#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

int http_patience_ms = PATIENCE_MS;

static _Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "http: %s: %s\n", what, strerror(errno));
	exit(1);
}

void
http_init(struct http *c, int port)
{
	memset(c, 0, sizeof *c);
	c->port = port;
	c->fd = -1;
}

void
http_disconnect(struct http *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	c->fd = -1;
}

void
http_close(struct http *c)
{
	http_disconnect(c);
	free(c->bytes);
	http_init(c, c->port);
}

static void
connect_now(struct http *c)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)c->port) };
	struct sockaddr_in from = { .sin_family = AF_INET };
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (c->fd < 0)
		give_up("socket");
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (c->from != NULL && (inet_pton(AF_INET, c->from, &from.sin_addr) != 1 ||
	                        bind(c->fd, (struct sockaddr *)&from, sizeof from) != 0))
		give_up("bind");
	if (connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0)
		give_up("connect");
}

void
http_write(struct http *c, struct str bytes)
{
	if (c->fd < 0)
		connect_now(c);
	while (bytes.len > 0) {
		ssize_t n = send(c->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* the answer, or its absence, tells */
		bytes = str_cut(bytes, (size_t)n, bytes.len);
	}
}

/* Reads more; false at the end. */
static bool
read_more(struct http *c)
{
	struct pollfd wait = { .fd = c->fd, .events = POLLIN };
	ssize_t n;

	if (c->size - c->len < 65536) {
		c->size = c->size * 2 + 131072;
		c->bytes = realloc(c->bytes, c->size);
		if (c->bytes == NULL)
			give_up("memory");
	}
	if (poll(&wait, 1, http_patience_ms) != 1) {
		errno = ETIMEDOUT;
		give_up("no answer");
	}
	n = recv(c->fd, c->bytes + c->len, c->size - c->len - 1, 0);
	if (n <= 0)
		return false;
	c->len += (size_t)n;
	return true;
}

struct str
reply_header(const struct reply *r, const char *name)
{
	struct str rest = r->head;
	size_t len = strlen(name);

	while (rest.ptr != NULL) {
		struct str line = str_next(&rest, '\n');

		if (line.len > len && line.ptr[len] == ':' && strncasecmp(line.ptr, name, len) == 0)
			return str_trim(str_cut(line, len + 1, line.len));
	}
	return (struct str){ NULL, 0 };
}

bool
reply_has(const struct reply *r, const char *text)
{
	struct str needle = str_of(text);

	return needle.len == 0 || str_find(r->body, needle) < r->body.len;
}

static void
copy_text(char *to, size_t size, struct str from)
{
	(void)snprintf(to, size, "%.*s", STR_ARG(from));
}

/* "name=value; Path=/x; Max-Age=0; …" */
static void
take_cookie(struct http *c, struct str line)
{
	struct str rest = line, pair = str_trim(str_next(&rest, ';')), path = STR("/");
	size_t name = str_find(pair, STR("=")) + 1;
	time_t ends = time(NULL) + 365 * 86400;
	bool gone = false;
	int at = -1;

	while (rest.ptr != NULL) {
		struct str part = str_trim(str_next(&rest, ';'));

		if (str_starts(part, STR("Path=")))
			path = str_cut(part, 5, part.len);
		gone = gone || str_is(part, "Max-Age=0");
		if (str_starts(part, STR("Max-Age=")))
			ends = time(NULL) + strtol(part.ptr + 8, NULL, 10);
	}
	for (int i = 0; i < HTTP_COOKIES; i++)
		if (str_starts(str_of(c->cookies[i]), str_cut(pair, 0, name)))
			at = i;
	for (int i = 0; i < HTTP_COOKIES && at < 0; i++)
		if (c->cookies[i][0] == '\0')
			at = i;
	if (at < 0)
		give_up("too many cookies");
	copy_text(c->cookies[at], sizeof c->cookies[at], gone ? STR("") : pair);
	copy_text(c->paths[at], sizeof c->paths[at], path);
	c->ends[at] = ends;
}

static void
learn(struct http *c)
{
	struct str rest = c->reply.head, mark = STR("name=\"csrf\" value=\"");
	size_t at = str_find(c->reply.body, mark);

	while (rest.ptr != NULL) {
		struct str line = str_next(&rest, '\n');

		if (strncasecmp(line.ptr, "Set-Cookie:", line.len < 11 ? line.len : 11) == 0 &&
		    line.len > 11)
			take_cookie(c, str_cut(line, 11, line.len));
	}
	if (at < c->reply.body.len) {
		struct str token = str_cut(c->reply.body, at + mark.len, c->reply.body.len);

		copy_text(c->csrf, sizeof c->csrf, str_cut(token, 0, str_find(token, STR("\""))));
	}
}

struct reply *
http_read(struct http *c, bool head)
{
	struct str all, length;
	size_t end, need = 0;
	int64_t content = 0;

	c->len = 0;
	c->reply = (struct reply){ .closed = true };
	do {
		if (!read_more(c)) {
			http_disconnect(c);
			return &c->reply;
		}
		all = (struct str){ c->bytes, c->len };
		end = str_find(all, STR("\r\n\r\n"));
		if (str_starts(all, STR("HTTP/1.1 100")) && end < all.len) {
			memmove(c->bytes, c->bytes + end + 4, c->len - end - 4);
			c->len -= end + 4;
			all.len = end = 0;
		}
	} while (end >= all.len);
	c->reply.head = str_cut(all, 0, end + 2);
	length = reply_header(&c->reply, "Content-Length");
	if (!head && length.len > 0 && str_to_int(length, &content) != OK)
		give_up("a length that is no number");
	need = end + 4 + (size_t)content;
	while (c->len < need && read_more(c))
		;
	/* The buffer may have moved. */
	c->reply.head = (struct str){ c->bytes, end + 2 };
	c->reply.body = (struct str){ c->bytes + end + 4, c->len - end - 4 };
	c->reply.status = atoi(c->bytes + 9);
	c->reply.closed = str_is(reply_header(&c->reply, "Connection"), "close");
	if (c->reply.closed)
		http_disconnect(c);
	learn(c);
	return &c->reply;
}

struct reply *
http_raw(struct http *c, struct str bytes)
{
	http_write(c, bytes);
	return http_read(c, false);
}

static bool
path_fits(struct str path, const char *cookie_path)
{
	struct str prefix = str_of(cookie_path);

	return str_is(prefix, "/") ||
	       (str_starts(path, prefix) &&
	        (path.len == prefix.len || path.ptr[prefix.len] == '/' || path.ptr[prefix.len] == '?'));
}

struct reply *
http_request(struct http *c, const char *method, const char *path, const char *type,
             struct str body)
{
	char head[8192];
	int len = snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s", method,
	                   path, c->port, c->headers == NULL ? "" : c->headers);
	bool any = false;

	for (int i = 0; i < HTTP_COOKIES; i++)
		if (c->cookies[i][0] != '\0' && (c->ends[i] == 0 || time(NULL) < c->ends[i]) &&
		    path_fits(str_of(path), c->paths[i])) {
			len += snprintf(head + len, sizeof head - (size_t)len, "%s%s",
			                any ? "; " : "Cookie: ", c->cookies[i]);
			any = true;
		}
	if (any)
		len += snprintf(head + len, sizeof head - (size_t)len, "\r\n");
	if (type != NULL)
		len += snprintf(head + len, sizeof head - (size_t)len,
		                "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body.len);
	len += snprintf(head + len, sizeof head - (size_t)len, "\r\n");
	http_write(c, (struct str){ head, (size_t)len });
	http_write(c, body);
	return http_read(c, strcmp(method, "HEAD") == 0);
}

struct reply *
http_get(struct http *c, const char *path)
{
	return http_request(c, "GET", path, NULL, STR(""));
}

struct reply *
http_head(struct http *c, const char *path)
{
	return http_request(c, "HEAD", path, NULL, STR(""));
}

struct reply *
http_post_plain(struct http *c, const char *path, const char *body)
{
	return http_request(c, "POST", path, "application/x-www-form-urlencoded", str_of(body));
}

struct reply *
http_post(struct http *c, const char *path, const char *body)
{
	size_t size = strlen(body) + sizeof c->csrf + 8;
	char *text = malloc(size);
	struct reply *r;

	if (text == NULL)
		give_up("memory");
	(void)snprintf(text, size, "csrf=%s&%s", c->csrf, body);
	r = http_post_plain(c, path, text);
	free(text);
	return r;
}

struct reply *
http_post_file(struct http *c, const char *path, const char *const *fields,
               const char *file_field, const char *file_name, struct str content)
{
	char *body = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&body, &size);
	struct reply *r;

	if (out == NULL)
		give_up("memory");
	fprintf(out, "--XyZ\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n", c->csrf);
	for (; fields != NULL && *fields != NULL; fields++) {
		const char *equals = strchr(*fields, '=');

		fprintf(out, "--XyZ\r\nContent-Disposition: form-data; name=\"%.*s\"\r\n\r\n%s\r\n",
		        (int)(equals - *fields), *fields, equals + 1);
	}
	fprintf(out, "--XyZ\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
	        "Content-Type: application/octet-stream\r\n\r\n", file_field, file_name);
	if (content.len > 0)
		(void)fwrite(content.ptr, 1, content.len, out);
	fprintf(out, "\r\n--XyZ--\r\n");
	if (fclose(out) != 0)
		give_up("memory");
	r = http_request(c, "POST", path, "multipart/form-data; boundary=XyZ",
	                 (struct str){ body, size });
	free(body);
	return r;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
http_wait_closed(struct http *c, int most_ms)
{
	int64_t begun = now_ms();
	char bytes[4096];

	for (;;) {
		struct pollfd wait = { .fd = c->fd, .events = POLLIN };
		int left = most_ms - (int)(now_ms() - begun);

		if (left <= 0 || poll(&wait, 1, left) != 1)
			return -1;
		if (recv(c->fd, bytes, sizeof bytes, 0) <= 0) {
			http_disconnect(c);
			return (int)(now_ms() - begun);
		}
	}
}

const char *
http_cookie(const struct http *c, const char *name)
{
	size_t len = strlen(name);

	for (int i = 0; i < HTTP_COOKIES; i++)
		if (strncmp(c->cookies[i], name, len) == 0 && c->cookies[i][len] == '=')
			return c->cookies[i] + len + 1;
	return NULL;
}

/* ---- the program ------------------------------------------------------------------------ */

static void
run_program(const struct http_server *s, const char *ready, const char *const *more)
{
	const char *program = getenv("FOLKMOOT");
	const char *args[32] = { program, "serve", "--data", s->folder, "--port", "0",
	                         "--ready-file", ready };
	int count = 8, quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);

	while (more != NULL && *more != NULL && count < 31)
		args[count++] = *more++;
	(void)dup2(quiet, 1);
	if (program != NULL)
		(void)execv(program, (char *const *)(uintptr_t)args);
	give_up("$FOLKMOOT");
}

static int
read_port(const char *ready)
{
	FILE *file = fopen(ready, "r");
	int port = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "http://127.0.0.1:%d\n", &port) != 1)
		port = 0;
	(void)fclose(file);
	return port;
}

void
http_server_start(struct http_server *s, const char *folder, const char *const *more)
{
	struct timespec pause = { .tv_nsec = 10000000 };
	char ready[300];

	*s = (struct http_server){ .keep = folder != NULL };
	if (folder != NULL)
		(void)snprintf(s->folder, sizeof s->folder, "%s", folder);
	else
		(void)snprintf(s->folder, sizeof s->folder, "/tmp/folkmoot-http-XXXXXX");
	if (folder == NULL && mkdtemp(s->folder) == NULL)
		give_up("a folder");
	(void)snprintf(ready, sizeof ready, "%s/ready", s->folder);
	(void)unlink(ready);
	s->pid = fork();
	if (s->pid < 0)
		give_up("fork");
	if (s->pid == 0)
		run_program(s, ready, more);
	for (int waited = 0; s->port == 0; waited += 10) {
		if (waited > PATIENCE_MS || waitpid(s->pid, NULL, WNOHANG) == s->pid) {
			errno = ETIMEDOUT;
			give_up("the server did not start");
		}
		(void)nanosleep(&pause, NULL);
		s->port = read_port(ready);
	}
}

static int
remove_one(const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
	(void)info;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void
http_server_remove(struct http_server *s)
{
	if (!s->keep)
		(void)nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int
http_server_stop(struct http_server *s)
{
	int status = 0;

	(void)kill(s->pid, SIGTERM);
	(void)waitpid(s->pid, &status, 0);
	http_server_remove(s);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void
http_server_kill(struct http_server *s)
{
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, NULL, 0);
}
