#include "acts/desk.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
	SQLITE_BATCH = 512,
	/* More subtransactions than 64 would overflow PostgreSQL's cache of them in each snapshot. */
	SERVER_BATCH = 60,
	SERVER_LANES = 4,
	LOOK_AGAIN_MS = 200,
	KEEP_MS = 5000, /* between looks at homes that are shut, and at the map */
	BEAT_MS = 200   /* between commits whose arrival tells a replica's lag */
};

struct desk_home {
	struct writer *_Atomic writer; /* NULL: could not be opened yet */
	struct db *map_reader;         /* under look_lock */
};

struct desk {
	struct secrets *secrets;
	struct home_list homes;
	struct home_map *map;
	pthread_mutex_t look_lock; /* of the next three, and of opening */
	int64_t looked_ms;
	bool stop;
	pthread_cond_t wake;
	bool keeping;
	pthread_t keeper;
	int asking; /* under look_lock */
	struct desk_home ptr[HOMES_MAX];
};

/* The folder and those above it. */
static enum status
make_folder(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof part)
		return UNAVAILABLE;
	memcpy(part, path, len + 1);
	for (size_t i = 1; i <= len; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return UNAVAILABLE;
		if (i < len)
			part[i] = '/';
	}
	return OK;
}

/* ---- the databases ----------------------------------------------------------------------- */

static enum status
open_writer(struct desk *desk, int home, const char **ret_why)
{
	const char *where = desk->homes.ptr[home].where;
	bool server = db_is_server(where);
	struct db *lanes[WRITER_LANES_MAX];
	struct writer *writer;
	int wanted = server ? SERVER_LANES : 1, count = 0;
	enum status st = OK;

	while (st == OK && count < wanted) {
		/* The first brings the schema up to date. */
		st = db_open(where, count == 0 ? DB_CREATE : DB_WRITE, &lanes[count], ret_why);
		count += st == OK;
	}
	if (st != OK) {
		while (count > 0)
			db_close(lanes[--count]);
		return st;
	}
	st = writer_start(lanes, count, server ? SERVER_BATCH : SQLITE_BATCH, &writer);
	if (st == OK)
		atomic_store(&desk->ptr[home].writer, writer);
	else
		*ret_why = "the writer can't be started";
	return st;
}

static struct writer *
writer_of(struct desk *desk, int home)
{
	return atomic_load(&desk->ptr[home].writer);
}

/* ---- several of them --------------------------------------------------------------------- */

/* Under look_lock. What does not answer keeps what it said before. */
static void
look_at(struct desk *desk, int home)
{
	struct desk_home *h = &desk->ptr[home];
	const char *why = "";
	enum status st = writer_of(desk, home) != NULL ? OK : open_writer(desk, home, &why);

	if (st == OK && h->map_reader == NULL)
		st = db_open(desk->homes.ptr[home].where, DB_READ, &h->map_reader, &why);
	if (st == OK)
		st = home_map_learn(desk->map, home, h->map_reader);
	if (st != OK)
		LOG(LEVEL_WARNING, "home.silent", log_word("home", desk->homes.ptr[home].name),
		    log_status("status", st), log_word("why", why));
}

bool
desk_look_again(struct desk *desk)
{
	bool looked = false;

	if (desk->homes.len == 1)
		return false;
	(void)pthread_mutex_lock(&desk->look_lock);
	if (time_passing_ms() - desk->looked_ms >= LOOK_AGAIN_MS) {
		for (int i = 0; i < desk->homes.len; i++)
			look_at(desk, i);
		desk->looked_ms = time_passing_ms();
		looked = true;
	}
	(void)pthread_mutex_unlock(&desk->look_lock);
	return looked;
}

static bool
any_replica(const struct desk *desk)
{
	bool any = false;

	for (int i = 0; i < desk->homes.len; i++)
		any |= desk_has_replica(desk, i);
	return any;
}

/* The writer's own line is written with it: that is the commit. */
static enum status
nothing(struct db *db, void *context)
{
	(void)db;
	(void)context;
	return OK;
}

static void
beat(struct desk *desk)
{
	for (int i = 0; i < desk->homes.len; i++)
		if (desk_has_replica(desk, i))
			(void)!desk_run_in(desk, i, (struct place_id){ 0 }, nothing, NULL);
}

static struct timespec
in_ms(int64_t ms)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	ms += at.tv_nsec / 1000000;
	at.tv_sec += ms / 1000;
	at.tv_nsec = ms % 1000 * 1000000;
	return at;
}

static void *
keep(void *context)
{
	struct desk *desk = context;
	bool beats = any_replica(desk), stop = false;
	int64_t looked = time_passing_ms();

	while (!stop) {
		struct timespec until = in_ms(beats ? BEAT_MS : KEEP_MS);

		(void)pthread_mutex_lock(&desk->look_lock);
		while (!desk->stop &&
		       pthread_cond_timedwait(&desk->wake, &desk->look_lock, &until) == 0)
			;
		stop = desk->stop;
		(void)pthread_mutex_unlock(&desk->look_lock);
		if (!stop && beats)
			beat(desk);
		if (!stop && time_passing_ms() - looked >= KEEP_MS) {
			(void)desk_look_again(desk);
			looked = time_passing_ms();
		}
	}
	return NULL;
}

/* ---- opening ----------------------------------------------------------------------------- */

static enum status
open_homes(struct desk *desk, const char **ret_why)
{
	enum status st = open_writer(desk, 0, ret_why);

	if (st != OK || (desk->homes.len == 1 && !any_replica(desk)))
		return st;
	if (desk->homes.len > 1)
		st = home_map_new(&desk->map);
	if (st != OK)
		return st;
	(void)desk_look_again(desk);
	desk->keeping = pthread_create(&desk->keeper, NULL, keep, desk) == 0;
	*ret_why = "a thread can't be started";
	return desk->keeping ? OK : UNAVAILABLE;
}

static enum status
open_in(struct desk *desk, const char *data, const char *db, const char **ret_why)
{
	char folder[PATH_MAX];
	enum status st = homes_read(data, db, &desk->homes, ret_why);

	if (st != OK)
		return st;
	*ret_why = "the data folder can't be made";
	if ((size_t)snprintf(folder, sizeof folder, "%s/secrets", data) >= sizeof folder)
		return UNAVAILABLE;
	st = make_folder(data);
	if (st == OK)
		st = secrets_open(folder, &desk->secrets, ret_why);
	return st == OK ? open_homes(desk, ret_why) : st;
}

enum status
desk_open(const char *data, const char *db, struct desk **ret, const char **ret_why)
{
	struct desk *desk = calloc(1, sizeof *desk);
	pthread_condattr_t monotonic;
	enum status st;

	if (desk == NULL) {
		*ret_why = "there is no memory";
		return NO_MEMORY;
	}
	(void)pthread_mutex_init(&desk->look_lock, NULL);
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&desk->wake, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	st = open_in(desk, data, db, ret_why);
	if (st != OK) {
		desk_close(desk);
		return st;
	}
	*ret = desk;
	return OK;
}

void
desk_close(struct desk *desk)
{
	if (desk == NULL)
		return;
	if (desk->keeping) {
		(void)pthread_mutex_lock(&desk->look_lock);
		desk->stop = true;
		(void)pthread_cond_signal(&desk->wake);
		(void)pthread_mutex_unlock(&desk->look_lock);
		(void)pthread_join(desk->keeper, NULL);
	}
	(void)pthread_mutex_lock(&desk->look_lock);
	desk->stop = true;
	while (desk->asking > 0)
		(void)pthread_cond_wait(&desk->wake, &desk->look_lock);
	(void)pthread_mutex_unlock(&desk->look_lock);
	for (int i = 0; i < desk->homes.len; i++) {
		writer_stop(writer_of(desk, i));
		db_close(desk->ptr[i].map_reader);
	}
	home_map_free(desk->map);
	homes_release(&desk->homes);
	secrets_close(desk->secrets);
	(void)pthread_cond_destroy(&desk->wake);
	(void)pthread_mutex_destroy(&desk->look_lock);
	free(desk);
}

bool
desk_asks(struct desk *desk)
{
	enum { ASKING_MAX = 64 };
	bool may;

	(void)pthread_mutex_lock(&desk->look_lock);
	may = !desk->stop && desk->asking < ASKING_MAX + desk->homes.len;
	desk->asking += may;
	(void)pthread_mutex_unlock(&desk->look_lock);
	return may;
}

void
desk_asked(struct desk *desk)
{
	(void)pthread_mutex_lock(&desk->look_lock);
	desk->asking--;
	(void)pthread_cond_broadcast(&desk->wake);
	(void)pthread_mutex_unlock(&desk->look_lock);
}

bool
desk_any_silent(struct desk *desk)
{
	for (int i = 0; i < desk->homes.len; i++)
		if (writer_of(desk, i) == NULL)
			return true;
	return false;
}

bool
desk_path_taken(struct desk *desk, struct str slug)
{
	if (desk_any_silent(desk))
		return true;
	return desk->homes.len > 1 && home_map_of_slug(desk->map, slug) > 0;
}

/* ---- asking and doing -------------------------------------------------------------------- */

int
desk_homes(const struct desk *desk)
{
	return desk->homes.len;
}

const char *
desk_home_name(const struct desk *desk, int home)
{
	return desk->homes.ptr[home].name;
}

int
desk_home_of_slug(struct desk *desk, struct str slug)
{
	int home = desk->homes.len == 1 ? 0 : home_map_of_slug(desk->map, slug);

	return home < 0 ? 0 : home;
}

int
desk_home_of_place(struct desk *desk, struct place_id place)
{
	int home = desk->homes.len == 1 ? 0 : home_map_of_place(desk->map, place);

	return home < 0 ? 0 : home;
}

enum status
desk_reader(struct desk *desk, struct db **ret, const char **ret_why)
{
	return desk_reader_of(desk, 0, ret, ret_why);
}

enum status
desk_reader_of(struct desk *desk, int home, struct db **ret, const char **ret_why)
{
	*ret_why = "this database does not answer";
	/* Nobody waits for one that is known to be away. */
	if (writer_of(desk, home) == NULL)
		return UNAVAILABLE;
	return db_open(desk->homes.ptr[home].where, DB_READ, ret, ret_why);
}

bool
desk_has_replica(const struct desk *desk, int home)
{
	return desk->homes.ptr[home].replica != NULL;
}

enum status
desk_replica_of(struct desk *desk, int home, struct db **ret, const char **ret_why)
{
	*ret_why = "it has no replica";
	return desk_has_replica(desk, home)
	       ? db_open(desk->homes.ptr[home].replica, DB_REPLICA, ret, ret_why) : NOT_FOUND;
}

void
desk_submit(struct desk *desk, int home, struct deed *deed)
{
	struct writer *writer = writer_of(desk, home);

	if (writer == NULL)
		deed->done(deed->context, UNAVAILABLE);
	else
		writer_submit(writer, deed);
}

enum status
desk_run(struct desk *desk, enum status (*run)(struct db *db, void *context), void *context)
{
	return desk_run_in(desk, 0, (struct place_id){ 0 }, run, context);
}

enum status
desk_run_in(struct desk *desk, int home, struct place_id place,
            enum status (*run)(struct db *db, void *context), void *context)
{
	struct writer *writer = writer_of(desk, home);

	return writer == NULL ? UNAVAILABLE : writer_run(writer, place, run, context);
}

int
desk_queue_length(struct desk *desk, int home)
{
	struct writer *writer = writer_of(desk, home);

	return writer == NULL ? 0 : writer_queue_length(writer);
}

int64_t
desk_writer_busy_ms(struct desk *desk, int home)
{
	struct writer *writer = writer_of(desk, home);

	return writer == NULL ? INT64_MAX : writer_busy_ms(writer);
}

struct secrets *
desk_secrets(struct desk *desk)
{
	return desk->secrets;
}

const uint8_t *
desk_key(const struct desk *desk)
{
	return secrets_server_key(desk->secrets)->bytes;
}

const char *
desk_database(const struct desk *desk)
{
	return desk->homes.ptr[0].where;
}
