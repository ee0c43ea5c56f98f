#include "web/method_words.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct method_word ballots[] = {
	{ .name = "approval", .label = MSG("Ticks"),
	  .sentence = MSG("People tick the ideas they like. It is simple, and right for most rounds.") },
	{ .name = "cumulative", .label = MSG("Points"),
	  .sentence = MSG("People share out points: more for what matters more to them. For rounds in "
	                  "which some ideas mean much to a few.") },
	{ .name = "ordinal", .label = MSG("An order"),
	  .sentence = MSG("People put ideas in order, the best first. For rounds with few ideas.") },
};

static const struct method_word rules[] = {
	{ .name = "equal-shares", .label = MSG("Equal shares"), .usual = true,
	  .sentence = MSG("Every voter has the same share of the money; an idea wins when its supporters "
	                  "can pay for it together. Fair to every part of the place.") },
	{ .name = "greedy", .label = MSG("Most votes first"), .usual = true,
	  .sentence = MSG("Simple, but a majority can take everything.") },
	{ .name = "greedy-no-skip",
	  .label = MSG("Most votes first, up to the first that does not fit"),
	  .sentence = MSG("The count ends at the first idea that does not fit, even if cheaper ones "
	                  "behind it would. For places where nothing may win ahead of an idea with more "
	                  "votes.") },
	{ .name = "greedy-threshold",
	  .label = MSG("Most votes first, from a least number of votes on"),
	  .sentence = MSG("An idea with fewer votes than the round asks for can’t win, even if money is "
	                  "left. For places that would rather keep money than spend it on what few "
	                  "want.") },
	{ .name = "equal-shares-overspending", .label = MSG("Equal shares, with a little more"),
	  .beside = true,
	  .sentence = MSG("As equal shares, but an idea that many want and can nearly pay for may win too: "
	                  "what is missing comes from the shares that others leave. For places that "
	                  "would rather spend what is left than raise all shares.") },
	{ .name = "phragmen", .label = MSG("Phragmén: costs are carried, evenly"),
	  .sentence = MSG("The people who chose an idea carry its cost; next comes the idea whose people "
	                  "then carry least. For places that want to be fair to every group, without "
	                  "steps for money that is left.") },
};

static const struct method_word utilities[] = {
	{ .name = "cost", .label = MSG("by the idea's cost"),
	  .sentence = MSG("A large idea that you get counts for more than a small one. The usual way: in "
	                  "“Most votes first” it simply means the most votes.") },
	{ .name = "cardinality", .label = MSG("each the same"),
	  .sentence = MSG("Every idea that you get counts the same, so cheap ideas win more easily. For "
	                  "places that like many small things.") },
	{ .name = "cost-points", .label = MSG("by its points, and by the idea's cost"),
	  .sentence = MSG("The usual way where people give points: in “Most votes first” it simply means "
	                  "the most points.") },
	{ .name = "points", .label = MSG("by its points alone"),
	  .sentence = MSG("Where people give points: a point counts the same whatever the idea costs, so "
	                  "cheap ideas win more easily.") },
	{ .name = "borda", .label = MSG("by its place in the order"),
	  .sentence = MSG("Where people put ideas in order: an idea gets a point from a ballot for each "
	                  "idea behind it there, so the last gets none. A point counts the same whatever "
	                  "the idea costs.") },
};

static const struct method_word completions[] = {
	{ .name = "add1u", .label = MSG("raise all shares step by step, then by votes"),
	  .sentence = MSG("Everybody's share grows until nothing more would fit; what remains then goes "
	                  "to the ideas with most votes. The usual way: little money is left.") },
	{ .name = "greedy", .label = MSG("use it by votes"),
	  .sentence = MSG("It goes at once to what has most votes, or points, and still fits. For places "
	                  "that want a short count.") },
	{ .name = "add1", .label = MSG("raise all shares step by step"),
	  .sentence = MSG("Everybody's share grows until nothing more would fit; what remains goes back "
	                  "to the pot. For places where only supporters may pay for an idea.") },
	{ .name = "add1-official", .label = MSG("raise all shares step by step, to the end"),
	  .sentence = MSG("Everybody's share grows until the winners would cost too much. Towns like "
	                  "Świecie and Assen count so.") },
	{ .name = "comparison",
	  .label = MSG("raise all shares to the end, then compare with most votes first"),
	  .sentence = MSG("If more voters would get more of what they chose by “Most votes first”, its "
	                  "winners win. For places that want to be sure of that. Wieliczka counted so.") },
	{ .name = "exact", .label = MSG("raise all shares by no more than it takes, and pay alike"),
	  .sentence = MSG("Everybody who pays for an idea pays exactly as much as the others who do, and "
	                  "shares grow without steps until the winners would cost too much. For places "
	                  "that want sums that are easy to check.") },
	{ .name = "none", .label = MSG("goes back to the pot"),
	  .sentence = MSG("Nothing wins beyond what people can pay from the share they began with. For "
	                  "places that can save money for the next round.") },
};

static const struct method_word ties[] = {
	{ .name = "cost-votes-lot", .label = MSG("lower cost, then more votes, then a lot"),
	  .sentence = MSG("The lot comes from a number drawn before the vote and shown after it. The "
	                  "usual way.") },
	{ .name = "id", .label = MSG("by the number on the ballot, as text"),
	  .sentence = MSG("So 10 comes before 2. For places that follow the order of a list.") },
};

const struct method_word *
method_words(enum method_part part, size_t *ret_len)
{
	static const struct { const struct method_word *words; size_t len; } parts[] = {
		[METHOD_BALLOT] = { ballots, COUNT(ballots) },
		[METHOD_RULE] = { rules, COUNT(rules) },
		[METHOD_UTILITY] = { utilities, COUNT(utilities) },
		[METHOD_COMPLETION] = { completions, COUNT(completions) },
		[METHOD_TIES] = { ties, COUNT(ties) },
	};

	*ret_len = parts[part].len;
	return parts[part].words;
}

struct message
method_label(enum method_part part, struct str name)
{
	size_t len;
	const struct method_word *words = method_words(part, &len);

	for (size_t i = 0; i < len; i++)
		if (str_is(name, words[i].name))
			return (struct message){ .text = words[i].label };
	return (struct message){ .text = "{name}", .values = { message_text("name", name) } };
}

enum status
method_choices(struct arena *arena, enum method_part part, bool usual, const char *field,
               struct str chosen, struct choice_rows *ret)
{
	size_t len;
	const struct method_word *words = method_words(part, &len);

	*ret = (struct choice_rows){ ARENA_ARRAY(arena, len, struct choice_row), 0 };
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < len; i++) {
		struct choice_row *row = &ret->ptr[ret->len];
		enum status st = OK;

		if (words[i].usual != usual || words[i].beside)
			continue;
		*row = (struct choice_row){ .id = str_of(field), .field = str_of(field),
			                    .name = str_of(words[i].name),
			                    .label = { .text = words[i].label },
			                    .sentence = { .text = words[i].sentence },
			                    .chosen = str_is(chosen, words[i].name) };
		if (i > 0)
			st = str_format(arena, &row->id, "%s-%s", field, words[i].name);
		if (st != OK)
			return st;
		ret->len++;
	}
	return OK;
}

/* ---- a rule with its utility ---- */

/* What the greedy rules put options in order of. */
enum order { BY_VOTES, BY_VOTES_PER_COST, BY_POINTS, BY_POINTS_PER_COST, ORDERS };

static enum order
order_of(struct str utility)
{
	if (str_is(utility, "cardinality"))
		return BY_VOTES_PER_COST;
	if (str_is(utility, "cost-points"))
		return BY_POINTS;
	return str_is(utility, "points") || str_is(utility, "borda") ? BY_POINTS_PER_COST : BY_VOTES;
}

struct message
method_name(struct str rule, struct str utility)
{
	static const char *const greedy[ORDERS] = {
		MSG("Most votes first"), MSG("Most votes for the money first"),
		MSG("Most points first"), MSG("Most points for the money first") };
	static const char *const no_skip[ORDERS] = {
		MSG("Most votes first, up to the first that does not fit"),
		MSG("Most votes for the money first, up to the first that does not fit"),
		MSG("Most points first, up to the first that does not fit"),
		MSG("Most points for the money first, up to the first that does not fit") };
	static const char *const threshold[ORDERS] = {
		MSG("Most votes first, from a least number of votes on"),
		MSG("Most votes for the money first, from a least number of votes on"),
		MSG("Most points first, from a least number of points on"),
		MSG("Most points for the money first, from a least number of points on") };
	const enum order order = order_of(utility);

	if (str_is(rule, "greedy"))
		return (struct message){ .text = greedy[order] };
	if (str_is(rule, "greedy-no-skip"))
		return (struct message){ .text = no_skip[order] };
	if (str_is(rule, "greedy-threshold"))
		return (struct message){ .text = threshold[order] };
	return method_label(METHOD_RULE, rule);
}

struct message
method_short_name(struct str rule, struct str utility)
{
	if (str_is(rule, "phragmen"))
		return (struct message){ .text = MSG("Phragmén") };
	return method_name(str_starts(rule, STR("greedy")) ? STR("greedy") : rule, utility);
}

static struct message
greedy_sentence(struct str rule, enum order order, int64_t threshold)
{
	static const char *const greedy[ORDERS] = {
		MSG("The idea with most votes wins first, then the next that the money still pays for, "
		    "and so on."),
		MSG("The idea with most votes for its money wins first, then the next that the money "
		    "still pays for, and so on."),
		MSG("The idea with most points wins first, then the next that the money still pays for, "
		    "and so on."),
		MSG("The idea with most points for its money wins first, then the next that the money "
		    "still pays for, and so on.") };
	static const char *const no_skip[ORDERS] = {
		MSG("The idea with most votes wins first, then the next, up to the first that the money "
		    "no longer pays for."),
		MSG("The idea with most votes for its money wins first, then the next, up to the first "
		    "that the money no longer pays for."),
		MSG("The idea with most points wins first, then the next, up to the first that the money "
		    "no longer pays for."),
		MSG("The idea with most points for its money wins first, then the next, up to the first "
		    "that the money no longer pays for.") };
	static const char *const least[ORDERS] = {
		MSG("An idea needs at least so many votes: {least}. Of those that have them the one with "
		    "most votes wins first, then the next that the money still pays for, and so on."),
		MSG("An idea needs at least so many votes: {least}. Of those that have them the one with "
		    "most votes for its money wins first, then the next that the money still pays for, and "
		    "so on."),
		MSG("An idea needs at least so many points: {least}. Of those that have them the one with "
		    "most points wins first, then the next that the money still pays for, and so on."),
		MSG("An idea needs at least so many points: {least}. Of those that have them the one with "
		    "most points for its money wins first, then the next that the money still pays for, "
		    "and so on.") };

	if (str_is(rule, "greedy-threshold"))
		return (struct message){ .text = least[order],
			                 .values = { message_number("least", threshold) } };
	return (struct message){ .text = str_is(rule, "greedy-no-skip") ? no_skip[order]
	                                                                : greedy[order] };
}

struct message
method_sentence(struct str rule, struct str utility, int64_t threshold)
{
	const enum order order = order_of(utility);

	if (str_starts(rule, STR("greedy")))
		return greedy_sentence(rule, order, threshold);
	if (str_is(rule, "phragmen"))
		return (struct message){
			.text = MSG("The people who chose a winner carry its cost together. Next wins the "
			            "idea whose people then carry least, until the next one no longer fits "
			            "into the money.") };
	if (str_is(rule, "equal-shares-overspending"))
		return (struct message){
			.text = MSG("The money is split into equal shares, one for each voter. An idea wins "
			            "when the people who chose it can pay for it together from their shares, "
			            "or for most of it: what is missing comes from the shares that others "
			            "leave.") };
	return (struct message){
		.text = order >= BY_POINTS
		        ? MSG("The money is split into equal shares, one for each voter. An idea wins when "
		              "the people who gave it points can pay for it together from their shares; "
		              "who gave it more points pays more.")
		        : MSG("The money is split into equal shares, one for each voter. An idea wins when "
		              "the people who chose it can pay for it together from their shares.") };
}
