/* Limits are checked for contradictions once, before anything is counted. */
#include "core/decide/limits.h"

#include <string.h>

struct setting {
	const struct election *e;
	struct limits *l;
	const struct limits_need *needs;
	size_t need_count;
	struct arena *arena;
	struct decide_error *error;
};

static enum status
fail(struct decide_error *error, size_t line, const char *field, const char *text,
     struct message_value value)
{
	return decide_fail_with(error, line, str_of(field), text, value);
}

/* Of a group's own figures. */
static enum status
check_group(struct setting *s, const struct limits_group *g)
{
	struct message_value name = message_text("name", g->name);
	int64_t all = 0;

	for (size_t i = 0; i < g->option_count; i++)
		all += s->e->options[g->options[i]].cost;
	if (g->min_cost == 0 && g->min_winners == 0 && g->max_cost < 0 && g->max_winners < 0)
		return fail(s->error, g->line, "max_winners",
		            MSG("{name} has no limit: give it a minimum or a maximum."), name);
	if (g->max_winners == 0)
		return fail(s->error, g->line, "max_winners",
		            MSG("Nothing of {name} could win: the maximum must be 1 or more."), name);
	if (g->max_cost == 0)
		return fail(s->error, g->line, "max_cost",
		            MSG("Nothing of {name} that costs something could win: the maximum must be above 0."),
		            name);
	if (g->max_cost >= 0 && g->min_cost > g->max_cost)
		return fail(s->error, g->line, "min_cost",
		            MSG("The least money for {name} is more than the most."), name);
	if (g->max_winners >= 0 && g->min_winners > g->max_winners)
		return fail(s->error, g->line, "min_winners",
		            MSG("The least number of winners of {name} is more than the most."), name);
	if (g->min_winners > (int64_t)g->option_count)
		return fail(s->error, g->line, "min_winners",
		            MSG("{name} has fewer projects than must win."), name);
	if (g->min_cost > all)
		return fail(s->error, g->line, "min_cost",
		            MSG("All projects of {name} together cost less than that."), name);
	if (g->min_cost > s->e->budget)
		return fail(s->error, g->line, "min_cost",
		            MSG("The least money for {name} is more than the budget."), name);
	return OK;
}

/* The groups of each option; groups with a minimum don't overlap. */
static enum status
index_groups(struct setting *s)
{
	const struct election *e = s->e;
	struct limits *l = s->l;
	bool *has_minimum = ARENA_ARRAY(s->arena, e->option_count, bool);
	size_t total = 0;

	for (size_t g = 0; g < l->group_count; g++)
		total += l->groups[g].option_count;
	l->group_first = ARENA_ARRAY(s->arena, e->option_count + 2, uint32_t);
	l->group = ARENA_ARRAY(s->arena, total, uint32_t);
	if (has_minimum == NULL || l->group_first == NULL || l->group == NULL)
		return NO_MEMORY;
	/* One further on than in the end: filling moves each back. */
	for (size_t g = 0; g < l->group_count; g++)
		for (size_t i = 0; i < l->groups[g].option_count; i++)
			l->group_first[l->groups[g].options[i] + 2]++;
	for (size_t o = 0; o < e->option_count; o++)
		l->group_first[o + 2] += l->group_first[o + 1];
	for (uint32_t g = 0; g < l->group_count; g++) {
		const struct limits_group *group = &l->groups[g];
		bool minimum = group->min_cost > 0 || group->min_winners > 0;

		for (size_t i = 0; i < group->option_count; i++) {
			uint32_t o = group->options[i];

			if (minimum && has_minimum[o])
				return fail(s->error, group->line, "projects",
				            MSG("{project} is already in a group that has a minimum."),
				            message_text("project", e->options[o].id));
			has_minimum[o] = has_minimum[o] || minimum;
			l->group[l->group_first[o + 1]++] = g;
		}
	}
	return OK;
}

/* The needs of each option. */
static enum status
index_needs(struct setting *s)
{
	struct limits *l = s->l;
	size_t options = s->e->option_count;

	l->need_first = ARENA_ARRAY(s->arena, options + 2, uint32_t);
	l->need = ARENA_ARRAY(s->arena, s->need_count, uint32_t);
	if (l->need_first == NULL || l->need == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < s->need_count; i++)
		l->need_first[s->needs[i].option + 2]++;
	for (size_t o = 0; o < options; o++)
		l->need_first[o + 2] += l->need_first[o + 1];
	for (size_t i = 0; i < s->need_count; i++)
		l->need[l->need_first[s->needs[i].option + 1]++] = s->needs[i].other;
	return OK;
}

/* Marks all that an option needs, and what those need; the option itself only in a circle. Returns
 * how many are in found. */
static size_t
all_needs(const struct limits *l, uint32_t option, bool *marked, uint32_t *found)
{
	size_t count = 0;
	uint32_t at = option;

	for (size_t next = 0;; at = found[next++]) {
		for (size_t i = l->need_first[at]; i < l->need_first[at + 1]; i++)
			if (!marked[l->need[i]]) {
				marked[l->need[i]] = true;
				found[count++] = l->need[i];
			}
		if (next == count)
			return count;
	}
}

/* Whether an option can ever win with all that it needs: the groups have room for all of them. */
static enum status
check_together(struct setting *s, const struct limits_need *need, const uint32_t *found,
               size_t count, int64_t *winners, int64_t *cost)
{
	const struct limits *l = s->l;

	memset(winners, 0, l->group_count * sizeof *winners);
	memset(cost, 0, l->group_count * sizeof *cost);
	for (size_t i = 0; i <= count; i++) {
		uint32_t o = i < count ? found[i] : need->option;

		for (size_t k = l->group_first[o]; k < l->group_first[o + 1]; k++) {
			winners[l->group[k]]++;
			cost[l->group[k]] += s->e->options[o].cost;
		}
	}
	for (size_t g = 0; g < l->group_count; g++) {
		const struct limits_group *group = &l->groups[g];

		if ((group->max_winners >= 0 && winners[g] > group->max_winners) ||
		    (group->max_cost >= 0 && cost[g] > group->max_cost))
			return fail(s->error, need->line, "projects",
			            MSG("With all that it needs, it would be more of {name} than may win."),
			            message_text("name", group->name));
	}
	return OK;
}

static enum status
check_needs(struct setting *s)
{
	size_t options = s->e->option_count;
	bool *marked = ARENA_ARRAY(s->arena, options, bool);
	uint32_t *found = ARENA_ARRAY(s->arena, options, uint32_t);
	int64_t *winners = ARENA_ARRAY(s->arena, s->l->group_count, int64_t);
	int64_t *cost = ARENA_ARRAY(s->arena, s->l->group_count, int64_t);
	enum status st = OK;

	if (marked == NULL || found == NULL || winners == NULL || cost == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < s->need_count; i++) {
		uint32_t option = s->needs[i].option;
		size_t count = all_needs(s->l, option, marked, found);

		if (marked[option])
			st = fail(s->error, s->needs[i].line, "projects",
			          MSG("{project} needs itself, by way of what it needs."),
			          message_text("project", s->e->options[option].id));
		else
			st = check_together(s, &s->needs[i], found, count, winners, cost);
		for (size_t k = 0; k < count; k++)
			marked[found[k]] = false;
	}
	return st;
}

/* Each group by itself, and what all must have at least. */
static enum status
check_groups(struct setting *s)
{
	int64_t left = s->e->budget;

	for (size_t g = 0; g < s->l->group_count; g++) {
		const struct limits_group *group = &s->l->groups[g];
		enum status st = check_group(s, group);

		if (st != OK)
			return st;
		if (group->min_cost > left)
			return fail(s->error, group->line, "min_cost",
			            MSG("With {name}, all groups together must have more than the budget."),
			            message_text("name", group->name));
		left -= group->min_cost;
	}
	return OK;
}

static enum status
too_large(struct decide_error *error, const char *text, int64_t most)
{
	(void)decide_fail_with(error, 0, STR(""), text, message_number("n", most));
	return TOO_LARGE;
}

enum status
limits_set(struct election *e, const struct limits_group *groups, size_t group_count,
           const struct limits_need *needs, size_t need_count, struct arena *arena,
           struct decide_error *error)
{
	struct limits *l = ARENA_NEW(arena, struct limits);
	struct setting s = { e, l, needs, need_count, arena, error };
	enum status st;

	if (group_count == 0 && need_count == 0)
		return OK;
	if (e->option_count > LIMITS_OPTIONS_MAX)
		return too_large(error, MSG("Limits are for {n} projects at most."),
		                 LIMITS_OPTIONS_MAX);
	if (group_count > LIMITS_GROUPS_MAX)
		return too_large(error, MSG("There can be {n} groups at most."), LIMITS_GROUPS_MAX);
	if (need_count > LIMITS_NEEDS_MAX)
		return too_large(error, MSG("Projects can need {n} others at most, all together."),
		                 LIMITS_NEEDS_MAX);
	if (l == NULL)
		return NO_MEMORY;
	l->groups = groups;
	l->group_count = group_count;
	st = index_groups(&s);
	if (st == OK)
		st = index_needs(&s);
	if (st == OK)
		st = check_groups(&s);
	if (st == OK)
		st = check_needs(&s);
	if (st == OK)
		e->limits = l;
	return st;
}
