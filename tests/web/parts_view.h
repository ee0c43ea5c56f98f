#ifndef TESTS_WEB_PARTS_VIEW_H
#define TESTS_WEB_PARTS_VIEW_H

#include "web/parts.h"

/* Static: lives as long as the program. */
struct parts_view parts_view(void);
struct layout_view parts_layout(void);

#endif
