#include "acts/ballot.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "store/ballot.sql.h"
#include "store/challenge.sql.h"
#include "store/roll.sql.h"
#include "store/secrets.h"

/* NOT_FOUND: never opened here, or destroyed at the close. */
static enum status
load_secret(const struct act *act, struct round_id round, struct ballot_secret *ret)
{
	struct secret secret;
	enum status st;

	_Static_assert(sizeof secret.bytes == sizeof ret->bytes, "one length of secret");
	st = secrets_round_get(act->secrets, act->place.id, round, &secret);
	if (st == OK)
		memcpy(ret->bytes, secret.bytes, sizeof ret->bytes);
	sodium_memzero(&secret, sizeof secret);
	return st;
}

/* ---- casting ---- */

static enum status
facts_of(const struct ballot_facts_row *row, struct ballot_facts *ret)
{
	*ret = (struct ballot_facts){
		.round = { .opens_at = row->opens_at, .closes_at = row->closes_at },
		.most = row->has_most ? row->most : 0,
		.points = row->has_points ? row->points : 0,
		.points_each = row->has_points_each ? row->points_each : 0,
		.residents = str_is(row->who_may, "residents"),
		.least_age = row->has_least_age ? row->least_age : 0,
		.on_roll = row->has_struck, .struck = row->has_struck && row->struck,
		.area_known = row->area_known };
	return round_state_parse(row->state, &ret->round.state) == OK &&
	                       ballot_kind_parse(row->ballot_kind, &ret->kind) == OK
	               ? OK : FAILED;
}

/* Joins the roll or comes back to it, with a new receipt. */
static enum status
save_roll(struct act *act, struct round_id round, const struct ballot_facts_row *row,
          bool residents, struct str declared, const struct digest *receipt)
{
	struct str area = declared;
	bool has_area = residents;

	if (!residents) {
		has_area = row->has_roll_area || row->has_own_area;
		area = row->has_roll_area ? row->roll_area : row->own_area;
	}
	return roll_voted(act->db, act->place.id, round, act->who.id, has_area ? &area : NULL,
	                  digest_bytes(receipt));
}

static enum status
record_ballot(struct act *act, struct round_id round, const struct digest *receipt,
              const struct ballot_facts_row *before)
{
	struct digest old;
	json_t *fields = json_pack("{s:s, s:s}", "round", id_text(round.value).text, "receipt",
	                           digest_text(*receipt).text);

	if (fields == NULL)
		return NO_MEMORY;
	if (!before->has_receipt)
		return act_record_undated(act, "ballot-cast", fields);
	if (before->receipt.len != sizeof old.bytes) {
		json_decref(fields);
		return FAILED;
	}
	memcpy(old.bytes, before->receipt.ptr, sizeof old.bytes);
	json_object_set_new(fields, "replaces", json_string(digest_text(old).text));
	return act_record_undated(act, "ballot-changed", fields);
}

enum status
act_ballot_cast(struct act *act, struct round_id round, const struct str *values, size_t len,
                const struct ballot_declaration *declaration, struct ballot_nonce *ret,
                bool *ret_changed, struct refusal *why)
{
	struct ballot_secret secret = { { 0 } };
	struct ballot_facts_row row;
	struct ballot_facts facts;
	struct ballot_choice choice;
	struct digest key, receipt;
	struct str text;
	bool has_secret;
	enum status st = act_require(act, RIGHT_VOTE);

	if (st == OK)
		st = load_secret(act, round, &secret);
	has_secret = st == OK;
	/* Without its secret a round is a draft, over or not there: the facts tell which. */
	if (st != OK && st != NOT_FOUND)
		return st;
	key = ballot_key(&secret, act->who.id);
	sodium_memzero(&secret, sizeof secret);
	st = ballot_facts(act->db, act->arena, act->place.id, round, act->who.id, declaration->area,
	                  &row);
	if (st == OK)
		st = facts_of(&row, &facts);
	if (st == OK)
		st = ballot_choice_from(act->arena, facts.kind, values, len, row.options, &choice, why);
	if (st == OK)
		st = ballot_may_cast(&facts, act->now, &choice, declaration, why);
	if (st == OK && !has_secret)
		st = FAILED; /* never a ballot under a key that anybody could make */
	if (st == OK)
		st = ballot_choice_text(act->arena, &choice, &text);
	if (st != OK)
		return st;
	chance_bytes(&act->chance, ret->bytes, sizeof ret->bytes);
	receipt = ballot_receipt(ret);
	*ret_changed = row.has_receipt;
	st = save_roll(act, round, &row, facts.residents, declaration->area, &receipt);
	if (st == OK)
		st = ballot_put(act->db, act->place.id, round, digest_bytes(&key), text);
	return st == OK ? record_ballot(act, round, &receipt, &row) : st;
}

enum status
act_ballot_round(const struct act *act, struct round_id round, struct ballot_round *ret)
{
	struct ballot_round_row row;
	enum status st = act_require(act, RIGHT_VOTE);

	if (st == OK)
		st = ballot_round(act->db, act->arena, act->place.id, round, &row);
	if (st == OK)
		*ret = (struct ballot_round){ row.title, row.closes_at };
	return st;
}

/* ---- one's own ballot ---- */

static enum status
load_choice(const struct act *act, const struct ballot_secret *secret, struct ballot_paper *paper)
{
	struct digest key = ballot_key(secret, act->who.id);
	struct ballot_by_key_row row;
	enum status st = ballot_by_key(act->db, act->arena, act->place.id, paper->round.id,
	                               digest_bytes(&key), &row);

	if (st == NOT_FOUND)
		return OK;
	paper->in_box = st == OK;
	if (st == OK)
		st = ballot_choice_parse(act->arena, paper->round.kind, row.choice, &paper->choice);
	return st;
}

static enum status
load_doubts(const struct act *act, struct ballot_paper *paper)
{
	struct challenge_list_rows rows;
	enum status st = challenge_list(act->db, act->arena, act->place.id, paper->round.id,
	                                &act->who.id, &rows);

	if (st != OK || rows.len == 0)
		return st;
	paper->doubts.ptr = ARENA_ARRAY(act->arena, rows.len, struct ballot_doubt);
	if (paper->doubts.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++) {
		struct ballot_doubt *doubt = &paper->doubts.ptr[i];

		*doubt = (struct ballot_doubt){ .reason = rows.ptr[i].reason,
			                        .settled = rows.ptr[i].has_settled_at,
			                        .upheld = rows.ptr[i].has_upheld && rows.ptr[i].upheld };
		if (rows.ptr[i].has_answer)
			doubt->answer = rows.ptr[i].answer;
	}
	paper->doubts.len = rows.len;
	return OK;
}

/* What the roll, or the person, says about where they live. */
static enum status
load_roll(const struct act *act, struct ballot_paper *paper)
{
	struct ballot_facts_row row;
	enum status st = ballot_facts(act->db, act->arena, act->place.id, paper->round.id,
	                              act->who.id, STR(""), &row);

	if (st != OK)
		return st;
	paper->on_roll = row.has_struck;
	paper->struck = row.has_struck && row.struck;
	if (row.has_roll_area)
		paper->area = row.roll_area;
	else if (row.has_own_area)
		paper->area = row.own_area;
	return OK;
}

enum status
act_ballot_show(const struct act *act, struct round_id id, struct ballot_paper *ret)
{
	struct ballot_secret secret = { { 0 } };
	size_t options;
	enum status st = act_require(act, RIGHT_VOTE);

	*ret = (struct ballot_paper){ .in_box = false };
	if (st == OK)
		st = act_round_show(act, id, &ret->round);
	if (st != OK)
		return st;
	options = ret->round.options.len;
	ret->order = ARENA_ARRAY(act->arena, options, size_t);
	if (ret->order == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < options; i++)
		ret->order[i] = i;
	st = load_secret(act, id, &secret);
	if (st == OK) {
		ballot_order(&secret, act->who.id, ret->order, options);
		st = load_choice(act, &secret, ret);
	}
	if (st == OK || st == NOT_FOUND)
		st = load_roll(act, ret);
	sodium_memzero(&secret, sizeof secret);
	if (st == OK)
		st = load_doubts(act, ret);
	if (st == OK)
		st = act_place_areas(act, &ret->areas);
	return st;
}

/* ---- the box ---- */

enum { ONE_DRAWER = 400, SIXTEEN_DRAWERS = 16 * 400 };

/* Of all ballots, but drafts' and those of others' places. */
static enum status
load_box(const struct act *act, struct round_id id, int64_t *ret_ballots)
{
	struct roll_receipts_total_row total;
	struct round round;
	enum status st = act_round_show(act, id, &round);

	if (st == OK)
		st = roll_receipts_total(act->db, act->arena, act->place.id, id, SIXTEEN_DRAWERS + 1, &total);
	if (st == OK)
		*ret_ballots = total.ballots;
	return st;
}

enum status
act_ballot_box(const struct act *act, struct round_id round, int64_t drawer,
               struct ballot_box *ret)
{
	struct roll_receipts_rows rows;
	struct digest from = { { 0 } }, to;
	enum status st;

	*ret = (struct ballot_box){ .drawer = drawer };
	st = load_box(act, round, &ret->ballots);
	if (st != OK)
		return st;
	ret->digits = ret->ballots <= ONE_DRAWER ? 0 : ret->ballots <= SIXTEEN_DRAWERS ? 1 : 2;
	ret->many = ret->ballots > SIXTEEN_DRAWERS;
	if (drawer < 0 || drawer >= (INT64_C(1) << (4 * ret->digits)))
		return NOT_FOUND;
	memset(to.bytes, 0xff, sizeof to.bytes);
	if (ret->digits == 1) {
		from.bytes[0] = (uint8_t)(drawer << 4);
		to.bytes[0] = (uint8_t)(from.bytes[0] | 0x0f);
	} else if (ret->digits == 2) {
		from.bytes[0] = to.bytes[0] = (uint8_t)drawer;
	}
	st = roll_receipts(act->db, act->arena, act->place.id, round, digest_bytes(&from),
	                   digest_bytes(&to), &rows);
	if (st != OK)
		return st;
	ret->receipts.ptr = ARENA_ARRAY(act->arena, rows.len, struct digest_text);
	if (ret->receipts.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++) {
		struct digest receipt;

		if (rows.ptr[i].receipt.len != sizeof receipt.bytes)
			return FAILED;
		memcpy(receipt.bytes, rows.ptr[i].receipt.ptr, sizeof receipt.bytes);
		ret->receipts.ptr[i] = digest_text(receipt);
	}
	ret->receipts.len = rows.len;
	return OK;
}

enum status
act_ballot_find(const struct act *act, struct round_id round, struct digest receipt,
                bool *ret_found)
{
	struct roll_receipts_rows rows;
	int64_t ballots;
	enum status st = load_box(act, round, &ballots);

	if (st == OK)
		st = roll_receipts(act->db, act->arena, act->place.id, round, digest_bytes(&receipt),
		                   digest_bytes(&receipt), &rows);
	if (st == OK)
		*ret_found = rows.len > 0;
	return st;
}
