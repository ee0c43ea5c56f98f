/* A place: one neighbourhood, village or city on this server. */
#ifndef COMMONS_PLACE_H
#define COMMONS_PLACE_H

#include <stdbool.h>

#include "base/id.h"
#include "base/message.h"
#include "base/str.h"

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

#endif
