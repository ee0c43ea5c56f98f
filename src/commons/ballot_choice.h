/* What stands on a ballot: as a form sends it, as it is stored, and back.
 *
 *   approval, choose-1   which options                     "2,5,9"     ascending
 *   cumulative           points for each of some options   "2:3,5:1"   ascending (imports: as cast)
 *   ordinal              options in order, best first      "5,2,9"
 *
 * Names and kinds are those of Pabulib (vote_type).
 */
#ifndef COMMONS_BALLOT_CHOICE_H
#define COMMONS_BALLOT_CHOICE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/message.h"
#include "base/str.h"

enum ballot_kind { BALLOT_APPROVAL, BALLOT_CHOOSE_1, BALLOT_ORDINAL, BALLOT_CUMULATIVE };

const char *ballot_kind_name(enum ballot_kind kind); /* as in the database */
/* INVALID for a name that is none. */
MUST_CHECK enum status ballot_kind_parse(struct str name, enum ballot_kind *ret);
/* Do voters write a number beside each option (points, a place), or only tick? */
bool ballot_kind_has_numbers(enum ballot_kind kind);

/* Option numbers, each once, in the order of their kind. */
struct ballot_choice {
	int64_t *numbers;
	int64_t *points; /* beside numbers, >= 0; NULL: not a cumulative ballot */
	size_t len;
};

/* From what a form sends: "2", or "2:3" where a number stands beside each option (points, or the
 * place in the voter's order; nothing and 0 leave the option out). INVALID for what no form of
 * ours sends: an unknown option, or one twice (ticked twice is ticked). REFUSED, field "choice",
 * for a number that can't be: text, below zero, beyond BALLOT_NUMBER_MAX, one place for two. */
MUST_CHECK enum status ballot_choice_from(struct arena *arena, enum ballot_kind kind,
                                          const struct str *values, size_t len, int64_t options,
                                          struct ballot_choice *ret, struct refusal *why);
/* The number beside an option, as typed; empty or 0: none, *ret 0. INVALID when it can't be. */
enum { BALLOT_NUMBER_MAX = 9999999 }; /* what fits into the input */
MUST_CHECK enum status ballot_number_parse(struct str typed, int64_t *ret);

/* As stored, and back (INVALID when it is not of that form). */
MUST_CHECK enum status ballot_choice_text(struct arena *arena, const struct ballot_choice *choice,
                                          struct str *ret);
MUST_CHECK enum status ballot_choice_parse(struct arena *arena, enum ballot_kind kind,
                                           struct str text, struct ballot_choice *ret);

bool ballot_choice_has(const struct ballot_choice *choice, int64_t number);
/* What the voter wrote beside an option: its points, or its place in the order; 0: nothing. */
int64_t ballot_choice_given(const struct ballot_choice *choice, int64_t number);
/* The points of all options together. */
int64_t ballot_choice_points(const struct ballot_choice *choice);

#endif
