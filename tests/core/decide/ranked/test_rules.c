/* The worked examples of docs/rules: elections are the blt and csv blocks, and every table behind
 * a line <!-- WHAT: RULE --> must be what the count gives. And examples by hand. */
#include "base/chance.h"
#include "base/json.h"
#include "core/decide/ranked/files.h"
#include "core/decide/ranked/outcome.h"
#include "core/decide/ranked/scores.h"
#include "doc.h"

static struct arena arena;
static struct score_election s; /* s.e: also of rankings */
static struct decide_error error;

static struct ranked_outcome
count_blt(struct str text, struct ranked_method m)
{
	struct ranked_outcome o;

	m.ties = RANKED_TIES_ID;
	if (ranked_read_blt(&arena, text, &s.e, &error) != OK ||
	    ranked_count(&s.e, &m, &arena, &o, &error) != OK) {
		printf("# %s\n", error.message.text);
		abort();
	}
	return o;
}

static struct ranked_outcome
count_rule(enum ranked_rule rule)
{
	struct ranked_method m = { .rule = rule, .ties = RANKED_TIES_ID };
	struct ranked_outcome o;
	struct str doc;

	if (rule < RANKED_SCORE) {
		doc = doc_read(&arena, rule == RANKED_SCHULZE || rule == RANKED_PAIRS
		                       ? "pairwise.md" : "stv.md");
		return count_blt(doc_block(&doc, "blt"), m);
	}
	doc = doc_read(&arena, "scores.md");
	if (score_read_csv(&arena, doc_block(&doc, "csv"), &s, &error) != OK ||
	    score_count(&s, &m, &arena, &o, &error) != OK)
		abort();
	return o;
}

static void
add_votes(struct buf *out, int64_t votes, int decimals)
{
	int64_t unit = 1;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	buf_add_int(out, votes / unit);
	if (decimals > 0 && votes % unit != 0)
		buf_add_format(out, ".%05lld", (long long)(votes % unit / (unit / 100000)));
}

static void
add_stages(struct buf *out, const struct ranked_outcome *o)
{
	for (size_t c = 0; c < o->candidate_count; c++) {
		const struct ranked_fate *f = &o->fates[c];

		buf_add_format(out, "| %.*s |", STR_ARG(s.e.candidates[c].name));
		for (size_t i = 0; i < o->stage_count; i++) {
			buf_add_char(out, ' ');
			add_votes(out, o->stages[i].votes[c], o->decimals);
			buf_add_c(out, " |");
		}
		if (f->place > 0)
			buf_add_format(out, " elected at stage %zu |\n", f->stage);
		else
			buf_add_format(out, " %s |\n", f->why == RANKED_EXCLUDED_THEN ? "out"
			               : f->why == RANKED_STOOD_DOWN ? "withdrawn" : "no seat left");
	}
}

static void
add_points(struct buf *out, const struct ranked_outcome *o)
{
	for (size_t c = 0; c < o->candidate_count; c++) {
		const struct ranked_score *x = &o->scores[c];

		buf_add_format(out, "| %.*s | ", STR_ARG(s.e.candidates[c].name));
		if (o->method.rule == RANKED_MAJORITY_JUDGEMENT)
			buf_add_format(out, "%lld | %lld | %lld", (long long)x->median,
			               (long long)x->above, (long long)x->below);
		else if (o->method.rule == RANKED_BORDA)
			buf_add_format(out, "%lld%s", (long long)x->total / 2,
			               x->total % 2 != 0 ? "½" : "");
		else
			buf_add_int(out, x->total);
		if (o->method.rule == RANKED_STAR) {
			buf_add_c(out, " | ");
			if (x->finalist)
				buf_add_int(out, x->final);
		}
		buf_add_c(out, " | ");
		if (o->fates[c].place > 0)
			buf_add_int(out, (int64_t)o->fates[c].place);
		buf_add_c(out, " |\n");
	}
}

static void
add_square(struct buf *out, const int64_t *cells)
{
	size_t n = s.e.candidate_count;

	for (size_t a = 0; a < n; a++) {
		buf_add_format(out, "| %.*s |", STR_ARG(s.e.candidates[a].name));
		for (size_t b = 0; b < n; b++)
			if (a == b)
				buf_add_c(out, " |");
			else
				buf_add_format(out, " %lld |", (long long)cells[a * n + b]);
		buf_add_char(out, '\n');
	}
}

static void
add_pairs(struct buf *out, const struct ranked_outcome *o)
{
	for (size_t i = 0; i < o->pair_count; i++) {
		const struct ranked_pair *p = &o->pairs[i];

		buf_add_format(out, "| %.*s | %.*s | %lld | %lld | %s |\n",
		               STR_ARG(s.e.candidates[p->winner].name),
		               STR_ARG(s.e.candidates[p->loser].name), (long long)p->votes,
		               (long long)p->against, p->locked ? "yes" : "no");
	}
}

/* One table; command is "WHAT: RULE". */
static void
check_table(struct str command, struct str table)
{
	struct str what = str_next(&command, ':');
	enum ranked_rule rule = RANKED_STV_SCOTTISH;
	struct ranked_outcome o;
	struct buf rows;

	command = str_trim(command);
	if (!str_is(what, "vacancy"))
		CHECK(ranked_rule_parse(command, &rule) == OK);
	o = count_rule(rule);
	buf_init(&rows, 10000);
	if (str_is(what, "vacancy")) {
		struct ranked_outcome before = o;

		CHECK(ranked_vacancy(&s.e, &before, 0, &arena, &o, &error) == OK);
	}
	if (str_is(what, "matrix"))
		add_square(&rows, o.preferred);
	else if (str_is(what, "paths"))
		add_square(&rows, o.path);
	else if (str_is(what, "pairs"))
		add_pairs(&rows, &o);
	else if (o.scores != NULL)
		add_points(&rows, &o);
	else
		add_stages(&rows, &o);
	doc_check_table(table, &rows);
	buf_release(&rows);
}

static void
check_doc(const char *name, int tables)
{
	struct str rest = doc_read(&arena, name);
	int seen = 0;

	for (; doc_behind(&rest, "<!-- "); seen++) {
		struct str command = doc_until(&rest, " -->");

		check_table(command, rest);
	}
	CHECK_INT(seen, tables);
}

static void
documents(void)
{
	check_doc("stv.md", 5);
	check_doc("pairwise.md", 3);
	check_doc("scores.md", 5);
}

/* Equal with the fewest votes: the latest stage at which they differed says who is out, not the
 * order of ties. */
static void
tie_by_stage(void)
{
	/* 4: 5 A, 4 B, 4 C, 2 D, 1 E. E's goes to C (B 4, C 5), D's to B: B 6? */
	struct ranked_outcome o = count_blt(
		STR("5 1\n6 1 0\n4 2 0\n3 3 0\n1 5 3 0\n0\nA\nB\nC\nD\nE\n"),
		(struct ranked_method){ .rule = RANKED_STV_SCOTTISH });

	/* D and E are out; C has 4 as B has, but had 3 before. */
	CHECK_INT(o.stages[3].excluded[0], 2);
	CHECK_INT(o.stages[3].tied, 2);
	CHECK(o.stages[3].by_stage);
	/* WIG goes by the order of ties at once. */
	o = count_blt(STR("5 1\n6 1 0\n4 2 0\n3 3 0\n1 5 3 0\n0\nA\nB\nC\nD\nE\n"),
	              (struct ranked_method){ .rule = RANKED_STV_WIG });
	CHECK_INT(o.stages[3].excluded[0], 1);
	CHECK(!o.stages[3].by_stage);
}

/* The lot is drawn from the seed, and any of the tied can be drawn. */
static void
lots(void)
{
	int won[2] = { 0, 0 };

	for (uint8_t k = 0; k < 100; k++) {
		struct ranked_method m = { .rule = RANKED_IRV, .ties = RANKED_TIES_LOT, .seed = { k } };
		struct ranked_outcome o, again;

		CHECK(ranked_read_blt(&arena, STR("2 1\n3 1 0\n3 2 0\n0\nA\nB\n"), &s.e, &error) == OK);
		CHECK(ranked_count(&s.e, &m, &arena, &o, &error) == OK);
		CHECK(ranked_count(&s.e, &m, &arena, &again, &error) == OK);
		CHECK_INT(o.winners[0], again.winners[0]);
		won[o.winners[0]]++;
	}
	CHECK(won[0] > 25 && won[1] > 25);
}

static void
equal_ranks(void)
{
	static const struct str text =
		STR_INIT("3 1\n2 1=2 0\n3 3 1=2 0\n1 1 0\n1 2 0\n0\nA\nB\nC\n");
	struct ranked_outcome o =
		count_blt(text, (struct ranked_method){ .rule = RANKED_STV_SCOTTISH });

	/* two are void, and three end with C */
	CHECK_INT(o.valid, 5);
	CHECK_INT(o.stages[0].votes[2], 300000);
	CHECK_INT(o.stages[0].quota, 300000);
	o = count_blt(text, (struct ranked_method){ .rule = RANKED_STV_WIG });
	CHECK_INT(o.valid, 7);
	CHECK_INT(o.stages[0].votes[0], 2000000000);
	o = count_blt(text, (struct ranked_method){ .rule = RANKED_STV_WIG,
	                                            .equal = RANKED_EQUAL_DROOP });
	CHECK_INT(o.stages[0].votes[0], 1000000000);
	CHECK_INT(o.stages[0].exhausted, 5000000000);
}

static void
refused(void)
{
	struct ranked_election e;
	struct ranked_outcome o, before;
	struct ranked_method m = { .rule = RANKED_SCORE };

	CHECK(ranked_read_blt(&arena, STR("2 1\n3 1 2 0\n0\nA\nB\n"), &e, &error) == OK);
	CHECK(ranked_count(&e, &m, &arena, &o, &error) == INVALID);
	CHECK_STR(error.field, "rule");
	m.rule = RANKED_APPROVAL;
	CHECK(ranked_count(&e, &m, &arena, &o, &error) == INVALID);
	m = (struct ranked_method){ .rule = RANKED_IRV, .seats = 2 };
	CHECK(ranked_count(&e, &m, &arena, &o, &error) == INVALID);
	CHECK_STR(error.field, "seats");
	m = (struct ranked_method){ .rule = RANKED_STV_WIG, .seats = 3 };
	CHECK(ranked_count(&e, &m, &arena, &o, &error) == INVALID);
	m.seats = 1;
	CHECK(ranked_count(&e, &m, &arena, &before, &error) == OK);
	CHECK(ranked_vacancy(&e, &before, 1, &arena, &o, &error) == INVALID);
	CHECK(ranked_vacancy(&e, &before, 0, &arena, &o, &error) == OK);
	CHECK_INT(o.winners[0], 1);
	CHECK(score_read_csv(&arena, STR("A,B\n2,1\n"), &s, &error) == OK);
	m = (struct ranked_method){ .rule = RANKED_APPROVAL };
	CHECK(score_count(&s, &m, &arena, &o, &error) == INVALID);
	m.rule = RANKED_SCHULZE;
	CHECK(score_count(&s, &m, &arena, &o, &error) == INVALID);
}

/* Forty surpluses: exact fractions would fill the memory, so WIG refuses; with four decimals it
 * is counted. */
static void
long_fractions(void)
{
	struct ranked_making making;
	struct ranked_election e;
	struct ranked_outcome o;
	struct ranked_method m = { .rule = RANKED_STV_WIG };
	struct chance chance;
	static const uint8_t seed[32] = { 7 };

	chance_from_seed(&chance, seed);
	ranked_begin(&making, &arena);
	for (int c = 0; c < 60; c++)
		CHECK(ranked_candidate(&making, STR("x"), false) == OK);
	for (int b = 0; b < 3000; b++) {
		size_t order[60];
		uint32_t choices[30];

		for (size_t i = 0; i < 60; i++)
			order[i] = i;
		chance_shuffle(&chance, order, 60);
		for (size_t i = 0; i < 30; i++)
			choices[i] = (uint32_t)order[i];
		CHECK(ranked_ballot(&making, choices, 30, 1) == OK);
	}
	CHECK(ranked_end(&making, 40, &e, &error) == OK);
	CHECK(ranked_count(&e, &m, &arena, &o, &error) == TOO_LARGE);
	CHECK_STR(error.field, "rule");
	m.rule = RANKED_STV_WIG_PRF;
	CHECK(ranked_count(&e, &m, &arena, &o, &error) == OK);
	CHECK_INT(o.winner_count, 40);
}

/* As JSON, every rule: canonical, twice the same bytes, with a reason for everybody. */
static void
json(void)
{
	for (enum ranked_rule rule = 0; rule < RANKED_RULES; rule++) {
		struct buf one, two;

		buf_init(&one, 1 << 20);
		buf_init(&two, 1 << 20);
		for (int k = 0; k < 2; k++) {
			struct ranked_outcome o = count_rule(rule);
			json_t *tree = ranked_outcome_json(&o, &s.e);

			CHECK(json_write(k == 0 ? &one : &two, tree) == OK);
			CHECK_INT(json_array_size(json_object_get(tree, "candidates")),
			          o.candidate_count);
			CHECK_INT(json_array_size(json_object_get(tree, "winners")), o.seats);
			json_decref(tree);
			for (size_t c = 0; c < o.candidate_count; c++) {
				struct buf why;

				buf_init(&why, 1000);
				ranked_explain(&o, &s.e, c, &why);
				CHECK(str_starts(buf_str(&why), s.e.candidates[c].name));
				CHECK(str_ends(buf_str(&why), STR(".")));
				buf_release(&why);
			}
		}
		CHECK(str_eq(buf_str(&one), buf_str(&two)));
		buf_release(&one);
		buf_release(&two);
	}
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "docs/rules: stv, pairwise, scores", documents },
		{ "a tie by an earlier stage", tie_by_stage },
		{ "lots", lots },
		{ "equal ranks", equal_ranks },
		{ "what is refused", refused },
		{ "fractions too long", long_fractions },
		{ "JSON and reasons", json },
	};
	int bad;

	arena_init(&arena, 256 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
