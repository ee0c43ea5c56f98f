/* What the home page and the page of the place's rules show. */
#ifndef WEB_HOME_H
#define WEB_HOME_H

#include "acts/home.h"
#include "web/html.h"

struct home_round_view {
	struct str path;       /* of the round */
	struct str ballot_path;
	struct str title;
	struct str vote_note;  /* the place's words beside the button; may be empty */
	int64_t options, most; /* most 0: no limit */
	int64_t points;        /* to share out; 0: no ballots with points */
	bool one, by_order, proportional;
	struct message rule;   /* how it is counted, where it is not by equal shares */
	bool running;          /* else it begins at opens_at */
	struct instant opens_at, closes_at;
};

struct home_idea_view {
	struct str path, title, author;
	struct amount cost; /* 0: not known */
	bool checked;
	int64_t comments;
};

struct home_winner_view {
	struct str title;
	struct amount cost;
};

struct home_decision_view {
	struct str path, title;
	struct instant counted_at;
	int64_t voters, represented, winners, more; /* more: winners that are not listed */
	struct amount total_cost;
	struct { struct home_winner_view *ptr; size_t len; } first;
};

/* The pot's bars: 320 units wide, the highest 70 high, year below. */
struct home_bar {
	int64_t year, x, y, width, height, middle;
	struct amount held;
};

struct home_pot {
	struct str path;
	struct amount held, granted, set_aside, promised, free; /* held = set_aside + promised + free */
	int64_t first_year, last_year;
	struct { struct home_bar *ptr; size_t len; } bars; /* none: one year is no picture */
};

struct home_page {
	struct str question;  /* heading, the place's or the program's */
	struct str place;     /* its name */
	struct str purpose;
	struct str path;      /* of the place, without the last slash */
	int64_t people, last_year;
	bool imported;        /* only a count to look at */
	bool member;          /* signed in */
	bool has_pot;
	struct home_pot pot;
	struct { struct home_round_view *ptr; size_t len; } rounds;
	struct { struct home_idea_view *ptr; size_t len; } ideas;
	struct { struct home_decision_view *ptr; size_t len; } decisions;
};

struct about_names { struct str *ptr; size_t len; };

struct about_page {
	struct str place, purpose, language;
	struct str join_path, new_idea_path, example_path;
	bool imported;
	struct about_names stewards, treasurers, areas;
	struct place_limits limits;
	bool proportional;   /* the rule that rounds begin with: equal shares; otherwise: */
	struct message rule;
	int64_t points;      /* to share out; 0: no ballots with points */
	bool by_order;
	bool one;            /* the ballot: one option, else as many as `most`, 0: no limit */
	int64_t most;
	bool residents;      /* who may vote: who lives in one of the areas */
	int64_t least_age, days;
};

#endif
