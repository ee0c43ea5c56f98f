/* The Method of Equal Shares and its completions by increments.
 * Sources: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive
 * Utilities" (2021); pabutools rules/mes (add1: start at budget / voters, stop when exhaustive
 * or too dear); equalshares.net (add1u, and add1 without the exhaustive stop). */
#include "core/decide/shares.h"

/* Budget / voters; with add1u, whole units of the currency only. */
static void
first_share(const struct count *count, mpq_t ret)
{
	const struct election *e = count->e;
	struct method unit_only = { .increment = 0 };
	int64_t unit = method_increment(&unit_only, e);

	if (count->method->completion == DECIDE_ADD1U)
		mpq_set_si(ret, e->budget / e->voters / unit * unit, 1);
	else
		mpq_set_si(ret, e->budget, (unsigned long)e->voters);
	mpq_canonicalize(ret);
}

static bool
everything_fits(const struct election *e)
{
	int64_t left = e->budget;

	for (size_t o = 0; o < e->option_count; o++) {
		if (e->options[o].withdrawn)
			continue;
		if (e->options[o].cost > left)
			return false;
		left -= e->options[o].cost;
	}
	return true;
}

static bool
is_by_increments(const struct count *count)
{
	enum decide_completion completion = count->method->completion;

	return completion == DECIDE_ADD1 || completion == DECIDE_ADD1_OFFICIAL ||
	       completion == DECIDE_COMPARISON ||
	       (completion == DECIDE_ADD1U && !everything_fits(count->e));
}

static enum status
run_all(struct count *count, struct shares_run *run)
{
	mpq_t start;
	enum status st = OK;

	mpq_init(start);
	first_share(count, start);
	mpq_set(run->share, start);
	mpq_set(run->share_to, start);
	(void)shares_run(run); /* one share is always clear */
	shares_guide_expect(run);
	if (is_by_increments(count))
		st = shares_add(count, run, start);
	if (st == OK)
		st = shares_explain(run, count);
	mpq_clear(start);
	return st;
}

enum status
count_shares(struct count *count)
{
	struct shares_run run;
	enum status st;

	if (count->e->voters == 0)
		return OK;
	st = shares_begin(&run, count, NULL);
	if (st == OK)
		st = run_all(count, &run);
	shares_end(&run);
	return st;
}
