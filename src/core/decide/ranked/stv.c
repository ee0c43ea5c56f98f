/* Rules that pass votes on: Scottish STV, the weighted inclusive Gregory method, and instant
 * run-off.
 *
 * Scottish STV: The Scottish Local Government Elections Order 2007 (SSI 2007/42; 2011), rules
 * 45-52. Quota ⌊valid / (seats + 1)⌋ + 1. A surplus goes on at value × surplus / votes, cut to
 * five decimals; the largest surplus first, one exclusion at a time; ties by the latest stage
 * at which those who are tied differed, then by lot. Amounts are whole numbers of 1/100000.
 *
 * WIG: the same flow in exact fractions, with the quota valid / (seats + 1), which must be
 * passed (droop's rule "wigm" with rational arithmetic). Ties by the order of ties.
 *
 * WIG-PRF: the PR Foundation's Reference WIGM Rule (prfound.org; droop's "wigm-prf"): four
 * decimals, each product and quotient cut to them, quota valid / (seats + 1) + 0.0001.
 *
 * IRV: one seat; the fewest votes go out until one candidate has more than half of the votes
 * that still count. */
#include <gmp.h>
#include <stdlib.h>
#include <string.h>

#include "core/decide/ranked/inside.h"

enum { NOBODY = UINT32_MAX, SCOTTISH_UNIT = 100000, PRF_UNIT = 10000, SHOWN = 1000000000,
       BITS_MAX = 60000 };

enum state { OUT, HOPEFUL, PENDING, ELECTED };

struct count {
	const struct view *v;
	const bool *guarded;
	struct ranked_outcome *o;
	struct arena *arena;
	bool scottish, irv;
	int64_t fixed; /* amounts are whole numbers of 1/fixed; 0: fractions */

	enum state *state; /* [n] */
	mpq_t *votes;      /* [n] */
	mpq_t quota, exhausted, unit, factor, piece, share;

	/* A piece of a ballot lies with the candidate of one of its places. A ballot without
	 * equal ranks has one piece, so one value; others have one for each place. */
	mpq_t *value;
	size_t value_count;
	uint32_t *base;  /* [ballots] its first value */
	bool *divided;   /* [ballots] it has an equal rank */
	uint32_t *owner; /* [places] ballot */
	uint32_t *head;  /* [n] first place that lies with them, or NOBODY */
	uint32_t *next;  /* [places] */
	uint32_t *tied;  /* [n] scratch */
};

static bool
prepare(struct count *c)
{
	const struct view *v = c->v;
	size_t places = v->ballot_count == 0 ? 0 : v->start[v->ballot_count];

	c->state = ARENA_ARRAY(c->arena, v->n, enum state);
	c->votes = ARENA_ARRAY(c->arena, v->n, mpq_t);
	c->base = ARENA_ARRAY(c->arena, v->ballot_count, uint32_t);
	c->divided = ARENA_ARRAY(c->arena, v->ballot_count, bool);
	c->owner = ARENA_ARRAY(c->arena, places, uint32_t);
	c->head = ARENA_ARRAY(c->arena, v->n, uint32_t);
	c->next = ARENA_ARRAY(c->arena, places, uint32_t);
	c->tied = ARENA_ARRAY(c->arena, v->n, uint32_t);
	if (c->state == NULL || c->votes == NULL || c->base == NULL || c->divided == NULL ||
	    c->owner == NULL || c->head == NULL || c->next == NULL || c->tied == NULL)
		return false;
	for (size_t b = 0; b < v->ballot_count; b++) {
		c->base[b] = (uint32_t)c->value_count;
		for (size_t i = v->start[b]; i < v->start[b + 1]; i++) {
			c->owner[i] = (uint32_t)b;
			c->divided[b] |= (v->choice[i] & RANKED_SAME) != 0;
		}
		c->value_count += c->divided[b] ? v->start[b + 1] - v->start[b] : 1;
	}
	c->value = ARENA_ARRAY(c->arena, c->value_count, mpq_t);
	if (c->value == NULL)
		return false;
	for (size_t i = 0; i < c->value_count; i++)
		mpq_init(c->value[i]);
	for (size_t i = 0; i < v->n; i++) {
		mpq_init(c->votes[i]);
		c->state[i] = v->out[i] ? OUT : HOPEFUL;
		c->head[i] = NOBODY;
	}
	mpq_inits(c->quota, c->exhausted, c->unit, c->factor, c->piece, c->share, (void *)NULL);
	return true;
}

static void
clean_up(struct count *c)
{
	for (size_t i = 0; i < c->value_count; i++)
		mpq_clear(c->value[i]);
	for (size_t i = 0; i < c->v->n; i++)
		mpq_clear(c->votes[i]);
	mpq_clears(c->quota, c->exhausted, c->unit, c->factor, c->piece, c->share, (void *)NULL);
}

static mpq_t *
value_at(struct count *c, uint32_t place)
{
	uint32_t b = c->owner[place];

	return &c->value[c->base[b] + (c->divided[b] ? place - c->v->start[b] : 0)];
}

static uint32_t
candidate_at(const struct count *c, uint32_t place)
{
	return c->v->choice[place] & ~RANKED_SAME;
}

static void
times(mpq_t q, uint32_t n)
{
	mpz_mul_ui(mpq_numref(q), mpq_numref(q), n);
	if (mpz_cmp_ui(mpq_denref(q), 1) != 0)
		mpq_canonicalize(q);
}

/* As a whole number of 10^-decimals, rounded down. */
static int64_t
shown(struct count *c, const mpq_t q)
{
	mpz_t whole;
	int64_t ret;

	mpz_init_set(whole, mpq_numref(q));
	if (c->fixed == 0 && c->o->decimals > 0)
		mpz_mul_ui(whole, whole, SHOWN);
	mpz_fdiv_q(whole, whole, mpq_denref(q));
	ret = mpz_get_si(whole);
	mpz_clear(whole);
	return ret;
}

/* Gives the share of a piece to the candidate at a place. */
static void
give(struct count *c, uint32_t place, const mpq_t share)
{
	uint32_t b = c->owner[place], who = candidate_at(c, place);
	mpq_t *value = value_at(c, place);

	if (mpq_sgn(share) == 0) /* cut to nothing; a piece with no value lies nowhere */
		return;
	if (mpq_sgn(*value) == 0) {
		c->next[place] = c->head[who];
		c->head[who] = place;
	}
	mpq_add(*value, *value, share);
	mpq_set(c->piece, share);
	times(c->piece, c->v->weight[b]);
	mpq_add(c->votes[who], c->votes[who], c->piece);
}

static void
whole_share(struct count *c)
{
	mpz_fdiv_q(mpq_numref(c->share), mpq_numref(c->share), mpq_denref(c->share));
	mpz_set_ui(mpq_denref(c->share), 1);
}

/* Divides `share` of a ballot among the hopefuls of its best rank from `place` on that has
 * any. */
static void
pass_on(struct count *c, uint32_t place)
{
	uint32_t b = c->owner[place], end = c->v->start[b + 1];

	while (place < end) {
		uint32_t stop = place, hopefuls = 0;

		do
			hopefuls += c->state[candidate_at(c, stop++)] == HOPEFUL;
		while (stop < end && (c->v->choice[stop] & RANKED_SAME) != 0);
		if (hopefuls > 1) {
			mpz_mul_ui(mpq_denref(c->share), mpq_denref(c->share), hopefuls);
			mpq_canonicalize(c->share);
			if (c->fixed > 0)
				whole_share(c);
		}
		for (; hopefuls > 0 && place < stop; place++)
			if (c->state[candidate_at(c, place)] == HOPEFUL)
				give(c, place, c->share);
		if (hopefuls > 0)
			return;
		place = stop;
	}
	mpq_set(c->piece, c->share);
	times(c->piece, c->v->weight[b]);
	mpq_add(c->exhausted, c->exhausted, c->piece);
}

/* share × surplus / votes, all whole numbers; Scottish law cuts once, the PR Foundation twice. */
static void
cut_share(struct count *c, const mpq_t surplus, const mpq_t votes)
{
	mpz_ptr share = mpq_numref(c->share);

	mpz_mul(share, share, mpq_numref(surplus));
	if (!c->scottish) {
		mpz_fdiv_q_ui(share, share, PRF_UNIT);
		mpz_mul_ui(share, share, PRF_UNIT);
	}
	mpz_fdiv_q(share, share, mpq_numref(votes));
}

/* All pieces of a candidate who is no longer hopeful; with a surplus, only what c->factor
 * (Scottish: surplus and votes) leaves of each. */
static void
pass_all(struct count *c, uint32_t who, const mpq_t surplus)
{
	uint32_t place = c->head[who];

	c->head[who] = NOBODY;
	while (place != NOBODY) {
		uint32_t after = c->next[place];
		mpq_t *value = value_at(c, place);

		mpq_set(c->share, *value);
		mpq_set_ui(*value, 0, 1);
		if (surplus != NULL && c->fixed > 0) {
			cut_share(c, surplus, c->votes[who]);
		} else if (surplus != NULL) {
			mpq_mul(c->share, c->share, c->factor);
		}
		/* To the beginning of its rank: its other members come first. */
		while ((c->v->choice[place] & RANKED_SAME) != 0)
			place--;
		if (mpq_sgn(c->share) != 0)
			pass_on(c, place);
		place = after;
	}
}

static void
first_preferences(struct count *c)
{
	for (size_t b = 0; b < c->v->ballot_count; b++) {
		mpq_set(c->share, c->unit);
		pass_on(c, c->v->start[b]);
	}
	mpq_set_si(c->piece, c->v->dropped, 1);
	mpq_mul(c->piece, c->piece, c->unit);
	mpq_add(c->exhausted, c->exhausted, c->piece);
}

/* IRV's goes with the votes that still count. */
static void
set_quota(struct count *c)
{
	if (c->irv) {
		mpq_set_ui(c->quota, 0, 1);
		for (size_t i = 0; i < c->v->n; i++)
			mpq_add(c->quota, c->quota, c->votes[i]);
		mpz_mul_ui(mpq_denref(c->quota), mpq_denref(c->quota), 2);
	} else if (c->scottish) {
		mpq_set_si(c->quota,
		           (c->v->valid / (int64_t)(c->o->seats + 1) + 1) * SCOTTISH_UNIT, 1);
	} else if (c->fixed > 0) {
		mpq_set_si(c->quota, c->v->valid * c->fixed / (int64_t)(c->o->seats + 1) + 1, 1);
	} else {
		mpq_set_si(c->quota, c->v->valid, c->o->seats + 1);
	}
	mpq_canonicalize(c->quota);
}

static bool
has_quota(const struct count *c, size_t i)
{
	int cmp = mpq_cmp(c->votes[i], c->quota);

	return c->fixed > 0 ? cmp >= 0 : cmp > 0;
}

static bool
is_guarded(const struct count *c, size_t i)
{
	return c->guarded != NULL && c->guarded[i];
}

/* Seats for those who are not guarded, and how many of them are hopeful. */
static size_t
open_seats(const struct count *c, size_t *hopefuls)
{
	size_t taken = c->o->winner_count;

	*hopefuls = 0;
	for (size_t i = 0; i < c->v->n; i++) {
		taken += c->state[i] == HOPEFUL && is_guarded(c, i);
		*hopefuls += c->state[i] == HOPEFUL && !is_guarded(c, i);
	}
	return c->o->seats - taken;
}

/* Whether a stands before b: more votes, then the order of ties. */
static bool
before(const struct count *c, size_t a, size_t b)
{
	int cmp = mpq_cmp(c->votes[a], c->votes[b]);

	return cmp != 0 ? cmp > 0 : c->v->tie[a] < c->v->tie[b];
}

/* The best hopeful with a quota (or any), of those who may still be elected; or n. */
static size_t
best_hopeful(const struct count *c, bool quota)
{
	size_t hopefuls, open = open_seats(c, &hopefuls), best = c->v->n;

	for (size_t i = 0; i < c->v->n; i++)
		if (c->state[i] == HOPEFUL && (is_guarded(c, i) || open > 0) &&
		    (!quota || has_quota(c, i)) && (best == c->v->n || before(c, i, best)))
			best = i;
	return best;
}

static void
fill_stage(struct count *c, struct ranked_stage *s)
{
	int64_t sum = 0;

	for (size_t i = 0; i < c->v->n; i++)
		sum += s->votes[i] = shown(c, c->votes[i]);
	s->quota = shown(c, c->quota);
	s->exhausted = shown(c, c->exhausted);
	if (c->fixed > 0)
		s->lost = c->v->valid * c->fixed - sum - s->exhausted;
}

static void
elect_with_quota(struct count *c, struct ranked_stage *s)
{
	for (size_t i = best_hopeful(c, true); i < c->v->n; i = best_hopeful(c, true)) {
		c->state[i] = mpq_cmp(c->votes[i], c->quota) > 0 ? PENDING : ELECTED;
		outcome_elect(c->o, s, i, RANKED_WON);
	}
}

/* Of the tied, the one it happens to: at the latest stage where they differ, who had the
 * most (or the fewest), as often as that leaves some; then the first in the order of ties. */
static size_t
break_tie(struct count *c, size_t count, bool fewest, struct ranked_stage *s)
{
	size_t best = 0;

	s->tied = count > 1 ? count : 0;
	for (size_t k = c->o->stage_count - 1; c->scottish && count > 1 && k-- > 0;) {
		const int64_t *votes = c->o->stages[k].votes;
		int64_t extreme = votes[c->tied[0]];
		size_t kept = 0;

		for (size_t i = 1; i < count; i++)
			if ((votes[c->tied[i]] < extreme) == fewest && votes[c->tied[i]] != extreme)
				extreme = votes[c->tied[i]];
		for (size_t i = 0; i < count; i++)
			if (votes[c->tied[i]] == extreme)
				c->tied[kept++] = c->tied[i];
		s->by_stage = kept == 1;
		count = kept;
	}
	for (size_t i = 1; i < count; i++)
		if (c->v->tie[c->tied[i]] < c->v->tie[c->tied[best]])
			best = i;
	return c->tied[best];
}

/* Those of that state with the most (or the fewest) votes, into c->tied. */
static size_t
extremes(struct count *c, enum state state, bool fewest)
{
	size_t count = 0;

	for (size_t i = 0; i < c->v->n; i++) {
		int cmp;

		if (c->state[i] != state || (state == HOPEFUL && is_guarded(c, i)))
			continue;
		cmp = count == 0 ? 0 : mpq_cmp(c->votes[i], c->votes[c->tied[0]]);
		if (fewest ? cmp < 0 : cmp > 0)
			count = 0;
		if (count == 0 || cmp == 0)
			c->tied[count++] = (uint32_t)i;
	}
	return count;
}

static void
transfer_surplus(struct count *c, struct ranked_stage *s, size_t tied)
{
	size_t who = break_tie(c, tied, false, s);
	mpq_t surplus;

	mpq_init(surplus);
	mpq_sub(surplus, c->votes[who], c->quota);
	mpq_div(c->factor, surplus, c->votes[who]);
	s->deed = RANKED_DEED_SURPLUS;
	s->who = who;
	s->surplus = shown(c, surplus);
	mpq_mul(c->piece, c->factor, c->unit);
	s->transfer_value = shown(c, c->piece);
	c->state[who] = ELECTED;
	pass_all(c, (uint32_t)who, surplus);
	mpq_set(c->votes[who], c->quota);
	mpq_clear(surplus);
}

static void
exclude_lowest(struct count *c, struct ranked_stage *s)
{
	size_t who = break_tie(c, extremes(c, HOPEFUL, true), true, s);

	s->deed = RANKED_DEED_EXCLUDED;
	c->state[who] = OUT;
	outcome_exclude(c->o, s, who, RANKED_EXCLUDED_THEN, shown(c, c->votes[who]));
	pass_all(c, (uint32_t)who, NULL);
	mpq_set_ui(c->votes[who], 0, 1);
}

/* The last seats, when nobody can be excluded any more, and who is left without one. */
static enum status
finish(struct count *c)
{
	struct ranked_stage *s = NULL;

	for (size_t i = best_hopeful(c, false); i < c->v->n; i = best_hopeful(c, false)) {
		if (s == NULL) {
			s = outcome_stage(c->o, c->arena, RANKED_DEED_REST);
			if (s == NULL)
				return NO_MEMORY;
			fill_stage(c, s);
		}
		c->state[i] = ELECTED;
		outcome_elect(c->o, s, i, RANKED_WON_REST);
	}
	for (size_t i = 0; i < c->v->n; i++)
		if (c->state[i] == HOPEFUL) {
			c->o->fates[i].why = RANKED_LEFT_OVER;
			c->o->fates[i].stage = c->o->stage_count;
			c->o->fates[i].votes = shown(c, c->votes[i]);
		}
	return OK;
}

/* Exact fractions about double in length with each surplus: that ends somewhere. */
static bool
is_too_long(const struct count *c)
{
	for (size_t i = 0; i < c->v->n; i++)
		if (mpz_sizeinbase(mpq_denref(c->votes[i]), 2) > BITS_MAX)
			return true;
	return false;
}

static enum status
stages(struct count *c, struct decide_error *error)
{
	struct ranked_stage *s = outcome_stage(c->o, c->arena, RANKED_DEED_FIRST);
	size_t hopefuls, open, tied;

	if (s == NULL)
		return NO_MEMORY;
	first_preferences(c);
	for (;;) {
		if (s->deed == RANKED_DEED_FIRST || c->irv)
			set_quota(c);
		fill_stage(c, s);
		elect_with_quota(c, s);
		open = open_seats(c, &hopefuls);
		if (open == 0 || hopefuls <= open)
			return finish(c);
		s = outcome_stage(c->o, c->arena, RANKED_DEED_EXCLUDED);
		if (s == NULL)
			return NO_MEMORY;
		tied = extremes(c, PENDING, false);
		if (tied > 0)
			transfer_surplus(c, s, tied);
		else
			exclude_lowest(c, s);
		if (is_too_long(c)) {
			decide_fail(error, 0, STR("rule"),
			            MSG("So many surpluses make the exact fractions too long: count with "
			                "stv-wig-prf."));
			return TOO_LARGE;
		}
	}
}

enum status
stv_count(const struct view *v, const bool *guarded, struct arena *arena,
          struct ranked_outcome *o, struct decide_error *error)
{
	struct count c = { .v = v, .guarded = guarded, .o = o, .arena = arena,
	                   .scottish = o->method.rule == RANKED_STV_SCOTTISH,
	                   .irv = o->method.rule == RANKED_IRV };
	bool divided = false;
	enum status st;

	if (!prepare(&c))
		return NO_MEMORY;
	for (size_t b = 0; b < v->ballot_count; b++)
		divided |= c.divided[b];
	c.fixed = c.scottish ? SCOTTISH_UNIT : o->method.rule == RANKED_STV_WIG_PRF ? PRF_UNIT : 0;
	o->decimals = c.scottish ? 5 : c.fixed > 0 ? 4 : c.irv && !divided ? 0 : 9;
	mpq_set_ui(c.unit, c.fixed > 0 ? (unsigned long)c.fixed : 1, 1);
	st = stages(&c, error);
	clean_up(&c);
	return st;
}
