#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "cli/count_inside.h"

static json_t *
json_amount(int64_t amount, int decimals)
{
	struct buf out;
	json_t *text;

	buf_init(&out, 64);
	amount_write(&out, (struct amount){ amount }, decimals);
	text = json_stringn(buf_str(&out).ptr, buf_str(&out).len);
	buf_release(&out);
	return text;
}

static void
set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

/* The one option that was asked about. */
static json_t *
explained_json(const struct counted *c)
{
	const struct election_option *option = &c->e.options[c->explained];
	const struct outcome_option *o = &c->outcome.options[c->explained];
	int decimals = c->e.decimals;
	json_t *j = json_object();

	set(j, "id", json_stringn(option->id.ptr, option->id.len));
	set(j, "why", json_string(outcome_why_name(o->why)));
	set(j, "cost", json_amount(option->cost, decimals));
	set(j, "votes", json_integer(option->votes));
	set(j, "could_pay", o->could_pay < 0 ? json_null() : json_amount(o->could_pay, decimals));
	set(j, "left", o->left < 0 ? json_null() : json_amount(o->left, decimals));
	if (o->place > 0) {
		set(j, "place", json_integer(o->place));
		return j;
	}
	set(j, "highest_cost", c->why.highest_cost < 0 ? json_null()
	                       : json_amount(c->why.highest_cost, decimals));
	set(j, "more_ballots", c->why.more_ballots < 0 ? json_null()
	                       : json_integer(c->why.more_ballots));
	return j;
}

static json_t *
json_id(const struct counted *c, size_t option)
{
	struct str id = c->e.options[option].id;

	return json_stringn(id.ptr, id.len);
}

static json_t *
json_text(struct str s)
{
	return json_stringn(s.ptr, s.len);
}

/* What limits have to do with it: each group's part, and whom a limit kept out. */
static void
set_limits_json(json_t *o, const struct counted *c)
{
	const struct outcome *out = &c->outcome;
	json_t *groups = json_array(), *kept_out = json_object();

	for (size_t g = 0; g < out->group_count; g++) {
		json_t *group = json_object();

		set(group, "name", json_text(out->groups[g].name));
		set(group, "winners", json_integer(out->groups[g].winners));
		set(group, "cost", json_amount(out->groups[g].cost, out->decimals));
		set(group, "reached", json_boolean(out->groups[g].reached));
		json_array_append_new(groups, group);
	}
	for (size_t i = 0; i < out->option_count; i++) {
		const struct outcome_option *option = &out->options[i];
		json_t *why = json_object();

		if (option->group < 0 && option->other < 0) {
			json_decref(why);
			continue;
		}
		set(why, "why", json_string(outcome_why_name(option->why)));
		if (option->group >= 0)
			set(why, "group", json_text(out->groups[option->group].name));
		if (option->other >= 0)
			set(why, "other", json_id(c, (size_t)option->other));
		json_object_setn_new(kept_out, c->e.options[i].id.ptr, c->e.options[i].id.len, why);
	}
	set(o, "groups", groups);
	set(o, "kept_out", kept_out);
}

/* What came of one part, into its object. */
static void
set_part_json(json_t *o, const struct counted *c)
{
	const struct outcome *out = &c->outcome;
	json_t *winners = json_array();

	for (size_t i = 0; i < out->step_count; i++)
		json_array_append_new(winners, json_id(c, out->steps[i].option));
	set(o, "voters", json_integer(out->voters));
	set(o, "options", json_integer((json_int_t)out->option_count));
	set(o, "budget", json_amount(out->budget, out->decimals));
	set(o, "winners", winners);
	set(o, "total_cost", json_amount(out->total_cost, out->decimals));
	set(o, "represented", json_integer(out->represented));
	set(o, "increments", json_integer(out->increments));
	if (out->method.completion == DECIDE_COMPARISON) {
		set(o, "prefer_greedy", json_integer(out->prefer_greedy));
		set(o, "prefer_shares", json_integer(out->prefer_shares));
	}
	set(o, "stop", json_string(outcome_stop_name(out->stop)));
	set(o, "detail", outcome_to_json(out));
	if (c->e.limits != NULL)
		set_limits_json(o, c);
	if (c->explained < c->e.option_count)
		set(o, "explained", explained_json(c));
	if (c->measures)
		set(o, "measures", measure_json(&c->measure));
	if (c->sensitivity)
		set(o, "sensitivity", sensitivity_json(&c->sensitive));
}

/* Pot by pot, and what they come to together. */
static void
set_pots_json(json_t *o, const struct counting *counting)
{
	json_t *pots = json_array(), *winners = json_array();
	int64_t cost = 0;

	for (size_t i = 0; i < counting->part_count; i++) {
		const struct counted *c = &counting->parts[i];
		json_t *pot = json_object(), *projects = json_array();

		set_part_json(pot, c);
		for (size_t k = 0; k < c->e.option_count; k++)
			json_array_append_new(projects, json_id(c, k));
		set(pot, "name", json_text(c->pot->name));
		set(pot, "projects", projects);
		set(pot, "not_entitled", json_integer(c->part.not_entitled));
		json_array_extend(winners, json_object_get(pot, "winners"));
		cost += c->outcome.total_cost;
		json_array_append_new(pots, pot);
	}
	set(o, "voters", json_integer((json_int_t)counting->pb.votes.row_count));
	set(o, "options", json_integer((json_int_t)counting->pb.projects.row_count));
	set(o, "budget", json_amount(counting->pb.budget, counting->pb.decimals));
	set(o, "winners", winners);
	set(o, "total_cost", json_amount(cost, counting->parts[0].e.decimals));
	set(o, "pots", pots);
}

bool
cli_count_json(const struct counting *counting)
{
	const struct counted *first = &counting->parts[0];
	const struct method *m = &first->outcome.method;
	json_t *o = json_object();
	struct digest seed;
	struct buf text;
	bool ok;

	memcpy(seed.bytes, m->seed, sizeof seed.bytes);
	set(o, "rule", json_string(decide_rule_name(m->rule)));
	set(o, "utility", json_string(decide_utility_name(m->utility)));
	set(o, "completion", json_string(decide_completion_name(m->completion)));
	set(o, "ties", json_string(decide_ties_name(m->ties)));
	set(o, "seed", json_string(digest_text(seed).text));
	set(o, "increment", json_amount(m->increment, first->e.decimals));
	set(o, "ballots", json_string(pabulib_kind_name(counting->pb.kind)));
	set(o, "input_sha256", json_string(digest_text(digest_of(counting->text)).text));
	if (counting->limits_text.ptr != NULL)
		set(o, "limits_sha256", json_string(digest_text(digest_of(counting->limits_text)).text));
	if (counting->over_sum_cost >= 0)
		set(o, "over_max_sum_cost", json_integer(counting->over_sum_cost));
	if (first->pot == NULL)
		set_part_json(o, first);
	else
		set_pots_json(o, counting);
	buf_init(&text, COUNT_TEXT_MAX);
	ok = json_write(&text, o) == OK;
	if (ok)
		printf("%.*s\n", STR_ARG(buf_str(&text)));
	buf_release(&text);
	json_decref(o);
	return ok;
}
