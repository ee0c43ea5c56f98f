/* The id of what a form adds, made from the form's key: the same form sent twice adds one
 * thing, and nobody can choose an id. */
#ifndef ACTS_ONCE_H
#define ACTS_ONCE_H

#include "acts/act.h"

/* First 63 bits of SHA-256 over place, person and key; never 0. */
int64_t act_once(const struct act *act, int64_t key);

#endif
