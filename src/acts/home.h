/* What a place's home page is made of: few statements, all by index. */
#ifndef ACTS_HOME_H
#define ACTS_HOME_H

#include "acts/act.h"
#include "acts/money.h"
#include "commons/ballot_choice.h"
#include "commons/settings.h"

struct home_round {
	struct round_id id;
	struct str title;
	struct amount budget;
	enum ballot_kind kind;
	int64_t most;      /* options on a ballot; 0: no limit */
	int64_t points;    /* BALLOT_CUMULATIVE: to share out */
	struct str rule, utility;
	int64_t threshold; /* the rule's; 0: none */
	struct instant opens_at, closes_at;
	int64_t options;
};

struct home_idea {
	struct idea_id id;
	struct str title, author;
	struct amount cost; /* 0: not known */
	bool checked;       /* the cost is the real one */
	int64_t comments;
};

struct home_winner {
	struct str title;
	struct amount cost;
};

struct home_decision {
	struct round_id id;
	struct str title;
	struct instant counted_at;
	int64_t voters, represented, winners;
	struct amount total_cost;
	struct { struct home_winner *ptr; size_t len; } first; /* some of the winners, in order */
};

enum { HOME_WINNERS = 4 };

struct home {
	struct place_settings settings;
	struct { struct home_round *ptr; size_t len; } rounds;       /* open ones, first to close first */
	struct { struct home_idea *ptr; size_t len; } ideas;         /* talked about */
	struct { struct home_decision *ptr; size_t len; } decisions; /* newest first */
	bool has_pot;
	struct money_page money;
};

MUST_CHECK enum status act_home_show(struct act *act, struct home *ret);

#endif
