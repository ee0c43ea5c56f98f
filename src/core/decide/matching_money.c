#include "core/decide/matching_money.h"

#include <assert.h>
#include <gmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"

/* A giver's gifts to one project, added up. */
struct gift {
	uint32_t project, giver;
	int64_t amount;
	int64_t free, times; /* amount = free * times^2 */
};

/* Two givers who both gave to a project: gifts a and b of it. */
struct pair {
	uint64_t givers; /* the smaller number << 32 | the larger */
	uint32_t a, b;
};

/* A non-negative real: lo/scale <= it <= hi/scale. */
struct interval {
	mpz_t lo, hi;
};

struct share {
	mpz_t lo, hi; /* of the remainder, over 2^bits */
	uint32_t project, rank;
	size_t cluster; /* shares whose remainders can't be told apart */
};

struct split {
	const struct matching *m;
	struct arena *arena;
	struct matching_outcome *out;
	struct gift *gifts;  /* by project */
	size_t gift_count;
	size_t *first;       /* [project_count + 1] */
	struct pair *pairs;  /* by givers */
	size_t pair_count;

	struct interval *raw; /* [project_count], over 2^(2 bits) */
	struct share *shares; /* [project_count] */
	struct share **order;
	int64_t *match;       /* [project_count], of the split last made */
	bool *capped;
	int bits;
	bool last, doubt;     /* the most bits; something could not be told apart */
};

static const int BITS[] = { 192, 1024, 4096 };
enum { LEVELS = 3 };

static void
interval_init(struct interval *i)
{
	mpz_init(i->lo);
	mpz_init(i->hi);
}

static void
interval_clear(struct interval *i)
{
	mpz_clear(i->lo);
	mpz_clear(i->hi);
}

/* amount = free * times^2: with all squares of divisors up to 100, or all of it a square. */
static void
take_out_squares(struct gift *g)
{
	int64_t root;

	g->free = g->amount;
	g->times = 1;
	for (int64_t d = 2; d <= 100 && d * d <= g->free; d++)
		while (g->free % (d * d) == 0) {
			g->free /= d * d;
			g->times *= d;
		}
	/* Of 10^15 at most: the double is right to within one. */
	root = (int64_t)__builtin_sqrt((double)g->free);
	for (int64_t r = root > 1 ? root - 1 : 1; r <= root + 1; r++)
		if (r * r == g->free) {
			g->times *= r;
			g->free = 1;
		}
}

/* sqrt n over 2^bits. n is clobbered. */
static void
root_of(mpz_t n, int bits, struct interval *ret)
{
	mpz_mul_2exp(n, n, (mp_bitcnt_t)(2 * bits));
	mpz_sqrtrem(ret->lo, ret->hi, n);
	mpz_add_ui(ret->hi, ret->lo, mpz_sgn(ret->hi) != 0);
}

/* Adds sqrt(free) * times. */
static void
add_root(struct interval *sum, int64_t gift_free, int64_t times, int bits)
{
	struct interval root;
	mpz_t n;

	interval_init(&root);
	mpz_init_set_si(n, times);
	mpz_mul(n, n, n);
	mpz_mul_si(n, n, gift_free);
	root_of(n, bits, &root);
	mpz_add(sum->lo, sum->lo, root.lo);
	mpz_add(sum->hi, sum->hi, root.hi);
	mpz_clear(n);
	interval_clear(&root);
}

static int
by_free(const void *a, const void *b)
{
	const struct gift *x = a, *y = b;

	return (x->free > y->free) - (x->free < y->free);
}

/* (sum of roots)^2 - sum, over 2^(2 bits); the gifts are in order of `free`. extra: one more
 * gift, or NULL. */
static void
raw_quadratic(const struct split *s, size_t p, const struct gift *extra, struct interval *ret)
{
	const struct gift *g = &s->gifts[s->first[p]], *end = &s->gifts[s->first[p + 1]];
	size_t count = (size_t)(end - g) + (extra != NULL);
	bool added = extra == NULL;
	mpz_t sum;

	mpz_set_ui(ret->lo, 0);
	mpz_set_ui(ret->hi, 0);
	if (count < 2)
		return;
	mpz_init(sum);
	while (g < end || !added) {
		int64_t free_part = g < end ? g->free : extra->free, times = 0;

		for (; g < end && g->free == free_part; g++) {
			times += g->times;
			mpz_add_ui(sum, sum, (unsigned long)g->amount);
		}
		if (!added && (extra->free == free_part || g == end)) {
			if (extra->free == free_part)
				times += extra->times;
			else
				add_root(ret, extra->free, extra->times, s->bits);
			mpz_add_ui(sum, sum, (unsigned long)extra->amount);
			added = true;
		}
		add_root(ret, free_part, times, s->bits);
	}
	mpz_mul_2exp(sum, sum, (mp_bitcnt_t)(2 * s->bits));
	mpz_mul(ret->lo, ret->lo, ret->lo);
	mpz_mul(ret->hi, ret->hi, ret->hi);
	if (mpz_cmp(ret->lo, ret->hi) != 0 && s->gifts[s->first[p]].free ==
	    s->gifts[s->first[p + 1] - 1].free && (extra == NULL ||
	    extra->free == s->gifts[s->first[p]].free)) {
		/* One root only: its square is whole. */
		mpz_fdiv_q_2exp(ret->hi, ret->hi, (mp_bitcnt_t)(2 * s->bits));
		mpz_mul_2exp(ret->hi, ret->hi, (mp_bitcnt_t)(2 * s->bits));
		mpz_set(ret->lo, ret->hi);
	}
	mpz_sub(ret->lo, ret->lo, sum);
	mpz_sub(ret->hi, ret->hi, sum);
	if (mpz_sgn(ret->lo) < 0)
		mpz_set_ui(ret->lo, 0);
	mpz_clear(sum);
}

/* sqrt(a * b) over 2^bits. */
static void
root_of_product(int64_t a, int64_t b, int bits, struct interval *ret)
{
	mpz_t n;

	mpz_init_set_si(n, a);
	mpz_mul_si(n, n, b);
	root_of(n, bits, ret);
	mpz_clear(n);
}

/* Adds 2 root * M / (M + all) over 2^(2 bits), rounded outwards. */
static void
add_pair(const struct split *s, const struct interval *root, const struct interval *all,
         struct interval *sum)
{
	mp_bitcnt_t bits = (mp_bitcnt_t)s->bits;
	mpz_t m, n, d;

	mpz_init_set_si(m, s->m->bound);
	mpz_mul_2exp(m, m, bits);
	mpz_init(n);
	mpz_init(d);
	mpz_mul(n, m, root->lo);
	mpz_mul_2exp(n, n, bits + 1);
	mpz_add(d, m, all->hi);
	mpz_fdiv_q(n, n, d);
	mpz_add(sum->lo, sum->lo, n);
	mpz_mul(n, m, root->hi);
	mpz_mul_2exp(n, n, bits + 1);
	mpz_add(d, m, all->lo);
	mpz_cdiv_q(n, n, d);
	mpz_add(sum->hi, sum->hi, n);
	mpz_clear(m);
	mpz_clear(n);
	mpz_clear(d);
}

static void
all_raw_pairwise(struct split *s)
{
	struct interval all, root;

	interval_init(&all);
	interval_init(&root);
	for (size_t p = 0; p < s->m->project_count; p++) {
		mpz_set_ui(s->raw[p].lo, 0);
		mpz_set_ui(s->raw[p].hi, 0);
	}
	for (size_t from = 0, to; from < s->pair_count; from = to) {
		mpz_set_ui(all.lo, 0);
		mpz_set_ui(all.hi, 0);
		for (to = from; to < s->pair_count && s->pairs[to].givers == s->pairs[from].givers;
		     to++) {
			root_of_product(s->gifts[s->pairs[to].a].amount,
			                s->gifts[s->pairs[to].b].amount, s->bits, &root);
			mpz_add(all.lo, all.lo, root.lo);
			mpz_add(all.hi, all.hi, root.hi);
		}
		for (size_t i = from; i < to; i++) {
			const struct gift *a = &s->gifts[s->pairs[i].a];

			root_of_product(a->amount, s->gifts[s->pairs[i].b].amount, s->bits, &root);
			add_pair(s, &root, &all, &s->raw[a->project]);
		}
	}
	interval_clear(&all);
	interval_clear(&root);
}

/* The raw match with one more gift, of somebody who gave nothing else. */
static void
raw_with(const struct split *s, size_t p, const struct gift *extra, struct interval *ret)
{
	struct interval root;

	if (s->m->rule == MATCHING_QUADRATIC) {
		raw_quadratic(s, p, extra, ret);
		return;
	}
	interval_init(&root);
	mpz_set(ret->lo, s->raw[p].lo);
	mpz_set(ret->hi, s->raw[p].hi);
	for (size_t i = s->first[p]; i < s->first[p + 1]; i++) {
		root_of_product(s->gifts[i].amount, extra->amount, s->bits, &root);
		add_pair(s, &root, &root, ret);
	}
	interval_clear(&root);
}

/* What is open of the money, shared in proportion: project p's part over 2^bits. It is raw /
 * (raw + the others'), which grows with raw: both ends take raw the same above and below. */
static void
part_of(const struct split *s, size_t p, int64_t money, const struct interval *sum, mpz_t lo,
        mpz_t hi)
{
	const struct interval *raw = &s->raw[p];
	mpz_t all;

	mpz_init(all);
	mpz_sub(all, sum->hi, raw->hi);
	mpz_add(all, all, raw->lo);
	mpz_mul_si(lo, raw->lo, money);
	mpz_mul_2exp(lo, lo, (mp_bitcnt_t)s->bits);
	mpz_fdiv_q(lo, lo, all);
	mpz_sub(all, sum->lo, raw->lo);
	mpz_add(all, all, raw->hi);
	mpz_mul_si(hi, raw->hi, money);
	mpz_mul_2exp(hi, hi, (mp_bitcnt_t)s->bits);
	mpz_cdiv_q(hi, hi, all);
	mpz_clear(all);
}

/* Whole part and remainder of lo … hi over 2^bits, which become the remainder's. */
static int64_t
whole_part(struct split *s, mpz_t lo, mpz_t hi)
{
	mp_bitcnt_t bits = (mp_bitcnt_t)s->bits;
	mpz_t a, b;
	int64_t whole;

	mpz_init(a);
	mpz_init(b);
	mpz_fdiv_q_2exp(a, lo, bits);
	mpz_fdiv_q_2exp(b, hi, bits);
	whole = mpz_get_si(b);
	if (mpz_cmp(a, b) == 0) {
		mpz_fdiv_r_2exp(lo, lo, bits);
		mpz_fdiv_r_2exp(hi, hi, bits);
	} else {
		s->doubt = true;
		mpz_set_ui(lo, 0);
		mpz_set_ui(hi, 0);
	}
	mpz_clear(a);
	mpz_clear(b);
	return whole;
}

static int
larger_first(const void *a, const void *b)
{
	const struct share *x = *(struct share *const *)a, *y = *(struct share *const *)b;
	int order = mpz_cmp(y->lo, x->lo);

	return order != 0 ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

static int
by_cluster_rank(const void *a, const void *b)
{
	const struct share *x = *(struct share *const *)a, *y = *(struct share *const *)b;

	if (x->cluster != y->cluster)
		return x->cluster < y->cluster ? -1 : 1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

/* One minor unit each to the largest remainders. */
static void
give_rest(struct split *s, size_t count, int64_t rest)
{
	const struct share *least = NULL;
	size_t cluster = 0;

	assert(rest >= 0 && (uint64_t)rest <= count);
	qsort(s->order, count, sizeof(struct share *), larger_first);
	for (size_t i = 0; i < count; i++) {
		/* In this order the last one's lower end is the lowest of its cluster. */
		if (least != NULL && mpz_cmp(least->lo, s->order[i]->hi) > 0)
			cluster++;
		s->order[i]->cluster = cluster;
		least = s->order[i];
	}
	qsort(s->order, count, sizeof(struct share *), by_cluster_rank);
	for (size_t i = 0; i < (size_t)rest; i++)
		s->match[s->order[i]->project]++;
	if (rest > 0 && (size_t)rest < count &&
	    s->order[rest - 1]->cluster == s->order[rest]->cluster)
		s->doubt = true;
}

/* Who of the open ones reaches the cap gets it. Returns how many. */
static int64_t
cap_some(struct split *s, int64_t money, const struct interval *sum)
{
	mpz_t lo, hi, cap;
	int64_t count = 0;

	mpz_init(lo);
	mpz_init(hi);
	mpz_init_set_si(cap, s->m->cap);
	mpz_mul_2exp(cap, cap, (mp_bitcnt_t)s->bits);
	for (size_t p = 0; p < s->m->project_count; p++) {
		if (s->capped[p] || mpz_sgn(s->raw[p].hi) == 0)
			continue;
		part_of(s, p, money, sum, lo, hi);
		if (mpz_cmp(hi, cap) < 0)
			continue;
		s->doubt |= mpz_cmp(lo, cap) < 0;
		s->capped[p] = true;
		s->match[p] = s->m->cap;
		count++;
	}
	mpz_clear(lo);
	mpz_clear(hi);
	mpz_clear(cap);
	return count;
}

/* The sum of what is open; false when nothing is. */
static bool
sum_open(const struct split *s, struct interval *sum)
{
	mpz_set_ui(sum->lo, 0);
	mpz_set_ui(sum->hi, 0);
	for (size_t p = 0; p < s->m->project_count; p++)
		if (!s->capped[p]) {
			mpz_add(sum->lo, sum->lo, s->raw[p].lo);
			mpz_add(sum->hi, sum->hi, s->raw[p].hi);
		}
	return mpz_sgn(sum->lo) > 0;
}

/* Splits the fund by s->raw into s->match and s->capped; returns the rounds it took. */
static int64_t
split_once(struct split *s)
{
	int64_t money = s->m->fund, rounds = 0, capped;
	struct interval sum;
	size_t count = 0;

	interval_init(&sum);
	memset(s->match, 0, s->m->project_count * sizeof *s->match);
	memset(s->capped, 0, s->m->project_count * sizeof *s->capped);
	do {
		rounds++;
		if (!sum_open(s, &sum)) {
			interval_clear(&sum);
			return rounds;
		}
		capped = s->m->cap > 0 ? cap_some(s, money, &sum) : 0;
		money -= capped * s->m->cap;
	} while (capped > 0);
	for (size_t p = 0; p < s->m->project_count; p++) {
		struct share *share = &s->shares[p];

		if (s->capped[p] || mpz_sgn(s->raw[p].hi) == 0)
			continue;
		part_of(s, p, money, &sum, share->lo, share->hi);
		s->match[p] = whole_part(s, share->lo, share->hi);
		s->order[count++] = share;
	}
	for (size_t i = 0; i < count; i++)
		money -= s->match[s->order[i]->project];
	/* With too few bits whole parts may have been taken too large: then all is done again. */
	if (money >= 0 && (uint64_t)money <= count)
		give_rest(s, count, money);
	else
		s->doubt = true;
	interval_clear(&sum);
	return rounds;
}

static enum status
write_raw(struct split *s, size_t p)
{
	mpz_t a, b;
	char *text;

	mpz_init(a);
	mpz_init(b);
	mpz_fdiv_q_2exp(a, s->raw[p].lo, (mp_bitcnt_t)(2 * s->bits));
	mpz_fdiv_q_2exp(b, s->raw[p].hi, (mp_bitcnt_t)(2 * s->bits));
	s->doubt |= mpz_cmp(a, b) != 0;
	text = arena_bytes(s->arena, mpz_sizeinbase(b, 10) + 2);
	if (text != NULL)
		s->out->projects[p].raw = str_of(mpz_get_str(text, 10, b));
	mpz_clear(a);
	mpz_clear(b);
	return text == NULL ? NO_MEMORY : OK;
}

/* Each project's match had somebody new given it one unit more. */
static void
find_further(struct split *s)
{
	struct gift extra = { .amount = s->m->unit };
	struct interval other;

	take_out_squares(&extra);
	interval_init(&other);
	for (size_t p = 0; p < s->m->project_count; p++) {
		raw_with(s, p, &extra, &other);
		mpz_swap(s->raw[p].lo, other.lo);
		mpz_swap(s->raw[p].hi, other.hi);
		(void)split_once(s);
		s->out->projects[p].further = s->match[p] - s->out->projects[p].match;
		mpz_swap(s->raw[p].lo, other.lo);
		mpz_swap(s->raw[p].hi, other.hi);
	}
	interval_clear(&other);
}

/* Everything, with s->bits. */
static enum status
count_with(struct split *s)
{
	struct matching_outcome *out = s->out;

	s->doubt = false;
	if (s->m->rule == MATCHING_PAIRWISE)
		all_raw_pairwise(s);
	out->total = 0;
	for (size_t p = 0; p < s->m->project_count; p++) {
		enum status st;

		if (s->m->rule == MATCHING_QUADRATIC)
			raw_quadratic(s, p, NULL, &s->raw[p]);
		st = write_raw(s, p);
		if (st != OK)
			return st;
	}
	out->rounds = split_once(s);
	for (size_t p = 0; p < s->m->project_count; p++) {
		out->projects[p].match = s->match[p];
		out->projects[p].capped = s->capped[p];
		out->total += s->match[p];
	}
	out->left = s->m->fund - out->total;
	out->further = s->m->unit > 0 && s->m->project_count <= MATCHING_FURTHER_MAX;
	if (out->further)
		find_further(s);
	out->bits = s->bits;
	out->equal = s->doubt;
	return OK;
}

static int
by_project_giver(const void *a, const void *b)
{
	const struct gift *x = a, *y = b;

	if (x->project != y->project)
		return x->project < y->project ? -1 : 1;
	return (x->giver > y->giver) - (x->giver < y->giver);
}

static int
by_givers(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->givers != y->givers)
		return x->givers < y->givers ? -1 : 1;
	return (x->a > y->a) - (x->a < y->a);
}

/* Gifts added up per project and giver, and where each project's begin. */
static enum status
gather(struct split *s)
{
	const struct matching *m = s->m;
	size_t n = 0, p = 0;

	s->gifts = ARENA_ARRAY(s->arena, m->gift_count, struct gift);
	s->first = ARENA_ARRAY(s->arena, m->project_count + 1, size_t);
	if (s->gifts == NULL || s->first == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < m->gift_count; i++)
		s->gifts[i] = (struct gift){ .project = m->gifts[i].project,
		                             .giver = m->gifts[i].giver,
		                             .amount = m->gifts[i].amount };
	qsort(s->gifts, m->gift_count, sizeof *s->gifts, by_project_giver);
	for (size_t i = 0; i < m->gift_count; i++) {
		if (n > 0 && by_project_giver(&s->gifts[n - 1], &s->gifts[i]) == 0)
			s->gifts[n - 1].amount += s->gifts[i].amount;
		else
			s->gifts[n++] = s->gifts[i];
	}
	s->gift_count = n;
	for (size_t i = 0; i < n; i++) {
		take_out_squares(&s->gifts[i]);
		while (p <= s->gifts[i].project)
			s->first[p++] = i;
	}
	while (p <= m->project_count)
		s->first[p++] = n;
	for (p = 0; p < m->project_count; p++) {
		struct matching_project *project = &s->out->projects[p];

		for (size_t i = s->first[p]; i < s->first[p + 1]; i++)
			project->given += s->gifts[i].amount;
		project->givers = (int64_t)(s->first[p + 1] - s->first[p]);
	}
	return OK;
}

static enum status
gather_pairs(struct split *s, struct decide_error *error)
{
	uint64_t count = 0;

	for (size_t p = 0; p < s->m->project_count; p++) {
		uint64_t n = s->first[p + 1] - s->first[p];

		count += n == 0 ? 0 : n * (n - 1) / 2;
	}
	if (count > MATCHING_PAIRS_MAX) {
		decide_fail(error, 0, STR(""), MSG("These are too many pairs of givers."));
		return TOO_LARGE;
	}
	s->pairs = ARENA_ARRAY(s->arena, count, struct pair);
	if (s->pairs == NULL)
		return NO_MEMORY;
	for (size_t p = 0; p < s->m->project_count; p++)
		for (size_t i = s->first[p]; i < s->first[p + 1]; i++)
			for (size_t j = i + 1; j < s->first[p + 1]; j++)
				s->pairs[s->pair_count++] = (struct pair){
					(uint64_t)s->gifts[i].giver << 32 | s->gifts[j].giver,
					(uint32_t)i, (uint32_t)j };
	qsort(s->pairs, s->pair_count, sizeof *s->pairs, by_givers);
	return OK;
}

static enum status
check(const struct matching *m, struct decide_error *error)
{
	int64_t sum = 0;

	if (m->project_count > MATCHING_PROJECTS_MAX || m->gift_count > MATCHING_GIFTS_MAX) {
		decide_fail(error, 0, STR(""), MSG("There are too many projects or gifts."));
		return TOO_LARGE;
	}
	if (m->fund <= 0 || m->fund > MATCHING_MONEY_MAX)
		return decide_fail(error, 0, STR("fund"), MSG("The fund must be more than 0."));
	if (m->cap < 0)
		return decide_fail(error, 0, STR("cap"), MSG("The cap can't be below 0."));
	if (m->rule == MATCHING_PAIRWISE && (m->bound <= 0 || m->bound > MATCHING_MONEY_MAX))
		return decide_fail(error, 0, STR("bound"), MSG("The bound must be more than 0."));
	if (m->unit < 0 || m->unit > MATCHING_MONEY_MAX)
		return decide_fail(error, 0, STR("unit"), MSG("This is no unit of a currency."));
	for (size_t i = 0; i < m->gift_count; i++) {
		assert(m->gifts[i].project < m->project_count);
		if (m->gifts[i].amount <= 0)
			return decide_fail(error, 0, STR("amount"),
			                   MSG("A gift must be more than 0."));
		if (m->gifts[i].amount > MATCHING_MONEY_MAX - sum)
			return decide_fail(error, 0, STR("amount"),
			                   MSG("The gifts are too much together."));
		sum += m->gifts[i].amount;
	}
	return OK;
}

/* What can be made before the first interval is. */
static enum status
prepare(struct split *s, struct decide_error *error)
{
	size_t count = s->m->project_count;
	enum status st;

	s->out->projects = ARENA_ARRAY(s->arena, count, struct matching_project);
	s->raw = ARENA_ARRAY(s->arena, count, struct interval);
	s->shares = ARENA_ARRAY(s->arena, count, struct share);
	s->order = ARENA_ARRAY(s->arena, count, struct share *);
	s->match = ARENA_ARRAY(s->arena, count, int64_t);
	s->capped = ARENA_ARRAY(s->arena, count, bool);
	if (s->out->projects == NULL || s->raw == NULL || s->shares == NULL || s->order == NULL ||
	    s->match == NULL || s->capped == NULL)
		return NO_MEMORY;
	st = gather(s);
	if (st != OK || s->m->rule != MATCHING_QUADRATIC)
		return st == OK ? gather_pairs(s, error) : st;
	for (size_t p = 0; p < count; p++)
		qsort(&s->gifts[s->first[p]], s->first[p + 1] - s->first[p], sizeof *s->gifts,
		      by_free);
	return OK;
}

enum status
matching_split(const struct matching *m, struct arena *arena, struct matching_outcome *ret,
               struct decide_error *error)
{
	struct split s = { .m = m, .arena = arena, .out = ret };
	enum status st = check(m, error);

	*ret = (struct matching_outcome){ 0 };
	if (st == OK)
		st = prepare(&s, error);
	if (st != OK)
		return st;
	for (size_t p = 0; p < m->project_count; p++) {
		interval_init(&s.raw[p]);
		mpz_init(s.shares[p].lo);
		mpz_init(s.shares[p].hi);
		s.shares[p].project = (uint32_t)p;
		s.shares[p].rank = m->rank == NULL ? (uint32_t)p : m->rank[p];
	}
	for (int level = 0; level < LEVELS; level++) {
		s.bits = BITS[level];
		st = count_with(&s);
		if (st != OK || !s.doubt)
			break;
	}
	for (size_t p = 0; p < m->project_count; p++) {
		interval_clear(&s.raw[p]);
		mpz_clear(s.shares[p].lo);
		mpz_clear(s.shares[p].hi);
	}
	return st;
}

static const char *const rule_names[] = {
	[MATCHING_QUADRATIC] = "quadratic", [MATCHING_PAIRWISE] = "pairwise" };

NAMES(matching_rule, rule_names)
