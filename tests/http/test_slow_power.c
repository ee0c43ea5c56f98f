/* The power goes while people vote. The server runs inside the test, on the disk of
 * torture/vfs.h, which then forgets what was not synced: every ballot that was acknowledged over
 * the socket is in the box when the power is back. */
#include <pthread.h>
#include <stdatomic.h>

#include "http/voting.h"
#include "torture/vfs.h"
#include "web/server.h"

enum { CLIENTS = 4, VOTERS = 2000, SEEDS = 8 };

static struct voting v;
static atomic_long next;
static atomic_int answered;

static void *
vote(void *server)
{
	struct http c;

	http_init(&c, server_port(server));
	while (!torture_crashed()) {
		long voter = atomic_fetch_add(&next, 1);

		if (voter >= VOTERS)
			break;
		if (voting_cast(&v, &c, voter) == 200)
			atomic_fetch_add(&answered, 1);
	}
	http_close(&c);
	return NULL;
}

/* Serves until the power goes, then ends. */
static void
serve(int64_t crash_at)
{
	struct server_options options;
	struct server *server;
	pthread_t clients[CLIENTS];
	const char *why = "";

	server_options_init(&options);
	options.port = 0;
	options.threads = 2;
	if (desk_open(v.folder, NULL, &options.desk, &why) != OK ||
	    server_start(&options, &server, &why) != OK)
		world_need(FAILED, why);
	torture_crash_at(crash_at);
	for (int i = 0; i < CLIENTS; i++)
		CHECK_INT(pthread_create(&clients[i], NULL, vote, server), 0);
	for (int i = 0; i < CLIENTS; i++)
		(void)pthread_join(clients[i], NULL);
	CHECK(torture_crashed());
	server_stop(server);
	desk_close(options.desk);
}

static void
test_power(void)
{
	/* Made on the disk as it is: the other one counts it as synced. */
	voting_init(&v, VOTERS);
	torture_register();
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		serve(20 + 37 * (int64_t)seed);
		torture_restart(seed % 2 == 0, seed);
		CHECK_INT(voting_lost(&v), 0);
	}
	CHECK(atomic_load(&answered) > 100);
	printf("# %d ballots acknowledged in %d lives\n", atomic_load(&answered), SEEDS);
	voting_release(&v);
}

static const struct test_case cases[] = {
	{ "server: a power cut loses no ballot that was acknowledged", test_power },
};
TEST_MAIN(cases)
