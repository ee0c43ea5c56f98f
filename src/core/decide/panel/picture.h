/* A lottery over panels and the panel that was drawn, as one picture (base/svg.h), in English: the
 * chances of all people from the smallest to the largest beside the equal one, and how many of the panel
 * have each value beside its quota. Pure, and always the same bytes for the same panel. */
#ifndef CORE_DECIDE_PANEL_PICTURE_H
#define CORE_DECIDE_PANEL_PICTURE_H

#include "core/decide/panel/sortition.h"

/* Appends the picture. panel: numbers of its sortition->size members, as they sit in the end.
 * NO_MEMORY. What the buffer can't hold is dropped: see buf_status. */
MUST_CHECK enum status sortition_picture(const struct pool *pool, const struct sortition *sortition,
                                         const uint32_t *panel, struct arena *arena,
                                         struct buf *out);

#endif
