/* Real elections: every .pb file of ../shared/data/pb is read, written again, and counted to
 * the winners of the reference programs. Skipped where that folder is not there. */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/decide/limits_file.h"
#include "core/decide/outcome.h"
#include "core/decide/pabulib.h"
#include "test.h"

enum { PATH = 1000, CELLS_MAX = 512 << 20 };

/* One election file, read once for all of its outcomes. */
struct loaded {
	char name[256];
	struct arena arena;
	struct pabulib file;
	struct election sets, with_points; /* with_points: where ballots have points or ranks */
};

static struct loaded now;
static int compared;

static bool
read_bytes(const char *path, struct arena *arena, struct str *ret)
{
	FILE *in = fopen(path, "rb");
	struct stat about;
	char *bytes = NULL;
	bool ok = in != NULL && fstat(fileno(in), &about) == 0;

	if (ok) {
		bytes = arena_bytes(arena, (size_t)about.st_size);
		ok = bytes != NULL &&
		     fread(bytes, 1, (size_t)about.st_size, in) == (size_t)about.st_size;
		*ret = (struct str){ bytes, (size_t)about.st_size };
	}
	if (in != NULL)
		fclose(in);
	return ok;
}

/* What the reference calls score: points, or Borda on rankings; COST: ballots are sets. */
static enum decide_utility
utility_of_points(void)
{
	return now.file.kind == PABULIB_ORDINAL ? DECIDE_BORDA :
	       now.file.kind >= PABULIB_CUMULATIVE ? DECIDE_POINTS : DECIDE_COST;
}

static bool
load(const char *name)
{
	char path[PATH];
	struct str text;
	struct decide_error error = { 0 };

	if (strcmp(now.name, name) == 0)
		return true;
	arena_release(&now.arena);
	arena_init(&now.arena, CELLS_MAX);
	snprintf(now.name, sizeof now.name, "%s", name);
	snprintf(path, sizeof path, SHARED_DATA "/pb/%s.pb", name);
	if (read_bytes(path, &now.arena, &text) &&
	    pabulib_parse(&now.arena, text, &now.file, &error) == OK &&
	    pabulib_election(&now.file, DECIDE_COST, 0, &now.arena, &now.sets, &error) == OK &&
	    (utility_of_points() == DECIDE_COST ||
	     pabulib_election(&now.file, utility_of_points(), 0, &now.arena, &now.with_points,
	                      &error) == OK))
		return true;
	CHECK(!"the file is read");
	printf("# %s:%zu: %.*s: %s\n", name, error.line, STR_ARG(error.field), error.message.text);
	return false;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether the winners are those of the list; in_order or as sets. */
static bool
same_winners(const struct outcome *o, json_t *list, bool in_order)
{
	char names[2][512][64];
	const char *sorted[2][512];
	size_t count = json_array_size(list);

	if (o->step_count != count || count > 512)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct str id = now.sets.options[o->steps[i].option].id;

		snprintf(names[0][i], 64, "%.*s", STR_ARG(id));
		snprintf(names[1][i], 64, "%s", json_string_value(json_array_get(list, i)));
		sorted[0][i] = names[0][i];
		sorted[1][i] = names[1][i];
	}
	for (int k = 0; k < 2 && !in_order; k++)
		qsort(sorted[k], count, sizeof *sorted[k], by_text);
	for (size_t i = 0; i < count; i++)
		if (strcmp(sorted[0][i], sorted[1][i]) != 0)
			return false;
	return true;
}

struct variant {
	const char *name;
	struct method method;
	bool as_set;
};

#define SHARES(utility, completion, ties) \
	{ DECIDE_EQUAL_SHARES, (utility), (completion), (ties), 0, { 0 } }

static const struct variant pabutools[] = {
	{ "greedy_cost", { .rule = DECIDE_GREEDY }, false },
	{ "greedy_card", { .rule = DECIDE_GREEDY, .utility = DECIDE_CARDINALITY }, false },
	{ "mes_cost", SHARES(DECIDE_COST, DECIDE_NONE, DECIDE_TIES_ID), false },
	{ "mes_card", SHARES(DECIDE_CARDINALITY, DECIDE_NONE, DECIDE_TIES_ID), false },
	{ "mes_add1_cost", SHARES(DECIDE_COST, DECIDE_ADD1, DECIDE_TIES_ID), false },
	{ "mes_add1_card", SHARES(DECIDE_CARDINALITY, DECIDE_ADD1, DECIDE_TIES_ID), false },
	{ "mes_add1u_cost", SHARES(DECIDE_COST, DECIDE_ADD1U, DECIDE_TIES_ID), true },
	{ "mes_greedy_cost", SHARES(DECIDE_COST, DECIDE_UTILITARIAN, DECIDE_TIES_ID), false },
	{ "greedy_score", { .rule = DECIDE_GREEDY, .utility = DECIDE_POINTS }, false },
	{ "mes_score", SHARES(DECIDE_POINTS, DECIDE_NONE, DECIDE_TIES_ID), false },
	{ "mes_add1_score", SHARES(DECIDE_POINTS, DECIDE_ADD1, DECIDE_TIES_ID), false },
	{ "mes_greedy_score", SHARES(DECIDE_POINTS, DECIDE_UTILITARIAN, DECIDE_TIES_ID), false },
	{ "phragmen", { .rule = DECIDE_PHRAGMEN }, true },
};

static const struct variant web_tool[] = {
	{ "none", SHARES(DECIDE_COST, DECIDE_NONE, DECIDE_TIES_COST_VOTES_LOT), false },
	{ "add1ex", SHARES(DECIDE_COST, DECIDE_ADD1, DECIDE_TIES_COST_VOTES_LOT), false },
	{ "add1", SHARES(DECIDE_COST, DECIDE_ADD1_OFFICIAL, DECIDE_TIES_COST_VOTES_LOT), false },
	{ "add1u_default", SHARES(DECIDE_COST, DECIDE_ADD1U, DECIDE_TIES_COST_VOTES_LOT), false },
	{ "utilitarian", SHARES(DECIDE_COST, DECIDE_UTILITARIAN, DECIDE_TIES_COST_VOTES_LOT), false },
};

/* Counts one file as one expected outcome says. */
static void
compare(const char *folder, char *entry, const struct variant *variants, size_t count)
{
	char path[PATH], *variant;
	size_t k = 0;
	json_t *expected;

	snprintf(path, sizeof path, SHARED_DATA "/expected/%s/%s", folder, entry);
	entry[strlen(entry) - strlen(".json")] = '\0';
	variant = strrchr(entry, '.');
	*variant++ = '\0';
	while (k < count && strcmp(variants[k].name, variant) != 0)
		k++;
	CHECK(k < count);
	if (k == count || !load(entry))
		return;
	expected = json_load_file(path, 0, NULL);
	if (json_object_get(expected, "error") == NULL) { /* the web tool stops at a tie */
		struct method method = variants[k].method;
		bool points = method.utility == DECIDE_POINTS;
		struct outcome o;
		struct decide_error error;

		if (points)
			method.utility = utility_of_points();
		CHECK(expected != NULL);
		CHECK(decide_count(points ? &now.with_points : &now.sets, &method, &now.arena, &o,
		                   &error) == OK);
		if (!same_winners(&o, json_object_get(expected, "winners_in_order"),
		                  !variants[k].as_set)) {
			CHECK(!"the winners of the reference");
			printf("# %s %s\n", entry, variant);
		}
		compared++;
	}
	json_decref(expected);
}

static int
is_json(const struct dirent *entry)
{
	return str_ends(str_of(entry->d_name), STR(".json"));
}

static int
is_pb(const struct dirent *entry)
{
	return str_ends(str_of(entry->d_name), STR(".pb"));
}

static void
compare_folder(const char *folder, const struct variant *variants, size_t count, int least)
{
	struct dirent **entries;
	char path[PATH];
	int n;

	snprintf(path, sizeof path, SHARED_DATA "/expected/%s", folder);
	n = scandir(path, &entries, is_json, alphasort);
	if (n < 0) {
		test_skip("../shared/data is not there");
		return;
	}
	compared = 0;
	for (int i = 0; i < n; i++) {
		compare(folder, entries[i]->d_name, variants, count);
		free(entries[i]);
	}
	free(entries);
	CHECK(compared >= least);
}

static void
as_pabutools(void)
{
	compare_folder("pb", pabutools, sizeof pabutools / sizeof *pabutools, 178);
}

static void
as_equalshares_net(void)
{
	compare_folder("pb_tool", web_tool, sizeof web_tool / sizeof *web_tool, 67);
}

static void
for_every_file(void (*check)(void))
{
	struct dirent **entries;
	int n = scandir(SHARED_DATA "/pb", &entries, is_pb, alphasort);

	if (n < 0) {
		test_skip("../shared/data is not there");
		return;
	}
	CHECK(n >= 27);
	for (int i = 0; i < n; i++) {
		entries[i]->d_name[strlen(entries[i]->d_name) - strlen(".pb")] = '\0';
		if (load(entries[i]->d_name))
			check();
		free(entries[i]);
	}
	free(entries);
}

static void
round_trip_now(void)
{
	struct arena arena;
	struct pabulib again;
	struct decide_error error;
	struct buf out;
	bool same = false;

	arena_init(&arena, CELLS_MAX);
	buf_init(&out, CELLS_MAX);
	CHECK(pabulib_write(&now.file, &arena, &out) == OK);
	CHECK(pabulib_parse(&arena, buf_str(&out), &again, &error) == OK);
	CHECK(pabulib_same(&now.file, &again, &arena, &same) == OK && same);
	/* Lines and cells as they stood: only quotes that were not needed, and line ends that
	 * were not alike, may differ from the file's own bytes. */
	CHECK(out.len <= now.file.text.len + 2 + now.file.votes.row_count);
	if (strcmp(now.name, "Poland_Krakow_2024") == 0) /* its last line has no end */
		CHECK_INT(out.len, now.file.text.len + 1);
	if (strcmp(now.name, "Poland_Katowice_2020") == 0)
		CHECK(str_eq(buf_str(&out), now.file.text));
	buf_release(&out);
	arena_release(&arena);
}

/* Cut at many places, a file is refused with its line, but for a cut within its last cell. */
static void
cut_now(void)
{
	struct str whole = now.file.text;
	size_t last = whole.len - 1;

	while (last > 0 && whole.ptr[last - 1] != ';')
		last--;
	for (size_t i = 0; i < 24; i++) {
		struct str cut = str_cut(whole, 0, (last * (2 * i + 1) / 48) + i);
		struct arena arena;
		struct pabulib file;
		struct decide_error error = { 0 };

		arena_init(&arena, CELLS_MAX);
		CHECK(pabulib_parse(&arena, cut, &file, &error) == INVALID);
		CHECK(error.line > 0 && error.message.text != NULL);
		arena_release(&arena);
	}
}

static void
cuts(void)
{
	for_every_file(cut_now);
}

static void
round_trips(void)
{
	for_every_file(round_trip_now);
}

/* Świecie 2023, Wieliczka 2023 and Assen 2024 decided by Equal Shares: the winners that the
 * city announced are in the files. */
static void
official_results(void)
{
	static const char *const names[] = { "Poland_Swiecie_2023", "Poland_Wieliczka_2023_Green_Budget",
	                                     "Netherlands_Assen_2024" };
	static const struct method method =
		SHARES(DECIDE_COST, DECIDE_ADD1_OFFICIAL, DECIDE_TIES_COST_VOTES_LOT);

	if (access(SHARED_DATA "/pb", R_OK) != 0) {
		test_skip("../shared/data is not there");
		return;
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct outcome o;
		struct decide_error error;

		if (!load(names[i]))
			continue;
		CHECK(decide_count(&now.sets, &method, &now.arena, &o, &error) == OK);
		for (size_t k = 0; k < o.option_count; k++)
			CHECK((o.options[k].place > 0) == (now.file.project[k].selected == 1));
	}
}

/* Wieliczka 2023 compared with greedy by votes: 1,615 voters got more as it was, 873
 * would have. Katowice 2020 (points) and Warszawa 2026 took whoever had enough, most first. */
static void
official_ways(void)
{
	static const struct {
		const char *name;
		struct method method;
	} ways[] = {
		{ "Poland_Wieliczka_2023_Green_Budget",
		  SHARES(DECIDE_COST, DECIDE_COMPARISON, DECIDE_TIES_COST_VOTES_LOT) },
		{ "Poland_Warszawa_2026", { .rule = DECIDE_GREEDY_THRESHOLD } },
		{ "Poland_Katowice_2020", { .rule = DECIDE_GREEDY_THRESHOLD,
		                            .utility = DECIDE_COST_POINTS } },
	};

	if (access(SHARED_DATA "/pb", R_OK) != 0) {
		test_skip("../shared/data is not there");
		return;
	}
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct outcome o;
		struct decide_error error;

		if (!load(ways[i].name))
			continue;
		CHECK(decide_count(decide_utility_has_points(ways[i].method.utility)
		                   ? &now.with_points : &now.sets,
		                   &ways[i].method, &now.arena, &o, &error) == OK);
		for (size_t k = 0; k < o.option_count; k++)
			CHECK((o.options[k].place > 0) == (now.file.project[k].selected == 1));
		if (i == 0) {
			CHECK_INT(o.prefer_shares, 1615);
			CHECK_INT(o.prefer_greedy, 873);
		}
	}
}

/* The election of a file under limits, counted greedily; false when the file isn't there. */
static bool
count_limited(const char *name, const char *limits, struct limits_part *part, struct outcome *o)
{
	static const struct method greedy = { .rule = DECIDE_GREEDY };
	struct limits_file file;
	struct decide_error error;

	if (access(SHARED_DATA "/pb", R_OK) != 0) {
		test_skip("../shared/data is not there");
		return false;
	}
	CHECK(load(name) &&
	      limits_read(&now.arena, str_of(limits), &now.file, 0, &file, &error) == OK &&
	      limits_part_of(&now.file, &file, 0, DECIDE_COST, 0, &now.arena, part, &error) == OK &&
	      decide_count(&part->e, &greedy, &now.arena, o, &error) == OK);
	return true;
}

/* "greedy-exclusive": Bemowo 2022, where of two ideas for one street one could be done. */
static void
official_exclusion(void)
{
	struct limits_part part;
	struct outcome o;

	if (!count_limited("Poland_Warszawa_2022_Bemowo",
	                   "kind,name,projects\nexclusive,ul. Konarskiego,\"773,153\"\n", &part, &o))
		return;
	for (size_t k = 0; k < o.option_count; k++)
		CHECK((o.options[k].place > 0) == (now.file.project[k].selected == 1));
}

/* Amsterdam's budget_per_category: nothing over it, and all that a category kept out would be. */
static void
category_budgets(void)
{
	static const int64_t most[] = { 90610, 57312, 71364, 80715 };
	struct limits_part part;
	struct outcome o;

	if (!count_limited("Netherlands_Amsterdam_604",
	                   "kind,name,max_cost\ncategory,Meer groen in de buurt,90610\n"
	                   "category,Kindvriendelijke buurt,57312\n"
	                   "category,Kinder- en jongerenactiviteiten,71364\n"
	                   "category,Klimaat en duurzaamheid,80715\n", &part, &o))
		return;
	CHECK_INT(o.group_count, 4);
	for (size_t g = 0; g < o.group_count; g++)
		CHECK(o.groups[g].cost > 0 && o.groups[g].cost <= most[g]);
	for (size_t k = 0; k < o.option_count; k++) {
		const struct outcome_option *x = &o.options[k];

		CHECK(x->place > 0 || (x->why == OUTCOME_GROUP_FULL &&
		      o.groups[x->group].cost + part.e.options[k].cost > most[x->group]));
	}
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "every real file written and read again", round_trips },
		{ "every real file cut", cuts },
		{ "winners as of pabutools", as_pabutools },
		{ "winners as of equalshares.net", as_equalshares_net },
		{ "winners as the cities announced", official_results },
		{ "comparison and thresholds as the cities had them", official_ways },
		{ "an exclusion as the city had it", official_exclusion },
		{ "a budget for each category", category_budgets },
	};
	int bad = test_run_all(cases, sizeof cases / sizeof *cases);

	arena_release(&now.arena);
	return bad;
}
