/* The worked example of docs/rules/sortition.md: its two csv blocks, and the table behind the line
 * <!-- sortition: SEATS -->. */
#include <stdlib.h>

#include "core/decide/panel/sortition.h"
#include "test.h"

static struct arena arena;
static struct str doc;

static void
read_doc(void)
{
	FILE *in = fopen(DOCS "/rules/sortition.md", "r");
	char *text = arena_bytes(&arena, 1 << 20);

	if (in == NULL || text == NULL)
		abort();
	doc = (struct str){ text, fread(text, 1, 1 << 20, in) };
	fclose(in);
}

/* Takes what stands between two texts off *rest. */
static struct str
take(struct str *rest, struct str from, struct str to)
{
	size_t at = str_find(*rest, from) + from.len;
	struct str found;

	*rest = str_cut(*rest, at, rest->len);
	found = str_cut(*rest, 0, str_find(*rest, to));
	*rest = str_cut(*rest, found.len + to.len, rest->len);
	return found;
}

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
	struct str rest = doc, people = take(&rest, STR("```csv\n"), STR("```"));
	struct str quotas = take(&rest, STR("```csv\n"), STR("```"));
	struct pool pool;
	struct buf rows;

	CHECK(pool_categories(&pool, &arena, quotas, &error) == OK);
	CHECK(pool_people(&pool, &arena, people, &columns, &error) == OK);
	CHECK(str_to_int(take(&rest, STR("<!-- sortition: "), STR(" -->\n")), &r.size) == OK);
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
	for (int heading = 0; heading < 2; heading++)
		(void)str_next(&rest, '\n');
	if (!str_starts(rest, buf_str(&rows))) {
		CHECK(!"the table of the document");
		printf("# it should be:\n%.*s", STR_ARG(buf_str(&rows)));
	}
	buf_release(&rows);
}

int
main(void)
{
	static const struct test_case cases[] = { { "sortition.md", worked_example } };
	int bad;

	arena_init(&arena, 256 << 20);
	read_doc();
	bad = test_run_all(cases, 1);
	arena_release(&arena);
	return bad;
}
