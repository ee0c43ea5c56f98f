/* Inside decide: leximin stage by stage, where the chances aimed at are far from any there are.
 *
 * The smallest chance, z, is made as large as can be; who then can't have more is settled at it, and
 * z made as large as can be for the rest, and so on. Each stage is a linear program over known panels;
 * its duals say what a seat of each kind is worth, and the integer program looks for a panel
 * worth more than those known (column generation). Exact quotas leave no room, and so other chances
 * than parts of people would have; then this takes fewer searches than a cut after the other,
 * and otherwise far more.
 *
 * Source: Flanigan, Gölz, Gupta, Hennig, Procaccia, "Fair algorithms for selecting citizens'
 * assemblies", Nature 596 (2021), and its program. */
#ifndef CORE_DECIDE_PANEL_STAGES_H
#define CORE_DECIDE_PANEL_STAGES_H

#include "core/decide/panel/lottery.h"

/* Weights of panels, as lottery_solve. Adds panels; every kind that is not uncovered must be on one.
 * FAILED: the solver gave up; NO_MEMORY. */
MUST_CHECK enum status stages_solve(struct lottery *l, double **ret_weight);

#endif
