/* CSV as of RFC 4180: cells parted by ',', rows by CRLF or LF, "" for a quote within quotes.
 * A byte order mark is skipped; the last line needs no end; empty lines are skipped. Cells are
 * trimmed of blanks outside of quotes. Inside decide: others include pool.h. */
#ifndef CORE_DECIDE_PANEL_CSV_H
#define CORE_DECIDE_PANEL_CSV_H

#include "base/arena.h"
#include "core/decide/error.h"

enum { CSV_COLUMNS_MAX = 1000 };

struct csv {
	struct arena *arena;
	struct decide_error *error;
	struct str text;
	size_t at, line; /* where the next row begins; its line, from 1 */

	/* The present row; cells[0 … count - 1] live as long as text and arena. */
	size_t row_line, count;
	struct str cells[CSV_COLUMNS_MAX];
};

/* INVALID with *error: not UTF-8, or a NUL in it. */
MUST_CHECK enum status csv_begin(struct csv *csv, struct arena *arena, struct str text,
                                 struct decide_error *error);
/* The next row. NOT_FOUND at the end; INVALID with *error: a quote that does not end or is in
 * the middle of a cell, too many cells; NO_MEMORY. */
MUST_CHECK enum status csv_next(struct csv *csv);

#endif
