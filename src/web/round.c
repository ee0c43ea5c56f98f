/* Pages of rounds: the list, one round, its rules, the deeds on it. Forms of drafts are in
 * round_draft.c. */
#include "web/round.h"

#include <string.h>

#include "acts/option.h"
#include "web/decisions.html.h"
#include "web/markdown.h"
#include "web/round_preview.html.h"
#include "web/round_reason.html.h"
#include "web/round_show.html.h"
#include "web/route.h"

/* ---- for the pages of ballots and rolls too ---- */

struct str
round_path(struct request *req, struct round_id id, const char *rest)
{
	struct str path = { NULL, 0 };

	if (str_format(req->act.arena, &path, "/%.*s/decisions%s%s%s", STR_ARG(req->act.place.slug),
	               id.value == 0 ? "" : "/", id.value == 0 ? "" : id_text(id.value).text,
	               rest) != OK)
		return (struct str){ NULL, 0 };
	return path;
}

struct str
words_of(struct request *req, const struct message *message)
{
	struct str words = { NULL, 0 };
	struct buf out;

	buf_init(&out, 2000);
	format_message(&out, &req->format, message);
	if (buf_status(&out) != OK || str_copy(req->act.arena, buf_str(&out), &words) != OK)
		words = (struct str){ NULL, 0 };
	buf_release(&out);
	return words;
}

const char *
round_phase_name(enum round_phase phase)
{
	static const char *const names[] = {
		[PHASE_DRAFT] = "draft", [PHASE_COMING] = "coming", [PHASE_VOTING] = "voting",
		[PHASE_OVER] = "over", [PHASE_COUNTED] = "counted", [PHASE_VOID] = "void" };

	return names[phase];
}

struct str
in_fours(struct request *req, struct str hex)
{
	char *text = arena_bytes(req->act.arena, hex.len + hex.len / 4 + 1);
	size_t at = 0;

	if (text == NULL)
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < hex.len; i++) {
		if (i > 0 && i % 4 == 0)
			text[at++] = ' ';
		text[at++] = hex.ptr[i];
	}
	return (struct str){ text, at };
}

enum status
problem_of(struct request *req, struct str *field, struct message *problem,
           struct error_summary *errors)
{
	if (req->refusal.status != OK) {
		*field = str_of(req->refusal.field);
		*problem = req->refusal.message;
	}
	return error_summary_of(req->act.arena, &req->refusal, errors);
}

static struct round_id
round_of(const struct request *req)
{
	return (struct round_id){ req->id[0] };
}

/* ---- the list ---- */

static void
add_row(struct round_rows *rows, struct request *req, const struct round_card *card)
{
	rows->ptr[rows->len++] = (struct round_row){
		.title = card->title, .path = round_path(req, card->id, ""), .budget = card->budget,
		.options = card->options, .opens_at = card->opens_at, .closes_at = card->closes_at,
		.counted_at = card->counted_at, .reason = card->void_reason };
}

static enum status
list_load(struct request *req, struct decisions_page *view)
{
	struct round_rows *const lists[] = {
		[PHASE_DRAFT] = &view->drafts, [PHASE_COMING] = &view->coming,
		[PHASE_VOTING] = &view->voting, [PHASE_OVER] = &view->over,
		[PHASE_COUNTED] = &view->counted, [PHASE_VOID] = &view->ended };
	struct round_card_list cards;
	enum status st = act_round_list(&req->act, &cards);

	if (st != OK)
		return st;
	for (int i = PHASE_DRAFT; i <= PHASE_VOID; i++) {
		lists[i]->ptr = ARENA_ARRAY(req->act.arena, cards.len, struct round_row);
		if (lists[i]->ptr == NULL)
			return NO_MEMORY;
	}
	for (size_t i = 0; i < cards.len; i++)
		add_row(lists[cards.ptr[i].phase], req, &cards.ptr[i]);
	view->path = round_path(req, (struct round_id){ 0 }, "");
	view->may_manage = act_allows(&req->act, RIGHT_ROUND_MANAGE) && !req->act.place.imported;
	view->none = cards.len == view->drafts.len;
	return OK;
}

static void
page_list(struct request *req)
{
	struct decisions_page view = { .none = true };
	enum status st = list_load(req, &view);

	if (st != OK)
		page_status(req, st);
	else
		html_decisions(page_open(req, "decisions"), &view);
}

/* ---- one round ---- */

static enum status
add_options(struct request *req, const struct round *round, bool may_withdraw,
            struct option_rows *rows)
{
	rows->ptr = ARENA_ARRAY(req->act.arena, round->options.len, struct option_row);
	if (rows->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < round->options.len; i++) {
		const struct round_option *o = &round->options.ptr[i];
		struct option_row *row = &rows->ptr[rows->len++];
		enum status st = OK;

		*row = (struct option_row){ .number = o->number, .title = o->title,
			                    .summary = o->summary, .cost = o->cost,
			                    .withdrawn = o->withdrawn, .reason = o->reason };
		if (o->idea.value != 0)
			st = str_format(req->act.arena, &row->idea_path, "/%.*s/ideas/%s",
			                STR_ARG(req->act.place.slug), id_text(o->idea.value).text);
		if (st == OK && may_withdraw && !o->withdrawn)
			st = str_format(req->act.arena, &row->withdraw_path,
			                "/%.*s/decisions/%s/options/%s/withdraw",
			                STR_ARG(req->act.place.slug), id_text(round->id.value).text,
			                id_text(o->id.value).text);
		if (st != OK)
			return st;
	}
	return OK;
}

static enum status
add_areas(struct request *req, struct name_rows *names)
{
	struct area_list areas;
	enum status st = act_place_areas(&req->act, &areas);

	if (st != OK)
		return st;
	names->ptr = ARENA_ARRAY(req->act.arena, areas.len, struct str);
	if (names->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < areas.len; i++)
		names->ptr[names->len++] = areas.ptr[i].name;
	return OK;
}

/* What a link to the round says in a chat. */
static struct str
description_of(struct request *req, const struct round *round, enum round_phase phase)
{
	struct message message = {
		.text = MSG("One idea, {money} to share. Voting ends {time}."),
		.plural = MSG("{n} ideas, {money} to share. Voting ends {time}."),
		.values = { message_number("n", (int64_t)round->options.len),
		            message_money("money", round->facts.budget),
		            message_time("time", round->facts.closes_at) } };

	if (phase == PHASE_VOTING) {
		message.text = MSG("Choose what {money} should do. One idea is on the ballot. You can "
		                   "vote until {time}.");
		message.plural = MSG("Choose what {money} should do. {n} ideas are on the ballot. You "
		                     "can vote until {time}.");
	} else if (phase == PHASE_COUNTED) {
		message.text = MSG("One idea, {money} to share. It is counted: see what won.");
		message.plural = MSG("{n} ideas, {money} to share. It is counted: see what won.");
	} else if (phase == PHASE_VOID) {
		message.text = MSG("This round was ended without a count.");
		message.plural = NULL;
	}
	return words_of(req, &message);
}

static enum status
round_view(struct request *req, const struct round *round, struct round_page *view)
{
	const struct round_facts *facts = &round->facts;
	enum round_phase phase =
		round_phase(facts->state, facts->opens_at, facts->closes_at, req->act.now);
	bool manage = act_allows(&req->act, RIGHT_ROUND_MANAGE) && !req->act.place.imported;
	struct refusal why;
	enum status st;

	*view = (struct round_page){
		.path = round_path(req, round->id, ""),
		.decisions = round_path(req, (struct round_id){ 0 }, ""),
		.phase = str_of(round_phase_name(phase)), .settling = facts->challenges > 0,
		.title = round->title, .description = description_of(req, round, phase),
		.void_reason = round->void_reason, .budget = facts->budget, .most = round->most,
		.points = round->points, .points_each = round->points_each,
		.least_age = round->least_age, .one = round->kind == BALLOT_CHOOSE_1,
		.by_points = round->kind == BALLOT_CUMULATIVE, .by_order = round->kind == BALLOT_ORDINAL,
		.residents = round->residents, .imported = req->act.place.imported,
		.shares = str_is(round->rule.rule, "equal-shares"),
		.steps = round->rule.increment.minor > 0, .step = round->rule.increment,
		.threshold = round->rule.threshold,
		.rule = method_sentence(round->rule.rule, round->rule.utility, round->rule.threshold),
		.rule_name = method_name(round->rule.rule, round->rule.utility),
		.utility = method_label(METHOD_UTILITY, round->rule.utility),
		.completion = method_label(METHOD_COMPLETION, round->rule.completion),
		.ties = method_label(METHOD_TIES, round->rule.ties), .opens_at = facts->opens_at,
		.closes_at = facts->closes_at, .counted_at = round->counted_at,
		.rules_hash = round->rules_hash, .fingerprint = in_fours(req, round->rules_hash),
		.may_manage = manage, .pot = facts->pot,
		.may_void = manage &&
		            (facts->state == ROUND_OPEN || facts->state == ROUND_SETTLING),
		.may_reopen = manage &&
		              round_may_reopen(facts->state, round->replaced_by.value != 0, &why) == OK };
	if (round->replaces.value != 0)
		view->replaces = round_path(req, round->replaces, "");
	if (round->replaced_by.value != 0)
		view->replaced_by = round_path(req, round->replaced_by, "");
	st = add_options(req, round, manage && (phase == PHASE_COMING || phase == PHASE_VOTING),
	                 &view->options);
	if (st == OK && round->residents)
		st = add_areas(req, &view->areas);
	if (st == OK && round->intro.len > 0)
		st = markdown_render(req->act.arena, round->intro, &view->intro);
	if (st == OK)
		st = error_summary_of(req->act.arena, &req->refusal, &view->errors);
	return st;
}

void
page_round_show(struct request *req)
{
	struct round_page view;
	struct round round;
	enum status st = act_round_show(&req->act, round_of(req), &round);

	if (st == OK)
		st = round_view(req, &round, &view);
	if (st != OK)
		page_status(req, st);
	else
		html_round_show(page_open(req, "decisions"), &view);
}

/* Exactly what opening fixes; what stands in its way is said at once. */
static void
page_preview(struct request *req)
{
	struct round_page view;
	struct round round;
	enum status st = act_round_show(&req->act, round_of(req), &round);

	if (st == OK && round.facts.state != ROUND_DRAFT && req->refusal.status == OK) {
		page_go(req, "/decisions/%s", id_text(round.id.value).text);
		return;
	}
	if (st == OK && req->refusal.status == OK)
		(void)!round_may_open(&round.facts, req->act.now, &req->refusal);
	if (st == OK)
		st = round_view(req, &round, &view);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.may_open = req->refusal.status == OK;
	html_round_preview(page_open(req, "decisions"), &view);
}

static void
page_rules(struct request *req)
{
	struct str rules;
	enum status st = act_round_rules(&req->act, round_of(req), &rules);

	if (st != OK)
		page_status(req, st);
	else
		page_file(req, "application/json", "rules.json", rules);
}

/* ---- deeds ---- */

static enum status
deed_open(struct act *act, struct request *req, struct refusal *why)
{
	return act_round_open(act, round_of(req), why);
}

static void
page_opened(struct request *req)
{
	if (req->refusal.status != OK)
		page_preview(req);
	else
		page_go(req, "/decisions/%s", id_text(req->id[0]).text);
}

static enum status
deed_reopen(struct act *act, struct request *req, struct refusal *why)
{
	struct round_id *added = ARENA_NEW(act->arena, struct round_id);

	req->result = added;
	return added == NULL ? NO_MEMORY : act_round_reopen(act, round_of(req), added, why);
}

static void
page_reopened(struct request *req)
{
	const struct round_id *added = req->result;

	if (req->refusal.status != OK)
		page_round_show(req);
	else
		page_go(req, "/decisions/%s/edit", id_text(added->value).text);
}

static enum status
deed_void(struct act *act, struct request *req, struct refusal *why)
{
	return act_round_void(act, round_of(req), form_text(req, "reason"), why);
}

static enum status
deed_withdraw(struct act *act, struct request *req, struct refusal *why)
{
	return act_option_withdraw(act, round_of(req), (struct option_id){ req->id[1] },
	                           form_text(req, "reason"), why);
}

static void
reason_form(struct request *req, const char *kind, struct str title, const char *action)
{
	struct reason_page view = { .kind = str_of(kind), .title = title,
		                    .back = round_path(req, round_of(req), ""),
		                    .action = round_path(req, round_of(req), action) };
	enum status st = problem_of(req, &view.field, &view.problem, &view.errors);

	if (st != OK) {
		page_status(req, st);
		return;
	}
	if (req->route->method == METHOD_POST)
		view.reason = form_text(req, "reason");
	html_round_reason(page_open(req, "decisions"), &view);
}

static bool
is_done(const struct request *req)
{
	return req->route->method == METHOD_POST && req->refusal.status == OK;
}

static void
page_void(struct request *req)
{
	struct round round;
	enum status st;

	if (is_done(req)) {
		page_go(req, "/decisions/%s", id_text(req->id[0]).text);
		return;
	}
	st = act_round_show(&req->act, round_of(req), &round);
	if (st != OK)
		page_status(req, st);
	else
		reason_form(req, "round", round.title, "/void");
}

static void
page_withdraw(struct request *req)
{
	struct option_id id = { req->id[1] };
	struct round_option option;
	struct str action;
	enum status st;

	if (is_done(req)) {
		page_go(req, "/decisions/%s", id_text(req->id[0]).text);
		return;
	}
	st = act_option_show(&req->act, round_of(req), id, &option);
	if (st == OK)
		st = str_format(req->act.arena, &action, "/options/%s/withdraw", id_text(id.value).text);
	if (st != OK)
		page_status(req, st);
	else
		reason_form(req, "option", option.title, action.ptr);
}

enum { REASON_LEN = 1000 };

#define DRAFT_FIELDS                                                                       \
	{ { "title", FIELD_LINE, 120 }, { "intro", FIELD_BLOCK, 4000 },                    \
	  { "budget", FIELD_LINE, 24 }, { "most", FIELD_LINE, 6 }, { "rule", FIELD_LINE, 30 }, \
	  { "utility", FIELD_LINE, 20 }, { "completion", FIELD_LINE, 20 },                 \
	  { "increment", FIELD_LINE, 24 }, { "ties", FIELD_LINE, 20 },                     \
	  { "opens_on", FIELD_LINE, 10 }, { "opens_time", FIELD_LINE, 8 },                 \
	  { "closes_on", FIELD_LINE, 10 }, { "closes_time", FIELD_LINE, 8 },               \
	  { "who_may", FIELD_LINE, 20 }, { "least_age", FIELD_LINE, 3 },                   \
	  { "ballot_kind", FIELD_LINE, 20 }, { "points", FIELD_LINE, 6 },                  \
	  { "points_each", FIELD_LINE, 6 }, { "threshold", FIELD_LINE, 12 } }

const struct route routes_round[] = {
	{ .path = "/{place}/decisions", .page = page_list },
	{ .path = "/{place}/decisions/new", .right = RIGHT_ROUND_MANAGE, .page = page_round_new },
	{ .method = METHOD_POST, .path = "/{place}/decisions/new", .right = RIGHT_ROUND_MANAGE,
	  .fields = DRAFT_FIELDS, .deed = deed_round_add, .page = page_round_new },
	{ .path = "/{place}/decisions/{id}", .page = page_round_show },
	{ .path = "/{place}/decisions/{id}/rules.json", .page = page_rules },
	{ .path = "/{place}/decisions/{id}/edit", .right = RIGHT_ROUND_MANAGE,
	  .page = page_round_edit },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/edit",
	  .right = RIGHT_ROUND_MANAGE, .fields = DRAFT_FIELDS, .deed = deed_round_edit,
	  .page = page_round_edit },
	{ .path = "/{place}/decisions/{id}/options", .right = RIGHT_ROUND_MANAGE,
	  .page = page_round_choose },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/options",
	  .right = RIGHT_ROUND_MANAGE,
	  .fields = { { "idea", FIELD_MANY, 500 }, { "cost", FIELD_MANY, 500 },
	              { "take", FIELD_MANY, 500 } },
	  .deed = deed_round_choose, .page = page_round_choose },
	{ .path = "/{place}/decisions/{id}/preview", .right = RIGHT_ROUND_MANAGE,
	  .page = page_preview },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/open",
	  .right = RIGHT_ROUND_MANAGE, .deed = deed_open, .page = page_opened },
	{ .path = "/{place}/decisions/{id}/void", .right = RIGHT_ROUND_MANAGE, .page = page_void },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/void",
	  .right = RIGHT_ROUND_MANAGE, .fields = { { "reason", FIELD_BLOCK, REASON_LEN } },
	  .deed = deed_void, .page = page_void },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/reopen",
	  .right = RIGHT_ROUND_MANAGE, .deed = deed_reopen, .page = page_reopened },
	{ .path = "/{place}/decisions/{id}/options/{id}/withdraw", .right = RIGHT_ROUND_MANAGE,
	  .page = page_withdraw },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/options/{id}/withdraw",
	  .right = RIGHT_ROUND_MANAGE, .fields = { { "reason", FIELD_BLOCK, REASON_LEN } },
	  .deed = deed_withdraw, .page = page_withdraw },
	{ .path = NULL },
};
