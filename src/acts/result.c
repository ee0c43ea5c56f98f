#include "acts/result.h"

#include <jansson.h>

#include "store/import.sql.h"

static enum outcome_why
why_parse(struct str name)
{
	for (int why = OUTCOME_WON; why <= OUTCOME_WITHDRAWN; why++)
		if (str_is(name, outcome_why_name((enum outcome_why)why)))
			return (enum outcome_why)why;
	return OUTCOME_NOBODY;
}

static enum status
official_options(struct act *act, struct result *ret)
{
	struct outcome_options_rows rows;
	enum status st = outcome_options(act->db, act->arena, act->place.id, ret->round.id,
	                                 ret->official.id, &rows);

	if (st != OK)
		return st;
	ret->options = ARENA_ARRAY(act->arena, rows.len, struct result_option);
	if (ret->options == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++) {
		const struct outcome_options_row *row = &rows.ptr[i];

		ret->options[i] = (struct result_option){
			.number = row->number, .label = row->label, .title = row->title,
			.cost = row->cost, .votes = row->votes, .place_won = row->place_won,
			.why = why_parse(row->why), .has_could_pay = row->has_could_pay,
			.has_room = row->has_room, .could_pay = row->could_pay, .room = row->room,
			.withdrawn_reason = row->withdrawn_reason, .idea = row->idea_id,
			.project = row->project };
		ret->option_winners += row->has_place_won;
	}
	ret->options_len = rows.len;
	return OK;
}

/* An import whose ballots are not counted here: its options as they stand in the file. */
static enum status
plain_options(struct act *act, struct result *ret)
{
	struct count_options_rows rows;
	enum status st = count_options(act->db, act->arena, act->place.id, ret->round.id, &rows);

	if (st != OK)
		return st;
	ret->options = ARENA_ARRAY(act->arena, rows.len, struct result_option);
	if (ret->options == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++)
		ret->options[i] = (struct result_option){ .number = rows.ptr[i].number,
		                                          .label = rows.ptr[i].label,
		                                          .title = rows.ptr[i].title,
		                                          .cost = rows.ptr[i].cost,
		                                          .why = OUTCOME_NOBODY };
	ret->options_len = rows.len;
	return OK;
}

/* Marks what the other way of counting chose. Both lists hold every number 1..n once. */
static enum status
other_options(struct act *act, struct result *ret)
{
	struct outcome_winners_rows rows;
	enum status st = outcome_winners(act->db, act->arena, act->place.id, ret->round.id,
	                                 ret->other.id, &rows);

	for (size_t i = 0; st == OK && i < ret->options_len; i++) {
		int64_t number = ret->options[i].number;

		if (number < 1 || (size_t)number > rows.len)
			return FAILED;
		ret->options[i].other_won = rows.ptr[number - 1].has_place_won;
		ret->options[i].other_place = rows.ptr[number - 1].place_won;
	}
	return st;
}

static enum status
text_of(struct act *act, const json_t *string, struct str *ret)
{
	return str_copy(act->arena,
	                (struct str){ json_string_value(string), json_string_length(string) }, ret);
}

/* What the imported file says of itself: its rule, and whom it names as winners. */
static enum status
import_marks(struct act *act, struct result *ret)
{
	struct import_claims_row row;
	json_t *meta = NULL, *selected = NULL, *pair, *label;
	size_t i;
	enum status st = import_claims(act->db, act->arena, act->place.id, ret->round.id, &row);

	if (st != OK)
		return st;
	ret->imported = true;
	meta = json_loadb(row.meta.ptr, row.meta.len, 0, NULL);
	selected = json_loadb(row.selected.ptr, row.selected.len, JSON_DECODE_ANY, NULL);
	json_array_foreach(meta, i, pair) {
		const char *key = json_string_value(json_array_get(pair, 0));

		if (st == OK && key != NULL && str_is(STR("rule"), key))
			st = text_of(act, json_array_get(pair, 1), &ret->file_rule);
	}
	ret->file_names_winners = json_is_array(selected);
	json_array_foreach(selected, i, label) {
		struct str name = { json_string_value(label), json_string_length(label) };

		for (size_t k = 0; k < ret->options_len; k++)
			if (str_eq(ret->options[k].label, name))
				ret->options[k].file_selected = true;
	}
	json_decref(meta);
	json_decref(selected);
	return st;
}

enum status
act_result_show(struct act *act, struct round_id round, struct result *ret)
{
	struct outcome_list_rows outcomes = { 0 };
	enum status st = act_require(act, RIGHT_READ);

	*ret = (struct result){ 0 };
	if (st == OK)
		st = count_round(act->db, act->arena, act->place.id, round, &ret->round);
	if (st == OK && !str_is(ret->round.state, "counted"))
		st = NOT_FOUND;
	if (st == OK)
		st = outcome_list(act->db, act->arena, act->place.id, round, &outcomes);
	if (st != OK)
		return st;
	ret->counted = outcomes.len > 0;
	if (outcomes.len > 0)
		ret->official = outcomes.ptr[0];
	if (outcomes.len > 1)
		ret->other = outcomes.ptr[1];
	st = ret->counted ? official_options(act, ret) : plain_options(act, ret);
	if (st == OK && ret->other.id.value != 0)
		st = other_options(act, ret);
	if (st == OK && act->place.imported)
		st = import_marks(act, ret);
	return st;
}

enum status
act_outcome_show(struct act *act, struct round_id round, struct outcome_id id,
                 struct outcome *ret)
{
	struct outcome_detail_row row;
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = outcome_detail(act->db, act->arena, act->place.id, round, id, &row);
	if (st == OK)
		st = outcome_read(act->arena, row.detail, ret);
	return st;
}
