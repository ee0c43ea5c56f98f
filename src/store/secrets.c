#include "store/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct known {
	struct place_id place;
	struct round_id round;
	struct secret secret;
};

struct secrets {
	int folder;
	struct secret server;
	pthread_rwlock_t lock;
	struct known *known; /* in memory, by round then place; under the lock */
	size_t count, size;
};

struct name { char text[48]; };

static struct name
round_name(struct place_id place, struct round_id round)
{
	struct name name;

	(void)snprintf(name.text, sizeof name.text, "round-%s-%s.key", id_text(place.value).text,
	               id_text(round.value).text);
	return name;
}

/* ---- files ----------------------------------------------------------------------------- */

static enum status
status_of_errno(void)
{
	return errno == ENOENT ? NOT_FOUND : errno == ENOMEM ? NO_MEMORY : UNAVAILABLE;
}

static enum status
file_get(const struct secrets *s, const char *name, struct secret *ret)
{
	struct stat info;
	int fd = openat(s->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum status st = OK;

	if (fd < 0)
		return status_of_errno();
	if (fstat(fd, &info) != 0 || read(fd, ret->bytes, SECRET_LEN) < 0)
		st = UNAVAILABLE;
	else if (info.st_size != SECRET_LEN)
		st = FAILED;
	close(fd);
	return st;
}

static bool
write_and_sync(int fd, const struct secret *secret)
{
	return pwrite(fd, secret->bytes, SECRET_LEN, 0) == SECRET_LEN && fsync(fd) == 0;
}

/* Whole or not at all, and never over one that is there: written under another name, synced,
 * then linked. OK with *secret as it was given, or as another process was quicker to make it. */
static enum status
file_make(const struct secrets *s, const char *name, struct secret *secret)
{
	char draft[32 + 16];
	int fd;
	bool good;

	(void)snprintf(draft, sizeof draft, "draft-%08x%08x", randombytes_random(),
	               randombytes_random());
	fd = openat(s->folder, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return UNAVAILABLE;
	good = write_and_sync(fd, secret);
	good = close(fd) == 0 && good;
	if (good && linkat(s->folder, draft, s->folder, name, 0) != 0)
		good = errno == EEXIST && file_get(s, name, secret) == OK;
	(void)unlinkat(s->folder, draft, 0);
	return good && fsync(s->folder) == 0 ? OK : UNAVAILABLE;
}

/* Overwritten where it lies: a draft that a crash left behind is the same file. */
static enum status
file_destroy(const struct secrets *s, const char *name)
{
	struct secret noise;
	int fd = openat(s->folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	bool good;

	if (fd < 0)
		return errno == ENOENT ? OK : UNAVAILABLE;
	randombytes_buf(noise.bytes, SECRET_LEN);
	good = write_and_sync(fd, &noise);
	close(fd);
	good = unlinkat(s->folder, name, 0) == 0 && good;
	return fsync(s->folder) == 0 && good ? OK : UNAVAILABLE;
}

/* ---- in memory ------------------------------------------------------------------------- */

static int
compare(const struct known *known, struct place_id place, struct round_id round)
{
	if (known->round.value != round.value)
		return known->round.value < round.value ? -1 : 1;
	return known->place.value < place.value ? -1 : known->place.value > place.value;
}

/* Index of the first that is not before it. */
static size_t
position_of(const struct secrets *s, struct place_id place, struct round_id round)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&s->known[middle], place, round) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct secrets *s, size_t at, struct place_id place, struct round_id round)
{
	return at < s->count && compare(&s->known[at], place, round) == 0;
}

/* Room for one more, without leaving copies of secrets behind in freed memory. */
static bool
make_room(struct secrets *s)
{
	size_t size = s->size == 0 ? 16 : s->size * 2;
	struct known *larger;

	if (s->count < s->size)
		return true;
	larger = calloc(size, sizeof *larger);
	if (larger == NULL)
		return false;
	if (s->count > 0) {
		memcpy(larger, s->known, s->count * sizeof *larger);
		sodium_memzero(s->known, s->count * sizeof *larger);
	}
	free(s->known);
	s->known = larger;
	s->size = size;
	return true;
}

static enum status
remember(struct secrets *s, struct place_id place, struct round_id round,
         const struct secret *secret)
{
	size_t at = position_of(s, place, round);

	if (is_at(s, at, place, round))
		return OK;
	if (!make_room(s))
		return NO_MEMORY;
	memmove(&s->known[at + 1], &s->known[at], (s->count - at) * sizeof *s->known);
	s->known[at] = (struct known){ place, round, *secret };
	s->count++;
	return OK;
}

static void
forget(struct secrets *s, struct place_id place, struct round_id round)
{
	size_t at = position_of(s, place, round);

	if (!is_at(s, at, place, round))
		return;
	memmove(&s->known[at], &s->known[at + 1], (s->count - at - 1) * sizeof *s->known);
	s->count--;
	sodium_memzero(&s->known[s->count], sizeof *s->known);
}

/* ---- what others call ------------------------------------------------------------------ */

static enum status
server_key(struct secrets *s, const char **ret_why)
{
	enum status st = file_get(s, "server.key", &s->server);

	if (st == NOT_FOUND) {
		randombytes_buf(s->server.bytes, SECRET_LEN);
		st = file_make(s, "server.key", &s->server);
	}
	if (st == FAILED)
		*ret_why = "server.key in the folder of secrets is damaged";
	return st;
}

enum status
secrets_open(const char *folder, struct secrets **ret, const char **ret_why)
{
	struct secrets *s;
	enum status st;

	*ret = NULL;
	*ret_why = "the folder of secrets can't be written";
	if (sodium_init() < 0)
		return FAILED;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return UNAVAILABLE;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return NO_MEMORY;
	(void)pthread_rwlock_init(&s->lock, NULL);
	s->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	st = s->folder < 0 ? UNAVAILABLE : server_key(s, ret_why);
	if (st != OK) {
		secrets_close(s);
		return st;
	}
	*ret_why = NULL;
	*ret = s;
	return OK;
}

void
secrets_close(struct secrets *s)
{
	if (s == NULL)
		return;
	if (s->count > 0)
		sodium_memzero(s->known, s->count * sizeof *s->known);
	free(s->known);
	if (s->folder >= 0)
		close(s->folder);
	(void)pthread_rwlock_destroy(&s->lock);
	sodium_memzero(s, sizeof *s);
	free(s);
}

const struct secret *
secrets_server_key(const struct secrets *s)
{
	return &s->server;
}

enum status
secrets_round_make(struct secrets *s, struct place_id place, struct round_id round)
{
	struct name name = round_name(place, round);
	struct secret secret;
	enum status st;

	(void)pthread_rwlock_wrlock(&s->lock);
	randombytes_buf(secret.bytes, SECRET_LEN);
	st = file_make(s, name.text, &secret);
	if (st == OK)
		st = remember(s, place, round, &secret);
	(void)pthread_rwlock_unlock(&s->lock);
	sodium_memzero(&secret, sizeof secret);
	return st;
}

static enum status
look_up(struct secrets *s, struct place_id place, struct round_id round, struct secret *ret)
{
	struct name name = round_name(place, round);
	enum status st;

	(void)pthread_rwlock_wrlock(&s->lock);
	st = file_get(s, name.text, ret);
	if (st == OK)
		st = remember(s, place, round, ret);
	(void)pthread_rwlock_unlock(&s->lock);
	return st;
}

enum status
secrets_round_get(struct secrets *s, struct place_id place, struct round_id round,
                  struct secret *ret)
{
	bool found;
	size_t at;

	(void)pthread_rwlock_rdlock(&s->lock);
	at = position_of(s, place, round);
	found = is_at(s, at, place, round);
	if (found)
		*ret = s->known[at].secret;
	(void)pthread_rwlock_unlock(&s->lock);
	return found ? OK : look_up(s, place, round, ret);
}

enum status
secrets_round_destroy(struct secrets *s, struct place_id place, struct round_id round)
{
	struct name name = round_name(place, round);
	enum status st;

	(void)pthread_rwlock_wrlock(&s->lock);
	forget(s, place, round);
	st = file_destroy(s, name.text);
	(void)pthread_rwlock_unlock(&s->lock);
	return st;
}
