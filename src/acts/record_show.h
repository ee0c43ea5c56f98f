/* The record as everybody may read and check it. */
#ifndef ACTS_RECORD_SHOW_H
#define ACTS_RECORD_SHOW_H

#include "acts/act.h"
#include "base/digest.h"
#include "core/record/record.h"
#include "store/record.sql.h"

struct record_page {
	int64_t size;          /* leaves in the last head; 0: nothing yet */
	struct digest root;
	struct instant made_at;
	int64_t waiting;       /* leaves that have no position yet */
	struct record_list_rows leaves; /* newest first */
};

/* The last head and at most `most` leaves below a position (INT64_MAX: from the newest). */
MUST_CHECK enum status act_record_show(struct act *act, int64_t below, int64_t most,
                                       struct record_page *ret);

struct leaf_page {
	struct leaf_id id;
	struct str body;
	struct digest hash;
	bool placed;           /* it has a position; otherwise the rest says nothing */
	int64_t position, size;
	struct digest root;
	struct record_proof proof; /* RFC 6962, 2.1.1: that it is in the tree with this root */
};

MUST_CHECK enum status act_leaf_show(struct act *act, struct leaf_id id, struct leaf_page *ret);

/* RFC 6962, 2.1.2: that the tree of `old` leaves is the beginning of today's. NOT_FOUND when
 * there never were so many. */
MUST_CHECK enum status act_consistency_show(struct act *act, int64_t old, int64_t *ret_size,
                                            struct record_proof *ret);

enum { LEAVES_MOST = 10000 };
/* Bodies in order, one a line, at most LEAVES_MOST from a position on. NOT_FOUND: a position that
 * can never be. */
MUST_CHECK enum status act_leaves_write(struct act *act, int64_t from, struct buf *out);

#endif
