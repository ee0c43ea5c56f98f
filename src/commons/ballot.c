#include "commons/ballot.h"

#include <sodium.h>
#include <string.h>

#include "base/chance.h"

/* The label keeps the uses of one secret apart. */
static struct digest
keyed(const struct ballot_secret *secret, const char *label, struct person_id person)
{
	crypto_generichash_state state;
	struct digest digest;
	uint8_t id[8];

	for (int i = 0; i < 8; i++)
		id[i] = (uint8_t)((uint64_t)person.value >> (8 * i));
	crypto_generichash_init(&state, secret->bytes, sizeof secret->bytes, sizeof digest.bytes);
	crypto_generichash_update(&state, (const unsigned char *)label, strlen(label) + 1);
	crypto_generichash_update(&state, id, sizeof id);
	crypto_generichash_final(&state, digest.bytes, sizeof digest.bytes);
	return digest;
}

struct digest
ballot_key(const struct ballot_secret *secret, struct person_id person)
{
	return keyed(secret, "ballot", person);
}

void
ballot_order(const struct ballot_secret *secret, struct person_id person, size_t *indices,
             size_t count)
{
	struct digest seed = keyed(secret, "order", person);
	struct chance chance;

	for (size_t i = 0; i < count; i++)
		indices[i] = i;
	chance_from_seed(&chance, seed.bytes);
	chance_shuffle(&chance, indices, count);
}

struct digest
ballot_receipt(const struct ballot_nonce *nonce)
{
	return digest_of((struct str){ (const char *)nonce->bytes, sizeof nonce->bytes });
}

struct ballot_code
ballot_code(const struct ballot_nonce *nonce)
{
	static const char hex[] = "0123456789abcdef";
	struct ballot_code code;
	size_t at = 0;

	for (size_t i = 0; i < BALLOT_NONCE_LEN; i++) {
		if (i > 0 && i % 2 == 0)
			code.text[at++] = ' ';
		code.text[at++] = hex[nonce->bytes[i] >> 4];
		code.text[at++] = hex[nonce->bytes[i] & 15];
	}
	code.text[at] = '\0';
	return code;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

enum status
ballot_code_parse(struct str typed, struct digest *ret_receipt)
{
	uint8_t bytes[DIGEST_LEN];
	struct ballot_nonce nonce;
	size_t digits = 0;

	for (size_t i = 0; i < typed.len; i++) {
		int digit = hex_digit(typed.ptr[i]);

		if (typed.ptr[i] == ' ' || typed.ptr[i] == '-')
			continue;
		if (digit < 0 || digits == 2 * DIGEST_LEN)
			return INVALID;
		if (digits % 2 == 0)
			bytes[digits / 2] = (uint8_t)(digit << 4);
		else
			bytes[digits / 2] |= (uint8_t)digit;
		digits++;
	}
	if (digits == 2 * DIGEST_LEN) {
		memcpy(ret_receipt->bytes, bytes, DIGEST_LEN);
		return OK;
	}
	if (digits != 2 * BALLOT_NONCE_LEN)
		return INVALID;
	memcpy(nonce.bytes, bytes, sizeof nonce.bytes);
	*ret_receipt = ballot_receipt(&nonce);
	return OK;
}

static enum status
voting_is_open(const struct round_facts *round, struct instant now, struct refusal *why)
{
	switch (round_phase(round->state, round->opens_at, round->closes_at, now)) {
	case PHASE_VOTING:
		return OK;
	case PHASE_DRAFT:
		return NOT_FOUND;
	case PHASE_COMING:
		return refuse_with(why, NULL, MSG("Voting starts on {time}. Please come back then."),
		                   message_time("time", round->opens_at));
	case PHASE_VOID:
		return refuse(why, NULL,
		              MSG("This round was ended without a count, so there is nothing to vote on."));
	case PHASE_OVER:
	case PHASE_COUNTED:
		break;
	}
	return refuse_with(why, NULL,
	                   MSG("Voting ended on {time}. Ballots can't go into the box any more."),
	                   message_time("time", round->closes_at));
}

/* A refusal with two numbers. */
static enum status
refuse_count(struct refusal *why, const char *text, struct message_value is,
             struct message_value may)
{
	*why = (struct refusal){ .status = REFUSED, .field = "choice",
		                 .message = { .text = text, .values = { is, may } } };
	return REFUSED;
}

static enum status
points_may_be(const struct ballot_facts *facts, const struct ballot_choice *choice,
              struct refusal *why)
{
	const int64_t given = ballot_choice_points(choice);

	for (size_t i = 0; facts->points_each > 0 && i < choice->len; i++)
		if (choice->points[i] > facts->points_each)
			return refuse_count(why, MSG("You gave {given} points to one idea. An idea may get "
			                             "{most} points from you at most."),
			                    message_number("given", choice->points[i]),
			                    message_number("most", facts->points_each));
	if (given > facts->points)
		return refuse_count(why, MSG("You gave {given} points together. You have {points}: please "
		                             "take some away."),
		                    message_number("given", given),
		                    message_number("points", facts->points));
	return OK;
}

static enum status
choice_may_be(const struct ballot_facts *facts, const struct ballot_choice *choice,
              struct refusal *why)
{
	const struct message_value named = message_number("named", (int64_t)choice->len);
	const struct message_value most = message_number("most", facts->most);

	if (facts->most > 0 && (int64_t)choice->len > facts->most) {
		if (facts->most == 1 && facts->kind != BALLOT_CUMULATIVE)
			return refuse(why, "choice", MSG("Please choose one idea only."));
		if (facts->kind == BALLOT_ORDINAL)
			return refuse_count(why, MSG("You put {named} ideas in order. This round allows "
			                             "{most} at most: please leave some out."),
			                    named, most);
		if (facts->kind == BALLOT_CUMULATIVE)
			return refuse_count(why, MSG("You gave points to {named} ideas. This round allows "
			                             "{most} at most: please leave some out."),
			                    named, most);
		return refuse_count(why, MSG("You ticked {ticked} ideas. This round allows {most} at "
		                             "most: please untick some."),
		                    message_number("ticked", (int64_t)choice->len), most);
	}
	/* By Borda the last has no points: one idea alone would be a blank ballot unawares. */
	if (facts->kind == BALLOT_ORDINAL && choice->len == 1)
		return refuse(why, "choice",
		              MSG("Put at least two ideas in order. The last one gets no points, so "
		                  "you can put one there that you don't want."));
	return facts->kind == BALLOT_CUMULATIVE ? points_may_be(facts, choice, why) : OK;
}

enum status
ballot_may_cast(const struct ballot_facts *facts, struct instant now,
                const struct ballot_choice *choice, const struct ballot_declaration *declaration,
                struct refusal *why)
{
	enum status st = voting_is_open(&facts->round, now, why);

	if (st != OK)
		return st;
	if (facts->struck)
		return refuse(why, NULL,
		              MSG("You were taken off the roll of this round, so you can't vote in it. The "
		                  "mail we sent you says why."));
	if (facts->residents && declaration->area.len == 0)
		return refuse(why, "area", MSG("Say where you live."));
	if (facts->residents && !facts->area_known)
		return refuse(why, "area", MSG("Choose one of the areas in the list."));
	if (!facts->on_roll && facts->least_age > 0 && !declaration->of_age)
		return refuse_with(why, "of_age",
		                   MSG("Voting in this round is for people of {age} and older. Tick the box "
		                       "if you are."),
		                   message_number("age", facts->least_age));
	return choice_may_be(facts, choice, why);
}
