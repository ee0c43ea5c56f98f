#include "core/decide/allotment.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/chance.h"
#include "base/names.h"

/* One choice, for sorting by value. */
struct wish {
	int64_t value;
	size_t at; /* of choice */
};

struct allotting {
	const struct allotment *a;
	struct arena *arena;
	struct decide_error *error;
	struct allotment_outcome *out;
	uint32_t *order;   /* people in order of turns */
	size_t *next;      /* [person]: where on their list they look next */
	uint32_t free;     /* things that have room */
	struct wish *wishes; /* rounds: as choice, each list by value */
	size_t pick_max;

	/* ttc */
	uint32_t *holder;      /* people who hold something, by thing, in order of turns */
	size_t *holder_at;     /* [thing + 1]: where the present first holder is */
	size_t *holder_end;    /* [thing] */
	bool *gone;            /* [person] */
	size_t first_left;     /* of order */
	uint32_t *path;        /* people who point at one another, in this order */
	size_t path_len;
	size_t *on_path;       /* [person]: place on the path from 1; 0: not on it */
};

static enum status
check_list(struct allotting *l, size_t person, uint32_t *seen)
{
	const struct allotment *a = l->a;

	for (size_t i = a->start[person]; i < a->start[person + 1]; i++) {
		assert(a->choice[i] < a->thing_count);
		if (seen[a->choice[i]] == person + 1)
			return decide_fail(l->error, person + 1, STR("choices"),
			                   MSG("The same thing stands twice on this list."));
		seen[a->choice[i]] = (uint32_t)person + 1;
		if (a->rule == ALLOTMENT_ROUNDS &&
		    (a->value[i] < 0 || a->value[i] > ALLOTMENT_VALUE_MAX))
			return decide_fail(l->error, person + 1, STR("choices"),
			                   MSG("A value must be from 0 to a thousand million."));
	}
	return OK;
}

static enum status
check(struct allotting *l)
{
	const struct allotment *a = l->a;
	uint32_t *seen = ARENA_ARRAY(l->arena, a->thing_count, uint32_t);
	int64_t all = 0;
	enum status st = OK;

	if (seen == NULL)
		return NO_MEMORY;
	for (size_t t = 0; t < a->thing_count; t++) {
		if (a->room[t] < 0 || a->room[t] > ALLOTMENT_ROOM_MAX)
			return decide_fail(l->error, 0, STR("room"),
			                   MSG("Room must be from 0 to a million."));
		all += a->room[t];
		l->free += a->room[t] > 0;
	}
	if (a->rule == ALLOTMENT_ROUNDS && all > ALLOTMENT_ROOM_MAX) {
		decide_fail(l->error, 0, STR("room"), MSG("There are too many things to give out."));
		return TOO_LARGE;
	}
	l->pick_max = a->person_count + (a->rule == ALLOTMENT_ROUNDS ? (size_t)all : 0);
	for (size_t p = 0; st == OK && p < a->person_count; p++)
		st = check_list(l, p, seen);
	return st;
}

static enum status
make_order(struct allotting *l)
{
	const struct allotment *a = l->a;
	size_t count = a->person_count;
	size_t *lot = ARENA_ARRAY(l->arena, count, size_t);
	struct chance chance;

	l->order = ARENA_ARRAY(l->arena, count, uint32_t);
	if (lot == NULL || l->order == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		lot[i] = a->order == NULL ? i : a->order[i];
	if (a->order == NULL) {
		chance_from_seed(&chance, a->seed);
		chance_shuffle(&chance, lot, count);
	}
	for (size_t i = 0; i < count; i++) {
		if (lot[i] >= count || l->out->turn[lot[i]] != 0)
			return decide_fail(l->error, 0, STR("order"),
			                   MSG("The order must name everybody once."));
		l->out->turn[lot[i]] = (uint32_t)i + 1;
		l->order[i] = (uint32_t)lot[i];
	}
	return OK;
}

static void
pick(struct allotting *l, uint32_t person, uint32_t thing, uint32_t rank, uint32_t step,
     uint32_t things_free)
{
	struct allotment_outcome *out = l->out;

	assert(out->pick_count < l->pick_max);
	out->picks[out->pick_count++] =
		(struct allotment_pick){ person, thing, rank, step, things_free };
	out->thing[person] = thing;
	if (thing == ALLOTMENT_NONE || --out->left[thing] > 0)
		return;
	out->full_at[thing] = (uint32_t)out->pick_count;
	l->free--;
}

/* The best of a person's list that has room, or ALLOTMENT_NONE; l->next stands on it. */
static uint32_t
best(struct allotting *l, uint32_t person)
{
	const struct allotment *a = l->a;

	for (; l->next[person] < a->start[person + 1]; l->next[person]++) {
		uint32_t thing = a->choice[l->next[person]];

		if (l->out->left[thing] > 0)
			return thing;
		if (a->rule == ALLOTMENT_TTC && a->holds != NULL && a->holds[person] == thing)
			break;
	}
	return ALLOTMENT_NONE;
}

static uint32_t
rank_of(const struct allotting *l, uint32_t person)
{
	return (uint32_t)(l->next[person] - l->a->start[person]) + 1;
}

static void
serial(struct allotting *l)
{
	for (size_t i = 0; i < l->a->person_count; i++) {
		uint32_t person = l->order[i], thing = best(l, person);

		pick(l, person, thing, thing == ALLOTMENT_NONE ? 0 : rank_of(l, person), 1, l->free);
	}
}

/* ---- Rounds ---- */

static int
most_first(const void *a, const void *b)
{
	const struct wish *x = a, *y = b;

	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static uint32_t
most_valued(struct allotting *l, uint32_t person)
{
	const struct allotment *a = l->a;

	for (; l->next[person] < a->start[person + 1]; l->next[person]++) {
		const struct wish *w = &l->wishes[l->next[person]];

		if (w->value == 0)
			break;
		if (l->out->left[a->choice[w->at]] > 0)
			return a->choice[w->at];
	}
	return ALLOTMENT_NONE;
}

/* Who finds nothing of value passes, and is not asked again: things only get fewer. */
static enum status
rounds(struct allotting *l)
{
	const struct allotment *a = l->a;
	size_t all = a->start[a->person_count], still = a->person_count;

	l->wishes = ARENA_ARRAY(l->arena, all, struct wish);
	if (l->wishes == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < all; i++)
		l->wishes[i] = (struct wish){ a->value[i], i };
	for (size_t p = 0; p < a->person_count; p++)
		qsort(&l->wishes[a->start[p]], a->start[p + 1] - a->start[p], sizeof *l->wishes,
		      most_first);
	for (uint32_t round = 1; still > 0; round++) {
		size_t count = still;

		still = 0;
		for (size_t i = 0; i < count; i++) {
			uint32_t person = l->order[i], thing = most_valued(l, person);

			pick(l, person, thing, thing == ALLOTMENT_NONE ? 0 : rank_of(l, person),
			     round, l->free);
			if (thing != ALLOTMENT_NONE)
				l->order[still++] = person;
		}
	}
	return OK;
}

/* ---- Top trading cycles ---- */

static enum status
find_holders(struct allotting *l)
{
	const struct allotment *a = l->a;
	size_t count = 0;

	for (size_t p = 0; p < a->person_count; p++)
		if (a->holds != NULL && a->holds[p] != ALLOTMENT_NONE) {
			assert(a->holds[p] < a->thing_count);
			l->holder_at[a->holds[p] + 1]++;
			if (l->holder_at[a->holds[p] + 1] > (size_t)a->room[a->holds[p]])
				return decide_fail(l->error, p + 1, STR("holds"),
				                   MSG("More people hold this thing than it has "
				                       "room for."));
		}
	for (size_t t = 0; t < a->thing_count; t++) {
		l->holder_at[t + 1] += l->holder_at[t];
		l->holder_end[t] = l->holder_at[t];
	}
	for (size_t i = 0; i < a->person_count && a->holds != NULL; i++) {
		uint32_t thing = a->holds[l->order[i]];

		if (thing != ALLOTMENT_NONE) {
			l->holder[l->holder_end[thing]++] = l->order[i];
			count++;
		}
	}
	assert(count <= a->person_count);
	return OK;
}

/* What a person points at: the best of their list that has room, at worst what they hold. */
static uint32_t
points_at(struct allotting *l, uint32_t person)
{
	uint32_t thing = best(l, person);

	return thing != ALLOTMENT_NONE || l->a->holds == NULL ? thing : l->a->holds[person];
}

/* Whom a thing points at: its first holder, or the first of all. */
static uint32_t
thing_points_at(struct allotting *l, uint32_t thing)
{
	size_t *at = &l->holder_at[thing];

	while (*at < l->holder_end[thing] && l->gone[l->holder[*at]])
		(*at)++;
	if (*at < l->holder_end[thing])
		return l->holder[*at];
	while (l->gone[l->order[l->first_left]])
		l->first_left++;
	return l->order[l->first_left];
}

static void
leave(struct allotting *l, uint32_t person, uint32_t step, uint32_t things_free)
{
	uint32_t thing = points_at(l, person);
	size_t next = l->next[person];
	bool listed = next < l->a->start[person + 1] && l->a->choice[next] == thing;

	pick(l, person, thing, listed ? rank_of(l, person) : 0, step, things_free);
	l->gone[person] = true;
	l->on_path[person] = 0;
}

/* The path goes from person to thing to person until somebody comes twice: the circle at its
 * end is carried out, and it goes on from what is left of the path. */
static void
trade(struct allotting *l)
{
	uint32_t step = 1, person, thing, things_free;

	while (l->out->pick_count < l->a->person_count) {
		if (l->path_len == 0) {
			while (l->gone[l->order[l->first_left]])
				l->first_left++;
			l->path[l->path_len++] = l->order[l->first_left];
			l->on_path[l->path[0]] = 1;
		}
		person = l->path[l->path_len - 1];
		thing = points_at(l, person);
		things_free = l->free;
		if (thing == ALLOTMENT_NONE) { /* nothing for them: they leave alone */
			l->path_len--;
			leave(l, person, step++, things_free);
			continue;
		}
		person = thing_points_at(l, thing);
		if (l->on_path[person] == 0) {
			l->path[l->path_len++] = person;
			l->on_path[person] = l->path_len;
			continue;
		}
		for (size_t i = l->on_path[person] - 1, end = l->path_len; i < end; i++) {
			l->path_len--;
			leave(l, l->path[i], step, things_free);
		}
		step++;
	}
}

static enum status
top_trading(struct allotting *l)
{
	const struct allotment *a = l->a;
	enum status st;

	l->holder = ARENA_ARRAY(l->arena, a->person_count, uint32_t);
	l->holder_at = ARENA_ARRAY(l->arena, a->thing_count + 1, size_t);
	l->holder_end = ARENA_ARRAY(l->arena, a->thing_count + 1, size_t);
	l->gone = ARENA_ARRAY(l->arena, a->person_count, bool);
	l->path = ARENA_ARRAY(l->arena, a->person_count, uint32_t);
	l->on_path = ARENA_ARRAY(l->arena, a->person_count, size_t);
	if (l->holder == NULL || l->holder_at == NULL || l->holder_end == NULL ||
	    l->gone == NULL || l->path == NULL || l->on_path == NULL)
		return NO_MEMORY;
	st = find_holders(l);
	if (st == OK)
		trade(l);
	return st;
}

enum status
allotment_make(const struct allotment *a, struct arena *arena, struct allotment_outcome *ret,
               struct decide_error *error)
{
	struct allotting l = { .a = a, .arena = arena, .error = error, .out = ret };
	enum status st;

	*ret = (struct allotment_outcome){ 0 };
	if (a->person_count > ALLOTMENT_PEOPLE_MAX || a->thing_count > ALLOTMENT_THINGS_MAX ||
	    a->start[a->person_count] > ALLOTMENT_CHOICES_MAX) {
		decide_fail(error, 0, STR(""), MSG("There are too many people or things."));
		return TOO_LARGE;
	}
	st = check(&l);
	if (st != OK)
		return st;
	ret->picks = ARENA_ARRAY(arena, l.pick_max, struct allotment_pick);
	ret->turn = ARENA_ARRAY(arena, a->person_count, uint32_t);
	ret->thing = ARENA_ARRAY(arena, a->person_count, uint32_t);
	ret->full_at = ARENA_ARRAY(arena, a->thing_count, uint32_t);
	ret->left = ARENA_ARRAY(arena, a->thing_count, uint32_t);
	l.next = ARENA_ARRAY(arena, a->person_count, size_t);
	if (ret->picks == NULL || ret->turn == NULL || ret->thing == NULL ||
	    ret->full_at == NULL || ret->left == NULL || l.next == NULL)
		return NO_MEMORY;
	for (size_t t = 0; t < a->thing_count; t++)
		ret->left[t] = (uint32_t)a->room[t];
	for (size_t p = 0; p < a->person_count; p++)
		l.next[p] = a->start[p];
	st = make_order(&l);
	if (st != OK)
		return st;
	if (a->rule == ALLOTMENT_TTC)
		return top_trading(&l);
	if (a->rule == ALLOTMENT_ROUNDS)
		return rounds(&l);
	serial(&l);
	return OK;
}

static const char *const rule_names[] = { "serial-dictatorship", "ttc", "rounds" };

NAMES(allotment_rule, rule_names)
