/* Meek's STV: Hill, Wichmann & Woodall, "Algorithm 123: Single transferable vote by Meek's
 * method" (The Computer Journal 30:3, 1987), with the arithmetic of droop's rule "meek" with
 * fixed 9: whole numbers of 10^-9; votes and weights rounded down, keep values up; quota
 * votes / (seats + 1) + 10^-9; an iteration ends when somebody reaches the quota, the surplus
 * is at most 10^-6 or no longer falls, or some are sure to lose; candidates within the surplus
 * of the lowest count as tied with it.
 *
 * stv-meek-prf is the PR Foundation's Reference Meek Rule (prfound.org; droop's "meek-prf"):
 * what is kept is rounded up and the rest goes on, nobody is excluded as sure to lose, and an
 * iteration ends when the surplus is below 10^-6 or no longer falls.
 *
 * An equal rank divides a ballot's weight among those of it who are left; at a rank of which
 * nobody is left the next is read (droop loses the ballot there: RANKED_EQUAL_DROOP). */
#include <stdlib.h>
#include <string.h>

#include "core/decide/ranked/inside.h"

#define UNIT INT64_C(1000000000)
enum { OMEGA = 1000, BRANCHES_MAX = 4096 };

enum state { OUT, HOPEFUL, ELECTED };
enum end { END_OMEGA, END_STABLE, END_BATCH, END_ELECTED };

struct count {
	const struct view *v;
	struct ranked_outcome *o;
	struct arena *arena;
	bool prf;
	enum state *state;
	int64_t *votes, *keep; /* [n] */
	int64_t quota, total, surplus;
	uint32_t *batch;       /* [n] scratch */
	size_t batch_count;
	/* Of the ballot being divided. */
	size_t ballot_end;
	int64_t weight_now; /* how many voters cast it */
	bool lose_there;    /* as droop, at a rank of which nobody is left */
};

static int64_t
mul_down(int64_t a, int64_t b)
{
	return (int64_t)((__int128)a * b / UNIT);
}

static int64_t
mul_up(int64_t a, int64_t b)
{
	return (int64_t)(((__int128)a * b + UNIT - 1) / UNIT);
}

static int64_t
div_up(int64_t a, int64_t b)
{
	return (int64_t)(((__int128)a * UNIT + b - 1) / b);
}

/* What of `weight` is kept at each rank from `place` on, by everybody on it. Behind an equal
 * rank what each of them passes on goes its own way, rounded for itself; but a ballot with many
 * such ranks would have too many ways, so beyond BRANCHES_MAX they are put together. */
static void
divide(struct count *c, size_t place, int64_t weight, size_t branches)
{
	const uint32_t *choice = c->v->choice;

	while (weight > 0 && place < c->ballot_end) {
		size_t stop = place, alive = 0, passing = 0;
		int64_t left = 0;

		do {
			size_t who = choice[stop++] & ~RANKED_SAME;

			alive += c->state[who] != OUT;
			passing += c->state[who] == ELECTED;
		} while (stop < c->ballot_end && (choice[stop] & RANKED_SAME) != 0);
		if (alive == 0 && c->lose_there)
			return;
		if (alive > 0)
			weight /= (int64_t)alive;
		for (size_t i = place; i < stop; i++) {
			size_t who = choice[i] & ~RANKED_SAME;
			int64_t kept, pass;

			if (c->state[who] == OUT)
				continue;
			kept = c->prf ? mul_up(weight, c->keep[who]) : mul_down(weight, c->keep[who]);
			pass = c->prf ? weight - kept : mul_down(weight, UNIT - c->keep[who]);
			c->votes[who] += kept * c->weight_now;
			if (passing > 1 && branches * passing <= BRANCHES_MAX)
				divide(c, stop, pass, branches * passing);
			else
				left += pass;
		}
		if (alive > 0)
			weight = left;
		place = stop;
	}
}

/* Every ballot divided by the keep values, and the quota of what is left. */
static void
distribute(struct count *c)
{
	memset(c->votes, 0, c->v->n * sizeof *c->votes);
	for (size_t b = 0; b < c->v->ballot_count; b++) {
		c->ballot_end = c->v->start[b + 1];
		c->weight_now = c->v->weight[b];
		c->lose_there = false;
		for (size_t i = c->v->start[b]; i < c->ballot_end; i++)
			c->lose_there |= (c->v->choice[i] & RANKED_SAME) != 0;
		c->lose_there &= c->o->method.equal == RANKED_EQUAL_DROOP;
		divide(c, c->v->start[b], UNIT, 1);
	}
	c->total = 0;
	for (size_t i = 0; i < c->v->n; i++)
		c->total += c->votes[i];
	c->quota = c->total / (int64_t)(c->o->seats + 1) + 1;
}

static size_t
hopefuls(const struct count *c)
{
	size_t count = 0;

	for (size_t i = 0; i < c->v->n; i++)
		count += c->state[i] == HOPEFUL;
	return count;
}

/* Into c->batch: the hopefuls by votes, fewest first, then by number. */
static size_t
sort_hopefuls(struct count *c)
{
	size_t count = 0;

	for (size_t i = 0; i < c->v->n; i++) {
		size_t j = count;

		if (c->state[i] != HOPEFUL)
			continue;
		for (; j > 0 && c->votes[c->batch[j - 1]] > c->votes[i]; j--)
			c->batch[j] = c->batch[j - 1];
		c->batch[j] = (uint32_t)i;
		count++;
	}
	return count;
}

/* Groups of hopefuls of which each begins more than the surplus above the lowest of the one
 * before. Those of the first groups are sure to lose when all their votes and the surplus
 * together are fewer than the next group's. The most such groups, into c->batch. */
static void
find_sure_losers(struct count *c)
{
	size_t count = sort_hopefuls(c), most = count - (c->o->seats - c->o->winner_count);
	int64_t lowest = 0, sum = 0;
	size_t begun = 0;

	c->batch_count = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t votes = c->votes[c->batch[i]];

		/* droop's first group begins at no votes */
		if (lowest + c->surplus < votes) {
			if (i > begun && i <= most && sum + c->surplus < votes)
				c->batch_count = i;
			begun = i;
			lowest = votes;
		}
		sum += votes;
	}
}

static bool
elect(struct count *c, struct ranked_stage *s, enum ranked_why why)
{
	bool some = false;

	for (;;) {
		size_t best = c->v->n;

		for (size_t i = 0; i < c->v->n; i++)
			if (c->state[i] == HOPEFUL &&
			    (why == RANKED_WON_REST || c->votes[i] >= c->quota) &&
			    (best == c->v->n || c->votes[i] > c->votes[best] ||
			     (c->votes[i] == c->votes[best] && c->v->tie[i] < c->v->tie[best])))
				best = i;
		if (best == c->v->n || c->o->winner_count == c->o->seats)
			return some;
		c->state[best] = ELECTED;
		outcome_elect(c->o, s, best, why);
		some = true;
	}
}

static void
fill_stage(const struct count *c, struct ranked_stage *s)
{
	memcpy(s->votes, c->votes, c->v->n * sizeof *s->votes);
	s->quota = c->quota;
	s->exhausted = c->v->valid * UNIT - c->total; /* with what rounding lost */
	s->surplus = c->surplus;
}

static enum end
iterate(struct count *c, struct ranked_stage *s)
{
	int64_t last = c->v->valid * UNIT;

	c->surplus = 0;

	for (;;) {
		distribute(c);
		fill_stage(c, s);
		if (elect(c, s, RANKED_WON))
			return END_ELECTED;
		c->surplus = 0;
		for (size_t i = 0; i < c->v->n; i++)
			if (c->state[i] == ELECTED)
				c->surplus += c->votes[i] - c->quota;
		if (c->prf && c->surplus < 0)
			c->surplus = 0;
		s->surplus = c->surplus;
		if (c->surplus < OMEGA || (!c->prf && c->surplus == OMEGA))
			return END_OMEGA;
		if (c->surplus >= last)
			return END_STABLE;
		if (!c->prf)
			find_sure_losers(c);
		if (c->batch_count > 0)
			return END_BATCH;
		last = c->surplus;
		for (size_t i = 0; i < c->v->n; i++)
			if (c->state[i] == ELECTED && c->votes[i] > 0)
				c->keep[i] = div_up(mul_up(c->keep[i], c->quota), c->votes[i]);
	}
}

static void
exclude(struct count *c, struct ranked_stage *s, size_t who)
{
	c->state[who] = OUT;
	c->keep[who] = 0;
	outcome_exclude(c->o, s, who, RANKED_EXCLUDED_THEN, c->votes[who]);
}

/* Of those within the surplus of the fewest votes, the first in the order of ties. The quota
 * is rounded up, so that the surplus may be a little below zero. */
static void
exclude_lowest(struct count *c, struct ranked_stage *s)
{
	size_t count = sort_hopefuls(c), best = 0, tied = 0;
	int64_t within = c->surplus > 0 ? c->surplus : 0;

	for (size_t i = 0; i < count; i++) {
		if (c->votes[c->batch[0]] + within < c->votes[c->batch[i]])
			break;
		tied++;
		if (c->v->tie[c->batch[i]] < c->v->tie[c->batch[best]])
			best = i;
	}
	s->tied = tied > 1 ? tied : 0;
	exclude(c, s, c->batch[best]);
}

static enum status
finish(struct count *c)
{
	if (c->o->winner_count < c->o->seats && hopefuls(c) > 0) {
		struct ranked_stage *s = outcome_stage(c->o, c->arena, RANKED_DEED_REST);

		if (s == NULL)
			return NO_MEMORY;
		distribute(c);
		fill_stage(c, s);
		elect(c, s, RANKED_WON_REST);
	}
	for (size_t i = 0; i < c->v->n; i++)
		if (c->state[i] == HOPEFUL) {
			c->o->fates[i].why = RANKED_LEFT_OVER;
			c->o->fates[i].stage = c->o->stage_count;
			c->o->fates[i].votes = c->votes[i];
		}
	return OK;
}

enum status
meek_count(const struct view *v, struct arena *arena, struct ranked_outcome *o)
{
	struct count c = { .v = v, .o = o, .arena = arena,
	                   .prf = o->method.rule == RANKED_STV_MEEK_PRF };

	c.state = ARENA_ARRAY(arena, v->n, enum state);
	c.votes = ARENA_ARRAY(arena, v->n, int64_t);
	c.keep = ARENA_ARRAY(arena, v->n, int64_t);
	c.batch = ARENA_ARRAY(arena, v->n, uint32_t);
	if (c.state == NULL || c.votes == NULL || c.keep == NULL || c.batch == NULL)
		return NO_MEMORY;
	o->decimals = 9;
	for (size_t i = 0; i < v->n; i++) {
		c.state[i] = v->out[i] ? OUT : HOPEFUL;
		c.keep[i] = v->out[i] ? 0 : UNIT;
	}
	while (o->winner_count < o->seats && hopefuls(&c) > o->seats - o->winner_count) {
		struct ranked_stage *s = outcome_stage(o, arena, o->stage_count == 0
		                                       ? RANKED_DEED_FIRST : RANKED_DEED_ITERATED);
		enum end end;

		if (s == NULL)
			return NO_MEMORY;
		end = iterate(&c, s);
		if (end == END_BATCH)
			for (size_t i = 0; i < c.batch_count; i++)
				exclude(&c, s, c.batch[i]);
		else if (end != END_ELECTED)
			exclude_lowest(&c, s);
	}
	return finish(&c);
}
