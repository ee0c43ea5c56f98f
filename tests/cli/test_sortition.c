/* folkmoot sortition as a program: what it prints, what it refuses and how it ends. */
#include <jansson.h>

#include "program.h"
#include "xml.h"

#define QUOTAS "category,feature,min,max\nsex,f,2,2\nsex,m,1,2\nage,young,1,2\nage,old,1,3\n"
#define PEOPLE                                                                             \
	"id,sex,age,home\nAnn,f,young,1\nBea,f,old,1\n\"Cleo, C\",f,old,2\nDan,m,young,3\n"    \
	"Eli,m,old,4\nFinn,m,old,5\nGil,m,old,5\nHal,m,young,2\n"

static void
write_inputs(void)
{
	write_file("p.csv", PEOPLE);
	write_file("q.csv", QUOTAS);
}

static void
json_result(void)
{
	static const char *const algorithms[] = { "legacy", "maximin", "leximin" };

	for (int a = 0; a < 3; a++) {
		char arguments[200];
		struct ran r, again;
		double sum = 0, chances = 0;
		size_t i;
		json_t *o, *item;

		snprintf(arguments, sizeof arguments,
		         "p.csv q.csv --size 4 --json --seed 5eed --households home --algorithm %s", algorithms[a]);
		r = run(arguments);
		CHECK_INT(r.code, 0);
		again = run(arguments);
		CHECK(strcmp(r.out, again.out) == 0);
		o = json_loads(r.out, 0, NULL);
		CHECK_STR(str_of(json_string_value(json_object_get(o, "algorithm"))), algorithms[a]);
		CHECK_INT(json_integer_value(json_object_get(o, "pool")), 8);
		CHECK_INT(json_integer_value(json_object_get(o, "size")), 4);
		CHECK_INT(json_array_size(json_object_get(o, "drawn")), 4);
		CHECK_INT(json_array_size(json_object_get(o, "drawn_ids")), 4);
		CHECK(json_object_get(json_object_get(o, "people"), "Cleo, C") != NULL);
		CHECK(json_equal(json_object_get(o, "drawn"), json_object_get(json_array_get(
		                 json_object_get(o, "panels"), (size_t)json_integer_value(
		                 json_object_get(o, "drawn_panel"))), "members")));
		json_array_foreach(json_object_get(o, "panels"), i, item)
			sum += json_number_value(json_object_get(item, "weight"));
		CHECK(sum > 0.999999 && sum < 1.000001);
		json_array_foreach(json_object_get(o, "probabilities"), i, item)
			chances += json_number_value(item);
		CHECK(chances > 3.999999 && chances < 4.000001);
		CHECK(json_number_value(json_object_get(o, "min_probability")) >= 0);
		CHECK(strncmp(json_string_value(json_object_get(o, "seed")), "5eed00", 6) == 0);
		json_decref(o);
	}
}

static void
table_for_people(void)
{
	struct ran r = run("p.csv q.csv --size 4");

	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "leximin: 4 seats from 8 people") != NULL);
	CHECK(strstr(r.out, "smallest chance 0.") != NULL);
	CHECK(strstr(r.out, "1-2") != NULL && strstr(r.out, "Drawn: ") != NULL);
	CHECK(strstr(r.err, "processor time") != NULL);
}

static void
declined(void)
{
	struct ran r = run("p.csv q.csv --size 4 --json");
	json_t *o = json_loads(r.out, 0, NULL), *after, *panel;
	char arguments[200];

	snprintf(arguments, sizeof arguments, "p.csv q.csv --size 4 --json --declined '%s'",
	         json_string_value(json_array_get(json_object_get(o, "drawn_ids"), 3)));
	r = run(arguments);
	CHECK_INT(r.code, 0);
	after = json_loads(r.out, 0, NULL);
	panel = json_object_get(json_object_get(after, "with_replacements"), "panel");
	CHECK_INT(json_array_size(panel), 4);
	for (size_t i = 0; i < 4; i++)
		CHECK(!json_equal(json_array_get(panel, i), json_array_get(json_object_get(o, "drawn"), 3)));
	json_decref(o);
	json_decref(after);
	check_refused("p.csv q.csv --size 4 --declined Nobody", "nobody called Nobody");
	check_refused("p.csv q.csv --size 4 --declined Ann,Bea,Dan,Eli,Finn,Gil,Hal", "Only members");
}

/* The chances and the quotas; nothing where it can't be written. */
static void
drawn(void)
{
	static char text[40000], again[40000];
	struct ran plain, r;

	plain = run("p.csv q.csv --size 4 --seed 5eed");
	r = run("p.csv q.csv --size 4 --seed 5eed --svg panel.svg");
	CHECK_INT(r.code, 0);
	CHECK(strcmp(plain.out, r.out) == 0);
	slurp("panel.svg", text, sizeof text);
	CHECK(xml_is_well_formed(str_of(text)));
	CHECK(strstr(text, ">4 seats from 8 people. The smallest chance is ") != NULL);
	CHECK(strstr(text, "all alike would have 50.0 %.") != NULL);
	/* two of four seats: 165 pixels of 330 */
	CHECK(strstr(text, "<rect class=\"won\" x=\"388\" y=\"501\" width=\"165\" height=\"12\"/>") != NULL);
	CHECK(strstr(text, ">2 (2 to 2), 3 in the pool</text>") != NULL);
	CHECK_INT(run("--svg panel.svg --seed 5eed --size 4 p.csv q.csv --json").code, 0);
	slurp("panel.svg", again, sizeof again);
	CHECK(strcmp(text, again) == 0);
	check_refused("p.csv q.csv --size 4 --svg no/where.svg", "no/where.svg: No such file");
	check_refused("p.csv q.csv --size 4 --svg ./q.csv", "./q.csv: it was read just now");
	check_refused("p.csv q.csv --size 4 --svg", "--svg needs a value");
}

static void
bad_arguments(void)
{
	check_refused("", "RESPONDENTS.csv is missing");
	check_refused("p.csv", "CATEGORIES.csv is missing");
	check_refused("p.csv q.csv", "--size is missing");
	check_refused("p.csv q.csv --size", "--size needs a value");
	check_refused("p.csv q.csv --size 0", "--size can't be 0");
	check_refused("p.csv q.csv --size 4x", "--size can't be 4x");
	check_refused("p.csv q.csv --size 4 --algorithm best", "--algorithm can't be best");
	check_refused("p.csv q.csv --size 4 --seed xyz", "--seed can't be xyz");
	check_refused("p.csv q.csv --size 4 --draws 0", "--draws can't be 0");
	check_refused("p.csv q.csv --size 4 --loud", "--loud");
	check_refused("p.csv q.csv r.csv --size 4", "r.csv");
}

static void
bad_files(void)
{
	(void)check_refused_at_length("none.csv q.csv --size 4", "none.csv: No such file");
	(void)check_refused_at_length("q.csv p.csv --size 4", "p.csv:1: category: This column is missing.");
	(void)check_refused_at_length("p.csv q.csv --size 4 --households street", "p.csv:1: street: This column is missing.");
	(void)check_refused_at_length("p.csv q.csv --size 9", "more seats than people: only 8");
	(void)check_refused_at_length("p.csv q.csv --size 6 --households home", "more seats than households: only 5");
	write_file("bad.csv", PEOPLE "Ida,f,ancient,9\n");
	(void)check_refused_at_length("bad.csv q.csv --size 4", "bad.csv:10: age: “ancient” is not among");
	write_file("tight.csv", "category,feature,min,max\nsex,f,4,4\nsex,m,1,1\nage,young,0,9\nage,old,0,9\n");
	(void)check_refused_at_length("p.csv tight.csv --size 5", "tight.csv:2: sex, f: min 3 instead of 4");
	(void)check_refused_at_length("p.csv tight.csv --size 5", "tight.csv:3: sex, m: max 2 instead of 1");
	(void)check_refused_at_length("p.csv tight.csv --size 5 --algorithm legacy", "sex, m: max 2 instead of 1");
	write_file("empty.csv", "category,feature,min,max\nsex,f,0,4\nsex,m,1,4\nsex,x,1,2\nage,young,0,9\nage,old,0,9\n");
	(void)check_refused_at_length("p.csv empty.csv --size 4", "empty.csv:4: sex, x: min 0 instead of 1");
}

int
main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "JSON, the same bytes each time", json_result },
		{ "a table for people", table_for_people },
		{ "members who decline", declined },
		{ "a picture", drawn },
		{ "bad arguments", bad_arguments },
		{ "bad files and quotas", bad_files },
	};

	return run_program_tests(argc, argv, write_inputs, cases, sizeof cases / sizeof *cases);
}
