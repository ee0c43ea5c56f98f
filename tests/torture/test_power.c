/* Power cuts at chance-drawn moments while deeds run (test_power FIRST LAST: which seeds).
 * Every deed that was told OK must be there afterwards, and none half. With
 * PRAGMA synchronous=OFF the same must find losses: else it would not be a test. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "base/chance.h"
#include "store/scratch.h"
#include "torture/deeds.h"
#include "torture/vfs.h"

enum { THREADS = 3, DEEDS_A_LIFE = 240, LIVES = 3 };

static struct {
	struct scratch scratch;
	struct writer *writer;
	atomic_long next;             /* number of the next deed */
	long stop;                    /* none from here in this life */
	bool told_ok[DEEDS_MAX];      /* in all lives of this seed */
	struct leftover left;
	long lost, half, refused, unsound, cuts;
} t;

static uint64_t first_seed = 1, last_seed = 12;

static void *
work(void *context)
{
	long number;

	(void)context;
	while (!torture_crashed() && (number = atomic_fetch_add(&t.next, 1)) < t.stop)
		t.told_ok[number] = deed_do(t.writer, number) == OK;
	return NULL;
}

/* Opens, works until the power goes or the work is done, and closes. */
static void
live(int64_t crash_at)
{
	pthread_t threads[THREADS];
	struct db *db = NULL;
	const char *why;

	torture_crash_at(crash_at);
	t.stop = atomic_load(&t.next) + DEEDS_A_LIFE;
	if (db_open(t.scratch.path, DB_CREATE, &db, &why) != OK)
		return; /* cut while the file was made */
	if (deeds_prepare(db) != OK) {
		db_close(db);
		return;
	}
	CHECK_INT(writer_start(&db, 1, 16, &t.writer), OK);
	for (int i = 0; i < THREADS; i++)
		CHECK_INT(pthread_create(&threads[i], NULL, work, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	writer_stop(t.writer);
}

static void
look(void)
{
	struct db *db = NULL;
	const char *why = NULL;

	/* As the server does when power is back: recovers, or makes what was not made yet. */
	if (db_open(t.scratch.path, DB_CREATE, &db, &why) != OK) {
		t.unsound++; /* recovery must always succeed */
		return;
	}
	db_close(db);
	deeds_look(t.scratch.path, &t.left);
	for (long i = 0; i < t.next; i++)
		t.lost += t.told_ok[i] && !t.left.whole[i];
	t.half += t.left.half;
	t.refused += t.left.refused;
	t.unsound += !t.left.sound;
}

static void
run_seed(uint64_t seed)
{
	struct chance chance;
	uint8_t bytes[32] = { 0 };

	memcpy(bytes, &seed, sizeof seed);
	chance_from_seed(&chance, bytes);
	scratch_init(&t.scratch);
	atomic_store(&t.next, 1);
	memset(t.told_ok, 0, sizeof t.told_ok);
	for (int i = 0; i < LIVES; i++) {
		/* Now and then early, while the file is made; mostly somewhere in the work. */
		uint64_t within = chance_below(&chance, 4) == 0 ? 60 : 2500;

		live(1 + (int64_t)chance_below(&chance, within));
		t.cuts += torture_crashed();
		torture_restart(chance_below(&chance, 2) == 0, chance_u64(&chance));
		look();
	}
	scratch_release(&t.scratch);
	torture_restart(false, 0); /* forgets the files */
}

static void
run_seeds(uint64_t from, uint64_t to)
{
	t.lost = t.half = t.refused = t.unsound = t.cuts = 0;
	for (uint64_t seed = from; seed <= to; seed++)
		run_seed(seed);
}

static void
test_power(void)
{
	run_seeds(first_seed, last_seed);
	CHECK(t.cuts >= (long)(last_seed - first_seed)); /* of three times as many lives */
	CHECK_INT(t.lost, 0);
	CHECK_INT(t.half, 0);
	CHECK_INT(t.refused, 0);
	CHECK_INT(t.unsound, 0);
}

static int
keep_synchronous_off(void *context, int action, const char *name, const char *value,
                     const char *db, const char *trigger)
{
	(void)context;
	(void)db;
	(void)trigger;
	return action == SQLITE_PRAGMA && value != NULL && strcmp(name, "synchronous") == 0
	       ? SQLITE_IGNORE : SQLITE_OK;
}

/* For every connection from now on, whatever it asks for later. */
static int
synchronous_off(sqlite3 *sqlite, char **error, const void *api)
{
	(void)error;
	(void)api;
	(void)sqlite3_exec(sqlite, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	return sqlite3_set_authorizer(sqlite, keep_synchronous_off, NULL);
}

static void
test_not_synced_is_noticed(void)
{
	CHECK_INT(sqlite3_auto_extension((void (*)(void))synchronous_off), SQLITE_OK);
	run_seeds(1, 4);
	CHECK(t.lost > 0);
	sqlite3_reset_auto_extension();
}

static const struct test_case cases[] = {
	{ "torture: power cuts lose nothing that was acknowledged", test_power },
	{ "torture: with synchronous=OFF the loss is noticed", test_not_synced_is_noticed },
};

int
main(int argc, char **argv)
{
	if (argc > 2) {
		first_seed = strtoull(argv[1], NULL, 10);
		last_seed = strtoull(argv[2], NULL, 10);
	}
	torture_register();
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
