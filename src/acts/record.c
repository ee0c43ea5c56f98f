#include <jansson.h>
#include <sodium.h>

#include "acts/act.h"
#include "base/digest.h"
#include "base/json.h"
#include "store/leaf.sql.h"

enum { LEAF_MAX = 16 * 1024 };

/* RFC 6962, section 2.1: SHA-256 of a zero byte and the leaf, so that no leaf can pass for an
 * inner node. */
static struct digest
leaf_hash(struct str body)
{
	crypto_hash_sha256_state state;
	struct digest digest;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)"", 1);
	crypto_hash_sha256_update(&state, (const unsigned char *)body.ptr, body.len);
	crypto_hash_sha256_final(&state, digest.bytes);
	return digest;
}

static enum status
save_leaf(struct act *act, struct str body)
{
	struct leaf_id id = { chance_id(&act->chance) };
	struct digest hash = leaf_hash(body);
	enum status st = leaf_insert(act->db, act->place.id, id,
	                             digest_bytes(&hash),
	                             body);

	return st == OK ? leaf_wait(act->db, act->place.id, id) : st;
}

/* Takes over fields. */
static enum status
record(struct act *act, const char *kind, bool dated, json_t *fields)
{
	struct buf body;
	enum status st = NO_MEMORY;

	if (fields == NULL)
		fields = json_object();
	buf_init(&body, LEAF_MAX);
	if (json_object_set_new(fields, "act", json_string(kind)) == 0 &&
	    json_object_set_new(fields, "place", json_string(id_text(act->place.id.value).text)) == 0 &&
	    (!dated || json_object_set_new(fields, "at", json_string(time_text(act->now).text)) == 0))
		st = json_write(&body, fields);
	json_decref(fields);
	if (st == OK)
		st = save_leaf(act, buf_str(&body));
	buf_release(&body);
	return st;
}

enum status
act_record(struct act *act, const char *kind, struct json_t *fields)
{
	return record(act, kind, true, fields);
}

enum status
act_record_undated(struct act *act, const char *kind, struct json_t *fields)
{
	return record(act, kind, false, fields);
}
