/* Deeds a second through the writer alone, with 64 waiting at any time, as 64 clients would:
 * each reads its place and writes two rows. bench_writer FOLDER [SECONDS] (the disk of FOLDER
 * is what is measured; with LD_PRELOAD=…/libslow_sync.so SLOW_SYNC_MS=5 a slower one). */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/id.h"
#include "base/time.h"
#include "store/place.sql.h"
#include "store/writer.h"

enum { CLIENTS = 64, BATCH_MAX = 256 };

struct client {
	struct deed deed;
	struct arena arena;
	int64_t number; /* of its next rows, unlike any other's */
};

static struct writer *writer;
static atomic_bool ending;
static atomic_int going;
static int64_t done_count;
static const struct place_id place = { 1 };

static enum status
client_run(struct db *db, void *context)
{
	struct client *client = context;
	struct place_by_id_row row;
	struct id_text name = id_text(client->number), second = id_text(client->number + 1);
	enum status st;

	arena_reset(&client->arena);
	st = place_by_id(db, &client->arena, place, &row);
	if (st == OK)
		st = area_insert(db, place, str_of(name.text), row.name, 1);
	if (st == OK)
		st = area_insert(db, place, str_of(second.text), row.name, 2);
	return st;
}

static void
client_done(void *context, enum status st)
{
	struct client *client = context;

	if (st != OK) {
		fprintf(stderr, "a deed ended: %s\n", status_name(st));
		exit(1);
	}
	done_count++; /* only ever on the writer's thread */
	client->number += 2 * CLIENTS;
	if (atomic_load(&ending))
		atomic_fetch_sub(&going, 1);
	else
		writer_submit(writer, &client->deed);
}

static struct db *
open_new(const char *path)
{
	const char *why = NULL;
	struct db *db = NULL;

	if (db_open(path, DB_CREATE, &db, &why) != OK) {
		fprintf(stderr, "%s: %s\n", path, why);
		exit(1);
	}
	if (place_insert(db, place, STR("p"), STR("A place"), STR(""), STR("en"), STR("GBP"),
	                 STR("UTC"), NULL, NULL, STR(""), STR("{}"), false, time_now()) != OK)
		exit(1);
	return db;
}

int
main(int argc, char **argv)
{
	static struct client clients[CLIENTS];
	int seconds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 5;
	struct instant start;
	double passed;
	char path[4096];

	if (argc < 2 || seconds < 1) {
		fprintf(stderr, "usage: bench_writer FOLDER [SECONDS]\n");
		return 2;
	}
	(void)snprintf(path, sizeof path, "%s/bench-writer-%d.db", argv[1], (int)getpid());
	if (writer_start((struct db *[]){ open_new(path) }, 1, BATCH_MAX, &writer) != OK)
		return 1;
	start = time_now();
	atomic_store(&going, CLIENTS);
	for (int i = 0; i < CLIENTS; i++) {
		clients[i].deed = (struct deed){ .run = client_run, .done = client_done,
			                             .context = &clients[i] };
		clients[i].number = 2 * i + 1;
		arena_init(&clients[i].arena, 65536);
		writer_submit(writer, &clients[i].deed);
	}
	(void)sleep((unsigned)seconds);
	atomic_store(&ending, true);
	while (atomic_load(&going) > 0)
		(void)usleep(1000);
	passed = (double)(time_now().us - start.us) / 1e6;
	writer_stop(writer);
	(void)unlink(path);
	printf("%.0f deeds/s (%lld in %.2f s)\n", (double)done_count / passed,
	       (long long)done_count, passed);
	return 0;
}
