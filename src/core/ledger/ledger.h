/* Double entry: every entry takes value out of some accounts and puts as much into others, so
 * that all accounts of a unit always sum to zero.
 *
 * ledger_post is asked before an entry is written; ledger_replay goes through all entries
 * again and names what does not agree. Pure: reasons are data, words are others' work.
 */
#ifndef CORE_LEDGER_LEDGER_H
#define CORE_LEDGER_LEDGER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"

struct ledger_account {
	struct account_id id;
	struct amount balance;
	bool has_floor;       /* without one it may go as low as it likes (a source of money) */
	struct amount floor;  /* the balance may not fall below it */
};

struct ledger_posting {
	struct account_id account;
	struct amount amount; /* above zero: into the account; never zero */
};

enum ledger_fault {
	LEDGER_FINE,
	LEDGER_TOO_FEW,         /* fewer than two postings */
	LEDGER_ZERO,            /* a posting of nothing */
	LEDGER_TWICE,           /* an account is posted to twice */
	LEDGER_UNKNOWN_ACCOUNT,
	LEDGER_UNBALANCED,      /* the postings don't sum to zero */
	LEDGER_OVERFLOW,        /* a balance would leave the range of int64 */
	LEDGER_BELOW_FLOOR
};

struct ledger_verdict {
	enum ledger_fault fault;
	size_t posting;          /* which posting it concerns, from 0; not for TOO_FEW, UNBALANCED */
	struct amount missing;   /* BELOW_FLOOR: how much less would have to be taken out */
};

/* Checks an entry against the accounts (in any order, each once) and, when it is fine, adds
 * it to their balances. On a fault nothing is changed. What only puts into an account is let
 * through even where that is still below its floor: it moves back towards it. */
MUST_CHECK bool ledger_post(struct ledger_account *accounts, size_t account_count,
                            const struct ledger_posting *postings, size_t posting_count,
                            struct ledger_verdict *ret);

/* ---- replay ---- */

struct ledger_entry {
	struct entry_id id;
	struct instant at;      /* entries of one instant may stand in any order */
	struct str client_key;  /* may be empty: none */
	const struct ledger_posting *postings;
	size_t posting_count;
};

/* What a replay can find; of each kind the first is named, and all are counted. */
enum ledger_difference {
	LEDGER_ENTRY_MALFORMED,    /* TOO_FEW, ZERO or TWICE: entry */
	LEDGER_ENTRY_UNBALANCED,   /* entry; found: what its postings sum to */
	LEDGER_ACCOUNT_MISSING,    /* entry, account: a posting to an account that is not there */
	LEDGER_ACCOUNT_BELOW,      /* entry, account; expected: floor, found: balance then */
	LEDGER_BALANCE_DIFFERS,    /* account; expected: from its postings, found: as stored */
	LEDGER_KEY_DOUBLED,        /* entry: the later of two with one client key */
	LEDGER_DIFFERENCES
};

struct ledger_finding {
	int64_t count; /* 0: all is well, and the rest says nothing */
	struct entry_id entry;
	struct account_id account;
	struct amount expected, found;
};

struct ledger_findings {
	struct ledger_finding by_kind[LEDGER_DIFFERENCES];
};

/* Adds up all entries, in the order of their instants, from zero. Floors are looked at after
 * the last entry of each instant. Accounts: in any order, each once, with their balances as
 * stored. INVALID: the entries are not in the order of `at`; NO_MEMORY. */
MUST_CHECK enum status ledger_replay(struct arena *arena, const struct ledger_account *accounts,
                                     size_t account_count, const struct ledger_entry *entries,
                                     size_t entry_count, struct ledger_findings *ret);
bool ledger_is_clean(const struct ledger_findings *findings);

#endif
