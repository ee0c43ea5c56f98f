#include "acts/round_rules.h"

#include "base/json.h"

enum { RULES_MAX = 4 * 1024 * 1024 };

/* Sets name, and leaves what can't be made to the one check at the end: json_object_set_new
 * refuses NULL. */
static void
set(json_t *object, const char *name, json_t *value, bool *ret_failed)
{
	if (json_object_set_new(object, name, value) != 0)
		*ret_failed = true;
}

static json_t *
text(struct str s)
{
	return json_stringn(s.len == 0 ? "" : s.ptr, s.len);
}

static json_t *
id(int64_t value)
{
	return json_string(id_text(value).text);
}

static json_t *
options(const struct round_option_list *list, bool *ret_failed)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->len; i++) {
		const struct round_option *o = &list->ptr[i];
		json_t *option = json_object();

		set(option, "number", json_integer(o->number), ret_failed);
		set(option, "id", id(o->id.value), ret_failed);
		if (o->idea.value != 0)
			set(option, "idea", id(o->idea.value), ret_failed);
		set(option, "title", text(o->title), ret_failed);
		set(option, "summary", text(o->summary), ret_failed);
		set(option, "cost", json_integer(o->cost.minor), ret_failed);
		if (json_array_append_new(array, option) != 0)
			*ret_failed = true;
	}
	return array;
}

static json_t *
who_may(const struct round *round, const struct area_list *areas, bool *ret_failed)
{
	json_t *who = json_object();

	set(who, "who", json_string(round->residents ? "residents" : "members"), ret_failed);
	if (round->least_age > 0)
		set(who, "least_age", json_integer(round->least_age), ret_failed);
	if (round->residents) {
		json_t *names = json_array();

		for (size_t i = 0; i < areas->len; i++)
			if (json_array_append_new(names, text(areas->ptr[i].name)) != 0)
				*ret_failed = true;
		set(who, "areas", names, ret_failed);
	}
	return who;
}

static json_t *
rule(const struct round *round, struct digest seed_hash, bool *ret_failed)
{
	json_t *rule = json_object();

	set(rule, "name", text(round->rule.rule), ret_failed);
	set(rule, "utility", text(round->rule.utility), ret_failed);
	set(rule, "completion", text(round->rule.completion), ret_failed);
	if (round->rule.increment.minor > 0)
		set(rule, "increment", json_integer(round->rule.increment.minor), ret_failed);
	if (round->rule.threshold > 0)
		set(rule, "threshold", json_integer(round->rule.threshold), ret_failed);
	set(rule, "ties", text(round->rule.ties), ret_failed);
	set(rule, "lot_seed_sha256", json_string(digest_text(seed_hash).text), ret_failed);
	return rule;
}

static json_t *
rules(const struct act *act, const struct round *round, const struct area_list *areas,
      struct digest seed_hash, bool *ret_failed)
{
	json_t *file = json_object(), *ballot = json_object();

	set(ballot, "kind", json_string(ballot_kind_name(round->kind)), ret_failed);
	if (round->most > 0)
		set(ballot, "most", json_integer(round->most), ret_failed);
	if (round->points > 0)
		set(ballot, "points", json_integer(round->points), ret_failed);
	if (round->points_each > 0)
		set(ballot, "points_each", json_integer(round->points_each), ret_failed);
	set(file, "format", json_string("folkmoot round 1"), ret_failed);
	set(file, "place", id(act->place.id.value), ret_failed);
	set(file, "round", id(round->id.value), ret_failed);
	if (round->replaces.value != 0)
		set(file, "replaces", id(round->replaces.value), ret_failed);
	set(file, "title", text(round->title), ret_failed);
	set(file, "intro", text(round->intro), ret_failed);
	set(file, "currency", text(act->place.currency), ret_failed);
	set(file, "budget", json_integer(round->facts.budget.minor), ret_failed);
	set(file, "opens", json_string(time_text(round->facts.opens_at).text), ret_failed);
	set(file, "closes", json_string(time_text(round->facts.closes_at).text), ret_failed);
	set(file, "ballot", ballot, ret_failed);
	set(file, "rule", rule(round, seed_hash, ret_failed), ret_failed);
	set(file, "eligible", who_may(round, areas, ret_failed), ret_failed);
	set(file, "options", options(&round->options, ret_failed), ret_failed);
	return file;
}

enum status
round_rules_write(struct act *act, const struct round *round, struct digest seed_hash,
                  struct str *ret)
{
	struct area_list areas;
	struct buf out;
	bool failed = false;
	json_t *file;
	enum status st = act_place_areas(act, &areas);

	if (st != OK)
		return st;
	buf_init(&out, RULES_MAX);
	file = rules(act, round, &areas, seed_hash, &failed);
	st = failed ? NO_MEMORY : json_write(&out, file);
	if (st == OK)
		st = str_copy(act->arena, buf_str(&out), ret);
	json_decref(file);
	buf_release(&out);
	return st;
}
