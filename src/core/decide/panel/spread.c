#include "core/decide/panel/spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Somebody sits in a panel of kinds from a time to another. */
struct sitting {
	uint32_t panel, person;
	int64_t from, to;
};

struct spreading {
	const struct lottery *l;
	struct arena *arena;
	int64_t *weight;   /* by panel of kinds, parts */
	struct sitting *sitting;
	size_t count, size;

	/* Of the kind at hand: panels that have it. */
	uint32_t *panel;
	size_t panels;
	int64_t *left;     /* of its chairs' time, by panel */
	int64_t *at;       /* by panel: where the next chair time begins */
};

struct part { double rest; size_t panel; };

static int
by_rest(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->rest != y->rest)
		return x->rest > y->rest ? -1 : 1;
	return (x->panel > y->panel) - (x->panel < y->panel);
}

static enum status
whole_parts(struct spreading *s, const double *weight)
{
	size_t n = s->l->panel_count;
	struct part *parts = ARENA_ARRAY(s->arena, n, struct part);
	int64_t missing = SORTITION_PARTS;
	double sum = 0;

	s->weight = ARENA_ARRAY(s->arena, n, int64_t);
	if (parts == NULL || s->weight == NULL)
		return NO_MEMORY;
	for (size_t j = 0; j < n; j++)
		sum += weight[j];
	for (size_t j = 0; j < n; j++) {
		double exact = weight[j] / sum * SORTITION_PARTS;

		s->weight[j] = (int64_t)floor(exact);
		parts[j] = (struct part){ exact - floor(exact), j };
		missing -= s->weight[j];
	}
	qsort(parts, n, sizeof *parts, by_rest);
	for (size_t i = 0; missing > 0; i = (i + 1) % n, missing--)
		s->weight[parts[i].panel]++;
	return missing == 0 ? OK : FAILED;
}

static enum status
sit(struct spreading *s, uint32_t panel, uint32_t person, int64_t from, int64_t to)
{
	if (from == to)
		return OK;
	if (s->count == s->size) {
		size_t size = s->size == 0 ? 1024 : 2 * s->size;
		struct sitting *sitting = ARENA_ARRAY(s->arena, size, struct sitting);

		if (sitting == NULL)
			return NO_MEMORY;
		if (s->count > 0)
			memcpy(sitting, s->sitting, s->count * sizeof *sitting);
		s->sitting = sitting;
		s->size = size;
	}
	s->sitting[s->count++] = (struct sitting){ panel, person, from, to };
	return OK;
}

/* Gives somebody `time` of a panel's chairs. */
static enum status
give_time(struct spreading *s, uint32_t panel, uint32_t person, int64_t time)
{
	int64_t whole = s->weight[panel], from = s->at[panel];
	enum status st;

	s->left[panel] -= time;
	if (time == whole)
		return sit(s, panel, person, 0, whole);
	s->at[panel] = (from + time) % whole;
	if (from + time <= whole)
		return sit(s, panel, person, from, from + time);
	st = sit(s, panel, person, from, whole);
	return st == OK ? sit(s, panel, person, 0, from + time - whole) : st;
}

/* One person's share, when `others` of the kind come after. */
static enum status
seat_person(struct spreading *s, uint32_t person, int64_t others)
{
	int64_t all = 0, rest;
	enum status st = OK;

	for (size_t i = 0; i < s->panels; i++)
		all += s->left[s->panel[i]];
	rest = all / (others + 1);
	for (size_t i = 0; i < s->panels; i++) {
		uint32_t j = s->panel[i];
		int64_t must = s->left[j] - s->weight[j] * others;

		rest -= must > 0 ? must : 0;
	}
	for (size_t i = 0; i < s->panels && st == OK; i++) {
		uint32_t j = s->panel[i];
		int64_t must = s->left[j] - s->weight[j] * others, more;

		must = must > 0 ? must : 0;
		more = (s->left[j] < s->weight[j] ? s->left[j] : s->weight[j]) - must;
		more = more < rest ? more : rest;
		rest -= more;
		if (must + more > 0)
			st = give_time(s, j, person, must + more);
	}
	return st;
}

static enum status
seat_kind(struct spreading *s, size_t kind)
{
	const struct kinds *kinds = s->l->kinds;
	uint32_t size = kinds->size[kind];
	enum status st = OK;

	for (uint32_t i = 0; i < size && st == OK; i++)
		st = seat_person(s, kinds->member[kinds->first[kind] + i], size - i - 1);
	return st;
}

/* Where each kind sits: for kind k, use[first[k]] … are (panel, count). */
struct uses { uint32_t *first; struct seat *use; };

static enum status
list_uses(const struct spreading *s, struct uses *u)
{
	const struct lottery *l = s->l;
	size_t n = l->kinds->count;
	uint32_t *at = ARENA_ARRAY(s->arena, n + 1, uint32_t);

	u->first = ARENA_ARRAY(s->arena, n + 1, uint32_t);
	u->use = ARENA_ARRAY(s->arena, l->first[l->panel_count], struct seat);
	if (at == NULL || u->first == NULL || u->use == NULL)
		return NO_MEMORY;
	for (size_t j = 0; j < l->panel_count; j++)
		for (size_t i = l->first[j]; s->weight[j] > 0 && i < l->first[j + 1]; i++)
			u->first[l->seat[i].kind + 1]++;
	for (size_t k = 0; k < n; k++)
		u->first[k + 1] += u->first[k];
	memcpy(at, u->first, n * sizeof *at);
	for (size_t j = 0; j < l->panel_count; j++)
		for (size_t i = l->first[j]; s->weight[j] > 0 && i < l->first[j + 1]; i++)
			u->use[at[l->seat[i].kind]++] = (struct seat){ (uint32_t)j, l->seat[i].count };
	return OK;
}

static int
by_panel_and_person(const void *a, const void *b)
{
	const struct sitting *x = a, *y = b;

	if (x->panel != y->panel)
		return x->panel > y->panel ? 1 : -1;
	if (x->person != y->person)
		return x->person > y->person ? 1 : -1;
	return (x->from > y->from) - (x->from < y->from);
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The times at which one panel of kinds changes, from 0 to its weight; returns how many. */
static size_t
cuts_of(const struct sitting *sitting, size_t count, int64_t whole, int64_t *cuts)
{
	size_t n = 0, kept = 0;

	cuts[n++] = 0;
	cuts[n++] = whole;
	for (size_t i = 0; i < count; i++) {
		cuts[n++] = sitting[i].from;
		cuts[n++] = sitting[i].to;
	}
	qsort(cuts, n, sizeof *cuts, by_time);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || cuts[kept - 1] != cuts[i])
			cuts[kept++] = cuts[i];
	return kept;
}

/* Counts (member NULL) or writes the panels of people. */
static void
cut_panels(const struct spreading *s, int64_t *cuts, struct sortition *ret)
{
	ret->panel_count = 0;
	for (size_t from = 0, to; from < s->count; from = to) {
		uint32_t panel = s->sitting[from].panel;
		size_t n;

		for (to = from; to < s->count && s->sitting[to].panel == panel; to++)
			;
		n = cuts_of(s->sitting + from, to - from, s->weight[panel], cuts);
		for (size_t i = 0; i + 1 < n; i++, ret->panel_count++) {
			uint32_t *member;

			if (ret->member == NULL)
				continue;
			ret->weight[ret->panel_count] = cuts[i + 1] - cuts[i];
			member = ret->member + ret->panel_count * (size_t)ret->size;
			for (size_t k = from; k < to; k++)
				if (s->sitting[k].from <= cuts[i] && s->sitting[k].to >= cuts[i + 1])
					*member++ = s->sitting[k].person;
		}
	}
}

static enum status
make_panels(struct spreading *s, struct sortition *ret)
{
	int64_t *cuts = ARENA_ARRAY(s->arena, 2 * s->count + 2, int64_t);

	if (cuts == NULL)
		return NO_MEMORY;
	qsort(s->sitting, s->count, sizeof *s->sitting, by_panel_and_person);
	cut_panels(s, cuts, ret);
	if (ret->panel_count > SORTITION_MEMBERS_MAX / (size_t)ret->size)
		return TOO_LARGE;
	ret->weight = ARENA_ARRAY(s->arena, ret->panel_count, int64_t);
	ret->member = ARENA_ARRAY(s->arena, ret->panel_count * (size_t)ret->size, uint32_t);
	if (ret->weight == NULL || ret->member == NULL)
		return NO_MEMORY;
	cut_panels(s, cuts, ret);
	return OK;
}

enum status
spread(const struct lottery *l, const double *weight, struct arena *arena,
       struct sortition *ret)
{
	struct spreading s = { .l = l, .arena = arena };
	struct uses u = { NULL, NULL };
	enum status st = whole_parts(&s, weight);

	if (st == OK)
		st = list_uses(&s, &u);
	s.panel = ARENA_ARRAY(arena, l->panel_count, uint32_t);
	s.left = ARENA_ARRAY(arena, l->panel_count, int64_t);
	s.at = ARENA_ARRAY(arena, l->panel_count, int64_t);
	if (s.panel == NULL || s.left == NULL || s.at == NULL)
		return NO_MEMORY;
	for (size_t k = 0; k < l->kinds->count && st == OK; k++) {
		s.panels = 0;
		for (uint32_t i = u.first[k]; i < u.first[k + 1]; i++) {
			uint32_t j = u.use[i].kind;

			s.panel[s.panels++] = j;
			s.left[j] = s.weight[j] * u.use[i].count;
			s.at[j] = 0;
		}
		st = seat_kind(&s, k);
	}
	return st == OK ? make_panels(&s, ret) : st;
}
