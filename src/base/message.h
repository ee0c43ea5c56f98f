/* A sentence for a person, not yet in their language: the English text as key, with named
 * values. Rules and engines give messages; pages, mails and the command line turn them into
 * words (base/locale.h). Write the text inside MSG("…"), so that it is found for translation. */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

#include <stdint.h>

#include "base/money.h"
#include "base/status.h"
#include "base/str.h"
#include "base/time.h"

enum message_kind { MESSAGE_NOTHING, MESSAGE_TEXT, MESSAGE_NUMBER, MESSAGE_MONEY, MESSAGE_TIME };

struct message_value {
	const char *name; /* of the {name} in the text */
	enum message_kind kind;
	union {
		struct str text;
		int64_t number;
		struct amount money;
		struct instant time;
	};
};

enum { MESSAGE_VALUES_MAX = 4 };

struct message {
	const char *text;   /* English, a literal; NULL = no message */
	const char *plural; /* English text for n != 1, or NULL; then a number named n decides */
	struct message_value values[MESSAGE_VALUES_MAX];
};

#define MSG(literal) ("" literal)
/* Both forms of a text with a number n, as two values: f(MSG_PLURAL("One idea", "{n} ideas")). */
#define MSG_PLURAL(one, many) ("" one), ("" many)

/* Why a person may not do something, and what to do instead. */
struct refusal {
	enum status status;
	const char *field; /* name of the form field it concerns, or NULL */
	struct message message;
};

/* Fills *why and returns REFUSED: return refuse(why, "title", MSG("Give it a title.")); */
MUST_CHECK enum status refuse(struct refusal *why, const char *field, const char *text);
/* The same with one value. */
MUST_CHECK enum status refuse_with(struct refusal *why, const char *field, const char *text,
                                   struct message_value value);

struct message_value message_text(const char *name, struct str text);
struct message_value message_number(const char *name, int64_t number);
struct message_value message_money(const char *name, struct amount money);
struct message_value message_time(const char *name, struct instant time);

#endif
