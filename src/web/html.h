/* What the functions that gen_html writes stand on: output, language, layout, escaping.
 *
 * A template src/web/NAME.html becomes
 *     void html_NAME(struct html *h, const struct NAME_VIEW *v);
 * Values are escaped by their type (_Generic): struct str is escaped, numbers are formatted,
 * struct safe_html passes; a bare char * does not compile.
 */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "base/buf.h"
#include "base/locale.h"

/* HTML that was made safe already (rendered Markdown). Made in web/markdown.c only. */
struct safe_html {
	struct str html;
};

/* What the layout shows around every page. */
struct layout_view {
	struct str place_name;  /* empty outside a place */
	struct str place_path;  /* "/alder-vale", without the last slash; empty outside a place */
	struct str person_name; /* empty: signed out */
	struct str here;        /* which main link is current: "home", "ideas", "decisions", "money", "record", or empty */
	struct str path;        /* this page's own path, for sign-in to come back to */
	struct str description; /* Open Graph; may be empty */
	struct str absolute;    /* "https://host" for Open Graph addresses; may be empty */
	struct str csrf;        /* token for forms */
	bool steward, treasurer;
	bool money;             /* the place has a pot to show */
	int64_t waiting;        /* steward: how many things wait in the queue */
};

struct html {
	struct buf *out;
	struct format format; /* language, currency, zone */
	const struct layout_view *layout;
};

#endif
