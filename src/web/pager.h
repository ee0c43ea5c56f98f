/* Links to the page before and after, under a list that is too long for one page. */
#ifndef WEB_PAGER_H
#define WEB_PAGER_H

#include "web/html.h"

struct pager {
	struct str newer, older; /* addresses; empty: there is none */
	int64_t page, pages;     /* "Page 2 of 9"; pages 0: not known, not shown */
};

#endif
