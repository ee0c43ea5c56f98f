#include "core/decide/ranked/scores.h"

#include <stdlib.h>
#include <string.h>

#include "core/decide/ranked/inside.h"

/* Grades of one candidate: how many voters gave each. */
struct grades {
	int64_t count[SCORE_MAX + 1];
	int64_t total;
};

static int
median_of(const struct grades *g, int64_t *below)
{
	int grade = 0;

	*below = 0;
	while (grade < SCORE_MAX && *below + g->count[grade] <= (g->total - 1) / 2)
		*below += g->count[grade++];
	return grade;
}

/* How many median grades can be taken away, one after the other, that are all the same. */
static int64_t
same_medians(const struct grades *g)
{
	int64_t below, low = 1, high;
	int grade = median_of(g, &below);

	for (high = g->count[grade]; low < high;) {
		int64_t k = (low + high + 1) / 2; /* is the k-th still that grade? */
		int64_t at = (g->total - (k - 1) - 1) / 2;

		if (at >= below && at < below + g->count[grade] - (k - 1))
			low = k;
		else
			high = k - 1;
	}
	return low;
}

/* Above zero: a is better by majority judgement. */
static int
compare_grades(struct grades a, struct grades b)
{
	while (a.total > 0 && memcmp(&a, &b, sizeof a) != 0) {
		int64_t below, k, other;
		int x = median_of(&a, &below), y = median_of(&b, &below);

		if (x != y)
			return x - y;
		k = same_medians(&a);
		other = same_medians(&b);
		k = other < k ? other : k;
		a.count[x] -= k;
		b.count[x] -= k;
		a.total -= k;
		b.total -= k;
	}
	return 0;
}

struct sorting {
	const struct view *v;
	struct ranked_outcome *o;
	struct grades *grades; /* [n]; majority judgement, else NULL */
};

static int
compare(const struct sorting *s, size_t a, size_t b)
{
	const struct ranked_score *x = &s->o->scores[a], *y = &s->o->scores[b];

	if (s->grades != NULL)
		return compare_grades(s->grades[a], s->grades[b]);
	if (x->finalist != y->finalist)
		return x->finalist ? 1 : -1;
	if (x->final != y->final)
		return x->final > y->final ? 1 : -1;
	return (x->total > y->total) - (x->total < y->total);
}

/* Puts those who stand in order, best first, and fills in winners and fates. */
static bool
put_in_order(const struct sorting *s, struct arena *arena)
{
	struct ranked_outcome *o = s->o;
	const struct view *v = s->v;

	o->order = ARENA_ARRAY(arena, v->n, uint32_t);
	if (o->order == NULL)
		return false;
	o->order_count = o->winner_count = 0;
	for (uint32_t c = 0; c < v->n; c++) {
		size_t j = o->order_count;

		if (v->out[c])
			continue;
		for (; j > 0; j--) {
			int cmp = compare(s, c, o->order[j - 1]);

			if (cmp < 0 || (cmp == 0 && v->tie[c] > v->tie[o->order[j - 1]]))
				break;
			o->order[j] = o->order[j - 1];
		}
		o->order[j] = c;
		o->order_count++;
	}
	for (size_t i = 0; i < o->order_count; i++) {
		size_t c = o->order[i];
		struct ranked_fate *fate = &o->fates[c];

		fate->votes = o->scores[c].total;
		fate->place = 0; /* put in order again after STAR's final */
		if (i < o->seats) {
			o->winners[o->winner_count++] = (uint32_t)c;
			fate->why = RANKED_WON;
			fate->place = i + 1;
		} else {
			fate->by = o->order[o->seats - 1];
			fate->why = compare(s, c, fate->by) == 0 ? RANKED_TIE_LOST : RANKED_FEWER;
		}
	}
	return true;
}

/* A point for each candidate below, half a point for each that is equal: the sum over all
 * comparisons by two (J.-C. de Borda, 1781). */
enum status
borda_count(const struct view *v, struct arena *arena, struct ranked_outcome *o)
{
	struct sorting s = { .v = v, .o = o };
	enum status st = pairwise_preferred(v, arena, o);

	o->scores = ARENA_ARRAY(arena, v->n, struct ranked_score);
	if (st != OK || o->scores == NULL)
		return NO_MEMORY;
	for (size_t a = 0; a < v->n; a++)
		for (size_t b = 0; b < v->n; b++)
			if (a != b && !v->out[a] && !v->out[b])
				o->scores[a].total += v->valid + o->preferred[a * v->n + b] -
				                      o->preferred[b * v->n + a];
	return put_in_order(&s, arena) ? OK : NO_MEMORY;
}

enum status
approval_count(const struct view *v, struct arena *arena, struct ranked_outcome *o,
               struct decide_error *error)
{
	struct sorting s = { .v = v, .o = o };
	size_t standing = 0;
	bool all = true;

	for (size_t c = 0; c < v->n; c++)
		standing += !v->out[c];
	o->scores = ARENA_ARRAY(arena, v->n, struct ranked_score);
	if (o->scores == NULL)
		return NO_MEMORY;
	for (size_t b = 0; b < v->ballot_count; b++) {
		all &= v->start[b + 1] - v->start[b] == standing;
		for (size_t i = v->start[b]; i < v->start[b + 1]; i++)
			o->scores[v->choice[i] & ~RANKED_SAME].total += v->weight[b];
	}
	if (all && v->ballot_count > 0)
		return decide_fail(error, 0, STR("rule"),
		                   MSG("Every ballot ranks everybody, so nothing says whom a voter "
		                       "approves of."));
	return put_in_order(&s, arena) ? OK : NO_MEMORY;
}

static void
add_scores(const struct score_election *s, struct ranked_outcome *o, struct grades *grades)
{
	size_t n = s->e.candidate_count;

	for (size_t r = 0; r < s->row_count; r++)
		for (size_t c = 0; c < n; c++) {
			int score = s->score[r * n + c];

			o->scores[c].total += (int64_t)score * s->weight[r];
			if (grades != NULL) {
				grades[c].count[score] += s->weight[r];
				grades[c].total += s->weight[r];
			}
		}
	for (size_t c = 0; grades != NULL && c < n; c++) {
		struct ranked_score *score = &o->scores[c];

		score->median = median_of(&grades[c], &score->below);
		score->above = grades[c].total - score->below - grades[c].count[score->median];
	}
}

/* The two with the most points, and how many voters score each above the other. */
static void
hold_final(const struct score_election *s, struct ranked_outcome *o)
{
	size_t n = s->e.candidate_count, a = o->order[0], b = o->order[1];

	o->scores[a].finalist = o->scores[b].finalist = true;
	for (size_t r = 0; r < s->row_count; r++) {
		int x = s->score[r * n + a], y = s->score[r * n + b];

		o->scores[a].final += x > y ? s->weight[r] : 0;
		o->scores[b].final += y > x ? s->weight[r] : 0;
	}
}

enum status
score_count(const struct score_election *s, const struct ranked_method *method,
            struct arena *arena, struct ranked_outcome *o, struct decide_error *error)
{
	struct sorting sorting = { .o = o };
	struct view v;
	bool *out = ARENA_ARRAY(arena, s->e.candidate_count, bool);
	bool judgement = method->rule == RANKED_MAJORITY_JUDGEMENT;
	enum status st;

	if (out == NULL)
		return NO_MEMORY;
	if (method->rule < RANKED_APPROVAL)
		return decide_fail(error, 0, STR("rule"),
		                   MSG("This rule needs rankings; the file has scores."));
	if (method->rule == RANKED_APPROVAL && s->most > 1)
		return decide_fail(error, 0, STR("rule"),
		                   MSG("Approval needs scores of 0 and 1; there is a higher one."));
	st = outcome_begin(&s->e, method, out, arena, o, error);
	if (st == OK)
		st = view_of(&s->e, method, VIEW_KEEP, out, arena, &v);
	if (st != OK)
		return st;
	o->valid = s->e.voters;
	sorting.v = &v;
	o->scores = ARENA_ARRAY(arena, v.n, struct ranked_score);
	if (judgement)
		sorting.grades = ARENA_ARRAY(arena, v.n, struct grades);
	if (o->scores == NULL || (judgement && sorting.grades == NULL))
		return NO_MEMORY;
	add_scores(s, o, sorting.grades);
	if (!put_in_order(&sorting, arena))
		return NO_MEMORY;
	if (method->rule != RANKED_STAR || v.n < 2)
		return OK;
	hold_final(s, o);
	return put_in_order(&sorting, arena) ? OK : NO_MEMORY;
}
