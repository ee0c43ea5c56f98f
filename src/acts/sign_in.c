#include "acts/sign_in.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "acts/mail.h"
#include "acts/session.h"
#include "base/text.h"
#include "commons/sign_in.h"
#include "store/person.sql.h"
#include "store/secrets.h"
#include "store/sign_in.sql.h"

/* A code has only 20 bits: under the server's key, a copy of the database does not tell it. */
static struct digest
code_hash(const struct act *act, struct sign_in_id id, const char *code)
{
	const struct secret *server = secrets_server_key(act->secrets);
	struct digest ret;
	char words[80];

	snprintf(words, sizeof words, "folkmoot code %" PRId64 " %" PRId64 " %s", act->place.id.value,
	         id.value, code);
	crypto_generichash(ret.bytes, sizeof ret.bytes, (const uint8_t *)words, strlen(words),
	                   server->bytes, sizeof server->bytes);
	return ret;
}

static enum status
send(struct act *act, struct str email, struct str token, const char *code)
{
	struct message_value place = message_text("place", act->place.name);
	struct message subject = { .text = MSG("Sign in to {place}"), .values = { place } };
	struct message body[] = {
		{ .text = MSG("Hello. Somebody, we hope you, wants to sign in to {place} with this "
		              "e-mail address."), .values = { place } },
		{ .text = MSG("Open this link and press the button on the page: {link}") },
		{ .text = MSG("Or type this code where you began: {code}"),
		  .values = { message_text("code", str_of(code)) } },
		{ .text = MSG("Link and code work once, for 15 minutes. If it wasn't you, you need "
		              "do nothing; nobody gets in without this mail.") },
	};
	struct str link;
	enum status st = act_link(act, &link, "/join/link?t=%.*s", STR_ARG(token));

	if (st != OK)
		return st;
	body[1].values[0] = message_text("link", link);
	return act_mail(act, email, &subject, body, sizeof body / sizeof *body);
}

static enum status
may_mail(struct act *act, struct str email, struct refusal *why)
{
	struct sign_in_recent_row recent;
	/* Rows carry when they expire: SIGN_IN_LASTS_US after their mail. */
	struct instant quarter = act->now;
	struct instant day = time_plus(act->now, SIGN_IN_LASTS_US - DAY_US);
	enum status st = sign_in_forget(act->db, act->place.id, day);

	if (st == OK)
		st = sign_in_recent(act->db, act->arena, act->place.id, email, quarter, day, &recent);
	return st == OK ? sign_in_may_mail(recent.quarter, recent.day, why) : st;
}

enum status
act_sign_in_ask(struct act *act, const struct sign_in_ask *ask, struct sign_in_id *ret,
                struct refusal *why)
{
	struct sign_in_id id = { chance_id(&act->chance) };
	struct digest link, code;
	struct token_text token;
	struct str email;
	uint8_t bytes[32];
	char digits[SIGN_IN_CODE_LEN + 1];
	bool next = sign_in_next_may_be(act->place.slug, ask->next);
	enum status st = act_require(act, RIGHT_SIGN_IN);

	if (st == OK && act->place.imported)
		return NOT_FOUND; /* made from a file of votes: it has no members */
	if (st == OK)
		st = email_may_be(ask->email, "email", why);
	if (st == OK && ask->name.len > 0)
		st = person_name_may_be(ask->name, "name", why);
	if (st == OK)
		st = text_fold(act->arena, ask->email, &email);
	if (st == OK)
		st = may_mail(act, email, why);
	if (st != OK)
		return st;
	chance_bytes(&act->chance, bytes, sizeof bytes);
	token = token_text(bytes, sizeof bytes);
	link = digest_of(str_of(token.text));
	snprintf(digits, sizeof digits, "%06u", (unsigned)chance_below(&act->chance, 1000000));
	code = code_hash(act, id, digits);
	st = sign_in_insert(act->db, act->place.id, id, email, ask->name.len > 0 ? &ask->name : NULL,
	                    next ? &ask->next : NULL, digest_bytes(&link), digest_bytes(&code),
	                    time_plus(act->now, SIGN_IN_LASTS_US));
	if (st == OK)
		st = send(act, email, str_of(token.text), digits);
	*ret = id;
	return st;
}

/* ---- coming back ---- */

/* The two statements give the same columns in rows of two types. */
struct found {
	struct sign_in_id id;
	struct str email, name, next;
	struct str code_hash;
	struct sign_in_facts facts;
};

#define FOUND_OF(row)                                                                      \
	((struct found){                                                                   \
		.id = (row).id, .email = (row).email,                                      \
		.name = (row).has_name ? (row).name : STR(""),                             \
		.next = (row).has_next_path ? (row).next_path : STR(""),                   \
		.code_hash = (row).code_hash,                                              \
		.facts = { .expires_at = (row).expires_at, .used = (row).has_used_at,      \
		           .tries = (row).tries } })

static enum status
find_by_link(const struct act *act, struct str token, struct found *ret)
{
	struct sign_in_by_link_row row;
	struct digest hash = digest_of(token);
	enum status st = sign_in_by_link(act->db, act->arena, act->place.id, digest_bytes(&hash), &row);

	if (st == OK) {
		*ret = FOUND_OF(row);
		ret->facts.right = true;
		ret->facts.tries = 0; /* wrong codes don't spoil the link: it can't be guessed */
	}
	return st;
}

static enum status
find_by_code(const struct act *act, struct sign_in_id id, const char *code, struct found *ret)
{
	struct sign_in_by_id_row row;
	enum status st = sign_in_by_id(act->db, act->arena, act->place.id, id, &row);
	struct digest hash;

	if (st != OK)
		return st;
	*ret = FOUND_OF(row);
	hash = code_hash(act, id, code);
	ret->facts.right = ret->code_hash.len == sizeof hash.bytes &&
	                   sodium_memcmp(ret->code_hash.ptr, hash.bytes, sizeof hash.bytes) == 0;
	return OK;
}

/* The person of the address; who is new joins with a name. */
static enum status
find_or_join(struct act *act, const struct found *found, struct str name, struct person_id *ret,
             struct refusal *why)
{
	struct person_by_email_row row;
	enum status st = person_by_email(act->db, act->arena, act->place.id, found->email, &row);

	if (st == OK)
		*ret = row.id;
	if (st != NOT_FOUND)
		return st;
	if (name.len == 0)
		name = found->name;
	st = person_name_may_be(name, "name", why);
	if (st != OK)
		return st;
	*ret = (struct person_id){ chance_id(&act->chance) };
	return person_insert(act->db, act->place.id, *ret, name, &found->email, act->now);
}

/* Uses up what was found and signs the person in. A refusal is left in ret, with OK. */
static enum status
let_in(struct act *act, const struct found *found, struct str name, struct sign_in_end *ret)
{
	struct person_id person;
	int64_t changed = 0;
	enum status st = sign_in_may_use(&found->facts, act->now, &ret->refusal);

	if (st == OK)
		st = find_or_join(act, found, name, &person, &ret->refusal);
	if (st == REFUSED)
		return OK;
	if (st == OK)
		st = sign_in_use(act->db, act->place.id, found->id, act->now, &changed);
	if (st == OK && changed == 0)
		st = CONFLICT;
	if (st == OK)
		st = act_session_start(act, person, &ret->token);
	ret->next = found->next;
	return st;
}

static void
unknown(struct refusal *why)
{
	*why = (struct refusal){ .status = REFUSED, .message = { .text =
		MSG("This link or code is not known here, or is too old. Ask for a new mail.") } };
}

enum status
act_sign_in_by_link(struct act *act, struct str token, struct str name, struct sign_in_end *ret)
{
	struct found found;
	enum status st = act_require(act, RIGHT_SIGN_IN);

	*ret = (struct sign_in_end){ 0 };
	if (st == OK)
		st = find_by_link(act, token, &found);
	if (st == NOT_FOUND) {
		unknown(&ret->refusal);
		return OK;
	}
	return st == OK ? let_in(act, &found, name, ret) : st;
}

enum status
act_sign_in_by_code(struct act *act, struct sign_in_id id, struct str code, struct str name,
                    struct sign_in_end *ret)
{
	char digits[SIGN_IN_CODE_LEN + 1];
	struct found found;
	enum status st = act_require(act, RIGHT_SIGN_IN);

	*ret = (struct sign_in_end){ 0 };
	if (st != OK)
		return st;
	if (!sign_in_code_read(code, digits)) { /* a slip of the finger, not a guess */
		ret->refusal = (struct refusal){ .status = REFUSED, .field = "code", .message = {
			.text = MSG("The code has six digits. Type all six of them.") } };
		return OK;
	}
	st = find_by_code(act, id, digits, &found);
	if (st == NOT_FOUND) {
		unknown(&ret->refusal);
		return OK;
	}
	if (st == OK)
		st = let_in(act, &found, name, ret);
	if (st == OK && ret->refusal.status == REFUSED && !found.facts.right)
		st = sign_in_wrong(act->db, act->place.id, id);
	return st;
}

enum status
act_sign_in_link_show(const struct act *act, struct str token, struct sign_in_link *ret)
{
	struct person_by_email_row row;
	struct found found;
	enum status st = find_by_link(act, token, &found);

	*ret = (struct sign_in_link){ 0 };
	if (st == NOT_FOUND) {
		unknown(&ret->refusal);
		return OK;
	}
	if (st != OK || sign_in_may_use(&found.facts, act->now, &ret->refusal) != OK)
		return st;
	ret->email = found.email;
	st = person_by_email(act->db, act->arena, act->place.id, found.email, &row);
	ret->ask_name = st == NOT_FOUND && found.name.len == 0;
	return st == NOT_FOUND ? OK : st;
}
