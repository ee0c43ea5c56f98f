/* What came of a round, as everybody may see it: winners and reasons, the two ways of counting
 * side by side, every step, and the ballots without names to count again elsewhere.
 * Nothing of it is there before the count: NOT_FOUND then. */
#ifndef ACTS_RESULT_H
#define ACTS_RESULT_H

#include "acts/act.h"
#include "base/money.h"
#include "core/decide/outcome.h"
#include "store/count.sql.h"

struct result_option {
	int64_t number;
	struct str label, title;
	struct amount cost;
	int64_t votes;
	int64_t points;         /* of all ballots together, where result.points */
	int64_t place_won;      /* 1.. in order of selection; 0: did not win */
	enum outcome_why why;
	bool has_could_pay, has_room;
	struct amount could_pay, room; /* see outcome_option in the schema */
	struct str withdrawn_reason;
	struct idea_id idea;       /* value 0: none */
	struct project_id project; /* value 0: none */
	bool other_won;         /* by the other way of counting */
	int64_t other_place;    /* in its order; 0: did not win */
	bool file_selected;     /* imports: the file itself names it as a winner */
};

struct result {
	struct count_round_row round;
	bool imported;
	struct str file_rule;   /* imports: what the file says its rule was; may be empty */
	bool file_names_winners; /* imports: it has a column of them */
	bool counted;           /* false: an import of before schema 3, of points or rankings */
	bool points;            /* counted by points: those given, or those of the order (Borda) */
	bool borda;
	bool fell_to_votes;     /* "comparison": more voters had more from greedy, whose winners won */
	struct outcome_list_row official, other; /* other.id.value 0: there is none */
	struct result_option *options; /* winners first in order, then by votes */
	size_t options_len;
	size_t option_winners;
};

MUST_CHECK enum status act_result_show(struct act *act, struct round_id round,
                                       struct result *ret);
/* One of its outcomes with every step; options of `ret` are by number - 1. */
MUST_CHECK enum status act_outcome_show(struct act *act, struct round_id round,
                                        struct outcome_id id, struct outcome *ret);

/* Appends the round as a Pabulib file: an import without loss, another with its options that
 * were not withdrawn and its ballots without names, in the order of their keys, which tells
 * nothing. */
MUST_CHECK enum status act_round_export(struct act *act, struct round_id round, struct buf *out);

enum { EXPORT_MAX = 256 << 20 };

#endif
