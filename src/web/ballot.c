/* Pages of ballots: one's own, its receipt, and the box. */
#include "web/ballot.h"

#include <string.h>

#include "web/ballot.html.h"
#include "web/ballot_box.html.h"
#include "web/ballot_receipt.html.h"
#include "web/round.h"
#include "web/route.h"

enum { CODE_LEN = 100, CHOICES_MAX = 2000, AREA_LEN = 60 };

static struct round_id
round_of(const struct request *req)
{
	return (struct round_id){ req->id[0] };
}

/* ---- the ballot ---- */

static bool
was_sent(const struct request *req)
{
	return req->route->method == METHOD_POST;
}

/* Was it in what was sent? *ret_at: as which of `choice`. */
static bool
find_sent(const struct request *req, int64_t number, size_t *ret_at)
{
	const struct form_value *sent = form_value(req, "choice");

	for (*ret_at = 0; *ret_at < sent->many_len; ++*ret_at) {
		int64_t n;

		if (str_to_int(sent->many[*ret_at], &n) == OK && n == number)
			return true;
	}
	return false;
}

/* Is it ticked: in what was sent, or, when nothing was, in the box? */
static bool
is_chosen(const struct request *req, const struct ballot_paper *paper, int64_t number)
{
	size_t at;

	return was_sent(req) ? find_sent(req, number, &at) : ballot_choice_has(&paper->choice, number);
}

/* The number beside it, as typed or as it is in the box. */
static enum status
given_to(struct request *req, const struct ballot_paper *paper, int64_t number, struct str *ret)
{
	const struct form_value *given;
	int64_t n = ballot_choice_given(&paper->choice, number);
	size_t at;

	*ret = (struct str){ NULL, 0 };
	if (!was_sent(req))
		return n == 0 ? OK : str_format(req->act.arena, ret, "%lld", (long long)n);
	given = form_value(req, "given");
	if (find_sent(req, number, &at) && at < given->many_len)
		*ret = given->many[at];
	return OK;
}

/* What was typed more than once as a place in the order. */
static bool
is_twice(const struct request *req, int64_t place)
{
	const struct form_value *given = form_value(req, "given");
	size_t times = 0;

	for (size_t i = 0; i < given->many_len; i++) {
		int64_t n;

		times += ballot_number_parse(given->many[i], &n) == OK && n == place;
	}
	return times > 1;
}

/* The number beside an option, and whether it is to blame for a refusal. */
static enum status
add_number(struct request *req, const struct ballot_paper *paper, struct ballot_page *view,
           struct ballot_row *row)
{
	const struct round *round = &paper->round;
	bool refused = was_sent(req) && str_is(str_of(req->refusal.field), "choice");
	int64_t n;
	enum status st = given_to(req, paper, row->number, &row->given);

	if (st != OK)
		return st;
	row->wrong = refused && ballot_number_parse(row->given, &n) != OK;
	if (row->wrong || row->withdrawn || ballot_number_parse(row->given, &n) != OK || n == 0)
		return OK;
	row->chosen = true;
	if (view->by_points)
		view->given += n;
	row->wrong = refused && (view->by_points ? round->points_each > 0 && n > round->points_each
	                                         : is_twice(req, n));
	return OK;
}

/* How much of the picture's bar a part of the whole fills. */
static int64_t
bar_of(int64_t part, int64_t whole)
{
	return part >= whole ? BALLOT_BAR
	                     : (int64_t)((double)part * BALLOT_BAR / (double)whole);
}

static enum status
add_options(struct request *req, const struct ballot_paper *paper, struct ballot_page *view)
{
	const struct round_option_list *options = &paper->round.options;

	view->options.ptr = ARENA_ARRAY(req->act.arena, options->len, struct ballot_row);
	if (view->options.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < options->len; i++) {
		const struct round_option *o = &options->ptr[paper->order[i]];
		struct ballot_row *row = &view->options.ptr[view->options.len++];

		*row = (struct ballot_row){ .number = o->number, .title = o->title,
			                    .summary = o->summary, .cost = o->cost,
			                    .withdrawn = o->withdrawn, .reason = o->reason };
		if (!view->numbers)
			row->chosen = is_chosen(req, paper, o->number);
		else if (add_number(req, paper, view, row) != OK)
			return NO_MEMORY;
		if (o->idea.value != 0 &&
		    str_format(req->act.arena, &row->idea_path, "/%.*s/ideas/%s",
		               STR_ARG(req->act.place.slug), id_text(o->idea.value).text) != OK)
			return NO_MEMORY;
		if (!row->chosen || row->withdrawn)
			continue;
		view->ticked++;
		if (amount_add(view->chosen, row->cost, &view->chosen) != OK)
			return FAILED;
	}
	view->none_chosen = view->ticked == 0 && (paper->in_box || was_sent(req));
	view->bar = view->by_points ? bar_of(view->given, view->points)
	                            : bar_of(view->chosen.minor, view->budget.minor);
	return OK;
}

static enum status
add_areas(struct request *req, const struct ballot_paper *paper, struct ballot_page *view)
{
	struct str chosen = was_sent(req) ? form_text(req, "area") : paper->area;

	view->areas.ptr = ARENA_ARRAY(req->act.arena, paper->areas.len, struct area_row);
	if (view->areas.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < paper->areas.len; i++)
		view->areas.ptr[view->areas.len++] = (struct area_row){
			.key = paper->areas.ptr[i].key, .name = paper->areas.ptr[i].name,
			.chosen = str_eq(paper->areas.ptr[i].key, chosen) };
	return OK;
}

static enum status
ballot_view(struct request *req, const struct ballot_paper *paper, struct ballot_page *view)
{
	const struct round *round = &paper->round;
	const struct round_facts *facts = &round->facts;
	int decimals = currency_decimals(req->act.place.currency);
	enum status st;

	*view = (struct ballot_page){
		.path = round_path(req, round->id, ""),
		.phase = str_of(round_phase_name(round_phase(facts->state, facts->opens_at,
		                                             facts->closes_at, req->act.now))),
		.title = round->title, .opens_at = facts->opens_at, .closes_at = facts->closes_at,
		.budget = facts->budget, .most = round->most,
		.one = round->kind == BALLOT_CHOOSE_1, .numbers = ballot_kind_has_numbers(round->kind),
		.by_points = round->kind == BALLOT_CUMULATIVE, .points = round->points,
		.points_each = round->points_each, .in_box = paper->in_box,
		.struck = paper->struck, .ask_area = round->residents,
		.ask_age = round->least_age > 0 && !paper->on_roll, .least_age = round->least_age,
		.of_age = was_sent(req) && form_has(req, "of_age"),
		.locale = locale_tag(req->format.locale), .currency = req->act.place.currency,
		.decimals = decimals < 0 ? 2 : decimals };
	view->doubts.ptr = paper->doubts.ptr;
	view->doubts.len = paper->doubts.len;
	st = add_options(req, paper, view);
	if (st == OK)
		st = add_areas(req, paper, view);
	if (st == OK)
		st = problem_of(req, &view->field, &view->problem, &view->errors);
	return st;
}

static void
page_ballot(struct request *req)
{
	struct ballot_paper paper;
	struct ballot_page view;
	enum status st = act_ballot_show(&req->act, round_of(req), &paper);

	if (st == OK)
		st = ballot_view(req, &paper, &view);
	if (st != OK)
		page_status(req, st);
	else
		html_ballot(page_open(req, "decisions"), &view);
}

/* ---- into the box ---- */

struct cast {
	struct ballot_nonce nonce;
	bool changed, blank;
};

/* What was sent as act_ballot_cast takes it: "2", or "2:3" with the number beside each. INVALID: not
 * as many numbers as options. */
static enum status
sent_values(const struct request *req, struct arena *arena, struct str **ret, bool *ret_blank)
{
	const struct form_value *choice = form_value(req, "choice"), *given = form_value(req, "given");
	enum status st = OK;

	*ret = choice->many;
	*ret_blank = choice->many_len == 0;
	if (given->many_len == 0)
		return OK;
	if (given->many_len != choice->many_len)
		return INVALID;
	*ret = ARENA_ARRAY(arena, choice->many_len, struct str);
	*ret_blank = true;
	if (*ret == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < choice->many_len; i++) {
		int64_t n;

		*ret_blank = *ret_blank && ballot_number_parse(given->many[i], &n) == OK && n == 0;
		st = str_format(arena, &(*ret)[i], "%.*s:%.*s", STR_ARG(choice->many[i]),
		                STR_ARG(given->many[i]));
	}
	return st;
}

/* Each change is a line in the record for ever: nobody should fill it by holding a key down. */
static bool
may_cast_now(const struct act *act, struct request *req)
{
	enum { AT_ONCE = 20, PER_HOUR = 20 };
	int64_t who[3] = { act->place.id.value, round_of(req).value, act->who.id.value };

	return request_within_limit(req, "ballot", (struct str){ (const char *)who, sizeof who },
	                            AT_ONCE, PER_HOUR);
}

static enum status
deed_cast(struct act *act, struct request *req, struct refusal *why)
{
	const struct form_value *choice = form_value(req, "choice");
	struct ballot_declaration declaration = { .area = form_text(req, "area"),
		                                  .of_age = form_has(req, "of_age") };
	struct cast *cast = ARENA_NEW(act->arena, struct cast);
	struct str *values;
	enum status st;

	req->result = cast;
	if (cast == NULL)
		return NO_MEMORY;
	st = sent_values(req, act->arena, &values, &cast->blank);
	if (st != OK)
		return st;
	if (!may_cast_now(act, req)) {
		(void)!refuse(why, NULL, MSG("You changed your ballot very often. The last one you sent is in "
		                             "the box. Please wait some minutes before you change it again."));
		return TOO_MANY;
	}
	return act_ballot_cast(act, round_of(req), values, choice->many_len, &declaration,
	                       &cast->nonce, &cast->changed, why);
}

/* The answer to the POST itself: the code is known only here (acts/ballot.h). */
static void
page_cast(struct request *req)
{
	const struct cast *cast = req->result;
	struct receipt_page view;
	struct ballot_round round;
	enum status st;

	if (req->refusal.status != OK) {
		page_ballot(req);
		return;
	}
	st = act_ballot_round(&req->act, round_of(req), &round);
	view = (struct receipt_page){ .path = round_path(req, round_of(req), ""),
		                      .changed = cast->changed,
		                      .blank = cast->blank };
	if (st == OK)
		st = str_copy(req->act.arena, str_of(ballot_code(&cast->nonce).text), &view.code);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.title = round.title;
	view.closes_at = round.closes_at;
	html_ballot_receipt(page_open(req, "decisions"), &view);
}

/* ---- the box ---- */

/* "a3" of the query: which drawer. -1: there is none of that name. */
static int64_t
drawer_of(const struct request *req)
{
	struct str name = form_text(req, "begins");
	int64_t drawer = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

		if (digit < 0)
			return -1;
		drawer = drawer * 16 + digit;
	}
	return drawer;
}

static enum status
add_drawers(struct request *req, const struct ballot_box *box, struct box_page *view)
{
	int64_t drawers = INT64_C(1) << (4 * box->digits);

	if (box->digits == 0)
		return OK;
	view->drawers.ptr = ARENA_ARRAY(req->act.arena, (size_t)drawers, struct drawer_row);
	if (view->drawers.ptr == NULL)
		return NO_MEMORY;
	for (int64_t i = 0; i < drawers; i++) {
		struct drawer_row *row = &view->drawers.ptr[view->drawers.len++];

		if (str_format(req->act.arena, &row->name, "%0*llx", box->digits,
		               (unsigned long long)i) != OK ||
		    str_format(req->act.arena, &row->path, "%.*s/box?begins=%.*s", STR_ARG(view->path),
		               STR_ARG(row->name)) != OK)
			return NO_MEMORY;
		row->here = i == box->drawer;
	}
	return OK;
}

/* What somebody looks for; REFUSED (in req->refusal) when it is no receipt. */
static enum status
look_for(struct request *req, struct box_page *view)
{
	struct digest receipt;
	enum status st;

	view->code = form_text(req, "code");
	if (ballot_code_parse(view->code, &receipt) != OK) {
		st = refuse(&req->refusal, "code",
		            MSG("A receipt has 32 letters and digits, as on the page you saw after "
		                "voting. Look whether all are there."));
		return st == REFUSED ? OK : st;
	}
	view->searched = true;
	st = act_ballot_find(&req->act, round_of(req), receipt, &view->found);
	if (st == OK)
		st = str_copy(req->act.arena, str_of(digest_text(receipt).text), &view->found_receipt);
	return st;
}

static enum status
box_load(struct request *req, struct box_page *view)
{
	bool posted = req->route->method == METHOD_POST;
	struct ballot_box box;
	struct round round;
	enum status st = act_round_show(&req->act, round_of(req), &round);

	view->path = round_path(req, round_of(req), "");
	view->action = round_path(req, round_of(req), "/box");
	if (st == OK && posted && req->refusal.status == OK)
		st = look_for(req, view);
	if (st == OK)
		st = act_ballot_box(&req->act, round_of(req), posted ? 0 : drawer_of(req), &box);
	if (st == OK)
		st = add_drawers(req, &box, view);
	if (st != OK)
		return st;
	view->title = round.title;
	view->ballots = box.ballots;
	view->many = box.many;
	view->receipts.ptr = ARENA_ARRAY(req->act.arena, box.receipts.len, struct str);
	if (view->receipts.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < box.receipts.len; i++)
		view->receipts.ptr[view->receipts.len++] = str_of(box.receipts.ptr[i].text);
	return problem_of(req, &view->field, &view->problem, &view->errors);
}

static void
page_box(struct request *req)
{
	struct box_page view = { .searched = false };
	enum status st = box_load(req, &view);

	if (st != OK)
		page_status(req, st);
	else
		html_ballot_box(page_open(req, "decisions"), &view);
}

const struct route routes_ballot[] = {
	{ .path = "/{place}/decisions/{id}/ballot", .right = RIGHT_VOTE, .page = page_ballot },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/ballot", .right = RIGHT_VOTE,
	  .fields = { { "choice", FIELD_MANY, CHOICES_MAX }, { "given", FIELD_EACH, CHOICES_MAX },
	              { "area", FIELD_LINE, AREA_LEN },
	              { "of_age", FIELD_LINE, 3 } },
	  .deed = deed_cast, .page = page_cast },
	{ .path = "/{place}/decisions/{id}/box", .fields = { { "begins", FIELD_LINE, 2 } },
	  .page = page_box },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/box",
	  .fields = { { "code", FIELD_LINE, CODE_LEN } }, .page = page_box, .per_minute = 60 },
	{ .path = NULL },
};
