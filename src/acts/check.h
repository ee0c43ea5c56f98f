/* `folkmoot check`: replays ledger, counts and record from the facts and names every
 * difference. Reads only; may run beside a server. */
#ifndef ACTS_CHECK_H
#define ACTS_CHECK_H

#include "acts/act.h"

/* Where findings go, a line of English each. */
struct check {
	struct act *act;
	void (*say)(void *context, struct str line);
	void *context;
	int64_t differences;
	int64_t entries, rounds, leaves; /* looked at */
};

/* All of act->place:
 *   money   every entry sums to zero, no account was ever below its floor, balances are the sums
 *   counts  each counted round again, by each rule it was counted by, byte for byte
 *   box     as many ballots as people who voted; the frozen rules fit their fingerprint
 *   record  each leaf's hash, the tree and every head that was ever published; each entry of
 *           the books, version of an idea, judgement, comment, opened and counted round has its
 *           leaf, and the leaf's amount or fingerprint fits it
 *   ideas   the number of comments; the newest version is what the idea says */
MUST_CHECK enum status act_check(struct check *check);

/* Every place of the database, one after the other, in act->place. */
struct check_places_rows;
MUST_CHECK enum status act_check_all(struct check *check);

#endif
