/* The roll of a round: who may vote in it; doubts about that; turnout that names nobody. */
#ifndef COMMONS_ROLL_H
#define COMMONS_ROLL_H

#include "commons/round.h"

struct challenge_facts {
	enum round_state state;
	bool on_roll, struck;        /* the person in doubt */
	bool open_already;           /* a challenge of theirs is not settled */
	bool settled;                /* this challenge */
	struct person_id who;        /* acts now */
	struct person_id person;     /* is in doubt */
	struct person_id by;         /* made the challenge */
	int64_t other_stewards;      /* neither of these two */
};

/* May the person's place on the roll be doubted? Until the roll is frozen. */
MUST_CHECK enum status challenge_may_make(const struct challenge_facts *facts, struct str reason,
                                          struct refusal *why);
/* May `who` settle it? Nobody is judge in their own cause: never the person in doubt, and who
 * made the challenge only where no other steward could. */
MUST_CHECK enum status challenge_may_settle(const struct challenge_facts *facts, struct str answer,
                                            struct refusal *why);

/* Turnout by area. */
struct turnout_cell {
	struct str area;
	int64_t ballots;
	bool hidden;
};

enum { TURNOUT_LEAST = 10 };

/* Marks the cells that may not be shown: each under TURNOUT_LEAST, and, since the total is
 * public, so many of the smallest others that the hidden ones are at least two and hold at
 * least TURNOUT_LEAST ballots together. Then no hidden number follows from the total and the
 * shown ones. With one cell in all that is under the limit, everything is hidden.
 * (Complementary cell suppression; Willenborg and de Waal, Elements of Statistical Disclosure
 * Control, 2001, chapter 4, for one dimension.) */
void turnout_hide(struct turnout_cell *cells, size_t len);

#endif
