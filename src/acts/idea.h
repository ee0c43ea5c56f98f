/* What people do with ideas: add, edit, judge; and what they ask: list, show, history. */
#ifndef ACTS_IDEA_H
#define ACTS_IDEA_H

#include "acts/act.h"
#include "commons/idea.h"
#include "store/comment.sql.h"
#include "store/idea.sql.h"

enum {
	IDEA_PAGE = 20,     /* ideas on one page */
	IDEA_SIMILAR = 5,   /* similar ideas shown */
	COMMENT_PAGE = 100, /* comments on one page */
	VERSION_PAGE = 10   /* versions on one page of the history */
};

/* ---- questions ---- */

struct idea_filter {
	struct str words;    /* as typed; empty: all */
	struct str state;    /* "open", "checked", "declined"; empty: all */
	struct idea_id after; /* 0: from the newest */
};

/* Newest first, at most IDEA_PAGE; *ret_more: there are older ones behind the last. */
MUST_CHECK enum status act_idea_list(const struct act *act, const struct idea_filter *filter,
                                     struct idea_list_rows *ret, bool *ret_more);

/* Ideas that share words with this title, the most alike first. */
MUST_CHECK enum status act_idea_similar(const struct act *act, struct str title,
                                        struct idea_similar_rows *ret);

struct idea_shown {
	struct idea_by_id_row idea;
	enum idea_state state;
	struct idea_rounds_rows rounds;
	struct comment_list_rows comments; /* one page, oldest first */
	int64_t page, pages;               /* of the comments, from 1; at least one */
	bool mine;       /* the asking person wrote it */
	bool may_edit, may_comment, may_judge;
};

/* `page` of its comments; beyond the last it is the last. */
MUST_CHECK enum status act_idea_show(const struct act *act, struct idea_id id, int64_t page,
                                     struct idea_shown *ret);

/* For the form that changes it. FORBIDDEN when it is not theirs; REFUSED when it is judged. */
MUST_CHECK enum status act_idea_edit_show(const struct act *act, struct idea_id id,
                                          struct idea_by_id_row *ret, struct refusal *why);

/* For the form that judges it. */
MUST_CHECK enum status act_idea_judge_show(const struct act *act, struct idea_id id,
                                           struct idea_by_id_row *ret);

/* What one person proposed, at most IDEA_PAGE; NOT_FOUND when that is nothing. */
MUST_CHECK enum status act_idea_by_author(const struct act *act, struct person_id author,
                                          struct idea_list_by_author_rows *ret);

struct idea_history {
	struct idea_by_id_row idea;
	/* Newest first, from below version `before` (0: from the newest). At most VERSION_PAGE
	 * are to be shown; the row behind them, when there, is what the last one changed. */
	struct idea_versions_rows versions;
	struct idea_judgements_rows judgements;
};
MUST_CHECK enum status act_idea_history(const struct act *act, struct idea_id id, int64_t before,
                                        struct idea_history *ret);

/* ---- deeds ---- */

struct idea_new {
	int64_t key;        /* made by the form: sent twice, it is one idea */
	struct idea_draft draft;
	bool similar_seen;  /* false: refused with field "similar" when there are similar ideas */
};

/* *ret_id is the new idea; the one that is there already when the same was sent before.
 * Refused with field "key" when this key added an idea with other words. */
MUST_CHECK enum status act_idea_add(struct act *act, const struct idea_new *idea,
                                    struct idea_id *ret_id, struct refusal *why);

/* `seen`: the version that was in the form. Nothing happens when nothing was changed. */
MUST_CHECK enum status act_idea_edit(struct act *act, struct idea_id id,
                                     const struct idea_draft *draft, int64_t seen,
                                     struct refusal *why);

/* Checks, declines or opens it again; its author gets a mail. */
MUST_CHECK enum status act_idea_judge(struct act *act, struct idea_id id,
                                      const struct idea_judgement *judgement,
                                      struct refusal *why);

#endif
