/* Moving money between the accounts of a place: the one way that entries come to be.
 *
 * The accounts of a place:
 *   source  where money comes from (a funder); the only one that may go below zero
 *   pot     what the place can decide about
 *   round   set aside while a round runs; one per round
 *   award   won and not yet paid; one per project
 *   paid    what has left the place
 *
 * Every entry takes one amount out of one account into another, so all accounts of a place
 * always sum to zero. These deeds are called from other deeds, inside their transaction.
 */
#ifndef ACTS_LEDGER_H
#define ACTS_LEDGER_H

#include "acts/act.h"
#include "base/money.h"

/* One movement, before it is an entry. */
struct move {
	const char *kind; /* grant, reserve, award, return, payment, correction */
	struct account_id from, to;
	struct amount amount; /* above zero */
	struct instant day;   /* midnight UTC of the date it counts from */
	struct str memo;      /* public words */
	struct str payee, reference;      /* payments; may be empty */
	struct project_id project;        /* value 0: none, likewise below */
	struct round_id round;
	struct entry_id corrects;
	struct str client_key; /* the same key again is the same entry */
};

/* Posts the move, its balances and its leaf in the record. *ret_again (may be NULL) is set when
 * this very move was posted before under the same key: nothing is done again. REFUSED: an
 * account would fall below its floor (field "amount"), or the key was used for another move. */
MUST_CHECK enum status ledger_move(struct act *act, const struct move *move,
                                   struct entry_id *ret_entry, bool *ret_again,
                                   struct refusal *why);

/* Money comes into the pot, whose accounts are made on the first grant (pot_name: "Endowment"). */
MUST_CHECK enum status act_pot_grant(struct act *act, struct str pot_name, struct amount amount,
                                     struct str memo, struct instant day, struct str client_key,
                                     struct refusal *why);

/* Sets a round's budget aside from the pot when it opens; gives the round's account. */
MUST_CHECK enum status act_round_reserve(struct act *act, struct round_id round,
                                         struct str round_title, struct amount budget,
                                         struct account_id *ret_account, struct refusal *why);
/* What is left in a round's account goes back to the pot: after awards, or when it is void. */
MUST_CHECK enum status act_round_return(struct act *act, struct round_id round,
                                        struct account_id account, struct str round_title,
                                        struct refusal *why);
/* A winner becomes a project with its award out of the round's account. */
MUST_CHECK enum status act_project_award(struct act *act, struct round_id round,
                                         struct account_id round_account, int64_t number,
                                         struct idea_id idea, struct str title,
                                         struct amount award, struct project_id *ret_project,
                                         struct refusal *why);

/* Midnight UTC of the date that `now` has in the place's zone. */
MUST_CHECK enum status act_today(const struct act *act, struct instant *ret_day);

#endif
