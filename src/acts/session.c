#include "acts/session.h"

#include "store/session.sql.h"

/* The two statements give the same columns of the place. */
#define PLACE_OF(row)                                                                      \
	((struct place){                                                                   \
		.id = (row).place_id, .slug = (row).slug, .name = (row).name,              \
		.purpose = (row).purpose, .language = (row).language,                      \
		.currency = (row).currency, .zone = (row).zone,                            \
		.people = (row).has_people ? (row).people : 0,                             \
		.last_year = (row).has_last_year ? (row).last_year : 0,                    \
		.imported = (row).imported })

static enum status
enter_signed_out(struct act *act, struct str slug)
{
	struct session_place_row row;
	enum status st = session_place(act->db, act->arena, slug, &row);

	if (st == OK)
		act->place = PLACE_OF(row);
	return st;
}

enum status
act_session_enter(struct act *act, struct str slug, struct str token)
{
	struct digest digest = digest_of(token);
	struct session_enter_row row;
	enum status st;

	act->who = (struct person){ .roles = 0 };
	if (token.len == 0)
		return enter_signed_out(act, slug);
	st = session_enter(act->db, act->arena, slug, digest_bytes(&digest), act->now, &row);
	if (st != OK)
		return st;
	act->place = PLACE_OF(row);
	if (row.has_person_id)
		act->who = (struct person){
			.id = row.person_id,
			.name = row.person_name,
			.roles = ROLE_MEMBER | (row.steward ? ROLE_STEWARD : 0u) |
			         (row.treasurer ? ROLE_TREASURER : 0u),
		};
	return OK;
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
