/* folkmoot count --limits: the page docs/rules/limits.md is what the program prints, and files that
 * are no good are refused. */
#include <jansson.h>

#include "doc.h"
#include "program.h"
#include "xml.h"

static struct arena arena;
static struct str page;

static void
read_page(void)
{
	page = doc_read(&arena, "limits.md");
}

/* The page's files: each behind a line <!-- file: NAME -->. */
static void
write_files(void)
{
	struct str rest = page;
	int files = 0;

	for (; doc_behind(&rest, "<!-- file: "); files++) {
		const char *name = str_to_c(&arena, doc_until(&rest, " -->"));
		bool csv = str_ends(str_of(name), STR(".csv"));

		write_file(name, str_to_c(&arena, doc_block(&rest, csv ? "csv" : "pb")));
	}
	CHECK_INT(files, 5);
}

/* What the program prints for each line <!-- run: ARGUMENTS --> stands behind it. */
static void
worked_examples(void)
{
	struct str rest = page;
	int runs = 0;

	write_files();
	for (; doc_behind(&rest, "<!-- run: "); runs++) {
		struct ran r = run(str_to_c(&arena, doc_until(&rest, " -->")));
		struct str block = doc_block(&rest, "text");

		CHECK_INT(r.code, 0);
		CHECK_INT(block.len, strlen(r.out));
		doc_check(block, str_of(r.out));
	}
	CHECK_INT(runs, 4);
}

/* Rows, and what is said of them. The files are those of the page. */
static const struct {
	const char *rows, *says;
} bads[] = {
	{ "kind,name,projects\nexclusiv,x,\"path,books\"\n",
	  "bad.csv:2: kind: This must be exclusive, group, category, sizes, needs or pot." },
	{ "kind,name,max_winner\ncategory,indoors,1\n",
	  "bad.csv:1: max_winner: There can be no column max_winner here." },
	{ "kind,projects\nexclusive,\"path,books\"\n", "bad.csv:1: name: This column is missing." },
	{ "kind,name,projects\nexclusive,,\"path,books\"\n", "bad.csv:2: name: This cell is empty." },
	{ "kind,name,projects\nexclusive,x,\n", "bad.csv:2: projects: This cell is empty." },
	{ "kind,name\nexclusive,x\n", "bad.csv:2: projects: This cell is empty." },
	{ "kind,name,projects\nexclusive,x,\"path,pth\"\n",
	  "bad.csv:2: projects: There is no project pth." },
	{ "kind,name,projects\nexclusive,x,\"path,books,\"\n",
	  "bad.csv:2: projects: The list has a comma too many." },
	{ "kind,name,projects\nexclusive,x,\",path,books\"\n",
	  "bad.csv:2: projects: The list has a comma too many." },
	{ "kind,name,projects\nneeds,path,\"books,\"\n",
	  "bad.csv:2: projects: The list has a comma too many." },
	{ "kind,name,projects\n",
	  "bad.csv:1: There is no limit below the headings: write a row for each." },
	{ "kind,name,projects\nexclusive,x,\"path,books,path\"\n",
	  "bad.csv:2: projects: path is there twice." },
	{ "kind,name,projects\nexclusive,x,path\n",
	  "bad.csv:2: projects: Name two projects or more." },
	{ "kind,name,projects,max_winners\nexclusive,x,\"path,books\",2\n",
	  "bad.csv:2: max_winners: This cell must be empty in a row of kind exclusive." },
	{ "kind,name,projects\nexclusive,x,\"path,books\"\nexclusive,x,\"ramp,books\"\n",
	  "bad.csv:3: name: Two groups are called x." },
	{ "kind,name,projects\ngroup,x,\"path,books\"\n",
	  "bad.csv:2: max_winners: x has no limit: give it a minimum or a maximum." },
	{ "kind,name,projects,max_winners\ngroup,x,path,0\n",
	  "bad.csv:2: max_winners: Nothing of x could win: the maximum must be 1 or more." },
	{ "kind,name,projects,max_cost\ngroup,x,path,0\n",
	  "bad.csv:2: max_cost: Nothing of x that costs something could win: the maximum must be above 0." },
	{ "kind,name,max_winners\ncategory,indoors,one\n",
	  "bad.csv:2: max_winners: This must be a whole number." },
	{ "kind,name,max_winners\ncategory,sport,1\n",
	  "bad.csv:2: name: No project has the category sport." },
	{ "kind,name,min_winners,max_winners\ncategory,outdoors,3,2\n",
	  "bad.csv:2: min_winners: The least number of winners of outdoors is more than the most." },
	{ "kind,name,min_cost,max_cost\ncategory,outdoors,300,200\n",
	  "bad.csv:2: min_cost: The least money for outdoors is more than the most." },
	{ "kind,name,max_cost\ncategory,outdoors,-1\n",
	  "bad.csv:2: max_cost: An amount can't be below 0." },
	{ "kind,name,min_cost\ncategory,indoors,341\n",
	  "bad.csv:2: min_cost: All projects of indoors together cost less than that." },
	{ "kind,name,projects,min_cost\ngroup,x,\"path,benches,books\",1001\n",
	  "bad.csv:2: min_cost: The least money for x is more than the budget." },
	{ "kind,name,min_cost\ncategory,outdoors,700\ncategory,indoors,301\n",
	  "bad.csv:3: min_cost: With indoors, all groups together must have more than the budget." },
	{ "kind,name,min_winners\ncategory,indoors,3\n",
	  "bad.csv:2: min_winners: indoors has fewer projects than must win." },
	{ "kind,name,projects,min_winners\ncategory,indoors,,1\ngroup,x,\"path,ramp\",1\n",
	  "bad.csv:3: projects: ramp is already in a group that has a minimum." },
	{ "kind,name,projects\nneeds,lamp,path\n", "bad.csv:2: name: There is no project lamp." },
	{ "kind,name,projects\nneeds,path,path\n",
	  "bad.csv:2: projects: path needs itself, by way of what it needs." },
	{ "kind,name,projects\nneeds,path,books\nneeds,ramp,bulbs\nneeds,books,ramp\nneeds,bulbs,path\n",
	  "bad.csv:2: projects: path needs itself, by way of what it needs." },
	{ "kind,name,projects\nexclusive,x,\"path,ramp\"\nneeds,path,books\nneeds,books,ramp\n",
	  "bad.csv:3: projects: With all that it needs, it would be more of x than may win." },
	{ "kind,name,projects,max_cost\ngroup,x,\"path,ramp\",639\nneeds,path,ramp,\n",
	  "bad.csv:3: projects: With all that it needs, it would be more of x than may win." },
	{ "kind,name,projects\nsizes,x,\"path,ramp\"\n",
	  "bad.csv:2: projects: Name the sizes from the cheapest on: ramp costs no more than the one before." },
	{ "kind,name,projects\nsizes,x,\"ramp,path\"\nsizes,y,\"bulbs,ramp\"\n",
	  "bad.csv:3: projects: ramp is already a size of something else." },
	{ "kind,name,projects,budget\npot,x,\"path,benches\",1000\n",
	  "bad.csv: projects: books is in no pot." },
	{ "kind,name,projects,budget\npot,x,path,0\n",
	  "bad.csv:2: budget: The budget must be above zero." },
	{ "kind,name,projects,budget\npot,x,\"path,benches\",500\npot,y,\"path,ramp\",500\n",
	  "bad.csv:3: projects: path is in two pots." },
	{ "kind,name,projects,budget\npot,x,path,500\npot,x,ramp,500\n",
	  "bad.csv:3: name: Two pots are called x." },
	{ "kind,name,projects,budget\npot,x,\"path,benches\",500\npot,y,\"ramp,books,bulbs\",400\n",
	  "bad.csv: budget: The pots together don't have the budget that the votes' file says." },
	{ "kind,name,projects,budget\npot,x,\"path,benches\",500\npot,y,\"ramp,books,bulbs\",500\n"
	  "exclusive,z,\"path,ramp\",\n", "bad.csv:4: projects: z has projects of two pots." },
	{ "kind,name,projects,budget\npot,x,\"path,benches\",500\npot,y,\"ramp,books,bulbs\",500\n"
	  "needs,path,ramp,\n", "bad.csv:4: projects: ramp is in another pot." },
	{ "kind,name,projects,budget,voters\npot,x,\"path,benches,ramp,books,bulbs\",1000,north\n",
	  "bad.csv:2: voters: The votes don't say who lives where" },
	{ "kind,name,projects\nexclusive,x,path,books\n", "bad.csv:2: " },
};

/* File, line, field, reason; and the same for both ways to print. */
static void
bad_files(void)
{
	write_files();
	for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
		write_file("bad.csv", bads[i].rows);
		check_refused("vote.pb --rule greedy --limits bad.csv", bads[i].says);
		check_refused("vote.pb --rule equal-shares --json --limits bad.csv", bads[i].says);
	}
	write_file("bad.csv", "kind,name,projects,budget,voters\n"
	                      "pot,a,\"lamps-n,swings-n,lamps-s,swings-s\",600,\"north,sauth\"\n"
	                      "pot,b,\"trees-few,trees-many\",400,\n");
	check_refused("town.pb --rule greedy --limits bad.csv",
	              "bad.csv:2: voters: No voter's district is called sauth.");
	write_file("bad.csv", "kind,name,projects,budget,voters\n"
	                      "pot,a,\"lamps-n,swings-n,lamps-s,swings-s\",600,\"north,\"\n"
	                      "pot,b,\"trees-few,trees-many\",400,\n");
	check_refused("town.pb --rule greedy --limits bad.csv",
	              "bad.csv:2: voters: The list has a comma too many.");
	check_refused("vote.pb --rule greedy --limits none.csv", "none.csv: No such file");
	check_refused("vote.pb --rule greedy --limits", "--limits needs a value");
	check_refused("town.pb --rule greedy --limits town.csv --explain path",
	              "There is no project path.");
}

/* A way to count that can't keep to limits is named, and those that can. */
static void
other_rules(void)
{
	write_files();
	check_refused("vote.pb --rule equal-shares-overspending --limits field.csv",
	              "rule: equal-shares-overspending can't keep to limits: choose greedy, "
	              "greedy-no-skip, greedy-threshold, equal-shares or phragmen.");
	check_refused("vote.pb --rule equal-shares --completion exact --limits field.csv",
	              "completion: exact can't keep to limits: choose none, add1, add1-official, "
	              "add1u, greedy or comparison.");
}

/* One of a thing is not "1 things". */
static void
singular(void)
{
	struct ran r;

	write_file("one.pb", "META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;100\n"
	                     "vote_type;approval\nPROJECTS\nproject_id;cost\na;10\n"
	                     "VOTES\nvoter_id;vote\n1;a\n");
	write_file("one.csv", "kind,name,projects,budget\npot,all,a,100\n");
	r = run("one.pb --rule equal-shares --completion add1 --limits one.csv --sensitivity 1");
	CHECK(strstr(r.out, "\n1 voter, 1 option, budget 100\n") != NULL);
	CHECK(strstr(r.out, "\nall: 1 voter, 1 option, budget 100\n") != NULL);
	CHECK(strstr(r.out, "\nOne winner costs 10, left 90.\n") != NULL);
	CHECK(strstr(r.out, "\n1 of 1 voter has a winner among their choices.\n") != NULL);
	CHECK(strstr(r.out, "1 voters") == NULL && strstr(r.out, "1 options") == NULL);
}

/* Where a file limits nothing, the result is that without one but for what says so. */
static void
nothing_limited(void)
{
	static const char *const rules[] = { "greedy", "greedy-no-skip", "phragmen", "equal-shares",
	                                     "equal-shares --completion add1u" };

	write_files();
	write_file("none.csv", "kind,name,projects,max_winners\ngroup,x,\"path,books\",2\n");
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		char arguments[200];
		json_t *with, *without;
		struct ran r;

		snprintf(arguments, sizeof arguments, "vote.pb --json --rule %s", rules[i]);
		r = run(arguments);
		without = json_loads(r.out, 0, NULL);
		snprintf(arguments, sizeof arguments, "vote.pb --json --limits none.csv --rule %s",
		         rules[i]);
		r = run(arguments);
		with = json_loads(r.out, 0, NULL);
		CHECK(json_object_del(with, "limits_sha256") == 0);
		CHECK(json_object_del(with, "groups") == 0 && json_object_del(with, "kept_out") == 0);
		CHECK(json_object_del(json_object_get(with, "detail"), "groups") == 0);
		CHECK(json_equal(with, without));
		json_decref(with);
		json_decref(without);
	}
}

static const char *
text_at(const json_t *o, const char *first, const char *second, const char *third)
{
	o = json_object_get(json_object_get(o, first), second);
	return json_string_value(third == NULL ? o : json_object_get(o, third));
}

static void
json_results(void)
{
	json_t *o, *pot;
	struct ran r;

	write_files();
	write_file("full.csv", "kind,name,projects,max_winners,max_cost,min_winners\n"
	                       "exclusive,field,\"path,benches\",,,\n"
	                       "group,bag,\"books,bulbs\",,200,\n"
	                       "needs,ramp,benches,,,\n");
	r = run("vote.pb --rule greedy --limits full.csv --json");
	o = json_loads(r.out, 0, NULL);
	CHECK_STR(str_of(text_at(o, "kept_out", "benches", "why")), "excluded");
	CHECK_STR(str_of(text_at(o, "kept_out", "benches", "other")), "path");
	CHECK_STR(str_of(text_at(o, "kept_out", "benches", "group")), "field");
	CHECK_STR(str_of(text_at(o, "kept_out", "bulbs", "why")), "group-full");
	CHECK_STR(str_of(text_at(o, "kept_out", "bulbs", "group")), "bag");
	CHECK_STR(str_of(text_at(o, "kept_out", "ramp", "why")), "needs-other");
	CHECK_STR(str_of(text_at(o, "kept_out", "ramp", "other")), "benches");
	CHECK_INT((int64_t)json_object_size(json_object_get(o, "kept_out")), 3);
	CHECK_INT((int64_t)json_array_size(json_object_get(o, "groups")), 2);
	json_decref(o);
	r = run("town.pb --rule equal-shares --limits town.csv --json --explain swings-n");
	o = json_loads(r.out, 0, NULL);
	pot = json_array_get(json_object_get(o, "pots"), 1);
	CHECK_INT((int64_t)json_array_size(json_object_get(o, "pots")), 3);
	CHECK_INT((int64_t)json_array_size(json_object_get(o, "winners")), 3);
	CHECK_STR(str_of(json_string_value(json_object_get(o, "total_cost"))), "700");
	CHECK_STR(str_of(json_string_value(json_object_get(pot, "name"))), "South");
	CHECK_INT(json_integer_value(json_object_get(pot, "not_entitled")), 1);
	CHECK_INT(json_integer_value(json_object_get(pot, "voters")), 5);
	CHECK(json_object_get(pot, "explained") == NULL);
	pot = json_array_get(json_object_get(o, "pots"), 0);
	CHECK_STR(str_of(json_string_value(json_object_get(json_object_get(pot, "explained"),
	                                                   "highest_cost"))), "70");
	json_decref(o);
}

/* Whom limits kept out is in the picture too; several budgets are not one picture. */
static void
drawn(void)
{
	static char text[40000];

	write_files();
	write_file("full.csv", "kind,name,projects,max_winners,max_cost,min_winners\n"
	                       "exclusive,field,\"path,benches\",,,\n"
	                       "group,bag <2>,\"books,bulbs\",,200,\n"
	                       "needs,ramp,benches,,,\n");
	CHECK_INT(run("vote.pb --rule greedy --limits full.csv --svg full.svg").code, 0);
	slurp("full.svg", text, sizeof text);
	CHECK(xml_is_well_formed(str_of(text)));
	CHECK(strstr(text, ">can't win beside ") != NULL && strstr(text, ">can't win without ") != NULL);
	CHECK(strstr(text, ">no more may win of bag &lt;2&gt;</text>") != NULL);
	check_refused("vote.pb --rule greedy --limits full.csv --svg full.csv", "it was read just now");
	check_refused("town.pb --rule greedy --limits town.csv --svg town.svg",
	              "town.csv: --svg: There are several pots, and a picture shows one budget.");
}

/* A minimum that can't be had is said to be missed. */
static void
missed(void)
{
	struct ran r;

	write_files();
	write_file("least.csv", "kind,name,projects,min_winners\ngroup,green,\"bulbs,benches\",2\n"
	                        "needs,bulbs,books,\n");
	r = run("vote.pb --rule equal-shares --limits least.csv");
	CHECK(strstr(r.out, "at least 2 to win: the minimum was not reached.") != NULL);
}

/* A size supports the larger ones with its own points, up to one that has points of its own. */
static void
sizes_with_points(void)
{
	json_t *o;
	struct ran r;

	write_file("sizes.pb", "META\nkey;value\nnum_projects;3\nnum_votes;2\nbudget;100\n"
	                       "vote_type;cumulative\nPROJECTS\nproject_id;cost\ns;10\nm;20\nl;30\n"
	                       "VOTES\nvoter_id;vote;points\n1;l,s;2,5\n2;m;1\n");
	write_file("sizes.csv", "kind,name,projects\nsizes,x,\"s,m,l\"\n");
	r = run("sizes.pb --rule greedy --utility cost-points --limits sizes.csv --json --explain l");
	o = json_loads(r.out, 0, NULL);
	/* s: 5; m: 5 and 1; l: 2 and 1 */
	CHECK_STR(str_of(json_string_value(json_array_get(json_object_get(o, "winners"), 0))), "m");
	CHECK_INT(json_integer_value(json_object_get(json_object_get(o, "explained"), "votes")), 2);
	CHECK_INT(json_integer_value(json_object_get(json_object_get(o, "explained"),
	                                             "more_ballots")), 1);
	json_decref(o);
}

/* What knapsack ballots may cost, and how many cost more. */
static void
knapsacks(void)
{
	struct ran r;

	write_file("bag.pb", "META\nkey;value\nnum_projects;2\nnum_votes;3\nbudget;100.5\n"
	                     "max_sum_cost;30.25\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
	                     "a;10.25\nb;20\nVOTES\nvoter_id;vote\n1;a,b\n2;b\n3;\n");
	r = run("bag.pb --rule greedy --json");
	CHECK(strstr(r.out, "\"over_max_sum_cost\":0,") != NULL);
	write_file("bag.pb", "META\nkey;value\nnum_projects;2\nnum_votes;3\nbudget;100.5\n"
	                     "max_sum_cost;30.249\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
	                     "a;10.25\nb;20\nVOTES\nvoter_id;vote\n1;a,b\n2;b\n3;\n");
	r = run("bag.pb --rule greedy --json");
	CHECK(strstr(r.out, "\"over_max_sum_cost\":1,") != NULL);
	r = run("bag.pb --rule greedy");
	CHECK(strstr(r.out, "Ballots that cost more than one may, counted as they stand: 1\n") != NULL);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "docs/rules/limits.md", worked_examples },
		{ "bad files of limits", bad_files },
		{ "ways that can't keep to limits", other_rules },
		{ "one of a thing", singular },
		{ "a file that limits nothing", nothing_limited },
		{ "JSON: whom a limit kept out, and pots", json_results },
		{ "a picture under limits", drawn },
		{ "a minimum that is missed", missed },
		{ "sizes with points", sizes_with_points },
		{ "knapsack ballots", knapsacks },
	};
	int bad;

	arena_init(&arena, 16 << 20);
	bad = run_program_tests(argc, argv, read_page, cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
