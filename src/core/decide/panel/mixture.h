/* Inside decide: the mixture of known panels whose chances are nearest to given ones.
 *
 * A mixture is panels with weights that sum to one. How far its chances are from those aimed at
 * is the sum over people of the squared differences. The nearest mixture needs no more panels
 * than there are kinds, and one, and is found by taking in one panel after the other and leaving
 * out those that are no longer of use. Where all panels known together can't give the chances, the
 * difference that is left says what a seat of each kind is worth, and which panels are missing.
 *
 * Source: Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11 (1976).
 * Floating point, but the same on every processor: additions, products, quotients and roots only. */
#ifndef CORE_DECIDE_PANEL_MIXTURE_H
#define CORE_DECIDE_PANEL_MIXTURE_H

#include "core/decide/panel/lottery.h"

struct mixture {
	const struct lottery *l;
	bool at_least; /* more than what is aimed at is as good */

	/* Panels in it, by number; and, where at_least, kinds that have more than is aimed at, as
	 * -1 - kind, their weight being by how many seats. */
	int32_t *column;
	double *weight;
	size_t count, most;

	double *seats;  /* by kind: what is aimed at */
	double *pull;   /* by kind: the difference of a person's chance from it, lifts taken off */
	double off;     /* the largest difference of a chance */
	double square;  /* the sum over people of the squared differences */

	double *factor; /* Cholesky's, of the columns' inner products: columns of a triangle */
	double *next, *side, side_seats; /* scratch */
};

/* NO_MEMORY. */
MUST_CHECK enum status mixture_open(struct mixture *m, const struct lottery *l,
                                    struct arena *arena);

/* Aims at these chances (by kind); the panels stay. */
void mixture_aim(struct mixture *m, const double *chance, bool at_least);

/* Comes as near as the panels known allow; sets pull, off and square. Leaves off as soon as
 * nothing is off by more than `enough`. */
void mixture_improve(struct mixture *m, double enough);

#endif
