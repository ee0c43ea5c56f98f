/* .pb files written again, and compared. */
#include "core/decide/pabulib.h"

static bool
needs_quotes(struct str cell)
{
	for (size_t i = 0; i < cell.len; i++)
		if (cell.ptr[i] == ';' || cell.ptr[i] == '"' || cell.ptr[i] == '\n' ||
		    cell.ptr[i] == '\r')
			return true;
	return false;
}

/* A row's first cell that would be taken for the opening of a section. */
static bool
is_section_name(struct str cell)
{
	return str_same(str_trim(cell), STR("META")) || str_same(str_trim(cell), STR("PROJECTS")) ||
	       str_same(str_trim(cell), STR("VOTES"));
}

static void
write_cell(struct buf *out, struct str cell, bool first)
{
	if (needs_quotes(cell) || (first && is_section_name(cell)))
		buf_add_quoted(out, cell);
	else
		buf_add(out, cell);
}

void
pabulib_write_row(struct buf *out, const struct str *cells, size_t count, bool crlf)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_char(out, ';');
		write_cell(out, cells[i], i == 0 && count > 1);
	}
	buf_add(out, crlf ? STR("\r\n") : STR("\n"));
}

static enum status
write_table(const struct pabulib *file, const struct pabulib_table *table, struct arena *scratch,
            struct buf *out)
{
	struct str cells[PABULIB_COLUMNS_MAX];

	pabulib_write_row(out, table->columns, table->column_count, file->crlf);
	for (size_t i = 0; i < table->row_count; i++) {
		enum status st = pabulib_cells(file, table, i, scratch, cells);

		if (st != OK)
			return st;
		pabulib_write_row(out, cells, table->column_count, file->crlf);
	}
	return OK;
}

enum status
pabulib_write(const struct pabulib *file, struct arena *scratch, struct buf *out)
{
	enum status st;

	pabulib_write_row(out, &STR("META"), 1, file->crlf);
	pabulib_write_row(out, (struct str[]){ STR("key"), STR("value") }, 2, file->crlf);
	for (size_t i = 0; i < file->meta_count; i++)
		pabulib_write_row(out, (struct str[]){ file->meta[i].key, file->meta[i].value }, 2,
		                  file->crlf);
	pabulib_write_row(out, &STR("PROJECTS"), 1, file->crlf);
	st = write_table(file, &file->projects, scratch, out);
	if (st != OK)
		return st;
	pabulib_write_row(out, &STR("VOTES"), 1, file->crlf);
	st = write_table(file, &file->votes, scratch, out);
	return st == OK ? buf_status(out) : st;
}

static bool
same_cells(const struct str *a, const struct str *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!str_eq(a[i], b[i]))
			return false;
	return true;
}

static enum status
same_table(const struct pabulib *a, const struct pabulib_table *x, const struct pabulib *b,
           const struct pabulib_table *y, struct arena *scratch, bool *ret)
{
	struct str left[PABULIB_COLUMNS_MAX], right[PABULIB_COLUMNS_MAX];

	*ret = x->column_count == y->column_count && x->row_count == y->row_count &&
	       same_cells(x->columns, y->columns, x->column_count);
	for (size_t i = 0; *ret && i < x->row_count; i++) {
		enum status st = pabulib_cells(a, x, i, scratch, left);

		if (st == OK)
			st = pabulib_cells(b, y, i, scratch, right);
		if (st != OK)
			return st;
		*ret = same_cells(left, right, x->column_count);
	}
	return OK;
}

enum status
pabulib_same(const struct pabulib *a, const struct pabulib *b, struct arena *scratch, bool *ret)
{
	enum status st;

	*ret = a->meta_count == b->meta_count;
	for (size_t i = 0; *ret && i < a->meta_count; i++)
		*ret = str_eq(a->meta[i].key, b->meta[i].key) &&
		       str_eq(a->meta[i].value, b->meta[i].value);
	if (!*ret)
		return OK;
	st = same_table(a, &a->projects, b, &b->projects, scratch, ret);
	if (st == OK && *ret)
		st = same_table(a, &a->votes, b, &b->votes, scratch, ret);
	return st;
}
