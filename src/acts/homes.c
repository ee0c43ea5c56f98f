#include "acts/homes.h"

#include <ctype.h>
#include <libconfig.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/place.sql.h"

/* ---- their names ------------------------------------------------------------------------- */

static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++)
		if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) && name[i] != '-')
			return false;
	return len > 0 && len < HOME_NAME_MAX;
}

static enum status
add(struct home_list *list, const char *name, const char *where, const char **ret_why)
{
	struct home *home = &list->ptr[list->len];

	*ret_why = "folkmoot.conf: there are too many databases";
	if (list->len == HOMES_MAX)
		return TOO_LARGE;
	*ret_why = "folkmoot.conf: a database's name is lower case letters, digits and -, at most 31";
	if (!is_name(name))
		return INVALID;
	*ret_why = "there is no memory";
	(void)snprintf(home->name, sizeof home->name, "%s", name);
	home->where = strdup(where);
	if (home->where == NULL)
		return NO_MEMORY;
	list->len++;
	return OK;
}

static enum status
read_group(const config_setting_t *group, struct home_list *list, const char **ret_why)
{
	enum status st = OK;

	for (int i = 0; group != NULL && st == OK && i < config_setting_length(group); i++) {
		const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
		const char *where = config_setting_get_string(one);

		*ret_why = "folkmoot.conf: databases: each is a name and words in quotes";
		if (where == NULL)
			return INVALID;
		if (strcmp(config_setting_name(one), "main") != 0) {
			st = add(list, config_setting_name(one), where, ret_why);
		} else if (list->ptr[0].where == NULL) { /* --db goes before it */
			list->ptr[0].where = strdup(where);
			st = list->ptr[0].where == NULL ? NO_MEMORY : OK;
		}
	}
	return st;
}

static enum status
read_replicas(const config_setting_t *group, struct home_list *list, const char **ret_why)
{
	for (int i = 0; group != NULL && i < config_setting_length(group); i++) {
		const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
		const char *where = config_setting_get_string(one);
		int home = 0;

		while (home < list->len && strcmp(list->ptr[home].name, config_setting_name(one)) != 0)
			home++;
		*ret_why = "folkmoot.conf: replicas: each is the name of a database and words in quotes";
		if (where == NULL || home == list->len || list->ptr[home].replica != NULL)
			return INVALID;
		list->ptr[home].replica = strdup(where);
		*ret_why = "there is no memory";
		if (list->ptr[home].replica == NULL)
			return NO_MEMORY;
	}
	return OK;
}

static enum status
read_file(const char *path, struct home_list *list, const char **ret_why)
{
	config_t config;
	enum status st;

	config_init(&config);
	*ret_why = "folkmoot.conf can't be read: `folkmoot serve` says in which line";
	if (config_read_file(&config, path) != CONFIG_TRUE)
		st = INVALID;
	else
		st = read_group(config_lookup(&config, "databases"), list, ret_why);
	if (st == OK)
		st = read_replicas(config_lookup(&config, "replicas"), list, ret_why);
	config_destroy(&config);
	return st;
}

enum status
homes_read(const char *data, const char *db, struct home_list *ret, const char **ret_why)
{
	char path[PATH_MAX];
	enum status st = OK;

	memset(ret, 0, sizeof *ret);
	ret->len = 1;
	(void)snprintf(ret->ptr[0].name, sizeof ret->ptr[0].name, "main");
	*ret_why = "the data folder's name is too long";
	if ((size_t)snprintf(path, sizeof path, "%s/folkmoot.conf", data) >= sizeof path)
		return INVALID;
	*ret_why = "a password on the command line can be read by everybody on this machine: put it "
	           "into a passfile (PGPASSFILE, or passfile=… in the URI) or into folkmoot.conf";
	if (db != NULL && db_has_password(db))
		return INVALID;
	*ret_why = "there is no memory";
	if (db != NULL)
		ret->ptr[0].where = strdup(db);
	if (access(path, F_OK) == 0)
		st = read_file(path, ret, ret_why);
	if (st == OK && ret->ptr[0].where == NULL) {
		(void)snprintf(path, sizeof path, "%s/folkmoot.db", data);
		ret->ptr[0].where = strdup(path);
	}
	if (st == OK && ret->ptr[0].where == NULL)
		st = NO_MEMORY;
	if (st != OK)
		homes_release(ret);
	return st;
}

/* It may hold a password. */
static void
forget(char *where)
{
	if (where != NULL)
		explicit_bzero(where, strlen(where));
	free(where);
}

void
homes_release(struct home_list *list)
{
	for (int i = 0; i < list->len; i++) {
		forget(list->ptr[i].where);
		forget(list->ptr[i].replica);
	}
	memset(list, 0, sizeof *list);
}

enum status
home_places(struct db *db, struct arena *arena, struct home_place_list *ret)
{
	struct place_homes_rows rows;
	enum status st = place_homes(db, arena, &rows);

	if (st != OK)
		return st;
	*ret = (struct home_place_list){ ARENA_ARRAY(arena, rows.len, struct home_place), rows.len };
	for (size_t i = 0; ret->ptr != NULL && i < rows.len; i++)
		ret->ptr[i] = (struct home_place){ rows.ptr[i].slug, rows.ptr[i].state };
	return ret->ptr == NULL ? NO_MEMORY : OK;
}

/* ---- the map ----------------------------------------------------------------------------- */

enum { SLUG_MAX = 48 };

struct line {
	char slug[SLUG_MAX];
	int64_t place;
	int home;
	bool leaving;
};

struct home_map {
	pthread_rwlock_t lock;
	struct line *lines;   /* by slug; where two say they have it, the one that it does not leave first */
	struct line **by_place;
	int count;
};

enum status
home_map_new(struct home_map **ret)
{
	*ret = calloc(1, sizeof **ret);
	if (*ret == NULL)
		return NO_MEMORY;
	(void)pthread_rwlock_init(&(*ret)->lock, NULL);
	return OK;
}

void
home_map_free(struct home_map *map)
{
	if (map == NULL)
		return;
	(void)pthread_rwlock_destroy(&map->lock);
	free(map->lines);
	free(map->by_place);
	free(map);
}

static int
compare_slugs(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int by = strcmp(x->slug, y->slug);

	return by != 0 ? by : x->leaving - y->leaving;
}

static int
compare_places(const void *a, const void *b)
{
	const struct line *x = *(struct line *const *)a, *y = *(struct line *const *)b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->leaving - y->leaving;
}

/* Puts the new lines in order in place of the old. Takes `lines` over. */
static enum status
replace(struct home_map *map, struct line *lines, int count)
{
	struct line **by_place = calloc((size_t)count + 1, sizeof *by_place);
	struct line *old_lines;
	struct line **old_by_place;

	if (by_place == NULL) {
		free(lines);
		return NO_MEMORY;
	}
	qsort(lines, (size_t)count, sizeof *lines, compare_slugs);
	for (int i = 0; i < count; i++)
		by_place[i] = &lines[i];
	qsort(by_place, (size_t)count, sizeof *by_place, compare_places);
	(void)pthread_rwlock_wrlock(&map->lock);
	old_lines = map->lines;
	old_by_place = map->by_place;
	map->lines = lines;
	map->by_place = by_place;
	map->count = count;
	(void)pthread_rwlock_unlock(&map->lock);
	free(old_lines);
	free(old_by_place);
	return OK;
}

enum status
home_map_learn(struct home_map *map, int home, struct db *db)
{
	struct place_homes_rows rows;
	struct arena arena;
	struct line *lines = NULL;
	int count = 0;
	enum status st;

	arena_init(&arena, (size_t)64 << 20);
	st = place_homes(db, &arena, &rows);
	if (st == OK) {
		lines = calloc((size_t)map->count + rows.len + 1, sizeof *lines);
		st = lines == NULL ? NO_MEMORY : OK;
	}
	for (int i = 0; st == OK && i < map->count; i++)
		if (map->lines[i].home != home)
			lines[count++] = map->lines[i];
	for (size_t i = 0; st == OK && i < rows.len; i++) {
		struct line *line = &lines[count];

		if (rows.ptr[i].slug.len >= SLUG_MAX || str_is(rows.ptr[i].state, "arriving"))
			continue;
		memcpy(line->slug, rows.ptr[i].slug.ptr, rows.ptr[i].slug.len);
		line->place = rows.ptr[i].place_id.value;
		line->home = home;
		line->leaving = !str_is(rows.ptr[i].state, "here");
		count++;
	}
	arena_release(&arena);
	return st == OK ? replace(map, lines, count) : st;
}

int
home_map_of_slug(struct home_map *map, struct str slug)
{
	struct line key = { .leaving = false };
	int low = 0, high, home = -1;

	if (slug.len >= SLUG_MAX)
		return -1;
	memcpy(key.slug, slug.ptr, slug.len);
	(void)pthread_rwlock_rdlock(&map->lock);
	for (high = map->count; low < high;) {
		int middle = low + (high - low) / 2;

		if (compare_slugs(&map->lines[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < map->count && strcmp(map->lines[low].slug, key.slug) == 0)
		home = map->lines[low].home;
	(void)pthread_rwlock_unlock(&map->lock);
	return home;
}

int
home_map_of_place(struct home_map *map, struct place_id place)
{
	int low = 0, high, home = -1;

	(void)pthread_rwlock_rdlock(&map->lock);
	for (high = map->count; low < high;) {
		int middle = low + (high - low) / 2;

		if (map->by_place[middle]->place < place.value)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < map->count && map->by_place[low]->place == place.value)
		home = map->by_place[low]->home;
	(void)pthread_rwlock_unlock(&map->lock);
	return home;
}

int
home_map_count(struct home_map *map)
{
	int count;

	(void)pthread_rwlock_rdlock(&map->lock);
	count = map->count;
	(void)pthread_rwlock_unlock(&map->lock);
	return count;
}
