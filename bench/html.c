/* How long a page takes to write, and how long Markdown takes, new and seen before. */
#include <stdio.h>

#include "base/arena.h"
#include "web/markdown.h"
#include "web/parts.html.h"
#include "web/parts_view.h"

enum { ROUNDS = 20000 };

static double
us_each(struct instant from, int rounds)
{
	return (double)(time_now().us - from.us) / rounds;
}

int
main(void)
{
	static const struct str comment = STR_INIT("Six benches, **four trees**. See https://a.example/x\n\n"
		"- Oak\n- Lime\n\n> My knees say yes.\n\nAnd a longer sentence, as people write them.");
	struct parts_view view = parts_view();
	struct layout_view layout = parts_layout();
	struct buf out;
	struct html h = { &out, { locale_get(STR("en-GB")), STR("GBP"), STR("Europe/London") }, &layout };
	struct arena arena;
	struct instant from;
	int bad = 0;

	buf_init(&out, 1 << 20);
	arena_init(&arena, 1 << 20);
	html_parts(&h, &view);
	from = time_now();
	for (int i = 0; i < ROUNDS; i++) {
		buf_clear(&out);
		html_parts(&h, &view);
	}
	printf("page of %zu bytes: %.1f us\n", out.len, us_each(from, ROUNDS));
	from = time_now();
	for (int i = 0; i < ROUNDS; i++) {
		struct safe_html html;
		struct str text;

		bad += str_format(&arena, &text, "%d %.*s", i, STR_ARG(comment)) != OK ||
		       markdown_render(&arena, text, &html) != OK;
		arena_reset(&arena);
	}
	printf("comment of %zu bytes, new: %.1f us\n", comment.len, us_each(from, ROUNDS));
	from = time_now();
	for (int i = 0; i < ROUNDS; i++) {
		struct safe_html html;

		bad += markdown_render(&arena, comment, &html) != OK;
		arena_reset(&arena);
	}
	printf("comment, seen before: %.2f us\n", us_each(from, ROUNDS));
	arena_release(&arena);
	buf_release(&out);
	return bad > 0;
}
