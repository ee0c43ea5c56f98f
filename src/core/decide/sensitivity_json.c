#include "core/decide/sensitivity.h"

static void
set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static json_t *
options_json(const uint32_t *options, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_integer(options[i]));
	return array;
}

static void
set_change(json_t *o, const struct sensitivity_change *change)
{
	set(o, "in", options_json(change->in, change->in_count));
	set(o, "out", options_json(change->out, change->out_count));
}

static json_t *
rule_json(const struct sensitivity_rule *rule)
{
	json_t *o = json_object();

	set(o, "by_sets", json_boolean(rule->by_sets));
	set(o, "completion", json_string(decide_completion_name(rule->method.completion)));
	set(o, "counted", json_boolean(rule->counted));
	set(o, "rule", json_string(decide_rule_name(rule->method.rule)));
	set(o, "same", rule->counted ? json_boolean(rule->change.in_count == 0 &&
	                                            rule->change.out_count == 0) : json_null());
	set(o, "utility", json_string(decide_utility_name(rule->method.utility)));
	set_change(o, &rule->change);
	return o;
}

static json_t *
tries_json(const struct sensitivity_tries *tries)
{
	json_t *o = json_object();

	set(o, "changed", json_integer(tries->changed));
	set(o, "of", json_integer(tries->of));
	set(o, "tried", json_integer(tries->tried));
	set_change(o, &tries->change);
	return o;
}

json_t *
sensitivity_json(const struct sensitivity *sensitivity)
{
	json_t *o = json_object(), *rules = json_array();

	for (size_t i = 0; i < sensitivity->rule_count; i++)
		json_array_append_new(rules, rule_json(&sensitivity->rules[i]));
	set(o, "one_fewer", tries_json(&sensitivity->fewer));
	set(o, "one_more", tries_json(&sensitivity->more));
	set(o, "rules", rules);
	set(o, "safe_ballots", json_integer(sensitivity->safe_ballots));
	set(o, "tie_orders", tries_json(&sensitivity->orders));
	set(o, "tied_steps", json_integer(sensitivity->tied_steps));
	return o;
}
