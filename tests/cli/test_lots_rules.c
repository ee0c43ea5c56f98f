/* The worked examples of docs/rules: what stands behind a line <!-- run: VERB FILE … --> must be what
 * the program prints for the csv block before it, and the tables of consent.md and lots.md what the
 * engines give. */
#include <unistd.h>

#include "core/decide/consent.h"
#include "core/decide/csv.h"
#include "core/decide/lots.h"
#include "doc.h"

static char *program;
static struct arena arena;
static struct decide_error error;

/* The last csv block before `at`. */
static struct str
csv_before(struct str doc, const char *at)
{
	struct str rest = { doc.ptr, (size_t)(at - doc.ptr) }, block = { NULL, 0 };

	while (doc_behind(&rest, "```csv\n"))
		block = doc_until(&rest, "```");
	return block;
}

static struct str
run(struct str arguments, struct str file)
{
	char path[] = "/tmp/folkmoot-rules-XXXXXX", command[1000];
	char *text = arena_bytes(&arena, 1 << 16);
	size_t cut = str_find(arguments, STR("FILE")), len;
	FILE *out;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, file.ptr, file.len) != (ssize_t)file.len || close(fd) != 0)
		abort();
	snprintf(command, sizeof command, "%s %.*s%s%.*s", program, (int)cut, arguments.ptr, path,
	         STR_ARG(str_cut(arguments, cut + 4, arguments.len)));
	out = popen(command, "r");
	if (out == NULL)
		abort();
	len = fread(text, 1, 1 << 16, out);
	CHECK_INT(pclose(out), 0);
	unlink(path);
	return (struct str){ text, len };
}

static void
check_runs(const char *name, int count)
{
	struct str doc = doc_read(&arena, name), rest = doc;
	int seen = 0;

	for (; doc_behind(&rest, "<!-- run: "); seen++) {
		struct str arguments = doc_until(&rest, " -->"), got;

		got = run(arguments, csv_before(doc, rest.ptr));
		CHECK(doc_behind(&rest, "```text\n"));
		doc_check(rest, got);
		CHECK_INT(str_find(rest, STR("```")), got.len);
	}
	CHECK_INT(seen, count);
}

static void
lots(void)
{
	check_runs("lots.md", 1);
}

static void
matching_money(void)
{
	check_runs("matching-money.md", 3);
}

static void
allotment(void)
{
	check_runs("allotment.md", 3);
}

/* The streets of the csv block and their sum. */
static void
read_streets(struct str block, struct consent_votes *streets, size_t *count,
             struct consent_votes *all)
{
	static const char *const names[] = { "roll", "yes", "no", "abstain", "objections" };
	struct csv csv;

	if (csv_parse(&arena, block, &csv, &error) != OK)
		abort();
	*count = csv.row_count;
	*all = (struct consent_votes){ 0 };
	for (size_t row = 0; row < csv.row_count; row++) {
		struct consent_votes *s = &streets[row];
		int64_t *to[] = { &s->roll, &s->yes, &s->no, &s->abstain, &s->objections };
		int64_t *sum[] = { &all->roll, &all->yes, &all->no, &all->abstain, &all->objections };

		for (size_t i = 0; i < 5; i++) {
			CHECK(csv_int(&csv, row, csv_column(&csv, names[i]), 0, 1000, to[i], &error) == OK);
			*sum[i] += *to[i];
		}
	}
}

static void
consent(void)
{
	struct consent_votes streets[10], all;
	struct consent_method m = { true, true, true, true, .abstain_is_absent = false };
	struct str doc = doc_read(&arena, "consent.md"), rest = doc, words;
	struct consent_outcome o;
	struct buf rows;
	size_t count;
	int seen = 0;

	for (; doc_behind(&rest, "<!-- consent: "); seen++) {
		read_streets(csv_before(doc, rest.ptr), streets, &count, &all);
		words = doc_until(&rest, " -->");
		CHECK(consent_bound_parse(str_next(&words, ' '), &m.quorum) == OK);
		CHECK(consent_majority_parse(str_next(&words, ' '), &m.majority) == OK);
		CHECK(consent_bound_parse(str_next(&words, ' '), &m.objections) == OK);
		CHECK(consent_decide(&all, streets, count, &m, &arena, &o, &error) == OK);
		buf_init(&rows, 10000);
		for (size_t i = 0; i < o.test_count; i++)
			buf_add_format(&rows, "| %s | %lld | %lld | %s | %lld |\n",
			               consent_test_name(o.tests[i].kind), (long long)o.tests[i].needed,
			               (long long)o.tests[i].had, o.tests[i].passed ? "yes" : "no",
			               (long long)o.tests[i].missing);
		buf_add_format(&rows, "| all |  |  | %s | %lld |\n", o.passed ? "yes" : "no",
		               (long long)o.missing);
		doc_check_table(rest, &rows);
		buf_release(&rows);
	}
	CHECK_INT(seen, 1);
}

static void
rotation(void)
{
	struct str rest = doc_read(&arena, "lots.md"), words;
	int64_t values[4];
	struct rotation_round rounds[4];
	struct rotation r = { .member_count = 4, .rounds = rounds, .round_count = 4,
	                      .seed = { 0x20, 0x26 } };
	struct rotation_outcome out;
	struct buf rows;

	CHECK(doc_behind(&rest, "<!-- rotation: "));
	words = doc_until(&rest, " -->");
	for (size_t i = 0; i < 4; i++) {
		CHECK(str_to_int(str_next(&words, ' '), &values[i]) == OK);
		rounds[i] = (struct rotation_round){ values, 4 };
	}
	CHECK(rotation_make(&r, &arena, &out, &error) == OK);
	buf_init(&rows, 10000);
	for (size_t k = 0; k < 4; k++) {
		buf_add_format(&rows, "| %zu |", k + 1);
		for (size_t m = 0; m < 4; m++)
			buf_add_format(&rows, " %lld |", (long long)values[out.slot[k * 4 + m]]);
		buf_add_format(&rows, " %lld |\n", (long long)out.difference[k]);
	}
	doc_check_table(rest, &rows);
	buf_release(&rows);
}

static const struct test_case cases[] = {
	{ "docs/rules/lots.md", lots },
	{ "docs/rules/lots.md, turns", rotation },
	{ "docs/rules/matching-money.md", matching_money },
	{ "docs/rules/allotment.md", allotment },
	{ "docs/rules/consent.md", consent },
};

int
main(int argc, char **argv)
{
	int bad;

	if (argc < 2)
		return 2;
	program = argv[1];
	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
