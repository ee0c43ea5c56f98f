/* Casting a ballot, looking at one's own, and the box that anybody can look into.
 *
 * The hottest deed of all: one question with everything it must know, the roll, the ballot, the
 * leaf.
 *
 * Every ballot put into the box gets a new nonce; its code goes to the voter once and is kept
 * nowhere, its SHA-256 is the receipt. So the page that shows the code is the answer to the POST
 * itself: reloading it casts the same ballot again under a new receipt, which changes nothing
 * that counts. The receipt stands on the roll, not with the ballot: whoever has somebody's
 * receipt, and the whole database, still can't tell what they chose.
 *
 * Leaves: "ballot-cast" {round, receipt}, "ballot-changed" {round, receipt, replaces}, without
 * the time. So anybody can follow, receipt by receipt, how the box came to hold what it holds.
 * docs/security.md says what that gives away and what it does not.
 */
#ifndef ACTS_BALLOT_H
#define ACTS_BALLOT_H

#include "acts/round.h"
#include "commons/ballot.h"

/* RIGHT_VOTE. `values`: as in ballot_choice_from, what the form sent. The area in `declaration` counts
 * in a round for residents, of_age with the first ballot only. Blank ballots may be cast.
 * *ret_changed: there was a ballot of theirs before. */
MUST_CHECK enum status act_ballot_cast(struct act *act, struct round_id round,
                                       const struct str *values, size_t len,
                                       const struct ballot_declaration *declaration,
                                       struct ballot_nonce *ret, bool *ret_changed,
                                     struct refusal *why);

/* What the page of the receipt says of the round; without all the rest of it, as this is asked
 * after every ballot. RIGHT_VOTE. */
struct ballot_round {
	struct str title;
	struct instant closes_at;
};
MUST_CHECK enum status act_ballot_round(const struct act *act, struct round_id round,
                                        struct ballot_round *ret);

/* A doubt about whoever asks. */
struct ballot_doubt {
	struct str reason, answer;
	bool settled, upheld;
};

struct ballot_paper {
	struct round round;
	size_t *order;               /* indices of round.options, in the order drawn for this voter */
	struct ballot_choice choice; /* in the box now */
	bool in_box;
	bool on_roll, struck;
	struct str area;             /* declared here, or in the person's own settings; may be empty */
	struct area_list areas;
	struct { struct ballot_doubt *ptr; size_t len; } doubts;
};
/* RIGHT_VOTE. After the secret is gone nobody's ballot is found: in_box is false. */
MUST_CHECK enum status act_ballot_show(const struct act *act, struct round_id round,
                                       struct ballot_paper *ret);

/* Receipts of one drawer of the box: those whose first hex digits are `drawer`. */
struct ballot_box {
	int64_t ballots;     /* in the whole box; counted to 6,401 only */
	bool many;           /* more than 6,400 */
	int digits;          /* hex digits that name a drawer: 0, 1 or 2, so that it holds some hundred */
	int64_t drawer;
	struct { struct digest_text *ptr; size_t len; } receipts;
};
/* RIGHT_READ. `drawer` beyond the last: NOT_FOUND. */
MUST_CHECK enum status act_ballot_box(const struct act *act, struct round_id round,
                                      int64_t drawer, struct ballot_box *ret);
/* Is this receipt in the box? RIGHT_READ. */
MUST_CHECK enum status act_ballot_find(const struct act *act, struct round_id round,
                                       struct digest receipt, bool *ret_found);

#endif
