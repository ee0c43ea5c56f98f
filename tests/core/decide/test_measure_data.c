/* Real elections: every .pb file of ../shared/data/pb. Equal Shares passes no group over, greedy
 * does somewhere. Skipped where that folder is not there. */
#include <dirent.h>
#include <stdio.h>
#include <time.h>

#include "core/decide/measure.h"
#include "core/decide/pabulib.h"
#include "test.h"

enum { BYTES_MAX = 512 << 20, PATH = 1000 };

static int files, greedy_failed;

static bool
read_bytes(const char *path, struct arena *arena, struct str *ret)
{
	FILE *in = fopen(path, "rb");
	long size;
	char *bytes;
	bool ok;

	if (in == NULL || fseek(in, 0, SEEK_END) != 0 || (size = ftell(in)) < 0)
		return false;
	rewind(in);
	bytes = arena_bytes(arena, (size_t)size);
	ok = bytes != NULL && fread(bytes, 1, (size_t)size, in) == (size_t)size;
	*ret = (struct str){ bytes, (size_t)size };
	fclose(in);
	return ok;
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
measure_file(const char *name)
{
	static const struct method methods[] = {
		{ .rule = DECIDE_EQUAL_SHARES },
		{ .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_UTILITARIAN },
		{ .rule = DECIDE_GREEDY } };
	struct decide_error error;
	struct pabulib file;
	struct election e;
	struct arena arena;
	char path[PATH];
	struct str text;

	arena_init(&arena, BYTES_MAX);
	snprintf(path, sizeof path, SHARED_DATA "/pb/%s", name);
	CHECK(read_bytes(path, &arena, &text) &&
	      pabulib_parse(&arena, text, &file, &error) == OK &&
	      pabulib_election(&file, DECIDE_COST, 0, &arena, &e, &error) == OK);
	for (size_t i = 0; i < sizeof methods / sizeof *methods && test_failures == 0; i++) {
		struct outcome o;
		struct measure m;
		double start;

		CHECK(decide_count(&e, &methods[i], &arena, &o, &error) == OK);
		start = seconds();
		CHECK(measure_of(&e, &o, &arena, &m) == OK);
		printf("# %s: %s %s: gini %lld, represented %lld of %lld, EJR+ %s (%lld options; "
		       "%lld voters have at most %lld, deserve %lld), %.0f ms, %zu ballots\n",
		       name, decide_rule_name(o.method.rule),
		       decide_completion_name(o.method.completion), (long long)m.gini_millionths,
		       (long long)m.represented, (long long)m.voters, m.ejr.holds ? "holds" : "fails",
		       (long long)m.ejr.failing, (long long)m.ejr.group, (long long)m.ejr.has,
		       (long long)m.ejr.deserves, (seconds() - start) * 1e3, e.ballot_count);
		CHECK(m.ejr.holds || methods[i].rule == DECIDE_GREEDY);
		greedy_failed += !m.ejr.holds;
	}
	arena_release(&arena);
	files++;
}

static void
every_file(void)
{
	DIR *folder = opendir(SHARED_DATA "/pb");
	const struct dirent *entry;

	if (folder == NULL) {
		test_skip("no ../shared/data/pb");
		return;
	}
	while ((entry = readdir(folder)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len > 3 && strcmp(entry->d_name + len - 3, ".pb") == 0)
			measure_file(entry->d_name);
	}
	closedir(folder);
	printf("# %d files; greedy passes a group over in %d\n", files, greedy_failed);
	CHECK(files == 0 || greedy_failed > 0);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "every file: EJR+ of Equal Shares and greedy", every_file },
	};

	return test_run_all(cases, sizeof cases / sizeof *cases);
}
