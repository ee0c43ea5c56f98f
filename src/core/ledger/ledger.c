#include "core/ledger/ledger.h"

static bool
fault(struct ledger_verdict *ret, enum ledger_fault kind, size_t posting)
{
	*ret = (struct ledger_verdict){ .fault = kind, .posting = posting };
	return false;
}

static struct ledger_account *
find(struct ledger_account *accounts, size_t count, struct account_id id)
{
	for (size_t i = 0; i < count; i++) {
		if (accounts[i].id.value == id.value)
			return &accounts[i];
	}
	return NULL;
}

/* Is the account of posting `at` posted to before? */
static bool
is_repeated(const struct ledger_posting *postings, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (postings[i].account.value == postings[at].account.value)
			return true;
	}
	return false;
}

/* 128 bits hold the sum of more postings than memory does. */
static __int128
sum_of(const struct ledger_posting *postings, size_t count)
{
	__int128 sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += postings[i].amount.minor;
	return sum;
}

/* May this posting be made to its account? */
static bool
check_posting(const struct ledger_account *account, const struct ledger_posting *posting,
              size_t number, struct ledger_verdict *ret)
{
	struct amount after;

	if (account == NULL)
		return fault(ret, LEDGER_UNKNOWN_ACCOUNT, number);
	if (amount_add(account->balance, posting->amount, &after) != OK)
		return fault(ret, LEDGER_OVERFLOW, number);
	if (posting->amount.minor > 0 || !account->has_floor || after.minor >= account->floor.minor)
		return true;
	(void)fault(ret, LEDGER_BELOW_FLOOR, number);
	if (amount_subtract(account->floor, after, &ret->missing) != OK)
		ret->missing.minor = INT64_MAX;
	return false;
}

bool
ledger_post(struct ledger_account *accounts, size_t account_count,
            const struct ledger_posting *postings, size_t posting_count,
            struct ledger_verdict *ret)
{
	*ret = (struct ledger_verdict){ .fault = LEDGER_FINE };
	if (posting_count < 2)
		return fault(ret, LEDGER_TOO_FEW, 0);
	for (size_t i = 0; i < posting_count; i++) {
		if (postings[i].amount.minor == 0)
			return fault(ret, LEDGER_ZERO, i);
		if (is_repeated(postings, i))
			return fault(ret, LEDGER_TWICE, i);
	}
	if (sum_of(postings, posting_count) != 0)
		return fault(ret, LEDGER_UNBALANCED, 0);
	for (size_t i = 0; i < posting_count; i++) {
		if (!check_posting(find(accounts, account_count, postings[i].account), &postings[i], i,
		                   ret))
			return false;
	}
	for (size_t i = 0; i < posting_count; i++)
		find(accounts, account_count, postings[i].account)->balance.minor +=
			postings[i].amount.minor;
	return true;
}
