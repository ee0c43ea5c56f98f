#include "acts/result.h"

#include <stdlib.h>

#include "store/import.sql.h"

static enum outcome_why
why_parse(struct str name)
{
	for (int why = OUTCOME_WON; why <= OUTCOME_TOO_DEAR; why++)
		if (str_is(name, outcome_why_name((enum outcome_why)why)))
			return (enum outcome_why)why;
	return OUTCOME_NOBODY;
}

/* The round's options by number. The four lists of a result are read one by one and put together
 * here: a join would look each option up again for each of them. */
static enum status
load_options(struct act *act, struct result *ret)
{
	struct count_options_rows rows;
	enum status st = count_options(act->db, act->arena, act->place.id, ret->round.id, &rows);

	if (st != OK)
		return st;
	ret->options = ARENA_ARRAY(act->arena, rows.len, struct result_option);
	if (ret->options == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < rows.len; i++) {
		const struct count_options_row *row = &rows.ptr[i];

		if (row->number != (int64_t)i + 1)
			return FAILED;
		ret->options[i] = (struct result_option){
			.number = row->number, .label = row->label, .title = row->title,
			.cost = row->cost, .why = OUTCOME_NOBODY, .idea = row->idea_id,
			.withdrawn_reason = row->withdrawn_reason, .file_selected = row->selected };
	}
	ret->options_len = rows.len;
	return OK;
}

/* The option of a number that another list names; NULL: there is none, the database is not ours. */
static struct result_option *
option_of(struct result *result, int64_t number)
{
	return number < 1 || (size_t)number > result->options_len ? NULL
	                                                          : &result->options[number - 1];
}

static enum status
official_options(struct act *act, struct result *ret)
{
	struct outcome_options_rows rows;
	bool from_shares = false, from_votes = false;
	enum status st = outcome_options(act->db, act->arena, act->place.id, ret->round.id,
	                                 ret->official.id, &rows);

	for (size_t i = 0; st == OK && i < rows.len; i++) {
		const struct outcome_options_row *row = &rows.ptr[i];
		struct result_option *o = option_of(ret, row->number);

		if (o == NULL)
			return FAILED;
		o->votes = row->votes;
		o->points = row->points;
		o->place_won = row->place_won;
		o->why = why_parse(row->why);
		o->has_could_pay = row->has_could_pay;
		o->could_pay = row->could_pay;
		o->has_room = row->has_room;
		o->room = row->room;
		ret->option_winners += row->has_place_won;
		/* Of what costs something only what was bought from shares could be paid by its supporters. */
		from_shares = from_shares || (row->has_place_won && row->has_could_pay);
		from_votes = from_votes || (row->has_place_won && !row->has_could_pay && o->cost.minor > 0);
	}
	ret->fell_to_votes = str_is(ret->official.completion, "comparison") && from_votes && !from_shares;
	return st;
}

/* Marks what the other way of counting chose. */
static enum status
other_options(struct act *act, struct result *ret)
{
	struct outcome_winners_rows rows;
	enum status st = outcome_winners(act->db, act->arena, act->place.id, ret->round.id,
	                                 ret->other.id, &rows);

	for (size_t i = 0; st == OK && i < rows.len; i++) {
		struct result_option *o = option_of(ret, rows.ptr[i].number);

		if (o == NULL)
			return FAILED;
		o->other_won = true;
		o->other_place = rows.ptr[i].place_won;
	}
	return st;
}

static enum status
mark_projects(struct act *act, struct result *ret)
{
	struct outcome_projects_rows rows;
	enum status st = outcome_projects(act->db, act->arena, act->place.id, ret->round.id, &rows);

	for (size_t i = 0; st == OK && i < rows.len; i++) {
		struct result_option *o = option_of(ret, rows.ptr[i].number);

		if (o == NULL)
			return FAILED;
		o->project = rows.ptr[i].id;
	}
	return st;
}

/* Winners first, in order; then by points, where there are some, and votes. */
static int
by_success(const void *a_, const void *b_)
{
	const struct result_option *a = a_, *b = b_;

	if ((a->place_won == 0) != (b->place_won == 0))
		return a->place_won == 0 ? 1 : -1;
	if (a->place_won != b->place_won)
		return a->place_won < b->place_won ? -1 : 1;
	if (a->points != b->points)
		return a->points > b->points ? -1 : 1;
	if (a->votes != b->votes)
		return a->votes > b->votes ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

/* What the imported file says of itself; whom it names as winners is with the options. */
static enum status
import_marks(struct act *act, struct result *ret)
{
	struct import_claims_row row;
	enum status st = import_claims(act->db, act->arena, act->place.id, ret->round.id, &row);

	if (st != OK)
		return st;
	ret->imported = true;
	ret->file_rule = row.rule;
	ret->file_names_winners = row.names_winners;
	return OK;
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
	ret->borda = str_is(ret->official.utility, "borda");
	ret->points = ret->borda || str_is(ret->official.utility, "points") ||
	              str_is(ret->official.utility, "cost-points");
	if (outcomes.len > 1)
		ret->other = outcomes.ptr[1];
	st = load_options(act, ret);
	if (st == OK && ret->counted)
		st = official_options(act, ret);
	if (st == OK && ret->other.id.value != 0)
		st = other_options(act, ret);
	if (st == OK && ret->counted)
		st = mark_projects(act, ret);
	if (st == OK && act->place.imported)
		st = import_marks(act, ret);
	if (st == OK && ret->counted)
		qsort(ret->options, ret->options_len, sizeof *ret->options, by_success);
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
