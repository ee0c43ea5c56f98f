/* Any bytes at all as a file of limits: refused with a reason, or every pot of the election becomes
 * one that is counted, and nothing that wins breaks a limit. */
#include "core/decide/limits_file.h"
#include "core/decide/outcome.h"
#include "fuzz/fuzz.h"

#define ELECTION                                                                           \
	"META\nkey;value\nnum_projects;6\nnum_votes;5\nbudget;100\nvote_type;approval\n"       \
	"PROJECTS\nproject_id;cost;category\na;10;x\nb;20;x,y\nc;30;y\nd;40;z\ne;0;z\nf;25;x\n" \
	"VOTES\nvoter_id;vote;district\n1;a,b,c;n\n2;a,d;n\n3;b,f,e;s\n4;c,f;s\n5;a,c,d;s\n"

static void
check_winners(const struct election *e, const struct outcome *o)
{
	const struct limits *l = e->limits;
	size_t groups = l == NULL ? 0 : l->group_count;

	CHECK_ALWAYS(o->total_cost <= e->budget && o->group_count == groups);
	for (size_t g = 0; g < groups; g++) {
		CHECK_ALWAYS(l->groups[g].max_winners < 0 ||
		             o->groups[g].winners <= l->groups[g].max_winners);
		CHECK_ALWAYS(l->groups[g].max_cost < 0 ||
		             o->groups[g].cost <= l->groups[g].max_cost);
	}
	for (size_t i = 0; l != NULL && i < e->option_count; i++)
		for (size_t k = l->need_first[i]; k < l->need_first[i + 1]; k++)
			CHECK_ALWAYS(o->options[i].place == 0 ||
			             (o->options[l->need[k]].place > 0 &&
			              o->options[l->need[k]].place < o->options[i].place));
}

static void
count(const struct election *e, struct arena *arena)
{
	for (int rule = DECIDE_GREEDY; rule <= DECIDE_PHRAGMEN; rule++) {
		struct method m = { .rule = (enum decide_rule)rule };
		struct decide_error error;
		struct outcome o;
		enum status st;

		if (rule == DECIDE_EQUAL_SHARES)
			m.completion = DECIDE_ADD1U;
		st = decide_count(e, &m, arena, &o, &error);
		CHECK_ALWAYS(st == OK || st == NO_MEMORY);
		if (st == OK)
			check_winners(e, &o);
	}
}

FUZZ(text)
{
	struct decide_error error = { 0 };
	struct limits_file limits;
	struct limits_part part;
	struct pabulib pb;
	struct arena arena;
	enum status st;

	arena_init(&arena, 64 << 20);
	CHECK_ALWAYS(pabulib_parse(&arena, STR(ELECTION), &pb, &error) == OK);
	st = limits_read(&arena, text, &pb, 0, &limits, &error);
	for (size_t pot = 0; st == OK && pot < limits.pot_count + (limits.pot_count == 0); pot++) {
		st = limits_part_of(&pb, &limits, pot, DECIDE_COST, 0, &arena, &part, &error);
		if (st == OK)
			count(&part.e, &arena);
	}
	CHECK_ALWAYS(st == OK || st == NO_MEMORY || error.message.text != NULL);
	arena_release(&arena);
}
