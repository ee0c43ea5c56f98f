#include "acts/ledger.h"

#include <jansson.h>

#include "base/digest.h"
#include "base/locale.h"
#include "core/ledger/ledger.h"
#include "store/ledger.sql.h"

enum status
act_today(const struct act *act, struct instant *ret_day)
{
	struct local_time local;
	enum status st = zone_to_local(act->place.zone, act->now, &local);

	if (st != OK)
		return st;
	ret_day->us = time_days(local.year, local.month, local.day) * DAY_US;
	return OK;
}

static json_t *
id_json(int64_t id)
{
	return json_string(id_text(id).text);
}

static enum status
record_move(struct act *act, struct entry_id entry, const struct move *move)
{
	json_t *fields = json_pack("{s:o, s:s, s:o, s:o, s:I}", "entry", id_json(entry.value),
	                           "kind", move->kind, "from", id_json(move->from.value), "to",
	                           id_json(move->to.value), "amount",
	                           (json_int_t)move->amount.minor);

	if (fields == NULL)
		return NO_MEMORY;
	if (move->project.value != 0)
		(void)json_object_set_new(fields, "project", id_json(move->project.value));
	if (move->round.value != 0)
		(void)json_object_set_new(fields, "round", id_json(move->round.value));
	if (move->corrects.value != 0)
		(void)json_object_set_new(fields, "corrects", id_json(move->corrects.value));
	return act_record(act, "money-moved", fields);
}

/* Was this key used before? OK with *ret_again, or REFUSED when for something else. */
static enum status
seen_before(struct act *act, const struct move *move, struct entry_id *ret_entry, bool *ret_again,
            struct refusal *why)
{
	struct entry_by_key_row old;
	enum status st = entry_by_key(act->db, act->arena, act->place.id, move->client_key, &old);

	*ret_again = false;
	if (st == NOT_FOUND)
		return OK;
	if (st != OK)
		return st;
	if (!str_is(old.kind, move->kind) || old.amount.minor != move->amount.minor ||
	    old.from_account.value != move->from.value || old.to_account.value != move->to.value)
		return refuse(why, "amount",
		              MSG("This form was sent before with other figures. Nothing was paid twice. "
		                  "Open a new form for another payment."));
	*ret_entry = old.id;
	*ret_again = true;
	return OK;
}

/* The account as the ledger's engine wants it. */
static enum status
account_load(struct act *act, struct account_id id, struct ledger_account *ret)
{
	struct account_by_id_row row;
	enum status st = account_by_id(act->db, act->arena, act->place.id, id, &row);

	if (st == OK)
		*ret = (struct ledger_account){ row.id, row.balance, row.has_floor, row.floor };
	return st;
}

/* Asks the engine, then changes both balances. The database's own check stands behind it. */
static enum status
move_balances(struct act *act, const struct move *move, struct refusal *why)
{
	const struct ledger_posting postings[] = { { move->from, { -move->amount.minor } },
		                                   { move->to, move->amount } };
	struct ledger_account accounts[2];
	struct ledger_verdict verdict;
	struct amount before;
	int64_t changed = 0;
	enum status st = account_load(act, move->from, &accounts[0]);

	if (st == OK)
		st = account_load(act, move->to, &accounts[1]);
	if (st != OK)
		return st;
	before = accounts[0].balance;
	if (!ledger_post(accounts, 2, postings, 2, &verdict))
		return verdict.fault == LEDGER_BELOW_FLOOR
		               ? refuse_with(why, "amount",
		                             MSG("There is only {left} left here. Nothing was "
		                                 "moved."),
		                             message_money("left", before))
		               : FAILED;
	for (size_t i = 0; st == OK && i < 2; i++)
		st = account_balance_move(act->db, act->place.id, postings[i].account,
		                          postings[i].amount, &changed);
	return st;
}

enum status
ledger_move(struct act *act, const struct move *move, struct entry_id *ret_entry, bool *ret_again,
            struct refusal *why)
{
	struct entry_id id;
	bool again;
	enum status st = seen_before(act, move, ret_entry, &again, why);

	if (ret_again != NULL)
		*ret_again = again;
	if (st != OK || again)
		return st;
	if (move->amount.minor <= 0)
		return refuse(why, "amount", MSG("Write an amount above zero."));
	st = move_balances(act, move, why);
	if (st != OK)
		return st;
	id.value = chance_id(&act->chance);
	st = entry_add(act->db, act->place.id, id, str_of(move->kind), move->day, act->now,
	               act->who.id.value == 0 ? NULL : &act->who.id, move->memo,
	               move->payee.len == 0 ? NULL : &move->payee,
	               move->reference.len == 0 ? NULL : &move->reference,
	               move->project.value == 0 ? NULL : &move->project,
	               move->round.value == 0 ? NULL : &move->round,
	               move->corrects.value == 0 ? NULL : &move->corrects, move->client_key);
	if (st == OK)
		st = posting_add(act->db, act->place.id, id, 1, move->from,
		                 (struct amount){ -move->amount.minor });
	if (st == OK)
		st = posting_add(act->db, act->place.id, id, 2, move->to, move->amount);
	if (st == OK)
		st = record_move(act, id, move);
	*ret_entry = id;
	return st;
}

/* The program's own moves have keys made from what they are about, so that a deed or job run
 * again posts nothing twice. */
static enum status
own_key(struct act *act, const char *what, int64_t about, int64_t number, struct str *ret)
{
	struct digest digest;
	struct str text;
	enum status st = str_format(act->arena, &text, "%s/%lld/%lld", what, (long long)about,
	                            (long long)number);

	if (st != OK)
		return st;
	digest = digest_of(text);
	return str_copy(act->arena, digest_bytes(&digest), ret);
}

static enum status
account_make(struct act *act, const char *kind, struct str name, bool floored,
             struct account_id *ret)
{
	const struct amount zero = { 0 };

	ret->value = chance_id(&act->chance);
	return account_add(act->db, act->place.id, *ret, str_of(kind), name, floored ? &zero : NULL);
}

static enum status
account_find(struct act *act, const char *kind, struct str name, bool floored,
             struct account_id *ret)
{
	struct account_by_kind_row row;
	enum status st = account_by_kind(act->db, act->arena, act->place.id, str_of(kind), &row);

	if (st == NOT_FOUND)
		return account_make(act, kind, name, floored, ret);
	*ret = row.id;
	return st;
}

enum status
act_pot_grant(struct act *act, struct str pot_name, struct amount amount, struct str memo,
              struct instant day, struct str client_key, struct refusal *why)
{
	struct move move = { .kind = "grant", .amount = amount, .day = day, .memo = memo,
	                     .client_key = client_key };
	struct account_id paid;
	struct entry_id entry;
	enum status st = account_find(act, "source", STR("Funder"), false, &move.from);

	if (st == OK)
		st = account_find(act, "pot", pot_name, true, &move.to);
	if (st == OK)
		st = account_find(act, "paid", STR("Paid out"), true, &paid);
	if (st == OK)
		st = ledger_move(act, &move, &entry, NULL, why);
	return st;
}

enum status
act_round_reserve(struct act *act, struct round_id round, struct str round_title,
                  struct amount budget, struct account_id *ret_account, struct refusal *why)
{
	struct move move = { .kind = "reserve", .amount = budget, .memo = round_title,
	                     .round = round };
	struct account_by_kind_row pot;
	struct entry_id entry;
	enum status st = account_by_kind(act->db, act->arena, act->place.id, STR("pot"), &pot);

	if (st == NOT_FOUND)
		return refuse(why, "budget", MSG("This place has no pot to take the money from."));
	if (st != OK)
		return st;
	if (budget.minor > pot.balance.minor)
		return refuse_with(why, "budget",
		                   MSG("The pot holds only {left}. Choose a smaller amount."),
		                   message_money("left", pot.balance));
	move.from = pot.id;
	st = act_today(act, &move.day);
	if (st == OK)
		st = own_key(act, "reserve", round.value, 0, &move.client_key);
	if (st == OK)
		st = account_make(act, "round", round_title, true, ret_account);
	move.to = *ret_account;
	if (st == OK)
		st = ledger_move(act, &move, &entry, NULL, why);
	return st;
}

enum status
act_round_return(struct act *act, struct round_id round, struct account_id account,
                 struct str round_title, struct refusal *why)
{
	struct move move = { .kind = "return", .from = account, .memo = round_title,
	                     .round = round };
	struct account_by_kind_row pot;
	struct account_by_id_row rest;
	struct entry_id entry;
	enum status st = account_by_id(act->db, act->arena, act->place.id, account, &rest);

	if (st != OK || rest.balance.minor == 0)
		return st;
	move.amount = rest.balance;
	st = account_by_kind(act->db, act->arena, act->place.id, STR("pot"), &pot);
	if (st != OK)
		return st;
	move.to = pot.id;
	st = act_today(act, &move.day);
	if (st == OK)
		st = own_key(act, "return", round.value, 0, &move.client_key);
	if (st == OK)
		st = ledger_move(act, &move, &entry, NULL, why);
	return st;
}

enum status
act_project_award(struct act *act, struct round_id round, struct account_id round_account,
                  int64_t number, struct idea_id idea, struct str title, struct amount award,
                  struct project_id *ret_project, struct refusal *why)
{
	struct move move = { .kind = "award", .from = round_account, .amount = award,
	                     .memo = title, .round = round };
	struct entry_id entry;
	enum status st = account_make(act, "award", title, true, &move.to);

	ret_project->value = chance_id(&act->chance);
	move.project = *ret_project;
	if (st == OK)
		st = project_add(act->db, act->place.id, *ret_project, round, number,
		                 idea.value == 0 ? NULL : &idea, title, award, move.to, act->now);
	if (st == OK)
		st = act_today(act, &move.day);
	if (st == OK)
		st = own_key(act, "award", round.value, number, &move.client_key);
	/* A winner that costs nothing is a project without an entry. */
	if (st == OK && award.minor > 0)
		st = ledger_move(act, &move, &entry, NULL, why);
	return st;
}
