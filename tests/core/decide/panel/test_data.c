/* The pools and reference outcomes of ../shared/data; skipped where that folder is not there. */
#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "core/decide/panel/sortition.h"
#include "test.h"

enum { TEXT_MAX = 8 << 20 };

static struct arena arena;
static struct pool pool;

static bool
read_text(const char *path, struct str *ret)
{
	FILE *in = fopen(path, "rb");
	char *bytes = in == NULL ? NULL : arena_bytes(&arena, TEXT_MAX);

	if (bytes != NULL)
		*ret = (struct str){ bytes, fread(bytes, 1, TEXT_MAX, in) };
	if (in != NULL)
		fclose(in);
	return bytes != NULL;
}

static bool
load(const char *name)
{
	char path[1000];
	struct str quotas, people;
	struct pool_columns columns = { 0 };
	struct decide_error error;

	arena_release(&arena);
	arena_init(&arena, (size_t)1 << 30);
	snprintf(path, sizeof path, SHARED_DATA "/sortition/%s/categories.csv", name);
	if (!read_text(path, &quotas))
		return false;
	snprintf(path, sizeof path, SHARED_DATA "/sortition/%s/respondents.csv", name);
	return read_text(path, &people) && pool_categories(&pool, &arena, quotas, &error) == OK &&
	       pool_people(&pool, &arena, people, &columns, &error) == OK;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
share(const struct sortition *s, size_t person)
{
	return (double)s->chance[person] / (double)s->parts;
}

/* Chances in order of size against sorted_probs. */
static void
compare_sorted(const struct sortition *s, json_t *expected)
{
	double *chances = calloc(s->people, sizeof *chances);

	CHECK_INT(json_array_size(expected), s->people);
	for (size_t i = 0; i < s->people; i++)
		chances[i] = share(s, i);
	qsort(chances, s->people, sizeof *chances, by_size);
	for (size_t i = 0; i < s->people; i++)
		CHECK(fabs(chances[i] - json_number_value(json_array_get(expected, i))) < 0.0005);
	free(chances);
}

/* "female|liberal": [people, least, most] of kinds, values in the order of categories.csv. */
static void
compare_kinds(const struct sortition *s, json_t *expected)
{
	const char *name;
	json_t *about;

	json_object_foreach(expected, name, about) {
		int64_t count = 0;

		for (size_t i = 0; i < s->people; i++) {
			char kind[200] = "";
			size_t len = 0;

			for (size_t c = 0; c < pool.category_count; c++)
				len += (size_t)snprintf(kind + len, sizeof kind - len, "%s%.*s", c > 0 ? "|" : "",
				                        STR_ARG(pool.values[pool_feature(&pool, i, c)].name));
			if (strcmp(kind, name) != 0)
				continue;
			count++;
			CHECK(fabs(share(s, i) - json_number_value(json_array_get(about, 1))) < 0.0005);
		}
		CHECK_INT(count, json_integer_value(json_array_get(about, 0)));
	}
}

static void
compare_leximin(json_t *expected)
{
	struct sortition_request r = { .algorithm = SORTITION_LEXIMIN,
		.size = json_integer_value(json_object_get(expected, "k")) };
	struct decide_error error;
	struct sortition s;

	CHECK(sortition_run(&pool, &r, &arena, &s, &error) == OK);
	CHECK(fabs((double)s.min_chance / (double)s.parts -
	           json_number_value(json_object_get(expected, "min_prob"))) < 0.0005);
	compare_sorted(&s, json_object_get(expected, "sorted_probs"));
	if (json_object_get(expected, "by_type") != NULL)
		compare_kinds(&s, json_object_get(expected, "by_type"));
	r.algorithm = SORTITION_MAXIMIN;
	CHECK(sortition_run(&pool, &r, &arena, &s, &error) == OK);
	CHECK(fabs((double)s.min_chance / (double)s.parts -
	           json_number_value(json_object_get(expected, "min_prob"))) < 0.0005);
}

/* Frequencies of so many draws as the reference made: the smallest and the largest within four
 * standard deviations of ours (10,000 draws of a fixed seed). */
static void
compare_legacy(json_t *expected)
{
	struct sortition_request r = { .algorithm = SORTITION_LEGACY, .draws = 10000, .seed = { 7 },
		.size = json_integer_value(json_object_get(expected, "k")) };
	double samples = json_number_value(json_object_get(expected, "samples"));
	double least = json_number_value(json_object_get(expected, "min_freq"));
	double most = json_number_value(json_object_get(expected, "max_freq"));
	struct decide_error error;
	struct sortition s;
	double ours;

	CHECK(sortition_run(&pool, &r, &arena, &s, &error) == OK);
	ours = (double)s.min_chance / (double)s.parts;
	CHECK(fabs(ours - least) < 4 * sqrt(ours * (1 - ours) * (1 / samples + 1e-4)));
	/* The largest of 200 is some deviations above its mean, more so with fewer draws. */
	ours = (double)s.max_chance / (double)s.parts;
	CHECK(fabs(ours - most) < 4 * sqrt(ours * (1 - ours) * (1 / samples + 1e-4)));
}

static int
is_json(const struct dirent *entry)
{
	return str_ends(str_of(entry->d_name), STR(".json"));
}

static void
as_the_references(void)
{
	struct dirent **entries;
	int n = scandir(SHARED_DATA "/expected/sortition", &entries, is_json, alphasort);

	if (n < 0) {
		test_skip("../shared/data is not there");
		return;
	}
	CHECK(n >= 4);
	for (int i = 0; i < n; i++) {
		char path[1000], name[300];
		json_t *expected;

		snprintf(path, sizeof path, SHARED_DATA "/expected/sortition/%s", entries[i]->d_name);
		snprintf(name, sizeof name, "%.*s", (int)strcspn(entries[i]->d_name, "."), entries[i]->d_name);
		expected = json_load_file(path, 0, NULL);
		CHECK(expected != NULL && load(name));
		if (strstr(entries[i]->d_name, ".legacy.") != NULL)
			compare_legacy(expected);
		else
			compare_leximin(expected);
		json_decref(expected);
		free(entries[i]);
	}
	free(entries);
}

/* The paper's replication ran LEGACY 10,000 times too: shares of reference_output. */
static void
as_the_paper(void)
{
	struct sortition_request r = { .algorithm = SORTITION_LEGACY, .draws = 10000, .seed = { 1 } };
	static const struct { const char *name; int64_t size; double least; } pools[] = {
		{ "example_small_20", 20, 0.0096 }, { "example_large_200", 200, 0.0014 } };

	for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) {
		struct decide_error error;
		struct sortition s;
		double ours;

		if (!load(pools[i].name)) {
			test_skip("../shared/data is not there");
			return;
		}
		r.size = pools[i].size;
		CHECK(sortition_run(&pool, &r, &arena, &s, &error) == OK);
		ours = (double)s.min_chance / (double)s.parts;
		CHECK(fabs(ours - pools[i].least) < 4 * sqrt(2 * ours * (1 - ours) / 10000));
		printf("# %s: legacy's smallest %.4f, the paper's %.4f\n", pools[i].name, ours, pools[i].least);
	}
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "chances as the references", as_the_references },
		{ "legacy as in the paper", as_the_paper },
	};
	int bad = test_run_all(cases, sizeof cases / sizeof *cases);

	arena_release(&arena);
	return bad;
}
