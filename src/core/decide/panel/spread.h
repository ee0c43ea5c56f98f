/* Inside decide: from a lottery over panels of kinds to one over panels of people. */
#ifndef CORE_DECIDE_PANEL_SPREAD_H
#define CORE_DECIDE_PANEL_SPREAD_H

#include "core/decide/panel/lottery.h"

/* Fills panels, weights, chances of *ret, whose size is set.
 *
 * Weights become whole parts of SORTITION_PARTS: rounded down, and what is missing goes to those
 * that lost most. Then a panel of kinds is time, its weight long, with so many chairs for each
 * kind. The people of a kind get chairs one after the other, each as much time as what is left
 * divided by those who are left, rounded down, so that any two of a kind differ by one part at
 * most; at least what the others of the kind could not sit through, and otherwise from the
 * first panel on. Wherever somebody rises, a new panel of people begins (McNaughton's rule: who
 * gets a chair's end goes on at the beginning of the next, and is never on two at once, as nobody
 * has more than the panel's length).
 *
 * TOO_LARGE: over SORTITION_MEMBERS_MAX. NO_MEMORY. */
MUST_CHECK enum status spread(const struct lottery *l, const double *weight,
                              struct arena *arena, struct sortition *ret);

#endif
