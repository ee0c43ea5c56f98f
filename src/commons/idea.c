#include "commons/idea.h"

#include <assert.h>

#include "base/text.h"

static const char *const state_names[IDEA_STATES] = {
	[IDEA_OPEN] = "open",
	[IDEA_CHECKED] = "checked",
	[IDEA_DECLINED] = "declined",
};

static const struct {
	const char *name;
	enum idea_state after;
} verdicts[IDEA_VERDICTS] = {
	[IDEA_CHECK] = { "check", IDEA_CHECKED },
	[IDEA_DECLINE] = { "decline", IDEA_DECLINED },
	[IDEA_REOPEN] = { "reopen", IDEA_OPEN },
};

const char *
idea_state_name(enum idea_state state)
{
	assert(state < IDEA_STATES);
	return state_names[state];
}

enum status
idea_state_parse(struct str name, enum idea_state *ret)
{
	for (int i = 0; i < IDEA_STATES; i++) {
		if (str_is(name, state_names[i])) {
			*ret = (enum idea_state)i;
			return OK;
		}
	}
	return FAILED;
}

const char *
idea_verdict_name(enum idea_verdict verdict)
{
	assert(verdict < IDEA_VERDICTS);
	return verdicts[verdict].name;
}

enum status
idea_verdict_parse(struct str name, enum idea_verdict *ret)
{
	for (int i = 0; i < IDEA_VERDICTS; i++) {
		if (str_is(name, verdicts[i].name)) {
			*ret = (enum idea_verdict)i;
			return OK;
		}
	}
	return INVALID;
}

enum idea_state
idea_state_after(enum idea_verdict verdict)
{
	assert(verdict < IDEA_VERDICTS);
	return verdicts[verdict].after;
}

bool
idea_draft_eq(const struct idea_draft *a, const struct idea_draft *b)
{
	return str_eq(a->title, b->title) && str_eq(a->body, b->body)
	       && a->has_cost == b->has_cost
	       && (!a->has_cost || a->rough_cost.minor == b->rough_cost.minor);
}

static enum status
text_may_be(struct str text, const char *field, int64_t max, const char *empty,
            struct refusal *why)
{
	if (text.len == 0)
		return refuse(why, field, empty);
	if ((int64_t)text_length(text) > max)
		return refuse_with(why, field, MSG("Make this at most {max} characters long."),
		                   message_number("max", max));
	return OK;
}

static enum status
draft_may_be(const struct idea_draft *draft, struct refusal *why)
{
	enum status st;

	st = text_may_be(draft->title, "title", IDEA_TITLE_MAX,
	                 MSG("Give your idea a title: a few words are enough."), why);
	if (st != OK)
		return st;
	st = text_may_be(draft->body, "body", IDEA_BODY_MAX,
	                 MSG("Say what should happen and why: one sentence is enough."), why);
	if (st != OK)
		return st;
	if (draft->has_cost && draft->rough_cost.minor < 0)
		return refuse(why, "cost", MSG("A cost can't be less than nothing."));
	return OK;
}

/* `one` and `many` have {n}, how much a day allows. */
static enum status
quota_left(struct idea_quota quota, const char *none, const char *one, const char *many,
           struct refusal *why)
{
	if (quota.done < quota.most)
		return OK;
	if (quota.most == 0)
		return refuse(why, NULL, none);
	*why = (struct refusal){
		.status = REFUSED,
		.message = { .text = one, .plural = many,
		             .values = { message_number("n", quota.most) } },
	};
	return REFUSED;
}

enum status
idea_may_add(const struct idea_draft *draft, struct idea_quota quota, struct refusal *why)
{
	enum status st = draft_may_be(draft, why);

	if (st != OK)
		return st;
	return quota_left(quota, MSG("This place does not take new ideas at the moment."),
	                  MSG_PLURAL("You added an idea today. Leave room for others: come back "
	                             "tomorrow with the next one.",
	                             "You added {n} ideas today. Leave room for others: come back "
	                             "tomorrow with the next one."), why);
}

enum status
idea_may_change(const struct idea_facts *facts, struct person_id who, struct refusal *why)
{
	if (facts->author.value != who.value)
		return FORBIDDEN;
	if (facts->state != IDEA_OPEN)
		return refuse(why, NULL,
		              MSG("A steward has looked at this idea, so its words stay as they "
		                  "are. Write a comment, or ask a steward to open it again."));
	return OK;
}

enum status
idea_may_edit(const struct idea_facts *facts, struct person_id who, const struct idea_draft *draft,
              int64_t seen, int64_t today, struct refusal *why)
{
	enum status st = idea_may_change(facts, who, why);

	if (st == OK)
		st = draft_may_be(draft, why);
	if (st != OK)
		return st;
	if (seen != facts->version)
		return refuse(why, "version",
		              MSG("This idea was changed after you opened this form. Below is what "
		                  "it says now, and what you typed. Press Save to keep yours."));
	if (today >= IDEA_EDITS_PER_DAY)
		return refuse_with(why, NULL,
		                   MSG("You saved {max} changes today. Come back tomorrow."),
		                   message_number("max", IDEA_EDITS_PER_DAY));
	return OK;
}

static enum status
check_may_be(const struct idea_judgement *j, struct refusal *why)
{
	enum status st;

	st = text_may_be(j->owner, "owner", IDEA_OWNER_MAX,
	                 MSG("Name the person or group who will see it through."), why);
	if (st != OK)
		return st;
	st = text_may_be(j->permission, "permission", IDEA_PERMISSION_MAX,
	                 MSG("Say who allows it, or write that no permission is needed."), why);
	if (st != OK)
		return st;
	if (!j->has_cost)
		return refuse(why, "real_cost", MSG("Write what it will really cost."));
	if (j->real_cost.minor <= 0)
		return refuse(why, "real_cost",
		              MSG("Write a cost above nothing: a vote is about money."));
	return OK;
}

enum status
idea_may_judge(const struct idea_facts *facts, const struct idea_judgement *judgement,
               struct refusal *why)
{
	if (facts->in_round)
		return refuse(why, NULL,
		              MSG("This idea is part of a round, so it can't be judged again now. "
		                  "The round's own page says how an option is withdrawn."));
	if (judgement->seen_version != facts->version)
		return refuse(why, "version",
		              MSG("The idea's author changed it while you were reading. "
		                  "Read it again, then decide."));
	if (judgement->seen_judgement != facts->judgement)
		return refuse(why, "version",
		              MSG("Another steward decided on this idea while you were reading. "
		                  "Look at what they said, then decide."));
	switch (judgement->verdict) {
	case IDEA_CHECK:
		return check_may_be(judgement, why);
	case IDEA_DECLINE:
		return text_may_be(judgement->reason, "reason", IDEA_REASON_MAX,
		                   MSG("Say why, in kind words: the author and everybody can "
		                       "read it."), why);
	case IDEA_REOPEN:
		if (facts->state == IDEA_OPEN)
			return refuse(why, NULL, MSG("This idea is open already."));
		return OK;
	case IDEA_VERDICTS:
		break;
	}
	assert(!"a verdict");
	return FAILED;
}

enum status
idea_may_comment(struct str body, struct idea_quota quota, struct refusal *why)
{
	enum status st = text_may_be(body, "body", IDEA_COMMENT_MAX,
	                             MSG("Write your comment first."), why);

	if (st != OK)
		return st;
	return quota_left(quota, MSG("This place does not take comments at the moment."),
	                  MSG_PLURAL("You wrote a comment today. Come back tomorrow.",
	                             "You wrote {n} comments today. Come back tomorrow."), why);
}
