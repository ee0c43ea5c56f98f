/* Pages of the roll, for stewards: names, questions about them, turnout. */
#include "web/roll.h"

#include <string.h>

#include "web/roll.html.h"
#include "web/roll_person.html.h"
#include "web/roll_turnout.html.h"
#include "web/round.h"
#include "web/route.h"

enum { NAME_LEN = 120, WORDS_LEN = 1000 };

static struct round_id
round_of(const struct request *req)
{
	return (struct round_id){ req->id[0] };
}

static enum status
person_path(struct request *req, struct person_id person, struct str *ret)
{
	return str_format(req->act.arena, ret, "%.*s/roll/%s",
	                  STR_ARG(round_path(req, round_of(req), "")),
	                  id_text(person.value).text);
}

static enum status
add_challenge(struct request *req, const struct challenge_line *line, struct challenge_rows *rows)
{
	struct challenge_row *row = &rows->ptr[rows->len++];
	enum status st;

	*row = (struct challenge_row){ .name = line->name, .by = line->by, .reason = line->reason,
		                       .answer = line->answer, .made_at = line->made_at,
		                       .settled = line->settled, .upheld = line->upheld,
		                       .mine_to_settle = line->mine_to_settle };
	st = person_path(req, line->person, &row->person_path);
	if (st == OK)
		st = str_format(req->act.arena, &row->action, "%.*s/challenges/%s",
		                STR_ARG(round_path(req, round_of(req), "")),
		                id_text(line->id.value).text);
	return st;
}

/* Those that are settled, or not yet. */
static enum status
add_challenges(struct request *req, const struct challenge_list *list, bool settled, bool all,
               struct challenge_rows *rows)
{
	enum status st = OK;

	rows->ptr = ARENA_ARRAY(req->act.arena, list->len, struct challenge_row);
	if (rows->ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < list->len; i++)
		if (all || list->ptr[i].settled == settled)
			st = add_challenge(req, &list->ptr[i], rows);
	return st;
}

/* ---- the roll ---- */

static enum status
add_lines(struct request *req, const struct roll_shown *shown, struct roll_page *view)
{
	enum status st = OK;

	view->lines.ptr = ARENA_ARRAY(req->act.arena, shown->lines.len, struct roll_row);
	if (view->lines.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; st == OK && i < shown->lines.len; i++) {
		const struct roll_line *line = &shown->lines.ptr[i];
		struct roll_row *row = &view->lines.ptr[view->lines.len++];

		*row = (struct roll_row){ .name = line->name, .area = line->area,
			                  .struck = line->struck, .challenged = line->challenged };
		st = person_path(req, line->person, &row->path);
	}
	return st;
}

/* Appends percent-encoded: for names in an address. */
static void
add_query(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			buf_add_char(out, (char)c);
		else
			buf_add_format(out, "%%%02X", c);
	}
}

static enum status
more_path(struct request *req, const struct roll_shown *shown, struct roll_page *view)
{
	const struct roll_line *last = &shown->lines.ptr[shown->lines.len - 1];
	struct buf out;
	enum status st;

	buf_init(&out, 4000);
	buf_add(&out, view->path);
	buf_add_c(&out, "/roll?q=");
	add_query(&out, view->search);
	buf_add_c(&out, "&name=");
	add_query(&out, last->name);
	buf_add_format(&out, "&after=%s", id_text(last->person.value).text);
	st = buf_status(&out);
	if (st == OK)
		st = str_copy(req->act.arena, buf_str(&out), &view->more);
	buf_release(&out);
	return st;
}

static enum status
roll_load(struct request *req, struct roll_page *view)
{
	struct person_id after = { 0 };
	struct roll_shown shown;
	enum status st = OK;

	if (form_has(req, "after"))
		st = id_parse(form_text(req, "after"), &after.value);
	view->search = form_text(req, "q");
	if (st == OK)
		st = act_roll_show(&req->act, round_of(req), view->search, form_text(req, "name"),
		                   after, &shown);
	if (st != OK)
		return st;
	view->path = round_path(req, round_of(req), "");
	view->title = shown.round.title;
	view->searched = view->search.len > 0;
	view->people = shown.people;
	view->frozen = shown.round.facts.state == ROUND_COUNTING ||
	               shown.round.facts.state == ROUND_COUNTED;
	st = add_lines(req, &shown, view);
	if (st == OK)
		st = add_challenges(req, &shown.challenges, false, false, &view->open);
	if (st == OK)
		st = add_challenges(req, &shown.challenges, true, false, &view->settled);
	if (st == OK && shown.more)
		st = more_path(req, &shown, view);
	return st;
}

static void
page_roll(struct request *req)
{
	struct roll_page view = { .searched = false };
	enum status st = roll_load(req, &view);

	if (st != OK)
		page_status(req, st);
	else
		html_roll(page_open(req, "decisions"), &view);
}

/* ---- one person on it ---- */

static enum status
person_load(struct request *req, struct person_id person, struct roll_person_page *view)
{
	struct challenge_list challenges;
	struct roll_line line;
	struct round round;
	enum status st = act_round_show(&req->act, round_of(req), &round);

	if (st == OK)
		st = act_roll_person(&req->act, round_of(req), person, &line, &challenges);
	if (st == OK)
		st = person_path(req, person, &view->action);
	if (st != OK)
		return st;
	view->path = round_path(req, round.id, "/roll");
	view->name = line.name;
	view->area = line.area;
	view->title = round.title;
	view->struck = line.struck;
	view->may_challenge =
		!line.struck && !line.challenged &&
		(round.facts.state == ROUND_OPEN || round.facts.state == ROUND_SETTLING);
	st = add_challenges(req, &challenges, false, true, &view->challenges);
	return st == OK ? problem_of(req, &view->field, &view->problem, &view->errors) : st;
}

static enum status
deed_challenge(struct act *act, struct request *req, struct refusal *why)
{
	return act_challenge_make(act, round_of(req), (struct person_id){ req->id[1] },
	                          form_text(req, "reason"), why);
}

static void
page_person(struct request *req)
{
	struct roll_person_page view = { .struck = false };
	enum status st;

	if (req->route->method == METHOD_POST && req->refusal.status == OK) {
		page_go(req, "/decisions/%s/roll", id_text(req->id[0]).text);
		return;
	}
	if (req->route->method == METHOD_POST)
		view.reason = form_text(req, "reason");
	st = person_load(req, (struct person_id){ req->id[1] }, &view);
	if (st != OK)
		page_status(req, st);
	else
		html_roll_person(page_open(req, "decisions"), &view);
}

static enum status
deed_settle(struct act *act, struct request *req, struct refusal *why)
{
	struct str uphold = form_text(req, "uphold");

	if (!str_is(uphold, "yes") && !str_is(uphold, "no"))
		return INVALID;
	return act_challenge_settle(act, round_of(req), (struct challenge_id){ req->id[1] },
	                            str_is(uphold, "yes"), form_text(req, "answer"), why);
}

static void
page_settled(struct request *req)
{
	struct roll_person_page view = { .struck = false };
	struct person_id person;
	enum status st;

	if (req->refusal.status == OK) {
		page_go(req, "/decisions/%s/roll", id_text(req->id[0]).text);
		return;
	}
	view.answer = form_text(req, "answer");
	st = act_challenge_person(&req->act, round_of(req), (struct challenge_id){ req->id[1] },
	                          &person);
	if (st == OK)
		st = person_load(req, person, &view);
	if (st != OK)
		page_status(req, st);
	else
		html_roll_person(page_open(req, "decisions"), &view);
}

/* ---- turnout ---- */

static void
page_turnout(struct request *req)
{
	struct turnout_page view = { .any_hidden = false };
	struct turnout turnout;
	enum status st = act_turnout_show(&req->act, round_of(req), &turnout);

	if (st == OK) {
		view.rows.ptr = ARENA_ARRAY(req->act.arena, turnout.cells.len, struct turnout_row);
		if (view.rows.ptr == NULL)
			st = NO_MEMORY;
	}
	if (st != OK) {
		page_status(req, st);
		return;
	}
	for (size_t i = 0; i < turnout.cells.len; i++) {
		const struct turnout_cell *cell = &turnout.cells.ptr[i];

		view.rows.ptr[view.rows.len++] = (struct turnout_row){
			.area = cell->area, .ballots = cell->ballots, .hidden = cell->hidden };
		view.any_hidden |= cell->hidden;
	}
	view.path = round_path(req, round_of(req), "");
	view.title = turnout.round.title;
	view.ballots = turnout.ballots;
	html_roll_turnout(page_open(req, "decisions"), &view);
}

const struct route routes_roll[] = {
	{ .path = "/{place}/decisions/{id}/roll", .right = RIGHT_ROLL_SEE,
	  .fields = { { "q", FIELD_LINE, NAME_LEN }, { "name", FIELD_LINE, NAME_LEN },
	              { "after", FIELD_LINE, ID_TEXT_LEN } },
	  .page = page_roll },
	{ .path = "/{place}/decisions/{id}/roll/{id}", .right = RIGHT_ROLL_SEE,
	  .page = page_person },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/roll/{id}",
	  .right = RIGHT_ROLL_CHALLENGE, .fields = { { "reason", FIELD_BLOCK, WORDS_LEN } },
	  .deed = deed_challenge, .page = page_person },
	{ .method = METHOD_POST, .path = "/{place}/decisions/{id}/challenges/{id}",
	  .right = RIGHT_ROLL_SETTLE,
	  .fields = { { "answer", FIELD_BLOCK, WORDS_LEN }, { "uphold", FIELD_LINE, 3 } },
	  .deed = deed_settle, .page = page_settled },
	{ .path = "/{place}/decisions/{id}/turnout", .right = RIGHT_TURNOUT_SEE,
	  .page = page_turnout },
	{ .path = NULL },
};
