#include "commons/round.h"

#include <assert.h>

#include "base/buf.h"
#include "base/names.h"

enum { REASON_MIN = 10, AGE_MAX = 99, ROUND_POINTS_MAX = 1000 };

static const char *const state_names[] = {
	[ROUND_DRAFT] = "draft",       [ROUND_OPEN] = "open",       [ROUND_SETTLING] = "settling",
	[ROUND_COUNTING] = "counting", [ROUND_COUNTED] = "counted", [ROUND_VOID] = "void",
};

NAMES(round_state, state_names)

enum round_phase
round_phase(enum round_state state, struct instant opens_at, struct instant closes_at,
            struct instant now)
{
	switch (state) {
	case ROUND_DRAFT:
		return PHASE_DRAFT;
	case ROUND_OPEN:
		if (time_before(now, opens_at))
			return PHASE_COMING;
		return time_before(now, closes_at) ? PHASE_VOTING : PHASE_OVER;
	case ROUND_SETTLING:
	case ROUND_COUNTING:
		return PHASE_OVER;
	case ROUND_COUNTED:
		return PHASE_COUNTED;
	case ROUND_VOID:
		return PHASE_VOID;
	}
	assert(!"a round state");
	return PHASE_VOID;
}

bool
round_voting_is_open(const struct round_facts *facts, struct instant now)
{
	return round_phase(facts->state, facts->opens_at, facts->closes_at, now) == PHASE_VOTING;
}

bool
round_voting_is_over(const struct round_facts *facts, struct instant now)
{
	return facts->state == ROUND_SETTLING ||
	       (facts->state == ROUND_OPEN && !time_before(now, facts->closes_at));
}

void
round_draft_tidy(struct round_draft *draft)
{
	if (draft->kind == BALLOT_CHOOSE_1)
		draft->most = 1;
	else if (draft->kind == BALLOT_APPROVAL && draft->most == 1)
		draft->kind = BALLOT_CHOOSE_1;
	round_rule_tidy(&draft->rule);
}

static enum status
numbers_may_be(const struct round_draft *draft, struct refusal *why)
{
	if (draft->most < 0)
		return refuse(why, "most",
		              MSG("Give a number of 1 or more, or leave it empty for no limit."));
	if (draft->kind == BALLOT_ORDINAL && draft->most == 1)
		return refuse(why, "most", MSG("To put ideas in order people need two places at least. "
		                               "Give 2 or more, or leave it empty for no limit."));
	if (draft->kind != BALLOT_CUMULATIVE) {
		if (draft->points != 0 || draft->points_each != 0)
			return refuse(why, draft->points != 0 ? "points" : "points_each",
			              MSG("Leave this empty, or let people share out points on their "
			                  "ballot."));
		return OK;
	}
	if (draft->points < 1 || draft->points > ROUND_POINTS_MAX)
		return refuse_with(why, "points",
		                   MSG("Say how many points each person can give, from 1 to {most}: for "
		                       "example 10."),
		                   message_number("most", ROUND_POINTS_MAX));
	if (draft->points_each < 0 || draft->points_each > draft->points)
		return refuse_with(why, "points_each",
		                   MSG("A person has {points} points in all. Give that number or a "
		                       "smaller one, or leave it empty."),
		                   message_number("points", draft->points));
	return OK;
}

enum status
round_ballots_may_be(const struct round_draft *draft, struct refusal *why)
{
	enum status st = numbers_may_be(draft, why);

	return st == OK ? round_rule_may_be(&draft->rule, draft->kind, why) : st;
}

enum status
round_draft_may_be(const struct round_draft *draft, struct refusal *why)
{
	if (draft->title.len == 0)
		return refuse(why, "title", MSG("Give the round a title."));
	if (draft->budget.minor <= 0)
		return refuse(why, "budget", MSG("Say how much money this round shares out."));
	if (!time_before(draft->opens_at, draft->closes_at))
		return refuse(why, "closes_on", MSG("Voting must end after it begins."));
	if (draft->least_age < 0 || draft->least_age > AGE_MAX)
		return refuse(why, "least_age",
		              MSG("Give an age between 1 and 99, or leave it empty for any age."));
	return round_ballots_may_be(draft, why);
}

enum status
round_may_change(enum round_state state, struct refusal *why)
{
	switch (state) {
	case ROUND_DRAFT:
		return OK;
	case ROUND_OPEN:
	case ROUND_SETTLING:
		return refuse(why, NULL,
		              MSG("The rules of this round were fixed when it opened, so that nobody can "
		                  "change them under a running vote. If something is wrong, end this round "
		                  "without a count, with your reason, and open it again as a new round. "
		                  "Both stay on record."));
	case ROUND_COUNTING:
	case ROUND_COUNTED:
		return refuse(why, NULL, MSG("Voting in this round is over. It can't be changed."));
	case ROUND_VOID:
		return refuse(why, NULL,
		              MSG("This round was ended without a count. Open it again as a new round to "
		                  "change it."));
	}
	assert(!"a round state");
	return FAILED;
}

enum status
round_may_open(const struct round_facts *facts, struct instant now, struct refusal *why)
{
	if (facts->state != ROUND_DRAFT)
		return refuse(why, NULL, MSG("This round was opened before."));
	if (facts->options < 2)
		return refuse(why, NULL, MSG("Put at least two ideas on the ballot first."));
	if (facts->lost.len > 0)
		return refuse_with(why, NULL,
		                   MSG("“{title}” can't be voted on here any more: another round has it, it "
		                       "won before, or a steward judged it anew. Take it off the ballot."),
		                   message_text("title", facts->lost));
	if (facts->dearest.minor > facts->budget.minor)
		return refuse_with(why, NULL,
		                   MSG("One of the ideas costs {cost}. That is more than this round shares "
		                       "out, so it could never win."),
		                   message_money("cost", facts->dearest));
	if (!time_before(now, facts->closes_at))
		return refuse(why, NULL, MSG("The end of voting has passed. Set a later date first."));
	if (facts->budget.minor > facts->pot.minor)
		return refuse_with(why, NULL,
		                   MSG("The pot has only {pot} that is not promised yet. Lower the amount "
		                       "of this round."),
		                   message_money("pot", facts->pot));
	return OK;
}

static enum status
reason_may_be(struct str reason, const char *text, struct refusal *why)
{
	if (reason.len < REASON_MIN)
		return refuse(why, "reason", text);
	return OK;
}

enum status
round_may_void(enum round_state state, struct str reason, struct refusal *why)
{
	if (state == ROUND_DRAFT)
		return refuse(why, NULL, MSG("This round was never opened. You can simply change it."));
	if (state == ROUND_VOID)
		return refuse(why, NULL, MSG("This round was ended before."));
	if (state != ROUND_OPEN && state != ROUND_SETTLING)
		return refuse(why, NULL,
		              MSG("Counting has begun. A round can't be ended without a count any more."));
	return reason_may_be(reason, MSG("Say why, in a sentence that everybody can read."), why);
}

enum status
round_may_reopen(enum round_state state, bool replaced, struct refusal *why)
{
	if (state != ROUND_VOID)
		return refuse(why, NULL,
		              MSG("Only a round that was ended without a count can be opened again."));
	if (replaced)
		return refuse(why, NULL, MSG("This round was opened again before."));
	return OK;
}

enum status
round_may_withdraw(const struct round_facts *facts, struct instant now, bool withdrawn,
                   struct str reason, struct refusal *why)
{
	if (facts->state == ROUND_DRAFT)
		return refuse(why, NULL,
		              MSG("This round is not open yet. You can simply take the idea off the "
		                  "ballot."));
	if (facts->state != ROUND_OPEN || round_voting_is_over(facts, now))
		return refuse(why, NULL, MSG("Voting is over. An idea can't be withdrawn any more."));
	if (withdrawn)
		return refuse(why, NULL, MSG("This idea was withdrawn before."));
	return reason_may_be(reason, MSG("Say why, in a sentence that everybody can read."), why);
}

enum status
round_may_close(const struct round_facts *facts, struct instant now, enum round_state *ret_next,
                struct refusal *why)
{
	if (facts->state != ROUND_OPEN && facts->state != ROUND_SETTLING)
		return refuse(why, NULL, MSG("Voting in this round is not open."));
	if (!round_voting_is_over(facts, now))
		return refuse_with(why, NULL, MSG("Voting runs until {time}."),
		                   message_time("time", facts->closes_at));
	*ret_next = facts->challenges > 0 ? ROUND_SETTLING : ROUND_COUNTING;
	return OK;
}

enum status
option_may_cost(struct amount cost, struct amount budget, const char *field, struct refusal *why)
{
	if (cost.minor <= 0)
		return refuse(why, field, MSG("Give the final cost of each idea on the ballot."));
	if (cost.minor > budget.minor)
		return refuse_with(why, field,
		                   MSG("An idea can't cost more than this round shares out: {budget}."),
		                   message_money("budget", budget));
	return OK;
}

/* A line that is only layout: empty, a rule, a fence. */
static bool
has_words(struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		if (c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			return true;
	}
	return false;
}

/* Appends a line's words: no heading, quote, list, emphasis or code marks; of a link its text. */
static void
add_plain(struct buf *out, struct str line)
{
	size_t i = 0;

	while (i < line.len && (line.ptr[i] == '#' || line.ptr[i] == '>' || line.ptr[i] == ' ' ||
	                        ((line.ptr[i] == '-' || line.ptr[i] == '*' || line.ptr[i] == '+') &&
	                         i + 1 < line.len && line.ptr[i + 1] == ' ')))
		i++;
	for (; i < line.len; i++) {
		char c = line.ptr[i];

		if (c == ']' && i + 1 < line.len && line.ptr[i + 1] == '(') {
			size_t end = str_find(str_cut(line, i, line.len), STR(")"));

			i += end;
			continue;
		}
		if (c == '*' || c == '`' || c == '[' || c == ']' || c == '\\')
			continue;
		if (c == '!' && i + 1 < line.len && line.ptr[i + 1] == '[')
			continue;
		buf_add_char(out, c);
	}
}

/* Bytes of the first `max` code points, back to the end of a word when it is too long. */
static size_t
cut_at_word(struct str s, size_t max)
{
	size_t points = 0, word = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (((unsigned char)s.ptr[i] & 0xC0) == 0x80)
			continue;
		if (points == max)
			return word > 0 ? word : i;
		if (s.ptr[i] == ' ')
			word = i;
		points++;
	}
	return s.len;
}

enum status
option_summary(struct arena *arena, struct str markdown, struct str *ret)
{
	struct buf out;
	struct str rest = markdown, plain;
	enum status st;
	size_t cut;

	buf_init(&out, markdown.len + 2);
	while (rest.ptr != NULL) {
		struct str line = str_trim(str_next(&rest, '\n'));

		if (!has_words(line)) {
			if (buf_str(&out).len > 0 && line.len == 0)
				break; /* the first paragraph is enough */
			continue;
		}
		if (buf_str(&out).len > 0)
			buf_add_char(&out, ' ');
		add_plain(&out, line);
	}
	st = buf_status(&out);
	plain = str_trim(buf_str(&out));
	cut = cut_at_word(plain, OPTION_SUMMARY_MAX - 1);
	if (st == OK)
		st = str_format(arena, ret, "%.*s%s", (int)cut, plain.len > 0 ? plain.ptr : "",
		                cut < plain.len ? "…" : "");
	buf_release(&out);
	return st;
}
