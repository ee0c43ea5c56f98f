/* Inside the verb count: a file while it is counted, and its JSON. */
#ifndef CLI_COUNT_INSIDE_H
#define CLI_COUNT_INSIDE_H

#include "core/decide/limits_file.h"
#include "core/decide/measure.h"
#include "core/decide/sensitivity.h"
#include "core/decide/why_lost.h"

#define COUNT_TEXT_MAX ((size_t)256 << 20)

/* What is counted by itself: one pot of a file, or all of it. */
struct counted {
	const struct pabulib *pb;
	const struct limits_pot *pot; /* NULL: all of it */
	struct limits_part part;
	struct election e;            /* the part's */
	struct outcome outcome;
	size_t explained; /* option; option_count: none */
	struct why_lost why;
	bool measures, sensitivity; /* asked for */
	struct measure measure;
	struct sensitivity sensitive;
};

/* A file being counted. */
struct counting {
	struct str text, limits_text;
	struct pabulib pb;
	struct limits_file limits; /* where they were asked for */
	struct counted *parts;
	size_t part_count;         /* 1 where there are no pots */
	int64_t over_sum_cost;     /* pabulib_over_sum_cost */
};

/* Prints what came of it as JSON (RFC 8785). False when it is too large. */
bool cli_count_json(const struct counting *counting);

#endif
