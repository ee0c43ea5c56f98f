#include "core/decide/picture.h"

#include <stdlib.h>

#include "base/svg.h"

/* Places, in pixels. */
enum {
	WIDTH = 960, EDGE = 28,
	STRIP = WIDTH - 2 * EDGE, STRIP_TOP = 132, STRIP_HEIGHT = 30,
	ROWS_TOP = 240, ROW = 68,
	NUMBER_END = 52, NAME = 64, NAME_WIDTH = 480, REASON_WIDTH = 370,
	BAR = 480, /* of the dearest option, and of the one with the most votes */
	LINE_MAX_BYTES = 16 << 20
};

struct drawing {
	const struct election *e;
	const struct outcome *outcome;
	const struct picture_words *words;
	struct arena *arena;
	struct svg svg;
	struct buf line;       /* one piece of text, being made */
	bool failed;           /* some words were lost */
	int64_t dearest, most; /* cost, votes: 1 at least */
};

/* An amount in the election's money: as money where the currency is known and as fine, else as a plain
 * number, whose point is English. */
static void
add_amount(struct drawing *d, int64_t amount)
{
	const struct format *f = d->words->format;
	int64_t unit = 1;
	struct buf digits;

	if (f->currency.len > 0 && currency_decimals(f->currency) == d->e->decimals) {
		format_money(&d->line, f, (struct amount){ amount });
		return;
	}
	for (int i = 0; i < d->e->decimals; i++)
		unit *= 10;
	format_number(&d->line, f, amount / unit);
	if (amount % unit == 0)
		return;
	buf_init(&digits, 64);
	amount_write(&digits, (struct amount){ amount % unit }, d->e->decimals);
	buf_add(&d->line, str_cut(buf_str(&digits), 1, digits.len));
	buf_release(&digits);
}

/* The same as a value of a message. */
static struct message_value
amount_value(struct drawing *d, const char *name, int64_t amount)
{
	struct str text = STR("");

	buf_clear(&d->line);
	add_amount(d, amount);
	if (buf_status(&d->line) != OK || str_copy(d->arena, buf_str(&d->line), &text) != OK)
		d->failed = true;
	return message_text(name, text);
}

/* A message in words; until the next one. */
static struct str
say(struct drawing *d, struct message message)
{
	buf_clear(&d->line);
	format_message(&d->line, d->words->format, &message);
	d->failed = d->failed || buf_status(&d->line) != OK;
	return buf_str(&d->line);
}

static int64_t
part(int64_t amount, int64_t whole, int64_t width)
{
	int64_t wide = (int64_t)((__int128)amount * width / whole);

	return amount > 0 && wide == 0 ? 1 : wide < width ? wide : width;
}

/* ---- in which order ---- */

struct loser {
	int64_t votes;
	uint32_t option;
};

static int
by_votes(const void *a, const void *b)
{
	const struct loser *x = a, *y = b;

	if (x->votes != y->votes)
		return x->votes < y->votes ? 1 : -1;
	return (x->option > y->option) - (x->option < y->option);
}

/* Winners in order, then the others by votes; NULL when the arena is full. */
static uint32_t *
order_of(const struct drawing *d)
{
	const struct outcome *o = d->outcome;
	uint32_t *order = ARENA_ARRAY(d->arena, o->option_count, uint32_t);
	struct loser *losers = ARENA_ARRAY(d->arena, o->option_count, struct loser);
	size_t count = 0;

	if (order == NULL || losers == NULL)
		return NULL;
	for (size_t s = 0; s < o->step_count; s++)
		order[s] = o->steps[s].option;
	for (uint32_t i = 0; i < o->option_count; i++)
		if (o->options[i].place == 0)
			losers[count++] = (struct loser){ d->e->options[i].votes, i };
	qsort(losers, count, sizeof *losers, by_votes);
	for (size_t i = 0; i < count; i++)
		order[o->step_count + i] = losers[i].option;
	return order;
}

/* ---- the pieces ---- */

static struct message
winners_message(struct drawing *d)
{
	const struct outcome *o = d->outcome;

	return (struct message){ MSG("{n} of {options} won, for {money} of {budget}."),
		                 MSG("{n} of {options} won, for {money} of {budget}."),
		                 { message_number("n", (int64_t)o->step_count),
		                   message_number("options", (int64_t)o->option_count),
		                   amount_value(d, "money", o->total_cost),
		                   amount_value(d, "budget", o->budget) } };
}

/* What somebody is told who can't see it. */
static struct str
about(struct drawing *d)
{
	const struct outcome *o = d->outcome;

	(void)say(d, winners_message(d));
	for (size_t s = 0; s < o->step_count; s++) {
		buf_add_format(&d->line, " %zu. ", s + 1);
		buf_add(&d->line, d->words->names[o->steps[s].option]);
		buf_add_char(&d->line, '.');
	}
	d->failed = d->failed || buf_status(&d->line) != OK;
	return buf_str(&d->line);
}

static void
draw_head(struct drawing *d, struct str title)
{
	const struct outcome *o = d->outcome;
	const struct method *m = &o->method;

	svg_text(&d->svg, "big", EDGE, 44, STRIP, title);
	(void)say(d, winners_message(d));
	buf_add_char(&d->line, ' ');
	format_message(&d->line, d->words->format,
	               &(struct message){ .text = MSG("{part} of {voters} voters have a winner among "
	                                              "their choices."),
	                                  .values = { message_number("part", o->represented),
	                                              message_number("voters", o->voters) } });
	svg_text(&d->svg, "", EDGE, 72, STRIP, buf_str(&d->line));
	buf_clear(&d->line);
	buf_add_format(&d->line, "%s, utility %s", decide_rule_name(m->rule),
	               decide_utility_name(m->utility));
	if (m->rule == DECIDE_EQUAL_SHARES)
		buf_add_format(&d->line, ", completion %s", decide_completion_name(m->completion));
	buf_add_format(&d->line, ", ties %s", decide_ties_name(m->ties));
	svg_text(&d->svg, "small muted", EDGE, 92, STRIP, buf_str(&d->line));
}

/* The whole budget as one bar, and in it what each winner takes, with its number. */
static void
draw_budget(struct drawing *d)
{
	const struct outcome *o = d->outcome;
	int64_t spent = 0, end = EDGE + STRIP;

	svg_text(&d->svg, "bold", EDGE, STRIP_TOP - 8, 0,
	         say(d, (struct message){ .text = MSG("The budget") }));
	svg_text(&d->svg, "end", end, STRIP_TOP - 8, 0,
	         say(d, (struct message){ .text = MSG("{money} left"),
	                                  .values = { amount_value(d, "money",
	                                                           o->budget - o->total_cost) } }));
	svg_rect(&d->svg, "back", EDGE, STRIP_TOP, STRIP, STRIP_HEIGHT);
	for (size_t s = 0; s < o->step_count; s++) {
		uint32_t option = o->steps[s].option;
		int64_t from = part(spent, o->budget, STRIP), wide;

		spent += d->e->options[option].cost;
		wide = part(spent, o->budget, STRIP) - from;
		svg_rect(&d->svg, o->options[option].why == OUTCOME_WON_REST ? "rest" : "won",
		         EDGE + from, STRIP_TOP, wide > 2 ? wide - 1 : wide, STRIP_HEIGHT);
		if (wide < 24)
			continue;
		buf_clear(&d->line);
		format_number(&d->line, d->words->format, (int64_t)s + 1);
		svg_text(&d->svg, "small bold on mid", EDGE + from + wide / 2, STRIP_TOP + 20, 0,
		         buf_str(&d->line));
	}
	svg_line(&d->svg, "mark", end, STRIP_TOP - 4, end, STRIP_TOP + STRIP_HEIGHT + 4);
	buf_clear(&d->line);
	add_amount(d, o->budget);
	svg_text(&d->svg, "small muted end", end, STRIP_TOP + STRIP_HEIGHT + 20, 0, buf_str(&d->line));
	buf_clear(&d->line);
	format_number(&d->line, d->words->format, 0);
	svg_text(&d->svg, "small muted", EDGE, STRIP_TOP + STRIP_HEIGHT + 20, 0, buf_str(&d->line));
}

/* Why it won or lost, in a few words. */
static struct message
reason(struct drawing *d, const struct outcome_option *o)
{
	static const char *const texts[] = {
		[OUTCOME_WON] = MSG("won"),
		[OUTCOME_WON_REST] = MSG("won with what was left"),
		[OUTCOME_NOT_PAYABLE] = MSG("its supporters could pay {money}"),
		[OUTCOME_NO_ROOM] = MSG("only {money} was left"),
		[OUTCOME_STOPPED] = MSG("one before it did not fit"),
		[OUTCOME_NOBODY] = MSG("nobody chose it"),
		[OUTCOME_WITHDRAWN] = MSG("taken off before the count"),
		[OUTCOME_THRESHOLD] = MSG("fewer votes or points than the rule asks for"),
		[OUTCOME_TOO_DEAR] = MSG("costs more than the whole budget"),
		[OUTCOME_EXCLUDED] = MSG("can't win beside {name}"),
		[OUTCOME_GROUP_FULL] = MSG("no more may win of {name}"),
		[OUTCOME_NEEDS_OTHER] = MSG("can't win without {name}"),
		[OUTCOME_HELD_BACK] = MSG("money was kept for {name}") };
	struct message message = { .text = texts[o->why] };

	if (o->why == OUTCOME_NOT_PAYABLE)
		message.values[0] = amount_value(d, "money", o->could_pay);
	if (o->why == OUTCOME_NO_ROOM && o->left > 0)
		message.values[0] = amount_value(d, "money", o->left);
	else if (o->why == OUTCOME_NO_ROOM)
		message.text = MSG("nothing was left");
	if (o->why == OUTCOME_EXCLUDED || o->why == OUTCOME_NEEDS_OTHER)
		message.values[0] = message_text("name", d->words->names[o->other]);
	if (o->why == OUTCOME_GROUP_FULL || o->why == OUTCOME_HELD_BACK)
		message.values[0] = message_text("name", d->outcome->groups[o->group].name);
	return message;
}

/* How much of its cost there was for it. */
static int64_t
there_was(const struct outcome_option *o, int64_t cost)
{
	int64_t amount = o->place > 0 ? cost : o->why == OUTCOME_NOT_PAYABLE ? o->could_pay
	                 : o->why == OUTCOME_NO_ROOM ? o->left : 0;

	return amount < 0 ? 0 : amount < cost ? amount : cost;
}

static void
draw_bars(struct drawing *d, uint32_t option, int64_t y)
{
	const struct election_option *e = &d->e->options[option];
	const struct outcome_option *o = &d->outcome->options[option];
	int64_t wide = part(e->cost, d->dearest, BAR);

	svg_rect(&d->svg, "back", NAME, y, wide, 14);
	if (there_was(o, e->cost) > 0)
		svg_rect(&d->svg, o->place == 0 ? "had" : o->why == OUTCOME_WON_REST ? "rest" : "won", NAME, y,
		         part(there_was(o, e->cost), d->dearest, BAR), 14);
	svg_text(&d->svg, "small", NAME + wide + 8, y + 12, 0,
	         say(d, (struct message){ .text = MSG("costs {money}"),
	                                  .values = { amount_value(d, "money", e->cost) } }));
	wide = part(e->votes, d->most, BAR);
	svg_rect(&d->svg, "votes", NAME, y + 18, wide, 8);
	svg_text(&d->svg, "small", NAME + wide + 8, y + 27, 0,
	         say(d, (struct message){ MSG("{n} vote"), MSG("{n} votes"),
	                                  { message_number("n", e->votes) } }));
}

static void
draw_option(struct drawing *d, uint32_t option, int64_t y)
{
	const struct outcome_option *o = &d->outcome->options[option];

	svg_line(&d->svg, "rule", EDGE, y, EDGE + STRIP, y);
	if (o->place > 0) {
		buf_clear(&d->line);
		format_number(&d->line, d->words->format, o->place);
		svg_text(&d->svg, "bold end", NUMBER_END, y + 22, 0, buf_str(&d->line));
	}
	svg_text(&d->svg, o->place > 0 ? "bold" : "", NAME, y + 22, NAME_WIDTH,
	         d->words->names[option]);
	svg_text(&d->svg, o->place > 0 ? "bold end" : "muted end", EDGE + STRIP, y + 22, REASON_WIDTH,
	         say(d, reason(d, o)));
	draw_bars(d, option, y + 31);
}

static enum status
draw(struct drawing *d, struct buf *out)
{
	const struct outcome *o = d->outcome;
	const uint32_t *order = order_of(d);
	struct str title = d->words->title;

	if (order == NULL)
		return NO_MEMORY;
	if (title.len == 0)
		title = locale_words(d->words->format->locale, MSG("What came of the count"));
	svg_begin(&d->svg, out, locale_tag(d->words->format->locale), title, about(d), WIDTH,
	          ROWS_TOP + (int64_t)o->option_count * ROW + EDGE);
	draw_head(d, title);
	draw_budget(d);
	svg_text(&d->svg, "small muted", EDGE, ROWS_TOP - 16, STRIP,
	         say(d, (struct message){ .text = MSG("Upper bar: what it costs; its strong part, what "
	                                              "there was for it. Lower bar: its votes.") }));
	for (size_t i = 0; i < o->option_count; i++)
		draw_option(d, order[i], ROWS_TOP + (int64_t)i * ROW);
	svg_end(&d->svg);
	return d->failed ? NO_MEMORY : OK;
}

enum status
picture_draw(const struct election *e, const struct outcome *outcome,
             const struct picture_words *words, struct arena *arena, struct buf *out,
             struct decide_error *error)
{
	struct drawing d = { .e = e, .outcome = outcome, .words = words, .arena = arena,
		             .dearest = 1, .most = 1 };
	enum status st;

	if (outcome->option_count > PICTURE_OPTIONS_MAX) {
		(void)decide_fail(error, 0, STR("--svg"),
		                  MSG("There are too many options for one picture."));
		return TOO_LARGE;
	}
	for (size_t i = 0; i < e->option_count; i++) {
		d.dearest = e->options[i].cost > d.dearest ? e->options[i].cost : d.dearest;
		d.most = e->options[i].votes > d.most ? e->options[i].votes : d.most;
	}
	buf_init(&d.line, LINE_MAX_BYTES);
	st = draw(&d, out);
	buf_release(&d.line);
	return st;
}
