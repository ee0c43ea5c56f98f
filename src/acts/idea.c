#include "acts/idea.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>

#include "acts/mail.h"
#include "acts/once.h"
#include "acts/place.h"
#include "acts/salted.h"
#include "base/locale.h"
#include "commons/idea_words.h"

/* ---- questions ---- */

/* Words that few ideas have are looked up first; with those of many, the newest are soon found by
 * walking along. */
static enum status
list_with_words(const struct act *act, const struct idea_filter *filter, struct str words,
                struct idea_list_rows *ret)
{
	enum { FEW = 1000 };
	struct idea_found_total_row total;
	struct idea_found_rows found;
	enum status st = idea_found_total(act->db, act->arena, act->place.id, words, FEW + 1, &total);

	_Static_assert(sizeof *found.ptr == sizeof *ret->ptr, "the same columns");
	if (st != OK || total.found > FEW)
		return st != OK ? st : idea_list(act->db, act->arena, act->place.id, filter->state, words,
		                                 filter->after, IDEA_PAGE + 1, ret);
	st = idea_found(act->db, act->arena, act->place.id, filter->state, words, filter->after,
	                IDEA_PAGE + 1, &found);
	if (st != OK)
		return st;
	*ret = (struct idea_list_rows){ ARENA_ARRAY(act->arena, found.len, struct idea_list_row),
	                                found.len };
	for (size_t i = 0; ret->ptr != NULL && i < found.len; i++) {
		const struct idea_found_row *row = &found.ptr[i];

		ret->ptr[i] = (struct idea_list_row){
			.id = row->id, .title = row->title, .has_rough_cost = row->has_rough_cost,
			.rough_cost = row->rough_cost, .has_real_cost = row->has_real_cost,
			.real_cost = row->real_cost, .state = row->state, .comments = row->comments,
			.created_at = row->created_at, .author = row->author };
	}
	return ret->ptr == NULL ? NO_MEMORY : OK;
}

enum status
act_idea_list(const struct act *act, const struct idea_filter *filter, struct idea_list_rows *ret,
              bool *ret_more)
{
	struct str words;
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = idea_words_search(act->arena, filter->words, &words);
	if (st == OK && words.len > 0)
		st = list_with_words(act, filter, words, ret);
	else if (st == OK)
		st = idea_list(act->db, act->arena, act->place.id, filter->state, words,
		               filter->after, IDEA_PAGE + 1, ret);
	if (st != OK)
		return st;
	*ret_more = ret->len > IDEA_PAGE;
	if (*ret_more)
		ret->len = IDEA_PAGE;
	return OK;
}

enum status
act_idea_similar(const struct act *act, struct str title, struct idea_similar_rows *ret)
{
	/* Words that nearly every idea has. Translators: those of your language. */
	static const char small[] = MSG("about and are for from have into let more new our should "
	                                "some than that the their them then there they this "
	                                "want we where which with would you your");
	struct format format = act_format(act);
	struct str words;
	enum status st = act_require(act, RIGHT_READ);

	*ret = (struct idea_similar_rows){ NULL, 0 };
	if (st == OK)
		st = idea_words_similar(act->arena, title, locale_words(format.locale, small),
		                        &words);
	if (st != OK || words.len == 0)
		return st;
	return idea_similar(act->db, act->arena, act->place.id, words, IDEA_SIMILAR, ret);
}

static enum status
facts_of(const struct idea_by_id_row *row, struct idea_facts *ret)
{
	*ret = (struct idea_facts){
		.author = row->author_id,
		.version = row->version,
		.judgement = row->judgement,
		.in_round = row->in_round,
	};
	return idea_state_parse(row->state, &ret->state);
}

enum status
act_idea_show(const struct act *act, struct idea_id id, int64_t page, struct idea_shown *ret)
{
	struct place_id place = act->place.id;
	struct idea_facts facts;
	struct refusal why;
	enum status st = act_require(act, RIGHT_READ);

	*ret = (struct idea_shown){ 0 };
	if (st == OK)
		st = idea_by_id(act->db, act->arena, place, id, &ret->idea);
	if (st == OK)
		st = idea_rounds(act->db, act->arena, place, id, &ret->rounds);
	if (st == OK)
		st = facts_of(&ret->idea, &facts);
	if (st != OK)
		return st;
	ret->pages = ret->idea.comments == 0 ? 1 : 1 + (ret->idea.comments - 1) / COMMENT_PAGE;
	ret->page = page < 1 ? 1 : page > ret->pages ? ret->pages : page;
	if (ret->idea.comments > 0)
		st = comment_list(act->db, act->arena, place, id, (ret->page - 1) * COMMENT_PAGE,
		                  COMMENT_PAGE, &ret->comments);
	if (st != OK)
		return st;
	ret->state = facts.state;
	ret->mine = facts.author.value == act->who.id.value;
	ret->may_edit = act_allows(act, RIGHT_IDEA_EDIT)
	                && idea_may_change(&facts, act->who.id, &why) == OK;
	ret->may_comment = act_allows(act, RIGHT_COMMENT_ADD);
	ret->may_judge = act_allows(act, RIGHT_IDEA_JUDGE) && !facts.in_round;
	return OK;
}

enum status
act_idea_edit_show(const struct act *act, struct idea_id id, struct idea_by_id_row *ret,
                   struct refusal *why)
{
	struct idea_facts facts;
	enum status st = act_require(act, RIGHT_IDEA_EDIT);

	if (st == OK)
		st = idea_by_id(act->db, act->arena, act->place.id, id, ret);
	if (st == OK)
		st = facts_of(ret, &facts);
	if (st == OK)
		st = idea_may_change(&facts, act->who.id, why);
	return st;
}

enum status
act_idea_judge_show(const struct act *act, struct idea_id id, struct idea_by_id_row *ret)
{
	enum status st = act_require(act, RIGHT_IDEA_JUDGE);

	if (st == OK)
		st = idea_by_id(act->db, act->arena, act->place.id, id, ret);
	return st;
}

enum status
act_idea_by_author(const struct act *act, struct person_id author,
                   struct idea_list_by_author_rows *ret)
{
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = idea_list_by_author(act->db, act->arena, act->place.id, author, IDEA_PAGE, ret);
	return st == OK && ret->len == 0 ? NOT_FOUND : st;
}

enum status
act_idea_history(const struct act *act, struct idea_id id, int64_t before,
                 struct idea_history *ret)
{
	enum { JUDGEMENTS = 100 };
	struct place_id place = act->place.id;
	enum status st = act_require(act, RIGHT_READ);

	if (st == OK)
		st = idea_by_id(act->db, act->arena, place, id, &ret->idea);
	if (st == OK)
		st = idea_versions(act->db, act->arena, place, id, before > 0 ? before : INT64_MAX,
		                   VERSION_PAGE + 1, &ret->versions);
	if (st == OK)
		st = idea_judgements(act->db, act->arena, place, id, JUDGEMENTS, &ret->judgements);
	return st;
}

/* ---- deeds ---- */

struct cost_text { char text[24]; };

/* Minor units in digits; empty without a cost. */
static struct cost_text
cost_text(bool has_cost, struct amount cost)
{
	struct cost_text ret = { "" };

	if (has_cost)
		(void)snprintf(ret.text, sizeof ret.text, "%lld", (long long)cost.minor);
	return ret;
}

/* The words of an idea, as a version of it and as something to be found. */
static enum status
save_words(struct act *act, struct idea_id id, int64_t version, const struct idea_draft *draft,
           const char *kind)
{
	struct place_id place = act->place.id;
	struct salt salt = salt_new(act);
	struct cost_text cost = cost_text(draft->has_cost, draft->rough_cost);
	struct str parts[3] = { draft->title, draft->body, str_of(cost.text) };
	struct digest_text text;
	json_t *fields;
	enum status st;

	st = idea_version_add(act->db, place, id, version, draft->title, draft->body,
	                      draft->has_cost ? &draft->rough_cost : NULL, act->who.id, act->now,
	                      salt_str(&salt));
	if (st == OK)
		st = idea_search_put(act->db, place, id, draft->title, draft->body);
	if (st == OK)
		st = salted_digest(salt_str(&salt), parts, 3, &text);
	if (st != OK)
		return st;
	fields = json_pack("{s:s, s:I, s:s, s:s}", "idea", id_text(id.value).text, "version",
	                   (json_int_t)version, "by", id_text(act->who.id.value).text, "text",
	                   text.text);
	return fields == NULL ? NO_MEMORY : act_record(act, kind, fields);
}

/* This key added an idea before: the same words are the same idea. */
static enum status
added_before(const struct act *act, struct idea_id id, const struct idea_draft *draft,
             struct refusal *why)
{
	struct idea_version_by_number_row first;
	struct idea_draft before;
	enum status st = idea_version_by_number(act->db, act->arena, act->place.id, id, 1, &first);

	if (st != OK)
		return st; /* NOT_FOUND: a fresh key */
	before = (struct idea_draft){ .title = first.title, .body = first.body,
		                      .has_cost = first.has_rough_cost,
		                      .rough_cost = first.rough_cost };
	if (idea_draft_eq(&before, draft))
		return OK;
	return refuse(why, "key", MSG("You added an idea with this form already. Press the button "
	                              "again if this is another one."));
}

static enum status
load_quota(const struct act *act, struct idea_quota *ret)
{
	struct place_settings settings;
	struct idea_added_since_row added;
	enum status st = act_place_settings(act, &settings);

	if (st == OK)
		st = idea_added_since(act->db, act->arena, act->place.id, act->who.id,
		                      time_plus(act->now, -DAY_US), &added);
	if (st == OK)
		*ret = (struct idea_quota){ added.ideas, settings.limits.ideas_per_day };
	return st;
}

static enum status
similar_were_seen(const struct act *act, const struct idea_new *idea, struct refusal *why)
{
	struct idea_similar_rows similar;
	enum status st;

	if (idea->similar_seen)
		return OK;
	st = act_idea_similar(act, idea->draft.title, &similar);
	if (st == OK && similar.len > 0)
		return refuse(why, "similar",
		              MSG("Others had ideas that look like yours. Have a look: perhaps "
		                  "you want to join one. Or add yours as well."));
	return st;
}

enum status
act_idea_add(struct act *act, const struct idea_new *idea, struct idea_id *ret_id,
             struct refusal *why)
{
	const struct idea_draft *draft = &idea->draft;
	struct idea_quota quota;
	enum status st = act_require(act, RIGHT_IDEA_ADD);

	if (st != OK)
		return st;
	ret_id->value = act_once(act, idea->key);
	st = added_before(act, *ret_id, draft, why);
	if (st != NOT_FOUND)
		return st;
	st = load_quota(act, &quota);
	if (st == OK)
		st = idea_may_add(draft, quota, why);
	if (st == OK)
		st = similar_were_seen(act, idea, why);
	if (st == OK)
		st = idea_add(act->db, act->place.id, *ret_id, act->who.id, draft->title,
		              draft->body, draft->has_cost ? &draft->rough_cost : NULL, act->now);
	if (st == OK)
		st = save_words(act, *ret_id, 1, draft, "idea-added");
	return st;
}

static struct idea_draft
draft_of(const struct idea_by_id_row *row)
{
	return (struct idea_draft){ .title = row->title, .body = row->body,
		                    .has_cost = row->has_rough_cost,
		                    .rough_cost = row->rough_cost };
}

enum status
act_idea_edit(struct act *act, struct idea_id id, const struct idea_draft *draft, int64_t seen,
              struct refusal *why)
{
	struct idea_by_id_row row;
	struct idea_edited_since_row edited;
	struct idea_facts facts;
	struct idea_draft now;
	int64_t changed;
	enum status st = act_require(act, RIGHT_IDEA_EDIT);

	if (st == OK)
		st = idea_by_id(act->db, act->arena, act->place.id, id, &row);
	if (st == OK)
		st = facts_of(&row, &facts);
	if (st == OK)
		st = idea_edited_since(act->db, act->arena, act->place.id, id,
		                       time_plus(act->now, -DAY_US), &edited);
	if (st != OK)
		return st;
	now = draft_of(&row);
	if (facts.author.value == act->who.id.value && idea_draft_eq(&now, draft))
		return OK; /* saved already, or nothing to save */
	st = idea_may_edit(&facts, act->who.id, draft, seen, edited.edits, why);
	if (st == OK)
		st = idea_edit(act->db, act->place.id, id, seen, draft->title, draft->body,
		               draft->has_cost ? &draft->rough_cost : NULL, act->now, &changed);
	if (st == OK)
		st = changed == 1 ? save_words(act, id, seen + 1, draft, "idea-edited") : CONFLICT;
	return st;
}

/* Its author hears of it; who judged their own idea knows. */
static enum status
tell_author(struct act *act, const struct idea_by_id_row *row,
            const struct idea_judgement *judgement)
{
	static const struct {
		const char *subject, *happened, *words;
	} mails[IDEA_VERDICTS] = {
		[IDEA_CHECK] = { MSG("Your idea can be voted on: {title}"),
		                 MSG("Good news: {steward} checked your idea “{title}”. It can "
		                     "become an option in the next vote."),
		                 MSG("{words} will see it through.") },
		[IDEA_DECLINE] = { MSG("About your idea: {title}"),
		                   MSG("Thank you for your idea “{title}”. {steward} looked at it, "
		                       "and it can't go ahead as it is. This is why:"),
		                   MSG("{words}") },
		[IDEA_REOPEN] = { MSG("Your idea is open again: {title}"),
		                  MSG("{steward} opened your idea “{title}” again. You can change "
		                      "it, and it will be looked at anew."),
		                  NULL },
	};
	struct str words = judgement->verdict == IDEA_CHECK ? judgement->owner : judgement->reason;
	struct message_value title = message_text("title", row->title);
	struct message_value steward = message_text("steward", act->who.name);
	struct message subject = { .text = mails[judgement->verdict].subject, .values = { title } };
	struct message body[3];
	size_t len = 0;
	struct str link;
	enum status st;

	if (!row->has_author_email || row->author_id.value == act->who.id.value)
		return OK;
	st = act_link(act, &link, "/ideas/%s", id_text(row->id.value).text);
	if (st != OK)
		return st;
	body[len++] = (struct message){ .text = mails[judgement->verdict].happened,
		                        .values = { steward, title } };
	if (mails[judgement->verdict].words != NULL)
		body[len++] = (struct message){ .text = mails[judgement->verdict].words,
			                        .values = { message_text("words", words) } };
	body[len++] = (struct message){ .text = MSG("Read it, and answer with a comment: {link}"),
		                        .values = { message_text("link", link) } };
	return act_mail(act, row->author_email, &subject, body, len);
}

static enum status
record_judgement(struct act *act, const struct idea_by_id_row *row,
                 const struct idea_judgement *j, struct str salt)
{
	static const char *const kinds[IDEA_VERDICTS] = {
		[IDEA_CHECK] = "idea-checked",
		[IDEA_DECLINE] = "idea-declined",
		[IDEA_REOPEN] = "idea-reopened",
	};
	struct cost_text cost = cost_text(j->has_cost, j->real_cost);
	struct str parts[4] = { j->owner, j->permission, str_of(cost.text), j->reason };
	struct digest_text text;
	json_t *fields;
	enum status st = salted_digest(salt, parts, 4, &text);

	if (st != OK)
		return st;
	fields = json_pack("{s:s, s:I, s:I, s:s, s:b, s:s}", "idea", id_text(row->id.value).text,
	                   "version", (json_int_t)row->version, "judgement",
	                   (json_int_t)(row->judgement + 1), "by",
	                   id_text(act->who.id.value).text, "own",
	                   row->author_id.value == act->who.id.value, "text", text.text);
	return fields == NULL ? NO_MEMORY : act_record(act, kinds[j->verdict], fields);
}

/* Only what belongs to the verdict is kept. */
static struct idea_judgement
judgement_kept(const struct idea_judgement *j)
{
	struct idea_judgement kept = { .verdict = j->verdict };

	if (j->verdict == IDEA_CHECK) {
		kept.owner = j->owner;
		kept.permission = j->permission;
		kept.has_cost = j->has_cost;
		kept.real_cost = j->real_cost;
	} else if (j->verdict == IDEA_DECLINE) {
		kept.reason = j->reason;
	}
	return kept;
}

static enum status
save_judgement(struct act *act, const struct idea_by_id_row *row,
               const struct idea_judgement *judgement)
{
	struct place_id place = act->place.id;
	struct idea_judgement kept = judgement_kept(judgement);
	struct salt salt = salt_new(act);
	const struct str *owner = kept.owner.len > 0 ? &kept.owner : NULL;
	const struct str *permission = kept.permission.len > 0 ? &kept.permission : NULL;
	const struct str *reason = kept.reason.len > 0 ? &kept.reason : NULL;
	const struct amount *cost = kept.has_cost ? &kept.real_cost : NULL;
	int64_t changed;
	enum status st;

	st = idea_judge(act->db, place, row->id, row->judgement,
	                str_of(idea_state_name(idea_state_after(kept.verdict))), owner, permission,
	                cost, reason, act->who.id, act->now, &changed);
	if (st == OK && changed != 1)
		st = CONFLICT;
	if (st == OK)
		st = idea_judgement_add(act->db, place, row->id, row->judgement + 1,
		                        str_of(idea_verdict_name(kept.verdict)), owner, permission,
		                        cost, reason, act->who.id, act->now, salt_str(&salt));
	if (st == OK)
		st = record_judgement(act, row, &kept, salt_str(&salt));
	if (st == OK)
		st = tell_author(act, row, &kept);
	return st;
}

enum status
act_idea_judge(struct act *act, struct idea_id id, const struct idea_judgement *judgement,
               struct refusal *why)
{
	struct idea_by_id_row row;
	struct idea_facts facts;
	enum status st = act_require(act, RIGHT_IDEA_JUDGE);

	if (st == OK)
		st = idea_by_id(act->db, act->arena, act->place.id, id, &row);
	if (st == OK)
		st = facts_of(&row, &facts);
	if (st == OK)
		st = idea_may_judge(&facts, judgement, why);
	if (st == OK)
		st = save_judgement(act, &row, judgement);
	return st;
}
