#include "cli/count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/locale.h"
#include "cli/count_inside.h"
#include "cli/count_ranked.h"
#include "cli/ask.h"
#include "cli/file.h"
#include "cli/progress.h"
#include "core/decide/picture.h"

enum { EXIT_BAD = 2 };
#define MEMORY_MAX ((size_t)8 << 30)

const char cli_count_usage[] =
	"folkmoot count FILE.pb --rule RULE [--utility NAME] [--completion NAME] [--increment N]\n"
	"               [--ties cost-votes-lot|id] [--seed HEX] [--limits FILE.csv] [--explain ID]\n"
	"               [--measures] [--sensitivity N] [--threads N] [--json] [--svg FILE]\n"
	CLI_COUNT_RANKED_USAGE
	"\n"
	"  FILE.pb           a vote about money in Pabulib's format (pabulib.org/format)\n"
	"  --rule RULE       greedy, greedy-no-skip, greedy-threshold: most votes first\n"
	"                    equal-shares: everybody has the same share of the money\n"
	"                    equal-shares-overspending: the same, where shares may be stretched\n"
	"                    phragmen: costs are carried evenly\n"
	"  --utility NAME    what a winner is worth to its voters: cost (unless said), cardinality,\n"
	"                    points, borda, cost-points\n"
	"  --completion NAME what equal-shares does with money that is left: none (unless said), add1,\n"
	"                    add1-official, add1u, greedy, comparison, exact\n"
	"  --increment N     money that each voter gets more at each step; one unit unless said\n"
	"  --ties NAME       who goes first of two that are as good\n"
	"  --seed HEX        of lots; up to 64 digits, zeros unless said\n"
	"  --limits FILE     what can't win together, least and most of a kind, pots: a row each\n"
	"  --explain ID      what an option that lost would have needed\n"
	"  --measures        how evenly the money follows the voters, and if a group was passed over\n"
	"  --sensitivity N   by other rules and orders of ties, and one ballot more or fewer, of which\n"
	"                    at most N are tried\n"
	"  --threads N       count side by side, with the same outcome; all processors unless said\n"
	"  --json            everything as data, every step too; the time taken goes to stderr\n"
	"  --svg FILE        draws the outcome\n"
	"\n"
	"docs/rules has a page for each rule.\n";

struct request {
	const char *file, *explain, *limits, *svg; /* explain: an option's id, or NULL; limits, svg:
	                                              a file, or NULL */
	struct method method;
	int64_t increment; /* digits / 10^increment_decimals units of the currency; 0: one unit */
	int increment_decimals;
	bool json, measures;
	int64_t sensitivity; /* recounts at most; -1: not asked */
	int64_t threads;
};

static bool
parse_increment(const char *value, struct request *r)
{
	return pabulib_decimal(str_of(value), &r->increment, &r->increment_decimals) == OK &&
	       r->increment > 0;
}

static bool
parse_option(const char *name, const char *value, struct request *r)
{
	struct str v = str_of(value);

	if (strcmp(name, "--rule") == 0)
		return decide_rule_parse(v, &r->method.rule) == OK;
	if (strcmp(name, "--utility") == 0)
		return decide_utility_parse(v, &r->method.utility) == OK;
	if (strcmp(name, "--completion") == 0)
		return decide_completion_parse(v, &r->method.completion) == OK;
	if (strcmp(name, "--ties") == 0)
		return decide_ties_parse(v, &r->method.ties) == OK;
	if (strcmp(name, "--increment") == 0)
		return parse_increment(value, r);
	if (strcmp(name, "--sensitivity") == 0)
		return str_to_int(v, &r->sensitivity) == OK && r->sensitivity >= 0;
	if (strcmp(name, "--threads") == 0)
		return str_to_int(v, &r->threads) == OK && r->threads > 0 &&
		       r->threads <= DECIDE_THREADS_MAX;
	if (strcmp(name, "--explain") == 0 || strcmp(name, "--limits") == 0) {
		*(strcmp(name, "--explain") == 0 ? &r->explain : &r->limits) = value;
		return true;
	}
	if (strcmp(name, "--svg") == 0) {
		r->svg = value;
		return value[0] != '\0';
	}
	return ask_seed(value, r->method.seed);
}

static bool
is_option(const char *name)
{
	static const char *const names[] = { "--rule", "--utility", "--completion", "--ties",
	                                     "--increment", "--seed", "--explain",
	                                     "--limits", "--sensitivity", "--threads", "--svg" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* As many threads as there are processors. */
static int64_t
processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > DECIDE_THREADS_MAX ? DECIDE_THREADS_MAX : count;
}

/* One line to stderr when the arguments are no good. */
static bool
parse_arguments(int argc, char **argv, struct request *r)
{
	bool rule = false;

	*r = (struct request){ .method = { .ties = DECIDE_TIES_COST_VOTES_LOT }, .sensitivity = -1,
	                       .threads = processors() };
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];

		if (strcmp(a, "--json") == 0) {
			r->json = true;
		} else if (strcmp(a, "--measures") == 0) {
			r->measures = true;
		} else if (is_option(a)) {
			if (i + 1 == argc) {
				fprintf(stderr, "folkmoot count: %s needs a value\n", a);
				return false;
			}
			if (!parse_option(a, argv[i + 1], r)) {
				fprintf(stderr, "folkmoot count: %s can't be %s\n", a, argv[i + 1]);
				return false;
			}
			rule |= strcmp(a, "--rule") == 0;
			i++;
		} else if (a[0] == '-' || r->file != NULL) {
			fprintf(stderr, "folkmoot count: unknown argument %s\n", a);
			return false;
		} else {
			r->file = a;
		}
	}
	if (r->file == NULL || !rule) {
		fprintf(stderr, "folkmoot count: %s is missing\n",
		        r->file == NULL ? "the file" : "--rule");
		return false;
	}
	if (r->method.rule != DECIDE_EQUAL_SHARES && r->method.completion != DECIDE_NONE) {
		fprintf(stderr, "folkmoot count: --completion goes with --rule equal-shares\n");
		return false;
	}
	if ((r->method.completion == DECIDE_EXACT || r->method.rule == DECIDE_OVERSPENDING) &&
	    decide_utility_has_points(r->method.utility)) {
		fprintf(stderr, "folkmoot count: %s goes with --utility cost or cardinality\n",
		        r->method.completion == DECIDE_EXACT ? "--completion exact"
		                                             : "--rule equal-shares-overspending");
		return false;
	}
	return true;
}

static struct amount
minor(int64_t amount)
{
	return (struct amount){ amount };
}

/* Columns on a terminal: code points, which is right for the scripts these files are in. Words that
 * are too long are cut; numbers, which stand right, never are. */
static void
add_padded(struct buf *out, struct str s, size_t width, bool right)
{
	size_t length = 0, end = 0;

	while (end < s.len && (right || length < width)) {
		end++;
		while (end < s.len && ((unsigned char)s.ptr[end] & 0xc0) == 0x80)
			end++;
		length++;
	}
	for (size_t i = length; right && i < width; i++)
		buf_add_char(out, ' ');
	buf_add(out, str_cut(s, 0, end));
	for (size_t i = length; !right && i < width; i++)
		buf_add_char(out, ' ');
}

static void
add_amount(struct buf *out, int64_t amount, int decimals, size_t width)
{
	struct buf text;

	buf_init(&text, 64);
	amount_write(&text, minor(amount), decimals);
	add_padded(out, buf_str(&text), width, true);
	buf_release(&text);
}

/* Within a sentence. */
static void
add_plain(struct buf *out, int64_t amount, int decimals)
{
	amount_write(out, minor(amount), decimals);
}

static void
add_number(struct buf *out, int64_t n, size_t width)
{
	add_amount(out, n, 0, width);
}

/* "1 voter", "2 voters". */
static void
add_count(struct buf *out, int64_t n, const char *noun)
{
	buf_add_format(out, "%lld %s%s", (long long)n, noun, n == 1 ? "" : "s");
}

/* Are options ordered by their points? Then those stand beside the votes. */
static bool
by_points(const struct counted *c)
{
	return decide_utility_has_points(c->outcome.method.utility);
}

/* Why it won or lost, in a few words. */
static void
add_reason(struct buf *out, const struct counted *c, size_t option)
{
	const struct outcome_option *o = &c->outcome.options[option];
	static const char *const texts[] = {
		[OUTCOME_WON] = "won", [OUTCOME_WON_REST] = "won with the rest",
		[OUTCOME_NOT_PAYABLE] = "supporters could pay ", [OUTCOME_NO_ROOM] = "only left: ",
		[OUTCOME_STOPPED] = "one before it did not fit",
		[OUTCOME_NOBODY] = "nobody chose it", [OUTCOME_WITHDRAWN] = "withdrawn",
		[OUTCOME_THRESHOLD] = "fewer votes than the rule asks for",
		[OUTCOME_TOO_DEAR] = "costs more than the budget",
		[OUTCOME_EXCLUDED] = "can't win beside ",
		[OUTCOME_GROUP_FULL] = "no more may win of ",
		[OUTCOME_NEEDS_OTHER] = "can't win without ",
		[OUTCOME_HELD_BACK] = "money was kept for " };

	buf_add_c(out, o->why == OUTCOME_THRESHOLD && by_points(c)
	               ? "fewer points than the rule asks for" : texts[o->why]);
	if (o->why == OUTCOME_EXCLUDED || o->why == OUTCOME_NEEDS_OTHER)
		buf_add(out, c->e.options[o->other].id);
	if (o->why == OUTCOME_GROUP_FULL || o->why == OUTCOME_HELD_BACK)
		buf_add(out, c->outcome.groups[o->group].name);
	if (o->why == OUTCOME_NOT_PAYABLE)
		add_plain(out, o->could_pay, c->e.decimals);
	if (o->why == OUTCOME_NO_ROOM)
		add_plain(out, o->left, c->e.decimals);
}

static void
add_row(struct buf *out, const struct counted *c, size_t option)
{
	enum { ID = 12, NAME = 40, NUMBER = 12, VOTES = 8 };
	const struct election_option *o = &c->e.options[option];
	size_t project = option;

	if (c->outcome.options[option].place > 0)
		add_number(out, c->outcome.options[option].place, 4);
	else
		add_padded(out, STR(""), 4, true);
	buf_add_c(out, "  ");
	add_padded(out, o->id, ID, false);
	buf_add_char(out, ' ');
	if (c->part.project != NULL)
		project = c->part.project[option];
	add_padded(out, c->pb->project[project].name, NAME, false);
	buf_add_char(out, ' ');
	add_amount(out, o->cost, c->e.decimals, NUMBER);
	buf_add_char(out, ' ');
	add_number(out, o->votes, VOTES);
	if (by_points(c)) {
		buf_add_char(out, ' ');
		add_number(out, o->points, VOTES);
	}
	buf_add_c(out, "  ");
	add_reason(out, c, option);
	buf_add_char(out, '\n');
}

/* "10 voters, 5 options, budget ". */
static void
add_size(struct buf *out, int64_t voters, size_t options)
{
	add_count(out, voters, "voter");
	buf_add_c(out, ", ");
	add_count(out, (int64_t)options, "option");
	buf_add_c(out, ", budget ");
}

static void
add_head(struct buf *out, const struct counting *counting)
{
	const struct method *m = &counting->parts[0].outcome.method;

	buf_add_format(out, "%s, utility %s", decide_rule_name(m->rule),
	               decide_utility_name(m->utility));
	if (m->rule == DECIDE_EQUAL_SHARES)
		buf_add_format(out, ", completion %s", decide_completion_name(m->completion));
	buf_add_format(out, ", ties %s\n", decide_ties_name(m->ties));
	add_size(out, (int64_t)counting->pb.votes.row_count, counting->pb.projects.row_count);
	add_plain(out, counting->pb.budget, counting->pb.decimals);
	if (counting->pb.kind >= PABULIB_ORDINAL)
		buf_add_format(out, "\n%s ballots, %s", pabulib_kind_name(counting->pb.kind),
		               decide_utility_has_points(m->utility)
		               ? "counted by the points on them"
		               : "each read as the set of options it names");
	if (counting->over_sum_cost > 0)
		buf_add_format(out, "\nBallots that cost more than one may, counted as they stand: %lld",
		               (long long)counting->over_sum_cost);
	buf_add_char(out, '\n');
}

/* "at least 2, at most 3 winners", of one figure or both. */
static void
add_bounds(struct buf *out, bool least, bool most, int64_t min, int64_t max, int decimals,
           const char *unit)
{
	if (least) {
		buf_add_c(out, ", at least ");
		add_plain(out, min, decimals);
	}
	if (most) {
		buf_add_c(out, ", at most ");
		add_plain(out, max, decimals);
	}
	if (least || most)
		buf_add_c(out, unit);
}

/* What won of each group, beside what may and what should. */
static void
add_groups(struct buf *out, const struct counted *c)
{
	for (size_t g = 0; g < c->outcome.group_count; g++) {
		const struct outcome_group *group = &c->outcome.groups[g];
		const struct limits_group *limit = &c->e.limits->groups[g];

		buf_add_format(out, "%.*s: ", STR_ARG(group->name));
		add_count(out, group->winners, "winner");
		buf_add_c(out, ", cost ");
		add_plain(out, group->cost, c->e.decimals);
		add_bounds(out, limit->min_winners > 0, limit->max_winners >= 0,
		           limit->min_winners, limit->max_winners, 0, " to win");
		add_bounds(out, limit->min_cost > 0, limit->max_cost >= 0, limit->min_cost,
		           limit->max_cost, c->e.decimals, " to spend");
		buf_add_c(out, group->reached ? ".\n" : ": the minimum was not reached.\n");
	}
}

static void
add_foot(struct buf *out, const struct counted *c)
{
	const struct outcome *o = &c->outcome;

	if (o->step_count == 1)
		buf_add_c(out, "\nOne winner costs ");
	else
		buf_add_format(out, "\n%zu winners cost ", o->step_count);
	add_plain(out, o->total_cost, o->decimals);
	buf_add_c(out, ", left ");
	add_plain(out, o->budget - o->total_cost, o->decimals);
	buf_add_format(out, ".\n%lld of ", (long long)o->represented);
	add_count(out, o->voters, "voter");
	buf_add_format(out, " %s a winner among their choices.\n",
	               o->represented == 1 ? "has" : "have");
	if (c->part.not_entitled > 0)
		buf_add_format(out, "Ballots of others that name something here, which does not count: %lld.\n",
		               (long long)c->part.not_entitled);
	add_groups(out, c);
	if (o->method.rule != DECIDE_EQUAL_SHARES && o->method.rule != DECIDE_OVERSPENDING)
		return;
	buf_add_c(out, "Each voter's share was ");
	add_plain(out, o->share_milli, o->decimals + 3);
	if (o->method.rule == DECIDE_OVERSPENDING) {
		buf_add_c(out, ".\n");
		return;
	}
	buf_add_c(out, o->method.completion == DECIDE_EXACT ? ", raised " : ", after ");
	add_count(out, o->increments,
	          o->method.completion == DECIDE_EXACT ? "time" : "increment");
	buf_add_c(out, ".\n");
}

/* What the option that was asked about would have needed. */
static void
add_explained(struct buf *out, const struct counted *c)
{
	const struct election_option *option = &c->e.options[c->explained];

	buf_add_format(out, "\n%.*s ", STR_ARG(option->id));
	add_reason(out, c, c->explained);
	if (c->outcome.options[c->explained].place > 0) {
		buf_add_c(out, ".\n");
		return;
	}
	buf_add_c(out, ".\n  All else the same, it would have won ");
	if (c->why.highest_cost < 0) {
		buf_add_c(out, "at no cost, not even for nothing");
	} else {
		buf_add_c(out, "at a cost of ");
		add_plain(out, c->why.highest_cost, c->e.decimals);
		buf_add_c(out, ", and at ");
		add_plain(out, c->why.highest_cost + 1, c->e.decimals);
		buf_add_c(out, " not; it costs ");
		add_plain(out, option->cost, c->e.decimals);
	}
	if (c->why.more_ballots < 0)
		buf_add_c(out, ".\n  No number of further voters for it alone would have been enough.\n");
	else
		buf_add_format(out, ".\n  With %lld more voter%s for it alone it would have won, with one fewer not.\n",
		               (long long)c->why.more_ballots, c->why.more_ballots == 1 ? "" : "s");
}

static void
add_measures(struct buf *out, const struct counted *c)
{
	const struct measure_ejr *ejr = &c->measure.ejr;

	buf_add_c(out, "\nGini coefficient of influence ");
	add_plain(out, c->measure.gini_millionths, 6);
	buf_add_c(out, " (0: everybody has the same).\n");
	if (ejr->holds) {
		buf_add_c(out, "No group of voters was passed over (EJR+ up to any project).\n");
		return;
	}
	buf_add_format(out, "%lld voters who all chose %.*s deserve ", (long long)ejr->group,
	               STR_ARG(c->e.options[ejr->option].id));
	add_plain(out, ejr->deserves, c->e.decimals);
	buf_add_c(out, ", and none of them has more than ");
	add_plain(out, ejr->has, c->e.decimals);
	buf_add_c(out, " (EJR+ up to any project fails).\n");
}

/* "+path -bulbs" or "the same". */
static void
add_change(struct buf *out, const struct counted *c, const struct sensitivity_change *change)
{
	if (change->in_count == 0 && change->out_count == 0)
		buf_add_c(out, " the same winners");
	for (size_t i = 0; i < change->in_count; i++)
		buf_add_format(out, " +%.*s", STR_ARG(c->e.options[change->in[i]].id));
	for (size_t i = 0; i < change->out_count; i++)
		buf_add_format(out, " -%.*s", STR_ARG(c->e.options[change->out[i]].id));
}

static void
add_tries(struct buf *out, const struct counted *c, const char *what,
          const struct sensitivity_tries *tries)
{
	buf_add_format(out, "%s: %lld of %lld tried, %lld gave other winners", what,
	               (long long)tries->tried, (long long)tries->of, (long long)tries->changed);
	if (tries->changed > 0) {
		buf_add_char(out, ':');
		add_change(out, c, &tries->change);
	}
	buf_add_char(out, '\n');
}

static void
add_sensitivity(struct buf *out, const struct counted *c)
{
	const struct sensitivity *s = &c->sensitive;

	buf_add_c(out, "\nBy other rules:\n");
	for (size_t i = 0; i < s->rule_count; i++) {
		const struct sensitivity_rule *rule = &s->rules[i];

		buf_add_format(out, "  %s, %s, %s:", decide_rule_name(rule->method.rule),
		               decide_utility_name(rule->method.utility),
		               decide_completion_name(rule->method.completion));
		if (rule->counted)
			add_change(out, c, &rule->change);
		else
			buf_add_c(out, " not counted, as that would take too long");
		buf_add_char(out, '\n');
	}
	add_count(out, s->tied_steps, "step");
	buf_add_c(out, " had a tie.\n");
	add_tries(out, c, "Other orders of ties", &s->orders);
	if (s->safe_ballots > 0) {
		buf_add_c(out, "Up to ");
		add_count(out, s->safe_ballots, "ballot");
		buf_add_c(out, " more or fewer change nothing, whatever they name.\n");
	}
	add_tries(out, c, "One voter more, for one loser alone", &s->more);
	add_tries(out, c, "One voter fewer", &s->fewer);
}

static void
add_part(struct buf *out, const struct counted *c)
{
	if (c->pot != NULL) {
		buf_add_format(out, "\n%.*s: ", STR_ARG(c->pot->name));
		add_size(out, c->outcome.voters, c->outcome.option_count);
		add_plain(out, c->outcome.budget, c->e.decimals);
		buf_add_char(out, '\n');
	}
	buf_add_format(out, "\n      %-12s %-40s %12s %8s%s\n", "id", "", "cost", "votes",
	               by_points(c) ? "   points" : "");
	for (size_t i = 0; i < c->outcome.step_count; i++)
		add_row(out, c, c->outcome.steps[i].option);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < c->outcome.option_count; i++)
		if (c->outcome.options[i].place == 0)
			add_row(out, c, i);
	add_foot(out, c);
	if (c->explained < c->e.option_count)
		add_explained(out, c);
	if (c->measures)
		add_measures(out, c);
	if (c->sensitivity)
		add_sensitivity(out, c);
}

static bool
print_table(const struct counting *counting)
{
	struct buf out;
	bool ok;

	buf_init(&out, COUNT_TEXT_MAX);
	add_head(&out, counting);
	for (size_t i = 0; i < counting->part_count; i++)
		add_part(&out, &counting->parts[i]);
	ok = buf_status(&out) == OK;
	if (ok)
		fwrite(buf_str(&out).ptr, 1, buf_str(&out).len, stdout);
	buf_release(&out);
	return ok;
}

/* Brings the increment to the election's minor units. */
static enum status
set_increment(struct request *r, const struct election *e, struct decide_error *error)
{
	int64_t increment = r->increment;

	for (int i = r->increment_decimals; i < e->decimals; i++) {
		increment *= 10;
		if (increment > ELECTION_MONEY_MAX)
			return decide_fail(error, 0, STR("--increment"), MSG("It is too large."));
	}
	r->method.increment = increment;
	return OK;
}

/* Finds the option that --explain names and what it would have needed. */
static enum status
explain(const struct request *r, struct counted *c, const struct decide_progress *progress,
        bool *ret_found, struct decide_error *error)
{
	c->explained = c->e.option_count;
	for (size_t o = 0; r->explain != NULL && o < c->e.option_count; o++)
		if (str_is(c->e.options[o].id, r->explain))
			c->explained = o;
	*ret_found |= c->explained < c->e.option_count;
	if (c->explained == c->e.option_count || c->outcome.options[c->explained].place > 0)
		return OK;
	return why_lost(&c->e, &r->method, c->explained, MEMORY_MAX, progress, &c->why, error);
}

/* What --measures and --sensitivity ask for. */
static enum status
look_closer(const struct request *r, const struct decide_progress *progress, struct arena *arena,
            struct counted *c)
{
	enum status st = OK;

	c->measures = r->measures;
	c->sensitivity = r->sensitivity >= 0;
	if (c->measures)
		st = measure_of(&c->e, &c->outcome, arena, &c->measure);
	if (st == OK && c->sensitivity)
		st = sensitivity_of(&c->e, &c->outcome, r->sensitivity, progress, arena,
		                    &c->sensitive);
	return st;
}

/* Reads --limits; a wrong file is told at once. */
static bool
read_limits(const struct request *r, struct arena *arena, struct counting *counting)
{
	int decimals = counting->pb.decimals > r->increment_decimals ? counting->pb.decimals
	                                                             : r->increment_decimals;
	struct decide_error error = { 0 };
	enum status st;

	if (!cli_read_file("count", r->limits, arena, &counting->limits_text))
		return false;
	st = limits_read(arena, counting->limits_text, &counting->pb, decimals, &counting->limits,
	                 &error);
	if (st != OK)
		cli_say_error("count", r->limits, st, &error);
	return st == OK;
}

/* The election of one part, or of all. What is wrong with it: in *ret_file. */
static enum status
make_part(struct request *r, struct arena *arena, struct counting *counting, size_t part,
          const char **ret_file, struct decide_error *error)
{
	const struct limits_file *limits = r->limits == NULL ? NULL : &counting->limits;
	struct counted *c = &counting->parts[part];
	enum status st = limits_part_of(&counting->pb, limits, part, r->method.utility,
	                                r->increment_decimals, arena, &c->part, error);

	*ret_file = error->line > 0 ? r->limits : r->file;
	c->pb = &counting->pb;
	c->pot = limits != NULL && limits->pot_count > 0 ? &limits->pots[part] : NULL;
	c->e = c->part.e;
	return st == OK ? set_increment(r, &c->e, error) : st;
}

static enum status
make_parts(struct request *r, struct arena *arena, struct counting *counting,
           const char **ret_file, struct decide_error *error)
{
	enum status st = OK;

	counting->part_count = counting->limits.pot_count > 0 ? counting->limits.pot_count : 1;
	counting->parts = ARENA_ARRAY(arena, counting->part_count, struct counted);
	counting->over_sum_cost = pabulib_over_sum_cost(&counting->pb);
	if (counting->parts == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < counting->part_count; i++)
		st = make_part(r, arena, counting, i, ret_file, error);
	return st;
}

static enum status
count_parts(const struct request *r, struct arena *arena, struct counting *counting,
            struct decide_error *error)
{
	struct progress bar;
	const struct decide_progress progress = { progress_step, &bar };
	struct decide_extra extra = { .threads = (size_t)r->threads, .progress = &progress };
	bool found = r->explain == NULL;
	enum status st = OK;

	progress_begin(&bar);
	for (size_t i = 0; st == OK && i < counting->part_count; i++) {
		struct counted *c = &counting->parts[i];

		st = decide_count_extra(&c->e, &r->method, &extra, arena, &c->outcome, error);
		if (st == OK)
			st = explain(r, c, &progress, &found, error);
		if (st == OK)
			st = look_closer(r, &progress, arena, c);
	}
	progress_end(&bar);
	if (st == OK && !found)
		st = decide_fail_with(error, 0, STR("--explain"), MSG("There is no project {id}."),
		                      message_text("id", str_of(r->explain)));
	return st;
}

/* --svg: the outcome as a picture in a file. */
static bool
draw(const struct request *r, const struct counting *counting, struct arena *arena)
{
	const struct counted *c = &counting->parts[0];
	const struct format english = { .locale = locale_get(STR("en")) };
	const char *inputs[] = { r->file, r->limits == NULL ? r->file : r->limits };
	struct str *names = ARENA_ARRAY(arena, c->e.option_count, struct str);
	struct picture_words words = { pabulib_meta(c->pb, "description"), names, &english };
	struct decide_error error = { 0 };
	struct buf out;
	enum status st = names == NULL ? NO_MEMORY : OK;
	bool good;

	for (size_t o = 0; st == OK && o < c->e.option_count; o++) {
		struct str name = c->pb->project[c->part.project == NULL ? o : c->part.project[o]].name;

		names[o] = name.len > 0 ? name : c->e.options[o].id;
	}
	buf_init(&out, COUNT_TEXT_MAX);
	if (st == OK)
		st = picture_draw(&c->e, &c->outcome, &words, arena, &out, &error);
	if (st == OK)
		st = buf_status(&out);
	if (st != OK)
		cli_say_error("count", r->file, st, &error);
	good = st == OK && cli_replace_file("count", r->svg, inputs, 2, buf_str(&out));
	buf_release(&out);
	return good;
}

static void
print_time(double read, double counted)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	fprintf(stderr,
	        "read in %.3f s, counted in %.3f s, %.3f s of processor time, %ld KiB at most\n",
	        read, counted, (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
	        usage.ru_maxrss);
}

static int
count_file(struct request *r, struct arena *arena)
{
	struct counting counting = { 0 };
	struct decide_error error = { 0 };
	const char *file = r->file;
	double began = cli_seconds(), parsed;
	enum status st;

	if (!cli_read_file("count", r->file, arena, &counting.text))
		return EXIT_BAD;
	st = pabulib_parse(arena, counting.text, &counting.pb, &error);
	if (st == OK && r->limits != NULL && !read_limits(r, arena, &counting))
		return EXIT_BAD;
	if (st == OK)
		st = make_parts(r, arena, &counting, &file, &error);
	if (st == OK && r->svg != NULL && counting.part_count > 1) {
		file = r->limits;
		st = decide_fail(&error, 0, STR("--svg"), MSG("There are several pots, and a picture shows "
		                                              "one budget. Ask without --svg."));
	}
	parsed = cli_seconds();
	if (st == OK)
		st = count_parts(r, arena, &counting, &error);
	if (st != OK) {
		cli_say_error("count", file, st, &error);
		return EXIT_BAD;
	}
	if (r->svg != NULL && !draw(r, &counting, arena))
		return EXIT_BAD;
	print_time(parsed - began, cli_seconds() - parsed);
	if (!(r->json ? cli_count_json(&counting) : print_table(&counting)) || fflush(stdout) != 0) {
		fprintf(stderr, "folkmoot count: the result can't be written\n");
		return 1;
	}
	return 0;
}

int
cli_count(int argc, char **argv)
{
	struct request r;
	struct arena arena;
	int code;

	if (cli_count_is_ranked(argc, argv))
		return cli_count_ranked(argc, argv);
	if (!parse_arguments(argc, argv, &r))
		return EXIT_BAD;
	arena_init(&arena, MEMORY_MAX);
	code = count_file(&r, &arena);
	arena_release(&arena);
	return code;
}
