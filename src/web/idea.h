/* What the pages of ideas show: ready values for idea_*.html. */
#ifndef WEB_IDEA_H
#define WEB_IDEA_H

#include "acts/comment.h"
#include "acts/idea.h"
#include "base/diff.h"
#include "web/error_summary.h"
#include "web/field.h"
#include "web/html.h"

/* `base` is the path of the place's ideas: "/alder-vale/ideas". `state` is "open", "checked"
 * or "declined", as in commons/idea.h. */

struct idea_row {
	struct idea_id id;
	struct str title, author, state;
	struct amount cost;
	bool has_cost, exact; /* exact: what it will really cost */
	int64_t comments;
	struct instant when;
};

struct idea_list_view {
	struct str base;
	struct str words, state; /* of the search, as typed */
	struct { struct idea_row *ptr; size_t len; } ideas;
	bool searched;   /* something was looked for */
	bool later;      /* not the first page */
	bool more;       /* there are older ones, behind last */
	struct idea_id last;
};

struct idea_similar_view {
	struct str base;
	struct idea_similar_rows ideas;
};

/* The three fields, for a new idea and for an edit. */
struct idea_fields_view {
	struct field_view title, body, cost;
	struct str currency;
	struct str similar; /* where app.js asks for similar ideas; empty: it does not */
};

struct idea_new_view {
	struct str base, key;
	struct error_summary problem;
	struct idea_fields_view fields;
	struct message pause; /* before it is added: others are like it */
	struct idea_similar_view similar; /* empty until there was a reason to look */
};

struct idea_edit_view {
	struct str base;
	struct idea_id id;
	int64_t version; /* what this form changes */
	struct error_summary problem;
	struct idea_fields_view fields;
	bool newer;      /* it was changed meanwhile: what it says now */
	struct str title, body;
	bool has_cost;
	struct amount cost;
};

struct comment_row {
	struct comment_id id;
	struct str author;
	struct instant when;
	struct safe_html body;
};

/* Where an idea stands, in words. */
struct idea_standing_view {
	struct str base, rounds_base;
	struct str state;
	struct str owner, permission, reason, judge;
	struct amount real_cost;
	struct instant judged_at;
	bool own;        /* the judge is its author */
	struct idea_rounds_rows rounds;
};

struct idea_show_view {
	struct str base;
	struct idea_id id;
	struct str title, author, summary;
	struct str author_path; /* what else they proposed */
	struct safe_html body;
	struct instant when, changed_at;
	bool edited, has_cost;
	struct amount cost;
	struct idea_standing_view standing;
	struct { struct comment_row *ptr; size_t len; } comments;
	int64_t comment_total, page, pages, previous, next; /* previous, next: 0: none */
	bool may_edit, may_comment, may_judge;
	struct str join; /* where to sign in, and come back */
	struct error_summary problem;
	struct field_view comment;
	struct str key;
};

struct idea_version_row {
	int64_t version;
	struct str author;
	struct instant when;
	bool first;             /* there is nothing before it */
	bool title_changed, body_changed, cost_changed;
	struct diff title, body;
	bool has_cost, had_cost;
	struct amount cost, cost_before;
};

struct idea_history_view {
	struct str base, title;
	struct idea_id id;
	struct { struct idea_version_row *ptr; size_t len; } versions;
	struct idea_judgements_rows judgements;
	bool more;
	int64_t before; /* the oldest version shown */
};

struct idea_author_view {
	struct str base, author;
	struct idea_list_by_author_rows ideas;
};

struct idea_judge_view {
	struct str base;
	struct idea_id id;
	struct str title, author, state;
	struct safe_html body;
	int64_t days, version, judgement;
	bool has_cost, own, in_round;
	struct amount cost;
	struct error_summary problem;
	struct field_view owner, permission, real_cost, reason;
	struct str currency;
};

#endif
