#include "acts/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "acts/check_inside.h"
#include "acts/place.h"
#include "core/ledger/ledger.h"
#include "store/check.sql.h"

enum { LINE_MAX = 1000 };

void
check_differs(struct check *check, const char *format, ...)
{
	char line[LINE_MAX];
	int used = snprintf(line, sizeof line, "%.*s: ", STR_ARG(check->act->place.slug));
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line + used, sizeof line - (size_t)used, format, args);
	va_end(args);
	check->differences++;
	check->say(check->context, str_of(line));
}

/* ---- money ---- */

/* The rows, one per posting, as entries; an entry without postings has one row without. */
static enum status
entries_from(struct act *act, const struct check_postings_rows *rows, struct ledger_entry **ret,
             size_t *ret_len)
{
	struct ledger_posting *postings = ARENA_ARRAY(act->arena, rows->len, struct ledger_posting);
	struct ledger_entry *entries = ARENA_ARRAY(act->arena, rows->len, struct ledger_entry);
	size_t used = 0, len = 0;

	if (postings == NULL || entries == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows->len; i++) {
		const struct check_postings_row *row = &rows->ptr[i];

		if (len == 0 || entries[len - 1].id.value != row->id.value)
			entries[len++] = (struct ledger_entry){ .id = row->id, .at = row->recorded_at,
				                                .client_key = row->client_key,
				                                .postings = postings + used };
		if (!row->has_account_id)
			continue;
		postings[used++] = (struct ledger_posting){ row->account_id, row->amount };
		entries[len - 1].posting_count++;
	}
	*ret = entries;
	*ret_len = len;
	return OK;
}

static void
say_findings(struct check *check, const struct ledger_findings *findings)
{
	static const char *const words[LEDGER_DIFFERENCES] = {
		[LEDGER_ENTRY_MALFORMED] = "entries that are not well-formed",
		[LEDGER_ENTRY_UNBALANCED] = "entries that do not sum to zero",
		[LEDGER_ACCOUNT_MISSING] = "entries on an account that is not there",
		[LEDGER_ACCOUNT_BELOW] = "times an account was below its floor",
		[LEDGER_BALANCE_DIFFERS] = "accounts whose balance is not the sum of their entries",
		[LEDGER_KEY_DOUBLED] = "entries made twice from one form",
	};

	for (int kind = 0; kind < LEDGER_DIFFERENCES; kind++) {
		const struct ledger_finding *f = &findings->by_kind[kind];

		if (f->count == 0)
			continue;
		check_differs(check,
		              "money: %lld %s; the first: entry %s, account %s, expected %lld, "
		              "found %lld minor units",
		              (long long)f->count, words[kind], id_text(f->entry.value).text,
		              id_text(f->account.value).text, (long long)f->expected.minor,
		              (long long)f->found.minor);
	}
}

enum status
check_money(struct check *check)
{
	struct act *act = check->act;
	struct check_accounts_rows rows;
	struct check_postings_rows postings;
	struct ledger_account *accounts;
	struct ledger_entry *entries;
	struct ledger_findings findings;
	size_t len = 0;
	enum status st = check_accounts(act->db, act->arena, act->place.id, &rows);

	if (st == OK)
		st = check_postings(act->db, act->arena, act->place.id, &postings);
	if (st == OK)
		st = entries_from(act, &postings, &entries, &len);
	if (st != OK)
		return st;
	accounts = ARENA_ARRAY(act->arena, rows.len, struct ledger_account);
	if (accounts == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		accounts[i] = (struct ledger_account){ rows.ptr[i].id, rows.ptr[i].balance,
			                               rows.ptr[i].has_floor, rows.ptr[i].floor };
	st = ledger_replay(act->arena, accounts, rows.len, entries, len, &findings);
	if (st == OK)
		say_findings(check, &findings);
	check->entries += (int64_t)len;
	return st;
}

/* ---- all of it ---- */

static enum status
check_texts(struct check *check)
{
	struct act *act = check->act;
	struct check_comments_rows rows;
	struct check_ideas_rows ideas;
	enum status st = check_comments(act->db, act->arena, act->place.id, &rows);

	for (size_t i = 0; st == OK && i < rows.len; i++)
		check_differs(check, "idea %s: has %lld comments, says %lld",
		              id_text(rows.ptr[i].id.value).text, (long long)rows.ptr[i].counted,
		              (long long)rows.ptr[i].comments);
	if (st == OK)
		st = check_ideas(act->db, act->arena, act->place.id, &ideas);
	for (size_t i = 0; st == OK && i < ideas.len; i++)
		check_differs(check, "idea %s: does not say what its version %lld says",
		              id_text(ideas.ptr[i].id.value).text, (long long)ideas.ptr[i].version);
	return st;
}

enum status
act_check(struct check *check)
{
	enum status st = check_money(check);

	if (st == OK)
		st = check_counts(check);
	if (st == OK)
		st = check_record(check);
	if (st == OK)
		st = check_texts(check);
	return st;
}

enum status
act_check_all(struct check *check)
{
	struct act *act = check->act;
	struct arena *arena = act->arena;
	struct check_places_rows places;
	enum status st = check_places(act->db, arena, &places);

	for (size_t i = 0; st == OK && i < places.len; i++) {
		struct arena own;

		arena_init(&own, arena->cap);
		act->arena = &own;
		st = act_place_by_id(act->db, &own, places.ptr[i].place_id, &act->place);
		if (st == OK)
			st = act_check(check);
		arena_release(&own);
	}
	act->arena = arena;
	act->place = (struct place){ 0 };
	return st;
}
