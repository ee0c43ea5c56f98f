#include "acts/roll.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "acts/count.h"
#include "acts/like.h"
#include "acts/mail.h"
#include "commons/ballot.h"
#include "store/ballot.sql.h"
#include "store/challenge.sql.h"
#include "store/roll.sql.h"
#include "store/secrets.h"

/* ---- seeing ---- */

static enum status
load_challenges(const struct act *act, struct round_id round, const struct person_id *about,
                struct challenge_list *ret)
{
	struct challenge_list_rows rows;
	enum status st = challenge_list(act->db, act->arena, act->place.id, round, about, &rows);

	if (st != OK)
		return st;
	*ret = (struct challenge_list){ ARENA_ARRAY(act->arena, rows.len, struct challenge_line),
		                        rows.len };
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++) {
		const struct challenge_list_row *row = &rows.ptr[i];
		struct challenge_line *line = &ret->ptr[i];

		*line = (struct challenge_line){ .id = row->id, .person = row->person_id,
			                         .name = row->person_name, .reason = row->reason,
			                         .made_at = row->made_at,
			                         .settled = row->has_settled_at,
			                         .upheld = row->has_upheld && row->upheld };
		if (row->has_by_name)
			line->by = row->by_name;
		if (row->has_answer)
			line->answer = row->answer;
		if (row->has_settled_at)
			line->settled_at = row->settled_at;
		line->mine_to_settle = !line->settled && row->person_id.value != act->who.id.value;
	}
	return OK;
}

enum status
act_roll_show(const struct act *act, struct round_id id, struct str search, struct str after_name,
              struct person_id after, struct roll_shown *ret)
{
	struct roll_list_rows rows = { NULL, 0 };
	struct roll_total_row total;
	struct str pattern;
	enum status st = act_require(act, RIGHT_ROLL_SEE);

	*ret = (struct roll_shown){ .more = false };
	if (st == OK)
		st = round_load(act, id, &ret->round);
	if (st == OK)
		st = like_pattern(act->arena, search, &pattern);
	if (st == OK)
		st = roll_list(act->db, act->arena, act->place.id, id, pattern, after_name, after,
		               ROLL_PAGE + 1, &rows);
	if (st == OK)
		st = roll_total(act->db, act->arena, act->place.id, id, &total);
	if (st == OK)
		st = load_challenges(act, id, NULL, &ret->challenges);
	if (st != OK)
		return st;
	ret->people = total.people;
	ret->more = rows.len > ROLL_PAGE;
	ret->lines.len = ret->more ? ROLL_PAGE : rows.len;
	ret->lines.ptr = ARENA_ARRAY(act->arena, ret->lines.len, struct roll_line);
	if (ret->lines.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < ret->lines.len; i++) {
		const struct roll_list_row *row = &rows.ptr[i];

		ret->lines.ptr[i] = (struct roll_line){ .person = row->person_id,
			                                .name = row->person_name,
			                                .struck = row->struck,
			                                .challenged = row->challenged };
		if (row->has_area_name)
			ret->lines.ptr[i].area = row->area_name;
	}
	return OK;
}

static void
person_of(const struct roll_by_person_row *row, struct roll_line *ret)
{
	*ret = (struct roll_line){ .person = row->person_id, .name = row->person_name,
		                   .struck = row->struck };
	if (row->has_area_name)
		ret->area = row->area_name;
}

static bool
any_open(const struct challenge_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		if (!list->ptr[i].settled)
			return true;
	return false;
}

enum status
act_roll_person(const struct act *act, struct round_id round, struct person_id person,
                struct roll_line *ret, struct challenge_list *ret_challenges)
{
	struct roll_by_person_row row;
	enum status st = act_require(act, RIGHT_ROLL_SEE);

	if (st == OK)
		st = roll_by_person(act->db, act->arena, act->place.id, round, person, &row);
	if (st == OK)
		st = load_challenges(act, round, &person, ret_challenges);
	if (st != OK)
		return st;
	person_of(&row, ret);
	ret->challenged = any_open(ret_challenges);
	return OK;
}

/* ---- doubts ---- */

enum { PARAGRAPHS_MAX = 4 };

/* To the person in doubt, when they have an address. The last paragraph is a link. */
static enum status
tell(struct act *act, const struct roll_by_person_row *person, struct round_id round,
     const struct message *subject, struct message *body, size_t len)
{
	struct str link;
	enum status st;

	if (!person->has_email)
		return OK;
	st = act_link(act, &link, "/decisions/%s/ballot", id_text(round.value).text);
	if (st != OK)
		return st;
	body[len++] = (struct message){ .text = MSG("Your ballot, and what was said, is here: {link}"),
		                        .values = { message_text("link", link) } };
	return act_mail(act, person->email, subject, body, len);
}

static enum status
tell_challenge(struct act *act, const struct roll_by_person_row *person, const struct round *round,
               struct str reason)
{
	struct message subject = {
		.text = MSG("A question about your vote in “{round}”"),
		.values = { message_text("round", round->title) } };
	struct message body[PARAGRAPHS_MAX] = {
		{ .text = MSG("A steward is not sure whether you may vote in “{round}”, and gave this "
		              "reason: {reason}"),
		  .values = { message_text("round", round->title), message_text("reason", reason) } },
		{ .text = MSG("You can still vote and change your ballot. Before the votes are counted a "
		              "steward decides, and you will get a mail. If the reason is wrong, answer "
		              "the steward now.") } };

	return tell(act, person, round->id, &subject, body, 2);
}

static enum status
tell_settled(struct act *act, const struct roll_by_person_row *person, const struct round *round,
             bool upheld, struct str answer)
{
	struct message subject = {
		.text = upheld ? MSG("Your ballot in “{round}” does not count")
		               : MSG("Your ballot in “{round}” counts"),
		.values = { message_text("round", round->title) } };
	struct message body[PARAGRAPHS_MAX] = {
		{ .text = upheld ? MSG("A steward took you off the roll of “{round}”, and your ballot out "
		                       "of the box. Nobody looked at what is on it. The reason: {answer}")
		                 : MSG("A steward looked at the question about your vote in “{round}”. You "
		                       "may vote. The answer: {answer}"),
		  .values = { message_text("round", round->title), message_text("answer", answer) } } };

	return tell(act, person, round->id, &subject, body, 1);
}

enum status
act_challenge_make(struct act *act, struct round_id round_id, struct person_id person_id,
                   struct str reason, struct refusal *why)
{
	struct challenge_id id = { chance_id(&act->chance) };
	struct challenge_facts facts = { .who = act->who.id };
	struct roll_by_person_row person;
	struct challenge_list before;
	struct round round;
	json_t *fields;
	enum status st = act_require(act, RIGHT_ROLL_CHALLENGE);

	if (st == OK)
		st = round_load(act, round_id, &round);
	if (st == OK)
		st = roll_by_person(act->db, act->arena, act->place.id, round_id, person_id, &person);
	if (st == OK)
		st = load_challenges(act, round_id, &person_id, &before);
	if (st != OK)
		return st;
	facts.state = round.facts.state;
	facts.on_roll = true;
	facts.struck = person.struck;
	facts.open_already = any_open(&before);
	st = challenge_may_make(&facts, reason, why);
	if (st == OK)
		st = challenge_insert(act->db, act->place.id, round_id, id, person_id, act->who.id,
		                      reason, act->now);
	if (st == OK)
		st = tell_challenge(act, &person, &round, reason);
	if (st != OK)
		return st;
	fields = json_pack("{s:s, s:s}", "round", id_text(round_id.value).text, "challenge",
	                   id_text(id.value).text);
	return fields == NULL ? NO_MEMORY : act_record(act, "roll-challenged", fields);
}

/* Off the roll, and the ballot out of the box; *ret_receipt empty when there was none. */
static enum status
strike(struct act *act, struct round_id round, const struct roll_by_person_row *person,
       struct str *ret_receipt)
{
	struct ballot_secret secret;
	struct secret kept;
	struct digest key, receipt;
	int64_t changed;
	enum status st = secrets_round_get(act->secrets, act->place.id, round, &kept);

	*ret_receipt = STR("");
	if (st != OK)
		return st == NOT_FOUND ? FAILED : st;
	memcpy(secret.bytes, kept.bytes, sizeof secret.bytes);
	key = ballot_key(&secret, person->person_id);
	sodium_memzero(&secret, sizeof secret);
	sodium_memzero(&kept, sizeof kept);
	st = roll_strike(act->db, act->place.id, round, person->person_id, &changed);
	if (st != OK || !person->has_receipt)
		return st;
	if (person->receipt.len != sizeof receipt.bytes)
		return FAILED;
	memcpy(receipt.bytes, person->receipt.ptr, sizeof receipt.bytes);
	st = str_copy(act->arena, str_of(digest_text(receipt).text), ret_receipt);
	if (st == OK)
		st = ballot_take_out(act->db, act->place.id, round,
		                     digest_bytes(&key), &changed);
	return st == OK && changed != 1 ? FAILED : st;
}

static enum status
record_settled(struct act *act, struct round_id round, struct challenge_id id, bool upheld,
               struct str receipt)
{
	json_t *fields = json_pack("{s:s, s:s, s:b}", "round", id_text(round.value).text,
	                           "challenge", id_text(id.value).text, "upheld", upheld);

	if (fields == NULL)
		return NO_MEMORY;
	if (receipt.len > 0)
		json_object_set_new(fields, "receipt", json_stringn(receipt.ptr, receipt.len));
	return act_record(act, "challenge-settled", fields);
}

enum status
act_challenge_settle(struct act *act, struct round_id round_id, struct challenge_id id, bool uphold,
                     struct str answer, struct refusal *why)
{
	struct challenge_facts facts = { .who = act->who.id };
	struct challenge_by_id_row challenge;
	struct roll_by_person_row person;
	struct str receipt = STR("");
	struct round round;
	int64_t changed = 0;
	enum status st = act_require(act, RIGHT_ROLL_SETTLE);

	if (st == OK)
		st = round_load(act, round_id, &round);
	if (st == OK)
		st = challenge_by_id(act->db, act->arena, act->place.id, round_id, id, &challenge);
	if (st == OK)
		st = roll_by_person(act->db, act->arena, act->place.id, round_id,
		                    challenge.person_id, &person);
	if (st != OK)
		return st;
	facts.state = round.facts.state;
	facts.settled = challenge.has_settled_at;
	facts.person = challenge.person_id;
	facts.by = challenge.by_id;
	facts.other_stewards = challenge.other_stewards;
	st = challenge_may_settle(&facts, answer, why);
	if (st == OK)
		st = challenge_settle(act->db, act->place.id, round_id, id, act->now, act->who.id,
		                      uphold, answer, &changed);
	if (st == OK && changed != 1)
		return CONFLICT;
	if (st == OK && uphold)
		st = strike(act, round_id, &person, &receipt);
	if (st == OK)
		st = tell_settled(act, &person, &round, uphold, answer);
	if (st == OK && round.facts.state == ROUND_SETTLING && round.facts.challenges == 1)
		st = act_round_close_again(act, round_id);
	return st == OK ? record_settled(act, round_id, id, uphold, receipt) : st;
}

enum status
act_challenge_person(const struct act *act, struct round_id round, struct challenge_id id,
                     struct person_id *ret)
{
	struct challenge_by_id_row row;
	enum status st = act_require(act, RIGHT_ROLL_SEE);

	if (st == OK)
		st = challenge_by_id(act->db, act->arena, act->place.id, round, id, &row);
	if (st == OK)
		*ret = row.person_id;
	return st;
}

/* ---- turnout ---- */

enum status
act_turnout_show(const struct act *act, struct round_id id, struct turnout *ret)
{
	struct roll_turnout_rows rows = { NULL, 0 };
	size_t kept = 0;
	enum status st = act_require(act, RIGHT_TURNOUT_SEE);

	*ret = (struct turnout){ .ballots = 0 };
	if (st == OK)
		st = round_load(act, id, &ret->round);
	if (st == OK)
		st = roll_turnout(act->db, act->arena, act->place.id, id, &rows);
	if (st != OK)
		return st;
	ret->cells.ptr = ARENA_ARRAY(act->arena, rows.len, struct turnout_cell);
	if (ret->cells.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++) {
		const struct roll_turnout_row *row = &rows.ptr[i];

		ret->ballots += row->ballots;
		/* Where an area must be declared, nobody is without one. */
		if (!row->has_area_name && ret->round.residents)
			continue;
		ret->cells.ptr[kept] = (struct turnout_cell){ .ballots = row->ballots };
		if (row->has_area_name)
			ret->cells.ptr[kept].area = row->area_name;
		kept++;
	}
	ret->cells.len = kept;
	turnout_hide(ret->cells.ptr, ret->cells.len);
	for (size_t i = 0; i < kept; i++)
		if (ret->cells.ptr[i].hidden)
			ret->cells.ptr[i].ballots = 0;
	return OK;
}
