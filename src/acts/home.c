#include "acts/home.h"

#include "acts/place.h"
#include "store/place_home.sql.h"

static enum status
load_rounds(struct act *act, struct home *home)
{
	struct home_rounds_rows rows;
	enum status st = home_rounds(act->db, act->arena, act->place.id, &rows);

	if (st != OK)
		return st;
	home->rounds.ptr = ARENA_ARRAY(act->arena, rows.len, struct home_round);
	if (home->rounds.ptr == NULL)
		return NO_MEMORY;
	home->rounds.len = rows.len;
	for (size_t i = 0; i < rows.len; i++) {
		const struct home_rounds_row *row = &rows.ptr[i];

		home->rounds.ptr[i] = (struct home_round){
			.id = row->id,
			.title = row->title,
			.budget = row->budget,
			.most = row->has_most ? row->most : 0,
			.points = row->has_points ? row->points : 0,
			.rule = row->rule,
			.utility = row->utility,
			.threshold = row->has_threshold ? row->threshold : 0,
			.opens_at = row->opens_at,
			.closes_at = row->closes_at,
			.options = row->options,
		};
		if (ballot_kind_parse(row->ballot_kind, &home->rounds.ptr[i].kind) != OK)
			return FAILED;
	}
	return OK;
}

static enum status
load_ideas(struct act *act, struct home *home)
{
	struct home_ideas_rows rows;
	enum status st = home_ideas(act->db, act->arena, act->place.id, &rows);

	if (st != OK)
		return st;
	home->ideas.ptr = ARENA_ARRAY(act->arena, rows.len, struct home_idea);
	if (home->ideas.ptr == NULL)
		return NO_MEMORY;
	home->ideas.len = rows.len;
	for (size_t i = 0; i < rows.len; i++) {
		const struct home_ideas_row *row = &rows.ptr[i];

		home->ideas.ptr[i] = (struct home_idea){
			.id = row->id,
			.title = row->title,
			.author = row->author,
			.cost = row->has_real_cost ? row->real_cost
			        : row->has_rough_cost ? row->rough_cost : (struct amount){ 0 },
			.checked = row->has_real_cost,
			.comments = row->comments,
		};
	}
	return OK;
}

static enum status
load_winners(struct act *act, struct outcome_id outcome, struct home_decision *decision)
{
	struct home_winners_rows rows;
	enum status st = home_winners(act->db, act->arena, act->place.id, decision->id, outcome,
	                              HOME_WINNERS, &rows);

	if (st != OK)
		return st;
	decision->first.ptr = ARENA_ARRAY(act->arena, rows.len, struct home_winner);
	if (decision->first.ptr == NULL)
		return NO_MEMORY;
	decision->first.len = rows.len;
	for (size_t i = 0; i < rows.len; i++)
		decision->first.ptr[i] = (struct home_winner){ rows.ptr[i].title, rows.ptr[i].cost };
	return OK;
}

static enum status
load_decisions(struct act *act, struct home *home)
{
	struct home_decided_rows rows;
	enum status st = home_decided(act->db, act->arena, act->place.id, &rows);

	if (st != OK || rows.len == 0)
		return st;
	home->decisions.ptr = ARENA_ARRAY(act->arena, rows.len, struct home_decision);
	if (home->decisions.ptr == NULL)
		return NO_MEMORY;
	home->decisions.len = rows.len;
	for (size_t i = 0; i < rows.len && st == OK; i++) {
		const struct home_decided_row *row = &rows.ptr[i];

		home->decisions.ptr[i] = (struct home_decision){
			.id = row->id,
			.title = row->title,
			.counted_at = row->counted_at,
			.voters = row->voters,
			.represented = row->represented,
			.winners = row->winners,
			.total_cost = row->total_cost,
		};
		st = load_winners(act, row->outcome, &home->decisions.ptr[i]);
	}
	return st;
}

enum status
act_home_show(struct act *act, struct home *ret)
{
	enum status st = act_require(act, RIGHT_READ);

	*ret = (struct home){ 0 };
	if (st == OK)
		st = act_place_settings(act, &ret->settings);
	if (st == OK)
		st = load_rounds(act, ret);
	if (st == OK)
		st = load_ideas(act, ret);
	if (st == OK)
		st = load_decisions(act, ret);
	if (st != OK)
		return st;
	st = act_money_show(act, (struct instant){ 0 }, &ret->money);
	ret->has_pot = st == OK;
	return st == NOT_FOUND ? OK : st;
}
