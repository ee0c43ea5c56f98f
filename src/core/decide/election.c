#include "core/decide/election.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/decide/election_order.h"

void
election_begin(struct election_making *making, struct arena *arena, int decimals, int64_t budget)
{
	assert(decimals >= 0 && decimals <= ELECTION_DECIMALS_MAX);
	*making = (struct election_making){ .arena = arena };
	making->e.decimals = decimals;
	making->e.budget = budget;
}

/* Room for more in an array; the old one stays in the arena, so all of them together take at
 * most twice the last. */
static bool
grow(struct election_making *making, void **array, size_t *size, size_t used, size_t more,
     size_t each)
{
	size_t bigger = *size == 0 ? more : *size;
	void *copy;

	if (more <= *size - used)
		return true;
	while (bigger - used < more)
		bigger *= 2;
	if (bigger < 64)
		bigger = 64;
	copy = arena_room(making->arena, bigger, each);
	if (copy == NULL) {
		making->failed = NO_MEMORY;
		return false;
	}
	if (used > 0)
		memcpy(copy, *array, used * each);
	*array = copy;
	*size = bigger;
	return true;
}

void
election_option(struct election_making *making, struct str id, int64_t cost, bool withdrawn)
{
	struct election *e = &making->e;

	assert(e->voters == 0);
	if (making->failed != OK)
		return;
	if (e->option_count == ELECTION_OPTIONS_MAX) {
		making->failed = TOO_LARGE;
		return;
	}
	if (!grow(making, (void **)&e->options, &making->options_size, e->option_count, 1,
	          sizeof *e->options))
		return;
	e->options[e->option_count++] =
		(struct election_option){ .id = id, .cost = cost, .withdrawn = withdrawn };
}

/* Where the ballot goes that is being taken in: behind the last one. */
static size_t
choices_used(const struct election *e)
{
	return e->ballot_count == 0 ? 0 : e->start[e->ballot_count];
}

/* Takes the lowest bit that is set. */
static size_t
take_bit(uint64_t *bits)
{
	size_t bit = (size_t)__builtin_ctzll(*bits);

	*bits &= *bits - 1;
	return bit;
}

static void
mark(struct election_making *making, uint32_t option)
{
	making->marks[option / 64] |= UINT64_C(1) << option % 64;
	making->marked[option / 4096] |= UINT64_C(1) << option / 64 % 64;
}

/* Puts a ballot's choices behind the last ballot's: sorted, without repetitions, and without what
 * it gives nothing. All are marked, then the marks are read in order: no step depends on how two
 * choices compare, which no processor can guess. Returns how many there are. */
static size_t
take_choices(struct election_making *making, const uint32_t *choices, const uint32_t *points,
             size_t count)
{
	struct election *e = &making->e;
	size_t used = choices_used(e), from = used;

	for (size_t i = 0; i < count; i++) {
		assert(choices[i] < e->option_count);
		if (points != NULL) {
			uint32_t *given = &making->given[choices[i]];

			assert(points[i] <= ELECTION_POINTS_MAX);
			if (points[i] == 0)
				continue;
			/* What is named twice gets the fewer. */
			*given = *given == 0 || points[i] < *given ? points[i] : *given;
		}
		mark(making, choices[i]);
	}
	for (size_t top = 0; top <= e->option_count / 4096; top++)
		while (making->marked[top] != 0) {
			size_t word = top * 64 + take_bit(&making->marked[top]);

			for (uint64_t marks = making->marks[word]; marks != 0; used++) {
				size_t option = word * 64 + take_bit(&marks);

				e->choice[used] = (uint32_t)option;
				if (points != NULL) {
					e->points[used] = making->given[option];
					making->given[option] = 0;
				}
			}
			making->marks[word] = 0;
		}
	return used - from;
}

/* A sum, so that each choice can be worked on while the one before is. */
static uint32_t
hash_of(const uint32_t *choices, const uint32_t *points, size_t count)
{
	uint64_t h = count;

	for (size_t i = 0; i < count; i++) {
		uint64_t entry = (uint64_t)(points == NULL ? 1 : points[i]) << 32 | choices[i];
		uint64_t mixed = entry * UINT64_C(0x9e3779b97f4a7c15);

		h += mixed ^ mixed >> 32;
	}
	h *= UINT64_C(0xff51afd7ed558ccd);
	return (uint32_t)(h >> 32);
}

/* Whether the count choices behind the last ballot are those of this one. */
static bool
is_ballot(const struct election *e, size_t ballot, size_t count)
{
	size_t from = e->start[ballot], new = choices_used(e);

	if (e->start[ballot + 1] - from != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (e->choice[from + i] != e->choice[new + i] ||
		    (e->points != NULL && e->points[from + i] != e->points[new + i]))
			return false;
	return true;
}

/* What a slot of the table holds: ballot + 1 and eight bits of its hash, so that most ballots
 * that are others need not be looked at. */
static uint32_t
slot_of(uint32_t hash, size_t ballot)
{
	_Static_assert(ELECTION_VOTERS_MAX < 1 << 24, "a ballot's number has 24 bits");
	return (hash & 0xff000000) | (uint32_t)(ballot + 1);
}

static size_t
ballot_in(uint32_t slot)
{
	return (slot & 0xffffff) - 1;
}

static uint32_t
hash_of_ballot(const struct election *e, size_t ballot)
{
	size_t from = e->start[ballot];

	return hash_of(e->choice + from, e->points == NULL ? NULL : e->points + from,
	               e->start[ballot + 1] - from);
}

/* A table of this size in place of the one there was. */
static bool
new_table(struct election_making *making, size_t size)
{
	const struct election *e = &making->e;
	uint32_t *table = ARENA_ARRAY(making->arena, size, uint32_t);

	if (table == NULL) {
		making->failed = NO_MEMORY;
		return false;
	}
	for (size_t b = 0; b < e->ballot_count; b++) {
		uint32_t hash = hash_of_ballot(e, b);
		size_t at = hash & (size - 1);

		while (table[at] != 0)
			at = (at + 1) & (size - 1);
		table[at] = slot_of(hash, b);
	}
	making->table = table;
	making->table_size = size;
	return true;
}

/* Keeps the hash table at most half full. */
static bool
grow_table(struct election_making *making)
{
	return making->e.ballot_count < making->table_size / 2 ||
	       new_table(making, making->table_size == 0 ? 256 : making->table_size * 2);
}

/* Room for more distinct ballots with so many choices together. */
static bool
make_room(struct election_making *making, size_t ballots, size_t choices)
{
	struct election *e = &making->e;
	size_t count = e->ballot_count, size = making->ballots_size, used = choices_used(e);

	if (count > 0 && ballots < size - count && choices < making->choices_size - used &&
	    (!making->with_points || choices <= making->points_size - used))
		return true;
	/* start has one more than weight: both are grown to the same size, one early. choice has
	 * one more, so that there is an array even where all ballots are blank. */
	return grow(making, (void **)&e->weight, &size, count, ballots + 1, sizeof *e->weight) &&
	       grow(making, (void **)&e->start, &making->ballots_size,
	            count == 0 ? 0 : count + 1, count == 0 ? ballots + 1 : ballots,
	            sizeof *e->start) &&
	       grow(making, (void **)&e->choice, &making->choices_size, used, choices + 1,
	            sizeof *e->choice) &&
	       (!making->with_points || grow(making, (void **)&e->points, &making->points_size,
	                                     used, choices, sizeof *e->points));
}

void
election_expect(struct election_making *making, size_t ballots, size_t choices)
{
	size_t size = 256;

	while (size < ballots) /* many are alike, or else it grows once or twice */
		size *= 2;
	if (making->failed == OK && making->table_size == 0 && new_table(making, size) &&
	    make_room(making, ballots, choices))
		making->e.start[0] = 0; /* where no ballot follows */
}

/* What take_choices marks in. */
static bool
make_marks(struct election_making *making)
{
	size_t options = making->e.option_count;

	making->marked = ARENA_ARRAY(making->arena, options / 4096 + 1, uint64_t);
	making->marks = ARENA_ARRAY(making->arena, options / 64 + 1, uint64_t);
	making->given = ARENA_ARRAY(making->arena, options, uint32_t);
	if (making->marked == NULL || making->marks == NULL || making->given == NULL)
		making->failed = NO_MEMORY;
	return making->failed == OK;
}

/* Makes the count choices behind the last ballot's the next ballot. */
static bool
add_distinct(struct election_making *making, size_t count)
{
	struct election *e = &making->e;
	size_t used = choices_used(e);

	if (used + count > UINT32_MAX) {
		making->failed = TOO_LARGE;
		return false;
	}
	e->weight[e->ballot_count] = 1;
	e->start[e->ballot_count] = (uint32_t)used;
	e->ballot_count++;
	e->start[e->ballot_count] = (uint32_t)(used + count);
	return true;
}

/* Whether there is room for one more ballot. */
static bool
prepare(struct election_making *making, bool with_points, size_t count)
{
	struct election *e = &making->e;

	if (making->failed == OK && e->voters == ELECTION_VOTERS_MAX)
		making->failed = TOO_LARGE;
	if (making->failed != OK)
		return false;
	if (count > 0 && (choices_used(e) > 0 || e->points != NULL))
		assert(making->with_points == with_points);
	else if (count > 0)
		making->with_points = with_points;
	return (making->marks != NULL || make_marks(making)) &&
	       grow_table(making) && make_room(making, 1, count);
}

void
election_ballot(struct election_making *making, const uint32_t *choices, const uint32_t *points,
                size_t count)
{
	struct election *e = &making->e;
	uint32_t hash, slot;
	size_t used, at;

	if (!prepare(making, points != NULL, count))
		return;
	count = take_choices(making, choices, points, count);
	used = choices_used(e);
	hash = hash_of(e->choice + used, e->points == NULL ? NULL : e->points + used, count);
	e->voters++;
	for (at = hash & (making->table_size - 1); making->table[at] != 0;
	     at = (at + 1) & (making->table_size - 1)) {
		slot = making->table[at];
		if (slot == slot_of(hash, ballot_in(slot)) && is_ballot(e, ballot_in(slot), count)) {
			e->weight[ballot_in(slot)]++;
			return;
		}
	}
	if (add_distinct(making, count))
		making->table[at] = slot_of(hash, e->ballot_count - 1);
}

static int
by_id(const void *a, const void *b)
{
	const struct election_option *const *x = a, *const *y = b;

	return str_cmp((*x)->id, (*y)->id);
}

static enum status
check(const struct election_making *making, struct decide_error *error)
{
	const struct election *e = &making->e;
	const struct election_option **sorted;

	if (e->budget <= 0)
		return decide_fail(error, 0, STR("budget"), MSG("The budget must be above zero."));
	if (e->budget > ELECTION_MONEY_MAX)
		return decide_fail(error, 0, STR("budget"),
		                   MSG("The budget is too large to count exactly."));
	sorted = ARENA_ARRAY(making->arena, e->option_count, const struct election_option *);
	if (sorted == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < e->option_count; i++) {
		const struct election_option *o = sorted[i] = &e->options[i];

		if (o->cost < 0)
			return decide_fail_with(error, 0, STR("cost"),
			                        MSG("{option} has a cost below zero."),
			                        message_text("option", o->id));
		if (o->cost > ELECTION_MONEY_MAX)
			return decide_fail_with(error, 0, STR("cost"),
			                        MSG("The cost of {option} is too large."),
			                        message_text("option", o->id));
	}
	qsort(sorted, e->option_count, sizeof *sorted, by_id);
	for (size_t i = 1; i < e->option_count; i++)
		if (str_eq(sorted[i - 1]->id, sorted[i]->id))
			return decide_fail_with(error, 0, STR("project_id"),
			                        MSG("{option} is there twice."),
			                        message_text("option", sorted[i]->id));
	return OK;
}

/* The lists by option, and each option's votes. */
static enum status
invert(struct election *e, struct arena *arena)
{
	size_t total = e->ballot_count == 0 ? 0 : e->start[e->ballot_count];
	uint32_t *next;

	e->first = ARENA_ARRAY(arena, e->option_count + 1, uint32_t);
	e->supporter = arena_room(arena, total, sizeof *e->supporter);
	next = ARENA_ARRAY(arena, e->option_count + 1, uint32_t);
	if (e->points != NULL)
		e->supporter_points = arena_room(arena, total, sizeof *e->supporter_points);
	if (e->first == NULL || e->supporter == NULL || next == NULL ||
	    (e->points != NULL && e->supporter_points == NULL))
		return NO_MEMORY;
	for (size_t i = 0; i < total; i++)
		e->first[e->choice[i] + 1]++;
	for (size_t o = 0; o < e->option_count; o++) {
		e->first[o + 1] += e->first[o];
		next[o] = e->first[o];
	}
	for (size_t b = 0; b < e->ballot_count; b++)
		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			struct election_option *o = &e->options[e->choice[i]];
			uint32_t points = e->points == NULL ? 1 : e->points[i];

			if (e->points != NULL)
				e->supporter_points[next[e->choice[i]]] = points;
			e->supporter[next[e->choice[i]]++] = (uint32_t)b;
			o->votes += e->weight[b];
			o->points += (int64_t)e->weight[b] * points;
		}
	return OK;
}

enum status
election_end(struct election_making *making, struct election *ret, struct decide_error *error)
{
	struct election *e = &making->e;
	enum status st = making->failed;

	if (st == TOO_LARGE) {
		decide_fail(error, 0, STR(""),
		                  MSG("There are more options or ballots than can be counted."));
		return TOO_LARGE;
	}
	if (st == OK && e->start == NULL) {
		e->start = ARENA_ARRAY(making->arena, 1, uint32_t);
		st = e->start == NULL ? NO_MEMORY : OK;
	}
	if (st == OK)
		st = check(making, error);
	if (st == OK)
		st = election_put_in_order(e, making->arena);
	if (st == OK)
		st = invert(e, making->arena);
	if (st == OK)
		*ret = *e;
	return st;
}
