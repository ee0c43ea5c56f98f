/* kill -9 in the middle of writes. The program starts itself again as the one to be killed
 * ("write PATH FROM"): it prints the number of each deed it was told OK. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/chance.h"
#include "store/scratch.h"
#include "torture/deeds.h"
#include "torture/victim.h"

enum { THREADS = 4 };

static struct writer *writer;
static atomic_long next;

static void *
work(void *context)
{
	long number;

	(void)context;
	while ((number = atomic_fetch_add(&next, 1)) < DEEDS_MAX) {
		char line[24];
		int len = snprintf(line, sizeof line, "%ld\n", number);

		if (deed_do(writer, number) == OK && write(STDOUT_FILENO, line, (size_t)len) != len)
			break;
	}
	return NULL;
}

static int
write_until_killed(const char *path, long from)
{
	pthread_t threads[THREADS];
	const char *why = NULL;
	struct db *db = NULL;

	atomic_store(&next, from);
	if (db_open(path, DB_CREATE, &db, &why) != OK || deeds_prepare(db) != OK ||
	    writer_start(&db, 1, 16, &writer) != OK) {
		fprintf(stderr, "%s: %s\n", path, why == NULL ? "" : why);
		return 1;
	}
	for (int i = 0; i < THREADS; i++)
		(void)pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	return 0;
}

static void
test_kill(void)
{
	static struct leftover left;
	static bool told_ok[DEEDS_MAX];
	struct scratch s;
	struct chance chance;
	long from = 1, acknowledged = 0, lost = 0;
	uint8_t seed[32] = { 1 };

	chance_from_seed(&chance, seed);
	scratch_init(&s);
	for (int life = 0; life < 6; life++) {
		char from_text[24], line[24];
		const char *argv[] = { "/proc/self/exe", "write", s.path, from_text, NULL };
		long until = from + 1 + (long)chance_below(&chance, 150);
		struct victim victim;
		bool killed = false;

		(void)snprintf(from_text, sizeof from_text, "%ld", from);
		victim_start(&victim, argv);
		while (victim_line(&victim, line, sizeof line)) {
			long number = strtol(line, NULL, 10);

			told_ok[number] = true;
			acknowledged++;
			from = number >= from ? number + 1 : from;
			if (number >= until && !killed) {
				victim_kill(&victim);
				killed = true;
			}
		}
		CHECK(killed);
		victim_release(&victim);
		from += 2 * THREADS; /* numbers that may be there, though never acknowledged */
		deeds_look(s.path, &left);
		CHECK_INT(left.half, 0);
		CHECK_INT(left.refused, 0);
		CHECK(left.sound);
	}
	for (long i = 0; i < from; i++)
		lost += told_ok[i] && !left.whole[i];
	CHECK_INT(lost, 0);
	CHECK(acknowledged > 100);
	scratch_release(&s);
}

static const struct test_case cases[] = {
	{ "torture: kill -9 loses nothing that was acknowledged", test_kill },
};

int
main(int argc, char **argv)
{
	if (argc == 4)
		return write_until_killed(argv[2], strtol(argv[3], NULL, 10));
	return test_run_all(cases, sizeof cases / sizeof *cases);
}
