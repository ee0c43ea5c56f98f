#include "web/result_words.h"

struct result_terms
result_terms(const struct result *result)
{
	return (struct result_terms){
		.points = result->points, .borda = result->borda,
		.phragmen = str_is(result->official.rule, "phragmen"),
		.alike = str_is(result->official.completion, "exact"),
		.threshold = result->round.has_threshold ? result->round.threshold : 0 };
}

static struct message
words(const char *text)
{
	return (struct message){ .text = text };
}

/* ---- ballots that say which ---- */

static struct message
won(const struct result_option *o, const struct result_terms *terms)
{
	const struct message_value n = message_number("n", o->votes);

	if (o->why == OUTCOME_WON_REST)
		return (struct message){
			MSG_PLURAL("Won with money that was left over. One person chose it.",
			           "Won with money that was left over. {n} people chose it."), { n } };
	if (o->has_could_pay && o->could_pay.minor < o->cost.minor)
		return (struct message){
			MSG_PLURAL("Won. The one person who chose it put in {money} of its {cost}; what was "
			           "missing came from the shares that others left.",
			           "Won. The {n} people who chose it put in {money} of its {cost}; what was "
			           "missing came from the shares that others left."),
			{ n, message_money("money", o->could_pay), message_money("cost", o->cost) } };
	if (o->has_could_pay && terms->alike)
		return (struct message){
			MSG_PLURAL("Won. One person chose it and could pay for it.",
			           "Won. {n} people chose it, and enough of them could pay for it in equal "
			           "parts."), { n } };
	if (o->has_could_pay)
		return (struct message){
			MSG_PLURAL("Won. The share of the one person who chose it paid for it.",
			           "Won. The shares of the {n} people who chose it paid for it."), { n } };
	if (terms->phragmen)
		return (struct message){
			MSG_PLURAL("Won. The one person who chose it carries its cost.",
			           "Won. The {n} people who chose it carry its cost together."), { n } };
	return (struct message){ MSG_PLURAL("Won. One person chose it, and it fitted.",
		                            "Won. {n} people chose it, and it fitted."), { n } };
}

static struct message
no_room(const struct result_option *o, const struct result_terms *terms)
{
	const struct message_value n = message_number("n", o->votes);
	const struct message_value room = message_money("room", o->room);

	if (o->has_could_pay)
		return (struct message){
			MSG_PLURAL("Not this time. The one person who chose it could put in {money} of its "
			           "{cost}, and at the end only {room} was left.",
			           "Not this time. The {n} people who chose it could put {money} of its "
			           "{cost} together, and at the end only {room} was left."),
			{ n, message_money("money", o->could_pay), message_money("cost", o->cost), room } };
	if (terms->phragmen && o->room.minor == 0)
		return (struct message){
			MSG_PLURAL("Not this time. One person chose it, but no money was left.",
			           "Not this time. {n} people chose it, but no money was left."), { n } };
	if (terms->phragmen)
		return (struct message){
			MSG_PLURAL("Not this time. One person chose it, but only {room} was left when the "
			           "count ended.",
			           "Not this time. {n} people chose it, but only {room} was left when the "
			           "count ended."), { n, room } };
	if (o->room.minor == 0)
		return (struct message){
			MSG_PLURAL("Not this time. One person chose it, but no money was left when its turn "
			           "came.",
			           "Not this time. {n} people chose it, but no money was left when its turn "
			           "came."), { n } };
	return (struct message){
		MSG_PLURAL("Not this time. One person chose it, but only {room} was left when its turn "
		           "came.",
		           "Not this time. {n} people chose it, but only {room} was left when its turn "
		           "came."), { n, room } };
}

static struct message
not_payable(const struct result_option *o, const struct result_terms *terms)
{
	const struct message_value n = message_number("n", o->votes);

	if (o->could_pay.minor == 0)
		return (struct message){
			MSG_PLURAL("Not this time. The one person who chose it had nothing left of their "
			           "share: other ideas they chose had won with it.",
			           "Not this time. The {n} people who chose it had nothing left of their "
			           "shares: other ideas they chose had won with them."), { n } };
	if (terms->alike)
		return (struct message){
			MSG_PLURAL("Not this time. The one person who chose it could pay {money} of its "
			           "{cost}.",
			           "Not this time. In equal parts the {n} people who chose it could pay at "
			           "most {money} of its {cost}."),
			{ n, message_money("money", o->could_pay), message_money("cost", o->cost) } };
	return (struct message){
		MSG_PLURAL("Not this time. The one person who chose it could put in {money} of its {cost}.",
		           "Not this time. The {n} people who chose it could put {money} of its {cost} "
		           "together."),
		{ n, message_money("money", o->could_pay), message_money("cost", o->cost) } };
}

static struct message
lost(const struct result_option *o, const struct result_terms *terms)
{
	const struct message_value n = message_number("n", o->votes);

	switch (o->why) {
	case OUTCOME_NOT_PAYABLE:
		return not_payable(o, terms);
	case OUTCOME_NO_ROOM:
		return no_room(o, terms);
	case OUTCOME_STOPPED:
		return (struct message){
			MSG_PLURAL("Not this time. One person chose it; an idea before it did not fit, and "
			           "by this rule the count ends there.",
			           "Not this time. {n} people chose it; an idea before it did not fit, and "
			           "by this rule the count ends there."), { n } };
	case OUTCOME_THRESHOLD:
		return (struct message){
			MSG_PLURAL("Not this time. One person chose it; this round asked for {least} at "
			           "least.",
			           "Not this time. {n} people chose it; this round asked for {least} at "
			           "least."), { n, message_number("least", terms->threshold) } };
	default:
		return words(MSG("Nobody chose it this time."));
	}
}

/* ---- ballots with points ---- */

static struct message
won_by_points(const struct result_option *o)
{
	const struct message_value n = message_number("n", o->votes);
	const struct message_value points = message_number("points", o->points);

	if (o->why == OUTCOME_WON_REST)
		return (struct message){
			MSG_PLURAL("Won with money that was left over. One person gave it points.",
			           "Won with money that was left over. {n} people gave it {points} points "
			           "together."), { n, points } };
	if (o->has_could_pay)
		return (struct message){
			MSG_PLURAL("Won. The share of the one person who gave it points paid for it.",
			           "Won. The shares of the {n} people who gave it points paid for it."),
			{ n } };
	return (struct message){
		MSG_PLURAL("Won. One person gave it points, and it fitted.",
		           "Won. {n} people gave it {points} points together, and it fitted."),
		{ n, points } };
}

static struct message
no_room_by_points(const struct result_option *o)
{
	const struct message_value n = message_number("n", o->votes);
	const struct message_value room = message_money("room", o->room);

	if (o->has_could_pay)
		return (struct message){
			MSG_PLURAL("Not this time. The one person who gave it points could put in {money} of "
			           "its {cost}, and at the end only {room} was left.",
			           "Not this time. The {n} people who gave it points could put {money} of its "
			           "{cost} together, and at the end only {room} was left."),
			{ n, message_money("money", o->could_pay), message_money("cost", o->cost), room } };
	if (o->room.minor == 0)
		return (struct message){
			MSG_PLURAL("Not this time. One person gave it points, but no money was left when its "
			           "turn came.",
			           "Not this time. {n} people gave it {points} points together, but no money "
			           "was left when its turn came."),
			{ n, message_number("points", o->points) } };
	return (struct message){
		MSG_PLURAL("Not this time. One person gave it points, but only {room} was left when its "
		           "turn came.",
		           "Not this time. {n} people gave it {points} points together, but only {room} "
		           "was left when its turn came."),
		{ n, message_number("points", o->points), room } };
}

static struct message
not_payable_by_points(const struct result_option *o)
{
	const struct message_value n = message_number("n", o->votes);

	if (o->could_pay.minor == 0)
		return (struct message){
			MSG_PLURAL("Not this time. The one person who gave it points had nothing left of their "
			           "share: other ideas they chose had won with it.",
			           "Not this time. The {n} people who gave it points had nothing left of their "
			           "shares: other ideas they chose had won with them."), { n } };
	return (struct message){
		MSG_PLURAL("Not this time. The one person who gave it points could put in {money} of its "
		           "{cost}.",
		           "Not this time. The {n} people who gave it points could put {money} of its "
		           "{cost} together."),
		{ n, message_money("money", o->could_pay), message_money("cost", o->cost) } };
}

static struct message
lost_by_points(const struct result_option *o, const struct result_terms *terms)
{
	const struct message_value n = message_number("n", o->votes);
	const struct message_value points = message_number("points", o->points);

	switch (o->why) {
	case OUTCOME_NOT_PAYABLE:
		return not_payable_by_points(o);
	case OUTCOME_NO_ROOM:
		return no_room_by_points(o);
	case OUTCOME_STOPPED:
		return (struct message){
			MSG_PLURAL("Not this time. One person gave it points; an idea before it did not fit, "
			           "and by this rule the count ends there.",
			           "Not this time. {n} people gave it {points} points together; an idea before "
			           "it did not fit, and by this rule the count ends there."),
			{ n, points } };
	case OUTCOME_THRESHOLD:
		return (struct message){
			MSG_PLURAL("Not this time. One person gave it points, but fewer than the {least} this "
			           "round asked for.",
			           "Not this time. {n} people gave it {points} points together; this round "
			           "asked for {least} at least."),
			{ n, points, message_number("least", terms->threshold) } };
	default:
		return terms->borda ? words(MSG("Nobody put it ahead of another idea this time."))
		                    : words(MSG("Nobody gave it points this time."));
	}
}

/* ---- all of them ---- */

struct message
result_why(const struct result_option *o, const struct result_terms *terms)
{
	if (o->why == OUTCOME_WITHDRAWN)
		return (struct message){ MSG("Taken off before the count: {reason}"), NULL,
			                 { message_text("reason", o->withdrawn_reason) } };
	if (o->why == OUTCOME_TOO_DEAR)
		return words(MSG("Not this time. It costs more than all the money of this round."));
	if (o->why == OUTCOME_WON || o->why == OUTCOME_WON_REST)
		return terms->points ? won_by_points(o) : won(o, terms);
	return terms->points ? lost_by_points(o, terms) : lost(o, terms);
}

/* With so many more ballots, where ballots have points. */
static struct message
need_by_points(const struct outcome_option *o)
{
	const struct message_value n = message_number("n", o->more_ballots);
	const struct message_value cost = message_money("cost", (struct amount){ o->highest_cost });

	if (o->highest_cost == 0)
		return (struct message){
			MSG("Counted again, all else the same, it would have won only for nothing, or with "
			    "one more voter who gave points only to it."),
			MSG("Counted again, all else the same, it would have won only for nothing, or with "
			    "{n} more voters who gave points only to it."),
			{ n } };
	if (o->highest_cost > 0)
		return (struct message){
			MSG("Counted again, all else the same, it would have won at {cost}, or with one "
			    "more voter who gave points only to it."),
			MSG("Counted again, all else the same, it would have won at {cost}, or with {n} "
			    "more voters who gave points only to it."),
			{ cost, n } };
	return (struct message){
		MSG("Counted again, all else the same, it would have won with one more voter who gave "
		    "points only to it."),
		MSG("Counted again, all else the same, it would have won with {n} more voters who gave "
		    "points only to it."),
		{ n } };
}

struct message
result_need(const struct outcome_option *o, const struct result_terms *terms)
{
	const struct message_value n = message_number("n", o->more_ballots);
	const struct message_value cost = message_money("cost", (struct amount){ o->highest_cost });

	if (terms->points && o->more_ballots >= 0)
		return need_by_points(o);
	if (o->highest_cost == 0 && o->more_ballots >= 0)
		return (struct message){
			MSG("Counted again, all else the same, it would have won only for nothing, or with "
			    "one more voter who chose only it."),
			MSG("Counted again, all else the same, it would have won only for nothing, or with "
			    "{n} more voters who chose only it."),
			{ n } };
	if (o->highest_cost == 0)
		return words(MSG("Counted again, all else the same, it would have won only for nothing."));
	if (o->highest_cost > 0 && o->more_ballots >= 0)
		return (struct message){
			MSG("Counted again, all else the same, it would have won at {cost}, or with one "
			    "more voter who chose only it."),
			MSG("Counted again, all else the same, it would have won at {cost}, or with {n} "
			    "more voters who chose only it."),
			{ cost, n } };
	if (o->more_ballots >= 0)
		return (struct message){
			MSG("Counted again, all else the same, it would have won with one more voter "
			    "who chose only it."),
			MSG("Counted again, all else the same, it would have won with {n} more voters "
			    "who chose only it."),
			{ n } };
	if (o->highest_cost > 0)
		return (struct message){
			MSG("Counted again, all else the same, it would have won at {cost}."), NULL,
			{ cost } };
	return words(NULL);
}
