/* A place moves house: from one database to another of either engine, while it is in use.
 *
 * Everything but the last step goes on behind the deeds. The order, and what a crash after each
 * step leaves (the next run finds out from place.state on both sides, and goes on or begins again):
 *
 *   1 check the source                         nothing
 *   2 note changes, copy from one snapshot,    a copy that is 'arriving' and that nobody asks
 *     compare digests, check, catch up
 *   3 source: 'leaving'                        read only, until the next run (or --undo)
 *   4 catch up to the last change; same number of rows, same root of the record
 *   5 target: 'here', with its path            two copies; the target's is the place, the source's
 *                                              takes no deeds
 *   6 source: the place's row is deleted (its path stays taken), then the rest
 *
 * Catching up, behind the deeds: rounds of what was open when they began, until what is open now
 * would take MOVE_QUICK_MS, as the last round went. Where a round leaves more than half of what it
 * found, the next ones hold the place's deeds back: they wait while MOVE_QUICK_MS' worth of changes is
 * followed, have their turn for a quarter of that, and so on, for MOVE_HELD_ROUNDS rounds at most.
 * Then the move gives up (UNAVAILABLE): more is written in that quarter than can be followed.
 *
 * Never do two databases take deeds of a place. Its round secrets are files of the data folder,
 * named by place and round: a server with another folder needs them too.
 */
#ifndef ACTS_MOVE_H
#define ACTS_MOVE_H

#include <stdatomic.h>

#include "acts/act.h"

enum { MOVE_QUICK_MS = 250, MOVE_HELD_ROUNDS = 20 };

struct mover {
	struct db *from, *to; /* DB_WRITE or DB_CREATE */
	void (*say)(void *context, struct str line); /* English, for the operator */
	void *context;
	const atomic_bool *stop; /* NULL, or becomes true: before step 3 everything is undone */
	/* For tests: returns true to fall dead (as by kill -9) behind the step of that number. */
	bool (*dies)(void *context, int step);
	bool never_quick; /* for tests: catching up never ends by itself */
	int64_t rows, last_step_ms; /* of the last place: for the operator */
};

/* NOT_FOUND: no such place in the source. REFUSED, after it said why: differences, a path that is
 * taken, a place that is arriving. UNAVAILABLE: stopped or a database fell silent; again goes on. */
MUST_CHECK enum status act_move_place(struct mover *mover, struct str slug);
/* The place stays where it was: takes deeds again; what has arrived elsewhere is deleted. REFUSED:
 * it has moved already. */
MUST_CHECK enum status act_move_undo(struct mover *mover, struct str slug);
/* All places of the source, by path; the first that does not move ends it. */
MUST_CHECK enum status act_move_all(struct mover *mover, struct arena *arena);

#endif
