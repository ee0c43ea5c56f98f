/* The forms of a draft: what a round is about, and which ideas are on its ballot. */
#include "web/round.h"

#include <stdio.h>
#include <string.h>

#include "web/round_choose.html.h"
#include "web/round_edit.html.h"
#include "web/route.h"

static struct round_id
round_of(const struct request *req)
{
	return (struct round_id){ req->id[0] };
}

static int
decimals_of(const struct request *req)
{
	int decimals = currency_decimals(req->act.place.currency);

	return decimals < 0 ? 2 : decimals;
}

/* An amount as it stands in an input; empty for none. */
static struct str
amount_text(struct request *req, struct amount amount)
{
	struct str text = { NULL, 0 };
	struct buf out;

	if (amount.minor == 0)
		return text;
	buf_init(&out, 32);
	amount_write(&out, amount, decimals_of(req));
	if (buf_status(&out) != OK || str_copy(req->act.arena, buf_str(&out), &text) != OK)
		text = (struct str){ NULL, 0 };
	buf_release(&out);
	return text;
}

static struct str
number_text(struct request *req, int64_t n)
{
	struct str text = { NULL, 0 };

	if (n != 0 && str_format(req->act.arena, &text, "%lld", (long long)n) != OK)
		text = (struct str){ NULL, 0 };
	return text;
}

/* ---- reading ---- */

/* A number that may be left out (0). */
static enum status
read_number(const struct request *req, const char *field, const char *text, int64_t *ret,
            struct refusal *why)
{
	*ret = 0;
	if (!form_has(req, field))
		return OK;
	if (str_to_int(form_text(req, field), ret) != OK || *ret < 1)
		return refuse(why, field, text);
	return OK;
}

/* Digits of a part of a date or time: exactly `len` of them. */
static bool
read_part(struct str part, size_t len, int *ret)
{
	int64_t value;

	if (part.len != len || str_to_int(part, &value) != OK || value < 0)
		return false;
	*ret = (int)value;
	return true;
}

/* "2026-12-06" and "20:00" in the place's zone. */
static enum status
read_when(const struct request *req, const char *day_field, const char *time_field,
          struct instant *ret, struct refusal *why)
{
	struct str day = form_text(req, day_field), time = form_text(req, time_field);
	struct local_time local = { 0 };

	if (!read_part(str_next(&day, '-'), 4, &local.year) ||
	    !read_part(str_next(&day, '-'), 2, &local.month) || !read_part(day, 2, &local.day))
		return refuse(why, day_field, MSG("Give the day, for example 2026-12-06."));
	if (!read_part(str_next(&time, ':'), 2, &local.hour) ||
	    !read_part(str_next(&time, ':'), 2, &local.minute))
		return refuse(why, day_field, MSG("Give the time too, for example 20:00."));
	if (zone_from_local(req->act.place.zone, local, ret) != OK)
		return refuse(why, day_field, MSG("There is no such day. Look at the date again."));
	return OK;
}

static enum status
read_amount(const struct request *req, const char *field, const char *text, struct amount *ret,
            struct refusal *why)
{
	if (amount_parse(form_text(req, field), decimals_of(req), ret) != OK)
		return refuse(why, field, text);
	return OK;
}

/* What stands under "More ways". */
static enum status
read_more(const struct request *req, struct round_draft *draft, struct refusal *why)
{
	const char *const number = MSG("Give a number of 1 or more, or leave it empty.");
	/* Where one is asked for, "or leave it empty" would be bad advice. */
	const char *const needed = MSG("Write a whole number of 1 or more, in digits.");
	const bool least = str_is(draft->rule.rule, "greedy-threshold");
	enum status st = OK;

	if (form_has(req, "ballot_kind") &&
	    ballot_kind_parse(form_text(req, "ballot_kind"), &draft->kind) != OK)
		return refuse(why, "ballot_kind", MSG("Choose what people put on their ballot."));
	st = read_number(req, "points", draft->kind == BALLOT_CUMULATIVE ? needed : number,
	                 &draft->points, why);
	if (st == OK)
		st = read_number(req, "points_each", number, &draft->points_each, why);
	if (st == OK)
		st = read_number(req, "threshold", least ? needed : number, &draft->rule.threshold, why);
	if (st == OK && form_has(req, "increment"))
		st = read_amount(req, "increment", MSG("Write an amount in digits, for example 1."),
		                 &draft->rule.increment, why);
	return st;
}

static enum status
read_draft(const struct request *req, struct round_draft *ret, struct refusal *why)
{
	enum status st;

	*ret = (struct round_draft){
		.title = form_text(req, "title"), .intro = form_text(req, "intro"),
		.rule = { .rule = form_text(req, "rule"), .utility = form_text(req, "utility"),
		          .completion = form_text(req, "completion"), .ties = form_text(req, "ties") },
		.kind = BALLOT_APPROVAL, .residents = str_is(form_text(req, "who_may"), "residents") };
	if (ret->title.len == 0)
		return refuse(why, "title", MSG("Give the round a title."));
	st = read_amount(req, "budget", MSG("Write an amount in digits, for example 120000."),
	                 &ret->budget, why);
	if (st == OK)
		st = read_number(req, "most",
		                 MSG("Give a number of 1 or more, or leave it empty for no limit."),
		                 &ret->most, why);
	if (st == OK)
		st = read_when(req, "opens_on", "opens_time", &ret->opens_at, why);
	if (st == OK)
		st = read_when(req, "closes_on", "closes_time", &ret->closes_at, why);
	if (st == OK && !ret->residents && !str_is(form_text(req, "who_may"), "members"))
		return refuse(why, "who_may", MSG("Choose who may vote."));
	if (st == OK)
		st = read_number(req, "least_age",
		                 MSG("Give an age between 1 and 99, or leave it empty for any age."),
		                 &ret->least_age, why);
	return st == OK ? read_more(req, ret, why) : st;
}

enum status
deed_round_add(struct act *act, struct request *req, struct refusal *why)
{
	struct round_id *added = ARENA_NEW(act->arena, struct round_id);
	struct round_draft draft;
	enum status st = added == NULL ? NO_MEMORY : read_draft(req, &draft, why);

	req->result = added;
	return st == OK ? act_round_add(act, &draft, added, why) : st;
}

enum status
deed_round_edit(struct act *act, struct request *req, struct refusal *why)
{
	struct round_draft draft;
	enum status st = read_draft(req, &draft, why);

	return st == OK ? act_round_edit(act, round_of(req), &draft, why) : st;
}

/* ---- showing ---- */

static void
show_when(struct request *req, struct instant t, struct str *ret_day, struct str *ret_time)
{
	struct local_time local;

	if (zone_to_local(req->act.place.zone, t, &local) != OK ||
	    str_format(req->act.arena, ret_day, "%04d-%02d-%02d", local.year, local.month,
	               local.day) != OK ||
	    str_format(req->act.arena, ret_time, "%02d:%02d", local.hour, local.minute) != OK)
		*ret_day = *ret_time = (struct str){ NULL, 0 };
}

/* What was typed. */
static void
form_from_request(const struct request *req, struct round_form *form)
{
	form->title = form_text(req, "title");
	form->intro = form_text(req, "intro");
	form->budget = form_text(req, "budget");
	form->most = form_text(req, "most");
	form->kind = form_text(req, "ballot_kind");
	form->points = form_text(req, "points");
	form->points_each = form_text(req, "points_each");
	form->threshold = form_text(req, "threshold");
	form->rule = form_text(req, "rule");
	form->utility = form_text(req, "utility");
	form->completion = form_text(req, "completion");
	form->increment = form_text(req, "increment");
	form->ties = form_text(req, "ties");
	form->opens_on = form_text(req, "opens_on");
	form->opens_time = form_text(req, "opens_time");
	form->closes_on = form_text(req, "closes_on");
	form->closes_time = form_text(req, "closes_time");
	form->who_may = form_text(req, "who_may");
	form->least_age = form_text(req, "least_age");
}

static void
form_from_draft(struct request *req, const struct round_draft *draft, struct round_form *form)
{
	form->title = draft->title;
	form->intro = draft->intro;
	form->budget = amount_text(req, draft->budget);
	form->most = number_text(req, draft->most);
	form->kind = draft->kind == BALLOT_CHOOSE_1 ? STR("approval")
	                                            : str_of(ballot_kind_name(draft->kind));
	form->points = number_text(req, draft->points);
	form->points_each = number_text(req, draft->points_each);
	form->threshold = number_text(req, draft->rule.threshold);
	form->rule = draft->rule.rule;
	form->utility = draft->rule.utility;
	form->completion = draft->rule.completion;
	form->increment = amount_text(req, draft->rule.increment);
	form->ties = draft->rule.ties;
	form->who_may = draft->residents ? STR("residents") : STR("members");
	form->least_age = number_text(req, draft->least_age);
	show_when(req, draft->opens_at, &form->opens_on, &form->opens_time);
	show_when(req, draft->closes_at, &form->closes_on, &form->closes_time);
}

/* A time of day some days from now. */
static struct instant
later(struct request *req, int64_t days, int hour)
{
	struct local_time local;
	struct instant t = time_plus(req->act.now, days * DAY_US);

	if (zone_to_local(req->act.place.zone, t, &local) == OK) {
		local.hour = hour;
		local.minute = 0;
		if (zone_from_local(req->act.place.zone, local, &t) != OK)
			t = time_plus(req->act.now, days * DAY_US);
	}
	return t;
}

/* What the place's own settings say a round is like. */
static enum status
form_from_settings(struct request *req, struct round_form *form)
{
	enum { FROM_HOUR = 9, UNTIL_HOUR = 20 };
	struct place_settings settings;
	struct round_draft draft;
	enum status st = act_place_settings(&req->act, &settings);

	if (st != OK)
		return st;
	draft = (struct round_draft){
		.most = settings.round.most, .residents = str_is(settings.round.who_may, "residents"),
		.points = settings.round.points, .points_each = settings.round.points_each,
		.rule = settings.round.rule,
		.least_age = settings.round.least_age, .opens_at = later(req, 1, FROM_HOUR),
		.closes_at = later(req, 1 + settings.round.days, UNTIL_HOUR) };
	if (ballot_kind_parse(settings.round.ballot_kind, &draft.kind) != OK)
		return FAILED;
	if (draft.kind == BALLOT_CHOOSE_1)
		draft.most = 1;
	if (draft.rule.increment.minor == 0) {
		draft.rule.increment.minor = 1;
		for (int i = decimals_of(req); i > 0; i--)
			draft.rule.increment.minor *= 10;
	}
	form_from_draft(req, &draft, form);
	return OK;
}

/* Can it still be changed? When not, the round itself is shown, with why and what to do. */
static bool
is_draft(struct request *req, struct round *ret)
{
	enum status st = act_round_show(&req->act, round_of(req), ret);

	if (st != OK)
		page_status(req, st);
	else if (round_may_change(ret->facts.state, &req->refusal) != OK)
		page_round_show(req);
	else
		return true;
	return false;
}

/* The radio buttons, and whether "More ways" stands open: where something other than the usual is
 * chosen there, or was refused. */
static enum status
add_choices(struct request *req, struct round_form *form)
{
	static const char *const below[] = { "ballot_kind", "points", "points_each", "utility",
		                             "completion", "increment", "ties", "threshold" };
	struct arena *arena = req->act.arena;
	struct choice_rows *const parts[] = { &form->more_rules, &form->kinds, &form->utilities,
		                              &form->completions, &form->all_ties };
	const struct { enum method_part part; const char *field; struct str chosen; } what[] = {
		{ METHOD_RULE, "rule", form->rule }, { METHOD_BALLOT, "ballot_kind", form->kind },
		{ METHOD_UTILITY, "utility", form->utility },
		{ METHOD_COMPLETION, "completion", form->completion },
		{ METHOD_TIES, "ties", form->ties } };
	enum status st = method_choices(arena, METHOD_RULE, true, "rule", form->rule, &form->rules);

	for (size_t i = 0; st == OK && i < sizeof what / sizeof *what; i++) {
		st = method_choices(arena, what[i].part, false, what[i].field, what[i].chosen, parts[i]);
		/* The first of the rules there is unusual, of the others only what follows it. */
		for (size_t c = i == 0 ? 0 : 1; st == OK && c < parts[i]->len; c++)
			form->more = form->more || parts[i]->ptr[c].chosen;
	}
	for (size_t i = 0; i < sizeof below / sizeof *below; i++)
		form->more = form->more || str_is(form->field, below[i]);
	return st;
}

static enum status
show_form(struct request *req, struct round_form *form)
{
	struct area_list areas;
	enum status st = act_place_areas(&req->act, &areas);

	if (st == OK)
		st = problem_of(req, &form->field, &form->problem, &form->errors);
	if (st == OK)
		st = add_choices(req, form);
	if (st != OK)
		return st;
	form->areas.ptr = ARENA_ARRAY(req->act.arena, areas.len, struct str);
	if (form->areas.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < areas.len; i++)
		form->areas.ptr[form->areas.len++] = areas.ptr[i].name;
	form->zone = req->act.place.zone;
	form->example = round_path(req, (struct round_id){ 0 }, "/how-we-count");
	html_round_edit(page_open(req, "decisions"), form);
	return OK;
}

void
page_round_new(struct request *req)
{
	struct round_form form = { .is_new = true,
		                   .action = round_path(req, (struct round_id){ 0 }, "/new"),
		                   .back = round_path(req, (struct round_id){ 0 }, "") };
	const struct round_id *added = req->result;
	enum status st = OK;

	if (req->route->method == METHOD_POST && req->refusal.status == OK) {
		page_go(req, "/decisions/%s/options", id_text(added->value).text);
		return;
	}
	if (req->route->method == METHOD_POST)
		form_from_request(req, &form);
	else
		st = form_from_settings(req, &form);
	if (st == OK)
		st = show_form(req, &form);
	if (st != OK)
		page_status(req, st);
}

void
page_round_edit(struct request *req)
{
	struct round_form form = { .action = round_path(req, round_of(req), "/edit"),
		                   .back = round_path(req, round_of(req), "") };
	struct round_draft draft;
	struct round round;
	enum status st;

	if (req->route->method == METHOD_POST && req->refusal.status == OK) {
		page_go(req, "/decisions/%s/options", id_text(req->id[0]).text);
		return;
	}
	if (!is_draft(req, &round))
		return;
	if (req->route->method == METHOD_POST) {
		form_from_request(req, &form);
	} else {
		draft = round_draft_of(&round);
		form_from_draft(req, &draft, &form);
	}
	st = show_form(req, &form);
	if (st != OK)
		page_status(req, st);
}

/* ---- which ideas ---- */

static bool
has_value(const struct form_value *values, struct str value)
{
	for (size_t i = 0; i < values->many_len; i++)
		if (str_eq(values->many[i], value))
			return true;
	return false;
}

/* The form sends every idea with its cost, in the same order, and the ticked ones once more. */
static enum status
read_picks(struct act *act, const struct request *req, struct round_pick **ret, size_t *ret_len,
           struct refusal *why)
{
	const struct form_value *ideas = form_value(req, "idea"), *costs = form_value(req, "cost");
	const struct form_value *taken = form_value(req, "take");

	*ret = ARENA_ARRAY(act->arena, ideas->many_len, struct round_pick);
	*ret_len = 0;
	if (*ret == NULL)
		return NO_MEMORY;
	if (ideas->many_len != costs->many_len)
		return refuse(why, "cost", MSG("Give the cost of every idea in the list, also of those "
		                               "that you don't tick."));
	for (size_t i = 0; i < ideas->many_len; i++) {
		struct round_pick *pick = &(*ret)[*ret_len];

		if (!has_value(taken, ideas->many[i]))
			continue;
		if (id_parse(ideas->many[i], &pick->idea.value) != OK)
			return INVALID;
		if (amount_parse(costs->many[i], decimals_of(req), &pick->cost) != OK)
			return refuse_with(why, "cost", MSG("“{typed}” is no amount. Write it in digits."),
			                   message_text("typed", costs->many[i]));
		(*ret_len)++;
	}
	return OK;
}

enum status
deed_round_choose(struct act *act, struct request *req, struct refusal *why)
{
	struct round_pick *picks;
	size_t len;
	enum status st = read_picks(act, req, &picks, &len, why);

	return st == OK ? act_round_choose(act, round_of(req), picks, len, why) : st;
}

/* What was ticked and typed, after a refusal. */
static void
keep_typed(const struct request *req, struct candidate_row *row)
{
	const struct form_value *ideas = form_value(req, "idea"), *costs = form_value(req, "cost");

	row->taken = has_value(form_value(req, "take"), row->id);
	for (size_t i = 0; ideas->many_len == costs->many_len && i < ideas->many_len; i++)
		if (str_eq(ideas->many[i], row->id))
			row->cost = costs->many[i];
}

static enum status
choose_load(struct request *req, const struct round *round, struct choose_page *view)
{
	struct round_candidate_list list;
	enum status st = act_round_candidates(&req->act, round->id, &list);

	if (st != OK)
		return st;
	view->title = round->title;
	view->budget = round->facts.budget;
	view->path = round_path(req, round->id, "");
	view->action = round_path(req, round->id, "/options");
	view->candidates.ptr = ARENA_ARRAY(req->act.arena, list.len, struct candidate_row);
	if (view->candidates.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < list.len; i++) {
		const struct round_candidate *c = &list.ptr[i];
		struct candidate_row *row = &view->candidates.ptr[view->candidates.len++];

		*row = (struct candidate_row){ .title = c->title, .author = c->author,
			                       .taken = c->taken };
		row->cost = c->cost.minor == 0 ? STR("0") : amount_text(req, c->cost);
		st = str_copy(req->act.arena, str_of(id_text(c->idea.value).text), &row->id);
		if (st == OK)
			st = str_format(req->act.arena, &row->path, "/%.*s/ideas/%.*s",
			                STR_ARG(req->act.place.slug), STR_ARG(row->id));
		if (st == OK && req->route->method == METHOD_POST)
			keep_typed(req, row);
	}
	if (st == OK)
		st = str_format(req->act.arena, &view->ideas, "/%.*s/ideas",
		                STR_ARG(req->act.place.slug));
	return st == OK ? problem_of(req, &view->field, &view->problem, &view->errors) : st;
}

void
page_round_choose(struct request *req)
{
	struct choose_page view = { .field = { NULL, 0 } };
	struct round round;
	enum status st;

	if (req->route->method == METHOD_POST && req->refusal.status == OK) {
		page_go(req, "/decisions/%s/preview", id_text(req->id[0]).text);
		return;
	}
	if (!is_draft(req, &round))
		return;
	st = choose_load(req, &round, &view);
	if (st != OK)
		page_status(req, st);
	else
		html_round_choose(page_open(req, "decisions"), &view);
}
