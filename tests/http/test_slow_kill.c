/* kill -9 while people vote, several times over: every ballot that was acknowledged is in the box
 * of the server that starts next. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "http/voting.h"

enum { CLIENTS = 8, VOTERS = 40000, LIVES = 4, LIFE_US = 400000 };

static struct voting v;
static atomic_long next;
static atomic_int answered;

static void *
vote(void *server_)
{
	const struct http_server *server = server_;
	struct http c;
	int status = 200;

	http_init(&c, server->port);
	while (status == 200) {
		long voter = atomic_fetch_add(&next, 1);

		if (voter >= VOTERS)
			break;
		status = voting_cast(&v, &c, voter);
		if (status == 200)
			atomic_fetch_add(&answered, 1);
	}
	CHECK_INT(status, 0); /* cut off, never refused */
	http_close(&c);
	return NULL;
}

static void
test_kill(void)
{
	voting_init(&v, VOTERS);
	for (int life = 0; life < LIVES; life++) {
		struct http_server server;
		pthread_t clients[CLIENTS];
		int before = atomic_load(&answered);

		http_server_start(&server, v.folder, NULL);
		for (int i = 0; i < CLIENTS; i++)
			CHECK_INT(pthread_create(&clients[i], NULL, vote, &server), 0);
		(void)usleep(LIFE_US + 50000 * (useconds_t)life);
		http_server_kill(&server);
		for (int i = 0; i < CLIENTS; i++)
			(void)pthread_join(clients[i], NULL);
		CHECK(atomic_load(&answered) > before);
	}
	CHECK_INT(voting_lost(&v), 0);
	printf("# %d ballots acknowledged in %d lives\n", atomic_load(&answered), LIVES);
	voting_release(&v);
}

static const struct test_case cases[] = {
	{ "server: kill -9 loses no ballot that was acknowledged", test_kill },
};
TEST_MAIN(cases)
