/* The worked example of docs/rules/sortition.md: its two csv blocks, and the table behind the line
 * <!-- sortition: SEATS -->. */
#include "core/decide/panel/sortition.h"
#include "doc.h"

static struct arena arena;

/* Three digits, rounded. */
static void
add_chance(struct buf *out, const struct sortition *s, size_t person)
{
	int64_t milli = (s->chance[person] * 2000 + s->parts) / (2 * s->parts);

	buf_add_format(out, " %lld.%03lld |", (long long)(milli / 1000), (long long)(milli % 1000));
}

static void
worked_example(void)
{
	struct sortition_request r = { .draws = SORTITION_DRAWS };
	struct pool_columns columns = { 0 };
	struct decide_error error;
	struct sortition legacy, leximin;
	struct str rest = doc_read(&arena, "sortition.md"), people = doc_block(&rest, "csv");
	struct str quotas = doc_block(&rest, "csv");
	struct pool pool;
	struct buf rows;

	CHECK(pool_categories(&pool, &arena, quotas, &error) == OK);
	CHECK(pool_people(&pool, &arena, people, &columns, &error) == OK);
	CHECK(doc_behind(&rest, "<!-- sortition: "));
	CHECK(str_to_int(doc_until(&rest, " -->"), &r.size) == OK);
	r.algorithm = SORTITION_LEGACY;
	CHECK(sortition_run(&pool, &r, &arena, &legacy, &error) == OK);
	r.algorithm = SORTITION_LEXIMIN;
	CHECK(sortition_run(&pool, &r, &arena, &leximin, &error) == OK);
	buf_init(&rows, 10000);
	for (size_t i = 0; i < pool.people; i++) {
		buf_add_format(&rows, "| %.*s |", STR_ARG(pool.ids[i]));
		add_chance(&rows, &legacy, i);
		add_chance(&rows, &leximin, i);
		buf_add_char(&rows, '\n');
	}
	doc_check_table(rest, &rows);
	buf_release(&rows);
}

int
main(void)
{
	static const struct test_case cases[] = { { "sortition.md", worked_example } };
	int bad;

	arena_init(&arena, 256 << 20);
	bad = test_run_all(cases, 1);
	arena_release(&arena);
	return bad;
}
