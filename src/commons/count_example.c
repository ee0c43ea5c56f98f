#include "commons/count_example.h"

#include "core/decide/outcome.h"

enum { BUDGET = 1000, VOTERS = 10 };

/* Who chose what: a bit per option. */
static const unsigned ballots[VOTERS] = { 3, 3, 3, 3, 3, 3, 5, 4, 4, 4 };
static const int64_t costs[EXAMPLE_OPTIONS] = { 600, 400, 300 };
static const struct str ids[EXAMPLE_OPTIONS] = { STR_INIT("1"), STR_INIT("2"), STR_INIT("3") };

static enum status
hold(struct arena *arena, int decimals, int64_t unit, struct election *ret)
{
	struct election_making making;
	struct decide_error error;

	election_begin(&making, arena, decimals, BUDGET * unit);
	for (int i = 0; i < EXAMPLE_OPTIONS; i++)
		election_option(&making, ids[i], costs[i] * unit, false);
	for (int i = 0; i < VOTERS; i++) {
		uint32_t choices[EXAMPLE_OPTIONS];
		size_t count = 0;

		for (uint32_t o = 0; o < EXAMPLE_OPTIONS; o++)
			if (ballots[i] & (1u << o))
				choices[count++] = o;
		election_ballot(&making, choices, count);
	}
	return election_end(&making, ret, &error);
}

enum status
count_example(struct arena *arena, int decimals, struct count_example *ret)
{
	struct method greedy = { .rule = DECIDE_GREEDY, .ties = DECIDE_TIES_ID };
	struct method shares = { .rule = DECIDE_EQUAL_SHARES, .ties = DECIDE_TIES_ID };
	struct outcome by_votes, by_shares;
	struct decide_error error;
	struct election election;
	int64_t unit = 1;
	enum status st;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	st = hold(arena, decimals, unit, &election);
	if (st == OK)
		st = decide_count(&election, &greedy, arena, &by_votes, &error);
	if (st == OK)
		st = decide_count(&election, &shares, arena, &by_shares, &error);
	if (st != OK)
		return st;
	*ret = (struct count_example){
		.budget = { BUDGET * unit }, .share = { by_shares.share_milli / 1000 },
		.voters = VOTERS, .greedy_left = { by_votes.budget - by_votes.total_cost },
		.shares_left = { by_shares.budget - by_shares.total_cost },
		.greedy_glad = by_votes.represented, .shares_glad = by_shares.represented };
	for (int i = 0; i < EXAMPLE_OPTIONS; i++) {
		ret->options[i].cost.minor = election.options[i].cost;
		ret->options[i].votes = election.options[i].votes;
		ret->options[i].wins_greedy = by_votes.options[i].place > 0;
		ret->options[i].wins_shares = by_shares.options[i].place > 0;
		ret->options[i].could_pay.minor = by_shares.options[i].could_pay;
	}
	for (size_t i = 0; i < by_shares.step_count; i++)
		ret->options[by_shares.steps[i].option].price.minor =
			by_shares.steps[i].price_milli / 1000;
	return OK;
}
