#include <stdio.h>

#include "core/decide/measure.h"

static json_t *
money(int64_t amount)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)amount);
	return json_string(text);
}

static void
set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static json_t *
ejr_json(const struct measure_ejr *ejr)
{
	json_t *o = json_object();

	set(o, "failing", json_integer(ejr->failing));
	set(o, "holds", json_boolean(ejr->holds));
	if (ejr->holds)
		return o;
	set(o, "deserves", money(ejr->deserves));
	set(o, "group", json_integer(ejr->group));
	set(o, "has", money(ejr->has));
	set(o, "option", json_integer(ejr->option));
	return o;
}

json_t *
measure_json(const struct measure *measure)
{
	json_t *o = json_object(), *held = json_array();

	for (size_t i = 0; i < measure->winners_held_count; i++)
		json_array_append_new(held, money(measure->winners_held[i]));
	set(o, "ejr_plus_up_to_any", ejr_json(&measure->ejr));
	set(o, "gini_millionths", json_integer(measure->gini_millionths));
	set(o, "represented", json_integer(measure->represented));
	set(o, "voters", json_integer(measure->voters));
	set(o, "winners_held", held);
	return o;
}

json_t *
measure_ballots_json(const struct election *e, const struct measure_ballot *ballots)
{
	json_t *array = json_array();

	for (size_t b = 0; b < e->ballot_count; b++) {
		json_t *o = json_object(), *choices = json_array(), *points = json_array();

		for (size_t i = e->start[b]; i < e->start[b + 1]; i++) {
			json_array_append_new(choices, json_integer(e->choice[i]));
			if (e->points != NULL)
				json_array_append_new(points, json_integer(e->points[i]));
		}
		set(o, "choices", choices);
		set(o, "cost", money(ballots[b].cost));
		if (e->points != NULL)
			set(o, "points", points);
		else
			json_decref(points);
		set(o, "spent_milli", money(ballots[b].spent_milli));
		set(o, "voters", json_integer(ballots[b].voters));
		set(o, "won", json_integer(ballots[b].won));
		json_array_append_new(array, o);
	}
	return array;
}
