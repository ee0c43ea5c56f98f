/* Every real file of ../shared/data/pb becomes a place, comes out without loss, and is counted
 * to the winners of the reference outcomes. Skipped where the data is not there. */
#include <dirent.h>
#include <jansson.h>

#include "acts/import.h"
#include "acts/result.h"
#include "acts/world.h"


static struct str
read_all(struct arena *arena, const char *path)
{
	FILE *in = fopen(path, "rb");
	struct str text = { NULL, 0 };
	char *bytes;
	long size;

	if (in == NULL)
		return text;
	(void)fseek(in, 0, SEEK_END);
	size = ftell(in);
	rewind(in);
	bytes = arena_bytes(arena, (size_t)size);
	if (bytes != NULL && fread(bytes, 1, (size_t)size, in) == (size_t)size)
		text = (struct str){ bytes, (size_t)size };
	(void)fclose(in);
	return text;
}

/* The winners by most votes, in order, beside the reference's; ties by id in both. */
static void
greedy_agrees(const struct result *result, const char *name)
{
	const bool official = str_is(result->official.rule, "greedy");
	char path[600];
	json_t *expected, *winners;
	size_t winners_here = 0;

	if (!official && !str_is(result->other.rule, "greedy"))
		return; /* an official rule of its own, beside equal shares */

	(void)snprintf(path, sizeof path, SHARED_DATA "/expected/pb/%s.greedy_cost.json", name);
	expected = json_load_file(path, 0, NULL);
	winners = json_object_get(expected, "winners_in_order");
	if (winners == NULL)
		return; /* no reference for this file */
	for (size_t i = 0; i < result->options_len; i++) {
		const struct result_option *o = &result->options[i];
		int64_t place = official ? o->place_won : o->other_place;

		if (place == 0)
			continue;
		winners_here++;
		CHECK_STR(o->label,
		          json_string_value(json_array_get(winners, (size_t)place - 1)));
	}
	CHECK_INT(winners_here, json_array_size(winners));
	json_decref(expected);
}

/* The official results that our count must reproduce. */
static void
file_agrees(const struct result *result)
{
	const bool own = str_is(result->official.completion, "add1-official") ||
	                 str_is(result->official.completion, "comparison") ||
	                 str_is(result->official.rule, "greedy-no-skip") ||
	                 str_is(result->official.rule, "greedy-threshold");

	if (!own || !result->file_names_winners)
		return;
	for (size_t i = 0; i < result->options_len; i++)
		CHECK_INT(result->options[i].place_won > 0, result->options[i].file_selected);
}

static void
one_file(const char *name)
{
	struct world w;
	struct arena arena;
	struct pabulib file, again;
	struct decide_error error = { 0 };
	struct import_made made = { 0 };
	struct result result;
	struct buf out;
	char path[600];
	bool same = false;

	(void)snprintf(path, sizeof path, SHARED_DATA "/pb/%s.pb", name);
	arena_init(&arena, (size_t)4 << 30);
	world_init(&w);
	w.act.arena = &arena;
	CHECK_INT(pabulib_parse(&arena, read_all(&arena, path), &file, &error), OK);
	CHECK_INT(WORLD_DO(&w, act_import(&w.act, &file, STR("import"), &made, &error)), OK);
	CHECK_INT(act_place_by_id(w.db, &arena, made.place, &w.act.place), OK);
	buf_init(&out, EXPORT_MAX);
	CHECK_INT(act_round_export(&w.act, made.round, &out), OK);
	CHECK_INT(pabulib_parse(&arena, buf_str(&out), &again, &error), OK);
	CHECK_INT(pabulib_same(&file, &again, &arena, &same), OK);
	CHECK(same);
	CHECK_INT(act_result_show(&w.act, made.round, &result), OK);
	CHECK_INT(world_number(&w, "SELECT count(*) FROM entry"), 0); /* no awards */
	if (result.counted) {
		greedy_agrees(&result, name);
		file_agrees(&result);
	}
	buf_release(&out);
	world_release(&w);
	arena_release(&arena);
}

int
main(void)
{
	DIR *folder = opendir(SHARED_DATA "/pb");
	struct dirent *entry;
	int bad = 0, files = 0;

	if (folder == NULL) {
		printf("skip import of real files # ../shared/data is not there\n");
		return 0;
	}
	while ((entry = readdir(folder)) != NULL) {
		char *end = strstr(entry->d_name, ".pb");

		if (end == NULL || end[3] != '\0')
			continue;
		*end = '\0';
		test_failures = 0;
		one_file(entry->d_name);
		printf("%s import of %s\n", test_failures == 0 ? "ok" : "not ok", entry->d_name);
		bad += test_failures > 0;
		files++;
	}
	(void)closedir(folder);
	if (files == 0)
		printf("not ok import of real files: the folder is empty\n");
	return bad > 0 || files == 0;
}
