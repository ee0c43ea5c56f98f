#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "cli/ask.h"
#include "cli/lots.h"
#include "core/decide/matching_money.h"

const char cli_match_usage[] =
	"folkmoot match FILE.csv --fund AMOUNT [--cap AMOUNT] [--rule quadratic|pairwise]\n"
	"               [--bound AMOUNT] [--decimals N] [--json]\n"
	"\n"
	"  FILE.csv        columns project, giver, amount; one row per gift\n"
	"  --fund AMOUNT   what is to be split\n"
	"  --cap AMOUNT    the most that one project gets of it\n"
	"  --rule          quadratic unless said\n"
	"  --bound AMOUNT  pairwise: M of docs/rules/matching-money.md; 25 unless said\n"
	"  --decimals N    of the currency; 2 unless said\n";

enum { NAME_MAX_BYTES = 1000, DECIMALS_MAX = 4 };

struct request {
	struct matching m;
	const char *fund, *cap, *bound; /* read when the decimals are known */
	int decimals;
	struct str *projects;
};

static bool
set_fund(const char *value, void *request)
{
	((struct request *)request)->fund = value;
	return true;
}

static bool
set_cap(const char *value, void *request)
{
	((struct request *)request)->cap = value;
	return true;
}

static bool
set_bound(const char *value, void *request)
{
	((struct request *)request)->bound = value;
	return true;
}

static bool
set_rule(const char *value, void *request)
{
	return matching_rule_parse(str_of(value), &((struct request *)request)->m.rule) == OK;
}

static bool
set_decimals(const char *value, void *request)
{
	if (value[0] < '0' || value[0] > '0' + DECIMALS_MAX || value[1] != '\0')
		return false;
	((struct request *)request)->decimals = value[0] - '0';
	return true;
}

static const struct ask_option options[] = { { "--fund", set_fund }, { "--cap", set_cap },
	{ "--bound", set_bound }, { "--rule", set_rule }, { "--decimals", set_decimals },
	{ NULL, NULL } };

/* An amount of the command line, more than 0. */
static bool
read_amount(const struct request *r, const char *name, const char *value, int64_t *ret)
{
	if (csv_amount_parse(str_of(value), r->decimals, MATCHING_MONEY_MAX, ret) == OK && *ret > 0)
		return true;
	fprintf(stderr, "folkmoot match: %s can't be %s\n", name, value);
	return false;
}

static enum status
read_gifts(const struct csv *csv, struct arena *arena, struct request *r,
           struct decide_error *error)
{
	size_t count = csv->row_count, project, giver, amount, givers;
	struct matching_gift *gifts = ARENA_ARRAY(arena, count, struct matching_gift);
	struct str *names = ARENA_ARRAY(arena, count, struct str);
	uint32_t *number = ARENA_ARRAY(arena, count, uint32_t);
	enum status st = csv_need(csv, "project", &project, error);

	r->projects = ARENA_ARRAY(arena, count, struct str);
	if (gifts == NULL || names == NULL || number == NULL || r->projects == NULL)
		return NO_MEMORY;
	if (st == OK)
		st = csv_need(csv, "giver", &giver, error);
	if (st == OK)
		st = csv_need(csv, "amount", &amount, error);
	for (size_t row = 0; st == OK && row < count; row++) {
		st = csv_text(csv, row, project, NAME_MAX_BYTES, &r->projects[row], error);
		if (st == OK)
			st = csv_text(csv, row, giver, NAME_MAX_BYTES, &names[row], error);
		if (st == OK)
			st = csv_amount(csv, row, amount, r->decimals, MATCHING_MONEY_MAX,
			                &gifts[row].amount, error);
		if (st == OK && gifts[row].amount == 0)
			st = csv_fail(csv, row, amount, MSG("A gift must be more than 0."), error);
	}
	if (st == OK)
		st = ask_number(arena, names, count, number, &givers);
	for (size_t row = 0; st == OK && row < count; row++)
		gifts[row].giver = number[row];
	if (st == OK)
		st = ask_number(arena, r->projects, count, number, &r->m.project_count);
	for (size_t row = 0; st == OK && row < count; row++)
		gifts[row].project = number[row];
	r->m.gifts = gifts;
	r->m.gift_count = count;
	return st;
}

/* A raw match, which may be beyond any amount: digits with the point put in. */
static json_t *
raw_json(struct str raw, int decimals)
{
	struct buf out;
	json_t *text;
	size_t whole = raw.len > (size_t)decimals ? raw.len - (size_t)decimals : 0;

	buf_init(&out, 200);
	buf_add(&out, whole == 0 ? STR("0") : str_cut(raw, 0, whole));
	if (decimals > 0)
		buf_add_char(&out, '.');
	for (size_t i = raw.len; i < (size_t)decimals; i++)
		buf_add_char(&out, '0');
	buf_add(&out, str_cut(raw, whole, raw.len));
	text = ask_json_text(buf_str(&out));
	buf_release(&out);
	return text;
}

static int
print_json(const struct request *r, const struct matching_outcome *out, struct str text)
{
	json_t *o = json_object(), *projects = json_array();

	for (size_t i = 0; i < r->m.project_count; i++) {
		const struct matching_project *p = &out->projects[i];
		json_t *project = json_object();

		ask_set(project, "capped", json_boolean(p->capped));
		if (out->further)
			ask_set(project, "further", ask_json_amount(p->further, r->decimals));
		ask_set(project, "given", ask_json_amount(p->given, r->decimals));
		ask_set(project, "givers", json_integer(p->givers));
		ask_set(project, "id", ask_json_text(r->projects[i]));
		ask_set(project, "match", ask_json_amount(p->match, r->decimals));
		ask_set(project, "raw", raw_json(p->raw, r->decimals));
		json_array_append_new(projects, project);
	}
	ask_set(o, "bits", json_integer(out->bits));
	if (r->m.rule == MATCHING_PAIRWISE)
		ask_set(o, "bound", ask_json_amount(r->m.bound, r->decimals));
	if (r->m.cap > 0)
		ask_set(o, "cap", ask_json_amount(r->m.cap, r->decimals));
	ask_set(o, "equal", json_boolean(out->equal));
	ask_set(o, "fund", ask_json_amount(r->m.fund, r->decimals));
	ask_set(o, "input_sha256", json_string(digest_text(digest_of(text)).text));
	ask_set(o, "left", ask_json_amount(out->left, r->decimals));
	ask_set(o, "projects", projects);
	ask_set(o, "rule", json_string(matching_rule_name(r->m.rule)));
	ask_set(o, "total", ask_json_amount(out->total, r->decimals));
	return ask_print_json("match", o);
}

static void
add_cell(struct buf *out, int64_t amount, int decimals)
{
	struct buf text;

	buf_init(&text, 64);
	amount_write(&text, (struct amount){ amount }, decimals);
	buf_add_format(out, " %12.*s", STR_ARG(buf_str(&text)));
	buf_release(&text);
}

static int
print_table(const struct request *r, const struct matching_outcome *out)
{
	struct buf text;

	buf_init(&text, (size_t)1 << 30);
	buf_add_format(&text, "%-24s %8s %12s %12s", "project", "givers", "given", "match");
	buf_add_c(&text, out->further ? " one more 1.00\n" : "\n");
	for (size_t i = 0; i < r->m.project_count; i++) {
		const struct matching_project *p = &out->projects[i];

		buf_add_format(&text, "%-24.*s %8lld", STR_ARG(r->projects[i]),
		               (long long)p->givers);
		add_cell(&text, p->given, r->decimals);
		add_cell(&text, p->match, r->decimals);
		if (out->further)
			add_cell(&text, p->further, r->decimals);
		buf_add_c(&text, p->capped ? "  at the cap\n" : "\n");
	}
	buf_add_c(&text, "\ngiven out");
	add_cell(&text, out->total, r->decimals);
	buf_add_c(&text, "\nleft     ");
	add_cell(&text, out->left, r->decimals);
	buf_add_char(&text, '\n');
	return ask_print("match", &text);
}

static int
match_file(struct request *r, const char *file, bool json, struct arena *arena)
{
	struct decide_error error = { 0 };
	struct matching_outcome out;
	struct csv csv;
	struct str text;
	enum status st;

	if (!ask_csv("match", file, arena, &csv, &text))
		return ASK_BAD;
	st = read_gifts(&csv, arena, r, &error);
	if (st == OK)
		st = matching_split(&r->m, arena, &out, &error);
	if (st != OK) {
		cli_say_error("match", file, st, &error);
		return ASK_BAD;
	}
	return json ? print_json(r, &out, text) : print_table(r, &out);
}

int
cli_match(int argc, char **argv)
{
	struct request r = { .decimals = 2, .bound = "25" };
	struct arena arena;
	const char *file;
	bool json;
	int code;

	if (!ask_arguments(argc, argv, options, &r, &file, &json))
		return ASK_BAD;
	if (r.fund == NULL) {
		fprintf(stderr, "folkmoot match: --fund is missing\n");
		return ASK_BAD;
	}
	if (!read_amount(&r, "--fund", r.fund, &r.m.fund) ||
	    !read_amount(&r, "--bound", r.bound, &r.m.bound) ||
	    (r.cap != NULL && !read_amount(&r, "--cap", r.cap, &r.m.cap)))
		return ASK_BAD;
	r.m.unit = 1;
	for (int i = 0; i < r.decimals; i++)
		r.m.unit *= 10;
	arena_init(&arena, ASK_MEMORY_MAX);
	code = match_file(&r, file, json, &arena);
	arena_release(&arena);
	return code;
}
