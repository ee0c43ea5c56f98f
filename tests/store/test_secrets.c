#include <sys/stat.h>

#include "store/scratch.h"
#include "store/secrets.h"

static const struct place_id vale = { 7 };
static const struct round_id spring = { 11 }, autumn = { 12 };

static struct secrets *
open_in(const struct scratch *s)
{
	struct secrets *secrets = NULL;
	const char *why = NULL;
	char path[PATH_MAX + 8];

	(void)snprintf(path, sizeof path, "%s/secrets", s->folder);
	if (secrets_open(path, &secrets, &why) != OK) {
		printf("# %s\n", why);
		exit(1);
	}
	return secrets;
}

/* Path of the only round's file, by its place and round. */
static void
path_of(const struct scratch *s, struct round_id round, char *ret, size_t size)
{
	(void)snprintf(ret, size, "%s/secrets/round-%s-%s.key", s->folder, id_text(vale.value).text,
	               id_text(round.value).text);
}

static bool
same(const struct secret *a, const struct secret *b)
{
	return memcmp(a->bytes, b->bytes, SECRET_LEN) == 0;
}

static void
test_life(void)
{
	struct scratch s;
	struct secrets *secrets;
	struct secret first, again, other;
	struct stat info;
	char path[PATH_MAX + 64];

	scratch_init(&s);
	secrets = open_in(&s);
	path_of(&s, spring, path, sizeof path);
	CHECK_INT(secrets_round_get(secrets, vale, spring, &first), NOT_FOUND);
	CHECK_INT(secrets_round_make(secrets, vale, spring), OK);
	CHECK_INT(secrets_round_make(secrets, vale, autumn), OK);
	CHECK_INT(secrets_round_get(secrets, vale, spring, &first), OK);
	CHECK_INT(secrets_round_get(secrets, vale, autumn, &other), OK);
	CHECK(!same(&first, &other));
	CHECK_INT(secrets_round_make(secrets, vale, spring), OK);
	CHECK_INT(secrets_round_get(secrets, vale, spring, &again), OK);
	CHECK(same(&first, &again));
	CHECK_INT(stat(path, &info), 0);
	CHECK_INT(info.st_mode & 07777, 0600);
	CHECK_INT(info.st_size, SECRET_LEN);
	CHECK_INT(secrets_round_destroy(secrets, vale, spring), OK);
	CHECK(stat(path, &info) != 0);
	CHECK_INT(secrets_round_get(secrets, vale, spring, &again), NOT_FOUND);
	CHECK_INT(secrets_round_destroy(secrets, vale, spring), OK);
	CHECK_INT(secrets_round_get(secrets, vale, autumn, &again), OK);
	secrets_close(secrets);
	scratch_release(&s);
}

static void
test_outlives_the_process(void)
{
	struct scratch s;
	struct secrets *secrets;
	struct secret key, round, again;

	scratch_init(&s);
	secrets = open_in(&s);
	key = *secrets_server_key(secrets);
	CHECK_INT(secrets_round_make(secrets, vale, spring), OK);
	CHECK_INT(secrets_round_get(secrets, vale, spring, &round), OK);
	secrets_close(secrets);
	secrets = open_in(&s);
	CHECK(same(&key, secrets_server_key(secrets)));
	CHECK_INT(secrets_round_get(secrets, vale, spring, &again), OK);
	CHECK(same(&round, &again));
	secrets_close(secrets);
	scratch_release(&s);
}

/* The bytes go, not only the name: seen through a second name of the same file. */
static void
test_destroyed_is_overwritten(void)
{
	struct scratch s;
	struct secrets *secrets;
	struct secret before;
	unsigned char after[SECRET_LEN] = { 0 };
	char path[PATH_MAX + 64], kept[PATH_MAX + 64];
	FILE *file;

	scratch_init(&s);
	secrets = open_in(&s);
	path_of(&s, spring, path, sizeof path);
	(void)snprintf(kept, sizeof kept, "%s/kept", s.folder);
	CHECK_INT(secrets_round_make(secrets, vale, spring), OK);
	CHECK_INT(secrets_round_get(secrets, vale, spring, &before), OK);
	CHECK_INT(link(path, kept), 0);
	CHECK_INT(secrets_round_destroy(secrets, vale, spring), OK);
	file = fopen(kept, "rb");
	CHECK(file != NULL && fread(after, 1, sizeof after, file) == sizeof after);
	CHECK(memcmp(before.bytes, after, SECRET_LEN) != 0);
	if (file != NULL)
		fclose(file);
	secrets_close(secrets);
	scratch_release(&s);
}

static void
test_many(void)
{
	struct scratch s;
	struct secrets *secrets;
	struct secret made[60], got;

	scratch_init(&s);
	secrets = open_in(&s);
	for (int i = 0; i < 60; i++) {
		struct round_id round = { 1 + (i * 37) % 61 };

		CHECK_INT(secrets_round_make(secrets, vale, round), OK);
		CHECK_INT(secrets_round_get(secrets, vale, round, &made[i]), OK);
	}
	for (int i = 0; i < 60; i += 2)
		CHECK_INT(secrets_round_destroy(secrets, vale, (struct round_id){ 1 + (i * 37) % 61 }), OK);
	for (int i = 0; i < 60; i++) {
		struct round_id round = { 1 + (i * 37) % 61 };

		CHECK_INT(secrets_round_get(secrets, vale, round, &got), i % 2 == 0 ? NOT_FOUND : OK);
		CHECK(i % 2 == 0 || same(&got, &made[i]));
	}
	secrets_close(secrets);
	scratch_release(&s);
}

static void
test_damaged(void)
{
	struct scratch s;
	struct secrets *secrets;
	const char *why = NULL;
	char path[PATH_MAX + 32];

	scratch_init(&s);
	secrets_close(open_in(&s));
	(void)snprintf(path, sizeof path, "%s/secrets/server.key", s.folder);
	CHECK_INT(truncate(path, 5), 0);
	(void)snprintf(path, sizeof path, "%s/secrets", s.folder);
	CHECK_INT(secrets_open(path, &secrets, &why), FAILED);
	CHECK(secrets == NULL && why != NULL);
	(void)snprintf(path, sizeof path, "%s/no/such/folder", s.folder);
	CHECK_INT(secrets_open(path, &secrets, &why), UNAVAILABLE);
	scratch_release(&s);
}

static const struct test_case cases[] = {
	{ "secrets: made, read, made again, destroyed", test_life },
	{ "secrets: outlive the process", test_outlives_the_process },
	{ "secrets: destroyed means overwritten", test_destroyed_is_overwritten },
	{ "secrets: many rounds", test_many },
	{ "secrets: a damaged key or a missing folder is told", test_damaged },
};
TEST_MAIN(cases)
