/* CSV files with a header row, as spreadsheets and the references write them: RFC 4180, told by
 * column names, with the line and column of whatever is wrong.
 *
 * Format: UTF-8 (a byte order mark is passed over), cells parted by ',', rows ended by LF or CRLF,
 * the last also by the end of the file. A cell that begins with '"' ends at the next single '"'
 * and may hold commas, line breaks and '""' for a '"'. The first row names the columns; every
 * other must have as many cells. White space is part of a cell. Stricter than some readers, so
 * that a slip is not counted as data: a '"' inside a plain cell, text behind a closing '"', and a
 * carriage return on its own are refused. A row in which nothing at all is written is no row.
 *
 * Cells point into the text, or into the arena where '""' had to be undone.
 */
#ifndef CORE_DECIDE_CSV_H
#define CORE_DECIDE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/error.h"

#define CSV_BYTES_MAX ((size_t)256 << 20)
enum {
	CSV_COLUMNS_MAX = 2000,
	CSV_ROWS_MAX = 10000000,
	CSV_CELL_MAX = 64 * 1024 /* bytes, unquoted */
};

/* Row by row, for files that are too long to have all cells at once:
 *	st = csv_open(&in, arena, text, &error);
 *	while (st == OK && (st = csv_next(&in)) == OK) … in.cells[0 … in.count - 1]
 */
struct csv_reader {
	struct arena *arena;
	struct decide_error *error;
	const char *at, *end;
	size_t line;       /* of at, from 1 */
	struct str *cells; /* of the present row; they live as long as text and arena */
	size_t room;       /* for so many */
	size_t count, row_line;
	bool written;      /* whether there is anything in the row besides commas */
	size_t columns;    /* cells of the first row; 0 before it */
};

/* INVALID or TOO_LARGE with *error: not text, too long. NO_MEMORY. */
MUST_CHECK enum status csv_open(struct csv_reader *in, struct arena *arena, struct str text,
                                struct decide_error *error);
/* The next row that is not an empty line; first the one that names the columns. White space at
 * both ends of each cell is cut off. NOT_FOUND at the end; INVALID or TOO_LARGE with *error. */
MUST_CHECK enum status csv_next(struct csv_reader *in);
/* Fills *error with the present row's line and returns INVALID. */
enum status csv_fail_row(const struct csv_reader *in, struct str field, const char *text);

/* All rows at once. */
struct csv {
	struct str *columns; /* names, without white space around them */
	size_t column_count;
	size_t header_line;
	struct str *cells;   /* [row_count * column_count], row by row */
	size_t *lines;       /* where each row begins, from 1 */
	size_t row_count;    /* without the header */
};

/* INVALID, TOO_LARGE (a limit above): *error says where and why. NO_MEMORY. */
MUST_CHECK enum status csv_parse(struct arena *arena, struct str text, struct csv *ret,
                                 struct decide_error *error);

/* The column of that name in any case of a-z, or column_count when there is none. */
size_t csv_column(const struct csv *csv, const char *name);
/* The same, INVALID with *error when there is none. */
MUST_CHECK enum status csv_need(const struct csv *csv, const char *name, size_t *ret,
                                struct decide_error *error);

struct str csv_cell(const struct csv *csv, size_t row, size_t column);

/* Cells with a meaning. White space around it does not count. INVALID with *error otherwise. */
/* Something, of at most max bytes. */
MUST_CHECK enum status csv_text(const struct csv *csv, size_t row, size_t column, size_t max,
                                struct str *ret, struct decide_error *error);
/* A whole number from min to max. */
MUST_CHECK enum status csv_int(const struct csv *csv, size_t row, size_t column, int64_t min,
                               int64_t max, int64_t *ret, struct decide_error *error);
/* Digits with at most one decimal point, as minor units: "12.5" with 2 decimals is 1250. */
MUST_CHECK enum status csv_amount(const struct csv *csv, size_t row, size_t column, int decimals,
                                  int64_t max, int64_t *ret, struct decide_error *error);
/* Such an amount outside of a file. INVALID: no amount, too many decimals, over max. */
MUST_CHECK enum status csv_amount_parse(struct str text, int decimals, int64_t max, int64_t *ret);

/* Fills *error with the place of a cell and returns INVALID. */
enum status csv_fail(const struct csv *csv, size_t row, size_t column, const char *text,
                     struct decide_error *error);

/* Writes rows that csv_parse reads back the same. Lines end in CRLF, as RFC 4180 says. */
void csv_write_row(struct buf *out, const struct str *cells, size_t count);

#endif
