/* Files with ranked ballots: read into an election, and written so that another tool can
 * recount them. Every reader says the line, the field and the reason of what it refuses.
 *
 * BLT (Hill, Wichmann & Woodall 1987; OpenSTV; droop): "candidates seats", withdrawn candidates
 * as negative numbers, ballots "weight 3 1=2 0", a 0, a name per candidate, a title. Names may
 * be unquoted, one on a line (the Scottish files of mggg/scot-elex, where some still have
 * PrefLib's "# ALTERNATIVE NAME 3: " in front). [nick a b …], [withdrawn …] and [tie …] are
 * understood, [droop …] is read over; "-" is a rank left out; comments are # to the line's end
 * and slash-star.
 *
 * PrefLib (.soc .soi .toc .toi; preflib.org/format): "# KEY: value" lines, then "12: 3,{1,2},4".
 * Its files know no seats and nobody withdrawn: a written "# SEATS: " and "# WITHDRAWN: " line
 * keeps them, and a reader that doesn't know them reads past.
 *
 * CSV (csv.h says how cells are written): a row per ballot. The columns "Rank 1", "rank1",
 * "Choice 1", "Preference 1" … in any capitals hold names; columns with other headings are read
 * past ("count" or "weight": the row's weight). Candidates are numbered in the order of the first
 * mention, by rank within a row. An empty cell, "skipped" or "undervote" is a rank left out;
 * "overvote" ends the ballot; a name again on the same ballot is read past, as election
 * offices do. It says no seats: 1.
 */
#ifndef CORE_DECIDE_RANKED_FILES_H
#define CORE_DECIDE_RANKED_FILES_H

#include "base/buf.h"
#include "core/decide/ranked/election.h"

#define RANKED_BYTES_MAX ((size_t)256 << 20)

/* Names point into text or the arena. INVALID or TOO_LARGE with *error, NO_MEMORY. */
MUST_CHECK enum status ranked_read_blt(struct arena *arena, struct str text,
                                       struct ranked_election *ret, struct decide_error *error);
MUST_CHECK enum status ranked_read_preflib(struct arena *arena, struct str text,
                                           struct ranked_election *ret, struct decide_error *error);
MUST_CHECK enum status ranked_read_csv(struct arena *arena, struct str text,
                                       struct ranked_election *ret, struct decide_error *error);

/* What buf_status says comes back. The CSV of an election with candidates nobody ranked, with
 * equal ranks, withdrawn candidates or a name that is not unique is refused (REFUSED): its
 * reader could not make the same election of it. */
MUST_CHECK enum status ranked_write_blt(const struct ranked_election *e, struct buf *out);
MUST_CHECK enum status ranked_write_preflib(const struct ranked_election *e, struct buf *out);
MUST_CHECK enum status ranked_write_csv(const struct ranked_election *e, struct arena *arena,
                                        struct buf *out);

/* "skipped", "undervote", "overvote" or nothing, in any capitals: not a name. */
bool ranked_csv_is_mark(struct str cell);

/* 1 to RANKED_NAME_MAX bytes, none of which a line break or another control character. */
bool ranked_is_name(struct str name);

#endif
