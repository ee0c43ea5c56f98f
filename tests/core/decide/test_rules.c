/* The worked examples of docs/rules: the election is the pb block of greedy.md, and every table
 * behind a line <!-- count: RULE UTILITY COMPLETION --> (or measure:) must be what the program
 * gives. */
#include "core/decide/measure.h"
#include "core/decide/outcome.h"
#include "core/decide/pabulib.h"
#include "core/decide/sensitivity.h"
#include "core/decide/why_lost.h"
#include "doc.h"

static struct arena arena;
static struct pabulib file;
static struct election e;

static void
read_example(void)
{
	struct decide_error error;
	struct str doc = doc_read(&arena, "greedy.md");

	if (pabulib_parse(&arena, doc_block(&doc, "pb"), &file, &error) != OK ||
	    pabulib_election(&file, DECIDE_COST, 0, &arena, &e, &error) != OK)
		abort();
}

static void
add_money(struct buf *out, int64_t amount, int decimals)
{
	amount_write(out, (struct amount){ amount }, decimals);
}

static void
add_row(struct buf *out, const struct outcome *o, size_t option)
{
	const struct outcome_option *x = &o->options[option];
	const struct outcome_step *step = x->place > 0 ? &o->steps[x->place - 1] : NULL;

	buf_add_format(out, "| %.*s | ", STR_ARG(e.options[option].id));
	add_money(out, e.options[option].cost, e.decimals);
	buf_add_format(out, " | %lld | ", (long long)e.options[option].votes);
	if (step != NULL)
		buf_add_int(out, x->place);
	buf_add_c(out, " | ");
	if (o->method.rule == DECIDE_EQUAL_SHARES || o->method.rule == DECIDE_OVERSPENDING) {
		if (step != NULL)
			add_money(out, step->price_milli, e.decimals + 3);
		buf_add_c(out, " | ");
		if (step != NULL)
			add_money(out, step->effective_votes_milli, 3);
		buf_add_c(out, " | ");
	}
	if (o->method.rule == DECIDE_PHRAGMEN)
		buf_add_format(out, "%.*s | ", STR_ARG(step != NULL ? step->rho : STR("")));
	if (x->why == OUTCOME_NOT_PAYABLE) {
		buf_add_c(out, "its supporters could pay ");
		add_money(out, x->could_pay, e.decimals);
	} else if (x->why == OUTCOME_NO_ROOM) {
		buf_add_c(out, "only ");
		add_money(out, x->left, e.decimals);
		buf_add_c(out, " was left");
	} else {
		buf_add_c(out, "won");
	}
	buf_add_c(out, " |\n");
}

static void
add_options(struct buf *rows, const struct outcome *o)
{
	for (size_t i = 0; i < e.option_count; i++)
		add_row(rows, o, i);
}

static void
add_ejr(struct buf *rows, const struct measure_ejr *ejr)
{
	if (ejr->holds) {
		buf_add_format(rows, "| groups passed over (EJR+) | none |\n");
		return;
	}
	buf_add_format(rows, "| groups passed over (EJR+) | %lld voters for %.*s: each has at most ",
	               (long long)ejr->group, STR_ARG(e.options[ejr->option].id));
	add_money(rows, ejr->has, e.decimals);
	buf_add_format(rows, ", the group deserves ");
	add_money(rows, ejr->deserves, e.decimals);
	buf_add_format(rows, " |\n");
}

static void
add_tries(struct buf *rows, const char *what, const struct sensitivity_tries *tries)
{
	buf_add_format(rows, "| %s | %lld of %lld change the winners", what,
	               (long long)tries->changed, (long long)tries->tried);
	if (tries->tried < tries->of)
		buf_add_format(rows, "; there are %lld", (long long)tries->of);
	buf_add_format(rows, " |\n");
}

static void
add_measures(struct buf *rows, const struct outcome *o)
{
	struct measure m;
	struct sensitivity s;
	int64_t other = 0;

	CHECK(measure_of(&e, o, &arena, &m) == OK);
	CHECK(sensitivity_of(&e, o, 1000, NULL, &arena, &s) == OK);
	buf_add_format(rows, "| voters with a winner | %lld of %lld |\n",
	               (long long)m.represented, (long long)m.voters);
	buf_add_format(rows, "| Gini coefficient of influence | ");
	add_money(rows, m.gini_millionths, 6);
	buf_add_format(rows, " |\n");
	add_ejr(rows, &m.ejr);
	for (size_t r = 0; r < s.rule_count; r++)
		other += s.rules[r].change.in_count + s.rules[r].change.out_count > 0;
	buf_add_format(rows, "| other rules | %lld of %zu change the winners |\n",
	               (long long)other, s.rule_count);
	add_tries(rows, "other orders of ties", &s.orders);
	add_tries(rows, "one more for a loser", &s.more);
	add_tries(rows, "one voter fewer", &s.fewer);
}

/* One table; command is "RULE UTILITY COMPLETION". */
static void
check_table(struct str command, struct str table,
            void (*add)(struct buf *rows, const struct outcome *o))
{
	struct method m = { .ties = DECIDE_TIES_ID };
	struct decide_error error;
	struct outcome o;
	struct buf rows;

	CHECK(decide_rule_parse(str_next(&command, ' '), &m.rule) == OK);
	CHECK(decide_utility_parse(str_next(&command, ' '), &m.utility) == OK);
	CHECK(decide_completion_parse(str_next(&command, ' '), &m.completion) == OK);
	CHECK(decide_count(&e, &m, &arena, &o, &error) == OK);
	buf_init(&rows, 10000);
	add(&rows, &o);
	doc_check_table(table, &rows);
	buf_release(&rows);
}

static void
check_doc(const char *name, const char *mark, int tables,
          void (*add)(struct buf *rows, const struct outcome *o))
{
	struct str rest = doc_read(&arena, name);
	int seen = 0;

	read_example();
	for (; doc_behind(&rest, mark); seen++) {
		struct str command = doc_until(&rest, " -->");

		check_table(command, rest, add);
	}
	CHECK_INT(seen, tables);
}

/* What losers would have needed. */
static void
add_why(struct buf *rows, const struct outcome *o)
{
	for (size_t i = 0; i < e.option_count; i++) {
		struct why_lost why;
		struct decide_error error;

		if (o->options[i].place > 0)
			continue;
		CHECK(why_lost(&e, &o->method, i, 16 << 20, NULL, &why, &error) == OK);
		buf_add_format(rows, "| %.*s | %lld | %lld | %lld |\n", STR_ARG(e.options[i].id),
		               (long long)e.options[i].cost, (long long)why.highest_cost,
		               (long long)why.more_ballots);
	}
}

static void
why(void)
{
	check_doc("why.md", "<!-- why: ", 2, add_why);
}

static void
phragmen(void)
{
	check_doc("phragmen.md", "<!-- count: ", 1, add_options);
}

static void
greedy(void)
{
	check_doc("greedy.md", "<!-- count: ", 1, add_options);
}

static void
equal_shares(void)
{
	check_doc("equal-shares.md", "<!-- count: ", 2, add_options);
}

static void
exact_equal_shares(void)
{
	check_doc("exact-equal-shares.md", "<!-- count: ", 1, add_options);
}

static void
overspending(void)
{
	check_doc("overspending.md", "<!-- count: ", 1, add_options);
}

static void
measures(void)
{
	check_doc("measures.md", "<!-- measure: ", 2, add_measures);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "docs/rules/greedy.md", greedy },
		{ "docs/rules/equal-shares.md", equal_shares },
		{ "docs/rules/exact-equal-shares.md", exact_equal_shares },
		{ "docs/rules/overspending.md", overspending },
		{ "docs/rules/phragmen.md", phragmen },
		{ "docs/rules/why.md", why },
		{ "docs/rules/measures.md", measures },
	};
	int bad;

	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
