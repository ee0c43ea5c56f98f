#include "core/decide/figures.h"

#include <stdlib.h>

enum status
figure_text(struct arena *arena, mpq_srcptr q, struct str *ret)
{
	size_t size = mpz_sizeinbase(mpq_numref(q), 10) + mpz_sizeinbase(mpq_denref(q), 10) + 3;
	char *text = arena_bytes(arena, size);

	if (text == NULL)
		return NO_MEMORY;
	mpq_get_str(text, 10, q);
	*ret = str_of(text);
	return OK;
}

int64_t
figure_floor(mpq_t q, unsigned long times)
{
	mpz_mul_ui(mpq_numref(q), mpq_numref(q), times);
	mpz_fdiv_q(mpq_numref(q), mpq_numref(q), mpq_denref(q));
	return mpz_fits_slong_p(mpq_numref(q)) ? mpz_get_si(mpq_numref(q)) : -1;
}

static int
by_amount(const void *a, const void *b)
{
	const struct figure_portion *x = a, *y = b;

	return (x->milli > y->milli) - (x->milli < y->milli);
}

void
figure_deciles(struct figure_portion *portions, size_t count, int64_t ret[OUTCOME_DECILES])
{
	int64_t voters = 0, passed = 0;
	size_t at = 0;

	qsort(portions, count, sizeof *portions, by_amount);
	for (size_t i = 0; i < count; i++)
		voters += portions[i].voters;
	for (int64_t d = 1; d <= OUTCOME_DECILES; d++) {
		/* the least amount that at least d tenths of the voters have at most */
		while (at < count && (passed + portions[at].voters) * 10 < voters * d)
			passed += portions[at++].voters;
		ret[d - 1] = voters < 10 ? -1 : portions[at].milli;
	}
}
