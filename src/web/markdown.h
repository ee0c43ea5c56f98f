/* What people write, as safe HTML: CommonMark with tables, strikethrough and bare links
 * (GitHub's dialect, cmark-gfm).
 *
 * HTML that somebody typed is shown as they typed it and never obeyed. Links lead to http(s),
 * mail or this server, carry rel="nofollow ugc noopener", and are plain words otherwise.
 * Pictures become links, so that reading a page tells no other host. Headings begin at h3,
 * below the page's own. A line break stays a line break.
 */
#ifndef WEB_MARKDOWN_H
#define WEB_MARKDOWN_H

#include "base/arena.h"
#include "web/html.h"

enum { MARKDOWN_MAX = 64 * 1024, MARKDOWN_HTML_MAX = 512 * 1024 }; /* bytes */

/* Renders into the arena. TOO_LARGE over MARKDOWN_MAX. A text made to grow (twenty thousand
 * nested quotes) would be over MARKDOWN_HTML_MAX and is shown as it was typed: nobody can break
 * a page with a comment. Each thread keeps what it rendered lately (at most 2 MiB), by a
 * fingerprint of the source, so that a page with fifty comments is not rendered again on each view. */
MUST_CHECK enum status markdown_render(struct arena *arena, struct str source,
                                       struct safe_html *ret);

#endif
