#include "core/decide/panel/csv.h"

#include <string.h>

#include "base/text.h"

enum status
csv_begin(struct csv *csv, struct arena *arena, struct str text, struct decide_error *error)
{
	static const struct str mark = STR_INIT("\xef\xbb\xbf");

	*csv = (struct csv){ .arena = arena, .error = error, .text = text, .line = 1 };
	if (text.len > 0 && (!text_is_utf8(text) || memchr(text.ptr, '\0', text.len) != NULL))
		return decide_fail(error, 0, STR(""), MSG("This is not text in UTF-8."));
	if (str_starts(text, mark))
		csv->at = mark.len;
	return OK;
}

static bool
at_end_of_cell(const struct csv *csv)
{
	char c = csv->at < csv->text.len ? csv->text.ptr[csv->at] : '\n';

	return c == ',' || c == '\n' ||
	       (c == '\r' && csv->at + 1 < csv->text.len && csv->text.ptr[csv->at + 1] == '\n');
}

static void
skip_blanks(struct csv *csv)
{
	while (csv->at < csv->text.len &&
	       (csv->text.ptr[csv->at] == ' ' || csv->text.ptr[csv->at] == '\t'))
		csv->at++;
}

/* A cell in quotes, from behind the first one. */
static enum status
read_quoted(struct csv *csv, struct str *ret)
{
	size_t from = csv->at, line = csv->line, doubled = 0, n = 0;
	char *bytes;

	for (;; csv->at++) {
		if (csv->at >= csv->text.len)
			return decide_fail(csv->error, line, STR(""),
			                   MSG("A quote begins here that does not end."));
		if (csv->text.ptr[csv->at] == '\n')
			csv->line++;
		if (csv->text.ptr[csv->at] != '"')
			continue;
		if (csv->at + 1 >= csv->text.len || csv->text.ptr[csv->at + 1] != '"')
			break;
		doubled++;
		csv->at++;
	}
	*ret = str_cut(csv->text, from, csv->at++);
	skip_blanks(csv);
	if (!at_end_of_cell(csv))
		return decide_fail(csv->error, csv->line, STR(""),
		                   MSG("After the quote that ends a cell there must be a comma."));
	if (doubled == 0)
		return OK;
	bytes = arena_bytes(csv->arena, ret->len);
	if (bytes == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < ret->len; i++) {
		bytes[n++] = ret->ptr[i];
		i += ret->ptr[i] == '"';
	}
	*ret = (struct str){ bytes, n };
	return OK;
}

static enum status
read_cell(struct csv *csv, struct str *ret)
{
	size_t from;

	skip_blanks(csv);
	if (csv->at < csv->text.len && csv->text.ptr[csv->at] == '"') {
		csv->at++;
		return read_quoted(csv, ret);
	}
	for (from = csv->at; !at_end_of_cell(csv); csv->at++)
		if (csv->text.ptr[csv->at] == '"')
			return decide_fail(csv->error, csv->line, STR(""),
			                   MSG("A quote in the middle of a cell: put the whole cell in quotes."));
	*ret = str_trim(str_cut(csv->text, from, csv->at));
	return OK;
}

enum status
csv_next(struct csv *csv)
{
	enum status st;

	do {
		if (csv->at >= csv->text.len)
			return NOT_FOUND;
		csv->row_line = csv->line;
		csv->count = 0;
		for (bool more = true; more;) {
			if (csv->count == CSV_COLUMNS_MAX)
				return decide_fail(csv->error, csv->line, STR(""),
				                   MSG("This line has too many cells."));
			st = read_cell(csv, &csv->cells[csv->count++]);
			if (st != OK)
				return st;
			more = csv->at < csv->text.len && csv->text.ptr[csv->at] == ',';
			csv->at += more;
		}
		if (csv->at < csv->text.len && csv->text.ptr[csv->at] == '\r')
			csv->at++;
		csv->at++; /* the line's end, or one beyond the text */
		csv->line++;
	} while (csv->count == 1 && csv->cells[0].len == 0);
	return OK;
}
