#include "commons/ballot_choice.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/names.h"

static const char *const kind_names[] = {
	[BALLOT_APPROVAL] = "approval", [BALLOT_CHOOSE_1] = "choose-1",
	[BALLOT_ORDINAL] = "ordinal",   [BALLOT_CUMULATIVE] = "cumulative",
};

NAMES(ballot_kind, kind_names)

bool
ballot_kind_has_numbers(enum ballot_kind kind)
{
	return kind == BALLOT_ORDINAL || kind == BALLOT_CUMULATIVE;
}

/* ---- from a form ---- */

/* An option and what was written beside it. */
struct entry {
	int64_t number, given;
};

static int
by_number(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int
by_given(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->given == y->given ? by_number(a, b) : (x->given > y->given) - (x->given < y->given);
}

enum status
ballot_number_parse(struct str typed, int64_t *ret)
{
	struct str number = str_trim(typed);

	*ret = 0;
	if (number.len == 0)
		return OK;
	return str_to_int(number, ret) == OK && *ret >= 0 && *ret <= BALLOT_NUMBER_MAX ? OK
	                                                                              : INVALID;
}

static enum status
refuse_number(enum ballot_kind kind, struct str typed, struct refusal *why)
{
	return refuse_with(why, "choice",
	                   kind == BALLOT_ORDINAL
	                   ? MSG("“{typed}” is no place. Write 1 at the idea you want most, 2 at the "
	                         "next, and so on, or leave it empty.")
	                   : MSG("“{typed}” is no number of points. Write a whole number, for example "
	                         "3, or leave it empty."),
	                   message_text("typed", typed));
}

/* "2" or "2:3". */
static enum status
read_entry(enum ballot_kind kind, struct str value, int64_t options, struct entry *ret,
           struct refusal *why)
{
	struct str rest = value, number = str_next(&rest, ':');

	*ret = (struct entry){ 0, 1 };
	if (str_to_int(number, &ret->number) != OK || ret->number < 1 || ret->number > options ||
	    (rest.ptr != NULL) != ballot_kind_has_numbers(kind))
		return INVALID;
	if (rest.ptr != NULL && ballot_number_parse(rest, &ret->given) != OK)
		return refuse_number(kind, str_trim(rest), why);
	return OK;
}

/* One option twice, and two on one place. */
static enum status
check_entries(enum ballot_kind kind, struct entry *entries, size_t len, struct refusal *why)
{
	if (!ballot_kind_has_numbers(kind))
		return OK;
	for (size_t i = 1; i < len; i++)
		if (entries[i - 1].number == entries[i].number)
			return INVALID;
	if (kind != BALLOT_ORDINAL)
		return OK;
	if (len > 1)
		qsort(entries, len, sizeof *entries, by_given);
	for (size_t i = 1; i < len; i++)
		if (entries[i - 1].given == entries[i].given && entries[i].given > 0)
			return refuse_with(why, "choice",
			                   MSG("You put more than one idea on place {place}. Give each "
			                       "place to one idea only."),
			                   message_number("place", entries[i].given));
	return OK;
}

enum status
ballot_choice_from(struct arena *arena, enum ballot_kind kind, const struct str *values, size_t len,
                   int64_t options, struct ballot_choice *ret, struct refusal *why)
{
	struct entry *entries = ARENA_ARRAY(arena, len, struct entry);
	enum status st = OK;

	*ret = (struct ballot_choice){ ARENA_ARRAY(arena, len, int64_t), NULL, 0 };
	if (kind == BALLOT_CUMULATIVE)
		ret->points = ARENA_ARRAY(arena, len, int64_t);
	if (entries == NULL || ret->numbers == NULL ||
	    (kind == BALLOT_CUMULATIVE && ret->points == NULL))
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < len; i++)
		st = read_entry(kind, values[i], options, &entries[i], why);
	if (st != OK)
		return st;
	if (len > 1)
		qsort(entries, len, sizeof *entries, by_number);
	st = check_entries(kind, entries, len, why);
	for (size_t i = 0; st == OK && i < len; i++) {
		if (entries[i].given == 0 ||
		    (ret->len > 0 && ret->numbers[ret->len - 1] == entries[i].number))
			continue;
		if (ret->points != NULL)
			ret->points[ret->len] = entries[i].given;
		ret->numbers[ret->len++] = entries[i].number;
	}
	return st;
}

/* ---- as stored ---- */

enum status
ballot_choice_text(struct arena *arena, const struct ballot_choice *choice, struct str *ret)
{
	enum { DIGITS_MAX = 21 }; /* of an int64_t, and a mark */
	struct buf out;
	enum status st;

	buf_init(&out, 2 * choice->len * DIGITS_MAX + 1);
	for (size_t i = 0; i < choice->len; i++) {
		if (i > 0)
			buf_add_char(&out, ',');
		buf_add_int(&out, choice->numbers[i]);
		if (choice->points != NULL) {
			buf_add_char(&out, ':');
			buf_add_int(&out, choice->points[i]);
		}
	}
	st = buf_status(&out);
	if (st == OK)
		st = str_copy(arena, buf_str(&out), ret);
	buf_release(&out);
	return st;
}

enum status
ballot_choice_parse(struct arena *arena, enum ballot_kind kind, struct str text,
                    struct ballot_choice *ret)
{
	const bool ascending = !ballot_kind_has_numbers(kind);
	struct str rest = text;
	size_t len = 1;

	*ret = (struct ballot_choice){ NULL, NULL, 0 };
	if (text.len == 0)
		return OK;
	for (size_t i = 0; i < text.len; i++)
		len += text.ptr[i] == ',';
	ret->numbers = ARENA_ARRAY(arena, len, int64_t);
	if (kind == BALLOT_CUMULATIVE)
		ret->points = ARENA_ARRAY(arena, len, int64_t);
	if (ret->numbers == NULL || (kind == BALLOT_CUMULATIVE && ret->points == NULL))
		return NO_MEMORY;
	while (rest.ptr != NULL) {
		int64_t *number = &ret->numbers[ret->len];
		struct str points = str_next(&rest, ',');
		struct str name = str_next(&points, ':');

		if (str_to_int(name, number) != OK || *number < 1 ||
		    (ascending && ret->len > 0 && *number <= number[-1]) ||
		    (points.ptr != NULL) != (ret->points != NULL))
			return INVALID;
		if (ret->points != NULL && (str_to_int(points, &ret->points[ret->len]) != OK ||
		                            ret->points[ret->len] < 0))
			return INVALID;
		ret->len++;
	}
	return OK;
}

/* ---- looking at it ---- */

/* Where it stands; choice->len: nowhere. */
static size_t
place_of(const struct ballot_choice *choice, int64_t number)
{
	size_t i = 0;

	while (i < choice->len && choice->numbers[i] != number)
		i++;
	return i;
}

bool
ballot_choice_has(const struct ballot_choice *choice, int64_t number)
{
	return place_of(choice, number) < choice->len;
}

int64_t
ballot_choice_given(const struct ballot_choice *choice, int64_t number)
{
	size_t i = place_of(choice, number);

	if (i == choice->len)
		return 0;
	return choice->points != NULL ? choice->points[i] : (int64_t)i + 1;
}

int64_t
ballot_choice_points(const struct ballot_choice *choice)
{
	int64_t sum = 0;

	for (size_t i = 0; choice->points != NULL && i < choice->len; i++)
		sum += choice->points[i];
	return sum;
}
