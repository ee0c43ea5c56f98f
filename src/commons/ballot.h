/* A ballot: what a person chooses in a round, and how it is kept apart from who they are.
 *
 * The ballot's key is a keyed hash of the person under the round's secret. While voting runs
 * it finds the ballot again (to change it, or to take it out when a challenge is upheld); when
 * the secret is destroyed, nothing leads from a person to a ballot or back.
 *
 * The receipt is SHA-256 of a nonce of 16 random bytes that only the voter gets, as a code of
 * 32 hex digits. It says that a ballot is in the box; it is not made from the choice, so it
 * can't say what is on it.
 *
 * Keyed hash: BLAKE2b (RFC 7693), 32-byte key, 32 bytes, over a label, a zero byte and the
 * person's id as 8 bytes, least significant first.
 */
#ifndef COMMONS_BALLOT_H
#define COMMONS_BALLOT_H

#include "base/arena.h"
#include "base/digest.h"
#include "commons/ballot_choice.h"
#include "commons/round.h"

enum { BALLOT_SECRET_LEN = 32, BALLOT_NONCE_LEN = 16 };

struct ballot_secret { uint8_t bytes[BALLOT_SECRET_LEN]; };
struct ballot_nonce { uint8_t bytes[BALLOT_NONCE_LEN]; };

struct digest ballot_key(const struct ballot_secret *secret, struct person_id person);
/* Fills indices[0..count) with 0..count-1 in the order drawn for this person: always the same
 * in one round, and as good as random from person to person, so that no option gains by being
 * first. */
void ballot_order(const struct ballot_secret *secret, struct person_id person, size_t *indices,
                  size_t count);

struct digest ballot_receipt(const struct ballot_nonce *nonce);
/* "7f3a 91c2 …": the nonce in groups of four hex digits. */
struct ballot_code { char text[2 * BALLOT_NONCE_LEN + BALLOT_NONCE_LEN / 2]; };
struct ballot_code ballot_code(const struct ballot_nonce *nonce);
/* What a voter types to look for their ballot: a code (32 hex digits, spaces and hyphens let
 * through) or a receipt as it stands in the list (64). INVALID: neither. */
MUST_CHECK enum status ballot_code_parse(struct str typed, struct digest *ret_receipt);

struct ballot_facts {
	struct round_facts round;
	enum ballot_kind kind;
	int64_t most;      /* options on a ballot; 0: no limit */
	int64_t points;    /* cumulative: on a ballot at most */
	int64_t points_each; /* of them on one option at most; 0: no other limit */
	bool residents;    /* who may vote: see struct round_draft */
	int64_t least_age;
	bool on_roll;      /* declared before */
	bool struck;       /* taken off the roll */
	bool area_known;   /* the area now declared is one of the place's */
};

/* What a person says about themselves with their first ballot. */
struct ballot_declaration {
	struct str area; /* key of an area; empty: none given */
	bool of_age;
};

/* May this ballot go into the box now? Blank ballots may. */
MUST_CHECK enum status ballot_may_cast(const struct ballot_facts *facts, struct instant now,
                                       const struct ballot_choice *choice,
                                       const struct ballot_declaration *declaration,
                                       struct refusal *why);

#endif
