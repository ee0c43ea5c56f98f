/* Outcomes as canonical JSON (RFC 8785) and back. Amounts are strings, as a thousandth of a
 * minor unit may go beyond the numbers that JSON carries exactly. */
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "core/decide/outcome.h"

enum { JSON_BYTES_MAX = 64 * 1024 * 1024 };

static json_t *
money(int64_t amount)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)amount);
	return json_string(text);
}

static json_t *
money_array(const int64_t *amounts, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, money(amounts[i]));
	return array;
}

static json_t *
text(struct str s)
{
	return json_stringn(s.len == 0 ? "" : s.ptr, s.len);
}

static void
set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static json_t *
method_json(const struct method *m)
{
	json_t *o = json_object();
	struct digest seed;

	memcpy(seed.bytes, m->seed, sizeof seed.bytes);
	set(o, "completion", json_string(decide_completion_name(m->completion)));
	set(o, "increment", money(m->increment));
	set(o, "rule", json_string(decide_rule_name(m->rule)));
	set(o, "seed", json_string(digest_text(seed).text));
	set(o, "ties", json_string(decide_ties_name(m->ties)));
	set(o, "utility", json_string(decide_utility_name(m->utility)));
	return o;
}

static json_t *
option_json(const struct outcome_option *option)
{
	json_t *o = json_object();

	set(o, "could_pay", money(option->could_pay));
	if (option->highest_cost != OUTCOME_NOT_ASKED) {
		set(o, "highest_cost", money(option->highest_cost));
		set(o, "more_ballots", money(option->more_ballots));
	}
	if (option->group >= 0)
		set(o, "group", json_integer(option->group));
	if (option->other >= 0)
		set(o, "other", json_integer(option->other));
	set(o, "left", money(option->left));
	set(o, "place", json_integer(option->place));
	set(o, "why", json_string(outcome_why_name(option->why)));
	return o;
}

static json_t *
step_json(const struct outcome_step *step)
{
	json_t *o = json_object();

	set(o, "by", json_string(outcome_by_name(step->by)));
	set(o, "left", money(step->left));
	set(o, "option", json_integer(step->option));
	set(o, "tied", json_integer(step->tied));
	if (step->by == OUTCOME_BY_LOAD)
		set(o, "rho", text(step->rho));
	if (step->by != OUTCOME_BY_SHARES)
		return o;
	set(o, "all_in", json_integer(step->all_in));
	set(o, "effective_votes_milli", money(step->effective_votes_milli));
	set(o, "paid_milli", money_array(step->paid_milli, OUTCOME_DECILES));
	set(o, "payers", json_integer(step->payers));
	set(o, "price_milli", money(step->price_milli));
	set(o, "rho", text(step->rho));
	return o;
}

static json_t *
groups_json(const struct outcome *outcome)
{
	json_t *groups = json_array();

	for (size_t g = 0; g < outcome->group_count; g++) {
		const struct outcome_group *group = &outcome->groups[g];
		json_t *o = json_object();

		set(o, "cost", money(group->cost));
		set(o, "name", text(group->name));
		set(o, "reached", json_boolean(group->reached));
		set(o, "winners", json_integer(group->winners));
		json_array_append_new(groups, o);
	}
	return groups;
}

json_t *
outcome_to_json(const struct outcome *outcome)
{
	json_t *o = json_object(), *options = json_array(), *steps = json_array();

	for (size_t i = 0; i < outcome->option_count; i++)
		json_array_append_new(options, option_json(&outcome->options[i]));
	for (size_t i = 0; i < outcome->step_count; i++)
		json_array_append_new(steps, step_json(&outcome->steps[i]));
	set(o, "budget", money(outcome->budget));
	set(o, "decimals", json_integer(outcome->decimals));
	if (outcome->group_count > 0)
		set(o, "groups", groups_json(outcome));
	set(o, "increments", money(outcome->increments));
	set(o, "method", method_json(&outcome->method));
	set(o, "next_cost", money(outcome->next_cost));
	set(o, "options", options);
	if (outcome->method.completion == DECIDE_COMPARISON) {
		set(o, "prefer_greedy", json_integer(outcome->prefer_greedy));
		set(o, "prefer_shares", json_integer(outcome->prefer_shares));
	}
	set(o, "represented", json_integer(outcome->represented));
	set(o, "share", text(outcome->share));
	set(o, "share_milli", money(outcome->share_milli));
	set(o, "spent_milli", money_array(outcome->spent_milli, OUTCOME_DECILES));
	set(o, "steps", steps);
	set(o, "stop", json_string(outcome_stop_name(outcome->stop)));
	set(o, "total_cost", money(outcome->total_cost));
	set(o, "voters", json_integer(outcome->voters));
	set(o, "winners_held", money_array(outcome->winners_held, outcome->winners_held_count));
	return o;
}

void
outcome_write(struct buf *out, const struct outcome *outcome)
{
	json_t *o = outcome_to_json(outcome);

	if (json_write(out, o) != OK)
		out->failed = true;
	json_decref(o);
}

/* Reading: failure is sticky, so that each field is one line. */
struct reading {
	struct arena *arena;
	enum status st;
};

static struct str
get_text(struct reading *r, const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	struct str s = { NULL, 0 };
	enum status st = INVALID;

	if (json_is_string(value))
		st = str_copy(r->arena, (struct str){ json_string_value(value),
		                                      json_string_length(value) }, &s);
	if (st != OK)
		r->st = st;
	return s;
}

static int64_t
to_money(struct reading *r, const json_t *value)
{
	int64_t amount = 0;

	if (!json_is_string(value) ||
	    str_to_int(str_of(json_string_value(value)), &amount) != OK)
		r->st = INVALID;
	return amount;
}

static int64_t
get_money(struct reading *r, const json_t *object, const char *key)
{
	return to_money(r, json_object_get(object, key));
}

static int64_t
get_count(struct reading *r, const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		r->st = INVALID;
	return json_integer_value(value);
}

/* Which of the names 0 … count - 1 it is. */
static int
get_name(struct reading *r, const json_t *object, const char *key, int count,
         const char *(*name)(int))
{
	const char *value = json_string_value(json_object_get(object, key));

	for (int i = 0; value != NULL && i < count; i++)
		if (strcmp(value, name(i)) == 0)
			return i;
	r->st = INVALID;
	return 0;
}

static const char *
why_name(int i)
{
	return outcome_why_name((enum outcome_why)i);
}

static const char *
by_name(int i)
{
	return outcome_by_name((enum outcome_by)i);
}

static const char *
stop_name(int i)
{
	return outcome_stop_name((enum outcome_stop)i);
}

static void
get_deciles(struct reading *r, const json_t *object, const char *key,
            int64_t ret[OUTCOME_DECILES])
{
	const json_t *array = json_object_get(object, key);

	if (json_array_size(array) != OUTCOME_DECILES)
		r->st = INVALID;
	for (size_t i = 0; i < OUTCOME_DECILES; i++)
		ret[i] = to_money(r, json_array_get(array, i));
}

static void
get_method(struct reading *r, const json_t *o, struct method *ret)
{
	struct digest seed;

	if (decide_rule_parse(get_text(r, o, "rule"), &ret->rule) != OK ||
	    decide_utility_parse(get_text(r, o, "utility"), &ret->utility) != OK ||
	    decide_completion_parse(get_text(r, o, "completion"), &ret->completion) != OK ||
	    decide_ties_parse(get_text(r, o, "ties"), &ret->ties) != OK ||
	    digest_parse(get_text(r, o, "seed"), &seed) != OK) {
		r->st = r->st == NO_MEMORY ? NO_MEMORY : INVALID;
		return;
	}
	memcpy(ret->seed, seed.bytes, sizeof ret->seed);
	ret->increment = get_money(r, o, "increment");
}

/* What a limit is about: one of so many, or -1 where it is not there. */
static int32_t
get_cause(struct reading *r, const json_t *o, const char *key, size_t count)
{
	int64_t n = -1;

	if (json_object_get(o, key) == NULL)
		return -1;
	n = get_count(r, o, key);
	if (n >= (int64_t)count)
		r->st = INVALID;
	return (int32_t)n;
}

static void
get_option(struct reading *r, const json_t *o, const struct outcome *of,
           struct outcome_option *ret)
{
	ret->could_pay = get_money(r, o, "could_pay");
	ret->left = get_money(r, o, "left");
	ret->highest_cost = ret->more_ballots = OUTCOME_NOT_ASKED;
	if (json_object_get(o, "highest_cost") != NULL) {
		ret->highest_cost = get_money(r, o, "highest_cost");
		ret->more_ballots = get_money(r, o, "more_ballots");
	}
	ret->group = get_cause(r, o, "group", of->group_count);
	ret->other = get_cause(r, o, "other", of->option_count);
	ret->place = (uint32_t)get_count(r, o, "place");
	ret->why = (enum outcome_why)get_name(r, o, "why", OUTCOME_HELD_BACK + 1, why_name);
}

static void
get_step(struct reading *r, const json_t *o, size_t options, struct outcome_step *ret)
{
	int64_t option = get_count(r, o, "option");

	if (option >= (int64_t)options)
		r->st = INVALID;
	ret->option = (uint32_t)option;
	ret->by = (enum outcome_by)get_name(r, o, "by", OUTCOME_BY_LOAD + 1, by_name);
	ret->left = get_money(r, o, "left");
	ret->tied = get_count(r, o, "tied");
	if (ret->by == OUTCOME_BY_LOAD)
		ret->rho = get_text(r, o, "rho");
	if (ret->by != OUTCOME_BY_SHARES)
		return;
	ret->all_in = get_count(r, o, "all_in");
	ret->effective_votes_milli = get_money(r, o, "effective_votes_milli");
	get_deciles(r, o, "paid_milli", ret->paid_milli);
	ret->payers = get_count(r, o, "payers");
	ret->price_milli = get_money(r, o, "price_milli");
	ret->rho = get_text(r, o, "rho");
}

/* Only outcomes under limits have groups. */
static void
get_groups(struct reading *r, const json_t *o, struct outcome *ret)
{
	const json_t *groups = json_object_get(o, "groups");

	ret->group_count = json_array_size(groups);
	ret->groups = ARENA_ARRAY(r->arena, ret->group_count, struct outcome_group);
	if (ret->groups == NULL) {
		r->st = NO_MEMORY;
		return;
	}
	for (size_t g = 0; g < ret->group_count; g++) {
		const json_t *group = json_array_get(groups, g);

		ret->groups[g] = (struct outcome_group){
			.name = get_text(r, group, "name"), .cost = get_money(r, group, "cost"),
			.winners = get_count(r, group, "winners"),
			.reached = json_is_true(json_object_get(group, "reached")) };
		if (!json_is_boolean(json_object_get(group, "reached")))
			r->st = INVALID;
	}
}

/* The arrays; their sizes are bounded by the text they came in. */
static void
get_arrays(struct reading *r, const json_t *o, struct outcome *ret)
{
	const json_t *options = json_object_get(o, "options"), *steps = json_object_get(o, "steps");
	const json_t *held = json_object_get(o, "winners_held");

	ret->option_count = json_array_size(options);
	ret->step_count = json_array_size(steps);
	ret->winners_held_count = json_array_size(held);
	ret->options = ARENA_ARRAY(r->arena, ret->option_count, struct outcome_option);
	ret->steps = ARENA_ARRAY(r->arena, ret->step_count, struct outcome_step);
	ret->winners_held = ARENA_ARRAY(r->arena, ret->winners_held_count, int64_t);
	if (ret->options == NULL || ret->steps == NULL || ret->winners_held == NULL) {
		r->st = NO_MEMORY;
		return;
	}
	if (!json_is_array(options) || !json_is_array(steps) || ret->winners_held_count == 0)
		r->st = INVALID;
	for (size_t i = 0; i < ret->option_count; i++)
		get_option(r, json_array_get(options, i), ret, &ret->options[i]);
	for (size_t i = 0; i < ret->step_count; i++)
		get_step(r, json_array_get(steps, i), ret->option_count, &ret->steps[i]);
	for (size_t i = 0; i < ret->winners_held_count; i++)
		ret->winners_held[i] = to_money(r, json_array_get(held, i));
}

enum status
outcome_read(struct arena *arena, struct str json, struct outcome *ret)
{
	struct reading r = { arena, OK };
	json_t *o;
	enum status st = json_read(json, JSON_BYTES_MAX, &o);

	if (st != OK)
		return st;
	*ret = (struct outcome){ 0 };
	get_method(&r, json_object_get(o, "method"), &ret->method);
	ret->budget = get_money(&r, o, "budget");
	ret->decimals = (int)get_count(&r, o, "decimals");
	ret->increments = get_money(&r, o, "increments");
	ret->next_cost = get_money(&r, o, "next_cost");
	if (ret->method.completion == DECIDE_COMPARISON) {
		ret->prefer_greedy = get_count(&r, o, "prefer_greedy");
		ret->prefer_shares = get_count(&r, o, "prefer_shares");
	}
	ret->represented = get_count(&r, o, "represented");
	ret->share = get_text(&r, o, "share");
	ret->share_milli = get_money(&r, o, "share_milli");
	get_deciles(&r, o, "spent_milli", ret->spent_milli);
	ret->stop = (enum outcome_stop)get_name(&r, o, "stop", OUTCOME_STOP_ALL + 1, stop_name);
	ret->total_cost = get_money(&r, o, "total_cost");
	ret->voters = get_count(&r, o, "voters");
	get_groups(&r, o, ret);
	if (r.st != NO_MEMORY)
		get_arrays(&r, o, ret);
	json_decref(o);
	return r.st;
}
