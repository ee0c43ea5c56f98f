/* "A closer look" at a counted round: what acts/closer.h finds, in words. */
#ifndef WEB_CLOSER_H
#define WEB_CLOSER_H

#include "base/message.h"
#include "base/money.h"

struct closer_titles {
	struct str *ptr;
	size_t len;
};

struct closer_rule {
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

struct closer_page_view {
	struct str title, count_path;
	bool too_large;
	int64_t voters;
	struct str gini;
	bool fair;                  /* no group was passed over */
	struct str passed_over;     /* the option of the group that was */
	int64_t group;
	struct amount deserves, has;
	struct closer_rules rules;
	int64_t same_rules;
	int64_t tied_steps, orders, orders_changed;
	int64_t safe_ballots;
	int64_t more, more_of, more_changed, fewer, fewer_of, fewer_changed;
	struct closer_titles could_change; /* what one ballot could bring in or take out */
};

#endif
