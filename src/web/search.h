/* Views of the pages about all places of this server. */
#ifndef WEB_SEARCH_H
#define WEB_SEARCH_H

#include "base/str.h"
#include "base/time.h"

struct search_place {
	struct str path, name, purpose;
	int64_t people;
};

struct search_idea {
	struct str path, title, place;
	struct instant at;
};

struct search_page {
	struct str words;
	bool searched, nothing;
	bool silent; /* some places could not be asked */
	struct { struct search_place *ptr; size_t len; } places;
	struct { struct search_idea *ptr; size_t len; } ideas;
};

#endif
