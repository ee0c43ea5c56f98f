/* folkmoot count as a program: what it prints, what it refuses and how it ends. */
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>

#include "program.h"
#include "xml.h"

#define ELECTION                                                                           \
	"META\nkey;value\nnum_projects;3\nnum_votes;12\nbudget;120.00\nvote_type;approval\n"   \
	"PROJECTS\nproject_id;cost;name\na;70;Swings\nb;30.0;Ramp\nc;20.5;Books\n"              \
	"VOTES\nvoter_id;vote\n1;a\n2;a\n3;a\n4;a\n5;a\n6;a\n7;a\n8;a\n9;a,b\n10;a,b\n11;b\n12;b\n"

static void
json_result(void)
{
	struct ran r, again;
	json_t *o;

	write_file("e.pb", ELECTION);
	r = run("e.pb --rule equal-shares --completion add1 --ties id --json");
	CHECK_INT(r.code, 0);
	o = json_loads(r.out, 0, NULL);
	CHECK_STR(str_of(json_string_value(json_object_get(o, "rule"))), "equal-shares");
	CHECK_STR(str_of(json_string_value(json_object_get(o, "utility"))), "cost");
	CHECK_STR(str_of(json_string_value(json_object_get(o, "completion"))), "add1");
	CHECK_STR(str_of(json_string_value(json_object_get(o, "budget"))), "120");
	CHECK_STR(str_of(json_string_value(json_object_get(o, "total_cost"))), "100");
	CHECK_INT(json_integer_value(json_object_get(o, "voters")), 12);
	CHECK_INT(json_integer_value(json_object_get(o, "options")), 3);
	CHECK_STR(str_of(json_string_value(json_array_get(json_object_get(o, "winners"), 0))), "a");
	CHECK_STR(str_of(json_string_value(json_array_get(json_object_get(o, "winners"), 1))), "b");
	json_decref(o);
	again = run("--ties id --json --completion add1 --rule equal-shares e.pb");
	CHECK(strcmp(r.out, again.out) == 0);
	CHECK(strstr(r.err, "counted in") != NULL);
}

static void
table_for_people(void)
{
	struct ran r;

	write_file("e.pb", ELECTION);
	r = run("e.pb --rule equal-shares --utility cost");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "Swings") != NULL);
	CHECK(strstr(r.out, "supporters could pay 26") != NULL);
	CHECK(strstr(r.out, "nobody chose it") != NULL);
	CHECK(strstr(r.out, "10 of 12 voters") != NULL);
	r = run("e.pb --rule greedy");
	CHECK(strstr(r.out, "2 winners cost 100, left 20.") != NULL);
}

/* Words are cut to their column, numbers never. */
static void
wide_numbers(void)
{
	struct ran r;

	write_file("e.pb", "META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;1000000000000000\n"
	           "vote_type;approval\nPROJECTS\nproject_id;cost;name\n1;999999999999999;"
	           "A bridge over the river with a very long name\nVOTES\nvoter_id;vote\n1;1\n");
	r = run("e.pb --rule greedy");
	CHECK(strstr(r.out, " 999999999999999 ") != NULL);
	CHECK(strstr(r.out, "A bridge over") != NULL && strstr(r.out, "very long name") == NULL);
}

/* Shares that are raised without steps, and those that may be overspent. */
static void
kinds_of_shares(void)
{
	struct ran r;

	write_file("e.pb", ELECTION);
	r = run("e.pb --rule equal-shares --completion exact");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "completion exact") != NULL);
	CHECK(strstr(r.out, "Each voter's share was 14.5, raised 1 time.") != NULL);
	r = run("e.pb --rule equal-shares-overspending --utility cardinality --json");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "\"rule\":\"equal-shares-overspending\"") != NULL);
	r = run("e.pb --rule equal-shares-overspending");
	CHECK(strstr(r.out, "Each voter's share was 10.\n") != NULL);
	check_refused("e.pb --rule equal-shares --completion exact --utility points",
	              "--completion exact goes with --utility cost or cardinality");
	check_refused("e.pb --rule equal-shares-overspending --utility borda",
	              "--rule equal-shares-overspending goes with --utility cost or cardinality");
	check_refused("e.pb --rule equal-shares-overspending --completion add1",
	              "--completion goes with");
}

/* An increment finer than the file's money. */
static void
fine_increment(void)
{
	struct ran r;

	write_file("e.pb", ELECTION);
	r = run("e.pb --rule equal-shares --completion add1 --increment 0.0625 --json");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "\"increment\":\"0.0625\"") != NULL);
	CHECK(strstr(r.out, "\"increments\":16") != NULL);
}

/* The books would win for nothing only (nobody chose them: not even then). */
static void
explained(void)
{
	struct ran r;

	write_file("e.pb", ELECTION);
	r = run("e.pb --rule greedy --explain c");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "c nobody chose it.") != NULL);
	CHECK(strstr(r.out, "at no cost, not even for nothing") != NULL);
	CHECK(strstr(r.out, "With 4 more voters for it alone it would have won") != NULL);
	r = run("e.pb --rule greedy --explain c --json");
	CHECK(strstr(r.out, "\"highest_cost\":null") != NULL);
	CHECK(strstr(r.out, "\"more_ballots\":4") != NULL);
	r = run("e.pb --rule greedy --explain a --json");
	CHECK(strstr(r.out, "\"place\":1") != NULL);
	check_refused("e.pb --rule greedy --explain d", "There is no project d.");
}

static void
measured(void)
{
	struct ran r;

	write_file("e.pb", ELECTION);
	r = run("e.pb --rule equal-shares --measures --sensitivity 10");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "Gini coefficient of influence 0.") != NULL);
	CHECK(strstr(r.out, "No group of voters was passed over") != NULL);
	CHECK(strstr(r.out, "phragmen, cost, none:") != NULL);
	CHECK(strstr(r.out, "One voter fewer: ") != NULL);
	r = run("e.pb --rule equal-shares --measures --sensitivity 10 --json");
	CHECK(strstr(r.out, "\"measures\":{") != NULL && strstr(r.out, "\"sensitivity\":{") != NULL);
}

/* Points and ranks are asked of ballots that have them only. */
static void
utilities(void)
{
	struct ran r;

	write_file("e.pb", ELECTION);
	check_refused("e.pb --rule equal-shares --utility points", "These ballots give no points");
	check_refused("e.pb --rule greedy --utility borda", "These ballots are no rankings");
	/* What the head says of them is true of this count. */
	write_file("p.pb", "META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;5\n"
	                   "vote_type;cumulative\nmax_sum_points;3\nPROJECTS\nproject_id;cost\na;5\n"
	                   "VOTES\nvoter_id;vote;points\n1;a;3\n");
	write_file("t.pb", "META\nkey;value\nnum_projects;1\nnum_votes;1\nbudget;5\n"
	                   "vote_type;cumulative\nmax_sum_points;3\nmin_project_score_threshold;4\n"
	                   "PROJECTS\nproject_id;cost\na;5\nVOTES\nvoter_id;vote;points\n1;a;3\n");
	r = run("p.pb --rule greedy --utility cost-points");
	CHECK(strstr(r.out, "cumulative ballots, counted by the points on them") != NULL);
	CHECK(strstr(r.out, "One winner costs 5, left 0.") != NULL);
	CHECK(strstr(r.out, "cost    votes   points\n") != NULL &&
	      strstr(r.out, "   5        1        3  won\n") != NULL);
	r = run("t.pb --rule greedy-threshold --utility cost-points");
	CHECK(strstr(r.out, "fewer points than the rule asks for") != NULL);
	r = run("p.pb --rule greedy");
	CHECK(strstr(r.out, "points\n") == NULL);
	CHECK(strstr(r.out, "cumulative ballots, each read as the set of options it names") != NULL);
}

static bool
is_there(const char *name)
{
	char path[100];
	struct stat about;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return stat(path, &about) == 0;
}

/* Files in the folder, but for what run() leaves there. */
static int
files_there(void)
{
	DIR *d = opendir(folder);
	int count = 0;

	for (struct dirent *e; (e = readdir(d)) != NULL;)
		count += e->d_name[0] != '.' && strcmp(e->d_name, "out") != 0 &&
		         strcmp(e->d_name, "err") != 0;
	closedir(d);
	return count;
}

/* The same result beside the same picture, in place of an older one. */
static void
drawn(void)
{
	static char first[40000], second[40000];
	struct ran plain, r;
	int files;

	write_file("e.pb", ELECTION);
	plain = run("e.pb --rule equal-shares");
	write_file("p.svg", "an old one");
	files = files_there();
	r = run("e.pb --rule equal-shares --svg p.svg");
	CHECK_INT(r.code, 0);
	CHECK(strcmp(r.out, plain.out) == 0);
	CHECK_INT(files_there(), files);
	slurp("p.svg", first, sizeof first);
	CHECK(xml_is_well_formed(str_of(first)));
	CHECK(strstr(first, ">Swings</text>") != NULL);
	r = run("--svg new.svg --rule equal-shares e.pb --json");
	CHECK_INT(r.code, 0);
	slurp("new.svg", second, sizeof second);
	CHECK(strcmp(first, second) == 0);
}

/* Nothing is written where it can't be, nor printed. */
static void
not_drawn(void)
{
	struct ran r;
	char text[2000];
	int files;

	write_file("e.pb", ELECTION);
	files = files_there();
	check_refused("e.pb --rule greedy --svg", "--svg needs a value");
	check_refused("e.pb --rule greedy --svg ''", "--svg can't be");
	check_refused("e.pb --rule greedy --svg no/where.svg", "no/where.svg: No such file");
	check_refused("e.pb --rule greedy --svg .", "not a file");
	check_refused("e.pb --rule greedy --svg /dev/null", "not a file");
	check_refused("e.pb --rule greedy --svg ./e.pb", "./e.pb: it was read just now");
	slurp("e.pb", text, sizeof text);
	CHECK(strcmp(text, ELECTION) == 0);
	r = run("bad.pb --rule greedy --svg bad.svg");
	CHECK_INT(r.code, 2);
	CHECK(!is_there("bad.svg"));
	CHECK_INT(files_there(), files);
}

static void
bad_arguments(void)
{
	write_file("e.pb", ELECTION);
	check_refused("", "file is missing");
	check_refused("e.pb", "--rule is missing");
	check_refused("e.pb --rule", "--rule needs a value");
	check_refused("e.pb --rule best", "--rule can't be best");
	check_refused("e.pb --rule greedy --utility gold", "--utility can't be gold");
	check_refused("e.pb --rule greedy --ties coin", "--ties can't be coin");
	check_refused("e.pb --rule greedy --seed xyz", "--seed can't be xyz");
	check_refused("e.pb --rule greedy --threads 0", "--threads can't be 0");
	check_refused("e.pb --rule greedy --threads 17", "--threads can't be 17");
	check_refused("e.pb --rule equal-shares --completion add2", "--completion can't be add2");
	check_refused("e.pb --rule equal-shares --completion add1 --increment 0", "--increment");
	check_refused("e.pb --rule equal-shares --completion add1 --increment -1", "--increment");
	check_refused("e.pb --rule greedy --completion add1", "--completion goes with");
	check_refused("e.pb --rule greedy --loud", "--loud");
	check_refused("e.pb f.pb --rule greedy", "f.pb");
}

#define BUDGET(amount, kind, votes)                                                        \
	"META\nkey;value\nnum_projects;2\nnum_votes;" votes "\nbudget;" amount "\nvote_type;" kind "\n"
#define PROJECTS "PROJECTS\nproject_id;cost\n"
#define VOTES "a;3\nb;4\nVOTES\nvoter_id;vote;points\n"

/* File, line, field, reason. */
static const struct {
	const char *text, *says;
} bads[] = {
	{ BUDGET("0", "approval", "1"), "bad.pb:5: budget: The budget must be above zero." },
	{ BUDGET("5", "approval", "1") PROJECTS "a;-0.01\n", "bad.pb:9: cost: -0.01 is below zero." },
	{ BUDGET("5", "approval", "1") PROJECTS "a;3\nb;\n", "bad.pb:10: cost: An amount is missing." },
	{ BUDGET("5", "approval", "1") PROJECTS "a;3\na;4\n",
	  "bad.pb:10: project_id: The project a is there twice." },
	{ BUDGET("5", "approval", "1") PROJECTS VOTES "1;a,c;\n",
	  "bad.pb:13: vote: There is no project c." },
	{ BUDGET("5", "cumulative", "1") "max_points;3\n" PROJECTS VOTES "1;a,b;3,4\n",
	  "bad.pb:14: points: 4 points are more than one project may get." },
	{ BUDGET("5", "approval", "2") PROJECTS VOTES "1;a;\n",
	  "bad.pb:13: There are fewer votes than META says: is the file cut short?" },
	{ BUDGET("5", "approval", "2") PROJECTS VOTES "1;a;\n2;a,",
	  "bad.pb:14: points: This line has fewer cells than the header." },
	{ BUDGET("5", "approval", "1") PROJECTS "a;3\n",
	  "bad.pb:9: There are fewer projects than META says: is the file cut short?" },
	{ BUDGET("5", "approval", "1") PROJECTS "a;1000000000000000000\n",
	  "bad.pb:9: cost: 1000000000000000000 is too large or too fine to count exactly." },
};

static void
bad_files(void)
{
	char path[100];
	int fd;

	check_refused("none.pb --rule greedy", "none.pb: No such file");
	check_refused("/ --rule greedy", "/: ");
	write_file("empty.pb", "");
	check_refused("empty.pb --rule greedy", "empty.pb: ");
	write_file("cost.pb", "META\nkey;value\nnum_projects;1\nnum_votes;0\nbudget;5\nvote_type;approval\n"
	                      "PROJECTS\nproject_id;cost\n1;-5\nVOTES\nvoter_id;vote\n");
	check_refused("cost.pb --rule greedy", "cost.pb:9: cost: -5 is below zero.");
	for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
		write_file("bad.pb", bads[i].text);
		check_refused("bad.pb --rule greedy", bads[i].says);
		check_refused("bad.pb --rule equal-shares --json", bads[i].says);
	}
	check_refused("/dev/zero --rule greedy", "/dev/zero: not a file");
	snprintf(path, sizeof path, "%s/huge.pb", folder);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)10 << 30) != 0)
		test_skip("no sparse file of 10 GB here");
	else
		check_refused("huge.pb --rule greedy", "too large");
	close(fd);
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "JSON, the same bytes each time", json_result },
		{ "a table for people", table_for_people },
		{ "an increment finer than the money", fine_increment },
		{ "exact and overspent shares", kinds_of_shares },
		{ "what a loser would have needed", explained },
		{ "wide numbers", wide_numbers },
		{ "measures and sensitivity", measured },
		{ "utilities and kinds of ballots", utilities },
		{ "a picture", drawn },
		{ "a picture that can't be written", not_drawn },
		{ "bad arguments", bad_arguments },
		{ "bad files", bad_files },
	};

	return run_program_tests(argc, argv, NULL, cases, sizeof cases / sizeof *cases);
}
