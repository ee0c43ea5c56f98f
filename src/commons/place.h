/* A place: one neighbourhood, village or city on this server. */
#ifndef COMMONS_PLACE_H
#define COMMONS_PLACE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/message.h"
#include "base/money.h"
#include "base/str.h"
#include "commons/settings.h"

struct place {
	struct place_id id;   /* value 0: outside any place */
	struct str slug;      /* first part of its path: "alder-vale" */
	struct str name;
	struct str purpose;
	struct str language;  /* BCP 47 */
	struct str currency;  /* ISO 4217 */
	struct str zone;      /* IANA */
	int64_t people;       /* 0: not known */
	int64_t last_year;    /* 0: not set */
	bool imported;        /* made from a file of votes: no members, no money */
};

/* 2 to 40 of a-z, 0-9 and single inner hyphens, and not a reserved word (assets, set-up,
 * healthz, metrics, api, …). */
MUST_CHECK enum status place_slug_may_be(struct str slug, struct refusal *why);
/* A key made from a name: "Alder Vale" -> "alder-vale", "Żoliborz" -> "zoliborz"; at most 40
 * characters, empty when nothing of the name can be spelt so. */
MUST_CHECK enum status place_key_of(struct arena *arena, struct str name, struct str *ret);

/* Are there pages in this language? "en" is as good as "en-GB". */
bool place_language_may_be(struct str language);

enum { PLACE_AREAS_MAX = 100 };

/* A part of a place: a street, an estate. */
struct area {
	struct str key;  /* short: "mill-lane" */
	struct str name; /* as people say it */
};

/* Who is asked to do something for the place from its first day. */
struct place_helper {
	struct str name, email; /* both empty: nobody yet */
};

/* All that setting up a place needs; text is cleaned. */
struct place_plan {
	struct place place;      /* without id */
	struct str recipe;       /* name of the recipe it is made from */
	struct place_settings settings;
	struct area *areas;      /* in the order of lists */
	size_t areas_len;
	struct str pot_name;
	struct amount pot;       /* what it holds at the start; 0: nothing */
	struct place_helper steward, treasurer; /* a steward there must be */
};

/* May it be set up so? `this_year` for the year the money is to be spent by. why->field is the
 * form's field: name, slug, purpose, language, currency, zone, people, last_year, pot, areas,
 * steward_name, steward_email, treasurer_name, treasurer_email. */
MUST_CHECK enum status place_may_be_set_up(const struct place_plan *plan, int this_year,
                                           struct refusal *why);

/* Areas typed one per line; empty lines are dropped. REFUSED (field "areas") when there are
 * too many, one is too long or one is there twice. */
MUST_CHECK enum status place_areas_read(struct arena *arena, struct str text, struct area **ret,
                                        size_t *ret_len, struct refusal *why);

#endif
