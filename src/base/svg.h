/* A picture as SVG, drawn piece by piece at whole-number places; 0, 0 is at the top left.
 *
 * It stands alone: no fonts, scripts or hosts from elsewhere, light or dark as its reader likes, a
 * title and a description for who can't see it. The same calls give the same bytes. Words may be
 * anything: they are escaped, and what XML can't hold becomes U+FFFD. A class is one of those of
 * svg.c, or several with spaces between:
 *
 *	shapes  paper, back (behind a bar), won, rest, had, votes, rule (a thin line), mark (a strong one)
 *	words   big, bold, small, muted, on (upon "won"), clear (upon a line), end, mid (what is at x:
 *	        their end, their middle) */
#ifndef BASE_SVG_H
#define BASE_SVG_H

#include "base/buf.h"

struct svg {
	struct buf *out; /* what does not fit is dropped: buf_status says so */
};

/* title and about: what it is, and what it shows, in whole sentences. lang: of both, "en". */
void svg_begin(struct svg *svg, struct buf *out, struct str lang, struct str title,
               struct str about, int64_t width, int64_t height);
void svg_end(struct svg *svg);

void svg_rect(struct svg *svg, const char *class, int64_t x, int64_t y, int64_t width,
              int64_t height);
void svg_line(struct svg *svg, const char *class, int64_t x1, int64_t y1, int64_t x2, int64_t y2);
/* Words whose foot is at y. Those that are about wider than `width` end in "…", and show themselves
 * whole to who points at them; width 0: as wide as they are. */
void svg_text(struct svg *svg, const char *class, int64_t x, int64_t y, int64_t width,
              struct str words);

#endif
