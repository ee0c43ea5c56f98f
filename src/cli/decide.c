#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "cli/ask.h"
#include "cli/lots.h"
#include "core/decide/consent.h"

const char cli_decide_usage[] =
	"folkmoot decide FILE.csv [--quorum N|N/D|N%] [--majority WHICH] [--groups all|most]\n"
	"                [--objections N|N/D|N%] [--json]\n"
	"\n"
	"  FILE.csv       one row per street or other group (or one for all): columns roll, yes, no,\n"
	"                 and where there are such: abstain, objections\n"
	"  --quorum       how many must have cast a ballot, or which share of the roll\n"
	"  --majority     simple, absolute, two-thirds, or N/D (at least), \">N/D\" (more than) of\n"
	"                 yes + no; with -of-cast or -of-roll behind, of that\n"
	"  --groups most  more than half of the groups must say yes as well; all: they don't count\n"
	"  --objections   the most there may be\n"
	"\n"
	"Exit code 0 whether it passed or not. Definitions: docs/rules/consent.md.\n";

static bool
set_quorum(const char *value, void *request)
{
	struct consent_method *m = request;

	m->by_quorum = true;
	return consent_bound_parse(str_of(value), &m->quorum) == OK;
}

static bool
set_majority(const char *value, void *request)
{
	struct consent_method *m = request;

	m->by_majority = true;
	return consent_majority_parse(str_of(value), &m->majority) == OK;
}

static bool
set_groups(const char *value, void *request)
{
	((struct consent_method *)request)->by_groups = strcmp(value, "most") == 0;
	return strcmp(value, "most") == 0 || strcmp(value, "all") == 0;
}

static bool
set_objections(const char *value, void *request)
{
	struct consent_method *m = request;

	m->by_objections = true;
	return consent_bound_parse(str_of(value), &m->objections) == OK;
}

static const struct ask_option options[] = { { "--quorum", set_quorum },
	{ "--majority", set_majority }, { "--groups", set_groups },
	{ "--objections", set_objections }, { NULL, NULL } };

/* One row, and added to the sum of all. */
static enum status
read_row(const struct csv *csv, size_t row, const size_t *columns, struct consent_votes *v,
         struct consent_votes *all, struct decide_error *error)
{
	int64_t *to[] = { &v->roll, &v->yes, &v->no, &v->abstain, &v->objections };
	int64_t *sum[] = { &all->roll, &all->yes, &all->no, &all->abstain, &all->objections };

	for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
		enum status st;

		if (columns[i] == csv->column_count)
			continue;
		st = csv_int(csv, row, columns[i], 0, CONSENT_COUNT_MAX - *sum[i], to[i], error);
		if (st != OK)
			return st;
		*sum[i] += *to[i];
	}
	if (v->yes + v->no + v->abstain > v->roll || v->objections > v->roll)
		return csv_fail(csv, row, columns[0],
		                MSG("More people voted or objected than are on the roll."), error);
	return OK;
}

static enum status
read_votes(const struct csv *csv, struct arena *arena, struct consent_votes **ret,
           struct consent_votes *all, struct decide_error *error)
{
	static const char *const names[] = { "roll", "yes", "no", "abstain", "objections" };
	enum { NEEDED = 3, COLUMNS = 5 };
	size_t columns[COLUMNS];
	enum status st = OK;

	*ret = ARENA_ARRAY(arena, csv->row_count, struct consent_votes);
	if (*ret == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < COLUMNS; i++) {
		columns[i] = csv_column(csv, names[i]);
		if (st == OK && i < NEEDED)
			st = csv_need(csv, names[i], &columns[i], error);
	}
	for (size_t row = 0; st == OK && row < csv->row_count; row++)
		st = read_row(csv, row, columns, &(*ret)[row], all, error);
	return st;
}

static int
print_json(const struct consent_outcome *out, const struct consent_votes *all, struct str text)
{
	json_t *o = json_object(), *tests = json_array();

	for (size_t i = 0; i < out->test_count; i++) {
		const struct consent_test *t = &out->tests[i];
		json_t *test = json_object();

		ask_set(test, "had", json_integer(t->had));
		ask_set(test, "missing", json_integer(t->missing));
		ask_set(test, "needed", json_integer(t->needed));
		ask_set(test, "passed", json_boolean(t->passed));
		ask_set(test, "test", json_string(consent_test_name(t->kind)));
		json_array_append_new(tests, test);
	}
	ask_set(o, "abstain", json_integer(all->abstain));
	ask_set(o, "input_sha256", json_string(digest_text(digest_of(text)).text));
	ask_set(o, "missing", json_integer(out->missing));
	ask_set(o, "no", json_integer(all->no));
	ask_set(o, "objections", json_integer(all->objections));
	ask_set(o, "passed", json_boolean(out->passed));
	ask_set(o, "roll", json_integer(all->roll));
	ask_set(o, "tests", tests);
	ask_set(o, "yes", json_integer(all->yes));
	return ask_print_json("decide", o);
}

static int
print_table(const struct consent_outcome *out, const struct consent_votes *all)
{
	struct buf text;

	buf_init(&text, 1 << 16);
	buf_add_format(&text, "roll %lld: %lld yes, %lld no, %lld abstain\n\n%-12s %10s %10s\n",
	               (long long)all->roll, (long long)all->yes, (long long)all->no,
	               (long long)all->abstain, "test", "needed", "had");
	for (size_t i = 0; i < out->test_count; i++) {
		const struct consent_test *t = &out->tests[i];

		buf_add_format(&text, "%-12s %s%9lld %10lld  %s", consent_test_name(t->kind),
		               t->kind == CONSENT_OBJECTIONS ? "\xe2\x89\xa4" : " ", (long long)t->needed,
		               (long long)t->had, t->passed ? "passed" : "failed");
		if (t->missing > 0)
			buf_add_format(&text, ", yes votes short: %lld", (long long)t->missing);
		buf_add_char(&text, '\n');
	}
	buf_add_format(&text, "\n%s", out->passed ? "It passed." : "It failed.");
	if (out->missing > 0)
		buf_add_format(&text, " Yes votes short: %lld.", (long long)out->missing);
	else if (out->missing < 0)
		buf_add_c(&text, " No further yes votes could have changed that.");
	buf_add_char(&text, '\n');
	return ask_print("decide", &text);
}

static int
decide_file(const struct consent_method *m, const char *file, bool json, struct arena *arena)
{
	struct decide_error error = { 0 };
	struct consent_votes *groups, all = { 0 };
	struct consent_outcome out;
	struct csv csv;
	struct str text;
	enum status st;

	if (!ask_csv("decide", file, arena, &csv, &text))
		return ASK_BAD;
	st = read_votes(&csv, arena, &groups, &all, &error);
	if (st == OK)
		st = consent_decide(&all, groups, csv.row_count, m, arena, &out, &error);
	if (st != OK) {
		cli_say_error("decide", file, st, &error);
		return ASK_BAD;
	}
	return json ? print_json(&out, &all, text) : print_table(&out, &all);
}

int
cli_decide(int argc, char **argv)
{
	struct consent_method m = { .by_quorum = false };
	struct arena arena;
	const char *file;
	bool json;
	int code;

	if (!ask_arguments(argc, argv, options, &m, &file, &json))
		return ASK_BAD;
	if (!m.by_quorum && !m.by_majority && !m.by_groups && !m.by_objections) {
		fprintf(stderr, "folkmoot decide: --quorum, --majority, --groups or --objections is "
		        "missing\n");
		return ASK_BAD;
	}
	arena_init(&arena, ASK_MEMORY_MAX);
	code = decide_file(&m, file, json, &arena);
	arena_release(&arena);
	return code;
}
