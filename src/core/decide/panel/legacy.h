/* Inside decide: LEGACY, the way panels were drawn before 2021. */
#ifndef CORE_DECIDE_PANEL_LEGACY_H
#define CORE_DECIDE_PANEL_LEGACY_H

#include "core/decide/panel/sortition.h"

/* Draws request->draws panels, one after the other from the seed's stream, and fills panels,
 * weights (of `draws` parts) and drawn (the panel of the first draw) of *ret, whose size is set.
 *
 * One draw: of the values with somebody left and max > 0 the one with the largest
 * (min − selected) / remaining, the first in the order of categories.csv among equals; one of
 * its remaining people, each equally likely, is selected. A value that has its max loses its
 * remaining people, and so does the household of who was selected. Where a value can't reach
 * its min any more, the draw begins anew.
 *
 * INVALID with *error: SORTITION_TRIES_MAX beginnings of one draw failed. NO_MEMORY. */
MUST_CHECK enum status legacy_draw(const struct pool *pool,
                                   const struct sortition_request *request,
                                   struct arena *arena, struct sortition *ret,
                                   struct decide_error *error);

#endif
