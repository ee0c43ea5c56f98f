/* Inside decide: the panels that meet the quotas, as an integer program over kinds:
 *
 *	0 ≤ x[k] ≤ size[k], Σ x = seats, min[v] ≤ Σ_{k has v} x[k] ≤ max[v], Σ_{k in a home} x[k] ≤ 1.
 *
 * Solved by GLPK: simplex, then branch and bound, on one thread, silent. GLPK ends the process
 * when it runs out of memory. Floating point proposes panels; each is checked in integers. */
#ifndef CORE_DECIDE_PANEL_PROGRAM_H
#define CORE_DECIDE_PANEL_PROGRAM_H

#include "core/decide/panel/kinds.h"

enum { PROGRAM_NODES = 4000 };

struct program {
	const struct kinds *kinds;
	const struct pool *pool;
	int64_t seats;
	void *lp;          /* glp_prob */
	int *value_row;    /* by value: its row, 0 when it binds nothing */
	int64_t *min, *max; /* by value: the quota, narrowed to what can be reached */
	int64_t *count;    /* scratch by value */
	uint32_t *home_seats; /* scratch by home */
	uint32_t *order;   /* scratch by kind */
	double bound;      /* after program_best: no panel is worth more */
	int nodes_max;     /* of a search by branch and bound */
	bool by_half;      /* it branches on whoever is nearest to half a seat, not as Driebeck and Tomlin */
	int64_t gave_up;   /* searches that ended there */
	int64_t solved;    /* integer programs, for whoever asks how long it took and why */
};

/* Opened programs must be closed. NO_MEMORY. */
MUST_CHECK enum status program_open(struct program *program, const struct kinds *kinds,
                                    int64_t seats, struct arena *arena);
void program_close(struct program *program);

/* The panel of the largest Σ worth[k]·x[k]; or, sooner, any of at least `enough`.
 * *ret_worth: of the panel found. NOT_FOUND: no panel meets the quotas; UNAVAILABLE: none
 * was found in nodes_max nodes (a worse one than the best may be found then, and is OK); FAILED:
 * GLPK gave up. */
MUST_CHECK enum status program_best(struct program *program, const double *worth, double enough,
                                    uint32_t *ret_panel, double *ret_worth);

/* Changes a panel into one that is at least `share` of the way from a worth to the largest of
 * the relaxation: by swaps, or else by a search. Errors as program_best. */
MUST_CHECK enum status program_toward(struct program *program, const double *worth, double from,
                                      double share, uint32_t *panel,
                                      bool *ret_climbed);

/* Some panel with at least one of a kind; worth leads the search. Errors as program_best. */
MUST_CHECK enum status program_with(struct program *program, size_t kind, const double *worth,
                                    uint32_t *ret_panel);

/* Changes a panel, by few swaps, into one with at least one of a kind. False: it could not, and
 * the panel is spoilt. */
bool program_force(struct program *program, size_t kind, uint32_t *panel);

/* Betters a panel by swapping one seat at a time while that makes it worth more; returns its
 * worth. Not always the best. */
double program_climb(struct program *program, const double *worth, uint32_t *panel);

/* Whether a panel is one of the program's: in integers. */
bool program_allows(struct program *program, const uint32_t *panel);

/* Narrows min and max by linear programming to what whole numbers can reach. OK or FAILED. */
MUST_CHECK enum status program_narrow(struct program *program);

#endif
