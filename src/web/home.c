/* The home page of a place, and how it works there. */
#include "web/home.h"

#include "acts/place.h"
#include "web/about.html.h"
#include "web/choice.h"
#include "web/home.html.h"
#include "web/method_words.h"
#include "web/route.h"

/* The pot's picture, as home_pot.html draws it. */
enum { PICTURE_WIDTH = 320, BAR_HEIGHT = 70, BARS_MAX = 8 };

/* A path of the place, in the request's arena. id 0: none. */
static enum status
path_to(struct request *req, const char *what, int64_t id, const char *rest, struct str *ret)
{
	return str_format(req->act.arena, ret, "/%.*s%s%s%s", STR_ARG(req->act.place.slug), what,
	                  id == 0 ? "" : id_text(id).text, rest);
}

static enum status
show_rounds(struct request *req, const struct home *home, struct home_page *view)
{
	size_t len = home->rounds.len;
	enum status st = OK;

	view->rounds.ptr = ARENA_ARRAY(req->act.arena, len, struct home_round_view);
	if (view->rounds.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < len && st == OK; i++) {
		const struct home_round *round = &home->rounds.ptr[i];
		struct home_round_view *v = &view->rounds.ptr[view->rounds.len++];

		*v = (struct home_round_view){
			.title = round->title,
			.vote_note = home->settings.words.vote_note,
			.options = round->options,
			.most = round->most,
			.points = round->points,
			.one = round->kind == BALLOT_CHOOSE_1,
			.by_order = round->kind == BALLOT_ORDINAL,
			.proportional = str_is(round->rule, "equal-shares"),
			.rule = method_sentence(round->rule, round->utility, round->threshold),
			.running = !time_before(req->act.now, round->opens_at),
			.opens_at = round->opens_at,
			.closes_at = round->closes_at,
		};
		st = path_to(req, "/decisions/", round->id.value, "", &v->path);
		if (st == OK)
			st = path_to(req, "/decisions/", round->id.value, "/ballot", &v->ballot_path);
	}
	return st;
}

static enum status
show_ideas(struct request *req, const struct home *home, struct home_page *view)
{
	enum status st = OK;

	view->ideas.ptr = ARENA_ARRAY(req->act.arena, home->ideas.len, struct home_idea_view);
	if (view->ideas.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < home->ideas.len && st == OK; i++) {
		const struct home_idea *idea = &home->ideas.ptr[i];
		struct home_idea_view *v = &view->ideas.ptr[view->ideas.len++];

		*v = (struct home_idea_view){
			.title = idea->title,
			.author = idea->author,
			.cost = idea->cost,
			.checked = idea->checked,
			.comments = idea->comments,
		};
		st = path_to(req, "/ideas/", idea->id.value, "", &v->path);
	}
	return st;
}

static enum status
show_decision(struct request *req, const struct home_decision *decision,
              struct home_decision_view *v)
{
	size_t len = decision->first.len;

	*v = (struct home_decision_view){
		.title = decision->title,
		.counted_at = decision->counted_at,
		.voters = decision->voters,
		.represented = decision->represented,
		.winners = decision->winners,
		.more = decision->winners - (int64_t)len,
		.total_cost = decision->total_cost,
		.first = { ARENA_ARRAY(req->act.arena, len, struct home_winner_view), len },
	};
	if (v->first.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < len; i++)
		v->first.ptr[i] = (struct home_winner_view){ decision->first.ptr[i].title,
		                                             decision->first.ptr[i].cost };
	return path_to(req, "/decisions/", decision->id.value, "", &v->path);
}

static enum status
show_decisions(struct request *req, const struct home *home, struct home_page *view)
{
	size_t len = home->decisions.len;
	enum status st = OK;

	view->decisions.ptr = ARENA_ARRAY(req->act.arena, len, struct home_decision_view);
	if (view->decisions.ptr == NULL)
		return NO_MEMORY;
	view->decisions.len = len;
	for (size_t i = 0; i < len && st == OK; i++)
		st = show_decision(req, &home->decisions.ptr[i], &view->decisions.ptr[i]);
	return st;
}

/* Bars of the last years; they begin at zero, and the highest fills the height. */
static enum status
show_bars(struct request *req, const struct money_page *money, struct home_pot *pot)
{
	size_t skip = money->years_len > BARS_MAX ? money->years_len - BARS_MAX : 0;
	size_t len = money->years_len - skip;
	const struct money_year *years = money->years + skip;
	int64_t step, most = 1;

	if (len < 2)
		return OK;
	pot->bars.ptr = ARENA_ARRAY(req->act.arena, len, struct home_bar);
	if (pot->bars.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < len; i++)
		if (years[i].held.minor > most)
			most = years[i].held.minor;
	step = PICTURE_WIDTH / (int64_t)len;
	for (size_t i = 0; i < len; i++) {
		struct home_bar *bar = &pot->bars.ptr[pot->bars.len++];

		bar->year = years[i].year;
		bar->held = years[i].held;
		bar->height = (int64_t)((double)years[i].held.minor / (double)most * BAR_HEIGHT + 0.5);
		bar->y = BAR_HEIGHT - bar->height;
		bar->width = step * 4 / 5 > 52 ? 52 : step * 4 / 5;
		bar->x = (int64_t)i * step + (step - bar->width) / 2;
		bar->middle = bar->x + bar->width / 2;
	}
	pot->first_year = years[0].year;
	pot->last_year = years[len - 1].year;
	return OK;
}

static enum status
show_pot(struct request *req, const struct home *home, struct home_page *view)
{
	const struct money_totals *totals = &home->money.totals;
	struct home_pot *pot = &view->pot;
	enum status st;

	view->has_pot = home->has_pot;
	if (!home->has_pot)
		return OK;
	*pot = (struct home_pot){
		.granted = totals->granted,
		.set_aside = totals->set_aside,
		.promised = totals->promised,
		.free = totals->pot,
	};
	st = amount_add(totals->pot, totals->set_aside, &pot->held);
	if (st == OK)
		st = amount_add(pot->held, totals->promised, &pot->held);
	if (st == OK)
		st = path_to(req, "/money", 0, "", &pot->path);
	return st == OK ? show_bars(req, &home->money, pot) : st;
}

static void
page_home(struct request *req)
{
	const struct place *place = &req->act.place;
	struct home_page view = {
		.place = place->name,
		.purpose = place->purpose,
		.people = place->people,
		.last_year = place->last_year,
		.imported = place->imported,
		.member = req->act.who.id.value != 0,
	};
	struct home home;
	enum status st = act_home_show(&req->act, &home);

	if (st == OK)
		st = path_to(req, "", 0, "", &view.path);
	if (st == OK)
		st = show_rounds(req, &home, &view);
	if (st == OK)
		st = show_ideas(req, &home, &view);
	if (st == OK)
		st = show_decisions(req, &home, &view);
	if (st == OK)
		st = show_pot(req, &home, &view);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.question = home.settings.words.question;
	if (place->imported)
		view.question = place->name;
	else if (view.question.len == 0)
		view.question = locale_words(req->format.locale,
		                             MSG("What shall we do with what we share?"));
	html_home(page_open(req, "home"), &view);
}

/* ---- how it works ---- */

static enum status
show_names(struct request *req, struct about_page *view)
{
	struct helper_list helpers;
	struct area_list areas;
	enum status st = act_place_helpers(&req->act, &helpers);

	if (st == OK)
		st = act_place_areas(&req->act, &areas);
	if (st != OK)
		return st;
	view->stewards.ptr = ARENA_ARRAY(req->act.arena, helpers.len, struct str);
	view->treasurers.ptr = ARENA_ARRAY(req->act.arena, helpers.len, struct str);
	view->areas.ptr = ARENA_ARRAY(req->act.arena, areas.len, struct str);
	if (view->stewards.ptr == NULL || view->treasurers.ptr == NULL || view->areas.ptr == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < helpers.len; i++) {
		if (helpers.ptr[i].steward)
			view->stewards.ptr[view->stewards.len++] = helpers.ptr[i].name;
		else
			view->treasurers.ptr[view->treasurers.len++] = helpers.ptr[i].name;
	}
	for (size_t i = 0; i < areas.len; i++)
		view->areas.ptr[view->areas.len++] = areas.ptr[i].name;
	return OK;
}

static enum status
show_paths(struct request *req, struct about_page *view)
{
	enum status st = path_to(req, "/join", 0, "", &view->join_path);

	if (st == OK)
		st = path_to(req, "/ideas/new", 0, "", &view->new_idea_path);
	if (st == OK)
		st = path_to(req, "/decisions/how-we-count", 0, "", &view->example_path);
	return st;
}

static void
page_about(struct request *req)
{
	const struct place *place = &req->act.place;
	struct about_page view = {
		.place = place->name,
		.purpose = place->purpose,
		.imported = place->imported,
	};
	struct place_settings settings;
	enum status st = act_place_settings(&req->act, &settings);

	if (st == OK)
		st = show_names(req, &view);
	if (st == OK)
		st = show_paths(req, &view);
	if (st == OK)
		st = language_in_words(req->act.arena, place->language, &view.language);
	if (st != OK) {
		page_status(req, st);
		return;
	}
	view.limits = settings.limits;
	view.proportional = str_is(settings.round.rule.rule, "equal-shares");
	view.rule = method_sentence(settings.round.rule.rule, settings.round.rule.utility,
	                            settings.round.rule.threshold);
	view.points = settings.round.points;
	view.by_order = str_is(settings.round.ballot_kind, "ordinal");
	view.one = str_is(settings.round.ballot_kind, "choose-1");
	view.most = settings.round.most;
	view.residents = str_is(settings.round.who_may, "residents");
	view.least_age = settings.round.least_age;
	view.days = settings.round.days;
	html_about(page_open(req, ""), &view);
}

const struct route routes_home[] = {
	{ .method = METHOD_GET, .path = "/{place}/", .right = RIGHT_READ, .page = page_home },
	{ .method = METHOD_GET, .path = "/{place}/about", .right = RIGHT_READ, .page = page_about },
	{ .path = NULL },
};
