/* folkmoot count of rankings and scores as a program. */
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>

#include "program.h"
#include "xml.h"

#define BLT                                                                                \
	"4 2\n9 1 2 0\n2 1 3 0\n4 3 4 0\n3 4 1 3 0\n2 2 0\n0\n\"Ann\"\n\"Bea\"\n\"Cem\"\n\"Dot\"\n\"T\"\n"

static void
check_text(json_t *o, const char *key, const char *want)
{
	CHECK_STR(str_of(json_string_value(json_object_get(o, key))), want);
}

static void
check_list(json_t *o, const char *key, const char *want)
{
	json_t *list = json_object_get(o, key);
	char text[200] = "";

	for (size_t i = 0; i < json_array_size(list); i++) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof text - len, "%s%s", i > 0 ? "," : "",
		         json_string_value(json_array_get(list, i)));
	}
	CHECK_STR(str_of(text), want);
}

static void
json_result(void)
{
	struct ran r, again;
	json_t *o, *stage;

	write_file("e.blt", BLT);
	r = run("e.blt --rule stv-scottish --json");
	CHECK_INT(r.code, 0);
	o = json_loads(r.out, 0, NULL);
	check_text(o, "rule", "stv-scottish");
	check_text(o, "utility", "none");
	check_text(o, "completion", "none");
	check_text(o, "total_cost", "0");
	CHECK(json_is_null(json_object_get(o, "budget")));
	CHECK_INT(json_integer_value(json_object_get(o, "voters")), 20);
	CHECK_INT(json_integer_value(json_object_get(o, "options")), 4);
	CHECK_INT(json_integer_value(json_object_get(o, "seats")), 2);
	check_list(o, "winners", "1,3");
	check_list(o, "winner_names", "Ann,Cem");
	stage = json_array_get(json_object_get(o, "stages"), 1);
	check_text(stage, "deed", "surplus");
	check_text(stage, "candidate", "1");
	check_text(stage, "surplus", "4.00000");
	check_text(stage, "transfer_value", "0.36363");
	check_list(stage, "transfers", "-4.00000,3.27267,0.72726,0.00000");
	check_text(stage, "lost", "0.00007");
	json_decref(o);
	again = run("--json e.blt --rule stv-scottish");
	CHECK(strcmp(r.out, again.out) == 0);
	CHECK(strstr(r.err, "counted in") != NULL);
	again = run("--json e.blt --rule stv-scottish --seats 1");
	CHECK(strstr(again.out, "\"winners\":[\"1\"]") != NULL);
	again = run("--json e.blt --rule stv-meek");
	CHECK(strstr(again.out, "\"winners\":[\"1\",\"2\"]") != NULL);
}

static void
pairwise_json(void)
{
	struct ran r;
	json_t *o;

	write_file("d.soc", "# NUMBER ALTERNATIVES: 3\n6: 1,2,3\n4: 2,3,1\n3: 3,1,2\n");
	r = run("d.soc --rule ranked-pairs --json --ties id");
	o = json_loads(r.out, 0, NULL);
	check_list(o, "winners", "1");
	check_list(o, "winning", "1");
	check_list(o, "order", "1,2,3");
	CHECK(strstr(r.out, "\"matrix\":[[0,9,6],[4,0,10],[7,3,0]]") != NULL);
	CHECK(strstr(r.out, "\"margins\":[[0,5,-1],[-5,0,7],[1,-7,0]]") != NULL);
	json_decref(o);
	r = run("d.soc --rule schulze --json --strength winning-votes --seats 2");
	CHECK(strstr(r.out, "\"paths\":[[0,9,9],[7,0,10],[7,7,0]]") != NULL);
	CHECK(strstr(r.out, "\"winners\":[\"1\",\"2\"]") != NULL);
}

static void
table_for_people(void)
{
	struct ran r;

	write_file("e.blt", BLT);
	r = run("e.blt --rule stv-scottish");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "surplus of Ann passed on, each ballot worth 0.36363") != NULL);
	CHECK(strstr(r.out, "elected: Cem") != NULL);
	r = run("e.blt --rule schulze");
	CHECK(strstr(r.out, "The whole order: ") != NULL);
	r = run("e.blt --rule stv-scottish --explain 4");
	CHECK_STR(str_of(r.out),
	          "Dot was excluded at stage 3 with the fewest votes: 3.00000.\n");
	r = run("e.blt --rule irv --explain 1");
	CHECK_STR(str_of(r.out), "Ann won place 1 at stage 1 with 11 votes: the quota is reached.\n");
}

static void
other_files(void)
{
	struct ran r;

	write_file("r.csv", "Rank 1,Rank 2\nB,A\nB,skipped\nA,B\n");
	r = run("r.csv --rule irv --json");
	CHECK(strstr(r.out, "\"winner_names\":[\"B\"]") != NULL);
	r = run("r.csv --rule approval --json"); /* B 3, A 2 */
	CHECK(strstr(r.out, "\"winner_names\":[\"B\"]") != NULL);
	write_file("s.csv", "A,B\n5,4\n5,4\n0,4\n");
	r = run("s.csv --rule score --json");
	CHECK(strstr(r.out, "\"winner_names\":[\"B\"]") != NULL);
	r = run("s.csv --rule star");
	CHECK(strstr(r.out, "in the final preferred by 2") != NULL);
	r = run("s.csv --rule majority-judgement --json");
	CHECK(strstr(r.out, "\"median\":5") != NULL);
	write_file("a.csv", "A,B\n1,0\n1,1\n");
	r = run("a.csv --rule approval --json");
	CHECK(strstr(r.out, "\"winner_names\":[\"A\"]") != NULL);
}

static void
vacancy(void)
{
	struct ran r;

	write_file("e.blt", BLT);
	r = run("e.blt --rule stv-scottish --vacancy 1 --json");
	CHECK(strstr(r.out, "\"winners\":[\"2\",\"3\"]") != NULL);
	CHECK(strstr(r.out, "\"vacancy\":\"1\"") != NULL);
	check_refused("e.blt --rule stv-scottish --vacancy 2", "Only somebody who was elected");
	check_refused("e.blt --rule stv-meek --vacancy 1", "Only stv-scottish and stv-wig");
}

static void
converted(void)
{
	struct ran r, again;

	write_file("e.blt", BLT);
	r = run("e.blt --rule irv --convert preflib");
	CHECK_INT(r.code, 0);
	write_file("e.toi", r.out);
	again = run("e.toi --rule irv --convert blt");
	CHECK_STR(str_of(again.out), BLT);
	r = run("e.blt --rule irv --convert csv");
	CHECK(strstr(r.out, "9,\"Ann\",\"Bea\",\n") != NULL);
	write_file("q.blt", "2 1\n1 1=2 0\n0\nA\nB\n");
	check_refused("q.blt --rule irv --convert csv", "without losing something");
}

static void
refused(void)
{
	write_file("e.blt", BLT);
	write_file("bad.blt", "2 1\n1 1 3 0\n0\nA\nB\n");
	write_file("s.csv", "A,B\n5,4\n");
	check_refused("e.blt --rule stv", "--rule can't be stv");
	check_refused("--rule irv", "the file is missing");
	check_refused("e.blt --rule irv --seats", "--seats needs a value");
	check_refused("e.blt --rule irv --seats 0", "--seats can't be 0");
	check_refused("e.blt --rule irv --seed xyz", "--seed can't be xyz");
	check_refused("e.blt --rule irv --ties coin", "--ties can't be coin");
	check_refused("e.blt --rule irv --utility cost", "unknown argument --utility");
	check_refused("e.blt --rule irv --explain 5", "no such candidate");
	check_refused("e.blt --rule irv --seats 2", "one seat only");
	check_refused("e.blt --rule stv-wig --seats 5", "more seats than candidates");
	check_refused("e.blt --rule star", "needs scores");
	check_refused("s.csv --rule irv", "Rank 1");
	check_refused("s.csv --rule approval", "scores of 0 and 1");
	check_refused("bad.blt --rule irv", "bad.blt:2: ballot: There is no candidate 3.");
	check_refused("e.pb --rule irv", "e.pb");
	check_refused("nothing.blt --rule irv", "nothing.blt");
}

/* Stages, who beats whom, totals; not medians. */
static void
drawn(void)
{
	static const char *const rules[] = { "stv-scottish", "stv-meek", "irv", "schulze", "borda" };
	static char text[40000], vacancy_text[40000];
	char arguments[200];

	write_file("e.blt", BLT);
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		snprintf(arguments, sizeof arguments, "e.blt --rule %s --svg %s.svg", rules[i], rules[i]);
		CHECK_INT(run(arguments).code, 0);
		snprintf(arguments, sizeof arguments, "%s.svg", rules[i]);
		slurp(arguments, text, sizeof text);
		CHECK(xml_is_well_formed(str_of(text)));
		CHECK(strstr(text, ">Ann</text>") != NULL);
	}
	CHECK_INT(run("e.blt --rule stv-scottish --svg before.svg").code, 0);
	CHECK_INT(run("e.blt --rule stv-scottish --vacancy 1 --svg vacancy.svg").code, 0);
	slurp("before.svg", text, sizeof text);
	slurp("vacancy.svg", vacancy_text, sizeof vacancy_text);
	CHECK(xml_is_well_formed(str_of(vacancy_text)) && strcmp(text, vacancy_text) != 0);
	check_refused("e.blt --rule stv-scottish --svg no/where.svg", "no/where.svg: No such file");
	check_refused("e.blt --rule stv-scottish --svg e.blt", "it was read just now");
	check_refused("e.blt --rule irv --svg p.svg --convert csv", "--convert counts nothing");
	write_file("s.csv", "Ann,Bea\n3,1\n2,2\n");
	check_refused("s.csv --rule majority-judgement --svg p.svg",
	              "--svg: Majority judgement is not drawn: no bar shows a median.");
	CHECK_INT(run("s.csv --rule star --svg star.svg").code, 0);
	slurp("star.svg", text, sizeof text);
	CHECK(xml_is_well_formed(str_of(text)) && strstr(text, "in the final preferred by") != NULL);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "JSON, the same bytes each time", json_result },
		{ "pairwise JSON", pairwise_json },
		{ "a table for people", table_for_people },
		{ "other files, other rules", other_files },
		{ "a vacancy", vacancy },
		{ "a picture", drawn },
		{ "converted", converted },
		{ "what is refused", refused },
	};

	return run_program_tests(argc, argv, NULL, cases, sizeof cases / sizeof *cases);
}
