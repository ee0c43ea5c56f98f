#include "acts/session.h"

#include "store/session.sql.h"

static enum status
find_place(struct act *act, struct str slug)
{
	struct session_place_row row;
	enum status st = session_place(act->db, act->arena, slug, &row);

	if (st != OK)
		return st;
	act->place = (struct place){
		.id = row.place_id,
		.slug = row.slug,
		.name = row.name,
		.purpose = row.purpose,
		.language = row.language,
		.currency = row.currency,
		.zone = row.zone,
		.people = row.has_people ? row.people : 0,
		.last_year = row.has_last_year ? row.last_year : 0,
		.imported = row.imported,
	};
	return OK;
}

static enum status
find_person(struct act *act, struct str token)
{
	struct session_person_row row;
	struct digest digest = digest_of(token);
	enum status st = session_person(act->db, act->arena, act->place.id, digest_bytes(&digest),
	                                act->now, &row);

	if (st == NOT_FOUND)
		return OK;
	if (st != OK)
		return st;
	act->who = (struct person){
		.id = row.id,
		.name = row.name,
		.roles = ROLE_MEMBER | (row.steward ? ROLE_STEWARD : 0u) |
		         (row.treasurer ? ROLE_TREASURER : 0u),
	};
	return OK;
}

enum status
act_session_enter(struct act *act, struct str slug, struct str token)
{
	enum status st = find_place(act, slug);

	act->who = (struct person){ .roles = 0 };
	if (st == OK && token.len > 0)
		st = find_person(act, token);
	return st;
}

enum status
act_session_start(struct act *act, struct person_id person, struct token_text *ret)
{
	uint8_t bytes[32];
	struct digest digest;
	enum status st = session_forget(act->db, act->place.id, act->now);

	if (st != OK)
		return st;
	chance_bytes(&act->chance, bytes, sizeof bytes);
	*ret = token_text(bytes, sizeof bytes);
	digest = digest_of(str_of(ret->text));
	return session_add(act->db, act->place.id, digest_bytes(&digest), person, act->now,
	                   time_plus(act->now, SESSION_DAYS * DAY_US));
}

enum status
act_session_end(struct act *act, struct str token)
{
	struct digest digest = digest_of(token);

	return session_delete(act->db, act->place.id, digest_bytes(&digest));
}
