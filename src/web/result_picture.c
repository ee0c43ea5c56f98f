/* The pictures of a counted round, as strips beside their figures. */
#include <stdlib.h>

#include "commons/roll.h"
#include "web/result.h"

/* Rows of a picture at most; the tables have everything. */
enum { CHOSEN_MAX = 15, NEAR_MAX = 8 };

enum status
result_bars_fill(struct arena *arena, const struct result *result, struct message own_name,
                 struct message other_name, struct result_page_view *view)
{
	const struct outcome_list_row *rows[2] = { &result->official, &result->other };

	view->bars.ptr = ARENA_ARRAY(arena, 2, struct share_bar);
	if (view->bars.ptr == NULL)
		return NO_MEMORY;
	view->bars.len = result->other.id.value != 0 ? 2 : 1;
	for (size_t i = 0; i < view->bars.len; i++) {
		view->bars.ptr[i] = (struct share_bar){
			.name = i == 0 ? own_name : other_name,
			.strip = strip_of(0, rows[i]->represented, rows[i]->voters),
			.represented = rows[i]->represented, .voters = rows[i]->voters };
		view->bars.ptr[i].strip.second = i > 0;
	}
	return OK;
}

/* ---- the ideas and the money ---- */

/* Each winner where the one before it ended; those for whom there is no room, as one. */
static void
chosen_fill(const struct result *result, const struct result_page_view *view,
            struct money_picture *picture)
{
	const size_t won = result->option_winners;
	const size_t shown = won > CHOSEN_MAX ? CHOSEN_MAX - 1 : won;
	int64_t spent = 0;

	for (size_t i = 0; i < shown; i++) {
		const struct result_option *o = &result->options[i];

		picture->chosen.ptr[i] = (struct money_bar){
			.title = o->title, .cost = o->cost,
			.strip = strip_of(spent, o->cost.minor, view->budget.minor) };
		spent += o->cost.minor;
	}
	picture->chosen.len = shown;
	picture->more = (int64_t)(won - shown);
	picture->rest = (struct money_bar){
		.cost = { view->spent.minor - spent },
		.strip = strip_of(spent, view->spent.minor - spent, view->budget.minor) };
	picture->unspent = view->rest;
	picture->left = strip_of(view->spent.minor, view->rest.minor, view->budget.minor);
	picture->left.pale = true;
}

/* The nearest first; then as in the table. */
static int
by_nearness(const void *a_, const void *b_)
{
	const struct money_bar *a = *(const struct money_bar *const *)a_;
	const struct money_bar *b = *(const struct money_bar *const *)b_;
	__int128 x = (__int128)a->had * b->whole;
	__int128 y = (__int128)b->had * a->whole;

	return x != y ? (x < y ? 1 : -1) : (a > b) - (a < b);
}

/* The cost at which a loser would have won; where nobody asked, what there was for it. Below 0:
 * none, or that is not why it lost. */
static int64_t
there_was(const struct result_option *o, const struct outcome *outcome, bool by_shares)
{
	const int64_t highest = outcome->options[o->number - 1].highest_cost;

	if (highest != OUTCOME_NOT_ASKED)
		return highest;
	if (o->why != OUTCOME_NOT_PAYABLE && o->why != OUTCOME_NO_ROOM)
		return -1;
	if (by_shares)
		return o->has_could_pay ? o->could_pay.minor : -1;
	return o->has_room ? o->room.minor : -1;
}

static enum status
near_fill(struct arena *arena, const struct result *result, const struct outcome *outcome,
          struct money_picture *picture)
{
	const size_t losers = result->options_len - result->option_winners;
	struct money_bar *all = ARENA_ARRAY(arena, losers, struct money_bar);
	const struct money_bar **sorted = ARENA_ARRAY(arena, losers, const struct money_bar *);
	size_t count = 0;

	if (all == NULL || sorted == NULL)
		return NO_MEMORY;
	for (size_t i = result->option_winners; i < result->options_len; i++) {
		const struct result_option *o = &result->options[i];
		int64_t had;

		if ((size_t)o->number > outcome->option_count)
			return FAILED;
		had = there_was(o, outcome, picture->by_shares);
		if (o->why == OUTCOME_WITHDRAWN)
			continue;
		picture->needed |= outcome->options[o->number - 1].highest_cost != OUTCOME_NOT_ASKED;
		if (had <= 0) /* it was not near */
			continue;
		all[count] = (struct money_bar){ .title = o->title, .cost = o->cost, .had = had,
			                         .whole = o->cost.minor,
			                         .strip = strip_of(0, had, o->cost.minor) };
		all[count].strip.pale = true;
		sorted[count] = &all[count];
		count++;
	}
	qsort(sorted, count, sizeof *sorted, by_nearness);
	picture->near.len = count > NEAR_MAX ? NEAR_MAX : count;
	for (size_t i = 0; i < picture->near.len; i++)
		picture->near.ptr[i] = *sorted[i];
	return OK;
}

enum status
result_picture_fill(struct arena *arena, const struct result *result,
                    const struct outcome *outcome, struct result_page_view *view)
{
	struct money_picture *picture = &view->picture;
	enum status st;

	picture->by_shares = str_is(result->official.rule, "equal-shares");
	picture->chosen.ptr = ARENA_ARRAY(arena, CHOSEN_MAX, struct money_bar);
	picture->near.ptr = ARENA_ARRAY(arena, NEAR_MAX, struct money_bar);
	if (picture->chosen.ptr == NULL || picture->near.ptr == NULL)
		return NO_MEMORY;
	chosen_fill(result, view, picture);
	st = near_fill(arena, result, outcome, picture);
	picture->any = picture->chosen.len + picture->near.len > 0;
	return st;
}

/* ---- how many winners each voter had chosen ---- */

/* Puts numbers of winners together until each row has enough voters that nobody's ballot shows; from
 * the end, where few are. Returns how many rows there are, in order from rows[0]. */
static size_t
put_together(const struct outcome *outcome, struct held_row *rows)
{
	size_t len = 0;

	for (size_t i = outcome->winners_held_count; i-- > 0;) {
		bool open = len > 0 && rows[len - 1].voters < TURNOUT_LEAST;

		if (!open)
			rows[len++] = (struct held_row){ .to = (int64_t)i };
		rows[len - 1].from = (int64_t)i;
		rows[len - 1].voters += outcome->winners_held[i];
	}
	if (len > 1 && rows[len - 1].voters < TURNOUT_LEAST) {
		rows[len - 2].from = rows[len - 1].from;
		rows[len - 2].voters += rows[len - 1].voters;
		len--;
	}
	for (size_t i = 0; i < len / 2; i++) {
		struct held_row row = rows[i];

		rows[i] = rows[len - 1 - i];
		rows[len - 1 - i] = row;
	}
	return len;
}

enum status
result_held_fill(struct arena *arena, const struct outcome *outcome, struct count_page_view *view)
{
	struct held_row *rows = ARENA_ARRAY(arena, outcome->winners_held_count,
	                                    struct held_row);
	int64_t most = 0;
	size_t len;

	if (rows == NULL)
		return NO_MEMORY;
	len = put_together(outcome, rows);
	for (size_t i = 0; i < len; i++)
		most = rows[i].voters > most ? rows[i].voters : most;
	for (size_t i = 0; i < len; i++) {
		rows[i].one = rows[i].from == rows[i].to;
		rows[i].last = !rows[i].one && i == len - 1 && i > 0;
		rows[i].strip = strip_of(0, rows[i].voters, most);
	}
	view->held = (struct held_rows){ rows, len };
	return OK;
}
