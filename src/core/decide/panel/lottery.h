/* Inside decide: the lottery over panels of kinds.
 *
 * A chance is a person's; that of a kind k is Σ_panels weight·x[k] / size[k]. First it is computed
 * what chances would be best if panels could have parts of people (target.c): nobody can do
 * better than that. Then panels are mixed that have just these chances (mixture.h): many made
 * all around them, and others as the mixture lacks them, found by swapping seats or by the
 * integer program. Where no mixture has these chances, the integer program says what holds for
 * all panels and not for the chances aimed at: a cut. Chances are aimed at anew with it, and so on.
 * Whatever is aimed at bounds the best lottery from above, so the first one that is met is best.
 * Where all lotteries are seen to be far from what is aimed at, or it takes many cuts, the
 * chances are found from below instead, stage by stage (stages.h).
 * (A plane between a point and a polytope, by a program that knows just its best corners: Grötschel,
 * Lovász, Schrijver, "Geometric algorithms and combinatorial optimization", 1988.) */
#ifndef CORE_DECIDE_PANEL_LOTTERY_H
#define CORE_DECIDE_PANEL_LOTTERY_H

#include "base/chance.h"
#include "core/decide/panel/program.h"
#include "core/decide/panel/sortition.h"

struct seat { uint32_t kind, count; };

/* What holds for every panel, and not for all of the linear relaxation: Σ worth[k]·x[k] ≤ most. */
struct cut {
	const double *worth;
	double most;
	const struct cut *next;
};

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

	bool *uncovered; /* kinds that no panel has */
	const struct cut *cuts;
	double *chance;  /* by kind: what is aimed at */
	double *lack;    /* by kind: how much less than its chance it had in samples */
	struct chance dice; /* for samples; the same in each run */
	bool in_stages;  /* lottery_solve took to stages.h */
	int trust;       /* so many samples more are made without a look at how good they are */
	double *worth;   /* scratch by kind */
	uint32_t *panel; /* scratch by kind */
};

/* Finds first panels. REFUSED: there is none. Close it in any case. */
MUST_CHECK enum status lottery_open(struct lottery *l, const struct kinds *kinds,
                                    const struct sortition_request *request,
                                    struct arena *arena);
void lottery_close(struct lottery *l);

/* Adds l->panel unless it is known; *ret_new whether it was not. */
MUST_CHECK enum status lottery_add(struct lottery *l, bool *ret_new);

/* Tells whoever waits how much is done, from 0 to 1. */
void lottery_report(const struct lottery *l, double done);

/* Weights of panels that give everybody the chances of leximin, or at least the smallest of
 * maximin: weight[j] ≥ 0 of panel j, Σ about 1. */
MUST_CHECK enum status lottery_solve(struct lottery *l, double **ret_weight);

/* Chances (by kind) that bound those of the lottery from above in the sense of leximin: of the
 * linear relaxation, in which a panel may have parts of people, and the cuts. FAILED: the solver
 * gave up. */
MUST_CHECK enum status target_relaxed(struct lottery *l, double *ret_chance);

#endif
