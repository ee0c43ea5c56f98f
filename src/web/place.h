/* What the first page of a server and the page that sets up a place show. */
#ifndef WEB_PLACE_H
#define WEB_PLACE_H

#include "acts/recipe.h"
#include "web/choice.h"
#include "web/error_summary.h"
#include "web/html.h"

struct set_up_page {
	struct recipe recipe;
	/* as typed, or as the recipe has it */
	struct str key, name, slug, purpose, people, areas, pot, last_year;
	struct str steward_name, steward_email, treasurer_name, treasurer_email;
	struct choices currencies, languages, zones;
	bool key_is_right;     /* then it need not be asked for */
	struct str example;    /* address of a place on this server */
	/* what the recipe switches on */
	struct place_limits limits;
	bool proportional, one, by_order, residents;
	struct message rule;   /* how rounds are counted, where it is not by equal shares */
	int64_t most, points;  /* points 0: no ballots with points */
	struct str wrong;      /* field that was refused, or empty */
	struct message problem;
	struct error_summary summary;
};

#endif
