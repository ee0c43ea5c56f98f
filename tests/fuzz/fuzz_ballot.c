/* What stands on a ballot: as a form sends it and as it is stored, whatever the bytes. What is taken is
 * stored, and read back as the same. */
#include <string.h>

#include "commons/ballot_choice.h"
#include "fuzz/fuzz.h"

enum { OPTIONS = 9, VALUES_MAX = 16 };

/* Each option once, in the order of its kind; points above none. */
static void
check_choice(enum ballot_kind kind, const struct ballot_choice *choice)
{
	bool seen[OPTIONS + 1] = { false };

	CHECK_ALWAYS(choice->len <= OPTIONS);
	CHECK_ALWAYS((kind == BALLOT_CUMULATIVE) == (choice->points != NULL));
	for (size_t i = 0; i < choice->len; i++) {
		CHECK_ALWAYS(choice->numbers[i] >= 1 && choice->numbers[i] <= OPTIONS);
		CHECK_ALWAYS(!seen[choice->numbers[i]]);
		CHECK_ALWAYS(kind == BALLOT_ORDINAL || i == 0 ||
		             choice->numbers[i - 1] < choice->numbers[i]);
		CHECK_ALWAYS(choice->points == NULL ||
		             (choice->points[i] > 0 && choice->points[i] <= BALLOT_NUMBER_MAX));
		seen[choice->numbers[i]] = true;
	}
}

static void
check_form(struct arena *arena, enum ballot_kind kind, struct str input)
{
	struct ballot_choice choice, back;
	struct refusal why = { .status = OK };
	struct str values[VALUES_MAX], text;
	size_t len = 0;
	enum status st;

	while (input.len > 0 && len < VALUES_MAX)
		values[len++] = str_next(&input, '\n');
	st = ballot_choice_from(arena, kind, values, len, OPTIONS, &choice, &why);
	CHECK_ALWAYS(st == OK || st == INVALID || st == REFUSED);
	CHECK_ALWAYS((st == REFUSED) == (why.message.text != NULL));
	if (st != OK)
		return;
	check_choice(kind, &choice);
	CHECK_ALWAYS(ballot_choice_text(arena, &choice, &text) == OK);
	CHECK_ALWAYS(ballot_choice_parse(arena, kind, text, &back) == OK);
	CHECK_ALWAYS(back.len == choice.len);
	for (size_t i = 0; i < back.len; i++)
		CHECK_ALWAYS(ballot_choice_given(&back, choice.numbers[i]) ==
		             ballot_choice_given(&choice, choice.numbers[i]));
}

static void
check_stored(struct arena *arena, enum ballot_kind kind, struct str input)
{
	struct ballot_choice choice, back;
	struct str text;

	if (ballot_choice_parse(arena, kind, input, &choice) != OK)
		return;
	CHECK_ALWAYS(ballot_choice_text(arena, &choice, &text) == OK);
	CHECK_ALWAYS(ballot_choice_parse(arena, kind, text, &back) == OK);
	CHECK_ALWAYS(back.len == choice.len);
	CHECK_ALWAYS(back.len == 0 || memcmp(back.numbers, choice.numbers,
	                                     back.len * sizeof *back.numbers) == 0);
}

FUZZ(input)
{
	for (int kind = BALLOT_APPROVAL; kind <= BALLOT_CUMULATIVE; kind++) {
		struct arena arena;

		arena_init(&arena, 1 << 20);
		check_form(&arena, (enum ballot_kind)kind, input);
		check_stored(&arena, (enum ballot_kind)kind, input);
		arena_release(&arena);
	}
}
