/* Files with ranked ballots: what is read, what is refused and why, what is written. */
#include <stdlib.h>

#include "base/buf.h"
#include "core/decide/ranked/files.h"
#include "core/decide/ranked/outcome.h"
#include "core/decide/ranked/scores.h"
#include "test.h"

static struct arena arena;
static struct decide_error error;

typedef enum status reader_fn(struct arena *, struct str, struct ranked_election *,
                              struct decide_error *);

static enum status
read_scores(struct arena *a, struct str text, struct ranked_election *ret,
            struct decide_error *e)
{
	struct score_election s;
	enum status st = score_read_csv(a, text, &s, e);

	*ret = s.e;
	return st;
}

/* An election as one line: "a b(out) / 3: 1 2=3". */
static void
check_reads(reader_fn *reader, const char *text, const char *want)
{
	struct ranked_election e;
	struct buf out;

	error = (struct decide_error){ 0 };
	buf_init(&out, 10000);
	if (reader(&arena, str_of(text), &e, &error) != OK) {
		CHECK(!"it is read");
		printf("# line %zu: %s in %s\n", error.line, error.message.text, text);
		return;
	}
	buf_add_format(&out, "%zu seats", e.seats);
	for (size_t c = 0; c < e.candidate_count; c++)
		buf_add_format(&out, ", %.*s%s", STR_ARG(e.candidates[c].name),
		               e.candidates[c].withdrawn ? " (out)" : "");
	for (size_t b = 0; b < e.ballot_count; b++) {
		buf_add_format(&out, " / %lu:", (unsigned long)e.weight[b]);
		for (size_t i = e.start[b]; i < e.start[b + 1]; i++)
			buf_add_format(&out, "%c%lu", (e.choice[i] & RANKED_SAME) != 0 ? '=' : ' ',
			               (unsigned long)(e.choice[i] & ~RANKED_SAME) + 1);
	}
	CHECK_STR(buf_str(&out), want);
	buf_release(&out);
}

static void
check_refuses(reader_fn *reader, const char *text, size_t line, const char *field,
              const char *reason)
{
	struct ranked_election e;

	error = (struct decide_error){ 0 };
	CHECK(reader(&arena, str_of(text), &e, &error) != OK);
	CHECK_INT(error.line, line);
	CHECK_STR(error.field, field);
	CHECK_STR(str_of(error.message.text), reason);
	if (test_failures > 0)
		printf("# in %s\n", text);
}

static void
blt(void)
{
	check_reads(ranked_read_blt, "3 1\n2 1 2 0\n1 3 0\n2 1 2 0\n1 0\n0\n\"A\"\n\"B b\"\n\"C\"\n\"T\"\n",
	            "1 seats, A, B b, C / 4: 1 2 / 1: 3 / 1:");
	/* withdrawn, equal ranks in any order, a rank left out, comments, no names quoted, CRLF */
	check_reads(ranked_read_blt,
	            "3 2 # counts\r\n-2\r\n/* a\r\nb */1 3=1 - 2 0 # first\r\n1 1=3 2 0\r\n0\r\n"
	            "Ann \"X\" Lee\r\n\r\nBob\r\n\"Cy \"\"C\"\"\"\r\n",
	            "2 seats, Ann \"X\" Lee, Bob (out), Cy \"C\" / 2: 1=3 2");
	check_reads(ranked_read_blt,
	            "2 1 [nick x y] [withdrawn y] [tie y x] [droop precision=3]\n(b1) x 0 (b 2) y=x 0 0\n"
	            "# ALTERNATIVE NAME 1: Ann (Lab)\n# nothing\n# ALTERNATIVE NAME 2: Bob\n",
	            "1 seats, Ann (Lab), Bob (out) / 1: 1 / 1: 1=2");
	check_reads(ranked_read_blt, "\xef\xbb\xbf" "1 1 0 \"A\" \"title\"", "1 seats, A");
}

static void
blt_refused(void)
{
	const char *cut = "The file ends too early: is it cut short?";

	check_refuses(ranked_read_blt, "", 1, "candidates", cut);
	check_refuses(ranked_read_blt, "3\n", 2, "seats", cut);
	check_refuses(ranked_read_blt, "x 1", 1, "candidates", "A number is needed here, not {what}.");
	check_refuses(ranked_read_blt, "1001 1", 1, "candidates", "{what} is out of range.");
	check_refuses(ranked_read_blt, "2 3", 1, "seats", "{what} is out of range.");
	check_refuses(ranked_read_blt, "2 1\n1 1 2", 2, "ballot", cut);
	check_refuses(ranked_read_blt, "2 1\n1 1 3 0", 2, "ballot", "There is no candidate {what}.");
	check_refuses(ranked_read_blt, "2 1\n\n1 1 1 0\n0", 3, "ballot", "A candidate is ranked twice.");
	check_refuses(ranked_read_blt, "2 1\n1 1= 0\n0", 2, "ballot", "There is no candidate {what}.");
	check_refuses(ranked_read_blt, "2 1\n1.5 1 0\n0", 2, "weight",
	              "A number is needed here, not {what}.");
	check_refuses(ranked_read_blt, "2 1\n20000000 1 0\n0", 2, "weight", "{what} is out of range.");
	check_refuses(ranked_read_blt, "2 1\n9999999 1 0\n2 1 0\n0", 3, "",
	              "There are more candidates or ballots than can be counted.");
	check_refuses(ranked_read_blt, "2 1\n-3\n", 2, "withdrawn", "{what} is out of range.");
	check_refuses(ranked_read_blt, "2 1\n-1 -2\n0\nA\nB\n", 0, "candidates",
	              "Nobody stands for election.");
	check_refuses(ranked_read_blt, "2 2\n-1\n0\nA\nB\n", 0, "seats",
	              "There are more seats than candidates who stand.");
	check_refuses(ranked_read_blt, "2 1\n/* 1 1 0", 2, "",
	              "A comment is opened here and never closed.");
	check_refuses(ranked_read_blt, "2 1\n[nick a]\n", 2, "nick",
	              "There must be a nick for each candidate.");
	check_refuses(ranked_read_blt, "2 1\n[nick a a]\n", 2, "nick", "The nick {what} is there twice.");
	check_refuses(ranked_read_blt, "2 1\n[tie 1]\n", 2, "tie",
	              "The order for ties must name each candidate once.");
	check_refuses(ranked_read_blt, "2 1\n[what 1]\n", 2, "", "The option {what} is not known.");
	check_refuses(ranked_read_blt, "2 1\n0\n\"A\n", 3, "name",
	              "A quote is opened here and never closed.");
	check_refuses(ranked_read_blt, "2 1\n0\n\"A\"\n", 4, "name",
	              "The file ends before each candidate has a name.");
	check_refuses(ranked_read_blt, "2 1\n0\n\"A\"\n\xff\n", 4, "", "This line is not text in UTF-8.");
}

static void
preflib(void)
{
	check_reads(ranked_read_preflib,
	            "# FILE NAME: x.toi\n# TITLE: T\n# NUMBER ALTERNATIVES: 4\n# NUMBER VOTERS: 6\n"
	            "# ALTERNATIVE NAME 1: Ann: a\n# ALTERNATIVE NAME 2: Bob\n"
	            "3: 1,{4,2},3\n2: {3, 1}\n1:\n",
	            "1 seats, Ann: a, Bob, 3, 4 / 3: 1 2=4 3 / 2: 1=3 / 1:");
	check_reads(ranked_read_preflib,
	            "# NUMBER ALTERNATIVES: 2\n# SEATS: 1\n# WITHDRAWN: 2\n5: {1},{},2\n",
	            "1 seats, 1, 2 (out) / 5: 1 2");
	check_refuses(ranked_read_preflib, "3: 1,2\n", 1, "NUMBER ALTERNATIVES",
	              "The number of candidates must be said before this line.");
	check_refuses(ranked_read_preflib, "# NUMBER ALTERNATIVES: 2\n3: 1,3\n", 2, "ballot",
	              "{what} is out of range.");
	check_refuses(ranked_read_preflib, "# NUMBER ALTERNATIVES: 2\n3: 1,1\n", 2, "ballot",
	              "A candidate is ranked twice.");
	check_refuses(ranked_read_preflib, "# NUMBER ALTERNATIVES: 2\n\n3: {1,2\n", 3, "ballot",
	              "An opening brace without its closing one.");
	check_refuses(ranked_read_preflib, "# NUMBER ALTERNATIVES: 2\n3: 1}\n", 2, "ballot",
	              "A closing brace without its opening one.");
	check_refuses(ranked_read_preflib, "# NUMBER ALTERNATIVES: 2\n3 1,2\n", 2, "ballot",
	              "A ballot is written as number: 1,2,3.");
	check_refuses(ranked_read_preflib, "# NUMBER ALTERNATIVES: many\n", 1, "NUMBER ALTERNATIVES",
	              "A number is needed here, not {what}.");
	check_refuses(ranked_read_preflib, "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 3: x\n", 2,
	              "ALTERNATIVE NAME", "{what} is out of range.");
}

static void
csv(void)
{
	check_reads(ranked_read_csv,
	            "Precinct,rank1,Rank2,choice_3\nP1,Ann,\"B \"\"b\"\"\",skipped\nP2,Ann,Ann,Cy\n"
	            "\nP1,Ann,undervote,Cy\nP1,overvote,Ann,Cy\nP1,,Cy,Overvote\n",
	            "1 seats, Ann, B \"b\", Cy / 1: 1 2 / 2: 1 3 / 1: / 1: 3");
	/* A row of commas is a blank ballot, an empty line is none. */
	check_reads(ranked_read_csv, "rank1,rank2\nA,B\n\n,\n", "1 seats, A, B / 1: 1 2 / 1:");
	check_reads(ranked_read_csv, "Rank 1,Rank 2,Count\r\nA,B,3\r\nB,,2\r\n",
	            "1 seats, A, B / 3: 1 2 / 2: 2");
	check_refuses(ranked_read_csv, "a,b\n1,2\n", 1, "Rank 1",
	              "The first line must name the columns Rank 1, Rank 2, and so on.");
	check_refuses(ranked_read_csv, "rank1,Rank 1\n", 1, "Rank 1", "This column is there twice.");
	check_refuses(ranked_read_csv, "rank1,rank2\nA,B\nA\n", 3, "",
	              "This row has fewer cells than the header: {n}.");
	check_refuses(ranked_read_csv, "rank1,rank2\nA,Ann \"B\" Lee\n", 2, "",
	              "A quote stands inside a cell: put the whole cell in quotes and write the quote "
	              "twice.");
	check_refuses(ranked_read_csv, "rank1\n\"A\n", 2, "",
	              "A quote is opened here and never closed.");
	check_refuses(ranked_read_csv, "rank1,count\nA,x\n", 2, "Count",
	              "A number is needed here, not {what}.");
	check_reads(read_scores, "Ann,Bob,weight\n3,,2\n0,5,1\n", "1 seats, Ann, Bob");
	check_refuses(read_scores, "Ann,Bob\n3,0\n1,x\n", 3, "Bob",
	              "A score is a whole number from 0 to 100, not {what}.");
	check_refuses(read_scores, "Ann,Bob\n3,101\n", 2, "Bob",
	              "A score is a whole number from 0 to 100, not {what}.");
	check_refuses(read_scores, "Ann,Ann\n3,1\n", 1, "Ann", "This column is there twice.");
	check_refuses(read_scores, "", 1, "", "The first line must name the candidates.");
}

static void
written(void)
{
	const char *text = "3 2\n[tie 3 1 2]\n-2\n2 1 2=3 0\n1 0\n0\n\"A \"\"a\"\"\"\n\"B\"\n\"C\"\n\"T\"\n";
	struct ranked_election e, again;
	struct buf out;
	bool same = false;

	buf_init(&out, 10000);
	CHECK(ranked_read_blt(&arena, str_of(text), &e, &error) == OK);
	CHECK(ranked_write_blt(&e, &out) == OK);
	CHECK_STR(buf_str(&out),
	          "3 2\n-2\n[tie 3 1 2]\n2 1 2=3 0\n1 0\n0\n\"A \"\"a\"\"\"\n\"B\"\n\"C\"\n\"T\"\n");
	buf_clear(&out);
	CHECK(ranked_write_preflib(&e, &out) == OK);
	CHECK_STR(buf_str(&out),
	          "# TITLE: T\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 3\n# NUMBER UNIQUE ORDERS: 2\n"
	          "# SEATS: 2\n# ALTERNATIVE NAME 1: A \"a\"\n# ALTERNATIVE NAME 2: B\n"
	          "# ALTERNATIVE NAME 3: C\n# WITHDRAWN: 2\n2: 1,{2,3}\n1:\n");
	CHECK(ranked_read_preflib(&arena, buf_str(&out), &again, &error) == OK);
	CHECK(ranked_same(&e, &again, &arena, &same) == OK && same);
	buf_clear(&out);
	CHECK(ranked_write_csv(&e, &arena, &out) == REFUSED);
	CHECK(ranked_read_csv(&arena, STR("Rank 1,Rank 2\nA,B\nB,\nA,B\n"), &e, &error) == OK);
	CHECK(ranked_write_csv(&e, &arena, &out) == OK);
	CHECK_STR(buf_str(&out), "Count,Rank 1,Rank 2\n2,\"A\",\"B\"\n1,\"B\",\n");
	CHECK(ranked_read_csv(&arena, buf_str(&out), &again, &error) == OK);
	CHECK(ranked_same(&e, &again, &arena, &same) == OK && same);
	again.weight[0]++;
	CHECK(ranked_same(&e, &again, &arena, &same) == OK && !same);
	buf_release(&out);
}

/* Every allocation fails once: nothing but NO_MEMORY comes of it. */
static void
no_memory(void)
{
	const char *text = "3 2\n[nick a b c]\n2 a b=c 0\n1 0\n0\nA\nB\nC\nT\n";

	for (enum ranked_rule rule = 0; rule <= RANKED_BORDA; rule++) {
		struct ranked_method m = { .rule = rule, .seats = rule == RANKED_IRV };
		enum status st = NO_MEMORY;

		for (long after = 0; st != OK && after < 200; after++) {
			struct ranked_election e;
			struct ranked_outcome o;

			arena_reset(&arena);
			arena.fail_after = after;
			st = ranked_read_blt(&arena, str_of(text), &e, &error);
			if (st == OK)
				st = ranked_count(&e, &m, &arena, &o, &error);
			CHECK(st == OK || st == NO_MEMORY);
		}
		arena.fail_after = -1;
		CHECK(st == OK);
	}
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "BLT", blt }, { "BLT refused", blt_refused }, { "PrefLib", preflib },
		{ "CSV of ranks and of scores", csv }, { "written again", written },
		{ "no memory", no_memory },
	};
	int bad;

	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
