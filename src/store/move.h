/* The rows of one place, between two databases of either engine. Knows tables and rows, not what
 * they mean; acts/move.h has the order of things.
 *
 * What changes behind the copy is noted by triggers in table `moved`, made for the one place and
 * taken away afterwards. CREATE TRIGGER waits for the transactions that write to its table, so a
 * snapshot taken after all triggers are there has every change that they did not see.
 */
#ifndef STORE_MOVE_H
#define STORE_MOVE_H

#include "base/digest.h"
#include "base/id.h"
#include "store/db.h"

struct move_sum {
	int64_t rows;
	struct digest digest; /* over all tables, rows in their keys' order */
};

/* Begins, or begins again, to note changes; move_unwatch ends it and forgets them. */
MUST_CHECK enum status move_watch(struct db *from, struct place_id place);
MUST_CHECK enum status move_unwatch(struct db *from, struct place_id place);

/* All rows of the place, in transactions of some thousands; `from` is in a read transaction. The
 * place's own row comes last, and is 'arriving'. `told` (may be NULL)
 * hears now and then of rows so far. *ret: what was read. */
MUST_CHECK enum status move_copy(struct db *from, struct db *to, struct place_id place,
                                 void (*told)(void *context, int64_t rows), void *context,
                                 struct move_sum *ret);
/* The same sum of what is in a database; in a transaction, begun by the caller. */
MUST_CHECK enum status move_sum_up(struct db *db, struct place_id place, struct move_sum *ret);
/* Number of rows only. */
MUST_CHECK enum status move_count(struct db *db, struct place_id place, int64_t *ret);

struct move_pace {
	int64_t changes; /* followed; less than asked for: nothing is left */
	int64_t us;      /* that took, without waiting for others' transactions */
};

/* Up to `most` noted changes, in no order: their rows as they are now, or gone. hold: the place's
 * deeds wait meanwhile (in a file they always do). */
MUST_CHECK enum status move_catch_up(struct db *from, struct db *to, struct place_id place,
                                     int64_t most, bool hold, struct move_pace *ret);
/* The place's own row once more: it is not watched. */
MUST_CHECK enum status move_place_row(struct db *from, struct db *to, struct place_id place);

/* All rows of the place are deleted; the place's own row first, and with it its life here. */
MUST_CHECK enum status move_clear(struct db *db, struct place_id place);

#endif
