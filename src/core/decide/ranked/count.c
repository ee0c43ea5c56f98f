/* What all rules for rankings have in common. */
#include <stdlib.h>
#include <string.h>

#include "base/chance.h"
#include "core/decide/ranked/inside.h"

static enum status
set_ties(const struct ranked_election *e, const struct ranked_method *m, struct arena *arena,
         struct view *v)
{
	struct chance chance;
	size_t *order;

	v->tie = ARENA_ARRAY(arena, v->n, uint32_t);
	order = ARENA_ARRAY(arena, v->n, size_t);
	if (v->tie == NULL || order == NULL)
		return NO_MEMORY;
	for (size_t c = 0; c < v->n; c++)
		order[c] = c;
	chance_from_seed(&chance, m->seed);
	chance_shuffle(&chance, order, v->n);
	for (size_t i = 0; i < v->n; i++)
		v->tie[order[i]] = (uint32_t)i;
	for (size_t c = 0; m->ties == RANKED_TIES_ID && c < v->n; c++)
		v->tie[c] = e->candidates[c].tie;
	return OK;
}

/* Copies one ballot without those who are out; returns its length, or with *drop where the
 * ballot has an equal rank. */
static size_t
copy_ballot(const struct view *v, const uint32_t *from, size_t count, enum view_equal equal,
            uint32_t *to, bool *equal_met)
{
	size_t kept = 0, rank = 0;

	*equal_met = false;
	for (size_t i = 0; i < count; i++) {
		uint32_t c = from[i] & ~RANKED_SAME;

		if ((from[i] & RANKED_SAME) == 0)
			rank = kept;
		if (v->out[c])
			continue;
		if (kept > rank && equal != VIEW_KEEP) {
			*equal_met = true;
			return equal == VIEW_END ? rank : 0;
		}
		to[kept] = c | (kept > rank ? RANKED_SAME : 0);
		kept++;
	}
	return kept;
}

enum status
view_of(const struct ranked_election *e, const struct ranked_method *m, enum view_equal equal,
        const bool *out, struct arena *arena, struct view *v)
{
	size_t total = e->ballot_count == 0 ? 0 : e->start[e->ballot_count], used = 0;

	*v = (struct view){ .n = e->candidate_count, .out = out };
	v->weight = ARENA_ARRAY(arena, e->ballot_count, uint32_t);
	v->start = ARENA_ARRAY(arena, e->ballot_count + 1, uint32_t);
	v->choice = ARENA_ARRAY(arena, total, uint32_t);
	if (v->weight == NULL || v->start == NULL || v->choice == NULL)
		return NO_MEMORY;
	for (size_t b = 0; b < e->ballot_count; b++) {
		bool met;
		size_t len = copy_ballot(v, e->choice + e->start[b], e->start[b + 1] - e->start[b],
		                         equal, v->choice + used, &met);

		if (met && equal == VIEW_DROP)
			v->dropped += e->weight[b];
		if (len == 0)
			continue;
		v->weight[v->ballot_count] = e->weight[b];
		v->start[v->ballot_count++] = (uint32_t)used;
		used += len;
		v->start[v->ballot_count] = (uint32_t)used;
		v->valid += e->weight[b];
	}
	v->valid += v->dropped;
	return set_ties(e, m, arena, v);
}

struct ranked_stage *
outcome_stage(struct ranked_outcome *o, struct arena *arena, enum ranked_deed deed)
{
	struct ranked_stage *stage;

	if (o->stage_count == o->stages_size) {
		size_t size = o->stages_size == 0 ? 16 : 2 * o->stages_size;
		struct ranked_stage *bigger = ARENA_ARRAY(arena, size, struct ranked_stage);

		if (bigger == NULL)
			return NULL;
		if (o->stage_count > 0)
			memcpy(bigger, o->stages, o->stage_count * sizeof *bigger);
		o->stages = bigger;
		o->stages_size = size;
	}
	stage = &o->stages[o->stage_count];
	*stage = (struct ranked_stage){ .deed = deed };
	stage->votes = ARENA_ARRAY(arena, o->candidate_count, int64_t);
	stage->elected = ARENA_ARRAY(arena, o->candidate_count, uint32_t);
	stage->excluded = ARENA_ARRAY(arena, o->candidate_count, uint32_t);
	if (stage->votes == NULL || stage->elected == NULL || stage->excluded == NULL)
		return NULL;
	o->stage_count++;
	return stage;
}

void
outcome_elect(struct ranked_outcome *o, struct ranked_stage *stage, size_t candidate,
              enum ranked_why why)
{
	struct ranked_fate *fate = &o->fates[candidate];

	stage->elected[stage->elected_count++] = (uint32_t)candidate;
	o->winners[o->winner_count++] = (uint32_t)candidate;
	fate->why = why;
	fate->place = o->winner_count;
	fate->stage = (size_t)(stage - o->stages) + 1;
	fate->votes = stage->votes[candidate];
}

void
outcome_exclude(struct ranked_outcome *o, struct ranked_stage *stage, size_t candidate,
                enum ranked_why why, int64_t votes)
{
	struct ranked_fate *fate = &o->fates[candidate];

	stage->excluded[stage->excluded_count++] = (uint32_t)candidate;
	fate->why = why;
	fate->stage = (size_t)(stage - o->stages) + 1;
	fate->votes = votes;
}

static bool
is_single(enum ranked_rule rule)
{
	return rule == RANKED_IRV || rule == RANKED_SCHULZE || rule == RANKED_PAIRS ||
	       rule == RANKED_STAR;
}

enum status
outcome_begin(const struct ranked_election *e, const struct ranked_method *m, const bool *out,
              struct arena *arena, struct ranked_outcome *o, struct decide_error *error)
{
	size_t standing = 0;

	*o = (struct ranked_outcome){ .method = *m, .voters = e->voters,
	                              .candidate_count = e->candidate_count };
	o->seats = m->seats > 0 ? m->seats : is_single(m->rule) ? 1 : e->seats;
	for (size_t c = 0; c < e->candidate_count; c++)
		standing += !out[c];
	if (o->seats > standing)
		return decide_fail(error, 0, STR("seats"),
		                   MSG("There are more seats than candidates who stand."));
	if (o->seats > 1 && (m->rule == RANKED_IRV || m->rule == RANKED_STAR))
		return decide_fail(error, 0, STR("seats"),
		                   MSG("This rule fills one seat only: for more, count with an STV rule."));
	o->fates = ARENA_ARRAY(arena, e->candidate_count, struct ranked_fate);
	o->winners = ARENA_ARRAY(arena, e->candidate_count, uint32_t);
	if (o->fates == NULL || o->winners == NULL)
		return NO_MEMORY;
	for (size_t c = 0; c < e->candidate_count; c++)
		if (out[c])
			o->fates[c].why = RANKED_STOOD_DOWN;
	return OK;
}

static enum view_equal
equal_of(const struct ranked_method *m)
{
	bool droop = m->equal == RANKED_EQUAL_DROOP;

	if (m->rule == RANKED_STV_SCOTTISH)
		return droop ? VIEW_DROP : VIEW_END;
	return droop && (m->rule == RANKED_STV_WIG || m->rule == RANKED_STV_WIG_PRF ||
	                 m->rule == RANKED_STV_MEEK_PRF) ? VIEW_DROP : VIEW_KEEP;
}

static enum status
run(const struct ranked_election *e, const struct ranked_method *m, const bool *out,
    const bool *guarded, struct arena *arena, struct ranked_outcome *o,
    struct decide_error *error)
{
	struct view v;
	enum status st = outcome_begin(e, m, out, arena, o, error);

	if (st == OK)
		st = view_of(e, m, equal_of(m), out, arena, &v);
	if (st != OK)
		return st;
	o->valid = v.valid;
	switch (m->rule) {
	case RANKED_STV_SCOTTISH:
	case RANKED_STV_WIG:
	case RANKED_STV_WIG_PRF:
	case RANKED_IRV:
		return stv_count(&v, guarded, arena, o, error);
	case RANKED_STV_MEEK:
	case RANKED_STV_MEEK_PRF:
		return meek_count(&v, arena, o);
	case RANKED_SCHULZE:
	case RANKED_PAIRS:
		return pairwise_count(&v, arena, o);
	case RANKED_BORDA:
		return borda_count(&v, arena, o);
	case RANKED_APPROVAL:
		return approval_count(&v, arena, o, error);
	default:
		return decide_fail(error, 0, STR("rule"),
		                   MSG("This rule needs scores for each candidate; rankings don't say "
		                       "how much better one is than the next."));
	}
}

static bool *
withdrawn_of(const struct ranked_election *e, struct arena *arena)
{
	bool *out = ARENA_ARRAY(arena, e->candidate_count, bool);

	for (size_t c = 0; out != NULL && c < e->candidate_count; c++)
		out[c] = e->candidates[c].withdrawn;
	return out;
}

enum status
ranked_count(const struct ranked_election *e, const struct ranked_method *method,
             struct arena *arena, struct ranked_outcome *ret, struct decide_error *error)
{
	bool *out = withdrawn_of(e, arena);

	return out == NULL ? NO_MEMORY : run(e, method, out, NULL, arena, ret, error);
}

enum status
ranked_vacancy(const struct ranked_election *e, const struct ranked_outcome *before,
               size_t leaving, struct arena *arena, struct ranked_outcome *ret,
               struct decide_error *error)
{
	bool *out = withdrawn_of(e, arena);
	bool *guarded = ARENA_ARRAY(arena, e->candidate_count, bool);
	struct ranked_method method = before->method;

	if (out == NULL || guarded == NULL)
		return NO_MEMORY;
	if (method.rule != RANKED_STV_SCOTTISH && method.rule != RANKED_STV_WIG)
		return decide_fail(error, 0, STR("vacancy"),
		                   MSG("Only stv-scottish and stv-wig can be recounted for a vacancy."));
	if (leaving >= e->candidate_count || before->fates[leaving].place == 0)
		return decide_fail(error, 0, STR("vacancy"),
		                   MSG("Only somebody who was elected can leave a seat."));
	for (size_t i = 0; i < before->winner_count; i++)
		guarded[before->winners[i]] = before->winners[i] != leaving;
	out[leaving] = true;
	method.seats = before->seats;
	return run(e, &method, out, guarded, arena, ret, error);
}
