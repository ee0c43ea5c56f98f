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

/* Room for one more in an array; the old one stays in the arena, so all of them together
 * take at most twice the last. */
static bool
grow(struct election_making *making, void **array, size_t *size, size_t used, size_t more,
     size_t each)
{
	size_t bigger = *size == 0 ? 64 : *size;
	void *copy;

	if (more <= *size - used)
		return true;
	while (bigger - used < more)
		bigger *= 2;
	copy = arena_array(making->arena, bigger, each);
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

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint32_t
option_of(uint64_t entry)
{
	return (uint32_t)(entry >> 32);
}

/* Sorts and takes out repetitions; returns how many are left. */
static size_t
sort_choices(uint64_t *choices, size_t count)
{
	size_t kept = 0;

	if (count > 32) {
		qsort(choices, count, sizeof *choices, by_number);
	} else {
		for (size_t i = 1; i < count; i++) {
			uint64_t c = choices[i];
			size_t j = i;

			for (; j > 0 && choices[j - 1] > c; j--)
				choices[j] = choices[j - 1];
			choices[j] = c;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || option_of(choices[kept - 1]) != option_of(choices[i]))
			choices[kept++] = choices[i];
	return kept;
}

static uint64_t
hash_more(uint64_t h, uint64_t entry)
{
	h = (h ^ entry) * 0xff51afd7ed558ccdu;
	return h ^ h >> 32;
}

static uint64_t
hash_of(const uint64_t *choices, size_t count)
{
	uint64_t h = 0x9e3779b97f4a7c15u ^ count;

	for (size_t i = 0; i < count; i++)
		h = hash_more(h, choices[i]);
	return h;
}

static uint64_t
entry_of(const struct election *e, size_t at)
{
	return (uint64_t)e->choice[at] << 32 | (e->points == NULL ? 1 : e->points[at]);
}

static size_t
length_of(const struct election *e, size_t ballot)
{
	return e->start[ballot + 1] - e->start[ballot];
}

static uint64_t
hash_of_ballot(const struct election *e, size_t ballot)
{
	uint64_t h = 0x9e3779b97f4a7c15u ^ length_of(e, ballot);

	for (size_t i = e->start[ballot]; i < e->start[ballot + 1]; i++)
		h = hash_more(h, entry_of(e, i));
	return h;
}

static bool
is_ballot(const struct election *e, size_t ballot, const uint64_t *choices, size_t count)
{
	bool same = length_of(e, ballot) == count;

	for (size_t i = 0; same && i < count; i++)
		same = entry_of(e, e->start[ballot] + i) == choices[i];
	return same;
}

/* Keeps the hash table at most half full. */
static bool
grow_table(struct election_making *making)
{
	struct election *e = &making->e;
	size_t size = making->table_size == 0 ? 256 : making->table_size * 2;
	uint32_t *table;

	if (making->table_size > 0 && e->ballot_count < making->table_size / 2)
		return true;
	table = ARENA_ARRAY(making->arena, size, uint32_t);
	if (table == NULL) {
		making->failed = NO_MEMORY;
		return false;
	}
	for (size_t b = 0; b < e->ballot_count; b++) {
		size_t at = hash_of_ballot(e, b) & (size - 1);

		while (table[at] != 0)
			at = (at + 1) & (size - 1);
		table[at] = (uint32_t)b + 1;
	}
	making->table = table;
	making->table_size = size;
	return true;
}

/* A kind of ballot not seen before; `at` is its place in the table. */
static void
add_distinct(struct election_making *making, const uint64_t *choices, size_t count, size_t at)
{
	struct election *e = &making->e;
	size_t used = e->ballot_count == 0 ? 0 : e->start[e->ballot_count];
	size_t size = making->ballots_size;

	if (used + count > UINT32_MAX) {
		making->failed = TOO_LARGE;
		return;
	}
	/* start has one more than weight: both are grown to the same size, one early. */
	if (!grow(making, (void **)&e->weight, &size, e->ballot_count, 2, sizeof *e->weight) ||
	    !grow(making, (void **)&e->start, &making->ballots_size,
	          e->ballot_count == 0 ? 0 : e->ballot_count + 1,
	          e->ballot_count == 0 ? 2 : 1, sizeof *e->start) ||
	    !grow(making, (void **)&e->choice, &making->choices_size, used, count,
	          sizeof *e->choice) ||
	    (making->with_points && !grow(making, (void **)&e->points, &making->points_size, used,
	                                  count, sizeof *e->points)))
		return;
	for (size_t i = 0; i < count; i++) {
		e->choice[used + i] = option_of(choices[i]);
		if (making->with_points)
			e->points[used + i] = (uint32_t)choices[i];
	}
	e->weight[e->ballot_count] = 1;
	e->start[e->ballot_count] = (uint32_t)used;
	e->start[e->ballot_count + 1] = (uint32_t)(used + count);
	e->ballot_count++;
	making->table[at] = (uint32_t)e->ballot_count;
}

/* Copies a ballot to scratch, sorted, without what it gives nothing. Returns its length. */
static size_t
take_choices(struct election_making *making, const uint32_t *choices, const uint32_t *points,
             size_t count)
{
	size_t kept = 0;

	if (count > 0 && making->e.ballot_count > 0 && making->e.start[making->e.ballot_count] > 0)
		assert(making->with_points == (points != NULL));
	else if (count > 0)
		making->with_points = points != NULL;
	for (size_t i = 0; i < count; i++) {
		uint32_t given = points == NULL ? 1 : points[i];

		assert(choices[i] < making->e.option_count && given <= ELECTION_POINTS_MAX);
		if (given > 0)
			making->scratch[kept++] = (uint64_t)choices[i] << 32 | given;
	}
	return sort_choices(making->scratch, kept);
}

void
election_ballot(struct election_making *making, const uint32_t *choices, const uint32_t *points,
                size_t count)
{
	struct election *e = &making->e;
	size_t at;

	if (making->failed != OK)
		return;
	if (e->voters == ELECTION_VOTERS_MAX) {
		making->failed = TOO_LARGE;
		return;
	}
	if (!grow(making, (void **)&making->scratch, &making->scratch_size, 0, count,
	          sizeof *making->scratch) ||
	    !grow_table(making))
		return;
	count = take_choices(making, choices, points, count);
	e->voters++;
	at = hash_of(making->scratch, count) & (making->table_size - 1);
	for (; making->table[at] != 0; at = (at + 1) & (making->table_size - 1)) {
		uint32_t b = making->table[at] - 1;

		if (is_ballot(e, b, making->scratch, count)) {
			e->weight[b]++;
			return;
		}
	}
	add_distinct(making, making->scratch, count, at);
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
	e->supporter = ARENA_ARRAY(arena, total, uint32_t);
	next = ARENA_ARRAY(arena, e->option_count + 1, uint32_t);
	if (e->points != NULL)
		e->supporter_points = ARENA_ARRAY(arena, total, uint32_t);
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
