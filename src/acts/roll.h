/* The roll with names, doubts about it, and turnout.
 *
 * People come onto the roll with their first ballot, so being on it says that somebody voted
 * (as the marked register of a polling station does), and never what.
 *
 * Leaves: "roll-challenged" {round, challenge}, "challenge-settled" {round, challenge, upheld,
 * receipt: of the ballot taken out}. Names and reasons stay out of the record.
 */
#ifndef ACTS_ROLL_H
#define ACTS_ROLL_H

#include "acts/round.h"
#include "commons/roll.h"

struct roll_line {
	struct person_id person;
	struct str name, area; /* area: as people say it; may be empty */
	bool struck, challenged;
};
struct challenge_line {
	struct challenge_id id;
	struct person_id person;
	struct str name, by, reason, answer;
	struct instant made_at, settled_at;
	bool settled, upheld;
	bool mine_to_settle; /* open, and not about whoever asks */
};
struct challenge_list { struct challenge_line *ptr; size_t len; };

enum { ROLL_PAGE = 100 };
struct roll_shown {
	struct round round;
	int64_t people;         /* on the roll and not struck */
	struct { struct roll_line *ptr; size_t len; } lines; /* at most ROLL_PAGE */
	bool more;              /* there are more behind the last line */
	struct challenge_list challenges;
};
/* RIGHT_ROLL_SEE. By name; only names with `search` in them; those behind (name, person). */
MUST_CHECK enum status act_roll_show(const struct act *act, struct round_id round,
                                     struct str search, struct str after_name,
                                     struct person_id after, struct roll_shown *ret);
/* RIGHT_ROLL_SEE. One person on it, and what was said about them. */
MUST_CHECK enum status act_roll_person(const struct act *act, struct round_id round,
                                       struct person_id person, struct roll_line *ret,
                                       struct challenge_list *ret_challenges);

/* RIGHT_ROLL_CHALLENGE. The person gets a mail with the reason. */
MUST_CHECK enum status act_challenge_make(struct act *act, struct round_id round,
                                          struct person_id person, struct str reason,
                                          struct refusal *why);
/* RIGHT_ROLL_SETTLE. Upheld: struck from the roll, the ballot taken out of the box. The person
 * gets a mail with the answer. The last one settled after voting lets the count begin. */
MUST_CHECK enum status act_challenge_settle(struct act *act, struct round_id round,
                                            struct challenge_id id, bool uphold,
                                            struct str answer, struct refusal *why);

/* RIGHT_ROLL_SEE. Whom it is about. */
MUST_CHECK enum status act_challenge_person(const struct act *act, struct round_id round,
                                            struct challenge_id id, struct person_id *ret);

struct turnout {
	struct round round;
	int64_t ballots;  /* in the whole box */
	struct { struct turnout_cell *ptr; size_t len; } cells; /* area empty: none given */
};
/* RIGHT_TURNOUT_SEE. Small numbers are marked hidden, and zeroed. */
MUST_CHECK enum status act_turnout_show(const struct act *act, struct round_id round,
                                        struct turnout *ret);

#endif
