/* What a place has chosen for itself: limits, how its rounds are unless a steward says
 * otherwise, and its own words. Kept as JSON in place.settings; a key that is not there has
 * the value of settings_default. */
#ifndef COMMONS_SETTINGS_H
#define COMMONS_SETTINGS_H

#include "base/arena.h"
#include "base/message.h"
#include "base/money.h"
#include "base/str.h"
#include "commons/round_rule.h"

struct place_limits {
	int64_t ideas_per_day;    /* by one person in 24 hours; 0: none */
	int64_t comments_per_day;
};

/* What the form for a new round starts with; words as in the table round. */
struct round_defaults {
	struct str ballot_kind;  /* as in commons/ballot_choice.h */
	int64_t most;            /* options on a ballot; 0: as many as one likes */
	int64_t points;          /* "cumulative": so many to give */
	int64_t points_each;     /* of them to one option at most; 0: no other limit */
	struct round_rule rule;  /* increment 0: one major unit of the currency */
	struct str who_may;      /* "members" or "residents" */
	int64_t least_age;       /* 0: no limit */
	int64_t days;            /* how long voting lasts */
};

/* The place's own words, in its language; empty: the program's, translated. */
struct place_words {
	struct str question;  /* heading of the home page */
	struct str vote_note; /* beside the button Vote: "also on paper at the library" */
};

struct place_settings {
	struct place_limits limits;
	struct round_defaults round;
	struct place_words words;
};

struct place_settings settings_default(void);

enum { SETTING_CHOICES_MAX = 8 };
enum setting_kind { SETTING_NUMBER, SETTING_MONEY, SETTING_TEXT };

/* One setting: how it is called in recipes and in JSON, and what it may be. */
struct setting {
	const char *path;       /* "round.rule" */
	enum setting_kind kind;
	size_t offset;          /* of an int64_t, struct amount or struct str in place_settings */
	int64_t least, most;    /* of a number or of minor units; most code points of words */
	const char *choices[SETTING_CHOICES_MAX]; /* text: one of these, up to NULL; none: free words */
};

enum { SETTINGS_TOTAL = 17 };
extern const struct setting settings_table[SETTINGS_TOTAL];

int64_t *setting_number(struct place_settings *settings, const struct setting *which); /* minor units too */
struct str *setting_text(struct place_settings *settings, const struct setting *which);

/* Are all values known and in range, and does a round's rule fit its ballots? On REFUSED, why->field is
 * the path of the setting: "round.rule". */
MUST_CHECK enum status settings_may_be(const struct place_settings *settings, struct refusal *why);

/* To canonical JSON in the arena, and back. Reading: INVALID when it is no JSON object;
 * unknown keys and values of another type are passed over. */
MUST_CHECK enum status settings_write(struct arena *arena, const struct place_settings *settings,
                                      struct str *ret);
MUST_CHECK enum status settings_read(struct arena *arena, struct str json,
                                     struct place_settings *ret);

#endif
