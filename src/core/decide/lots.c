#include "core/decide/lots.h"

#include <stdlib.h>
#include <string.h>

#include "base/chance.h"
#include "base/names.h"

/* What is drawn together: one entry or a group. */
struct unit {
	uint32_t first, size; /* of `members` */
	int64_t weight;
};

struct drawing {
	const struct lots *lots;
	struct arena *arena;
	struct decide_error *error;
	uint32_t *by_id;     /* entries in id order */
	uint32_t *members;   /* entries by unit, each unit's in id order */
	struct unit *units;  /* in the order in which they lie */
	size_t unit_count;
	int64_t *tree;       /* Fenwick tree over the units' weights, from 1 */
	int64_t total;
};

struct keyed {
	struct str key, id;
	uint32_t entry, place; /* place: of its unit's first entry, in id order */
};

static int
by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = str_cmp(x->key, y->key);

	return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

static int
by_place(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return str_cmp(x->id, y->id);
}

static enum status
fail(struct drawing *d, uint32_t entry, const char *field, const char *text)
{
	return decide_fail(d->error, (size_t)entry + 1, str_of(field), text);
}

static enum status
check_entries(struct drawing *d)
{
	const struct lots *l = d->lots;

	if (l->entry_count > LOTS_ENTRIES_MAX) {
		decide_fail(d->error, 0, STR(""), MSG("There are too many entries."));
		return TOO_LARGE;
	}
	if (l->winners == 0)
		return decide_fail(d->error, 0, STR("winners"), MSG("Nothing is to be won."));
	for (uint32_t i = 0; i < l->entry_count; i++) {
		if (l->entries[i].id.len == 0)
			return fail(d, i, "id", MSG("This entry has no id."));
		if (l->entries[i].weight < 1 || l->entries[i].weight > LOTS_WEIGHT_MAX)
			return fail(d, i, "weight", MSG("A weight is a whole number from 1 on, not "
			                                "above a hundred thousand million."));
	}
	return OK;
}

/* Entries in id order; then each one's place becomes that of the first of its group. */
static enum status
arrange(struct drawing *d, struct keyed *keyed)
{
	size_t count = d->lots->entry_count, from = 0;

	for (uint32_t i = 0; i < count; i++)
		keyed[i] = (struct keyed){ .key = d->lots->entries[i].id, .entry = i, .place = i,
		                           .id = d->lots->entries[i].id };
	qsort(keyed, count, sizeof *keyed, by_key);
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0 && str_eq(keyed[i].id, keyed[i - 1].id))
			return fail(d, keyed[i].entry, "id", MSG("There are two entries of this id."));
		keyed[i].place = i;
	}
	for (size_t i = 0; i < count; i++)
		keyed[i].key = d->lots->entries[keyed[i].entry].group;
	qsort(keyed, count, sizeof *keyed, by_key);
	for (size_t i = 0; i < count; i++) {
		if (keyed[i].key.len == 0 || !str_eq(keyed[i].key, keyed[from].key))
			from = i;
		keyed[i].place = keyed[from].place;
	}
	qsort(keyed, count, sizeof *keyed, by_place);
	return OK;
}

static enum status
make_units(struct drawing *d)
{
	const struct lots_entry *entries = d->lots->entries;
	size_t count = d->lots->entry_count;
	struct keyed *keyed = ARENA_ARRAY(d->arena, count, struct keyed);
	enum status st;

	d->members = ARENA_ARRAY(d->arena, count, uint32_t);
	d->units = ARENA_ARRAY(d->arena, count, struct unit);
	d->tree = ARENA_ARRAY(d->arena, count + 1, int64_t);
	if (keyed == NULL || d->members == NULL || d->units == NULL || d->tree == NULL)
		return NO_MEMORY;
	st = arrange(d, keyed);
	for (uint32_t i = 0; st == OK && i < count; i++) {
		const struct lots_entry *e = &entries[keyed[i].entry];
		struct unit *u;

		d->members[i] = keyed[i].entry;
		if (i == 0 || keyed[i].place != keyed[i - 1].place)
			d->units[d->unit_count++] = (struct unit){ .first = i };
		u = &d->units[d->unit_count - 1];
		u->size++;
		if (d->lots->linked == LOTS_TICKET_EACH || u->size == 1)
			u->weight += e->weight;
		else if (u->weight != e->weight)
			st = fail(d, keyed[i].entry, "weight",
			          MSG("A group with one ticket needs equal weights."));
	}
	return st;
}

static void
change_weight(struct drawing *d, size_t unit, int64_t by)
{
	for (size_t i = unit + 1; i <= d->unit_count; i += i & -i)
		d->tree[i] += by;
	d->total += by;
}

/* Who lies at `number` in the row of those still in. */
static size_t
unit_at(const struct drawing *d, int64_t number)
{
	size_t at = 0, step = 1;

	while (step * 2 <= d->unit_count)
		step *= 2;
	for (; step > 0; step /= 2)
		if (at + step <= d->unit_count && d->tree[at + step] <= number) {
			at += step;
			number -= d->tree[at];
		}
	return at;
}

static void
draw_all(struct drawing *d, struct lots_outcome *out)
{
	struct chance chance;

	chance_from_seed(&chance, d->lots->seed);
	for (size_t i = 0; i < d->unit_count; i++)
		change_weight(d, i, d->units[i].weight);
	while (out->winner_count < d->lots->winners && d->total > 0) {
		size_t left = d->lots->winners - out->winner_count;
		int64_t number = (int64_t)chance_below(&chance, (uint64_t)d->total);
		const struct unit *u = &d->units[unit_at(d, number)];

		out->draws[out->draw_count++] = (struct lots_draw){
			number, d->total, d->members[u->first], u->size, left, u->size <= left };
		for (size_t i = u->first; i < (size_t)u->first + u->size; i++) {
			out->draw_of[d->members[i]] = (uint32_t)out->draw_count;
			if (u->size <= left)
				out->winners[out->winner_count++] = d->members[i];
		}
		change_weight(d, (size_t)(u - d->units), -u->weight);
	}
}

enum status
lots_draw(const struct lots *lots, struct arena *arena, struct lots_outcome *ret,
          struct decide_error *error)
{
	struct drawing d = { .lots = lots, .arena = arena, .error = error };
	enum status st = check_entries(&d);

	*ret = (struct lots_outcome){ 0 };
	if (st == OK)
		st = make_units(&d);
	if (st != OK)
		return st;
	ret->draws = ARENA_ARRAY(arena, d.unit_count, struct lots_draw);
	ret->winners = ARENA_ARRAY(arena, lots->entry_count, uint32_t);
	ret->draw_of = ARENA_ARRAY(arena, lots->entry_count, uint32_t);
	if (ret->draws == NULL || ret->winners == NULL || ret->draw_of == NULL)
		return NO_MEMORY;
	draw_all(&d, ret);
	return OK;
}

static const char *const linked_names[] = { [LOTS_TICKET_ONE] = "one", [LOTS_TICKET_EACH] = "each" };

NAMES(lots_linked, linked_names)

/* ---- Rotation ---- */

struct member {
	int64_t total, last; /* last: value of the turn before */
	size_t lot;
	uint32_t number;
};

struct slot {
	int64_t value;
	uint32_t number;
};

static int
least_first(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->total != y->total)
		return x->total < y->total ? -1 : 1;
	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return (x->lot > y->lot) - (x->lot < y->lot);
}

static int
best_first(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static enum status
rotation_check(const struct rotation *r, struct decide_error *error)
{
	if (r->member_count > ROTATION_MEMBERS_MAX || r->round_count > ROTATION_ROUNDS_MAX ||
	    (uint64_t)r->member_count * r->round_count > ROTATION_SLOTS_MAX) {
		decide_fail(error, 0, STR(""), MSG("There are too many members or rounds."));
		return TOO_LARGE;
	}
	if (r->member_count == 0)
		return decide_fail(error, 0, STR(""), MSG("There are no members."));
	for (size_t i = 0; r->brought != NULL && i < r->member_count; i++)
		if (r->brought[i] < -1000 * ROTATION_VALUE_MAX ||
		    r->brought[i] > 1000 * ROTATION_VALUE_MAX)
			return decide_fail(error, i + 1, STR("brought"),
			                   MSG("This value is too large."));
	for (size_t i = 0; i < r->round_count; i++) {
		if (r->rounds[i].count > r->member_count)
			return decide_fail(error, i + 1, STR("slots"),
			                   MSG("There are more slots than members: make it two "
			                       "rounds."));
		for (size_t k = 0; k < r->rounds[i].count; k++)
			if (r->rounds[i].values[k] < -ROTATION_VALUE_MAX ||
			    r->rounds[i].values[k] > ROTATION_VALUE_MAX)
				return decide_fail(error, i + 1, STR("value"),
				                   MSG("This value is too large."));
	}
	return OK;
}

static int64_t
difference_of(const struct member *members, size_t count)
{
	int64_t least = members[0].total, most = least;

	for (size_t i = 1; i < count; i++) {
		least = members[i].total < least ? members[i].total : least;
		most = members[i].total > most ? members[i].total : most;
	}
	return most - least;
}

static void
one_round(const struct rotation *r, size_t round, struct chance *chance, struct member *members,
          struct slot *slots, size_t *lots, struct rotation_outcome *out)
{
	size_t count = r->member_count;

	for (size_t i = 0; i < count; i++) {
		bool turn = i < r->rounds[round].count;

		slots[i] = (struct slot){ turn ? r->rounds[round].values[i] : 0,
		                          turn ? (uint32_t)i : ROTATION_NO_TURN };
		lots[i] = i;
	}
	chance_shuffle(chance, lots, count);
	for (size_t i = 0; i < count; i++)
		members[i].lot = lots[members[i].number];
	qsort(members, count, sizeof *members, least_first);
	qsort(slots, count, sizeof *slots, best_first);
	if (slots[0].value - slots[count - 1].value > out->bound)
		out->bound = slots[0].value - slots[count - 1].value;
	for (size_t i = 0; i < count; i++) {
		size_t at = round * count + members[i].number;

		members[i].total += slots[i].value;
		members[i].last = slots[i].value;
		out->slot[at] = slots[i].number;
		out->place[at] = (uint32_t)i;
	}
	out->difference[round] = difference_of(members, count);
}

enum status
rotation_make(const struct rotation *r, struct arena *arena, struct rotation_outcome *ret,
              struct decide_error *error)
{
	size_t count = r->member_count, cells = count * r->round_count;
	enum status st = rotation_check(r, error);
	struct member *members;
	struct slot *slots;
	struct chance chance;
	size_t *lots;

	*ret = (struct rotation_outcome){ 0 };
	if (st != OK)
		return st;
	members = ARENA_ARRAY(arena, count, struct member);
	slots = ARENA_ARRAY(arena, count, struct slot);
	lots = ARENA_ARRAY(arena, count, size_t);
	ret->slot = ARENA_ARRAY(arena, cells, uint32_t);
	ret->place = ARENA_ARRAY(arena, cells, uint32_t);
	ret->totals = ARENA_ARRAY(arena, count, int64_t);
	ret->difference = ARENA_ARRAY(arena, r->round_count, int64_t);
	if (members == NULL || slots == NULL || lots == NULL || ret->slot == NULL ||
	    ret->place == NULL || ret->totals == NULL || ret->difference == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		members[i] = (struct member){ .number = (uint32_t)i,
		                              .total = r->brought == NULL ? 0 : r->brought[i] };
	ret->bound = difference_of(members, count);
	chance_from_seed(&chance, r->seed);
	for (size_t round = 0; round < r->round_count; round++)
		one_round(r, round, &chance, members, slots, lots, ret);
	for (size_t i = 0; i < count; i++)
		ret->totals[members[i].number] = members[i].total;
	return OK;
}
