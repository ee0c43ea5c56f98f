#include "acts/option.h"

#include <jansson.h>

#include "store/option.sql.h"

static enum status
option_load(const struct act *act, struct round_id round, struct option_id id,
            struct round_option *ret)
{
	struct option_by_id_row row;
	enum status st = option_by_id(act->db, act->arena, act->place.id, round, id, &row);

	if (st != OK)
		return st;
	*ret = (struct round_option){ .number = row.number, .id = row.id, .title = row.title,
		                      .summary = row.summary, .cost = row.cost,
		                      .withdrawn = row.has_withdrawn_at };
	if (row.has_idea_id)
		ret->idea = row.idea_id;
	if (row.has_withdrawn_reason)
		ret->reason = row.withdrawn_reason;
	return OK;
}

enum status
act_option_show(const struct act *act, struct round_id round, struct option_id id,
                struct round_option *ret)
{
	struct round shown;
	enum status st = act_round_show(act, round, &shown);

	return st == OK ? option_load(act, round, id, ret) : st;
}

enum status
act_option_withdraw(struct act *act, struct round_id id, struct option_id option_id,
                    struct str reason, struct refusal *why)
{
	struct round_option option;
	struct round round;
	int64_t changed = 0;
	json_t *fields;
	enum status st = act_require(act, RIGHT_ROUND_MANAGE);

	if (st == OK)
		st = round_load(act, id, &round);
	if (st == OK)
		st = option_load(act, id, option_id, &option);
	if (st == OK)
		st = round_may_withdraw(&round.facts, act->now, option.withdrawn, reason, why);
	if (st == OK)
		st = option_withdraw(act->db, act->place.id, id, option_id, act->now, reason, &changed);
	if (st != OK || changed != 1)
		return st == OK ? CONFLICT : st;
	fields = json_pack("{s:s, s:s}", "round", id_text(id.value).text, "option",
	                   id_text(option_id.value).text);
	return fields == NULL ? NO_MEMORY : act_record(act, "option-withdrawn", fields);
}
