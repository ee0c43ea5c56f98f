#include "web/closer.h"

#include "acts/closer.h"
#include "acts/result.h"
#include "base/locale.h"
#include "web/closer.html.h"
#include "web/method_words.h"
#include "web/route.h"

static struct message
rule_name(const struct method *m)
{
	return method_name(str_of(decide_rule_name(m->rule)), str_of(decide_utility_name(m->utility)));
}

/* What else Equal Shares leaves open; of the others their name says it. */
static void
add_terms(const struct method *m, struct closer_rule *rule)
{
	if (m->rule != DECIDE_EQUAL_SHARES)
		return;
	rule->has_terms = true;
	rule->weighs = method_label(METHOD_UTILITY, str_of(decide_utility_name(m->utility)));
	rule->rest = method_label(METHOD_COMPLETION, str_of(decide_completion_name(m->completion)));
}

/* Titles of options of the election. */
static enum status
titles_of(struct request *req, const struct closer_look *look, const struct result *result,
          const uint32_t *options, size_t count, struct closer_titles *ret)
{
	*ret = (struct closer_titles){ ARENA_ARRAY(req->act.arena, count, struct str), 0 };
	if (ret->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		int64_t number = look->counting.numbers[options[i]];

		for (size_t o = 0; o < result->options_len; o++)
			if (result->options[o].number == number)
				ret->ptr[ret->len++] = result->options[o].title;
	}
	return OK;
}

static enum status
rules_fill(struct request *req, const struct closer_look *look, const struct result *result,
           struct closer_page_view *view)
{
	const struct sensitivity *s = &look->sensitivity;
	struct closer_rule *rows = ARENA_ARRAY(req->act.arena, s->rule_count, struct closer_rule);
	enum status st = rows == NULL ? NO_MEMORY : OK;

	for (size_t i = 0; st == OK && i < s->rule_count; i++) {
		const struct sensitivity_rule *rule = &s->rules[i];
		const struct sensitivity_change *change = &rule->change;

		rows[i] = (struct closer_rule){
			.number = (int64_t)i + 1, .name = rule_name(&rule->method), .by_sets = rule->by_sets,
			.counted = rule->counted,
			.same = rule->counted && change->in_count == 0 && change->out_count == 0 };
		add_terms(&rule->method, &rows[i]);
		view->same_rules += rows[i].same;
		st = titles_of(req, look, result, change->in, change->in_count, &rows[i].in);
		if (st == OK)
			st = titles_of(req, look, result, change->out, change->out_count,
			               &rows[i].out);
	}
	view->rules = (struct closer_rules){ rows, s->rule_count };
	return st;
}

static bool
is_in(const uint32_t *options, size_t count, uint32_t option)
{
	for (size_t i = 0; i < count; i++)
		if (options[i] == option)
			return true;
	return false;
}

/* Whether each rule chooses the option; how many of those that were counted do. */
static size_t
cells_fill(const struct closer_look *look, uint32_t option, struct closer_grid_row *row)
{
	const struct sensitivity *s = &look->sensitivity;
	size_t choosing = 0;

	row->chosen = look->outcome.options[option].place > 0;
	row->cells.len = s->rule_count;
	for (size_t r = 0; r < s->rule_count; r++) {
		const struct sensitivity_change *change = &s->rules[r].change;
		bool chosen = row->chosen ? !is_in(change->out, change->out_count, option)
		                          : is_in(change->in, change->in_count, option);

		row->cells.ptr[r] = (struct closer_cell){ chosen, s->rules[r].counted };
		choosing += chosen && s->rules[r].counted;
	}
	return choosing;
}

/* A row for each option about which rules differ: first those that this count chose. */
static enum status
grid_fill(struct request *req, const struct closer_look *look, const struct result *result,
          struct closer_page_view *view)
{
	const struct sensitivity *s = &look->sensitivity;
	struct closer_grid_row *rows = ARENA_ARRAY(req->act.arena, result->options_len,
	                                           struct closer_grid_row);
	size_t counted = 0, len = 0;

	for (size_t r = 0; r < s->rule_count; r++)
		counted += s->rules[r].counted;
	for (size_t i = 0; rows != NULL && i < result->options_len; i++) {
		struct closer_grid_row *row = &rows[len];
		uint32_t option = 0;
		size_t choosing;

		while (option < look->counting.election.option_count &&
		       look->counting.numbers[option] != result->options[i].number)
			option++;
		if (option == look->counting.election.option_count)
			return FAILED;
		row->title = result->options[i].title;
		row->cells.ptr = ARENA_ARRAY(req->act.arena, s->rule_count, struct closer_cell);
		if (row->cells.ptr == NULL)
			return NO_MEMORY;
		choosing = cells_fill(look, option, row);
		if (choosing == (row->chosen ? counted : 0)) {
			view->always += row->chosen;
			view->never += !row->chosen;
		} else {
			len++;
		}
	}
	view->grid = (struct closer_grid){ rows, len };
	return rows == NULL ? NO_MEMORY : OK;
}

/* All that one voter more or fewer could bring in or take out, each once. */
static enum status
one_voter_fill(struct request *req, const struct closer_look *look, const struct result *result,
               struct closer_page_view *view)
{
	const struct sensitivity_tries *tries[] = { &look->sensitivity.more,
		                                    &look->sensitivity.fewer };
	size_t options = look->counting.election.option_count, count = 0;
	bool *seen = ARENA_ARRAY(req->act.arena, options, bool);
	uint32_t *list = ARENA_ARRAY(req->act.arena, options, uint32_t);

	if (seen == NULL || list == NULL)
		return NO_MEMORY;
	for (size_t t = 0; t < 2; t++) {
		const struct sensitivity_change *change = &tries[t]->change;

		for (size_t i = 0; i < change->in_count; i++)
			seen[change->in[i]] = true;
		for (size_t i = 0; i < change->out_count; i++)
			seen[change->out[i]] = true;
	}
	for (uint32_t o = 0; o < options; o++)
		if (seen[o])
			list[count++] = o;
	return titles_of(req, look, result, list, count, &view->could_change);
}

static enum status
measure_fill(struct request *req, const struct closer_look *look, const struct result *result,
             struct closer_page_view *view)
{
	const struct measure_ejr *ejr = &look->measure.ejr;
	struct closer_titles titles;
	enum status st;

	view->fair = ejr->holds;
	view->group = ejr->group;
	view->deserves.minor = ejr->deserves;
	view->has.minor = ejr->has;
	view->gini_strip = strip_of(0, look->measure.gini_millionths, 1000000);
	if (str_format(req->act.arena, &view->gini, "%lld.%03lld",
	               (long long)(look->measure.gini_millionths / 1000000),
	               (long long)(look->measure.gini_millionths % 1000000 / 1000)) != OK)
		return NO_MEMORY;
	if (ejr->holds)
		return OK;
	st = titles_of(req, look, result, &ejr->option, 1, &titles);
	if (st == OK && titles.len > 0)
		view->passed_over = titles.ptr[0];
	return st;
}

static enum status
closer_fill(struct request *req, const struct closer_look *look, const struct result *result,
            struct closer_page_view *view)
{
	const struct sensitivity *s = &look->sensitivity;
	enum status st = page_path(req, &view->count_path, "/decisions/%s/count",
	                           id_text(result->round.id.value).text);

	view->title = result->round.title;
	view->voters = look->counting.election.voters;
	view->too_large = look->too_large;
	if (st != OK || look->too_large)
		return st;
	view->tied_steps = s->tied_steps;
	view->orders = s->orders.tried;
	view->orders_changed = s->orders.changed;
	view->safe_ballots = s->safe_ballots;
	view->more = s->more.tried;
	view->more_of = s->more.of;
	view->more_changed = s->more.changed;
	view->fewer = s->fewer.tried;
	view->fewer_of = s->fewer.of;
	view->fewer_changed = s->fewer.changed;
	st = measure_fill(req, look, result, view);
	if (st == OK)
		st = rules_fill(req, look, result, view);
	if (st == OK)
		st = grid_fill(req, look, result, view);
	if (st == OK)
		st = one_voter_fill(req, look, result, view);
	return st;
}

static void
page_closer(struct request *req)
{
	const struct round_id round = { req->id[0] };
	struct closer_page_view view = { 0 };
	struct closer_look look;
	struct result result;
	enum status st = act_result_show(&req->act, round, &result);

	if (st == OK && !result.counted)
		st = NOT_FOUND;
	if (st == OK)
		st = act_closer_look(&req->act, round, &look);
	if (st == OK)
		st = closer_fill(req, &look, &result, &view);
	if (st != OK)
		page_status(req, st);
	else
		html_closer(page_open(req, "decisions"), &view);
}

const struct route routes_closer[] = {
	{ .method = METHOD_GET, .path = "/{place}/decisions/{id}/closer", .right = RIGHT_READ,
	  .page = page_closer, .per_minute = 20, .memory = 64 << 20 },
	{ .path = NULL },
};
