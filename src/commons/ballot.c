#include "commons/ballot.h"

#include <sodium.h>
#include <stdlib.h>
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

static int
compare_numbers(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

enum status
ballot_choice_from(struct arena *arena, const struct str *values, size_t len, int64_t options,
                   struct ballot_choice *ret)
{
	int64_t *numbers = ARENA_ARRAY(arena, len, int64_t);
	size_t kept = 0;

	if (numbers == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < len; i++) {
		if (str_to_int(values[i], &numbers[i]) != OK || numbers[i] < 1 || numbers[i] > options)
			return INVALID;
	}
	if (len > 1)
		qsort(numbers, len, sizeof *numbers, compare_numbers);
	for (size_t i = 0; i < len; i++)
		if (kept == 0 || numbers[kept - 1] != numbers[i])
			numbers[kept++] = numbers[i];
	*ret = (struct ballot_choice){ numbers, kept };
	return OK;
}

enum status
ballot_choice_text(struct arena *arena, const struct ballot_choice *choice, struct str *ret)
{
	enum { DIGITS_MAX = 21 }; /* of an int64_t, and a comma */
	struct buf out;
	enum status st;

	buf_init(&out, choice->len * DIGITS_MAX + 1);
	for (size_t i = 0; i < choice->len; i++) {
		if (i > 0)
			buf_add_char(&out, ',');
		buf_add_int(&out, choice->numbers[i]);
	}
	st = buf_status(&out);
	if (st == OK)
		st = str_copy(arena, buf_str(&out), ret);
	buf_release(&out);
	return st;
}

enum status
ballot_choice_parse(struct arena *arena, struct str text, struct ballot_choice *ret)
{
	struct str rest = text;
	size_t len = 0;

	*ret = (struct ballot_choice){ NULL, 0 };
	if (text.len == 0)
		return OK;
	for (size_t i = 0; i < text.len; i++)
		len += text.ptr[i] == ',';
	ret->numbers = ARENA_ARRAY(arena, len + 1, int64_t);
	if (ret->numbers == NULL)
		return NO_MEMORY;
	while (rest.ptr != NULL) {
		int64_t *number = &ret->numbers[ret->len];

		if (str_to_int(str_next(&rest, ','), number) != OK || *number < 1 ||
		    (ret->len > 0 && *number <= number[-1]))
			return INVALID;
		ret->len++;
	}
	return OK;
}

bool
ballot_choice_has(const struct ballot_choice *choice, int64_t number)
{
	return choice->len > 0 && bsearch(&number, choice->numbers, choice->len, sizeof number,
	                                  compare_numbers) != NULL;
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
	if (facts->most > 0 && (int64_t)choice->len > facts->most) {
		if (facts->most == 1)
			return refuse(why, "choice", MSG("Please choose one idea only."));
		*why = (struct refusal){
			.status = REFUSED, .field = "choice",
			.message = { .text = MSG("You ticked {ticked} ideas. This round allows {most} at "
			                         "most: please untick some."),
			             .values = { message_number("ticked", (int64_t)choice->len),
			                         message_number("most", facts->most) } } };
		return REFUSED;
	}
	return OK;
}
