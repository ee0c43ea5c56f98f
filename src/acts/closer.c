#include "acts/closer.h"

#include "store/count.sql.h"

/* Choices on distinct ballots that a page counts some 150 times, and recounts with one ballot more
 * or fewer. */
enum { CHOICES_MAX = 40000, RECOUNTS_MAX = 100 };

enum status
act_closer_look(struct act *act, struct round_id round, struct closer_look *ret)
{
	struct count_round_row row;
	struct decide_error error;
	const struct election *e = &ret->counting.election;
	enum status st = act_require(act, RIGHT_READ);

	*ret = (struct closer_look){ 0 };
	if (st == OK)
		st = count_round(act->db, act->arena, act->place.id, round, &row);
	if (st == OK && !str_is(row.state, "counted"))
		st = NOT_FOUND;
	if (st == OK)
		st = counting_load(act, round, &ret->counting);
	if (st != OK)
		return st;
	ret->too_large = e->first[e->option_count] > CHOICES_MAX;
	if (ret->too_large)
		return OK;
	st = decide_count(e, &ret->counting.method, act->arena, &ret->outcome, &error);
	if (st == OK)
		st = measure_of(e, &ret->outcome, act->arena, &ret->measure);
	if (st == OK)
		st = sensitivity_of(e, &ret->outcome, RECOUNTS_MAX, NULL, act->arena,
		                    &ret->sensitivity);
	return st;
}
