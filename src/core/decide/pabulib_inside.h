/* Inside pabulib: the reader of rows and cells (pabulib.c), used by pabulib_types.c. */
#ifndef CORE_DECIDE_PABULIB_INSIDE_H
#define CORE_DECIDE_PABULIB_INSIDE_H

#include "core/decide/pabulib.h"

struct pabulib_reader {
	const char *at, *end;
	const char *quote;      /* the first '"' at or behind the present row; end when none */
	struct str pending;     /* a section's opening row already read; ptr NULL when none */
	size_t line, next_line; /* of the row last read, and behind it */
	bool crlf, open_quote;
};

MUST_CHECK enum status pabulib_open(struct pabulib_reader *in, struct str text,
                                    struct decide_error *error);
bool pabulib_next_row(struct pabulib_reader *in, struct str *ret);
MUST_CHECK enum status pabulib_section_begin(struct pabulib_reader *in,
                                             enum pabulib_section want,
                                             struct decide_error *error);
bool pabulib_section_row(struct pabulib_reader *in, struct str *ret);
/* INVALID: why the text ended here. */
MUST_CHECK enum status pabulib_fail_at_end(const struct pabulib_reader *in,
                                           struct decide_error *error, const char *otherwise);
/* str_trim, quickly for what has nothing to trim. */
static inline struct str
pabulib_trim(struct str s)
{
	return s.len > 0 && s.ptr[0] > ' ' && s.ptr[s.len - 1] > ' ' ? s : str_trim(s);
}

struct str pabulib_raw_cell(struct str *rest);
MUST_CHECK enum status pabulib_unquote(struct arena *arena, struct str raw, struct str *ret);

/* pabulib_election.c, also for limits_part.c. An amount of the file in finer minor units. */
MUST_CHECK enum status pabulib_refine(int64_t amount, int times, struct str field, int64_t *ret,
                                      struct decide_error *error);
/* Whether the file's ballots say how much a voter wants each option, as the utility asks. */
MUST_CHECK enum status pabulib_check_utility(const struct pabulib *file,
                                             enum decide_utility utility,
                                             struct decide_error *error);
/* What vote v gives to the project that it names at place i, from 0; of a utility of points. */
uint32_t pabulib_points_at(const struct pabulib *file, enum decide_utility utility, size_t v,
                           size_t i);

#endif
