/* folkmoot lots, turns, match, allot and decide as programs: what they print, what they refuse and where. */
#include <jansson.h>

#include "program.h"

static void
lots(void)
{
	struct ran r, again;
	json_t *o;

	write_file("l.csv", "id,weight,group\r\nann,1,x\r\nbob,1,x\r\n\"c, d\",3,\r\neve,2,\r\n");
	r = run("lots l.csv --winners 3 --seed ab --json");
	CHECK_INT(r.code, 0);
	o = json_loads(r.out, 0, NULL);
	CHECK_INT(json_integer_value(json_object_get(o, "entries")), 4);
	CHECK_INT(json_array_size(json_object_get(o, "winners")), 3);
	json_decref(o);
	write_file("l.csv", "weight,id,group\n2,eve,\n1,bob,x\n3,\"c, d\",\n1,ann,x\n");
	again = run("lots --seed ab l.csv --json --winners 3");
	CHECK(strcmp(strstr(r.out, "\"linked\""), strstr(again.out, "\"linked\"")) == 0);
	r = run("lots l.csv --winners 3 --linked each");
	CHECK(strstr(r.out, "4 entries, 3 places") != NULL && strstr(r.out, " of 7: ") != NULL);
	check_refused("lots l.csv", "--winners is missing");
	check_refused("lots l.csv --winners 0", "--winners can't be 0");
	check_refused("lots l.csv --winners 1 --seed xyz", "--seed can't be xyz");
	check_refused("lots --winners 1", "the file is missing");
	check_refused("lots none.csv --winners 1", "none.csv: No such file");
	write_file("b.csv", "name\na\n");
	check_refused("lots b.csv --winners 1", "b.csv:1: id: This column is missing.");
	write_file("b.csv", "id,weight\na,1\n\nb,0\n");
	check_refused("lots b.csv --winners 1", "b.csv:4: weight: This must be at least 1.");
	write_file("b.csv", "id,weight\na,1\n\na,3\n");
	check_refused("lots b.csv --winners 1", "b.csv:4: id: There are two entries");
	write_file("b.csv", "id\n\"a\n");
	check_refused("lots b.csv --winners 1", "b.csv:2: A quote is opened");
}

static void
turns(void)
{
	struct ran r, again;

	write_file("t.csv", "id\nann\nbob\ncem\ndee\n");
	r = run("turns t.csv --values 3,1,0,-2 --rounds 4 --seed 2026");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "Round 4: ") != NULL && strstr(r.out, "In all: ann ") != NULL);
	CHECK(strstr(r.out, "No two were ever more than 5 apart.") != NULL);
	r = run("turns t.csv --values 3,1 --rounds 2 --json");
	CHECK(strstr(r.out, "\"turn\":null,\"value\":0") != NULL);
	CHECK(strstr(r.out, "\"bound\":3") != NULL);
	again = run("turns t.csv --rounds 2 --json --values 3,1");
	CHECK(strcmp(r.out, again.out) == 0);
	write_file("t.csv", "id,brought\nann,10\nbob,0\n");
	r = run("turns t.csv --values 2 --rounds 3");
	CHECK(strstr(r.out, "Round 3: ann no turn, bob 2\n") != NULL);
	CHECK(strstr(r.out, "In all: ann 10, bob 6\nNo two were ever more than 10 apart.") != NULL);
	check_refused("turns t.csv --rounds 2", "--values is missing");
	check_refused("turns t.csv --values 1", "--rounds is missing");
	check_refused("turns t.csv --values 1,x --rounds 2", "--values can't be 1,x");
	check_refused("turns t.csv --values 9999999999 --rounds 2", "--values can't be 9999999999");
	check_refused("turns t.csv --values 1 --rounds 0", "--rounds can't be 0");
	check_refused("turns t.csv --values 3,2,1 --rounds 2", "There are more slots than members");
	write_file("t.csv", "id,brought\nann,1\nbob,few\n");
	check_refused("turns t.csv --values 1 --rounds 2", "t.csv:3: brought: ");
	write_file("t.csv", "id\nann\nann\n");
	check_refused("turns t.csv --values 1 --rounds 2", "t.csv: id: Somebody is there twice");
	write_file("t.csv", "id\n");
	check_refused("turns t.csv --values 1 --rounds 2", "There are no members.");
}

static void
match(void)
{
	struct ran r;

	write_file("m.csv", "project,giver,amount\npark,a,1\npark,b,1\npark,c,1.00\nshed,a,9\n"
	           "shed,b,1\n");
	r = run("match m.csv --fund 120 --json");
	CHECK_INT(r.code, 0);
	/* (3·10)² - 300 = 600 and (30 + 10)² - 1000 = 600. */
	CHECK(strstr(r.out, "\"id\":\"park\",\"match\":\"60\",\"raw\":\"6.00\"") != NULL);
	CHECK(strstr(r.out, "\"id\":\"shed\",\"match\":\"60\",\"raw\":\"6.00\"") != NULL);
	CHECK(strstr(r.out, "\"total\":\"120\"") != NULL);
	r = run("match m.csv --fund 120 --cap 50.5 --rule pairwise");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "at the cap") != NULL);
	CHECK(strstr(r.out, "given out          101") != NULL);
	check_refused("match m.csv", "--fund is missing");
	check_refused("match m.csv --fund 1.005", "--fund can't be 1.005");
	check_refused("match m.csv --fund 5 --rule best", "--rule can't be best");
	check_refused("match m.csv --fund 99999999999999999999", "--fund can't be");
	write_file("b.csv", "project,giver,amount\npark,a,1\npark,,1\n");
	check_refused("match b.csv --fund 1", "b.csv:3: giver: This cell is empty.");
	write_file("b.csv", "project,giver,amount\npark,a,-1\n");
	check_refused("match b.csv --fund 1", "b.csv:2: amount: An amount can't be below 0.");
	write_file("b.csv", "project,giver,amount\npark,a,0\n");
	check_refused("match b.csv --fund 1", "b.csv:2: amount: A gift must be more");
	write_file("b.csv", "project,giver,amount\npark,a,1000000000000000000\n");
	check_refused("match b.csv --fund 1", "b.csv:2: amount: This must be an amount");
}

static void
allot(void)
{
	struct ran r;

	write_file("a.csv", "id,choices,holds\nann,hut;hall,hall\nbob,hall;hut,hut\neve,hut,\n");
	r = run("allot a.csv --rule ttc --json");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "\"id\":\"ann\",\"rank\":1,\"step\":1,\"thing\":\"hut\"") != NULL ||
	      strstr(r.out, "\"id\":\"ann\",\"rank\":1,\"step\":2,\"thing\":\"hut\"") != NULL);
	CHECK(strstr(r.out, "\"thing\":null") != NULL);
	write_file("t.csv", "thing,room\nhut,2\nhall,1\nbarn,4\n");
	r = run("allot a.csv --rule serial-dictatorship --things t.csv --seed 01");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "3 people, 3 things") != NULL);
	check_refused("allot a.csv --rule rounds", "a.csv:2: choices: With rounds");
	write_file("v.csv", "id,choices\nann,hut=3; hall=1\nbob,hut=2;hall=0\n");
	r = run("allot v.csv --rule rounds --things t.csv");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "hall") != NULL);
	check_refused("allot a.csv", "--rule is missing");
	check_refused("allot a.csv --rule luck", "--rule can't be luck");
	write_file("b.csv", "id,choices\nann,hut;barn;hut\n");
	check_refused("allot b.csv --rule ttc", "b.csv:2: choices: The same thing");
	write_file("b.csv", "id,choices\nann,shed\n");
	check_refused("allot b.csv --rule ttc --things t.csv", "b.csv:2: choices: There is no thing");
	write_file("b.csv", "id,choices\nann,hut\nann,hall\n");
	check_refused("allot b.csv --rule ttc", "b.csv:3: id: There are two rows");
	write_file("b.csv", "id,choices,holds\nann,hut,barn\nbob,hut,barn\n");
	check_refused("allot b.csv --rule ttc", "b.csv:3: holds: More people hold");
	write_file("u.csv", "thing,room\nhut,2\nhut,x\n");
	check_refused("allot a.csv --rule ttc --things u.csv", "u.csv:3: thing: This thing stands");
	write_file("u.csv", "thing,room\nhut,x\n");
	check_refused("allot a.csv --rule ttc --things u.csv", "u.csv:2: room: This must be a whole");
}

static void
decide(void)
{
	struct ran r;

	write_file("d.csv", "street,roll,yes,no,abstain,objections\nA,30,17,3,1,0\nB,20,4,4,0,1\n"
	           "C,10,1,3,2,1\n");
	r = run("decide d.csv --quorum 1/3 --majority two-thirds --groups most --objections 2 --json");
	CHECK_INT(r.code, 0);
	CHECK(strstr(r.out, "\"missing\":1,\"no\":10,") != NULL);
	CHECK(strstr(r.out, "\"passed\":false,\"roll\":60") != NULL);
	r = run("decide d.csv --majority simple");
	CHECK(strstr(r.out, "It passed.") != NULL);
	r = run("decide d.csv --objections 1");
	CHECK(strstr(r.out, "No further yes votes") != NULL);
	check_refused("decide d.csv", "is missing");
	check_refused("decide d.csv --majority most", "--majority can't be most");
	check_refused("decide d.csv --quorum 4/3", "--quorum can't be 4/3");
	write_file("b.csv", "roll,yes,no\n5,3,1\n5,3,3\n");
	check_refused("decide b.csv --majority simple", "b.csv:3: roll: More people voted");
	write_file("b.csv", "roll,yes,no\n5,-3,1\n");
	check_refused("decide b.csv --majority simple", "b.csv:2: yes: This must be at least 0.");
	write_file("b.csv", "roll,yes\n5,3\n");
	check_refused("decide b.csv --majority simple", "b.csv:1: no: This column is missing.");
}

static const struct test_case cases[] = {
	{ "folkmoot lots", lots },
	{ "folkmoot turns", turns },
	{ "folkmoot match", match },
	{ "folkmoot allot", allot },
	{ "folkmoot decide", decide },
};

int
main(int argc, char **argv)
{
	return run_program_tests(argc, argv, NULL, cases, sizeof cases / sizeof *cases);
}
