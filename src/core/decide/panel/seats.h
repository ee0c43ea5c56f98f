/* Inside decide: whether a panel can have so many seats at all. */
#ifndef CORE_DECIDE_PANEL_SEATS_H
#define CORE_DECIDE_PANEL_SEATS_H

#include "core/decide/panel/sortition.h"

/* INVALID with *error: no seat, more than SORTITION_SEATS_MAX, more than people, more than
 * households of people. NO_MEMORY. */
MUST_CHECK enum status seats_check(const struct pool *pool, int64_t size, struct arena *arena,
                                   struct decide_error *error);

#endif
