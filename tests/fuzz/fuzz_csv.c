/* Any bytes at all: the CSV reader refuses them with a reason, or what it read can be written and
 * reads back the same. */
#include "base/buf.h"
#include "core/decide/csv.h"
#include "fuzz/fuzz.h"

static void
check_same(const struct csv *one, struct str text, struct arena *arena)
{
	struct decide_error error = { 0 };
	struct csv two;

	CHECK_ALWAYS(csv_parse(arena, text, &two, &error) == OK);
	CHECK_ALWAYS(two.row_count == one->row_count && two.column_count == one->column_count);
	for (size_t i = 0; i < one->column_count; i++)
		CHECK_ALWAYS(str_eq(one->columns[i], two.columns[i]));
	for (size_t i = 0; i < one->row_count * one->column_count; i++)
		CHECK_ALWAYS(str_eq(one->cells[i], two.cells[i]));
}

/* The typed cells keep what they promise. */
static void
check_cells(const struct csv *csv)
{
	for (size_t row = 0; row < csv->row_count; row++)
		for (size_t column = 0; column < csv->column_count; column++) {
			struct decide_error error = { 0 };
			struct str text;
			int64_t n;

			CHECK_ALWAYS(csv->lines[row] > csv->header_line);
			if (csv_text(csv, row, column, 8, &text, &error) == OK)
				CHECK_ALWAYS(text.len > 0 && text.len <= 8);
			else
				CHECK_ALWAYS(error.line == csv->lines[row]);
			if (csv_int(csv, row, column, -5, 1000, &n, &error) == OK)
				CHECK_ALWAYS(n >= -5 && n <= 1000);
			if (csv_amount(csv, row, column, 2, 100000, &n, &error) == OK)
				CHECK_ALWAYS(n >= 0 && n <= 100000);
		}
}

FUZZ(text)
{
	struct decide_error error = { 0 };
	struct csv csv;
	struct arena arena;
	struct buf out;
	enum status st;

	arena_init(&arena, 64 << 20);
	buf_init(&out, 16 << 20);
	st = csv_parse(&arena, text, &csv, &error);
	if (st == OK) {
		csv_write_row(&out, csv.columns, csv.column_count);
		for (size_t row = 0; row < csv.row_count; row++)
			csv_write_row(&out, &csv.cells[row * csv.column_count], csv.column_count);
		CHECK_ALWAYS(buf_status(&out) == OK);
		check_cells(&csv);
		check_same(&csv, buf_str(&out), &arena);
	} else {
		CHECK_ALWAYS(error.message.text != NULL);
	}
	buf_release(&out);
	arena_release(&arena);
}
