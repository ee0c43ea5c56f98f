#include "cli/lots.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "cli/ask.h"
#include "core/decide/lots.h"

const char cli_lots_usage[] =
	"folkmoot lots FILE.csv --winners N [--seed HEX] [--linked one|each] [--json]\n"
	"\n"
	"  FILE.csv       columns id, weight (1 unless there), group (entries that win together)\n"
	"  --winners N    how many places\n"
	"  --seed HEX     up to 64 hexadecimal digits; zeros unless said\n"
	"  --linked one   a group has one ticket; each: every entry of it brings its own\n"
	"\n"
	"The order of the rows does not matter. What the numbers drawn mean: docs/rules/lots.md.\n";

enum { ID_MAX = 1000 };

static bool
set_winners(const char *value, void *request)
{
	struct lots *l = request;
	int64_t n;

	if (str_to_int(str_of(value), &n) != OK || n < 1 || n > LOTS_ENTRIES_MAX)
		return false;
	l->winners = (size_t)n;
	return true;
}

static bool
set_seed(const char *value, void *request)
{
	return ask_seed(value, ((struct lots *)request)->seed);
}

static bool
set_linked(const char *value, void *request)
{
	return lots_linked_parse(str_of(value), &((struct lots *)request)->linked) == OK;
}

static const struct ask_option options[] = { { "--winners", set_winners },
	{ "--seed", set_seed }, { "--linked", set_linked }, { NULL, NULL } };

static enum status
read_entries(const struct csv *csv, struct arena *arena, struct lots *l,
             struct decide_error *error)
{
	struct lots_entry *entries = ARENA_ARRAY(arena, csv->row_count, struct lots_entry);
	size_t id, weight = csv_column(csv, "weight"), group = csv_column(csv, "group");
	enum status st = csv_need(csv, "id", &id, error);

	if (entries == NULL)
		return NO_MEMORY;
	for (size_t row = 0; st == OK && row < csv->row_count; row++) {
		struct lots_entry *e = &entries[row];

		e->weight = 1;
		st = csv_text(csv, row, id, ID_MAX, &e->id, error);
		if (st == OK && weight < csv->column_count)
			st = csv_int(csv, row, weight, 1, LOTS_WEIGHT_MAX, &e->weight, error);
		if (group < csv->column_count)
			e->group = str_trim(csv_cell(csv, row, group));
	}
	l->entries = entries;
	l->entry_count = csv->row_count;
	return st;
}

static json_t *
draw_json(const struct lots *l, const struct lots_draw *d)
{
	json_t *o = json_object();
	char text[24];

	ask_set(o, "id", ask_json_text(l->entries[d->entry].id));
	ask_set(o, "group", ask_json_text(l->entries[d->entry].group));
	ask_set(o, "left", json_integer((json_int_t)d->left));
	/* Rows of tickets may be longer than JSON's numbers. */
	snprintf(text, sizeof text, "%lld", (long long)d->number);
	ask_set(o, "number", json_string(text));
	snprintf(text, sizeof text, "%lld", (long long)d->of);
	ask_set(o, "of", json_string(text));
	ask_set(o, "size", json_integer(d->size));
	ask_set(o, "won", json_boolean(d->won));
	return o;
}

static int
print_json(const struct lots *l, const struct lots_outcome *out, struct str text)
{
	json_t *o = json_object(), *winners = json_array(), *draws = json_array();

	for (size_t i = 0; i < out->winner_count; i++)
		json_array_append_new(winners, ask_json_text(l->entries[out->winners[i]].id));
	for (size_t i = 0; i < out->draw_count; i++)
		json_array_append_new(draws, draw_json(l, &out->draws[i]));
	ask_set(o, "draws", draws);
	ask_set(o, "entries", json_integer((json_int_t)l->entry_count));
	ask_set(o, "input_sha256", json_string(digest_text(digest_of(text)).text));
	ask_set(o, "linked", json_string(lots_linked_name(l->linked)));
	ask_set(o, "places", json_integer((json_int_t)l->winners));
	ask_set(o, "seed", ask_json_seed(l->seed));
	ask_set(o, "winners", winners);
	return ask_print_json("lots", o);
}

static int
print_table(const struct lots *l, const struct lots_outcome *out)
{
	struct buf text;
	size_t next = 0;

	buf_init(&text, (size_t)1 << 30);
	buf_add_format(&text, "%zu entries, %zu places\n\n", l->entry_count, l->winners);
	for (size_t i = 0; i < out->draw_count; i++) {
		const struct lots_draw *d = &out->draws[i];

		buf_add_format(&text, "%4zu. number %lld of %lld: ", i + 1, (long long)d->number,
		               (long long)d->of);
		if (!d->won)
			buf_add_format(&text, "%.*s and %u more, passed over: places left: %zu",
			               STR_ARG(l->entries[d->entry].id), d->size - 1, d->left);
		for (size_t k = 0; d->won && k < d->size; k++)
			buf_add_format(&text, "%s%.*s", k == 0 ? "" : ", ",
			               STR_ARG(l->entries[out->winners[next + k]].id));
		next += d->won ? d->size : 0;
		buf_add_c(&text, d->won && d->size > 1 ? ", together\n" : "\n");
	}
	buf_add_format(&text, "\n%zu winners\n", out->winner_count);
	return ask_print("lots", &text);
}

static int
lots_file(struct lots *l, const char *file, bool json, struct arena *arena)
{
	struct decide_error error = { 0 };
	struct lots_outcome out;
	struct csv csv;
	struct str text;
	enum status st;

	if (!ask_csv("lots", file, arena, &csv, &text))
		return ASK_BAD;
	st = read_entries(&csv, arena, l, &error);
	if (st == OK) {
		st = lots_draw(l, arena, &out, &error);
		if (st == INVALID && error.line > 0)
			error.line = csv.lines[error.line - 1];
	}
	if (st != OK) {
		cli_say_error("lots", file, st, &error);
		return ASK_BAD;
	}
	return json ? print_json(l, &out, text) : print_table(l, &out);
}

int
cli_lots(int argc, char **argv)
{
	struct lots l = { .winners = 0 };
	struct arena arena;
	const char *file;
	bool json;
	int code;

	if (!ask_arguments(argc, argv, options, &l, &file, &json))
		return ASK_BAD;
	if (l.winners == 0) {
		fprintf(stderr, "folkmoot lots: --winners is missing\n");
		return ASK_BAD;
	}
	arena_init(&arena, ASK_MEMORY_MAX);
	code = lots_file(&l, file, json, &arena);
	arena_release(&arena);
	return code;
}
