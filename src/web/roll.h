/* What the pages of the roll show: ready values for roll*.html. */
#ifndef WEB_ROLL_H
#define WEB_ROLL_H

#include "acts/roll.h"
#include "web/error_summary.h"
#include "web/html.h"

struct roll_row {
	struct str name, area, path;
	bool struck, challenged;
};
struct challenge_row {
	struct str name, person_path, by, reason, answer, action;
	struct instant made_at;
	bool settled, upheld, mine_to_settle;
};
struct challenge_rows { struct challenge_row *ptr; size_t len; };

struct roll_page {
	struct str path;      /* of the round */
	struct str title, search, more; /* more: address of the next page */
	bool frozen, searched;
	int64_t people;
	struct { struct roll_row *ptr; size_t len; } lines;
	struct challenge_rows open, settled;
};

struct roll_person_page {
	struct str path;      /* of the roll */
	struct str action;    /* where a challenge is sent */
	struct str name, area, title;
	bool struck, may_challenge;
	struct str reason;    /* as typed */
	struct challenge_rows challenges;
	struct str answer;
	struct str field;
	struct message problem;
	struct error_summary errors;
};

struct turnout_row {
	struct str area;
	int64_t ballots;
	bool hidden;
};
struct turnout_page {
	struct str path;      /* of the round */
	struct str title;
	int64_t ballots;
	bool any_hidden;
	struct { struct turnout_row *ptr; size_t len; } rows;
};

#endif
