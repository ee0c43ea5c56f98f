/* Lots: draws that anybody can replay, and turns that even out over a season.
 *
 * All chance comes from a 32-byte seed by base/chance.h, which gives uniform whole numbers below a
 * bound (rejection, no modulo bias). Who draws must have fixed the seed, or how it will be
 * found, before the entries were closed.
 *
 * The draw. Tickets lie in a row, in order of the entries' ids (by bytes); an entry of weight w
 * is w tickets long. A number below the length of the row is drawn: who lies there is drawn. Their
 * tickets are taken out, the row closes up, and the next number is drawn, until all places are
 * given or the row is empty. So the chance of each draw is
 *
 *     own weight / weight of all who are still in the row,
 *
 * for equal weights the same for everybody: every set of winners is equally likely.
 *
 * Linked entries (of the same group, such as a family or two friends) win together or not at all.
 * When a group is drawn and there are as many places left as it has entries, all of them win; if
 * not, it is passed over, and the draw goes on. A group's length in the row:
 *
 *   LOTS_TICKET_ONE   that of one entry; its entries must have equal weights. To link brings no
 *                     extra chance (and a little less when only few places are left).
 *   LOTS_TICKET_EACH  that of all its entries together: each brings a ticket, and any of the
 *                     tickets brings all of them. To link does bring extra chance.
 *
 * The rotation. In each round every member has one slot; slots have values (good: larger, bad:
 * smaller or negative), and a round with fewer slots than members is filled up with "no turn" of
 * value 0. Members choose in order of what they had until now, least first; equal: who had the worse
 * turn in the last round; still equal: a lot drawn anew for each round. The first gets the best
 * slot, and so on (equal slots as numbered).
 *
 * Why it evens out: let D be the largest difference of two values within one round. If two
 * members' totals differ by at most D before a round, they do after it: the one behind gains
 * between 0 and D on the other. All begin equal, so no two totals ever differ by more than D: one
 * best turn instead of one worst. (With totals brought along from another season: by no more than
 * the larger of D and the difference brought along.) No rule can promise less for every list of
 * values: two members and a single round differ by D however it is done.
 */
#ifndef CORE_DECIDE_LOTS_H
#define CORE_DECIDE_LOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/error.h"

enum {
	LOTS_ENTRIES_MAX = 10000000,
	ROTATION_MEMBERS_MAX = 100000,
	ROTATION_SLOTS_MAX = 10000000, /* members times rounds */
	ROTATION_ROUNDS_MAX = 100000
};
#define LOTS_WEIGHT_MAX INT64_C(100000000000)   /* of one entry; all entries: below 2^60 */
#define ROTATION_VALUE_MAX INT64_C(1000000000)

enum lots_linked { LOTS_TICKET_ONE, LOTS_TICKET_EACH }; /* "one", "each" */

struct lots_entry {
	struct str id;    /* all different */
	int64_t weight;   /* 1 … LOTS_WEIGHT_MAX */
	struct str group; /* empty: none */
};

struct lots {
	const struct lots_entry *entries;
	size_t entry_count;
	size_t winners; /* places, > 0 */
	enum lots_linked linked;
	uint8_t seed[32];
};

/* One number drawn. */
struct lots_draw {
	int64_t number, of; /* number in 0 … of - 1 */
	uint32_t entry;     /* the first in id order of those drawn together */
	uint32_t size;      /* how many they are */
	size_t left;        /* places left before */
	bool won;           /* false: passed over */
};

struct lots_outcome {
	struct lots_draw *draws; /* in order */
	size_t draw_count;
	uint32_t *winners;       /* entries in order of drawing, a group's by id */
	size_t winner_count;
	uint32_t *draw_of;       /* [entry_count]: its draw from 1; 0: never drawn */
};

/* INVALID with *error: an id twice or empty, a weight out of range, different weights in a group
 * with one ticket, no places; the error's line is the entry's number from 1. TOO_LARGE. NO_MEMORY. */
MUST_CHECK enum status lots_draw(const struct lots *lots, struct arena *arena,
                                 struct lots_outcome *ret, struct decide_error *error);

MUST_CHECK enum status lots_linked_parse(struct str name, enum lots_linked *ret);
const char *lots_linked_name(enum lots_linked linked);

struct rotation_round {
	const int64_t *values; /* of its slots, within ±ROTATION_VALUE_MAX */
	size_t count;          /* at most as many as members */
};

struct rotation {
	size_t member_count;
	const int64_t *brought; /* [member_count]: totals of before; NULL: all 0 */
	const struct rotation_round *rounds;
	size_t round_count;
	uint8_t seed[32];
};

#define ROTATION_NO_TURN UINT32_MAX

struct rotation_outcome {
	uint32_t *slot;      /* [round * member_count + member]: its slot, or ROTATION_NO_TURN */
	uint32_t *place;     /* the same shape: who chose first is 0 */
	int64_t *totals;     /* [member_count] at the end, with what was brought */
	int64_t *difference; /* [round_count]: largest total less smallest, after each round */
	int64_t bound;       /* no difference is above it */
};

MUST_CHECK enum status rotation_make(const struct rotation *r, struct arena *arena,
                                     struct rotation_outcome *ret, struct decide_error *error);

#endif
