/* The demo: an invented neighbourhood of 8,000 people with a £1m endowment. Everything in it
 * is made by the same deeds a person would use, from a fixed seed, with the clock moved. */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include <stddef.h>
#include <stdint.h>

enum { DEMO_AREAS = 5 };

/* An idea as a resident would write it, and what became of it. */
struct demo_idea {
	const char *title, *body;
	int pounds;          /* rough cost; 0: none given */
	int days_ago;        /* when it was written */
	int round;           /* 1: in the counted round, 2: in the open one, 0: in none */
	int real_pounds;     /* checked: final cost; 0: not checked */
	const char *owner, *permission; /* checked */
	const char *declined;           /* the reason; NULL: it was not */
	int liked[DEMO_AREAS]; /* of 100 voters of each area, how many would choose it */
	const char *comments[4];
};

extern const struct demo_idea demo_ideas[];
extern const size_t demo_ideas_len;

extern const char *const demo_areas[DEMO_AREAS];
extern const char *const demo_first_names[];
extern const size_t demo_first_names_len;
extern const char *const demo_last_names[];
extern const size_t demo_last_names_len;

#endif
