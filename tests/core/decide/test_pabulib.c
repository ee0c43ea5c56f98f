/* Reading and writing .pb text: what is kept, what is refused and where. */
#include "core/decide/pabulib.h"
#include "test.h"

#define META                                                                               \
	"META\nkey;value\ndescription;A vote\nnum_projects;3\nnum_votes;4\nbudget;100.50\n"    \
	"vote_type;approval\nrule;greedy\n"
#define PROJECTS "PROJECTS\nproject_id;cost;name\n"
#define VOTES "VOTES\nvoter_id;vote;age\n"
#define SMALL                                                                              \
	META PROJECTS "1;50;Park\nOGM/2;20.25;\"Swing; \"\"big\"\"\"\n3;7;\n" VOTES            \
	"a;1,3;30\nb;OGM/2;\nc;;41\nd;1,3,1;9\n"

static struct arena arena;

static enum status
parse(const char *text, struct pabulib *file, struct decide_error *error)
{
	arena_reset(&arena);
	*error = (struct decide_error){ 0 };
	return pabulib_parse(&arena, str_of(text), file, error);
}

static void
reads_what_is_there(void)
{
	struct pabulib file;
	struct decide_error error;
	struct str cells[3];

	CHECK(parse(SMALL, &file, &error) == OK);
	CHECK(file.kind == PABULIB_APPROVAL && !file.crlf);
	CHECK_INT(file.decimals, 2);
	CHECK_INT(file.budget, 10050);
	CHECK_INT(file.project[1].cost, 2025);
	CHECK_STR(file.project[1].id, "OGM/2");
	CHECK_STR(file.project[1].name, "Swing; \"big\"");
	CHECK_INT(file.project[0].selected, -1);
	CHECK_STR(pabulib_meta(&file, "description"), "A vote");
	CHECK(pabulib_meta(&file, "comment").ptr == NULL);
	CHECK_INT(file.votes.row_count, 4);
	CHECK_INT(file.start[4], 5);
	CHECK_INT(file.option[2], 1);
	CHECK_INT(file.start[3] - file.start[2], 0); /* blank */
	CHECK_INT(file.start[4] - file.start[3], 2); /* 1 twice, counted once */
	CHECK(pabulib_cells(&file, &file.votes, 3, &arena, cells) == OK);
	CHECK_STR(cells[1], "1,3,1");
	CHECK_STR(cells[2], "9");
}

static void
builds_an_election(void)
{
	struct pabulib file;
	struct election e;
	struct decide_error error;

	CHECK(parse(SMALL, &file, &error) == OK);
	CHECK(pabulib_election(&file, DECIDE_COST, 0, &arena, &e, &error) == OK);
	CHECK_INT(e.voters, 4);
	CHECK_INT(e.ballot_count, 3); /* a and d are alike */
	CHECK_INT(e.options[0].votes, 2);
	CHECK_INT(e.budget, 10050);
	CHECK(pabulib_election(&file, DECIDE_COST, 4, &arena, &e, &error) == OK);
	CHECK_INT(e.budget, 1005000);
	CHECK_INT(e.options[1].cost, 202500);

	CHECK(parse(META PROJECTS "1;5;\n2;5;\n3;5;\n" VOTES "a;;\nb;;\nc;;\nd;;\n", &file, &error) == OK);
	CHECK(file.option != NULL); /* so that adding start to it is defined */
	CHECK(pabulib_election(&file, DECIDE_COST, 0, &arena, &e, &error) == OK);
	CHECK_INT(e.voters, 4);
	CHECK_INT(e.ballot_count, 1);
}

/* Writes and reads again; the two must say the same. */
static void
round_trip(const char *text)
{
	struct pabulib one, two;
	struct decide_error error;
	struct buf out, again;
	bool same = false;

	buf_init(&out, 1 << 20);
	buf_init(&again, 1 << 20);
	CHECK(parse(text, &one, &error) == OK);
	CHECK(pabulib_write(&one, &arena, &out) == OK);
	CHECK(pabulib_parse(&arena, buf_str(&out), &two, &error) == OK);
	CHECK(pabulib_same(&one, &two, &arena, &same) == OK && same);
	CHECK(one.crlf == two.crlf && one.budget == two.budget);
	CHECK(pabulib_write(&two, &arena, &again) == OK);
	CHECK(str_eq(buf_str(&out), buf_str(&again)));
	buf_release(&out);
	buf_release(&again);
}

static void
writes_what_it_read(void)
{
	struct pabulib one, two;
	struct decide_error error;
	struct arena other;
	bool same = true;

	round_trip(SMALL);
	round_trip("\xef\xbb\xbfMETA\r\nkey;value\r\nnum_projects;1\r\nnum_votes;1\r\nbudget;5\r\n"
	           "vote_type;choose-1\r\nmy own key;a; b\r\n\r\nPROJECTS;;\r\n"
	           "project_id;cost;odd column\r\n7;5;\"two\r\nlines\"\r\nVOTES\r\nvoter_id;vote\r\nx;7");
	round_trip("META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;5\nvote_type;cumulative\n"
	           "max_points;9\nPROJECTS\nproject_id;cost\n7;5\nVOTES\nvoter_id;points;vote\nx;3.0;7\n");

	CHECK(parse(SMALL, &one, &error) == OK);
	arena_init(&other, 1 << 20);
	CHECK(pabulib_parse(&other, STR(META PROJECTS "1;50;Park\nOGM/2;20.25;\"Swing; \"\"big\"\"\"\n"
	                                "3;7;\n" VOTES "a;1,3;30\nb;OGM/2;\nc;;41\nd;1,3;9\n"),
	                    &two, &error) == OK);
	CHECK(pabulib_same(&one, &two, &arena, &same) == OK && !same);
	arena_release(&other);
}

static void
reads_points(void)
{
	struct pabulib file;
	struct decide_error error;

	CHECK(parse("META\nkey;value\nnum_projects;2\nnum_votes;2\nbudget;5\nvote_type;cumulative\n"
	            "max_sum_points;6\nPROJECTS\nproject_id;cost\n7;5\n8;5\nVOTES\nvoter_id;vote;points\n"
	            "x;8,7;2,4\ny;7,7;3,3\n", &file, &error) == OK);
	CHECK_INT(file.points[0], 2);
	CHECK_INT(file.points[1], 4);
	CHECK_INT(file.points[2], 3);
	CHECK_INT(file.start[2], 3);
}

struct bad {
	const char *what, *text;
	size_t line;
	const char *field;
};

#define META_OF(kind, more)                                                                \
	"META\nkey;value\nnum_projects;2\nnum_votes;1\nbudget;9\nvote_type;" kind "\n" more       \
	"PROJECTS\nproject_id;cost\n"

static const struct bad bads[] = {
	{ "empty", "", 0, "" },
	{ "garbage", "hello\nworld\n", 1, "" },
	{ "no header in META", "META\nbudget;3\n", 2, "META" },
	{ "META alone", "META\nkey;value\nbudget;3\n", 3, "num_projects" },
	{ "a key twice", "META\nkey;value\nbudget;3\nbudget;3\n", 4, "META" },
	{ "a line without value", "META\nkey;value\nbudget\n", 3, "META" },
	{ "a budget of 0", "META\nkey;value\nnum_projects;0\nnum_votes;0\nbudget;0\nvote_type;approval\n",
	  5, "budget" },
	{ "a budget below 0",
	  "META\nkey;value\nnum_projects;0\nnum_votes;0\nbudget;-3\nvote_type;approval\n", 5, "budget" },
	{ "a budget that is none",
	  "META\nkey;value\nnum_projects;0\nnum_votes;0\nbudget;1e5\nvote_type;approval\n", 5, "budget" },
	{ "no budget", "META\nkey;value\nnum_projects;0\nnum_votes;0\nvote_type;approval\n", 5, "budget" },
	{ "an unknown kind", META_OF("loud", ""), 6, "vote_type" },
	{ "a count that is none", "META\nkey;value\nnum_projects;x\n", 3, "num_projects" },
	{ "10^18", META_OF("approval", "") "1;1000000000000000000\n", 9, "cost" },
	{ "too fine", META_OF("approval", "") "1;0.1234567891\n", 9, "cost" },
	{ "too many digits together", META_OF("approval", "") "1;999999999999999\n2;0.01\n", 10, "cost" },
	{ "a cost below 0", META_OF("approval", "") "1;-5\n", 9, "cost" },
	{ "a missing cost", META_OF("approval", "") "1;\n", 9, "cost" },
	{ "a cost in words", META_OF("approval", "") "1;ten\n", 9, "cost" },
	{ "a project twice", META_OF("approval", "") "1;5\n1;6\n", 10, "project_id" },
	{ "a project without id", META_OF("approval", "") ";5\n", 9, "project_id" },
	{ "an id with a comma", META_OF("approval", "") "1,2;5\n", 9, "project_id" },
	{ "cut before the cost", META_OF("approval", "") "1", 9, "cost" },
	{ "too many cells", META_OF("approval", "") "1;5;6\n", 9, "" },
	{ "too few projects", META_OF("approval", "") "1;5\nVOTES\nvoter_id;vote\n", 10, "" },
	{ "too many projects", META_OF("approval", "") "1;5\n2;5\n3;5\n", 11, "num_projects" },
	{ "no votes", META_OF("approval", "") "1;5\n2;5\n", 10, "" },
	{ "no vote column", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;choice\n", 12, "vote" },
	{ "no voter column", META_OF("approval", "") "1;5\n2;5\nVOTES\nid;vote\n", 12, "voter_id" },
	{ "too few votes", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote\n", 12, "num_votes" },
	{ "too many votes", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote\na;1\nb;2\n", 14,
	  "num_votes" },
	{ "a vote for nothing known", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote\na;1,4\n",
	  13, "vote" },
	{ "a comma too many", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote\na;1,\n", 13, "vote" },
	{ "a vote without cell", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote\na\n", 13, "vote" },
	{ "two choices", META_OF("choose-1", "") "1;5\n2;5\nVOTES\nvoter_id;vote\na;1,2\n", 13, "vote" },
	{ "a column twice", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote;vote\n", 12, "" },
	{ "no points", META_OF("cumulative", "") "1;5\n2;5\nVOTES\nvoter_id;vote\na;1\n", 12, "points" },
	{ "too few points", META_OF("cumulative", "") "1;5\n2;5\nVOTES\nvoter_id;vote;points\na;1,2;3\n",
	  13, "points" },
	{ "too many points given",
	  META_OF("cumulative", "") "1;5\n2;5\nVOTES\nvoter_id;vote;points\na;1;3,4\n", 13, "points" },
	{ "points below 0", META_OF("cumulative", "") "1;5\n2;5\nVOTES\nvoter_id;vote;points\na;1;-3\n",
	  13, "points" },
	{ "points above the limit",
	  META_OF("cumulative", "max_points;3\n") "1;5\n2;5\nVOTES\nvoter_id;vote;points\na;1;4\n", 14,
	  "points" },
	{ "points above the sum",
	  META_OF("cumulative", "max_sum_points;5\n") "1;5\n2;5\nVOTES\nvoter_id;vote;points\na;1,2;3,3\n",
	  14, "points" },
	{ "a quote never closed", META_OF("approval", "") "1;5\n\"2;5\nVOTES\nvoter_id;vote\na;1\n", 10, "" },
	{ "broken UTF-8", META_OF("approval", "") "\xc3(;5\n", 9, "" },
	{ "a surrogate", META_OF("approval", "") "\xed\xa0\x80;5\n", 9, "" },
	{ "VOTES twice", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote\na;1\nVOTES\n", 14, "" },
	{ "sections in another order", "PROJECTS\nproject_id;cost\n", 1, "" },
};

static void
refuses_bad_files(void)
{
	for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
		struct pabulib file;
		struct decide_error error;

		if (parse(bads[i].text, &file, &error) != INVALID || error.line != bads[i].line ||
		    !str_is(error.field, bads[i].field) || error.message.text == NULL) {
			CHECK(!"refused in the right place");
			printf("# %s: line %zu, field %.*s: %s\n", bads[i].what, error.line,
			       STR_ARG(error.field), error.message.text);
		}
	}
}

static void
refuses_what_is_too_large(void)
{
	static char row[PABULIB_COLUMNS_MAX * 4 + 200];
	struct pabulib file;
	struct decide_error error;
	size_t len = (size_t)snprintf(row, sizeof row, META_OF("approval", "") "%s", "");

	CHECK(parse("META\nkey;value\nnum_projects;99999999\nnum_votes;1\nbudget;9\nvote_type;approval\n"
	            "PROJECTS\nproject_id;cost\n", &file, &error) == TOO_LARGE);
	CHECK(parse(META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote\n", &file, &error) == INVALID);
	CHECK(pabulib_parse(&arena, (struct str){ row, PABULIB_BYTES_MAX + 1 }, &file, &error) ==
	      TOO_LARGE);
	len -= strlen("project_id;cost\n");
	for (int i = 0; i <= PABULIB_COLUMNS_MAX; i++)
		len += (size_t)snprintf(row + len, sizeof row - len, "%x;", i);
	snprintf(row + len, sizeof row - len, "z\n");
	CHECK(parse(row, &file, &error) == TOO_LARGE);
}

/* A file cut anywhere before its last cell is refused, and never read beyond its end. */
static void
cut_anywhere(void)
{
	struct str whole = STR(SMALL);
	size_t last = whole.len - strlen("9\n");

	for (size_t len = 0; len < whole.len; len++) {
		char *exact = malloc(len + 1); /* its end is where a sanitizer looks */
		struct pabulib file;
		struct decide_error error;
		enum status st;

		memcpy(exact, whole.ptr, len);
		arena_reset(&arena);
		st = pabulib_parse(&arena, (struct str){ exact, len }, &file, &error);
		CHECK(len >= last ? st == OK : st == INVALID);
		free(exact);
	}
}

/* Every allocation failed in turn. */
static void
out_of_memory(void)
{
	struct pabulib file;
	struct decide_error error;
	struct election e;
	enum status st;
	long n = 0;

	do {
		struct arena small;

		arena_init(&small, 1 << 20);
		small.fail_after = n++;
		st = pabulib_parse(&small, STR(SMALL), &file, &error);
		if (st == OK)
			st = pabulib_election(&file, DECIDE_COST, 0, &small, &e, &error);
		CHECK(st == OK || st == NO_MEMORY);
		arena_release(&small);
	} while (st != OK && n < 1000);
	CHECK(n > 20 && n < 1000);
}

static void
decimals(void)
{
	int64_t digits;
	int places;

	CHECK(pabulib_decimal(STR(" 2458488,220 "), &digits, &places) == OK);
	CHECK_INT(digits, 245848822);
	CHECK_INT(places, 2);
	CHECK(pabulib_decimal(STR("100000.0"), &digits, &places) == OK);
	CHECK(digits == 100000 && places == 0);
	CHECK(pabulib_decimal(STR("-0.05"), &digits, &places) == OK && digits == -5 && places == 2);
	CHECK(pabulib_decimal(STR("1000000000000000"), &digits, &places) == OK);
	CHECK(pabulib_decimal(STR("1000000000000001"), &digits, &places) == TOO_LARGE);
	CHECK(pabulib_decimal(STR("99999999999999999999999"), &digits, &places) == TOO_LARGE);
	CHECK(pabulib_decimal(STR("1.2.3"), &digits, &places) == INVALID);
	CHECK(pabulib_decimal(STR("1 000"), &digits, &places) == INVALID);
	CHECK(pabulib_decimal(STR("."), &digits, &places) == INVALID);
	CHECK(pabulib_decimal(STR(""), &digits, &places) == INVALID);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "reads what is there", reads_what_is_there },
		{ "builds an election", builds_an_election },
		{ "writes what it read", writes_what_it_read },
		{ "reads points", reads_points },
		{ "refuses bad files with line and field", refuses_bad_files },
		{ "refuses what is too large", refuses_what_is_too_large },
		{ "a file cut anywhere", cut_anywhere },
		{ "every allocation failed in turn", out_of_memory },
		{ "decimals are exact", decimals },
	};
	int bad;

	arena_init(&arena, 16 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
