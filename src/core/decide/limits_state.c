#include "core/decide/limits_state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum status
limits_begin(struct limits_state *state, const struct election *e, int64_t threshold,
             struct arena *arena)
{
	size_t groups = e->limits == NULL ? 0 : e->limits->group_count;

	*state = (struct limits_state){ .e = e, .threshold = threshold };
	state->won = ARENA_ARRAY(arena, e->option_count, bool);
	state->winners = ARENA_ARRAY(arena, groups, int64_t);
	state->cost = ARENA_ARRAY(arena, groups, int64_t);
	state->held = ARENA_ARRAY(arena, groups, int64_t);
	state->scratch = ARENA_ARRAY(arena, groups == 0 ? 0 : e->option_count, int64_t);
	if (state->won == NULL || state->winners == NULL || state->cost == NULL ||
	    state->held == NULL || state->scratch == NULL)
		return NO_MEMORY;
	for (size_t g = 0; g < groups; g++)
		state->minima = state->minima || e->limits->groups[g].min_cost > 0 ||
		                e->limits->groups[g].min_winners > 0;
	limits_reset(state);
	return OK;
}

/* All but what is held back. */
static enum limits_answer
look_apart(const struct limits_state *state, uint32_t option, struct limits_cause *cause)
{
	const struct limits *l = state->e->limits;

	for (size_t i = l->group_first[option]; i < l->group_first[option + 1]; i++) {
		uint32_t g = l->group[i];
		const struct limits_group *group = &l->groups[g];

		*cause = (struct limits_cause){ (int32_t)g, -1 };
		if (group->max_winners == 1 && state->winners[g] == 1) {
			for (size_t m = 0; m < group->option_count; m++)
				if (state->won[group->options[m]])
					cause->other = (int32_t)group->options[m];
			return LIMITS_EXCLUDED;
		}
		if (group->max_winners >= 0 && state->winners[g] >= group->max_winners)
			return LIMITS_FULL;
		if (group->max_cost >= 0 &&
		    state->e->options[option].cost > group->max_cost - state->cost[g])
			return LIMITS_FULL;
	}
	for (size_t i = l->need_first[option]; i < l->need_first[option + 1]; i++)
		if (!state->won[l->need[i]]) {
			*cause = (struct limits_cause){ -1, (int32_t)l->need[i] };
			return LIMITS_NEEDS;
		}
	*cause = (struct limits_cause){ -1, -1 };
	return LIMITS_ALLOW;
}

static bool
is_wanted(const struct limits_state *state, uint32_t option)
{
	const struct election_option *o = &state->e->options[option];

	return o->votes > 0 && !o->withdrawn && o->points >= state->threshold;
}

static int
by_amount(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* What is to be held back for a group: see limits.h. */
static int64_t
held_for(struct limits_state *state, size_t g)
{
	const struct limits_group *group = &state->e->limits->groups[g];
	int64_t missing_cost = group->min_cost - state->cost[g];
	int64_t missing_winners = group->min_winners - state->winners[g];
	int64_t all = 0, some = 0, money = 0;
	struct limits_cause cause;
	size_t n = 0;

	if (missing_cost <= 0 && missing_winners <= 0)
		return 0;
	for (size_t m = 0; m < group->option_count; m++) {
		uint32_t o = group->options[m];
		int64_t cost = state->e->options[o].cost;

		if (state->won[o] || !is_wanted(state, o) || cost > state->left ||
		    look_apart(state, o, &cause) != LIMITS_ALLOW)
			continue;
		state->scratch[n++] = cost;
		all += cost;
	}
	if (n == 0)
		return 0;
	qsort(state->scratch, n, sizeof *state->scratch, by_amount);
	for (size_t i = 0; i < n && (int64_t)i < missing_winners; i++)
		some += state->scratch[i];
	if (missing_cost > 0) {
		money = missing_cost < all ? missing_cost : all;
		money = money > state->scratch[0] ? money : state->scratch[0];
	}
	return some > money ? some : money;
}

static void
hold(struct limits_state *state)
{
	state->held_all = 0;
	if (!state->minima)
		return;
	for (size_t g = 0; g < state->e->limits->group_count; g++) {
		state->held[g] = held_for(state, g);
		state->held_all += state->held[g];
	}
}

void
limits_reset(struct limits_state *state)
{
	const struct election *e = state->e;

	state->left = e->budget;
	memset(state->won, 0, e->option_count * sizeof *state->won);
	if (e->limits == NULL)
		return;
	memset(state->winners, 0, e->limits->group_count * sizeof *state->winners);
	memset(state->cost, 0, e->limits->group_count * sizeof *state->cost);
	hold(state);
}

void
limits_take(struct limits_state *state, uint32_t option)
{
	const struct limits *l = state->e->limits;
	int64_t cost = state->e->options[option].cost;

	assert(!state->won[option]);
	state->won[option] = true;
	if (l == NULL)
		return;
	/* at most LIMITS_OPTIONS_MAX times ELECTION_MONEY_MAX */
	state->left -= cost;
	for (size_t i = l->group_first[option]; i < l->group_first[option + 1]; i++) {
		state->winners[l->group[i]]++;
		state->cost[l->group[i]] += cost;
	}
	hold(state);
}

/* Whether the money for an option is held back for groups that it is not in. */
static enum limits_answer
look_held(const struct limits_state *state, uint32_t option, struct limits_cause *cause)
{
	const struct limits *l = state->e->limits;
	int64_t cost = state->e->options[option].cost, others = state->held_all;
	uint32_t own = (uint32_t)l->group_count;

	if (cost == 0 || others == 0)
		return LIMITS_ALLOW;
	for (size_t i = l->group_first[option]; i < l->group_first[option + 1]; i++)
		if (state->held[l->group[i]] > 0)
			own = l->group[i]; /* one at most: limits_set */
	if (own < l->group_count) {
		if (state->held_all > state->left)
			return LIMITS_ALLOW;
		others -= state->held[own];
	}
	if (others == 0 || others <= state->left - cost)
		return LIMITS_ALLOW;
	for (uint32_t g = 0; g < l->group_count && cause->group < 0; g++)
		if (state->held[g] > 0 && g != own)
			cause->group = (int32_t)g;
	return LIMITS_HELD;
}

enum limits_answer
limits_look(const struct limits_state *state, uint32_t option, struct limits_cause *cause)
{
	struct limits_cause found = { -1, -1 };
	enum limits_answer answer = LIMITS_ALLOW;

	if (state->e->limits != NULL) {
		answer = look_apart(state, option, &found);
		if (answer == LIMITS_ALLOW)
			answer = look_held(state, option, &found);
	}
	if (cause != NULL)
		*cause = found;
	return answer;
}

uint32_t
limits_next_free(const struct limits_state *state, const uint32_t *rank)
{
	const struct election *e = state->e;
	uint32_t none = (uint32_t)e->option_count, first = none;

	for (uint32_t o = 0; o < none; o++)
		if (e->options[o].cost == 0 && !state->won[o] && is_wanted(state, o) &&
		    (first == none || rank[o] < rank[first]) && limits_allow(state, o))
			first = o;
	return first;
}

bool
limits_reached(const struct limits_state *state, size_t group)
{
	const struct limits_group *g = &state->e->limits->groups[group];

	return state->cost[group] >= g->min_cost && state->winners[group] >= g->min_winners;
}
