/* What the pages of ballots show: ready values for ballot*.html. */
#ifndef WEB_BALLOT_H
#define WEB_BALLOT_H

#include "acts/ballot.h"
#include "web/error_summary.h"
#include "web/html.h"

enum { BALLOT_BAR = 320 }; /* width of the picture of the money, in its own units */

struct ballot_row {
	int64_t number;
	struct str title, summary, idea_path;
	struct amount cost;
	bool chosen, withdrawn;
	struct str given;  /* what stands, or was typed, beside it: points, or its place */
	bool wrong;        /* and can't */
	struct str reason; /* why it was withdrawn */
};
struct area_row {
	struct str key, name;
	bool chosen;
};

struct ballot_page {
	struct str path;       /* of the round */
	struct str phase;      /* as in web/round.h */
	struct str title;
	struct instant opens_at, closes_at;
	struct amount budget, chosen; /* chosen: what the choice costs together */
	int64_t bar;           /* of BALLOT_BAR: how much of the budget that is */
	int64_t ticked, most;  /* most 0: no limit */
	bool one;              /* choose-1: radio buttons */
	bool numbers, by_points; /* a number beside each option: points, or else its place */
	int64_t points, points_each, given; /* of a ballot, of an option (0: no limit), so far */
	bool in_box, struck, ask_area, ask_age, none_chosen;
	int64_t least_age;
	bool of_age;           /* ticked in what was sent */
	struct { struct ballot_row *ptr; size_t len; } options;
	struct { struct area_row *ptr; size_t len; } areas;
	struct { struct ballot_doubt *ptr; size_t len; } doubts;
	struct str locale, currency; /* for app.js */
	int64_t decimals;
	struct str field;
	struct message problem;
	struct error_summary errors;
};

struct receipt_page {
	struct str path;       /* of the round */
	struct str title, code;
	struct instant closes_at;
	bool changed, blank;   /* changed: there was a ballot before */
};

struct drawer_row {
	struct str name, path;
	bool here;
};
struct box_page {
	struct str path;       /* of the round */
	struct str action;
	struct str title;
	bool voting;
	bool many; /* more than are counted */
	int64_t ballots;
	struct { struct drawer_row *ptr; size_t len; } drawers; /* none: one drawer */
	struct { struct str *ptr; size_t len; } receipts;
	/* of a search */
	struct str code;
	bool searched, found;
	struct str found_receipt;
	struct str field;
	struct message problem;
	struct error_summary errors;
};

#endif
