/* Limits as a CSV file beside a .pb file, and the elections they make of it.
 *
 * A header row, then a row for each limit, one or more (csv.h says what CSV is). Columns, in any
 * order; those that no row needs may be missing:
 *	kind         what the row says:
 *	  exclusive    at most one of `projects` wins
 *	  group        limits of `projects` together: the four figures, one of them or more
 *	  category     the same for every project of the .pb file's category `name`
 *	  sizes        `projects` are one project in several sizes, from the smallest to the largest, each
 *	               dearer than the one before: at most one wins. A ballot that names a size asks
 *	               for at least it: it supports the larger ones too, with the same points unless
 *	               it names them itself
 *	  needs        project `name` can only win when all of `projects` have
 *	  pot          `projects` have a `budget` of their own, and its voters are those whose
 *	               district (the .pb column of votes "district", else "neighborhood") is one of
 *	               `voters`; everybody, where that is empty
 *	name         of the group; with needs, a project's id
 *	projects     ids parted by commas (so in quotes), as in a vote of the .pb file
 *	min_cost, max_cost        of the winners together, units of the currency; a maximum is above 0
 *	min_winners, max_winners  a maximum is 1 or more
 *	budget, voters            of a pot; districts parted by commas
 *
 * Pots are elections of their own that share a ballot: with Equal Shares a voter has an equal part
 * of each pot that they may vote on. Where there are pots, every project is in one, together they
 * have the file's budget, and a group or a need stays within one. What a ballot names of a pot that
 * is not its voter's does not count there.
 *
 * limits.h says what each limit means. */
#ifndef CORE_DECIDE_LIMITS_FILE_H
#define CORE_DECIDE_LIMITS_FILE_H

#include "core/decide/limits.h"
#include "core/decide/pabulib.h"

enum {
	LIMITS_POTS_MAX = 1000,
	LIMITS_ROWS_MAX = LIMITS_GROUPS_MAX + LIMITS_NEEDS_MAX + LIMITS_POTS_MAX,
	LIMITS_NAME_MAX = 200 /* bytes */
};

struct limits_sizes {
	const uint32_t *projects; /* from the smallest to the largest */
	size_t count;
};

struct limits_pot {
	struct str name;
	int64_t budget;
	const uint32_t *projects; /* ascending */
	size_t count;
	uint32_t *voters;         /* districts, ascending */
	size_t voter_count;       /* 0: everybody */
	size_t line;
};

/* Where a project stands among the sizes of one. */
struct limits_size {
	const struct limits_sizes *of; /* NULL: it comes in one */
	size_t place;
};

/* What a file says; its projects are those of the .pb file, by number from 0. */
struct limits_file {
	int decimals;
	struct limits_group *groups; /* the options are projects */
	size_t group_count;
	struct limits_need *needs;   /* alike */
	size_t need_count;
	struct limits_sizes *sizes;  /* each is a group too */
	size_t sizes_count;
	struct limits_size *size;    /* by project */
	struct limits_pot *pots;     /* 0 of them: one pot of everything */
	size_t pot_count;
	uint32_t *pot_of;            /* by project; 0 where there are no pots */
	uint32_t *option_of;         /* by project: its number in its pot */
	uint32_t *district;          /* by vote: its voter's, as a number; NULL where no pot has
	                                voters of its own */
};

/* Reads a file. text and pb must outlive *ret. decimals: of its amounts, as the election's. INVALID,
 * TOO_LARGE: *error says where and why. NO_MEMORY. */
MUST_CHECK enum status limits_read(struct arena *arena, struct str text, const struct pabulib *pb,
                                   int decimals, struct limits_file *ret,
                                   struct decide_error *error);

/* The election about one pot, or about everything where there are no pots. */
struct limits_part {
	struct election e;
	const uint32_t *project; /* by option; NULL: as in the .pb file */
	int64_t not_entitled; /* ballots that name something of the pot, whose voters are not its */
};

/* As pabulib_election (pabulib.h), under limits; pot: below pot_count, or 0. limits NULL: none.
 * INVALID with *error also for contradictions (limits_set). */
MUST_CHECK enum status limits_part_of(const struct pabulib *pb, const struct limits_file *limits,
                                      size_t pot, enum decide_utility utility,
                                      int least_decimals, struct arena *arena,
                                      struct limits_part *ret, struct decide_error *error);

#endif
