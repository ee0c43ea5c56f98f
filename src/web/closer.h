/* "A closer look" at a counted round: what acts/closer.h finds, in words. */
#ifndef WEB_CLOSER_H
#define WEB_CLOSER_H

#include "base/message.h"
#include "base/money.h"
#include "web/strip.h"

struct closer_titles {
	struct str *ptr;
	size_t len;
};

struct closer_rule {
	int64_t number;
	struct message name;
	bool has_terms;
	struct message weighs, rest; /* how a choice weighs, where money that is left goes */
	bool by_sets;               /* the points on the ballots were left out */
	bool counted, same;
	struct closer_titles in, out;
};

struct closer_rules {
	struct closer_rule *ptr;
	size_t len;
};

/* One option: whether this count chose it, and each of the other rules, by number. */
struct closer_cell {
	bool chosen, counted;
};

struct closer_grid_row {
	struct str title;
	bool chosen;
	struct { struct closer_cell *ptr; size_t len; } cells;
};

/* The options about which the rules differ; the others all rules choose, or none does. */
struct closer_grid {
	struct closer_grid_row *ptr;
	size_t len;
};

struct closer_page_view {
	struct str title, count_path;
	bool too_large;
	int64_t voters;
	struct str gini;
	struct strip gini_strip;
	bool fair;                  /* no group was passed over */
	struct str passed_over;     /* the option of the group that was */
	int64_t group;
	struct amount deserves, has;
	struct closer_rules rules;
	int64_t same_rules;
	struct closer_grid grid;
	int64_t always, never;      /* options that all rules choose, and that none does */
	int64_t tied_steps, orders, orders_changed;
	int64_t safe_ballots;
	int64_t more, more_of, more_changed, fewer, fewer_of, fewer_changed;
	struct closer_titles could_change; /* what one ballot could bring in or take out */
};

#endif
