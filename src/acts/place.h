/* Places: found, shown, set up. */
#ifndef ACTS_PLACE_H
#define ACTS_PLACE_H

#include "acts/act.h"
#include "base/digest.h"
#include "commons/recipe.h"
#include "commons/settings.h"

/* For whoever begins an act; they check no right. Text is in the arena. */
MUST_CHECK enum status act_place_by_slug(struct db *db, struct arena *arena, struct str slug,
                                         struct place *ret);
MUST_CHECK enum status act_place_by_id(struct db *db, struct arena *arena, struct place_id id,
                                       struct place *ret);

/* The limits, round defaults and words of act->place. */
MUST_CHECK enum status act_place_settings(const struct act *act, struct place_settings *ret);
/* The parts of act->place, in order. */
struct area_list { struct area *ptr; size_t len; };
MUST_CHECK enum status act_place_areas(const struct act *act, struct area_list *ret);

struct place_card {
	struct str slug, name, purpose;
	int64_t people;
};
struct place_list { struct place_card *ptr; size_t len; };
/* Who does what for the place: for the page of its rules. */
struct helper_card { struct str name; bool steward, treasurer; };
struct helper_list { struct helper_card *ptr; size_t len; };
MUST_CHECK enum status act_place_helpers(const struct act *act, struct helper_list *ret);

/* Sets up a place: its slug, areas, the named people and their roles, what is in the pot, a
 * leaf in its record, a mail to each named person. act->place is the new place afterwards.
 * REFUSED with the form's field (commons/place.h) when the plan may not be or the slug is
 * taken. For the operator's own command line, and for the next function. */
MUST_CHECK enum status act_place_set_up(struct act *act, const struct place_plan *plan,
                                        struct refusal *why);
/* The same for who holds the set-up key; REFUSED with field "key" when it isn't the right one. */
MUST_CHECK enum status act_place_set_up_by_key(struct act *act, struct str key,
                                               const struct place_plan *plan, struct refusal *why);

/* The key that lets its holder set up the next place. It is a keyed hash of how many places
 * were set up so far, so it needs no keeping and is used up by the place it made. Printed when the
 * server starts. */
MUST_CHECK enum status act_set_up_key(const struct act *act, struct token_text *ret);
/* OK when it is the right one; REFUSED with field "key". */
MUST_CHECK enum status act_set_up_key_fits(const struct act *act, struct str key,
                                           struct refusal *why);

#endif
