#include "core/decide/account.h"

/* Prices and shares come as doubles rounded towards zero: 2^-52 of them at most. A sum of n prices
 * is then wrong by less than (2 n + 1) 2^-52 of itself; four more are for what is made of it. */
static double
error_of(const struct election *e)
{
	size_t longest = 0;

	for (size_t b = 0; b < e->ballot_count; b++)
		if (e->start[b + 1] - e->start[b] > longest)
			longest = e->start[b + 1] - e->start[b];
	return (double)(2 * longest + 5) * 0x1p-51;
}

enum status
accounts_begin(struct accounts *a, const struct election *e, struct arena *arena)
{
	size_t total = e->first[e->option_count];

	*a = (struct accounts){ .e = e, .count = 1, .error = error_of(e) };
	mpq_init(a->share);
	a->paid = ARENA_ARRAY(arena, e->ballot_count, double);
	a->of = ARENA_ARRAY(arena, e->ballot_count, uint32_t);
	a->weight = ARENA_ARRAY(arena, total, uint32_t);
	a->before = ARENA_ARRAY(arena, total, uint32_t);
	a->accounts = arena_room(arena, total + 1, sizeof *a->accounts);
	a->price = ARENA_ARRAY(arena, e->option_count, mpq_t);
	a->option = ARENA_ARRAY(arena, e->option_count, uint32_t);
	a->first = ARENA_ARRAY(arena, e->option_count, size_t);
	if (a->paid == NULL || a->of == NULL || a->weight == NULL || a->before == NULL ||
	    a->accounts == NULL || a->price == NULL || a->option == NULL || a->first == NULL)
		return NO_MEMORY;
	a->accounts[0] = (struct account){ .sum = 0 };
	for (size_t i = 0; i < total; i++)
		a->weight[i] = e->weight[e->supporter[i]];
	return OK;
}

void
accounts_end(struct accounts *a)
{
	mpq_clear(a->share);
	for (size_t s = 0; s < a->steps_size; s++)
		mpq_clear(a->price[s]);
}

void
accounts_step(struct accounts *a, uint32_t option)
{
	const struct election *e = a->e;

	if (a->steps == a->steps_size)
		mpq_init(a->price[a->steps_size++]);
	a->option[a->steps] = option;
	a->first[a->steps] = a->count;
	a->steps++;
	for (size_t i = e->first[option]; i < e->first[option + 1]; i++)
		a->before[i] = ACCOUNT_NOT_PAID;
}

/* Into the account that those who had the ballot's share now. Voters with one account have the
 * same left, so they pay alike. */
static void
move(struct accounts *a, size_t at, double sum, bool all_in)
{
	uint32_t ballot = a->e->supporter[at], old = a->of[ballot], to = a->accounts[old].child;
	uint32_t step = (uint32_t)a->steps - 1;

	if (to < a->first[step] || to >= a->count || a->accounts[to].parent != old) {
		to = (uint32_t)a->count++;
		a->accounts[old].child = to;
		a->accounts[to] = (struct account){ .sum = sum, .parent = old, .step = step,
		                                    .all_in = all_in };
	}
	a->before[at] = old;
	a->of[ballot] = to;
	a->paid[ballot] = a->accounts[to].sum;
}

void
accounts_pay(struct accounts *a, size_t at, double price)
{
	move(a, at, a->paid[a->e->supporter[at]] + price, false);
}

void
accounts_pay_all(struct accounts *a, size_t at, double share)
{
	move(a, at, share, true);
}

void
accounts_take_back(struct accounts *a, size_t steps)
{
	const struct election *e = a->e;

	while (a->steps > steps) {
		uint32_t option = a->option[--a->steps];

		for (size_t i = e->first[option]; i < e->first[option + 1]; i++) {
			uint32_t ballot = e->supporter[i], old = a->before[i];

			if (old == ACCOUNT_NOT_PAID)
				continue;
			a->of[ballot] = old;
			a->paid[ballot] = a->accounts[old].sum;
		}
		a->count = a->first[a->steps];
	}
}

void
accounts_sum(const struct accounts *a, uint32_t account, mpq_t ret)
{
	mpq_set_ui(ret, 0, 1);
	for (; account != 0; account = a->accounts[account].parent) {
		const struct account *x = &a->accounts[account];

		/* who gave everything pays no more: that is the last */
		if (x->all_in) {
			mpq_set(ret, a->share);
			break;
		}
		mpq_add(ret, ret, a->price[x->step]);
	}
}
