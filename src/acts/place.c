#include "acts/place.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "acts/ledger.h"
#include "acts/mail.h"
#include "base/locale.h"
#include "base/text.h"
#include "store/person.sql.h"
#include "store/place.sql.h"
#include "store/secrets.h"

/* The two statements give the same columns in rows of two types. */
#define PLACE_OF(row)                                                                      \
	((struct place){                                                                   \
		.id = (row).place_id, .slug = (row).slug, .name = (row).name,              \
		.purpose = (row).purpose, .language = (row).language,                      \
		.currency = (row).currency, .zone = (row).zone,                            \
		.people = (row).has_people ? (row).people : 0,                             \
		.last_year = (row).has_last_year ? (row).last_year : 0,                    \
		.imported = (row).imported })

enum status
act_place_by_slug(struct db *db, struct arena *arena, struct str slug, struct place *ret)
{
	struct place_by_slug_row row;
	enum status st = place_by_slug(db, arena, slug, &row);

	if (st == OK)
		*ret = PLACE_OF(row);
	return st;
}

enum status
act_place_by_id(struct db *db, struct arena *arena, struct place_id id, struct place *ret)
{
	struct place_by_id_row row;
	enum status st = place_by_id(db, arena, id, &row);

	if (st == OK)
		*ret = PLACE_OF(row);
	return st;
}

enum status
act_place_settings(const struct act *act, struct place_settings *ret)
{
	struct place_settings_json_row row;
	enum status st = place_settings_json(act->db, act->arena, act->place.id, &row);

	return st == OK ? settings_read(act->arena, row.settings, ret) : st;
}

enum status
act_place_areas(const struct act *act, struct area_list *ret)
{
	struct area_list_rows rows;
	enum status st = area_list(act->db, act->arena, act->place.id, &rows);

	if (st != OK)
		return st;
	*ret = (struct area_list){ ARENA_ARRAY(act->arena, rows.len, struct area), rows.len };
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		ret->ptr[i] = (struct area){ .key = rows.ptr[i].area, .name = rows.ptr[i].name };
	return OK;
}

enum status
act_place_helpers(const struct act *act, struct helper_list *ret)
{
	struct role_list_rows rows;
	enum status st = role_list(act->db, act->arena, act->place.id, &rows);

	if (st != OK)
		return st;
	*ret = (struct helper_list){ ARENA_ARRAY(act->arena, rows.len, struct helper_card),
	                             rows.len };
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		ret->ptr[i] = (struct helper_card){
			.name = rows.ptr[i].name,
			.steward = str_is(rows.ptr[i].role, "steward"),
			.treasurer = str_is(rows.ptr[i].role, "treasurer"),
		};
	return OK;
}

/* ---- setting up ---- */

/* So that it is no other keyed hash under the same key. */
#define SET_UP_KEY_WORDS "folkmoot set-up, places so far: %" PRId64

enum status
act_set_up_key(const struct act *act, struct token_text *ret)
{
	const struct secret *server = secrets_server_key(act->secrets);
	struct place_count_row count;
	uint8_t hash[crypto_generichash_BYTES];
	char words[80];
	enum status st = place_count(act->db, act->arena, &count);

	if (st != OK)
		return st;
	snprintf(words, sizeof words, SET_UP_KEY_WORDS, count.places);
	crypto_generichash(hash, sizeof hash, (const uint8_t *)words, strlen(words),
	                   server->bytes, sizeof server->bytes);
	*ret = token_text(hash, 15); /* 120 bits: 20 characters */
	return OK;
}

enum status
act_set_up_key_fits(const struct act *act, struct str key, struct refusal *why)
{
	struct token_text right;
	enum status st = act_set_up_key(act, &right);

	if (st != OK)
		return st;
	if (key.len == strlen(right.text) && sodium_memcmp(key.ptr, right.text, key.len) == 0)
		return OK;
	return refuse(why, "key",
	              MSG("This key is not right, or it was used already. The newest one is printed "
	                  "where the server is started."));
}

static enum status
save_place(struct act *act, const struct place_plan *plan, struct refusal *why)
{
	const struct place *place = &act->place;
	struct str settings;
	enum status st = settings_write(act->arena, &plan->settings, &settings);

	if (st != OK)
		return st;
	st = place_slug_insert(act->db, place->slug, place->id);
	if (st == CONFLICT)
		return refuse(why, "slug",
		              MSG("Another place has this address already. Please choose another."));
	if (st == OK)
		st = place_insert(act->db, place->id, place->slug, place->name, place->purpose,
		                  place->language, place->currency, place->zone,
		                  place->people > 0 ? &place->people : NULL,
		                  place->last_year > 0 ? &place->last_year : NULL, plan->recipe,
		                  settings, false, act->now);
	for (size_t i = 0; i < plan->areas_len && st == OK; i++)
		st = area_insert(act->db, place->id, plan->areas[i].key, plan->areas[i].name,
		                 (int64_t)i + 1);
	return st;
}

/* The person with this address, made when not there yet. */
static enum status
find_or_add(struct act *act, const struct place_helper *helper, struct person_id *ret)
{
	struct person_by_email_row row;
	enum status st = person_by_email(act->db, act->arena, act->place.id, helper->email, &row);

	if (st == OK)
		*ret = row.id;
	if (st != NOT_FOUND)
		return st;
	*ret = (struct person_id){ chance_id(&act->chance) };
	return person_insert(act->db, act->place.id, *ret, helper->name, &helper->email, act->now);
}

/* Gives somebody a role and tells them how to begin. */
static enum status
appoint(struct act *act, const struct place_helper *helper, const char *role)
{
	bool steward = strcmp(role, "steward") == 0;
	struct message subject = {
		.text = MSG("{place} is ready"),
		.values = { message_text("place", act->place.name) } };
	struct message body[] = {
		{ .text = MSG("Hello {name}."), .values = { message_text("name", helper->name) } },
		{ .text = steward
		  ? MSG("You are a steward of {place}: you check ideas and run the rounds.")
		  : MSG("You are the treasurer of {place}: you record what is paid."),
		  .values = { message_text("place", act->place.name) } },
		{ .text = MSG("Sign in with this e-mail address: {link}") },
	};
	struct person_id person;
	struct str email, link;
	enum status st;

	if (helper->email.len == 0)
		return OK;
	st = text_fold(act->arena, helper->email, &email);
	if (st == OK)
		st = find_or_add(act, &(struct place_helper){ helper->name, email }, &person);
	if (st == OK)
		st = role_insert(act->db, act->place.id, person, str_of(role), act->now);
	if (st == OK)
		st = act_link(act, &link, "/join");
	if (st != OK)
		return st;
	body[2].values[0] = message_text("link", link);
	return act_mail(act, email, &subject, body, sizeof body / sizeof *body);
}

static enum status
fill_pot(struct act *act, const struct place_plan *plan, struct refusal *why)
{
	struct str key = { (const char *)&act->place.id.value, sizeof act->place.id.value };
	struct instant day;
	enum status st;

	if (plan->pot.minor == 0)
		return OK;
	st = act_today(act, &day);
	return st == OK ? act_pot_grant(act, plan->pot_name, plan->pot, plan->pot_name, day, key, why)
	                : st;
}

static enum status
record_set_up(struct act *act, const struct place_plan *plan)
{
	json_t *fields = json_pack("{s:i, s:s#}", "areas", (int)plan->areas_len, "recipe",
	                           plan->recipe.ptr, (int)plan->recipe.len);

	return fields == NULL ? NO_MEMORY : act_record(act, "place-set-up", fields);
}

enum status
act_place_set_up(struct act *act, const struct place_plan *plan, struct refusal *why)
{
	struct local_time local;
	enum status st = zone_to_local(STR("UTC"), act->now, &local);

	if (st == OK)
		st = place_may_be_set_up(plan, local.year, why);
	if (st != OK)
		return st;
	act->place = plan->place;
	act->place.id.value = chance_id(&act->chance);
	st = save_place(act, plan, why);
	if (st == OK)
		st = record_set_up(act, plan);
	if (st == OK)
		st = fill_pot(act, plan, why);
	if (st == OK)
		st = appoint(act, &plan->steward, "steward");
	if (st == OK)
		st = appoint(act, &plan->treasurer, "treasurer");
	return st;
}

enum status
act_place_set_up_by_key(struct act *act, struct str key, const struct place_plan *plan,
                        struct refusal *why)
{
	enum status st = act_require(act, RIGHT_PLACE_SET_UP);

	if (st == OK)
		st = act_set_up_key_fits(act, key, why);
	return st == OK ? act_place_set_up(act, plan, why) : st;
}
