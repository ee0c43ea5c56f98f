/* What can be chosen in a form's lists: time zones, currencies, languages, from ICU. */
#ifndef WEB_CHOICE_H
#define WEB_CHOICE_H

#include "base/arena.h"
#include "base/locale.h"
#include "base/str.h"

struct choice {
	struct str value, label;
	bool chosen;
};

struct choices {
	struct choice *ptr;
	size_t len;
};

/* Each with `chosen` marked, and added when it isn't there. In the arena. */
MUST_CHECK enum status choices_zones(struct arena *arena, struct str chosen, struct choices *ret);
/* Named in the locale's language: "British Pound (GBP)". */
MUST_CHECK enum status choices_currencies(struct arena *arena, const struct locale *locale,
                                          struct str chosen, struct choices *ret);
/* Each named in itself. */
MUST_CHECK enum status choices_languages(struct arena *arena, struct str chosen,
                                         struct choices *ret);
/* A language by its own name: "en-GB" -> "English (United Kingdom)". */
MUST_CHECK enum status language_in_words(struct arena *arena, struct str tag, struct str *ret);

#endif
