#include "core/ledger/ledger.h"

#include "base/chance.h"
#include "test.h"

#define POSTING(id, minor_units) { { id }, { minor_units } }
#define FLOORED(id, minor_units, floor_units) { { id }, { minor_units }, true, { floor_units } }
#define FREE(id, minor_units) { { id }, { minor_units }, false, { 0 } }

/* ---- one entry ----------------------------------------------------------------------------- */

static void
test_table(void)
{
	static const struct {
		const char *what;
		struct ledger_posting postings[3];
		size_t count;
		enum ledger_fault want;
		size_t posting;
		int64_t missing;
	} table[] = {
		{ "a payment", { POSTING(1, -40), POSTING(2, 40) }, 2, LEDGER_FINE, 0, 0 },
		{ "to the floor exactly", { POSTING(1, -100), POSTING(2, 100) }, 2, LEDGER_FINE, 0, 0 },
		{ "split in two", { POSTING(1, -50), POSTING(2, 20), POSTING(3, 30) }, 3, LEDGER_FINE, 0, 0 },
		{ "no floor", { POSTING(3, -5000), POSTING(2, 5000) }, 2, LEDGER_FINE, 0, 0 },
		{ "one too much", { POSTING(1, -101), POSTING(2, 101) }, 2, LEDGER_BELOW_FLOOR, 0, 1 },
		{ "the second posting", { POSTING(2, 130), POSTING(1, -130) }, 2, LEDGER_BELOW_FLOOR, 1, 30 },
		{ "nothing", { POSTING(0, 0) }, 0, LEDGER_TOO_FEW, 0, 0 },
		{ "one-sided", { POSTING(1, 5) }, 1, LEDGER_TOO_FEW, 0, 0 },
		{ "a zero", { POSTING(1, -5), POSTING(2, 5), POSTING(3, 0) }, 3, LEDGER_ZERO, 2, 0 },
		{ "twice", { POSTING(1, -5), POSTING(2, 10), POSTING(1, -5) }, 3, LEDGER_TWICE, 2, 0 },
		{ "unbalanced", { POSTING(1, -5), POSTING(2, 6) }, 2, LEDGER_UNBALANCED, 0, 0 },
		{ "would wrap round to zero", { POSTING(1, INT64_MIN), POSTING(2, INT64_MIN) }, 2,
		  LEDGER_UNBALANCED, 0, 0 },
		{ "unknown", { POSTING(1, -5), POSTING(9, 5) }, 2, LEDGER_UNKNOWN_ACCOUNT, 1, 0 },
		{ "overflow", { POSTING(3, -INT64_MAX), POSTING(4, INT64_MAX) }, 2, LEDGER_OVERFLOW, 1, 0 },
		{ "towards the floor", { POSTING(3, -10), POSTING(5, 10) }, 2, LEDGER_FINE, 0, 0 },
		{ "away from it", { POSTING(3, 1), POSTING(5, -1) }, 2, LEDGER_BELOW_FLOOR, 1, 51 },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct ledger_account accounts[] = { FLOORED(1, 100, 0), FLOORED(2, 0, 0), FREE(3, 0),
			FLOORED(4, 10, -20), FLOORED(5, -50, 0) };
		struct ledger_account before[5];
		struct ledger_verdict verdict;
		bool fine;

		memcpy(before, accounts, sizeof before);
		fine = ledger_post(accounts, 5, table[i].postings, table[i].count, &verdict);
		if (verdict.fault != table[i].want)
			printf("# %s\n", table[i].what);
		CHECK_INT(verdict.fault, table[i].want);
		CHECK(fine == (table[i].want == LEDGER_FINE));
		CHECK_INT(verdict.posting, table[i].posting);
		CHECK_INT(verdict.missing.minor, table[i].missing);
		for (size_t a = 0; a < 5; a++) {
			int64_t want = before[a].balance.minor;

			for (size_t p = 0; fine && p < table[i].count; p++) {
				if (table[i].postings[p].account.value == before[a].id.value)
					want += table[i].postings[p].amount.minor;
			}
			CHECK_INT(accounts[a].balance.minor, want);
		}
	}
}

/* ---- a year of random entries --------------------------------------------------------------- */

enum { ACCOUNTS = 12, ENTRIES = 3000, POSTINGS = 4 };

static struct ledger_posting postings[ENTRIES][POSTINGS];
static struct ledger_entry entries[ENTRIES];
static struct ledger_account book[ACCOUNTS];
static char keys[ENTRIES][16];
static size_t entry_count;

static int64_t
random_amount(struct chance *chance)
{
	int64_t amount = (int64_t)chance_below(chance, 2000) - 1000;

	return amount == 0 ? 7 : amount;
}

/* A second opinion on one entry, by trying it on copies and looking at the result. */
static bool
naive_may(const struct ledger_posting *p, size_t count)
{
	long long after[ACCOUNTS], sum = 0;
	int touched[ACCOUNTS] = { 0 };

	for (int a = 0; a < ACCOUNTS; a++)
		after[a] = book[a].balance.minor;
	for (size_t i = 0; i < count; i++) {
		int64_t a = p[i].account.value - 1;

		after[a] += p[i].amount.minor;
		touched[a]++;
		sum += p[i].amount.minor;
		if (p[i].amount.minor == 0)
			return false;
	}
	for (int a = 0; a < ACCOUNTS; a++) {
		if (touched[a] > 1)
			return false;
		if (book[a].has_floor && after[a] < book[a].floor.minor &&
		    after[a] < book[a].balance.minor)
			return false;
	}
	return count >= 2 && sum == 0;
}

/* Tries random entries, right and wrong; keeps what ledger_post lets through. */
static void
make_year(uint8_t seed_byte)
{
	uint8_t seed[32] = { seed_byte };
	struct chance chance;
	int refused = 0;

	chance_from_seed(&chance, seed);
	for (int a = 0; a < ACCOUNTS; a++)
		book[a] = (struct ledger_account){ { a + 1 }, { 0 }, a > 0, { a % 3 == 0 ? -500 : 0 } };
	entry_count = 0;
	for (int tries = 0; entry_count < ENTRIES && tries < 30 * ENTRIES; tries++) {
		size_t n = entry_count, count = 1 + chance_below(&chance, POSTINGS);
		struct ledger_verdict verdict;
		int64_t sum = 0;
		bool may;

		for (size_t i = 0; i < count; i++) {
			postings[n][i].account.value = 1 + (int64_t)chance_below(&chance, ACCOUNTS);
			postings[n][i].amount.minor = i + 1 < count ? random_amount(&chance) : -sum;
			sum += postings[n][i].amount.minor;
		}
		if (chance_below(&chance, 10) == 0)
			postings[n][0].amount.minor++;
		may = naive_may(postings[n], count);
		CHECK(ledger_post(book, ACCOUNTS, postings[n], count, &verdict) == may);
		refused += !may;
		if (!may)
			continue;
		(void)snprintf(keys[n], sizeof keys[n], "key %zu", n);
		entries[n] = (struct ledger_entry){ { (int64_t)n + 1 }, { (int64_t)n / 3 },
			str_of(keys[n]), postings[n], count };
		entry_count++;
	}
	CHECK_INT(entry_count, ENTRIES);
	CHECK(refused > 100); /* the test would prove nothing otherwise */
}

static struct ledger_findings
replay(void)
{
	struct ledger_findings findings;
	struct arena arena;

	arena_init(&arena, 10 << 20);
	CHECK_INT(ledger_replay(&arena, book, ACCOUNTS, entries, entry_count, &findings), OK);
	arena_release(&arena);
	return findings;
}

static void
test_random_years(void)
{
	for (uint8_t seed = 0; seed < 5; seed++) {
		struct ledger_findings findings;
		int64_t total = 0;

		make_year(seed);
		for (int a = 0; a < ACCOUNTS; a++) {
			total += book[a].balance.minor;
			CHECK(!book[a].has_floor || book[a].balance.minor >= book[a].floor.minor);
		}
		CHECK_INT(total, 0);
		findings = replay();
		CHECK(ledger_is_clean(&findings));
	}
}

/* ---- what a replay finds --------------------------------------------------------------------- */

/* Only this kind was found. */
static void
check_only(const struct ledger_findings *findings, enum ledger_difference kind, int64_t count)
{
	for (int i = 0; i < LEDGER_DIFFERENCES; i++)
		CHECK_INT(findings->by_kind[i].count, i == (int)kind ? count : 0);
	CHECK(!ledger_is_clean(findings));
}

/* Three accounts and two entries, all well: 1 is the source, 2 the pot, 3 an award. */
static void
make_small(void)
{
	static const struct ledger_posting grant[] = { POSTING(1, -500), POSTING(2, 500) };
	static const struct ledger_posting award[] = { POSTING(2, -200), POSTING(3, 200) };
	static const struct ledger_account accounts[] = { FLOORED(3, 200, 0), FREE(1, -500),
		FLOORED(2, 300, 0) };

	memcpy(book, accounts, sizeof accounts);
	memcpy(postings[0], grant, sizeof grant);
	memcpy(postings[1], award, sizeof award);
	entries[0] = (struct ledger_entry){ { 11 }, { 1000 }, STR("a"), postings[0], 2 };
	entries[1] = (struct ledger_entry){ { 12 }, { 2000 }, STR("b"), postings[1], 2 };
	entry_count = 2;
}

static struct ledger_findings
replay_small(void)
{
	struct ledger_findings findings;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	CHECK_INT(ledger_replay(&arena, book, 3, entries, entry_count, &findings), OK);
	arena_release(&arena);
	return findings;
}

static void
test_differences(void)
{
	struct ledger_findings f;

	make_small();
	f = replay_small();
	CHECK(ledger_is_clean(&f));

	book[2].balance.minor = 301;
	f = replay_small();
	check_only(&f, LEDGER_BALANCE_DIFFERS, 1);
	CHECK_INT(f.by_kind[LEDGER_BALANCE_DIFFERS].account.value, 2);
	CHECK_INT(f.by_kind[LEDGER_BALANCE_DIFFERS].expected.minor, 300);
	CHECK_INT(f.by_kind[LEDGER_BALANCE_DIFFERS].found.minor, 301);

	make_small();
	postings[1][1].amount.minor = 201;
	book[0].balance.minor = 201;
	f = replay_small();
	check_only(&f, LEDGER_ENTRY_UNBALANCED, 1);
	CHECK_INT(f.by_kind[LEDGER_ENTRY_UNBALANCED].entry.value, 12);
	CHECK_INT(f.by_kind[LEDGER_ENTRY_UNBALANCED].found.minor, 1);

	make_small();
	postings[1][1].account.value = 9;
	book[0].balance.minor = 0;
	f = replay_small();
	check_only(&f, LEDGER_ACCOUNT_MISSING, 1);
	CHECK_INT(f.by_kind[LEDGER_ACCOUNT_MISSING].entry.value, 12);
	CHECK_INT(f.by_kind[LEDGER_ACCOUNT_MISSING].account.value, 9);

	make_small();
	entries[1].client_key = STR("a");
	f = replay_small();
	check_only(&f, LEDGER_KEY_DOUBLED, 1);
	CHECK_INT(f.by_kind[LEDGER_KEY_DOUBLED].entry.value, 12);
	entries[0].client_key = entries[1].client_key = STR("");
	f = replay_small();
	CHECK(ledger_is_clean(&f));

	make_small();
	postings[1][0] = (struct ledger_posting)POSTING(3, -200);
	book[0].balance.minor = 0;
	book[2].balance.minor = 500;
	f = replay_small();
	check_only(&f, LEDGER_ENTRY_MALFORMED, 1);
	CHECK_INT(f.by_kind[LEDGER_ENTRY_MALFORMED].entry.value, 12);
}

static void
test_floors(void)
{
	struct ledger_findings f;

	make_small();
	postings[1][0].amount.minor = -600;
	postings[1][1].amount.minor = 600;
	book[0].balance.minor = 600;
	book[2].balance.minor = -100;
	f = replay_small();
	check_only(&f, LEDGER_ACCOUNT_BELOW, 1);
	CHECK_INT(f.by_kind[LEDGER_ACCOUNT_BELOW].entry.value, 12);
	CHECK_INT(f.by_kind[LEDGER_ACCOUNT_BELOW].account.value, 2);
	CHECK_INT(f.by_kind[LEDGER_ACCOUNT_BELOW].expected.minor, 0);
	CHECK_INT(f.by_kind[LEDGER_ACCOUNT_BELOW].found.minor, -100);

	/* It shows even when a later entry makes it good. */
	memcpy(postings[2], (struct ledger_posting[]){ POSTING(2, 100), POSTING(3, -100) },
	       2 * sizeof *postings[2]);
	entries[2] = (struct ledger_entry){ { 13 }, { 3000 }, STR("c"), postings[2], 2 };
	entry_count = 3;
	book[0].balance.minor = 500;
	book[2].balance.minor = 0;
	f = replay_small();
	check_only(&f, LEDGER_ACCOUNT_BELOW, 1);

	/* Within one instant the order says nothing. */
	make_small();
	entries[0].at = entries[1].at;
	struct ledger_entry swap = entries[0];
	entries[0] = entries[1];
	entries[1] = swap;
	f = replay_small();
	CHECK(ledger_is_clean(&f));

	entries[1].at.us++;
	f = replay_small();
	check_only(&f, LEDGER_ACCOUNT_BELOW, 1);
}

/* Many at once: each is counted, the first of each kind is named. */
static void
test_many_differences(void)
{
	struct ledger_findings f;

	make_year(9);
	for (size_t i = 100; i < 110; i++)
		entries[i].client_key = STR("key 50");
	entries[99].client_key = STR("key 98");
	entries[2000].posting_count = 1;
	for (int a = 0; a < ACCOUNTS; a++)
		book[a].balance.minor += 1000000;
	f = replay();
	CHECK_INT(f.by_kind[LEDGER_KEY_DOUBLED].count, 11);
	CHECK_INT(f.by_kind[LEDGER_KEY_DOUBLED].entry.value, entries[99].id.value);
	CHECK_INT(f.by_kind[LEDGER_ENTRY_MALFORMED].count, 1);
	CHECK_INT(f.by_kind[LEDGER_ENTRY_MALFORMED].entry.value, entries[2000].id.value);
	CHECK_INT(f.by_kind[LEDGER_ENTRY_UNBALANCED].count, 1);
	CHECK_INT(f.by_kind[LEDGER_ENTRY_UNBALANCED].entry.value, entries[2000].id.value);
	CHECK_INT(f.by_kind[LEDGER_BALANCE_DIFFERS].count, ACCOUNTS);
	CHECK_INT(f.by_kind[LEDGER_BALANCE_DIFFERS].account.value, 1);
}

static void
test_wild_numbers(void)
{
	struct ledger_findings f;

	make_small();
	for (int i = 0; i < 2; i++) {
		postings[i][0].amount.minor = INT64_MAX;
		postings[i][1].amount.minor = INT64_MAX;
	}
	f = replay_small();
	CHECK_INT(f.by_kind[LEDGER_ENTRY_UNBALANCED].count, 2);
	CHECK_INT(f.by_kind[LEDGER_ENTRY_UNBALANCED].found.minor, INT64_MAX);
	CHECK_INT(f.by_kind[LEDGER_BALANCE_DIFFERS].count, 3);
}

static void
test_refusals(void)
{
	struct ledger_findings f;
	struct arena arena;
	enum status st = NO_MEMORY;

	make_small();
	for (long allowed = 0; st == NO_MEMORY && allowed < 10; allowed++) {
		arena_init(&arena, 1 << 20);
		arena.fail_after = allowed;
		st = ledger_replay(&arena, book, 3, entries, 2, &f);
		CHECK(st == NO_MEMORY || (st == OK && allowed == 2));
		arena_release(&arena);
	}
	CHECK_INT(st, OK);
	arena_init(&arena, 1 << 20);
	entries[1].at.us = 999;
	CHECK_INT(ledger_replay(&arena, book, 3, entries, 2, &f), INVALID);
	CHECK_INT(ledger_replay(&arena, NULL, 0, NULL, 0, &f), OK);
	CHECK(ledger_is_clean(&f));
	arena_release(&arena);
}

static const struct test_case cases[] = {
	{ "ledger: what may be posted", test_table },
	{ "ledger: random years sum to zero and replay clean", test_random_years },
	{ "ledger: each difference is named", test_differences },
	{ "ledger: floors over time", test_floors },
	{ "ledger: many differences", test_many_differences },
	{ "ledger: numbers at the edge", test_wild_numbers },
	{ "ledger: order and memory", test_refusals },
};
TEST_MAIN(cases)
