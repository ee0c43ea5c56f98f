#include "core/decide/ranked/election.h"

#include <assert.h>
#include <string.h>

void
ranked_begin(struct ranked_making *making, struct arena *arena)
{
	*making = (struct ranked_making){ .arena = arena };
}

/* Room for `more` in an array; the old one stays in the arena, so all of them together take at
 * most twice the last. */
static bool
grow(struct arena *arena, void **array, size_t *size, size_t used, size_t more, size_t each)
{
	size_t bigger = *size == 0 ? 64 : *size;
	void *copy;

	if (*size >= used && more <= *size - used)
		return true;
	while (bigger - used < more)
		bigger *= 2;
	copy = arena_array(arena, bigger, each);
	if (copy == NULL)
		return false;
	if (used > 0)
		memcpy(copy, *array, used * each);
	*array = copy;
	*size = bigger;
	return true;
}

enum status
ranked_candidate(struct ranked_making *making, struct str name, bool withdrawn)
{
	struct ranked_election *e = &making->e;

	assert(making->ballots_seen == 0);
	if (e->candidate_count == RANKED_CANDIDATES_MAX)
		return TOO_LARGE;
	if (!grow(making->arena, (void **)&e->candidates, &making->candidates_size,
	          e->candidate_count, 1, sizeof *e->candidates))
		return NO_MEMORY;
	e->candidates[e->candidate_count] = (struct ranked_candidate){
		.name = name, .withdrawn = withdrawn, .tie = (uint32_t)e->candidate_count };
	e->candidate_count++;
	return OK;
}

/* Each rank in ascending order, so that the same ranks are the same bytes. */
static void
sort_ranks(uint32_t *choices, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t c = choices[i] & ~RANKED_SAME;
		size_t j = i;

		for (; (choices[j] & RANKED_SAME) != 0 && (choices[j - 1] & ~RANKED_SAME) > c; j--)
			choices[j] = (choices[j - 1] & ~RANKED_SAME) | RANKED_SAME;
		choices[j] = c | (choices[j] & RANKED_SAME);
	}
}

static uint64_t
hash_of(const uint32_t *choices, size_t count)
{
	uint64_t h = 0x9e3779b97f4a7c15u ^ count;

	for (size_t i = 0; i < count; i++) {
		h = (h ^ choices[i]) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	return h;
}

static size_t
length_of(const struct ranked_election *e, size_t ballot)
{
	return e->start[ballot + 1] - e->start[ballot];
}

/* A table of that size, a power of two, with the ballots so far. */
static bool
fill_table(struct ranked_making *making, size_t size)
{
	struct ranked_election *e = &making->e;
	uint32_t *table = ARENA_ARRAY(making->arena, size, uint32_t);

	if (table == NULL)
		return false;
	for (size_t b = 0; b < e->ballot_count; b++) {
		size_t at = hash_of(e->choice + e->start[b], length_of(e, b)) & (size - 1);

		while (table[at] != 0)
			at = (at + 1) & (size - 1);
		table[at] = (uint32_t)b + 1;
	}
	making->table = table;
	making->table_size = size;
	return true;
}

/* Keeps the hash table at most half full. */
static bool
grow_table(struct ranked_making *making)
{
	if (making->table_size == 0)
		return fill_table(making, 256);
	return making->e.ballot_count < making->table_size / 2 ||
	       fill_table(making, making->table_size * 2);
}

/* A kind of ballot not seen before; `at` is its place in the table. */
static enum status
add_distinct(struct ranked_making *making, size_t count, uint32_t weight, size_t at)
{
	struct ranked_election *e = &making->e;
	size_t used = e->ballot_count == 0 ? 0 : e->start[e->ballot_count];
	size_t size = making->ballots_size;

	if (used + count > RANKED_PLACES_MAX)
		return TOO_LARGE;
	/* start has one more than weight: both are grown to the same size, one early. */
	if (!grow(making->arena, (void **)&e->weight, &size, e->ballot_count, 2,
	          sizeof *e->weight) ||
	    !grow(making->arena, (void **)&e->start, &making->ballots_size,
	          e->ballot_count == 0 ? 0 : e->ballot_count + 1, e->ballot_count == 0 ? 2 : 1,
	          sizeof *e->start) ||
	    !grow(making->arena, (void **)&e->choice, &making->choices_size, used, count + 1,
	          sizeof *e->choice))
		return NO_MEMORY;
	if (count > 0)
		memcpy(e->choice + used, making->scratch, count * sizeof *e->choice);
	e->weight[e->ballot_count] = weight;
	e->start[e->ballot_count] = (uint32_t)used;
	e->start[e->ballot_count + 1] = (uint32_t)(used + count);
	e->ballot_count++;
	making->table[at] = (uint32_t)e->ballot_count;
	return OK;
}

/* Copies a ballot to the scratch; INVALID when a candidate is on it twice. */
static enum status
take_ballot(struct ranked_making *making, const uint32_t *choices, size_t count)
{
	struct ranked_election *e = &making->e;

	if (making->seen == NULL)
		making->seen = ARENA_ARRAY(making->arena, e->candidate_count, uint32_t);
	if (making->seen == NULL ||
	    !grow(making->arena, (void **)&making->scratch, &making->scratch_size, 0, count + 1,
	          sizeof *making->scratch))
		return NO_MEMORY;
	making->ballots_seen++;
	for (size_t i = 0; i < count; i++) {
		uint32_t c = choices[i] & ~RANKED_SAME;

		assert(c < e->candidate_count && (i > 0 || c == choices[i]));
		if (making->seen[c] == making->ballots_seen)
			return INVALID;
		making->seen[c] = making->ballots_seen;
		making->scratch[i] = choices[i];
	}
	sort_ranks(making->scratch, count);
	return OK;
}

enum status
ranked_ballot(struct ranked_making *making, const uint32_t *choices, size_t count, uint32_t weight)
{
	struct ranked_election *e = &making->e;
	enum status st;
	size_t at;

	if (weight > RANKED_VOTERS_MAX - e->voters || making->ballots_seen == UINT32_MAX)
		return TOO_LARGE;
	st = take_ballot(making, choices, count);
	if (st != OK || weight == 0)
		return st;
	if (!grow_table(making))
		return NO_MEMORY;
	e->voters += weight;
	at = hash_of(making->scratch, count) & (making->table_size - 1);
	for (; making->table[at] != 0; at = (at + 1) & (making->table_size - 1)) {
		uint32_t b = making->table[at] - 1;

		if (length_of(e, b) == count &&
		    (count == 0 || memcmp(e->choice + e->start[b], making->scratch,
		                          count * sizeof *choices) == 0)) {
			e->weight[b] += weight;
			return OK;
		}
	}
	return add_distinct(making, count, weight, at);
}

enum status
ranked_end(struct ranked_making *making, size_t seats, struct ranked_election *ret,
           struct decide_error *error)
{
	struct ranked_election *e = &making->e;
	size_t standing = 0;

	for (size_t c = 0; c < e->candidate_count; c++)
		standing += !e->candidates[c].withdrawn;
	if (standing == 0)
		return decide_fail(error, 0, STR("candidates"), MSG("Nobody stands for election."));
	if (seats == 0)
		return decide_fail(error, 0, STR("seats"), MSG("There must be at least one seat."));
	if (seats > standing)
		return decide_fail(error, 0, STR("seats"),
		                   MSG("There are more seats than candidates who stand."));
	if (e->start == NULL) {
		e->start = ARENA_ARRAY(making->arena, 1, uint32_t);
		if (e->start == NULL)
			return NO_MEMORY;
	}
	e->seats = seats;
	*ret = *e;
	return OK;
}

enum status
ranked_fail(enum status st, size_t line, struct decide_error *error)
{
	if (st == INVALID)
		decide_fail(error, line, STR("ballot"), MSG("A candidate is ranked twice."));
	if (st == TOO_LARGE)
		decide_fail(error, line, STR(""),
		            MSG("There are more candidates or ballots than can be counted."));
	return st;
}

/* The ballot of e that is ballot `want` of other, by the table of e; or ballot_count. */
static size_t
find_ballot(const struct ranked_making *m, const struct ranked_election *other, size_t want)
{
	const uint32_t *choices = other->choice + other->start[want];
	size_t count = length_of(other, want);
	size_t at = hash_of(choices, count) & (m->table_size - 1);

	for (; m->table[at] != 0; at = (at + 1) & (m->table_size - 1)) {
		uint32_t b = m->table[at] - 1;

		if (length_of(&m->e, b) == count &&
		    (count == 0 ||
		     memcmp(m->e.choice + m->e.start[b], choices, count * sizeof *choices) == 0))
			return b;
	}
	return m->e.ballot_count;
}

enum status
ranked_same(const struct ranked_election *a, const struct ranked_election *b, struct arena *arena,
            bool *ret)
{
	struct ranked_making m = { .arena = arena, .e = *a };
	size_t size = 256;

	*ret = false;
	if (a->candidate_count != b->candidate_count || a->ballot_count != b->ballot_count ||
	    a->voters != b->voters || a->seats != b->seats)
		return OK;
	for (size_t c = 0; c < a->candidate_count; c++)
		if (!str_eq(a->candidates[c].name, b->candidates[c].name) ||
		    a->candidates[c].withdrawn != b->candidates[c].withdrawn)
			return OK;
	while (size / 2 <= a->ballot_count)
		size *= 2;
	if (!fill_table(&m, size))
		return NO_MEMORY;
	for (size_t i = 0; i < b->ballot_count; i++) {
		size_t k = find_ballot(&m, b, i);

		if (k == a->ballot_count || a->weight[k] != b->weight[i])
			return OK;
	}
	*ret = true;
	return OK;
}
