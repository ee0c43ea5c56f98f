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
	/* Blank votes of people who are called like sections. */
	round_trip(META PROJECTS "1;50;Park\n2;2;\n3;7;\n" VOTES "\"Votes\";;\n\"\"meta;;\n \"\";1;\n"
	           "\" projects \";;\n");

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
	{ "a project twice, with a long id",
	  META_OF("approval", "") "a name of many letters;5\na name of many letters;6\n", 10,
	  "project_id" },
	{ "a vote for a long id not known",
	  META_OF("approval", "") "a name of many letters;5\n2;5\nVOTES\nvoter_id;vote\n"
	  "a;a name of many letterz\n", 13, "vote" },
	{ "a vote for an id that only begins so", META_OF("approval", "") "1;5\n2;5\nVOTES\n"
	  "voter_id;vote;sex\na;11;abcdefghijklmnop\n", 13, "vote" },
	{ "a vote for an id with zeros before it", META_OF("approval", "") "1;5\n2;5\nVOTES\n"
	  "voter_id;vote;sex\na;01;abcdefghijklmnop\n", 13, "vote" },
	{ "a vote that begins with a comma", META_OF("approval", "") "1;5\n2;5\nVOTES\n"
	  "voter_id;vote;sex\na;,1;abcdefghijklmnop\n", 13, "vote" },
	{ "too many cells in a vote", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote;sex\n"
	  "a;1;f;abcdefghijklmnopqrstuvw\n", 13, "" },
	{ "too few cells in a vote", META_OF("approval", "") "1;5\n2;5\nVOTES\nvoter_id;vote;sex;age\n"
	  "a;1;abcdefghijklmnopqrstuvw\n", 13, "age" },
	{ "more points than can be counted",
	  META_OF("scoring", "") "1;5\n2;5\nVOTES\nvoter_id;vote;points\na;1;1000001\n", 13, "points" },
	{ "points that are no number",
	  META_OF("scoring", "") "1;5\n2;5\nVOTES\nvoter_id;vote;points\na;1,2;1,2x\n", 13, "points" },
	{ "points missing between commas",
	  META_OF("scoring", "") "1;5\n2;5\nVOTES\nvoter_id;vote;points\na;1,2;,2\n", 13, "points" },
	{ "one above 10^15", META_OF("approval", "") "1;1000000000000001\n", 9, "cost" },
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

/* Text is looked at eight bytes at a time: what is wrong is found wherever it stands. */
static void
utf8_everywhere(void)
{
	static const struct str good[] = { STR_INIT("\xc5\xbc"), STR_INIT("\xe2\x82\xac"),
		STR_INIT("\xf0\x9f\x98\x80"), STR_INIT("\xf4\x8f\xbf\xbf"), STR_INIT("\x7f") };
	static const struct str wrong[] = { STR_INIT("\0"), STR_INIT("\x80"), STR_INIT("\xc1\x81"),
		STR_INIT("\xc5z"), STR_INIT("\xe0\x9f\xbf"), STR_INIT("\xe2\x82z"),
		STR_INIT("\xed\xa0\x80"), STR_INIT("\xf0\x8f\xbf\xbf"), STR_INIT("\xf0\x9f\x98z"),
		STR_INIT("\xf4\x90\x80\x80"), STR_INIT("\xf5\x80\x80\x80"), STR_INIT("\xff") };
	enum { GOOD = sizeof good / sizeof *good, ALL = GOOD + sizeof wrong / sizeof *wrong };

	for (size_t k = 0; k < ALL; k++)
		for (size_t before = 0; before < 20; before++)
			for (size_t behind = 0; behind < 20; behind++) {
				struct str odd = k < GOOD ? good[k] : wrong[k - GOOD];
				size_t len = 5 + before + odd.len + behind;
				char *exact = malloc(len); /* its end is where a sanitizer looks */
				struct pabulib file;
				struct decide_error error = { 0 };

				memset(exact, 'a', len);
				memcpy(exact, "META\n", 5);
				memcpy(exact + 5 + before, odd.ptr, odd.len);
				arena_reset(&arena);
				CHECK(pabulib_parse(&arena, (struct str){ exact, len }, &file, &error) ==
				      INVALID);
				CHECK_INT(error.line, 2);
				CHECK_STR(str_of(error.message.text), k < GOOD
					? "META must have the header key;value."
					: "This line is not text in UTF-8.");
				free(exact);
			}
}

/* Ids are compared in another way from 8 and from 16 bytes on; "01" is not "1". */
static void
ids_of_every_length(void)
{
	static const char *const ids[] = { "1", "01", "001", "12345678", "1234567", "123456789",
		"\xc5\xbb/15", "fifteen-bytes/1", "fifteen-bytes/2", "sixteen--bytes/1", "sixteen--bytes/2",
		"seventeen-bytes/1", "seventeen-bytes/2", "seventeen-bytes/12", "two words" };
	enum { IDS = sizeof ids / sizeof *ids };
	static const struct {
		const char *before, *behind;
	} ways[] = { { "", "\n" }, { " ", " \n" }, { "\"", "\"\n" }, { "", "" }, { "\"", "\"" },
		{ "", "\r\n" } };
	struct pabulib file;
	struct decide_error error;
	char text[8000];

	for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
		for (size_t asked = 0; asked < IDS; asked++) {
			size_t len = (size_t)snprintf(text, sizeof text, "META\nkey;value\nbudget;5\n"
				"num_projects;%d\nnum_votes;3\nvote_type;approval\nPROJECTS\n"
				"project_id;cost\n", IDS);

			for (size_t i = 0; i < IDS; i++)
				len += (size_t)snprintf(text + len, sizeof text - len, "%s;1\n", ids[i]);
			len += (size_t)snprintf(text + len, sizeof text - len, "VOTES\nvoter_id;vote\n"
				"u;%s,%s\nw;%s,%s,%s\n", ids[asked], ids[2], ids[0], ids[asked], ids[1]);
			snprintf(text + len, sizeof text - len, "v;%s%s%s", ways[way].before, ids[asked],
			         ways[way].behind);
			CHECK(parse(text, &file, &error) == OK);
			CHECK_INT(file.option[file.start[0]], asked);
			CHECK_INT(file.option[file.start[1]], 0);
			CHECK_INT(file.option[file.start[1] + (asked > 0)], asked);
			CHECK_INT(file.start[3] - file.start[2], 1);
			CHECK_INT(file.option[file.start[2]], asked);
		}
}

/* Rows without quotes are split in another way than those with. */
static void
quotes_late(void)
{
	struct pabulib file;
	struct decide_error error;
	struct str cells[3];

	CHECK(parse(META PROJECTS "1;50;Park\n2;2;\n3;7;\n" VOTES
	            "a;1,3;30\nb;2;\nc;;;;\n\"d\";\"3,1\";\"a;\"\"b\"", &file, &error) == OK);
	CHECK_INT(file.start[4], 5);
	CHECK_INT(file.option[3], 2);
	CHECK_INT(file.option[4], 0);
	CHECK(pabulib_cells(&file, &file.votes, 3, &arena, cells) == OK);
	CHECK_STR(cells[0], "d");
	CHECK_STR(cells[2], "a;\"b");
	CHECK(parse(META PROJECTS "1;50;Park\n2;2;\n3;7;\n" VOTES
	            "a;1,3;30\nb;2;\nc;;\nd;3;\"", &file, &error) == INVALID);
	CHECK_INT(error.line, 19);
	CHECK_STR(str_of(error.message.text), "A quote is opened here and never closed.");
	/* A vote that is a copy, as its quotes are doubled, and of which no byte behind is read. */
	CHECK(parse(META PROJECTS "\"a\"\"b\";50;Park\n2;2;\n3;7;\n" VOTES
	            "a;\"2,a\"\"b\";30\nb;\"a\"\"b,a\"\"b\";\nc;;\nd;a\"b;\n", &file, &error) == OK);
	CHECK_INT(file.start[4], 4);
	CHECK_INT(file.option[1], 0);
	CHECK_INT(file.option[2], 0);
}

/* 10^15 minor units are counted exactly, and no more. */
static void
largest_cost(void)
{
	struct pabulib file;
	struct election e;
	struct decide_error error;

	CHECK(parse("META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;1000000000000000\n"
	            "vote_type;approval\nPROJECTS\nproject_id;cost\n1;1000000000000000\n"
	            "VOTES\nvoter_id;vote\na;1\n", &file, &error) == OK);
	CHECK(pabulib_election(&file, DECIDE_COST, 0, &arena, &e, &error) == OK);
	CHECK_INT(e.options[0].cost, 1000000000000000);
	CHECK(pabulib_election(&file, DECIDE_COST, 1, &arena, &e, &error) == INVALID);
	CHECK_STR(error.field, "budget");
}

/* Ballots that say the same are one, in whatever order they say it. */
static void
merges_ballots(void)
{
	enum { OPTIONS = 10000, NAMED = 300 };
	static uint32_t choices[NAMED + 1], points[NAMED + 1];
	static char ids[OPTIONS][8];

	for (int with_points = 0; with_points < 2; with_points++) {
		struct election_making making;
		struct election e;
		struct decide_error error;

		arena_reset(&arena);
		election_begin(&making, &arena, 0, 100);
		for (int i = 0; i < OPTIONS; i++) {
			snprintf(ids[i], sizeof ids[i], "%d", i);
			election_option(&making, str_of(ids[i]), 1, false);
		}
		for (uint32_t ballot = 0; ballot < 1000; ballot++) {
			/* Five kinds, each begun at another place, the first choice named twice. */
			uint32_t kind = ballot % 5, count = kind == 4 ? NAMED : kind;

			for (uint32_t i = 0; i < count; i++) {
				choices[i] = (i + ballot) % count * 33 + kind;
				points[i] = choices[i] % 7 + 1;
			}
			choices[count] = choices[0];
			points[count] = points[0] + 1;
			election_ballot(&making, choices, with_points ? points : NULL,
			                count == 0 ? 0 : count + 1);
		}
		CHECK(election_end(&making, &e, &error) == OK);
		CHECK_INT(e.voters, 1000);
		CHECK_INT(e.ballot_count, 5);
		CHECK_INT(e.start[5], 1 + 2 + 3 + NAMED);
		for (size_t b = 0; b < e.ballot_count; b++) {
			/* Which of the five it is; the election keeps its own order. */
			uint32_t kind = e.start[b] == e.start[b + 1] ? 0 : e.choice[e.start[b]];

			CHECK_INT(e.weight[b], 200);
			for (uint32_t i = e.start[b]; i < e.start[b + 1]; i++) {
				CHECK_INT(e.choice[i], (i - e.start[b]) * 33 + kind);
				CHECK(!with_points || e.points[i] == e.choice[i] % 7 + 1);
			}
		}
	}
}

/* More distinct ballots than there is room for at first. */
static void
many_ballots(void)
{
	static uint8_t seen[9999];
	int blank = 0, once = 0;
	struct election_making making;
	struct election e;
	struct decide_error error;

	arena_reset(&arena);
	election_begin(&making, &arena, 0, 100);
	for (int i = 0; i < 3; i++)
		election_option(&making, i == 0 ? STR("a") : i == 1 ? STR("b") : STR("c"), 1, false);
	election_ballot(&making, NULL, NULL, 0);
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 9999; i++)
			election_ballot(&making, (uint32_t[]){ 2, 0 },
			                (uint32_t[]){ i % 99 + 1, i / 99 + 1 }, 2);
	election_ballot(&making, (uint32_t[]){ 1, 2 }, (uint32_t[]){ 0, 0 }, 2);
	CHECK(election_end(&making, &e, &error) == OK);
	CHECK_INT(e.voters, 20000);
	CHECK_INT(e.ballot_count, 10000);
	for (size_t b = 0; b < e.ballot_count; b++) {
		const uint32_t *points = e.points + e.start[b];
		size_t length = e.start[b + 1] - e.start[b];

		CHECK_INT(e.weight[b], 2); /* the blank one, and one that gives nothing to anything */
		CHECK(length == 0 || length == 2);
		blank += length == 0;
		if (length == 2)
			seen[(points[0] - 1) * 99 + points[1] - 1]++;
	}
	CHECK_INT(blank, 1);
	for (size_t i = 0; i < 9999; i++)
		once += seen[i] == 1;
	CHECK_INT(once, 9999);
	CHECK_INT(e.options[1].votes, 0);
	CHECK_INT(e.options[2].votes, 2 * 9999);
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
		{ "UTF-8 wherever it stands", utf8_everywhere },
		{ "ids of every length", ids_of_every_length },
		{ "a quote in the last row", quotes_late },
		{ "the largest cost", largest_cost },
		{ "ballots alike are one", merges_ballots },
		{ "many ballots", many_ballots },
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
