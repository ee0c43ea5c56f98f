/* The loops of shares_sides.c four supporters at a time, for processors with AVX2. (Nothing is
 * contracted into fused operations: the build says -ffp-contract=off.) */
#include <math.h>
#include <string.h>

#include "core/decide/shares.h"

#if defined(__x86_64__)

typedef double four __attribute__((vector_size(32)));
typedef int64_t four_bits __attribute__((vector_size(32)));
typedef int32_t four_small __attribute__((vector_size(16)));
typedef double two __attribute__((vector_size(16)));

/* Four supporters: what they have, how many they are, their points. */
struct quad {
	four lo, hi, weight, points;
};

struct sums {
	four poor_lo, poor_hi, poor, next_lo, next_hi;
};

#define AVX2 __attribute__((target("avx2")))
#define INLINE AVX2 static inline __attribute__((always_inline))

INLINE void
lower(four *least, const four_bits *mask, const four *x)
{
	/* Those outside the mask count as infinite. */
	const four infinity = { INFINITY, INFINITY, INFINITY, INFINITY };
	four value = (four)(((four_bits)*x & *mask) | ((four_bits)infinity & ~*mask));
	four_bits less = value < *least;

	*least = (four)(((four_bits)value & less) | ((four_bits)*least & ~less));
}

/* Rounded down; exact for one point. */
INLINE void
per_point(four *ret, const four *x, const four *points)
{
	const four one = { 1, 1, 1, 1 };
	four_bits single = *points == one;
	four each = *x / *points * (1 - 0x1p-51);

	*ret = (four)(((four_bits)*x & single) | ((four_bits)each & ~single));
}

INLINE void
add(struct sums *s, const struct quad *q, const four *x, bool by_lo, bool with_points)
{
	four limit = with_points ? *x * q->points : *x;
	four_bits is_poor = by_lo ? q->lo < limit : q->hi < limit, is_rest = ~is_poor;
	four lo = q->weight * q->lo, hi = q->weight * q->hi;
	four units = with_points ? q->weight * q->points : q->weight;
	four each_lo = q->lo, each_hi = q->hi;

	if (with_points) {
		per_point(&each_lo, &q->lo, &q->points);
		per_point(&each_hi, &q->hi, &q->points);
	}
	s->poor_lo += (four)((four_bits)lo & is_poor);
	s->poor_hi += (four)((four_bits)hi & is_poor);
	s->poor += (four)((four_bits)units & is_poor);
	lower(&s->next_lo, &is_rest, &each_lo);
	lower(&s->next_hi, &is_rest, &each_hi);
}

INLINE void
load(struct quad *q, const struct shares_purse *purses, const struct shares_list *list, size_t i,
     bool with_points)
{
	two a, b, c, d;
	four_small small;

	memcpy(&a, &purses[list->ballot[i]], sizeof a);
	memcpy(&b, &purses[list->ballot[i + 1]], sizeof b);
	memcpy(&c, &purses[list->ballot[i + 2]], sizeof c);
	memcpy(&d, &purses[list->ballot[i + 3]], sizeof d);
	q->lo = __builtin_shufflevector(__builtin_shufflevector(a, b, 0, 2),
	                                __builtin_shufflevector(c, d, 0, 2), 0, 1, 2, 3);
	q->hi = __builtin_shufflevector(__builtin_shufflevector(a, b, 1, 3),
	                                __builtin_shufflevector(c, d, 1, 3), 0, 1, 2, 3);
	memcpy(&small, &list->weight[i], sizeof small);
	q->weight = __builtin_convertvector(small, four);
	if (with_points) {
		memcpy(&small, &list->points[i], sizeof small);
		q->points = __builtin_convertvector(small, four);
	}
}

/* Asks for purses well before they are read, where there are more than the caches hold. */
INLINE void
fetch_ahead(const struct shares_purse *purses, const struct shares_list *list, size_t i)
{
	enum { AHEAD = 32 };

	if (!list->far || i + AHEAD + 4 > list->count)
		return;
	for (size_t k = 0; k < 4; k++)
		__builtin_prefetch(&purses[list->ballot[i + AHEAD + k]], 1);
}

/* The last three at most; the places that are empty hold somebody rich who counts nothing. */
INLINE void
load_rest(struct quad *q, const struct shares_purse *purses, const struct shares_list *list,
          size_t from)
{
	const four infinity = { INFINITY, INFINITY, INFINITY, INFINITY };

	*q = (struct quad){ infinity, infinity, { 0, 0, 0, 0 }, { 1, 1, 1, 1 } };
	for (size_t i = from; i < list->count; i++) {
		q->lo[i - from] = purses[list->ballot[i]].lo;
		q->hi[i - from] = purses[list->ballot[i]].hi;
		q->weight[i - from] = list->weight[i];
		q->points[i - from] = shares_points(list, i);
	}
}

INLINE void
sum_up(struct shares_sides *ret, const struct shares_purse *purses,
       const struct shares_list *list, double price, bool by_lo, bool with_points)
{
	const four infinity = { INFINITY, INFINITY, INFINITY, INFINITY };
	const four x = { price, price, price, price };
	struct sums s = { .next_lo = infinity, .next_hi = infinity };
	struct quad q = { .points = { 1, 1, 1, 1 } };
	size_t i = 0;

	for (; i + 4 <= list->count; i += 4) {
		fetch_ahead(purses, list, i);
		load(&q, purses, list, i, with_points);
		add(&s, &q, &x, by_lo, with_points);
	}
	if (i < list->count) {
		load_rest(&q, purses, list, i);
		add(&s, &q, &x, by_lo, with_points);
	}
	*ret = (struct shares_sides){
		.poor_lo = (s.poor_lo[0] + s.poor_lo[1]) + (s.poor_lo[2] + s.poor_lo[3]),
		.poor_hi = (s.poor_hi[0] + s.poor_hi[1]) + (s.poor_hi[2] + s.poor_hi[3]),
		.rest = list->units - (s.poor[0] + s.poor[1] + s.poor[2] + s.poor[3]),
		.next_lo = INFINITY, .next_hi = INFINITY };
	for (int k = 0; k < 4; k++) {
		ret->next_lo = s.next_lo[k] < ret->next_lo ? s.next_lo[k] : ret->next_lo;
		ret->next_hi = s.next_hi[k] < ret->next_hi ? s.next_hi[k] : ret->next_hi;
	}
}

AVX2 static bool
any_between(const struct shares_purse *purses, const struct shares_list *list, double price_lo,
            double price_hi)
{
	const four low = { price_lo, price_lo, price_lo, price_lo };
	const four high = { price_hi, price_hi, price_hi, price_hi };
	four_bits any = { 0, 0, 0, 0 };
	struct quad q;
	size_t i = 0;

	for (; i + 4 <= list->count; i += 4) {
		load(&q, purses, list, i, false);
		any |= (q.hi > low) & (q.lo < high);
	}
	if (i < list->count) {
		load_rest(&q, purses, list, i);
		any |= (q.hi > low) & (q.lo < high);
	}
	return (any[0] | any[1] | any[2] | any[3]) != 0;
}

/* In one go: what is soon read in one go must not wait for two halves. */
INLINE void
store(struct shares_purse *purses, uint32_t ballot, double lo, double hi)
{
	two purse = { lo, hi };

	memcpy(&purses[ballot], &purse, sizeof purse);
}

/* What four purses have left after paying, and which of them go broke by it. */
INLINE void
take_from(struct quad *q, const struct shares_payment *p, four_bits *newly)
{
	const four nothing = { 0, 0, 0, 0 };
	const four price_lo = { p->lo, p->lo, p->lo, p->lo };
	const four price_hi = { p->hi, p->hi, p->hi, p->hi };
	four_bits broke = q->hi <= price_lo;
	four lo = (q->lo - price_hi) * (1 - 0x1p-51), hi = (q->hi - price_lo) * (1 + 0x1p-51);

	*newly = broke & (q->hi > nothing);
	q->lo = (four)((four_bits)lo & (lo > nothing) & ~broke);
	q->hi = (four)((four_bits)hi & ~broke);
}

INLINE size_t
note_broke(const struct shares_payment *p, const uint32_t *ballots, size_t count,
           const four_bits *newly)
{
	size_t more = 0;

	if (((*newly)[0] | (*newly)[1] | (*newly)[2] | (*newly)[3]) == 0)
		return 0;
	for (size_t k = 0; k < count; k++)
		if ((*newly)[k] != 0) {
			p->broke[ballots[k]] = p->step;
			more++;
		}
	return more;
}

AVX2 static size_t
pay(const struct shares_payment *p)
{
	const uint32_t *ballots = p->list->ballot;
	struct shares_purse *purses = p->purses;
	size_t i = 0, count = p->list->count, broke = 0;
	four_bits newly;
	struct quad q;

	for (; i + 4 <= count; i += 4) {
		fetch_ahead(purses, p->list, i);
		load(&q, purses, p->list, i, false);
		take_from(&q, p, &newly);
		store(purses, ballots[i], q.lo[0], q.hi[0]);
		store(purses, ballots[i + 1], q.lo[1], q.hi[1]);
		store(purses, ballots[i + 2], q.lo[2], q.hi[2]);
		store(purses, ballots[i + 3], q.lo[3], q.hi[3]);
		broke += note_broke(p, ballots + i, 4, &newly);
	}
	if (i < count) {
		load_rest(&q, purses, p->list, i);
		take_from(&q, p, &newly);
		for (size_t k = 0; i + k < count; k++)
			store(purses, ballots[i + k], q.lo[k], q.hi[k]);
		broke += note_broke(p, ballots + i, count - i, &newly);
	}
	return broke;
}

AVX2 static struct shares_sides
sides_of(const struct shares_purse *purses, const struct shares_list *list, double price,
         bool by_lo)
{
	struct shares_sides ret;

	/* Constants, for each a loop of its own. */
	if (list->points != NULL)
		sum_up(&ret, purses, list, price, by_lo, true);
	else if (by_lo)
		sum_up(&ret, purses, list, price, true, false);
	else
		sum_up(&ret, purses, list, price, false, false);
	return ret;
}

const struct shares_loops *
shares_vector_loops(void)
{
	static const struct shares_loops loops = { sides_of, any_between, pay };

	return __builtin_cpu_supports("avx2") ? &loops : NULL;
}

#else

const struct shares_loops *
shares_vector_loops(void)
{
	return NULL;
}

#endif
