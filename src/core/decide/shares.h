/* Inside decide: one run of the Method of Equal Shares for a given share per voter.
 *
 * Exact and fast: every amount is held as an interval of doubles [lo, hi] that surely contains
 * the true rational (each operation rounds outwards), and a decision is taken from intervals
 * only when they do not overlap. Where they do, the true rationals are computed (GMP), from
 * the history of the run: what a ballot has left is the share less the prices of the steps it
 * paid in full, until the step at which it had no more. So equal decisions, whatever the
 * machine, at the speed of doubles.
 *
 * A run may also be made for a whole range of shares [from, to] at once. With a fixed order of
 * winners, what each ballot has left only grows with the share and prices only fall, so the
 * two ends bound everything between them; when every decision is clear for the whole range,
 * all shares in it have the same winners in the same order. That is how increments are skipped.
 * Where they can't be, what one run found bounds the prices of the next (shares_reference.c), which
 * spares looking at most supporters again. The innermost loops (shares_sides.c) go through what
 * supporters have, four at a time where the processor can (shares_vectors.c).
 *
 * Where the election has limits (limits.h), each step looks only at what they allow then, and every
 * increment is a run of its own: what a guide and a reference know holds for runs in which an option
 * waits for nothing but its supporters' money.
 */
#ifndef CORE_DECIDE_SHARES_H
#define CORE_DECIDE_SHARES_H

#include <gmp.h>

#include "core/decide/count.h"

enum { SHARES_SOLVENT = INT32_MAX };

/* What each voter of one distinct ballot has left: 0, 0 once broke. */
struct shares_purse {
	double lo, hi;
};

/* Ballots that name an option, each beside how often it was cast and what it gives the option. */
struct shares_list {
	uint32_t *ballot, *weight;
	uint32_t *points; /* NULL: 1 each */
	size_t count;
	double units;     /* sum of weight * points; below 2^53: exact */
	bool far;         /* purses are more than the processor's near caches hold */
};

struct shares_step {
	uint32_t option;
	int64_t tied;
	double lo, hi;    /* its price: what each pays for each point, who has so much */
	bool exact;       /* price has been computed */
	mpq_t price;
};

/* A bound of an option's price at some step of a run, and how far it gives way when the supporters
 * have more (shares_reference.c). rest == 0: price is what they have together at most. */
struct shares_slack {
	uint32_t option, step;
	double price; /* (cost - money of the supporters who have less than some price) / rest */
	double rest;  /* the other supporters */
};

enum shares_state { SHARES_OPEN, SHARES_OUT, SHARES_WON };

struct shares_option {
	enum shares_state state;
	double cost, utility;
	double price_lo, price_hi; /* as last computed; price_lo stays true, as prices only rise */
	double rho_lo, rho_hi;
	struct shares_list list; /* supporters, those taken out who went broke before … */
	size_t list_shortened;   /* … as many ballots as this had, in all */
	bool clear;         /* without points: nobody may have more than price_lo and less than
	                       price_hi */
	bool plain;         /* all who are solvent can pay the full price: cost / plain_units */
	double plain_units;
	struct shares_slack slack; /* as last looked at */
	int32_t step;       /* at which it was chosen; -1 */
};

/* A price that an option has at least, for all shares of a guide; infinity: it is out. */
struct shares_floor {
	uint32_t option;
	double price;
};

/* What is known of all runs of a range of shares that have their winners in one order. */
struct shares_guide {
	bool ready;
	bool steady;          /* the last two runs had the same winners in the same order */
	mpq_t from, to;       /* shares */
	uint32_t *order;      /* expected winners */
	size_t expected;      /* how many */
	size_t count;         /* how many steps are known; expected, or fewer */
	double *second;       /* [count + 1]: no other option has a lower rho at this step */
	struct shares_floor *floors;
	size_t *floors_end;   /* [count + 1]: floors that hold from this step on */
	size_t floors_count, floors_size;
};

/* By how much a winner's price is lower than in the reference run, at most. */
struct shares_fall {
	uint32_t option;
	double price;
};

/* A run that later ones are compared with. */
struct shares_reference {
	bool usable;         /* for this election at all */
	bool ready, recording, using; /* recording, using: by the present run */
	double *overlap;     /* [option * options + option]: voters who chose both; may be shared */
	double share_lo;
	uint32_t *step_of;   /* by option: when it won there */
	double *price_hi;    /* by option that won */
	struct shares_slack *floors;
	size_t count, size;
	/* of the present run */
	double *floor;       /* by option: no price is below it */
	double more;         /* D of shares_reference.c */
	struct shares_fall *fallen; /* d(t) of the winners so far, where it is above 0 */
	size_t fallen_count;
	uint32_t last_step;  /* the latest step_of its winners */
	size_t used, looks, extra_own, extra_since;
};

struct shares_run {
	const struct election *e;
	const uint32_t *rank;
	bool by_cost;           /* utility: an option's is its cost, or 1, times the points */

	mpq_t share, share_to;  /* range of shares; the same when it is one */
	bool range;             /* more than one: nothing can be computed exactly */

	const struct shares_loops *loops;
	struct shares_purse *purses;     /* by ballot */
	int32_t *broke;                  /* by ballot: step that took the last, or SHARES_SOLVENT */
	struct shares_option *options;
	struct shares_list all;          /* what the options' lists are made of at the start (may be shared) … */
	struct shares_list lists;        /* … and once they have been shortened */
	struct shares_step *steps;
	size_t step_count, steps_ready; /* steps_ready: how many prices are initialised */
	size_t broke_count;
	uint32_t *heap;              /* open options not looked at in this step, by rho_lo */
	size_t heap_count;
	uint32_t *looked;            /* those that were */
	size_t looked_count;
	struct shares_guide guide;
	struct shares_reference reference;
	bool follows;                /* this run has had the guide's order so far */
	size_t floors_used;
	struct limits_state limits;  /* where the election has limits: what this run has taken */
	int64_t *paid;               /* scratch of shares_exact.c: by step */
	mpq_t scratch[5];            /* for shares_exact.c */
};

/* Takes the arena's memory once for many runs. shares_end frees what GMP holds, whatever
 * shares_begin returned. beside: a run of the same count whose unchanging parts it shares, for
 * another thread; or NULL. */
MUST_CHECK enum status shares_begin(struct shares_run *run, const struct count *count,
                                    const struct shares_run *beside);
void shares_end(struct shares_run *run);

/* Runs the rule for run->share (… run->share_to). false: a range whose shares may differ. */
bool shares_run(struct shares_run *run);

/* Pieces of a run, for shares_guide.c. */
void shares_reset(struct shares_run *run);
void shares_push(struct shares_run *run, uint32_t option);
uint32_t shares_pop(struct shares_run *run);
/* Takes the option as the next step. */
void shares_take(struct shares_run *run, uint32_t option, int64_t tied);

/* shares_price.c: raises price_lo and finds price_hi (not when rho is above worst_rho); OUT
 * when the supporters surely can't pay. */
void shares_bound(struct shares_run *run, struct shares_option *option, double worst_rho);
/* rho from price. */
void shares_set_rho(struct shares_option *option);

/* Supporters on either side of a price: the poor have less than it for each of their points. */
struct shares_sides {
	double poor_lo, poor_hi; /* what the poor have together, rounded to nearest */
	double rest;             /* points of the others (below 2^53: exact) */
	double next_lo, next_hi; /* the least that one of the others has for a point */
};

/* Everyone on the list pays a price within [lo, hi]; who has at most lo pays all of it and is
 * broke at this step, if not before. */
struct shares_payment {
	struct shares_purse *purses;
	const struct shares_list *list; /* without points */
	double lo, hi;
	int32_t *broke; /* by ballot */
	int32_t step;
};

/* The innermost loops. */
struct shares_loops {
	/* Sides by what they have at most, or (by_lo) at least. Close to the price anybody may
	 * end up on either side. */
	struct shares_sides (*sides_of)(const struct shares_purse *purses,
	                                const struct shares_list *list, double price, bool by_lo);
	/* For lists without points: whether anybody may have more than price_lo and less than
	 * price_hi. */
	bool (*any_between)(const struct shares_purse *purses, const struct shares_list *list,
	                    double price_lo, double price_hi);
	/* Returns how many went broke. */
	size_t (*pay)(const struct shares_payment *payment);
};

const struct shares_loops *shares_plain_loops(void);  /* shares_sides.c */
/* shares_vectors.c: NULL where the processor can't. */
const struct shares_loops *shares_vector_loops(void);

/* shares_guide.c */
MUST_CHECK enum status shares_guide_begin(struct shares_run *run, struct arena *arena);
/* The winners of the last run are expected again. */
void shares_guide_expect(struct shares_run *run);
/* Makes the guide for run->share … run->share_to. true: every decision is clear, so that all of
 * them have the expected winners, and the run is as after shares_run. *ret_unclear: how many
 * decisions are not. */
bool shares_guide_make(struct shares_run *run, size_t *ret_unclear);
/* Applies the floors of a step to a run that has kept to the order so far. */
void shares_guide_floors(struct shares_run *run, size_t step);

/* shares_reference.c */
MUST_CHECK enum status shares_reference_begin(struct shares_run *run, struct arena *arena,
                                              const struct shares_run *beside);
void shares_reference_start(struct shares_run *run);
/* Before a step: floors that hold from here on. */
void shares_reference_apply(struct shares_run *run);
/* An option has been looked at. */
void shares_reference_look(struct shares_run *run, uint32_t option);
/* Raises an option's price_lo to its floor; false when that is no higher. */
bool shares_reference_raise(struct shares_run *run, uint32_t option);
/* After a step. */
void shares_reference_take(struct shares_run *run);
void shares_reference_end(struct shares_run *run);

/* shares_increments.c: from the run at `start` to the one at which the completion stops, which the
 * run then is; says so in the outcome. INVALID with the count's error: too many runs. */
MUST_CHECK enum status shares_add(struct count *count, struct shares_run *run, mpq_srcptr start);

/* shares_exact.c: true rationals, for a run of one share. */

/* The price of a step already taken. */
void shares_exact_step(struct shares_run *run, size_t step);
/* What a ballot has left before a step that it was solvent at. */
void shares_exact_left(struct shares_run *run, size_t ballot, size_t step, mpq_t ret);
/* What an option's supporters together have left before a step. */
void shares_exact_money(struct shares_run *run, size_t option, size_t step, mpq_t ret);
/* How money compares with price * points. */
int shares_exact_cmp(struct shares_run *run, mpq_srcptr money, mpq_srcptr price, uint32_t points);
/* The price of an open option before the next step; false when its supporters can't pay it. */
bool shares_exact_price(struct shares_run *run, size_t option, mpq_t ret);

/* Rounding outwards: more than the half unit in the last place of each operation. */
static inline double
shares_down(double x)
{
	return x * (1 - 0x1p-51);
}

static inline double
shares_up(double x)
{
	return x * (1 + 0x1p-51);
}

/* Bounds of a positive rational. */
static inline double
shares_floor(mpq_srcptr q)
{
	return mpq_get_d(q); /* rounds towards zero */
}

double shares_ceiling(mpq_srcptr q);

/* price * points, rounded outwards; exact for one point. */
static inline double
shares_times_down(double price, uint32_t points)
{
	return points == 1 ? price : shares_down(price * points);
}

static inline double
shares_times_up(double price, uint32_t points)
{
	return points == 1 ? price : shares_up(price * points);
}

/* What a ballot gives to option i of list. */
static inline uint32_t
shares_points(const struct shares_list *list, size_t i)
{
	return list->points == NULL ? 1 : list->points[i];
}

/* The list of what the election's supporters first … are. */
struct shares_list shares_list_at(const struct shares_list *all, size_t first, size_t count);

/* shares_explain.c: writes the run's winners and reasons into the outcome. */
MUST_CHECK enum status shares_explain(struct shares_run *run, struct count *count);

#endif
