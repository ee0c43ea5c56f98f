/* Setting up a place. */
#include "web/method_words.h"
#include "web/place.h"

#include "acts/place.h"
#include "web/request.h"
#include "web/set_up.html.h"

/* ---- setting up ---- */

/* The recipe that was asked for; the first without. */
static enum status
find_recipe(struct request *req, struct recipe *ret)
{
	struct str name = form_text(req, "recipe");

	return recipe_by_name(req->act.arena, name.len > 0 ? name : str_of(recipe_name(0)), ret);
}

/* A whole number with or without separators; 0 when nothing was typed. */
static enum status
number_typed(struct request *req, const char *field, const char *text, int64_t *ret,
             struct refusal *why)
{
	struct amount number = { 0 };
	struct str typed = form_text(req, field);

	if (typed.len > 0 && amount_parse(typed, 0, &number) != OK)
		return refuse(why, field, text);
	*ret = number.minor;
	return OK;
}

static enum status
pot_typed(struct request *req, struct place_plan *plan, struct refusal *why)
{
	struct str typed = form_text(req, "pot");
	int decimals = currency_decimals(plan->place.currency);

	plan->pot.minor = 0;
	if (typed.len == 0 || decimals < 0) /* an unknown currency is refused by itself */
		return OK;
	if (amount_parse(typed, decimals, &plan->pot) != OK)
		return refuse(why, "pot", MSG("Type an amount of money in digits, like 1,000,000."));
	return OK;
}

/* The recipe's plan with what was typed in its place. */
static enum status
plan_typed(struct request *req, const struct recipe *recipe, struct place_plan *plan,
           struct refusal *why)
{
	struct arena *arena = req->act.arena;
	struct place *place = &plan->place;
	enum status st = recipe_plan(arena, recipe, plan);

	if (st != OK)
		return st;
	place->name = form_text(req, "name");
	place->slug = form_text(req, "slug");
	place->purpose = form_text(req, "purpose");
	place->language = form_text(req, "language");
	place->currency = form_text(req, "currency");
	place->zone = form_text(req, "zone");
	plan->steward = (struct place_helper){ form_text(req, "steward_name"),
	                                       form_text(req, "steward_email") };
	plan->treasurer = (struct place_helper){ form_text(req, "treasurer_name"),
	                                         form_text(req, "treasurer_email") };
	if (place->slug.len == 0)
		st = place_key_of(arena, place->name, &place->slug);
	if (st == OK)
		st = number_typed(req, "people", MSG("Type how many people live there, in digits."),
		                  &place->people, why);
	if (st == OK)
		st = number_typed(req, "last_year", MSG("Type a year with four digits, like 2036."),
		                  &place->last_year, why);
	if (st == OK)
		st = pot_typed(req, plan, why);
	if (st == OK)
		st = place_areas_read(arena, form_text(req, "areas"), &plan->areas, &plan->areas_len, why);
	if (st == OK && currency_decimals(place->currency) >= 0)
		st = recipe_settings(recipe, place->currency, &plan->settings);
	return st;
}

static enum status
deed_set_up(struct act *act, struct request *req, struct refusal *why)
{
	struct place_plan plan;
	struct recipe recipe;
	struct str *slug = ARENA_NEW(act->arena, struct str);
	enum status st = slug == NULL ? NO_MEMORY : find_recipe(req, &recipe);

	if (st == OK)
		st = plan_typed(req, &recipe, &plan, why);
	/* Main's own table has the other paths. */
	if (st == OK && desk_path_taken(exchange_desk(exchange_of(req)), plan.place.slug))
		st = refuse(why, "slug", MSG("This address is taken in another database of this server, or one "
		                             "does not answer just now. Choose another, or try again later."));
	if (st == OK)
		st = act_place_set_up_by_key(act, form_text(req, "key"), &plan, why);
	if (st == OK)
		*slug = plan.place.slug;
	req->result = slug;
	return st;
}

/* What the form shows: typed before, or from the recipe. */
static void
fill_in(struct request *req, const struct recipe *recipe, struct set_up_page *view,
        struct str *currency, struct str *language, struct str *zone)
{
	bool posted = req->route->method == METHOD_POST;

	view->key = form_text(req, "key");
	*currency = posted ? form_text(req, "currency") : recipe->currency;
	*language = posted ? form_text(req, "language") : recipe->language;
	*zone = posted ? form_text(req, "zone") : recipe->zone;
	if (!posted) {
		view->purpose = recipe->purpose;
		view->areas = recipe->areas;
		view->pot = recipe->pot;
		return;
	}
	view->name = form_text(req, "name");
	view->slug = form_text(req, "slug");
	view->purpose = form_text(req, "purpose");
	view->people = form_text(req, "people");
	view->areas = form_text(req, "areas");
	view->pot = form_text(req, "pot");
	view->last_year = form_text(req, "last_year");
	view->steward_name = form_text(req, "steward_name");
	view->steward_email = form_text(req, "steward_email");
	view->treasurer_name = form_text(req, "treasurer_name");
	view->treasurer_email = form_text(req, "treasurer_email");
}

/* What the recipe will switch on. */
static void
preview(const struct recipe *recipe, struct set_up_page *view)
{
	const struct round_defaults *round = &recipe->settings.round;

	view->recipe = *recipe;
	view->limits = recipe->settings.limits;
	view->proportional = str_is(round->rule.rule, "equal-shares");
	view->rule = method_sentence(round->rule.rule, round->rule.utility, round->rule.threshold);
	view->one = str_is(round->ballot_kind, "choose-1");
	view->by_order = str_is(round->ballot_kind, "ordinal");
	view->points = round->points;
	view->residents = str_is(round->who_may, "residents");
	view->most = round->most;
}

static void
page_set_up(struct request *req)
{
	struct arena *arena = req->act.arena;
	struct set_up_page view = { .wrong = str_of(req->refusal.field),
	                            .problem = req->refusal.message };
	struct str currency, language, zone;
	struct recipe recipe;
	struct refusal why;
	enum status st;

	if (req->route->method == METHOD_POST && req->refusal.status == OK) {
		struct str path;

		st = str_format(arena, &path, "/%.*s/join?ready=1", STR_ARG(*(struct str *)req->result));
		if (st == OK)
			page_go_to(req, path);
		else
			page_status(req, st);
		return;
	}
	st = find_recipe(req, &recipe);
	if (st == OK) {
		preview(&recipe, &view);
		fill_in(req, &recipe, &view, &currency, &language, &zone);
		st = choices_currencies(arena, req->format.locale, currency, &view.currencies);
	}
	if (st == OK)
		st = choices_languages(arena, language, &view.languages);
	if (st == OK)
		st = choices_zones(arena, zone, &view.zones);
	if (st == OK)
		st = str_format(arena, &view.example, "%.*s/alder-vale/", STR_ARG(req->act.origin));
	if (st == OK)
		st = error_summary_of(arena, &req->refusal, &view.summary);
	if (st == OK) {
		st = act_set_up_key_fits(&req->act, view.key, &why);
		view.key_is_right = st == OK;
		st = st == REFUSED ? OK : st;
	}
	if (st != OK)
		page_status(req, st);
	else
		html_set_up(page_open(req, ""), &view);
}

const struct route routes_place[] = {
	{ .method = METHOD_GET, .path = "/set-up", .right = RIGHT_READ, .page = page_set_up,
	  .fields = { { "key", FIELD_LINE, 40 }, { "recipe", FIELD_LINE, 60 } },
	  .fresh = true, .per_minute = 60 },
	{ .method = METHOD_POST, .path = "/set-up", .right = RIGHT_PLACE_SET_UP,
	  .deed = deed_set_up, .page = page_set_up, .per_minute = 20,
	  .fields = {
		{ "key", FIELD_LINE, 40 },
		{ "recipe", FIELD_LINE, 60 },
		{ "name", FIELD_LINE, 60 },
		{ "slug", FIELD_LINE, 40 },
		{ "purpose", FIELD_BLOCK, 400 },
		{ "language", FIELD_LINE, 20 },
		{ "currency", FIELD_LINE, 3 },
		{ "zone", FIELD_LINE, 60 },
		{ "people", FIELD_LINE, 12 },
		{ "last_year", FIELD_LINE, 4 },
		{ "pot", FIELD_LINE, 24 },
		{ "areas", FIELD_BLOCK, 4000 },
		{ "steward_name", FIELD_LINE, 60 },
		{ "steward_email", FIELD_LINE, 254 },
		{ "treasurer_name", FIELD_LINE, 60 },
		{ "treasurer_email", FIELD_LINE, 254 },
	  } },
	{ .path = NULL },
};
