/* What is true of SQLite alone: its file, its disk, its versions. What holds on every engine is in
 * test_engine.c; PostgreSQL's own is in tests/pg and test_upgrade.c. */
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/scratch.h"

static const struct place_id vale = { 7 };

/* Runs SQL on the file behind the program's back. */
static void
raw(const struct scratch *s, const char *sql)
{
	sqlite3 *sqlite = NULL;
	char *error = NULL;

	CHECK_INT(sqlite3_open(s->path, &sqlite), SQLITE_OK);
	if (sqlite3_exec(sqlite, sql, NULL, NULL, &error) != SQLITE_OK) {
		printf("# %s: %s\n", sql, error);
		CHECK(error == NULL);
	}
	sqlite3_free(error);
	(void)sqlite3_close(sqlite);
}

static int64_t
raw_int(const struct scratch *s, const char *sql)
{
	sqlite3 *sqlite = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t value = -1;

	CHECK_INT(sqlite3_open(s->path, &sqlite), SQLITE_OK);
	CHECK_INT(sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(sqlite);
	return value;
}

/* How opening ends; on anything but OK there must be a reason and no connection. */
static enum status
try_open(const struct scratch *s, enum db_mode mode)
{
	struct db *db = NULL;
	const char *why = NULL;
	enum status st = db_open(s->path, mode, &db, &why);

	CHECK((st == OK) == (db != NULL));
	CHECK((st == OK) == (why == NULL));
	db_close(db);
	return st;
}

static void
test_versions(void)
{
	struct scratch s;

	scratch_init(&s);
	CHECK_INT(try_open(&s, DB_READ), UNAVAILABLE);
	CHECK_INT(try_open(&s, DB_WRITE), UNAVAILABLE);
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(raw_int(&s, "PRAGMA user_version"), db_migration_total);
	raw(&s, "INSERT INTO area VALUES (7, 'a', 'A', 1)");
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(raw_int(&s, "SELECT count(*) FROM area"), 1);
	raw(&s, "PRAGMA user_version = 999");
	CHECK_INT(try_open(&s, DB_CREATE), TOO_NEW);
	CHECK_INT(try_open(&s, DB_READ), TOO_NEW);
	CHECK_INT(raw_int(&s, "PRAGMA user_version"), 999);
	scratch_release(&s);
}

/* Older than the program: only DB_CREATE brings it up to date. */
static void
test_older(void)
{
	struct scratch s;

	scratch_init(&s);
	raw(&s, "PRAGMA application_id = 0x464d6f6f; PRAGMA user_version = 0");
	CHECK_INT(try_open(&s, DB_READ), FAILED);
	CHECK_INT(try_open(&s, DB_WRITE), FAILED);
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(try_open(&s, DB_READ), OK);
	scratch_release(&s);
}

/* A migration that fails leaves the file as it was. */
static void
test_failed_migration(void)
{
	struct scratch s;

	scratch_init(&s);
	raw(&s, "PRAGMA application_id = 0x464d6f6f; CREATE TABLE tree_head (mine)");
	CHECK(try_open(&s, DB_CREATE) != OK);
	CHECK_INT(raw_int(&s, "SELECT count(*) FROM sqlite_schema"), 1);
	CHECK_INT(raw_int(&s, "PRAGMA user_version"), 0);
	scratch_release(&s);
}

static void
test_foreign(void)
{
	struct scratch s;
	FILE *file;

	scratch_init(&s);
	raw(&s, "CREATE TABLE theirs (x)");
	CHECK_INT(try_open(&s, DB_CREATE), FAILED);
	CHECK_INT(raw_int(&s, "SELECT count(*) FROM sqlite_schema"), 1);
	raw(&s, "DROP TABLE theirs; PRAGMA application_id = 1");
	CHECK_INT(try_open(&s, DB_CREATE), FAILED);
	file = fopen(s.path, "wb");
	CHECK(file != NULL && fputs("This is a letter, and no database at all.\n", file) >= 0);
	if (file != NULL)
		fclose(file);
	CHECK_INT(try_open(&s, DB_CREATE), FAILED);
	CHECK_INT(try_open(&s, DB_READ), FAILED);
	(void)snprintf(s.path, sizeof s.path, "%.*s", (int)sizeof s.path - 1, s.folder);
	CHECK_INT(try_open(&s, DB_CREATE), UNAVAILABLE); /* a folder */
	scratch_release(&s);
}

/* A file may not grow any more: as a full disk, on a real file. */
static void
test_full(void)
{
	struct scratch s;
	struct rlimit all, little;
	struct area_list_rows rows;
	struct db *db;
	char much[100000];
	int64_t stored = 0;
	enum status st = OK;

	scratch_init(&s);
	memset(much, 'x', sizeof much);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(getrlimit(RLIMIT_FSIZE, &all), 0);
	little = all;
	little.rlim_cur = 2000000;
	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &little), 0);
	while (st == OK && stored < 1000) {
		struct id_text name = id_text(stored + 1);

		st = area_insert(db, vale, str_of(name.text), (struct str){ much, sizeof much },
		                 stored + 1);
		stored += st == OK;
	}
	CHECK_INT(st, UNAVAILABLE);
	CHECK(stored > 5 && stored < 100);
	CHECK(!db_in_transaction(db));
	CHECK_INT(area_list(db, &s.arena, vale, &rows), OK);
	CHECK_INT(rows.len, stored);
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &all), 0);
	CHECK_INT(area_insert(db, vale, STR("again"), STR("A"), 1), OK);
	db_close(db);
	CHECK_INT(raw_int(&s, "SELECT count(*) FROM area"), stored + 1);
	scratch_release(&s);
}

/* In a child, without root's rights: the folder and file can't be written. */
static void
test_read_only(void)
{
	struct scratch s;
	struct db *db;
	const char *why = NULL;
	int how = 0;
	pid_t child;

	scratch_init(&s);
	CHECK_INT(try_open(&s, DB_CREATE), OK);
	CHECK_INT(chmod(s.path, 0444), 0);
	CHECK_INT(chmod(s.folder, 0555), 0);
	child = fork();
	if (child == 0) {
		bool good = geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0);

		good = good && db_open(s.path, DB_CREATE, &db, &why) == UNAVAILABLE && why != NULL;
		good = good && db_open(s.path, DB_WRITE, &db, &why) == UNAVAILABLE;
		(void)snprintf(s.path, sizeof s.path, "%.*s/new.db", (int)sizeof s.path - 8, s.folder);
		good = good && db_open(s.path, DB_CREATE, &db, &why) == UNAVAILABLE;
		_exit(good ? 0 : 1);
	}
	(void)waitpid(child, &how, 0);
	CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 0);
	CHECK_INT(chmod(s.folder, 0755), 0);
	scratch_release(&s);
}

/* All make the same new file at once, then write by turns. */
static void
write_some(const struct scratch *s, int who)
{
	struct db *db = NULL;
	const char *why = NULL;
	bool good = db_open(s->path, DB_CREATE, &db, &why) == OK;

	for (int i = 0; i < 40 && good; i++) {
		struct id_text name = id_text(who * 1000 + i);

		good = db_begin_write(db) == OK &&
		       area_insert(db, vale, str_of(name.text), STR("x"), i) == OK &&
		       db_commit(db) == OK;
	}
	if (!good)
		printf("# process %d: %s\n", who, why == NULL ? "could not write" : why);
	db_close(db);
	(void)fflush(stdout);
	_exit(good ? 0 : 1);
}

static void
test_processes(void)
{
	struct scratch s;
	pid_t children[4];

	scratch_init(&s);
	for (int i = 0; i < 4; i++) {
		children[i] = fork();
		if (children[i] == 0)
			write_some(&s, i);
	}
	for (int i = 0; i < 4; i++) {
		int how = 0;

		(void)waitpid(children[i], &how, 0);
		CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 0);
	}
	CHECK_INT(raw_int(&s, "SELECT count(*) FROM area"), 160);
	scratch_release(&s);
}

static void
test_backup(void)
{
	struct scratch s, copy;
	struct db *db;

	scratch_init(&s);
	copy = s;
	(void)snprintf(copy.path, sizeof copy.path, "%.*s/copy.db", (int)sizeof copy.path - 16,
	               s.folder);
	db = scratch_open(&s, DB_CREATE);
	CHECK_INT(area_insert(db, vale, STR("a"), STR("A"), 1), OK);
	CHECK_INT(db_backup(db, copy.path), OK);
	CHECK_INT(db_backup(db, copy.path), CONFLICT);
	CHECK_INT(db_backup(db, "/no/such/folder/copy.db"), UNAVAILABLE);
	CHECK_INT(area_insert(db, vale, STR("b"), STR("B"), 2), OK);
	db_close(db);
	CHECK_INT(raw_int(&copy, "SELECT count(*) FROM area"), 1);
	CHECK_INT(try_open(&copy, DB_CREATE), OK);
	scratch_release(&s);
}

/* Nobody else on the machine reads addresses and ballots, whatever the umask. */
static void
test_private(void)
{
	static const char *const files[] = { "", "-wal", "-shm" };
	char path[PATH_MAX + 8];
	struct scratch s;
	struct stat about;
	struct db *db;
	mode_t mask = umask(0);

	scratch_init(&s);
	db = scratch_open(&s, DB_CREATE);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		(void)snprintf(path, sizeof path, "%s%s", s.path, files[i]);
		CHECK_INT(stat(path, &about), 0);
		CHECK_INT(about.st_mode & 0777, 0600);
	}
	db_close(db);
	scratch_release(&s);
	(void)umask(mask);
}

static const struct test_case cases[] = {
	{ "store: the database is its owner's alone", test_private },
	{ "store: a new file, today's, a newer one", test_versions },
	{ "store: an older file is brought up to date only by DB_CREATE", test_older },
	{ "store: a failed migration leaves the file as it was", test_failed_migration },
	{ "store: other people's files are left alone", test_foreign },
	{ "store: a full disk", test_full },
	{ "store: a read-only file or folder", test_read_only },
	{ "store: several processes make and write one file", test_processes },
	{ "store: backup", test_backup },
};
TEST_MAIN(cases)
