/* Inside decide: the lottery over panels of kinds, by column generation.
 *
 * A chance is a person's; that of a kind k is Σ_panels weight·x[k] / size[k]. The master program
 * has a column per panel known so far:
 *
 *	maximise z;  Σ_j weight[j]·x_j[k]/size[k] − lift[k]·z ≥ floor[k] for every kind;  Σ weight = 1.
 *
 * Its duals say what a seat of each kind is worth; a panel worth more than the dual of Σ weight = 1
 * would help, and is looked for by swapping seats and, when that finds none, by the integer
 * program. No such panel: z is the largest there is. */
#ifndef CORE_DECIDE_PANEL_LOTTERY_H
#define CORE_DECIDE_PANEL_LOTTERY_H

#include "core/decide/panel/program.h"
#include "core/decide/panel/sortition.h"

struct seat { uint32_t kind, count; };

struct lottery {
	const struct kinds *kinds;
	struct program program;
	struct arena *arena;
	const struct sortition_request *request;

	/* Panels known: those of panel j are seat[first[j]] … seat[first[j + 1] - 1]. */
	struct seat *seat;
	size_t *first;
	size_t panel_count, panels_size, seats_size;
	uint32_t *table; /* of panels + 1, by hash */
	size_t table_size;

	void *master;    /* glp_prob: row k + 1 of kind k, then Σ weight; column 1 is z */
	size_t in_master; /* panels that have a column */
	bool *uncovered; /* kinds that no panel has */
	double *worth, *floor, *lift; /* by kind */
	uint32_t *panel, *other; /* scratch */
};

/* Finds first panels. REFUSED: there is none. Close it in any case. */
MUST_CHECK enum status lottery_open(struct lottery *l, const struct kinds *kinds,
                                    const struct sortition_request *request,
                                    struct arena *arena);
void lottery_close(struct lottery *l);

/* The chances of maximin or leximin, and weights of panels that give them: weight[j] ≥ 0 of
 * panel j, Σ about 1. */
MUST_CHECK enum status lottery_solve(struct lottery *l, double **ret_weight);

/* ---- parts of it, for lottery.c and target.c only ---- */

/* Adds a panel unless it is known; *ret_new whether it was not. */
MUST_CHECK enum status lottery_add(struct lottery *l, const uint32_t *panel, bool *ret_new);

/* Maximises z over all panels, with floor and lift as they are set. Stops as soon as z ≥
 * enough. *ret_z, and an upper bound of it in *ret_bound; stops also as soon as the bound is
 * below `hopeless`. */
MUST_CHECK enum status lottery_maximise(struct lottery *l, double enough, double hopeless,
                                        double *ret_z, double *ret_bound);

/* Chances (by kind) that bound those of the lottery from above in the sense of leximin: of the
 * linear relaxation, in which a panel may have parts of people. only_first: just the smallest chance, for all. FAILED:
 * the solver gave up. */
MUST_CHECK enum status target_relaxed(struct lottery *l, bool only_first, double *ret_chance);

#endif
