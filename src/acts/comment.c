#include "acts/comment.h"

#include <jansson.h>

#include "acts/idea.h"
#include "acts/once.h"
#include "acts/place.h"
#include "acts/salted.h"

static enum status
load_quota(const struct act *act, struct idea_quota *ret)
{
	struct place_settings settings;
	struct comment_added_since_row added;
	enum status st = act_place_settings(act, &settings);

	if (st == OK)
		st = comment_added_since(act->db, act->arena, act->place.id, act->who.id,
		                         time_plus(act->now, -DAY_US), &added);
	if (st == OK)
		*ret = (struct idea_quota){ added.comments, settings.limits.comments_per_day };
	return st;
}

static enum status
record(struct act *act, struct idea_id idea, struct comment_id comment, struct str body,
       struct salt salt)
{
	struct digest_text text;
	json_t *fields;
	enum status st = salted_digest(salt_str(&salt), &body, 1, &text);

	if (st != OK)
		return st;
	fields = json_pack("{s:s, s:s, s:s, s:s}", "idea", id_text(idea.value).text, "comment",
	                   id_text(comment.value).text, "by", id_text(act->who.id.value).text,
	                   "text", text.text);
	return fields == NULL ? NO_MEMORY : act_record(act, "comment-added", fields);
}

enum status
act_comment_add(struct act *act, struct idea_id idea, int64_t key, struct str body,
                struct comment_added *ret, struct refusal *why)
{
	struct comment_by_id_row before;
	struct idea_by_id_row row;
	struct idea_quota quota;
	struct salt salt = salt_new(act);
	int64_t counted;
	enum status st = act_require(act, RIGHT_COMMENT_ADD);

	if (st == OK)
		st = idea_by_id(act->db, act->arena, act->place.id, idea, &row);
	if (st != OK)
		return st;
	*ret = (struct comment_added){ .id = { act_once(act, key) },
		                       .page = 1 + row.comments / COMMENT_PAGE };
	st = comment_by_id(act->db, act->arena, act->place.id, ret->id, &before);
	if (st == OK && before.idea_id.value == idea.value && str_eq(before.body, body))
		return OK;
	if (st == OK)
		return refuse(why, "key", MSG("You added a comment with this form already. "
		                              "Press the button again to add another."));
	if (st == NOT_FOUND)
		st = load_quota(act, &quota);
	if (st == OK)
		st = idea_may_comment(body, quota, why);
	if (st == OK)
		st = comment_add(act->db, act->place.id, idea, ret->id, act->who.id, body, act->now,
		                 salt_str(&salt));
	if (st == OK)
		st = comment_count(act->db, act->place.id, idea, &counted);
	if (st == OK)
		st = record(act, idea, ret->id, body, salt);
	return st;
}
