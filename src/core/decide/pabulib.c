/* Rows and cells, and the three sections as tables. What they mean: pabulib_types.c. */
#include "core/decide/pabulib.h"

#include <string.h>

#include "core/decide/pabulib_inside.h"
#include "core/decide/text.h"

static const char SEPARATOR = ';';

/* Takes the next cell, still quoted, off *rest. rest->ptr is NULL after the last. */
struct str
pabulib_raw_cell(struct str *rest)
{
	struct str cell = *rest;
	size_t i = 0;
	const char *separator;

	if (rest->len > 0 && rest->ptr[0] == '"')
		for (i = 1; i < rest->len; i++) {
			if (rest->ptr[i] != '"')
				continue;
			if (i + 1 < rest->len && rest->ptr[i + 1] == '"')
				i++;
			else
				break;
		}
	separator = rest->len > i ? memchr(rest->ptr + i, SEPARATOR, rest->len - i) : NULL;
	if (separator == NULL) {
		*rest = (struct str){ NULL, 0 };
		return cell;
	}
	cell.len = (size_t)(separator - rest->ptr);
	*rest = str_cut(*rest, cell.len + 1, rest->len);
	return cell;
}

/* What a cell says. Text behind a closing quote is added to it, as other readers do. */
enum status
pabulib_unquote(struct arena *arena, struct str raw, struct str *ret)
{
	struct str inner = str_cut(raw, 1, raw.len - 1);
	size_t len = 0;
	bool quoted = true;
	char *out;

	*ret = raw;
	if (raw.len == 0 || raw.ptr[0] != '"')
		return OK;
	if (raw.len > 1 && raw.ptr[raw.len - 1] == '"' &&
	    memchr(inner.ptr, '"', inner.len) == NULL) {
		*ret = inner;
		return OK;
	}
	out = arena_bytes(arena, raw.len);
	if (out == NULL)
		return NO_MEMORY;
	for (size_t i = 1; i < raw.len; i++) {
		if (quoted && raw.ptr[i] == '"') {
			if (i + 1 < raw.len && raw.ptr[i + 1] == '"')
				out[len++] = raw.ptr[++i];
			else
				quoted = false;
		} else {
			out[len++] = raw.ptr[i];
		}
	}
	*ret = (struct str){ out, len };
	return OK;
}

/* Where a row stands between cells and quotes; fed piece by piece, a line at a time. */
struct quoting {
	bool at_start, quoted;
};

static void
follow_quotes(struct quoting *q, const char *from, const char *to)
{
	for (const char *p = from; p < to; p++) {
		if (q->quoted) {
			if (*p == '"' && p + 1 < to && p[1] == '"')
				p++;
			else if (*p == '"')
				q->quoted = false;
			q->at_start = false;
		} else if (*p == '"' && q->at_start) {
			q->quoted = true;
		} else {
			q->at_start = *p == SEPARATOR;
		}
	}
}

/* The end of the line at `from`, which is where its LF or the text's end is. */
static const char *
line_end(const struct pabulib_reader *in, const char *from)
{
	const char *newline = memchr(from, '\n', (size_t)(in->end - from));

	return newline == NULL ? in->end : newline;
}

/* The end of a row, which has more than one line where a quoted cell has. NULL when a quote
 * is never closed. */
static const char *
row_end(struct pabulib_reader *in, const char *row)
{
	const char *stop = line_end(in, row);
	struct quoting q = { .at_start = true };

	in->next_line++;
	if (in->quote == NULL || in->quote < row) {
		in->quote = memchr(row, '"', (size_t)(in->end - row));
		if (in->quote == NULL)
			in->quote = in->end;
	}
	if (in->quote >= stop)
		return stop;
	follow_quotes(&q, row, stop);
	while (q.quoted) {
		const char *from = stop;

		if (stop == in->end)
			return NULL;
		stop = line_end(in, stop + 1);
		in->next_line++;
		follow_quotes(&q, from, stop);
	}
	return stop;
}

/* The next row that is not blank, without its line end. false at the end of the text, or
 * with in->open_quote set when a quote is never closed. */
bool
pabulib_next_row(struct pabulib_reader *in, struct str *ret)
{
	while (in->at < in->end) {
		const char *row = in->at, *stop;

		in->line = in->next_line;
		stop = row_end(in, row);
		if (stop == NULL) {
			in->open_quote = true;
			in->at = in->end;
			return false;
		}
		in->at = stop == in->end ? stop : stop + 1;
		if (stop > row && stop[-1] == '\r') {
			stop--;
			in->crlf |= in->line == 1;
		}
		*ret = (struct str){ row, (size_t)(stop - row) };
		if (pabulib_trim(*ret).len > 0)
			return true;
	}
	return false;
}

/* Which section a row opens, or PABULIB_SECTIONS. Spreadsheets leave empty cells behind it. */
static enum pabulib_section
section_of(struct str row)
{
	static const char *const names[] = { "META", "PROJECTS", "VOTES" };

	/* Nearly every row begins with a number. */
	if (row.len > 0 && row.ptr[0] >= '0' && row.ptr[0] <= '9')
		return PABULIB_SECTIONS;
	while (row.len > 0 && row.ptr[row.len - 1] == SEPARATOR)
		row.len--;
	row = str_trim(row);
	for (size_t i = 0; i < PABULIB_SECTIONS; i++)
		if (str_same(row, str_of(names[i])))
			return (enum pabulib_section)i;
	return PABULIB_SECTIONS;
}

enum status
pabulib_open(struct pabulib_reader *in, struct str text, struct decide_error *error)
{
	enum status st = decide_text_open(&text, PABULIB_BYTES_MAX, error);

	if (st != OK)
		return st;
	*in = (struct pabulib_reader){ .at = text.ptr, .end = text.ptr + text.len, .next_line = 1 };
	return OK;
}

/* The row that opens the next section, which must be `want`. */
enum status
pabulib_section_begin(struct pabulib_reader *in, enum pabulib_section want,
                      struct decide_error *error)
{
	static const char *const missing[] = {
		MSG("The file must begin with its META section."),
		MSG("The PROJECTS section is missing: is the file cut short?"),
		MSG("The VOTES section is missing: is the file cut short?"),
	};
	struct str row;

	if (in->pending.ptr != NULL) {
		row = in->pending;
		in->pending = (struct str){ NULL, 0 };
	} else if (!pabulib_next_row(in, &row)) {
		return pabulib_fail_at_end(in, error, missing[want]);
	}
	if (section_of(row) != want)
		return decide_fail(error, in->line, STR(""), missing[want]);
	return OK;
}

/* The next row of the present section; false at its end. */
bool
pabulib_section_row(struct pabulib_reader *in, struct str *ret)
{
	if (!pabulib_next_row(in, ret))
		return false;
	if (section_of(*ret) != PABULIB_SECTIONS) {
		in->pending = *ret;
		return false;
	}
	return true;
}

enum status
pabulib_fail_at_end(const struct pabulib_reader *in, struct decide_error *error,
                    const char *otherwise)
{
	return decide_fail(error, in->line, STR(""),
	                   in->open_quote ? MSG("A quote is opened here and never closed.")
	                                  : otherwise);
}

size_t
pabulib_column(const struct pabulib_table *table, const char *name)
{
	size_t i = 0;

	while (i < table->column_count && !str_is(table->columns[i], name))
		i++;
	return i;
}

enum status
pabulib_cells(const struct pabulib *file, const struct pabulib_table *table, size_t row,
              struct arena *arena, struct str *cells)
{
	struct pabulib_row where = table->rows[row];
	struct str rest = { file->text.ptr + where.at, where.len };

	for (size_t i = 0; i < table->column_count; i++) {
		enum status st = pabulib_unquote(arena, pabulib_raw_cell(&rest), &cells[i]);

		if (st != OK)
			return st;
	}
	return OK;
}

struct str
pabulib_meta(const struct pabulib *file, const char *key)
{
	for (size_t i = 0; i < file->meta_count; i++)
		if (str_is(file->meta[i].key, key))
			return file->meta[i].value;
	return (struct str){ NULL, 0 };
}
