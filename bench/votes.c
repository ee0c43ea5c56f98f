/* Ballots cast a second through HTTP, each answered only once it is on the disk.
 *
 *   bench_votes [--seconds N] [--clients N] [--kill]
 *
 * Starts $FOLKMOOT (meson sets it) on a fresh folder under $TMPDIR with a round that is open and
 * many signed-in voters, then casts with one epoll loop, as a real load would: each client sends
 * the next voter's form as soon as its last one was answered. At the end (with --kill after
 * kill -9 in the middle) every receipt that was handed out is looked up in the box; one that is
 * missing is a failure. With FOLKMOOT_TEST_DB=postgresql://… on that server. With LD_PRELOAD=…/libslow_sync.so SLOW_SYNC_MS=5 the disk is slower. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "http/voting.h"

enum { VOTERS = 400000, CLIENTS_MAX = 256, ANSWER_MAX = 65536 };

struct client {
	int fd;
	int64_t voter; /* whose form is on its way */
	int64_t sent_us;
	size_t len;
	char answer[ANSWER_MAX];
};

static struct {
	struct voting v;
	int64_t next;
	struct client clients[CLIENTS_MAX];
	int clients_len, seconds;
	bool kill;
	int64_t answered, refused;
	int32_t *waits_us; /* of each answer */
} b;

/* ---- load --------------------------------------------------------------------------------- */

static int64_t
now_us(void)
{
	return time_now().us;
}

static void
send_next(struct client *c, int port)
{
	char form[VOTING_FORM_MAX], text[800];
	int form_len, len;

	c->len = 0;
	c->voter = b.next < b.v.voters_len ? b.next++ : -1;
	if (c->voter < 0)
		return;
	form_len = voting_form(&b.v, c->voter, form);
	len = snprintf(text, sizeof text,
	               "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
	               "Cookie: fm_vale=%s\r\nOrigin: http://127.0.0.1:%d\r\n"
	               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
	               b.v.ballot_path, port, b.v.voters[c->voter].token, port, form_len, form);
	c->sent_us = now_us();
	if (send(c->fd, text, (size_t)len, MSG_NOSIGNAL) != len)
		c->voter = -1;
}

/* True when the whole answer is there. */
static bool
is_whole(const struct client *c)
{
	struct str all = { c->answer, c->len };
	size_t end = str_find(all, STR("\r\n\r\n"));
	struct str head = str_cut(all, 0, end);
	size_t at = str_find(head, STR("Content-Length: "));

	if (end >= all.len || at >= head.len)
		return false;
	return c->len >= end + 4 + strtoul(c->answer + at + 16, NULL, 10);
}

static void
take_answer(struct client *c)
{
	struct str all = { c->answer, c->len };

	if (!str_starts(all, STR("HTTP/1.1 200")) || !voting_take_code(&b.v, c->voter, all)) {
		if (b.refused++ == 0)
			printf("# %.*s\n", STR_ARG(all));
		return;
	}
	b.waits_us[b.answered++] = (int32_t)(now_us() - c->sent_us);
}

static int
connect_to(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		world_need(FAILED, "connect");
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

static void
on_ready(struct client *c, int port)
{
	ssize_t n = recv(c->fd, c->answer + c->len, ANSWER_MAX - 1 - c->len, MSG_DONTWAIT);

	if (n <= 0) {
		(void)close(c->fd);
		c->fd = -1;
		return;
	}
	c->len += (size_t)n;
	c->answer[c->len] = '\0';
	if (!is_whole(c))
		return;
	take_answer(c);
	send_next(c, port);
}

/* Seconds it took. */
static double
cast_all(struct http_server *server)
{
	int poll = epoll_create1(EPOLL_CLOEXEC);
	int64_t begun, ends;
	bool killed = false;

	for (int i = 0; i < b.clients_len; i++) {
		struct client *c = &b.clients[i];
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };

		c->fd = connect_to(server->port);
		if (epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event) != 0)
			world_need(FAILED, "epoll");
		send_next(c, server->port);
	}
	begun = now_us();
	ends = begun + b.seconds * SECOND_US;
	while (now_us() < ends && b.answered + b.refused < b.v.voters_len) {
		struct epoll_event events[CLIENTS_MAX];
		int count = epoll_wait(poll, events, CLIENTS_MAX, 100);

		if (b.kill && !killed && now_us() > begun + b.seconds * SECOND_US / 2) {
			http_server_kill(server);
			killed = true;
		}
		for (int i = 0; i < count; i++)
			if (((struct client *)events[i].data.ptr)->fd >= 0)
				on_ready(events[i].data.ptr, server->port);
	}
	(void)close(poll);
	return (double)((killed ? begun + b.seconds * SECOND_US / 2 : now_us()) - begun) / SECOND_US;
}

/* ---- what came of it ---------------------------------------------------------------------- */

/* Processor time of the server or of this program, per ballot, in microseconds. */
static double
processor_us(int who)
{
	struct rusage used = { .ru_maxrss = 0 };

	(void)getrusage(who, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static int
by_number(const void *x, const void *y)
{
	return (*(const int32_t *)x > *(const int32_t *)y) - (*(const int32_t *)x < *(const int32_t *)y);
}

static int
report(double seconds, double load_us)
{
	int64_t lost = voting_lost(&b.v);
	double answered = b.answered == 0 ? 1 : (double)b.answered;

	qsort(b.waits_us, (size_t)b.answered, sizeof *b.waits_us, by_number);
	printf("%lld ballots in %.1f s: %.0f ballots/s, %d clients, half within %.1f ms, 99%% within "
	       "%.1f ms\nprocessor time of a ballot: server %.0f us, load %.0f us\n"
	       "%lld not taken, %lld receipts lost%s\n", (long long)b.answered, seconds,
	       (double)b.answered / seconds, b.clients_len,
	       b.answered == 0 ? 0 : b.waits_us[b.answered / 2] / 1000.0,
	       b.answered == 0 ? 0 : b.waits_us[b.answered * 99 / 100] / 1000.0,
	       processor_us(RUSAGE_CHILDREN) / answered, load_us / answered,
	       (long long)b.refused, (long long)lost, b.kill ? " after kill -9" : "");
	if (b.kill) /* it is a test then, too: tests/sum_up.mjs counts such lines */
		printf("%s votes: kill -9 under load loses no receipt\n",
		       b.answered > 0 && lost == 0 && b.refused == 0 ? "ok" : "not ok");
	return b.answered > 0 && lost == 0 && b.refused == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct http_server server;
	char database[PATH_MAX];
	double seconds, load_us;
	int status;

	b.seconds = 5;
	b.clients_len = 64;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--kill") == 0)
			b.kill = true;
		else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
			b.seconds = (int)strtol(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--clients") == 0 && i + 1 < argc)
			b.clients_len = (int)strtol(argv[++i], NULL, 10);
	}
	if (b.seconds < 1 || b.seconds > 20 || b.clients_len < 1 || b.clients_len > CLIENTS_MAX) {
		fprintf(stderr, "bench_votes [--seconds 1..20] [--clients 1..%d] [--kill]\n", CLIENTS_MAX);
		return 2;
	}
	voting_init(&b.v, (int64_t)b.seconds * VOTERS / 20);
	b.waits_us = calloc((size_t)b.v.voters_len, sizeof *b.waits_us);
	if (b.waits_us == NULL)
		return 1;
	voting_database(&b.v, database);
	http_server_start(&server, b.v.folder,
	                  b.v.p.w.scratch.server ? (const char *const[]){ "--db", database, NULL } : NULL);
	load_us = processor_us(RUSAGE_SELF);
	seconds = cast_all(&server);
	load_us = processor_us(RUSAGE_SELF) - load_us;
	if (!b.kill && http_server_stop(&server) != 0)
		return 1;
	status = report(seconds, load_us);
	voting_release(&b.v);
	free(b.waits_us);
	return status;
}
