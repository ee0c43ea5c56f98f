#include "acts/desk.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BATCH_MAX = 512 };

struct desk {
	struct writer *writer;
	struct secrets *secrets;
	char database[PATH_MAX];
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

static enum status
open_in(struct desk *desk, const char *data, const char **ret_why)
{
	char folder[PATH_MAX];
	struct db *db;
	enum status st;

	*ret_why = "the data folder can't be made";
	if ((size_t)snprintf(desk->database, sizeof desk->database, "%s/folkmoot.db", data) >=
	    sizeof desk->database ||
	    (size_t)snprintf(folder, sizeof folder, "%s/secrets", data) >= sizeof folder)
		return UNAVAILABLE;
	st = make_folder(data);
	if (st == OK)
		st = secrets_open(folder, &desk->secrets, ret_why);
	if (st == OK)
		st = db_open(desk->database, DB_CREATE, &db, ret_why);
	if (st != OK)
		return st;
	st = writer_start(db, BATCH_MAX, &desk->writer);
	if (st != OK) {
		*ret_why = "the writer can't be started";
		db_close(db);
	}
	return st;
}

enum status
desk_open(const char *data, struct desk **ret, const char **ret_why)
{
	struct desk *desk = calloc(1, sizeof *desk);
	enum status st;

	if (desk == NULL) {
		*ret_why = "there is no memory";
		return NO_MEMORY;
	}
	st = open_in(desk, data, ret_why);
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
	if (desk->writer != NULL)
		writer_stop(desk->writer);
	secrets_close(desk->secrets);
	free(desk);
}

enum status
desk_reader(struct desk *desk, struct db **ret, const char **ret_why)
{
	return db_open(desk->database, DB_READ, ret, ret_why);
}

void
desk_submit(struct desk *desk, struct deed *deed)
{
	writer_submit(desk->writer, deed);
}

enum status
desk_run(struct desk *desk, enum status (*run)(struct db *db, void *context), void *context)
{
	return writer_run(desk->writer, run, context);
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
	return desk->database;
}

struct writer *
desk_writer(struct desk *desk)
{
	return desk->writer;
}
