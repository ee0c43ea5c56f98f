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

enum { MARKDOWN_MAX = 64 * 1024 }; /* bytes */

/* Renders into the arena. TOO_LARGE over MARKDOWN_MAX. A text that grows to more than six times
 * its size (thousands of nested quotes) is shown as it was typed: nobody can break a page with
 * comments. Tables that could have over 2,000 cells are no tables, and where there are over a
 * hundred @ no address becomes a link: both would take cmark long. Each thread keeps what it
 * rendered lately (at most 2 MiB), by a fingerprint of the source, so that a page with fifty
 * comments is not rendered again on each view. */
MUST_CHECK enum status markdown_render(struct arena *arena, struct str source,
                                       struct safe_html *ret);

#endif
