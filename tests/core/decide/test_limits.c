/* Limits: by hand, their own limits, without memory, as JSON. What each rule makes of them is
 * compared with the naive count in test_oracle.c; bad files are in tests/cli/test_count_limits.c. */
#include <stdlib.h>

#include "base/buf.h"
#include "core/decide/limits_file.h"
#include "core/decide/outcome.h"
#include "make.h"
#include "test.h"

static struct arena arena;

static const struct method greedy = { .rule = DECIDE_GREEDY, .ties = DECIDE_TIES_ID };
static const struct method no_skip = { .rule = DECIDE_GREEDY_NO_SKIP, .ties = DECIDE_TIES_ID };
static const struct method shares = { .rule = DECIDE_EQUAL_SHARES, .ties = DECIDE_TIES_ID };
static const struct method phragmen = { .rule = DECIDE_PHRAGMEN, .ties = DECIDE_TIES_ID };

#define GROUP(options, min_cost, max_cost, min_winners, max_winners)                         \
	{ STR_INIT("group"), (options), sizeof(options) / sizeof *(options), (min_cost),         \
	  (max_cost), (min_winners), (max_winners), 0 }

static void
limit(struct election *e, const struct limits_group *group, const struct limits_need *need)
{
	struct decide_error error;

	if (limits_set(e, group, group != NULL, need, need != NULL, &arena, &error) != OK)
		abort();
}

static void
check_winners(const struct election *e, const struct method *m, const char *want)
{
	struct outcome o = count_election(&arena, e, m);

	CHECK_STR(winners_of(&arena, e, &o), want);
}

/* b waits for c; then it goes before what has fewer votes. */
static void
a_need(void)
{
	static const struct limits_need need = { 1, 2, 0 };
	struct election e = make_election(&arena, 0, 60, "a=20 b=20 c=20 d=20", "4:a 3:b 2:c 1:d");

	limit(&e, NULL, &need);
	check_winners(&e, &greedy, "a,c,b");
	e.budget = 40;
	check_winners(&e, &greedy, "a,c");
	check_winners(&e, &no_skip, "a,c");
	arena_reset(&arena);
}

/* What a limit is against does not end greedy-no-skip; what does not fit does. */
static void
no_skip_skips_limits(void)
{
	static const uint32_t both[] = { 0, 1 };
	static const struct limits_group one = GROUP(both, 0, -1, 0, 1);
	struct election e = make_election(&arena, 0, 50, "a=20 b=20 c=20 d=20 e=10",
	                                  "5:a 4:b 3:c 2:d 1:e");
	struct outcome o;

	limit(&e, &one, NULL);
	o = count_election(&arena, &e, &no_skip);
	CHECK_STR(winners_of(&arena, &e, &o), "a,c");
	CHECK_INT(o.options[1].why, OUTCOME_EXCLUDED);
	CHECK_INT(o.options[1].other, 0);
	CHECK_INT(o.options[3].why, OUTCOME_NO_ROOM);
	CHECK_INT(o.options[4].why, OUTCOME_STOPPED);
	arena_reset(&arena);
}

/* Money is held back for the cheaper of two; its group being served, what is left is free. */
static void
held_back(void)
{
	static const uint32_t two[] = { 2, 3 };
	static const struct limits_group least = GROUP(two, 0, -1, 1, -1);
	struct election e = make_election(&arena, 0, 100, "a=60 b=30 c=50 d=20", "4:a 3:b 2:c 1:d");
	struct outcome o;

	limit(&e, &least, NULL);
	o = count_election(&arena, &e, &greedy);
	CHECK_STR(winners_of(&arena, &e, &o), "a,d");
	CHECK_INT(o.options[1].why, OUTCOME_HELD_BACK);
	CHECK_INT(o.options[1].left, 40);
	CHECK_INT(o.options[1].group, 0);
	CHECK_INT(o.options[2].why, OUTCOME_NO_ROOM);
	CHECK(o.group_count == 1 && o.groups[0].reached && o.groups[0].cost == 20);
	arena_reset(&arena);
}

/* Shares reach for a, which would leave too little for the group; nobody can pay for the group. */
static void
held_back_from_shares(void)
{
	static const uint32_t one[] = { 1 };
	static const struct limits_group least = GROUP(one, 50, -1, 0, -1);
	struct election e = make_election(&arena, 0, 100, "a=60 b=50", "8:a 2:b");
	struct outcome o;

	check_winners(&e, &shares, "a");
	limit(&e, &least, NULL);
	o = count_election(&arena, &e, &shares);
	CHECK_INT(o.step_count, 0);
	CHECK_INT(o.options[0].why, OUTCOME_HELD_BACK);
	CHECK_INT(o.options[1].why, OUTCOME_NOT_PAYABLE);
	CHECK_INT(o.options[1].could_pay, 20);
	CHECK(!o.groups[0].reached);
	arena_reset(&arena);
}

/* Supporters of what is excluded keep their money for other things. */
static void
excluded_from_shares(void)
{
	static const uint32_t both[] = { 0, 1 };
	static const struct limits_group one = GROUP(both, 0, -1, 0, 1);
	struct election e = make_election(&arena, 0, 100, "a=50 b=50 c=40", "10:a,b,c");

	check_winners(&e, &shares, "a,b");
	check_winners(&e, &phragmen, "c,a");
	limit(&e, &one, NULL);
	check_winners(&e, &shares, "a,c");
	check_winners(&e, &phragmen, "c,a");
	arena_reset(&arena);
}

/* What costs nothing wins as soon as what it needs has. */
static void
free_when_it_may(void)
{
	static const struct limits_need need = { 2, 1, 0 };
	struct election e = make_election(&arena, 0, 100, "a=30 b=30 c=0", "3:a 3:b 1:c");

	limit(&e, NULL, &need);
	check_winners(&e, &greedy, "a,b,c");
	check_winners(&e, &shares, "a,b,c");
	check_winners(&e, &phragmen, "a,b,c");
	e = make_election(&arena, 0, 100, "a=30 b=30 c=0", "2:a 3:b 1:c");
	limit(&e, NULL, &need);
	check_winners(&e, &greedy, "b,c,a");
	check_winners(&e, &shares, "b,c,a");
	check_winners(&e, &phragmen, "b,c,a");
	arena_reset(&arena);
}

static void
too_many(void)
{
	static const uint32_t one[] = { 0 };
	struct limits_group *groups = ARENA_ARRAY(&arena, LIMITS_GROUPS_MAX + 1, struct limits_group);
	struct limits_need *needs = ARENA_ARRAY(&arena, LIMITS_NEEDS_MAX + 1, struct limits_need);
	struct election e = make_election(&arena, 0, 100, "a=30 b=30", "1:a");
	struct election_making making;
	struct decide_error error = { 0 };

	for (size_t g = 0; g <= LIMITS_GROUPS_MAX; g++)
		groups[g] = (struct limits_group)GROUP(one, 0, -1, 0, 1);
	for (size_t i = 0; i <= LIMITS_NEEDS_MAX; i++)
		needs[i] = (struct limits_need){ 0, 1, 0 };
	CHECK(limits_set(&e, groups, LIMITS_GROUPS_MAX + 1, NULL, 0, &arena, &error) == TOO_LARGE);
	CHECK(error.message.text != NULL && e.limits == NULL);
	CHECK(limits_set(&e, NULL, 0, needs, LIMITS_NEEDS_MAX + 1, &arena, &error) == TOO_LARGE);
	CHECK(limits_set(&e, groups, LIMITS_GROUPS_MAX, needs, 1, &arena, &error) == OK);
	CHECK(e.limits != NULL);
	election_begin(&making, &arena, 0, 100);
	for (int o = 0; o <= LIMITS_OPTIONS_MAX; o++) {
		struct str id;

		if (str_format(&arena, &id, "%d", o) != OK)
			abort();
		election_option(&making, id, 1, false);
	}
	CHECK(election_end(&making, &e, &error) == OK);
	CHECK(limits_set(&e, groups, 1, NULL, 0, &arena, &error) == TOO_LARGE);
	arena_reset(&arena);
}

#define FILE_PB                                                                              \
	"META\nkey;value\nnum_projects;4\nnum_votes;3\nbudget;100\nvote_type;approval\n"         \
	"PROJECTS\nproject_id;cost;category\na;10;x\nb;20;\"x \"\"y\"\"\"\nc;30;y\nd;40;z\n"      \
	"VOTES\nvoter_id;vote;district\n1;a,b,c;n\n2;a,d;s\n3;b,c;s\n"
#define FILE_CSV                                                                             \
	"kind,name,projects,max_winners,min_winners,budget,voters\n"                             \
	"category,y,,,1,,\nsizes,s,\"a,b\",,,,\nneeds,c,a,,,,\n"                                 \
	"pot,p,\"a,b,c\",,,60,n\npot,q,d,,,40,\"n,s\"\n"

/* Reads, makes both pots and counts them; how far it came. */
static enum status
read_and_count(struct outcome o[2])
{
	struct limits_file limits;
	struct decide_error error = { 0 };
	struct pabulib pb;
	enum status st = pabulib_parse(&arena, STR(FILE_PB), &pb, &error);

	if (st == OK)
		st = limits_read(&arena, STR(FILE_CSV), &pb, 0, &limits, &error);
	for (size_t pot = 0; st == OK && pot < limits.pot_count; pot++) {
		struct limits_part part;

		st = limits_part_of(&pb, &limits, pot, DECIDE_COST, 0, &arena, &part, &error);
		if (st == OK)
			st = decide_count(&part.e, &shares, &arena, &o[pot], &error);
	}
	return st;
}

static void
out_of_memory(void)
{
	struct outcome o[2];
	long tries = 0;

	for (;; tries++) {
		enum status st;

		arena_release(&arena);
		arena_init(&arena, 64 << 20);
		arena.fail_after = tries;
		st = read_and_count(o);
		if (st == OK)
			break;
		CHECK(st == NO_MEMORY);
	}
	CHECK(tries > 50);
	arena.fail_after = -1;
	CHECK(o[0].group_count == 2 && o[1].group_count == 0);
	arena_reset(&arena);
}

/* A file of votes whose districts are in quotes, and as many pots as asked, each with a district of
 * its own: bytes of memory that the limits and all pots take. */
static size_t
memory_of_pots(int votes, int pots)
{
	struct decide_error error = { 0 };
	struct limits_file limits;
	struct pabulib pb;
	struct buf file, csv;
	size_t before, used;
	int64_t voters = 0;

	buf_init(&file, 4 << 20);
	buf_init(&csv, 1 << 20);
	buf_add_format(&file, "META\nkey;value\nnum_projects;%d\nnum_votes;%d\nbudget;%d\n"
	               "vote_type;approval\nPROJECTS\nproject_id;cost\n", pots, votes, pots);
	buf_add_c(&csv, "kind,name,projects,budget,voters\n");
	for (int i = 0; i < pots; i++) {
		buf_add_format(&file, "p%d;1\n", i);
		buf_add_format(&csv, "pot,pot %d,p%d,1,\"d \"\"%d\"\n", i, i, i);
	}
	buf_add_c(&file, "VOTES\nvoter_id;vote;district\n");
	for (int v = 0; v < votes; v++)
		buf_add_format(&file, "%d;p%d;\"d \"\"%d\"\n", v, v % pots, v % pots);
	CHECK(buf_status(&file) == OK && buf_status(&csv) == OK);
	if (pabulib_parse(&arena, buf_str(&file), &pb, &error) != OK)
		abort();
	before = arena.used;
	CHECK(limits_read(&arena, buf_str(&csv), &pb, 0, &limits, &error) == OK);
	CHECK_INT(limits.pot_count, pots);
	for (size_t pot = 0; pot < limits.pot_count; pot++) {
		struct limits_part part;

		CHECK(limits_part_of(&pb, &limits, pot, DECIDE_COST, 0, &arena, &part, &error) == OK);
		CHECK_INT(part.not_entitled, 0);
		voters += part.e.voters;
	}
	CHECK_INT(voters, votes);
	used = arena.used - before;
	buf_release(&file);
	buf_release(&csv);
	arena_reset(&arena);
	return used;
}

/* A pot more takes memory for itself, not for all votes again: less than a byte for each. */
static void
pots_times_votes(void)
{
	enum { VOTES = 20000, FEW = 10, MANY = 60 };
	size_t few = memory_of_pots(VOTES, FEW), many = memory_of_pots(VOTES, MANY);

	CHECK(many < few + (MANY - FEW) * VOTES);
}

static void
written_and_read_again(void)
{
	static const uint32_t both[] = { 0, 1 }, last[] = { 3 };
	static const struct limits_group groups[] = { GROUP(both, 0, -1, 0, 1),
	                                              GROUP(last, 0, -1, 1, -1) };
	static const struct limits_need need = { 2, 1, 0 };
	struct election e = make_election(&arena, 0, 100, "a=30 b=30 c=30 d=60", "3:a 2:b 2:c 1:d");
	struct decide_error error;
	struct outcome o, again;
	struct buf one, two;

	CHECK(limits_set(&e, groups, 2, &need, 1, &arena, &error) == OK);
	o = count_election(&arena, &e, &greedy);
	buf_init(&one, 100000);
	buf_init(&two, 100000);
	outcome_write(&one, &o);
	CHECK(outcome_read(&arena, buf_str(&one), &again) == OK);
	CHECK_INT(again.options[1].why, OUTCOME_EXCLUDED);
	CHECK_INT(again.options[1].other, 0);
	CHECK_INT(again.options[2].why, OUTCOME_NEEDS_OTHER);
	CHECK_INT(again.options[2].group, -1);
	CHECK_INT(again.options[2].other, 1);
	CHECK_INT(again.group_count, 2);
	outcome_write(&two, &again);
	CHECK(buf_status(&two) == OK && str_eq(buf_str(&one), buf_str(&two)));
	buf_release(&one);
	buf_release(&two);
	arena_reset(&arena);
}

int
main(void)
{
	static const struct test_case cases[] = {
		{ "a need", a_need },
		{ "greedy-no-skip goes on where only a limit is against it", no_skip_skips_limits },
		{ "money held back", held_back },
		{ "money held back from shares", held_back_from_shares },
		{ "what is excluded from shares", excluded_from_shares },
		{ "what costs nothing", free_when_it_may },
		{ "more than can be counted", too_many },
		{ "every allocation failed in turn", out_of_memory },
		{ "memory of many pots and votes", pots_times_votes },
		{ "an outcome written and read again", written_and_read_again },
	};
	int bad;

	arena_init(&arena, 64 << 20);
	bad = test_run_all(cases, sizeof cases / sizeof *cases);
	arena_release(&arena);
	return bad;
}
