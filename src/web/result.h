/* What came of a round: ready values for result.html, count.html and how_we_count.html. */
#ifndef WEB_RESULT_H
#define WEB_RESULT_H

#include "acts/result.h"
#include "web/html.h"
#include "web/method_words.h"
#include "web/strip.h"

struct result_row {
	int64_t place;      /* 1.. in order of selection; 0: did not win */
	struct str title, path; /* path empty: nothing more to read */
	struct amount cost;
	int64_t votes, points;
	struct message why; /* one kind sentence */
	struct message need; /* what would have been enough; text NULL: it won, or nobody asked */
	bool won, other_won, file_selected;
};

struct result_rows {
	struct result_row *ptr;
	size_t len;
};

/* One way of counting: voters with at least one winner among their choices. */
struct share_bar {
	struct message name;
	struct strip strip;
	int64_t represented, voters;
};

struct share_bars {
	struct share_bar *ptr;
	size_t len;
};

/* One idea against the money. */
struct money_bar {
	struct str title;
	struct amount cost;
	int64_t had, whole;      /* of a loser: the cost at which it would have won, or what there was,
	                            and its cost; minor units */
	struct strip strip;
};

struct money_bars {
	struct money_bar *ptr;
	size_t len;
};

/* The ideas and the money: each winner where the one before it ended, and how near others came. */
struct money_picture {
	struct money_bars chosen, near;
	bool any;                 /* of either */
	int64_t more;             /* winners that `rest` holds together; 0: none */
	struct money_bar rest;
	struct amount unspent;
	struct strip left;
	bool needed;              /* had: the cost at which it would have won; else, as nobody asked: */
	bool by_shares;           /* had: what its supporters could pay; else what was left */
};

struct result_page_view {
	struct str title;
	struct instant counted_at;
	struct amount budget, spent, rest;
	int64_t voters, winners, represented;
	struct str represented_words; /* "91%" */
	bool counted, imported, file_names_winners, agrees;
	int64_t differ;         /* imports: options where the file and our recount disagree */
	struct str file_rule;
	struct result_rows won, lost;
	struct share_bars bars;
	bool points, borda;     /* counted by points; those of an order */
	bool alike;             /* who pays for a winner pays as much as the others */
	bool fell_to_votes;     /* the comparison went to most votes first */
	struct message rule, rule_name; /* rule: in one plain sentence */
	struct money_picture picture;
	struct str count_path, ballots_path, rules_path, round_path, money_path;
	struct str fingerprint; /* in groups of four; empty for imports */
	bool money;             /* winners got awards here */
};

/* ---- the scrutineer's page ---- */

struct compare_row {
	struct str label, title;
	struct amount cost;
	int64_t votes, points;
	int64_t first, second; /* order of selection; 0: not */
	bool first_won, second_won;
	bool file_selected;
};

struct compare_rows {
	struct compare_row *ptr;
	size_t len;
};

struct step_row {
	int64_t number;
	struct str title;
	struct amount cost, left;
	struct strip part;      /* of the budget */
	struct message by;
	struct amount price;    /* what each pays, rounded down */
	struct strip price_part; /* of the highest price */
	struct str effective;   /* effective votes, decimal text */
	int64_t payers, all_in, tied;
	bool shares;
};

struct step_rows {
	struct step_row *ptr;
	size_t len;
};

/* What a loser would have needed. */
struct needed_row {
	struct str title;
	struct amount cost, highest_cost;
	struct strip part;      /* highest_cost of cost */
	bool never_cheaper, never_more; /* at no cost; with no number of voters */
	int64_t more_ballots;
};

struct needed_rows {
	struct needed_row *ptr;
	size_t len;
};

/* Voters with from … to winners on their ballot: several numbers where one alone has so few voters
 * that it isn't shown (commons/roll.h, TURNOUT_LEAST). */
struct held_row {
	int64_t from, to, voters;
	bool one, last;         /* one: from == to; last: to is the most there is */
	struct strip strip;     /* of the row with the most voters */
};

struct held_rows {
	struct held_row *ptr;
	size_t len;
};

struct decile_row {
	int64_t percent;
	struct amount spent;    /* rounded down */
	struct strip strip;     /* of the share */
};

struct decile_rows {
	struct decile_row *ptr;
	size_t len;
};

struct count_page_view {
	struct str title, round_path, result_path, ballots_path, rules_path;
	bool has_rules, imported, has_other, shares, points, borda;
	bool alike;              /* each payer pays the whole price; else who has less gives that */
	bool compared, fell;     /* "comparison": how many voters had more by which; fell: greedy won */
	int64_t prefer_shares, prefer_greedy;
	struct message first_name, second_name, shown_name;
	bool first_shown;        /* which outcome's steps are on the page */
	struct str first_path, second_path, closer_path;
	struct compare_rows compare;
	struct step_rows steps;
	struct needed_rows needed; /* empty: the count was too large to ask */
	struct held_rows held;
	struct decile_rows deciles;
	struct amount share;     /* what each voter began with, rounded down */
	int64_t increments;
	struct message stop;
	struct amount budget, total;
	int64_t voters, represented;
	struct str command;      /* to count it again */
	struct str seed;         /* hex; empty: none */
	bool file_names_winners;
};

/* web/result_picture.c: the pictures of both pages. NO_MEMORY. */
MUST_CHECK enum status result_bars_fill(struct arena *arena, const struct result *result,
                                        struct message own_name, struct message other_name,
                                        struct result_page_view *view);
MUST_CHECK enum status result_picture_fill(struct arena *arena, const struct result *result,
                                           const struct outcome *outcome,
                                           struct result_page_view *view);
MUST_CHECK enum status result_held_fill(struct arena *arena, const struct outcome *outcome,
                                        struct count_page_view *view);

/* ---- the worked example ---- */

struct example_option {
	struct str title;
	struct amount cost;
	int64_t votes;
	bool greedy_won, shares_won;
	struct message shares_why;
};

struct example_options {
	struct example_option *ptr;
	size_t len;
};

struct how_page_view {
	struct choice_rows more, kinds; /* ways that are not usual */
	struct example_options options;
	struct amount budget, share;
	int64_t voters;
	int64_t greedy_represented, shares_represented;
};

#endif
