/* Inside decide: Exact Equal Shares and its completion by the least raise that changes anything.
 * Source: Kraiczy, Robinson, Elkind, "Streamlining Equal Shares" (2025, arXiv 2502.11797): EES
 * (algorithm 1) and add-opt; their programs are at github.com/robinsonaisaac/Scalable_Proportional_PB.
 *
 * The rule, for a given share. Everybody has the share. A pair (p, t) can be paid when p has not
 * won and t of its supporters have at least cost(p) / t each. Of all such pairs the one with the
 * most utility for the money wins: t * u(p) / cost(p), where u(p) is cost(p) or 1, alike for all;
 * of equal ones the one whose option goes first in a tie. Those t supporters pay cost(p) / t, the
 * others nothing; no pair is left: the end. The largest t of an option is the best, and then
 * exactly t supporters have that much (were they more, a larger t could be paid): who pays is never
 * a question of who comes first.
 *
 * The completion. An outcome is who wins, in which order, and who pays for what. The share begins
 * with budget / voters and is raised to the least share at which the outcome is another, as long as
 * the winners cost at most the budget; the last such outcome stands. It ends earlier when something
 * could be bought no more: nothing that is left would fit (exhaustive), or all that anybody wants
 * has won. As outcomes stay the same between two such shares, this is what increments would come to
 * if they were as small as you like.
 *
 * The least raise. Let (p_k, t_k) win at step k for the share s, and let v(i, k) be what voter i has
 * paid before it. A pair (p, t) that goes before (p_k, t_k) - more utility for the money, or as much
 * and first in a tie; after the last step, any pair - could be paid at step k by the t supporters
 * who have paid least if the share were
 *	S(k, p, t) = v(t-th least of p's supporters, k) + cost(p) / t.
 * It can't be at s, so S > s. Let S* be the least of all of them. For a share s' with s <= s' < S*
 * nothing changes: step by step, payments before step k are the same, so v(., k) is; (p_k, t_k) can
 * be paid as everybody has more than with s; and no pair that goes before it can. For S* itself let
 * k be the first step with a pair of S(k, p, t) = S*. All before step k is as with s, and at step k
 * a pair that goes before (p_k, t_k) can be paid: another outcome. So S* is the least share above s
 * that has one.
 *
 * How it is found. Steps are run through once for each share; behind the search is the least S so
 * far (limit), and an option is looked at again only while it may beat a step's winner at that share:
 * `most`, how many supporters can pay alike, only falls from step to step. What is found lower than
 * all before is put on a stack of records; its last is S*. The steps before that one stand: they are
 * kept, and so is the record before it, which is the least S of all steps up to there. */
#ifndef CORE_DECIDE_EXACT_SHARES_H
#define CORE_DECIDE_EXACT_SHARES_H

#include "core/decide/account.h"
#include "core/decide/count.h"

struct exact_step {
	uint32_t option;
	int64_t payers;
	size_t at;  /* where the option stood in `open` */
};

/* What was known of an option before a step lowered it. */
struct exact_lowered {
	uint32_t option;
	size_t step, before; /* lowered at this step, and before at that */
	int64_t most;
};

/* The least share at which an option would go before a step's winner. */
struct exact_record {
	size_t step;
	double share;    /* within the accounts' error */
	double limit;    /* above it, and above that of the records before: no other is looked for */
	uint32_t option;
	bool alone;      /* no other option's at this step may be the same or less */
};

struct exact_run {
	const struct election *e;
	const uint32_t *rank;
	bool by_cost;              /* u(p) is its cost, or 1 */
	struct accounts accounts;
	mpq_t share, scratch[2];
	double share_near;         /* at most the share */

	uint32_t *open;            /* options that have not won and can */
	size_t open_count;
	int64_t *most;             /* by option: no more supporters can pay alike at `limit` */
	size_t *lowered;           /* by option: the step at which most was last lowered */
	struct exact_lowered *log; /* so that steps can be taken back; once it is full, options begin
	                              again with all their supporters */
	size_t log_count, log_size;
	double limit;

	struct exact_step *steps;  /* those of accounts.steps stand; others are guesses */
	size_t guesses;
	struct exact_record *records;
	size_t record_count;
};

void exact_set_share(struct exact_run *run, mpq_srcptr share);
/* The winner of the next step at the share; false when there is none. */
bool exact_next(struct exact_run *run, struct exact_step *ret);
void exact_take(struct exact_run *run, struct exact_step step);
void exact_take_back(struct exact_run *run, size_t steps);

/* Supporters of an option who have paid at most so much. */
int64_t exact_weight(const struct exact_run *run, uint32_t option, double paid);
/* How many of an option's supporters at most can pay a cost alike at the share; 0 when they are fewer
 * than `least`. There are at most `from`. */
int64_t exact_can_pay(struct exact_run *run, uint32_t option, int64_t cost, int64_t from,
                      int64_t least);
/* The same for the option's own cost at another share, with the accounts' error in its favour: not
 * fewer than there are; below `least` perhaps more. */
int64_t exact_may_pay(const struct exact_run *run, uint32_t option, double share, int64_t from,
                      int64_t least);
/* Lowers an option's most to that of exact_may_pay at the limit; whether `least` can pay at all. */
bool exact_lower(struct exact_run *run, uint32_t option, int64_t least);
/* The least t with which p goes before (q, payers). */
int64_t exact_least(const struct exact_run *run, uint32_t p, uint32_t q, int64_t payers);

/* exact_raise.c. Notes the least share below the limit at which a pair would go before the winner of
 * the step that comes next; payers 0: nothing wins. */
void exact_look(struct exact_run *run, const struct exact_step *winner);
/* After the last step, with something left to win: sets the share to the least that changes the
 * outcome, and takes back the steps from the first that changes on. */
void exact_raise(struct exact_run *run);

/* exact_explain.c: takes all steps from the first, and writes winners and reasons into the outcome. */
MUST_CHECK enum status exact_explain(struct exact_run *run, struct count *count);

#endif
