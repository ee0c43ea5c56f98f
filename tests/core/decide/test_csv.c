/* CSV files: what is read, what is refused and where, and that what is written reads back. */
#include "core/decide/csv.h"
#include "test.h"

static struct arena arena;
static struct csv csv;
static struct decide_error error;

static enum status
parse(const char *text)
{
	arena_release(&arena);
	arena_init(&arena, 64 << 20);
	error = (struct decide_error){ 0 };
	return csv_parse(&arena, str_of(text), &csv, &error);
}

static void
check_cells(const char *text, size_t rows, size_t columns, const char *const *cells)
{
	CHECK(parse(text) == OK);
	CHECK_INT(csv.row_count, rows);
	CHECK_INT(csv.column_count, columns);
	for (size_t i = 0; i < rows * columns && csv.row_count == rows; i++)
		CHECK_STR(csv.cells[i], cells[i]);
}

static void
reads(void)
{
	check_cells("id,weight\na,1\nb,2\n", 2, 2, (const char *[]){ "a", "1", "b", "2" });
	check_cells("id,weight\r\na,1\r\nb,2", 2, 2, (const char *[]){ "a", "1", "b", "2" });
	check_cells("\xef\xbb\xbfid\n\n\r\n,,\nx", 1, 1, (const char *[]){ "x" });
	CHECK_STR(csv.columns[0], "id");
	check_cells("a,b\n\"x, \"\"y\"\"\r\nz\",\n,\n\"\",\n", 2, 2,
	            (const char *[]){ "x, \"y\"\r\nz", "", "", "" });
	CHECK_INT(csv.lines[0], 2);
	CHECK_INT(csv.lines[1], 5);
	check_cells("a\n\"\"\"\"\n\"\"\"\"\"\"\n", 2, 1, (const char *[]){ "\"", "\"\"" });
	check_cells("a, b \n 1 ,2\n", 1, 2, (const char *[]){ " 1 ", "2" });
	CHECK_STR(csv.columns[1], "b");
	check_cells("a,b\n", 0, 2, NULL);
	check_cells("a,,\n1,,\n", 1, 3, (const char *[]){ "1", "", "" });
	CHECK(parse("Id,WEIGHT\n") == OK && csv_column(&csv, "weight") == 1);
	CHECK_INT(csv_column(&csv, "group"), 2);
}

static void
check_refused(const char *text, size_t line, const char *words)
{
	CHECK(parse(text) == INVALID);
	CHECK_INT(error.line, line);
	CHECK(error.message.text != NULL && strstr(error.message.text, words) != NULL);
}

static void
refuses(void)
{
	check_refused("", 1, "empty");
	check_refused("\n,\n", 3, "empty");
	check_refused("a,b\n1\n", 2, "fewer cells");
	check_refused("a,b\n1,2\n\n1,2,3\n", 4, "more cells");
	check_refused("a,b\n\"1\n\n,2\n", 2, "never closed");
	check_refused("a,b\n1,x\"2\n", 2, "inside a cell");
	check_refused("a,b\n\"1\" ,2\n", 2, "behind a closing quote");
	check_refused("a,b\n\"x\ny\"z,2\n", 3, "behind a closing quote");
	check_refused("a,b\r1,2\r", 1, "carriage return");
	check_refused("a,b\n\"1\"\r,2\n", 2, "carriage return");
	check_refused("a;b\n1;2\n", 1, "semicolons");
	check_refused("a,b,A\n", 1, "two columns");
	CHECK_STR(error.field, "A");
	check_refused("a,b\n1,2\n1,\xff\n", 3, "UTF-8");
	CHECK(csv_parse(&arena, STR("a\nx\0y\n"), &csv, &error) == INVALID && error.line == 2);
}

static void
check_row(struct csv_reader *in, size_t line, size_t count, const char *const *cells)
{
	CHECK(csv_next(in) == OK);
	CHECK_INT(in->row_line, line);
	CHECK_INT(in->count, count);
	for (size_t i = 0; i < count && in->count == count; i++)
		CHECK_STR(in->cells[i], cells[i]);
}

/* Row by row: cells are trimmed, a row of commas comes too, an empty line does not. */
static void
row_by_row(void)
{
	struct csv_reader in;

	CHECK(csv_open(&in, &arena, STR("\xef\xbb\xbf,\n a ,b\r\n\n\" 1\n\", "), &error) == OK);
	check_row(&in, 2, 2, (const char *[]){ "a", "b" });
	check_row(&in, 4, 2, (const char *[]){ "1", "" });
	CHECK(in.written);
	CHECK(csv_next(&in) == NOT_FOUND);
	CHECK(csv_open(&in, &arena, STR("a,b\n,\n1\n"), &error) == OK);
	check_row(&in, 1, 2, (const char *[]){ "a", "b" });
	check_row(&in, 2, 2, (const char *[]){ "", "" });
	CHECK(!in.written);
	CHECK(csv_next(&in) == INVALID);
	CHECK_INT(error.line, 3);
	CHECK(strstr(error.message.text, "fewer cells") != NULL);
	CHECK(csv_open(&in, &arena, STR(""), &error) == OK);
	CHECK(csv_next(&in) == NOT_FOUND);
}

static void
limits(void)
{
	struct buf text;

	buf_init(&text, 1 << 20);
	for (int i = 0; i <= CSV_COLUMNS_MAX; i++)
		buf_add_c(&text, i == 0 ? "x" : ",x");
	CHECK(csv_parse(&arena, buf_str(&text), &csv, &error) == TOO_LARGE && error.line == 1);
	buf_clear(&text);
	buf_add_c(&text, "a\n");
	for (int i = 0; i <= CSV_CELL_MAX; i++)
		buf_add_char(&text, 'x');
	CHECK(csv_parse(&arena, buf_str(&text), &csv, &error) == TOO_LARGE && error.line == 2);
	buf_release(&text);
	CHECK(csv_parse(&arena, (struct str){ "", CSV_BYTES_MAX + 1 }, &csv, &error) == TOO_LARGE);
	arena_release(&arena);
	arena_init(&arena, 64);
	CHECK(csv_parse(&arena, STR("a,b,c\n1,2,3\n4,5,6\n"), &csv, &error) == NO_MEMORY);
}

static void
cells_with_a_meaning(void)
{
	struct str text;
	int64_t n = 0;
	size_t column;

	CHECK(parse("id,n\n x ,7\n,-1\nlonger,1.5\n\"9\",99999999999999999999\n") == OK);
	CHECK(csv_need(&csv, "n", &column, &error) == OK && column == 1);
	CHECK(csv_need(&csv, "weight", &column, &error) == INVALID);
	CHECK_INT(error.line, 1);
	CHECK_STR(error.field, "weight");
	CHECK(csv_text(&csv, 0, 0, 5, &text, &error) == OK);
	CHECK_STR(text, "x");
	CHECK(csv_text(&csv, 1, 0, 5, &text, &error) == INVALID);
	CHECK_INT(error.line, 3);
	CHECK_STR(error.field, "id");
	CHECK(csv_text(&csv, 2, 0, 5, &text, &error) == INVALID);
	CHECK(csv_int(&csv, 0, 1, 0, 7, &n, &error) == OK && n == 7);
	CHECK(csv_int(&csv, 0, 1, 0, 6, &n, &error) == INVALID);
	CHECK(csv_int(&csv, 1, 1, 0, 6, &n, &error) == INVALID);
	CHECK(csv_int(&csv, 2, 1, 0, 6, &n, &error) == INVALID);
	CHECK(csv_int(&csv, 3, 1, 0, 6, &n, &error) == INVALID);
	CHECK(csv_amount(&csv, 2, 1, 2, 1000, &n, &error) == OK && n == 150);
	CHECK(csv_amount(&csv, 1, 1, 2, 1000, &n, &error) == INVALID);
	CHECK(strstr(error.message.text, "below 0") != NULL);
}

static void
amounts(void)
{
	static const struct {
		const char *text;
		int decimals;
		int64_t want; /* -1: refused */
	} cases[] = {
		{ "0", 2, 0 }, { "12", 2, 1200 }, { "12.5", 2, 1250 }, { "12.50", 2, 1250 },
		{ "12.500", 2, 1250 }, { "12.505", 2, -1 }, { ".5", 1, 5 }, { "5.", 1, 50 },
		{ ".", 1, -1 }, { "", 1, -1 }, { "1,5", 1, -1 }, { "1.5.0", 2, -1 }, { "+1", 0, -1 },
		{ "1000", 0, 1000 }, { "1001", 0, -1 }, { "10.00", 2, 1000 }, { "10.01", 2, -1 },
		{ "101", 1, -1 }, { "99999999999999999999999999999999999999999999", 0, -1 },
		{ "0.0000000000000000000000000", 0, 0 }, { "7.0", 0, 7 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t got = -1;

		if (csv_amount_parse(str_of(cases[i].text), cases[i].decimals,
		                     cases[i].want > 1000 ? 1250 : 1000, &got) != OK)
			got = -1;
		if (got != cases[i].want)
			printf("# %s\n", cases[i].text);
		CHECK_INT(got, cases[i].want);
	}
}

static void
writes(void)
{
	struct str cells[] = { STR("a"), STR(""), STR("b,\"c\"\r\nd"), STR(" e") };
	struct str nothing[] = { STR(""), STR("") };
	struct buf out;

	buf_init(&out, 1000);
	csv_write_row(&out, cells, 4);
	csv_write_row(&out, nothing, 2);
	CHECK_STR(buf_str(&out), "a,,\"b,\"\"c\"\"\r\nd\",\" e\"\r\n\"\",\r\n");
	buf_release(&out);
}

static const struct test_case cases[] = {
	{ "csv: rows, quotes, line ends", reads },
	{ "csv: what is refused, and where", refuses },
	{ "csv: row by row", row_by_row },
	{ "csv: limits", limits },
	{ "csv: cells with a meaning", cells_with_a_meaning },
	{ "csv: amounts", amounts },
	{ "csv: writing", writes },
};

int
main(void)
{
	int bad;

	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
