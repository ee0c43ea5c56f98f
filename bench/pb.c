/* How fast .pb files are read: pabulib_parse alone, and with the election made of it. MB/s (10^6
 * bytes), the best of so many rounds, each in a fresh arena. pb FILE…; --rounds N before them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/decide/pabulib.h"

enum { ARENA_CAP = 1 << 30 };

static double
seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
read_file(const char *path, struct str *ret)
{
	FILE *in = fopen(path, "rb");
	char *bytes = malloc(PABULIB_BYTES_MAX);

	*ret = (struct str){ bytes, 0 };
	if (in != NULL && bytes != NULL)
		ret->len = fread(bytes, 1, PABULIB_BYTES_MAX, in);
	if (in != NULL)
		fclose(in);
	return ret->len > 0;
}

/* One round in seconds; below 0 when the file is no good. */
static double
read_once(struct str text, bool with_election)
{
	struct arena arena;
	struct pabulib file;
	struct election e;
	struct decide_error error;
	double from = seconds_now();
	enum status st;

	arena_init(&arena, ARENA_CAP);
	st = pabulib_parse(&arena, text, &file, &error);
	if (st == OK && with_election)
		st = pabulib_election(&file, DECIDE_COST, 0, &arena, &e, &error);
	from = seconds_now() - from;
	arena_release(&arena);
	return st == OK ? from : -1;
}

static double
best_of(int rounds, struct str text, bool with_election)
{
	double best = read_once(text, with_election);

	for (int i = 1; i < rounds; i++) {
		double t = read_once(text, with_election);

		if (t < best)
			best = t;
	}
	return best;
}

int
main(int argc, char **argv)
{
	int rounds = 50, first = 1;

	if (argc > 2 && strcmp(argv[1], "--rounds") == 0) {
		rounds = atoi(argv[2]);
		first = 3;
	}
	printf("%-32s %8s %8s %14s\n", "", "MB", "parse", "with election");
	for (int i = first; i < argc; i++) {
		const char *name = strrchr(argv[i], '/') == NULL ? argv[i] : strrchr(argv[i], '/') + 1;
		struct str text;
		double parse, both;

		if (!read_file(argv[i], &text) || (parse = best_of(rounds, text, false)) < 0 ||
		    (both = best_of(rounds, text, true)) < 0) {
			fprintf(stderr, "%s can't be read\n", argv[i]);
			return 1;
		}
		printf("%-32s %8.2f %8.0f %14.0f\n", name, (double)text.len / 1e6,
		       (double)text.len / parse / 1e6, (double)text.len / both / 1e6);
		free((char *)text.ptr);
	}
	return 0;
}
