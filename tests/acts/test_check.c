/* `folkmoot check` names each kind of damage, and nothing where there is none. */
#include "acts/check.h"

#include <jansson.h>

#include "acts/import.h"
#include "acts/ledger.h"
#include "acts/sequence.h"
#include "acts/world.h"

static const char votes[] =
	"META\nkey;value\ndescription;Test\ncountry;X\nunit;Mill\ninstance;2026\nnum_projects;2\n"
	"num_votes;3\nbudget;100\nvote_type;approval\nrule;greedy\ndate_begin;2026\ndate_end;2026\n"
	"currency;EUR\nPROJECTS\nproject_id;cost;name;selected\n1;60;Bridge;1\n2;50;Boat;0\n"
	"VOTES\nvoter_id;vote\n1;1\n2;1,2\n3;2\n";

struct said {
	struct buf text;
};

static void
hear(void *context, struct str line)
{
	struct said *said = context;

	buf_add(&said->text, line);
	buf_add_char(&said->text, '\n');
}

/* Damages a fresh world with `sql` and checks it; what was said must hold `words`. */
static void
damage(const char *sql, const char *words)
{
	struct world w;
	struct said said;
	struct check check = { .say = hear, .context = &said };
	struct refusal why;
	struct instant day;
	struct pabulib file;
	struct decide_error error;
	struct import_made made;
	bool left;

	world_init(&w);
	buf_init(&said.text, 10000);
	world_need(act_today(&w.act, &day), "today");
	world_need(WORLD_DO(&w, act_pot_grant(&w.act, STR("Pot"), (struct amount){ 500 },
	                                      STR("Grant"), day, STR("k"), &why)), "grant");
	world_begin(&w);
	for (int i = 0; i < 5; i++)
		world_need(act_record(&w.act, "test", json_pack("{s:i}", "n", i)), "leaf");
	world_need(db_commit(w.db), "commit");
	world_need(WORLD_DO(&w, act_record_sequence(&w.act, 100, &left)), "sequence");
	world_need(pabulib_parse(&w.scratch.arena, str_of(votes), &file, &error), "parse");
	world_need(WORLD_DO(&w, act_import(&w.act, &file, STR("imported"), &made, &error)),
	           "import");
	if (sql != NULL)
		world_sql(&w, sql);
	check.act = &w.act;
	CHECK_INT(act_check_all(&check), OK);
	if (sql == NULL) {
		CHECK_INT(check.differences, 0);
		CHECK_STR(buf_str(&said.text), "");
		CHECK_INT(check.rounds, 1);
		CHECK_INT(check.leaves, 7);
	} else {
		CHECK(check.differences > 0);
		if (str_find(buf_str(&said.text), str_of(words)) == said.text.len) {
			printf("# after: %s\n# said: %.*s", sql, STR_ARG(buf_str(&said.text)));
			CHECK(!"the words are there");
		}
	}
	buf_release(&said.text);
	world_release(&w);
}

static void
test_clean(void)
{
	damage(NULL, NULL);
}

static void
test_money(void)
{
	damage("UPDATE account SET balance = 501 WHERE kind = 'pot'", "not the sum of their entries");
	damage("UPDATE posting SET amount = 499 WHERE line = 2", "do not sum to zero");
	damage("DELETE FROM posting WHERE line = 1", "not well-formed");
	damage("DELETE FROM posting; DELETE FROM entry; UPDATE account SET balance = 0",
	       "which is not in the books");
}

static void
test_counts(void)
{
	damage("UPDATE ballot SET choice = '2' WHERE choice = '1'", "are not those of the ballots");
	damage("DELETE FROM ballot WHERE choice = '1'", "3 ballots were counted, 2 are in the box");
	damage("UPDATE outcome_option SET votes = 9 WHERE number = 1", "option 1 has place");
	damage("UPDATE outcome SET total_cost = 1", "differ from the new count");
	damage("UPDATE outcome SET detail = '{}'", "are not those of the ballots");
}

static void
test_record(void)
{
	damage("UPDATE leaf SET body = replace(body, '\"n\":3', '\"n\":4')",
	       "a line does not fit its fingerprint");
	damage("UPDATE tree_node SET hash = zeroblob(32) WHERE level = 1 AND number = 0",
	       "node 1/0 does not fit");
	damage("UPDATE tree_head SET root = zeroblob(32)", "the head of 6 lines does not fit");
	damage("UPDATE tree_head SET size = 7", "a head of 7 lines, and only 6");
	damage("DELETE FROM leaf_position WHERE position = 2", "line 2 is missing");
	damage("DELETE FROM leaf_position WHERE position = 5; DELETE FROM tree_head",
	       "of 6 lines 5 have a position and 0 wait");
}

static const struct test_case cases[] = {
	{ "check: says nothing where all is well", test_clean },
	{ "check: finds damage to money", test_money },
	{ "check: finds damage to counts", test_counts },
	{ "check: finds damage to the record", test_record },
};
TEST_MAIN(cases)
