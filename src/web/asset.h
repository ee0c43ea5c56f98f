/* Files that pages load: style, script, fonts, icons, embedded by tools/gen_assets.c. The
 * address holds a hash of the content, so it may be cached for ever; templates write
 * {{asset "style.css"}}, C code the macro ASSET_style_css of the generated "web/assets.h". */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include "base/str.h"

struct asset {
	struct str path;  /* "/assets/style.1a2b3c4d5e.css" */
	struct str type;  /* "text/css; charset=utf-8" */
	struct str etag;  /* with its quotes */
	struct str bytes; /* lives as long as the process */
};

/* The asset of a request's path, or NULL. */
const struct asset *asset_find(struct str path);

#endif
