/* A recipe: a readable file that says how a place of one kind begins. It sets up a place
 * through the same deeds that a person would use; all it gives can be changed on the way. */
#ifndef COMMONS_RECIPE_H
#define COMMONS_RECIPE_H

#include "commons/place.h"

struct recipe {
	struct str name;     /* of its file: "neighbourhood-endowment" */
	struct str title;    /* "Neighbourhood endowment" */
	struct str about;    /* for whom it is */
	struct str purpose;  /* the place's, to begin with */
	struct str language, currency, zone;
	struct str areas;    /* one per line; may be empty */
	struct str pot_name;
	struct str pot;      /* amount in the currency's major unit, as people type it; may be empty */
	struct str increment; /* round.increment likewise, as the currency may still change */
	struct place_settings settings; /* its round.increment is 0 */
	bool treasurer;      /* asks for one */
};

/* Pure checks of what was read. why->field is the path in the file: "place.currency". */
MUST_CHECK enum status recipe_may_be(const struct recipe *recipe, struct refusal *why);
/* The settings of a place that keeps money in `currency`. */
MUST_CHECK enum status recipe_settings(const struct recipe *recipe, struct str currency,
                                       struct place_settings *ret);

#endif
