#include "commons/rights.h"

#include <assert.h>

#define ANYBODY 0u

/* Any one of the roles suffices. */
static const struct {
	const char *name;
	unsigned roles;
} rights[RIGHT_TOTAL] = {
	[RIGHT_READ] = { "read", ANYBODY },
	[RIGHT_PLACE_SET_UP] = { "place-set-up", ANYBODY }, /* the act asks for the set-up key */
	[RIGHT_SIGN_IN] = { "sign-in", ANYBODY },
	[RIGHT_SIGN_OUT] = { "sign-out", ROLE_MEMBER },
	[RIGHT_IDEA_ADD] = { "idea-add", ROLE_MEMBER },
	[RIGHT_IDEA_EDIT] = { "idea-edit", ROLE_MEMBER },
	[RIGHT_COMMENT_ADD] = { "comment-add", ROLE_MEMBER },
	[RIGHT_QUEUE_SEE] = { "queue-see", ROLE_STEWARD },
	[RIGHT_IDEA_JUDGE] = { "idea-judge", ROLE_STEWARD },
	[RIGHT_ROUND_MANAGE] = { "round-manage", ROLE_STEWARD },
	[RIGHT_VOTE] = { "vote", ROLE_MEMBER },
	[RIGHT_ROLL_SEE] = { "roll-see", ROLE_STEWARD },
	[RIGHT_ROLL_CHALLENGE] = { "roll-challenge", ROLE_STEWARD },
	[RIGHT_ROLL_SETTLE] = { "roll-settle", ROLE_STEWARD },
	[RIGHT_TURNOUT_SEE] = { "turnout-see", ROLE_STEWARD },
	[RIGHT_PAY] = { "pay", ROLE_TREASURER },
	[RIGHT_RECEIPT_SEE] = { "receipt-see", ROLE_TREASURER | ROLE_STEWARD },
};

bool
right_has(unsigned roles, enum right right)
{
	assert(right < RIGHT_TOTAL);
	return rights[right].roles == ANYBODY || (rights[right].roles & roles) != 0;
}

bool
right_by_signing_in(enum right right)
{
	return right_has(ROLE_MEMBER, right);
}

const char *
right_name(enum right right)
{
	assert(right < RIGHT_TOTAL);
	return rights[right].name;
}
