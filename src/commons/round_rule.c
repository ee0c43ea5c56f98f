#include "commons/round_rule.h"

#include "core/decide/method.h"

/* The most points that all ballots together can give. */
#define THRESHOLD_MAX ((int64_t)ELECTION_VOTERS_MAX * 1000)

void
round_rule_tidy(struct round_rule *rule)
{
	enum decide_completion completion;

	if (!str_is(rule->rule, "equal-shares"))
		rule->completion = STR("none");
	if (decide_completion_parse(rule->completion, &completion) == OK &&
	    !decide_completion_has_steps(completion))
		rule->increment = (struct amount){ 0 };
	if (str_is(rule->rule, "phragmen"))
		rule->utility = STR("cost");
}

static enum status
names_may_be(const struct round_rule *rule, struct method *ret, struct refusal *why)
{
	/* A count by overspending may be refused for its fractions, which is too late after the vote. */
	if (decide_rule_parse(rule->rule, &ret->rule) != OK || ret->rule == DECIDE_OVERSPENDING)
		return refuse(why, "rule", MSG("Choose how the votes are counted."));
	if (decide_utility_parse(rule->utility, &ret->utility) != OK)
		return refuse(why, "utility", MSG("Choose one of the ways to weigh a choice."));
	if (decide_completion_parse(rule->completion, &ret->completion) != OK)
		return refuse(why, "completion",
		              MSG("Choose one of the ways to use money that is left."));
	if (decide_ties_parse(rule->ties, &ret->ties) != OK)
		return refuse(why, "ties", MSG("Choose one of the ways to break a tie."));
	return OK;
}

/* What people write on their ballots must count, and only what they write can. */
static enum status
utility_may_be(const struct method *method, enum ballot_kind kind, struct refusal *why)
{
	const bool points = method->utility == DECIDE_POINTS || method->utility == DECIDE_COST_POINTS;
	const bool order = method->utility == DECIDE_BORDA;

	if (method->rule == DECIDE_PHRAGMEN && ballot_kind_has_numbers(kind))
		return refuse(why, "rule",
		              MSG("This way of counting only sees which ideas people chose. Let people "
		                  "tick ideas, or choose another way."));
	if (method->rule == DECIDE_EQUAL_SHARES && method->completion == DECIDE_EXACT &&
	    ballot_kind_has_numbers(kind))
		return refuse(why, "completion",
		              MSG("This way to use money that is left only sees which ideas people "
		                  "chose. Let people tick ideas, or choose another way."));
	if (kind == BALLOT_CUMULATIVE && !points)
		return refuse(why, "utility",
		              MSG("People give points, but weighed like this their points would not "
		                  "count. Choose one of the ways that use points."));
	if (kind == BALLOT_ORDINAL && !order)
		return refuse(why, "utility",
		              MSG("People put ideas in order, but weighed like this the order would not "
		                  "count. Choose the way that uses the order."));
	if (points && kind != BALLOT_CUMULATIVE)
		return refuse(why, "utility",
		              MSG("There are no points on the ballots of this round. Choose another "
		                  "way to weigh, or let people share out points."));
	if (order && kind != BALLOT_ORDINAL)
		return refuse(why, "utility",
		              MSG("On the ballots of this round ideas have no order. Choose another way "
		                  "to weigh, or let people put ideas in order."));
	return OK;
}

enum status
round_rule_may_be(const struct round_rule *rule, enum ballot_kind kind, struct refusal *why)
{
	struct method method = { 0 };
	enum status st = names_may_be(rule, &method, why);

	if (st == OK)
		st = utility_may_be(&method, kind, why);
	if (st != OK)
		return st;
	if (decide_completion_has_steps(method.completion) && rule->increment.minor <= 0)
		return refuse(why, "increment", MSG("Give a step of more than nothing, for example 1."));
	if (method.rule == DECIDE_GREEDY_THRESHOLD &&
	    (rule->threshold < 1 || rule->threshold > THRESHOLD_MAX))
		return refuse(why, "threshold",
		              MSG("Say how many votes, or points, an idea needs at least: for example "
		                  "20."));
	if (method.rule != DECIDE_GREEDY_THRESHOLD && rule->threshold != 0)
		return refuse(why, "threshold",
		              MSG("Leave this empty, or choose the way of counting that asks for a least "
		                  "number of votes."));
	return OK;
}
