/* A Pabulib file becomes a place with one closed, counted round: its projects as options, its
 * votes as ballots without names. No members, no money, no awards. Every cell is kept, so that
 * act_round_export gives the file back without loss. */
#ifndef ACTS_IMPORT_H
#define ACTS_IMPORT_H

#include "acts/act.h"
#include "core/decide/pabulib.h"

struct import_made {
	struct place_id place;
	struct round_id round;
	struct str slug;
};

/* For the operator's command line. slug empty: made from the file's unit and instance. The rule is the
 * one in META's folkmoot_rule, folkmoot_utility … (as act_round_export writes them), or the nearest to
 * META's rule. CONFLICT: the slug is taken. INVALID with *error when the ballots can't be counted. */
MUST_CHECK enum status act_import(struct act *act, const struct pabulib *file, struct str slug,
                                  struct import_made *ret, struct decide_error *error);

#endif
