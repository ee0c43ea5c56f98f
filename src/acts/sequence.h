/* The record's sequencer: gives waiting leaves their positions, keeps the tree's complete
 * subtrees and publishes a new head. Deeds only drop leaves in, without order, so that they
 * never wait for one another; a batch is put in the order of the leaves' random ids, which
 * tells nothing of when they came. */
#ifndef ACTS_SEQUENCE_H
#define ACTS_SEQUENCE_H

#include "acts/desk.h"

/* One batch of at most `most` leaves of act->place. *ret_left: there are more. */
MUST_CHECK enum status act_record_sequence(struct act *act, int64_t most, bool *ret_left);

struct sequencer;

/* A thread that looks every second, and goes on at once while leaves wait and nobody else
 * does. */
MUST_CHECK enum status sequencer_start(struct desk *desk, int home, struct sequencer **ret);
void sequencer_stop(struct sequencer *sequencer); /* NULL is let through */

/* Does all that waits now, in all places; for tests and the command line. */
MUST_CHECK enum status sequence_all(struct desk *desk, struct db *reader);

#endif
