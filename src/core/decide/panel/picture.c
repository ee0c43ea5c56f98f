#include "core/decide/panel/picture.h"

#include <stdlib.h>

#include "base/svg.h"

/* Places, in pixels. */
enum {
	WIDTH = 960, EDGE = 28,
	CHART_LEFT = 90, CHART = WIDTH - CHART_LEFT - EDGE, CHART_TOP = 156, CHART_HEIGHT = 240,
	CHART_FOOT = CHART_TOP + CHART_HEIGHT,
	QUOTAS_TOP = CHART_FOOT + 96, ROW = 30,
	CATEGORY_WIDTH = 150, VALUE = EDGE + CATEGORY_WIDTH + 10, VALUE_WIDTH = 190,
	BAR_LEFT = VALUE + VALUE_WIDTH + 10, BAR = 330, LINE = 1000
};

struct drawing {
	const struct pool *pool;
	const struct sortition *s;
	struct svg svg;
	struct buf line; /* one piece of text, being made */
};

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* "12.5 %" */
static void
add_percent(struct buf *out, int64_t part, int64_t whole)
{
	int64_t tenths = (int64_t)(((__int128)part * 2000 / whole + 1) / 2);

	buf_add_format(out, "%lld.%lld %%", (long long)(tenths / 10), (long long)(tenths % 10));
}

static void
draw_percent(struct drawing *d, const char *class, int64_t x, int64_t y, const char *what,
             int64_t part, int64_t whole)
{
	buf_clear(&d->line);
	buf_add_c(&d->line, what);
	add_percent(&d->line, part, whole);
	svg_text(&d->svg, class, x, y, 0, buf_str(&d->line));
}

static void
draw_head(struct drawing *d, struct buf *out)
{
	const struct sortition *s = d->s;

	buf_clear(&d->line);
	buf_add_format(&d->line, "%lld seats from %zu people. The smallest chance is ", (long long)s->size,
	               s->people);
	add_percent(&d->line, s->min_chance, s->parts);
	buf_add_c(&d->line, ", the largest ");
	add_percent(&d->line, s->max_chance, s->parts);
	buf_add_format(&d->line, "; all alike would have ");
	add_percent(&d->line, s->size, (int64_t)s->people);
	buf_add_char(&d->line, '.');
	svg_begin(&d->svg, out, STR("en"), STR("A panel drawn by lot"), buf_str(&d->line), WIDTH,
	          QUOTAS_TOP + (int64_t)d->pool->value_count * ROW + EDGE);
	svg_text(&d->svg, "big", EDGE, 44, 0, STR("A panel drawn by lot"));
	svg_text(&d->svg, "", EDGE, 72, 0, buf_str(&d->line));
	buf_clear(&d->line);
	buf_add_format(&d->line, "%s, %zu panels in the lottery", sortition_algorithm_name(s->algorithm),
	               s->panel_count);
	if (s->algorithm == SORTITION_LEGACY)
		buf_add_format(&d->line, ", chances estimated from %lld draws", (long long)s->draws);
	svg_text(&d->svg, "small muted", EDGE, 92, 0, buf_str(&d->line));
}

/* Everybody's chance, the smallest first; neighbours with the same, or upon one pixel, are one piece,
 * as tall as its smallest. sorted: [people] */
static void
draw_chances(struct drawing *d, const int64_t *sorted)
{
	const int64_t people = (int64_t)d->s->people, most = sorted[people - 1] > 0 ? sorted[people - 1] : 1;
	int64_t drawn = 0, first = 0; /* pixels; and who the next piece begins with */

	svg_text(&d->svg, "bold", EDGE, CHART_TOP - 32, 0,
	         STR("Each person's chance, from the smallest to the largest"));
	for (int64_t i = 0; i < people; i++) {
		int64_t to = (i + 1) * CHART / people;
		int64_t tall = (int64_t)((__int128)sorted[first] * CHART_HEIGHT / most);

		if ((i + 1 < people && sorted[i + 1] == sorted[i]) || to == drawn)
			continue;
		svg_rect(&d->svg, "won", CHART_LEFT + drawn, CHART_FOOT - tall, to - drawn, tall);
		drawn = to;
		first = i + 1;
	}
	svg_line(&d->svg, "rule", CHART_LEFT, CHART_FOOT, CHART_LEFT + CHART, CHART_FOOT);
	draw_percent(d, "small muted end", CHART_LEFT - 8, CHART_TOP + 10, "", most, d->s->parts);
	svg_text(&d->svg, "small muted end", CHART_LEFT - 8, CHART_FOOT, 0, STR("0"));
	draw_percent(d, "small", CHART_LEFT, CHART_FOOT + 20, "smallest ", sorted[0], d->s->parts);
	draw_percent(d, "small end", CHART_LEFT + CHART, CHART_FOOT + 20, "largest ", most, d->s->parts);
}

/* What everybody would have if all had the same: never more than the largest chance. */
static void
draw_equal(struct drawing *d, int64_t most)
{
	int64_t up = (int64_t)((__int128)d->s->size * d->s->parts * CHART_HEIGHT /
	                       ((__int128)d->s->people * (most > 0 ? most : 1)));
	int64_t y = CHART_FOOT - (up < CHART_HEIGHT ? up : CHART_HEIGHT);

	svg_line(&d->svg, "mark", CHART_LEFT, y, CHART_LEFT + CHART, y);
	draw_percent(d, "small clear", CHART_LEFT + 6, y - 6, "all alike ", d->s->size,
	             (int64_t)d->s->people);
}

static int64_t
place(const struct drawing *d, int64_t seats)
{
	return (seats < d->s->size ? seats : d->s->size) * BAR / d->s->size;
}

static void
draw_quota(struct drawing *d, size_t number, int64_t seats, int64_t y)
{
	const struct pool_value *v = &d->pool->values[number];
	const struct pool_category *c = &d->pool->categories[v->category];

	if (c->first == number) {
		svg_line(&d->svg, "rule", EDGE, y, WIDTH - EDGE, y);
		svg_text(&d->svg, "bold", EDGE, y + 20, CATEGORY_WIDTH, c->name);
	}
	svg_text(&d->svg, "", VALUE, y + 20, VALUE_WIDTH, v->name);
	svg_rect(&d->svg, "won", BAR_LEFT, y + 9, place(d, seats), 12);
	svg_line(&d->svg, "mark", BAR_LEFT + place(d, v->min), y + 5, BAR_LEFT + place(d, v->min), y + 25);
	svg_line(&d->svg, "mark", BAR_LEFT + place(d, v->max), y + 5, BAR_LEFT + place(d, v->max), y + 25);
	buf_clear(&d->line);
	buf_add_format(&d->line, "%lld (%lld to %lld), %u in the pool", (long long)seats,
	               (long long)v->min, (long long)v->max, v->people);
	svg_text(&d->svg, "small end", WIDTH - EDGE, y + 20, 0, buf_str(&d->line));
}

static void
draw_quotas(struct drawing *d, const uint32_t *panel)
{
	svg_text(&d->svg, "bold", EDGE, QUOTAS_TOP - 32, 0, STR("The panel against its quotas"));
	svg_text(&d->svg, "small muted", EDGE, QUOTAS_TOP - 12, 0,
	         STR("The bar: members of the panel. The two lines: the fewest and the most there may be."));
	for (size_t v = 0; v < d->pool->value_count; v++) {
		int64_t seats = 0;

		for (int64_t i = 0; i < d->s->size; i++)
			seats += pool_feature(d->pool, panel[i], d->pool->values[v].category) == v;
		draw_quota(d, v, seats, QUOTAS_TOP + (int64_t)v * ROW);
	}
}

enum status
sortition_picture(const struct pool *pool, const struct sortition *sortition, const uint32_t *panel,
                  struct arena *arena, struct buf *out)
{
	struct drawing d = { .pool = pool, .s = sortition };
	int64_t *sorted = ARENA_ARRAY(arena, sortition->people, int64_t);
	enum status st;

	if (sorted == NULL)
		return NO_MEMORY;
	for (size_t i = 0; i < sortition->people; i++)
		sorted[i] = sortition->chance[i];
	qsort(sorted, sortition->people, sizeof *sorted, by_size);
	buf_init(&d.line, LINE);
	draw_head(&d, out);
	draw_chances(&d, sorted);
	draw_equal(&d, sorted[sortition->people - 1]);
	draw_quotas(&d, panel);
	svg_end(&d.svg);
	st = buf_status(&d.line);
	buf_release(&d.line);
	return st;
}
