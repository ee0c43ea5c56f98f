/* Inside decide: exact rationals as the figures of an outcome. Others include outcome.h. */
#ifndef CORE_DECIDE_FIGURES_H
#define CORE_DECIDE_FIGURES_H

#include <gmp.h>

#include "core/decide/outcome.h"

/* "n/d" or "n". NO_MEMORY. */
MUST_CHECK enum status figure_text(struct arena *arena, mpq_srcptr q, struct str *ret);
/* floor(q * times); -1 when it is beyond int64_t. Changes q. */
int64_t figure_floor(mpq_t q, unsigned long times);

/* An amount of many voters alike. */
struct figure_portion {
	int64_t milli, voters;
};

/* Deciles as in outcome.h; sorts the portions. */
void figure_deciles(struct figure_portion *portions, size_t count, int64_t ret[OUTCOME_DECILES]);

#endif
