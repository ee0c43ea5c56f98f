/* What the pages of rounds show: ready values for decisions.html and round_*.html. */
#ifndef WEB_ROUND_H
#define WEB_ROUND_H

#include "acts/round.h"
#include "web/error_summary.h"
#include "web/html.h"
#include "web/method_words.h"

struct request;

struct round_row {
	struct str title, path;
	struct amount budget;
	int64_t options;
	struct instant opens_at, closes_at, counted_at;
	struct str reason; /* void: why */
};
struct round_rows { struct round_row *ptr; size_t len; };

struct decisions_page {
	struct str path; /* of this page */
	bool may_manage, none;
	struct round_rows voting, coming, over, counted, ended, drafts;
};

struct option_row {
	int64_t number;
	struct str title, summary, idea_path; /* idea_path empty: of an import */
	struct amount cost;
	bool withdrawn;
	struct str reason, withdraw_path;     /* withdraw_path empty: not now, or not by you */
};
struct option_rows { struct option_row *ptr; size_t len; };
struct name_rows { struct str *ptr; size_t len; };

struct round_page {
	struct str path;        /* of the round */
	struct str decisions;   /* path of all rounds */
	struct str phase;       /* draft, coming, voting, over, counted, void */
	bool settling;          /* over, and challenges are open */
	struct str title, description, void_reason;
	struct safe_html intro;
	struct amount budget;
	int64_t most, least_age;
	int64_t points, points_each;
	bool one, residents;    /* one: only one choice */
	bool by_points, by_order; /* ballots have points; put ideas in order */
	bool imported;          /* who might vote, and how, is not known */
	bool shares, steps;     /* Equal Shares; its completion raises shares step by step */
	struct amount step;
	int64_t threshold;
	struct message rule, rule_name, utility, completion, ties; /* in words; rule: how it works */
	struct instant opens_at, closes_at, counted_at;
	struct str rules_hash, fingerprint; /* fingerprint: in groups of four */
	struct str replaces, replaced_by;   /* paths */
	struct name_rows areas;
	struct option_rows options;
	bool may_manage, may_void, may_reopen, may_open;
	bool short_of_money;    /* draft: the pot has less */
	struct amount pot;
	struct error_summary errors;
};

/* The form of a draft: what is in its fields, as text. */
struct round_form {
	struct str action, back;
	struct str example;     /* path of the worked example */
	bool is_new;
	struct str title, intro, budget, most, kind, points, points_each;
	struct str rule, utility, completion, increment, ties, threshold;
	struct choice_rows rules, more_rules, kinds, utilities, completions, all_ties;
	bool more;              /* something of "More ways" is chosen, or was refused */
	struct str opens_on, opens_time, closes_on, closes_time, who_may, least_age, zone;
	struct name_rows areas;
	struct str field;       /* that was refused */
	struct message problem;
	struct error_summary errors;
};

struct candidate_row {
	struct str id, title, author, cost, path;
	bool taken;
};
struct choose_page {
	struct str action, path, title;
	struct amount budget;
	struct { struct candidate_row *ptr; size_t len; } candidates;
	struct str ideas;       /* path */
	struct str field;
	struct message problem;
	struct error_summary errors;
};

/* A deed that needs public words: withdraw an option, end a round. */
struct reason_page {
	struct str kind;        /* option, round */
	struct str action, back, title, reason;
	struct str field;
	struct message problem;
	struct error_summary errors;
};

/* ---- for the pages of ballots and rolls too; text in the request's arena ---- */

/* "/alder-vale/decisions/ID" and what follows; empty when the arena is full. */
struct str round_path(struct request *req, struct round_id id, const char *rest);
/* A message in words. */
struct str words_of(struct request *req, const struct message *message);
const char *round_phase_name(enum round_phase phase);
/* "7f3a91c2…" -> "7f3a 91c2 …" */
struct str in_fours(struct request *req, struct str hex);
/* Fills the three fields that every form view has. */
MUST_CHECK enum status problem_of(struct request *req, struct str *field, struct message *problem,
                                  struct error_summary *errors);

/* web/round.c: the round, with the refusal in req on top. */
void page_round_show(struct request *req);

/* web/round_draft.c */
void page_round_new(struct request *req);
void page_round_edit(struct request *req);
void page_round_choose(struct request *req);
enum status deed_round_add(struct act *act, struct request *req, struct refusal *why);
enum status deed_round_edit(struct act *act, struct request *req, struct refusal *why);
enum status deed_round_choose(struct act *act, struct request *req, struct refusal *why);

#endif
