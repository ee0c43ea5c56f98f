/* Pabulib .pb files: read without loss, looked at with types, written back.
 *
 * Format: pabulib.org/format. UTF-8, three sections META, PROJECTS, VOTES, each with a header
 * row; cells parted by ';', a cell that begins with '"' ends at the next single '"' ('""'
 * stands for one); lists within a cell parted by ','. Lines end in LF or CRLF.
 *
 * What is kept: every cell of every row, unknown META keys and columns included, in order.
 * What is not: blank lines, a byte order mark, quotes that were not needed, empty cells beyond
 * the header. A META value with an unquoted ';' is read as one value.
 *
 * Sizes are limited (below); money is exact: whole numbers of minor units, where `decimals`
 * says how many of them make one unit of the currency (10^decimals). Nothing is assumed about
 * the currency: decimals is what the file's amounts need.
 */
#ifndef CORE_DECIDE_PABULIB_H
#define CORE_DECIDE_PABULIB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "base/str.h"
#include "core/decide/election.h"
#include "core/decide/error.h"
#include "core/decide/method.h"

#define PABULIB_BYTES_MAX ((size_t)1 << 30)
enum {
	PABULIB_META_MAX = 1000,
	PABULIB_COLUMNS_MAX = 256,
	PABULIB_PROJECTS_MAX = ELECTION_OPTIONS_MAX,
	PABULIB_VOTES_MAX = ELECTION_VOTERS_MAX,
	PABULIB_ID_MAX = 200,         /* bytes of a project_id */
	PABULIB_POINTS_MAX = ELECTION_POINTS_MAX
};

enum pabulib_section { PABULIB_META, PABULIB_PROJECTS, PABULIB_VOTES, PABULIB_SECTIONS };

enum pabulib_kind { /* vote_type */
	PABULIB_APPROVAL,
	PABULIB_CHOOSE_1,
	PABULIB_ORDINAL,    /* vote: best first */
	PABULIB_CUMULATIVE, /* points beside the vote */
	PABULIB_SCORING     /* the same shape */
};

struct pabulib_pair {
	struct str key, value;
	size_t line;
};

/* A row as it stood: where in the text. Cells are split when asked for (pabulib_cells), so
 * that a hundred thousand votes take 8 bytes each. */
struct pabulib_row {
	uint32_t at, len;
};

struct pabulib_table {
	struct str *columns; /* header, unquoted */
	size_t column_count;
	struct pabulib_row *rows;
	size_t row_count;
};

struct pabulib_project {
	struct str id;    /* project_id */
	struct str name;  /* empty when the file has none */
	int64_t cost;     /* minor units, >= 0 */
	int selected;     /* 0-3 as the file says; -1 when it does not */
};

struct pabulib {
	struct str text; /* the input; everything here points into it or into the arena */
	bool crlf;       /* lines end in CRLF; decided by the first */
	struct pabulib_pair *meta;
	size_t meta_count;
	struct pabulib_table projects, votes;

	enum pabulib_kind kind;
	int decimals;    /* of every amount here */
	int64_t budget;  /* minor units, > 0 */
	int64_t threshold; /* min_project_score_threshold; 0: META has none */
	struct pabulib_project *project; /* [projects.row_count] */
	/* Ballot v names option[start[v]] … option[start[v + 1] - 1], as written, each project
	 * once (where it was named first). points is beside option; NULL for kinds without. */
	uint32_t *start; /* [votes.row_count + 1] */
	uint32_t *option; /* indices into project */
	int32_t *points;
};

/* Reads a whole file. text must outlive *ret. INVALID with *error for anything that is not a
 * well-formed file, TOO_LARGE with *error over a limit, NO_MEMORY when the arena is full. */
MUST_CHECK enum status pabulib_parse(struct arena *arena, struct str text, struct pabulib *ret,
                                     struct decide_error *error);

/* The value of a META key; NULL ptr when it is not there. */
struct str pabulib_meta(const struct pabulib *file, const char *key);
/* Index of a column, or column_count. */
size_t pabulib_column(const struct pabulib_table *table, const char *name);
/* The cells of a row of projects or votes, unquoted: cells[column_count]. The arena is used
 * only for cells that hold a doubled quote. */
MUST_CHECK enum status pabulib_cells(const struct pabulib *file,
                                     const struct pabulib_table *table, size_t row,
                                     struct arena *arena, struct str *cells);

/* "approval", "choose-1", …: as in vote_type. */
const char *pabulib_kind_name(enum pabulib_kind kind);

/* Writes the file again, with its line ends. */
MUST_CHECK enum status pabulib_write(const struct pabulib *file, struct arena *scratch,
                                     struct buf *out);
/* For whoever makes a file from elsewhere: one row, quoted where needed. A section is a row
 * of one cell ("META"), a row of column names, then its rows. */
void pabulib_write_row(struct buf *out, const struct str *cells, size_t count, bool crlf);
/* Whether two files say the same, cell by cell, header and META in order. */
MUST_CHECK enum status pabulib_same(const struct pabulib *a, const struct pabulib *b,
                                    struct arena *scratch, bool *ret);

/* The election in it: options in file order, each ballot as the set of projects it names, or, for
 * a utility of points, with what it gives each: its points (cumulative and scoring ballots), or
 * by Borda the number of projects that it ranks behind (ordinal ballots). META's
 * min_project_score_threshold becomes the threshold. least_decimals widens the money scale, for a
 * currency or an increment with more digits. INVALID with *error when these ballots don't have
 * what the utility asks for. */
MUST_CHECK enum status pabulib_election(const struct pabulib *file, enum decide_utility utility,
                                        int least_decimals, struct arena *arena,
                                        struct election *ret, struct decide_error *error);

/* Knapsack ballots, bundles that may cost so much together (META's max_sum_cost): how many cost
 * more. They are counted as they stand: what the place that held the vote did about them is not in
 * the file. -1: META does not say. */
int64_t pabulib_over_sum_cost(const struct pabulib *file);

/* Exact decimal text ("2458488.22"; a comma counts as the point) to an integer and its number
 * of decimals, trailing zeros taken off. INVALID: not a number; TOO_LARGE: beyond 10^15 or
 * more than 9 decimals. */
MUST_CHECK enum status pabulib_decimal(struct str text, int64_t *ret_digits, int *ret_decimals);

#endif
