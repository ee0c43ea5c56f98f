#include "core/decide/ranked/picture.h"

#include <stdlib.h>

#include "base/svg.h"

/* Places, in pixels. */
enum {
	EDGE = 28, TOP = 150, NAME_WIDTH = 230, LEFT = EDGE + NAME_WIDTH + 10,
	STAGE = 140, STAGE_BAR = 124, STAGE_ROW = 38,
	CELL = 60, CELL_ROW = 32,
	SCORE_BAR = 420, SCORE_ROW = 34, WIDTH_LEAST = 960,
	WORDS_MAX = 16 << 20
};

struct drawing {
	const struct ranked_election *e;
	const struct ranked_outcome *o;
	struct svg svg;
	struct buf line;  /* one piece of text, being made */
	uint32_t *order;  /* who is drawn, from top to bottom */
	size_t count;
	int64_t most;     /* what the longest bar is, at least 1 */
};

static struct str
name_of(const struct drawing *d, size_t candidate)
{
	return d->e->candidates[candidate].name;
}

/* Two places are enough to see; what is cut off is nobody's. */
static void
add_votes(struct buf *out, int64_t votes, int decimals)
{
	int64_t unit = 1;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	buf_add_format(out, "%lld", (long long)(votes / unit));
	if (decimals >= 2 && votes % unit / (unit / 100) != 0)
		buf_add_format(out, ".%02lld", (long long)(votes % unit / (unit / 100)));
}

static int64_t
part(const struct drawing *d, int64_t votes, int64_t width)
{
	int64_t wide = (int64_t)((__int128)votes * width / d->most);

	return votes > 0 && wide == 0 ? 1 : wide;
}

/* ---- who is drawn ---- */

struct place {
	int64_t rank; /* small first */
	uint32_t candidate;
};

static int
by_rank(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

/* Winners in order, then whoever stayed longest; or by the order of the outcome, where it has one. */
static enum status
find_order(struct drawing *d, struct arena *arena)
{
	const struct ranked_outcome *o = d->o;
	struct place *places = ARENA_ARRAY(arena, o->candidate_count, struct place);

	d->order = ARENA_ARRAY(arena, o->candidate_count, uint32_t);
	if (places == NULL || d->order == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < o->candidate_count; i++) {
		const struct ranked_fate *fate = &o->fates[i];

		if (fate->why == RANKED_STOOD_DOWN)
			continue;
		places[d->count++] = (struct place){
			fate->place > 0 ? (int64_t)fate->place
			: (int64_t)(o->candidate_count + 1 + o->stage_count) - (int64_t)fate->stage,
			(uint32_t)i };
		if (fate->why == RANKED_LEFT_OVER) /* to the end */
			places[d->count - 1].rank = (int64_t)o->candidate_count;
	}
	qsort(places, d->count, sizeof *places, by_rank);
	for (size_t i = 0; i < d->count; i++)
		d->order[i] = o->order != NULL && o->order_count == d->count ? o->order[i]
		                                                             : places[i].candidate;
	return OK;
}

/* ---- around every picture ---- */

static void
begin(struct drawing *d, struct buf *out, int64_t width, int64_t height, const char *caption)
{
	const struct ranked_outcome *o = d->o;
	struct str title = d->e->title.len > 0 ? d->e->title : STR("What came of the count");
	size_t said;

	if (width < WIDTH_LEAST)
		width = WIDTH_LEAST;
	buf_clear(&d->line);
	buf_add_format(&d->line, "%zu of %zu elected by %lld voters.", o->winner_count,
	               d->count, (long long)o->voters);
	said = d->line.len;
	for (size_t i = 0; i < o->winner_count; i++) {
		buf_add_format(&d->line, " %zu. ", i + 1);
		buf_add(&d->line, name_of(d, o->winners[i]));
		buf_add_char(&d->line, '.');
	}
	svg_begin(&d->svg, out, STR("en"), title, buf_str(&d->line), width, height);
	svg_text(&d->svg, "big", EDGE, 44, WIDTH_LEAST - 2 * EDGE, title);
	svg_text(&d->svg, "", EDGE, 72, 0, str_cut(buf_str(&d->line), 0, said));
	buf_clear(&d->line);
	buf_add_format(&d->line, "%s. %s", ranked_rule_name(o->method.rule), caption);
	svg_text(&d->svg, "small muted", EDGE, 92, WIDTH_LEAST - 2 * EDGE, buf_str(&d->line));
}

static void
draw_name(struct drawing *d, size_t candidate, int64_t y)
{
	size_t place = d->o->fates[candidate].place;

	if (place > 0) {
		buf_clear(&d->line);
		buf_add_format(&d->line, "%zu", place);
		svg_text(&d->svg, "bold", EDGE, y, 0, buf_str(&d->line));
	}
	svg_text(&d->svg, place > 0 ? "bold" : "", EDGE + 28, y, NAME_WIDTH - 28,
	         name_of(d, candidate));
}

/* ---- stages ---- */

static const char *
stage_name(const struct ranked_stage *s)
{
	static const char *const names[] = {
		[RANKED_DEED_FIRST] = "first preferences", [RANKED_DEED_SURPLUS] = "surplus of:",
		[RANKED_DEED_EXCLUDED] = "votes of:", [RANKED_DEED_ITERATED] = "shares found anew",
		[RANKED_DEED_REST] = "seats for the rest" };

	return names[s->deed];
}

static void
draw_stage_head(struct drawing *d, size_t stage, int64_t x)
{
	const struct ranked_stage *s = &d->o->stages[stage];

	buf_clear(&d->line);
	buf_add_format(&d->line, "Stage %zu", stage + 1);
	svg_text(&d->svg, "bold", x, TOP - 32, 0, buf_str(&d->line));
	svg_text(&d->svg, "small muted", x, TOP - 16, STAGE_BAR, str_of(stage_name(s)));
	buf_clear(&d->line);
	if (s->deed == RANKED_DEED_SURPLUS)
		buf_add(&d->line, name_of(d, s->who));
	for (size_t i = 0; s->deed == RANKED_DEED_EXCLUDED && i < s->excluded_count; i++) {
		buf_add_c(&d->line, i > 0 ? ", " : "");
		buf_add(&d->line, name_of(d, s->excluded[i]));
	}
	svg_text(&d->svg, "small", x, TOP - 1, STAGE_BAR, buf_str(&d->line));
}

/* One candidate at one stage; upon it, with words, what befell them then. */
static void
draw_votes(struct drawing *d, size_t stage, size_t candidate, int64_t x, int64_t y)
{
	const struct ranked_stage *s = &d->o->stages[stage];
	const struct ranked_fate *fate = &d->o->fates[candidate];
	bool elected = fate->place > 0 && fate->stage > 0 && fate->stage <= stage + 1;
	bool now = fate->stage == stage + 1;

	if (s->votes[candidate] == 0 && !now)
		return;
	buf_clear(&d->line);
	if (s->votes[candidate] > 0)
		add_votes(&d->line, s->votes[candidate], d->o->decimals);
	if (now && (elected || fate->why == RANKED_EXCLUDED_THEN))
		buf_add_format(&d->line, "%s%s", d->line.len > 0 ? " " : "", elected ? "elected" : "out");
	svg_text(&d->svg, elected ? "small bold clear" : "small clear", x, y + 14, 0, buf_str(&d->line));
	svg_rect(&d->svg, elected ? "won" : "votes", x, y + 20, part(d, s->votes[candidate], STAGE_BAR),
	         8);
}

/* Votes that are with nobody any more, and the quota, across all rows. */
static void
draw_stage_foot(struct drawing *d, size_t stage, int64_t x, int64_t y)
{
	const struct ranked_stage *s = &d->o->stages[stage];
	int64_t quota = x + part(d, s->quota, STAGE_BAR);

	buf_clear(&d->line);
	add_votes(&d->line, s->exhausted + s->lost, d->o->decimals);
	svg_text(&d->svg, "small muted", x, y + 14, 0, buf_str(&d->line));
	svg_rect(&d->svg, "had", x, y + 20, part(d, s->exhausted + s->lost, STAGE_BAR), 8);
	svg_line(&d->svg, "mark", quota, TOP + 4, quota, y + STAGE_ROW);
	buf_clear(&d->line);
	buf_add_c(&d->line, "quota ");
	add_votes(&d->line, s->quota, d->o->decimals);
	svg_text(&d->svg, "small", x, y + STAGE_ROW + 18, 0, buf_str(&d->line));
}

static void
draw_stages(struct drawing *d, struct buf *out)
{
	const struct ranked_outcome *o = d->o;
	int64_t foot = TOP + 8 + (int64_t)d->count * STAGE_ROW;

	for (size_t s = 0; s < o->stage_count; s++) {
		const struct ranked_stage *stage = &o->stages[s];

		d->most = stage->quota > d->most ? stage->quota : d->most;
		d->most = stage->exhausted + stage->lost > d->most ? stage->exhausted + stage->lost
		                                                   : d->most;
		for (size_t i = 0; i < o->candidate_count; i++)
			d->most = stage->votes[i] > d->most ? stage->votes[i] : d->most;
	}
	begin(d, out, LEFT + (int64_t)o->stage_count * STAGE + EDGE, foot + STAGE_ROW + 40,
	      "Votes at the end of each stage; the line down is the quota.");
	svg_text(&d->svg, "muted", EDGE + 28, foot + 24, NAME_WIDTH - 28, STR("with nobody any more"));
	for (size_t s = 0; s < o->stage_count; s++) {
		draw_stage_head(d, s, LEFT + (int64_t)s * STAGE);
		draw_stage_foot(d, s, LEFT + (int64_t)s * STAGE, foot);
	}
	for (size_t i = 0; i < d->count; i++) {
		int64_t y = TOP + 8 + (int64_t)i * STAGE_ROW;

		draw_name(d, d->order[i], y + 24);
		for (size_t s = 0; s < o->stage_count; s++)
			draw_votes(d, s, d->order[i], LEFT + (int64_t)s * STAGE, y);
	}
}

/* ---- who beats whom ---- */

static void
draw_cell(struct drawing *d, size_t a, size_t b, int64_t x, int64_t y)
{
	size_t n = d->o->candidate_count;
	int64_t for_it = d->o->preferred[a * n + b], against = d->o->preferred[b * n + a];

	if (a == b)
		return;
	svg_rect(&d->svg, for_it > against ? "won" : "back", x, y, CELL - 2, CELL_ROW - 2);
	buf_clear(&d->line);
	buf_add_int(&d->line, for_it);
	svg_text(&d->svg, for_it > against ? "small bold on mid" : "small mid", x + CELL / 2 - 1, y + 20,
	         0, buf_str(&d->line));
}

static void
draw_matrix(struct drawing *d, struct buf *out)
{
	int64_t n = (int64_t)d->count;

	begin(d, out, LEFT + n * CELL + EDGE, TOP + n * CELL_ROW + EDGE,
	      "How many voters put the one on the left above the one on top; strong: more than the "
	      "other way round.");
	for (int64_t i = 0; i < n; i++) {
		int64_t y = TOP + i * CELL_ROW;

		buf_clear(&d->line);
		buf_add_format(&d->line, "%lld", (long long)i + 1);
		svg_text(&d->svg, "bold mid", LEFT + i * CELL + CELL / 2, TOP - 10, 0, buf_str(&d->line));
		svg_text(&d->svg, "bold", EDGE, y + 20, 0, buf_str(&d->line));
		svg_text(&d->svg, d->o->fates[d->order[i]].place > 0 ? "bold" : "", EDGE + 28, y + 20,
		         NAME_WIDTH - 28, name_of(d, d->order[i]));
		for (int64_t k = 0; k < n; k++)
			draw_cell(d, d->order[i], d->order[k], LEFT + k * CELL, y);
	}
}

/* ---- totals ---- */

static void
add_score(struct drawing *d, const struct ranked_score *s)
{
	buf_clear(&d->line);
	if (d->o->method.rule == RANKED_BORDA)
		buf_add_format(&d->line, "%lld%s points", (long long)(s->total / 2),
		               s->total % 2 != 0 ? ".5" : "");
	else
		buf_add_format(&d->line, "%lld %s", (long long)s->total,
		               d->o->method.rule == RANKED_APPROVAL ? "voters" : "points");
	if (s->finalist)
		buf_add_format(&d->line, ", in the final preferred by %lld", (long long)s->final);
}

static void
draw_scores(struct drawing *d, struct buf *out)
{
	for (size_t i = 0; i < d->count; i++) {
		int64_t total = d->o->scores[d->order[i]].total;

		d->most = total > d->most ? total : d->most;
	}
	begin(d, out, 0, TOP - 40 + (int64_t)d->count * SCORE_ROW + EDGE,
	      d->o->method.rule == RANKED_STAR
	      ? "The two with the most points meet in the final." : "The totals.");
	for (size_t i = 0; i < d->count; i++) {
		const struct ranked_score *s = &d->o->scores[d->order[i]];
		int64_t y = TOP - 40 + (int64_t)i * SCORE_ROW, wide = part(d, s->total, SCORE_BAR);

		draw_name(d, d->order[i], y + 19);
		svg_rect(&d->svg, d->o->fates[d->order[i]].place > 0 ? "won" : "votes", LEFT, y + 5, wide,
		         20);
		add_score(d, s);
		svg_text(&d->svg, "", LEFT + wide + 8, y + 20, 0, buf_str(&d->line));
	}
}

enum status
ranked_picture(const struct ranked_election *e, const struct ranked_outcome *outcome,
               struct arena *arena, struct buf *out, struct decide_error *error)
{
	struct drawing d = { .e = e, .o = outcome, .most = 1 };
	enum status st = find_order(&d, arena);
	size_t across = outcome->stage_count > 0 ? outcome->stage_count
	                : outcome->scores != NULL ? 1 : d.count;

	if (st != OK)
		return st;
	if (outcome->method.rule == RANKED_MAJORITY_JUDGEMENT)
		return decide_fail(error, 0, STR("--svg"),
		                   MSG("Majority judgement is not drawn: no bar shows a median. Ask "
		                       "without --svg."));
	if (d.count * across > RANKED_PICTURE_CELLS_MAX) {
		(void)decide_fail(error, 0, STR("--svg"),
		                  MSG("There are too many candidates for one picture."));
		return TOO_LARGE;
	}
	buf_init(&d.line, WORDS_MAX);
	if (outcome->stage_count > 0)
		draw_stages(&d, out);
	else if (outcome->scores != NULL)
		draw_scores(&d, out);
	else
		draw_matrix(&d, out);
	svg_end(&d.svg);
	st = buf_status(&d.line);
	buf_release(&d.line);
	return st;
}
