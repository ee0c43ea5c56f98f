#include "acts/act.h"

enum status
act_require(const struct act *act, enum right right)
{
	if (act_allows(act, right))
		return OK;
	if (act->who.id.value == 0 && right_by_signing_in(right))
		return SIGN_IN;
	return FORBIDDEN;
}

bool
act_allows(const struct act *act, enum right right)
{
	return right_has(act->who.roles, right);
}
