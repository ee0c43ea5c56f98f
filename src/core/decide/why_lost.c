#include "core/decide/why_lost.h"

#include "core/decide/election_vary.h"

struct asking {
	const struct election *e;
	const struct method *method;
	size_t option, memory;
	const struct decide_progress *progress;
	struct decide_error *error;
	int64_t recounts;
};

/* Whether the option wins with another cost (ballots == 0) or with so many more ballots. */
static enum status
would_win(struct asking *a, int64_t cost, int64_t ballots, bool *ret)
{
	struct arena arena;
	struct election e;
	struct outcome outcome;
	enum status st;

	arena_init(&arena, a->memory);
	st = ballots > 0 ? election_with_ballots(a->e, (uint32_t)a->option, ballots, &arena, &e)
	                 : election_with_cost(a->e, (uint32_t)a->option, cost, &arena, &e);
	if (st == OK)
		st = decide_count(&e, a->method, &arena, &outcome, a->error);
	if (st == OK)
		*ret = outcome.options[a->option].place > 0;
	arena_release(&arena);
	decide_progress_step(a->progress, (size_t)++a->recounts, 0);
	return st;
}

static enum status
find_cost(struct asking *a, int64_t *ret)
{
	int64_t wins = 0, loses = a->e->options[a->option].cost;
	bool won = false;
	enum status st = OK;

	*ret = -1;
	if (loses == 0)
		return OK;
	st = would_win(a, 0, 0, &won);
	if (st != OK || !won)
		return st;
	while (st == OK && loses - wins > 1) {
		int64_t middle = wins + (loses - wins) / 2;

		st = would_win(a, middle, 0, &won);
		if (won)
			wins = middle;
		else
			loses = middle;
	}
	*ret = wins;
	return st;
}

static enum status
find_ballots(struct asking *a, int64_t *ret)
{
	const struct election *e = a->e;
	int64_t most = ELECTION_VOTERS_MAX - e->voters, loses = 0, wins = 1;
	bool won = false;
	enum status st = OK;

	*ret = -1;
	if (e->options[a->option].cost > e->budget || most < 1)
		return OK;
	for (;;) {
		st = would_win(a, 0, wins, &won);
		if (st != OK || won)
			break;
		if (wins == most)
			return OK;
		loses = wins;
		wins = wins > most / 2 ? most : wins * 2;
	}
	while (st == OK && wins - loses > 1) {
		int64_t middle = loses + (wins - loses) / 2;

		st = would_win(a, 0, middle, &won);
		if (won)
			wins = middle;
		else
			loses = middle;
	}
	*ret = wins;
	return st;
}

enum status
why_lost(const struct election *e, const struct method *method, size_t option, size_t memory,
         const struct decide_progress *progress, struct why_lost *ret, struct decide_error *error)
{
	struct asking a = { e, method, option, memory, progress, error, 0 };
	enum status st;

	*ret = (struct why_lost){ -1, -1, 0 };
	if (e->options[option].withdrawn)
		return OK;
	st = find_cost(&a, &ret->highest_cost);
	if (st == OK)
		st = find_ballots(&a, &ret->more_ballots);
	ret->recounts = a.recounts;
	return st;
}

enum status
why_lost_all(const struct election *e, struct outcome *outcome, int64_t work, size_t memory,
             struct decide_error *error)
{
	enum { RECOUNTS = 60 }; /* for one loser, about */
	int64_t losers = (int64_t)(outcome->option_count - outcome->step_count);
	int64_t each = (int64_t)e->first[e->option_count] + (int64_t)e->option_count + 1;
	/* exact runs once for each raise; other completions mostly skip increments */
	int64_t runs = outcome->method.completion == DECIDE_EXACT ? outcome->increments + 1 : 1;
	enum status st = OK;

	if (losers * RECOUNTS > work / each / runs)
		return OK;
	for (size_t o = 0; st == OK && o < outcome->option_count; o++) {
		struct why_lost why;

		if (outcome->options[o].place > 0)
			continue;
		st = why_lost(e, &outcome->method, o, memory, NULL, &why, error);
		outcome->options[o].highest_cost = why.highest_cost;
		outcome->options[o].more_ballots = why.more_ballots;
	}
	return st;
}
