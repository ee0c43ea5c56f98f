#include <stdlib.h>

#include "core/ledger/ledger.h"

/* An account while it is added up. 128 bits, as damaged data may add up to anything. */
struct running {
	const struct ledger_account *account;
	__int128 sum;
	__int128 before;     /* sum when the present instant began */
	struct instant seen; /* the instant that `before` belongs to */
	bool is_seen;
};

struct replay {
	struct running *running; /* sorted by id */
	size_t count;
	struct ledger_findings *findings;
};

/* Amounts in findings are cut to int64. */
static struct amount
cut(__int128 sum)
{
	if (sum > INT64_MAX)
		return (struct amount){ INT64_MAX };
	if (sum < INT64_MIN)
		return (struct amount){ INT64_MIN };
	return (struct amount){ (int64_t)sum };
}

/* Counts a difference; true when it is the first of its kind, whose details are to be filled in. */
static bool
is_first(struct replay *r, enum ledger_difference kind, struct ledger_finding **ret)
{
	*ret = &r->findings->by_kind[kind];
	return (*ret)->count++ == 0;
}

static int
compare_running(const void *a, const void *b)
{
	int64_t x = ((const struct running *)a)->account->id.value;
	int64_t y = ((const struct running *)b)->account->id.value;

	return (x > y) - (x < y);
}

static struct running *
find(struct replay *r, struct account_id id)
{
	struct ledger_account account = { .id = id };
	struct running key = { .account = &account };

	if (r->count == 0)
		return NULL;
	return bsearch(&key, r->running, r->count, sizeof *r->running, compare_running);
}

static bool
is_malformed(const struct ledger_entry *entry)
{
	if (entry->posting_count < 2)
		return true;
	for (size_t i = 0; i < entry->posting_count; i++) {
		if (entry->postings[i].amount.minor == 0)
			return true;
		for (size_t j = 0; j < i; j++) {
			if (entry->postings[i].account.value == entry->postings[j].account.value)
				return true;
		}
	}
	return false;
}

static void
add_posting(struct replay *r, const struct ledger_entry *entry,
            const struct ledger_posting *posting)
{
	struct running *running = find(r, posting->account);
	struct ledger_finding *finding;

	if (running == NULL) {
		if (is_first(r, LEDGER_ACCOUNT_MISSING, &finding)) {
			finding->entry = entry->id;
			finding->account = posting->account;
		}
		return;
	}
	if (!running->is_seen || running->seen.us != entry->at.us) {
		running->is_seen = true;
		running->seen = entry->at;
		running->before = running->sum;
	}
	running->sum += posting->amount.minor;
}

static void
add_entry(struct replay *r, const struct ledger_entry *entry)
{
	struct ledger_finding *finding;
	__int128 sum = 0;

	if (is_malformed(entry) && is_first(r, LEDGER_ENTRY_MALFORMED, &finding))
		finding->entry = entry->id;
	for (size_t i = 0; i < entry->posting_count; i++) {
		sum += entry->postings[i].amount.minor;
		add_posting(r, entry, &entry->postings[i]);
	}
	if (sum != 0 && is_first(r, LEDGER_ENTRY_UNBALANCED, &finding)) {
		finding->entry = entry->id;
		finding->found = cut(sum);
	}
}

/* Accounts that this entry's instant took below their floor, or further below it. */
static void
check_floors(struct replay *r, const struct ledger_entry *entry)
{
	for (size_t i = 0; i < entry->posting_count; i++) {
		struct running *running = find(r, entry->postings[i].account);
		struct ledger_finding *finding;

		if (running == NULL || !running->account->has_floor ||
		    running->sum >= running->account->floor.minor || running->sum >= running->before)
			continue;
		running->before = running->sum; /* once for each account and instant */
		if (is_first(r, LEDGER_ACCOUNT_BELOW, &finding)) {
			finding->entry = entry->id;
			finding->account = running->account->id;
			finding->expected = running->account->floor;
			finding->found = cut(running->sum);
		}
	}
}

static void
check_balances(struct replay *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct running *running = &r->running[i];
		struct ledger_finding *finding;

		if (running->sum == running->account->balance.minor ||
		    !is_first(r, LEDGER_BALANCE_DIFFERS, &finding))
			continue;
		finding->account = running->account->id;
		finding->expected = cut(running->sum);
		finding->found = running->account->balance;
	}
}

static int
compare_keys(const void *a, const void *b)
{
	const struct ledger_entry *x = *(const struct ledger_entry *const *)a;
	const struct ledger_entry *y = *(const struct ledger_entry *const *)b;
	int order = str_cmp(x->client_key, y->client_key);

	return order != 0 ? order : (x > y) - (x < y); /* they point into one array */
}

static enum status
check_keys(struct replay *r, struct arena *arena, const struct ledger_entry *entries, size_t count)
{
	const struct ledger_entry **sorted = ARENA_ARRAY(arena, count, const struct ledger_entry *);
	const struct ledger_entry *first = NULL;

	if (sorted == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &entries[i];
	if (count > 0)
		qsort(sorted, count, sizeof *sorted, compare_keys);
	for (size_t i = 1; i < count; i++) {
		struct ledger_finding *finding;

		if (sorted[i]->client_key.len == 0 ||
		    !str_eq(sorted[i - 1]->client_key, sorted[i]->client_key))
			continue;
		(void)is_first(r, LEDGER_KEY_DOUBLED, &finding);
		if (first == NULL || sorted[i] < first)
			first = sorted[i];
	}
	if (first != NULL)
		r->findings->by_kind[LEDGER_KEY_DOUBLED].entry = first->id;
	return OK;
}

static enum status
begin(struct replay *r, struct arena *arena, const struct ledger_account *accounts, size_t count)
{
	r->running = ARENA_ARRAY(arena, count, struct running);
	if (r->running == NULL)
		return NO_MEMORY;
	r->count = count;
	for (size_t i = 0; i < count; i++)
		r->running[i].account = &accounts[i];
	if (count > 0)
		qsort(r->running, count, sizeof *r->running, compare_running);
	return OK;
}

enum status
ledger_replay(struct arena *arena, const struct ledger_account *accounts, size_t account_count,
              const struct ledger_entry *entries, size_t entry_count, struct ledger_findings *ret)
{
	struct replay r = { .findings = ret };
	enum status st = begin(&r, arena, accounts, account_count);
	size_t from = 0; /* where the present instant begins */

	*ret = (struct ledger_findings){ .by_kind = { { .count = 0 } } };
	if (st != OK)
		return st;
	for (size_t i = 0; i < entry_count; i++) {
		add_entry(&r, &entries[i]);
		if (i + 1 < entry_count && time_before(entries[i + 1].at, entries[i].at))
			return INVALID;
		if (i + 1 < entry_count && entries[i + 1].at.us == entries[i].at.us)
			continue;
		for (; from <= i; from++)
			check_floors(&r, &entries[from]);
	}
	check_balances(&r);
	return check_keys(&r, arena, entries, entry_count);
}

bool
ledger_is_clean(const struct ledger_findings *findings)
{
	for (int i = 0; i < LEDGER_DIFFERENCES; i++) {
		if (findings->by_kind[i].count > 0)
			return false;
	}
	return true;
}
