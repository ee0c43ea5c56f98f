#include "core/decide/csv.h"

#include <string.h>

#include "core/decide/text.h"

/* One cell as it stands. */
struct cell {
	struct str text;    /* without the quotes around it */
	bool quoted, doubled; /* doubled: has '""' to be undone */
	bool last;          /* of its row */
};

/* The text within quotes; in->at is behind the opening one. */
static enum status
read_quoted(struct csv_reader *in, struct cell *cell)
{
	const char *from = in->at;
	size_t opened = in->line;

	for (; in->at < in->end; in->at++) {
		if (*in->at == '\n')
			in->line++;
		if (*in->at != '"')
			continue;
		if (in->at + 1 == in->end || in->at[1] != '"')
			break;
		cell->doubled = true;
		in->at++;
	}
	if (in->at == in->end)
		return decide_fail(in->error, opened, STR(""),
		                   MSG("A quote is opened here and never closed."));
	cell->text = (struct str){ from, (size_t)(in->at - from) };
	in->at++;
	return OK;
}

static enum status
read_plain(struct csv_reader *in, struct cell *cell)
{
	const char *from = in->at;

	while (in->at < in->end && *in->at != ',' && *in->at != '\n' && *in->at != '\r') {
		if (*in->at == '"')
			return decide_fail(in->error, in->line, STR(""),
			                   MSG("A quote stands inside a cell: put the whole cell in "
			                       "quotes and write the quote twice."));
		in->at++;
	}
	cell->text = (struct str){ from, (size_t)(in->at - from) };
	return OK;
}

/* The next cell, and what stands behind it: comma, line end or end of the file. */
static enum status
read_cell(struct csv_reader *in, struct cell *cell)
{
	enum status st;

	*cell = (struct cell){ .quoted = in->at < in->end && *in->at == '"' };
	in->at += cell->quoted;
	st = cell->quoted ? read_quoted(in, cell) : read_plain(in, cell);
	if (st != OK)
		return st;
	if (cell->text.len > CSV_CELL_MAX) {
		decide_fail(in->error, in->line, STR(""), MSG("A cell is too long."));
		return TOO_LARGE;
	}
	if (in->at < in->end && *in->at == ',') {
		in->at++;
		return OK;
	}
	cell->last = true;
	if (in->at == in->end)
		return OK;
	if (*in->at == '\r' && in->at + 1 < in->end && in->at[1] == '\n')
		in->at++;
	if (*in->at != '\n')
		return decide_fail(in->error, in->line, STR(""),
		                   *in->at == '\r' ?
		                   MSG("A carriage return stands here without a line feed.") :
		                   MSG("There is text behind a closing quote."));
	in->at++;
	in->line++;
	return OK;
}

/* Undoes '""'. */
static enum status
cell_text(struct arena *arena, const struct cell *cell, struct str *ret)
{
	char *out;
	size_t len = 0;

	*ret = cell->text;
	if (!cell->doubled)
		return OK;
	out = arena_bytes(arena, cell->text.len);
	if (out == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < cell->text.len; i++) {
		out[len++] = cell->text.ptr[i];
		i += cell->text.ptr[i] == '"';
	}
	*ret = (struct str){ out, len };
	return OK;
}

/* One row, as it stands in the file. */
static enum status
read_row(struct csv_reader *in)
{
	struct cell cell;

	in->count = 0;
	in->row_line = in->line;
	in->written = false;
	do {
		enum status st = read_cell(in, &cell);

		if (st == OK && in->count < in->room)
			st = cell_text(in->arena, &cell, &in->cells[in->count]);
		if (st != OK)
			return st;
		in->written |= cell.quoted || cell.text.len > 0;
		if (++in->count > CSV_COLUMNS_MAX) {
			csv_fail_row(in, STR(""), MSG("This row has too many cells."));
			return TOO_LARGE;
		}
	} while (!cell.last);
	return OK;
}

/* The next row in which something is written or, with blank, that has at least a comma. The
 * first has something written. */
static enum status
next_row(struct csv_reader *in, bool blank)
{
	do {
		enum status st = in->at == in->end ? NOT_FOUND : read_row(in);

		if (st != OK)
			return st;
	} while (!in->written && (!blank || in->count == 1 || in->columns == 0));
	if (in->columns == 0)
		in->columns = in->count;
	if (in->count != in->columns)
		return decide_fail_with(in->error, in->row_line, STR(""),
		                        in->count < in->columns ?
		                        MSG("This row has fewer cells than the header: {n}.") :
		                        MSG("This row has more cells than the header: {n}."),
		                        message_number("n", (int64_t)in->count));
	return OK;
}

enum status
csv_open(struct csv_reader *in, struct arena *arena, struct str text, struct decide_error *error)
{
	enum status st = decide_text_open(&text, CSV_BYTES_MAX, error);

	if (st != OK)
		return st;
	*in = (struct csv_reader){ .arena = arena, .error = error, .at = text.ptr,
	                           .end = text.ptr + text.len, .line = 1,
	                           .cells = ARENA_ARRAY(arena, CSV_COLUMNS_MAX, struct str),
	                           .room = CSV_COLUMNS_MAX };
	return in->cells == NULL ? NO_MEMORY : OK;
}

enum status
csv_next(struct csv_reader *in)
{
	enum status st = next_row(in, true);

	for (size_t i = 0; st == OK && i < in->count; i++)
		in->cells[i] = str_trim(in->cells[i]);
	return st;
}

enum status
csv_fail_row(const struct csv_reader *in, struct str field, const char *text)
{
	return decide_fail(in->error, in->row_line, field, text);
}

static enum status
read_header(struct csv_reader *in, struct csv *csv)
{
	enum status st = csv_next(in);

	if (st == NOT_FOUND)
		return decide_fail(in->error, in->line, STR(""), MSG("The file is empty."));
	if (st != OK)
		return st;
	csv->header_line = in->row_line;
	csv->column_count = in->count;
	csv->columns = ARENA_ARRAY(in->arena, in->count, struct str);
	if (csv->columns == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < in->count; i++) {
		struct str name = csv->columns[i] = in->cells[i];

		for (size_t k = 0; name.len > 0 && k < i; k++)
			if (str_same(csv->columns[k], name))
				return csv_fail_row(in, name,
				                    MSG("There are two columns of this name."));
	}
	if (csv->column_count == 1 &&
	    memchr(csv->columns[0].ptr, ';', csv->columns[0].len) != NULL)
		return csv_fail_row(in, STR(""),
		                    MSG("Cells must be parted by commas, not by semicolons."));
	return OK;
}

/* How many rows there are, each looked at. */
static enum status
count_rows(struct csv_reader in, struct csv *csv)
{
	enum status st;

	in.room = 0;
	while ((st = next_row(&in, false)) == OK)
		if (++csv->row_count > CSV_ROWS_MAX) {
			csv_fail_row(&in, STR(""), MSG("There are too many rows."));
			return TOO_LARGE;
		}
	return st == NOT_FOUND ? OK : st;
}

enum status
csv_parse(struct arena *arena, struct str text, struct csv *ret, struct decide_error *error)
{
	struct csv_reader in;
	enum status st = csv_open(&in, arena, text, error);

	*ret = (struct csv){ 0 };
	if (st == OK)
		st = read_header(&in, ret);
	if (st == OK)
		st = count_rows(in, ret);
	if (st != OK)
		return st;
	ret->cells = ARENA_ARRAY(arena, ret->row_count * ret->column_count, struct str);
	ret->lines = ARENA_ARRAY(arena, ret->row_count, size_t);
	if (ret->cells == NULL || ret->lines == NULL)
		return NO_MEMORY;
	in.room = ret->column_count;
	for (size_t row = 0; st == OK && row < ret->row_count; row++) {
		in.cells = &ret->cells[row * ret->column_count];
		st = next_row(&in, false);
		ret->lines[row] = in.row_line;
	}
	return st;
}

size_t
csv_column(const struct csv *csv, const char *name)
{
	size_t i = 0;

	while (i < csv->column_count && !str_same(csv->columns[i], str_of(name)))
		i++;
	return i;
}

enum status
csv_need(const struct csv *csv, const char *name, size_t *ret, struct decide_error *error)
{
	*ret = csv_column(csv, name);
	if (*ret == csv->column_count)
		return decide_fail(error, csv->header_line, str_of(name),
		                   MSG("This column is missing."));
	return OK;
}

struct str
csv_cell(const struct csv *csv, size_t row, size_t column)
{
	return csv->cells[row * csv->column_count + column];
}

enum status
csv_fail(const struct csv *csv, size_t row, size_t column, const char *text,
         struct decide_error *error)
{
	return decide_fail(error, csv->lines[row], csv->columns[column], text);
}

enum status
csv_text(const struct csv *csv, size_t row, size_t column, size_t max, struct str *ret,
         struct decide_error *error)
{
	*ret = str_trim(csv_cell(csv, row, column));
	if (ret->len == 0)
		return csv_fail(csv, row, column, MSG("This cell is empty."), error);
	if (ret->len > max)
		return csv_fail(csv, row, column, MSG("This text is too long."), error);
	return OK;
}

enum status
csv_int(const struct csv *csv, size_t row, size_t column, int64_t min, int64_t max, int64_t *ret,
        struct decide_error *error)
{
	if (str_to_int(str_trim(csv_cell(csv, row, column)), ret) != OK)
		return csv_fail(csv, row, column, MSG("This must be a whole number."), error);
	if (*ret < min)
		return decide_fail_with(error, csv->lines[row], csv->columns[column],
		                        MSG("This must be at least {n}."),
		                        message_number("n", min));
	if (*ret > max)
		return decide_fail_with(error, csv->lines[row], csv->columns[column],
		                        MSG("This must be at most {n}."),
		                        message_number("n", max));
	return OK;
}

enum status
csv_amount_parse(struct str text, int decimals, int64_t max, int64_t *ret)
{
	__int128 value = 0;
	int behind = -1; /* digits behind the point; -1: none seen yet */
	bool digits = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '.' && behind < 0) {
			behind = 0;
			continue;
		}
		if (c < '0' || c > '9')
			return INVALID;
		digits = true;
		if (behind >= decimals) {
			if (c != '0')
				return INVALID;
			continue;
		}
		behind += behind >= 0;
		value = value * 10 + (c - '0');
		if (value > max)
			return INVALID;
	}
	for (behind = behind < 0 ? 0 : behind; behind < decimals; behind++)
		value = value > max ? value : value * 10;
	if (!digits || value > max)
		return INVALID;
	*ret = (int64_t)value;
	return OK;
}

enum status
csv_amount(const struct csv *csv, size_t row, size_t column, int decimals, int64_t max,
           int64_t *ret, struct decide_error *error)
{
	struct str text = str_trim(csv_cell(csv, row, column));

	if (csv_amount_parse(text, decimals, max, ret) == OK)
		return OK;
	if (text.len > 0 && text.ptr[0] == '-')
		return csv_fail(csv, row, column, MSG("An amount can't be below 0."), error);
	return csv_fail(csv, row, column,
	                MSG("This must be an amount like 12.50, not too large and not finer than "
	                    "the currency's smallest coin."), error);
}

/* Whether it must stand in quotes. White space at an end: other readers trim it. A byte order
 * mark at the file's begin would be taken for one. */
static bool
needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr(",\"\r\n", s.ptr[i]) != NULL)
			return true;
	return str_starts(s, STR("\xef\xbb\xbf")) || str_trim(s).len != s.len;
}

void
csv_write_row(struct buf *out, const struct str *cells, size_t count)
{
	bool written = false;

	for (size_t i = 0; i < count; i++)
		written |= cells[i].len > 0;
	for (size_t i = 0; i < count; i++) {
		bool quotes = needs_quotes(cells[i]) || (!written && i == 0);

		if (i > 0)
			buf_add_char(out, ',');
		if (quotes)
			buf_add_quoted(out, cells[i]);
		else
			buf_add(out, cells[i]);
	}
	buf_add_c(out, "\r\n");
}
