#include "commons/roll.h"

enum { WORDS_MIN = 10 };

static enum status
roll_is_open(enum round_state state, struct refusal *why)
{
	if (state == ROUND_OPEN || state == ROUND_SETTLING)
		return OK;
	if (state == ROUND_DRAFT)
		return refuse(why, NULL, MSG("This round has no roll yet."));
	return refuse(why, NULL, MSG("The roll of this round is closed. It can't be changed any more."));
}

enum status
challenge_may_make(const struct challenge_facts *facts, struct str reason, struct refusal *why)
{
	enum status st = roll_is_open(facts->state, why);

	if (st != OK)
		return st;
	if (!facts->on_roll)
		return NOT_FOUND;
	if (facts->struck)
		return refuse(why, NULL, MSG("This person was taken off the roll before."));
	if (facts->open_already)
		return refuse(why, NULL, MSG("There is a challenge already. Settle that one first."));
	if (reason.len < WORDS_MIN)
		return refuse(why, "reason",
		              MSG("Say in a sentence why this person may not vote here. They will read it."));
	return OK;
}

enum status
challenge_may_settle(const struct challenge_facts *facts, struct str answer, struct refusal *why)
{
	enum status st;

	if (facts->settled)
		return refuse(why, NULL, MSG("This challenge was settled before."));
	st = roll_is_open(facts->state, why);
	if (st != OK)
		return st;
	if (facts->who.value == facts->person.value)
		return refuse(why, NULL,
		              MSG("This is about you, so another steward has to settle it."));
	if (facts->who.value == facts->by.value && facts->other_stewards > 0)
		return refuse(why, NULL,
		              MSG("You made this challenge, so another steward has to settle it."));
	if (answer.len < WORDS_MIN)
		return refuse(why, "answer",
		              MSG("Give your reason in a sentence. The person will read it."));
	return OK;
}

void
turnout_hide(struct turnout_cell *cells, size_t len)
{
	size_t hidden = 0;
	int64_t together = 0;

	for (size_t i = 0; i < len; i++) {
		cells[i].hidden = cells[i].ballots < TURNOUT_LEAST;
		if (cells[i].hidden) {
			hidden++;
			together += cells[i].ballots;
		}
	}
	while (hidden > 0 && hidden < len && (hidden < 2 || together < TURNOUT_LEAST)) {
		struct turnout_cell *smallest = NULL;

		for (size_t i = 0; i < len; i++)
			if (!cells[i].hidden && (smallest == NULL || cells[i].ballots < smallest->ballots))
				smallest = &cells[i];
		smallest->hidden = true;
		hidden++;
		together += smallest->ballots;
	}
}
