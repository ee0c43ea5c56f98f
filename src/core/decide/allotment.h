/* Allotments: plots, hours, rooms go to people who say what they would like, best first.
 *
 * The three rules, all with one order of turns: a lot over all people (every order equally likely),
 * or an order that is given (a waiting list).
 *
 *   serial-dictatorship  In order of turns each takes the best thing of their list that has room.
 *                        Random priority: Abdulkadiroğlu, Sönmez, Econometrica 66 (1998).
 *                        Nobody can gain by another list; nobody can be better off unless somebody
 *                        is worse off (Pareto).
 *   ttc                  Top trading cycles, for when some hold a thing already and won't lose it:
 *                        everybody points at the best thing of their list that is left, every
 *                        thing at the first in turn of those who hold it, or if there are none at
 *                        the first in turn of all. Where the pointing closes a circle, each in it
 *                        takes what they point at and leaves; and so on. Shapley, Scarf, J. Math.
 *                        Economics 1 (1974); Abdulkadiroğlu, Sönmez, J. Econ. Theory 88 (1999)
 *                        and, with room for several, Am. Econ. Review 93 (2003): holders are the
 *                        thing's first priority. Pareto; nobody can gain by another list; nobody
 *                        gets what they like less than what they hold: while a holder is there
 *                        the thing points at holders only, so that each place that goes, goes
 *                        with one of them leaving, and a place stays for every holder. What a
 *                        holder's list does not name is worth less to them than what they hold.
 *   rounds               Everybody values things by points; in order of turns each takes the thing
 *                        most worth to them, again and again, until nothing is left that anybody
 *                        values. Envy-free up to one (Caragiannis et al., ACM TEAC 7 (2019)): nobody
 *                        would rather have what another got, less one thing of it, for between two
 *                        of their own turns every other has one at most.
 *
 * People and things are numbers from 0. The seed's lot is chance_shuffle over the people as
 * numbered: who numbers them does it in a way that nobody chooses (ids in order).
 */
#ifndef CORE_DECIDE_ALLOTMENT_H
#define CORE_DECIDE_ALLOTMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/error.h"

enum {
	ALLOTMENT_PEOPLE_MAX = 1000000,
	ALLOTMENT_THINGS_MAX = 1000000,
	ALLOTMENT_CHOICES_MAX = 20000000, /* all lists together */
	ALLOTMENT_ROOM_MAX = 1000000,     /* of one thing; rounds: of all together as well */
	ALLOTMENT_VALUE_MAX = 1000000000
};
#define ALLOTMENT_NONE UINT32_MAX

enum allotment_rule {
	ALLOTMENT_SERIAL, /* "serial-dictatorship" */
	ALLOTMENT_TTC,    /* "ttc" */
	ALLOTMENT_ROUNDS  /* "rounds" */
};

struct allotment {
	enum allotment_rule rule;
	size_t person_count, thing_count;
	const int64_t *room;    /* [thing_count]: how many may have it, 0 … ALLOTMENT_ROOM_MAX */
	/* Person p's list, best first, nothing twice: choice[start[p]] … choice[start[p + 1] - 1].
	 * What is not on it they don't want at all. */
	const size_t *start;    /* [person_count + 1], start[0] = 0 */
	const uint32_t *choice;
	const int64_t *value;   /* rounds: what each choice is worth, 0 … ALLOTMENT_VALUE_MAX; the
	                           list may be in any order then, equals in its order */
	const uint32_t *holds;  /* ttc: [person_count], a thing or ALLOTMENT_NONE; NULL: nobody */
	const uint32_t *order;  /* [person_count]: who has the first turn, …; NULL: by lot */
	uint8_t seed[32];       /* of the lot */
};

/* Somebody's turn, in order. */
struct allotment_pick {
	uint32_t person;
	uint32_t thing; /* or ALLOTMENT_NONE: nothing of their list had room */
	uint32_t rank;  /* place on their list, from 1; 0: nothing, or (ttc) what they hold and did
	                   not list. rounds: by value, equals in the list's order */
	uint32_t step;  /* ttc: number of the circle; rounds: of the round; else 1 */
	uint32_t free;  /* how many things had room at that time (ttc: before the circle) */
};

struct allotment_outcome {
	struct allotment_pick *picks;
	size_t pick_count;
	uint32_t *turn;    /* [person_count]: place in the order of turns, from 1 */
	uint32_t *thing;   /* [person_count]: what they got; not with rounds */
	uint32_t *full_at; /* [thing_count]: the pick, from 1, with which its room was full; 0: it
	                      never was, or had no room ever. So pick k found room in thing t if
	                      room[t] > 0 and (full_at[t] == 0 or full_at[t] >= k). */
	uint32_t *left;    /* [thing_count]: room left */
};

/* INVALID with *error, whose line is the person's number from 1 where it is about one: a thing
 * twice on a list, a value out of range, more holders than room, an order that is none.
 * TOO_LARGE with *error. NO_MEMORY. Numbers of things must be below thing_count (assert). */
MUST_CHECK enum status allotment_make(const struct allotment *a, struct arena *arena,
                                      struct allotment_outcome *ret, struct decide_error *error);

const char *allotment_rule_name(enum allotment_rule rule);
MUST_CHECK enum status allotment_rule_parse(struct str name, enum allotment_rule *ret);

#endif
