/* Small elections for tests, written as text. */
#ifndef TESTS_CORE_DECIDE_MAKE_H
#define TESTS_CORE_DECIDE_MAKE_H

#include "base/arena.h"
#include "core/decide/election.h"
#include "core/decide/outcome.h"

/* options: "a=60 b=40"; ballots: "3:a,b 2:b 1:" (how many voters: what they name). A '!' before
 * an option's name: withdrawn. Aborts on a mistake in the text. */
struct election make_election(struct arena *arena, int decimals, int64_t budget,
                              const char *options, const char *ballots);

/* Winners in order: "b,a". */
struct str winners_of(struct arena *arena, const struct election *e,
                      const struct outcome *outcome);

/* Counts, and aborts when that fails. */
struct outcome count_election(struct arena *arena, const struct election *e,
                              const struct method *method);

#endif
