#include "web/request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t
clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
server_options_init(struct server_options *options)
{
	*options = (struct server_options){
		.tables = route_tables,
		.address = "127.0.0.1",
		.port = 8080,
		.connections = 1000,
		.connections_by_address = 200, /* a full hall behind one address */
		.rate = { .burst = 1000, .per_minute = 3000 },
		.header_ms = 10000,
		.body_ms = 60000,
		.upload_ms = 300000,
		.idle_ms = 75000,
		.cache_bytes = 8 << 20,
	};
}

/* ---- connections and their time-outs ---------------------------------------------------- */

static struct line *
line_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info == NULL ? NULL : info->socket_context;
}

static void
line_until(struct line *line, int64_t until_ms)
{
	atomic_store_explicit(&line->until_ms, until_ms, memory_order_relaxed);
}

static void *
line_open(struct server *server, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *fd =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *client =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct line *line = fd == NULL ? NULL : calloc(1, sizeof *line);

	if (line == NULL)
		return NULL;
	line->fd = fd->connect_fd;
	line->address = address_of_socket(client == NULL ? NULL : client->client_addr);
	line_until(line, clock_ms() + server->options.header_ms);
	pthread_mutex_lock(&server->lock);
	line->next = server->lines;
	if (line->next != NULL)
		line->next->prev = line;
	server->lines = line;
	pthread_mutex_unlock(&server->lock);
	return line;
}

static void
line_close(struct server *server, struct line *line)
{
	if (line == NULL)
		return;
	pthread_mutex_lock(&server->lock);
	if (line->next != NULL)
		line->next->prev = line->prev;
	if (line->prev != NULL)
		line->prev->next = line->next;
	else
		server->lines = line->next;
	pthread_mutex_unlock(&server->lock);
	free(line);
}

static void
on_connection(void *context, struct MHD_Connection *connection, void **line,
              enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*line = line_open(context, connection);
	else
		line_close(context, *line);
}

/* A thread: shuts what took too long. MHD then sees an end of input. */
static void *
watch(void *context)
{
	struct server *server = context;
	struct timespec pause = { .tv_nsec = 200000000 };

	while (!atomic_load(&server->watch_ends)) {
		int64_t now;

		(void)nanosleep(&pause, NULL);
		now = clock_ms();
		pthread_mutex_lock(&server->lock);
		for (struct line *line = server->lines; line != NULL; line = line->next)
			if (atomic_load_explicit(&line->until_ms, memory_order_relaxed) <= now)
				(void)shutdown(line->fd, SHUT_RDWR);
		pthread_mutex_unlock(&server->lock);
	}
	return NULL;
}

/* May this address have one more connection? Proxies and this machine itself may. */
static enum MHD_Result
may_connect(void *context, const struct sockaddr *from, socklen_t len)
{
	struct server *server = context;
	struct address address = address_of_socket(from);
	uint64_t group = address_group(address);
	int count = 0;

	(void)len;
	if (address_is_loopback(address))
		return MHD_YES;
	for (size_t i = 0; i < server->options.trusted_len; i++)
		if (address_eq(server->options.trusted[i], address))
			return MHD_YES;
	pthread_mutex_lock(&server->lock);
	for (struct line *line = server->lines; line != NULL; line = line->next)
		count += address_group(line->address) == group;
	pthread_mutex_unlock(&server->lock);
	return count < server->options.connections_by_address ? MHD_YES : MHD_NO;
}

/* ---- requests --------------------------------------------------------------------------- */

static struct worker *
worker_new(struct server *server)
{
	struct worker *worker = calloc(1, sizeof *worker);

	if (worker == NULL)
		return NULL;
	worker->server = server;
	worker->cache = cache_new(server->options.cache_bytes);
	if (worker->cache == NULL) {
		free(worker);
		return NULL;
	}
	chance_from_system(&worker->chance);
	pthread_mutex_lock(&server->lock);
	worker->number = server->workers == NULL ? 1 : server->workers->number + 1;
	worker->next = server->workers;
	server->workers = worker;
	pthread_mutex_unlock(&server->lock);
	return worker;
}

static void
worker_free(struct worker *worker)
{
	while (worker->free != NULL) {
		struct exchange *x = worker->free;

		worker->free = x->next;
		exchange_free(x);
	}
	cache_free(worker->cache);
	for (int i = 0; i < HOMES_MAX; i++) {
		db_close(worker->dbs[i]);
		db_close(worker->replicas[i]);
	}
	free(worker);
}

/* The calling HTTP thread's own. */
static struct worker *
my_worker(struct server *server)
{
	static _Thread_local struct worker *mine;

	if (mine == NULL)
		mine = worker_new(server);
	return mine;
}

static void *
on_first_line(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct server *server = context;
	struct line *line = line_of(connection);
	int64_t until = clock_ms() + server->options.header_ms;

	(void)uri;
	if (line != NULL && atomic_load_explicit(&line->until_ms, memory_order_relaxed) > until)
		line_until(line, until);
	return NULL;
}

static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *data, size_t *size, void **memory)
{
	struct exchange *x = *memory;

	(void)version;
	if (x == NULL) {
		struct worker *worker = my_worker(context);
		struct line *line = line_of(connection);

		x = worker == NULL || line == NULL ? NULL : exchange_new(worker, connection, line);
		if (x == NULL)
			return MHD_NO;
		*memory = x;
		line_until(line, INT64_MAX);
		return exchange_begin(x, method, url) ? exchange_finish(x) : MHD_YES;
	}
	if (*size > 0) {
		bool more = exchange_body(x, data, *size);

		*size = 0;
		return more ? MHD_YES : MHD_NO;
	}
	if (x->stage == STAGE_DONE)
		return MHD_YES;
	if (x->stage == STAGE_NEW) /* without a body: now, as an answer to the first call ends the connection */
		exchange_look(x, method, url);
	return exchange_finish(x);
}

static void
on_completed(void *context, struct MHD_Connection *connection, void **memory,
             enum MHD_RequestTerminationCode code)
{
	struct server *server = context;
	struct exchange *x = *memory;

	(void)connection;
	(void)code;
	if (x == NULL)
		return;
	line_until(x->line, clock_ms() + server->options.idle_ms);
	exchange_measure(x);
	exchange_recycle(x);
	*memory = NULL;
}

/* Paths and queries are decoded once, by us. */
static size_t
leave_escaped(void *context, struct MHD_Connection *connection, char *s)
{
	(void)context;
	(void)connection;
	return strlen(s);
}

/* ---- start and stop --------------------------------------------------------------------- */

/* A listening socket, or -1 with *ret_why. */
static int
listen_at(const struct server_options *options, const char **ret_why)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_PASSIVE | AI_NUMERICSERV,
	                          .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char port[8];
	int fd, one = 1, zero = 0;

	(void)snprintf(port, sizeof port, "%d", options->port);
	if (getaddrinfo(options->address, port, &hints, &found) != 0) {
		*ret_why = "the address to listen at is no IP address";
		return -1;
	}
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
		if (found->ai_family == AF_INET6)
			(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
	}
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 511) != 0) {
		*ret_why = errno == EADDRINUSE ? "the port is in use"
		         : errno == EACCES     ? "the port may not be used by this user"
		                               : "the address can't be listened at";
		if (fd >= 0)
			(void)close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

static int
port_of(int fd)
{
	struct sockaddr_storage bound = { 0 };
	socklen_t len = sizeof bound;

	if (getsockname(fd, (struct sockaddr *)&bound, &len) != 0)
		return 0;
	if (bound.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&bound)->sin6_port);
	return ntohs(((struct sockaddr_in *)&bound)->sin_port);
}

static void
set_addresses(struct server *server)
{
	const struct server_options *options = &server->options;
	const char *address = options->address;
	bool v6 = strchr(address, ':') != NULL;

	if (strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0) {
		address = "127.0.0.1";
		v6 = false;
	}
	(void)snprintf(server->address, sizeof server->address,
	               v6 ? "http://[%s]:%d" : "http://%s:%d", address, server->port);
	server->origin = options->origin.len > 0 ? options->origin : str_of(server->address);
}

static struct MHD_Daemon *
start_daemon(struct server *server, int fd)
{
	const struct server_options *options = &server->options;
	unsigned threads = (unsigned)options->threads;
	struct MHD_OptionItem pool[] = {
		{ MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (threads < 2) /* then the one thread is no pool */
		pool[0] = pool[1];
	return MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, may_connect, server,
		on_request, server,
		MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)options->connections,
		/* Headers and answers' headers; MHD clears it all between requests. */
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
		MHD_OPTION_URI_LOG_CALLBACK, on_first_line, server,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_ARRAY, pool,
		MHD_OPTION_END);
}

static void
server_free(struct server *server)
{
	while (server->workers != NULL) {
		struct worker *worker = server->workers;

		server->workers = worker->next;
		worker_free(worker);
	}
	router_free(server->router);
	limit_free(server->limit);
	pthread_mutex_destroy(&server->lock);
	free(server);
}

enum status
server_start(const struct server_options *options, struct server **ret, const char **ret_why)
{
	struct server *server = calloc(1, sizeof *server);
	int fd = -1;

	*ret_why = "there is no memory for the server";
	if (server == NULL)
		return NO_MEMORY;
	server->options = *options;
	server->started = time_now();
	if (server->options.threads <= 0)
		server->options.threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
	pthread_mutex_init(&server->lock, NULL);
	server->router = router_new(options->tables);
	server->limit = limit_new();
	if (server->router != NULL && server->limit != NULL)
		fd = listen_at(options, ret_why);
	if (fd < 0) {
		server_free(server);
		return UNAVAILABLE;
	}
	server->port = port_of(fd);
	set_addresses(server);
	*ret_why = "the server's threads can't be started";
	if (pthread_create(&server->watchdog, NULL, watch, server) != 0) {
		(void)close(fd);
		server_free(server);
		return UNAVAILABLE;
	}
	server->daemon = start_daemon(server, fd);
	if (server->daemon == NULL) {
		(void)close(fd);
		atomic_store(&server->watch_ends, true);
		(void)pthread_join(server->watchdog, NULL);
		server_free(server);
		return UNAVAILABLE;
	}
	*ret = server;
	return OK;
}

int
server_port(const struct server *server)
{
	return server->port;
}

struct str
server_origin(const struct server *server)
{
	return server->origin;
}

struct str
server_address(const struct server *server)
{
	return str_of(server->address);
}

static void
count(struct server *server, int *ret_busy, int *ret_deeds)
{
	*ret_busy = *ret_deeds = 0;
	pthread_mutex_lock(&server->lock);
	for (struct worker *worker = server->workers; worker != NULL; worker = worker->next) {
		*ret_busy += atomic_load(&worker->busy);
		*ret_deeds += atomic_load(&worker->deeds);
	}
	pthread_mutex_unlock(&server->lock);
}

void
server_stop(struct server *server)
{
	enum { PATIENCE_MS = 5000, STEP_MS = 10 };
	MHD_socket fd = MHD_quiesce_daemon(server->daemon);
	struct timespec pause = { .tv_nsec = STEP_MS * 1000000 };
	int running, deeds;

	if (fd != MHD_INVALID_SOCKET)
		(void)close(fd);
	atomic_store(&server->stopping, true);
	/* MHD must not be stopped while a connection sleeps; answers get a while to be sent. */
	for (int waited = 0;; waited += STEP_MS) {
		count(server, &running, &deeds);
		if (deeds == 0 && (running == 0 || waited >= PATIENCE_MS))
			break;
		(void)nanosleep(&pause, NULL);
	}
	MHD_stop_daemon(server->daemon);
	atomic_store(&server->watch_ends, true);
	(void)pthread_join(server->watchdog, NULL);
	server_free(server);
}
