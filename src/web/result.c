/* The pages of a counted round: the result for everybody, every step for scrutineers, the
 * ballots to count again, and a worked example of both ways of counting. */
#include "web/result.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "web/count.html.h"
#include "web/how_we_count.html.h"
#include "web/result.html.h"
#include "web/result_words.h"
#include "web/route.h"

static enum status
path_of(struct request *req, struct round_id round, const char *what, struct str *ret)
{
	return page_path(req, ret, "/decisions/%s%s", id_text(round.value).text, what);
}

static enum status
percent_of(struct request *req, int64_t part, int64_t whole, struct str *ret)
{
	struct buf buf;
	enum status st;

	buf_init(&buf, 100);
	format_percent(&buf, &req->format, part, whole);
	st = buf_status(&buf);
	if (st == OK)
		st = str_copy(req->act.arena, buf_str(&buf), ret);
	buf_release(&buf);
	return st;
}

/* ---- words ---- */

static struct message
words(const char *text)
{
	return (struct message){ .text = text };
}

/* "Equal shares", "Most points first": one of a round's outcomes. */
static struct message
rule_name(const struct outcome_list_row *outcome)
{
	return method_name(outcome->rule, outcome->utility);
}

/* ---- the result ---- */

static enum status
option_path(struct request *req, const struct result_option *o, struct str *ret)
{
	const char *kind = o->project.value != 0 ? "money/projects" : "ideas";
	int64_t id = o->project.value != 0 ? o->project.value : o->idea.value;

	if (id == 0)
		return OK;
	return page_path(req, ret, "/%s/%s", kind, id_text(id).text);
}

/* outcome: NULL where there is none. */
static enum status
rows_fill(struct request *req, const struct result *result, const struct outcome *outcome,
          struct result_page_view *view)
{
	const struct result_terms terms = result_terms(result);
	const size_t won = result->option_winners;
	struct result_row *rows = ARENA_ARRAY(req->act.arena, result->options_len,
	                                      struct result_row);
	enum status st = OK;

	if (rows == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < result->options_len; i++) {
		const struct result_option *o = &result->options[i];

		rows[i] = (struct result_row){ .place = o->place_won, .title = o->title,
			                       .cost = o->cost, .votes = o->votes,
			                       .points = o->points, .why = result_why(o, &terms),
			                       .won = o->place_won > 0, .other_won = o->other_won,
			                       .file_selected = o->file_selected };
		if (outcome != NULL && !rows[i].won && (size_t)o->number <= outcome->option_count)
			rows[i].need = result_need(&outcome->options[o->number - 1], &terms);
		view->differ += result->file_names_winners && rows[i].won != o->file_selected;
		st = option_path(req, o, &rows[i].path);
	}
	view->won = (struct result_rows){ rows, won };
	view->lost = (struct result_rows){ rows + won, result->options_len - won };
	view->agrees = view->differ == 0;
	return st;
}

static struct message
short_name(const struct outcome_list_row *outcome)
{
	return method_short_name(outcome->rule, outcome->utility);
}

/* "Equal shares (our rule)" */
static struct message
own_rule_name(struct request *req, const struct result *result)
{
	const struct message name = short_name(&result->official);

	if (result->imported || name.values[0].kind != MESSAGE_NOTHING)
		return name;
	return (struct message){
		.text = MSG("{rule} (our rule)"),
		.values = { message_text("rule", locale_words(req->format.locale, name.text)) } };
}

/* SHA-256 in groups of four, the first four of them: enough to compare by eye. */
static enum status
fingerprint_of(struct request *req, struct str hash, struct str *ret)
{
	struct digest digest;
	struct digest_text hex;

	if (hash.len != DIGEST_LEN)
		return OK;
	memcpy(digest.bytes, hash.ptr, DIGEST_LEN);
	hex = digest_text(digest);
	return str_format(req->act.arena, ret, "%.4s %.4s %.4s %.4s …", hex.text, hex.text + 4,
	                  hex.text + 8, hex.text + 12);
}

static enum status
paths_fill(struct request *req, const struct result *result, struct result_page_view *view)
{
	const struct round_id round = result->round.id;
	enum status st = path_of(req, round, "", &view->round_path);

	if (st == OK)
		st = path_of(req, round, "/count", &view->count_path);
	if (st == OK)
		st = path_of(req, round, "/ballots.pb", &view->ballots_path);
	if (st == OK)
		st = path_of(req, round, "/rules.json", &view->rules_path);
	if (st == OK)
		st = fingerprint_of(req, result->round.rules_hash, &view->fingerprint);
	return st;
}

static enum status
result_fill(struct request *req, const struct result *result, struct result_page_view *view)
{
	struct outcome outcome;
	enum status st;

	*view = (struct result_page_view){
		.title = result->round.title,
		.counted_at = result->round.counted_at,
		.budget = result->round.budget,
		.spent = result->official.total_cost,
		.voters = result->round.ballots,
		.winners = (int64_t)result->option_winners,
		.represented = result->official.represented,
		.counted = result->counted,
		.imported = result->imported,
		.file_names_winners = result->file_names_winners,
		.file_rule = result->file_rule,
		.points = result->points,
		.borda = result->borda,
		.alike = result_terms(result).alike,
		.fell_to_votes = result->fell_to_votes,
		.rule_name = rule_name(&result->official),
		.rule = method_sentence(result->official.rule, result->official.utility,
		                        result->round.has_threshold ? result->round.threshold : 0),
		.money = result->round.has_account_id };
	st = amount_subtract(view->budget, view->spent, &view->rest);
	if (st == OK && result->counted)
		st = act_outcome_show(&req->act, result->round.id, result->official.id, &outcome);
	if (st == OK)
		st = rows_fill(req, result, result->counted ? &outcome : NULL, view);
	if (st == OK)
		st = paths_fill(req, result, view);
	if (st == OK && result->counted)
		st = result_bars_fill(req->act.arena, result, own_rule_name(req, result),
		                      short_name(&result->other), view);
	if (st == OK && result->counted)
		st = result_picture_fill(req->act.arena, result, &outcome, view);
	if (st == OK && result->counted)
		st = percent_of(req, view->represented, result->official.voters,
		                &view->represented_words);
	return st;
}

/* For the preview in a chat. */
static void
describe(struct request *req, const struct result_page_view *view)
{
	struct message text = { MSG("One idea won, {money} of {budget}."),
		                MSG("{n} ideas won, {money} of {budget}."),
		                { message_number("n", view->winners),
		                  message_money("money", view->spent),
		                  message_money("budget", view->budget) } };
	struct buf buf;
	struct str copy;

	buf_init(&buf, 1000);
	format_message(&buf, &req->format, &text);
	if (buf_status(&buf) == OK && str_copy(req->act.arena, buf_str(&buf), &copy) == OK)
		page_describe(req, copy);
	buf_release(&buf);
}

static void
page_result(struct request *req)
{
	struct result_page_view view;
	struct result result;
	enum status st = act_result_show(&req->act, (struct round_id){ req->id[0] }, &result);

	if (st == OK)
		st = result_fill(req, &result, &view);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	if (view.counted)
		describe(req, &view);
	html_result(page_open(req, "decisions"), &view);
}

/* ---- every step ---- */

static int
by_number(const void *a, const void *b)
{
	const struct result_option *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static enum status
compare_fill(struct request *req, const struct result *result, struct count_page_view *view)
{
	struct compare_row *rows = ARENA_ARRAY(req->act.arena, result->options_len,
	                                       struct compare_row);

	if (rows == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < result->options_len; i++) {
		const struct result_option *o = &result->options[i];

		rows[i] = (struct compare_row){ o->label, o->title, o->cost, o->votes, o->points,
			                        o->place_won, o->other_place,
			                        o->place_won > 0, o->other_won, o->file_selected };
	}
	view->compare = (struct compare_rows){ rows, result->options_len };
	return OK;
}

/* options: by number - 1. */
static enum status
steps_fill(struct request *req, const struct outcome *outcome,
           const struct result_option *options, size_t options_len,
           struct count_page_view *view)
{
	/* add1u ends with the votes, whatever the ballots say besides. */
	const bool points = decide_utility_has_points(outcome->method.utility) &&
	                    outcome->method.completion != DECIDE_ADD1U;
	const char *const bys[] = {
		[OUTCOME_BY_FREE] = MSG("costs nothing"),
		[OUTCOME_BY_SHARES] = MSG("paid from shares"),
		[OUTCOME_BY_VOTES] = points ? MSG("by most points") : MSG("by most votes"),
		[OUTCOME_BY_LOAD] = MSG("carried by who chose it") };
	struct step_row *rows = ARENA_ARRAY(req->act.arena, outcome->step_count, struct step_row);
	int64_t dearest = 0;
	enum status st = OK;

	if (rows == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < outcome->step_count; i++)
		if (outcome->steps[i].price_milli > dearest)
			dearest = outcome->steps[i].price_milli;
	for (size_t i = 0; st == OK && i < outcome->step_count; i++) {
		const struct outcome_step *s = &outcome->steps[i];

		if (s->option >= options_len)
			return FAILED;
		rows[i] = (struct step_row){ .number = (int64_t)i + 1,
			                     .title = options[s->option].title,
			                     .cost = options[s->option].cost, .left = { s->left },
			                     .payers = s->payers, .all_in = s->all_in,
			                     .tied = s->tied, .shares = s->by == OUTCOME_BY_SHARES,
			                     .price = { s->price_milli / 1000 } };
		rows[i].part = strip_of(outcome->budget - s->left - rows[i].cost.minor,
		                        rows[i].cost.minor, outcome->budget);
		rows[i].price_part = strip_of(0, s->price_milli, dearest);
		rows[i].by = words(bys[s->by]);
		st = str_format(req->act.arena, &rows[i].effective, "%lld.%lld",
		                (long long)(s->effective_votes_milli / 1000),
		                (long long)(s->effective_votes_milli % 1000 / 100));
	}
	view->steps = (struct step_rows){ rows, outcome->step_count };
	return st;
}

/* What losers would have needed, where the count asked. options: by number - 1. */
static enum status
needed_fill(struct request *req, const struct outcome *outcome,
            const struct result_option *options, size_t options_len,
            struct count_page_view *view)
{
	struct needed_row *rows = ARENA_ARRAY(req->act.arena, outcome->option_count,
	                                      struct needed_row);
	size_t len = 0;

	if (rows == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < outcome->option_count; i++) {
		const struct outcome_option *o = &outcome->options[i];

		if (o->place > 0 || o->highest_cost == OUTCOME_NOT_ASKED ||
		    o->why == OUTCOME_WITHDRAWN)
			continue;
		if (i >= options_len)
			return FAILED;
		rows[len++] = (struct needed_row){
			.title = options[i].title, .cost = options[i].cost,
			.highest_cost = { o->highest_cost }, .never_cheaper = o->highest_cost < 0,
			.part = strip_of(0, o->highest_cost, options[i].cost.minor),
			.more_ballots = o->more_ballots, .never_more = o->more_ballots < 0 };
		rows[len - 1].part.pale = true;
	}
	view->needed = (struct needed_rows){ rows, len };
	return OK;
}

static enum status
shares_fill(struct request *req, const struct outcome *outcome, struct count_page_view *view)
{
	static const char *const stops[] = {
		[OUTCOME_STOP_ONCE] = MSG("The count was done once."),
		[OUTCOME_STOP_EXHAUSTIVE] = MSG("The shares grew until nothing that is left would fit."),
		[OUTCOME_STOP_COST] = MSG("The shares grew as far as they could: the next step would "
		                          "have cost more than there is."),
		[OUTCOME_STOP_ALL] = MSG("Everything that anybody chose has won."),
	};

	view->shares = true;
	view->share.minor = outcome->share_milli / 1000;
	view->increments = outcome->increments;
	view->stop = words(stops[outcome->stop]);
	/* Not where few voted; and where the comparison went to the votes, no share was spent. */
	if (outcome->spent_milli[0] < 0 || outcome->prefer_greedy > outcome->prefer_shares)
		return OK;
	view->deciles.ptr = ARENA_ARRAY(req->act.arena, OUTCOME_DECILES, struct decile_row);
	if (view->deciles.ptr == NULL)
		return NO_MEMORY;
	for (int i = 0; i < OUTCOME_DECILES; i++)
		view->deciles.ptr[i] = (struct decile_row){
			(i + 1) * 10, { outcome->spent_milli[i] / 1000 },
			strip_of(0, outcome->spent_milli[i], outcome->share_milli) };
	view->deciles.len = OUTCOME_DECILES;
	return OK;
}

/* The command line that gives the same winners from the downloaded ballots. */
static enum status
command_fill(struct request *req, const struct result *result,
             const struct outcome_list_row *shown, struct count_page_view *view)
{
	struct buf buf;
	enum status st;

	if (result->round.lot_seed.len == DIGEST_LEN) {
		struct digest seed;

		memcpy(seed.bytes, result->round.lot_seed.ptr, DIGEST_LEN);
		st = str_copy(req->act.arena, str_of(digest_text(seed).text), &view->seed);
		if (st != OK)
			return st;
	}
	buf_init(&buf, 1000);
	buf_add_format(&buf, "folkmoot count ballots.pb --rule %.*s --utility %.*s",
	               STR_ARG(shown->rule), STR_ARG(shown->utility));
	if (str_is(shown->rule, "equal-shares"))
		buf_add_format(&buf, " --completion %.*s", STR_ARG(shown->completion));
	if (shown->has_increment) {
		buf_add_c(&buf, " --increment ");
		amount_write(&buf, shown->increment, currency_decimals(req->act.place.currency));
	}
	buf_add_format(&buf, " --ties %.*s", STR_ARG(shown->ties));
	if (view->seed.len > 0)
		buf_add_format(&buf, " --seed %.*s", STR_ARG(view->seed));
	st = buf_status(&buf);
	if (st == OK)
		st = str_copy(req->act.arena, buf_str(&buf), &view->command);
	buf_release(&buf);
	return st;
}

static enum status
count_paths(struct request *req, const struct result *result, struct count_page_view *view)
{
	const struct round_id round = result->round.id;
	enum status st = path_of(req, round, "", &view->round_path);

	if (st == OK)
		st = path_of(req, round, "/result", &view->result_path);
	if (st == OK)
		st = path_of(req, round, "/ballots.pb", &view->ballots_path);
	if (st == OK)
		st = path_of(req, round, "/closer", &view->closer_path);
	if (st == OK)
		st = path_of(req, round, "/rules.json", &view->rules_path);
	if (st == OK)
		st = path_of(req, round, "/count?by=first#steps", &view->first_path);
	if (st == OK)
		st = path_of(req, round, "/count?by=second#steps", &view->second_path);
	return st;
}

static enum status
count_fill(struct request *req, struct result *result, const struct outcome_list_row *shown,
           struct count_page_view *view)
{
	struct outcome outcome;
	enum status st = act_outcome_show(&req->act, result->round.id, shown->id, &outcome);

	if (st != OK)
		return st;
	qsort(result->options, result->options_len, sizeof *result->options, by_number);
	*view = (struct count_page_view){
		.title = result->round.title,
		.has_rules = result->round.has_rules_hash,
		.imported = result->imported,
		.has_other = result->other.id.value != 0,
		.first_name = own_rule_name(req, result),
		.second_name = short_name(&result->other),
		.shown_name = rule_name(shown),
		.points = result->points, .borda = result->borda,
		.compared = str_is(shown->completion, "comparison"),
		.alike = str_is(shown->completion, "exact"),
		.fell = outcome.prefer_greedy > outcome.prefer_shares,
		.prefer_shares = outcome.prefer_shares, .prefer_greedy = outcome.prefer_greedy,
		.first_shown = shown == &result->official,
		.budget = result->round.budget,
		.total = shown->total_cost,
		.voters = shown->voters,
		.represented = shown->represented,
		.file_names_winners = result->file_names_winners };
	st = count_paths(req, result, view);
	if (st == OK)
		st = compare_fill(req, result, view);
	if (st == OK)
		st = steps_fill(req, &outcome, result->options, result->options_len, view);
	if (st == OK)
		st = needed_fill(req, &outcome, result->options, result->options_len, view);
	if (st == OK)
		st = result_held_fill(req->act.arena, &outcome, view);
	if (st == OK && (outcome.method.rule == DECIDE_EQUAL_SHARES ||
	                 outcome.method.rule == DECIDE_OVERSPENDING))
		st = shares_fill(req, &outcome, view);
	if (st == OK)
		st = command_fill(req, result, shown, view);
	return st;
}

static void
page_count(struct request *req)
{
	struct count_page_view view;
	struct result result;
	enum status st = act_result_show(&req->act, (struct round_id){ req->id[0] }, &result);

	if (st == OK && !result.counted)
		st = NOT_FOUND;
	if (st == OK)
		st = count_fill(req, &result,
		                str_is(form_text(req, "by"), "second") && result.other.id.value != 0
		                        ? &result.other : &result.official,
		                &view);
	if (st != OK)
		page_status(req, st);
	else
		html_count(page_open(req, "decisions"), &view);
}

/* ---- the ballots ---- */

static void
page_ballots(struct request *req)
{
	struct buf out;
	enum status st;

	buf_init(&out, EXPORT_MAX);
	st = act_round_export(&req->act, (struct round_id){ req->id[0] }, &out);
	if (st != OK)
		page_status(req, st);
	else
		page_file_of(req, "text/plain; charset=utf-8", "ballots.pb", &out);
	buf_release(&out);
}

/* ---- the worked example ---- */

static const struct {
	const char *title;
	int64_t cost;
	int voters[2]; /* first and one behind the last of those who chose it */
} example[] = {
	{ MSG("Benches uphill"), 60000, { 0, 6 } },
	{ MSG("Lamps uphill"), 40000, { 0, 6 } },
	{ MSG("A boat for the river"), 40000, { 6, 10 } },
};
enum { EXAMPLE_VOTERS = 10, EXAMPLE_BUDGET = 100000,
       EXAMPLE_OPTIONS = sizeof example / sizeof *example };

static enum status
example_election(struct arena *arena, struct election *ret)
{
	static const struct str ids[EXAMPLE_OPTIONS] = { STR_INIT("1"), STR_INIT("2"),
		                                         STR_INIT("3") };
	struct election_making making;
	struct decide_error error;

	election_begin(&making, arena, 2, EXAMPLE_BUDGET);
	for (size_t i = 0; i < EXAMPLE_OPTIONS; i++)
		election_option(&making, ids[i], example[i].cost, false);
	for (int v = 0; v < EXAMPLE_VOTERS; v++) {
		uint32_t choices[EXAMPLE_OPTIONS];
		size_t count = 0;

		for (uint32_t i = 0; i < EXAMPLE_OPTIONS; i++)
			if (v >= example[i].voters[0] && v < example[i].voters[1])
				choices[count++] = i;
		election_ballot(&making, choices, NULL, count);
	}
	return election_end(&making, ret, &error);
}

static enum status
example_fill(struct request *req, struct how_page_view *view)
{
	const struct method greedy = { .rule = DECIDE_GREEDY, .ties = DECIDE_TIES_COST_VOTES_LOT };
	const struct method shares = { .rule = DECIDE_EQUAL_SHARES, .completion = DECIDE_ADD1U,
		                       .ties = DECIDE_TIES_COST_VOTES_LOT };
	const struct result_terms terms = { .points = false };
	struct arena *arena = req->act.arena;
	struct election election;
	struct outcome by_votes, by_shares;
	struct decide_error error;
	enum status st = example_election(arena, &election);

	if (st == OK)
		st = decide_count(&election, &greedy, arena, &by_votes, &error);
	if (st == OK)
		st = decide_count(&election, &shares, arena, &by_shares, &error);
	view->options.ptr = ARENA_ARRAY(arena, EXAMPLE_OPTIONS, struct example_option);
	if (st == OK && view->options.ptr == NULL)
		st = NO_MEMORY;
	if (st != OK)
		return st;
	for (size_t i = 0; i < EXAMPLE_OPTIONS; i++) {
		const struct outcome_option *o = &by_shares.options[i];
		const struct result_option fate = {
			.why = o->why, .votes = election.options[i].votes,
			.cost = { example[i].cost }, .has_could_pay = o->could_pay >= 0,
			.could_pay = { o->could_pay }, .room = { o->left } };

		view->options.ptr[i] = (struct example_option){
			locale_words(req->format.locale, example[i].title), { example[i].cost },
			election.options[i].votes, by_votes.options[i].place > 0, o->place > 0,
			result_why(&fate, &terms) };
	}
	view->options.len = EXAMPLE_OPTIONS;
	view->budget.minor = EXAMPLE_BUDGET;
	view->share.minor = EXAMPLE_BUDGET / EXAMPLE_VOTERS;
	view->voters = EXAMPLE_VOTERS;
	view->greedy_represented = by_votes.represented;
	view->shares_represented = by_shares.represented;
	return OK;
}

static void
page_how_we_count(struct request *req)
{
	struct how_page_view view = { 0 };
	struct arena *arena = req->act.arena;
	const struct str none = { NULL, 0 };
	enum status st = example_fill(req, &view);

	if (st == OK)
		st = method_choices(arena, METHOD_RULE, false, "rule", none, &view.more);
	if (st == OK)
		st = method_choices(arena, METHOD_BALLOT, false, "ballot_kind", none, &view.kinds);
	if (st != OK)
		page_status(req, st);
	else
		html_how_we_count(page_open(req, "decisions"), &view);
}

const struct route routes_result[] = {
	{ .method = METHOD_GET, .path = "/{place}/decisions/how-we-count", .right = RIGHT_READ,
	  .page = page_how_we_count },
	{ .method = METHOD_GET, .path = "/{place}/decisions/{id}/result", .right = RIGHT_READ,
	  .page = page_result },
	{ .method = METHOD_GET, .path = "/{place}/decisions/{id}/count", .right = RIGHT_READ,
	  .page = page_count, .fields = { { "by", FIELD_LINE, 10 } } },
	{ .method = METHOD_GET, .path = "/{place}/decisions/{id}/ballots.pb", .right = RIGHT_READ,
	  .page = page_ballots, .per_minute = 30 },
	{ .path = NULL },
};
