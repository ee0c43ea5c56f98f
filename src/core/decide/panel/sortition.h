/* Stratified sortition: a panel drawn by lot that meets quotas, with chances as equal as the
 * quotas allow.
 *
 * Source: Flanigan, Gölz, Gupta, Hennig, Procaccia, "Fair algorithms for selecting citizens'
 * assemblies", Nature 596 (2021). What is computed is a lottery: panels with weights. It can
 * be published before a seed is known; the seed then picks one of the panels.
 *
 * Time grows with the number of kinds of people and the tightness of the quotas: around 100 kinds
 * take a tenth of a second, some hundreds a few seconds; a hundred that have to meet thirty quotas
 * exactly may take minutes. GLPK keeps its state by thread, and ends the process when memory
 * runs out.
 *
 * People for whom the search (branch and bound of so many nodes, program.h) finds no panel are
 * given no chance; where a search for a better panel was cut short, a better lottery may exist.
 *
 * Exactness: weights are whole parts of `parts`, the chances are sums of them, and every panel
 * is checked against the quotas in integers. The chances of leximin, and the smallest of maximin, are
 * numbers that depend on the pool alone, and are met to some 10^-7 (where many cuts are needed,
 * lottery.h, to 10^-4). Which of the lotteries with
 * them it is depends on floating point, of which only what IEEE 754 rounds in one way is used
 * here (sums, products, quotients, roots; never fused); GLPK proposes panels, and is built that way
 * for x86-64, where processors and compilers make no difference.
 */
#ifndef CORE_DECIDE_PANEL_SORTITION_H
#define CORE_DECIDE_PANEL_SORTITION_H

#include "base/buf.h"
#include "core/decide/panel/pool.h"

enum sortition_algorithm {
	SORTITION_LEGACY,  /* "legacy": seat by seat, the value that is furthest behind first */
	SORTITION_MAXIMIN, /* "maximin": the smallest chance is as large as can be */
	SORTITION_LEXIMIN  /* "leximin": then the second smallest, and so on */
};

enum {
	SORTITION_SEATS_MAX = 10000,
	SORTITION_PARTS = 1000000000, /* weights of maximin and leximin are in these */
	SORTITION_DRAWS = 10000,      /* usual draws of legacy */
	SORTITION_DRAWS_MAX = 1000000,
	SORTITION_TRIES_MAX = 1000    /* of one draw of legacy until a panel meets the quotas */
};
/* Members of all panels together at most. */
#define SORTITION_MEMBERS_MAX ((size_t)50000000)

struct sortition_request {
	enum sortition_algorithm algorithm;
	int64_t size;      /* seats, > 0 */
	uint8_t seed[32];
	int64_t draws;     /* legacy only: 1 … SORTITION_DRAWS_MAX */
	/* For long work, or NULL: done of all steps; may be called often. */
	void (*progress)(void *context, size_t done, size_t all);
	void *context;
};

struct sortition {
	enum sortition_algorithm algorithm;
	int64_t size, parts, draws;
	uint8_t seed[32];
	size_t people, kinds;

	/* The lottery. Panel p has weight[p] of `parts`, and members
	 * member[p * size] … ascending numbers of people. */
	size_t panel_count;
	int64_t *weight;
	uint32_t *member;

	int64_t *chance;  /* by person, of `parts`: the sum of the weights of the panels with them */
	int64_t min_chance, max_chance;
	size_t drawn;     /* the panel the seed picks; legacy: that of its first draw */

	int64_t programs, columns, restarts; /* how much work it was; legacy: restarts */
};

/* A quota that would have to give way: from [min, max] to [new_min, new_max]. */
struct sortition_relaxed {
	uint32_t value;
	int64_t min, max, new_min, new_max;
};

/* Computes the lottery and draws. REFUSED: no panel meets the quotas (sortition_relax says which
 * would have to change). INVALID with *error: more
 * seats than people (or than households), legacy found no panel. TOO_LARGE: too many panels
 * times seats. NO_MEMORY. FAILED: the solver gave up. */
MUST_CHECK enum status sortition_run(const struct pool *pool,
                                     const struct sortition_request *request,
                                     struct arena *arena, struct sortition *ret,
                                     struct decide_error *error);

/* The quotas that have to change so that a panel of that size exists: the least sum of all
 * lowerings of min and raisings of max. None when the quotas can be met. INVALID with *error:
 * more seats than people or households. NO_MEMORY, FAILED. */
MUST_CHECK enum status sortition_relax(const struct pool *pool, int64_t size,
                                       struct arena *arena, struct sortition_relaxed **ret,
                                       size_t *ret_count, struct decide_error *error);

/* Which panel a seed picks: the first number below `parts` of its stream of chance (base/chance.h)
 * falls on it, panels laid end to end by weight. Anybody can do it again. */
size_t sortition_draw(const struct sortition *sortition, const uint8_t seed[32]);

/* Members of a panel. */
static inline const uint32_t *
sortition_panel(const struct sortition *s, size_t panel)
{
	return s->member + panel * (size_t)s->size;
}

/* Recomputes everything in integers: each panel has `size` different people, meets every quota
 * and has one of a household at most; weights are positive and sum to parts; chances are what
 * weights say. */
bool sortition_verify(const struct pool *pool, const struct sortition *sortition,
                      struct arena *arena);

/* People who can't serve are replaced: those who stay keep their seats, and the empty ones are
 * drawn with the same algorithm from those who were not drawn before and don't share a
 * household with somebody who stays, the quotas being what is left of them. The seed is the 32 bytes of
 * the stream of request->seed behind its first 32, so that the first draw is not used again.
 *
 * gone: numbers of members of the panel, ascending. *ret_pool is the pool of the second
 * draw, *ret its lottery (of its people; ret_person[i] is who i is in the first pool).
 * The same errors as sortition_run; INVALID: somebody gone is no member. */
MUST_CHECK enum status sortition_replace(const struct pool *pool,
                                         const struct sortition_request *request,
                                         const uint32_t *panel, const uint32_t *gone,
                                         size_t gone_count, struct arena *arena,
                                         struct pool *ret_pool, struct sortition *ret,
                                         uint32_t **ret_person, struct decide_error *error);

/* A number of parts as a decimal between 0 and 1, rounded to nine digits; exact for parts of a
 * power of ten up to 10^9. */
void sortition_write_share(struct buf *out, int64_t parts, int64_t of);
/* The lottery and what was drawn as one JSON object, keys in order, without its closing brace,
 * so that a caller can add keys behind "size":
 *	algorithm, columns, drawn (numbers of people), drawn_ids, drawn_panel (number of the panel),
 *	draws (legacy), kinds, max_probability, min_probability,
 *	panels: [{members: numbers of people, parts, weight}, …], parts, people: {id: probability},
 *	pool (people), probabilities (in the order of the pool), seed, size.
 * People are numbered from 0 as in the pool. */
void sortition_write(struct buf *out, const struct pool *pool, const struct sortition *s);

const char *sortition_algorithm_name(enum sortition_algorithm algorithm);
MUST_CHECK enum status sortition_algorithm_parse(struct str name,
                                                 enum sortition_algorithm *ret);

#endif
